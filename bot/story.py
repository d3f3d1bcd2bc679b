"""A story: who says what when, what the bot is expected to say, and how each ticket must end.

Reading the text of a story only; playing it through the whole bot is replay.py."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

_HEAD = re.compile(r"(故事|开始|群|人物|日报)：\s*(.+)")
_TIMED = re.compile(r"(?:第(\d+)天\s*)?(\d{1,2}:\d{2})\s+(.+)")
_SAYS = re.compile(r"([^：（]{1,20})(（私聊）)?：([\s\S]*)")
_EXPECTS = re.compile(r"小格(?:→([^：]{1,20}))?：(.+)")
_END = re.compile(r"结局\s+#(\d+)\s+(.+)")
_MARK = re.compile(r"〔(引用：(?P<quote>[^〕]+)|照片)〕")


BEFORE = datetime(1, 1, 1)  # noqa: DTZ001 - wall time of a story that has no start yet


class StoryError(ValueError):
    """A line of a story cannot be read; the message names file line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line: somebody speaks (`say`), the bot must have spoken (`expect`), or time passes.

    at: local wall time. who: a name of the story ("" for the group in an expectation)."""

    kind: Literal["say", "expect", "wait"]
    at: datetime
    who: str = ""
    text: str = ""
    private: bool = False
    quote: str = ""
    photo: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a ticket must stand at the end: words found in its state, verdict, category or result."""

    number: int
    words: tuple[str, ...]
    line: int = 0


@dataclass(slots=True)
class Story:
    title: str = ""
    start: datetime = BEFORE
    group: str = ""
    people: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    digest: list[str] = field(default_factory=list)


def parse(text: str) -> Story:
    """Read a story. Raises StoryError at the first line that says nothing known."""
    story, now = Story(), BEFORE
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.split(" #!", 1)[0].strip()
        if not line or line.startswith("//"):
            continue
        if match := _HEAD.fullmatch(line):
            now = _head(story, match[1], match[2].strip(), now, number)
        elif match := _END.fullmatch(line):
            story.endings.append(Ending(int(match[1]), tuple(match[2].split()), number))
        elif match := _EXPECTS.fullmatch(line):
            step = Step("expect", now, match[1] or "", match[2].strip(), line=number)
            story.steps.append(step)
        elif match := _TIMED.fullmatch(line):
            now = _moment(story, match, now, number)
            story.steps.append(_spoken(story, match[3], now, number))
        else:
            raise StoryError(f"第{number}行看不懂：{line}")
    _check(story)
    return story


def _head(story: Story, key: str, value: str, now: datetime, number: int) -> datetime:
    if key == "故事":
        story.title = value
    elif key == "群":
        story.group = value
    elif key == "日报":
        story.digest.append(value)
    elif key == "人物":
        story.people.update(_people(value, number))
    else:
        story.start = now = datetime.fromisoformat(value)
    return now


def _people(value: str, number: int) -> dict[str, str]:
    pairs = [part.partition("=") for part in value.split()]
    if not all(name and account for name, _, account in pairs):
        raise StoryError(f"第{number}行：人物要写成 名字=账号")
    return {name: account for name, _, account in pairs}


def _moment(story: Story, match: re.Match[str], now: datetime, number: int) -> datetime:
    """第N天 counts from the first day; without it the day of the line before goes on."""
    if story.start == BEFORE:
        raise StoryError(f"第{number}行：先写 开始：年-月-日 时:分")
    day: date = now.date()
    if match[1]:
        day = story.start.date() + timedelta(days=int(match[1]) - 1)
    hour, minute = match[2].split(":")
    return datetime.combine(day, time(int(hour), int(minute)))


def _spoken(story: Story, rest: str, at: datetime, number: int) -> Step:
    if rest.startswith("（等待）"):
        return Step("wait", at, line=number)
    match = _SAYS.fullmatch(rest)
    if match is None or match[1] not in story.people:
        raise StoryError(f"第{number}行：不认识说话的人，先在“人物：”里写上：{rest}")
    marks = list(_MARK.finditer(match[3]))
    quote = next((m["quote"] for m in marks if m["quote"]), "")
    photo = any(m[1] == "照片" for m in marks)
    words = _MARK.sub("", match[3]).strip()
    return Step("say", at, match[1], words, bool(match[2]), quote, photo, number)


def _check(story: Story) -> None:
    missing = [
        name
        for name, value in (("故事", story.title), ("群", story.group), ("结局", story.endings))
        if not value
    ]
    if missing:
        raise StoryError(f"缺少：{'、'.join(missing)}")
