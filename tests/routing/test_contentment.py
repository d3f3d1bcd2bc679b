"""Plain words about a result: what they amount to, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.contentment import LONGEST, opinion
from routing.states import Verdict

GOOD, HALF, BAD = Verdict.SATISFIED, Verdict.PARTLY, Verdict.DISSATISFIED


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("看到了 挺好", GOOD), ("确实修好了，谢谢师傅", GOOD), ("没问题了", GOOD),
        ("总算好了 辛苦", GOOD), ("已经解决了！", GOOD), ("好多了，谢谢网格长", GOOD),
        ("行吧", HALF), ("行吧 清了", HALF), ("凑合", HALF), ("好是好了就是慢", HALF),
        ("好是好了，就是有点慢", HALF), ("嗯 这回可以", HALF), ("这还差不多", HALF),
        ("还行吧", HALF), ("马马虎虎", HALF), ("好一点了", HALF), ("修好了 就是太慢了", HALF),
        ("没人来啊", BAD), ("根本没人来", BAD), ("骗人的吧 根本没修", BAD), ("没用啊", BAD),
        ("没用啊 半夜又摆出来了", BAD), ("这叫通好了？", BAD), ("这也叫修？", BAD),
        ("糊弄人呢", BAD), ("水还在滴", BAD), ("还在响", BAD), ("一点都没变", BAD),
        ("又开始了！刚走又摆出来", BAD), ("白修了", BAD), ("跟没修一样", BAD), ("照样漏", BAD),
        ("一点没用", BAD), ("压根没来过人", BAD), ("到现在没人上门", BAD),
    ],
)  # fmt: skip
def test_what_the_words_amount_to(words: str, verdict: Verdict) -> None:
    said = opinion(words)
    assert said is not None
    assert said.verdict is verdict


@pytest.mark.parametrize(
    ("words", "code", "other"),
    [
        ("亮了👍", "0403", "0301"), ("热了热了 谢谢", "0304", "0403"),
        ("热乎了 谢谢供热小哥", "0304", "0101"), ("21度 可以", "0304", "0306"),
        ("水清了", "0301", "0304"), ("来电了", "0302", "0301"),
        ("确实干净了，谢谢", "0101", "0403"),
        ("不漏了", "0501", "0604"), ("厨房没返水了 好", "0306", "0302"), ("通了", "0306", "0101"),
        ("安静多了", "0601", "0304"), ("车开走了", "0701", "0403"), ("填平了", "0201", "0701"),
        ("网好了", "0305", "0302"),
    ],
)  # fmt: skip
def test_some_words_fit_only_some_matters(words: str, code: str, other: str) -> None:
    said = opinion(words)
    assert said is not None
    assert said.verdict is GOOD
    assert code.startswith(said.codes)
    assert not other.startswith(said.codes)


@pytest.mark.parametrize("words", ["好了", "可以", "行", "不错", "挺好的", "没事了", "行了"])
def test_common_words_are_told_apart(words: str) -> None:
    said = opinion(words)
    assert said is not None
    assert said.bare
    assert said.whole


@pytest.mark.parametrize(
    "words",
    [
        "", "谢谢", "好的 谢谢", "收到", "哈哈哈", "今天天气不错啊大家出来玩",
        "这家店挺好 推荐给大家",
        "放心吧", "孩子终于睡了 可以打麻将了", "明天晚上有人来吗", "没人吃的话我就吃了啊",
        "我家也是", "什么时候来水", "又下雨了", "又涨价了", "还在上班呢", "没来得及买菜",
        "热死了",
        "热了一点", "灯是亮的但是门坏了", "你人真好", "这叫什么事",
        "没用过这个牌子", "白天没人在家",
        "骗子又打电话来了 说我中奖", "清" * (LONGEST + 1),
        "根本没修的那种老小区我是不会买的谁爱买谁买去",
        "菜新鲜 干净了再下锅", "👍", "[捂脸]", "水电费交了",
    ],
)  # fmt: skip
def test_talk_is_no_opinion(words: str) -> None:
    assert opinion(words) is None


@given(st.text(max_size=60))
def test_any_words_are_borne(words: str) -> None:
    said = opinion(words)
    assert said is None or said.verdict in {GOOD, HALF, BAD}
