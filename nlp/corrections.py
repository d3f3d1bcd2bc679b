"""A speaker's correction of the place just named: 打错了，是8幢; 不是3单元是5单元.

Only what is unmistakable is taken for one. Whose place is corrected, and what follows from it, is
decided outside nlp/."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.place_forms import normalise_place
from nlp.places import find_places
from nlp.reading import Place
from nlp.same_matter import Spot, spot_of
from nlp.several import parts_of

LONGEST = 40
_P = "\0"
"""Stands for a place in the shape of a message."""

_LEAD = (
    r"(?:[哦噢啊呃额唉诶嗯]|哎呀?|不好意思|对不起|抱歉|刚才|刚刚|上面|前面|我|的|地址|位置|地点|楼号|单元号|那个"
    r"|[\s,，。:：、！!~～…])*"
)
_SLIP = (
    r"(?:(?:打|说|写|发|报|输|讲|记|搞|弄|选)(?:错|反|岔)(?:字|楼|地方|位置|地址|单元)?"
    r"|口误|手误|笔误|更正|纠正)(?:一?下|了|啦|咯|哈)*"
)
_WEAK = r"(?:不对|错|改)(?:一?下|了|啦|咯|哈)*"
"""Words of a slip that also begin an objection; they need an 是 after them."""
_GAP = r"[\s,，。:：、！!~～…]*"
_RATHER = rf"{_GAP}(?:应该|其实|实际|正确的?|准确地?说?)?(?:是在|是|为|在)"
_IS = rf"(?:{_RATHER})?{_GAP}"
_END = (
    r"(?:[^\s,，。?？\x00也还都又吗么呢吧没不好停坏漏堵有]{0,6})"
    r"(?:[\s,，。!！~～]|谢谢|不好意思|才对|哈|哦|啊){0,8}"
)
_SHAPES = tuple(
    (re.compile(f"{_LEAD}{shape}{_END}$"), order)
    for shape, order in (
        (rf"{_SLIP}{_IS}{_P}", (None, 0)),
        (rf"{_WEAK}{_RATHER}{_GAP}{_P}", (None, 0)),
        (rf"(?:{_SLIP}{_GAP})?不是(?:在)?{_P}{_GAP}(?:而|应该)?{_GAP}是(?:在)?{_P}", (0, 1)),
        (rf"(?:{_SLIP}{_GAP})?(?:应该)?是(?:在)?{_P}{_GAP}(?:而)?不是(?:在)?{_P}", (1, 0)),
        (rf"(?:是|把)?{_P}{_GAP}{_SLIP}{_IS}{_P}", (0, 1)),
        (rf"(?:请|麻烦)?(?:把)?{_P}(?:改成|改为|改到|更正为){_P}", (0, 1)),
    )
)
_BUILDING = re.compile(
    r"(?:[A-Za-z]?\d{1,3}[A-Za-z]?|[一二三四五六七八九十]{1,3})(?:号楼|栋楼?|幢楼?|#楼?|座楼?)"
)


def corrected(text: str, old: Place, words: Sequence[str] = ()) -> Place | None:
    """The place that the speaker now says, in place of `old`; None unless that is unmistakable.

    What the correction leaves unsaid stays as it was: the unit when the building was wrong, the
    building when the unit was. words: the group's own names of places."""
    if len(text) > LONGEST:
        return None
    found = _sides(text, words)
    was = spot_of(old.normal) if len(parts_of(old.normal)) == 1 else None
    if found is None or was is None:
        return None
    wrong, right = found
    if wrong is not None and not _of(spot_of(normalise_place(wrong.text, old.normal)), was):
        return None
    now = spot_of(_completed(right, old.normal))
    if now is None or now == was or not right.normal:
        return None
    return _moved(old, was, right, now)


def corrects(text: str, words: Sequence[str] = ()) -> bool:
    """Whether the message has the shape of a correction of a place."""
    return len(text) <= LONGEST and _sides(text, words) is not None


def _sides(text: str, words: Sequence[str]) -> tuple[Place | None, Place] | None:
    """What was wrong, if it is said, and what is right."""
    places = find_places(text, words)
    shape, end = "", 0
    for place in places:
        shape, end = shape + text[end : place.start] + _P, place.start + len(place.text)
    shape += text[end:]
    for pattern, (wrong, right) in _SHAPES:
        if pattern.match(shape):
            return (None if wrong is None else places[wrong]), places[right]
    return None


def _completed(place: Place, home: str) -> str:
    return normalise_place(place.text, home) or place.normal


def _of(wrong: Spot | None, was: Spot) -> bool:
    """Whether what is called wrong is part of the place as it was told."""
    if wrong is None:
        return False
    told = [(wrong.building, was.building), (wrong.unit, was.unit), (wrong.door, was.door)]
    agree = all(not mine or mine == its for mine, its in told)
    one, other = sorted((wrong.name, was.name), key=len)
    return agree and (not wrong.name or (bool(one) and one in other))


def _moved(old: Place, was: Spot, right: Place, now: Spot) -> Place | None:
    """The old place with what was wrong of it put right."""
    if not now.building or not was.building:
        return Place(right.text, normalise_place(right.text) or right.normal)
    unit, door = now.unit or was.unit, now.door or was.door
    normal = f"{now.name or was.name}{now.building}{unit}{door}"
    if normal == old.normal:
        return None
    text = old.text
    said = spot_of(right.normal)
    if said is not None and said.building and not said.unit and not said.door:
        text, changed = _BUILDING.subn(right.text.rstrip("的"), text, count=1)
        return Place(text if changed else normal, normal)
    return Place(normal, normal)
