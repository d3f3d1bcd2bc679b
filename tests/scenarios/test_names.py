"""Nobody is named in a group by what staff write, and whoever wrote it is told once, alone."""

from __future__ import annotations

import pytest

from tests.scenarios.lines import LAMP
from tests.scenarios.town import Town

HIDDEN = "已替您隐去"


@pytest.mark.parametrize(
    ("words", "shown", "secrets"),
    [
        ("已联系王建国维修", "已联系[姓名]维修", ["王建国"]),
        ("已请张师傅换灯泡", "已请[姓名]换灯泡", ["张师傅"]),
        ("楼上住户小赵已关水", "楼上住户[姓名]已关水", ["小赵"]),
        ("联系王建国 13812345678 来修好了", "联系[姓名] [电话] 来修好了", ["王建国", "1381"]),
        ("已到501查看，换了灯泡", "已到[门牌]查看，换了灯泡", ["501"]),
        ("物业小蒋换的灯泡", "[姓名]换的灯泡", ["小蒋"]),
    ],
)
async def test_a_result_names_nobody_in_the_group(
    town: Town, words: str, shown: str, secrets: list[str]
) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells(f"办结 1 {words}")
    post = await town.group.expect("#1", "已办结", shown)
    assert not any(secret in post.text for secret in secrets)
    await town.at("leader").expect("✓ #1", "已办结")
    await town.at("leader").expect(HIDDEN, "事情照办")


async def test_the_words_themselves_are_kept_for_staff(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells("办结 1 已联系王建国维修")
    assert (await town.ticket(1)).result_text == "已联系王建国维修"


@pytest.mark.parametrize(
    "order", ["进展 1 已联系王建国", "延期 1 3天 等王建国师傅", "挂账 1 等王建国师傅回来"]
)
async def test_other_words_of_staff_name_nobody_either(town: Town, order: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "确认 1")
    await town.at("leader").tells(order)
    assert town.group.texts[-1].startswith("#1"), "it was said in the group"
    assert not any("王建国" in text for text in town.group.texts)
    await town.at("leader").expect(HIDDEN)


async def test_it_is_explained_once_a_day(town: Town) -> None:
    for who in ("wang", "li"):
        await town.group.says(who, town.means(f"{who}家门口灯坏了", "0403", place=who))
    await town.at("leader").tells("办结 1 已联系王建国维修")
    await town.at("leader").tells("办结 2 已联系王建国维修")
    assert sum(HIDDEN in text for text in town.at("leader").texts) == 1
    await town.later(hours=25)
    await town.at("leader").tells("撤销 2")
    await town.at("leader").tells("办结 2 又请王建国来修")
    assert sum(HIDDEN in text for text in town.at("leader").texts) == 2


async def test_who_writes_in_the_group_is_told_alone(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "办结 1 已联系王建国维修")
    await town.group.expect("已联系[姓名]维修")
    await town.at("leader").expect(HIDDEN)
    assert not any(HIDDEN in text for text in town.group.texts)


async def test_ordinary_words_stay_and_nobody_is_lectured(town: Town) -> None:
    await town.group.says("wang", LAMP)
    words = "保安师傅白天在金华路换了高压开关，方便居民，马路也扫了"
    await town.at("leader").tells(f"办结 1 {words}")
    await town.group.expect(words)
    assert not any(HIDDEN in text for text in town.at("leader").texts)


async def test_what_a_resident_called_the_place_names_nobody(town: Town) -> None:
    await town.group.says("wang", town.means("李阿姨家门口灯坏了", "0403", place="李阿姨家门口"))
    await town.group.expect("#1", "[姓名]家门口")
    await town.at("leader").expect("#1", "李阿姨家门口")
    assert not any(HIDDEN in text for text in town.at("wang").texts)
