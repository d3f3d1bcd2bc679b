"""Whether a message says that nothing is wrong: an end ("来水了"), a denial ("没有漏水"), only
where ("3号楼2单元"), or what somebody else should do or is ("快报警啊", "肯定是骗子").

Words only; that such a message opens no ticket is decided in classify.py."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.reading import Place

_ENDED = re.compile(
    r"(?:(?:来|有)(?:水|电|网|气|暖气?)|(?:水|电|网|气)(?:都|已经|终于)?(?:来|有)"
    r"|不(?:堵|漏|吵|臭|响|闪|卡|滴|晃|冒|吵人|漏水)|(?:修|弄|搞|换|清|扫|疏通|处理|解决|恢复|挪|拆|搬|拉)"
    r"(?:完|走|开|干净|掉)|恢复(?:正常|供水|供电|供气|供暖)?|(?<!打)通|能用|解决|好|(?:灯|屏幕)亮"
    r"|(?:暖气|地暖|屋里)热(?:乎)?|找(?:到|着)|扑灭|撤(?:走|离)?)"
    r"(?:了|啦|咯|喽|嘞|啰)[!.~,，。！\s]*(?:(?:谢|感谢|辛苦|多谢|不用|大家|放心|哈哈|\[).{0,14})?$"
)
_STILL = re.compile(
    r"没(?!事)|不(?!堵|漏|吵|臭|响|闪|卡|滴|晃|冒|用)|但|可是|又(?!好|亮|通)|咋|啥|几|吗|么|呢|\?|？|坏|才|就好|要是|如果"
    r"|好了再|白天|还是|说|一直|老是|天天|总算是?等|请|麻烦|求"
)
_DENIED = re.compile(
    r"(?:没有?|不是|哪有|没再)(?:再|在|发生)?(?:漏|返水|着火|起火|停水|停电|堵车?|冒烟|打架|吵架|走丢|丢|受伤|断网"
    r"|积水|故障|问题|坏|味|诈骗|煤气)"
)
_BUT = re.compile(r"但|可是|不过|只是|而是|就是|结果|却|咋|吗|么|呢|\?|？|求|帮|急|快")
_FIRST = re.compile(
    r"^(?:(?:好|找到|找着|来电|来水|来气|通|修好|弄好|解决|没事)(?:了|啦)[\s,，!！。~]*)+(?=[\s,，!！。~]|是|在)"
)
_WORSE = re.compile("流血|受伤|昏|晕|救|伤|死|坏|漏|堵|停")
LONGEST = 22
"""Longer messages say more than that all is well."""


def ended(text: str) -> bool:
    """True if a short message says that a trouble is over and nothing else."""
    if len(text) > LONGEST:
        return False
    if first := _FIRST.match(text):
        rest = text[first.end() :]
        return not _STILL.search(rest) and not _WORSE.search(rest)
    found = _ENDED.search(text)
    return found is not None and not _STILL.search(text[: found.end()])


def denied(text: str) -> bool:
    """True if a short message denies a trouble without a "but"."""
    return len(text) <= LONGEST and bool(_DENIED.search(text)) and not _BUT.search(text)


_WHOM = "(?:物业|社区|居委会?|网格长|派出所|城管|警察|街道|12345)"
_ASIDE = re.compile(
    r"(?:你|你们|大家|那|就|快|赶紧|赶快|马上|直接|先|还是|去|给)*"
    rf"(?:报警|打(?:110|119|12345|\S{{0,4}}电话)|找{_WHOM}|问问?{_WHOM}|投诉{_WHOM})"
    r"(?:投诉|看看|问问|处理|反映|说|去|啊|呀|吧|呗|哦|嘛|啦)*[!！。~\s]*"
    r"|(?:百分百|百分之百|肯定|绝对|一看就|明显|就|又|都)*是?骗(?:子|人|局|钱)(?:的|吧|啊|呀|呢)*[!！。~?？\s]*"
    r"|又(?:要|在|来)?(?:维保|检修|保养|检查|维护)(?:了|啊|呀|吗)*[!！。~?？\s]*"
)


def aside(text: str) -> bool:
    """True if the whole message is a bystander's: advice, a name for somebody, a sigh at a notice.

    It tells nothing that happened, so whoever told that is the one to be heard."""
    return len(text) <= LONGEST and _ASIDE.fullmatch(text) is not None


_AROUND = re.compile(r"位置|地址|地点|[这那]里|[这那]边|[这那]儿|附近|我|就|是|在|的|呢|啊|\W")


def only_where(text: str, named: Iterable[Place]) -> bool:
    """True if a message names a place and says nothing about it."""
    rest = text
    for place in named:
        rest = rest.replace(place.text, " ", 1)
    return rest != text and not _AROUND.sub("", rest)
