"""What a whole group reads: receipts, where a matter stands, the question for a verdict.

Words for one person alone are in resident.py and staff.py."""

from __future__ import annotations

from collections.abc import Sequence

from bot.texts.line import RESULT_WORDS, Line
from routing.ticket import Result


def receipt(lines: Sequence[Line], ask_place: bool, notes: Sequence[str] = ()) -> str:
    """The one short receipt for one message, whatever the number of its issues."""
    if len(lines) == 1:
        text = f"已登记 {lines[0].head}，{lines[0].due}办结。"
    else:
        rows = "\n".join(f"{line.head}，{line.due}办结" for line in lines)
        text = f"已登记{_count(len(lines))}件：\n{rows}"
    extra = "".join(f"\n{note}" for note in notes)
    question = "\n请问在几号楼、哪条路或者谁家附近？直接回复就行。" if ask_place else ""
    return text + extra + question


def joined_in_group(line: Line) -> str:
    """For whoever cannot be told one-to-one."""
    return f"已记到 {line.head}，和邻居反映的一起办，{line.due}办结。"


def _count(number: int) -> str:
    words = "零一两三四五六七八九十"
    return words[number] if number < len(words) else str(number)


NEUTRAL_RECEIPT = "已收到您的反映，会有专人一对一和您联系，请留意私聊消息。"


def urgent_receipt(line: Line, advice: str) -> str:
    return f"【紧急】已登记 {line.head}\n{advice}\n已立即通知值班人员，请先保证人身安全。"


def urgent_call(line: Line, again: bool) -> str:
    start = "上一位值班人员还没有应答，请您接手" if again else "请马上处理"
    return f"【紧急】{line.head}，{start}。收到请回复：我来"


def all_clear(line: Line, why: str) -> str:
    return f"{line.head} 紧急情况已解除：{why}。请大家放心，谢谢及时提醒。"


def answered(line: Line, answer: str, source: str) -> str:
    origin = f"（来源：{source}）" if source else ""
    return f"#{line.ticket.number} {answer}{origin}\n这样答复清楚吗？请回复：满意／一般／不满意"


def dispatched(line: Line, unit: str) -> str:
    return f"{line.head}：已转{unit}办理，{line.due}办结。"


def taken(line: Line, role: str) -> str:
    return f"{line.head}：{role}已接手处理，{line.due}办结。"


def suspended(line: Line, why: str) -> str:
    return f"{line.head}：因{why}暂时挂账，条件具备后马上恢复办理。"


def resumed(line: Line) -> str:
    return f"{line.head}：已恢复办理，{line.due}办结。"


def extended(line: Line, why: str) -> str:
    return f"{line.head}：因{why}延期到{line.due}，给您添麻烦了。"


def ask_verdict(line: Line, result: Result, words: str) -> str:
    return (
        f"{line.head} {RESULT_WORDS[result]}：{words}\n"
        "请反映人看看是否满意，回复一个词就行：满意／一般／不满意（请说说原因）"
    )


def result_photo(line: Line) -> str:
    return f"{line.head} 办结后的照片，请看。"


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


def finish_undone(line: Line) -> str:
    return f"{line.head}：还没有办好，继续办理，{line.due}办结，办好再请您评价。"


STILL_HERE = "这一周没有新的诉求，也没有在办的事项。有事直接在群里说，小格都在。"


def recurrence(line: Line) -> str:
    return f"#{line.ticket.number} 同一地点近期已办过同类问题，这次按复发重点跟进。"


ASK_PLACE_NOW = "\n请马上告诉我们具体位置：几号楼几单元几层，或者谁家附近？"
