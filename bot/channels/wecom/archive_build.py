"""From the section of bot.toml to the archive channel, if it is switched on.

app.py asks for the result through lineup.py; no child process is started here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.channels.wecom import app
from bot.channels.wecom.archive import NAME, ArchiveChannel, ArchiveParts, Elsewhere
from bot.channels.wecom.archive_child import NativeSource
from bot.channels.wecom.archive_consent import Consent
from bot.channels.wecom.archive_intake import Reader
from bot.channels.wecom.archive_shelf import Shelf
from bot.channels.wecom.archive_source import FolderSource, Source
from bot.channels.wecom.build import Surroundings
from bot.channels.wecom.client import Api
from bot.channels.wecom.cursor import StateFile
from bot.errors import SettingsError
from bot.ports import Channel
from bot.settings_wechat import WecomArchiveSection
from routing.message import Outbound


def build(
    section: WecomArchiveSection, around: Surroundings, others: Mapping[str, Channel]
) -> dict[str, Channel]:
    """The channel by name; staff are told through the app among `others`. Raises SettingsError."""
    if problems := section.problems():
        raise SettingsError(problems)
    if not section.enabled:
        return {}
    folder = around.data_dir / NAME
    contact = _api(section, around, section.contact_secret.get_secret_value())
    asks = _api(section, around, section.secret.get_secret_value())
    asks = asks if section.check_consent else None
    reader = Reader(
        source=_source(section),
        consent=Consent(StateFile(folder / "consent.json"), asks, around.now),
        state=StateFile(folder / "cursor.json"),
        maker=around.maker(NAME, section.names),
        media=around.media,
        raw=Shelf(folder / "raw"),
        parked=Shelf(folder / "parked"),
        keep=timedelta(days=section.raw_days),
        now=around.now,
    )
    parts = ArchiveParts(
        reader=reader,
        poll_s=section.poll_s,
        apis=[api for api in (contact, asks) if api is not None],
        contact=contact,
        staff=_through_app(others.get(app.NAME)),
    )
    return {NAME: ArchiveChannel(parts)}


def _api(section: WecomArchiveSection, around: Surroundings, secret: str) -> Api | None:
    if not secret:
        return None
    return Api(section.api_base, section.corp_id, secret, f"channels.{NAME}", around.now)


def _source(section: WecomArchiveSection) -> Source:
    if section.folder:
        return FolderSource(Path(section.folder))
    keys = {version: key.get_secret_value() for version, key in section.private_keys.items()}
    return NativeSource(
        {
            "library": section.library, "corp_id": section.corp_id,
            "secret": section.secret.get_secret_value(), "private_keys": keys,
        }
    )  # fmt: skip


def _through_app(staff: Channel | None) -> Elsewhere | None:
    if staff is None:
        return None

    async def elsewhere(message: Outbound) -> str:
        user = message.conversation.partition(":")[2]
        return await staff.send(replace(message, conversation=f"{app.NAME}:{user}"))

    return elsewhere
