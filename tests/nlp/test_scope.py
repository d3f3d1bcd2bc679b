"""Ends, denials and bare places, both ways."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.classify import LinearClassifier
from nlp.places import find_places
from nlp.scope import (
    _ASIDE,
    _BUT,
    _DENIED,
    _ENDED,
    _STILL,
    LONGEST,
    aside,
    denied,
    ended,
    only_where,
)
from tests.branches import unproved


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
        "好了 是跳闸",
        "找到了找到了 在鱼塘边上耍水",
        "来电了，是总闸跳了",
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
        "找到了 流血了快来",
        "好了 又坏了",
        "没事了吗 还在冒烟",
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


ENDS = """
    好啰 通喽 不冒了 撤走嘞 撤了 清掉了 解决喽 能用啰 扑灭喽 来水咯 不吵咯 有暖啰 来暖气了 找到喽
    拉开了 撤离喽 不响啰 不臭啦 换开咯 不滴喽 不晃喽 不闪喽 搬完啰 不漏喽 搞完嘞 有网喽 不卡啦
    不堵啦 挪开咯 扫走了[ 地暖热喽 修干净咯 电都有啦 水有了 屏幕亮咯 疏通走了 暖气热了 屋里热乎了
    不漏水嘞 处理掉喽 解决掉了 不吵人嘞 恢复走啰 有电喽哈哈 来气啦多谢 找着啰辛苦 灯亮嘞不用
    拆开了大家 弄完咯感谢 恢复供气啦 气终于来嘞 恢复正常了 恢复供水了 恢复供电喽 恢复供暖咯
    网已经来嘞谢 水有咯放心
"""
NOT_YET = """
    没 不 但 可是 又 咋 啥 几 吗 么 呢 ? ？ 坏 才 就好 要是 如果 好了再 白天 还是 说 一直 老是
    天天 总算等 请 麻烦 求
"""
DENIALS = """
    没漏 没返水 没有漏 没在坏 没冒烟 没吵架 没问题 没走丢 没诈骗 没受伤 没故障 没起火 没煤气 没着火
    没停电 没积水 没断网 没停水 没打架 不是再味 没再在堵 没再发生漏水 哪有发生丢
"""
BUTS = "但 可是 不过 只是 而是 就是 结果 却 咋 吗 么 呢 ? ？ 求 帮 急 快"


def test_every_way_of_telling_an_end_is_needed_and_proved() -> None:
    assert [text for text in ENDS.split() if not ended(text)] == []
    assert unproved(_ENDED.pattern, [*ENDS.split(), "隔壁打通了"]) == []


@pytest.mark.parametrize("word", NOT_YET.split())
def test_no_end_is_told_with_a_word_that_leaves_it_open(word: str) -> None:
    assert ended("水来了")
    assert not ended(f"{word}水来了")


def test_every_word_that_leaves_it_open_is_needed() -> None:
    ends = (
        "不堵了",
        "不漏了",
        "不吵了",
        "不臭了",
        "不响了",
        "不闪了",
        "不卡了",
        "不滴了",
        "不晃了",
    )
    texts = [*NOT_YET.split(), *ends, "不冒了", "不用", "又好了", "又亮了", "又通了", "没事"]
    assert unproved(_STILL.pattern, texts) == []
    assert [text for text in ends if not ended(text)] == []


def test_every_way_of_denying_is_needed_and_proved() -> None:
    assert [text for text in DENIALS.split() if not denied(text)] == []
    assert unproved(_DENIED.pattern, DENIALS.split()) == []


@pytest.mark.parametrize("word", BUTS.split())
def test_a_denial_with_a_but_denies_nothing(word: str) -> None:
    assert denied("没有漏水，放心")
    assert not denied(f"没有漏水{word}")


def test_every_but_is_needed() -> None:
    assert unproved(_BUT.pattern, BUTS.split()) == []


@pytest.mark.parametrize(("says", "tail"), [(ended, "好了"), (denied, "没漏")])
def test_up_to_the_longest_a_text_is_judged(says: Callable[[str], bool], tail: str) -> None:
    assert says(tail.rjust(LONGEST, "嗯"))
    assert not says(tail.rjust(LONGEST + 1, "嗯"))


def test_a_place_named_twice_is_said_of_the_place() -> None:
    named = find_places("3号楼灯坏了")
    assert only_where("3号楼", named)
    assert not only_where("3号楼3号楼", named[:1])


ASIDES = [
    "快报警啊", "你赶紧报警吧", "打110！", "打12345投诉", "打挪车电话啊",
    "找物业啊", "去找网格长说吧",
    "投诉物业！", "问问社区呗", "百分百骗子", "骗子吧", "肯定是骗人的", "又维保", "又要检修了？",
]  # fmt: skip


@pytest.mark.parametrize("text", ASIDES)
def test_a_bystander_tells_nothing(classifier: LinearClassifier, text: str) -> None:
    assert aside(text)
    reading = classifier.read(text)
    assert reading.kind != "report"
    assert not reading.urgent


@pytest.mark.parametrize(
    "text",
    [
        "救命啊快报警", "有人打架 快报警", "快打120", "打120啊人晕倒了",
        "3幢着火了快打119", "我被骗子骗了",
        "骗子又来了在5幢敲门", "又停水了", "又维保 老人下不了楼", "找物业没人管",
        "打物业电话没人接",
        "报警器响了", "投诉物业不作为", "电梯又要检修",
    ],
)  # fmt: skip
def test_who_tells_what_happened_is_no_bystander(text: str) -> None:
    assert not aside(text)


@given(st.text(max_size=40))
def test_any_text_may_be_an_aside(text: str) -> None:
    assert aside(text) in {True, False}


LEADS = "你 你们 大家 那 就 快 赶紧 赶快 马上 直接 先 还是 去 给"
WHOM = "物业 社区 居委 居委会 网格长 派出所 城管 警察 街道 12345"
TAILS = "投诉 看看 问问 处理 反映 说 去 啊 呀 吧 呗 哦 嘛 啦"
SURE = "百分百 百分之百 肯定 绝对 一看就 明显 就 又 都"
ALL_ASIDES = (
    *ASIDES, "打119", "又维护", "又保养", "又在检查", "又来检修",
    *(f"{lead}报警" for lead in LEADS.split()), *(f"报警{tail}" for tail in TAILS.split()),
    *(f"{verb}{whom}" for verb in ("找", "问", "投诉") for whom in WHOM.split()),
    *(f"{sure}骗子" for sure in SURE.split()), *(f"骗{what}" for what in "子人局钱"),
    *(f"骗子{tail}" for tail in "的吧啊呀呢"), *(f"又维保{tail}" for tail in "了啊呀吗"),
)  # fmt: skip


def _is_whole(rule: re.Pattern[str], text: str) -> bool:
    return rule.fullmatch(text) is not None


def test_every_way_of_standing_aside_is_needed_and_proved() -> None:
    assert [text for text in ALL_ASIDES if not aside(text)] == []
    assert unproved(_ASIDE.pattern, ALL_ASIDES, _is_whole) == []
