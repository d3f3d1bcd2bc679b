"""Who is named in a text is found, and ordinary words are not taken for names."""

from __future__ import annotations

import itertools
import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.people import find_people

HAN = "\u4e00-\u9fff"
CORPUS = Path(__file__).parents[2] / "nlp" / "corpus"

NAMED = """
已联系王建国维修 | 王建国
请张伟师傅换了灯泡 | 张伟师傅
楼上李秀兰家漏水已修 | 李秀兰
经与业主刘洋沟通，已停 | 刘洋
物业小李去看过，换了阀门 | 小李
老张已清理 | 老张
已把押金退给周大爷 | 周大爷
找到车主赵强，已挪车 | 赵强
车主赵强已挪车 | 赵强
由陈晓明负责维修 | 陈晓明
维修工孙志强已上门 | 孙志强
王建国已修好 | 王建国
与住户何梓涵协商一致 | 何梓涵
联系人：吴国栋 | 吴国栋
联系王建国 13812345678 | 王建国
请李主任协调好了 | 李主任
已通知高建军处理 | 高建军
马师傅已修 | 马师傅
黄阿姨同意清理杂物 | 黄阿姨
已请方师傅换锁 | 方师傅
电工罗永强换了开关 | 罗永强
王建国、李秀英两家已和解 | 王建国 李秀英
和张丽协商好 | 张丽
租户孟浩然已搬走 | 孟浩然
给刘奶奶换了灯泡 | 刘奶奶
孙某已赔偿 | 孙某
张总安排人修了 | 张总
王工已到场 | 王工
已由社区吴书记协调 | 吴书记
楼上住户马超已关水阀 | 马超
谢老师说好了 | 谢老师
小王师傅来过了 | 小王师傅
"""

KEPT = """
王府小区路灯已修好
张家村桥面已补
高压水枪冲洗过了
马路已清扫
安全隐患已排除
请居民方便时来看
金华路路灯已修
白天施工，晚上不扰民
已向老师说明
给经理看过了
保安师傅已处理
水管师傅已到
工程经理来看过
正常师傅明天到
由于师傅请假，明天来
语文老师换了
治安主任已登记
黄金周之后再修
高峰期已增派人手
早高峰堵车，已请高峰志愿岗
和平路积水已排
平安小区大门已修
文明养犬已劝导
已通知全体居民
请大家放心
张贴通知了
张开的井盖已盖好
周末前修好
周边已清理
何时修好另行通知
许多住户已同意
已安排师傅上门
江山路口的灯已亮
林荫道的树已修剪
杨树已修剪
柳树已锯掉
石阶已修补
路基已加固
已和物业沟通
先顾老人和孩子
已请园林公司处理
方案已定
于今日办结
程序已走完
任务已派
钱已退还
雷雨天气过后再看
毛毛虫已打药
师傅说要换零件
万一再漏请告诉我们
常年积水已处理
严重的地方已补
小区东门已修
老小区改造
小时内修好
小程序登记就行
小高层电梯修好了
小陈列柜已搬
老年活动室灯已修
李家巷积水已排
王爷庙门口已清扫
赵庄的路已补
王子花园电梯恢复
陈旧管道已换
孙子辈
已关闭阀门，单元门同时修好
对方经理已签字
主管经理已同意
成本已核算
温度已达标
金属栏杆已焊
白蚁已灭
龙头已换
房东已退押金
应急灯已换
全部修好
连夜抢修，已恢复供水
谢谢大家，谢谢师傅
叶子已扫
顾客已疏散
许可证已办
牛奶盒已清
联系供水公司抢修
找时间再看
让路政来修
"""


def _rows() -> list[tuple[str, list[str]]]:
    rows = [line.split(" | ") for line in NAMED.strip().splitlines()]
    return [(text, names.split()) for text, names in rows]


def _found(text: str, *known: str) -> list[str]:
    return [text[start:end] for start, end in find_people(text, known)]


@pytest.mark.parametrize(("text", "names"), _rows())
def test_named(text: str, names: list[str]) -> None:
    assert _found(text) == names


@pytest.mark.parametrize("text", KEPT.strip().splitlines())
def test_ordinary_words(text: str) -> None:
    assert _found(text) == []
    assert _found(f"办结，{text}。") == []


@pytest.mark.parametrize(
    ("text", "known", "names"),
    [
        ("欧阳修文说的", ["欧阳修文"], ["欧阳修文"]),
        ("这是单雄信修的", ["单雄信"], ["单雄信"]),
        ("林秋那边好了", ["林秋"], ["林秋"]),
        ("小王明天来", ["王明"], ["小王"]),
        ("早高峰堵车", ["高峰"], []),
        ("已请高峰修好", ["高峰"], ["高峰"]),
        ("高压线已修", ["高压"], []),
        ("王说的", ["王", ""], []),
    ],
)
def test_names_of_the_grid(text: str, known: list[str], names: list[str]) -> None:
    assert _found(text, *known) == names


def test_what_residents_say_is_hardly_ever_taken_for_a_name() -> None:
    """In the whole corpus nothing but what calls somebody: 小张, 老李头, 王阿姨, and one line."""
    calls = re.compile(rf"[小老].{{1,4}}|[{HAN}]+(?:[姐哥叔姨伯嫂婶工某]|[{HAN}]{{2}})")
    odd: list[str] = []
    lines = 0
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            lines += 1
            odd += [name for name in _found(text) if not calls.fullmatch(name)]
    assert lines > 15_000
    assert odd == ["李秀"], "one name of a list of names"


def test_as_many_people_as_were_counted_by_eye() -> None:
    texts = [
        json.loads(line)["text"]
        for path in sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    share = sum(bool(_found(text)) for text in texts) / len(texts)
    assert share < 0.013, "each of them was read: all but two name somebody"


@given(st.text(st.sampled_from("王李张伟建国阿姨小老师傅联系，已修 a1"), max_size=30))
def test_spans_are_in_order_and_apart(text: str) -> None:
    spans = find_people(text, ["建国伟"])
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    find_people(text, ["某人"])


@pytest.mark.parametrize("text", ["王" * 5_000, "小张" * 3_000, "联系王建国" * 1_000, "a" * 20_000])
def test_no_text_takes_long(text: str) -> None:
    best = 9.0
    for _ in range(3):
        start = time.thread_time()
        find_people(text)
        best = min(best, time.thread_time() - start)
    assert best < 0.5
