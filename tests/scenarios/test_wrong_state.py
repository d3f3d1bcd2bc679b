"""A word at the wrong time: the state is named, with what can be done, and nothing moves.

What is possible in each state is written down here once more, by what people may expect of it."""

from __future__ import annotations

import re

import pytest

from routing.ticket import State
from tests.scenarios.lines import GYM, LAMP
from tests.scenarios.town import Town

WORDS = {
    "确认": "确认 1", "驳回": "驳回 1 不属实", "改类": "改类 1 路灯", "派单": "派单 1 供水",
    "我来": "我来 1", "进展": "进展 1 看过了", "延期": "延期 1 3天 等配件",
    "挂账": "挂账 1 等资金", "恢复": "恢复 1", "办结": "办结 1 换了灯泡", "催办": "催办 1",
    "吹哨": "吹哨 1 供水 排水", "督办": "督办 1 请尽快", "上报": "上报 1 涉及几家",
    "转": "转 1 供水", "并入": "并入 1 2", "销号": "销号 1 已核实",
}  # fmt: skip
PATHS: dict[State, tuple[tuple[str, str], ...]] = {
    State.REPORTED: (),
    State.CONFIRMED: (("street", "确认 1"),),
    State.DISPATCHED: (("leader", "派单 1 物业"),),
    State.IN_PROGRESS: (("leader", "我来 1"),),
    State.SUSPENDED: (("leader", "确认 1"), ("leader", "挂账 1 等资金")),
    State.RESOLVED: (("leader", "办结 1 换了灯泡"),),
    State.CLOSED: (("leader", "办结 1 换了灯泡"), ("wang", "满意 1")),
    State.REJECTED: (("leader", "驳回 1 不属实"),),
    State.WITHDRAWN: (("wang", "撤回 1"),),
}
POSSIBLE: dict[State, str] = {
    State.REPORTED: "确认 驳回 改类 派单 我来 进展 办结 催办 吹哨 督办 上报 转 并入",
    State.CONFIRMED: "驳回 改类 派单 我来 进展 延期 挂账 办结 催办 吹哨 督办 上报 转 并入",
    State.DISPATCHED: "改类 派单 我来 进展 延期 挂账 办结 催办 吹哨 督办 上报 转 并入",
    State.IN_PROGRESS: "改类 派单 我来 进展 延期 挂账 办结 催办 吹哨 督办 上报 转 并入",
    State.SUSPENDED: "改类 进展 恢复 办结 催办 督办 上报",
    State.RESOLVED: "销号",
    State.CLOSED: "",
    State.REJECTED: "确认",
    State.WITHDRAWN: "",
}


async def _reach(town: Town, state: State) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("wang", GYM)
    for who, words in PATHS[state]:
        await town.group.says(who, words)
    assert (await town.ticket(1)).state is state
    town.group.skip()


def _impossible(state: State) -> list[str]:
    return [verb for verb in WORDS if verb not in POSSIBLE[state].split()]


@pytest.mark.parametrize("state", PATHS)
async def test_what_does_not_fit_names_the_state_and_changes_nothing(
    town: Town, state: State
) -> None:
    await _reach(town, state)
    before = await town.ticket(1)
    for verb in _impossible(state):
        await town.group.says("street", WORDS[verb])
        post = await town.at("street").expect("#1", f"现在是“{state.label}”，不能{verb}")
        offered = re.findall("[一-鿿]+", post.text.partition("可以：")[2])
        assert set(offered) <= set(POSSIBLE[state].split()), f"{state}: {post.text}"
        assert await town.ticket(1) == before, f"{state}: {verb}"
        await town.group.silence()


@pytest.mark.parametrize(
    ("state", "verb"),
    [(s, v) for s, verbs in POSSIBLE.items() for v in verbs.split() if v not in {"转", "上报"}],
)
async def test_what_fits_is_done(town: Town, state: State, verb: str) -> None:
    await _reach(town, state)
    before = await town.ticket(1)
    await town.group.says("street", WORDS[verb])
    after = await town.ticket(1)
    assert after.version > before.version
    assert (await town.events(after))[before.version].by == "local:street"


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.REJECTED, State.WITHDRAWN])
async def test_nothing_is_merged_into_what_has_ended(town: Town, state: State) -> None:
    await _reach(town, state)
    await town.group.says("leader", "并入 2 1")
    child = await town.ticket(2)
    if state is State.RESOLVED:
        assert child.state is State.MERGED
        return
    await town.at("leader").expect("#1", f"现在是“{state.label}”，不能并入")
    assert child.state is State.REPORTED


@pytest.mark.parametrize("state", [s for s in PATHS if s is not State.WITHDRAWN])
async def test_withdrawing_works_until_it_is_finished(town: Town, state: State) -> None:
    await _reach(town, state)
    await town.group.says("wang", "撤回 1")
    after = (await town.ticket(1)).state
    if state in {State.RESOLVED, State.CLOSED, State.REJECTED}:
        await town.group.expect("#1", f"现在是“{state.label}”，不能撤回")
        assert after is state
    else:
        await town.at("wang").expect("#1", "已按您的意思撤回")
        assert after is State.WITHDRAWN


@pytest.mark.parametrize("words", ["满意 1", "一般 1", "不满意 1 没弄好"])
@pytest.mark.parametrize("state", [s for s in PATHS if s is not State.RESOLVED])
async def test_a_verdict_waits_for_the_finish(town: Town, state: State, words: str) -> None:
    await _reach(town, state)
    before = await town.ticket(1)
    await town.group.says("wang", words)
    if state is State.CLOSED and words.startswith("不满意"):
        assert (await town.ticket(1)).state is State.IN_PROGRESS
        return
    part = "如果问题又出现了，请说：没修好"
    if state not in {State.CLOSED, State.REJECTED, State.WITHDRAWN}:
        part = "办结后再请您评价"
    await town.group.expect("#1", f"现在是“{state.label}”", part)
    assert await town.ticket(1) == before


@pytest.mark.parametrize(
    ("state", "then", "said"),
    [
        (State.REPORTED, State.REPORTED, "没有可以撤销的"),
        (State.DISPATCHED, State.DISPATCHED, "派错了请重新派：派单 1"),
        (State.CLOSED, State.CLOSED, "没有可以撤销的"),
        (State.WITHDRAWN, State.WITHDRAWN, "没有可以撤销的"),
        (State.REJECTED, State.CONFIRMED, ""),
        (State.RESOLVED, State.IN_PROGRESS, ""),
    ],
)
async def test_what_can_be_undone(town: Town, state: State, then: State, said: str) -> None:
    await _reach(town, state)
    await town.group.says("leader", "撤销 1")
    assert (await town.ticket(1)).state is then
    if said:
        post = await town.at("leader").expect("#1", said)
        assert ("请重新派" in post.text) == (state not in {State.CLOSED, State.WITHDRAWN})
    else:
        await town.at("leader").expect("✓ #1", f"已撤销上一步，现在是{then.label}")


async def test_an_urgent_ticket_is_still_answered_by_a_yes(town: Town) -> None:
    await town.group.says("wang", "7号楼冒黑烟了着火了")
    assert (await town.ticket(1)).state is State.CONFIRMED
    await town.group.says("leader", "确认 1")
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.handler) == (State.IN_PROGRESS, "local:leader")
    town.at("leader").skip()
    await town.group.says("leader", "确认 1")
    await town.at("leader").expect("#1", "现在是“处置中”，不能确认")


async def test_what_somebody_was_dissatisfied_with_is_not_rejected_any_more(town: Town) -> None:
    await _reach(town, State.RESOLVED)
    await town.group.says("wang", "不满意 1 还是不亮")
    await town.group.says("leader", "派单 1 供电")
    await town.at("power").tells("退单 1 不归我们")
    assert (await town.ticket(1)).state is State.CONFIRMED
    town.at("leader").skip()
    await town.group.says("leader", "驳回 1 不属实")
    await town.at("leader").expect("#1", "不能驳回")
    assert (await town.ticket(1)).state is State.CONFIRMED
