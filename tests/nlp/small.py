"""A model fitted in a second to a handful of lines, for tests of what is done with models."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from nlp import train
from nlp.corpus import Example
from nlp.lessons import Taught
from nlp.model import Model, load, save

TEXTS = {
    "0203": ("路灯不亮", "一排路灯都黑了", "路灯杆歪了", "后门路灯坏了", "路灯一闪一闪"),
    "0101": ("垃圾桶满了", "垃圾没人收", "垃圾堆成山", "厨余桶臭死了", "垃圾车没来"),
    "0404": ("电梯坏了", "电梯又停了", "电梯卡在四楼", "电梯按键失灵", "电梯哐当响"),
}
TALK = ("早上好", "哈哈哈", "谢谢大家", "吃了吗", "周末去哪玩")


def lines() -> list[Example]:
    """The lines, each several times so that its features count."""
    reports = [
        Example(text, "report", (code,), natures=("求助",), urgent="卡" in text)
        for code, texts in TEXTS.items()
        for text in texts
    ]
    natures = [Example("夸夸保洁", "report", ("1903",), natures=("表扬",))] * 4
    talk = [Example(text, "chat") for text in TALK]
    other = [Example(f"派单 {i} 供水", "command") for i in range(5)]
    return (reports + natures + talk + other) * 4


@cache
def model() -> Model:
    """The fitted model, as it is read back from its file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.npz"
        save(train.train(lines()), path)
        return load(path)


def once() -> list[Example]:
    """What the model was fitted to, each line once."""
    return list(dict.fromkeys(lines()))


def texts() -> list[str]:
    """The texts of `once`."""
    return [e.text for e in once()]


def lesson(text: str, kind: str, code: str = "", grid: str = "7-1", ticket: str = "") -> Taught:
    """A lesson about a matter of its own."""
    return Taught(text, kind, code, "", grid, ticket or text)
