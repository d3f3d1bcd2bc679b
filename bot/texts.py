"""Every sentence a person reads from the bot, in plain polite Chinese.

No decision is taken here: what is said when, and to whom, is decided by the callers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routing.commands import Verb
from routing.privacy import mask_door
from routing.ticket import Result, Ticket


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket as residents read it: number, category name, place and spoken deadline."""

    ticket: Ticket
    category: str
    due: str

    @property
    def head(self) -> str:
        place = f"｜{mask_door(self.ticket.place)}" if self.ticket.place else ""
        return f"#{self.ticket.number} {self.category}{place}"


# ── to the group


def receipt(lines: Sequence[Line], ask_place: bool, notes: Sequence[str] = ()) -> str:
    """The one short receipt for one message, whatever the number of its issues."""
    if len(lines) == 1:
        text = f"已登记 {lines[0].head}，{lines[0].due}办结。"
    else:
        rows = "\n".join(f"{line.head}，{line.due}办结" for line in lines)
        text = f"已登记{_count(len(lines))}件：\n{rows}"
    extra = "".join(f"\n{note}" for note in notes)
    question = "\n请问在几号楼、哪个位置？直接回复就行。" if ask_place else ""
    return text + extra + question


def _count(number: int) -> str:
    return "零一两三四五六七八九十"[number] if number <= 10 else str(number)


NEUTRAL_RECEIPT = "已收到您的反映，会有专人一对一和您联系，请留意私聊消息。"


def urgent_receipt(line: Line, advice: str) -> str:
    return f"【紧急】已登记 {line.head}\n{advice}\n已立即通知值班人员，请先保证人身安全。"


def urgent_neutral(advice: str) -> str:
    return f"【紧急】已收到，正在联系值班人员。\n{advice}"


def urgent_call(line: Line, again: bool) -> str:
    start = "上一位值班人员还没有应答，请您接手" if again else "请马上处理"
    return f"【紧急】{line.head}，{start}。收到请回复：我来"


def answered(line: Line, answer: str, source: str) -> str:
    origin = f"（来源：{source}）" if source else ""
    return f"#{line.ticket.number} {answer}{origin}\n这样答复清楚吗？请回复：满意／一般／不满意"


def dispatched(line: Line, unit: str) -> str:
    return f"{line.head}：已转{unit}办理，{line.due}办结。"


def taken(line: Line, role: str) -> str:
    return f"{line.head}：{role}已接手处理，{line.due}办结。"


def suspended(line: Line, why: str) -> str:
    return f"{line.head}：因{why}暂时挂账，条件具备后马上恢复办理。"


def extended(line: Line, why: str) -> str:
    return f"{line.head}：因{why}延期到{line.due}，给您添麻烦了。"


_RESULT_WORDS = {
    Result.SOLVED: "已办结",
    Result.PARTIAL: "已部分解决",
    Result.EXPLAINED: "已答复",
    Result.UNABLE: "暂时无法解决",
    Result.EXTERNAL: "已转外部单位",
}


def ask_verdict(line: Line, result: Result, words: str) -> str:
    return (
        f"{line.head} {_RESULT_WORDS[result]}：{words}\n"
        "请反映人看看是否满意，回复一个词就行：满意／一般／不满意（请说说原因）"
    )


def remind_verdict(line: Line) -> str:
    return f"{line.head} 已办结，还想听您说一句：满意／一般／不满意？没有您的话，我们不销号。"


def closed(line: Line) -> str:
    return f"#{line.ticket.number} {line.category}已销号，谢谢您的评价。"


def closed_by_exception(line: Line) -> str:
    return (
        f"#{line.ticket.number} {line.category}经第二人核实后销号。如果问题还在，请直接告诉我们。"
    )


def back_to_work(line: Line) -> str:
    return f"{line.head}：听到您的意见了，已退回重新处理，{line.due}办结。"


# ── to one person: the resident


def private_receipt(line: Line) -> str:
    return (
        f"您反映的事情已登记，编号 #{line.ticket.number}（{line.category}），{line.due}办结。"
        "这件事不会在群里公开，进展我会在这里告诉您。"
    )


def joined(line: Line, count: int) -> str:
    return f"{line.head} 已经有邻居反映，您这一声已经记上（现在共{count}位），办结时会告诉您。"


def attached(line: Line) -> str:
    return f"已补充到 {line.head}，谢谢。"


def ask_reason(line: Line) -> str:
    return f"{line.head}：很抱歉没让您满意。请说说哪里不满意，我们马上退回去重办。"


def rated_waits(line: Line) -> str:
    return f"{line.head}：谢谢您的评价，已经记下。这件事还要核实后才能销号。"


def others_unhappy(line: Line) -> str:
    return f"{line.head}：谢谢您的评价。还有邻居不满意，等他们也满意了再销号。"


def told(line: Line, what: str) -> str:
    return f"{line.head}：{what}"


def rejected(line: Line, why: str) -> str:
    return (
        f"您反映的 {line.head} 这次没有受理，原因：{why}。"
        "如果您不同意，可以直接回复说明情况，或拨打 12345。"
    )


def reclassified(line: Line) -> str:
    return f"您反映的 #{line.ticket.number} 已归到“{line.category}”办理，{line.due}办结。"


def withdrawn(line: Line) -> str:
    return f"{line.head} 已按您的意思撤回。以后有事随时说。"


def passed_on(line: Line) -> str:
    return f"{line.head}：您不再跟进了，还有邻居关心，这件事会继续办。"


def progress(line: Line, state: str, unit: str, due: str) -> str:
    where = f"，{unit}办理" if unit else ""
    deadline = f"，{due}办结" if due else ""
    return f"{line.head}：{state}{where}{deadline}。"


def progress_list(rows: Sequence[str]) -> str:
    return "您反映的事情：\n" + "\n".join(rows)


NOTHING_OF_YOURS = "您目前没有登记在办的事情。有事直接在群里说就行。"

# ── to one person: staff


def new_for_leader(line: Line, words: str, unit: str) -> str:
    advice = f"，派给{unit}回复 派单 {line.ticket.number}" if unit else ""
    return (
        f"【待确认】{line.head}，{line.due}办结\n“{_short(words)}”\n"
        f"属实回复 确认 {line.ticket.number}{advice}；不属实回复 驳回 {line.ticket.number} 原因"
    )


def suggestion(category: str, words: str) -> str:
    return (
        f"这句话可能是在反映问题（{category}）：\n“{_short(words)}”\n"
        "要登记请回复 1，不用登记请回复 不是。"
    )


SUGGESTION_DROPPED = "好的，这条不登记。"


def job_for_unit(line: Line, words: str) -> str:
    number = line.ticket.number
    return (
        f"【派单】{line.head}，{line.due}办结\n“{_short(words)}”\n"
        f"接单回复 我来 {number}；办完回复 办结 {number} 做了什么；不归本单位回复 退单 {number} 原因"
    )


def handed_over(line: Line, by: str) -> str:
    return f"【转办】{by}把 {line.head} 转给您，{line.due}办结。办完回复 办结 {line.ticket.number} 做了什么"


def returned(line: Line, unit: str, why: str) -> str:
    return f"{line.head}：{unit}退单，原因：{why}。请重新派单：派单 {line.ticket.number} 单位"


def dissatisfied(line: Line, why: str) -> str:
    return f"{line.head}：反映人不满意，已退回处置中。原因：{why}"


def overdue(line: Line) -> str:
    return (
        f"{line.head} 已到办结期限，请尽快处理；确有困难可回复 延期 {line.ticket.number} 天数 原因"
    )


def needs_second_person(line: Line) -> str:
    number = line.ticket.number
    return (
        f"{line.head} 办结后反映人没有评价（未评价）。请没有经手的同志核实，"
        f"确已办好回复 销号 {number} 核实情况；没办好请退回重办。"
    )


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


def merged(child: Line, parent: Line) -> str:
    return (
        f"✓ #{child.ticket.number} 已并入 {parent.head}，反映人都会收到结果。"
        f"并错了回复 撤销 {child.ticket.number}"
    )


def todo(lines: Sequence[Line]) -> str:
    if not lines:
        return "现在没有等待处理的事项。"
    rows = "\n".join(f"{line.head}（{line.ticket.state.label}，{line.due}）" for line in lines)
    return f"待办{len(lines)}件：\n{rows}"


# ── when a command cannot be carried out


def which(lines: Sequence[Line], word: str) -> str:
    names = "、".join(line.head for line in lines[:6])
    more = "等" if len(lines) > 6 else ""
    return f"请问是哪一件？{names}{more}。请带上编号，例如：{word} {lines[0].ticket.number}"


def no_such_number(number: int) -> str:
    return f"没有找到 #{number}，请核对编号，或回复 待办 查看。"


def nothing_pending(verb: Verb) -> str:
    return f"现在没有可以“{verb.value}”的事项。回复 待办 可以查看。"


QUOTE_GONE = "找不到引用的那条消息了。请写上编号，或回复：建单 要登记的内容"


def may_not(verb: Verb, who: str) -> str:
    return f"“{verb.value}”要由{who}来回复，谢谢您的关心。"


def illegal(line: Line, verb: Verb, allowed: Sequence[str]) -> str:
    can = f"，可以：{'、'.join(allowed)}" if allowed else ""
    return f"{line.head} 现在是“{line.ticket.state.label}”，不能{verb.value}{can}。"


def needs_words(verb: Verb, example: str) -> str:
    return f"请在“{verb.value}”后面写一句，例如：{example}"


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
    Verb.RETURN: "退单 12 不属于我们管的路段",
    Verb.EXCEPT: "销号 12 已上门核实，灯已修好",
    Verb.OPEN: "建单 3号楼楼道灯不亮",
    Verb.MODE: "模式 自动（还可以：提示、静默）",
}


def unknown_unit(words: str) -> str:
    return f"没有找到“{words}”这个单位或人员，请换个叫法，例如 物业、供水、城管。"


def several_units(words: str, names: Sequence[str]) -> str:
    return f"“{words}”有{len(names)}个：{'、'.join(names)}。请写全一点。"


def unknown_category(words: str) -> str:
    return f"没有找到“{words}”这一类，请换个说法，例如 路灯、停水、电梯、噪声。"


def several_categories(words: str, names: Sequence[str]) -> str:
    return f"“{words}”可能是：{'、'.join(names[:6])}。请写全一点。"


NO_REASON = "反映人未说明原因"
SAME_PERSON = "特殊销号要由没有经手过的第二个人来签，请社区或街道的同志核实后回复。"
MODE_SET = {
    "auto": "✓ 本群改为自动：有诉求小格在群里登记回复。",
    "hint": "✓ 本群改为提示：有疑似诉求先一对一问网格长。",
    "quiet": "✓ 本群改为静默：小格不在群里说话，紧急情况除外。",
}
BROKE = "这条消息没能处理好，已经记下来等人工查看，请您再说一次或联系社区。"
TOO_MANY = "一次写的编号太多了，请分开写。"

HELP_RESIDENT = (
    "有事直接说，例如：3号楼2单元楼道灯坏了。\n"
    "查进展：进度 12｜不用办了：撤回 12\n"
    "办结后回复：满意／一般／不满意 原因｜又坏了就说：没修好"
)
HELP_STAFF = (
    "引用小格的消息，或带上编号回复：\n"
    "确认 12｜驳回 12 原因｜改类 12 路灯｜派单 12 供水｜我来 12\n"
    "进展 12 情况｜延期 12 3天 原因｜挂账 12 原因｜恢复 12\n"
    "办结 12 做了什么｜并入 12 9｜转 12 物业｜退单 12 原因\n"
    "建单（引用居民的话）｜待办｜撤销 12｜销号 12 核实情况｜模式 自动"
)


def _short(words: str, limit: int = 60) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def several_groups(number: int, names: Sequence[str]) -> str:
    return f"有{len(names)}个群都有 #{number}：{'、'.join(names)}。请到对应的群里引用回复。"


# ── advice for emergencies: what to do first, and whom to call


def advice(code: str, phones: dict[str, str]) -> str:
    """What to do at once in an emergency of this category, with the right number."""
    return _ADVICE.get(code, _ADVICE.get(code[:2], _ADVICE[""])).format(**phones)


_ADVICE = {
    "": "请先离开危险的地方，保证人身安全，需要时马上拨打 {police}（救护 {ambulance}）。",
    "0303": "请马上离开现场，不要动火、不要开关电器，到室外再打电话：燃气抢修 {gas}，火警 {fire}。",
    "0302": "请远离带电的地方，不要用手碰；有人触电先断电，马上拨打 {ambulance}，火警 {fire}。",
    "0206": "请远离垂落的电线，不要用手碰；有人触电马上拨打 {ambulance}。",
    "0404": "电梯里的人请按呼叫按钮，不要扒门；有人不舒服马上拨打 {ambulance}，救援拨打 {fire}。",
    "0801": "请马上离开，走楼梯不坐电梯，火警拨打 {fire}。",
    "0803": "请马上离开并断电，火警拨打 {fire}。",
    "0806": "有人受伤请马上拨打 {ambulance}，被困救援拨打 {fire}，先不要随意搬动伤者。",
    "0805": "请远离危险区域，落水被困拨打 {fire} 和 {police}。",
    "0902": "请先到安全的地方，马上拨打 {police}。",
    "1301": "请继续敲门并拨打 {ambulance}，需要开门请拨打 {police}。",
    "1302": "请陪着他，不要让他一个人，马上拨打 {police} 或 {ambulance}；心理援助热线 12356。",
    "1303": "请马上拨打 {police}，说清楚衣着和最后看到的地方。",
    "1403": "请马上拨打 {ambulance}，社区正在联系协助。",
    "15": "请先避开，保证安全，马上拨打 {police}。",
    "17": "请先避开，被咬伤用肥皂水冲洗并尽快就医，危险时拨打 {police}。",
}

NO_GROUP = "请先告诉我您住在哪个小区，或者在小区的群里说，我好帮您登记到对应的网格。"
ASK_PLACE_NOW = "\n请马上告诉我们具体位置：几号楼、几单元、几层？"


def recurrence(line: Line) -> str:
    return f"#{line.ticket.number} 同一地点近期已办过同类问题，这次按复发重点跟进。"
