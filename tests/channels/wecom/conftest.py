"""The fake platform and ready-made channels for the WeCom tests.

The whole bot is put together in house.py."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.wecom import FakeWecom


@pytest.fixture
async def fake() -> AsyncIterator[FakeWecom]:
    """A fresh platform."""
    platform = FakeWecom()
    await platform.start()
    yield platform
    await platform.aclose()
