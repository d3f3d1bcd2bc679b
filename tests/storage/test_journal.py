"""The undo journal: any mix of staged changes is taken back exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.journal import Journal

CHANGES = st.lists(st.tuples(st.sampled_from(["set", "drop", "append"]), st.integers(0, 3)))


def _apply(
    journal: Journal, where: dict[int, int], line: list[int], changes: list[tuple[str, int]]
) -> None:
    for step, (change, key) in enumerate(changes):
        if change == "set":
            journal.set(where, key, step)
        elif change == "drop":
            journal.drop(where, key)
        else:
            journal.append(line, step)


@given(CHANGES, CHANGES)
def test_back_to_a_mark_restores_what_was_there(
    before: list[tuple[str, int]], after: list[tuple[str, int]]
) -> None:
    journal = Journal()
    where: dict[int, int] = {}
    line: list[int] = []
    _apply(journal, where, line, before)
    mark, kept, kept_line = journal.mark(), dict(where), list(line)
    _apply(journal, where, line, after)
    journal.back_to(mark)
    assert (where, line) == (kept, kept_line)
    assert journal.mark() == mark


def test_what_was_flushed_cannot_be_taken_back() -> None:
    journal = Journal()
    mark = journal.mark()
    journal.append([], 1)
    assert journal.dirty
    journal.forget()
    assert not journal.dirty
    with pytest.raises(ValueError, match="before the last flush"):
        journal.back_to(mark)
    journal.back_to(journal.mark())


def test_marks_nest() -> None:
    journal = Journal()
    line: list[int] = []
    journal.append(line, 1)
    outer = journal.mark()
    journal.append(line, 2)
    inner = journal.mark()
    journal.append(line, 3)
    journal.back_to(inner)
    assert line == [1, 2]
    journal.back_to(outer)
    assert line == [1]
