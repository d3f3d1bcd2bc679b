"""Who hears of a step, and who does not: levels above, units, residents; and how often it may be.

What is said in the group is few and tested with the receipts; this is about the one-to-ones."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import GYM, LAMP, QUARREL
from tests.scenarios.town import Town

EVERYBODY = (
    "wang", "li", "zhao", "leader", "worker", "community", "secretary", "street", "district",
    "supervisor", "admin", "wuye", "water", "gas", "leader2", "community2", "volunteer", "agent",
)  # fmt: skip


async def _given(town: Town, unit: str = "供水") -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", f"派单 1 {unit}")
    skip(town)


def skip(town: Town) -> None:
    town.group.skip()
    for who in EVERYBODY:
        town.at(who).skip()


def heard(town: Town, words: str) -> set[str]:
    """Whoever was told, one-to-one, something with these words."""
    return {who for who in EVERYBODY if any(words in text for text in town.at(who).news)}


@pytest.mark.parametrize(
    ("who", "above"),
    [
        ("water", {"street"}),
        ("worker", {"community", "secretary"}),
        ("leader", {"community", "secretary"}),
        ("community", {"street"}),
        ("secretary", {"street"}),
        ("street", {"district"}),
        ("district", {"street"}),
    ],
)
async def test_what_is_handed_up_reaches_the_next_level_only(
    town: Town, who: str, above: set[str]
) -> None:
    await _given(town)
    await town.at(who).tells("上报 1 涉及几家单位")
    assert heard(town, "【上报】") == above
    await town.at(who).expect("✓ 已上报")
    assert any(
        "上报：涉及几家单位" in event.note for event in await town.events(await town.ticket(1))
    )


async def test_what_is_handed_up_needs_its_reason(town: Town) -> None:
    await _given(town)
    await town.at("water").tells("上报 1")
    await town.at("water").expect("“上报”后面", "涉及几个单位")
    assert heard(town, "【上报】") == set()


async def test_a_new_report_is_told_to_its_leaders_only(town: Town) -> None:
    await town.group.says("wang", LAMP)
    assert heard(town, "【待确认】") == {"leader"}


async def test_a_private_report_is_told_to_its_reporter_and_leaders(town: Town) -> None:
    await town.group.says("wang", QUARREL)
    assert heard(town, "#1") == {"wang", "leader"}
    assert not any("#1" in text for text in town.group.texts)


@pytest.mark.parametrize(
    ("who", "words", "told"),
    [
        ("leader", "驳回 1 不属实", {"wang", "zhao", "leader"}),
        ("leader", "改类 1 路灯", {"wang", "zhao", "leader"}),
        ("leader", "派单 1 供水", {"water", "leader"}),
        ("leader", "转 1 林网格员", {"worker", "leader"}),
        ("leader", "确认 1", {"leader"}),
        ("leader", "办结 1 换了灯泡", {"zhao", "leader"}),
        ("leader", "催办 1", {"leader"}),
        ("supervisor", "督办 1 请尽快", {"leader"}),
        ("wang", "催办 1", {"wang", "leader"}),
        ("zhao", "撤回 1", {"zhao"}),
    ],
)
async def test_a_step_is_told_to_those_it_concerns(
    town: Town, who: str, words: str, told: set[str]
) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("zhao", "+1 #1")
    skip(town)
    await town.group.says(who, words)
    assert heard(town, "#1") == told


async def test_the_unit_that_loses_it_hears_so_and_the_new_one_its_job(town: Town) -> None:
    await _given(town)
    await town.group.says("leader", "派单 1 物业")
    assert heard(town, "不用再办了") == {"water"}
    assert heard(town, "【派单】#1") == {"wuye"}


async def test_a_unit_hands_it_back_twice_and_no_more(town: Town) -> None:
    await town.group.says("wang", LAMP)
    for times, unit in enumerate(("water", "wuye"), start=1):
        await town.group.says("leader", f"派单 1 {'供水' if unit == 'water' else '物业'}")
        skip(town)
        await town.at(unit).tells("退单 1 不归我们管")
        assert (await town.ticket(1)).state is State.CONFIRMED
        assert "leader" in heard(town, "退单，原因：不归我们管")
        assert ("street" in heard(town, "#1")) is (times == 2)
    await town.group.says("leader", "派单 1 燃气")
    await town.at("gas").tells("退单 1 不归我们管")
    await town.at("gas").expect("#1", "已经退过两次，不能再退", "上报 1")
    assert (await town.ticket(1)).state is State.DISPATCHED


@pytest.mark.parametrize(("hours", "may"), [(0, True), (23, True), (24, True), (25, False)])
async def test_a_unit_hands_it_back_within_a_working_day(town: Town, hours: int, may: bool) -> None:
    await _given(town)
    await town.later(hours=hours)
    town.at("water").skip()
    await town.at("water").tells("退单 1 不归我们管")
    ticket = await town.ticket(1)
    assert (ticket.state is State.CONFIRMED) is may
    if not may:
        await town.at("water").expect("派单超过一个工作日，不能再退单", "上报")


async def test_an_exception_is_signed_by_a_second_person(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("community", "办结 1 换了灯泡")
    town.at("community").skip()
    await town.group.says("community", "销号 1 已核实")
    await town.at("community").expect("要由没有经手过的第二个人来签")
    await town.group.says("street", "销号 1")
    await town.at("street").expect("“销号”后面", "已上门核实")
    assert (await town.ticket(1)).state is State.RESOLVED
    await town.group.says("street", "销号 1 已上门核实")
    assert (await town.ticket(1)).state is State.CLOSED
    await town.group.expect("#1", "经第二人核实后销号")


@pytest.mark.parametrize("said", [("延期 1 3天 等配件",), ("挂账 1 等资金", "恢复 1"), ("确认 1",)])
async def test_who_put_it_off_is_no_second_person(town: Town, said: tuple[str, ...]) -> None:
    await town.group.says("wang", LAMP)
    if "确认 1" not in said:
        await town.group.says("leader", "确认 1")
    for words in said:
        await town.group.says("community", words)
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.later(days=3, hours=1)
    town.at("leader").skip()
    await town.group.says("community", "销号 1 已核实")
    await town.at("community").expect("要由没有经手过的第二个人来签")
    assert not any("没有评价" in text for text in town.at("community").news)
    assert any("没有评价" in text for text in town.at("secretary").news)
    await town.group.says("street", "销号 1 已上门核实")
    assert (await town.ticket(1)).state is State.CLOSED


async def test_nobody_signs_while_a_reason_is_awaited(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.group.says("wang", "不满意")
    town.group.skip()
    await town.group.says("street", "销号 1 已上门核实")
    await town.at("street").expect("#1", "正在请他说原因，现在不能销号")
    assert (await town.ticket(1)).state is State.RESOLVED


@pytest.mark.parametrize("words", ["已经换了", "明天上午十点到"])
@pytest.mark.parametrize("place", ["g1", "leader"])
async def test_progress_reaches_the_reporter_once(town: Town, place: str, words: str) -> None:
    await town.group.says("wang", LAMP)
    skip(town)
    await town.at(place).says("local:leader", f"进展 1 {words}")
    told = [t for t in (*town.at("wang").news, *town.group.news) if words in t]
    assert len(told) == 1
    assert (words in "".join(town.at("wang").news)) is (place == "g1")


async def test_who_takes_a_job_from_a_colleague_is_named_by_the_office(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "我来 1")
    skip(town)
    await town.group.says("worker", "我来 1")
    assert heard(town, "已改由网格员办理") == {"leader"}
    assert (await town.ticket(1)).handler == "local:worker"


async def test_a_merge_is_told_to_the_voices_of_the_child_only(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    skip(town)
    await town.group.says("leader", "并入 2 1")
    assert heard(town, "是同一件事，已并入一起办") == {"li"}
    assert heard(town, "反映人都会收到结果") == {"leader"}
    skip(town)
    await town.group.says("leader", "撤销 2")
    assert heard(town, "已恢复单独办理") == {"li"}
    assert heard(town, "已从 #1") == set()
