"""The load on an encrypted callback, made in a process of its own so that only the bot is measured.

`python -m bench.channel_load PORT PATH COUNT IN_FLIGHT RATE` prints one line of JSON: seconds from
the first request to the last answer, and every wait in ms. Rate 0 is as fast as it is answered."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
import time
from collections import deque
from typing import cast

import uvloop

from bot.channels.wecom.crypto import Crypto

TOKEN, AES_KEY, CORP = "wangge", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "ww00112233445566aa"
TEXT = """<xml><ToUserName><![CDATA[{corp}]]></ToUserName>
<FromUserName><![CDATA[u{user}]]></FromUserName>
<CreateTime>1763700000</CreateTime><MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[{user}号楼二单元楼道灯不亮了，晚上看不见路，请来看看]]></Content>
<MsgId>{number}</MsgId><AgentID>1000007</AgentID></xml>"""
ENOUGH = b"HTTP/1.1 200"


def requests(path: str, count: int) -> list[bytes]:
    """Whole HTTP requests, each a fresh sealed message of one of 500 people."""
    crypto, first = Crypto(TOKEN, AES_KEY, CORP), secrets.randbits(60)
    return [_request(crypto, path, first + n, n % 500) for n in range(count)]


def _request(crypto: Crypto, path: str, number: int, user: int) -> bytes:
    plain = TEXT.format(corp=CORP, user=user, number=number).encode()
    sealed = crypto.seal(plain, "1763700000", "n0nce7")
    body = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[1000007]]></AgentID>"
        f"<Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt></xml>"
    )
    query = f"msg_signature={sealed.signature}&timestamp=1763700000&nonce=n0nce7"
    head = f"POST {path}?{query} HTTP/1.1\r\nHost: bench\r\nContent-Type: text/xml\r\n"
    return f"{head}Content-Length: {len(body.encode())}\r\n\r\n{body}".encode()


class Caller(asyncio.Protocol):
    """One connection with at most one request under way; `free` is told when it is answered."""

    def __init__(self, load: Load) -> None:
        self._load, self._began = load, 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def call(self, request: bytes, began: float) -> None:
        assert self._transport is not None
        self._began = began
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if not data.startswith(ENOUGH):
            raise RuntimeError(f"refused: {data[:60]!r}")
        self._load.answered(self, self._began)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._load.done.set()


class Load:
    """Hands requests to free connections, at a rate or as fast as they come back."""

    def __init__(self, waiting: list[bytes], rate: float) -> None:
        self._waiting, self._left, self._rate = deque(waiting), len(waiting), rate
        self._late: deque[float] = deque()
        self._free: deque[Caller] = deque()
        self.waits: list[float] = []
        self.done = asyncio.Event()

    async def run(self, port: int, in_flight: int) -> float:
        """Seconds from the first request to the last answer."""
        loop = asyncio.get_running_loop()
        for _ in range(in_flight):
            _, caller = await loop.create_connection(lambda: Caller(self), "127.0.0.1", port)
            self._free.append(caller)
        start = time.perf_counter()
        if self._rate:
            await self._at_rate(start)
        else:
            self._late.extend([start] * len(self._waiting))
            self._go()
        await self.done.wait()
        return time.perf_counter() - start

    async def _at_rate(self, start: float) -> None:
        for number in range(len(self._waiting)):
            due = start + number / self._rate
            while (left := due - time.perf_counter()) > 0:  # noqa: ASYNC110 an even rate needs a clock
                await asyncio.sleep(max(left, 0.0005))
            self._late.append(due)
            self._go()

    def _go(self) -> None:
        while self._free and self._late:
            due = self._late.popleft()
            began = due if self._rate else time.perf_counter()
            self._free.popleft().call(self._waiting.popleft(), began)

    def answered(self, caller: Caller, began: float) -> None:
        self.waits.append((time.perf_counter() - began) * 1e3)
        self._free.append(caller)
        self._left -= 1
        if not self._left:
            self.done.set()
        self._go()


async def main(port: int, path: str, count: int, in_flight: int, rate: float) -> str:
    """The line to print."""
    load = Load(requests(path, count), rate)
    seconds = await load.run(port, in_flight)
    return json.dumps({"seconds": seconds, "waits": [round(wait, 3) for wait in load.waits]})


if __name__ == "__main__":
    _, a_port, a_path, a_count, an_in_flight, a_rate = sys.argv
    print(uvloop.run(main(int(a_port), a_path, int(a_count), int(an_in_flight), float(a_rate))))
