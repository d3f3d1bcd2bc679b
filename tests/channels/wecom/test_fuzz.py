"""Hostile bodies against every inbound endpoint: no 5xx, no traceback, nothing stored.

GRIDBOT_FUZZ_EXAMPLES sets how many bodies each test tries; the release runs 10,000."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.channels.wecom.aibot_read import load, read
from bot.channels.wecom.app_read import read as read_app
from bot.channels.wecom.callback import REFUSED
from bot.channels.wecom.received import Maker, Received
from bot.channels.wecom.xmlbody import parse
from tests.channels.wecom.conftest import Stand
from tests.channels.wecom.conftest import stand as stand_fixture
from tests.channels.wecom.house import MORNING, aibot_section, app_section
from tests.fakes.wecom import AES_KEY, CORP, TOKEN, FakeWecom
from tests.fakes.wecom_people import aibot_message, app_xml, tags_of

T = TypeVar("T")
EXAMPLES = int(os.environ.get("GRIDBOT_FUZZ_EXAMPLES", "150"))
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PATHS = {"/wecom/aibot": "", "/wecom/app": CORP}
GOLDEN = Path(__file__).parents[2] / "payloads" / "wecom"
BODIES = [path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("aibot/*.in.json"))]
XMLS = [path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("app/*.in.xml"))]
MAKER = Maker("wecom_aibot", ("小格",), lambda: 1, lambda: MORNING)


class Target:
    """The two endpoints behind a real server on a loop of its own."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.closing = AsyncExitStack()
        self.folder = folder
        self.complaints: list[logging.LogRecord] = []

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    async def open(self) -> None:
        self.fake = FakeWecom()
        await self.fake.start()
        self.closing.push_async_callback(self.fake.aclose)
        maker = stand_fixture.__wrapped__(self.fake, self.folder)  # type: ignore[attr-defined]
        make = await maker.__anext__()
        self.closing.push_async_callback(maker.aclose)
        self.stand: Stand = await make(
            wecom_aibot=aibot_section(self.fake, "callback"), wecom_app=app_section(self.fake)
        )
        self.session = await self.closing.enter_async_context(aiohttp.ClientSession())

    async def post(self, path: str, query: dict[str, str], data: bytes) -> tuple[int, bytes]:
        url = self.stand.platform.base + path
        async with self.session.post(url, params=query, data=data) as response:
            return response.status, await response.read()

    def hit(self, path: str, query: dict[str, str], data: bytes) -> int:
        """The status; asserts that nobody noticed more than a refusal."""
        with capture_logs() as logs:
            status, body = self.run(self.post(path, query, data))
        assert status in {200, 403}
        assert b"Traceback" not in body
        assert status == 200 or body == b""
        assert [line for line in logs if line["log_level"] in {"error", "critical"}] == []
        assert self.complaints == []
        return status


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    made = Target(tmp_path_factory.mktemp("fuzz"))
    handler = logging.Handler(logging.ERROR)
    handler.emit = made.complaints.append  # type: ignore[method-assign,assignment]
    logging.getLogger("aiohttp").addHandler(handler)
    made.run(made.open())
    yield made
    made.run(made.closing.aclose())
    made.loop.close()
    logging.getLogger("aiohttp").removeHandler(handler)


def sealed(path: str, plain: str) -> tuple[dict[str, str], str]:
    """Query and ciphertext as wechatpy makes them."""
    crypto = WeChatCrypto(TOKEN, AES_KEY, PATHS[path])
    tags = tags_of(crypto.encrypt_message(plain, "n1", "1763700000"))
    query = {"msg_signature": tags["MsgSignature"], "timestamp": "1763700000", "nonce": "n1"}
    return query, tags["Encrypt"]


def wrapped(path: str, encrypted: str) -> bytes:
    if path == "/wecom/aibot":
        return json.dumps({"encrypt": encrypted}).encode()
    return f"<xml><ToUserName>x</ToUserName><Encrypt>{encrypted}</Encrypt></xml>".encode()


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["flip", "insert", "drop", "cut"]),
        st.integers(0, 1 << 20),
        st.binary(max_size=6),
    ),
    min_size=1,
    max_size=6,
)


def mutated(data: bytes, edits: list[tuple[str, int, bytes]]) -> bytes:
    for how, at, extra in edits:
        at %= len(data) + 1  # noqa: PLW2901 within the data
        if how == "flip" and at < len(data):
            data = data[:at] + bytes([data[at] ^ (1 + (extra or b"\0")[0] % 255)]) + data[at + 1 :]
        elif how == "insert":
            data = data[:at] + extra + data[at:]
        elif how == "drop":
            data = data[:at] + data[at + len(extra) + 1 :]
        elif how == "cut":
            data = data[:at]
    return data


QUERIES = st.dictionaries(
    st.sampled_from(["msg_signature", "timestamp", "nonce", "echostr", "x"]), st.text(max_size=50)
)


@FUZZ
@given(path=st.sampled_from(sorted(PATHS)), query=QUERIES, data=st.binary(max_size=2000))
def test_noise_is_forbidden(target: Target, path: str, query: dict[str, str], data: bytes) -> None:
    query = {key: value.encode("utf-8", "replace").decode() for key, value in query.items()}
    assert target.hit(path, query, data) == 403
    assert target.stand.taken == []


@FUZZ
@given(path=st.sampled_from(sorted(PATHS)), edits=EDITS)
def test_a_changed_body_is_forbidden(
    target: Target, path: str, edits: list[tuple[str, int, bytes]]
) -> None:
    """A change that leaves the sealed part alone is harmless: then it is the same message."""
    if path == "/wecom/aibot":
        plain = json.dumps(aibot_message(target.fake, "wang", "原话"))
    else:
        plain = app_xml(target.fake, "wang", Content="原话")
    query, encrypted = sealed(path, plain)
    target.hit(path, query, mutated(wrapped(path, encrypted), edits))
    assert {message.text for message in target.stand.taken} <= {"原话"}
    target.stand.taken.clear()


@FUZZ
@given(path=st.sampled_from(sorted(PATHS)), query=QUERIES)
def test_a_changed_query_is_forbidden(target: Target, path: str, query: dict[str, str]) -> None:
    right, encrypted = sealed(path, "{}")
    full = {**right, **{k: v.encode("utf-8", "replace").decode() for k, v in query.items()}}
    if any(full[key] != right[key] for key in right):
        assert target.hit(path, full, wrapped(path, encrypted)) == 403


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)  # fmt: skip


@FUZZ
@given(base=st.sampled_from(BODIES), data=st.data())
def test_sealed_bodies_with_wrong_values_do_no_harm(
    target: Target, base: str, data: st.DataObject
) -> None:
    body = json.loads(base)
    node = body
    while True:
        key = data.draw(st.sampled_from(sorted(node)))
        if isinstance(node[key], dict) and node[key] and data.draw(st.booleans()):
            node = node[key]
            continue
        node[key] = data.draw(JSON)
        break
    query, encrypted = sealed("/wecom/aibot", json.dumps(body))
    target.hit("/wecom/aibot", query, wrapped("/wecom/aibot", encrypted))
    check_stored(target)


@FUZZ
@given(base=st.sampled_from(XMLS), edits=EDITS)
def test_sealed_xml_with_changes_does_no_harm(
    target: Target, base: str, edits: list[tuple[str, int, bytes]]
) -> None:
    plain = mutated(base.encode(), edits).decode("utf-8", "replace")
    query, encrypted = sealed("/wecom/app", plain)
    target.hit("/wecom/app", query, wrapped("/wecom/app", encrypted))
    check_stored(target)


def check_stored(target: Target) -> None:
    """Whatever was still a message is one that a database takes."""
    for message in target.stand.taken:
        assert 0 < len(message.platform_id) <= 256
        assert message.sender.partition(":")[2]
        assert "\0" not in message.text
        message.text.encode()
    target.stand.taken.clear()


@FUZZ
@given(base=st.sampled_from(BODIES), edits=EDITS)
def test_reading_raises_only_what_the_endpoints_catch(
    base: str, edits: list[tuple[str, int, bytes]]
) -> None:
    attempt(lambda data: read(load(data), "aibXY"), mutated(base.encode(), edits))


@FUZZ
@given(base=st.sampled_from(XMLS), edits=EDITS)
def test_reading_xml_raises_only_what_the_endpoints_catch(
    base: str, edits: list[tuple[str, int, bytes]]
) -> None:
    attempt(lambda data: read_app(parse(data)), mutated(base.encode(), edits))


def attempt(reader: Any, data: bytes) -> None:
    try:
        got: Received = reader(data)
    except REFUSED:
        return
    MAKER.inbound(got)
