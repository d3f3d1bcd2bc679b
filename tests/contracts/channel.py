"""What every channel promises; one subclass for each channel, which says how to make and hear it.

Platform details are tested with the channels themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import fields
from typing import get_type_hints

import pytest
from aiohttp import web

from bot.errors import Rejected, SendError
from bot.ports import Capabilities, Channel
from routing.message import Inbound, Outbound

ODD_TEXTS = (
    "", " ", "\n", "你好", "👌" * 50, "\u202e反", "\0", "<b>&amp;</b>", "'; DROP TABLE t; --",
    "@所有人 注意", "x" * 2000, "{\"a\": 1}", "\u200b", "a\r\nb",
)  # fmt: skip


class Taken:
    """An intake that keeps what it was given."""

    def __init__(self) -> None:
        self.messages: list[Inbound] = []

    async def accept(self, message: Inbound) -> bool:
        known = {one.platform_id for one in self.messages}
        self.messages.append(message)
        return message.platform_id not in known


class ChannelContract:
    """Subclass it and say how; `somebody_says` makes a person of the platform speak."""

    group = ""
    person = ""

    def make(self) -> Channel:
        raise NotImplementedError

    async def somebody_says(self, channel: Channel, text: str) -> None:
        raise NotImplementedError

    @pytest.fixture
    async def channel(self) -> AsyncIterator[Channel]:
        made = self.make()
        yield made
        await made.aclose()

    async def test_it_has_a_name_and_says_what_it_can(self, channel: Channel) -> None:
        assert channel.name
        assert ":" not in channel.name
        assert isinstance(channel.capabilities, Capabilities)
        kinds = get_type_hints(Capabilities)
        for field in fields(Capabilities):
            value = getattr(channel.capabilities, field.name)
            assert type(value) is kinds[field.name]
        assert channel.capabilities.max_text_bytes >= 256
        assert channel.capabilities.rate >= 0

    async def test_its_routes_can_be_served(self, channel: Channel) -> None:
        app = web.Application()
        app.add_routes(channel.routes())
        assert all(isinstance(route, web.RouteDef) for route in channel.routes())

    async def test_what_is_said_comes_in_as_the_domain_sees_it(self, channel: Channel) -> None:
        taken = Taken()
        await channel.start(taken.accept)
        for text in ("楼道灯坏了", "又黑了"):
            await self.somebody_says(channel, text)
        one, two = taken.messages
        assert (one.text, two.text) == ("楼道灯坏了", "又黑了")
        assert one.id < two.id
        assert one.platform_id != two.platform_id
        assert one.channel == channel.name
        assert one.sender.startswith(f"{channel.name}:")
        assert one.conversation.startswith(f"{channel.name}:")
        assert one.received_at.utcoffset() is not None
        assert one.is_group is (one.conversation != one.sender)

    @pytest.mark.parametrize("where", ["group", "person"])
    async def test_a_post_gets_an_id(self, channel: Channel, where: str) -> None:
        await channel.start(Taken().accept)
        conversation = getattr(self, where)
        sent = [await channel.send(Outbound(n, conversation, f"第{n}条")) for n in (1, 2)]
        assert all(isinstance(one, str) and one for one in sent)
        assert len(set(sent)) == 2

    @pytest.mark.parametrize("text", ODD_TEXTS)
    async def test_odd_texts_go_out_or_are_refused(self, channel: Channel, text: str) -> None:
        await channel.start(Taken().accept)
        with suppress(SendError):
            assert await channel.send(Outbound(7, self.group, text))

    async def test_what_is_too_long_is_rejected(self, channel: Channel) -> None:
        await channel.start(Taken().accept)
        text = "长" * channel.capabilities.max_text_bytes
        with pytest.raises(Rejected):
            await channel.send(Outbound(8, self.group, text))

    async def test_a_conversation_of_another_channel_is_rejected(self, channel: Channel) -> None:
        await channel.start(Taken().accept)
        with pytest.raises(Rejected):
            await channel.send(Outbound(9, "elsewhere:g1", "走错门了"))

    async def test_a_quote_of_something_forgotten_still_goes_out(self, channel: Channel) -> None:
        await channel.start(Taken().accept)
        post = Outbound(10, self.group, "已登记", quote_id="long-gone", mentions=(self.person,))
        assert await channel.send(post)

    async def test_a_digest_goes_out(self, channel: Channel) -> None:
        await channel.start(Taken().accept)
        assert await channel.send(Outbound(11, self.group, "【日报】\n新增3件。", rich=True))

    async def test_a_picture_that_is_gone_costs_no_words(self, channel: Channel) -> None:
        await channel.start(Taken().accept)
        gone = f"media:{'0' * 64}.jpg"
        assert await channel.send(Outbound(12, self.group, "已办结", images=(gone,)))

    async def test_closing_twice_is_closing_once(self, channel: Channel) -> None:
        await channel.start(Taken().accept)
        await channel.aclose()
        await channel.aclose()

    async def test_closing_before_the_start(self, channel: Channel) -> None:
        await channel.aclose()
