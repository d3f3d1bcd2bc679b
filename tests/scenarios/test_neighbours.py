"""What neighbours say to a matter just raised is part of it or talk, never a report of its own."""

from __future__ import annotations

import pytest

from tests.scenarios.lines import HURT, LAMP, WAGES
from tests.scenarios.town import Town

DOG = "昨天我家娃被狗咬了，东门那条黄狗没拴"
PENSION = "养老金这个月怎么少了两百块"


@pytest.mark.parametrize(
    "words", ["快打120", "赶紧报警撒", "大家快叫救护车啊", "先打119！", "快，打110", "赶快喊人"]
)
async def test_who_tells_to_call_help_reports_nothing(town: Town, words: str) -> None:
    await town.group.says("wang", HURT)
    town.group.skip()
    await town.group.says("li", town.means(words, "1403", urgent=True))
    await town.group.silence()
    assert len(await town.tickets()) == 1
    assert (await town.ticket(1)).supporters == ()


async def test_without_an_emergency_the_cry_for_help_is_one(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", town.means("快打120", "1403", urgent=True))
    assert [t.urgent for t in await town.tickets()] == [False, True]


async def test_a_cry_for_help_that_says_more_is_heard(town: Town) -> None:
    await town.group.says("wang", HURT)
    await town.group.says("li", town.means("快打119，3幢着火了", "0801", place="3幢", urgent=True))
    assert [t.code for t in await town.tickets()][1:] == ["0801"]


async def test_what_speaks_of_the_thing_another_named_is_one_more_voice(town: Town) -> None:
    await town.group.says("wang", town.means(DOG, "1701", place="东门"))
    town.group.skip()
    await town.group.says("li", town.means("那条狗见人就追 我也被撵过", "1701"))
    await town.group.silence()
    assert (await town.ticket(1)).supporters == ("local:li",)
    assert len(await town.tickets()) == 1
    await town.at("li").expect("#1", "现在共2位")


@pytest.mark.parametrize(
    ("words", "code", "place"),
    [
        ("那条路灯不亮", "0203", ""),
        ("那条狗在小广场又咬人", "1701", "小广场"),
        ("那边有狗追人", "1701", ""),
    ],
)
async def test_another_thing_or_place_is_a_report(
    town: Town, words: str, code: str, place: str
) -> None:
    await town.group.says("wang", town.means(DOG, "1701", place="东门"))
    await town.group.says("li", town.means(words, code, place=place))
    assert len(await town.tickets()) == 2
    assert (await town.ticket(1)).supporters == ()


async def test_later_it_is_a_report_of_its_own(town: Town) -> None:
    await town.group.says("wang", town.means(DOG, "1701", place="东门"))
    await town.later(hours=5)
    await town.group.says("li", town.means("那条狗见人就追 我也被撵过", "1701"))
    assert len(await town.tickets()) == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("是不是扣了医保", "1003"), ("手机上就可以搞的", "1002"), ("估计是调标准了", "1002"),
        ("打12333就行", "1002"), ("可以去社区问的", "1002"),
    ],
)  # fmt: skip
async def test_a_guess_or_advice_to_a_neighbour_opens_nothing(
    town: Town, words: str, code: str
) -> None:
    await town.group.says("wang", town.means(PENSION, "1002"))
    town.group.skip()
    await town.later(minutes=20)
    await town.group.says("li", town.means(words, code))
    await town.group.silence()
    assert len(await town.tickets()) == 1


async def test_the_same_words_without_a_question_before_are_a_question(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", town.means("是不是扣了医保", "1003"))
    assert len(await town.tickets()) == 2


async def test_of_the_asker_himself_a_guess_is_his_own(town: Town) -> None:
    await town.group.says("wang", town.means(PENSION, "1002"))
    await town.later(minutes=9)
    await town.group.says("wang", town.means("是不是扣了医保", "1003"))
    assert len(await town.tickets()) == 2


async def test_a_neighbour_may_say_where(town: Town) -> None:
    village = town.at("g2")
    await village.says("yang", town.means("哪个又在烧谷草", "0607"))
    village.skip()
    town.at("leader2").skip()
    await village.says("h1", town.means("对面坡上 不晓得哪个", "9901", place="对面坡上"))
    await village.silence()
    (ticket,) = await town.tickets("g2")
    assert ticket.place == "对面坡上"
    assert ticket.supporters == ()
    await town.at("yang").expect("已补充到 #1")
    await town.at("leader2").expect("已补充到 #1")


async def test_of_two_that_wait_for_their_place_none_is_guessed(town: Town) -> None:
    village = town.at("g2")
    await village.says("yang", town.means("哪个又在烧谷草", "0607"))
    await village.says("h2", town.means("垃圾堆成山了", "0101"))
    await village.says("h1", town.means("对面坡上 不晓得哪个", "9901", place="对面坡上"))
    assert [t.place for t in await town.tickets("g2")] == ["", "", "对面坡上"]


@pytest.mark.parametrize("words", ["老祠堂明天唱戏", "老祠堂路灯坏了", "哪里啊"])
async def test_a_place_named_for_something_else_is_not_the_answer(town: Town, words: str) -> None:
    await town.at("g2").says("yang", town.means("哪个又在烧谷草", "0607"))
    await town.at("g2").says("h1", words)
    assert (await town.ticket(1, "g2")).place == ""


async def test_beside_a_private_matter_nothing_is_made_of_its_words(town: Town) -> None:
    words = "老板欠我们三个月工钱，电话也不接"
    await town.group.says("wang", town.means(words, "1001", "1301"))
    assert [t.code for t in await town.tickets()] == ["1001"]
    await town.group.says("li", WAGES)
    assert all(t.private for t in await town.tickets())


@pytest.mark.parametrize("words", ["找到了找到了 在小广场玩水", "好了 是跳闸", "来电了，是总闸"])
async def test_an_end_with_its_reason_is_put_to_nobody(town: Town, words: str) -> None:
    await town.group.says("wang", words)
    await town.group.silence()
    assert await town.tickets() == []
    assert town.at("leader").texts == []
