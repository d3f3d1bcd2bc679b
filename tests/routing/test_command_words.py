"""Every word of a command, by its verb: each is understood, and none is there for nothing.

How numbers, arguments and ordinary talk are told apart is test_commands.py."""

from __future__ import annotations

import re

import pytest

from routing.command_words import BROKEN, GLUED_NEVER, GLUED_ONLY, STRONG, WEAK, Verb
from routing.commands import _RESULTS, parse, result_of
from routing.ticket import Result
from tests.branches import unproved

SAID = {
    Verb.CONFIRM: """
        确认 受理 立案 对对 是👍 👌👌 ✅嗯 嗯✅ 嗯好 好是 👍ok 同意可以 收到收到 ok同意 可以 是的
        对的
    """,
    Verb.REJECT: "驳回 不受理 不予受理 不是 不算 误报",
    Verb.RECLASSIFY: "改类型为 改分类为 改类别成 改类到 改分类到 改分类成 改类",
    Verb.DISPATCH: "派单 派给 派遣 转派 派单给 派遣给 转派给",
    Verb.RESOLVE: """
        办结 结案 已办结了 已经结案 弄完了 换好了 通了 完成 完成了 好了 搞定 解决了 修完了 已处理
        搞定了 修好了 已解决 做完了 装好了 做好了 弄好了 办完了 办好了 处理好了 处理完了 清理好了
    """,
    Verb.PROGRESS: "进展",
    Verb.EXTEND: "延期",
    Verb.SUSPEND: "挂账 挂起",
    Verb.RESUME: "恢复 恢复办理",
    Verb.MERGE: "并到 合并 并入 并案 并案到 合并到 合并入",
    Verb.TAKE: """
        我去办 我来办 我接 我接了 签收 接单 报到 我来弄 我去看看 到现场了 到了现场 我来看看
        已到现场 我来处理 我去处理 我去现场 我去看一下 我来 我去现场看看
    """,
    Verb.RETURN: "退单 退回 退件",
    Verb.EXCEPT: "销号 特殊销号",
    Verb.OPEN: "建单 立单",
    Verb.UNDO: "撤销改类 拆开 取消并案 撤销并案 撤销合并 撤销办结 撤销驳回 撤销",
    Verb.URGE: "催办 再催下吧 请催催呗 麻烦催一催 帮我催催 帮忙催催 催一下",
    Verb.TODO: "待办 未办 我的单 我的单子",
    Verb.MODE: "模式",
    Verb.STATUS: """
        进度 看下进度 查下进度 查询进度 查看进度 看一下进度 查一下进度 进展如何 进展怎样
        进展怎么样 进展到哪 这件水管几时会办 这个单修如何了 上次单子啥时候能呢 那件灯搞到哪了
        灯目前弄怎样了 那件水管搞咋样了 这个什么时候给搞 那件灯啥时候修 这个报修修到哪了
        问题现在处理咋样了 那个事情什么时候来? 事弄到哪了 我报的这件问题到哪了 上次办到哪了
        报修办咋样了 那个电梯咋样了 电梯处理到哪了 那个水管到哪了 电梯啥时候弄了 我家的单到哪了
        这件事的咋样了 问题几时处理? 我的上次咋样了 我们说的报修什么时候呢 啥进度 什么进度
        我的几时 我报的几时 我说的怎样了 我反映的几时 我说的到哪了 我反映的咋样了 我反映的到哪了
        我报的得如何了
    """,
    Verb.WITHDRAW: "撤回 撤单 不用修了 不用了 不用管了 不用弄了 不用来了 不用处理了 算了不用了",
    Verb.SATISFIED: """
        满意 挺满意 太满意 很满意 都满意 全都满意 相当满意 十分满意 特别满意 非常满意 比较满意
        全部满意 都很满意 办完了谢谢你 修好了多谢了 好了辛苦辛苦 可以了感谢您 挺清楚
        搞定了多谢大家 做好了辛苦多谢 换好了多谢谢谢 解决了辛苦师傅 做完了谢谢感谢 挺好 好评
        很清楚 清楚了 装好了辛苦 办好了感谢 修完了谢谢 弄好了多谢 弄完了辛苦 处理完了辛苦
        处理好了谢谢 清理好了谢谢
    """,
    Verb.PARTLY: "一般 一般般 还算满意 基本满意 还行 还行吧 凑合 基本解决 马马虎虎 差不多吧",
    Verb.DISSATISFIED: """
        不满意 不太满意 很不满意 不大满意 太不满意 不怎么满意 不是很满意 特别不满意 十分不满意
        不大不满意 非常不满意 不怎么不满意 不是很不满意 还不清楚 不清楚 不太清楚 差评 没看懂
        看不懂 还是不清楚
    """,
    Verb.HELP: "? 帮助 怎么用 使用说明 help",
    Verb.WHISTLE: "吹哨",
    Verb.HAND_UP: "上报",
    Verb.SUPERVISE: "督办",
    Verb.WHY: "为什么 为啥",
}
ONLY_ALONE = {"不用了", "算了不用了"}
"""With nothing said of which ticket, they may answer anything."""
NEARLY = {
    Verb.CONFIRM: ("1", "好了", "好评", "嗯好了", "嗯好评", "可以了", "嗯可以了"),
    Verb.REJECT: ("不是吧",),
}
"""What the words of a verb are to pass over, or mean only where nothing else is said."""

AFTER = {
    Verb.CONFIRM: """
        确认了 确认属实 确认无误 确认情况属实 确认收到 确认是的，已派人 确认马上安排 确认已安排
        确认已经安排 确认谢谢 确认这单 确认该单
    """,
    Verb.STATUS: "进度呢 进度查询 进度怎样了 进度怎么样 进度如何 进度到哪了 进度这单 进度该单",
    Verb.SATISFIED: """
        满意的 满意满意 满意谢谢 满意感谢师傅 满意多谢 满意辛苦了 满意点赞 满意👍
    """,
    Verb.PARTLY: "一般吧",
    Verb.WITHDRAW: "撤回吧 撤回这单 撤回该单 撤回这条 撤回该条",
    Verb.RESUME: "恢复这单 恢复该单",
    Verb.UNDO: "撤销吧 撤销这单 撤销该单 撤销立案",
    Verb.MODE: "模式自动 模式提示 模式静默",
    Verb.EXTEND: "延期到周五 延期至周五 延期3天 延期半天 延期三天",
    Verb.EXCEPT: """
        销号了 销号已上门 销号经核实 销号核实过 销号电话回访 销号现场看过 销号上门看过
        销号反映人认可 销号居民认可
    """,
    Verb.OPEN: "建单登记 建单报修 建单：路灯",
}
"""What a command word and the words right after it may be."""

TALK = {
    Verb.CONFIRM: "确认过眼神 受理窗口几点开 立案大厅在哪",
    Verb.STATUS: "进度款还没到",
    Verb.SATISFIED: "满意度调查请大家填一下",
    Verb.PARTLY: "一般来说下午收",
    Verb.WITHDRAW: "撤回了一条消息给谁看的",
    Verb.RESUME: "恢复供水时间是几点",
    Verb.UNDO: "撤销合同要去哪办",
    Verb.MODE: "模式太多不会选",
    Verb.EXTEND: "延期交房怎么赔",
    Verb.MERGE: "合并同类项不会做",
    Verb.EXCEPT: "销号码的地方在哪",
    Verb.OPEN: "建单元门的钱谁出",
    Verb.REJECT: "驳回的理由呢 驳回起诉了 驳回上诉 驳回吗 驳回了吗 驳回了没",
    Verb.DISPATCH: """
        派单工人几点来 派单公司在哪 派单员是谁 派单制好不好 派单的人呢 派单率低 派单了 派单量大
        派单平台坏了 派单系统崩了 派单吗 派单没
    """,
    Verb.RESOLVE: """
        办结率多少 办结的有几件 办结吗 办结没 办结时间太长 办结时限几天 办结通知在哪看 办结量多少
        办结情况怎样 办结证明哪里开
    """,
    Verb.PROGRESS: "进展太慢 进展很慢 进展缓慢 进展神速 进展不错 进展吗 进展呢 进展的话 进展情况",
    Verb.SUSPEND: """
        挂账在谁头上 挂账户 挂账的钱 挂账了 挂账单位 挂账消费 挂账款 挂账费 挂账金额 挂账吗
        挂账没 挂起个灯笼 挂起来 挂起灯笼 挂起国旗 挂起牌子
    """,
    Verb.RETURN: """
        退回了 退回的快递 退单率高 退单费谁出 退回款 退回去 退回来 退回押金 退回钱 退单吗 退单没
        退回地址 退回给我
    """,
    Verb.URGE: "催办组的人 催办的 催办案件 催办员 催办吗 催办没 催办了 催办函 催办检查",
    Verb.WHISTLE: "吹哨子 吹哨人 吹哨的 吹哨者 吹哨声 吹哨机制 吹哨报到 吹哨比赛 吹哨了",
    Verb.HAND_UP: """
        上报的 上报了 上报给谁 上报材料 上报情况 上报名单 上报数据 上报表 上报社区 上报疫情
        上报吗 上报没
    """,
    Verb.SUPERVISE: "督办组来了 督办的 督办案 督办员 督办吗 督办没 督办了 督办函 督办检查",
    Verb.DISSATISFIED: """
        不满意度调查 不满意吗 不满意的话 不满意可以说 不满意就说 不满意请说 不满意怎么办
        不满意时打谁 不满意率 不满意的人 不满意的请举手 不满意的可以说
    """,
}
"""Sentences that begin with the word of a command and are none."""


@pytest.mark.parametrize("verb", AFTER)
def test_a_word_and_what_belongs_to_it_is_a_command(verb: Verb) -> None:
    for words in AFTER[verb].split():
        command = parse(words)
        assert command is not None, words
        assert command.verb is verb, words


@pytest.mark.parametrize("verb", TALK)
def test_a_sentence_that_begins_with_a_word_of_a_command_is_none(verb: Verb) -> None:
    for words in TALK[verb].split():
        command = parse(words)
        assert command is None or command.verb is not verb, words


def _tails(verb: Verb, said: str) -> list[str]:
    word = re.compile(STRONG[verb])
    return [text[found.end() :] for text in said.split() if (found := word.match(text))]


@pytest.mark.parametrize(("table", "said"), [(GLUED_ONLY, AFTER), (GLUED_NEVER, TALK)])
def test_no_word_after_a_command_is_there_for_nothing(
    table: dict[Verb, str], said: dict[Verb, str]
) -> None:
    for verb, words in table.items():
        if verb in said:
            assert unproved(words, [*_tails(verb, said[verb]), ""], _taken_at_all) == [], verb


def _taken_at_all(rule: re.Pattern[str], text: str) -> bool:
    return rule.match(text) is not None


@pytest.mark.parametrize("verb", SAID)
def test_each_word_is_understood_with_its_ticket(verb: Verb) -> None:
    for words in SAID[verb].split():
        command = parse(f"12 {words}")
        assert command is not None, words
        assert (command.verb, command.numbers, command.strong) == (verb, (12,), True), words


@pytest.mark.parametrize("verb", [verb for verb in SAID if verb in STRONG and verb is not Verb.WHY])
def test_a_word_of_a_command_is_one_without_a_ticket_too(verb: Verb) -> None:
    strong = re.compile(STRONG[verb])
    for words in SAID[verb].split():
        command = parse(words)
        if words not in ONLY_ALONE and command is not None and strong.match(words):
            assert (command.verb, command.numbers) == (verb, ()), words
    assert any(parse(words) for words in SAID[verb].split())


def _taken(rule: re.Pattern[str], text: str) -> str:
    found = rule.match(text)
    return found[0] if found else ""


@pytest.mark.parametrize("table", [STRONG, WEAK])
def test_no_word_is_there_for_nothing(table: dict[Verb, str]) -> None:
    for verb, words in table.items():
        assert unproved(words, [*SAID[verb].split(), *NEARLY.get(verb, ())], _taken) == [], verb
    assert set(SAID) == {*STRONG, *WEAK}


@pytest.mark.parametrize("words", ["不用了", "不用了，谢谢", "算了不用了"])
def test_a_bare_no_thanks_is_ordinary_talk(words: str) -> None:
    assert parse(words) is None


STILL_BROKEN = """
    没修 没修，等着 还堵 又犯 又黄 又坏 又漏 又灭 又堵 又黑 又停 沒修 还漏 沒弄成 也没好 冇搞完
    未修妥 没整好 冇处理 依然黄 照样臭 未解决 还是坏 仍然黑 又返水 又反复 又这样 又不行 还不好
    还不亮 还没电 又不亮 还没好 还一样 还没水 还不行 都没好吧 冇弄利索 还老样子 压根没好 根本没好
    还不能用 冇处理利落 没解决干净
"""
NOT_BROKEN = "又停车 又停在 又堵车 还没电话 还没电梯 还不好意思 还不好说 又好又坏又修"


def test_every_way_of_saying_it_is_not_mended_is_needed_and_proved() -> None:
    for words in STILL_BROKEN.split():
        command = parse(words)
        assert command is not None, words
        assert (command.verb, command.argument, command.strong) == (Verb.BROKEN, words, False)
    assert unproved(BROKEN.pattern, [*STILL_BROKEN.split(), *NOT_BROKEN.split()]) == []


@pytest.mark.parametrize("words", NOT_BROKEN.split())
def test_what_only_sounds_broken_is_talk(words: str) -> None:
    assert parse(words) is None


CLAIMS = {
    Result.PARTIAL: "部分 部分解决 已部分解决 部分完成",
    Result.UNABLE: "解决不了 无法解决 无法办理 没法解决",
    Result.EXPLAINED: "解释 解释说明 已解释 已说明 已答复",
    Result.EXTERNAL: "转外部 已转外部 不属本级 不属于本级",
}


@pytest.mark.parametrize(("result", "rule"), _RESULTS)
def test_every_claimed_result_is_taken_off_the_words(result: Result, rule: re.Pattern[str]) -> None:
    for word in CLAIMS[result].split():
        for gap in (" ", "，", "："):
            assert result_of(f"{word}{gap}剩下的下周换") == (result, "剩下的下周换")
        assert result_of(word) == (result, word)
    assert unproved(rule.pattern, CLAIMS[result].split(), _taken) == []
    assert result_of("换了灯泡") == (Result.SOLVED, "换了灯泡")
