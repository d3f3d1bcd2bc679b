"""A fresh SQLite store and a clock at noon for the tests of the loops."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from bot.clock import ManualClock
from storage.store import Store
from tests.bot.loops import NOON


@pytest.fixture(autouse=True)
def _short_logs() -> Iterator[None]:
    """Tracebacks without the values of variables, which take seconds to lay out."""
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])
    yield
    structlog.reset_defaults()


@pytest.fixture
async def lite(sqlite_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(sqlite_url)
    yield opened
    await opened.aclose()


@pytest.fixture
def noon() -> ManualClock:
    return ManualClock(NOON)
