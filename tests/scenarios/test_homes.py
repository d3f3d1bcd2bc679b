"""我家楼下 and 对面那栋: what they mean in the mouth of somebody whose building is known."""

from __future__ import annotations

import pytest

from tests.scenarios.town import Town

BELOW = "我家楼下垃圾桶满了没人收"
OPPOSITE = "对面那栋楼道灯不亮"


def said(town: Town, text: str, part: str, code: str = "0101") -> str:
    """A report at a place that says nothing without its speaker."""
    return town.means(text, code, place=part, normal="")


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("3-2-501老周", "3幢2单元"), ("3栋2单元老周", "3幢2单元"), ("12幢老周", "12幢"),
        ("老周 5号楼", "5幢"), ("老周3#1单元", "3幢1单元"),
    ],
)  # fmt: skip
async def test_the_name_in_the_group_tells_the_building(town: Town, name: str, normal: str) -> None:
    village = town.at("g2")
    await village.says(name, said(town, BELOW, "我家楼下"))
    ticket = await town.ticket(1, "g2")
    building = normal.partition("幢")[0] + "幢"
    assert (ticket.place, ticket.place_normal) == (f"{building}（我家楼下）", normal)
    receipt = await village.expect("#1", building)
    assert "单元" not in receipt.text, "the group reads the building and no more"
    assert "501" not in receipt.text
    assert "几号楼" not in receipt.text


async def test_no_room_is_kept_with_the_ticket(town: Town) -> None:
    await town.at("g2").says("3-2-501老周", said(town, BELOW, "我家楼下"))
    ticket = await town.ticket(1, "g2")
    kept = [ticket.place, ticket.place_normal, ticket.text]
    kept += [str(event.changes.get(name)) for event in await town.events(ticket)
             for name in ("place", "place_normal", "text")]  # fmt: skip
    assert not [words for words in kept if "501" in words]


async def test_nobody_knows_where_so_the_receipt_asks_once(town: Town) -> None:
    village = town.at("g2")
    await village.says("yang", said(town, BELOW, "我家楼下"))
    await village.expect("#1", "几号楼")
    await village.says("yang", "9幢1单元")
    assert (await town.ticket(1, "g2")).place_normal == "9幢1单元"
    await town.later(hours=1)
    await village.says("yang", said(town, "我家门口灯不亮", "我家门口", "0403"))
    second = await town.ticket(2, "g2")
    assert second.place_normal == "9幢1单元", "what was answered before need not be asked again"
    await village.expect("#2", "9幢（我家门口）")


async def test_what_others_said_of_a_place_is_not_where_they_live(town: Town) -> None:
    village = town.at("g2")
    await village.says("yang", town.means("9幢1单元路灯不亮", "0203", place="9幢1单元"))
    await village.says("yang", said(town, BELOW, "我家楼下"))
    assert (await town.ticket(2, "g2")).place_normal == ""


async def test_in_a_group_of_one_building_everybody_lives_there(town: Town) -> None:
    await town.group.says("wang", said(town, BELOW, "我家楼下"))
    ticket = await town.ticket(1)
    assert (ticket.place, ticket.place_normal) == ("7幢（我家楼下）", "7幢")


@pytest.mark.parametrize(
    ("text", "part", "normal"),
    [
        ("2单元门禁坏了", "2单元", "7幢2单元"),
        ("三楼灯坏了", "三楼", "7幢3层"),
        ("对面那栋楼道灯不亮", "对面那栋", "7幢对面"),
        ("斜对面那栋在装修", "斜对面那栋", "7幢斜对面"),
        ("隔壁单元一直漏水", "隔壁单元", "7幢隔壁单元"),
        ("后面那栋有人烧纸", "后面那栋", "7幢后面"),
    ],
)
async def test_relative_places_are_relative_to_the_building(
    town: Town, text: str, part: str, normal: str
) -> None:
    await town.group.says("wang", said(town, text, part, "0403"))
    assert (await town.ticket(1)).place_normal == normal


@pytest.mark.parametrize("place", ["东门", "12幢", "滨河路"])
async def test_what_names_itself_needs_no_home(town: Town, place: str) -> None:
    await town.group.says("wang", town.means(f"{place}灯坏了", "0403", place=place))
    ticket = await town.ticket(1)
    assert (ticket.place, ticket.place_normal) == (place, place)


async def test_two_who_mean_the_same_place_by_other_words_are_one_matter(town: Town) -> None:
    await town.group.says("wang", said(town, OPPOSITE, "对面那栋", "0403"))
    other = town.means("斜对过那栋灯灭了", "0403", place="斜对过那栋", normal="")
    same = town.means("对过那栋的楼道灯不亮", "0403", place="对过那栋", normal="")
    await town.group.says("li", same)
    await town.group.says("zhao", other)
    assert (await town.ticket(1)).supporters == ("local:li",)


async def test_registered_by_a_leader_the_reporters_home_counts_not_the_leaders(
    town: Town,
) -> None:
    words = await town.at("g2").says("3-2-501老周", "唉，家里那个样子")
    said(town, "唉，家里那个样子", "家里")
    await town.at("g2").says("leader2", "建单", quote=words)
    assert (await town.ticket(1, "g2")).place_normal == "3幢2单元"
