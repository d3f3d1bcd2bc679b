"""The nightly clearing: words of finished messages and sent posts go, however many there are."""

from __future__ import annotations

import pytest

from bot import tidying
from tests.scenarios.town import Town

LAMP = "7幢2单元楼道灯不亮了"


async def _words(town: Town) -> list[str]:
    """Every text of messages and posts of the group that is still kept."""
    async with town.bot.store.read() as tx:
        posts = [row.message.text for row in await tx.outbox.latest("local", 99)]
        said = [m.text for m in await tx.inbox.latest("local", 99)]
    return [text for text in (*posts, *said) if text]


@pytest.mark.parametrize("at_once", [2, 2000])
async def test_what_was_said_and_posted_is_emptied_in_one_night(
    town: Town, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(tidying, "AT_ONCE", at_once)
    await town.group.says("wang", LAMP)
    for number in range(5):
        await town.group.says("li", f"今天天气不错{number}")
    await town.group.says("wang", "撤回 1")
    assert len(await _words(town)) > 2 * 2
    days = town.bot.settings.storage.retention_days
    await town.later(days=days - 1)
    assert LAMP in await _words(town)
    await town.later(days=2)
    assert await _words(town) == [] or all("日报" in text for text in await _words(town))
