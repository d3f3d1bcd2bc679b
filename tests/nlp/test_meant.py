"""Words of the domain behind what was typed, and words that are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import meant_fitting, model, sounds
from nlp.corpus import Example
from nlp.meant import LONGEST, NOTHING_MEANT, Meant, letters_apart
from nlp.normalise import normalise
from nlp.places import find_places
from nlp.segment import cut


@pytest.fixture(scope="module")
def shipped() -> Meant:
    return model.load().meant


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("下水到堵了", "下水道"),
        ("电体坏了", "电梯"),
        ("楼到灯不亮", "楼道"),
        ("楼上漏睡", "漏水"),
        ("垃圾捅满了", "垃圾桶"),
        ("门金刷不开", "门禁"),
        ("路登不亮", "路灯"),
        ("物业非太贵", "物业费"),
        ("暖企不热", "暖气"),
        ("燃汽味很大", "燃气"),
        ("化分池满了", "化粪池"),
        ("井概没了", "井盖"),
        ("消访通道堵了", "消防通道"),
        ("停车味被占", "停车位"),
        ("充电庄坏了", "充电桩"),
        ("单员门关不上", "单元门"),
        ("水观爆了", "水管"),
        ("垃及没人收", "垃圾"),
        ("下水刀堵了", "下水道"),
    ],
)
def test_slips_are_understood(shipped: Meant, typed: str, word: str) -> None:
    assert word in shipped(cut(normalise(typed)))


@pytest.mark.parametrize(
    "text",
    [
        "今天天气不错", "我也是", "谢谢大家", "好的收到", "夜市太吵", "下水道堵了", "电梯坏了",
        "吃了吗", "周末去哪玩", "路灯不亮", "楼道灯坏了", "垃圾桶满了", "明天见", "", "1",
    ],
)  # fmt: skip
def test_right_words_are_left_alone(shipped: Meant, text: str) -> None:
    assert shipped(cut(normalise(text))) == []


@given(st.text(max_size=80))
def test_only_words_of_the_table_are_meant(shipped: Meant, text: str) -> None:
    words = cut(normalise(text))
    found = shipped(words)
    assert set(found) <= set(shipped.words)
    assert len(found) == len(set(found)) <= LONGEST * len(words)
    assert found == shipped(words)


@given(st.text(alphabet="下水到道电体梯漏睡垃圾捅3号楼2单元门口的了", max_size=40))
def test_places_and_text_do_not_change(shipped: Meant, text: str) -> None:
    words = cut(normalise(text))
    before = list(words)
    shipped(words)
    assert words == before
    assert all(text[p.start : p.start + len(p.text)] == p.text for p in find_places(text))


def small(*words: str, usual: frozenset[str] = frozenset()) -> Meant:
    signs, syllables = sounds.table(sounds.wide), sounds.syllables()
    heard = {sign: sounds.wide(syllables[sign]) for sign in set(signs.values())}
    return Meant(signs, heard, words, usual)


@pytest.mark.parametrize(
    ("words", "typed", "found"),
    [
        (("夜市",), ["也", "是"], []),
        (("夜市",), ["夜", "是"], ["夜市"]),
        (("下水道",), ["下水", "到"], ["下水道"]),
        (("下水道",), ["下水", "刀"], ["下水道"]),
        (("下水道",), ["下水", "口"], []),
        (("下水道",), ["下水道"], []),
        (("化粪池",), ["华", "分", "吃"], []),
        (("化粪池",), ["发", "粪", "池"], ["化粪池"]),
        (("暖气",), ["卵", "气"], ["暖气"]),
        (("楼道", "楼道灯"), ["楼", "到", "灯"], ["楼道", "楼道灯"]),
    ],
)
def test_what_counts_as_the_same_sound(
    words: tuple[str, ...], typed: list[str], found: list[str]
) -> None:
    assert small(*words)(typed) == found


def test_what_people_really_write_is_no_slip() -> None:
    assert small("夜市", usual=frozenset({"夜是"}))(["夜", "是"]) == []
    assert NOTHING_MEANT(["下水", "到"]) == []


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [("dao", "dao", 0), ("dao", "bao", 1), ("shui", "sui", 1), ("ma", "mang", 2), ("", "ti", 2)],
)
def test_letters_apart(one: str, other: str, letters: int) -> None:
    assert letters_apart(one, other) == letters_apart(other, one) == letters


@pytest.mark.parametrize(
    ("one", "other"),
    [("shui", "sui"), ("niu", "liu"), ("hui", "fei"), ("hu", "fu"), ("bing", "bin"),
     ("tang", "tan"), ("deng", "den"), ("zhang", "zan")],
)  # fmt: skip
def test_accents_are_folded(one: str, other: str) -> None:
    assert sounds.wide(one) == sounds.wide(other)


@pytest.mark.parametrize(("one", "other"), [("shui", "shei"), ("ti", "di"), ("dong", "don")])
def test_other_sounds_stay_apart(one: str, other: str) -> None:
    assert sounds.wide(one) != sounds.wide(other)


def test_the_words_come_from_reports() -> None:
    lines = [Example("冲撞门廊坏了", "report", ("0402",))] * 6 + [Example("吃早饭了", "chat")] * 6
    cuts = [cut(e.text) for e in lines]
    words = meant_fitting.telling(lines, cuts)
    assert "门廊" in words
    assert "早饭" not in words
    assert "下水道" in words


def test_talk_teaches_what_is_usual() -> None:
    meant = small("夜市")
    talk, report = Example("夜是黑的", "chat"), Example("夜是吵", "report", ("0106",))
    assert meant_fitting.usual(meant, [talk], [["夜", "是", "黑"]]) == {"夜是"}
    assert meant_fitting.usual(meant, [report], [["夜", "是", "吵"]]) == frozenset()
