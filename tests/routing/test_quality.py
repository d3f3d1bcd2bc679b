"""Figures about the bot itself: who noticed, what was put right, how fast, how loud."""

from __future__ import annotations

from typing import Any

import pytest

from routing.quality import How, Opened, Row, rows

SECOND = 1_000_000


def one(how: How = How.ITSELF, **changes: Any) -> Opened:
    values: dict[str, Any] = {
        "waited": 2 * SECOND, "posts": 2, "refused": False, "corrected": False, **changes
    }  # fmt: skip
    return Opened(how, **values)


def figures(opened: list[Opened], messages: int = 1000) -> dict[str, Row]:
    return {row.key: row for row in rows(opened, messages)}


def shown(row: Row) -> tuple[str, str]:
    return row.shown, row.inputs


def test_who_noticed_it() -> None:
    found = figures([one(), one(), one(How.HINTED), one(How.BY_HAND), one(How.PASSED_ON)])
    assert shown(found["itself"]) == ("40.00%", "2/5")
    assert shown(found["by_hand"]) == ("40.00%", "2/5")
    counts = [found[f"{how.name.lower()}_count"].value for how in How if how is not How.ITSELF]
    assert counts == [1, 0, 1, 1]


def test_what_people_put_right_counts_once_and_only_of_its_own() -> None:
    both = one(refused=True, corrected=True)
    found = figures([one(), both, one(corrected=True), one(How.BY_HAND, corrected=True)])
    assert shown(found["put_right"]) == ("66.67%", "2/3")


@pytest.mark.parametrize(
    ("opened", "messages", "told"),
    [
        ([one(refused=True)] * 3, 1500, "2.00件"),
        ([one()], 10, "0.00件"),
        ([one(How.BY_HAND, refused=True)], 10, "0.00件"),
        ([one(refused=True)], 0, "—"),
    ],
)
def test_false_alarms_are_told_a_thousand_messages(
    opened: list[Opened], messages: int, told: str
) -> None:
    assert figures(opened, messages)["false_alarms"].shown == told


@pytest.mark.parametrize(
    ("seconds", "half", "most"),
    [
        ([1, 2, 3], "2秒", "3秒"),
        ([0.44], "0.4秒", "0.4秒"),
        ([119, 120, 7199, 7200], "2分钟", "2.0小时"),
        ([], "—", "—"),
        ([None, 5], "5秒", "5秒"),
    ],
)
def test_how_long_a_receipt_takes(seconds: list[float | None], half: str, most: str) -> None:
    opened = [one(waited=None if s is None else int(s * SECOND)) for s in seconds]
    opened.append(one(How.BY_HAND, waited=999 * SECOND))  # the leader's message is not a report
    found = figures(opened)
    assert (found["receipt_p50"].shown, found["receipt_p90"].shown) == (half, most)


def test_posts_of_every_ticket() -> None:
    found = figures([one(posts=3), one(How.PASSED_ON, posts=0), one(posts=2)])
    assert shown(found["posts"]) == ("1.67条", "5条，3件")


def test_of_nothing_there_are_no_figures() -> None:
    found = figures([], 0)
    empty = {key for key, row in found.items() if row.value is None}
    assert empty == {
        "itself", "by_hand", "put_right", "false_alarms", "receipt_p50", "receipt_p90", "posts",
    }  # fmt: skip
    assert {found[key].shown for key in empty} == {"—"}
