"""How well the bot itself works: what it noticed alone, what people put right, how fast it answers.

Counted from what happened in the period; how well it reads on test sentences is measured apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from routing.ratios import NOTHING, Ratio, centile, number

_SECOND = 1_000_000


class How(StrEnum):
    """How a ticket came to be opened; kept as the note of its first event."""

    ITSELF = ""
    HINTED = "提示后登记"
    ASKED = "居民请小格登记"
    BY_HAND = "建单"
    PASSED_ON = "代报"


@dataclass(frozen=True, slots=True)
class Opened:
    """One ticket opened in the period. waited: µs from the intake of the message to the receipt
    that went out, None without one. posts: in its group. changed: 改类 or 驳回 since."""

    how: str
    waited: int | None
    posts: int
    refused: bool
    corrected: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as it is shown; value None prints as "—"."""

    key: str
    name: str
    shown: str
    inputs: str
    value: float | None


def rows(opened: Sequence[Opened], messages: int) -> tuple[Row, ...]:
    """Every figure; messages: how many were said in the groups."""
    ways = Counter(one.how for one in opened)
    own = [one for one in opened if one.how == How.ITSELF]
    changed = sum(one.corrected or one.refused for one in own)
    refused = sum(one.refused for one in own)
    waits = [one.waited for one in own if one.waited is not None]
    return (
        _rate("itself", "小格自己登记的占比", Ratio(len(own), len(opened))),
        _rate("by_hand", "人工登记的占比（建单、代报）", Ratio(_hand(ways), len(opened))),
        *(_count(f"{how.name.lower()}_count", f"其中 {how.value}", ways[how])
          for how in How if how is not How.ITSELF),
        _rate("put_right", "改正率（自己登记后改类或驳回的）", Ratio(changed, len(own))),
        _per_thousand(refused, messages),
        _seconds("receipt_p50", "回执时间，一半不超过", waits, 0.5),
        _seconds("receipt_p90", "回执时间，九成不超过", waits, 0.9),
        _posts(opened),
    )  # fmt: skip


def _hand(ways: Mapping[str, int]) -> int:
    return ways.get(How.BY_HAND, 0) + ways.get(How.PASSED_ON, 0)


def _rate(key: str, name: str, ratio: Ratio) -> Row:
    percent = ratio.percent
    value = None if percent is None else round(float(percent), 2)
    return Row(key, name, ratio.shown(), ratio.inputs(), value)


def _count(key: str, name: str, count: int) -> Row:
    return Row(key, name, str(count), "", count)


def _per_thousand(refused: int, messages: int) -> Row:
    value = round(refused * 1000 / messages, 2) if messages else None
    shown = NOTHING if value is None else f"{value:.2f}件"
    inputs = f"{refused}件，群消息{messages}条"
    return Row("false_alarms", "误报：每千条群消息登记后又驳回的", shown, inputs, value)


def _seconds(key: str, name: str, waits: Sequence[int], share: float) -> Row:
    took = centile(waits, share)
    value = None if took is None else round(took / _SECOND, 1)
    shown = NOTHING if value is None else _spoken(value)
    return Row(key, name, shown, f"{len(waits)}件", value)


def _spoken(seconds: float) -> str:
    """Seconds as people say them; a receipt that waited for the morning is told in hours."""
    if seconds < 120:  # noqa: PLR2004
        return f"{number(seconds)}秒"
    minutes = seconds / 60
    return f"{minutes:.0f}分钟" if minutes < 120 else f"{minutes / 60:.1f}小时"  # noqa: PLR2004


def _posts(opened: Sequence[Opened]) -> Row:
    total = sum(one.posts for one in opened)
    value = round(total / len(opened), 2) if opened else None
    shown = NOTHING if value is None else f"{value:.2f}条"
    return Row("posts", "每件事在群里说了几条", shown, f"{total}条，{len(opened)}件", value)
