"""What those who answer for the bot read when it reads differently from now on.

When it is said is decided in nightly.py and second_opinion.py."""

from __future__ import annotations

UNLEARNED = "以前学会的更正已经过期删除，小格今天起改用随程序带来的模型。"


def learned(lessons: int, words: int) -> str:
    fresh = f"，新认得{words}个词" if words else ""
    return (
        f"小格昨夜学会了网格长的{lessons}句更正{fresh}，检验没有变差，今天起照新学的听。"
        "如果听得不对，请管理员运行 run_bot.py train --rollback 退回。"
    )
