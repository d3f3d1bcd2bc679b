"""What the two WeChat channels read, item by item, and what refusals of 公众号 mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.wechat import kf, mp
from bot.channels.wechat.stable import CLOSED, CODES, STALE, Closed
from bot.channels.wecom.received import Kind, Malformed, Picture, Received
from bot.channels.wecom.xmlbody import parse
from bot.errors import NotConfigured, Rejected, TryLater

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KF = "wkOne"

# ── 公众号


def xml(**tags: str) -> bytes:
    body = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in tags.items())
    return f"<xml>{body}</xml>".encode()


def said(kind: str = "text", **tags: str) -> Received:
    return mp.read(parse(xml(**{"FromUserName": "o1", "MsgId": "7", "MsgType": kind, **tags})))


@pytest.mark.parametrize(
    ("kind", "tags", "words"),
    [
        ("text", {"Content": "灯坏了"}, "灯坏了"), ("text", {}, ""),
        ("voice", {"Recognition": "灯坏了"}, "灯坏了"), ("voice", {"Recognition": ""}, "［语音］"),
        ("video", {}, "［视频］"), ("shortvideo", {}, "［视频］"), ("file", {}, "［文件］"),
        ("location", {"Label": "示范路7号"}, "位置：示范路7号"),
        ("link", {"Title": "通知"}, "通知"),
        ("image", {"MediaId": "m"}, ""), ("unknown", {"Content": "x"}, ""),
    ],
)  # fmt: skip
def test_every_kind_has_its_words(kind: str, tags: dict[str, str], words: str) -> None:
    got = said(kind, **tags)
    assert (got.kind, got.text, got.platform_id, got.sender) == (Kind.MESSAGE, words, "7", "o1")
    assert got.pictures == ((Picture(media_id="m"),) if kind == "image" else ())
    assert got.chat == ""


@pytest.mark.parametrize(
    ("event", "kind"),
    [("subscribe", Kind.ENTER), ("SUBSCRIBE", Kind.ENTER), ("unsubscribe", Kind.OTHER),
     ("CLICK", Kind.OTHER), ("", Kind.OTHER)],
)  # fmt: skip
def test_who_follows_enters_and_other_events_are_nothing(event: str, kind: Kind) -> None:
    assert said("event", Event=event) == Received(kind, sender="o1")


@pytest.mark.parametrize(
    "tags",
    [
        {"FromUserName": ""}, {"FromUserName": "o" * 257}, {"MsgType": ""}, {"MsgId": ""},
        {"MsgId": "seven"}, {"MsgId": "7" * 257}, {"MsgId": "-7"},
    ],
)  # fmt: skip
def test_what_names_nobody_or_nothing_is_refused(tags: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        said(**tags)


# ── 微信客服


def item(kind: str = "text", **more: Any) -> dict[str, Any]:
    return {
        "origin": 3, "open_kfid": KF, "external_userid": "wm1", "msgid": "m1", "msgtype": kind,
        **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "body", "words", "pictures"),
    [
        ("text", {"content": "灯坏了"}, "灯坏了", ()), ("text", {}, "", ()), ("text", "x", "", ()),
        ("voice", {"media_id": "v"}, "［语音］", ()), ("video", {"media_id": "v"}, "［视频］", ()),
        ("file", {}, "［文件］", ()), ("link", {"title": "通知"}, "通知", ()),
        ("location", {"name": "小区", "address": "7号"}, "位置：小区 7号", ()),
        ("location", {"name": "小区"}, "位置：小区", ()),
        ("image", {"media_id": "p"}, "", (Picture(media_id="p"),)), ("image", {}, "", ()),
        ("miniprogram", {"title": "x"}, "", ()),
    ],
)  # fmt: skip
def test_every_item_has_its_words(
    kind: str, body: Any, words: str, pictures: tuple[Picture, ...]
) -> None:
    got = kf.read(item(kind, **{kind: body}), KF)
    assert got == Received(Kind.MESSAGE, "m1", "wm1", text=words, pictures=pictures)


@pytest.mark.parametrize("more", [{"origin": 4}, {"origin": 5}, {"open_kfid": "wkTwo"}])
def test_what_no_customer_said_to_us_is_nothing(more: dict[str, Any]) -> None:
    assert kf.read(item(**more), KF) == Received(Kind.OTHER)


@pytest.mark.parametrize("field", ["external_userid", "msgid", "msgtype"])
@pytest.mark.parametrize("value", [None, 7, "", "x" * 257])
def test_a_field_that_is_no_id_is_refused(field: str, value: Any) -> None:
    with pytest.raises(Malformed):
        kf.read({**item(), field: value}, KF)


@pytest.mark.parametrize("wrong", [None, [], "x"])
def test_what_is_no_item_is_refused(wrong: Any) -> None:
    with pytest.raises(Malformed):
        kf.read(wrong, KF)


ENTERED = {"origin": 4, "event": {"welcome_code": "W"}, "send_time": int(NOW.timestamp())}


@pytest.mark.parametrize(
    ("more", "after_s", "code"),
    [
        ({}, 0, "W"), ({}, 20, "W"), ({}, 21, ""), ({"origin": 3}, 0, ""), ({"event": None}, 0, ""),
        ({"event": {}}, 0, ""), ({"event": {"welcome_code": None}}, 0, ""),
        ({"send_time": None}, 0, ""), ({"send_time": "0"}, 0, ""),
    ],
)  # fmt: skip
def test_who_has_just_opened_it_may_be_greeted(
    more: dict[str, Any], after_s: int, code: str
) -> None:
    assert kf.welcome_code({**ENTERED, **more}, NOW + timedelta(seconds=after_s)) == code
    assert kf.welcome_code("no item", NOW) == ""


@pytest.mark.parametrize(
    ("tags", "token"),
    [
        ({"Event": kf.NUDGE, "OpenKfId": KF, "Token": "t"}, "t"),
        ({"Event": kf.NUDGE, "OpenKfId": KF}, ""),
        ({"Event": kf.NUDGE, "OpenKfId": "wkTwo", "Token": "t"}, None),
        ({"Event": "subscribe", "OpenKfId": KF, "Token": "t"}, None),
    ],
)
def test_a_nudge_is_for_one_account(tags: dict[str, str], token: str | None) -> None:
    assert kf.nudge_of(parse(xml(**tags)), KF) == token


# ── what refusals of 公众号 mean


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        (-1, TryLater, "asks to wait"), (45009, TryLater, "asks to wait"),
        (45011, TryLater, "asks to wait"), (40001, NotConfigured, "AppSecret"),
        (40013, NotConfigured, "AppID"), (40014, NotConfigured, "refused twice"),
        (40125, NotConfigured, "AppSecret"), (40164, NotConfigured, "IP白名单"),
        (42001, NotConfigured, "refused twice"), (40037, NotConfigured, "template_id"),
        (48001, NotConfigured, "verified"), (50002, NotConfigured, "restricted"),
        (45015, Closed, "48 hours"), (45047, Closed, "five messages"),
        (40003, Rejected, "no such openid"), (40007, Rejected, "unknown media_id"),
        (44004, Rejected, "empty"), (45002, Rejected, "too long"), (43004, Rejected, "left"),
        (99999, Rejected, "list of error codes"),
    ],
)  # fmt: skip
def test_what_a_code_of_the_account_means(code: int, error: type[Exception], words: str) -> None:
    found = CODES.error(code, "channels.wechat_mp", "custom/send")
    assert type(found) is error
    assert words in str(found)
    assert str(found).endswith(f"(errcode {code})")
    assert ("channels.wechat_mp" in str(found)) is (error is NotConfigured)
    assert (code in CODES) is (code != 99999)


def test_how_long_the_account_has_to_wait() -> None:
    found = [CODES.error(code, "s", "c") for code in (-1, 45009, 45011)]
    assert [one.after_s for one in found if isinstance(one, TryLater)] == [2, 3600, 60]
    assert {45015, 45047} == CLOSED
    assert all(isinstance(CODES.error(code, "s", "c"), NotConfigured) for code in STALE)
