"""The second opinion beside the work: takes planned questions, asks, proposes to the leader.

Never in the way of a receipt: a late, failed or refused answer costs nothing but its request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from bot import texts
from bot.breaker import Breaker
from bot.desk import Desk
from bot.hints import OPINION, put_to_leaders
from bot.house import House
from bot.opinion_client import NoOpinion, Opinion, OpinionClient
from bot.ports import Clock
from bot.scheduler import Run
from routing.lessons import without_people
from routing.message import Inbound
from storage.jobs import Job
from storage.store import Store, Transaction

log = structlog.get_logger()

POLL_S = 2.0


@dataclass(frozen=True, slots=True)
class Question:
    """A message to ask about; words: what of it may leave the house."""

    message: Inbound
    words: str


class SecondOpinion:
    """Works off planned questions within the day's budget and the breaker's patience.

    told: called when there is something to deliver."""

    def __init__(
        self,
        store: Store,
        house: Callable[[], House],
        clock: Clock,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._store, self._house, self._clock, self._told = store, house, clock, told
        section = house().settings.second_opinion
        self._section = section
        self._client = OpinionClient(section, house().taxonomy)
        self._breaker = Breaker(section.failures, timedelta(seconds=section.pause_s))
        self.wake = asyncio.Event()

    async def once(self) -> float:
        """Ask what waits; seconds until the next look."""
        now = self._clock.now()
        room = self._breaker.room(now)
        questions = await self._store.run(partial(self._take, most=room)) if room else []
        await asyncio.gather(*(self._ask(question) for question in questions))
        return 0 if questions else POLL_S

    async def _take(self, tx: Transaction, most: int) -> list[Question]:
        """Questions for which the budget has room; each is taken once, whatever comes of it."""
        now = self._clock.now()
        day = f"{now.astimezone(self._house().zone):%Y%m%d}"
        questions = []
        for job in await tx.jobs.take(OPINION, now, most):
            tx.jobs.done(job.id)
            message = await tx.inbox.by_platform_id(job.data["channel"], job.data["post"])
            if message is None or not message.text.strip():
                continue
            if not await tx.budget.spend(OPINION, day, self._section.daily_budget):
                log.info("budget of the day is spent", action="opinion_budget", id=message.id)
                continue
            questions.append(Question(message, self._masked(message)))
        return questions

    def _masked(self, message: Inbound) -> str:
        house = self._house()
        names = [person.name for person in house.roster.parts.people]
        if message.sender_name:
            names.append(message.sender_name)
        return without_people(message.text, names, house.public_numbers)

    async def _ask(self, question: Question) -> None:
        number = question.message.id
        try:
            opinion = await self._client.ask(question.words)
        except NoOpinion as error:
            self._breaker.failed(self._clock.now(), for_good=error.for_good)
            log.warning("no second opinion", action="opinion_failed", id=number, why=str(error))
            return
        self._breaker.succeeded()
        kind = opinion.kind if opinion else "unknown"
        log.info("second opinion", action="opinion", id=number, kind=kind)
        if opinion is not None and opinion.kind == "report":
            await self._store.run(partial(self._propose, question=question, opinion=opinion))
            self._told()

    async def _propose(self, tx: Transaction, question: Question, opinion: Opinion) -> None:
        message = question.message
        if await tx.inbox.ticket_of(message.channel, message.platform_id):
            return
        desk = Desk(self._house(), tx, self._clock.now())
        group = desk.group(message.conversation)
        current = await tx.inbox.by_platform_id(message.channel, message.platform_id)
        if group is None or current is None or not current.text.strip():
            return
        name = desk.house.taxonomy.name(opinion.code)
        text = texts.second_opinion(name, message.text)
        await put_to_leaders(desk, message, group, text, category=opinion.code)

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._client.aclose()


async def _too_late(_desk: Desk, _job: Job) -> None:
    """Nobody asked in time: the message is left as it was read."""


KINDS: dict[str, Run] = {OPINION: _too_late}
