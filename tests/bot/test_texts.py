"""The sentences of the bot: whatever they are about, they are whole and polite, show no more than
they should, and propose only commands that are understood.

What single sentences depend on is in test_texts_cases.py."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

from bot import texts
from bot.texts import group, joint, putting_off, refusal, resident, staff
from bot.texts.line import RESULT_WORDS
from routing.commands import Verb, parse
from routing.privacy import mask_people
from routing.ticket import Result, State, Verdict
from tests.bot.wording import line

ROOM = "7幢2单元501室"
SAMPLES: dict[str, Any] = {
    "numbers": [12],
    "line": line(), "parent": line(9), "child": line(12), "other": line(9),
    "lines": [line(1), line(2)], "result": Result.SOLVED, "words": "换了灯泡", "why": "等配件",
    "unit": "示例供水公司", "role": "网格长", "units": ["物业", "供水"], "lead": "物业",
    "advice": "请先离开。", "again": False, "answer": "周一接种", "source": "社区",
    "percent": 80, "late": "", "times": 3, "by": "网格长", "missing": ["供水"], "rest": ["供水"],
    "name": "示例供水公司", "count": 2, "state": "处置中", "due": "明天18:00前", "what": "已到场",
    "asked": True, "ask_place": False, "verb": Verb.RESOLVE, "category": "楼道灯", "number": 12,
    "who": "网格长", "example": "办结 12 好了", "allowed": ["办结"], "word": "办结",
    "names": ["甲群", "乙群"], "rules": ["类别“楼道灯”"], "grids": 9, "without": 2,
    "rows": ["#12 楼道灯"], "before": "7幢3单元", "phone": "0000-1000021",
    "after": "示例社区",
    "year": 2027, "alone": "已经延期过一次", "wish": "3天 等配件", "level": "社区工作者",
    "longest": "5个工作日",
}  # fmt: skip
OWN = {"several_groups": [("甲群", line())], "todo": [("红", line(), ["示例供水公司"])]}
"""Other samples for a parameter that is called like another one: the one of that function."""


def functions(*modules: Any) -> list[Callable[..., str]]:
    """Every sentence of the modules that is made by a function."""
    return [
        f
        for module in modules
        for name, f in vars(module).items()
        if inspect.isfunction(f) and f.__module__ == module.__name__ and not name.startswith("_")
    ]


def said(sentence: Callable[..., str], **changes: Any) -> str:
    """The sentence with the samples for all of its parameters that have no default."""
    known = {**SAMPLES, **changes}
    if sentence.__name__ == "no_such_number":
        known["staff"] = True
    own = OWN.get(sentence.__name__)
    wanted = [
        name
        for name, one in inspect.signature(sentence).parameters.items()
        if one.default is inspect.Parameter.empty
    ]
    given = {n: known[n] for n in wanted}
    if own is not None:
        given["rows" if "rows" in given else "lines"] = own
    if sentence.__name__ == "why":
        given["words"] = ["楼道灯"]
    return sentence(**given)


ALL = functions(group, joint, putting_off, refusal, resident, staff)
ABOUT = [f for f in ALL if {"line", "child"} & set(inspect.signature(f).parameters)]
FIXED = [
    (name, text)
    for module in (group, joint, refusal, resident, staff)
    for name, text in vars(module).items()
    if name.isupper() and isinstance(text, str)
]


@pytest.mark.parametrize("sentence", ALL, ids=lambda f: f.__name__)
def test_no_sentence_shows_how_it_is_made(sentence: Callable[..., str]) -> None:
    text = said(sentence)
    assert text == text.strip(), "no stray blanks around it"
    for raw in ("{", "}", "None", "Verb.", "State.", "Result.", "[", "]", "local:", "  "):
        assert raw not in text, text
    assert not re.search(r"[a-z_]{4,}", text), text
    assert "，，" not in text
    assert "。。" not in text


@pytest.mark.parametrize("sentence", ABOUT, ids=lambda f: f.__name__)
def test_every_sentence_about_a_ticket_names_it(sentence: Callable[..., str]) -> None:
    assert "#12" in said(sentence)
    changed = said(sentence, line=line(345), child=line(345), other=line(6), parent=line(6))
    assert "#345" in changed
    assert "12" not in re.sub("12345", "", changed), "no number that is not its own"


@pytest.mark.parametrize("sentence", ABOUT, ids=lambda f: f.__name__)
def test_no_sentence_tells_the_room(sentence: Callable[..., str]) -> None:
    text = said(sentence, line=line(place=ROOM), child=line(place=ROOM), parent=line(place=ROOM))
    assert "501" not in text


def test_nothing_that_the_bot_says_itself_is_taken_for_a_name() -> None:
    for name, text in [*FIXED, *((f.__name__, said(f)) for f in ALL)]:
        assert mask_people(text, keep=["12345"]) == text, name


@pytest.mark.parametrize(
    "sentence", functions(group, refusal, resident, staff), ids=lambda f: f.__name__
)
def test_every_sentence_is_polite(sentence: Callable[..., str]) -> None:
    assert not re.search("你(?!好)|错误|非法|无效|失败|禁止", said(sentence))


@pytest.mark.parametrize(("name", "text"), FIXED)
def test_fixed_sentences_are_whole(name: str, text: str) -> None:
    assert not re.search(r"[{}]|你|None", text), name
    assert not re.search("[，、：；]$", text), f"{name} breaks off"


ORDER = re.compile(
    r"(确认|驳回|派单|我来|办结|延期|退单|进展|吹哨|并入|报到|撤销并案|撤销|拆开|销号|满意|一般|不满意)"
    r" (\d+)"
)
MORE = {
    "并入": " 9",
    **dict.fromkeys(("我来", "报到", "撤销", "撤销并案", "拆开", "确认", "满意", "一般"), ""),
}
"""What follows the number where it is no sentence."""


@pytest.mark.parametrize(
    "sentence", [*functions(group, joint, putting_off, resident, staff)], ids=lambda f: f.__name__
)
def test_every_command_that_is_proposed_is_understood(sentence: Callable[..., str]) -> None:
    """What the bot tells people to reply is a command with the number of this very ticket."""
    for match in ORDER.finditer(said(sentence)):
        command = parse(match[0] + MORE.get(match[1], " 三天 修好了"))
        assert command is not None, match[0]
        assert command.numbers[0] in {12, 9}, match[0]
        assert command.strong, match[0]


@pytest.mark.parametrize(("verb", "example"), refusal.EXAMPLES.items())
def test_every_example_is_the_command_it_explains(verb: Verb, example: str) -> None:
    command = parse(re.sub(r"（.*", "", example))
    assert command is not None
    assert command.verb is verb
    spare = {Verb.UNDO, Verb.MERGE}
    assert bool(command.argument) or verb in spare, "it shows the words that were missing"
    assert verb.value in texts.needs_words(verb, example)


HELP = [
    part.rpartition("：")[2].strip()
    for text in (texts.HELP_STAFF.partition("：\n")[2], "进度 12｜撤回 12｜满意｜一般｜没修好")
    for part in re.split(r"[｜\n]", text)
]


@pytest.mark.parametrize("words", HELP)
def test_the_help_teaches_what_is_understood(words: str) -> None:
    command = parse(re.sub(r"（.*", "", words))
    assert command is not None
    assert command.numbers in {(), (12,), (12, 9)}
    assert command.verb.value[:1] == words[:1] or command.verb is Verb.BROKEN


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verdict", Verdict)
def test_a_line_reads_the_same_in_every_state(state: State, verdict: Verdict) -> None:
    assert line(state=state, verdict=verdict).head == "#12 楼道灯｜7幢2单元楼道"


@pytest.mark.parametrize(
    ("place", "head"),
    [
        ("", "#12 楼道灯"),
        ("东门", "#12 楼道灯｜东门"),
        ("7幢2单元", "#12 楼道灯｜7幢2单元"),
    ],
)
def test_a_line_with_and_without_a_place(place: str, head: str) -> None:
    assert line(place=place).head == head


def test_every_result_has_its_words() -> None:
    assert set(RESULT_WORDS) == set(Result)
    assert len(set(RESULT_WORDS.values())) == len(Result)
    assert line().result == ""
    for result in Result:
        assert line(result=result).result == result.label


@pytest.mark.parametrize(
    ("words", "limit", "cut"),
    [
        ("", 60, ""), ("一二三", 3, "一二三"), ("一二三四", 3, "一二…"), ("a\n\tb  c", 60, "a b c"),
        ("  前后  ", 60, "前后"), ("字" * 60, 60, "字" * 60), ("字" * 61, 60, "字" * 59 + "…"),
    ],
)  # fmt: skip
def test_words_are_cut_to_one_line(words: str, limit: int, cut: str) -> None:
    assert texts.short(words, limit) == cut
    assert len(texts.short(words, limit)) <= limit


def test_the_long_words_of_a_resident_are_cut_wherever_they_are_quoted() -> None:
    long = "楼道灯坏了，" * 40
    told: tuple[Callable[..., str], ...] = (
        staff.new_for_leader, staff.job_for_unit, staff.urgent_for_unit,
    )  # fmt: skip
    for sentence in told:
        given: dict[str, Any] = {"line": line(), "words": long, "unit": "物业"}
        names = inspect.signature(sentence).parameters
        text = sentence(**{n: v for n, v in given.items() if n in names})
        assert len(text) < 200
        assert "…”" in text
    for text in (
        staff.suggestion("路灯", long),
        staff.merged_by_itself(line(), line(9), long),
        staff.dissatisfied(line(), long),
        joint.whistle(line(), long, ["甲", "乙"], "甲"),
        texts.second_opinion("路灯", long),
    ):
        assert "…" in text
        assert len(text) < 220
