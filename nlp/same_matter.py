"""What speaks for and against two reports being one matter, weighed into a probability.

How to read the score, and where to look for others, is said in similar.py."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from nlp.reading import Place

LEXICON = Path(__file__).parent / "lexicon" / "aspects.toml"
_STOPS = frozenset("的了是在我你他她它们这那有没不就都也还又很吗呢吧啊呀一个")
_STRETCH = re.compile(r"[一-鿿]+|[0-9A-Za-z]+")
_ADDRESS = re.compile(
    r"(?P<b>[A-Z]?\d+[A-Z]?幢|[A-Z]幢)?(?P<u>(?:\d+|[A-Z甲乙丙丁])单元)?"
    r"(?P<r>\d+室)?(?P<f>负?\d+层)?$"
)
_BESIDE = re.compile(r"[幢元](?:斜?对面|隔壁|前面|后面|旁边)(?:单元)?$")
"""Said of a neighbour's building: one of them is as far from the next as buildings are."""
_FRESH_DAYS = 7
WEIGHTS = {
    "bias": 0.41,
    "kin": -6.59,
    "other": -8.28,
    "same": 3.30,
    "near": 3.38,
    "unlike": -2.24,
    "apart": -3.46,
    "silent": -1.11,
    "nowhere": 0.55,
    "text": 1.00,
    "agree": 0.60,
    "differ": -3.89,
    "sides": -6.00,
    "own": -3.28,
    "days": -4.48,
}
"""Fitted to tests/nlp/pairs.jsonl by `bench/places_similar.py --fit`."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared: an open ticket or a new message; `id` is free to use.

    codes: its 小类, main first. places: as found in the text. at: when it was last reported,
    aware."""

    id: int
    grid: str
    codes: tuple[str, ...]
    places: tuple[Place, ...]
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A normal form taken apart: name, building, unit, then room or floor."""

    name: str
    building: str = ""
    unit: str = ""
    door: str = ""


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a report is compared, worked out once."""

    code: str
    codes: frozenset[str]
    spots: tuple[Spot, ...]
    pairs: frozenset[str]
    aspects: frozenset[int]
    sides: frozenset[str]
    day: float


class _Words:
    """The lists of aspects.toml."""

    def __init__(self) -> None:
        lists = tomllib.loads(LEXICON.read_text(encoding="utf-8"))
        self.own = frozenset(lists["own"].split())
        self.vague = frozenset(lists["vague"].split())
        self.aspects = {w: i for i, group in enumerate(lists["aspects"]) for w in group.split()}
        longest = sorted(self.aspects, key=len, reverse=True)
        self.aspect = re.compile("|".join(map(re.escape, longest)))
        self.side = re.compile("|".join(map(re.escape, lists["sides"].split())))


@lru_cache(maxsize=1)
def _words() -> _Words:
    return _Words()


@lru_cache(maxsize=4096)
def traits(report: Report) -> Traits:
    """Everything of a report that comparing it needs."""
    words = _words()
    spots = (spot_of(p.normal) for p in report.places)
    return Traits(
        code=report.codes[0] if report.codes else "",
        codes=frozenset(report.codes),
        spots=tuple(s for s in spots if s is not None),
        pairs=frozenset(_letter_pairs(report)),
        aspects=frozenset(words.aspects[m] for m in words.aspect.findall(report.text)),
        sides=frozenset(words.side.findall(report.text)),
        day=report.at.timestamp() / 86_400,
    )


def _letter_pairs(report: Report) -> Iterator[str]:
    """Neighbouring letters outside the places, without those made of function words only."""
    text = report.text
    for place in report.places:
        text = text.replace(place.text, " ")
    for stretch in _STRETCH.findall(text):
        for i in range(len(stretch) - 1):
            if stretch[i] not in _STOPS or stretch[i + 1] not in _STOPS:
                yield stretch[i : i + 2]


@lru_cache(maxsize=4096)
def spot_of(normal: str) -> Spot | None:
    """None for a place that says too little to compare."""
    if not normal or normal in _words().vague:
        return None
    match = _ADDRESS.search(normal)
    if match is None or not match[0]:
        return Spot(normal)
    door = match["r"] or match["f"] or ""
    return Spot(normal[: match.start()], match["b"] or "", match["u"] or "", door)


def score(a: Traits, b: Traits) -> float:
    """The probability that two reports of one grid are the same matter."""
    total = sum(WEIGHTS[name] * value for name, value in features(a, b).items())
    return 1 / (1 + math.exp(-total))


def features(a: Traits, b: Traits) -> dict[str, float]:
    """What speaks for and against two reports being one; weighed by `score`."""
    relation = _relation(a.spots, b.spots)
    found = {"bias": 1.0, relation: 1.0, "days": _staleness(a.day - b.day)}
    if a.code != b.code:
        found["kin" if a.code[:2] == b.code[:2] or a.codes & b.codes else "other"] = 1.0
    if relation != "apart" and a.pairs and b.pairs:
        found["text"] = 2 * len(a.pairs & b.pairs) / (len(a.pairs) + len(b.pairs))
    if a.aspects and b.aspects:
        found["agree" if a.aspects & b.aspects else "differ"] = 1.0
    if not _words().own.isdisjoint((a.code[:2], b.code[:2])) and relation not in ("same", "near"):
        found["own"] = 1.0
    if a.sides and b.sides and not a.sides & b.sides:
        found["sides"] = 1.0
    return found


def _staleness(days: float) -> float:
    """Nothing within a week, then growing slowly."""
    return max(0.0, math.log((1 + abs(days)) / (1 + _FRESH_DAYS)))


def _relation(a: tuple[Spot, ...], b: tuple[Spot, ...]) -> str:
    """same, near, unlike or apart; silent where only one names a place, nowhere if none does."""
    if not a or not b:
        return "silent" if a or b else "nowhere"
    found = {between(x, y) for x in a for y in b}
    return next(r for r in ("same", "near", "unlike", "apart") if r in found)


def between(a: Spot, b: Spot) -> str:
    """How two spots lie to each other: same, near, unlike or apart."""
    if a.building and b.building:
        return _inside(a, b) if a.building == b.building and _agree(a.name, b.name) else "apart"
    if a.building or b.building or not (a.name and b.name):
        same = (a.unit, a.door) == (b.unit, b.door) != ("", "")
        return "near" if same else "unlike"
    if a.name == b.name:
        return "same"
    if _BESIDE.search(a.name) or _BESIDE.search(b.name):
        return "apart"
    short, long = sorted((a.name, b.name), key=len)
    return "near" if short in long or short[:2] == long[:2] else "apart"


def _inside(a: Spot, b: Spot) -> str:
    """Two spots of one building."""
    if not _agree(a.unit, b.unit) or not (_agree(a.door, b.door) or storey(a.door, b.door)):
        return "apart"
    return "same" if (a.unit, a.door) == (b.unit, b.door) else "near"


def _agree(a: str, b: str) -> bool:
    return not a or not b or a == b


def storey(a: str, b: str) -> bool:
    """Whether one is a floor and the other a room on it: 8层, 801室."""
    room, floor = (a, b) if a.endswith("室") else (b, a)
    return floor.endswith("层") and room.endswith("室") and room[:-3] == floor[:-1]
