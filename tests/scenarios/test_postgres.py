"""The life of a report on PostgreSQL: the same bot, the same handlers, another database."""

from __future__ import annotations

from pathlib import Path

from bot.app import Bot
from bot.clock import ManualClock
from nlp.classify import LinearClassifier
from routing.ticket import State
from storage import migrate
from tests.scenarios.conftest import settings_in
from tests.scenarios.lines import LAMP
from tests.scenarios.town import MONDAY, Interpreter, Town


async def test_from_report_to_verdict_and_through_a_restart(
    tmp_path: Path, fresh_postgres_url: str, real_classifier: LinearClassifier
) -> None:
    clock, interpreter = ManualClock(MONDAY), Interpreter(real_classifier)
    settings = settings_in(tmp_path, GRIDBOT_STORAGE_URL=fresh_postgres_url)
    await migrate.upgrade(fresh_postgres_url)
    bot = await Bot.open(settings, clock, interpreter)
    await bot.start()
    town = Town(bot, clock, interpreter)
    await town.group.says("wang", LAMP)
    await town.group.expect("已登记 #1")
    await town.group.says("leader", "派单 1 物业")
    await town.at("wuye").tells("办结 1 换了灯泡")
    await town.group.expect("#1", "换了灯泡")
    await bot.aclose()

    again = await Bot.open(settings, clock, interpreter)
    await again.start()
    later = Town(again, clock, interpreter)
    await later.group.says("wang", "满意 1")
    ticket = await later.ticket(1)
    assert ticket.state is State.CLOSED
    async with again.store.read() as tx:
        await tx.tickets.verify(ticket.id)
    await again.aclose()
