"""The one polite line where something could not be done, and how it could.

Every line names the next step; none blames the reader."""

from __future__ import annotations

from collections.abc import Sequence

from bot.texts.line import Line
from routing.commands import Verb
from routing.ticket import OPEN

LISTED = 6
"""More candidates than this are not read by anybody."""


def which(lines: Sequence[Line], word: str) -> str:
    names = "、".join(line.head for line in lines[:LISTED])
    more = "等" if len(lines) > LISTED else ""
    return f"请问是哪一件？{names}{more}。请带上编号，例如：{word} {lines[0].ticket.number}"


def which_place(lines: Sequence[Line]) -> str:
    names = "、".join(line.head for line in lines[:LISTED])
    return f"请问要更正哪一件的位置？{names}。请引用您反映那件事的那句话，再说一次。"


def no_such_number(number: int, *, staff: bool) -> str:
    look = "待办" if staff else "进度"
    return f"没有找到 #{number}，请核对编号，或回复 {look} 查看。"


NOT_NOW = "这件事现在不能这样办，请核对编号，或请负责的同志来回复。"
"""In a group, where a refusal to one of the staff has no other way."""


def nothing_pending(verb: Verb) -> str:
    return f"现在没有可以“{verb.value}”的事项。回复 待办 可以查看。"


QUOTE_GONE = "找不到引用的那条消息了。请写上编号，或回复：建单 要登记的内容"


TOO_LONG = "写得太长了，没法照办。请把内容写在500字以内，再发一次。"
MODE_IN_GROUP = "请到要设置的那个群里说，例如：模式 静默"
QUOTE_OF_BOT = "这是小格自己的消息。请引用居民的原话回复 建单，或回复：建单 要登记的内容"


def already_open(line: Line) -> str:
    return f"这句话已经登记了：{line.head}（{line.ticket.state.label}）。"


def which_group(names: Sequence[str]) -> str:
    return f"您负责的群不止一个：{'、'.join(names[:LISTED])}。是哪个群的事，请在哪个群里说。"


def may_not(verb: Verb, who: str) -> str:
    return f"“{verb.value}”要由{who}来回复，谢谢您的关心。"


def illegal(line: Line, verb: Verb, allowed: Sequence[str]) -> str:
    can = f"，可以：{'、'.join(allowed)}" if allowed else ""
    return f"{line.head} 现在是“{line.ticket.state.label}”，不能{verb.value}{can}。"


def no_undo(line: Line) -> str:
    """An earlier step that is set right by the next one, not by 撤销."""
    number = line.ticket.number
    state = f"{line.head} 现在是“{line.ticket.state.label}”，没有可以撤销的。"
    if line.ticket.state not in OPEN:
        return state
    return f"{state}派错了请重新派：派单 {number} 单位；归错了类请回复：改类 {number} 类别"


def reason_awaited(line: Line) -> str:
    return f"{line.head} 有人刚说不满意，正在请他说原因，现在不能销号。"


def undo_first(child: Line, parent: Line) -> str:
    number = parent.ticket.number
    return f"{child.head} 并入的 #{number} 后来也并到了别的事项，请先回复：撤销并案 {number}"


def needs_words(verb: Verb, example: str) -> str:
    return f"请在“{verb.value}”后面写{_NEEDED.get(verb, '一句')}，例如：{example}"


_NEEDED = {
    **dict.fromkeys((Verb.REJECT, Verb.HAND_UP, Verb.RETURN, Verb.SUSPEND), "明原因"),
    Verb.RECLASSIFY: "明是哪一类",
    Verb.RESOLVE: "明做了什么",
    Verb.PROGRESS: "明办到哪一步",
    Verb.EXTEND: "明延长多久和原因",
    Verb.EXCEPT: "明核实的情况",
    **dict.fromkeys((Verb.DISPATCH, Verb.TRANSFER), "明交给哪个单位"),
    Verb.WHISTLE: "明两个以上单位",
}


EXAMPLES = {
    Verb.REJECT: "驳回 12 现场查看没有这个问题",
    Verb.RECLASSIFY: "改类 12 路灯",
    Verb.DISPATCH: "派单 12 供水",
    Verb.TRANSFER: "转 12 物业",
    Verb.RESOLVE: "办结 12 已更换灯泡",
    Verb.PROGRESS: "进展 12 师傅明天上午到",
    Verb.EXTEND: "延期 12 3天 等配件",
    Verb.SUSPEND: "挂账 12 等维修资金批复",
    Verb.MERGE: "并入 12 9（把 #12 并到 #9）",
    Verb.UNDO: "撤销并案 12（也可以说：拆开 12）",
    Verb.RETURN: "退单 12 不属于我们管的路段",
    Verb.EXCEPT: "销号 12 已上门核实，灯已修好",
    Verb.OPEN: "建单 3号楼楼道灯不亮",
    Verb.WHISTLE: "吹哨 12 供水 排水 物业（第一个牵头）",
    Verb.HAND_UP: "上报 12 涉及几个单位，社区协调不了",
    Verb.MODE: "模式 自动（还可以：提示、静默）",
}


def example(verb: Verb, numbers: Sequence[int]) -> str:
    """The example of a command, about the tickets that are meant: somebody may type just that."""
    return EXAMPLES.get(verb, f"{verb.value} 12").replace(
        "12", " ".join(map(str, numbers)) or "12", 1
    )


def unknown_unit(words: str) -> str:
    return f"没有找到“{words}”这个单位或人员，请换个叫法，例如 物业、供水、城管。"


def several_units(words: str, names: Sequence[str]) -> str:
    return f"“{words}”有{len(names)}个：{'、'.join(names)}。请写全一点。"


def unknown_category(words: str) -> str:
    return f"没有找到“{words}”这一类，请换个说法，例如 路灯、停水、电梯、噪声。"


def several_categories(words: str, names: Sequence[str]) -> str:
    return f"“{words}”可能是：{'、'.join(names[:LISTED])}。请写全一点。"


NO_REASON = "反映人未说明原因"
SAME_PERSON = "特殊销号要由没有经手过的第二个人来签，请社区或街道的同志核实后回复。"
BROKE = "这条消息没能处理好，已经记下来等人工查看，请您再说一次或联系社区。"
TOO_MANY = "一次写的编号太多了，请分开写。"


def several_groups(number: int, rows: Sequence[tuple[str, Line]]) -> str:
    """rows: the name of the group and its ticket of this number."""
    listed = "".join(f"\n{name} {line.head}" for name, line in rows[:LISTED])
    return (
        f"有{len(rows)}件都是 #{number}：{listed}\n"
        "请引用小格说那件事的消息，再回复一次；也可以到那个群里回复。"
    )
