"""What a resident's sentence brings: one receipt for a report, silence for everything else."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import CHAT, DRAIN, GATE_LAMP, GYM, LAMP, VACCINE
from tests.scenarios.town import Town


async def test_a_report_gets_one_receipt_with_number_category_place_and_deadline(
    town: Town,
) -> None:
    said = await town.group.says("wang", LAMP)
    receipt = await town.group.expect("#1", "楼道灯", "7幢", "明天10:00前办结")
    assert receipt.quote is not None
    assert receipt.quote.platform_id == said
    assert len(town.group.posts) == 1
    assert (await town.ticket(1)).state is State.REPORTED
    await town.at("leader").expect("待确认", "#1", "确认 1", "派单 1", "驳回 1")


@pytest.mark.parametrize("words", [*CHAT, "收到", "好的", "[图片]", "哈哈哈哈", "@所有人 通知"])
async def test_talk_thanks_and_notices_get_silence(town: Town, words: str) -> None:
    await town.group.says("wang", words)
    await town.group.silence()
    assert await town.tickets() == []


async def test_numbers_count_up_per_group(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    await town.group.expect("#2", "健身")
    await town.at("g2").says("yang", "村口路灯不亮")
    await town.at("g2").expect("#1", "路灯")


async def test_two_matters_in_one_message_get_two_tickets_and_one_receipt(town: Town) -> None:
    words = town.means("7幢灯坏了，垃圾也没人收", "0403", "0101", place="7幢")
    await town.group.says("wang", words)
    await town.group.expect("已登记两件", "#1", "#2")
    assert len(town.group.posts) == 1
    assert [t.code for t in await town.tickets()] == ["0403", "0101"]


async def test_a_missing_place_is_asked_for_once_and_the_answer_joins_the_ticket(
    town: Town,
) -> None:
    await town.group.says("wang", DRAIN)
    await town.group.expect("#1", "几号楼")
    await town.group.says("wang", "7幢1单元")
    await town.at("wang").expect("已补充到 #1", "7幢")
    await town.group.silence()
    assert (await town.ticket(1)).place
    assert len(await town.tickets()) == 1


async def test_thanks_is_no_answer_to_the_question_for_the_place(town: Town) -> None:
    await town.group.says("wang", DRAIN)
    await town.group.expect("几号楼")
    await town.group.says("wang", "谢谢")
    await town.group.silence()
    assert (await town.ticket(1)).place == ""
    await town.group.says("wang", "在7幢1单元")
    assert "7幢" in (await town.ticket(1)).place


async def test_somebody_elses_place_is_not_the_answer(town: Town) -> None:
    await town.group.says("wang", DRAIN)
    await town.group.says("li", "7幢1单元")
    assert (await town.ticket(1)).place == ""


async def test_a_photo_within_the_window_joins_and_one_after_it_does_not(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.later(minutes=20)
    await town.group.says("wang", "", images=["a.jpg"])
    await town.later(minutes=31)
    await town.group.says("wang", "", images=["b.jpg"])
    await town.group.silence()
    assert (await town.ticket(1)).images == ("a.jpg",)


async def test_an_addition_within_the_window_joins_the_ticket(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.later(minutes=5)
    await town.group.says("wang", "晚上上楼都看不见，老人摔了怎么办")
    await town.group.says("wang", "都好几天了")
    assert len(await town.tickets()) == 1
    assert len(town.group.posts) == 1


async def test_the_same_matter_told_again_in_the_window_joins_the_ticket(town: Town) -> None:
    first = town.means("楼道灯坏了", "0403")
    again = town.means("就是7幢二单元那个楼道的灯，黑得什么都看不见", "0403", place="7幢")
    await town.group.says("wang", first)
    await town.group.says("wang", again)
    assert len(await town.tickets()) == 1
    assert (await town.ticket(1)).place == "7幢"


async def test_another_matter_with_a_photo_in_the_window_is_a_new_ticket(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("wang", GYM, images=["gym.jpg"])
    assert [t.code for t in await town.tickets()] == ["0403", "0408"]
    assert (await town.ticket(2)).images == ("gym.jpg",)


async def test_the_same_fault_at_another_place_is_a_new_ticket(town: Town) -> None:
    await town.group.says("wang", town.means("东门灯坏了", "0203", place="东门"))
    await town.group.says("wang", town.means("西门灯也坏了", "0203", place="西门"))
    assert [t.place for t in await town.tickets()] == ["东门", "西门"]


async def test_report_and_photo_in_one_batch_belong_together(town: Town) -> None:
    async def photo() -> None:
        await town.channel.say("local:wang", "local:g1", "", images=["a.jpg"])

    await town.channel.say("local:wang", "local:g1", LAMP)
    await photo()
    await town.bot.settle()
    assert (await town.ticket(1)).images == ("a.jpg",)


async def test_a_question_with_a_ready_answer_is_answered_and_closed_by_satisfaction(
    town: Town,
) -> None:
    await town.group.says("wang", VACCINE)
    await town.group.expect("#1", "接种", "示范社区服务中心", "满意")
    await town.group.says("wang", "满意")
    assert (await town.ticket(1)).state is State.CLOSED


async def test_a_report_one_to_one_is_answered_one_to_one(town: Town) -> None:
    await town.at("wang").tells(GATE_LAMP)
    await town.at("wang").expect("#1", "路灯", "东门")
    assert town.group.posts == []
    await town.at("leader").tells("派单 1")
    assert town.group.posts == []
    await town.at("wang").expect("已转")


async def test_a_stranger_one_to_one_is_told_where_to_say_it(town: Town) -> None:
    await town.at("nobody").tells(LAMP)
    await town.at("nobody").expect("不知道您住在哪里", "小区的群里")


async def test_the_same_matter_at_the_same_place_makes_a_supporter_of_the_second(
    town: Town,
) -> None:
    await town.group.says("wang", LAMP)
    await town.group.expect("#1")
    await town.group.says("li", LAMP)
    await town.group.silence()
    await town.at("li").expect("#1", "共2位")
    assert (await town.ticket(1)).supporters == ("local:li",)
