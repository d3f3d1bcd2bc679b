"""Cards as they are built from a post: title, words, buttons, and what is left after the click."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.wecom import cards
from bot.channels.wecom.cards import (
    PREFIX,
    TITLE,
    WORDS,
    Titles,
    command_of,
    decided,
    decision,
    fits,
)

OFFER = "【待确认】#9 楼道灯｜3幢\n楼道灯坏了\n属实请回复：确认 9"


def buttons(card: dict[str, Any]) -> list[tuple[str, int, str]]:
    return [(one["text"], one["style"], one["key"]) for one in card["button_list"]]


def test_a_card_shows_the_post_without_the_line_that_says_what_to_reply() -> None:
    card = decision(OFFER, "9", "t1", "小格")
    assert card["card_type"] == "button_interaction"
    assert card["source"] == {"desc": "小格"}
    assert card["task_id"] == "t1"
    assert card["main_title"] == {"title": "【待确认】#9 楼道灯｜3幢"}
    assert card["sub_title_text"] == "楼道灯坏了"
    assert buttons(card) == [
        ("确认", 1, "cmd:确认 9"), ("驳回", 3, "cmd:驳回 9"),
        ("改类", 2, "cmd:改类 9"), ("办结", 2, "cmd:办结 9"),
    ]  # fmt: skip


@pytest.mark.parametrize("mark", "｜，。")
def test_a_long_title_is_its_first_clause_and_stays_in_the_words(mark: str) -> None:
    line = f"#9 楼道灯{mark}{'很' * TITLE}"
    card = decision(f"{line}\n确实坏了\n回复：确认 9", "9", "t1", "小格")
    assert card["main_title"] == {"title": "#9 楼道灯"}
    assert card["sub_title_text"] == f"{line}\n确实坏了"


@pytest.mark.parametrize(("size", "whole"), [(TITLE, True), (TITLE + 1, False)])
def test_a_title_up_to_its_limit_is_not_repeated(size: int, whole: bool) -> None:
    card = decision(f"{'长' * size}\n话\n回复：确认 9", "9", "t1", "小格")
    assert (card["sub_title_text"] == "话") is whole
    assert len(card["main_title"]["title"]) <= TITLE


def test_a_post_of_nothing_but_the_offer_is_shown_whole() -> None:
    card = decision("回复 确认 9", "9", "t1", "小格")
    assert card["main_title"] == {"title": "回复 确认 9"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("属实请回复：确认 9", "9"), ("回 确认 12", "12"), ("回复已发 3", "3"),
        ("回复: 已发 3", "3"),
        ("回复 确认 9\n再说一次：回复 确认 9", "9"), ("回复 确认 9 或 回复 确认 10", ""),
        ("确认 9", ""), ("回复 确认", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_one_ticket_that_a_post_asks_about(text: str, number: str) -> None:
    assert cards.offered(text) == number


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (OFFER, True), ("回复 确认 9", False), ("", False), ("请发到群里\n回复 已发 3", False),
        (f"{'字' * (WORDS - 1)}\n回复 确认 9", True), (f"{'字' * WORDS}\n回复 确认 9", False),
        (f"{'字' * 50}\n{'字' * (WORDS - 52)}\n回复 确认 9", True),
        (f"{'字' * 50}\n{'字' * (WORDS - 51)}\n回复 确认 9", False),
    ],
)  # fmt: skip
def test_whether_a_card_shows_all_of_a_post(text: str, whole: bool) -> None:
    assert fits(text) is whole


@pytest.mark.parametrize(
    ("key", "command"),
    [
        *((f"{PREFIX}{verb} 12", f"{verb} 12") for verb in (*cards.DECISIONS, "已发", "群发")),
        ("cmd:确认 1234567", ""), ("cmd:确认", ""), ("cmd:销号 1", ""), ("确认 1", ""),
        ("cmd:确认 1 ", ""), ("xcmd:确认 1", ""), (cards.DONE, ""), ("", ""),
    ],
)  # fmt: skip
def test_only_our_own_keys_are_commands(key: str, command: str) -> None:
    assert command_of(key) == command


def test_after_the_click_nothing_is_left_to_press() -> None:
    card = decided("楼道灯", "驳回 9", "t1", "小格")
    assert buttons(card) == [("已选：驳回", 2, cards.DONE)]
    assert card["sub_title_text"] == "已选择“驳回 9”，结果见下一条消息。"
    assert command_of(card["button_list"][0]["key"]) == ""


def test_titles_are_remembered_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "KEPT", 2)
    titles = Titles()
    for number in "123":
        titles.keep(decision(f"第{number}件\n回复 确认 {number}", number, f"t{number}", "小格"))
    shown = [titles.after(f"t{n}", f"确认 {n}", "小格")["main_title"]["title"] for n in "123"]
    assert shown == ["事项 #1", "第2件", "第3件"]


def test_who_sends_by_hand_presses_that_it_is_done_first() -> None:
    text = "请发到“7号楼”群：\n已登记 #1\n发好后回复 已发 3，或回复 群发 3"
    assert buttons(decision(text, "3", "t1", "小格")) == [
        ("已发", 1, "cmd:已发 3"), ("群发", 2, "cmd:群发 3"),
    ]  # fmt: skip
