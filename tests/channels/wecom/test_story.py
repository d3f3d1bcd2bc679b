"""The first story of a grid day over every two-way WeCom channel: report, decision, verdict.

Three residents write, the leader decides by a button and by a word, everything is closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.channels.wecom.house import (
    Aibot,
    App,
    House,
    aibot_section,
    app_section,
    district,
    running,
    settings,
    webhook_section,
)  # fmt: skip
from tests.fakes.wecom import ROBOT_KEY, FakeWecom

LAMP = "7幢2单元楼道灯掉下来半个，晃悠悠的，怕砸到人"
CAR = "单元门口被一辆白车堵死了，能通知车主来挪一下车吗"
VACCINE = "社区疫苗接种点还有疫苗吗"


async def grid_day(people: Aibot | App, staff: str) -> None:
    """From three messages to three closed tickets. staff: the channel that reaches the leader.

    Answers come where the report was made: in the group, or one-to-one in the app."""
    fake = people.fake
    wang, li, zhao = (
        people.group if isinstance(people, Aibot) else f"{people.name}:{user}"
        for user in ("wang", "li", "zhao")
    )
    await people.says("wang", LAMP)
    await fake.expect(wang, "已登记 #1", "楼道灯")
    card = await fake.expect(f"{staff}:leader", "【待确认】#1")
    assert [b["text"] for b in card.card["button_list"]] == ["确认", "驳回", "改类", "办结"]
    await people.says("li", CAR)
    await fake.expect(li, "已登记 #2")
    await fake.expect(f"{staff}:leader", "【待确认】#2")
    await people.says("zhao", VACCINE)
    await fake.expect(zhao, "#3", "流感疫苗")
    shown = await clicked(people, staff, card)
    assert "已选：确认" in shown
    await fake.expect(f"{staff}:leader", "✓", "#1")
    await people.tells("leader", "确认 2")
    await fake.expect(f"{people.name}:leader", "✓", "#2")
    await people.tells("worker", "办结 2 已联系车主，车开走了")
    await fake.expect(li, "#2", "满意／一般／不满意")
    await people.says("li", "满意")
    await fake.expect(li, "#2", "已销号")
    await people.tells("leader", "办结 1 换了新灯座，拧紧了")
    await fake.expect(wang, "#1", "满意／一般／不满意")
    await people.says("wang", "满意，谢谢网格长")
    await fake.expect(wang, "#1", "已销号")
    await people.says("zhao", "满意")
    await fake.expect(zhao, "#3", "已销号")


async def clicked(people: Aibot | App, staff: str, card: object) -> str:
    """The leader presses 确认, in the app where the card came through it."""
    by = App(people.house) if staff == "wecom_app" else people
    return await by.clicks("leader", card, "确认")  # type: ignore[arg-type]


async def closed(house: House, group: str) -> None:
    """Every ticket is closed and its history unbroken."""
    async with house.bot.store.read() as tx:
        tickets = [await tx.tickets.by_number(group, number) for number in (1, 2, 3)]
        assert [t.state.label for t in tickets if t] == ["已销号"] * 3
        for ticket in tickets:
            assert ticket is not None
            await tx.tickets.verify(ticket.id)


async def test_the_aibot_over_its_long_connection(fake: FakeWecom, tmp_path: Path) -> None:
    sheets = district(tmp_path / "sheets", Aibot.group, "wecom_aibot")
    chosen = settings(tmp_path, sheets, wecom_aibot=aibot_section(fake, "websocket"))
    async with running(fake, chosen) as house:
        people = Aibot(house, "websocket")
        for user in ("leader", "worker"):
            await people.tells(user, "帮助")
            await fake.expect(f"wecom_aibot:{user}", "确认 12")
        await grid_day(people, "wecom_aibot")
        await closed(house, Aibot.group)
    assert len(fake.socket.frames) == len({str(frame) for frame in fake.socket.frames})


async def test_the_aibot_over_callbacks_beside_the_app(fake: FakeWecom, tmp_path: Path) -> None:
    fake.robots[ROBOT_KEY] = Aibot.group
    sheets = district(tmp_path / "sheets", Aibot.group, "wecom_aibot", "wecom_app")
    chosen = settings(
        tmp_path, sheets,
        wecom_aibot=aibot_section(fake, "callback"),
        wecom_app=app_section(fake),
        wecom_webhook=webhook_section(fake, "wrGroup01"),
    )  # fmt: skip
    async with running(fake, chosen) as house:
        await grid_day(Aibot(house, "callback"), "wecom_app")
        await closed(house, Aibot.group)


async def test_the_app_with_a_group_of_its_own(fake: FakeWecom, tmp_path: Path) -> None:
    fake.groups["g1"] = ["leader", "worker"]
    sheets = district(tmp_path / "sheets", App.group, "wecom_app")
    async with running(fake, settings(tmp_path, sheets, wecom_app=app_section(fake))) as house:
        await grid_day(App(house), "wecom_app")
        await closed(house, App.group)


@pytest.mark.parametrize("transport", ["websocket", "callback"])
async def test_a_quoted_neighbour_is_the_report(
    fake: FakeWecom, tmp_path: Path, transport: str
) -> None:
    sheets = district(tmp_path / "sheets", Aibot.group, "wecom_aibot")
    chosen = settings(tmp_path, sheets, wecom_aibot=aibot_section(fake, transport))
    async with running(fake, chosen) as house:
        people = Aibot(house, transport)
        for _ in range(2):
            await people.tells("leader", "谢谢")
        await people.says("wang", "", quote="3号楼2单元楼道灯不亮了，晚上看不见路")
        receipt = await fake.expect(Aibot.group, "已登记 #1", "楼道灯")
        await fake.expect("wecom_aibot:leader", "【待确认】#1")
        await people.says("leader", "确认", quote=receipt)
        await fake.expect("wecom_aibot:leader", "✓", "#1")
        async with house.bot.store.read() as tx:
            ticket = await tx.tickets.by_number(Aibot.group, 1)
    assert ticket is not None
    assert ticket.text == "3号楼2单元楼道灯不亮了，晚上看不见路"
    assert ticket.state.label == "已立案"


async def test_who_never_spoke_to_the_bot_is_reached_by_the_app(
    fake: FakeWecom, tmp_path: Path
) -> None:
    sheets = district(tmp_path / "sheets", Aibot.group, "wecom_aibot", "wecom_app")
    chosen = settings(
        tmp_path, sheets,
        wecom_aibot=aibot_section(fake, "websocket"), wecom_app=app_section(fake),
    )  # fmt: skip
    async with running(fake, chosen) as house:
        await Aibot(house, "websocket").says("wang", LAMP)
        await fake.expect("wecom_app:leader", "【待确认】#1")
