"""What is added to a report is never lost, and a complaint is not told to whom it is about."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import WAGES
from tests.scenarios.town import Town

SLOW = "网格长办事就是慢，爱答不理"


async def _complain(town: Town, who: str = "yang") -> None:
    await town.at("g2").says(who, town.means(SLOW, "1901"))
    town.at(who).skip()


async def test_a_complaint_about_officials_is_told_to_the_street_only(town: Town) -> None:
    await _complain(town)
    await town.at("street").expect("【待确认】#1 干部作风投诉", SLOW)
    await town.later(days=12)
    near = ("leader2", "worker2", "community2", "leader", "worker")
    assert [text for who in near for text in town.at(who).texts if "干部作风" in text] == []


@pytest.mark.parametrize(
    "order", ["待办", "确认 1", "为什么 1", "驳回 1 没有的事", "进度 1", "办结 1 改了"]
)
async def test_whom_it_may_be_about_can_neither_see_nor_end_it(town: Town, order: str) -> None:
    await _complain(town)
    await town.at("leader2").tells(order)
    assert not [text for text in town.at("leader2").texts if "干部作风" in text or SLOW in text]
    assert (await town.ticket(1, "g2")).state is State.REPORTED


async def test_the_street_works_on_it_and_the_reporter_hears(town: Town) -> None:
    await _complain(town)
    await town.at("street").tells("确认 1")
    await town.at("street").tells("办结 1 已谈话提醒")
    await town.at("yang").expect("#1", "已谈话提醒")
    assert (await town.ticket(1, "g2")).state is State.RESOLVED
    await town.later(days=5)
    assert not [text for text in town.at("community2").texts if "干部作风" in text]


async def test_other_private_matters_stay_with_the_leader(town: Town) -> None:
    await town.at("g2").says("yang", WAGES)
    await town.at("leader2").expect("【待确认】#1 拖欠工资")


@pytest.mark.parametrize(
    "words",
    [
        "他舅子在城里有两套房",
        "我电话13900000000",
        "好久之前就这样了",
        "不要让村里知道是我说的",
    ],
)
async def test_what_is_told_one_to_one_right_after_is_kept_and_passed_on(
    town: Town, words: str
) -> None:
    await _complain(town)
    town.at("street").skip()
    await town.at("yang").tells(words)
    await town.at("yang").expect("已补充到 #1")
    await town.at("street").expect("#1", "反映人补充", words[:8])
    assert (await town.events(await town.ticket(1, "g2")))[-1].note == words
    assert town.at("g2").texts == town.at("g2").texts[:1]


@pytest.mark.parametrize("words", ["谢谢", "好的", "收到", "知道了"])
async def test_thanks_are_no_addition(town: Town, words: str) -> None:
    await _complain(town)
    town.at("street").skip()
    await town.at("yang").tells(words)
    assert town.at("yang").news + town.at("street").news == []


@pytest.mark.parametrize("words", ["好久有回复", "好久才有结果", "多久能有结果", "啥时候有消息"])
async def test_asking_how_long_is_passed_on(town: Town, words: str) -> None:
    await _complain(town)
    await town.at("yang").tells(words)
    await town.at("yang").expect("#1", "已催办")


@pytest.mark.parametrize(
    ("words", "shown"),
    [("7幢1单元101", "7幢1单元"), ("三楼 三单元", "三单元"), ("就是东门第三家", "东门")],
)
async def test_a_more_exact_place_reaches_those_who_go_there(
    town: Town, words: str, shown: str
) -> None:
    await town.group.says("wang", town.means("楼道里下水道堵了", "0501", place="楼道里"))
    town.at("leader").skip()
    await town.group.says("wang", words)
    place = (await town.ticket(1)).place
    assert "楼道里" in place
    assert shown in place
    assert "101" not in place
    await town.at("leader").expect("已补充到 #1", shown)


@pytest.mark.parametrize(
    "words", ["我去东门接孩子", "东门那家面馆好吃", "东门也没有", "谁在东门", "你到东门了吗"]
)
async def test_naming_a_place_in_talk_changes_nothing(town: Town, words: str) -> None:
    await town.group.says("wang", town.means("一楼下水道堵了", "0501", place="一楼"))
    before = (await town.ticket(1)).place
    town.at("leader").skip()
    await town.group.says("wang", words)
    assert (await town.ticket(1)).place == before
    assert town.at("leader").news == []


@pytest.mark.parametrize("words", ["8幢", "打错了，是8幢"])
async def test_another_building_is_not_put_beside_the_first(town: Town, words: str) -> None:
    await town.group.says("wang", town.means("7幢3单元下水道堵了", "0501", place="7幢3单元"))
    await town.group.says("wang", words)
    assert "，" not in (await town.ticket(1)).place


@pytest.mark.parametrize("words", ["快点 要进屋了", "赶紧啊，等不及了", "麻烦快点来"])
async def test_who_presses_for_his_report_opens_no_other(town: Town, words: str) -> None:
    await town.group.says("wang", town.means("7幢下水道堵了", "0501", place="7幢"))
    town.at("leader").skip()
    town.group.skip()
    await town.group.says("wang", words)
    assert len(await town.tickets()) == 1
    await town.at("leader").expect("#1", "催问")
    await town.group.silence()


@pytest.mark.parametrize("words", ["快点，着火了", "快来人 他晕倒了", "3幢冒烟了", "快点来人"])
async def test_a_new_danger_is_heard_beside_it(town: Town, words: str) -> None:
    await town.group.says("wang", town.means("7幢下水道堵了", "0501", place="7幢"))
    await town.group.says("wang", words)
    assert [t.urgent for t in await town.tickets()] == [False, True]


async def test_what_has_mended_itself_is_withdrawn_by_its_reporter(town: Town) -> None:
    await town.group.says("wang", town.means("3单元门禁刷不开", "0408", place="7幢3单元"))
    await town.group.says("li", "我试了一下 可以了 不用来了")
    assert (await town.ticket(1)).state is State.REPORTED
    await town.group.says("wang", "我又试了一下 可以了 不用来了")
    assert (await town.ticket(1)).state is State.WITHDRAWN
    await town.at("leader").expect("#1", "反映人已撤回")


async def test_me_too_of_another_unit_is_another_lamp(town: Town) -> None:
    await town.group.says("wang", town.means("3单元的灯坏了", "0403", place="7幢3单元"))
    await town.group.says("h1", "我们2单元也是")
    assert [(t.code, t.place_normal) for t in await town.tickets()] == [
        ("0403", "7幢3单元"), ("0403", "7幢2单元"),
    ]  # fmt: skip
    await town.group.says("h2", "我们3单元也是")
    assert ("local:h2" in (await town.ticket(1)).supporters) is True


@pytest.mark.parametrize("code", ["0301", "0302"])
async def test_a_failure_of_supply_is_one_for_all_units(town: Town, code: str) -> None:
    await town.group.says("wang", town.means("3单元停了", code, place="7幢3单元"))
    await town.group.says("h1", "我们2单元也是")
    assert len(await town.tickets()) == 1
