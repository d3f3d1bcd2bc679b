"""What the grid leader answers: by quote, by number, bare; and what the bot says when unsure."""

from __future__ import annotations

import pytest

from routing.ticket import Result, State
from tests.scenarios.lines import GATE_LAMP, GYM, LAMP, WAGES
from tests.scenarios.town import Town

VERBS = [
    ("确认", State.CONFIRMED),
    ("驳回 现场没有这个问题", State.REJECTED),
    ("改类 路灯", State.REPORTED),
    ("派单 物业", State.DISPATCHED),
    ("办结 换了灯泡", State.RESOLVED),
    ("进展 师傅明天到", State.IN_PROGRESS),
    ("转 网格员", State.DISPATCHED),
    ("我来", State.IN_PROGRESS),
]
ON_CONFIRMED = [("延期 3天 等配件", State.CONFIRMED), ("挂账 等资金", State.SUSPENDED)]


@pytest.mark.parametrize(("words", "state"), VERBS)
async def test_every_verb_by_quoting_the_receipt(town: Town, words: str, state: State) -> None:
    await town.group.says("wang", LAMP)
    receipt = await town.group.expect("#1")
    await town.group.says("li", GYM)
    await town.group.says("leader", words, quote=receipt)
    assert (await town.ticket(1)).state is state
    assert (await town.ticket(2)).state is State.REPORTED
    await town.at("leader").expect("✓ #1")


@pytest.mark.parametrize(("words", "state"), VERBS)
async def test_every_verb_by_number(town: Town, words: str, state: State) -> None:
    await town.group.says("wang", GYM)
    await town.group.says("li", LAMP)
    verb, _, rest = words.partition(" ")
    await town.group.says("leader", f"{verb} 2 {rest}")
    assert (await town.ticket(2)).state is state
    assert (await town.ticket(1)).state is State.REPORTED


@pytest.mark.parametrize(("words", "state"), VERBS)
async def test_every_verb_bare_when_one_thing_is_pending(
    town: Town, words: str, state: State
) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", words)
    assert (await town.ticket(1)).state is state


@pytest.mark.parametrize(("words", "state"), ON_CONFIRMED)
async def test_deadlines_are_moved_and_stopped_once_confirmed(
    town: Town, words: str, state: State
) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "确认")
    await town.group.says("leader", words)
    assert (await town.ticket(1)).state is state


@pytest.mark.parametrize(("words", "state"), VERBS)
async def test_quoting_the_residents_own_words(town: Town, words: str, state: State) -> None:
    said = await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    await town.group.says("leader", words, quote=said)
    assert (await town.ticket(1)).state is state
    assert len(await town.tickets()) == 2


@pytest.mark.parametrize(
    "words", ["#2确认", "2号单确认", "２ 确认", "二号单确认", "确认2", "确认 #２", "@小格 确认 2",
              "＠小格 2号单 确认", "第2号单，确认", "2，是", "确认\u200b 2", "2 收到"],
)  # fmt: skip
async def test_numbers_as_people_type_them(town: Town, words: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    await town.group.says("leader", words)
    assert (await town.ticket(2)).state is State.CONFIRMED
    assert (await town.ticket(1)).state is State.REPORTED


@pytest.mark.parametrize("word", ["确认", "是", "1", "１", "收到", "👌", "是的", "1。"])
async def test_words_for_yes_when_one_thing_is_pending(town: Town, word: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", word)
    assert (await town.ticket(1)).state is State.CONFIRMED


@pytest.mark.parametrize("word", ["好的", "嗯嗯", "可以", "👍", "ok", "好了", "不是", "对的"])
async def test_words_of_plain_talk_decide_nothing_in_the_group(town: Town, word: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.expect("#1")
    await town.group.says("leader", word)
    await town.group.silence()
    assert (await town.ticket(1)).state is State.REPORTED


@pytest.mark.parametrize(
    "word", ["收到", "好的！", "收到，谢谢", "👌", "嗯", "好的辛苦大家", "可以"]
)
async def test_weak_words_are_silent_when_several_or_none_are_pending(
    town: Town, word: str
) -> None:
    await town.group.says("leader", word)
    await town.group.silence()
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    town.group.skip()
    town.at("leader").skip()
    await town.group.says("leader", word)
    await town.group.silence()
    assert {t.state for t in await town.tickets()} == {State.REPORTED}
    assert town.at("leader").news == []


@pytest.mark.parametrize("word", ["确认", "1", "办结 修好了", "派单 物业", "我来"])
async def test_an_ambiguous_command_gets_one_line_with_the_candidates(
    town: Town, word: str
) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    town.group.skip()
    await town.group.says("leader", word)
    await town.at("leader").expect("哪一件", "#1", "#2")
    await town.group.silence()
    assert {t.state for t in await town.tickets()} == {State.REPORTED}


async def test_candidates_that_are_private_are_listed_one_to_one(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", WAGES)
    town.group.skip()
    await town.group.says("leader", "确认")
    await town.group.silence()
    await town.at("leader").expect("哪一件", "#1", "#2")


async def test_quoting_a_receipt_of_two_asks_which(town: Town) -> None:
    words = town.means("7幢灯坏了，垃圾也没人收", "0403", "0101", place="7幢")
    await town.group.says("wang", words)
    receipt = await town.group.expect("两件")
    await town.group.says("leader", "确认", quote=receipt)
    await town.at("leader").expect("哪一件", "#1", "#2", "确认 1")


@pytest.mark.parametrize(
    "words", ["确认 1", "驳回 1 没有", "派单 1 物业", "办结 1 修好了", "进展 1 快了", "延期 1 3天",
              "挂账 1 没钱", "恢复 1", "退单 1 不归我", "销号 1 好了", "改类 1 路灯", "并入 1 2",
              "撤销 1", "我来 1"],
)  # fmt: skip
async def test_a_resident_with_a_leaders_command_gets_one_polite_line(
    town: Town, words: str
) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    town.group.skip()
    await town.group.says("li", words)
    await town.group.expect("要由", "来回复")
    await town.group.silence()
    assert (await town.ticket(1)).state is State.REPORTED


@pytest.mark.parametrize("words", ["延期交房都三年了", "确认", "办结", "收到", "我来", "派单"])
async def test_a_residents_bare_words_are_talk(town: Town, words: str) -> None:
    await town.group.says("wang", LAMP)
    town.group.skip()
    await town.group.says("li", words)
    assert (await town.ticket(1)).state is State.REPORTED
    assert not any("要由" in text for text in town.group.news)


async def test_a_stranger_unit_may_not_finish_what_is_not_its_own(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 物业")
    await town.group.says("gas", "办结 1 修好了")
    await town.at("gas").expect("要由", "来回复")
    await town.at("wuye").tells("办结 换了灯泡")
    assert (await town.ticket(1)).state is State.RESOLVED


@pytest.mark.parametrize(
    ("words", "result"),
    [
        ("办结 已换灯泡", Result.SOLVED),
        ("办结 部分解决，二楼还缺配件", Result.PARTIAL),
        ("办结 解释说明：属于产权单位", Result.EXPLAINED),
        ("办结 无法解决，没有产权", Result.UNABLE),
        ("办结 转外部，已移交铁路", Result.EXTERNAL),
        ("修好了", Result.SOLVED),
    ],
)
async def test_a_finish_names_its_result(town: Town, words: str, result: Result) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", words)
    assert (await town.ticket(1)).result is result
    await town.group.expect("#1", "满意")


@pytest.mark.parametrize("verb", ["驳回", "改类", "办结", "进展", "延期", "挂账", "转"])
async def test_a_command_without_its_words_is_told_how(town: Town, verb: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "确认")
    await town.group.says("leader", f"{verb} 1")
    if verb != "转":
        await town.at("leader").expect(f"“{verb}”后面", "例如")
    assert (await town.ticket(1)).state is State.CONFIRMED


async def test_an_illegal_move_names_the_state_and_what_is_possible(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "恢复 1")
    await town.at("leader").expect("#1", "待确认", "不能恢复", "可以", "确认", "派单")


async def test_a_number_that_does_not_exist(town: Town) -> None:
    await town.group.says("wang", LAMP)
    for words, number in (("确认 12", "#12"), ("办结 999999 好了", "#999999"), ("进度 7", "#7")):
        await town.group.says("leader", words)
        await town.at("leader").expect("没有找到", number)


async def test_nothing_pending_is_said_to_a_strong_word_only(town: Town) -> None:
    await town.group.says("leader", "确认")
    await town.at("leader").expect("现在没有", "确认")
    await town.group.says("leader", "我来")
    await town.group.silence()


@pytest.mark.parametrize("words", ["停水", "车位", "噪音", "垃圾", "电梯", "楼道灯", "路灯"])
async def test_a_category_by_any_word_a_person_would_use(town: Town, words: str) -> None:
    await town.group.says("wang", LAMP)
    town.group.skip()
    await town.group.says("leader", f"改类 {words}")
    found = [text for text in (*town.at("leader").news, *town.group.news) if words in text]
    assert found or "✓" in "".join(town.at("leader").news)


async def test_an_unknown_category_or_unit_is_said(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "改类 火星人")
    await town.at("leader").expect("没有找到“火星人”这一类")
    await town.group.says("leader", "派单 火星局")
    await town.at("leader").expect("没有找到“火星局”这个单位")


async def test_a_new_category_moves_deadline_and_unit_and_tells_the_reporter(town: Town) -> None:
    await town.group.says("wang", LAMP)
    before = await town.ticket(1)
    await town.group.says("leader", "改类 油烟")
    after = await town.ticket(1)
    assert (after.code, after.unit) == ("0604", "chengguan")
    assert after.due_at != before.due_at
    await town.at("wang").expect("#1", "油烟")


async def test_dispatch_tells_the_unit_and_names_it_to_the_group(town: Town) -> None:
    await town.group.says("wang", GATE_LAMP)
    await town.group.says("leader", "派单市政")
    await town.at("road").expect("派单", "#1", "我来 1", "办结 1", "退单 1")
    await town.group.expect("#1", "示例市政设施中心")
    await town.at("road").tells("我来")
    assert (await town.ticket(1)).handler == "local:road"


@pytest.mark.parametrize("who", ["网格员", "林网格员", "给网格员", "供水"])
async def test_passing_on_to_a_person_or_unit(town: Town, who: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", f"转 1 {who}" if who != "给网格员" else "1 转给网格员")
    ticket = await town.ticket(1)
    assert ticket.state is State.DISPATCHED
    assert ticket.handler == "local:worker" or ticket.unit == "gongshui"


@pytest.mark.parametrize("words", ["转一下", "转弯小心", "转发大家看看", "转角那家店不错"])
async def test_talk_that_begins_like_passing_on(town: Town, words: str) -> None:
    await town.group.says("wang", LAMP)
    town.group.skip()
    await town.group.says("leader", words)
    await town.group.silence()
    assert (await town.ticket(1)).state is State.REPORTED


@pytest.mark.parametrize("words", ["2单元的灯又坏了", "3单元还没修好"])
async def test_a_stairwell_is_not_a_ticket_number(town: Town, words: str) -> None:
    await town.group.says("wang", words)
    assert not any("没有找到" in text for text in town.group.texts)


async def test_the_todo_list_is_told_one_to_one(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", WAGES)
    town.group.skip()
    await town.group.says("leader", "待办")
    await town.group.silence()
    await town.at("leader").expect("待办2件", "#1", "#2")


async def test_a_leader_of_three_groups_is_asked_where_one_to_one(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells("办结 1 好了")
    assert (await town.ticket(1)).state is State.RESOLVED
    await town.at("g3").says("li", "车棚路灯不亮")
    await town.at("leader").tells("建单 西门口路灯不亮")
    await town.at("leader").expect("哪个群")


async def test_several_numbers_in_one_command(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    await town.group.says("leader", "确认 1、2")
    assert {t.state for t in await town.tickets()} == {State.CONFIRMED}
    await town.group.says("leader", "确认 1 2 3 4 5 6 7")
    await town.at("leader").expect("太多")


async def test_a_leader_asks_why_and_hears_words_and_rules(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "为什么 1")
    await town.at("leader").expect("#1", "楼道灯", "类别“楼道灯”")
    await town.group.says("li", "为什么 1")
    assert not any("类别" in text for text in town.group.news)
