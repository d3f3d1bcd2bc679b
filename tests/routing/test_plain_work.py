"""What staff say of their work: finished, on the way, told to somebody, or none of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.plain_work import LONGEST, common, done, going, telling

DONE = (
    "垃圾已经清走了，物业答应以后每天收两次", "小孩已经出来了，没事", "三单元的灯换好了",
    "路灯换好了，三盏都亮了", "椅子修好了，菜也拔了", "供电所的师傅接好了，可以走了",
    "化验结果出来了，井已经消毒了，先吃自来水", "认证做好了，人脸通过了", "火已经灭了，批评教育了",
    "说好了，狗也拴起来了", "二婶接到了，已经到村委会", "水退了，桥可以走了", "路扫干净了",
    "检测没有泄漏，是灶头没关，换了个软管", "护理补贴批了，下个月发", "车主联系上了，已经挪走了",
    "2单元楼道灯换了新的LED", "三楼灶台没关，已经关了开窗了", "已经送到镇医院了", "电已经来了",
    "已经上门打了", "我去看了，两家都在，说好了一起把水沟清了", "没事了 大家放心",
    "老板把工钱付清了",
    "跟他们说了，中午不施工了", "人已经救出来了", "下水道疏通好了", "已恢复供水",
)  # fmt: skip
NOT_DONE = (
    "修好了吗", "换了两盏，还有一盏没换", "明天就修好了", "垃圾还没清走",
    "3幢的灯又坏了，换了没两天",
    "通知：水管已经修好了，请大家放心用水", "树被砍了", "下水道堵了，水冒出来了", "路灯灭了",
    "下午换",
    "配件到了 今天换", "找到就好，以后看紧点哦", "椅子叫人来修了，种菜那个我去说", "等修好了告诉你",
    "谁把垃圾清走了", "换了一盏，但是不亮", "是不是修好了", "如果修好了说一声", "大家好，路修好了",
    "7幢2单元楼道灯不亮了", "下水道不通了", "暖气不热了", "门锁坏了", "修不好", "马上修好",
    "再换了试试", "",
)  # fmt: skip
GOING = (
    "大家不要靠近，我马上过去，叫电工了", "我到了，已经拉了绳子围起来，供电所的人在路上",
    "莫慌 我喊几个人一起找 报警没有", "已经叫电工了，下午来换", "先不要吃那个水 我叫人来取样",
    "我马上上去 已经给燃气公司打电话了", "我们的人到了，在检测", "我报给派出所了",
    "我开车过来 马上到",
    "桥两头都拦起来了，大家不要过桥", "我去接二婶", "物业马上来", "已经到现场了", "已经报上去了",
    "已通知消防队", "正在往那边赶",
)  # fmt: skip
NOT_GOING = (
    "二婶你马上到村委会来 不要拿东西", "你到了吗", "谁去看看", "还没到", "电工没来",
    "好的奶奶，我记下了", "我不去了", "别叫了",
    "我去年去过",
    "几楼", "大家早", "几点到现场", "下午换", "",
)  # fmt: skip
TELLING = (
    "养老金问题请打12333咨询", "带身份证和租房合同到社区服务大厅", "你家是不是跳闸了 看一哈空开",
    "给你家送桶装水", "您可以到窗口办", "电话0000-1000001", "请大家关好门窗",
)  # fmt: skip
NOT_TELLING = ("西门垃圾满了", "请物业清理一下西门", "路灯不亮", "井盖翘起来了", "")


@pytest.mark.parametrize("text", DONE)
def test_what_is_done_is_heard(text: str) -> None:
    assert done(text)


@pytest.mark.parametrize("text", NOT_DONE)
def test_what_is_not_done_or_not_theirs_to_say_is_none(text: str) -> None:
    assert not done(text)


@pytest.mark.parametrize("text", GOING)
def test_coming_and_calling_others_is_heard(text: str) -> None:
    assert going(text)


@pytest.mark.parametrize("text", NOT_GOING)
def test_asking_denying_and_talking_is_not_coming(text: str) -> None:
    assert not going(text)


@pytest.mark.parametrize("text", TELLING)
def test_advice_is_heard(text: str) -> None:
    assert telling(text)


@pytest.mark.parametrize("text", NOT_TELLING)
def test_a_fault_or_a_request_is_no_advice(text: str) -> None:
    assert not telling(text)


@pytest.mark.parametrize(("text", "heard"), [("灯换好了", done), ("我马上过去", going)])
def test_a_long_message_is_no_word_of_one_job(text: str, heard: object) -> None:
    assert callable(heard)
    assert heard(text)
    assert not heard(text + "，" + "天" * LONGEST)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("椅子修好了", "健身角那个椅子坏了", True), ("老马家的护理补贴材料收齐了",
        "申请个护理补贴", True),
        ("修好了", "已经坏了好几天了", False), ("我到家了", "我家的灯坏了", False), ("LED",
        "LED", False),
        ("", "灯", False),
    ],
)  # fmt: skip
def test_what_two_sentences_name_alike(one: str, other: str, *, same: bool) -> None:
    assert common(one, other) is same
    assert common(other, one) is same


@given(st.text(max_size=200))
def test_nothing_that_is_said_breaks_it(text: str) -> None:
    assert done(text) in {True, False}
    assert going(text) in {True, False}
    assert telling(text) in {True, False}
    assert len(text) <= LONGEST or not (done(text) or going(text))
