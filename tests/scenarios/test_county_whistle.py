"""What the street cannot settle: it hands the matter up, the county calls units of several
streets, each reports for duty and does its part, and the resident has the last word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing import joint
from routing.parts import Grid, Group, Member, Parts, Person, Post, Role, Unit
from routing.ticket import State
from tests.scenarios.lines import LAMP
from tests.scenarios.town import Town

EAST = "990101002"
RIVER = "7幢2单元门前的河沟又黑又臭，上游在倒污水"


def with_another_street(parts: Parts) -> Parts:
    """城东镇 of the same county with its office, its police station and a cleaning company."""
    people = [
        Person(f"E{n}", f"{name}（示例）", (f"local:{account}",))
        for n, (name, account) in enumerate(
            [("城东值班员", "east"), ("城东民警", "eastpolice"), ("城东保洁员", "eastclean")]
        )
    ]
    units = [
        Unit("street-2", "城东镇政府", words=("城东镇",), grid=EAST),
        Unit("gongan-2", "城东镇派出所", words=("城东派出所",), grid=EAST),
        Unit("huanwei-2", "城东保洁公司", grid=f"{EAST}001"),
    ]
    return replace(
        parts,
        grids=(
            *parts.grids,
            Grid(EAST, "城东镇", "street", "990101"),
            Grid(f"{EAST}001", "河湾村", "community", EAST),
        ),
        people=(*parts.people, *people),
        posts=(
            *parts.posts,
            Post("E0", EAST, Role.STREET),
            Post("E2", f"{EAST}001", Role.RESIDENT),
        ),
        units=(*parts.units, *units),
        members=(*parts.members, Member("gongan-2", "E1"), Member("huanwei-2", "E2")),
        groups=(*parts.groups, Group("local:g9", f"{EAST}001", "河湾村群")),
    )


@pytest.fixture
async def county(town: Town) -> Town:
    async with town.bot.store.write() as tx:
        await tx.people.replace(with_another_street(await tx.people.parts()))
    await town.bot.reload()
    town.channel.groups["local:g9"] = "河湾村群"
    await town.group.says("wang", town.means(RIVER, "0805", place="7幢2单元"))
    await town.group.says("leader", "确认 1")
    town.group.skip()
    return town


async def handed_up(town: Town) -> None:
    """From the leader to the community, to the street, to the county."""
    await town.group.says("leader", "上报 1 上游不归我们社区")
    await town.at("community").tells("上报 1 上游在城东镇")
    await town.at("street").tells("上报 1 跨了两个镇，请区里协调")


async def whistled(town: Town) -> None:
    await handed_up(town)
    await town.at("district").tells("吹哨 1 环保 城东镇 城东派出所")


async def test_each_level_hears_of_it_with_the_reason_and_what_to_type(county: Town) -> None:
    await handed_up(county)
    await county.at("community").expect("【上报】网格长上报 #1", "上游不归我们社区")
    await county.at("street").expect(
        "【上报】社区工作者上报 #1", "上游在城东镇", "吹哨 1 单位 单位"
    )
    await county.at("district").expect("【上报】街道指挥中心上报 #1", "跨了两个镇", "吹哨 1 单位")
    assert (await county.ticket(1)).handler == "local:leader", "who has received it first answers"


async def test_the_county_calls_units_of_different_streets(county: Town) -> None:
    await whistled(county)
    ticket = await county.ticket(1)
    assert [s.unit for s in ticket.shares] == ["huanbao", "street-2", "gongan-2"]
    assert joint.lead(ticket.shares) == "huanbao"
    for account in ("east", "eastpolice"):
        await county.at(account).expect(
            "【吹哨】#1", "示例区生态环境局牵头", "地点：样板街道示范社区7幢微网格", "报到 1"
        )
    await county.at("district").expect(
        "✓ #1", "联合办理", "示例区生态环境局没有登记承办人，小格通知不到，请打电话 0000-1000033。"
    )
    await county.at("street").expect("由示例区生态环境局牵头", "城东镇政府、城东镇派出所联合办理")
    await county.group.expect("#1", "联合办理")
    assert county.at("g9").texts == [], "the other village has nothing to do with it"


async def test_the_street_cannot_call_units_of_another_street(county: Town) -> None:
    await county.at("street").tells("吹哨 1 环保 城东镇")
    await county.at("street").expect("没有找到“城东镇”")
    assert (await county.ticket(1)).shares == ()


async def test_arrivals_from_elsewhere_reach_the_county_and_the_street(county: Town) -> None:
    await whistled(county)
    county.at("district").skip()
    await county.at("east").tells("报到 1")
    for account in ("district", "street"):
        await county.at(account).expect("城东镇政府已报到", "还差示例区生态环境局、城东镇派出所")
    await county.at("eastpolice").tells("我来")
    await county.at("district").expect("城东镇派出所已报到", "还差示例区生态环境局。")
    assert (await county.ticket(1)).state is State.IN_PROGRESS


async def test_who_is_late_is_called_again_and_stands_on_both_lists(county: Town) -> None:
    await whistled(county)
    await county.at("east").tells("报到 1")
    for account in ("district", "street", "eastpolice", "east"):
        county.at(account).skip()
    await county.later(days=1, hours=1)
    await county.at("eastpolice").expect("还没有等到贵单位报到", "报到 1")
    assert not any("还没有等到" in text for text in county.at("east").news)
    for account in ("district", "street"):
        await county.at(account).expect(
            "#1", "未报到：示例区生态环境局、城东镇派出所", "已再次呼叫"
        )
        await county.at(account).tells("待办")
        await county.at(account).expect("待办1件", "未报到：示例区生态环境局、城东镇派出所）")


async def test_joint_finish_and_the_residents_verdict(county: Town) -> None:
    await whistled(county)
    await county.at("east").tells("办结 1 劝停了两家作坊")
    await county.at("eastpolice").tells("办结 1 查处了偷排的车")
    await county.at("eastpolice").expect("还有示例区生态环境局没有办完")
    assert (await county.ticket(1)).state is State.IN_PROGRESS
    async with county.bot.store.write() as tx:
        parts = await tx.people.parts()
        await tx.people.replace(replace(parts, members=(*parts.members, Member("huanbao", "P024"))))
    await county.bot.reload()
    await county.at("housing").tells("办结 1 清了淤，水质合格")
    ticket = await county.ticket(1)
    assert ticket.state is State.RESOLVED
    assert "城东镇政府：劝停了两家作坊" in ticket.result_text
    await county.group.says("wang", "满意")
    assert (await county.ticket(1)).state is State.CLOSED


async def test_a_unit_from_elsewhere_that_has_nothing_to_do_with_it_hands_it_back(
    county: Town,
) -> None:
    await whistled(county)
    await county.at("eastpolice").tells("退单 1 不涉及治安")
    assert [s.unit for s in (await county.ticket(1)).shares] == ["huanbao", "street-2"]


async def test_others_of_that_street_still_have_no_say(county: Town) -> None:
    await whistled(county)
    before = await county.ticket(1)
    await county.at("eastclean").tells("办结 1 打扫了")
    await county.at("eastclean").expect("没有找到 #1")
    await county.at("eastclean").tells("待办")
    await county.at("eastclean").expect("没有等待处理的事项")
    await county.at("east").tells("待办")
    await county.at("east").expect("待办1件", "#1")
    assert await county.ticket(1) == before


async def test_numbers_of_the_own_village_are_not_mixed_up(county: Town) -> None:
    await whistled(county)
    await county.at("g9").says("eastclean", LAMP)
    county.at("east").skip()
    await county.at("east").tells("进展 1 看过了")
    await county.at("east").expect("有2件都是 #1", "河湾村群", "示范社区7幢微网格群")
    post = next(post for post in county.at("east").posts if "【吹哨】" in post.text)
    await county.at("east").says("east", "报到", quote=post)
    await county.at("east").expect("城东镇政府已报到")
