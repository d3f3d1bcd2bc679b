"""A resident quotes a neighbour or the bot: what is said belongs to what is quoted."""

from __future__ import annotations

import pytest

from routing.ticket import Action, State
from tests.scenarios.lines import GYM, LAMP, WAGES
from tests.scenarios.town import Town

TERSE = "那个井盖看着有点悬"
JOKE = "今天谁家红烧肉这么香"


async def test_me_too_on_a_neighbours_report_supports_that_one(town: Town) -> None:
    said = await town.group.says("wang", LAMP)
    await town.group.says("zhao", GYM)
    await town.group.says("li", "我家也是", quote=said)
    assert (await town.ticket(1)).supporters == ("local:li",)
    assert (await town.ticket(2)).supporters == ()


async def test_me_too_on_what_nobody_registered_registers_it_for_both(town: Town) -> None:
    said = await town.group.says("wang", doubtful(town))
    assert await town.tickets() == []
    await town.group.says("li", "我家也是", quote=said)
    ticket = await town.ticket(1)
    assert ticket.voices == ("local:wang", "local:li")
    receipt = await town.group.expect("#1")
    assert receipt.quote is not None
    assert receipt.quote.platform_id == said


def doubtful(town: Town, confidence: float = 0.4) -> str:
    """A sentence below the line for registering and above the one for asking."""
    return town.means(TERSE, "0202", confidence=confidence)


async def test_me_too_on_talk_stays_talk(town: Town) -> None:
    await town.group.says("zhao", LAMP)
    said = await town.group.says("wang", JOKE)
    await town.group.says("li", "我家也是", quote=said)
    assert (await town.ticket(1)).supporters == (), "the last matter is not what was quoted"
    assert len(await town.tickets()) == 1


@pytest.mark.parametrize(
    "words",
    [
        "@小格 登记一下",
        "@小格 帮忙登记一下",
        "@小格 帮他报修一下吧",
        "小格，请登记",
        "@小格 记一下",
    ],
)
async def test_a_neighbour_asks_the_bot_to_register_what_he_quotes(town: Town, words: str) -> None:
    said = await town.group.says("wang", doubtful(town))
    town.group.skip()
    await town.group.says("li", words, quote=said)
    ticket = await town.ticket(1)
    assert (ticket.reporter, ticket.text, ticket.supporters) == ("local:wang", TERSE, ())
    events = await town.events(ticket)
    assert [(e.by, e.note) for e in events if e.action is Action.ATTACH] == [
        ("local:li", "应邻居请求登记")
    ]
    receipt = await town.group.expect("#1")
    assert receipt.quote is not None
    assert receipt.quote.platform_id == said


async def test_what_hardly_is_a_report_goes_to_the_leader_first(town: Town) -> None:
    said = await town.group.says("wang", JOKE)
    await town.group.says("li", "@小格 登记一下", quote=said)
    assert await town.tickets() == []
    await town.at("leader").expect(JOKE, "要登记请回复 1")
    await town.group.expect("网格长")
    await town.at("leader").tells("1")
    assert (await town.ticket(1)).reporter == "local:wang"


async def test_what_is_registered_already_is_not_registered_twice(town: Town) -> None:
    said = await town.group.says("wang", LAMP)
    await town.group.says("li", "@小格 登记一下", quote=said)
    await town.group.expect("#1", "已经登记")
    assert len(await town.tickets()) == 1


async def test_a_private_matter_registered_for_a_neighbour_stays_private(town: Town) -> None:
    town.means(WAGES, "1001", confidence=0.4)
    said = await town.group.says("wang", WAGES)
    town.group.skip()
    await town.group.says("li", "@小格 登记一下", quote=said)
    assert (await town.ticket(1)).private
    await town.at("wang").expect("#1", "不会在群里公开")
    assert not [text for text in town.at("li").texts if "#1" in text]
    assert all("工资" not in text for text in town.group.texts)


@pytest.mark.parametrize("words", ["登记一下", "大家都登记一下", "@小格 登记一下疫苗接种的人数"])
async def test_words_that_only_sound_like_asking_register_nothing(town: Town, words: str) -> None:
    said = await town.group.says("wang", JOKE)
    await town.group.says("li", words, quote=said)
    assert await town.tickets() == []
    assert town.at("leader").texts == []


@pytest.mark.parametrize(
    "words", ["这个到现在没人管", "什么时候能修啊", "都一个星期了，怎么还没人来", "没人处理吗"]
)
async def test_who_asks_about_a_quoted_matter_reminds_those_who_work_on_it(
    town: Town, words: str
) -> None:
    said = await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 1 物业")
    town.at("wuye").skip()
    await town.group.says("li", words, quote=said)
    await town.at("wuye").expect("#1", "催问")
    await town.at("li").expect("#1", "已催办")
    ticket = await town.ticket(1)
    assert (await town.events(ticket))[-1].action is Action.URGE
    assert ticket.supporters == ()
    assert len(await town.tickets()) == 1


async def test_quoting_the_receipt_means_its_ticket(town: Town) -> None:
    await town.group.says("wang", LAMP)
    receipt = await town.group.expect("#1")
    await town.group.says("zhao", GYM)
    await town.group.says("li", "我家也是", quote=receipt)
    assert (await town.ticket(1)).supporters == ("local:li",)
    await town.group.says("yang", "这个到现在没人管", quote=receipt)
    assert (await town.events(await town.ticket(1)))[-1].action is Action.URGE
    await town.group.says("wang", "晚上老人上楼看不见", quote=receipt)
    assert (await town.events(await town.ticket(1)))[-1].action is Action.ATTACH


async def test_a_private_matter_is_not_reminded_of_by_a_neighbour(town: Town) -> None:
    said = await town.group.says("wang", WAGES)
    await town.group.says("li", "这个到现在没人管", quote=said)
    assert Action.URGE not in {e.action for e in await town.events(await town.ticket(1))}
    assert town.at("li").texts == []


async def test_thanks_on_a_quote_is_no_reminder(town: Town) -> None:
    said = await town.group.says("wang", LAMP)
    await town.group.says("li", "谢谢提醒", quote=said)
    assert (await town.ticket(1)).state is State.REPORTED
    assert Action.URGE not in {e.action for e in await town.events(await town.ticket(1))}


async def test_the_quoted_text_and_the_groups_words_reach_the_classifier(town: Town) -> None:
    """In a batch as well: the worker hands over what each message replies to."""
    heard: list[tuple[str, tuple[str, ...], str]] = []
    town.listen(lambda *one: heard.append(one))
    said = await town.group.says("wang", LAMP)
    await town.group.says("li", "都黑了", quote=said)
    words = ("小广场", "东门", "7幢", "健身角")
    assert heard == [(LAMP, words, ""), ("都黑了", words, LAMP)]


async def test_me_too_on_a_post_that_is_about_no_ticket_means_none(town: Town) -> None:
    await town.group.says("wang", "@小格 帮助")
    manual = await town.group.expect("进度")
    await town.group.says("zhao", LAMP)
    await town.group.says("li", "我家也是", quote=manual)
    assert (await town.ticket(1)).supporters == ()
