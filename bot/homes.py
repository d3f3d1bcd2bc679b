"""Where a speaker lives, as far as building and unit, and what 我家楼下 or 对面那栋 mean there.

Nothing is kept for it: it is read from the name in the group, from the speaker's own earlier
reports, or from a group of one single building. Rooms are dropped at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.context import Context
from nlp.places import find_places, normalise_place
from nlp.reading import Place
from nlp.several import JOINT
from routing.message import Inbound
from routing.roster import Group

_HOME = re.compile(r"[^\d]*?(?P<building>[A-Z]?\d{1,3}[A-Z]?幢|[A-Z]幢)(?P<unit>\w{1,2}单元)?")
_OWN = re.compile(r"(?:我|俺|咱|阿拉|伢|侬)们?(?:自己)?(?:家|住|屋|这(?:栋|幢|单元|楼)|楼|单元|本)")
_BESIDE = re.compile(
    r"(?P<side>斜?对(?:面|过)|隔壁|前面|前头|后面|后头|旁边)(?:的?[那这]?一?)?"
    r"(?P<what>栋|幢|座|号?楼|单元)?"
)
_INSIDE = re.compile(
    "电梯|楼[道梯洞下顶]|[顶天]楼|天台|门厅|大[堂厅]|门[口洞]|走廊|过道|地下|车[库棚]|管道井"
)
"""Spots that every building has: beside a building, they say where in it."""
_EARLIER = 20


async def settled(ctx: Context, message: Inbound, places: Iterable[Place]) -> Place | None:
    """The most exact place of a message, as it is comparable between people; None where nobody
    can say where it is. What the speaker's home had to be known for shows the building only."""
    places = tuple(places)
    found = max(places, key=_exactness, default=None)
    near = max((p for p in places if _HOME.match(p.normal)), key=_exactness, default=None)
    spot = next((p for p in places if _INSIDE.match(p.text)), None)
    if near is not None and spot is not None:
        return replace(near, text=f"{near.text}（{spot.text}）")
    if found is None or _HOME.match(found.normal):
        return found
    home = await _home(ctx, message)
    normal = _beside(found.text, home) or normalise_place(found.text, home)
    if not normal or normal == found.normal:
        return found if found.normal else None
    building = _HOME.match(normal)
    shown = f"{building['building']}（{found.text}）" if building else found.text
    return Place(shown, normal, found.start)


async def settled_together(ctx: Context, message: Inbound, places: Sequence[Place]) -> Place | None:
    """Several places of one matter as one, all of them named; None where one cannot be settled."""
    found = [await settled(ctx, message, (place,)) for place in places]
    known = [place for place in found if place is not None and place.normal]
    if not known or len(known) < len(found):
        return None
    said = zip(places, known, strict=True)
    text = JOINT.join(own.text if own.normal == at.normal else at.normal for own, at in said)
    return Place(text, JOINT.join(place.normal for place in known))


def _exactness(place: Place) -> tuple[bool, int]:
    return bool(place.normal), len(place.normal)


def building_of(places: Iterable[Place]) -> tuple[Place, ...]:
    """The one building that a message names, with its unit; () for none and for several."""
    named = {_cut(place.normal) for place in places} - {""}
    return tuple(Place(normal, normal) for normal in named) if len(named) == 1 else ()


def _beside(text: str, home: str) -> str:
    """对面那栋 in the mouth of somebody of 7幢 is 7幢对面: the same for all who live there."""
    match, known = _BESIDE.search(text), _HOME.match(home)
    if match is None or known is None:
        return ""
    unit = match["what"] == "单元"
    near = known["building"] + (known["unit"] or "" if unit else "")
    return f"{near}{match['side'].replace('过', '面').replace('头', '面')}" + (
        "单元" if unit else ""
    )


async def _home(ctx: Context, message: Inbound) -> str:
    """Building and unit of whoever said it, "" where nothing tells."""
    group = ctx.group(message.conversation)
    for place in find_places(message.sender_name):
        if known := _cut(place.normal):
            return known
    for ticket in await ctx.tx.tickets.of_reporter(message.sender, _EARLIER):
        told_here = group is None or ticket.group == group.conversation
        if told_here and _OWN.search(ticket.text) and (known := _cut(ticket.place_normal)):
            return known
    return _building_of(ctx, group)


def _cut(normal: str) -> str:
    """A normal form as far as the unit; "" without a building."""
    match = _HOME.match(normal)
    return match["building"] + (match["unit"] or "") if match else ""


def _building_of(ctx: Context, group: Group | None) -> str:
    """The building of a micro-grid that is called after just one."""
    grid = ctx.house.roster.grid(group.grid) if group is not None else None
    if grid is None or grid.level != "micro":
        return ""
    named = {_cut(place.normal) for place in find_places(grid.name)} - {""}
    return named.pop() if len(named) == 1 else ""
