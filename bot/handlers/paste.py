"""A leader passes on what a resident told her: 转 3栋李阿姨说楼道灯坏了.

The leader speaks for the resident: she is asked back and gives the verdict, and nothing of it is
said in the group. How tickets are opened is reports.py."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import texts
from bot.context import LEADERSHIP, Context
from bot.dispatcher import PASS, Router
from bot.reports import open_reports
from bot.targets import Polite
from nlp.reading import Reading
from routing.quality import How
from routing.ticket import Action

router = Router("paste")

_PASSED_ON = re.compile(
    r"\s*(?:转发|转达|转告|代报|代为?反映|帮报|转)[\s:：,，]*(?P<rest>\S[\s\S]*)"
)
_WHO = re.compile(
    r"(?P<who>[^\n:：，,。！？]{1,24}?)(?:[\t ]+\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
    r"(?:说是?|反映|反应|反馈|来电|打电话说?|告诉我|跟我讲|讲|问|在?群里说|[:：]|\n)[\s:：,，“\"「]*"
    r"(?P<words>\S[\s\S]*)"
)
_BARE_ORDER = re.compile(r"[#＃]?\d{1,6}(?:号?\s|$)")
_PERSON = re.compile(
    r"(?:[^\W\d栋幢号楼单元室层门弄区村组的]{1,3}?)?(?:阿姨|叔叔?|伯伯?|大爷|大妈|大姐|大哥|奶奶|爷爷|师傅|老师|先生|女士|小姐"
    r"|家里?|居民|业主|邻居|住户|老人)$"
)
_BUILDING = re.compile(r"\d+幢")
_QUOTES = '”"」\n '
_LEAST = 4


@router.on(lambda ctx: not ctx.message.is_group and _PASSED_ON.match(ctx.message.text) is not None)
async def pass_on(ctx: Context) -> str:
    """转 3栋李阿姨说楼道灯坏了：网格长代居民登记，结果告诉网格长，群里不提姓名。"""
    match = _PASSED_ON.match(ctx.message.text)
    assert match is not None
    if not _leads(ctx):
        return PASS
    who, words = _parts(match["rest"].strip())
    if not who and _BARE_ORDER.match(words):
        return PASS
    place = _PERSON.sub("", who).strip("的 ")
    reading = ctx.house.read(words)
    spoken = ctx.house.read(f"{place}{words}") if place else reading
    if not who and not _reports(ctx, reading):
        return PASS
    if who and len(words) < _LEAST:
        return PASS
    _settle_group(ctx, match["rest"], spoken)
    text = f"{place}，{words}" if _better_placed(reading, spoken) else words
    message = replace(ctx.message, text=text)
    placed = _with_places(reading, spoken)
    outcome = await open_reports(ctx, message, placed, by=ctx.sender, how=How.PASSED_ON)
    await _note_speaker(ctx, who)
    return outcome


def _settle_group(ctx: Context, said: str, spoken: Reading) -> None:
    """Whose group it concerns, where the leader has several: the one that is named, by its name
    or by its building. Raises Polite."""
    if len(ctx.led) <= 1:
        return
    buildings = {b for p in spoken.places for b in _BUILDING.findall(p.normal)}
    fitting = [
        group
        for group in ctx.led
        if group.name in said or buildings & set(_BUILDING.findall(group.name))
    ]
    if len(fitting) != 1:
        raise Polite(texts.which_building([group.name for group in ctx.led]))
    ctx.home = fitting[0]


async def _note_speaker(ctx: Context, who: str) -> None:
    """Into the history, where those who handle it find whom to look up."""
    for ticket in await ctx.tx.tickets.by_ids((ctx.about,) if who and ctx.about else ()):
        ctx.move(ticket, Action.ATTACH, ctx.sender, note=f"代{who}反映")


def _leads(ctx: Context) -> bool:
    """Whether the sender holds a post that may open tickets anywhere."""
    posts = ctx.house.roster.posts_of(ctx.sender, ctx.now)
    return any(post.role in LEADERSHIP for post in posts)


def _parts(rest: str) -> tuple[str, str]:
    """Who said it and what was said; nobody where the words stand alone."""
    match = _WHO.match(rest)
    if match is None:
        return "", rest.strip(_QUOTES)
    return match["who"].strip(), match["words"].strip(_QUOTES)


def _reports(ctx: Context, reading: Reading) -> bool:
    least = ctx.house.settings.group.report_confidence
    return reading.kind == "report" and (reading.urgent or reading.confidence >= least)


def _better_placed(reading: Reading, spoken: Reading) -> bool:
    """Whether the place stands with the speaker, not within the words."""
    return _exact(spoken) and not _exact(reading)


def _exact(reading: Reading) -> bool:
    return any(char.isdigit() for place in reading.places for char in place.normal)


def _with_places(reading: Reading, spoken: Reading) -> Reading:
    """The reading of the words alone, at the place that stands with the speaker."""
    if not _better_placed(reading, spoken):
        return reading
    issues = tuple(replace(one, places=spoken.places) for one in reading.issues)
    return replace(reading, places=spoken.places, issues=issues)
