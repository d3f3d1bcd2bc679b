"""What one of the staff reads: new reports, jobs, calls, and that a command was carried out.

Why a command could not be carried out is in refusal.py."""

from __future__ import annotations

from collections.abc import Sequence

from bot.texts.line import Line, short
from routing.commands import Verb
from routing.ticket import Verdict


def new_for_leader(line: Line, words: str, unit: str) -> str:
    advice = f"，派给{unit}回复 派单 {line.ticket.number}" if unit else ""
    return (
        f"【待确认】{line.head}，{line.due}办结\n“{short(words)}”\n"
        f"属实回复 确认 {line.ticket.number}{advice}；不属实回复 驳回 {line.ticket.number} 原因"
    )


def suggestion(category: str, words: str) -> str:
    return (
        f"这句话可能是在反映问题（{category}）：\n“{short(words)}”\n"
        "要登记请回复 1，不用登记请回复 不是。"
    )


def looks_done(line: Line, words: str) -> str:
    return (
        f"这句话像是 {line.head} 的办理结果：\n“{short(words)}”\n"
        "办结请回复 1，小格就用这句话答复反映人；不是请回复 不是。"
    )


NOT_THE_RESULT = "好的，这句话不算办理结果，事情照常办理。"
WHICH_HINT = "有几条提示在等您决定，请引用那一条提示，再回复 1 或 不是。"
SUGGESTION_DROPPED = "好的，这条不登记。"


def job_for_unit(line: Line, words: str) -> str:
    number = line.ticket.number
    return (
        f"【派单】{line.head}，{line.due}办结\n{line.spot}“{short(words)}”\n"
        f"接单回复 我来 {number}；办完回复 办结 {number} 做了什么；"
        f"不归本单位回复 退单 {number} 原因"
    )


def urgent_for_unit(line: Line, words: str) -> str:
    number = line.ticket.number
    return (
        f"【紧急】{line.head}\n{line.spot}“{short(words)}”\n"
        f"值班人员正在赶去，请马上准备；出发请回复 我来 {number}"
    )


def why(line: Line, words: Sequence[str], rules: Sequence[str]) -> str:
    carried = f"原话里起作用的词：{'、'.join(words)}" if words else "是按整句话判断的"
    return "\n".join([f"{line.head}：{carried}。", *rules])


def out_of_reach(unit: str, phone: str) -> str:
    """The unit has nobody whom the bot could tell."""
    how = f"请打电话 {phone}" if phone else "也没有登记电话，请另想办法"
    return f"{unit}没有登记承办人，小格通知不到，{how}。"


def handed_over(line: Line, by: str) -> str:
    return (
        f"【转办】{by}把 {line.head} 转给您，{line.due}办结。"
        f"办完回复 办结 {line.ticket.number} 做了什么"
    )


def relieved(line: Line, name: str) -> str:
    return f"{line.head} 已改由{name}办理，您这边不用再办了，谢谢。"


def is_it_over(line: Line) -> str:
    """To staff who say in a group that an emergency has ended: how that is put down."""
    number = line.ticket.number
    return (
        f"您说的是 {line.head} 吗？已经处理好请回复 办结 {number} 做了什么；"
        f"核实没有这回事请回复 驳回 {number} 原因"
    )


def with_unit_already(line: Line, unit: str) -> str:
    number = line.ticket.number
    return f"{line.head} 已经在{unit}手里，{line.due}办结，不用再派。要催一催请回复 催办 {number}"


def returned(line: Line, unit: str, why: str) -> str:
    return f"{line.head}：{unit}退单，原因：{why}。请重新派单：派单 {line.ticket.number} 单位"


NEVER_SIGNED = "两次提醒都没有签收"


def fell_through(line: Line, unit: str, why: str, after: str) -> str:
    """What the property company did not take has gone to the next in line."""
    return (
        f"{line.head}：{unit}没有接（{why}），已转{after}办理，{line.due}办结。"
        f"要交给别的单位请回复 派单 {line.ticket.number} 单位"
    )


def left_joint(
    line: Line, unit: str, lead: str, why: str, rest: Sequence[str], *, told: bool = True
) -> str:
    """A unit has left a joint case. rest: those of the others who have not finished. told: whether
    the reader goes on with it and is told how."""
    number = line.ticket.number
    going = f"{'、'.join(rest)}继续办理，{lead}牵头" if rest else "其余单位都办完了"
    next_step = f"要换单位请街道重新吹哨：吹哨 {number} 单位 单位"
    if not rest:
        next_step = f"请核实后回复 办结 {number} 做了什么"
    return f"{line.head}：{unit}退单，原因：{why}。{going}。{next_step if told else ''}"


def dissatisfied(line: Line, why: str) -> str:
    return f"{line.head}：反映人不满意，已退回处置中。原因：{short(why)}"


def finish_sent_back(line: Line) -> str:
    return f"{line.head}：办结已被撤销，请继续办理，{line.due}办结。"


def objected(line: Line, words: str) -> str:
    return (
        f"{line.head} 反映人不同意驳回：\n“{short(words)}”\n"
        f"请再核实一下，重新受理回复 撤销 {line.ticket.number}"
    )


def needs_second_person(line: Line, *, own_work: bool = False) -> str:
    """own_work: the verdict came from somebody who had a hand in it."""
    number, verdict = line.ticket.number, line.ticket.verdict
    said = f"反映人评价“{verdict.value}”，结果是“{line.result}”，还不能销号"
    if own_work:
        said = f"评价“{verdict.value}”的人自己代报、立案或办理过这件事，还不能销号"
    if verdict in {Verdict.NONE, Verdict.UNRATED}:
        said = "办结后反映人没有评价（未评价）"
    return (
        f"{line.head} {said}。请没有经手的同志核实，"
        f"确已办好回复 销号 {number} 核实情况；没办好回复 撤销 {number}，退回重办。"
    )


def relocated_for_staff(line: Line, before: str) -> str:
    return (
        f"{line.head}：反映人更正了位置，原来说的是“{before}”，请按新位置办理。"
        f"改错了回复 撤销 {line.ticket.number}"
    )


def place_in_doubt(line: Line, words: str) -> str:
    return (
        f"{line.head}：反映人说位置有误：\n“{short(words)}”\n"
        "已有邻居按原来的位置跟着反映，所以位置没有改动，请核实是一件还是两件。"
    )


def added(line: Line, words: str) -> str:
    return f"{line.head} 反映人补充：\n“{short(words)}”"


def withdrawn_for_staff(line: Line) -> str:
    return f"{line.head} 反映人已撤回。"


def urged(line: Line) -> str:
    return f"{line.head} 居民在催问，请尽快办理并回复 进展 {line.ticket.number} 情况"


def nobody_answers(line: Line) -> str:
    return (
        f"【紧急】{line.head} 值班人员都没有应答，请立即处置。收到请回复：我来 {line.ticket.number}"
    )


_DONE = {
    Verb.CONFIRM: "已立案",
    Verb.REJECT: "已驳回，并已告诉反映人",
    Verb.RECLASSIFY: "已改为“{category}”，{due}办结",
    Verb.DISPATCH: "已派给{unit}，{due}办结",
    Verb.TRANSFER: "已转给{unit}，{due}办结",
    Verb.TAKE: "由您处理，{due}办结",
    Verb.PROGRESS: "进展已记下",
    Verb.RESOLVE: "已办结，正在请反映人评价",
    Verb.EXTEND: "已延期到{due}",
    Verb.SUSPEND: "已挂账，期限暂停计算",
    Verb.RESUME: "已恢复办理，{due}办结",
    Verb.RETURN: "已退单，交网格长重新派",
    Verb.EXCEPT: "已核实销号",
    Verb.UNDO: "已撤销上一步，现在是{state}",
    Verb.URGE: "已催办",
}


def done(verb: Verb, line: Line, unit: str = "") -> str:
    """The acknowledgement of a command to whoever gave it."""
    words = _DONE[verb].format(
        category=line.category, due=line.due, unit=unit, state=line.ticket.state.label
    )
    return f"✓ {line.head}：{words}。"


def new_group(name: str) -> str:
    return f"大家好，这里是{name}。我是小格，登记、派单、催办、回访的消息会发在这里。"


HIDDEN = (
    "您写的话里有姓名、电话或门牌，发到群里时小格已替您隐去，事情照办。"
    "下次写“维修师傅”“住户”就可以了，不用写名字和号码。"
)


def photo_kept(line: Line) -> str:
    return f"✓ {line.head}：照片已记下。"


def merged(child: Line, parent: Line) -> str:
    return (
        f"✓ #{child.ticket.number} 已并入 {parent.head}，反映人都会收到结果。"
        f"并错了回复 撤销 {child.ticket.number}"
    )


def merged_by_itself(child: Line, parent: Line, words: str) -> str:
    number = child.ticket.number
    return (
        f"又有居民反映同一件事，{child.head} 已自动并入 {parent.head} 一起办，"
        f"反映人都会收到结果。\n"
        f"“{short(words)}”\n不是同一件事请回复 撤销并案 {number}（或 拆开 {number}）"
    )


def unmerged_for_staff(child: Line, parent: Line) -> str:
    return (
        f"{child.head} 已从 {parent.head} 拆出，单独办理，{child.due}办结。"
        f"还没有派的请派单：派单 {child.ticket.number} 单位"
    )


def registered(lines: Sequence[Line]) -> str:
    return f"✓ 已登记：{'；'.join(line.head for line in lines)}。"


def todo(lines: Sequence[tuple[str, Line, Sequence[str]]]) -> str:
    """Each line with its mark (红 overdue, 黄 close to it, "" in time) and notes on it."""
    if not lines:
        return "现在没有等待处理的事项。"
    rows = "\n".join(_todo_line(*row) for row in lines)
    return f"待办{len(lines)}件：\n{rows}"


_MARKS = {"红": "【红·已超期】", "黄": "【黄·快到期】"}


def _todo_line(mark: str, line: Line, notes: Sequence[str]) -> str:
    state = "，".join([line.ticket.state.label, _by_when(line), *notes])
    return f"{_MARKS.get(mark, '')}{line.head}（{state}）"


def _by_when(line: Line) -> str:
    return f"原定{line.was}" if line.was else line.due


MODE_SET = {
    "auto": "✓ 本群改为自动：有诉求小格在群里登记回复。",
    "hint": "✓ 本群改为提示：有疑似诉求先一对一问网格长。",
    "quiet": "✓ 本群改为静默：小格不在群里说话，紧急情况除外。",
}


def what_is_meant(line: Line, words: str) -> str:
    """To staff whose plain words about their one ticket may be a result, news or a refusal."""
    here = "到场了回复 报到；" if line.ticket.shares else ""
    return (
        f"您说的是 {line.head} 吧？“{short(words)}”不用再写一遍："
        f"办完了回复 办结；还在办回复 进展；{here}不归本单位回复 退单。"
    )


LOST_STAFF = (
    "小格没听明白，什么都没有改动。请带上编号再说一次，例如：确认 12、进展 12 情况、"
    "办结 12 做了什么。编号看 待办，全部说法看 帮助。"
)

HELP_STAFF = (
    "引用小格的消息，或带上编号（以12号为例）回复：\n"
    "属实：确认 12｜不属实：驳回 12 原因｜说错了：撤销 12\n"
    "交给单位：派单 12 供水｜自己办：我来 12｜归错类：改类 12 路灯\n"
    "办到哪了：进展 12 情况｜办好了：办结 12 做了什么\n"
    "要晚几天：延期 12 3天 原因｜暂时办不了：挂账 12 原因｜再办：恢复 12\n"
    "同一件事：并入 12 9｜不归本单位：退单 12 原因｜本级办不了：上报 12 原因\n"
    "几家一起办（街道）：吹哨 12 供水 排水｜督办 12 要求｜催办 12\n"
    "没有评价的核实后：销号 12 核实情况｜登记居民的话：建单（引用那句话）\n"
    "看清单：待办｜本群怎么说话：模式 自动（提示、静默）"
)


def vacant(grids: int, without: int) -> str:
    """A week begins with grids that nobody leads."""
    return f"网格长空缺：{grids}个网格中有{without}个没有自己的网格长，请尽快配齐。"
