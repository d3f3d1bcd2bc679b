"""The endpoints that strangers can reach, all behind one real web server, and how to attack them.

What is tried, and what must hold, is in test_fuzz.py."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from structlog.testing import capture_logs
from wechatpy.crypto import WeChatCrypto as MpCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as CorpCrypto

from bot.channels.onebot import build as onebot
from bot.channels.wechat import build as wechat
from bot.channels.wecom import archive_build as archive
from bot.channels.wecom import build as wecom
from bot.leader import Leadership
from bot.ports import Channel
from bot.settings_onebot import OnebotSection
from bot.settings_wechat import WechatKfSection, WechatMpSection, WecomArchiveSection
from bot.settings_wecom import WecomAibotSection, WecomAppSection, WecomWebhookSection
from tests.channels import golden
from tests.channels.stand import Inbox, open_to_the_world, surroundings
from tests.channels.wechat.conftest import kf_section, mp_section
from tests.channels.wecom.house import aibot_section, app_section, webhook_section
from tests.fakes.onebot import SECRET, FakeBridge
from tests.fakes.onebot import TOKEN as BRIDGE_TOKEN
from tests.fakes.wechat import APP, FakeWechat, signature
from tests.fakes.wecom import AES_KEY, CORP, TOKEN, FakeWecom
from tests.fakes.wecom_people import tags_of

T = TypeVar("T")
STAMP, NONCE = "1763700000", "n0nce7"


@dataclass(frozen=True)
class Request:
    """What a platform would send."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def changed(self, **parts: Any) -> Request:
        return replace(self, **parts)


@dataclass(frozen=True)
class Endpoint:
    """bases: genuine contents; request: a genuine request around some content, whatever it is;
    stores: whether what comes in may become a message at once; covered: whether the seal covers
    the body, so that no other words can get in."""

    bases: Sequence[str]
    request: Callable[[str], Request]
    json: bool = False
    stores: bool = True
    covered: bool = True


def _sealed(path: str, crypto: Any, as_json: bool = False) -> Any:
    def request(plain: str) -> Request:
        tags = tags_of(crypto.encrypt_message(plain, NONCE, STAMP))
        query = {"msg_signature": tags["MsgSignature"], "timestamp": STAMP, "nonce": NONCE}
        body = f"<xml><ToUserName>x</ToUserName><Encrypt>{tags['Encrypt']}</Encrypt></xml>"
        if as_json:
            body = json.dumps({"encrypt": tags["Encrypt"]})
        return Request(path, query, {}, body.encode())

    return request


def _plain_mp(plain: str) -> Request:
    query = {"signature": signature(), "timestamp": STAMP, "nonce": NONCE}
    return Request("/wechat/plain", query, {}, plain.encode())


def _onebot11(plain: str) -> Request:
    body = plain.encode()
    mark = hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()
    return Request("/ob11/http", {}, {"X-Signature": f"sha1={mark}", "X-Self-ID": _self(plain)},
                   body)  # fmt: skip


def _self(plain: str) -> str:
    """The account that a bridge would name in its header."""
    try:
        named = str(json.loads(plain)["self_id"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return "10001"
    return named if named.isascii() and named.isprintable() and named else "10001"


def _onebot12(plain: str) -> Request:
    return Request("/ob12/http", {}, {"Authorization": f"Bearer {BRIDGE_TOKEN}"}, plain.encode())


def _events(version: int) -> list[str]:
    found = golden.names("onebot")
    return [golden.content("onebot", n).decode() for n in found if n.startswith(f"v{version}")]


_XML = golden.contents("wechat/mp")
ENDPOINTS = {
    "aibot": Endpoint(golden.contents("wecom/aibot"),
                      _sealed("/wecom/aibot", CorpCrypto(TOKEN, AES_KEY, ""), True), json=True),
    "app": Endpoint(golden.contents("wecom/app"),
                    _sealed("/wecom/app", CorpCrypto(TOKEN, AES_KEY, CORP))),
    "mp": Endpoint(_XML, _sealed("/wechat/mp", MpCrypto(TOKEN, AES_KEY, APP))),
    "mp plain": Endpoint(_XML, _plain_mp, covered=False),
    "kf": Endpoint(golden.contents("wechat/nudge"),
                   _sealed("/wechat/kf", CorpCrypto(TOKEN, AES_KEY, CORP)), stores=False),
    "onebot11": Endpoint(_events(11), _onebot11, json=True),
    "onebot12": Endpoint(_events(12), _onebot12, json=True, covered=False),
}  # fmt: skip


class Target:
    """Every inbound endpoint on a loop of its own, and whatever the server complains of."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.closing = AsyncExitStack()
        self.folder = folder
        self.inbox = Inbox()
        self.complaints: list[logging.LogRecord] = []
        self.channels: list[Channel] = []
        self.bridges: dict[int, FakeBridge] = {}
        self.base = ""

    @classmethod
    @contextmanager
    def standing(cls, folder: Path) -> Iterator[Target]:
        """Open it, and see to it that nothing is left behind."""
        made = cls(folder)
        handler = logging.Handler(logging.ERROR)
        handler.emit = made.complaints.append  # type: ignore[method-assign,assignment]
        logging.getLogger("aiohttp").addHandler(handler)
        try:
            made.run(made.open())
            yield made
        finally:
            made.run(made.closing.aclose())
            made.loop.close()
            logging.getLogger("aiohttp").removeHandler(handler)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    async def open(self) -> None:
        corp, accounts = FakeWecom(), FakeWechat()
        for fake in (corp, accounts):
            await fake.start()
            self.closing.push_async_callback(fake.aclose)
        self.channels = self._built(corp, accounts)
        for channel in self.channels:
            self.closing.push_async_callback(channel.aclose)
            await channel.start(self.inbox.accept)
        port = await open_to_the_world(self.channels, self.closing)
        self.base = f"http://127.0.0.1:{port}"
        self.session = await self.closing.enter_async_context(aiohttp.ClientSession())
        for version in (11, 12):
            bridge = self.bridges[version] = FakeBridge(version)
            self.closing.push_async_callback(bridge.aclose)
            await bridge.dial(port, f"/ob{version}")

    def _built(self, corp: FakeWecom, accounts: FakeWechat) -> list[Channel]:
        around = surroundings(self.folder)
        mp, plain = mp_section(accounts), mp_section(accounts, aes_key="", path="/wechat/plain")
        kf = WechatKfSection.model_validate(kf_section(accounts))
        none = WechatKfSection()
        found: list[Channel] = []
        found += wecom.build(
            WecomAibotSection.model_validate(aibot_section(corp, "callback")),
            WecomAppSection.model_validate(app_section(corp)),
            WecomWebhookSection.model_validate(webhook_section(corp)), around, _nobody_leads,
        ).values()  # fmt: skip
        found += wechat.build(WechatMpSection.model_validate(mp), kf, around).values()
        found += wechat.build(WechatMpSection.model_validate(plain), none, around).values()
        for version in (11, 12):
            keys = {"token": BRIDGE_TOKEN, "secret": SECRET, "path": f"/ob{version}"}
            section = OnebotSection.model_validate({"enabled": True, "version": version, **keys})
            found += onebot.build(section, around).values()
        records = WecomArchiveSection(enabled=True, folder=str(self.folder), check_consent=False)
        found += archive.build(records, around, {}).values()
        return found

    async def _post(self, request: Request) -> tuple[int, bytes]:
        async with self.session.post(
            self.base + request.path, params=request.query, headers=request.headers,
            data=io.BytesIO(request.body),
        ) as response:  # fmt: skip
            return response.status, await response.read()

    def hit(self, request: Request) -> int:
        """The status; asserts that nobody noticed more than a refusal."""
        with capture_logs() as logs:
            status, body = self.run(self._post(request))
        assert status in {200, 204, 401, 403}, (status, body)
        assert b"Traceback" not in body
        assert status in {200, 204} or body == b""
        self._nothing_noticed(logs)
        return status

    def say(self, version: int, frame: str) -> None:
        """A frame over the open WebSocket, and time for the bot to take it."""
        with capture_logs() as logs:
            self.run(self._said(version, frame.encode("utf-8", "replace").decode()))
        self._nothing_noticed(logs)

    async def _said(self, version: int, frame: str) -> None:
        await self.bridges[version].send_raw(frame)
        await self._post(ENDPOINTS["kf"].request("").changed(body=b""))

    def still_hears(self, version: int) -> None:
        """A genuine message still gets in over the same connection."""
        with capture_logs() as logs:
            self.run(self._heard_again(version))
        self._nothing_noticed(logs)
        self.check_stored()

    async def _heard_again(self, version: int) -> None:
        bridge = self.bridges[version]
        await bridge.tell(bridge.event("77" if version == 12 else 77, "还在"))
        async with asyncio.timeout(10), self.inbox.changed:
            await self.inbox.changed.wait_for(
                lambda: "还在" in {message.text for message in self.inbox.taken}
            )

    def _nothing_noticed(self, logs: Sequence[Mapping[str, Any]]) -> None:
        assert [line for line in logs if line["log_level"] in {"error", "critical"}] == []
        assert self.complaints == []

    def check_stored(self, nothing: bool = False) -> None:
        """Whatever was still a message is one that a database takes."""
        assert not (nothing and self.inbox.taken)
        for message in self.inbox.taken:
            assert 0 < len(message.platform_id) <= 600
            assert message.sender.partition(":")[2]
            assert "\0" not in f"{message.text}{message.sender}{message.sender_name}"
            f"{message.text}{message.sender}{message.sender_name}{message.platform_id}".encode()
        self.inbox.taken.clear()

    def routes(self, name: str) -> list[Any]:
        (channel,) = (one for one in self.channels if one.name == name)
        return list(channel.routes())


def _nobody_leads(name: str, lease_s: float) -> Leadership:
    raise AssertionError(f"callbacks need no leader ({name}, {lease_s:g} s)")


def text_of(target: Target, base: str, endpoint: Endpoint) -> str:
    """What the genuine request says, as it is stored."""
    kept, target.inbox.taken = target.inbox.taken, []
    target.hit(endpoint.request(base))
    said = "".join(message.text for message in target.inbox.taken)
    target.inbox.taken = kept
    return said
