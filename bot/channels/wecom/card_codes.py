"""The same offer on the cards of several leaders: once one has chosen, the others are told.

A card is changed by the platform's one-use code for it, which it gives when the card is sent."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import structlog

from bot.channels.wecom.cards import Card
from bot.channels.wecom.client import Api
from bot.errors import SendError

log = structlog.get_logger(__name__)

KEPT: Final = 5_000


@dataclass(frozen=True, slots=True)
class Sent:
    """A card of the app: what it offers, to whom, and the code to change it with (72 h, once)."""

    offer: tuple[str, str]
    user: str
    code: str

    def __repr__(self) -> str:
        return f"Sent({self.user})"


class SentCards:
    """Bounded memory of cards by task id; after a restart the other cards stay as they are."""

    def __init__(self) -> None:
        self._sent: OrderedDict[str, Sent] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    def keep(self, user: str, card: Card, code: str) -> None:
        """A card went out; one without a code cannot be changed."""
        if not code:
            return
        offer = (card["main_title"]["title"], card["button_list"][0]["key"])
        self._sent[card["task_id"]] = Sent(offer, user, code)
        while len(self._sent) > KEPT:
            self._sent.popitem(last=False)

    def others(self, task_id: str) -> list[Sent]:
        """The cards with the same offer, each given once; the clicked one is done with."""
        clicked = self._sent.pop(task_id, None)
        if clicked is None:
            return []
        same = [key for key, sent in self._sent.items() if sent.offer == clicked.offer]
        return [self._sent.pop(key) for key in same]

    def settle(self, api: Api, agent_id: int, task_id: str, verb: str) -> None:
        """Begin to show on the other cards what was chosen; the click is answered meanwhile."""
        for sent in self.others(task_id):
            task = asyncio.create_task(_show(api, agent_id, sent, verb), name="wecom-card")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _show(api: Api, agent_id: int, sent: Sent, verb: str) -> None:
    body = {
        "userids": [sent.user], "agentid": agent_id, "response_code": sent.code,
        "button": {"replace_name": f"同事已选：{verb}"},
    }  # fmt: skip
    try:
        await api.call("/cgi-bin/message/update_template_card", body)
    except SendError as error:
        log.info("card not changed", action="wecom.card_left", error=str(error))
