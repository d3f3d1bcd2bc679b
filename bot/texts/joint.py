"""What staff read when several units share a ticket, and when somebody has not moved.

Who is told is decided in overdue.py and handlers/whistle.py."""

from __future__ import annotations

from collections.abc import Sequence

from bot.texts.line import Line, short
from routing.ladder import RED

_STEPS = {
    50: "办理时间已过一半",
    80: "快到期限了（黄牌）",
    100: "已到办结期限（红牌）",
    150: "已严重超期（红牌）",
}


def ladder(line: Line, percent: int, late: str) -> str:
    """late: how long the deadline has passed when it is read, "" if it has not."""
    number = line.ticket.number
    when = f"，{line.due}办结"
    if percent >= RED:
        when = f"，原定{line.was or line.due}办结，" + (f"已超期{late}" if late else "还没有办结")
    return (
        f"{line.head} {_STEPS[percent]}{when}。"
        f"办好回复 办结 {number} 做了什么；确有困难回复 延期 {number} 天数 原因"
    )


def unconfirmed(line: Line) -> str:
    number = line.ticket.number
    return f"{line.head} 还在等确认。属实回复 确认 {number}；不属实回复 驳回 {number} 原因"


def unaccepted(line: Line, unit: str) -> str:
    return f"{line.head} 已派给{unit}，还没有签收。接单请回复 我来 {line.ticket.number}"


def whistle(line: Line, words: str, units: Sequence[str], lead: str) -> str:
    number = line.ticket.number
    return (
        f"【吹哨】{line.head}，请{'、'.join(units)}共同办理，{lead}牵头，{line.due}办结。\n"
        f"{line.spot}“{short(words)}”\n"
        f"到场回复 报到 {number}；本单位办完回复 办结 {number} 做了什么"
    )


def whistle_again(line: Line) -> str:
    number = line.ticket.number
    return f"【吹哨】{line.head} 还没有等到贵单位报到，请马上安排。到场回复 报到 {number}"


def not_arrived(line: Line, units: Sequence[str]) -> str:
    return f"{line.head} 未报到：{'、'.join(units)}，已再次呼叫。"


def whistled(line: Line, units: Sequence[str], lead: str) -> str:
    return f"{line.head}：由{lead}牵头，{'、'.join(units)}联合办理，{line.due}办结。"


def arrived(line: Line, unit: str, missing: Sequence[str]) -> str:
    rest = f"，还差{'、'.join(missing)}" if missing else "，都到齐了"
    return f"{line.head}：{unit}已报到{rest}。"


def share_done(line: Line, unit: str, words: str, rest: Sequence[str]) -> str:
    left = f"还有{'、'.join(rest)}没有办完" if rest else "各单位都办完了"
    return f"{line.head}：{unit}已办完：{words}。{left}。"


def units_open(line: Line, rest: Sequence[str]) -> str:
    again = f"有单位不用来了，请街道重新吹哨：吹哨 {line.ticket.number} 单位 单位"
    return f"{line.head} 还有{'、'.join(rest)}没有办完，都办完才能办结。{again}"


def asks_for_whistle(line: Line, by: str, why: str) -> str:
    number = line.ticket.number
    how = f"要吹哨请回复 吹哨 {number} 单位 单位（第一个牵头）"
    return f"{by}请求吹哨：{line.head}。原因：{why}。{how}"


def recurs_again(line: Line, times: int) -> str:
    number = line.ticket.number
    return (
        f"{line.head} 同一地点近期第{times}次反映，修了又坏，建议几家一起办："
        f"吹哨 {number} 单位 单位（第一个牵头）"
    )


def same_matter(line: Line, other: Line) -> str:
    number = line.ticket.number
    return (
        f"{line.head} 和 {other.head} 可能是同一件事。"
        f"是的话回复 并入 {number} {other.ticket.number}"
    )


def handed_up(line: Line, by: str, why: str) -> str:
    number = line.ticket.number
    return f"【上报】{by}上报 {line.head}：{why}。请协调，可回复 吹哨 {number} 单位 单位"


def supervised(line: Line, why: str) -> str:
    reason = f"：{why}" if why else ""
    return f"【督办】{line.head}{reason}。请在一个工作日内回复 进展 {line.ticket.number} 情况"


def order_unanswered(line: Line) -> str:
    return f"【督办】{line.head} 一个工作日内没有答复，请过问。"


RETURN_TOO_LATE = "派单超过一个工作日，不能再退单。请先办理，办不了可以请街道协调：上报 编号 原因"
TO_THE_STREET = "这件事已经退过两次，请街道指定单位。"


def returned_enough(line: Line) -> str:
    number = line.ticket.number
    return f"{line.head} 已经退过两次，不能再退。确实办不了请回复 上报 {number} 原因，由街道协调。"


WHISTLE_ASKED = "✓ 已请街道决定是否吹哨。"
HANDED_UP = "✓ 已上报，上一级会协调。"
SUPERVISED = "✓ 已督办，一个工作日内没有答复会再提醒您。"


def deadlines_without_holidays(year: int) -> str:
    return (
        f"已有事项的期限落在{year}年，可小格还没有这一年的放假和调休安排，"
        "先按周一到周五计算，遇到节假日会不准。请联系系统管理员补上。"
    )
