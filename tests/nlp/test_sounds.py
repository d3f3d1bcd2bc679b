"""Syllables as people confuse them: what becomes one, and what must stay two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.sounds import plain, syllables, table, wide


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zhi", "zi"), ("chang", "cang"), ("shi", "si"), ("sheng", "sen"), ("ting", "tin"),
        ("jing", "jin"), ("zheng", "zen"), ("ling", "lin"),
    ],
)  # fmt: skip
def test_what_everybody_confuses_is_one(one: str, other: str) -> None:
    assert plain(one) == plain(other)
    assert wide(one) == wide(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nan", "lan"), ("niu", "liu"), ("hu", "fu"), ("hui", "fei"), ("hun", "fen"),
        ("huang", "fang"), ("hua", "fa"), ("tang", "tan"), ("nang", "lan"), ("shang", "san"),
    ],
)  # fmt: skip
def test_what_only_accents_mix_is_one_when_heard_widely(one: str, other: str) -> None:
    assert plain(one) != plain(other)
    assert wide(one) == wide(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ti", "di"), ("shui", "hui"), ("tong", "ton"), ("dian", "tian"), ("lou", "lu"), ("ha", "fa")],
)
def test_other_syllables_stay_two(one: str, other: str) -> None:
    assert plain(one) != plain(other)
    assert wide(one) != wide(other)


@given(st.sampled_from(sorted(set(syllables().values()))))
def test_folding_twice_changes_nothing(sound: str) -> None:
    assert plain(plain(sound)) == plain(sound)
    assert wide(wide(sound)) == wide(sound)


@given(*[st.sampled_from(sorted(set(syllables().values())))] * 2)
def test_whatever_is_confused_narrowly_is_confused_widely(one: str, other: str) -> None:
    if plain(one) == plain(other):
        assert wide(one) == wide(other)


@pytest.mark.parametrize("fold", [plain, wide])
def test_the_sign_of_a_sound_is_its_own_sign(fold: object) -> None:
    signs = table(wide if fold is wide else plain)
    assert all(signs[ord(sign)] == sign for sign in signs.values())
    assert len(signs) > 6000


@pytest.mark.parametrize(("one", "other"), [("到", "道"), ("体", "替"), ("升", "身"), ("只", "子")])
def test_homophones_have_one_sign(one: str, other: str) -> None:
    signs = table()
    assert signs[ord(one)] == signs[ord(other)]
