"""What a city's units go through: sent twice, named among others, asked about others' work."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import GYM, LAMP
from tests.scenarios.town import Town

LEAK = "7幢2单元的自来水发黄发浑"


async def sent(town: Town, unit: str = "供水") -> None:
    await town.group.says("wang", town.means(LEAK, "0301", place="7幢2单元"))
    await town.group.says("leader", f"派单 1 {unit}")
    for name in ("leader", "water", "wuye", "wang"):
        town.at(name).skip()
    town.group.skip()


@pytest.mark.parametrize("taken", [False, True])
async def test_sent_twice_to_the_same_unit_nobody_is_told_twice(town: Town, taken: bool) -> None:
    await sent(town)
    if taken:
        await town.at("water").tells("我来 1")
        for name in ("water", "wang"):
            town.at(name).skip()
    await town.group.says("leader", "转 1 供水")
    await town.at("leader").expect("已经在示例供水公司手里", "催办 1")
    await town.at("water").silence()
    await town.at("wang").silence()


async def test_after_discontent_the_same_unit_may_be_sent_again(town: Town) -> None:
    await sent(town)
    await town.at("water").tells("办结 1 冲洗了管道")
    await town.at("wang").tells("不满意 还是黄的")
    town.at("water").skip()
    await town.group.says("leader", "派单 1 供水")
    await town.at("water").expect("【派单】#1")


async def test_only_the_last_dispatch_is_waited_for(town: Town) -> None:
    await sent(town)
    await town.later(hours=1)
    await town.group.says("leader", "派单 1 物业")
    town.at("wuye").skip()
    await town.later(minutes=30)
    await town.group.says("leader", "派单 1 供水")
    town.at("water").skip()
    await town.later(minutes=40)
    assert not [text for text in town.at("water").news if "还没有签收" in text]
    await town.later(hours=1, minutes=30)
    dunned = [text for text in town.at("water").news if "还没有签收" in text]
    assert len(dunned) == 1
    assert not [text for text in town.at("wuye").news if "还没有签收" in text]


@pytest.mark.parametrize("words", ["我来", "办结 换了灯泡"])
async def test_what_was_not_given_to_the_unit_is_not_asked_about(town: Town, words: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    await town.group.says("leader", "派单 1 物业")
    await town.at("wuye").tells(words)
    assert (await town.ticket(1)).state in {State.IN_PROGRESS, State.RESOLVED}
    assert (await town.ticket(2)).state is State.REPORTED


async def test_who_leaves_a_joint_case_is_not_told_how_to_finish_it(town: Town) -> None:
    await sent(town, "供水 物业")
    await town.at("wuye").tells("退单 1 管道不归物业")
    left = await town.at("wuye").expect("示例物业服务中心退单", "示例供水公司继续办理")
    assert "吹哨" not in left.text
    await town.at("leader").expect("示例供水公司继续办理", "请街道重新吹哨")


async def test_every_unit_of_a_joint_case_is_named_with_its_part(town: Town) -> None:
    await sent(town, "供水 物业")
    await town.at("water").tells("办结 1 换了立管")
    await town.at("wuye").tells("办结 1 清洗了水箱")
    await town.group.expect("示例供水公司：换了立管；示例物业服务中心：清洗了水箱")


@pytest.mark.parametrize(
    ("text", "code"),
    [("吵死了 孩子要高考", "0601"), ("我这也闻到 呛死人了", "0604"), ("灰全飘我家", "0605")],
)
async def test_what_a_whole_building_hears_or_smells_is_one_matter(
    town: Town, text: str, code: str
) -> None:
    await town.group.says("wang", town.means("7幢晚上还在打桩", code, place="7幢"))
    await town.group.says("h1", town.means(text, code))
    (ticket,) = await town.tickets()
    assert ticket.supporters == ("local:h1",)
    await town.later(hours=3)
    await town.group.says("h2", town.means("怎么这么大动静", code))
    assert len(await town.tickets()) == 2


async def test_the_same_person_saying_that_it_is_still_so_adds_to_it(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.later(days=1, hours=2)
    town.group.skip()
    await town.group.says("wang", town.means("灯又灭了", "0403"))
    assert len(await town.tickets()) == 1
    await town.group.silence()
    await town.group.says("wang", town.means("9幢楼道灯又灭了", "0403", place="9幢"))
    assert len(await town.tickets()) == 2


async def test_a_swindle_is_warned_of_and_has_no_place(town: Town) -> None:
    await town.group.says("h1", town.means("有电话让我转账", "1503", urgent=True))
    warned = await town.group.expect("不要转账", "96110")
    assert "几号楼" not in warned.text
