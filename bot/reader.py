"""The classifier of a running bot: reads with the model in use and takes over a new one.

Loading is done beside the work; the bot swaps between two batches, so that one batch is read by
one model."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog

from bot.versions import Versions
from nlp.classify import LinearClassifier
from nlp.reading import Reading

log = structlog.get_logger()


class Reader:
    """A Classifier whose model can be replaced while it serves."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._stamp = versions.stamp()
        self.name, self._now = versions.load()

    @property
    def meta(self) -> dict[str, Any]:
        """Version, corpus hash and own metrics of the model in use."""
        return self._now.meta

    def read(self, text: str, words: Sequence[str] = (), quoted: str = "") -> Reading:
        """The meaning of one message."""
        return self._now.read(text, words, quoted)

    def read_batch(
        self,
        texts: Sequence[str],
        words: Sequence[Sequence[str]] = (),
        quoted: Sequence[str] = (),
    ) -> list[Reading]:
        """The meaning of many messages, each on its own."""
        return self._now.read_batch(texts, words, quoted)

    async def newer(self) -> tuple[str, LinearClassifier] | None:
        """Another model than the one in use, loaded in a thread; None without a change."""
        stamp = self._versions.stamp()
        if stamp == self._stamp:
            return None
        found = await asyncio.to_thread(self._versions.load)
        self._stamp = stamp
        return found if found[0] != self.name else None

    def take(self, found: tuple[str, LinearClassifier]) -> None:
        """Read with this model from now on."""
        self.name, self._now = found
        log.info("reads with another model", action="model_swapped", model=self.name or "shipped")
