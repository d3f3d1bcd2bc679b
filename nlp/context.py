"""What a reply means beside the text that it answers.

Both are read alone first, by classify.py; here the two readings become one."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.reading import Reading

LONGEST_REPLY = 24
"""A longer text tells a matter of its own, whatever it answers."""
OWN = 0.5
"""From this confidence on, a report of another 小类 than the one answered is its own matter."""
_ECHO = re.compile(
    r"^\W*(?:[+＋]\s*1|加[一1]|同上|同感|同求|同问|附议|一样|顶一?下?$"
    r"|\S{0,10}(?:也是|也一样|也这样|也有|也不|也没|也坏|也漏|也停|也堵|同样))"
)
_ENTER = re.compile(
    r"^(?:@\S++\s*+|小格|[,，:： ])*+(?:请|麻烦|帮忙?|给|把|那)*"
    r"(?:你|我们?|他|她|大家|这个|这条|上面的?|一下|也)*(?:登记|登个记|记一?下|报一?下|报上去|上报"
    r"|立案|立个案|建个?单|反映|录入|提交|受理|处理)(?:一?下|上去|上|了)?"
    r"(?:这个|这条|这件事|它|吧|呗|啊|谢谢|[!！。.~,， 🙏])*$"
)


def entrusts(text: str) -> bool:
    """True if a reply says nothing but that what it answers shall be registered."""
    return len(text) <= LONGEST_REPLY and _ENTER.match(text) is not None


def echoes(text: str) -> bool:
    """True if a reply joins in: +1, 我家也是."""
    return len(text) <= LONGEST_REPLY and _ECHO.match(text) is not None


def answered(own: Reading, text: str, quoted: Reading) -> Reading:
    """The reading of a text that answers another one.

    "登记一下" makes the answered report the message's own. Whoever joins in or asks about an
    answered report follows it up: its codes, and its places where the text names none. A report
    of another matter, of another place, or a long one stays what it is."""
    if quoted.kind != "report" or own.urgent:
        return own
    if entrusts(text):
        return replace(_moved(quoted, quoted), issues=())
    if own.kind == "report" and _stands_alone(own, text, quoted):
        return own
    if own.kind in ("report", "follow_up") or echoes(text):
        follows = replace(own, kind="follow_up", nature="", reasons=(), issues=(), doubt=0.0)
        return _moved(follows, quoted)
    return own


def _stands_alone(own: Reading, text: str, quoted: Reading) -> bool:
    other_place = {p.normal for p in own.places} - {p.normal for p in quoted.places} - {""}
    if len(text) > LONGEST_REPLY or (other_place and not echoes(text)):
        return True
    return own.codes[0] not in (*quoted.codes, *quoted.candidates) and own.confidence >= OWN


def _moved(reading: Reading, quoted: Reading) -> Reading:
    """The reading with the matter of the quoted text; its places stand nowhere in this one."""
    elsewhere = tuple(replace(place, start=-1) for place in quoted.places)
    own = () if reading is quoted else reading.places
    return replace(
        reading,
        codes=quoted.codes,
        candidates=quoted.candidates,
        places=own or elsewhere,
        of_quoted=True,
    )
