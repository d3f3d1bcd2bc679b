"""People who talk to the bot over the fake WeCom: bodies and callbacks as the platform makes them.

Sealing is wechatpy's, so that our own crypto is always checked against another implementation."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import aiohttp
from wechatpy.crypto.base import WeChatCipher
from wechatpy.crypto.pkcs7 import PKCS7Encoder
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.channels.wecom.crypto import decode_key
from tests.fakes.wecom import AES_KEY, AGENT, BOT, CORP, TOKEN, FakeWecom

PNG = b"\x89PNG\r\n\x1a\n" + b"picture of a broken lamp"
STAMP = "1763700000"


def encrypted_media(data: bytes, aes_key: str = AES_KEY) -> bytes:
    """A file as the platform's storage holds it."""
    sealed: bytes = WeChatCipher(decode_key(aes_key)).encrypt(PKCS7Encoder.encode(data))
    return sealed


def aibot_message(
    fake: FakeWecom, user: str, text: str = "", chat: str = "", **more: Any
) -> dict[str, Any]:
    """A text message to the aibot; `more` overrides or adds fields (quote, msgtype, mixed …)."""
    group = {"chatid": chat, "chattype": "group"} if chat else {"chattype": "single"}
    return {
        "msgid": f"m-{next(fake.numbers)}",
        "aibotid": BOT,
        **group,
        "from": {"userid": user},
        "response_url": fake.new_response_url(f"wecom_aibot:{chat or user}"),
        "msgtype": "text",
        "text": {"content": text},
        **more,
    }


def aibot_click(
    fake: FakeWecom, user: str, card: dict[str, Any], verb: str, chat: str = ""
) -> dict[str, Any]:
    """A click on the button of a card whose text begins with `verb`."""
    key = next(b["key"] for b in card["button_list"] if b["text"].startswith(verb))
    click = {"card_type": card["card_type"], "event_key": key, "task_id": card["task_id"]}
    event = {"eventtype": "template_card_event", "template_card_event": click}
    moment = 1763700000 + next(fake.numbers)
    return {
        **aibot_message(fake, user, chat=chat, msgtype="event"),
        "create_time": moment,
        "event": event,
    }


def app_xml(fake: FakeWecom, user: str, kind: str = "text", **tags: str) -> str:
    """The plain XML of a message or event to the app."""
    values = {
        "ToUserName": CORP,
        "FromUserName": user,
        "CreateTime": str(1763700000 + next(fake.numbers)),
        "MsgType": kind,
        **({} if kind == "event" else {"MsgId": str(7234567890000000000 + next(fake.numbers))}),
        "AgentID": str(AGENT),
        **tags,
    }
    return f"<xml>{''.join(f'<{k}>{escape(v)}</{k}>' for k, v in values.items())}</xml>"


def app_click(fake: FakeWecom, user: str, card: dict[str, Any], verb: str) -> str:
    """A click on a card of the app."""
    key = next(b["key"] for b in card["button_list"] if b["text"].startswith(verb))
    tags = {"EventKey": key, "TaskId": card["task_id"], "CardType": card["card_type"]}
    return app_xml(fake, user, "event", Event="template_card_event", **tags)


def tags_of(xml: str) -> dict[str, str]:
    """Text by tag name, of leaves at any depth."""
    return {node.tag: node.text or "" for node in ElementTree.fromstring(xml).iter()}


@dataclass(frozen=True)
class Answer:
    """What the bot answered to a callback. tries: how often the platform had to call."""

    status: int
    tries: int
    body: str

    @property
    def json(self) -> dict[str, Any]:
        """The decrypted JSON of an aibot answer."""
        outer = json.loads(self.body)
        assert isinstance(outer["timestamp"], int)
        crypto = WeChatCrypto(TOKEN, AES_KEY, "")
        plain = crypto.decrypt_message(
            {"Encrypt": outer["encrypt"]}, outer["msgsignature"], str(outer["timestamp"]),
            outer["nonce"],
        )  # fmt: skip
        body: dict[str, Any] = json.loads(plain)
        return body

    @property
    def xml(self) -> dict[str, str]:
        """The decrypted XML of an app's answer."""
        outer = tags_of(self.body)
        crypto = WeChatCrypto(TOKEN, AES_KEY, CORP)
        plain = crypto.decrypt_message(
            {"Encrypt": outer["Encrypt"]}, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"]
        )
        return tags_of(plain)


class Platform:
    """Calls the bot's endpoints as WeCom does: sealed, 5 s at most, three tries in all."""

    def __init__(self, base: str, *, deadline_s: float = 5, tries: int = 3) -> None:
        self.base, self.deadline_s, self.tries = base, deadline_s, tries

    async def aibot(self, body: dict[str, Any], path: str = "/wecom/aibot") -> Answer:
        crypto = WeChatCrypto(TOKEN, AES_KEY, "")
        query, sealed = _sealed(crypto, json.dumps(body, ensure_ascii=False))
        return await self.call(path, query, json.dumps({"encrypt": sealed}).encode())

    async def app(self, xml: str, path: str = "/wecom/app") -> Answer:
        crypto = WeChatCrypto(TOKEN, AES_KEY, CORP)
        query, sealed = _sealed(crypto, xml)
        outer = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]>"
        data = f"{outer}</AgentID><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return await self.call(path, query, data.encode())

    async def call(self, path: str, query: dict[str, str], data: bytes) -> Answer:
        """POST, and again when there is no 200 within the deadline."""
        timeout = aiohttp.ClientTimeout(total=self.deadline_s)
        answer = Answer(0, 0, "")
        async with aiohttp.ClientSession(timeout=timeout) as session:
            for number in range(1, self.tries + 1):
                try:
                    async with session.post(
                        self.base + path, params=query, data=io.BytesIO(data)
                    ) as response:
                        answer = Answer(response.status, number, await response.text())
                except (TimeoutError, aiohttp.ClientError):
                    answer = Answer(0, number, "")
                if answer.status == 200:
                    break
        return answer

    async def in_any_order(self, *bodies: dict[str, Any], twice: bool = False) -> list[Answer]:
        """Messages that arrive at once, the last one first, each perhaps twice."""
        every = [body for body in reversed(bodies) for _ in range(2 if twice else 1)]
        return list(await asyncio.gather(*(self.aibot(body) for body in every)))


def _sealed(crypto: Any, plain: str) -> tuple[dict[str, str], str]:
    outer = tags_of(crypto.encrypt_message(plain, "n0nce7", STAMP))
    query = {"msg_signature": outer["MsgSignature"], "timestamp": STAMP, "nonce": "n0nce7"}
    return query, outer["Encrypt"]
