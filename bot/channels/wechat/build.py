"""From the sections of bot.toml to the channels of 公众号 and 微信客服 that are switched on.

app.py asks for the result through lineup.py; nothing is opened here."""

from __future__ import annotations

from bot.channels.wechat import kf, mp
from bot.channels.wechat.kf import KfChannel, KfParts
from bot.channels.wechat.mp import MpChannel, MpParts
from bot.channels.wechat.stable import StableApi
from bot.channels.wecom.arrivals import Arrivals
from bot.channels.wecom.build import Surroundings
from bot.channels.wecom.client import Api
from bot.channels.wecom.crypto import Crypto
from bot.channels.wecom.cursor import StateFile
from bot.errors import SettingsError
from bot.ports import Channel
from bot.settings_wechat import WechatKfSection, WechatMpSection


def build(
    account: WechatMpSection, service: WechatKfSection, around: Surroundings
) -> dict[str, Channel]:
    """The channels by name. Raises SettingsError with every problem at once."""
    if problems := [*account.problems(), *service.problems()]:
        raise SettingsError(problems)
    found: dict[str, Channel] = {}
    if account.enabled:
        found[mp.NAME] = _mp(account, around)
    if service.enabled:
        found[kf.NAME] = _kf(service, around)
    return found


def _mp(section: WechatMpSection, around: Surroundings) -> MpChannel:
    secret, token = section.secret.get_secret_value(), section.token.get_secret_value()
    aes_key = section.aes_key.get_secret_value()

    api = StableApi(section.api_base, section.app_id, secret, mp.SECTION, around.now)
    parts = MpParts(
        api=api,
        token=token,
        crypto=Crypto(token, aes_key, section.app_id) if aes_key else None,
        arrivals=Arrivals(around.maker(mp.NAME), around.media, api.fetch),
        media=around.media,
        path=section.path,
        welcome=around.welcome,
        template=(section.template_id, section.template_field),
    )
    return MpChannel(parts)


def _kf(section: WechatKfSection, around: Surroundings) -> KfChannel:
    secret, token = section.secret.get_secret_value(), section.token.get_secret_value()
    aes_key = section.aes_key.get_secret_value()

    api = Api(section.api_base, section.corp_id, secret, kf.SECTION, around.now)
    parts = KfParts(
        api=api,
        crypto=Crypto(token, aes_key, section.corp_id),
        arrivals=Arrivals(around.maker(kf.NAME), around.media, api.fetch),
        media=around.media,
        state=StateFile(around.data_dir / f"wechat_kf-{section.open_kfid}.json"),
        open_kfid=section.open_kfid,
        path=section.path,
        poll_s=section.poll_s,
        now=around.now,
        welcome=around.welcome,
    )
    return KfChannel(parts)
