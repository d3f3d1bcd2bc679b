"""Trying out a callback address as the platform does when somebody presses 保存.

What else can be tried out of a channel is said by the channel itself."""

from __future__ import annotations

import time
from collections.abc import Mapping
from http import HTTPStatus
from secrets import token_hex
from typing import Final

import aiohttp

from bot.channels.wecom.crypto import Crypto
from bot.errors import NotConfigured, NotTried, TryLater
from bot.ports import Reach

ANSWER_S: Final = 5.0
STOPPED: Final = "the bot does not run; start it and check again"

_WHY: Final = {
    HTTPStatus.FORBIDDEN: "{section}.token or .aes_key is not what the running bot has; restart it",
    HTTPStatus.NOT_FOUND: "nothing is there; check {section}.path, web.public_url and the proxy",
}


async def sealed_echo(crypto: Crypto, reach: Reach, path: str, section: str) -> str:
    """The address, when the bot behind it has the same token and key. Raises NotConfigured."""
    moment, nonce, word = str(int(time.time())), token_hex(8), token_hex(8)
    sealed = crypto.seal(word.encode(), moment, nonce)
    query = {
        "msg_signature": sealed.signature, "timestamp": moment, "nonce": nonce,
        "echostr": sealed.encrypt,
    }  # fmt: skip
    return await echo_at(reach, path, query, word, section)


async def echo_at(
    reach: Reach, path: str, query: Mapping[str, str], word: str, section: str
) -> str:
    """The address, when it answers with `word`. Raises NotTried, NotConfigured or TryLater."""
    if not reach.base:
        raise NotTried(STOPPED)
    url = reach.base + path
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ANSWER_S)) as session,
            session.get(url, params=query, allow_redirects=False) as response,
        ):
            status, text = response.status, await response.text()
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        why = f"{url} cannot be reached ({type(error).__name__}); check web.public_url"
        raise TryLater(5, why) from None
    if status != HTTPStatus.OK or text != word:
        why = _WHY.get(HTTPStatus(status), "another program answers; check web.public_url")
        raise NotConfigured(f"{url}: HTTP {status}; {why.format(section=section)}")
    return url
