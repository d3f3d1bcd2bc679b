"""A fresh SQLite store and a clock at noon for the tests of the loops."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.clock import ManualClock
from storage.store import Store
from tests.bot.loops import NOON


@pytest.fixture
async def lite(sqlite_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(sqlite_url)
    yield opened
    await opened.aclose()


@pytest.fixture
def noon() -> ManualClock:
    return ManualClock(NOON)
