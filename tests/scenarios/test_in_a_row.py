"""One report in several messages, in whatever order people send them; and taken back again."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import CHAT, LAMP
from tests.scenarios.town import Town

DARK = "楼道灯坏了好几天了"


async def test_words_then_photo_then_place(town: Town) -> None:
    village = town.at("g2")
    await village.says("yang", town.means(DARK, "0403"))
    await village.expect("#1", "几号楼")
    await town.later(minutes=2)
    await village.says("yang", "", images=["dark.jpg"])
    await town.later(minutes=2)
    await village.says("yang", "9幢1单元")
    (ticket,) = await town.tickets("g2")
    assert (ticket.images, ticket.place_normal) == (("dark.jpg",), "9幢1单元")
    assert len(village.texts) == 1


async def test_photos_then_words(town: Town) -> None:
    await town.group.says("wang", "", images=["a.jpg"])
    await town.group.says("wang", "", images=["b.jpg"])
    await town.group.silence()
    await town.later(minutes=3)
    await town.group.says("wang", LAMP)
    assert (await town.ticket(1)).images == ("a.jpg", "b.jpg")


async def test_place_then_words(town: Town) -> None:
    village = town.at("g2")
    await village.says("yang", "9幢1单元")
    await village.silence()
    await village.says("yang", "", images=["a.jpg"])
    await village.says("yang", town.means(DARK, "0403"))
    ticket = await town.ticket(1, "g2")
    assert (ticket.place_normal, ticket.images) == ("9幢1单元", ("a.jpg",))
    receipt = await village.expect("#1", "9幢1单元")
    assert "几号楼" not in receipt.text


async def test_a_place_in_the_report_itself_wins(town: Town) -> None:
    village = town.at("g2")
    await village.says("yang", "9幢1单元")
    await village.says("yang", town.means("3幢楼道灯坏了", "0403", place="3幢"))
    assert (await town.ticket(1, "g2")).place_normal == "3幢"


async def test_a_photo_of_long_ago_is_another_matter(town: Town) -> None:
    await town.group.says("wang", "", images=["dinner.jpg"])
    await town.later(minutes=11)
    await town.group.says("wang", LAMP)
    assert (await town.ticket(1)).images == ()


async def test_somebody_elses_photo_is_not_taken(town: Town) -> None:
    await town.group.says("li", "", images=["dinner.jpg"])
    await town.group.says("wang", LAMP)
    assert (await town.ticket(1)).images == ()


async def test_a_photo_before_a_second_report_goes_to_the_window_that_is_open(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("wang", "", images=["dark.jpg"])
    assert (await town.ticket(1)).images == ("dark.jpg",)


@pytest.mark.parametrize("words", [*CHAT, "[图片]"])
async def test_photos_and_talk_stay_talk(town: Town, words: str) -> None:
    await town.group.says("wang", "", images=["dinner.jpg"])
    await town.group.says("wang", words)
    await town.group.silence()
    assert await town.tickets() == []


async def test_a_photo_then_the_same_as_the_neighbour_said(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", "", images=["dark.jpg"])
    await town.group.says("li", LAMP)
    ticket = await town.ticket(1)
    assert ticket.supporters == ("local:li",)
    await town.group.says("li", "", images=["more.jpg"])
    assert "more.jpg" in (await town.ticket(1)).images


async def test_taken_back_by_quoting_ones_own_words(town: Town) -> None:
    said = await town.group.says("wang", LAMP)
    await town.group.says("wang", "撤回", quote=said)
    assert (await town.ticket(1)).state is State.WITHDRAWN


async def test_what_its_sender_recalls_before_it_is_read_opens_nothing(town: Town) -> None:
    said = await town.channel.say("local:wang", "local:g1", LAMP)
    await town.bot.store.run(lambda tx: tx.inbox.forget("local", said))
    await town.bot.settle()
    assert await town.tickets() == []


async def test_the_same_fault_within_a_month_is_linked_and_later_it_is_not(town: Town) -> None:
    async def once(number: int) -> None:
        words = f"7幢2单元水黄 第{number}回"
        await town.group.says("wang", town.means(words, "0301", place="7幢2单元"))
        await town.group.says("leader", f"办结 {number} 冲洗了管道")
        await town.group.says("wang", f"满意 {number}")

    await once(1)
    await town.later(days=29)
    await once(2)
    await town.later(days=31)
    await once(3)
    assert (await town.ticket(2)).recurs == (await town.ticket(1)).id
    assert (await town.ticket(3)).recurs == 0


async def test_echoes_and_merged_reports_do_not_make_a_third_time(town: Town) -> None:
    for number in (1, 2):
        words = f"7幢水黄 第{number}回"
        await town.group.says("wang", town.means(words, "0301", place="7幢"))
        await town.group.says("li", "我家也是")
        again = town.means(f"7幢1单元水黄 第{number}回", "0301", place="7幢1单元")
        await town.group.says("zhao", again)
        mother = (await town.tickets())[-2].number
        await town.group.says("leader", f"办结 {mother} 冲洗了管道")
        await town.group.says("wang", f"满意 {mother}")
        await town.later(days=8)
    assert [t.state for t in await town.tickets()].count(State.MERGED) == 2
    assert not [text for text in town.at("street").texts if "次反映" in text]
