"""Times and lists as columns hold them: nothing is lost on the way there and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.clean import clean, is_clean
from storage.columns import micros, moment, to_json, to_micros, to_time, to_tuple

ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=5))])
SECONDS = st.integers(-(70 * 365 * 86_400), 230 * 365 * 86_400)
times = st.builds(
    lambda seconds, micro, zone: datetime.fromtimestamp(0, zone)
    + timedelta(seconds=seconds, microseconds=micro),
    SECONDS, st.integers(0, 999_999), ZONES,
)  # fmt: skip
words = st.text(st.characters(exclude_categories=[]), max_size=20)


@given(times)
def test_a_time_comes_back_to_the_microsecond(at: datetime) -> None:
    assert moment(micros(at)) == at
    assert to_time(to_micros(at)) == at
    assert moment(micros(at)).tzinfo is UTC


@given(times, times)
def test_numbers_are_ordered_as_the_times_are(one: datetime, other: datetime) -> None:
    assert (micros(one) < micros(other)) is (one < other)


def test_no_time_stays_none_and_the_beginning_is_zero() -> None:
    assert to_micros(None) is None
    assert to_time(None) is None
    assert to_time(0) == datetime(1970, 1, 1, tzinfo=UTC), "zero is a time, not its absence"
    assert micros(datetime(1970, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))) == 0


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ((), "[]"), ([], "[]"), (("a",), '["a"]'), ((1, 2), "[1,2]"), ({}, "{}"),
        (("灯坏",), '["灯坏"]'), (("\ud800",), '["\\ud800"]'), (("",), '[""]'), ((0,), "[0]"),
        ((None, True), "[null,true]"), ({"甲": 1}, '{"甲":1}'), ("", '""'), (0, "0"),
        (None, "null"), (("a\nb",), '["a\\nb"]'),
    ],
)  # fmt: skip
def test_the_text_of_a_value(value: object, stored: str) -> None:
    assert to_json(value) == stored


@given(st.lists(words | st.integers() | st.none() | st.booleans(), max_size=5))
def test_a_list_comes_back_as_a_tuple(values: list[object]) -> None:
    stored = to_json(values)
    stored.encode()
    assert to_tuple(stored) == tuple(values)
    assert to_tuple(to_json(tuple(values))) == tuple(values)


@given(st.dictionaries(words, words, max_size=3))
def test_any_object_is_text_that_both_engines_hold(value: dict[str, str]) -> None:
    stored = to_json(value)
    assert clean(stored) == stored
    assert json.loads(stored) == value


@given(words)
def test_cleaning_is_done_after_once(text: str) -> None:
    done = clean(text)
    assert clean(done) == done
    assert is_clean([(done,)])
    assert is_clean([(1, text)]) is (done == text)


@given(st.lists(st.tuples(words, st.integers(), words), max_size=4))
def test_rows_are_clean_only_if_every_text_is(rows: list[tuple[str, int, str]]) -> None:
    each = all(clean(text) == text for row in rows for text in (row[0], row[2]))
    if each:
        assert is_clean(rows)
