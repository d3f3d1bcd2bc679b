"""What people type to drive a ticket, as a grammar: leaders' words, residents' words, numbers.

It parses text only; whether the speaker may, and which ticket is meant, is decided elsewhere."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from routing.ticket import Result


class Verb(StrEnum):
    """One intention; the value is the word that help texts use for it."""

    CONFIRM = "确认"
    REJECT = "驳回"
    RECLASSIFY = "改类"
    DISPATCH = "派单"
    RESOLVE = "办结"
    PROGRESS = "进展"
    EXTEND = "延期"
    SUSPEND = "挂账"
    RESUME = "恢复"
    MERGE = "并入"
    TRANSFER = "转"
    TAKE = "我来"
    RETURN = "退单"
    EXCEPT = "销号"
    OPEN = "建单"
    UNDO = "撤销"
    URGE = "催办"
    TODO = "待办"
    MODE = "模式"
    STATUS = "进度"
    WITHDRAW = "撤回"
    SATISFIED = "满意"
    PARTLY = "一般"
    DISSATISFIED = "不满意"
    BROKEN = "没修好"
    HELP = "帮助"


@dataclass(frozen=True, slots=True)
class Command:
    """A parsed command. numbers: ticket numbers in the order typed; argument: the rest.

    strong: an explicit command word, which deserves an answer even where it cannot be carried
    out. Weak words ("收到", "是", "搞定") may be ordinary talk and are then passed over."""

    verb: Verb
    numbers: tuple[int, ...] = ()
    argument: str = ""
    strong: bool = True


_STRONG: dict[Verb, str] = {
    Verb.CONFIRM: "确认|立案|受理",
    Verb.REJECT: "驳回|不予受理|不受理",
    Verb.RECLASSIFY: "改类别|改类型|改分类|改类",
    Verb.DISPATCH: "派单给|派单|派给|派遣|转派",
    Verb.RESOLVE: "办结|结案",
    Verb.PROGRESS: "进展",
    Verb.EXTEND: "延期",
    Verb.SUSPEND: "挂账|挂起",
    Verb.RESUME: "恢复办理|恢复",
    Verb.MERGE: "并入|合并到|并案到|并案|合并",
    Verb.RETURN: "退单|退件|退回",
    Verb.EXCEPT: "特殊销号|销号",
    Verb.OPEN: "建单|立单",
    Verb.UNDO: "撤销",
    Verb.URGE: "催办|督办",
    Verb.MODE: "模式",
    Verb.STATUS: "进度",
    Verb.WITHDRAW: "撤回",
    Verb.DISSATISFIED: "不满意",
    Verb.SATISFIED: "满意",
    Verb.PARTLY: "一般",
}

_WEAK: dict[Verb, str] = {
    Verb.CONFIRM: "1|是的?|对的?|嗯+|收到|好的?|可以|同意|ok|👌|👍|✅",
    Verb.REJECT: "不是|误报|不算",
    Verb.TAKE: "我来(?:处理|办|弄|看看)?|我去(?:处理|看看)?|我接了?|签收|接单|报到|到了现场?|已到现场",
    Verb.RESOLVE: "搞定了?|完成了?|修好了|弄好了|处理好了|处理完了|已处理|已解决|解决了|好了|换好了|通了",
    Verb.TODO: "待办|我的单子?|未办",
    Verb.SATISFIED: "很满意|非常满意|满意满意|比较满意|挺满意的?|挺好的?|好评|修好了谢谢|解决了谢谢",
    Verb.PARTLY: "基本满意|基本解决|还行吧?|凑合|马马虎虎",
    Verb.DISSATISFIED: "不太满意|很不满意|非常不满意|差评",
    Verb.WITHDRAW: "撤回吧|撤单|不用了|不用修了|算了不用了|不用管了",
    Verb.STATUS: "到哪一?步了|啥进度|什么进度|怎么样了|咋样了|处理得?怎么样了",
    Verb.HELP: "帮助|怎么用|使用说明|help|[?？]",
}

_BROKEN = re.compile(
    r"(?:(?:还是|还|根本|压根|又|依然|仍然|也)?(?:没|沒|未|冇)(?:有)?(?:修|弄|搞|处理|解决|整)(?:好|完|利索|妥)?"
    r"|又(?:坏|停|堵|漏|灭|黑|不亮|不行|反复|返水|犯|这样|黄)(?:了|啦|起来|上了)*"
    r"|(?:还是|依然|仍然|照样|还)(?:坏|不亮|漏|堵|黄|没水|没电|不行|老样子|一样|臭|黑|不好|不能用)(?:的|着)?)"
)

_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN = "零〇一二两三四五六七八九十百"
_NOT_A_TICKET = r"(?!\s*(?:[-－—~]\s*\d|[.．]\d|号?(?:楼|院|门|线|库|井|店|桌|车|路|桥|厅|口)|[幢栋座单元层室户个次盏位名人点天日月年周小时分米元块度%％]))"
_NUMBER = (
    rf"(?:[#＃]\s*(\d{{1,6}})|第?(\d{{1,6}})\s*号?(?:单|件|工单)|(?<![\d])(\d{{1,6}})号?{_NOT_A_TICKET}(?![\d])"
    rf"|第?([{_HAN}]{{1,5}})号?(?:单|件)|单号?\s*(\d{{1,6}}))"
)
_NUMBERS = re.compile(rf"\s*(?:{_NUMBER}\s*[,，、和及/]?\s*)")
_FOLD = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_FOLD |= {ord("＃"): "#", ord("＠"): "@", ord("＋"): "+", ord("？"): "?", ord("　"): " "}
_GAP = " \t\r\n:：,，。.、;；!！~～-—"


def _words(table: dict[Verb, str]) -> re.Pattern[str]:
    groups = "|".join(f"(?P<{verb.name}>{words})" for verb, words in table.items())
    return re.compile(groups, re.IGNORECASE)


_STRONG_AT = _words(_STRONG)
_WEAK_AT = _words(_WEAK)
_TRANSFER_AT = re.compile(r"转(?:给|交|到|至)?(?!发|账|让|租|卖|告|帖|圈|身|眼|弯|述|载)")


def plain(text: str) -> str:
    """Text with full-width digits and letters folded, invisible marks dropped and a leading @mention removed."""
    folded = text.replace("\ufe0f", "").translate(_FOLD)
    kept = "".join(c for c in folded if unicodedata.category(c) not in {"Cf", "Cc"} or c in "\n\t")
    return re.sub(r"^\s*@\S{1,12}[\s\u2005]+", "", kept).strip()


def parse(text: str) -> Command | None:
    """The command that a message is, or None for ordinary talk. Never raises."""
    line = plain(text)
    if not line or len(line) > 600:
        return None
    before, rest = _take_numbers(line) if not _bare_one(line) else ((), line)
    rest = rest.lstrip(_GAP) if before else rest
    return _strong(rest, before) or _weak(rest, before) or _transfer(rest, before)


def _bare_one(line: str) -> bool:
    return line.strip(_GAP) == "1"


def _strong(rest: str, before: tuple[int, ...]) -> Command | None:
    match = _STRONG_AT.match(rest)
    if match is None:
        return None
    verb = _verb(match)
    after, argument = _take_numbers(rest[match.end() :].lstrip(_GAP))
    argument = argument.strip(_GAP)
    if not _plausible(verb, before or after, argument):
        return None
    return Command(verb, before + after, argument)


def _plausible(verb: Verb, numbers: tuple[int, ...], argument: str) -> bool:
    """Whether a message that begins with a command word is one, not a sentence about it."""
    if argument.startswith(("吗", "么", "嘛", "没", "了吗", "了没", "的", "一下")):
        return False
    if argument.endswith(("吗", "嘛", "?", "没有", "了没")) and verb is not Verb.DISSATISFIED:
        return False
    if verb in {Verb.SATISFIED, Verb.PARTLY, Verb.STATUS, Verb.CONFIRM, Verb.WITHDRAW}:
        return len(argument) <= 30 and not re.match(r"(?:度|人|来说|都|情况|会)", argument)
    return True


def _weak(rest: str, before: tuple[int, ...]) -> Command | None:
    match = _WEAK_AT.match(rest)
    if match is None:
        return _broken(rest, before)
    tail = rest[match.end() :].strip(_GAP + "啊呀哈呢吧了谢辛苦您你大家 ")
    after, tail = _take_numbers(tail)
    if tail and not (before and _verb(match) in {Verb.RESOLVE, Verb.TAKE}):
        return _broken(rest, before)
    verb = _verb(match)
    strong = verb in {Verb.TODO, Verb.HELP} or bool(before)
    argument = rest.strip(_GAP) if verb is Verb.RESOLVE else tail
    return Command(verb, before + after, argument, strong)


def _broken(rest: str, before: tuple[int, ...]) -> Command | None:
    if len(rest) <= 60 and _BROKEN.search(rest) and "?" not in rest and "？" not in rest:
        return Command(Verb.BROKEN, before, rest, strong=bool(before))
    return None


def _transfer(rest: str, before: tuple[int, ...]) -> Command | None:
    match = _TRANSFER_AT.match(rest)
    if match is None:
        return None
    after, argument = _take_numbers(rest[match.end() :].lstrip(_GAP))
    argument = argument.strip(_GAP)
    numbers = before + after
    if not argument or len(argument) > 20:
        return None
    spaced = rest[match.end() : match.end() + 1] in _GAP
    return Command(Verb.TRANSFER, numbers, argument, strong=bool(numbers or spaced))


def _verb(match: re.Match[str]) -> Verb:
    return Verb[str(match.lastgroup)]


def _take_numbers(text: str) -> tuple[tuple[int, ...], str]:
    numbers: list[int] = []
    while len(numbers) < 8 and (match := _NUMBERS.match(text)):
        digits = next(g for g in match.groups() if g)
        value = int(digits) if digits.isdecimal() else han_number(digits)
        if not 0 < value < 1_000_000:
            break
        numbers.append(value)
        text = text[match.end() :]
    return tuple(numbers), text


def han_number(text: str) -> int:
    """A Chinese numeral up to 九百九十九 as an integer; 0 if it is none."""
    total, digit = 0, 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        elif char in _HAN_DIGITS:
            digit = digit * 10 + _HAN_DIGITS[char]
        else:
            return 0
    return total + digit


_DURATION = re.compile(
    rf"(\d{{1,3}}|半|[{_HAN}]{{1,3}})\s*个?\s*(工作日|工作天|天|日|小时|钟头|周|星期|礼拜)(?:半)?"
)
_UNITS = {
    "工作日": "wd", "工作天": "wd", "天": "d", "日": "d",
    "小时": "h", "钟头": "h", "周": "w", "星期": "w", "礼拜": "w",
}  # fmt: skip


def duration(text: str) -> tuple[str, str] | None:
    """A span of time at the start of an argument, as ("3wd", rest); None if there is none.

    半天 is 12h, a week seven natural days. At most 180 days."""
    match = _DURATION.search(text)
    if match is None or match.start() > 6:
        return None
    amount, unit = match[1], _UNITS[match[2]]
    rest = (text[: match.start()] + text[match.end() :]).strip(_GAP)
    if amount == "半":
        return {"d": "12h", "h": "30m", "wd": "4wh", "w": "4d"}[unit], rest
    value = int(amount) if amount.isdecimal() else han_number(amount)
    if unit == "w":
        value, unit = value * 7, "d"
    limit = 180 * (24 if unit == "h" else 1)
    return (f"{value}{unit}", rest) if 0 < value <= limit else None


_RESULTS = (
    (Result.PARTIAL, re.compile(r"(?:已?部分解决|部分完成|部分)[，,：:\s]*")),
    (Result.UNABLE, re.compile(r"(?:无法解决|解决不了|没法解决|无法办理)[，,：:\s]*")),
    (Result.EXPLAINED, re.compile(r"(?:解释说明|已解释|已答复|已说明|解释)[，,：:\s]*")),
    (Result.EXTERNAL, re.compile(r"(?:已?转外部|不属本级|不属于本级)[，,：:\s]*")),
)


def result_of(argument: str) -> tuple[Result, str]:
    """The result that the words after 办结 claim, and the words for the residents."""
    for result, pattern in _RESULTS:
        if match := pattern.match(argument):
            return result, argument[match.end() :].strip() or argument.strip()
    return Result.SOLVED, argument.strip()
