"""What staff say of their work in plain sentences: it is done, they are on the way, do it so.

Words only; which ticket is meant, and what follows from it, is decided in bot/."""

from __future__ import annotations

import re
from collections.abc import Iterator

from routing.command_words import BROKEN

LONGEST = 80
"""A longer message is a notice or a story, not word of one job."""

_CUT = re.compile(r"[，,。；;！!~\s]+")
_VERBS = (
    "修|换|弄|搞|整|装|清|扫|冲|补|焊|接|办|做|填|铺|查|谈|说|讲|打|盖|抽|关|锁|拴|处理|疏通|加固"
    "|检修|打扫|清理|协调|调解|登记|认证|落实|安装|消毒|安排"
)
_DONE = re.compile(
    rf"(?:{_VERBS})(?:好|完|妥|通|干净|到位)(?:了|啦|$)"
    r"|(?:清|挪|搬|拉|运|拖|赶|劝|送|接|领|带|撤|移|救|收|捞|抬|牵)(?:走|开|离|回|到|掉|下来|上来|过来)"
    r"[^，。]{0,8}?(?:了|啦|$)"
    r"|(?:救|放|接|捞|抬|拉|抱|扶|人|孩|都|已经?)出来(?:了|啦)|(?:拴|盖|装|接)起来(?:了|啦)"
    r"|(?:拔|拆|铲|锯|换|修复|补|解决|处理|更换|维修|清运|整改|排除|批|赔|退|结清|付清|制止|搞定"
    r"|完工|[^不没]通过?|亮|干净|恢复)(?:了|啦|完毕)"
    r"|上门[^，。]{1,4}了|(?:教育|劝住|不施工)了|已经?(?:修复|更换|恢复|处理|解决|清理|清运|疏通|整改|关闭|消毒|排除|接通|发放|到账|批复|办理"
    r"|办好|劝离|送医|送到|挪走|拆除|加固)"
    r"|没有?(?:泄漏|发现|危险)|没事(?:了|啦|$)|找(?:到|着)了|来(?:电|水|气)了"
    r"|(?:电|水|气|暖气)(?:已经?|都)来了|恢复(?:正常|供|通)|(?:火|烟)[^，。]{0,4}灭了|扑灭|水退了"
    r"|(?:阀门?|开关|灶|气|已经?)关(?:上|掉|好)?了"
)
_NOT_DONE = re.compile(
    r"没(?:有)?(?:修|弄|换|清|搞|办|处理|解决|好|来|人)|未|不(?:能|会|好|亮|通|热|干净|行|动|出)|如果|要是|[等待]|快要|马上"
    r"|就(?:能|可以|会|[修好来换])|明[天早日]|今晚|晚[点些]|一会|准备|打算|争取|预计|计划|估计|正在|需要"
    r"|才[能会]|被|是不是|有没有|[吗么呢谁哪?？再又去]|[叫让请找喊](?!到|着)[^，。]{1,6}(?:来|修|去)"
)
_OPEN_STILL = re.compile(
    r"还没|还有[^，。]{0,8}没|还(?:差|剩|要|得|需)|没[^，。]{0,3}好|但是?|不过|可惜|只(?:是|修|换|剩)"
    r"|[?？]|吗|演练|^\s*(?:【|通知|公告|各位|温馨提示|大家好)"
)
_COMING = (
    "过来|过去|上来|上去|下去|赶|去(?!年|世)|到(?!底|时)|来(?!的|电|水)|开车|骑车|报警|报给|喊|叫"
    "|联系|打(?:了)?(?:电话|1)"
)
_GOING = re.compile(
    rf"(?:我|俺)们?(?:的人|几个)?(?:马上|这就|现在|立刻|正|已经?|先)?(?:{_COMING})"
    r"|马上(?:到|来|去|过|上|赶|安排|派|处理)"
    r"|已经?(?:在?[给向和跟][^，。]{1,8})?(?:打(?:了)?(?:电话|1)|叫|报警|报[给了上]|交上|通知|联系|派|安排|拉|围|拦"
    r"|疏散|断电)"
    r"|在路上|正(?:在)?(?:往|赶|去|处理|抢修|检测)|在(?:检测|抢修|处理)|到(?:了)?现场"
    r"|(?:叫|喊|联系|通知)[^，。]{1,8}(?:了|来|过来)|[拦围](?:起来|住|好)了?"
)
_NOT_GOING = re.compile(
    r"[吗呢谁哪几?？](?!个人)|没(?:有|人)?(?:来|去|到|叫|联系)|还没|[你您]们?(?:马上|赶紧|赶快|现在|先|快)|不[来去]|[别莫不]要?[去来到叫]"
)
_TELLING = re.compile(
    r"请(?:大家|各位|打|拨|到|带|找|联系|您|你|携带|咨询)|[你您]家|[你您]们?(?:可以|去|先|自己)|给[你您]"
    r"|可以(?:到|去|打|拨|在)|带(?:上|好|身份证|户口|材料)|\d{3,4}-\d{6,8}|[打拨]\s*\d{5}"
)
_NO_WORD = set("了的是在我你他她它这那就也都不没有去来到么好已经要和个们家上下里大今天人")


def _clauses(text: str) -> Iterator[str]:
    return (clause for clause in _CUT.split(text) if clause)


def done(text: str) -> bool:
    """Whether the sentence plainly says that a job is finished, with nothing left open."""
    if len(text) > LONGEST or _OPEN_STILL.search(text) or BROKEN.search(text):
        return False
    return any(_DONE.search(c) and not _NOT_DONE.search(c) for c in _clauses(text))


def going(text: str) -> bool:
    """Whether it says that somebody is on the way, is there, or has called those who help."""
    if len(text) > LONGEST:
        return False
    return any(_GOING.search(c) and not _NOT_GOING.search(c) for c in _clauses(text))


def telling(text: str) -> bool:
    """Whether it answers somebody: what to bring, whom to call, what to look after at home."""
    return _TELLING.search(text) is not None


def common(one: str, other: str) -> bool:
    """Whether two sentences share a pair of characters that names something."""
    return bool(_pairs(one) & _pairs(other))


def _pairs(text: str) -> set[str]:
    pairs = (text[at : at + 2] for at in range(len(text) - 1))
    return {p for p in pairs if p.isalnum() and not p.isascii() and not _NO_WORD & set(p)}
