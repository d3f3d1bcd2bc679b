"""Ends, denials and bare places, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.classify import LinearClassifier
from nlp.places import find_places
from nlp.scope import LONGEST, denied, ended, only_where


@pytest.fixture(scope="module")
def classifier() -> LinearClassifier:
    return LinearClassifier.load()


@pytest.mark.parametrize(
    "text",
    [
        "来水了",
        "水来了",
        "电来了，谢谢",
        "不堵了",
        "灯亮了",
        "电梯好了",
        "修好了，辛苦师傅",
        "下水道通了",
        "车挪走了",
        "暖气热了",
        "网恢复了",
        "垃圾清走了，感谢",
        "人找到了，谢谢大家",
        "恢复正常了",
    ],
)
def test_ends(text: str) -> None:
    assert ended(text)


@pytest.mark.parametrize(
    "text",
    [
        "停水了",
        "修好了吗",
        "啥时候来水",
        "还没修好",
        "说修好了又坏了",
        "好几天了",
        "隔壁打通了",
        "来水了但是黄的",
        "要是来电了告诉我",
        "怎么又好了又坏了",
        "路灯白天亮了",
        "电梯坏了",
        "没水了",
        "着火了",
        "",
    ],
)
def test_no_ends(text: str) -> None:
    assert not ended(text)


@pytest.mark.parametrize(
    "text", ["没有漏水", "我家没停水", "没着火，放心", "不是煤气味", "今天没堵车", "电梯没坏呀"]
)
def test_denials(text: str) -> None:
    assert denied(text)


@pytest.mark.parametrize(
    "text",
    [
        "漏水了",
        "没停水但是水很小",
        "没有漏水吗",
        "没着火就是烟大，快来",
        "没人管",
        "没水了",
        "怎么没堵住",
        "",
    ],
)
def test_no_denials(text: str) -> None:
    assert not denied(text)


@given(st.text(max_size=60))
def test_only_short_texts_are_judged(text: str) -> None:
    if len(text) > LONGEST:
        assert not ended(text)
        assert not denied(text)


@pytest.mark.parametrize(
    "text", ["3号楼2单元", "9幢1单元", "在3号楼2单元", "位置是东门那里", "幸福路公交站附近"]
)
def test_only_a_place_is_no_report(classifier: LinearClassifier, text: str) -> None:
    assert only_where(text, find_places(text))
    reading = classifier.read(text)
    assert reading.kind != "report"
    assert reading.doubt == 0
    assert reading.places


@pytest.mark.parametrize(
    "text", ["3号楼2单元灯坏了", "东门堵了", "9幢1单元着火", "在家", "", "位置"]
)
def test_a_place_and_what_is_there_is_more(text: str) -> None:
    assert not only_where(text, find_places(text))
