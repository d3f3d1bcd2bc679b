"""What somebody reads who has to send the bot's posts by hand, where a platform lets no bot speak.

Which posts these are, and who is told, is decided in bot/outbox_queue.py."""

from __future__ import annotations

from collections.abc import Sequence

LINE = "――――――"


def please_send(number: int, place: str, words: Sequence[str], hours: float, task: bool) -> str:
    """task: whether 群发 can make a task of it."""
    body = f"\n{LINE}\n".join(words)
    also = f"，也可以回复 群发 {number} 生成群发任务" if task else ""
    return (
        f"【请代发 {number}】发到{place}，共{len(words)}条：\n{LINE}\n{body}\n{LINE}\n"
        f"请把横线之间的话复制过去{also}。发好后回复 已发 {number}；{hours:g}小时内没有发出就作废。"
    )


def marked_sent(number: int, count: int) -> str:
    return f"✓ 代发{number}：{count}条已记为发出，谢谢。"


def nothing_to_send(number: int) -> str:
    return f"没有待发的{number}号，可能已经发出或者作废了。回复 待发 可以查看。"


NOTHING_WAITS = "现在没有等待代发的消息。"


def which_batch(rows: Sequence[str]) -> str:
    return "有几份消息在等您代发，请带上编号，例如 已发 3：\n" + "\n".join(rows)


def batches(rows: Sequence[str]) -> str:
    return "等待代发：\n" + "\n".join(rows)


def batch_line(number: int, place: str, count: int, first: str) -> str:
    return f"{number}号 → {place}，{count}条：{first}"


def task_made(number: int) -> str:
    return (
        f"正在企业微信里生成群发任务，请打开通知点“发送”，点完回复 已发 {number}。"
        "同一个群每天最多收一次群发。"
    )


def expired(number: int, place: str, count: int) -> str:
    return f"代发{number}（{place}，{count}条）没有人发出，已经作废，居民没有收到。"


def in_group(name: str) -> str:
    return f"“{name}”群"


def to_person(name: str) -> str:
    return f"{name}（一对一）"


def which_building(names: Sequence[str]) -> str:
    return (
        f"您负责的群不止一个：{'、'.join(names)}。请写明是哪一幢的事，"
        "例如：转 3幢李阿姨说楼道灯坏了"
    )
