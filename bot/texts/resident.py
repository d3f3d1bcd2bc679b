"""What one resident reads: private receipts, thanks, progress, and what became of a report.

Words for a whole group are in group.py."""

from __future__ import annotations

from collections.abc import Sequence

from bot.texts.line import RESULT_WORDS, Line
from routing.ticket import OPEN, Result


def private_receipt(line: Line) -> str:
    return (
        f"您反映的事情已登记，编号 #{line.ticket.number}（{line.category}），{line.due}办结。"
        "这件事不会在群里公开，进展我会在这里告诉您。"
    )


def joined(line: Line, count: int) -> str:
    return f"{line.head} 已经有邻居反映，您这一声已经记上（现在共{count}位），办结时会告诉您。"


def attached(line: Line) -> str:
    return f"已补充到 {line.head}，谢谢。"


def relocated(line: Line) -> str:
    return f"✓ {line.head}：位置已按您说的更正，谢谢。"


def place_passed_on(line: Line) -> str:
    return f"{line.head}：已有邻居按这个位置跟着反映，您说的新位置已转告网格长核实，谢谢。"


def place_put_back(line: Line) -> str:
    return f"{line.head}：位置已改回原来的。如果不对，请说清楚是几号楼几单元。"


def ask_reason(line: Line) -> str:
    return f"{line.head}：很抱歉没让您满意。请说说哪里不满意，我们马上退回去重办。"


def rated_waits(line: Line) -> str:
    return f"{line.head}：谢谢您的评价，已经记下。这件事还要核实后才能销号。"


def own_work_waits(line: Line, asked: bool) -> str:
    """To whoever passed on, confirmed or handled what they now rate. asked: others were told."""
    next_step = "已请没有经手的同志核实后销号。"
    if not asked:
        next_step = "请社区或街道没有经手的同志核实后销号。"
    return (
        f"{line.head}：您的评价已经记下，谢谢。"
        f"这件事由您代报、立案或办理过，按规定不能由自己评价销号，{next_step}"
    )


def rated_by_supporter(line: Line) -> str:
    return f"{line.head}：谢谢您的评价，已经记下。"


def result_for_supporter(line: Line, result: Result, words: str) -> str:
    number = line.ticket.number
    return (
        f"您也关心的 {line.head} {RESULT_WORDS[result]}：{words}\n"
        f"您那里好了吗？请回复：满意 {number}／一般 {number}；"
        f"还没好请回复：不满意 {number} 哪里没好"
    )


def no_verdict_due(line: Line) -> str:
    if line.ticket.state in OPEN:
        return f"{line.head} 现在是“{line.ticket.state.label}”，办结后再请您评价。"
    return f"{line.head} 现在是“{line.ticket.state.label}”。如果问题又出现了，请说：没修好"


def merged_for_voice(child: Line, parent: Line) -> str:
    return f"您反映的 {child.head} 和 {parent.head} 是同一件事，已并入一起办，结果会告诉您。"


def merged_by_itself_for_voice(child: Line, parent: Line) -> str:
    return (
        f"谢谢您反映 {child.head}。邻居已经反映了 {parent.head}，看起来是同一件事，"
        f"已并到一起办，您这一声也记上了，办结时请您一起评价。"
        f"如果不是同一件事，请回复：拆开 {child.ticket.number}"
    )


def unmerged_for_voice(line: Line) -> str:
    return f"您反映的 {line.head} 已恢复单独办理，{line.due}办结，结果会告诉您。"


def others_unhappy(line: Line) -> str:
    return f"{line.head}：谢谢您的评价。还有邻居不满意，等他们也满意了再销号。"


def told(line: Line, what: str) -> str:
    return f"{line.head}：{what}"


def rejected(line: Line, why: str) -> str:
    return (
        f"您反映的 {line.head} 这次没有受理，原因：{why}。"
        "如果您不同意，可以直接回复说明情况，或拨打 12345。"
    )


def objection_passed_on(line: Line) -> str:
    return f"{line.head}：您的说明已转告网格长和社区，请他们再核实，重新受理会告诉您。"


def accepted_again(line: Line) -> str:
    return f"您反映的 {line.head} 已重新受理，{line.due}办结，结果会告诉您。"


def reclassified(line: Line) -> str:
    return f"您反映的 #{line.ticket.number} 已归到“{line.category}”办理，{line.due}办结。"


def withdrawn(line: Line) -> str:
    return f"{line.head} 已按您的意思撤回。以后有事随时说。"


def passed_on(line: Line) -> str:
    return f"{line.head}：您不再跟进了，还有邻居关心，这件事会继续办。"


def urged_lately(line: Line) -> str:
    return f"{line.head}：不久前刚催过承办人，您这一声也记下了。现在定的是{line.due}办结。"


def progress(line: Line, state: str, unit: str, due: str) -> str:
    where = f"，{unit}办理" if unit else ""
    deadline = f"，{due}办结" if due else ""
    return f"{line.head}：{state}{where}{deadline}。"


def progress_list(rows: Sequence[str]) -> str:
    return "您反映的事情：\n" + "\n".join(rows)


LEADER_ASKED = "好的，已转给网格长看一下，登记了会告诉反映的人。"
NOTHING_OF_YOURS = "您目前没有登记在办的事情。有事直接在群里说就行。"
NO_GROUP = "我还不知道您住在哪里，没法登记。请在您小区的群里说这件事，或者联系社区的同志。"

LOST = (
    "我是小格，登记和查办群里反映的事。有事直接说哪里怎么了就行，例如：3号楼2单元楼道灯坏了。"
    "查办到哪一步，请回复：进度。其他的话我听不明白，请找网格长或社区的同志。"
)

HELP_RESIDENT = (
    "有事直接说，例如：3号楼2单元楼道灯坏了。\n"
    "查进展：进度 12｜不用办了：撤回 12\n"
    "办结后回复：满意／一般／不满意 原因｜又坏了就说：没修好"
)
