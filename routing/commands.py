"""What people type to drive a ticket, as a grammar: leaders' words, residents' words, numbers.

It parses text only; whether the speaker may, and which ticket is meant, is decided elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from routing.command_words import (
    BROKEN,
    FIRST,
    FREE_TEXT,
    GLUED_NEVER,
    GLUED_ONLY,
    MENDED_ITSELF,
    NEEDS_NUMBER_OR_GAP,
    STRONG,
    WEAK,
    Verb,
)
from routing.numerals import GAP, LAST_NUMBER, LAST_WORD, duration, han_number, plain, take_numbers
from routing.ticket import Result

__all__ = [
    "Command", "Verb", "duration", "han_number", "parse", "plain", "result_of", "take_numbers",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Command:
    """A parsed command. numbers: ticket numbers in the order typed; argument: the rest.

    strong: an explicit command word, which deserves an answer even where it cannot be carried
    out. Weak words ("收到", "是", "搞定") may be ordinary talk and are then passed over."""

    verb: Verb
    numbers: tuple[int, ...] = ()
    argument: str = ""
    strong: bool = True


_POLITE = GAP + "啊呀哈呢吧了谢辛苦您你大家 "
MOST_LETTERS = 2000
_MOST_NUMBERS = 8
_MOST_BROKEN = 60
_MOST_WORDS_OF_ASSENT = 30
_LONGEST_NAME, _LONGEST_FORWARD, _LONGEST_GLUED = 20, 8, 12


def _words(table: dict[Verb, str]) -> re.Pattern[str]:
    groups = "|".join(f"(?P<{verb.name}>{words})" for verb, words in table.items())
    return re.compile(groups, re.IGNORECASE)


_STRONG_AT = _words({v: STRONG[v] for v in (*FIRST, *STRONG)})
_WEAK_AT = _words(WEAK)
_ONLY = {verb: re.compile(words) for verb, words in GLUED_ONLY.items()}
_NEVER = {verb: re.compile(words) for verb, words in GLUED_NEVER.items()}
_OF_NAMES = frozenset({Verb.RECLASSIFY, Verb.DISPATCH, Verb.WHISTLE})
"""Commands whose argument is names: a number after them is the ticket's."""
_CODE = re.compile(r"(?<![\d#])\d{4}(?!\d)")
_BUT = re.compile("但|不过|可惜|就是(?:还|有)|只是")
_TRANSFER_AT = re.compile(
    "转(?!(?:给|交)?(?:你|您|他|她|大家))(?:给|交|到|至)?(?!发|账|让|租|卖|告|帖|圈|身|眼|弯|述|载|头|天|正|学|院|钱|型|运|角|椅|变|换"
    "|过|悠|向|基因|念|手|户|了|一|转|不|起|股|岗|暖|冷|凉|晴|阴|多云|校|群|我|需|机|款|业|动|播)"
)


def parse(text: str) -> Command | None:
    """The command that a message is, or None for ordinary talk. Never raises."""
    if len(text) > 2 * MOST_LETTERS:
        return None
    line = plain(text)
    if not line or len(line) > MOST_LETTERS:
        return None
    before, rest = take_numbers(line) if not _bare_one(line) else ((), line)
    rest = rest.lstrip(GAP) if before else rest
    return _strong(rest, before) or _weak(rest, before) or _transfer(rest, before)


def _bare_one(line: str) -> bool:
    return line.strip(GAP) == "1"


def _strong(rest: str, before: tuple[int, ...]) -> Command | None:
    match = _STRONG_AT.match(rest)
    if match is None:
        return None
    tail = rest[match.end() :]
    after, argument = take_numbers(tail.lstrip(GAP), doors=True)
    glued = tail[: len(tail) - len(argument)][-1:] not in GAP or tail == argument
    glued = glued and argument[:1] not in {*GAP, ""}
    argument = argument.strip(GAP)
    numbers = before + after
    verb = _verb(match)
    named_last = LAST_WORD if verb in _OF_NAMES else LAST_NUMBER
    if not numbers and (last := named_last.search(argument)):
        numbers, argument = (int(last[1]),), argument[: last.start()].rstrip(GAP)
    if verb is Verb.RECLASSIFY and not argument and (code := _CODE.search(tail)):
        numbers, argument = tuple(n for n in numbers if n != int(code[0])), code[0]
    if verb is Verb.STATUS:
        argument = argument.rstrip("?")
    if not _plausible(verb, match[0], numbers, argument, glued=glued):
        return None
    return Command(_verdict(verb, argument), numbers, argument)


def _verdict(verb: Verb, argument: str) -> Verb:
    """满意，但是… is less than 满意, and 满意，可又坏了 is none at all."""
    if verb in {Verb.SATISFIED, Verb.PARTLY}:
        if BROKEN.search(argument):
            return Verb.BROKEN
        if _BUT.match(argument):
            return Verb.PARTLY
    return verb


def _plausible(
    verb: Verb, word: str, numbers: tuple[int, ...], argument: str, *, glued: bool
) -> bool:
    """Whether a message that begins with a command word is one, not a sentence about it."""
    if glued and verb in _ONLY and not _ONLY[verb].match(argument):
        return False
    if glued and (verb in _NEVER and _NEVER[verb].match(argument)):
        return False
    if word in NEEDS_NUMBER_OR_GAP and not numbers and glued:
        return False
    if verb is Verb.WHY:
        return bool(numbers) and not argument
    asks = argument.endswith(("吗", "嘛", "?", "了没", "没有", "呢", "不"))
    if asks and (glued or verb not in FREE_TEXT):
        return verb in {Verb.STATUS, Verb.DISSATISFIED}
    if verb in {Verb.SATISFIED, Verb.PARTLY, Verb.STATUS, Verb.CONFIRM, Verb.WITHDRAW}:
        return len(argument) <= _MOST_WORDS_OF_ASSENT
    if verb in {Verb.RESUME, Verb.UNDO}:
        return not argument or bool(_ONLY[verb].match(argument))
    return bool(numbers) or not argument if verb is Verb.MERGE else True


def _weak(rest: str, before: tuple[int, ...]) -> Command | None:
    match = _WEAK_AT.match(rest)
    if match is None:
        return _broken(rest, before)
    verb = _verb(match)
    if match[0].endswith("不用了") and not before:
        return None
    tail = rest[match.end() :]
    after, words = take_numbers(tail.strip(_POLITE), doors=True)
    if words and not (before and verb in _WITH_WORDS and tail[:1] in GAP):
        return _broken(rest, before)
    strong = verb in {Verb.TODO, Verb.HELP} or bool(before or after)
    argument = rest.strip(GAP) if verb is Verb.RESOLVE else words
    return Command(verb, before + after, argument, strong)


_WITH_WORDS = frozenset({Verb.CONFIRM, Verb.TAKE, Verb.RESOLVE})
"""Weak words that may be followed by a sentence where the ticket is named."""


def _broken(rest: str, before: tuple[int, ...]) -> Command | None:
    if len(rest) > _MOST_BROKEN or "?" in rest or rest.endswith(("吗", "么", "嘛")):
        return None
    if MENDED_ITSELF.search(rest):
        return Command(Verb.WITHDRAW, before, "", bool(before))
    return Command(Verb.BROKEN, before, rest, bool(before)) if BROKEN.search(rest) else None


def _transfer(rest: str, before: tuple[int, ...]) -> Command | None:
    match = _TRANSFER_AT.match(rest)
    if match is None:
        return None
    tail = rest[match.end() :]
    after, argument = take_numbers(tail.lstrip(GAP), doors=True)
    argument = argument.strip(GAP)
    numbers = before + after
    if not argument or len(argument) > _LONGEST_NAME or _forwards(tail, argument, numbers):
        return None
    return Command(Verb.TRANSFER, numbers, argument, strong=bool(numbers or tail[:1] in GAP))


def _forwards(tail: str, argument: str, numbers: tuple[int, ...]) -> bool:
    """转：停水通知 passes on a notice, 转晴了 is about the weather: nothing is handed over."""
    if numbers:
        return False
    if tail[:1] in {":", "："}:
        return len(argument) > _LONGEST_FORWARD or "通知" in argument
    glued = tail[:1] not in GAP
    return glued and (len(argument) > _LONGEST_GLUED or argument[-1] in "了吗呢啊吧哦?去来")


def _verb(match: re.Match[str]) -> Verb:
    return Verb[str(match.lastgroup)]


_RESULTS = (
    (Result.PARTIAL, re.compile(r"(?:已?部分解决|部分完成|部分)[，,：:\s]*")),
    (Result.UNABLE, re.compile(r"(?:无法解决|解决不了|没法解决|无法办理)[，,：:\s]*")),
    (Result.EXPLAINED, re.compile(r"(?:解释说明|已解释|已答复|已说明|解释)[，,：:\s]*")),
    (Result.EXTERNAL, re.compile(r"(?:已?转外部|不属本级|不属于本级)[，,：:\s]*")),
)


def result_of(argument: str) -> tuple[Result, str]:
    """The result that the words after 办结 claim, and the words for the residents."""
    for result, pattern in _RESULTS:
        if match := pattern.match(argument):
            return result, argument[match.end() :].strip() or argument.strip()
    return Result.SOLVED, argument.strip()
