"""From the sections of bot.toml to the WeCom channels that are switched on.

Only here are the parts put together; app.py asks for the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.channels.wecom import aibot, app, webhook
from bot.channels.wecom.aibot import AibotChannel, Desk, Elsewhere, Transport
from bot.channels.wecom.aibot_callback import CallbackTransport
from bot.channels.wecom.aibot_link import LinkSettings
from bot.channels.wecom.aibot_socket import SocketTransport
from bot.channels.wecom.app import AppChannel, AppParts
from bot.channels.wecom.arrivals import Arrivals
from bot.channels.wecom.client import Api, Http
from bot.channels.wecom.crypto import Crypto
from bot.channels.wecom.pictures import PictureFetcher
from bot.channels.wecom.posts import Posts
from bot.channels.wecom.received import Maker
from bot.channels.wecom.webhook import WebhookChannel
from bot.errors import SettingsError
from bot.leader import Leadership
from bot.media import MediaStore
from bot.ports import Channel
from bot.settings_wecom import WecomAibotSection, WecomAppSection, WecomWebhookSection
from routing.message import Outbound

Lead = Callable[[str, float], Leadership]
"""The wish to be the only process that does something: its name, and the lease in seconds."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every channel needs of the process. name: how people call the bot."""

    name: str
    welcome: str
    data_dir: Path
    media: MediaStore
    new_id: Callable[[], int]
    now: Callable[[], datetime]

    def maker(self, channel: str, names: tuple[str, ...] = ()) -> Maker:
        return Maker(channel, (self.name, *names), self.new_id, self.now)


def build(
    bot: WecomAibotSection,
    own: WecomAppSection,
    robots: WecomWebhookSection,
    around: Surroundings,
    lead: Lead,
) -> dict[str, Channel]:
    """The channels by name. Raises SettingsError with every problem at once."""
    if problems := [*bot.problems(), *own.problems(), *robots.problems()]:
        raise SettingsError(problems)
    found: dict[str, Channel] = {}
    notices = _webhook(robots, around.media) if robots.enabled else None
    staff = _app(own, around) if own.enabled else None
    if notices is not None:
        found[webhook.NAME] = notices
    if staff is not None:
        found[app.NAME] = staff
    if bot.enabled:
        found[aibot.NAME] = _aibot(bot, around, lead, _detour(staff, notices))
    return found


def _webhook(section: WecomWebhookSection, media: MediaStore) -> WebhookChannel:
    keys = {name: key.get_secret_value() for name, key in section.robots.items()}
    return WebhookChannel(Http(section.api_base), keys, media)


def _app(section: WecomAppSection, around: Surroundings) -> AppChannel:
    secret = section.secret.get_secret_value()
    api = Api(section.api_base, section.corp_id, secret, "channels.wecom_app", around.now)
    aes_key = section.aes_key.get_secret_value()

    parts = AppParts(
        api=api,
        crypto=Crypto(section.token.get_secret_value(), aes_key, section.corp_id),
        arrivals=Arrivals(around.maker(app.NAME), around.media, api.fetch),
        media=around.media,
        corp_id=section.corp_id,
        agent_id=section.agent_id,
        path=section.path,
        source=around.name,
        welcome=around.welcome,
    )
    return AppChannel(parts)


def _aibot(
    section: WecomAibotSection, around: Surroundings, lead: Lead, elsewhere: Elsewhere | None
) -> AibotChannel:
    http, posts = Http(section.api_base), Posts()
    aes_key = section.aes_key.get_secret_value()
    callback = section.transport == "callback"
    crypto = Crypto(section.token.get_secret_value(), aes_key, "") if callback else None
    maker = replace(around.maker(aibot.NAME, section.names), post_of=posts.id_of)
    fetcher = PictureFetcher(http, section.media_hosts, crypto)
    arrivals = Arrivals(maker, around.media, fetcher.fetch)
    desk = Desk(arrivals, around.name, around.welcome, posts)
    if crypto is not None:
        transport: Transport = CallbackTransport(
            desk, crypto, http, section.path, around.now, section.bot_id
        )
        return AibotChannel(desk, transport, around.media, elsewhere)
    link = LinkSettings(
        section.ws_url, section.bot_id, section.secret.get_secret_value(), section.ping_s,
        section.reconnect_s,
    )  # fmt: skip
    leadership = lead(f"{aibot.NAME}:{section.bot_id}", section.lease_s)
    socket = SocketTransport(desk, link, leadership, around.now, http)
    return AibotChannel(desk, socket, around.media, elsewhere)


def _detour(staff: AppChannel | None, notices: WebhookChannel | None) -> Elsewhere | None:
    """How a post reaches its place where callbacks cannot: a group by the robot that is named
    like its chatid, a person by the app, in which user ids are the same."""
    if staff is None and notices is None:
        return None

    async def elsewhere(message: Outbound) -> str:
        place = message.conversation.partition(":")[2]
        if notices is not None and notices.knows(place):
            return await notices.send(replace(message, conversation=f"{webhook.NAME}:{place}"))
        if staff is not None:
            return await staff.send(replace(message, conversation=f"{app.NAME}:{place}"))
        raise aibot.NoWay(f"no robot {place!r} in [channels.wecom_webhook.robots]")

    return elsewhere
