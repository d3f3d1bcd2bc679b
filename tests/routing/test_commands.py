"""What is a command and what is ordinary talk: a table both ways, and what holds for any text.

Whose ticket is meant and who may is tested with the handlers."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from routing.commands import Verb, duration, han_number, parse, plain, result_of
from routing.ticket import Result

# text | verb | numbers | argument; a weak word (perhaps ordinary talk) has "~" before its verb.
COMMANDS = """
确认 | 确认
立案 | 确认
受理 | 确认
确认。 | 确认
确认12 | 确认 | 12
确认 12 | 确认 | 12
12确认 | 确认 | 12
12 确认 | 确认 | 12
#12确认 | 确认 | 12
# 12 确认 | 确认 | 12
＃１２ 确认 | 确认 | 12
１２　确认 | 确认 | 12
12号确认 | 确认 | 12
12号单确认 | 确认 | 12
第3单确认 | 确认 | 3
3号单 确认 | 确认 | 3
三号单确认 | 确认 | 3
十二号单，确认 | 确认 | 12
单号12 确认 | 确认 | 12
12、13确认 | 确认 | 12 13
确认12，13和14 | 确认 | 12 13 14
确认属实 | 确认 | | 属实
确认，情况属实 | 确认 | | 情况属实
确认 马上安排 | 确认 | | 马上安排
@小格 确认 | 确认
@小格 12 确认 | 确认 | 12
\u200b确认 | 确认
\u202e确认\u202c | 确认
受理12 | 确认 | 12
1 | ~确认
１ | ~确认
1。 | ~确认
是 | ~确认
是的 | ~确认
对 | ~确认
对对对 | ~确认
嗯嗯 | ~确认
收到 | ~确认
收到！ | ~确认
收到，谢谢 | ~确认
好的收到 | ~确认
收到收到 | ~确认
好 | ~确认
好的 | ~确认
可以 | ~确认
OK | ~确认
ＯＫ | ~确认
👌 | ~确认
👍 | ~确认
👌👌 | ~确认
12收到 | 确认 | 12
收到12 | 确认 | 12
12 收到，马上去 | 确认 | 12 | 马上去
驳回 不属实 | 驳回 | | 不属实
驳回不属实 | 驳回 | | 不属实
驳回：不归社区管 | 驳回 | | 不归社区管
驳回12 重复 | 驳回 | 12 | 重复
驳回12重复了 | 驳回 | 12 | 重复了
#12驳回，已经修过了 | 驳回 | 12 | 已经修过了
驳回 没有这回事 | 驳回 | | 没有这回事
驳回 现场看了什么都没有 | 驳回 | | 现场看了什么都没有
不予受理 私人纠纷 | 驳回 | | 私人纠纷
驳回 | 驳回
误报 | ~驳回
不是 | ~驳回
改类 路灯 | 改类 | | 路灯
改类路灯 | 改类 | | 路灯
改类为路灯 | 改类 | | 路灯
改类 12 路灯 | 改类 | 12 | 路灯
改类 电梯 1 | 改类 | 1 | 电梯
改类 电梯，１号 | 改类 | 1 | 电梯
改类 电梯 #1 | 改类 | 1 | 电梯
改类 0404 | 改类 | | 0404
改类 12 0404 | 改类 | 12 | 0404
改类 0404 12 | 改类 | 12 | 0404
改类 电梯 012 | 改类 | 12 | 电梯
派单 供水 12 | 派单 | 12 | 供水
派单 12 供水 | 派单 | 12 | 供水
吹哨 供水 排水 12 | 吹哨 | 12 | 供水 排水
吹哨 供水、排水 第12件 | 吹哨 | 12 | 供水、排水
办结 换了灯泡 2 | 办结 | | 换了灯泡 2
进展 明天上午 9 | 进展 | | 明天上午 9
改类12路灯 | 改类 | 12 | 路灯
12改类噪音 | 改类 | 12 | 噪音
改类别 噪音扰民 | 改类 | | 噪音扰民
改分类：垃圾 | 改类 | | 垃圾
派单 供水公司 | 派单 | | 供水公司
派单供水公司 | 派单 | | 供水公司
派单给物业 | 派单 | | 物业
派给物业 | 派单 | | 物业
派单12 物业 | 派单 | 12 | 物业
12派单物业 | 派单 | 12 | 物业
派单 物业 #12 | 派单 | 12 | 物业
12号单派给供热公司 | 派单 | 12 | 供热公司
@小格 12号单 派单 物业 | 派单 | 12 | 物业
派单 | 派单
派遣 城管 | 派单 | | 城管
转派给城管 | 派单 | | 城管
办结 已换灯泡 | 办结 | | 已换灯泡
办结已换灯泡 | 办结 | | 已换灯泡
办结12 已换灯泡 | 办结 | 12 | 已换灯泡
办结12已换灯泡 | 办结 | 12 | 已换灯泡
#12办结：灯泡换好了 | 办结 | 12 | 灯泡换好了
办结，换了3盏灯 | 办结 | | 换了3盏灯
办结3盏灯都换了 | 办结 | | 3盏灯都换了
办结 2处漏点已补 | 办结 | | 2处漏点已补
已办结 灯换了 | 办结 | | 灯换了
办结了 灯换了 | 办结 | | 灯换了
办结 没有发现漏水 | 办结 | | 没有发现漏水
办结 3号楼2单元灯换了 | 办结 | | 3号楼2单元灯换了
办结 部分解决：先换了一半 | 办结 | | 部分解决：先换了一半
搞定 | ~办结 | | 搞定
搞定了 | ~办结 | | 搞定了
修好了 | ~办结 | | 修好了
好了 | ~办结 | | 好了
已处理 | ~办结 | | 已处理
12处理好了 | 办结 | 12 | 处理好了
12修好了 | 办结 | 12 | 修好了
12搞定，灯换了 | 办结 | 12 | 搞定，灯换了
进展 师傅在路上 | 进展 | | 师傅在路上
进展12：等配件 | 进展 | 12 | 等配件
12 进展 2名师傅已到 | 进展 | 12 | 2名师傅已到
进展顺利，明天完工 | 进展 | | 顺利，明天完工
延期 3天 等配件 | 延期 | | 3天 等配件
延期3天等配件 | 延期 | | 3天等配件
延期两天 等配件 | 延期 | | 两天 等配件
延期3工作日 等配件 | 延期 | | 3工作日 等配件
12延期3个工作日 等配件 | 延期 | 12 | 3个工作日 等配件
延期12 一周 等配件 | 延期 | 12 | 一周 等配件
延期 1星期 下雨 | 延期 | | 1星期 下雨
延期半天 人手不够 | 延期 | | 半天 人手不够
延期到周五 等材料 | 延期 | | 到周五 等材料
延期 等配件 | 延期 | | 等配件
挂账 等拆迁 | 挂账 | | 等拆迁
挂账等资金 | 挂账 | | 等资金
挂账12 等资金到位 | 挂账 | 12 | 等资金到位
挂起 等批复 | 挂账 | | 等批复
恢复 | 恢复
恢复12 | 恢复 | 12
12恢复 | 恢复 | 12
恢复办理 | 恢复
并入12 | 并入 | 12
并入#12 | 并入 | 12
13并入12 | 并入 | 13 12
13并到12 | 并入 | 13 12
13、14合并到12 | 并入 | 13 14 12
并入 | 并入
转 物业 | 转 | | 物业
转物业 | ~转 | | 物业
12转供水公司 | 转 | 12 | 供水公司
#12 转 王师傅 | 转 | 12 | 王师傅
转给张师傅 | ~转 | | 张师傅
转交社区 | ~转 | | 社区
转12 物业 | 转 | 12 | 物业
转：物业 | 转 | | 物业
我来 | ~我来
我来处理 | ~我来
我去看看 | ~我来
12我来 | 我来 | 12
12 我来，下午去 | 我来 | 12 | 下午去
签收 | ~我来
签收12 | 我来 | 12
接单 | ~我来
退单 不归我们 | 退单 | | 不归我们
退单不归我们 | 退单 | | 不归我们
退单12：产权单位是供热 | 退单 | 12 | 产权单位是供热
退回12 不归我们 | 退单 | 12 | 不归我们
销号 电话核实已修好 | 销号 | | 电话核实已修好
销号12 上门核实 | 销号 | 12 | 上门核实
特殊销号 已核实 | 销号 | | 已核实
建单 | 建单
建单 3号楼路灯不亮 | 建单 | | 3号楼路灯不亮
撤销 | 撤销
撤销12 | 撤销 | 12
撤销并案 12 | 撤销 | 12
撤销并案12 | 撤销 | 12
取消并案 12 | 撤销 | 12
拆开 12 | 撤销 | 12
12 拆开 | 撤销 | 12
拆开 | 撤销
撤销改类 12 | 撤销 | 12
撤销驳回 12 | 撤销 | 12
撤销并案 | 撤销
催办12 | 催办 | 12
12催办 | 催办 | 12
催办一下 | 催办 | | 一下
督办 12 | 督办 | 12
吹哨 12 供水 排水 | 吹哨 | 12 | 供水 排水
上报 12 需要区里协调 | 上报 | 12 | 需要区里协调
上报 | 上报
上报。 | 上报
督办 | 督办
吹哨 | 吹哨
退回 | 退单
退件 | 退单
挂起 | 挂账
并案 | 并入
结案 | 办结
为什么 3 | 为什么 | 3
为啥12 | 为什么 | 12
模式 静默 | 模式 | | 静默
模式：提示 | 模式 | | 提示
模式自动 | 模式 | | 自动
待办 | 待办
我的单 | 待办
进度 | 进度
进度？ | 进度
进度12 | 进度 | 12
12进度 | 进度 | 12
查进度 | 进度
查询进度 #12 | 进度 | 12
12号单进度怎么样 | 进度 | 12 | 怎么样
进展如何 | 进度 | | 如何
怎么样了 | ~进度
12怎么样了 | 进度 | 12
12到哪一步了 | 进度 | 12
撤回 | 撤回
撤回吧 | 撤回 | | 吧
12撤回 | 撤回 | 12
撤回12 | 撤回 | 12
不用修了 | ~撤回
12不用了 | 撤回 | 12
满意 | 满意
满意！ | 满意
满意👍 | 满意 | | 👍
满意，谢谢师傅 | 满意 | | 谢谢师傅
满意谢谢 | 满意 | | 谢谢
很满意 | 满意
非常满意，辛苦了 | 满意 | | 辛苦了
满意12 | 满意 | 12
12满意 | 满意 | 12
＃１２满意 | 满意 | 12
挺好的 | ~满意
修好了，谢谢 | ~满意
解决了谢谢大家 | ~满意
一般 | 一般
一般般 | 一般
一般吧 | 一般 | | 吧
12一般 | 一般 | 12
一般，还有点响 | 一般 | | 还有点响
满意，但是慢了点 | 一般 | | 但是慢了点
基本满意 | 一般
还行 | ~一般
不满意 | 不满意
不满意 还是黑的 | 不满意 | | 还是黑的
不满意，没人来 | 不满意 | | 没人来
不满意没修 | 不满意 | | 没修
12不满意 还漏 | 不满意 | 12 | 还漏
很不满意，等了两天 | 不满意 | | 等了两天
不太满意 | 不满意
不是很满意 | 不满意
不满意，这叫修好了吗？ | 不满意 | | 这叫修好了吗?
没修好 | ~没修好 | | 没修好
还是没修好 | ~没修好 | | 还是没修好
师傅来过了，还是没弄好 | ~没修好 | | 师傅来过了，还是没弄好
又坏了 | ~没修好 | | 又坏了
12又坏了 | 没修好 | 12 | 又坏了
12没修好 | 没修好 | 12 | 没修好
楼道灯又灭了 | ~没修好 | | 楼道灯又灭了
还是不亮 | ~没修好 | | 还是不亮
没处理！ | ~没修好 | | 没处理！
满意，可是又坏了 | 没修好 | | 可是又坏了
帮助 | 帮助
怎么用 | 帮助
？ | 帮助
help | 帮助
"""

TALK = """
满意度调查开始了
满意度
满意就好
满意的话扣1
满意吗
满意才怪
满意请点赞
不满意的话可以打12345
不满意就退货
不满意度
一般来说周三收垃圾
一般都这样
一般几点来
一般人不知道
转发
转发一下
转发：停水通知
转发给群里的人
转账给你了
转让车位
转租一间
转告大家
转弯那里有个坑
转晴了
转眼一年了
转一下
转给你了吗
转：接供水公司通知，明天上午停水
转角那家店
转需
12转发了
确认收货
确认收货了吗
确认一下时间
确认过了吗
确认了吗
确认参加的人举手
3号楼灯坏了
3号楼
3号
3-2-501漏水
12号楼停水
2单元没电
3单元确认停水
3栋
8:30开会
8点半停水
12月5日停电
2026年见
5号确认开会
20号恢复供水
12
#12
+1
我家也是+1
受理大厅几点开门
受理点在哪
立案了吗
立案侦查
驳回起诉
驳回了吗
派单员来了
派单了没
派遣公司招人
派遣工
办结率多少
办结了吗
办结了没
结案率
结案陈词
进展太慢了
进展神速
延期交房
延期开学
延期了
延期吗
挂账在物业
挂账的有几户
挂起来
挂起国旗
恢复供水了
恢复正常了
恢复通行
恢复了吗
合并成一个群吧
合并单元
并案侦查
退单了
退回押金
退回来了
退件地址
撤销处分
拆开快递
拆开来看看
拆开的箱子
撤销了吗
督办组来了
上报了
上报材料
吹哨子
退回去
模式不错
进度条
进度很慢
进度款
撤回了一条消息
撤回消息
收到了吗
收到一个快递
好了没
好了吗
好像停水了
是吗
是不是停水了
是谁家的车
对面楼太吵
对了，明天开会吗
可以吗
可以来拿快递了
12号可以来拿快递
可以的话帮忙看看
不是吧
不是我家
不用了
不用了谢谢
我来晚了
我去，这么贵
我去超市
签收了吗
报到时间是几点
修好了吗
修好了没
搞定了吗
12修好了吗
怎么样
待办事项很多
好评返现
通了个电话
又臭又黑的水
又要停车费
还不好意思说
还没电话
没处理过这种事
没解决的问题还多
没弄清楚
还没修好吗
没修好吧？
帮助邻居
帮助一下
？？
谢谢
谢谢大家
早上好
楼道灯坏了
小区路灯一直不亮，请处理
今天天气不错
1楼的灯坏了
1号楼
1个人
确
"""


def _rows() -> list[tuple[str, str, tuple[int, ...], str]]:
    rows = []
    for line in COMMANDS.strip().splitlines():
        text, verb, *rest = (part.strip(" ") for part in line.split("|"))
        numbers = tuple(int(n) for n in (rest[0] if rest else "").split())
        argument = rest[1] if len(rest) > 1 else ""
        rows.append((text.encode().decode("unicode_escape") if "\\u" in text else text, verb,
                     numbers, argument))  # fmt: skip
    return rows


def _unescape(text: str) -> str:
    return (
        text.replace("\\u200b", "\u200b").replace("\\u202e", "\u202e").replace("\\u202c", "\u202c")
    )


ROWS = [(_unescape(t), v, n, a) for t, v, n, a in _rows()]
TALKS = TALK.strip().splitlines()


def test_the_tables_are_large() -> None:
    assert len(ROWS) + len(TALKS) >= 300
    assert {verb.lstrip("~") for _, verb, _, _ in ROWS} == {verb.value for verb in Verb}


@pytest.mark.parametrize(("text", "verb", "numbers", "argument"), ROWS)
def test_commands(text: str, verb: str, numbers: tuple[int, ...], argument: str) -> None:
    command = parse(text)
    assert command is not None, text
    assert ("" if command.strong else "~") + command.verb.value == verb
    assert (command.numbers, command.argument) == (numbers, argument)


@pytest.mark.parametrize("text", TALKS)
def test_ordinary_talk(text: str) -> None:
    assert parse(text) is None


# ── numbers in every spelling


def han(number: int) -> str:
    """A number below a thousand as people write it: 一百零五, 二十, 十二."""
    digits = "零一二三四五六七八九"
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
SPELLINGS: list[Callable[[int], str]] = [
    str,
    lambda n: f"#{n}",
    lambda n: f"＃{n}",
    lambda n: f"# {n}",
    lambda n: str(n).translate(WIDE),
    lambda n: f"＃{n}".translate(WIDE),
    lambda n: f"{n}号",
    lambda n: f"{n}号单",
    lambda n: f"{n} 号单",
    lambda n: f"{n}单",
    lambda n: f"第{n}单",
    lambda n: f"第{n}号工单",
    lambda n: f"{n}号件",
    lambda n: f"单{n}",
    lambda n: f"单号{n}",
    lambda n: f"单号 {n}",
]
FRAMES = ["{}确认", "{} 确认", "确认{}", "确认 {}", "@小格 {}确认", "　{}，确认。", "确认：{}！"]


@given(st.integers(2, 999_999), st.sampled_from(SPELLINGS), st.sampled_from(FRAMES))
def test_a_number_is_understood_in_every_spelling(
    number: int, spell: Callable[[int], str], frame: str
) -> None:
    command = parse(frame.format(spell(number)))
    assert command is not None
    assert (command.verb, command.numbers, command.argument) == (Verb.CONFIRM, (number,), "")


@given(st.integers(1, 999), st.sampled_from(["{}号单", "第{}单", "{}单", "{}件"]))
def test_numerals(number: int, frame: str) -> None:
    assert han_number(han(number)) == number
    command = parse(frame.format(han(number)) + "确认")
    assert command is not None
    assert command.numbers == (number,)


@pytest.mark.parametrize(
    ("text", "number"),
    [("两", 2), ("〇", 0), ("两百", 200), ("一二三", 123), ("百", 100), ("", 0), ("十x", 0)],
)
def test_odd_numerals(text: str, number: int) -> None:
    assert han_number(text) == number


@given(st.lists(st.integers(2, 9999), min_size=2, max_size=8), st.sampled_from("，、,和及/ "))
@example([2, 100], "，")
def test_several_numbers(numbers: list[int], gap: str) -> None:
    command = parse(gap.join(map(str, numbers)) + "确认")
    assert command is not None
    assert command.numbers == tuple(numbers)


@given(st.integers(2, 9999), st.sampled_from([
    "号楼", "栋", "单元", "楼", "层", "天", "个", "月", "点", "元", "盏", "处", "名", "次",
    "-2-501", ".5米", ":30", "年", "户", "%", "工作日", "星期", "km", "A座", "号院", "号门",
]))  # fmt: skip
def test_what_is_counted_is_no_ticket(number: int, unit: str) -> None:
    for text in (f"办结 {number}{unit}已修", f"{number}{unit}已修"):
        command = parse(text)
        assert command is None or command.numbers == ()


def test_nought_is_no_ticket() -> None:
    for text in ("0确认", "#0 确认", "000确认", "确认0", "派单 物业 #0"):
        command = parse(text)
        assert command is None or command.numbers == ()


# ── spans and results


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("3天 等配件", ("3d", "等配件")),
        ("三天等配件", ("3d", "等配件")),
        ("两个工作日，等配件", ("2wd", "等配件")),
        ("3个工作天", ("3wd", "")),
        ("半天", ("12h", "")),
        ("半小时", ("30m", "")),
        ("48小时 下雨", ("48h", "下雨")),
        ("一周 招标", ("7d", "招标")),
        ("2星期", ("14d", "")),
        ("两天半 等料", ("3d", "等料")),
        ("再给5天", ("5d", "再给")),
        ("等配件 3天", ("3d", "等配件")),
        ("180天", ("180d", "")),
        ("181天", None),
        ("0天", None),
        ("1234天", None),
        ("等配件", None),
        ("", None),
        ("十五日", ("15d", "")),
    ],
)
def test_durations(text: str, span: tuple[str, str] | None) -> None:
    assert duration(text) == span


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("换了灯泡", (Result.SOLVED, "换了灯泡")),
        ("部分解决：换了一半", (Result.PARTIAL, "换了一半")),
        ("已部分解决", (Result.PARTIAL, "已部分解决")),
        ("无法解决 产权不明", (Result.UNABLE, "产权不明")),
        ("解决不了，老楼没预留", (Result.UNABLE, "老楼没预留")),
        ("解释说明 按规定周三收", (Result.EXPLAINED, "按规定周三收")),
        ("已答复：下月开工", (Result.EXPLAINED, "下月开工")),
        ("转外部 铁路局", (Result.EXTERNAL, "铁路局")),
        ("", (Result.SOLVED, "")),
    ],
)
def test_results(words: str, expected: tuple[Result, str]) -> None:
    assert result_of(words) == expected


# ── any text

PIECES = st.sampled_from(
    [
        *"确认驳回满意不12#，。 　@转又没修好吗的",
        "\u200b",
        "\ud800",
        "\0",
        "👌",
        "3号楼",
        "办结",
        "第",
        "号单",
    ]
)
ANYTHING = st.text(max_size=200) | st.lists(PIECES, max_size=60).map("".join)


@given(ANYTHING)
@example("\ud800确认")
@example("١٢确认")
@example("²确认")
@example("①确认")
@example("1" * 500)
def test_any_text_is_read_without_an_error(text: str) -> None:
    command = parse(text)
    if command is not None:
        assert all(0 < number < 1_000_000 for number in command.numbers)
        assert len(command.numbers) <= 16
    duration(text)
    result_of(text)
    plain(text)


@given(st.sampled_from([row[0] for row in ROWS]), st.sampled_from(["\u200b", "\u202e", "\u200f"]))
def test_invisible_marks_change_nothing(text: str, mark: str) -> None:
    assert parse(mark.join(text)) == parse(text)


@given(ANYTHING)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert plain(plain(text)) == plain(plain(plain(text)))
    assert parse(text) == parse(text)


HUGE = 20_000
WORST = [
    "1" * HUGE, "#" * HUGE, " " * HUGE, "又" * HUGE, "转" + " " * HUGE, "确认" * (HUGE // 6),
    "不满意" * (HUGE // 9), "，" * (HUGE // 3), "\u200b" * (HUGE // 3), "一" + " " * HUGE,
    "@" + "a" * HUGE, "没" * (HUGE // 3), "号单" * (HUGE // 6), "1，" * (HUGE // 4),
    "👌" * (HUGE // 4), "一" * 1999, "1 " * 999, "＃" * 1999, "又坏" * 29, "部分" + " " * HUGE,
    "确认" + "1、" * 998, "好的" * 999, "好 " * 999, "谢谢" * 999, "修好了" + "谢" * 1990,
]  # fmt: skip


@pytest.mark.parametrize("text", WORST, ids=range(len(WORST)))
@pytest.mark.parametrize("read", [parse, duration, result_of])
def test_twenty_thousand_bytes_cost_no_time(read: Callable[[str], object], text: str) -> None:
    """The best of a few runs, in processor time: the machine may be busy."""
    best = 1.0
    for _ in range(5):
        start = time.thread_time()
        read(text)
        best = min(best, time.thread_time() - start)
    assert best < 0.005


@pytest.mark.parametrize(
    "text",
    [
        "我又试了一下 可以了 不用来了", "来电了，不用修了，谢谢", "自己修好了，就不麻烦你们了",
        "通了，别再来了",
        "弄好了 不用处理了 辛苦大家",
    ],
)  # fmt: skip
def test_what_has_mended_itself_is_taken_back(text: str) -> None:
    command = parse(text)
    assert command is not None
    assert (command.verb, command.strong) == (Verb.WITHDRAW, False)


@pytest.mark.parametrize(
    "text",
    [
        "好了不用来了吗", "修好了，不用怕了", "可以了", "不用管他", "水来了，不用储水了",
        "修好了还是不用来了？",
        "来电了，但是不用修了的那家又停了",
    ],
)  # fmt: skip
def test_what_only_sounds_like_it_takes_nothing_back(text: str) -> None:
    command = parse(text)
    assert command is None or command.verb is not Verb.WITHDRAW
