"""`run_bot.py group`: a WeCom group made by the app for the staff of a grid, and bound to it.

What the app may post there is channels/wecom/app.py; a group that people made is only bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot import texts
from bot.channels.wecom.app import NAME, AppChannel
from bot.channels.wecom.errcodes import Exists
from bot.clock import SystemClock
from bot.errors import GridbotError, SettingsError
from bot.lineup import build_channels
from bot.ports import Channel
from bot.settings import Settings
from routing.message import Outbound
from routing.parts import Parts
from routing.roster import Grid, Group, Role, Roster
from storage import migrate as schema
from storage.ids import Ids
from storage.store import Store

Print = Callable[[str], None]
FEWEST = 2
LONGEST_ID = 32
MEMBERS = (Role.MICRO_LEADER, Role.LEADER, Role.WORKER, Role.COMMUNITY, Role.SECRETARY)
"""Who is in such a group, of the grid itself or of those above it."""


async def create(settings: Settings, code: str, name: str, out: Print) -> int:
    """Make the group of a grid, bind it in the roster and greet its members.

    A grid that has such a group already keeps it. Raises GridbotError, SendError."""
    await schema.ensure(settings.storage.url)
    store, clock = await Store.open(settings.storage.url), SystemClock()
    channels: Mapping[str, Channel] = {}
    try:
        async with store.read() as tx:
            roster = await tx.people.load(settings.roster.level_names)
        ids = Ids()
        channels = build_channels(settings, roster, clock, ids.new, store)
        group = await _made(_app(channels), roster, _grid(roster, code), name, clock.now())
        async with store.write() as tx:
            await tx.people.add(Parts(groups=(group,)))
        hello = Outbound(ids.new(), group.conversation, texts.new_group(group.name))
        await channels[NAME].send(hello)
        out(f"✓ 已建群“{group.name}”：{group.conversation}")
        out("下次导入名册前，请先用 export 导出，或把这一行写进 群.csv。")
    finally:
        for channel in channels.values():
            await channel.aclose()
        await store.aclose()
    return 0


def _app(channels: Mapping[str, Channel]) -> AppChannel:
    channel = channels.get(NAME)
    if not isinstance(channel, AppChannel):
        raise SettingsError([f"[channels.{NAME}.enabled] must be true: the app makes the group"])
    return channel


def _grid(roster: Roster, code: str) -> Grid:
    grid = roster.grid(code)
    if grid is None:
        raise GridbotError(f"没有这个网格：{code}")
    ours = AppChannel.place_of("")
    made = [g for g in roster.parts.groups if g.grid == code and g.conversation.startswith(ours)]
    if made:
        raise GridbotError(f"{grid.name}已经有群：{made[0].conversation}")
    return grid


async def _made(app: AppChannel, roster: Roster, grid: Grid, name: str, now: datetime) -> Group:
    """The group at the platform; one left by an earlier try is taken over."""
    leaders = roster.leaders(grid.code, now)
    staff = [person for role in MEMBERS for person in roster.holders(grid.code, role, now)]
    found = (roster.account_on(person, NAME) for person in (*leaders, *staff))
    users = list(dict.fromkeys(account.partition(":")[2] for account in found if account))
    if len(users) < FEWEST:
        raise GridbotError(
            f"{grid.name}有 {NAME} 账号的工作人员不到{FEWEST}人，请先在 人员.csv 写上账号"
        )
    title, chatid = name or f"{grid.name}工作群", _chatid(grid.code)
    try:
        place = await app.create_group(chatid, title, users[0], users)
    except Exists:
        place = app.place_of(chatid)
    return Group(place, grid.code, title)


def _chatid(code: str) -> str:
    """The same for the same grid, so that a second try makes no second group."""
    plain = "".join(char for char in code if char.isascii() and char.isalnum())
    return f"grid{plain}"[:LONGEST_ID]
