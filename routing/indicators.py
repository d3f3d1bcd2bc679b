"""The figures of governance: each indicator with its formula, and what one ticket adds to them.

Tickets are counted, not messages; grouping into tables is breakdown.py, weights are indices.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from routing.deadlines import Span
from routing.fact import Fact
from routing.states import Result, State, Verdict
from routing.worktime import WorkClock

DAY = 86_400_000_000
ONCE_DAYS = RECUR_DAYS = 30
DISPUTES, SERVICES, HAZARDS = "09", "12", "08"
"""大类 of disputes 化解, of errands 代办, of hazards."""
INQUIRY = "咨询"
GRID_UNITS = frozenset({"", "grid"})
WORKDAY = Span(1, "wd")
_SOLVED, _PARTIAL, _EXPLAINED = str(Result.SOLVED), str(Result.PARTIAL), str(Result.EXPLAINED)
_UNABLE = frozenset({str(Result.UNABLE), str(Result.EXTERNAL)})
_SATISFIED, _DISSATISFIED = str(Verdict.SATISFIED), str(Verdict.DISSATISFIED)
_SUSPENDED, _REJECTED = str(State.SUSPENDED), str(State.REJECTED)
UNCOUNTED = frozenset({str(State.MERGED), str(State.WITHDRAWN)})
"""Duplicates count once, with the ticket they were merged into; withdrawn ones not at all."""

Term = tuple[str, int, tuple[tuple[str, float], ...]]
"""What a ticket adds: one case of a cohort, the moment that decides the period, and the
indicators of that cohort in which the case counts, each with how much."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One rate. cohort: a key of COHORTS, its denominator."""

    key: str
    name: str
    formula: str
    cohort: str


COHORTS = {
    "reported": "本期上报",
    "disputes": "本期上报的矛盾纠纷",
    "errands": "本期上报的代办",
    "to_contact": "本期上报（已联系或时限已过）",
    "due": "本期到期",
    "sent": "本期派遣",
    "returned": "本期首次退单",
    "to_sign": "本期派遣（已签收或时限已过）",
    "to_call": "本期派遣（已联系或时限已过）",
    "called": "本期吹哨召集的单位（已报到或时限已过）",
    "claimed": "本期首次办结",
    "finished": "本期办结",
    "closed": "本期首次销号",
    "voices": "本期评价",
    "asked": "本期评价和未评价",
}
"""The denominators: which cases of the period, by which moment."""

INDICATORS = tuple(
    Indicator(*row)
    for row in (
        ("filed", "立案率", "立案 ÷ 受理", "reported"),
        ("done", "办结率", "办结 ÷ 上报", "reported"),
        ("closing", "结案率", "结案 ÷ 应结案", "due"),
        ("on_time", "按期结案率", "从未超期的结案 ÷ 应结案", "due"),
        ("response", "响应率", "在类别时限内联系反映人 ÷ 应联系", "to_contact"),
        ("contact", "先行联系率", "派遣后1个工作日内联系 ÷ 派遣", "to_call"),
        ("signed", "及时签收率", "在时限内签收 ÷ 派遣", "to_sign"),
        ("first_unit", "首派准确率", "由首派单位办结 ÷ 派遣", "sent"),
        ("returned", "退单率", "有退单的 ÷ 派遣", "sent"),
        ("bounced", "无效退单率", "退单后仍派回原单位的 ÷ 有退单的", "returned"),
        ("extended", "延期率", "有延期的 ÷ 派遣", "sent"),
        ("suspended", "挂账率", "有挂账的 ÷ 派遣", "sent"),
        ("check_in", "吹哨报到率", "在签收时限内报到的单位 ÷ 召集的单位", "called"),
        ("rework", "返工率", "办结后被退回重办的 ÷ 首次办结", "claimed"),
        ("explained", "解释说明占比", "以解释说明办结 ÷ 办结", "finished"),
        ("unable", "无法解决占比", "以无法解决、转外部办结 ÷ 办结", "finished"),
        ("once", "一次办结率", "销号且30天内没有重开 ÷ 销号", "closed"),
        ("recur", "复发率", "销号后30天内同类同地再报 ÷ 销号", "closed"),
        ("repeat", "重复率", "同类同地3件以上的 ÷ 上报", "reported"),
        ("spot", "当场解决率", "未派遣、一天内办结 ÷ 上报", "reported"),
        ("in_grid", "格内办结率", "没有派出网格就办结 ÷ 上报", "reported"),
        ("settled", "化解率", "化解 ÷ 受理的矛盾纠纷", "disputes"),
        ("errands", "代办完成率", "完成 ÷ 受理的代办（范围见表头）", "errands"),
        ("corrected", "改类率", "最后的类别与登记时不同的 ÷ 上报", "reported"),
        ("refused", "驳回率", "不予受理 ÷ 上报", "reported"),
        ("solved", "解决率", "回访答已解决（基本解决按权重）÷ 有效评价", "voices"),
        ("satisfied", "满意率", "满意 ÷ 有效评价", "voices"),
        ("content", "基本满意率", "满意和一般 ÷ 有效评价", "voices"),
        ("unrated", "未评价率", "未评价 ÷ 应评价（有效评价＋未评价）", "asked"),
    )
)
NAMES = {one.key: one for one in INDICATORS}


@dataclass(frozen=True, slots=True)
class Rules:
    """What a district may set: how much a 基本解决 counts as solved."""

    partly: float = 0.5


class Measure:
    """What tickets add to the indicators, as known at `as_of` (µs since 1970).

    start, end: terms of moments outside need not be told, which saves working them out."""

    def __init__(
        self,
        clock: WorkClock,
        as_of: int,
        rules: Rules | None = None,
        start: int = 0,
        end: int = 1 << 62,
    ) -> None:
        self._clock, self._as_of = clock, as_of
        self._rules = rules or Rules()
        self._start, self._end = start, end

    def terms(self, fact: Fact) -> Iterator[Term]:
        """Everything one ticket adds but 重复率 and 复发率, which need its neighbours."""
        if fact.answers or fact.lapsed:
            yield from self.voices(fact)
        if fact.state in UNCOUNTED or not fact.created:
            return
        start, end = self._start, self._end
        if start <= fact.created < end:
            yield from self.reported(fact)
        if start <= fact.due < end and self._fallen_due(fact):
            hits = (("closing", 1), ("on_time", not fact.late)) if fact.finished else ()
            yield "due", fact.due, hits
        if start <= fact.dispatched < end:
            yield from self.sent(fact)
        if fact.called:
            yield from self.called(fact)
        if fact.returned:
            yield "returned", fact.returned, (("bounced", fact.bounced),)
        if fact.first_finish:
            yield from self.ended(fact)

    def reported(self, fact: Fact) -> Iterator[Term]:
        at, done = fact.created, fact.finished > 0
        yield (
            "reported",
            at,
            (
                ("filed", fact.filed > 0),
                ("done", done),
                ("spot", done and fact.finished <= at + DAY and not fact.dispatched),
                ("in_grid", done and fact.units <= GRID_UNITS),
                ("corrected", fact.code != fact.first_code),
                ("refused", fact.state == _REJECTED),
            ),
        )
        if fact.code.startswith(DISPUTES):
            yield "disputes", at, (("settled", done and fact.result == _SOLVED),)
        if fact.code.startswith(SERVICES):
            yield "errands", at, (("errands", done),)
        limit = self._clock.deadline(fact.code, fact.urgent, fact.crowd).contact
        in_time = self._clock.within(at, fact.contacted or self._as_of, limit)
        if fact.contacted or not in_time:
            yield "to_contact", at, (("response", in_time),)

    def _fallen_due(self, fact: Fact) -> bool:
        """应结案: the deadline in force has come. 不予受理 has none; 挂账 stops its clock, which
        does not help whoever was late before."""
        stopped = fact.state == _SUSPENDED and not fact.late
        return 0 < fact.due < self._as_of and not stopped and fact.state != _REJECTED

    def sent(self, fact: Fact) -> Iterator[Term]:
        at, clock = fact.dispatched, self._clock
        yield (
            "sent",
            at,
            (
                ("first_unit", fact.finished > 0 and fact.units == {fact.first_unit}),
                ("returned", fact.returns > 0),
                ("extended", fact.extensions > 0),
                ("suspended", fact.suspensions > 0),
            ),
        )
        limit = clock.deadline(fact.code, fact.urgent, fact.crowd).accept
        ends = fact.signed or self._as_of
        for cohort, key, span in (("to_sign", "signed", limit), ("to_call", "contact", WORKDAY)):
            in_time = clock.within(at, ends, span)
            if fact.signed or not in_time:
                yield cohort, at, ((key, in_time),)

    def called(self, fact: Fact) -> Iterator[Term]:
        """Each unit of a 吹哨 answers for itself."""
        limit = self._clock.deadline(fact.code, fact.urgent, fact.crowd).accept
        for unit, at in fact.called.items():
            arrived = fact.arrived.get(unit, 0)
            in_time = self._clock.within(at, arrived or self._as_of, limit)
            if arrived or not in_time:
                yield "called", at, (("check_in", in_time),)

    def ended(self, fact: Fact) -> Iterator[Term]:
        yield "claimed", fact.first_finish, (("rework", fact.reworks > 0),)
        if fact.finished:
            explained, unable = fact.result == _EXPLAINED, fact.result in _UNABLE
            yield "finished", fact.finished, (("explained", explained), ("unable", unable))
        if fact.first_close:
            at, back = fact.first_close, fact.sent_back
            yield "closed", at, (("once", not back or back > at + ONCE_DAYS * DAY),)

    def voices(self, fact: Fact) -> Iterator[Term]:
        """Every voice is asked, those of merged duplicates too; silence is never satisfaction."""
        for verdict, at in fact.answers.values():
            yield (
                "voices",
                at,
                (
                    ("solved", self._solved(fact, verdict)),
                    ("satisfied", verdict == _SATISFIED),
                    ("content", verdict != _DISSATISFIED),
                ),
            )
            yield "asked", at, ()
        if fact.lapsed and fact.reporter not in fact.answers:
            yield "asked", fact.lapsed, (("unrated", 1),)

    def _solved(self, fact: Fact, verdict: str) -> float:
        """The word of the resident, which a result of less than solved cannot exceed."""
        if verdict == _DISSATISFIED:
            return 0
        word = 1.0 if verdict == _SATISFIED else self._rules.partly
        if fact.result == _SOLVED:
            return word
        if fact.result == _PARTIAL:
            return min(word, self._rules.partly)
        return word if fact.result == _EXPLAINED and fact.nature == INQUIRY else 0
