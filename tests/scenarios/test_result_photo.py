"""Pictures of a result: shown where the result is told, sent with 办结 or right after it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot import digests
from bot.desk import Desk
from tests.scenarios.lines import GYM, LAMP
from tests.scenarios.town import Town

AFTER, MORE = "media:after.jpg", "media:more.jpg"


def choose(town: Town, section: str, **values: Any) -> None:
    """Other settings from now on."""
    settings = town.bot.house.settings
    changed = getattr(settings, section).model_copy(update=values)
    house = replace(town.bot.house, settings=settings.model_copy(update={section: changed}))
    town.bot.house = house


def shown(town: Town, place: str = "g1") -> list[tuple[str, tuple[str, ...]]]:
    """Posts with pictures at a place: their first words and the pictures."""
    posts = town.at(place).posts
    return [(post.text.split("\n")[0], post.images) for post in posts if post.images]


async def confirmed(town: Town, text: str = LAMP) -> None:
    await town.group.says("wang", text)
    await town.at("leader").tells("确认")


async def test_a_picture_sent_with_the_result_is_shown_with_it(town: Town) -> None:
    await confirmed(town)
    await town.at("worker").tells("办结 1 换了新灯座", images=[AFTER])
    ((text, images),) = shown(town)
    assert "换了新灯座" in text
    assert images == (AFTER,)
    assert (await town.ticket(1)).images == (AFTER,)


async def test_a_picture_sent_after_the_result_reaches_who_judges_it(town: Town) -> None:
    """The group keeps its last post for the end, so this one goes one-to-one."""
    await confirmed(town)
    await town.at("worker").tells("办结 1 换了新灯座")
    await town.at("worker").tells("", images=[AFTER, MORE])
    assert shown(town) == []
    ((text, images),) = shown(town, "wang")
    assert "#1" in text
    assert "照片" in text
    assert images == (AFTER, MORE)
    await town.at("worker").expect("✓", "#1", "照片")
    assert (await town.ticket(1)).images == (AFTER, MORE)


async def test_the_window_for_pictures_closes(town: Town) -> None:
    await confirmed(town)
    await town.at("worker").tells("办结 1 换了新灯座")
    await town.later(minutes=31)
    await town.at("worker").tells("", images=[AFTER])
    assert shown(town) == shown(town, "wang") == []
    assert (await town.ticket(1)).images == ()


async def test_a_matter_that_is_worked_on_again_gets_no_picture(town: Town) -> None:
    await confirmed(town)
    await town.at("worker").tells("办结 1 换了新灯座")
    await town.group.says("wang", "不满意，还是不亮")
    await town.at("worker").tells("", images=[AFTER])
    assert shown(town) == shown(town, "wang") == []


async def test_words_after_the_result_are_not_taken_for_a_picture(town: Town) -> None:
    await confirmed(town)
    await confirmed(town, GYM)
    await town.at("worker").tells("办结 1 换了新灯座")
    await town.at("worker").tells("办结 2 修好了", images=[MORE])
    assert [images for _, images in shown(town)] == [(MORE,)]


async def test_a_private_matter_is_shown_to_its_reporter_only(town: Town) -> None:
    text = town.means("我家老人走失过，想登记", "0905")
    await town.at("wang").tells(text)
    ticket = await town.ticket(1)
    await town.at("leader").tells("确认 1")
    await town.at("leader").tells("办结 1 已登记", images=[AFTER])
    assert shown(town) == []
    assert [images for _, images in shown(town, "wang")] == [(AFTER,)]
    assert ticket.origin == "local:wang"


async def test_an_operator_may_keep_pictures_to_the_staff(town: Town) -> None:
    choose(town, "group", result_photos=False)
    await confirmed(town)
    await town.at("worker").tells("办结 1 换了新灯座", images=[AFTER])
    assert shown(town) == []
    assert (await town.ticket(1)).images == (AFTER,)


async def test_digests_are_marked_as_such(town: Town) -> None:
    choose(town, "digest", group="18:00", community="18:00")
    async with town.bot.store.write() as tx:
        digests.plan(Desk(town.bot.house, tx, town.clock.now()))
    await confirmed(town)
    await town.later(hours=10)
    async with town.bot.store.read() as tx:
        rows = await tx.outbox.latest("local", 99)
    assert {row.message.rich for row in rows if "日报" in row.message.text} == {True}
    assert not any(row.message.rich for row in rows if "日报" not in row.message.text)
