"""Which ticket is meant: by number, by quote, bare; in one group, in several, after a merge.

What is not clear is asked back in one line that names the candidates, and nothing moves."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import GATE_LAMP, GYM, LAMP, QUARREL
from tests.scenarios.town import Town

VILLAGE = "村口路灯不亮"


async def _states(town: Town, group: str = "g1") -> list[State]:
    return [ticket.state for ticket in await town.tickets(group)]


async def _two(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    town.group.skip()


@pytest.mark.parametrize(
    "words", ["办结 换了灯泡", "驳回 不属实", "派单 供水", "进展 看过了", "催办", "改类 路灯"]
)
async def test_a_bare_word_about_two_is_asked_back(town: Town, words: str) -> None:
    await _two(town)
    before = await town.tickets()
    await town.group.says("leader", words)
    verb = words.split(maxsplit=1)[0]
    post = await town.at("leader").expect("请问是哪一件？", "#1", "#2")
    assert post.text.endswith(f"请带上编号，例如：{verb} 1")
    assert await town.tickets() == before


async def test_only_what_the_word_fits_is_a_candidate(town: Town) -> None:
    await _two(town)
    await town.group.says("leader", "确认 1")
    await town.group.says("leader", "挂账 等资金")
    assert await _states(town) == [State.SUSPENDED, State.REPORTED]
    await town.group.says("leader", "恢复")
    assert await _states(town) == [State.IN_PROGRESS, State.REPORTED]


async def test_a_unit_means_the_one_it_works_on(town: Town) -> None:
    await _two(town)
    await town.group.says("leader", "派单 2 供水")
    await town.at("water").tells("我来")
    await town.at("water").tells("办结 修好了")
    assert await _states(town) == [State.REPORTED, State.RESOLVED]


async def test_a_unit_with_two_is_asked_and_lists_only_its_own(town: Town) -> None:
    await _two(town)
    await town.group.says("li", GATE_LAMP)
    await town.group.says("leader", "派单 1 供水")
    await town.group.says("leader", "派单 2 供水")
    town.at("water").skip()
    await town.at("water").tells("办结 修好了")
    post = await town.at("water").expect("请问是哪一件？", "#1", "#2")
    assert "#3" not in post.text
    assert State.RESOLVED not in await _states(town)


@pytest.mark.parametrize("words", ["办结 3 好了", "进展 99 好了", "并入 1 9"])
async def test_a_number_that_is_none(town: Town, words: str) -> None:
    await _two(town)
    before = await town.tickets()
    await town.group.says("leader", words)
    await town.at("leader").expect("没有找到 #", "回复 待办 查看")
    assert await town.tickets() == before


async def test_one_wrong_number_among_several_stops_all(town: Town) -> None:
    await _two(town)
    await town.group.says("leader", "确认 1 2 9")
    await town.at("leader").expect("没有找到 #9")
    assert await _states(town) == [State.REPORTED, State.REPORTED]


async def test_one_illegal_number_among_several_stops_all(town: Town) -> None:
    await _two(town)
    await town.group.says("leader", "办结 2 好了")
    town.at("leader").skip()
    await town.group.says("leader", "确认 1 2")
    await town.at("leader").expect("#2", "不能确认")
    assert await _states(town) == [State.REPORTED, State.RESOLVED]


async def test_a_number_given_twice_counts_once(town: Town) -> None:
    await _two(town)
    await town.group.says("leader", "确认 1 1 2")
    assert await _states(town) == [State.CONFIRMED, State.CONFIRMED]
    assert len(await town.events(await town.ticket(1))) == 2


async def test_numbers_are_those_of_the_group_that_is_spoken_in(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("g2").says("yang", VILLAGE)
    await town.at("g2").says("leader2", "确认 1")
    assert (await _states(town), await _states(town, "g2")) == (
        [State.REPORTED],
        [State.CONFIRMED],
    )


async def test_who_serves_several_groups_is_asked_which_group(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("g2").says("yang", VILLAGE)
    await town.at("street").tells("办结 1 修好了")
    post = await town.at("street").expect("有2件都是 #1", "示范社区7幢微网格群", "示例村微网格群")
    assert "楼道灯" in post.text
    assert "请引用小格说那件事的消息" in post.text
    assert [*await _states(town), *await _states(town, "g2")] == [State.REPORTED] * 2


async def test_of_two_groups_the_only_one_that_the_word_fits_is_meant(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("g2").says("yang", VILLAGE)
    await town.group.says("leader", "确认 1")
    await town.at("street").tells("延期 1 3天 等配件")
    await town.at("street").expect("✓ #1 楼道灯", "已延期到")
    assert await _states(town, "g2") == [State.REPORTED]


async def test_what_has_ended_does_not_stand_in_the_way(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("g2").says("yang", VILLAGE)
    await town.at("g2").says("yang", "撤回 1")
    await town.at("street").tells("为什么 1")
    await town.at("street").expect("#1 楼道灯", "原话里起作用的词")
    await town.at("street").tells("确认 1")
    assert (await town.ticket(1)).state is State.CONFIRMED


async def test_a_unit_hears_only_of_the_group_that_is_its_own(town: Town) -> None:
    """Of one number in two groups the unit means the one that it was given."""
    await town.group.says("wang", LAMP)
    await town.at("g2").says("yang", VILLAGE)
    await town.at("g2").says("leader2", "派单 1 供水")
    await town.at("water").tells("办结 1 修好了")
    assert (await _states(town), await _states(town, "g2")) == ([State.REPORTED], [State.RESOLVED])


async def test_a_private_number_does_not_exist_for_others(town: Town) -> None:
    await town.group.says("wang", QUARREL)
    assert (await town.ticket(1)).private
    town.group.skip()
    for who in ("li", "gas", "leader2", "volunteer"):
        await town.group.says(who, "进展 1 看过了")
        heard = town.group if who == "li" else town.at(who)
        await heard.expect("没有找到 #1")
    await town.group.says("li", "进度 1")
    await town.group.expect("没有找到 #1", "回复 进度 查看")
    await town.group.says("wang", "进度 1")
    await town.at("wang").expect("#1", "待确认")
    await town.group.silence()


async def test_a_merged_number_means_the_ticket_that_goes_on(town: Town) -> None:
    await _two(town)
    await town.group.says("leader", "并入 2 1")
    await town.group.says("leader", "办结 2 都修好了")
    assert await _states(town) == [State.RESOLVED, State.MERGED]
    await town.group.expect("#1", "都修好了")


async def test_a_merged_and_its_parent_in_one_word_are_one(town: Town) -> None:
    await _two(town)
    await town.group.says("leader", "并入 2 1")
    await town.group.says("leader", "确认 1 2")
    assert (await town.ticket(1)).state is State.CONFIRMED
    assert sum(e.action == "confirm" for e in await town.events(await town.ticket(1))) == 1


async def test_a_quote_beats_what_is_pending(town: Town) -> None:
    await town.group.says("wang", LAMP)
    one = await town.group.expect("#1")
    await town.group.says("li", GYM)
    await town.group.says("leader", "确认 2")
    await town.group.says("leader", "办结 换了灯泡", quote=one)
    assert await _states(town) == [State.RESOLVED, State.CONFIRMED]


async def test_a_number_beats_the_quote(town: Town) -> None:
    await town.group.says("wang", LAMP)
    one = await town.group.expect("#1")
    await town.group.says("li", GYM)
    await town.group.says("leader", "办结 2 修好了", quote=one)
    assert await _states(town) == [State.REPORTED, State.RESOLVED]


async def test_a_quote_of_plain_talk_is_no_ticket(town: Town) -> None:
    await town.group.says("wang", LAMP)
    town.group.skip()
    talk = await town.group.says("li", "大家早上好")
    await town.group.says("leader", "办结 换了灯泡", quote=talk)
    await town.at("leader").expect("找不到引用的那条消息", "请写上编号")
    assert await _states(town) == [State.REPORTED]


async def test_a_quote_of_a_job_one_to_one_is_that_ticket(town: Town) -> None:
    await _two(town)
    await town.group.says("leader", "派单 1 供水")
    await town.group.says("leader", "派单 2 供水")
    job = await town.at("water").expect("【派单】#2")
    await town.at("water").tells("退单 不归我们管", quote=job)
    assert await _states(town) == [State.DISPATCHED, State.CONFIRMED]


@pytest.mark.parametrize(("count", "said"), [(5, ""), (6, "一次写的编号太多了，请分开写。")])
async def test_no_more_numbers_than_anybody_means(town: Town, count: int, said: str) -> None:
    for n in range(count):
        await town.group.says("wang", town.means(f"{n}号楼的灯", "0403", place=f"{n + 1}幢"))
    town.group.skip()
    await town.group.says("leader", "确认 " + " ".join(str(n + 1) for n in range(count)))
    if said:
        await town.at("leader").expect(said)
    assert set(await _states(town)) == {State.REPORTED if said else State.CONFIRMED}


@pytest.mark.parametrize(("letters", "done"), [(500, True), (501, False)])
async def test_the_longest_reason(town: Town, letters: int, done: bool) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "驳回 1 " + "字" * letters)
    assert (await _states(town) == [State.REJECTED]) is done
    if not done:
        await town.at("leader").expect("写得太长了", "500字以内")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("派单 1 火星公司", "没有找到“火星公司”这个单位或人员"),
        ("转 1 没这个人", "没有找到“没这个人”这个单位或人员"),
        ("改类 1 火星车", "没有找到“火星车”这一类"),
        ("改类 1 噪声", "“噪声”可能是："),
        ("吹哨 1 供水", "“吹哨”后面"),
        ("吹哨 1 供水 供水", "“吹哨”后面"),
        ("吹哨 1 供水 火星公司", "没有找到“火星公司”"),
        ("并入 1", "“并入”后面"),
        ("转 1", ""),
        ("撤销", "“撤销”后面"),
    ],
)
async def test_words_that_name_nobody_or_too_many(town: Town, words: str, said: str) -> None:
    await town.group.says("wang", LAMP)
    town.group.skip()
    before = await town.ticket(1)
    await town.group.says("street", words)
    if said:
        await town.at("street").expect(said)
    assert await town.ticket(1) == before
