"""What a rejection says about the words, and what a lesson may keep of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.lessons import (
    _OTHER_KINDS,
    _STAYS_A_REPORT,
    MOST_TEXT,
    Taught,
    not_a_report,
    speakable,
    without_people,
)
from routing.privacy import mask
from tests.branches import unproved

KINDS = [
    ("这是闲聊", "chat"),
    ("他们在开玩笑", "chat"),
    ("不是报事", "chat"),
    ("不是诉求，是夸咱们小区", "chat"),
    ("并不是反映问题", "chat"),
    ("误报", "chat"),
    ("小格理解错了", "chat"),
    ("广告", "chat"),
    ("说的是电视里的演练", "chat"),
    ("是物业的通知", "notice"),
    ("转的公告", "notice"),
    ("订菜接龙", "order"),
    ("团购报名", "order"),
    ("只是补充刚才那件", "follow_up"),
]
REPORTS_ALL_THE_SAME = [
    "重复", "已经有人报过", "和12是同一件", "不属于我们小区", "不归社区管", "现场没有这个问题",
    "不属实", "核实过没有发现", "不在职责范围", "没有这回事", "重复，不是新的报事", "管不了",
    "住户自己的事", "等下个月改造", "",
]  # fmt: skip


@pytest.mark.parametrize(("reason", "kind"), KINDS)
def test_reasons_that_say_it_was_no_report(reason: str, kind: str) -> None:
    assert not_a_report(reason) == kind


@pytest.mark.parametrize("reason", REPORTS_ALL_THE_SAME)
def test_reasons_that_leave_it_a_report(reason: str) -> None:
    assert not_a_report(reason) == ""


STAYS = """
    已报 报过 范围 核实 现场 重复 职责 核查 不归 没有此 不属于 同一件 未发现 不属实 管不了 已登记
    没有该 已受理 没有这 不是这镇 别的社区 不是咱村 没有发现 别的网格 没有看到 别的小区
    不是本部门 不是咱街道 不是咱小区 不是咱网格 不是咱社区 不是我们辖区
"""


def test_every_word_that_leaves_it_a_report_is_needed_and_proved() -> None:
    assert [word for word in STAYS.split() if not_a_report(word + "，是闲聊")] == []
    assert unproved(_STAYS_A_REPORT.pattern, STAYS.split()) == []


OTHER_KINDS = {
    "order": "订菜 团购 接龙 拼单 报名 订单 订购 订货",
    "notice": "公告 通知 告示 宣传 提醒大家",
    "follow_up": "是补充 在追问 在回复 在说上那 在说刚才那 只是说的是之前那",
    "chat": """
        演习 认错 闲话 玩梗 玩笑 推销 广告 闲聊 形容 演练 误判 听错 段子 随口 误报 调侃 转发 游戏
        感慨 比喻 聊天 小格误 说着玩 理解错 小格错 没问题 没反映 没投诉 没报告 没报事 没在上报
        吐槽一下 并非个求助 不算真诉求 不是条报修
    """,
}


@pytest.mark.parametrize(("kind", "rule"), _OTHER_KINDS)
def test_every_word_that_says_what_it_was_is_needed_and_proved(
    kind: str, rule: re.Pattern[str]
) -> None:
    words = OTHER_KINDS[kind].split()
    assert {word: not_a_report(word) for word in words} == dict.fromkeys(words, kind)
    assert unproved(rule.pattern, words) == []


PEOPLE = [
    ("3号楼张阿姨家漏水，电话13812345678", "3号楼[姓名]家漏水，电话[电话]"),
    ("2单元501的老王，天天吵", "2单元的[姓名]，天天吵"),
    ("我是李小红，灯坏了", "我是[姓名]，灯坏了"),
    ("他叫赵铁柱，堵门", "他叫[姓名]，堵门"),
    ("车牌鲁K12345挡了路", "车牌[车牌]挡了路"),
    ("欧阳小敏家的狗", "[姓名]家的狗"),
    ("周师傅没来修", "[姓名]没来修"),
]


@pytest.mark.parametrize(("text", "kept"), PEOPLE)
def test_nobody_is_named_in_a_lesson(text: str, kept: str) -> None:
    assert without_people(text, ["欧阳小敏"]) == kept


@pytest.mark.parametrize(
    "text",
    ["楼道灯坏了", "东门路灯一排不亮", "老小区没有电梯", "路面塌了一块", "小李子树倒了"],
)
def test_ordinary_words_stay(text: str) -> None:
    assert without_people(text) == text


def test_public_numbers_stay() -> None:
    assert without_people("打96119没人接", (), {"96119"}) == "打96119没人接"


@given(st.text(max_size=80), st.integers(10**10, 10**11 - 1), st.text(max_size=20))
def test_masking_again_finds_nothing(before: str, number: int, after: str) -> None:
    kept = without_people(f"{before} 1{number % 10**9 + 3 * 10**9} {after}")
    assert mask(kept) == kept or mask(mask(kept)) == mask(kept)


def test_long_messages_are_cut() -> None:
    assert len(without_people("灯" * 9000)) == MOST_TEXT


@pytest.mark.parametrize(
    ("word", "learned"),
    [
        ("罢工", True), ("铁疙瘩", True), ("返味", True),
        ("李小红", False), ("小王", False), ("老张", False), ("张阿姨", False), ("刘某", False),
        ("欧阳小敏", False), ("小敏", False), ("二五四三六七八九零一二", False),
    ],
)  # fmt: skip
def test_which_words_a_model_may_learn(word: str, learned: bool) -> None:
    assert speakable(word, {"欧阳小敏", "小王（示例）"}) is learned


@given(st.text(alphabet="甲乙丙丁王李张", min_size=2, max_size=4))
def test_no_name_of_the_lists_is_learned(name: str) -> None:
    assert not speakable(name, {name})
    assert not speakable(f"{name}家", {name})


def test_every_correction_has_its_word() -> None:
    assert [taught.label for taught in Taught] == ["改类", "驳回", "建单"]
