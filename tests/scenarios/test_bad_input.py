"""Whatever arrives: a clear line where a person waits for one, nothing lost, never a traceback.

That nothing is dead and no chain of events is broken is checked after every story (conftest)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from routing.message import Inbound, Quote
from routing.ticket import State
from tests.scenarios.lines import GYM, LAMP
from tests.scenarios.town import MONDAY, Town

ODD = {
    "empty": "",
    "spaces": " \u3000\t\n",
    "long": "哈" * 6600,
    "long latin": "a" * 20_000,
    "long numbers": "1" * 20_000,
    "long list": "#1 " * 5_000,
    "control": "\x00\x01\x1b[31m\x7f",
    "right to left": "\u202e好上早家大\u202c\u200f",
    "emoji": "🙂🙂👨‍👩‍👧‍👦🇨🇳",
    "invisible": "\u200b\u2060\ufeff",
    "combining": "ก็็็็็็็็" * 50,
    "sql": "'; DROP TABLE ticket; --",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{line.head} %s %(x)s ${jndi:ldap://x} {{7*7}}",
    "half a pair": "\ud83d",
    "half a pair in a command": "办结 1 \udc00",
    "not a character": "\ufffe\uffff",
    "brackets": "（" * 3000,
    "backslashes": "\\" * 500 + "\\n",
}


def arriving(number: int, text: str, who: str = "wang", **more: Any) -> Inbound:
    """A message as some channel hands it over, however odd."""
    values: dict[str, Any] = {
        "id": 10_000_000 + number, "channel": "local", "platform_id": f"odd-{number}",
        "conversation": "local:g1", "is_group": True, "sender": f"local:{who}",
        "sender_name": who, "text": text, "received_at": MONDAY,
    }  # fmt: skip
    return Inbound(**(values | more))


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("who", ["wang", "leader"])
async def test_odd_text_from_anybody_changes_nothing(town: Town, name: str, who: str) -> None:
    await town.group.says("li", LAMP)
    await town.group.expect("#1")
    assert await town.bot.intake.accept(arriving(1, ODD[name], who))
    await town.bot.settle()
    assert (await town.ticket(1)).state in {State.REPORTED, State.RESOLVED}
    assert len(await town.tickets()) == 1
    assert len(town.group.news) <= 1
    assert not any("Traceback" in text or "Error" in text for text in town.group.texts)


@pytest.mark.parametrize("name", ODD)
async def test_odd_text_one_to_one_and_as_an_answer(town: Town, name: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "办结 换了")
    await town.group.says("wang", "不满意")
    await town.group.expect("哪里不满意")
    assert await town.bot.intake.accept(arriving(1, ODD[name]))
    aside: dict[str, Any] = {"conversation": "local:wang", "is_group": False, "to_me": True}
    assert await town.bot.intake.accept(arriving(2, ODD[name], **aside))
    await town.bot.settle()
    assert (await town.ticket(1)).state in {State.RESOLVED, State.IN_PROGRESS}


@pytest.mark.parametrize(
    "name", ["<b>'; DROP TABLE person;--</b>", "小\u202e格", "", "\ud800", "名" * 5000]
)
async def test_odd_names(town: Town, name: str) -> None:
    await town.bot.intake.accept(arriving(1, LAMP, "stranger", sender_name=name))
    await town.bot.settle()
    await town.group.expect("#1", "楼道灯")


@pytest.mark.parametrize("prefix", ["办结 1 ", "驳回 1 ", "进展 #1 ", "延期 1 3天 "])
@pytest.mark.parametrize("length", [600, 3000, 6600])
async def test_a_command_with_a_novel_gets_one_line(town: Town, prefix: str, length: int) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "确认")
    town.at("leader").skip()
    await town.group.says("leader", prefix + "修" * length)
    await town.at("leader").expect("太长")
    assert (await town.ticket(1)).state is State.CONFIRMED


async def test_a_report_of_twenty_kilobytes_gets_its_receipt(town: Town) -> None:
    novel = town.means(LAMP + "，真的很黑" * 1000, "0403", place="7幢")
    await town.group.says("wang", novel)
    receipt = await town.group.expect("#1", "楼道灯")
    assert len(receipt.text) < 200
    assert all(len(text) < 300 for text in town.at("leader").texts)


async def test_a_quote_of_a_message_that_is_gone(town: Town) -> None:
    await town.group.says("wang", LAMP)
    town.group.skip()
    for words in ("确认", "办结 换了灯泡", "1"):
        await town.group.says("leader", words, quote="b-999")
        await town.at("leader").expect("找不到引用的那条消息")
    await town.group.says("leader", "好的", quote="b-999")
    await town.group.says("wang", "满意", quote="b-999")
    await town.group.silence()
    assert (await town.ticket(1)).state is State.REPORTED


async def test_a_quote_without_an_id_is_understood_by_its_number(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    quote = Quote("", "已登记 #2 健身儿童设施｜小广场，明天办结。", of_bot=True)
    await town.bot.intake.accept(arriving(1, "确认", "leader", quote=quote))
    await town.bot.settle()
    assert [t.state for t in await town.tickets()] == [State.REPORTED, State.CONFIRMED]


@pytest.mark.parametrize(
    "words",
    ["确认 0", "确认 999999", "确认 9999999999999", "确认 #-1", "进度 0", "满意 404", "撤回 404"],
)
async def test_numbers_that_do_not_exist(town: Town, words: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    town.group.skip()
    await town.group.says("leader", words)
    assert len(town.group.news) <= 1
    assert {t.state for t in await town.tickets()} == {State.REPORTED}


async def test_two_who_confirm_in_one_batch(town: Town) -> None:
    await town.group.says("wang", LAMP)
    town.group.skip()
    await town.at_once(("leader", "确认 1"), ("community", "确认 1"))
    events = await town.events(await town.ticket(1))
    assert [e.action.value for e in events] == ["report", "confirm"]
    assert town.group.news == []
    await town.at("community").expect("#1", "已立案", "不能确认")


async def test_two_who_finish_in_two_batches(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "办结 1 换了灯泡")
    town.at("leader").skip()
    await town.group.says("community", "办结 1 我也去看了")
    await town.at("community").expect("#1", "已办结待评价", "不能办结")
    assert (await town.ticket(1)).resolved_by == "local:leader"


async def test_finish_and_verdict_and_objection_in_one_batch(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", "+1")
    await town.at_once(("leader", "办结 1 换了"), ("wang", "满意 1"), ("li", "不满意 1 没换我家的"))
    ticket = await town.ticket(1)
    assert ticket.state in {State.CLOSED, State.IN_PROGRESS}


async def test_a_report_its_confirmation_and_thanks_in_one_batch(town: Town) -> None:
    await town.at_once(("wang", LAMP), ("leader", "确认"), ("wang", "谢谢"))
    assert (await town.ticket(1)).state is State.CONFIRMED
    assert len(await town.tickets()) == 1


async def test_many_reports_in_one_batch_get_a_number_each(town: Town) -> None:
    said = [
        (f"neighbour{n}", town.means(f"{n}幢楼道灯坏了", "0403", place=f"{n}幢")) for n in range(30)
    ]
    await town.at_once(*said)
    assert [t.number for t in await town.tickets()] == list(range(1, 31))


async def test_a_message_delivered_twice_counts_once(town: Town) -> None:
    for _ in range(3):
        await town.group.says("wang", LAMP, platform_id="same")
    assert len(await town.tickets()) == 1
    assert len(town.group.posts) == 1
    await town.group.says("leader", "办结 换了", platform_id="done")
    await town.group.says("leader", "办结 换了", platform_id="done")
    assert len(town.group.posts) == 2


async def test_messages_out_of_order(town: Town) -> None:
    await town.bot.intake.accept(arriving(2, "", images=("a.jpg",)))
    await town.bot.intake.accept(arriving(3, "满意 1"))
    await town.bot.intake.accept(arriving(1, LAMP))
    await town.bot.settle()
    assert (await town.ticket(1)).state is State.REPORTED
    await town.bot.intake.accept(arriving(4, "满意", platform_id="late"))
    await town.bot.settle()
    assert (await town.ticket(1)).state is State.REPORTED


@pytest.mark.parametrize("days", [-1, -400, 400])
async def test_a_clock_that_jumps(town: Town, days: int) -> None:
    await town.group.says("wang", LAMP)
    await town.later(minutes=1)
    town.clock.advance(timedelta(days=days))
    await town.bot.settle()
    await town.group.says("leader", "确认 1")
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.group.says("wang", "满意 1")
    ticket = await town.ticket(1)
    assert ticket.state is State.CLOSED
    await town.group.says("li", GYM)
    assert len(await town.tickets()) >= 1


async def test_a_clock_that_jumps_back_delays_no_receipt(town: Town) -> None:
    await town.later(hours=3)
    town.clock.set(MONDAY)
    await town.group.says("wang", LAMP)
    await town.group.expect("#1")
    await town.group.says("wang", "", images=["a.jpg"])
    assert (await town.ticket(1)).images == ("a.jpg",)


async def test_orders_from_somebody_without_the_office(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("volunteer", "确认 1")
    await town.at("volunteer").expect("要由")
    assert (await town.ticket(1)).state is State.REPORTED
