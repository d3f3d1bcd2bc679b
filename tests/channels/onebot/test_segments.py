"""CQ strings, segment arrays, ids and what is gathered from them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.onebot.segments import (
    MAX_SEGMENTS,
    Malformed,
    Segment,
    gather,
    identity,
    parse_cq,
    read_message,
    unescape,
)
from tests.fakes.cq import to_cq

NAMES = ("小格",)
CQ = [
    ("灯坏了", [("text", {"text": "灯坏了"})]),
    ("[CQ:at,qq=10001] 接龙 2份", [("at", {"qq": "10001"}), ("text", {"text": " 接龙 2份"})]),
    ("看[CQ:image,file=a.jpg,url=http://x/?a=1&amp;b=2]", [
        ("text", {"text": "看"}), ("image", {"file": "a.jpg", "url": "http://x/?a=1&b=2"}),
    ]),
    ("&#91;CQ:at,qq=1&#93;", [("text", {"text": "[CQ:at,qq=1]"})]),
    ("[CQ:share,title=a&#44;b]", [("share", {"title": "a,b"})]),
    ("&amp;#91;", [("text", {"text": "&#91;"})]),
    ("[CQ:face", [("text", {"text": "[CQ:face"})]),
    ("[1][CQ:,x]", [("text", {"text": "[1][CQ:,x]"})]),
    ("[CQ:shake]", [("shake", {})]),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CQ)
def test_a_cq_string_is_read(text: str, wanted: list[Any]) -> None:
    assert [(one.kind, dict(one.data)) for one in parse_cq(text)] == wanted


texts = st.text(min_size=1, max_size=20)
data = st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), texts, max_size=3)
pieces = st.one_of(
    st.builds(lambda t: Segment("text", {"text": t}), texts),
    st.builds(Segment, st.sampled_from(["at", "image", "reply", "face"]), data),
)


@given(st.lists(pieces, max_size=6))
def test_what_is_written_as_cq_is_read_back(segments: list[Segment]) -> None:
    """Neighbouring texts come back as one."""
    joined: list[Segment] = []
    for one in segments:
        if one.kind == "text" and joined and joined[-1].kind == "text":
            joined[-1] = Segment("text", {"text": joined[-1].data["text"] + one.data["text"]})
        else:
            joined.append(one)
    written = to_cq([{"type": one.kind, "data": dict(one.data)} for one in segments])
    assert parse_cq(written) == joined


@given(st.text(max_size=200))
def test_any_string_is_some_message(text: str) -> None:
    segments = parse_cq(text)
    if "[CQ:" not in text:
        assert "".join(one.data["text"] for one in segments) == unescape(text)


BAD: list[Any] = [
    None,
    3,
    [3],
    [{"type": 1}],
    [{"data": {}}],
    [{"type": "at", "data": [1]}],
    [[]] * 501,
]


@pytest.mark.parametrize("message", BAD)
def test_what_is_no_message_is_refused(message: Any) -> None:
    with pytest.raises(Malformed):
        read_message(message)


def test_a_single_segment_is_a_message_and_numbers_become_text() -> None:
    (one,) = read_message({"type": "at", "data": {"qq": 77, "x": None}})
    assert one == Segment("at", {"qq": "77"})


IDS = [(88, "88"), ("88", "88"), ("0088", "0088"), ("123@chatroom", "123@chatroom"), (-5, "-5")]


@pytest.mark.parametrize(("value", "wanted"), IDS)
def test_ids_stay_text(value: Any, wanted: str) -> None:
    assert identity(value) == wanted


@pytest.mark.parametrize("value", [None, True, 1.5, "", "a\0b", "x" * 257, "\ud800", 1 << 70, [1]])
def test_what_is_no_id_is_refused(value: Any) -> None:
    with pytest.raises(Malformed):
        identity(value)


GATHERED = [
    ("[CQ:at,qq=10001] 灯坏了", "灯坏了", True),
    ("[CQ:at,qq=10001]灯[CQ:face,id=1]坏了", "灯坏了", True),
    ("@小格\u2005灯坏了", "灯坏了", True),
    ("灯坏了 @小格", "灯坏了", True),
    ("[CQ:at,qq=77,name=@阿姨] 灯坏了", "@阿姨  灯坏了", False),
    ("[CQ:at,qq=77]灯坏了", "灯坏了", False),
    ("[CQ:at,qq=all] 停水了", "停水了", False),
    ("[CQ:record,file=a.amr]", "［语音］", False),
    ("小格灯坏了", "小格灯坏了", False),
    ("灯\0坏了", "灯坏了", False),
]


@pytest.mark.parametrize(("text", "wanted", "to_me"), GATHERED)
def test_words_are_gathered(text: str, wanted: str, to_me: bool) -> None:
    words = gather(parse_cq(text), "10001", NAMES)
    assert (words.text, words.to_me) == (wanted, to_me)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("record", "［语音］"), ("voice", "［语音］"), ("audio", "［语音］"), ("video", "［视频］"),
        ("file", "［文件］"), ("location", "［位置］"), ("face", ""), ("json", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_shown_as_what_it_is(kind: str, shown: str) -> None:
    said = [Segment(kind, {"file": "a"}), Segment("text", {"text": "听一下"}), Segment("text", {})]
    assert gather(said, "10001", NAMES).text == f"{shown}听一下"


@pytest.mark.parametrize(
    ("data", "reply", "sender"),
    [
        ({"id": "5"}, "5", ""), ({"message_id": "m5", "user_id": "u"}, "m5", "u"),
        ({"id": "", "message_id": "m5"}, "m5", ""), ({}, "", ""),
    ],
)  # fmt: skip
def test_the_quoted_message_is_named(data: dict[str, str], reply: str, sender: str) -> None:
    words = gather([Segment("reply", data)], "10001", NAMES)
    assert (words.text, words.to_me, words.reply, words.reply_to) == ("", False, reply, sender)


@pytest.mark.parametrize("me", ["", "77"])
def test_only_the_bot_itself_is_mentioned_by_its_id(me: str) -> None:
    for data in ({"qq": "88"}, {"user_id": "88"}, {}):
        assert not gather([Segment("at", data)], me or "99", NAMES).to_me
    for data in ({"qq": "77"}, {"user_id": "77"}):
        assert gather([Segment("mention", data)], "77", NAMES).to_me


def test_a_message_has_no_more_than_so_many_segments() -> None:
    at = {"type": "face", "data": {}}
    assert len(read_message([at] * MAX_SEGMENTS)) == MAX_SEGMENTS
    assert len(parse_cq("[CQ:face]" * MAX_SEGMENTS)) == MAX_SEGMENTS
    for many in ([at] * (MAX_SEGMENTS + 1), "[CQ:face]" * (MAX_SEGMENTS + 1)):
        with pytest.raises(Malformed):
            read_message(many)


@pytest.mark.parametrize("value", [(1 << 64) - 1, -(1 << 63), "x" * 256])
def test_the_longest_ids_are_ids(value: Any) -> None:
    assert identity(value) == str(value)


def test_quote_and_pictures_are_gathered() -> None:
    message = [
        {"type": "reply", "data": {"message_id": "m1", "user_id": "u2"}},
        {"type": "mention", "data": {"user_id": "wxid_bot"}},
        {"type": "text", "data": {"text": " 登记"}},
        {"type": "image", "data": {"file_id": "f1"}},
    ]
    words = gather(read_message(message), "wxid_bot", NAMES)
    assert (words.text, words.to_me, words.reply, words.reply_to) == ("登记", True, "m1", "u2")
    assert [dict(one) for one in words.pictures] == [{"file_id": "f1"}]
