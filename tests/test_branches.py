"""Leaving out alternatives: each once, at every depth, and nothing that is none."""

from __future__ import annotations

import re

import pytest

from tests.branches import unproved, without_one


@pytest.mark.parametrize(
    ("pattern", "shorter"),
    [
        ("a", []),
        ("a|b", [("a", "b"), ("b", "a")]),
        ("a|b|c", [("a", "b|c"), ("b", "a|c"), ("c", "a|b")]),
        ("x(?:a|b)y", [("a", "x(?:b)y"), ("b", "x(?:a)y")]),
        ("(?P<n>a|b)", [("a", "(?P<n>b)"), ("b", "(?P<n>a)")]),
        ("(?<!a|b)c", [("a", "(?<!b)c"), ("b", "(?<!a)c")]),
        (r"[a|b]\|[^]|]\(", []),
        (
            "a(?:b|c(d|e))|f",
            [
                ("d", "a(?:b|c(e))|f"),
                ("e", "a(?:b|c(d))|f"),
                ("b", "a(?:c(d|e))|f"),
                ("c(d|e)", "a(?:b)|f"),
                ("a(?:b|c(d|e))", "f"),
                ("f", "a(?:b|c(d|e))"),
            ],
        ),
    ],
)
def test_every_alternative_is_left_out_once(pattern: str, shorter: list[tuple[str, str]]) -> None:
    assert list(without_one(pattern)) == shorter
    assert all(re.compile(rest) for _, rest in shorter)


def test_what_no_example_needs_is_named() -> None:
    assert unproved("灯|水管|水", ["灯坏了", "水管漏了"]) == ["水管", "水"]
    assert unproved("灯|水管", ["灯坏了", "水管漏了"]) == []
    assert unproved("灯|水管", ["门坏了"]) == ["灯", "水管"]


def test_what_is_seen_may_be_more_than_whether_it_is_there() -> None:
    def words(rule: re.Pattern[str], text: str) -> str:
        return "".join(rule.findall(text))

    assert unproved("水管|水", ["水管漏水"]) == ["水管", "水"]
    assert unproved("水管|水", ["水管漏水"], words) == []
