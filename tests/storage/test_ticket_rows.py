"""The short way of a rebuild: it agrees with the replay, and no changed cell passes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from bench.year import Size, lives
from routing import joint
from routing.ticket import Action, Ticket, replay
from storage.ticket_rows import (
    EVENT_COLUMNS,
    TICKET_COLUMNS,
    event_of,
    event_row,
    made_of,
    ticket_of,
    ticket_row,
)
from tests.storage.samples import IDS, NOW, later, opened

SMALL = Size(streets=1, communities=1, grids=1, micros=4, tickets=120)
Rows = list[tuple[Any, ...]]


def rows_of(life: Sequence[Any]) -> tuple[tuple[Any, ...], Rows]:
    return ticket_row(life[-1][0]), [event_row(event) for _, event in life]


def whistled() -> list[Any]:
    """A life with shares, odd letters and an empty deadline."""
    moves = [opened(1, text='灯"坏"了\\ \u2028 😀', due_at=None)]
    ticket: Ticket = moves[0][0]
    shares = joint.called(["gongshui", "paishui"])
    for at, changed in ((60, shares), (120, joint.arrive(shares, "paishui", later(120)))):
        action = Action.WHISTLE if at == 60 else Action.ARRIVE
        moves.append(ticket.move(action, "local:s", later(at), event_id=IDS.new(), shares=changed))
        ticket = moves[-1][0]
    return moves


def test_a_year_of_lives_takes_the_short_way() -> None:
    for life in lives(SMALL):
        row, events = rows_of(life)
        assert made_of(row, events)
        assert ticket_row(replay(map(event_of, events))) == row


def test_shares_and_odd_letters_take_the_short_way() -> None:
    row, events = rows_of(whistled())
    assert made_of(row, events)
    assert ticket_of(row).shares[1].arrived_at == later(120)


@pytest.mark.parametrize("column", TICKET_COLUMNS)
def test_a_changed_cell_of_the_ticket_is_noticed(column: str) -> None:
    row, events = rows_of(whistled())
    place = TICKET_COLUMNS.index(column)
    value = row[place]
    other = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else "x"
    assert not made_of((*row[:place], other, *row[place + 1 :]), events)


@pytest.mark.parametrize("column", EVENT_COLUMNS)
def test_a_changed_cell_of_an_event_is_noticed(column: str) -> None:
    row, events = rows_of(whistled())
    place = EVENT_COLUMNS.index(column)
    value = events[1][place]
    other: Any = value + 1 if isinstance(value, int) else f"{value} "
    if column == "changes":
        other = json.dumps({**json.loads(value), "unit": "x"})
    events[1] = (*events[1][:place], other, *events[1][place + 1 :])
    assert not made_of(row, events)


@pytest.mark.parametrize(
    "spoil", [lambda e: e[1:], lambda e: e[:-1], lambda e: [], lambda e: e[::-1]]
)
def test_missing_or_disordered_events_are_noticed(spoil: Any) -> None:
    row, events = rows_of(whistled())
    assert not made_of(row, spoil(events))


def test_text_that_was_written_otherwise_is_left_to_the_replay() -> None:
    """Rows of another hand may hold the same JSON in another form; that is no difference."""
    row, events = rows_of([opened(1, text="灯坏了")])
    place = EVENT_COLUMNS.index("changes")
    spaced = json.dumps(json.loads(events[0][place]), indent=1)
    events[0] = (*events[0][:place], spaced, *events[0][place + 1 :])
    assert not made_of(row, events)
    assert ticket_row(replay(map(event_of, events))) == row


def test_a_lone_surrogate_is_kept_as_an_escape() -> None:
    life = [opened(1, text="坏\ud800了", created_at=NOW)]
    text = event_row(life[0][1])[EVENT_COLUMNS.index("changes")]
    assert text.encode()
    assert replay([event_of(event_row(life[0][1]))]) == life[0][0]
