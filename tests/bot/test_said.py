"""What people say in passing, word by word: joining in, pressing, passing on, sending, homes.

What is done about it is tested by stories in tests/scenarios."""

from __future__ import annotations

import re

import pytest

from bot.context import _COURTESY
from bot.handlers.paste import _PASSED_ON, _PERSON, _WHO
from bot.handlers.quoting import _ASKS, _URGES
from bot.handlers.sending import _ALL, _SENT
from bot.homes import _BESIDE, _OWN
from bot.talk_words import ADVISES, ASKS_HOW_FAR, CALLS_HELP, ME_TOO, REFERS, STILL_BAD
from nlp.context import _ECHO, _ENTER, LONGEST_REPLY, echoes, entrusts
from tests.branches import Seen, found, unproved

JOINS_IN = """
    顶 ＋1 +１ +1，楼道黑 同求 加1 附议 同问 同上 们也是 2都停 整栋也有 楼上也是 这里都是电
    这都遇到呢 伢屋里都有 伢隔壁都有亮 侬都一样了~ 这儿也碰到气 九楼也没、 侬那边也停。
    六栋都遇到， 五号楼也是 二幢也没啊 阿拉家也这样 楼下同样有网都 俺同样是这问题
    我这栋同样停水。 俺这边同样碰到过 单元都遇到这情况、 咱本栋同样遇到的 3单元也停 502室也是
    2单元也没水 5室都一样 我家也是#12
"""
JOINS_NOTHING = """
    1 顶楼漏水 我家也想装个灯 这栋楼也挺好 都是假的 也是醉了 大家都知道 我也去 同意 +2 同上海人
"""
ECHOES = """
    顶 也坏 加1 加一 一样 附议 ＋1 同感 同求 同问 同上 也停 也有 也堵 也不 也是 同样 也没 也漏
    也一样 也这样
"""
ENTRUSTS = """
    登记 @小格_登记一下 立个案 报上去 那他建单 她录入啊 这个受理呗 一下立案！ ,给处理上吧
    这条记下一下 把大家报下了它 帮也上报上去这个 :上面登个记谢谢 小格麻烦你提交这件事
    请我反映下这条 登记下 反映一下 给上报了
"""
ASKS = """
    我反映 把上报 帮登记 的建单 您上报 们报修 给登记 忙报下呗 她上报了 麻烦立案 这条报修 这事反映
    这个反映 他登记下。 也报修个啊 家建单上呀 请立案谢谢 你记下一个吧
"""
URGES = """
    催 拖 还没 啥时 多久 没理 几时 没修 没谁来 没人弄 到现在 怎么还 没动静 没解决 没消息 没下文
    没处理 没反应 没见人管 什么时候 多长时间 好久能
"""
HOW_FAR = """
    办吗 弄完吗 查到哪 啥进度 修到啥 咋样了 怎样了 如何了 解决没 处理没 弄到啥 修好没？ 还没消息
    到啥步了 什么情况 有没回音 办到什么 有下文? 有结果吗 还没结果 还没说法 有答复吗 处理到啥
    有没下文 有没答复 有没进展 有点回音没 有啥进展？ 有个消息吗 到哪程度了 到什么地步了
    有什么说法?
"""
STILL = """
    还坏 仍差 假的 白修 骗人 仍不 仍吵 仍漏 仍味 还臭 还堵 没啥变 味还有 无人修 照样脏 灯还在
    根本不 依然没 没人来 水还是 依旧黑 还这样 无人管 根本没 还原样 仍一样 一点都没 未见改善
    一点儿不 没有效果 一点也未 垃圾还是 问题还是 未半点变 没什么起色 没任何动静 老样子还在
    还是从厨房天花上漏
"""
HELP = """
    拨个人 呼消防 喊急救 打火警 报一下警 叫救护车 报121 大家打120 谁打120 你打120 您打120 先打120
    快打120 赶紧打120 赶快打120 马上打120 立刻打120 那打120 就打120 得打120 要打120 帮忙打120
    去打120 点打120 些打120 还不打120 ！打120 叫消防队 叫消防车 报警察
"""
REFERRING = "那事 这户 那家 这车 那树 这些 这群 这狗 这人 那件 那个 那只 这条 这帮 这辆 那种"
ADVICE = """
    八成 就好 听说 估计 就能 就行 可能 应该 怕是 得在的 就可以 能在的 会不会 要在的 是不是
    可以在的 拨87152
"""
COURTESY = "嗯 好 好的 哦 多谢 ok 感谢 谢谢 辛苦 收到 明白 知道了"
HOMES = "俺本 侬住 伢楼 我家 我们家 咱这楼 阿拉屋 我这幢 咱单元 咱这栋 咱这单元"
SENT = "已发 已发12 已代发 已发送 已转发 发好了 发好了3号"
ALL_SENT = "都发了 全部已发 已发全部 已全部发出"


def taken(rule: re.Pattern[str], text: str) -> bool:
    return rule.match(text) is not None


def whole(rule: re.Pattern[str], text: str) -> bool:
    return rule.fullmatch(text) is not None


def groups(rule: re.Pattern[str], text: str) -> object:
    match = rule.match(text)
    return match and match.groupdict()


def side(rule: re.Pattern[str], text: str) -> object:
    match = rule.search(text)
    return match and match.groups()


@pytest.mark.parametrize(
    ("rule", "said", "not_said", "seen"),
    [
        (ME_TOO, JOINS_IN, JOINS_NOTHING, taken),
        (_ECHO, ECHOES, "1 收到 我顶着", taken),
        (_ENTER, ENTRUSTS, "登记费 不登记", taken),
        (_ASKS, ASKS, "登记处在哪 报名", taken),
        (_URGES, URGES, "修好了 谢谢", found),
        (_COURTESY, COURTESY, "没修 不行", taken),
        (_OWN, HOMES, "你家 他们单元 对面", found),
        (_SENT, SENT, "发了吗 已发货 转发", taken),
        (ASKS_HOW_FAR, HOW_FAR, "灯坏了 谢谢", found),
        (STILL_BAD, STILL, "修好了 谢谢 很亮", found),
        (CALLS_HELP, HELP, "打牌 快打我", whole),
        (REFERS, REFERRING, "这里 那边 那儿 那么 那样 这附近", taken),
        (ADVISES, ADVICE, "灯坏了 快来修", found),
        (_ALL, ALL_SENT, "全部 已发一半", taken),
    ],
    ids=[
        "me_too",
        "echo",
        "enter",
        "asks",
        "urges",
        "courtesy",
        "own",
        "sent",
        "how_far",
        "still",
        "help",
        "refers",
        "advises",
        "all",
    ],
)
def test_every_word_is_heard_and_needed(
    rule: re.Pattern[str], said: str, not_said: str, seen: Seen
) -> None:
    texts = [text.replace("_", " ") for text in said.split()]
    assert [text for text in texts if not seen(rule, text)] == []
    assert [text for text in not_said.split() if seen(rule, text)] == []
    assert unproved(rule.pattern, [*texts, *not_said.split()], seen) == []


BESIDE = [
    ("对面", "对面", None), ("对过那栋", "对过", "栋"), ("斜对面的那幢", "斜对面", "幢"),
    ("前面一座", "前面", "座"), ("前头", "前头", None), ("后面那号楼", "后面", "号楼"),
    ("后头楼", "后头", "楼"), ("旁边单元", "旁边", "单元"), ("隔壁那一栋", "隔壁", "栋"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "what"), BESIDE)
def test_what_lies_beside_a_home(text: str, where: str, what: str | None) -> None:
    match = _BESIDE.search(text)
    assert match is not None
    assert (match["side"], match["what"]) == (where, what)


def test_every_word_for_beside_is_needed() -> None:
    assert unproved(_BESIDE.pattern, [text for text, *_ in BESIDE], side) == []


PASSED_ON = [
    ("转发：3楼灯坏了", "3楼灯坏了"), ("转达 灯坏了", "灯坏了"), ("转告，灯坏了", "灯坏了"),
    ("转 灯坏了", "灯坏了"), ("代报灯坏了", "灯坏了"), ("代反映：灯坏了", "灯坏了"),
    ("代为反映灯坏了", "灯坏了"), ("帮报 灯坏了\n没人修", "灯坏了\n没人修"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rest"), PASSED_ON)
def test_what_is_passed_on_is_told_from_the_word_for_it(text: str, rest: str) -> None:
    assert groups(_PASSED_ON, text) == {"rest": rest}


def test_every_word_for_passing_on_is_needed() -> None:
    assert unproved(_PASSED_ON.pattern, [text for text, _ in PASSED_ON], groups) == []


SAYS = """
    说 说是 反映 反应 反馈 来电 打电话 打电话说 告诉我 跟我讲 讲 问 在群里说 群里说 ： :
"""
WHO = [
    (f"5幢王阿姨{verb}灯坏了", "5幢王阿姨")
    for verb in (*SAYS.split(), "\n", " 8:30：", "\t12:30:05\n")
]


@pytest.mark.parametrize(("text", "who"), WHO)
def test_who_said_it_is_told_from_what_was_said(text: str, who: str) -> None:
    assert groups(_WHO, text) == {"who": who, "words": "灯坏了"}


def test_every_way_of_saying_who_said_it_is_needed() -> None:
    assert unproved(_WHO.pattern, [text for text, _ in WHO], groups) == []


PERSONS = """
    王伯 张家 李叔 刘大哥 王阿姨 李爷爷 张奶奶 刘大爷 陈女士 林小姐 业主 张先生 李师傅 王老师
    居民 赵大姐 老人 邻居 住户 孙大妈 王伯伯 李叔叔 张家里
"""


def test_every_title_names_a_person_and_is_needed() -> None:
    assert [text for text in PERSONS.split() if _PERSON.fullmatch(text) is None] == []
    assert unproved(_PERSON.pattern, PERSONS.split()) == []
    assert [text for text in ("3号楼", "物业", "门口") if _PERSON.search(text)] == []


@pytest.mark.parametrize(("says", "word"), [(echoes, "我家也是"), (entrusts, "登记一下")])
def test_a_reply_up_to_the_longest_is_only_an_answer(says: object, word: str) -> None:
    assert callable(says)
    tail = "吧" if says is entrusts else "的"
    assert says(word.ljust(LONGEST_REPLY, tail))
    assert not says(word.ljust(LONGEST_REPLY + 1, tail))
