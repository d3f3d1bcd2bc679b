"""What a message was understood to mean: the one type that leaves nlp/.

How it is found out lives in classify.py; what is done about it lives outside nlp/."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("report", "follow_up", "command", "order", "notice", "chat")
NATURES = ("求助", "投诉", "举报", "咨询", "建议", "表扬")


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in a message: the exact substring, its start in the text and a normal form.

    `normal` is comparable between messages ("3号楼2单元", "3栋二单元门口" → "3幢2单元")."""

    text: str
    normal: str
    start: int = -1


@dataclass(frozen=True, slots=True)
class Issue:
    """One matter within a message: its 小类 code, its span [start, end) of the text, its places."""

    code: str
    start: int
    end: int
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The understanding of one message.

    kind: one of KINDS. codes: 小类 codes, main first, several only for several matters.
    candidates: up to three further codes, likeliest first. nature: one of NATURES or "".
    urgent: class E, life or limb at risk now. confidence: probability in 0..1 that `kind`
    (and for reports the main code) is right. reasons: the words that carried the decision,
    fit for a leader to read. issues: one per matter of a report, in the order of the text.
    doubt: of a follow_up, the probability that it is a report of candidates[0] after all.
    of_quoted: the codes are those of the text that this one answers, and so are the places where
    it names none (their start is -1, there are no issues): a follow-up of that report, or that
    report itself where the message only says that it shall be registered."""

    kind: str
    codes: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    nature: str = ""
    urgent: bool = False
    places: tuple[Place, ...] = ()
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    doubt: float = 0.0
    of_quoted: bool = False
