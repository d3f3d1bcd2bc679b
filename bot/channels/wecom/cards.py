"""Template cards: a post that offers a decision to one person gets buttons for it.

A button's key is the command that the person could have typed; rights are checked when it is."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Any, Final

from bot.channels.wecom.split import shorten

DECISIONS: Final = ("确认", "驳回", "改类", "办结")
SENT: Final = "已发"
SENDING: Final = (SENT, "群发")
"""For whoever sends the bot's posts by hand; the posts themselves come as text, to be copied."""
STYLES: Final = {"确认": 1, "驳回": 3, "改类": 2, "办结": 2, SENT: 1, "群发": 2}
PREFIX: Final = "cmd:"
DONE: Final = "done"
TITLE: Final = 26
WORDS: Final = 112
KEPT: Final = 5_000

_OFFER: Final = re.compile(rf"(?:回复|回)[ ：:]*(?:确认|{SENT}) (\d{{1,6}})")
_BY_HAND: Final = re.compile(rf"(?:回复|回)[ ：:]*{SENT} \d")
_COMMAND: Final = re.compile(rf"{PREFIX}((?:{'|'.join((*DECISIONS, *SENDING))}) \d{{1,6}})")

Card = dict[str, Any]


def offered(text: str) -> str:
    """The number of the one ticket, or batch to send, that a post asks to confirm; "" for none."""
    numbers = set(_OFFER.findall(text))
    return numbers.pop() if len(numbers) == 1 else ""


def decision(text: str, number: str, task_id: str, source: str) -> Card:
    """A card with the buttons of `verbs` in place of the line that says what to reply."""
    title, *rest = [line for line in text.splitlines() if not _OFFER.search(line)] or [text]
    body = rest if len(title) <= TITLE else [title, *rest]
    title = title if len(title) <= TITLE else re.split("[｜，。]", title, maxsplit=1)[0]
    buttons = [
        {"text": verb, "style": STYLES[verb], "key": f"{PREFIX}{verb} {number}"}
        for verb in verbs(text, number)
    ]
    return _card(title, "\n".join(body), buttons, task_id, source)


def verbs(text: str, number: str) -> tuple[str, ...]:
    """What a post that asks for a decision offers: decisions, or 已发 and perhaps 群发."""
    if not _BY_HAND.search(text):
        return DECISIONS
    return SENDING if f"群发 {number}" in text else (SENT,)


def fits(text: str) -> bool:
    """Whether a card shows the whole of a post, so that no text has to go before it."""
    if _BY_HAND.search(text):
        return False
    lines = [line for line in text.splitlines() if not _OFFER.search(line)]
    return bool(lines) and sum(map(len, lines)) + len(lines) <= WORDS


def decided(title: str, command: str, task_id: str, source: str) -> Card:
    """The same card after the click: what was chosen, and nothing left to press."""
    verb = command.partition(" ")[0]
    button = {"text": f"已选：{verb}", "style": 2, "key": DONE}
    return _card(title, f"已选择“{command}”，结果见下一条消息。", [button], task_id, source)


def command_of(key: str) -> str:
    """The command behind a button's key, "" for any key that is not one of ours."""
    match = _COMMAND.fullmatch(key)
    return match[1] if match else ""


def _card(title: str, words: str, buttons: list[dict[str, Any]], task_id: str, source: str) -> Card:
    return {
        "card_type": "button_interaction",
        "source": {"desc": source},
        "main_title": {"title": shorten(title, TITLE)},
        "sub_title_text": shorten(words, WORDS),
        "button_list": buttons,
        "task_id": task_id,
    }


class Titles:
    """Titles of the cards sent lately, for their update; an unknown card is named by number."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, str] = OrderedDict()

    def keep(self, card: Card) -> None:
        self._of[card["task_id"]] = card["main_title"]["title"]
        while len(self._of) > KEPT:
            self._of.popitem(last=False)

    def after(self, task_id: str, command: str, source: str) -> Card:
        """The card to show once `command` was chosen on it."""
        title = self._of.get(task_id) or f"事项 #{command.partition(' ')[2]}"
        return decided(title, command, task_id, source)
