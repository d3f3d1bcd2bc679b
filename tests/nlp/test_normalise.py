"""One spelling for what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalise import normalise


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("楼道灯坏了", "楼道灯坏了"),
        ("３号楼，２单元", "3号楼,2单元"),
        ("樓道燈壞了", "楼道灯坏了"),
        ("電梯又停咗", "电梯又停咗"),
        ("停水了！！！！", "停水了!"),
        ("怎么回事？？？", "怎么回事?"),
        ("啊啊啊啊救命", "啊救命"),
        ("哈哈哈哈哈", "哈哈"),
        ("呵呵呵呵", "哈哈"),
        ("hhhhhh", "哈哈"),
        ("233333", "哈哈"),
        ("😂😂", "[哈哈][哈哈]"),
        ("救命🆘", "救命[求救]"),
        ("👍", "[赞]"),
        ("🦖来了", "来了"),
        ("1️⃣ 鸡蛋", "1 鸡蛋"),
        ("停\u200b水\u202e了", "停水了"),
        ("\ufeff停电", "停电"),
        ("看 https://a.b/c?d=1 这个", "看 [链接] 这个"),
        ("垃 圾 满 了", "垃圾满了"),
        ("  两   边  ", "两 边"),
        ("1.张\n2.李", "1.张¶2.李"),
        ("----- 分割", "- 分割"),
        ("A栋WIFI", "a栋wifi"),
        ("ABC", "abc"),
        ("", ""),
        ("。", "."),
        ("“急”", '"急"'),
        ("138****0000", "138-0000"),
        ("2222", "2222"),
    ],
)
def test_spellings(typed: str, plain: str) -> None:
    assert normalise(typed) == plain


@pytest.mark.parametrize("word", ["乾隆", "著名", "了解", "余下", "干净"])
def test_simplified_words_stay(word: str) -> None:
    assert normalise(word) == word


@given(st.text(max_size=80))
def test_any_text_is_accepted(text: str) -> None:
    assert isinstance(normalise(text), str)


@given(st.text(alphabet="停水了楼道灯坏,。!?？！ 12ab樓燈", max_size=40))
def test_a_second_time_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(alphabet="\u200b\u200d\u202e\u2066\ufeff\x00\x07\t\n\u00ad\u2028", max_size=10))
def test_invisible_characters_leave_nothing_behind(text: str) -> None:
    assert normalise(f"停{text}水").replace("¶", "").replace(" ", "") == "停水"


@pytest.mark.parametrize(
    "text", ["楼道灯坏了3天", "灯坏了,没人修?", "哈哈哈哈好", "坏了了了", "灯坏了", "路燈坏了3天"]
)
def test_plain_texts_go_the_short_way_to_the_same_end(text: str) -> None:
    """A blank at the end sends a text the long way."""
    assert normalise(text) == normalise(f"{text} ").strip()


@given(st.text(alphabet="灯哈啊了，。！？：；（）～、“”‘’!?.,-*=hHaA3燈 ", max_size=14))
def test_every_way_leads_to_the_same_end(text: str) -> None:
    """A picture sends a text the longest way."""
    assert normalise(f"灯{text}灯") == normalise(f"灯{text}灯\U0001f996").rstrip()
