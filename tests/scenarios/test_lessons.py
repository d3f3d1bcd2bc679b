"""Leaders' corrections become lessons: which words teach, what they keep, and what undoes them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.app import Bot
from bot.recalls import Recall
from nlp.reading import Reading
from routing.lessons import Lesson, Taught
from routing.ticket import State
from tests.scenarios.lines import LAMP
from tests.scenarios.town import Interpreter, Town

ODD = "门口那个铁疙瘩又罢工了"
RECLASSIFIED, REJECTED, OPENED = Taught.RECLASSIFIED, Taught.REJECTED, Taught.OPENED


async def lessons(town: Town) -> list[Lesson]:
    async with town.bot.store.read() as tx:
        return await tx.lessons.all()


async def test_another_category_teaches_it(town: Town) -> None:
    text = town.means("3号楼王阿姨说东门的灯不亮，13812345678", "0203", place="东门")
    await town.group.says("wang", text)
    await town.group.says("leader", "改类 1 楼道灯")
    (one,) = await lessons(town)
    ticket = await town.ticket(1)
    assert (one.action, one.ticket_id, one.grid) == (RECLASSIFIED, ticket.id, ticket.grid)
    assert (one.was_kind, one.was_code, one.was_nature) == ("report", "0203", "求助")
    assert (one.kind, one.code) == ("report", "0403")
    assert one.text == "3号楼[姓名]说东门的灯不亮，[电话]"
    assert one.source == f"local:{ticket.source}"


async def test_the_last_word_on_a_category_counts(town: Town) -> None:
    await town.group.says("wang", town.means("灯不亮", "0203", place="灯"))
    await town.group.says("leader", "改类 1 楼道灯")
    await town.group.says("leader", "改类 1 电梯")
    assert [one.code for one in await lessons(town)] == ["0404"]
    await town.group.says("leader", "撤销 1")
    assert (await town.ticket(1)).code == "0403"
    assert [(one.was_code, one.code) for one in await lessons(town)] == [("0203", "0403")]
    await town.group.says("leader", "撤销改类 1")
    assert (await town.ticket(1)).code == "0203"
    assert await lessons(town) == []
    await town.group.says("leader", "撤销 1")
    assert (await town.ticket(1)).code == "0203"


async def test_back_to_what_was_read_teaches_nothing(town: Town) -> None:
    await town.group.says("wang", town.means("灯不亮", "0203", place="灯"))
    await town.group.says("leader", "改类 1 楼道灯")
    await town.group.says("leader", "改类 1 路灯")
    assert await lessons(town) == []


@pytest.mark.parametrize(
    ("reason", "kind"), [("他们在开玩笑", "chat"), ("这是物业的通知", "notice")]
)
async def test_a_rejection_that_says_it_was_none_teaches(
    town: Town, reason: str, kind: str
) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", f"驳回 1 {reason}")
    (one,) = await lessons(town)
    assert (one.action, one.kind, one.code) == (REJECTED, kind, "")
    assert (one.was_kind, one.was_code) == ("report", (await town.ticket(1)).code)


@pytest.mark.parametrize("reason", ["现场没有这个问题", "和昨天的重复", "不归我们小区管"])
async def test_other_rejections_teach_nothing(town: Town, reason: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", f"驳回 1 {reason}")
    assert (await town.ticket(1)).state is State.REJECTED
    assert await lessons(town) == []


@pytest.mark.parametrize("words", ["撤销 1", "立案 1"])
async def test_accepting_it_after_all_takes_the_lesson_back(town: Town, words: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "驳回 1 闲聊")
    assert len(await lessons(town)) == 1
    await town.group.says("leader", words)
    assert (await town.ticket(1)).state is State.CONFIRMED
    assert await lessons(town) == []


async def test_opening_what_was_missed_teaches_that_it_is_a_report(town: Town) -> None:
    said = await town.group.says("wang", ODD)
    await town.group.says("leader", "建单 电梯", quote=said)
    (one,) = await lessons(town)
    assert (one.action, one.kind, one.code) == (OPENED, "report", "0404")
    assert (one.text, one.source) == (ODD, f"local:{said}")
    await town.group.says("leader", "驳回 1 原来是开玩笑")
    assert [(o.action, o.kind) for o in await lessons(town)] == [(REJECTED, "chat")]


async def test_opening_without_a_category_teaches_the_kind_only(town: Town) -> None:
    said = await town.group.says("wang", ODD)
    await town.group.says("leader", "建单", quote=said)
    (one,) = await lessons(town)
    assert (one.kind, one.code) == ("report", "")


async def unsure(town: Town, interpreter: Interpreter) -> str:
    reading = Reading("report", ("0404",), nature="求助", confidence=0.5)
    interpreter.fixed[ODD] = reading
    said = await town.group.says("wang", ODD)
    await town.at("leader").expect("可能是在反映问题")
    return said


@pytest.mark.parametrize(
    ("word", "action", "kind"), [("1", OPENED, "report"), ("不是", REJECTED, "chat")]
)
async def test_the_answer_to_a_hint_teaches(
    town: Town, interpreter: Interpreter, word: str, action: Taught, kind: str
) -> None:
    said = await unsure(town, interpreter)
    await town.at("leader").says("leader", word)
    (one,) = await lessons(town)
    assert (one.action, one.kind, one.was_kind) == (action, kind, "report")
    assert one.source == f"local:{said}"


async def test_opening_after_all_takes_a_no_back(town: Town, interpreter: Interpreter) -> None:
    said = await unsure(town, interpreter)
    await town.at("leader").says("leader", "不是")
    await town.group.says("leader", "建单", quote=said)
    assert [(o.action, o.kind) for o in await lessons(town)] == [(OPENED, "report")]


async def test_private_matters_teach_nothing(town: Town) -> None:
    await town.group.says("wang", town.means("那家又动手了", "0902"))
    await town.at("leader").says("leader", "改类 1 噪声扰民")
    await town.at("leader").says("leader", "驳回 1 闲聊")
    assert await lessons(town) == []


async def test_what_becomes_private_is_unlearned(town: Town) -> None:
    await town.group.says("wang", town.means("楼上又响了", "0603"))
    await town.group.says("leader", "改类 1 楼道灯")
    assert len(await lessons(town)) == 1
    await town.group.says("leader", "改类 1 家暴")
    assert (await town.ticket(1)).private
    assert await lessons(town) == []


async def test_a_message_taken_back_is_forgotten_here_too(town: Town, bot: Bot) -> None:
    said = await town.group.says("wang", ODD)
    await town.group.says("leader", "建单 电梯", quote=said)
    assert len(await lessons(town)) == 1
    room, wang = town.group.conversation, "local:wang"
    strangers = [Recall("local", said, "local:g2", wang), Recall("local", said, room, "local:li")]
    for strange in (*strangers, Recall("local", "unknown"), Recall("onebot", said)):
        assert not await bot._forget(strange)
    assert len(await lessons(town)) == 1
    assert await bot._forget(Recall("local", said, room, wang))
    assert await lessons(town) == []


async def test_lessons_end_with_their_days(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "驳回 1 闲聊")
    days = town.bot.settings.learning.keep_days
    town.clock.set(town.clock.now() + timedelta(days=days - 1))
    await town.bot.settle()
    assert len(await lessons(town)) == 1
    await town.later(days=2)
    assert await lessons(town) == []


async def test_residents_cannot_teach(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", "改类 1 电梯")
    await town.group.says("li", "驳回 1 闲聊")
    said = await town.group.says("wang", ODD)
    await town.group.says("li", "建单 电梯", quote=said)
    assert await lessons(town) == []
