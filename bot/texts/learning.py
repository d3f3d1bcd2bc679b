"""What those who answer for the bot read when it reads differently from now on.

When it is said is decided in nightly.py and second_opinion.py."""

from __future__ import annotations

from bot.texts.line import short

UNLEARNED = "以前学会的更正已经过期删除，小格今天起改用随程序带来的模型。"


def second_opinion(category: str, words: str) -> str:
    return (
        f"小格没有把握，另请模型看了一眼：这句话可能是在报事（{category}）：\n“{short(words)}”\n"
        "要登记请回复 1 或 建单，不用登记请回复 不是。"
    )


def learned(lessons: int, words: int) -> str:
    fresh = f"，新认得{words}个词" if words else ""
    return (
        f"小格昨夜学会了网格长的{lessons}句更正{fresh}，检验没有变差，今天起照新学的听。"
        "如果听得不对，请管理员运行 run_bot.py train --rollback 退回。"
    )
