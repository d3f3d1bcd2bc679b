"""From the section of bot.toml to the OneBot channel, if it is switched on.

app.py asks for the result through lineup.py; nothing is opened here."""

from __future__ import annotations

from bot.channels.onebot.caller import Caller
from bot.channels.onebot.channel import OneBotChannel
from bot.channels.onebot.parts import NAME, Parts
from bot.channels.onebot.v11 import V11
from bot.channels.onebot.v12 import V12
from bot.channels.wecom.build import Surroundings
from bot.errors import SettingsError
from bot.ports import Channel
from bot.settings_onebot import OnebotSection


def build(section: OnebotSection, around: Surroundings) -> dict[str, Channel]:
    """The channel by name. Raises SettingsError with every problem at once."""
    if problems := section.problems():
        raise SettingsError(problems)
    if not section.enabled:
        return {}
    token = section.token.get_secret_value()
    parts = Parts(
        dialect=V11() if section.version == 11 else V12(),  # noqa: PLR2004 - a version
        caller=Caller(section.api_base, token, section.version, section.answer_s),
        token=token,
        secret=section.secret.get_secret_value(),
        path=section.path,
        names=(around.name, *section.names),
        media=around.media,
        media_hosts=section.media_hosts,
        answer_s=section.answer_s,
        rate=section.rate,
        new_id=around.new_id,
        now=around.now,
    )
    return {NAME: OneBotChannel(parts)}
