"""Many expressions in one pass: what is found is what each of them finds alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.spotter import Spotter, openings, signs_of, starts_of, ways

RULES = {
    "fire": "(?<!没)着(?:了)?火|冒(?:黑|浓)?(?:烟|火)|火[苗势]",
    "gas": "(?:煤|天然)气[^,，]{0,4}(?:味|漏)|气罐",
    "call": "12[02]|救命!{2,}|[a-c]{2,3}快|快+来",
    "blood": "血",
}
SLOW = {name: re.compile(rule) for name, rule in RULES.items()}
TEXTS = st.text(alphabet="没着了火冒黑浓烟苗煤天然气,味漏罐120救命!abc快来血水", max_size=16)


@pytest.mark.parametrize(
    ("rule", "alone"),
    [
        ("a|b", ["a", "b"]),
        ("a|(?:b|c)d|[|e]f", ["a", "(?:b|c)d", "[|e]f"]),
        (r"a\|b|c", [r"a\|b", "c"]),
        ("(?:a|(?:b|c))", ["(?:a|(?:b|c))"]),
        ("", [""]),
    ],
)
def test_alternatives_stand_alone(rule: str, alone: list[str]) -> None:
    assert ways(rule) == alone
    assert "|".join(alone) == rule


@pytest.mark.parametrize(
    ("form", "starts"),
    [
        ("着火", {"着火"}),
        ("着(?:了)?火", {"着了", "着火"}),
        ("(?:困|卡|夹着)人", {"困人", "卡人", "夹着"}),
        ("[东南]门", {"东门", "南门"}),
        ("[1-3]楼", {"1楼", "2楼", "3楼"}),
        ("[^,，]?火", None),
        (".火", None),
        ("人[^,]{0,3}在", {"人", "人在"}),
        ("血", {"血"}),
        ("一?地血", {"一地", "地血"}),
        ("(?<!没)(?<![打点])着火", {"着火"}),
        ("火星(?![文人])", {"火星"}),
        ("快+来", {"快"}),
        ("!{2,}", {"!"}),
        ("(?:甲|乙){0,2}丙", {"甲", "乙", "丙"}),
        ("(?:头|脸)(?:都)?是?血", {"头都", "头是", "头血", "脸都", "脸是", "脸血"}),
        (r"\d楼", None),
        ("(?:血)?", None),
        ("^火", {"火"}),
    ],
)  # fmt: skip
def test_what_a_form_begins_with(form: str, starts: set[str] | None) -> None:
    if starts is None:
        with pytest.raises(ValueError, match="anything"):
            starts_of(form)
    else:
        assert starts_of(form) == starts


def test_an_opening_knows_whether_more_must_follow() -> None:
    assert openings("血") == {("血", True)}
    assert openings("血+") == {("血", False)}
    assert openings("") == {("", True)}
    assert openings("冒烟了") == {("冒烟", True)}


def test_a_rule_that_may_begin_with_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="anything"):
        Spotter({"any": "火|.水"})


@given(TEXTS)
def test_what_is_found_is_what_each_rule_finds(text: str) -> None:
    wanted = {name for name, rule in SLOW.items() if rule.search(text)}
    assert Spotter(RULES).found(text) == wanted
    assert Spotter(RULES).found(text, signs_of(f"水{text}火")) == wanted


@given(TEXTS)
def test_each_in_turn_is_what_one_expression_finds(text: str) -> None:
    one = re.compile("|".join(f"(?P<{name}>{rule})" for name, rule in RULES.items()))
    assert Spotter(RULES).each(text) == [match.lastgroup for match in one.finditer(text)]


@given(st.lists(st.text(alphabet="甲乙丙", min_size=1, max_size=3), min_size=1, max_size=5), TEXTS)
def test_plain_words_are_found_where_they_stand(words: list[str], text: str) -> None:
    found = Spotter({str(i): word for i, word in enumerate(words)}).found(f"{text}甲乙{text}丙甲")
    assert found == {str(i) for i, word in enumerate(words) if word in f"{text}甲乙{text}丙甲"}


def test_the_earlier_of_two_ways_is_taken() -> None:
    assert Spotter({"long": "着火了", "short": "着火"}).each("着火了着火") == ["long", "short"]
    assert Spotter({"short": "着火", "long": "着火了"}).each("着火了着火") == ["short", "short"]


@given(st.text(max_size=20))
def test_signs_are_characters_and_pairs(text: str) -> None:
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    assert signs_of(text) == {*text} | pairs
