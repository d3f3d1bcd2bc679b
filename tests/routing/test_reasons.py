"""Grounds of dissatisfaction: what people say, and how it is counted without their words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.reasons import _RULES, GROUNDS, OTHER, UNSAID, counted, ground_of
from tests.branches import unproved

SAID = [
    ("修好两天又漏了", "又出现了"),
    ("没几天老毛病就来了", "又出现了"),
    ("来的人态度很差", "态度不好"),
    ("物业跟我踢皮球", "态度不好"),
    ("等了三个月才来", "太慢了"),
    ("拖拖拉拉的", "太慢了"),
    ("没人告诉我结果", "没说清楚"),
    ("到底怎么处理的不清楚", "没说清楚"),
    ("只修了一边", "只办了一半"),
    ("垃圾没清干净", "只办了一半"),
    ("还是不亮", "没有解决"),
    ("根本没来修", "没有解决"),
    ("反正心里不舒服", OTHER),
    ("", UNSAID),
    ("   ", UNSAID),
    ("反映人未说明原因", UNSAID),
]

WORDS = {
    "又出现了": """
        又臭 复发 又响 又黑 又坏 反复 又脏 又犯 又灭 又来 又堵 又漏 又出 又停 过两天 没几天
        老毛病 又这样
    """,
    "态度不好": "骂 凶 吼 推诿 推脱 应付 敷衍 态度 不耐烦 踢皮球 爱答不理 爱搭不理",
    "太慢了": "拖 迟 慢 等久 等了好几月 等天 等周 催遍 催了三次 催过两回",
    "没说清楚": """
        没讲 没说 没人说 看不懂 不明白 不清楚 没答复 没通知 没解释 没回音 没回复 没交代 没告诉
        没有说法
    """,
    "只办了一半": """
        只修 留下 一半 还剩 只弄 只换 只清 没搞全 没做完 没修完 没弄彻底 没清干净 没收拾完
    """,
    "没有解决": "坏 没 不行 照样 不亮 不热 还有 白修 还在 不通 根本 还是 依旧",
}


@pytest.mark.parametrize(("ground", "rule"), _RULES)
def test_every_word_gives_its_ground_and_is_needed(ground: str, rule: re.Pattern[str]) -> None:
    words = WORDS[ground].split()
    assert {word: ground_of(word) for word in words} == dict.fromkeys(words, ground)
    assert unproved(rule.pattern, words) == []


@pytest.mark.parametrize(("words", "ground"), SAID)
def test_words_give_their_most_telling_ground(words: str, ground: str) -> None:
    assert ground_of(words, unsaid="反映人未说明原因") == ground


def test_grounds_are_counted_in_their_order_and_without_zeros() -> None:
    found = counted(["还是不亮", "态度很差", "没修", ""])
    assert found == {"态度不好": 1, "没有解决": 2, UNSAID: 1}
    assert list(found) == [name for name in GROUNDS if name in found]


@given(st.lists(st.text(max_size=30), max_size=20))
def test_every_word_counts_once_and_none_is_repeated(notes: list[str]) -> None:
    found = counted(notes)
    assert sum(found.values()) == len(notes)
    assert set(found) <= set(GROUNDS)
