"""The desk: what leaves it is cut to the platform's length, masked in groups, and goes to each
account once, at an hour at which people are awake."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import Bot
from bot.clock import ManualClock
from bot.desk import MOST_PICTURES, Desk, _cut
from bot.ports import Capabilities
from routing.ticket import State, Ticket
from storage.outbox import OutRow
from tests.bot.test_outbox_queue import chosen

DAY = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
LAMP = Ticket(
    0, "local:g1", 12, "990101001001001-07", "0403", "灯坏了", "local:wang", DAY,
    origin="local:g1",
)  # fmt: skip


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    opened = await Bot.open(chosen(tmp_path), ManualClock(DAY))
    yield opened
    await opened.aclose()


async def written(bot: Bot) -> list[OutRow]:
    """What waits to be sent, oldest first."""
    async with bot.store.read() as tx:
        return sorted(await tx.outbox.by_state("pending", 99), key=lambda r: r.message.id)


def able(bot: Bot, **more: object) -> None:
    """From now on the simulated platform can do this and no more."""
    can = Capabilities(**{"can_direct": True, **more})  # type: ignore[arg-type]
    bot.house = replace(bot.house, capabilities={"local": can})


@given(st.text(max_size=80), st.integers(3, 200))
def test_a_cut_text_fits_and_is_the_beginning_of_the_whole(text: str, most: int) -> None:
    cut = _cut(text, most)
    assert len(cut.encode("utf-8", "replace")) <= most
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("一二三", 9, "一二三"), ("一二三四", 9, "一二…"), ("一二三四", 10, "一二…"),
        ("abcdef", 6, "abcdef"), ("abcdefg", 6, "abc…"), ("", 3, ""), ("😀😀", 7, "😀…"),
    ],
)  # fmt: skip
def test_where_a_text_is_cut(text: str, most: int, cut: str) -> None:
    assert _cut(text, most) == cut


@pytest.mark.parametrize(
    ("accounts", "told"),
    [
        ("local:wang", ["local:wang"]),
        (["local:wang", "local:wang", "local:li"], ["local:wang", "local:li"]),
        ([], []), ("", []), (["", "local:li"], ["local:li"]),
    ],
)  # fmt: skip
async def test_each_account_is_told_once(
    bot: Bot, accounts: str | list[str], told: list[str]
) -> None:
    able(bot)
    async with bot.store.write() as tx:
        Desk(bot.house, tx, DAY).tell(accounts, "好了")
    assert [row.message.conversation for row in await written(bot)] == told


async def test_nobody_is_told_where_no_one_to_one_is_allowed(bot: Bot) -> None:
    able(bot, can_direct=False)
    async with bot.store.write() as tx:
        desk = Desk(bot.house, tx, DAY)
        assert not desk.reaches("local:wang")
        desk.tell("local:wang", "好了")
    assert await written(bot) == []


@pytest.mark.parametrize(
    ("now", "speaker", "urgent", "due"),
    [
        (DAY, "", False, DAY),
        (NIGHT, "", False, MORNING),
        (NIGHT, "local:wang", False, NIGHT),
        (NIGHT, "local:li", False, MORNING),
        (NIGHT, "", True, NIGHT),
    ],
)
async def test_at_night_only_who_speaks_and_emergencies_are_not_put_off(
    bot: Bot, now: datetime, speaker: str, urgent: bool, due: datetime
) -> None:
    able(bot)
    async with bot.store.write() as tx:
        desk = Desk(bot.house, tx, now)
        desk.speaker = speaker
        desk.tell("local:wang", "好了", replace(LAMP, id=1, urgent=urgent))
    (row,) = await written(bot)
    assert row.due_at == due


@pytest.mark.parametrize(("place", "shown"), [("local:g1", False), ("local:wang", True)])
async def test_a_group_never_reads_a_number_or_a_name(bot: Bot, place: str, shown: bool) -> None:
    able(bot)
    async with bot.store.write() as tx:
        Desk(bot.house, tx, DAY).say(place, "请打 13812345678", "answer")
    (row,) = await written(bot)
    assert ("13812345678" in row.message.text) is shown


@pytest.mark.parametrize(
    ("private", "origin", "place"),
    [
        (False, "local:g1", ["local:g1"]),
        (False, "", ["local:g1"]),
        (True, "local:g1", ["local:wang", "local:li"]),
        (False, "local:wang", ["local:wang", "local:li"]),
    ],
)
async def test_what_is_private_or_was_told_aside_stays_there(
    bot: Bot, private: bool, origin: str, place: list[str]
) -> None:
    able(bot)
    ticket = replace(LAMP, id=1, private=private, origin=origin, supporters=("local:li",))
    async with bot.store.write() as tx:
        sent = await Desk(bot.house, tx, DAY).post(ticket, "好了", "ask")
    assert sent is (place == ["local:g1"])
    assert [row.message.conversation for row in await written(bot)] == place


@pytest.mark.parametrize(("pictures", "shown"), [(True, MOST_PICTURES), (False, 0)])
async def test_pictures_go_where_they_can_be_shown(bot: Bot, pictures: bool, shown: int) -> None:
    able(bot, pictures=pictures)
    images = tuple(f"{n}.jpg" for n in range(5))
    async with bot.store.write() as tx:
        await Desk(bot.house, tx, DAY).post(replace(LAMP, id=1), "好了", "ask", images=images)
    (row,) = await written(bot)
    assert row.message.images == images[:shown]


async def test_the_text_is_cut_to_what_the_platform_takes(bot: Bot) -> None:
    able(bot, max_text_bytes=30)
    async with bot.store.write() as tx:
        Desk(bot.house, tx, DAY).say("local:g1", "字" * 100, "answer")
    (row,) = await written(bot)
    assert row.message.text == "字" * 9 + "…"


async def test_a_line_names_no_deadline_while_it_is_suspended(bot: Bot) -> None:
    due = DAY + timedelta(hours=30)
    async with bot.store.write() as tx:
        desk = Desk(bot.house, tx, DAY)
        assert desk.line(replace(LAMP, due_at=due)).due != "恢复后"
        assert desk.line(replace(LAMP, due_at=due, state=State.SUSPENDED)).due == "恢复后"
        assert desk.line(LAMP).due == "恢复后"
        assert desk.line(LAMP).category == "楼道灯"
