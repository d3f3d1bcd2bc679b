"""Both versions of the standard as they read events and refusals, and as they write actions."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from bot.channels.onebot import v11
from bot.channels.onebot.dialect import Action, Dialect, Event, Heard, Original, Recalled
from bot.channels.onebot.segments import Malformed, Segment
from bot.channels.onebot.v11 import V11
from bot.channels.onebot.v12 import V12
from bot.errors import NotConfigured, Rejected, TryLater

HELLO = (Segment("text", {"text": "灯坏了"}),)
TEXT = [{"type": "text", "data": {"text": "灯坏了"}}]
ME = {"user_id": "bot"}


def said11(**changes: Any) -> dict[str, Any]:
    event = {
        "post_type": "message", "message_type": "group", "self_id": 1, "user_id": 7,
        "group_id": 55, "message_id": 9, "message": "灯坏了", "sender": {"nickname": "小王"},
    }  # fmt: skip
    return {**event, **changes}


def said12(**changes: Any) -> dict[str, Any]:
    event = {
        "type": "message", "detail_type": "group", "self": ME, "user_id": "u7",
        "group_id": "g5", "message_id": "m9", "message": TEXT,
    }  # fmt: skip
    return {**event, **changes}


def back11(**changes: Any) -> dict[str, Any]:
    event = {
        "post_type": "notice", "notice_type": "group_recall", "self_id": 1, "user_id": 7,
        "operator_id": 7, "group_id": 55, "message_id": 9,
    }  # fmt: skip
    return {**event, **changes}


def back12(**changes: Any) -> dict[str, Any]:
    event = {
        "type": "notice", "detail_type": "group_message_delete", "self": ME, "user_id": "u7",
        "operator_id": "u7", "group_id": "g5", "message_id": "m9",
    }  # fmt: skip
    return {**event, **changes}


EVENTS: list[tuple[type[Dialect], dict[str, Any], Event | None]] = [
    (V11, said11(), Heard("1", "9", "55", "7", "小王", HELLO)),
    (V11, said11(message=TEXT), Heard("1", "9", "55", "7", "小王", HELLO)),
    (V11, said11(message_type="private"), Heard("1", "9", "", "7", "小王", HELLO)),
    (V11, said11(sender={"card": "3-501", "nickname": "小王"}),
     Heard("1", "9", "55", "7", "3-501", HELLO)),
    (V11, said11(sender={"card": "", "nickname": 5}), Heard("1", "9", "55", "7", "", HELLO)),
    (V11, said11(sender={"card": "长" * 70}), Heard("1", "9", "55", "7", "长" * 64, HELLO)),
    (V11, said11(sender=None), Heard("1", "9", "55", "7", "", HELLO)),
    (V11, said11(notice_type="group_recall"), Heard("1", "9", "55", "7", "小王", HELLO)),
    (V11, said11(user_id=1), None),
    (V11, said11(user_id="1"), None),
    (V11, said11(anonymous={"id": 1}), None),
    (V11, {"post_type": "meta_event"}, None),
    (V11, {"post_type": "notice", "notice_type": "group_increase"}, None),
    (V11, back11(), Recalled("1", "9", "55", "7", True)),
    (V11, back11(operator_id=3), Recalled("1", "9", "55", "7", False)),
    (V11, back11(operator_id=None), Recalled("1", "9", "55", "7", False)),
    (V11, back11(notice_type="friend_recall", operator_id=None), Recalled("1", "9", "", "7", True)),
    (V11, back11(user_id=1), None),
    (V12, said12(), Heard("bot", "m9", "g5", "u7", "", HELLO)),
    (V12, said12(detail_type="private"), Heard("bot", "m9", "", "u7", "", HELLO)),
    (V12, said12(detail_type="channel"), None),
    (V12, said12(user_id="bot"), None),
    (V12, {"type": "meta"}, None),
    (V12, {"type": "request"}, None),
    (V12, said12(type="notice"), None),
    (V12, back12(), Recalled("bot", "m9", "g5", "u7", True)),
    (V12, back12(operator_id="u3"), Recalled("bot", "m9", "g5", "u7", False)),
    (V12, back12(detail_type="private_message_delete", operator_id="u3"),
     Recalled("bot", "m9", "", "u7", True)),
    (V12, back12(type="message"), None),
    (V12, back12(user_id="bot"), None),
]  # fmt: skip

MALFORMED: list[tuple[type[Dialect], Any]] = [
    (V11, None), (V11, []), (V11, {}), (V11, {"post_type": 1}), (V12, "x"), (V12, {}),
    (V11, said11(message_type="guild")), (V11, said11(message_type=None)),
    (V11, said11(self_id=None)), (V11, said11(user_id=None)), (V11, said11(message_id=None)),
    (V11, said11(group_id=None)), (V11, said11(message=None)), (V11, back11(self_id=None)),
    (V11, back11(user_id=None)), (V11, back11(message_id="")), (V11, back11(group_id=None)),
    (V12, {"type": 1}), (V12, said12(detail_type=None)), (V12, said12(self=None)),
    (V12, said12(self={})), (V12, said12(user_id=None)), (V12, said12(message_id=None)),
    (V12, said12(group_id=None)), (V12, said12(message=7)), (V12, back12(self={})),
    (V12, back12(group_id=None)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "event", "wanted"), EVENTS)
def test_an_event_is_read(kind: type[Dialect], event: Any, wanted: Event | None) -> None:
    assert kind().read(event) == wanted


@pytest.mark.parametrize(("kind", "event"), MALFORMED)
def test_what_the_standard_does_not_know_is_refused(kind: type[Dialect], event: Any) -> None:
    with pytest.raises(Malformed):
        kind().read(event)


def test_each_version_knows_its_number_and_how_to_ask_who_it_is() -> None:
    assert [(made.version, made.who) for made in (V11(), V12())] == [
        (11, "get_login_info"), (12, "get_self_info"),
    ]  # fmt: skip


def test_a_heard_message_is_logged_without_its_words() -> None:
    assert repr(Heard("1", "9", "55", "7", "小王", HELLO)) == "Heard(9)"


ANSWERS: list[tuple[type[Dialect], dict[str, Any], type[Exception] | None, str]] = [
    (V11, {"status": "ok", "retcode": 0}, None, ""),
    (V11, {"status": "async", "retcode": 1}, None, ""),
    (V11, {"status": "failed", "retcode": 0}, Rejected, "see the bridge's log (retcode 0)"),
    (V11, {"status": "ok", "retcode": 2}, Rejected, "see the bridge's log (retcode 2)"),
    (V11, {"retcode": 1400}, Rejected, "send refused: bad request (retcode 1400)"),
    (V11, {"retcode": 1404}, Rejected, "the bridge knows no such action (retcode 1404)"),
    (V11, {"retcode": 1401}, NotConfigured, "channels.onebot.token is refused"),
    (V11, {"retcode": 1403}, NotConfigured, "(send, 1403)"),
    (V11, {"retcode": "x"}, Rejected, "no retcode"),
    (V11, {}, Rejected, "no retcode"),
    (V12, {"status": "ok", "retcode": 0}, None, ""),
    (V12, {"status": "failed", "retcode": 0}, Rejected, "send refused"),
    (V12, {"status": "ok", "retcode": 1}, Rejected, "send refused"),
    (V12, {"retcode": None}, Rejected, "the answer has no retcode"),
    (V12, {"retcode": 10101}, NotConfigured, "no such bot account (retcode 10101)"),
    (V12, {"retcode": 10102}, NotConfigured, "no such bot account"),
    (V12, {"retcode": 10002}, Rejected, "not supported"),
    (V12, {"retcode": 10005}, Rejected, "not supported"),
    (V12, {"retcode": 36000}, TryLater, "asks to wait"),
    (V12, {"retcode": 36999}, TryLater, "asks to wait"),
    (V12, {"retcode": 37000}, Rejected, "see the bridge's log"),
    (V12, {"retcode": 35999}, Rejected, "see the bridge's log"),
]


@pytest.mark.parametrize(("kind", "answer", "error", "why"), ANSWERS)
def test_a_refusal_says_what_to_do(
    kind: type[Dialect], answer: dict[str, Any], error: type[Exception] | None, why: str
) -> None:
    found = kind().error("send", answer)
    assert (type(found) if found else None) is error
    assert why in str(found or "")


def test_a_tired_platform_is_given_a_minute() -> None:
    found = V12().error("send", {"retcode": 36001})
    assert isinstance(found, TryLater)
    assert found.after_s == 60


POSTS = [
    (V11(), "55", True, Action("send_group_msg", {"group_id": 55, "message": TEXT})),
    (V11(), "7", False, Action("send_private_msg", {"user_id": 7, "message": TEXT})),
    (V12(), "g5", True,
     Action("send_message", {"detail_type": "group", "group_id": "g5", "message": TEXT})),
    (V12(), "u7", False,
     Action("send_message", {"detail_type": "private", "user_id": "u7", "message": TEXT})),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "place", "group", "action"), POSTS)
def test_a_post_is_written(dialect: Dialect, place: str, group: bool, action: Action) -> None:
    assert dialect.post(place, group, HELLO) == action


@pytest.mark.parametrize(
    ("text", "wire"),
    [("55", 55), ("0", 0), ("0055", "0055"), ("-5", "-5"), ("5x", "5x"), ("５", "５"), ("²", "²")],
)
def test_an_id_not_seen_yet_goes_out_as_the_standard_has_it(text: str, wire: str | int) -> None:
    assert V11().wire(text) == wire


def test_an_id_goes_back_as_it_came_as_long_as_it_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(v11, "KEPT", 3)
    dialect = V11()
    for user in ("71", "72"):
        dialect.read(said11(user_id=user, group_id="55", message_type="private", message_id=user))
    assert [dialect.wire(user) for user in ("71", "72", "73")] == ["71", "72", 73]
    dialect.read(said11(user_id="73", message_type="private", message_id="74"))
    assert [dialect.wire(user) for user in ("71", "72", "73")] == [71, "72", "73"]
    dialect.read(said11(user_id="72", message_type="private", message_id="75"))
    assert dialect.wire("72") == "72"


def test_pictures_go_inline_or_by_upload() -> None:
    data = b"\xff\xd8picture"
    coded = base64.b64encode(data).decode()
    assert V11().hand_over(data, "jpg") is None
    assert V11().picture(data, None) == Segment("image", {"file": f"base64://{coded}"})
    assert V12().hand_over(data, "jpg") == Action(
        "upload_file", {"type": "data", "name": "picture.jpg", "data": coded}
    )
    assert V12().picture(data, {"file_id": "f1"}) == Segment("image", {"file_id": "f1"})


@pytest.mark.parametrize("uploaded", [None, [], {}, {"file_id": ""}, {"file_id": None}])
def test_an_upload_without_an_id_is_refused(uploaded: Any) -> None:
    with pytest.raises(Malformed):
        V12().picture(b"", uploaded)


def test_only_the_older_version_is_asked_for_a_quoted_message() -> None:
    assert V11().ask_original("9") == Action("get_msg", {"message_id": 9})
    assert V12().ask_original("m9") is None
    said = {"sender": {"user_id": 7}, "message": "灯坏了"}
    assert V11().read_original(said) == Original("7", HELLO)
    with pytest.raises(Malformed):
        V12().read_original(said)


@pytest.mark.parametrize(
    "data", [None, {}, {"sender": 7}, {"sender": {}}, {"sender": {"user_id": 7}}]
)
def test_an_original_without_its_sender_or_words_is_refused(data: Any) -> None:
    with pytest.raises(Malformed):
        V11().read_original(data)


@pytest.mark.parametrize(
    ("dialect", "quoted", "mention", "user"),
    [(V11(), "id", "at", "qq"), (V12(), "message_id", "mention", "user_id")],
)
def test_what_stands_before_a_text(dialect: Dialect, quoted: str, mention: str, user: str) -> None:
    spelling = dialect.spelling
    assert spelling.segments("好") == [Segment("text", {"text": "好"})]
    assert spelling.segments("好", "m1", ("u1", "u2")) == [
        Segment("reply", {quoted: "m1"}),
        Segment(mention, {user: "u1"}), Segment("text", {"text": " "}),
        Segment(mention, {user: "u2"}), Segment("text", {"text": " "}),
        Segment("text", {"text": "好"}),
    ]  # fmt: skip
