"""The reverse WebSocket: who may connect, how actions find their answers, what is sent and how."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from bot.channels.onebot import sessions
from bot.channels.onebot.dialect import Action
from bot.errors import NotConfigured, Rejected, TryLater
from tests.channels.onebot.conftest import Build
from tests.channels.stand import outbound
from tests.fakes.onebot import OK, FakeBridge, Trouble, reply, text

Bridges = Callable[..., FakeBridge]


STRANGERS = [
    {"token": "wrong"},
    {"Authorization": ""},
    {"X-Self-ID": ""},
    {"X-Self-ID": "x" * 300},
    {"X-Client-Role": "Admin"},
]


@pytest.mark.parametrize("headers", STRANGERS)
async def test_strangers_are_closed_with_1008(
    stand: Build, bridges: Bridges, headers: dict[str, str]
) -> None:
    made, bridge = await stand(), bridges(11)
    bridge.reach(made.port)
    ws = await bridge.open(**headers)
    message = await ws.receive(5)
    assert (message.type, ws.close_code) == (WSMsgType.CLOSE, 1008)


async def test_the_same_account_connects_once_a_role(stand: Build, bridges: Bridges) -> None:
    made, bridge = await stand(), bridges(11)
    await bridge.dial(made.port)
    second = await bridge.open()
    await second.receive(5)
    assert second.close_code == 1008
    other = await bridge.open(**{"X-Self-ID": "10002"})
    events = await bridge.open(**{"X-Client-Role": "Event"})
    await other.send_json({})
    await events.send_json({})
    assert not other.closed
    assert not events.closed


async def test_a_token_in_the_query_will_do(stand: Build, bridges: Bridges) -> None:
    made, bridge = await stand(), bridges(11)
    url = f"http://127.0.0.1:{made.port}/onebot/ws?access_token=bridge-token-7"
    ws = await bridge.http.ws_connect(url, headers={"X-Self-ID": "10001"})
    await ws.send_json(bridge.event(77, "灯坏了", 88))
    await made.settled(1)


async def test_v12_speaks_its_subprotocol(stand: Build, bridges: Bridges) -> None:
    made, bridge = await stand(version=12), bridges(12)
    bridge.reach(made.port)
    ws = await bridge.open()
    assert ws.protocol == "12.fake"


async def test_messages_are_taken_in_order_although_storing_fails(
    stand: Build, bridges: Bridges
) -> None:
    made, bridge = await stand(), bridges(11)
    await bridge.dial(made.port)
    made.broken = 2
    for number in range(8):
        await bridge.tell(bridge.event(77, f"第{number}句", 88), times=2)
    await made.settled(8)
    assert [m.text for m in made.taken] == [f"第{n}句" for n in range(8)]


async def test_answers_are_told_apart_by_their_echo(stand: Build, bridges: Bridges) -> None:
    """The bridge answers the second action first."""
    made, bridge = await stand(), bridges(11)
    bridge.reach(made.port)
    ws = await bridge.open()
    await ws.send_json(bridge.event(70, "在吗"))
    await made.settled(1)
    sends = [
        asyncio.create_task(made.channel.send(outbound(f"onebot:{user}", f"给{user}")))
        for user in (71, 72)
    ]
    frames = [await ws.receive_json(timeout=5) for _ in sends]
    for frame in reversed(frames):
        number = frame["params"]["user_id"]
        await ws.send_json({**OK, "data": {"message_id": number}, "echo": frame["echo"]})
        await ws.send_json({**OK, "data": {"message_id": 0}, "echo": "nobody's"})
    assert await asyncio.gather(*sends) == ["10001:71", "10001:72"]


async def test_no_answer_is_not_repeated(stand: Build, bridges: Bridges) -> None:
    made, bridge = await stand(answer_s=0.05), bridges(11)
    await bridge.dial(made.port)
    await bridge.tell(bridge.event(77, "在吗", 88))
    await made.settled(1)
    bridge.troubles.append(Trouble(mute=True))
    with pytest.raises(Rejected, match="not repeated"):
        await made.channel.send(outbound("onebot:group:88", "收到"))
    assert bridge.posts == []


async def test_a_bridge_that_hangs_up_in_between(stand: Build, bridges: Bridges) -> None:
    made, bridge = await stand(), bridges(11)
    bridge.reach(made.port)
    ws = await bridge.open()
    await ws.send_json(bridge.event(70, "在吗"))
    await made.settled(1)
    sending = asyncio.create_task(made.channel.send(outbound("onebot:71", "在吗")))
    await ws.receive_json(timeout=5)
    await ws.close()
    with pytest.raises(Rejected, match="not repeated"):
        await sending
    with pytest.raises(TryLater, match=r"channels\.onebot\.path"):
        await made.channel.send(outbound("onebot:71", "在吗"))


async def test_a_closed_session_asks_to_wait() -> None:
    session = sessions.Session(web.WebSocketResponse(), "1", "Universal", 1)
    session.ws._closed = True
    with pytest.raises(TryLater):
        await session.call(Action("get_msg", {}))


@pytest.mark.parametrize(
    ("version", "retcode", "error", "words"),
    [
        (11, 1404, Rejected, "no such action"),
        (11, 1400, Rejected, "bad request"),
        (11, 1401, NotConfigured, "channels.onebot.token"),
        (11, 100, Rejected, "retcode 100"),
        (11, None, Rejected, "no retcode"),
        (12, 10002, Rejected, "not supported"),
        (12, 10102, NotConfigured, "no such bot"),
        (12, 36000, TryLater, "asks to wait"),
        (12, 34001, Rejected, "retcode 34001"),
        (12, "0", Rejected, "no retcode"),
    ],
)
async def test_what_a_retcode_means(
    stand: Build, bridges: Bridges, version: int, retcode: Any, error: type[Exception], words: str
) -> None:
    made, bridge = await stand(version=version), bridges(version)
    await bridge.dial(made.port)
    await bridge.tell(bridge.event("u" if version == 12 else 71, "在吗"))
    await made.settled(1)
    answer = {"status": "failed", "retcode": retcode, "data": None}
    bridge.troubles.append(Trouble(answer=answer))
    with pytest.raises(error, match=words):
        await made.channel.send(outbound(made.taken[0].conversation, "收到"))


async def test_a_long_post_goes_on_where_it_stopped(stand: Build, bridges: Bridges) -> None:
    made, bridge = await stand(version=12), bridges(12)
    await bridge.dial(made.port)
    await bridge.tell(bridge.event("u1", "在吗", "g1"))
    await made.settled(1)
    post = outbound("onebot:group:g1", "停水通知。" * 400, mentions=("onebot:u1",))
    tired = {"status": "failed", "retcode": 36001, "data": None}
    bridge.troubles.extend([Trouble(), Trouble(answer=tired)])
    with pytest.raises(TryLater):
        await made.channel.send(post)
    await made.channel.send(post)
    assert [p.text.split("\n")[0].strip() for p in bridge.posts] == [
        "（1/3）",
        "（2/3）",
        "（3/3）",
    ]
    assert [p.mentions for p in bridge.posts] == [("u1",), (), ()]
    assert "".join(p.text.partition("\n")[2] for p in bridge.posts) == post.text


@pytest.mark.parametrize("place", ["local:g1", "onebot:", "onebot:group:"])
async def test_strange_conversations_are_rejected(stand: Build, place: str) -> None:
    made = await stand()
    with pytest.raises(Rejected):
        await made.channel.send(outbound(place, "在吗"))


async def test_a_quote_of_the_bot_is_known_even_after_a_restart(
    stand: Build, bridges: Bridges
) -> None:
    made, bridge = await stand(), bridges(11)
    await bridge.dial(made.port)
    bridge.messages["900"] = ("10001", [text("已登记 #7")])
    bridge.messages["901"] = ("77", [text("五楼又没水了")])
    for number, words in ((900, "满意"), (901, "建单"), (902, "没了")):
        message = [reply(11, number), text(words)]
        await bridge.tell(bridge.event(77, message, 88))
    await made.settled(3)
    quotes = [(m.quote.platform_id, m.quote.text, m.quote.of_bot) for m in made.taken if m.quote]
    assert quotes == [
        ("10001:900", "已登记 #7", True), ("10001:901", "五楼又没水了", False),
        ("10001:902", "", False),
    ]  # fmt: skip


async def test_ids_go_back_as_they_came(stand: Build, bridges: Bridges) -> None:
    made, bridge = await stand(), bridges(11, strings=True)
    await bridge.dial(made.port)
    await bridge.tell(bridge.event("0088", "在吗", "123"))
    await made.settled(1)
    await made.channel.send(outbound("onebot:group:123", "收到", mentions=("onebot:0088",)))
    assert bridge.posts[0].where == "group:123"
    assert bridge.actions[0]["params"]["group_id"] == "123"


async def test_over_http_errors_name_the_setting(stand: Build, bridges: Bridges) -> None:
    bridge = bridges(11)
    await bridge.serve()
    made = await stand(token="wrong", api_base=bridge.base)
    with pytest.raises(NotConfigured, match=r"channels\.onebot\.token"):
        await made.channel.send(outbound("onebot:71", "在吗"))
    away = await stand(api_base="http://127.0.0.1:1")
    with pytest.raises(TryLater, match=r"channels\.onebot\.api_base"):
        await away.channel.send(outbound("onebot:71", "在吗"))
    near = await stand(api_base=bridge.base)
    bridge.troubles.append(Trouble(mute=True))
    with pytest.raises(Rejected, match="not repeated"):
        await near.channel.send(outbound("onebot:71", "在吗"))
    assert await near.channel.send(outbound("onebot:71", "在吗")) == ":55"
