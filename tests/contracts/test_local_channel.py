"""The local channel keeps the promises of every channel."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from bot.channels.local import LocalChannel
from bot.ports import Channel
from tests.channels.local_group import GROUP, WANG, make_channel
from tests.contracts.channel import ChannelContract


class TestLocalChannel(ChannelContract):
    group, person = GROUP, WANG

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def make(self) -> Channel:
        return make_channel(self.folder)

    async def somebody_says(self, channel: Channel, text: str) -> None:
        await cast(LocalChannel, channel).say(WANG, GROUP, text)
