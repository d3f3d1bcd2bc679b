"""Every error code that we know: who has to do what, in words that name the setting."""

from __future__ import annotations

import re

import pytest

from bot.channels.wecom.errcodes import (
    _REFUSED,
    _SETTINGS,
    _WAIT_S,
    BAD_TOKEN,
    EXISTS,
    WECOM,
    Exists,
    check,
    code_of,
)
from bot.errors import NotConfigured, Rejected, TryLater

SECTION = "channels.wecom_app"
WAITS = {-1: 2, 6000: 1, 45009: 60, 45033: 5, 846607: 30, 846609: 2}
NAMED = {
    "secret": (40001, 40014, 41001, 42001, 301002, 853000), "corp_id": (40013, 41001),
    "agent_id": (40056, 301002), "bot_id": (853000,), "robots": (93000, 93004, 93008),
    "应用管理 → 接口权限": (48002,), "可见范围": (60011,), "企业可信IP": (60020,),
    "created by the app": (86008,),
}  # fmt: skip


@pytest.mark.parametrize(("code", "seconds"), WAITS.items())
def test_some_codes_ask_to_wait(code: int, seconds: float) -> None:
    error = WECOM.error(code, SECTION, "message/send")
    assert isinstance(error, TryLater)
    assert error.after_s == seconds
    assert str(error) == f"message/send asks to wait (errcode {code})"


@pytest.mark.parametrize(("word", "codes"), NAMED.items())
def test_some_codes_name_the_setting_to_change(word: str, codes: tuple[int, ...]) -> None:
    for code in codes:
        error = WECOM.error(code, SECTION, "message/send")
        assert isinstance(error, NotConfigured), code
        assert word in str(error), code
        assert str(error).endswith(f"(errcode {code})")
        assert SECTION in str(error)
        assert "{" not in str(error)


def test_every_code_is_in_one_table_and_proved_here() -> None:
    assert _WAIT_S.keys() == WAITS.keys()
    assert _SETTINGS.keys() == {code for codes in NAMED.values() for code in codes}
    assert not _SETTINGS.keys() & _REFUSED.keys()
    assert _SETTINGS.keys() >= BAD_TOKEN
    assert all(code in WECOM for code in (*WAITS, *_SETTINGS, *_REFUSED, EXISTS))
    assert 0 not in WECOM


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (40003, "no such user id"), (60111, "no such user id"), (40050, "no such group"),
        (45002, "too long"), (44004, "empty"), (81013, "no valid receiver"), (40008, "not allowed"),
        (846606, "answered already"), (12345, "list of error codes"),
    ],
)  # fmt: skip
def test_other_codes_are_refusals(code: int, why: str) -> None:
    error = WECOM.error(code, SECTION, "message/send")
    assert type(error) is Rejected
    assert re.fullmatch(rf"message/send refused: .*{why}.* \(errcode {code}\)", str(error))


def test_a_group_that_exists_already_is_a_refusal_of_its_own() -> None:
    assert isinstance(WECOM.error(EXISTS, SECTION, "appchat/create"), Exists)


@pytest.mark.parametrize(
    ("answer", "code"),
    [({}, 0), ({"errcode": 0}, 0), ({"errcode": 40003}, 40003), ({"errcode": "0"}, -1),
     ({"errcode": None}, -1)],
)  # fmt: skip
def test_the_code_of_an_answer(answer: dict[str, object], code: int) -> None:
    assert code_of(answer) == code


def test_an_answer_without_an_error_is_itself() -> None:
    for answer in ({"errcode": 0, "msgid": "m"}, {"data": b"x"}):
        assert check(answer, SECTION, "x") is answer
    with pytest.raises(Rejected, match="no such user id"):
        check({"errcode": 40003}, SECTION, "x")
    with pytest.raises(TryLater):
        check({"errcode": "what"}, SECTION, "x")
