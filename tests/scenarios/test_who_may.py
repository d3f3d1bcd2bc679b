"""Who may say what about a ticket: everybody else gets one polite line and changes nothing.

The ticket is one of 7幢, given to its 物业; what the words themselves do is tested elsewhere."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import GYM, LAMP
from tests.scenarios.town import Town

OUTSIDERS = ("leader2", "worker2", "community2", "gas", "mediator", "volunteer", "agent", "traffic")
"""Of another grid, of another unit, or without an office that decides."""

RESIDENTS = ("wang", "li", "zhao", "yang")
"""They are answered where they asked, staff one-to-one."""

DECIDERS = ("worker", "leader", "community", "secretary", "street", "district", "admin")

LEADERS_WORDS = (
    "确认 1", "驳回 1 不属实", "改类 1 路灯", "派单 1 供水", "并入 1 2", "吹哨 1 供水 排水",
)  # fmt: skip
UNITS_WORDS = (
    "我来 1", "进展 1 看过了", "延期 1 3天 等配件", "挂账 1 等资金", "办结 1 换了灯泡",
    "转 1 供水", "上报 1 涉及几家",
)  # fmt: skip
LEADERS, UNITS = "网格长或社区", "网格长或承办单位"
SIGNERS, SUPERVISORS = "社区、街道或督办的同志", "督办员、街道或区县"


async def _given_to_the_property(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("wang", GYM)
    await town.group.says("leader", "派单 1 物业")
    town.group.skip()


async def _refused(town: Town, who: str, words: str, by: str) -> None:
    before = await town.ticket(1)
    await town.group.says(who, words)
    heard = town.group if who in RESIDENTS else town.at(who)
    post = await heard.expect(f"要由{by}来回复")
    assert post.text.endswith("谢谢您的关心。"), who
    await town.group.silence()
    assert await town.ticket(1) == before, f"{who}: {words}"


@pytest.mark.parametrize("words", LEADERS_WORDS)
async def test_what_leaders_decide_is_refused_to_all_others(town: Town, words: str) -> None:
    await _given_to_the_property(town)
    for who in OUTSIDERS:
        if words == "确认 1" and who in {"gas", "mediator", "traffic"}:
            continue
        await _refused(town, who, words, LEADERS)


@pytest.mark.parametrize("words", UNITS_WORDS)
async def test_what_handlers_do_is_refused_to_all_others(town: Town, words: str) -> None:
    await _given_to_the_property(town)
    for who in OUTSIDERS:
        await _refused(town, who, words, UNITS)


@pytest.mark.parametrize("words", [w for w in LEADERS_WORDS if not w.startswith("确认")])
async def test_the_unit_that_works_on_it_does_not_decide_about_it(town: Town, words: str) -> None:
    await _given_to_the_property(town)
    await _refused(town, "wuye", words, LEADERS)


@pytest.mark.parametrize("who", [*OUTSIDERS, "leader", "community", "street"])
async def test_only_the_unit_hands_it_back(town: Town, who: str) -> None:
    await _given_to_the_property(town)
    await _refused(town, who, "退单 1 不归我们管", "承办单位")


@pytest.mark.parametrize("who", ["leader2", "community2", "gas", "volunteer", "wuye", "worker"])
async def test_only_signers_close_without_a_verdict(town: Town, who: str) -> None:
    await _given_to_the_property(town)
    await town.at("wuye").tells("办结 1 换了灯泡")
    town.group.skip()
    await _refused(town, who, "销号 1 已上门核实", SIGNERS)


@pytest.mark.parametrize("who", ["leader", "worker", "community", "secretary", "wuye", "leader2"])
async def test_a_supervision_comes_from_above(town: Town, who: str) -> None:
    await _given_to_the_property(town)
    await _refused(town, who, "督办 1 请尽快", SUPERVISORS)


@pytest.mark.parametrize("who", ["supervisor", "street", "district", "admin"])
async def test_those_above_supervise(town: Town, who: str) -> None:
    await _given_to_the_property(town)
    before = await town.ticket(1)
    await town.at(who).tells("督办 1 请尽快")
    await town.at(who).expect("✓ 已督办")
    await town.at("wuye").expect("【督办】#1", "请尽快", "进展 1")
    await town.at("leader").expect("【督办】#1")
    assert (await town.ticket(1)).state is before.state


@pytest.mark.parametrize("who", DECIDERS)
async def test_every_level_above_the_grid_may_step_in(town: Town, who: str) -> None:
    await _given_to_the_property(town)
    await town.group.says(who, "改类 1 路灯")
    await town.at(who).expect("✓ #1", "路灯")
    await town.group.says(who, "延期 1 3天 等配件")
    await town.at(who).expect("✓ #1", "已延期到")
    await town.group.says(who, "挂账 1 等资金")
    await town.at(who).expect("✓ #1", "已挂账")
    assert (await town.ticket(1)).state is State.SUSPENDED
    await town.group.says(who, "恢复 1")
    await town.at(who).expect("✓ #1", "已恢复办理")
    assert (await town.ticket(1)).state is State.IN_PROGRESS


async def test_a_neighbour_may_not_urge_but_the_reporter_may(town: Town) -> None:
    await _given_to_the_property(town)
    await _refused(town, "zhao", "催办 1", "反映人本人")
    await _refused(town, "gas", "催办 1", LEADERS)
    before = (await town.ticket(1)).version
    town.at("wuye").skip()
    await town.group.says("wang", "催办 1")
    await town.at("wuye").expect("#1", "居民在催问", "进展 1")
    await town.at("wang").expect("✓ #1", "已催办")
    assert (await town.ticket(1)).version == before + 1


@pytest.mark.parametrize("who", ["supervisor", "leader", "community", "street"])
async def test_staff_may_urge_whoever_works_on_it(town: Town, who: str) -> None:
    await _given_to_the_property(town)
    town.at("wuye").skip()
    await town.group.says(who, "催办 1")
    await town.at("wuye").expect("#1", "居民在催问")


@pytest.mark.parametrize("words", ["满意 1", "一般 1", "不满意 1 没修好", "撤回 1"])
async def test_a_neighbour_speaks_for_nobody(town: Town, words: str) -> None:
    await _given_to_the_property(town)
    if "撤回" not in words:
        await town.group.says("leader", "办结 1 换了灯泡")
        town.group.skip()
    await _refused(town, "zhao", words, "反映人本人")


@pytest.mark.parametrize("who", ["leader2", "gas", "volunteer", "zhao", "wuye", "supervisor"])
async def test_the_mode_of_a_group_is_its_leaders(town: Town, who: str) -> None:
    await town.group.says(who, "模式 静默")
    heard = town.group if who in RESIDENTS else town.at(who)
    await heard.expect("“模式”要由网格长或社区来回复")
    await town.group.says("wang", LAMP)
    await town.group.expect("已登记 #1")


async def test_a_mode_needs_its_group_and_its_name(town: Town) -> None:
    await town.at("leader").tells("模式 静默")
    await town.at("leader").expect("请到要设置的那个群里说")
    await town.group.says("leader", "模式 大声")
    await town.at("leader").expect("“模式”后面", "提示、静默")
    await town.group.says("leader", "模式")
    await town.at("leader").expect("“模式”后面")


@pytest.mark.parametrize("who", ["gas", "volunteer", "agent", "leader2"])
async def test_why_is_told_only_to_those_who_handle_it(town: Town, who: str) -> None:
    await _given_to_the_property(town)
    await town.group.says(who, "为什么 1")
    await town.at(who).expect("要由网格长或承办单位来回复")
    assert not any("起作用" in text for text in town.at(who).texts)


async def test_the_unit_in_charge_is_told_why(town: Town) -> None:
    await _given_to_the_property(town)
    town.at("wuye").skip()
    await town.at("wuye").tells("为什么 1")
    await town.at("wuye").expect("#1", "原话里起作用的词", "楼道灯")


@pytest.mark.parametrize("who", ["volunteer", "agent", "leader2", "gas", "supervisor"])
async def test_not_everybody_with_an_office_registers(town: Town, who: str) -> None:
    await town.group.says(who, "建单 3号楼楼道灯不亮")
    await town.at(who).expect("“建单”要由网格长或社区来回复")
    assert await town.tickets() == []


async def test_a_resident_who_says_so_bare_is_only_talking(town: Town) -> None:
    await town.group.says("zhao", "建单 那个谁")
    await town.group.silence()
    assert await town.tickets() == []
