"""三不销号: a machine of random people tries to close a ticket against the law.

Which words people use for it, and who holds which role, is tested elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from routing import closing, joint
from routing.closing import (
    ClosingRefused,
    finish,
    lapse,
    rate,
    send_back,
    sign_exception,
    take_back,
)
from routing.roster import Role
from routing.ticket import (
    OPEN,
    TRANSITIONS,
    Action,
    IllegalTransition,
    Result,
    State,
    Ticket,
    TicketEvent,
    Verdict,
    open_ticket,
    replay,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
REPORTER, NEIGHBOUR, FRIEND = "local:wang", "local:li", "local:zhao"
LEADER, HANDLER, OTHER = "local:leader", "local:gas", "local:water"
COMMUNITY, STREET, BOT = "local:community", "local:street", ""
RESIDENTS = (REPORTER, NEIGHBOUR, FRIEND)
EVERYBODY = (*RESIDENTS, LEADER, HANDLER, OTHER, COMMUNITY, STREET, BOT)

TOUCHING = ["立案", "签收", "进展", "办结", "报到", "分办完成", "延期", "挂账", "恢复"]
"""What makes somebody no second person any more."""

Moved = tuple[Ticket, TicketEvent]


def reported(**changes: Any) -> Ticket:
    first = Ticket(
        id=7, group="local:g1", number=12, grid="7-1", code="0103", text="楼道灯坏了",
        reporter=REPORTER, created_at=NOW,
    )  # fmt: skip
    return open_ticket(replace(first, **changes), event_id=1)[0]


def finished(result: Result = Result.SOLVED, **changes: Any) -> Ticket:
    at_work = reported().move(Action.ACCEPT, HANDLER, NOW, event_id=2, handler=HANDLER)[0]
    at_work = replace(at_work, **changes)
    return finish(at_work, result, HANDLER, NOW, text="换了灯泡", event_id=3)[0]


def says(ticket: Ticket, verdict: Verdict, by: str, reason: str = "") -> Ticket:
    return rate(ticket, verdict, by, NOW, reason=reason, event_id=9)[0]


# ── the machine

people = st.sampled_from(EVERYBODY)
residents = st.sampled_from(RESIDENTS)
reasons = st.sampled_from(["", "  ", "已上门核实", "没修好"])
codes = st.sampled_from(["0103", "0901"])
aliases = st.sampled_from([(), (LEADER,), (HANDLER,), (COMMUNITY,)])
"""Further accounts of whoever speaks, as people have on several platforms."""


class Law(RuleBasedStateMachine):
    """One ticket, anybody does anything; what the law needs to know is written down apart."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.ids = 1
        self.speaking: set[str] = set()

    @initialize(code=codes, passed_on=st.booleans())
    def report(self, code: str, passed_on: bool) -> None:
        """passed_on: the reporter opens it as staff, as a leader does for a resident."""
        first = replace(reported(), code=code, hash="", version=1)
        self.ticket, event = open_ticket(first, event_id=0)
        self.events = [event]
        self.touched: set[str] = set()
        self.angry: set[str] = set()
        if passed_on:
            by = self.ticket.reporter
            assert self.tries(lambda: self.ticket.move(Action.CONFIRM, by, NOW, event_id=1))

    def tries(self, step: Callable[[], Moved]) -> bool:
        """Take a step if the domain lets us; what it refuses must change nothing."""
        before = self.ticket
        try:
            after, event = step()
        except (IllegalTransition, ClosingRefused, ValueError, TypeError):
            assert self.ticket == before
            return False
        if after.state is State.CLOSED and before.state is not State.CLOSED:
            self.judge(before, event)
        self.ticket = after
        self.events.append(event)
        self.note(event, after)
        return True

    def note(self, event: TicketEvent, after: Ticket) -> None:
        """What the machine itself remembers of who did what."""
        if event.action.label in TOUCHING and event.by:
            self.touched.add(event.by)
        self.touched |= {after.handler, after.resolved_by} - {""}
        if event.action in {Action.DISSATISFY, Action.REOPEN}:
            self.angry.add(event.by)
        if event.action in {Action.SATISFY, Action.PARTLY}:
            self.angry.discard(event.by)

    def judge(self, before: Ticket, event: TicketEvent) -> None:
        """The law itself, in other words than the code's: may this event close this ticket?"""
        assert before.state is State.RESOLVED
        if event.action is Action.EXCEPT:
            assert event.by
            assert not self.speaking & self.touched
            assert event.by not in {before.reporter, *before.supporters}
            assert event.note.strip()
            return
        assert event.action in {Action.SATISFY, Action.PARTLY}
        assert event.by == before.reporter
        assert not self.speaking & self.touched, "nobody judges their own work"
        assert not self.angry - {event.by}
        assert before.result in {Result.SOLVED, Result.PARTIAL, Result.EXPLAINED}
        assert before.result is Result.SOLVED or not before.code.startswith("09")

    def meta(self) -> dict[str, Any]:
        self.now += timedelta(minutes=1)
        self.ids += 1
        return {"event_id": self.ids}

    @rule(by=people, result=st.sampled_from(Result), text=reasons)
    def finish(self, by: str, result: Result, text: str) -> None:
        step = lambda: finish(self.ticket, result, by, self.now, text=text, **self.meta())  # noqa: E731
        if self.tries(step):
            assert text.strip()
            assert self.ticket.verdict is Verdict.NONE

    @rule(by=people, verdict=st.sampled_from(Verdict), reason=reasons, also=aliases)
    def rate(self, by: str, verdict: Verdict, reason: str, also: tuple[str, ...]) -> None:
        voices = self.ticket.voices
        meta = {"reason": reason, "accounts": also, **self.meta()}
        self.speaking = {by, *also}
        if self.tries(lambda: rate(self.ticket, verdict, by, self.now, **meta)):
            assert by in voices
            assert verdict not in {Verdict.NONE, Verdict.UNRATED}
            assert verdict is not Verdict.DISSATISFIED or reason.strip()

    @precondition(lambda self: self.ticket.state is State.RESOLVED)
    @rule(verdict=st.sampled_from([Verdict.SATISFIED, Verdict.PARTLY, Verdict.DISSATISFIED]))
    def hear_the_reporter(self, verdict: Verdict) -> None:
        by = self.ticket.reporter
        self.speaking = {by}
        self.tries(lambda: rate(self.ticket, verdict, by, self.now, reason="没水", **self.meta()))

    @rule(by=people, action=st.sampled_from([Action.DISSATISFY, Action.REOPEN]), reason=reasons)
    def send_back(self, by: str, action: Action, reason: str) -> None:
        self.tries(
            lambda: send_back(self.ticket, action, by, self.now, reason=reason, **self.meta())
        )

    @rule()
    def fall_silent(self) -> None:
        before = self.ticket
        if self.tries(lambda: lapse(self.ticket, self.now, **self.meta())):
            assert self.ticket.state is State.RESOLVED
            assert self.ticket.verdict is (before.verdict or Verdict.UNRATED)

    @rule(by=people, reason=reasons, also=aliases)
    def sign_exception(self, by: str, reason: str, also: tuple[str, ...]) -> None:
        before = self.ticket.verdict
        meta = {"reason": reason, "accounts": also, **self.meta()}
        self.speaking = {by, *also}
        if self.tries(lambda: sign_exception(self.ticket, by, self.now, **meta)):
            assert self.ticket.verdict is before, "a signature is nobody's satisfaction"

    @rule(by=people, action=st.sampled_from(Action), handler=people, note=reasons)
    def do_anything(self, by: str, action: Action, handler: str, note: str) -> None:
        """Any plain move by anybody, with a handler where a move names one."""
        taking = action in {Action.ACCEPT, Action.DISPATCH}
        changes: dict[str, Any] = {"handler": handler} if taking else {}
        self.tries(
            lambda: self.ticket.move(action, by, self.now, note=note, **changes, **self.meta())
        )

    @rule(by=residents)
    def join(self, by: str) -> None:
        voices = tuple(dict.fromkeys((*self.ticket.supporters, by)))
        self.tries(
            lambda: self.ticket.move(Action.SUPPORT, by, self.now, supporters=voices, **self.meta())
        )

    @precondition(lambda self: self.ticket.supporters and self.ticket.state in OPEN)
    @rule()
    def pass_on(self) -> None:
        """The reporter leaves and the first supporter becomes the reporter."""
        heir, *rest = self.ticket.supporters
        changes: dict[str, Any] = {"reporter": heir, "supporters": tuple(rest)}
        self.tries(
            lambda: self.ticket.move(
                Action.SUPPORT, self.ticket.reporter, self.now, **changes, **self.meta()
            )
        )

    @rule(action=st.sampled_from(Action), by=people, state=st.sampled_from(State))
    def forge(self, action: Action, by: str, state: State) -> None:
        """Code that asks for 已销号 outright gets it only from the closing law."""
        self.tries(lambda: self.ticket.move(action, by, self.now, state=state, **self.meta()))

    @precondition(lambda self: self.ticket.state not in {State.RESOLVED, State.CLOSED})
    @rule()
    def hurry_on(self) -> None:
        """So that the interesting states are reached often."""
        self.tries(
            lambda: finish(
                self.ticket, Result.SOLVED, HANDLER, self.now, text="好了", **self.meta()
            )
        )

    @invariant()
    def history_is_whole(self) -> None:
        if hasattr(self, "ticket"):
            assert replay(self.events) == self.ticket

    @invariant()
    def closed_only_by_a_closing_event(self) -> None:
        if hasattr(self, "ticket") and self.ticket.state is State.CLOSED:
            entry = [e for e in self.events if e.changes.get("closed_at")][-1]
            assert entry.action in {Action.SATISFY, Action.PARTLY, Action.EXCEPT}
            assert self.ticket.closed_at == entry.at
            satisfied = self.ticket.verdict in {Verdict.SATISFIED, Verdict.PARTLY}
            assert satisfied or entry.action is Action.EXCEPT
        elif hasattr(self, "ticket"):
            assert self.ticket.closed_at is None

    @invariant()
    def unhappiness_is_never_forgotten(self) -> None:
        if hasattr(self, "ticket"):
            assert set(self.ticket.unhappy) == self.angry


Law.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestLaw = Law.TestCase


# ── each clause by example

CLOSES = {
    (Result.SOLVED, False): True,
    (Result.PARTIAL, False): True,
    (Result.EXPLAINED, False): True,
    (Result.UNABLE, False): False,
    (Result.EXTERNAL, False): False,
    (Result.SOLVED, True): True,
    (Result.PARTIAL, True): False,
    (Result.EXPLAINED, True): False,
    (Result.UNABLE, True): False,
    (Result.EXTERNAL, True): False,
}


@pytest.mark.parametrize("verdict", [Verdict.SATISFIED, Verdict.PARTLY])
@pytest.mark.parametrize(("case", "closes"), CLOSES.items())
def test_the_reporters_word_closes_what_is_settled(
    case: tuple[Result, bool], closes: bool, verdict: Verdict
) -> None:
    result, dispute = case
    ticket = says(finished(result, code="0901" if dispute else "0103"), verdict, REPORTER)
    assert ticket.state is (State.CLOSED if closes else State.RESOLVED)
    assert ticket.verdict is verdict
    assert (ticket.closed_at == NOW) is closes


def test_every_result_is_judged() -> None:
    assert {result for result, _ in CLOSES} == set(Result)
    assert {result for (result, dispute), yes in CLOSES.items() if yes and not dispute} == set(
        closing.SETTLED
    )


@pytest.mark.parametrize("verdict", [Verdict.SATISFIED, Verdict.PARTLY])
def test_a_supporters_satisfaction_closes_nothing(verdict: Verdict) -> None:
    ticket = says(finished(supporters=(NEIGHBOUR,)), verdict, NEIGHBOUR)
    assert (ticket.state, ticket.verdict) == (State.RESOLVED, Verdict.NONE)


def test_one_unhappy_supporter_keeps_it_open_until_he_takes_it_back() -> None:
    ticket = says(finished(supporters=(NEIGHBOUR,)), Verdict.DISSATISFIED, NEIGHBOUR, "还是黑的")
    assert (ticket.state, ticket.unhappy, ticket.reopened) == (
        State.IN_PROGRESS, (NEIGHBOUR,), 1,
    )  # fmt: skip
    again = finish(ticket, Result.SOLVED, HANDLER, NOW, text="再修", event_id=5)[0]
    waiting = says(again, Verdict.SATISFIED, REPORTER)
    assert (waiting.state, waiting.verdict) == (State.RESOLVED, Verdict.SATISFIED)
    calmed = says(waiting, Verdict.PARTLY, NEIGHBOUR)
    assert (calmed.state, calmed.unhappy) == (State.RESOLVED, ())
    assert says(calmed, Verdict.SATISFIED, REPORTER).state is State.CLOSED


@pytest.mark.parametrize("by", [LEADER, HANDLER, COMMUNITY, NEIGHBOUR, BOT])
@pytest.mark.parametrize("verdict", list(Verdict))
def test_nobody_else_has_a_verdict(by: str, verdict: Verdict) -> None:
    with pytest.raises(ClosingRefused) as refused:
        rate(finished(), verdict, by, NOW, reason="好", event_id=9)
    assert refused.value.why == closing.NOT_A_VOICE


def test_a_ticket_without_a_reporter_cannot_be_closed_by_the_bot() -> None:
    with pytest.raises(ClosingRefused):
        rate(finished(reporter=""), Verdict.SATISFIED, BOT, NOW, event_id=9)
    with pytest.raises(ClosingRefused):
        send_back(finished(reporter=""), Action.REOPEN, BOT, NOW, reason="x", event_id=9)


@pytest.mark.parametrize("verdict", [Verdict.NONE, Verdict.UNRATED])
def test_silence_is_no_verdict_that_anybody_gives(verdict: Verdict) -> None:
    with pytest.raises(ValueError, match=verdict.name):
        rate(finished(), verdict, REPORTER, NOW, event_id=9)


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_dissatisfaction_needs_its_reason(reason: str) -> None:
    with pytest.raises(ClosingRefused) as refused:
        rate(finished(), Verdict.DISSATISFIED, REPORTER, NOW, reason=reason, event_id=9)
    assert refused.value.why == closing.NEEDS_REASON


@pytest.mark.parametrize("text", ["", "  "])
def test_a_finish_needs_words_for_the_residents(text: str) -> None:
    with pytest.raises(ClosingRefused) as refused:
        finish(reported(), Result.SOLVED, LEADER, NOW, text=text, event_id=9)
    assert refused.value.why == closing.NEEDS_REASON


def test_unrated_still_needs_the_second_person() -> None:
    silent = lapse(finished(), NOW, event_id=9)[0]
    assert (silent.state, silent.verdict, silent.closed_at) == (
        State.RESOLVED, Verdict.UNRATED, None,
    )  # fmt: skip
    signed = sign_exception(silent, COMMUNITY, NOW, reason="电话核实", event_id=10)[0]
    assert (signed.state, signed.verdict) == (State.CLOSED, Verdict.UNRATED)


def test_a_late_word_counts_more_than_the_silence() -> None:
    silent = lapse(finished(), NOW, event_id=9)[0]
    assert says(silent, Verdict.SATISFIED, REPORTER).verdict is Verdict.SATISFIED
    back = says(silent, Verdict.DISSATISFIED, REPORTER, "又灭了")
    assert (back.state, back.verdict) == (State.IN_PROGRESS, Verdict.DISSATISFIED)


def test_a_verdict_given_is_not_forgotten_as_silence() -> None:
    waiting = says(finished(Result.UNABLE), Verdict.PARTLY, REPORTER)
    assert lapse(waiting, NOW, event_id=10)[0].verdict is Verdict.PARTLY


HANDED_OVER: dict[str, Any] = {"handler": OTHER, "hands": (HANDLER,)}


@pytest.mark.parametrize(
    ("ticket", "by"),
    [
        (finished(), HANDLER),
        (finished(resolved_by=LEADER), HANDLER),
        (replace(finished(), **HANDED_OVER), HANDLER),
        (replace(finished(), **HANDED_OVER), OTHER),
        (replace(finished(), resolved_by=LEADER), LEADER),
        (finished(), REPORTER),
        (finished(supporters=(NEIGHBOUR,)), NEIGHBOUR),
        (finished(), BOT),
    ],
)
def test_whoever_had_a_part_in_it_signs_nothing(ticket: Ticket, by: str) -> None:
    with pytest.raises(ClosingRefused) as refused:
        sign_exception(ticket, by, NOW, reason="核实无误", event_id=9)
    assert refused.value.why == closing.SAME_PERSON


def test_a_handler_who_gave_it_back_signs_nothing() -> None:
    """转 to a person, 退单 by that person, finished by another: three have had a part in it."""
    ticket = reported()
    for action, by, handler in (
        (Action.DISPATCH, LEADER, OTHER),
        (Action.RETURN, OTHER, ""),
        (Action.ACCEPT, HANDLER, HANDLER),
    ):
        ticket = ticket.move(action, by, NOW, event_id=2, handler=handler)[0]
    ticket = finish(ticket, Result.SOLVED, HANDLER, NOW, text="好了", event_id=3)[0]
    with pytest.raises(ClosingRefused):
        sign_exception(ticket, OTHER, NOW, reason="核实", event_id=4)
    assert sign_exception(ticket, STREET, NOW, reason="核实", event_id=4)[0].closed_at == NOW


@pytest.mark.parametrize("reason", ["", " ", "\u3000"])
def test_an_exception_is_documented(reason: str) -> None:
    with pytest.raises(ClosingRefused) as refused:
        sign_exception(finished(), COMMUNITY, NOW, reason=reason, event_id=9)
    assert refused.value.why == closing.NEEDS_REASON


@pytest.mark.parametrize("state", [s for s in State if s is not State.RESOLVED])
def test_only_what_is_finished_can_be_closed(state: State) -> None:
    ticket = replace(finished(), state=state)
    with pytest.raises(IllegalTransition):
        says(ticket, Verdict.SATISFIED, REPORTER)
    with pytest.raises(IllegalTransition):
        sign_exception(ticket, COMMUNITY, NOW, reason="核实", event_id=9)


def test_a_closed_ticket_opens_again_and_asks_again() -> None:
    closed = says(finished(), Verdict.SATISFIED, REPORTER)
    back = send_back(closed, Action.REOPEN, REPORTER, NOW, reason="又坏了", event_id=10)[0]
    assert (back.state, back.closed_at, back.verdict) == (
        State.IN_PROGRESS, None, Verdict.DISSATISFIED,
    )  # fmt: skip
    again = finish(back, Result.SOLVED, HANDLER, NOW, text="换线", event_id=11)[0]
    assert (again.verdict, again.unhappy) == (Verdict.NONE, (REPORTER,))
    assert says(again, Verdict.SATISFIED, REPORTER).state is State.CLOSED


def test_a_finish_taken_back_goes_on_with_who_was_unhappy_before() -> None:
    """By a second person or by who claimed it; it is nobody's verdict."""
    back = closing.take_back(finished(), COMMUNITY, NOW, reason="没修", event_id=10)[0]
    assert (back.state, back.verdict, back.reopened) == (State.IN_PROGRESS, Verdict.NONE, 1)
    unhappy = replace(finished(), unhappy=(OTHER,))
    assert closing.take_back(unhappy, HANDLER, NOW, reason="x", event_id=10)[0].unhappy == (OTHER,)
    with pytest.raises(ClosingRefused, match=closing.NEEDS_REASON):
        closing.take_back(finished(), HANDLER, NOW, reason=" ", event_id=10)


@pytest.mark.parametrize("state", [s for s in State if s is not State.RESOLVED])
def test_only_a_finish_is_taken_back(state: State) -> None:
    with pytest.raises(IllegalTransition):
        closing.take_back(replace(finished(), state=state), HANDLER, NOW, reason="x", event_id=10)


def _joint_case(at: datetime) -> Ticket:
    shares = joint.called(["gongshui", "wuye"])
    return Ticket(
        id=9, group="local:g1", number=3, grid="g", code="0301", text="水黄", reporter="local:wang",
        created_at=at, state=State.IN_PROGRESS, shares=shares,
    )  # fmt: skip


def test_a_joint_case_is_finished_only_when_every_unit_has_done_its_part() -> None:
    at = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    case = _joint_case(at)
    with pytest.raises(closing.ClosingRefused, match="units_open"):
        closing.finish(case, Result.SOLVED, "local:water", at, text="换管", event_id=1)
    done = joint.finish(joint.finish(case.shares, "wuye", "好", at), "gongshui", "好", at)
    ready = replace(case, shares=done)
    after, _ = closing.finish(ready, Result.SOLVED, "local:water", at, text="换管", event_id=1)
    assert after.state is State.RESOLVED


def test_dissatisfaction_opens_the_leading_units_part_again() -> None:
    at = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    case = _joint_case(at)
    done = joint.finish(joint.finish(case.shares, "wuye", "好", at), "gongshui", "好", at)
    ready = replace(case, shares=done)
    finished, _ = closing.finish(ready, Result.SOLVED, "local:water", at, text="换管", event_id=1)
    back, _ = closing.rate(
        finished, Verdict.DISSATISFIED, "local:wang", at, reason="还黄", event_id=2
    )
    assert joint.unfinished(back.shares) == ("gongshui",)


HANDS: list[tuple[str, Action, dict[str, Any]]] = [
    ("confirmed it", Action.CONFIRM, {}),
    ("took it", Action.ACCEPT, {"handler": REPORTER}),
    ("worked on it", Action.PROGRESS, {}),
    ("was made its handler", Action.DISPATCH, {"handler": REPORTER}),
]


@pytest.mark.parametrize(("what", "action", "changes"), HANDS)
def test_a_verdict_on_ones_own_work_is_kept_but_closes_nothing(
    what: str, action: Action, changes: dict[str, Any]
) -> None:
    """Also when somebody else has taken it over since."""
    mine = reported().move(action, REPORTER, NOW, event_id=2, **changes)[0]
    if Action.ACCEPT in {a for s, a in TRANSITIONS if s is mine.state}:
        mine = mine.move(Action.ACCEPT, HANDLER, NOW, event_id=3, handler=HANDLER)[0]
    done = finish(mine, Result.SOLVED, HANDLER, NOW, text="换了灯泡", event_id=4)[0]
    rated = says(done, Verdict.SATISFIED, REPORTER)
    assert (rated.state, rated.verdict) == (State.RESOLVED, Verdict.SATISFIED), what
    with pytest.raises(ClosingRefused, match=closing.SAME_PERSON):
        sign_exception(rated, REPORTER, NOW, reason="我看过", event_id=9)
    signed, _ = sign_exception(rated, COMMUNITY, NOW, reason="去看过", event_id=9)
    assert (signed.state, signed.verdict) == (State.CLOSED, Verdict.SATISFIED)


def test_another_account_of_a_hand_is_the_same_person() -> None:
    done = finished()
    alone = rate(done, Verdict.SATISFIED, REPORTER, NOW, event_id=9, accounts=(REPORTER,))[0]
    assert alone.state is State.CLOSED
    both = rate(done, Verdict.SATISFIED, REPORTER, NOW, event_id=9, accounts=(HANDLER,))[0]
    assert both.state is State.RESOLVED
    for other in (HANDLER, REPORTER):
        with pytest.raises(ClosingRefused, match=closing.SAME_PERSON):
            sign_exception(done, COMMUNITY, NOW, reason="去看过", event_id=9, accounts=(other,))


def test_unhappiness_with_ones_own_work_still_sends_it_back() -> None:
    mine = reported().move(Action.CONFIRM, REPORTER, NOW, event_id=2)[0]
    mine = mine.move(Action.ACCEPT, HANDLER, NOW, event_id=3, handler=HANDLER)[0]
    done = finish(mine, Result.SOLVED, HANDLER, NOW, text="换了灯泡", event_id=4)[0]
    assert says(done, Verdict.DISSATISFIED, REPORTER, "还是不亮").state is State.IN_PROGRESS


# ── what the events keep


def test_sending_back_keeps_the_reason_and_whose_verdict_it_is() -> None:
    ticket = finished(supporters=(NEIGHBOUR,))
    by_other, event = send_back(
        ticket, Action.DISSATISFY, NEIGHBOUR, NOW, reason="还是不亮", event_id=9
    )
    assert (event.note, event.by) == ("还是不亮", NEIGHBOUR)
    assert by_other.verdict is ticket.verdict is Verdict.NONE, "only the reporter's word is kept"
    own, _ = send_back(ticket, Action.DISSATISFY, REPORTER, NOW, reason="还是不亮", event_id=9)
    assert own.verdict is Verdict.DISSATISFIED
    assert (own.reopened, own.closed_at) == (ticket.reopened + 1, None)


def test_every_step_of_the_law_keeps_its_words() -> None:
    ticket = finished()
    assert take_back(ticket, LEADER, NOW, reason="点错了", event_id=9)[1].note == "点错了"
    signed, event = sign_exception(ticket, COMMUNITY, NOW, reason="已上门核实", event_id=9)
    assert (event.note, signed.closed_at, signed.state) == ("已上门核实", NOW, State.CLOSED)
    rated, event = rate(ticket, Verdict.SATISFIED, REPORTER, NOW, reason="谢谢", event_id=9)
    assert (event.note, rated.closed_at) == ("谢谢", NOW)
    done, event = finish(
        reported().move(Action.ACCEPT, HANDLER, NOW, event_id=2)[0], Result.PARTIAL, HANDLER, NOW,
        text="换了一半", event_id=3,
    )  # fmt: skip
    assert (event.note, done.result_text, done.result) == ("换了一半", "换了一半", Result.PARTIAL)
    assert (done.resolved_by, done.resolved_at, done.verdict) == (HANDLER, NOW, Verdict.NONE)


def test_who_may_sign_is_asked_level_by_level_from_the_nearest() -> None:
    assert closing.LEVELS == (
        (Role.COMMUNITY, Role.SECRETARY), (Role.STREET, Role.SUPERVISOR), (Role.DISTRICT,),
    )  # fmt: skip
    assert [role for level in closing.LEVELS for role in level] == list(closing.SIGNERS)


def test_a_share_of_a_joint_case_is_open_again_when_it_is_sent_back() -> None:
    shares = joint.called(["gongshui", "paishui"], ())
    for unit in ("gongshui", "paishui"):
        shares = joint.finish(joint.arrive(shares, unit, NOW), unit, "修好了", NOW)
    ticket = finished(shares=shares)
    for moved, _ in (
        send_back(ticket, Action.DISSATISFY, REPORTER, NOW, reason="没好", event_id=9),
        take_back(ticket, LEADER, NOW, reason="点错了", event_id=9),
    ):
        assert joint.unfinished(moved.shares)
        with pytest.raises(ClosingRefused, match="units_open"):
            finish(moved, Result.SOLVED, HANDLER, NOW, text="好了", event_id=10)
