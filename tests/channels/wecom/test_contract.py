"""The WeCom channels keep the promises of every channel."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from bot.channels.wecom.aibot import AibotChannel
from bot.channels.wecom.aibot_socket import SocketTransport
from bot.ports import Channel
from tests.channels.wecom.conftest import Build, Stand
from tests.channels.wecom.house import aibot_section, app_section, webhook_section
from tests.channels.wecom.test_link import until
from tests.contracts.channel import ChannelContract
from tests.fakes.wecom import FakeWecom
from tests.fakes.wecom_people import aibot_message, app_xml


class TestAibot(ChannelContract):
    """Over the long connection; replies over callbacks need somebody to have spoken first."""

    group, person = "wecom_aibot:wrG", "wecom_aibot:wang"

    @pytest.fixture
    async def channel(self, fake: FakeWecom, stand: Build) -> Channel:
        self.fake, self._users = fake, itertools.count(1)
        made = await stand(wecom_aibot=aibot_section(fake, "websocket"))
        await asyncio.wait_for(fake.socket.subscribed.wait(), 5)
        fake.socket.talked.update({self.group: "wang", self.person: "wang"})
        channel = made.channels["wecom_aibot"]
        assert isinstance(channel, AibotChannel)
        assert isinstance(channel.transport, SocketTransport)
        await asyncio.wait_for(channel.transport.link.ready.wait(), 5)
        return channel

    async def somebody_says(self, channel: Channel, text: str) -> None:
        assert isinstance(channel, AibotChannel)
        transport, user = channel.transport, f"u{next(self._users)}"
        assert isinstance(transport, SocketTransport)
        await self.fake.socket.says(aibot_message(self.fake, user, text))
        await until(lambda: user in channel.desk.chats and transport.turns.idle)


class TestApp(ChannelContract):
    group, person = "wecom_app:chat:g1", "wecom_app:wang"

    @pytest.fixture
    async def channel(self, fake: FakeWecom, stand: Build) -> Channel:
        fake.groups["g1"] = ["wang", "li"]
        self.fake = fake
        self.stand: Stand = await stand(wecom_app=app_section(fake))
        return self.stand.channels["wecom_app"]

    async def somebody_says(self, channel: Channel, text: str) -> None:
        answer = await self.stand.platform.app(app_xml(self.fake, "wang", Content=text))
        assert answer.status == 200


class TestWebhook(ChannelContract):
    group = person = "wecom_webhook:g1"

    @pytest.fixture
    async def channel(self, fake: FakeWecom, stand: Build) -> Channel:
        made = await stand(wecom_webhook=webhook_section(fake))
        return made.channels["wecom_webhook"]

    async def test_what_is_said_comes_in_as_the_domain_sees_it(self, channel: Channel) -> None:
        """Nothing is ever said to it."""
        assert list(channel.routes()) == []
