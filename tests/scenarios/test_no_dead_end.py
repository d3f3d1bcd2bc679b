"""What the bot invites people to say is heard when they say it."""

from __future__ import annotations

import pytest

from routing.ticket import State, Verdict
from tests.scenarios.lines import GATE_LAMP, LAMP
from tests.scenarios.town import Town


async def test_an_objection_to_a_rejection_reaches_those_who_decide(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells("驳回 1 去看了，灯是亮的")
    await town.at("wang").expect("可以直接回复说明情况")
    await town.at("wang").tells("你们白天来的，当然看不出来")
    await town.at("wang").expect("已转告网格长和社区")
    for who in ("leader", "community"):
        await town.at(who).expect("不同意驳回", "你们白天来的", "撤销 1")
    await town.at("leader").tells("撤销 1")
    await town.at("wang").expect("已重新受理")
    assert (await town.ticket(1)).state is State.CONFIRMED


async def test_thanks_for_a_rejection_is_no_objection(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells("驳回 1 去看了，灯是亮的")
    await town.at("wang").tells("谢谢")
    assert not any("不同意" in text for text in town.at("leader").texts)


@pytest.mark.parametrize("words", ["不满意 又不亮了", "不满意 1 又不亮了"])
async def test_dissatisfaction_soon_after_closing_opens_it_again(town: Town, words: str) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells("办结 1 换了灯泡")
    await town.group.says("wang", "满意")
    await town.later(hours=2)
    await town.group.says("wang", words)
    assert (await town.ticket(1)).state is State.IN_PROGRESS


@pytest.mark.parametrize(
    ("words", "verdict"), [("不清楚", Verdict.NONE), ("清楚了", Verdict.SATISFIED)]
)
async def test_whether_an_answer_is_clear(town: Town, words: str, verdict: Verdict) -> None:
    await town.group.says("wang", "独生子女证丢了怎么补")
    await town.group.expect("这样答复清楚吗")
    await town.group.says("wang", words)
    assert (await town.ticket(1)).verdict is verdict
    if verdict is Verdict.NONE:
        await town.group.expect("请说说哪里不满意")


@pytest.mark.parametrize("words", ["@小格 怎么还没修", "@小格 都几天了没人来"])
async def test_who_complains_to_the_bot_reminds_those_who_work_on_it(
    town: Town, words: str
) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells("派单 1 物业")
    await town.later(hours=2)
    await town.group.says("wang", words)
    await town.at("wuye").expect("居民在催问")
    await town.at("wang").expect("已催办")


async def test_of_two_matters_the_complaint_is_asked_back(town: Town) -> None:
    for words in (LAMP, GATE_LAMP):
        await town.group.says("wang", words)
    await town.later(hours=2)
    await town.at("wang").tells("怎么还没人来修")
    await town.at("wang").expect("请问是哪一件", "催办 1")


async def test_what_waits_for_a_second_person_stands_in_the_list(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells("办结 1 换了灯泡")
    await town.at("community").tells("待办")
    await town.at("community").expect("没有等待处理")
    await town.later(days=4)
    await town.at("community").tells("待办")
    await town.at("community").expect("待办1件", "#1 楼道灯")
