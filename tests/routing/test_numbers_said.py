"""Which numbers name a ticket and which a place, an amount or a time, sign by sign."""

from __future__ import annotations

import re

import pytest

from routing.numerals import _DURATION, _NUMBERS, duration, take_numbers
from tests.branches import unproved

TICKETS = {
    "6": 6, "七件": 7, "7件": 7, "＃7": 7, "# 7": 7, "单3": 3, "单号 3": 3, "2号": 2, "九单": 9,
    "1单": 1, "第9工单": 9, "十二号单": 12, "第三件": 3, "12 号单": 12, "0012": 12,
    "一百零一单": 101,
}  # fmt: skip
AMOUNTS = (
    "幢栋座元层室户个次盏位名人点天日月年周小时分秒刻米块度%％℃根棵辆台套条只头把张片段组队家公斤吨平"
    "袋桶箱包本份封批遍趟回排期梯万千百十余多几来岁圈盒瓶间扇"
)
NO_TICKETS = """
    3楼 3院 3门 3线 3库 3井 3店 3桌 3车 3路 3桥 3厅 3口 3地 3处 3部 3工作 3星期 3礼拜 3钟头 3号楼
    3号院 3号门 3号线 3号库 3号井 3号店 3号桌 3号车 3号路 3号桥 3号厅 3号口 3号地 3-2 3－2 3—2
    3~2 3:20 3：20 3.5 3．5 3A 3x 3单元 3单位 3单身 3单车 3单双 3单号5 3件事 三件事 三单元 三单位
    3号码 3号召 3号令 3号头 3号外 0 零单 3_号楼 3_楼 3_栋 3_幢 3_单元 3_院 3_号栋 3_个 3_天 3_日
    3_月 3_年 3_周 3_点 3_小时 3_工作日 3_星期 3_礼拜 3_钟头 1234567 #1234567 单1234567
"""
BEFORE_A_WORD = """
    楼道灯坏了 楼长来了 楼上漏水 楼下漏水 门口堵了 线路断了 车位占了 路灯不亮 路面裂了 地面塌了
    处理好了 处置完了 部分解决 _楼道灯坏了 _楼长来了
"""


def seen(rule: re.Pattern[str], text: str) -> object:
    match = rule.match(text)
    return match and (match.end(), match.groups())


def said(words: str) -> list[str]:
    return [word.replace("_", " ") for word in words.split()]


@pytest.mark.parametrize(("text", "number"), TICKETS.items())
def test_a_number_names_a_ticket(text: str, number: int) -> None:
    assert take_numbers(text) == ((number,), "")
    assert take_numbers(f"{text}，换了灯泡") == ((number,), "换了灯泡")


@pytest.mark.parametrize("text", [*(f"3{sign}" for sign in AMOUNTS), *said(NO_TICKETS)])
def test_a_number_of_something_else_names_none(text: str) -> None:
    assert take_numbers(text) == ((), text)


@pytest.mark.parametrize("rest", said(BEFORE_A_WORD))
def test_a_number_before_a_word_that_only_begins_alike_names_a_ticket(rest: str) -> None:
    assert take_numbers(f"3{rest}") == ((3,), rest.strip())


def test_every_word_that_makes_a_number_something_else_is_needed() -> None:
    texts = [*TICKETS, *(f"3{sign}" for sign in AMOUNTS), *said(NO_TICKETS)]
    texts += [f"3{rest}" for rest in said(BEFORE_A_WORD)]
    assert unproved(_NUMBERS.pattern, texts, seen) == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("3天", "3d"), ("3日", "3d"), ("三天", "3d"), ("5个工作日", "5wd"), ("5工作天", "5wd"),
        ("2小时", "2h"), ("两个钟头", "2h"), ("1周", "7d"), ("两星期", "14d"), ("一个礼拜", "7d"),
        ("半天", "12h"), ("半小时", "30m"), ("半个工作日", "4wh"), ("半周", "4d"),
        ("两天半", "3d"), ("十五天", "15d"),
    ],
)  # fmt: skip
def test_every_unit_of_time_is_understood(text: str, span: str) -> None:
    assert duration(f"{text} 等配件") == (span, "等配件")


def test_every_word_for_a_time_is_needed() -> None:
    texts = [
        "3天",
        "3日",
        "三天",
        "5个工作日",
        "5工作天",
        "2小时",
        "两个钟头",
        "1周",
        "两星期",
        "一个礼拜",
        "半天",
    ]
    assert unproved(_DURATION.pattern, texts, seen) == []
