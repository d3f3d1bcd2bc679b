"""Events over HTTP POST: verified before they are parsed, durable before they are answered."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wecom.callback import MAX_BODY
from tests.channels.onebot.conftest import Build
from tests.fakes.onebot import SECRET, FakeBridge, at, text

Bridges = Callable[..., FakeBridge]
VECTORS = json.loads((Path(__file__).parents[2] / "payloads/wecom/vectors.json").read_text())
GOLDEN = Path(__file__).parents[2] / "payloads" / "onebot"


def test_the_signature_is_that_of_the_vector() -> None:
    vector = VECTORS["onebot11_http"]
    mark = hmac.new(vector["secret"].encode(), vector["raw_body"].encode(), hashlib.sha1)
    assert f"sha1={mark.hexdigest()}" == vector["x_signature"]
    assert vector["secret"] == SECRET


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(p.name[:-8] for p in GOLDEN.glob("*.in.json")))
async def test_golden_events(name: str, stand: Build, bridges: Bridges) -> None:
    """Every kind of event and the message it becomes or takes back; null for what is none."""
    event = golden(f"{name}.in")
    version = 12 if name.startswith("v12") else 11
    made = await stand(version=version)
    bridge = bridges(version, strings=isinstance(event.get("self_id"), str))
    bridge.reach(made.port)
    mark = {"X-Self-ID": str(event.get("self_id", ""))} if version == 11 else {}
    assert await bridge.post(event, **mark) == 204
    wanted = golden(f"{name}.event")
    if wanted is not None and "recalled" in wanted:
        assert [asdict(recall) for recall in made.gone] == [wanted["recalled"]]
        assert [m.text for m in made.taken] == ["撤回"] * wanted["withdrawn"]
    else:
        assert [_shown(message) for message in made.taken] == ([wanted] if wanted else [])
        assert made.gone == []


def _shown(message: Any) -> dict[str, Any]:
    quote = message.quote and [message.quote.platform_id, message.quote.of_bot]
    return {
        "platform_id": message.platform_id, "conversation": message.conversation,
        "is_group": message.is_group, "sender": message.sender,
        "sender_name": message.sender_name, "text": message.text, "to_me": message.to_me,
        "quote": quote,
    }  # fmt: skip


async def test_an_event_is_taken_once(stand: Build, bridges: Bridges) -> None:
    made, bridge = await stand(), bridges(11)
    bridge.reach(made.port)
    event = bridge.event(77, [at(11, 10001), text(" 灯坏了")], 88)
    assert [await bridge.post(event) for _ in range(3)] == [204, 204, 204]
    (taken,) = made.taken
    assert (taken.text, taken.to_me, taken.is_group) == ("灯坏了", True, True)
    assert (taken.conversation, taken.sender) == ("onebot:group:88", "onebot:77")


async def test_what_was_not_stored_is_not_confirmed(stand: Build, bridges: Bridges) -> None:
    made, bridge = await stand(), bridges(11)
    bridge.reach(made.port)
    made.broken = 1
    event = bridge.event(77, "灯坏了", 88)
    assert [await bridge.post(event), await bridge.post(event)] == [503, 204]
    assert len(made.taken) == 1


async def test_the_bot_does_not_hear_itself(stand: Build, bridges: Bridges) -> None:
    made, bridge = await stand(), bridges(11)
    bridge.reach(made.port)
    own = bridge.event(10001, "已登记 #1", 88)
    assert await bridge.post(own) == 204
    assert await bridge.post({**own, "post_type": "message_sent"}) == 204
    assert await bridge.post(bridge.event(80, "匿", 88, anonymous={"id": 1})) == 204
    assert made.taken == []


REFUSED = [
    ({"X-Signature": ""}, 401),
    ({"X-Signature": "sha1=" + "0" * 40}, 403),
    ({"X-Signature": "é"}, 403),
    ({"X-Self-ID": ""}, 403),
    ({"X-Self-ID": "10002"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), REFUSED)
async def test_v11_refuses_strangers(
    stand: Build, bridges: Bridges, headers: dict[str, str], status: int
) -> None:
    made, bridge = await stand(), bridges(11)
    bridge.reach(made.port)
    assert await bridge.post(bridge.event(77, "灯坏了", 88), **headers) == status
    assert made.taken == []


@pytest.mark.parametrize("given_token", ["", "Bearer wrong", "Basic bridge-token-7", "Bearer"])
async def test_v12_refuses_strangers(stand: Build, bridges: Bridges, given_token: str) -> None:
    made, bridge = await stand(version=12), bridges(12)
    bridge.reach(made.port)
    event = bridge.event("wxid_a", "灯坏了", "g")
    assert await bridge.post(event, Authorization=given_token) == 403
    assert await bridge.post(event) == 204
    assert len(made.taken) == 1


async def test_a_huge_body_is_refused(stand: Build, bridges: Bridges) -> None:
    made, bridge = await stand(), bridges(11)
    bridge.reach(made.port)
    assert await bridge.post(b" " * (MAX_BODY + 1)) == 403
    assert made.taken == []


async def test_only_what_has_a_credential_is_open(stand: Build) -> None:
    def paths(routes: Any) -> set[str]:
        return {route.path for route in routes}

    assert paths((await stand(secret="")).channel.routes()) == {"/onebot/ws"}
    closed = await stand(token="", api_base="http://127.0.0.1:1")
    assert paths(closed.channel.routes()) == {"/onebot/http"}
    assert paths((await stand(version=12, secret="")).channel.routes()) == {
        "/onebot/ws", "/onebot/http",
    }  # fmt: skip
