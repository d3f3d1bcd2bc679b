"""The encrypted endpoints: durable before answered, once per message, closed to everybody else."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bot.channels.wecom.aibot import AibotChannel
from bot.channels.wecom.callback import MAX_BODY
from routing.message import Inbound
from tests.channels.wecom.conftest import Build, Stand
from tests.channels.wecom.house import aibot_section, app_section
from tests.channels.wecom.test_crypto import GET, crypto
from tests.fakes.wecom import BOT, FakeWecom, Fault
from tests.fakes.wecom_people import (
    PNG,
    aibot_click,
    aibot_message,
    app_click,
    app_xml,
    encrypted_media,
)  # fmt: skip

CARD = {
    "card_type": "button_interaction",
    "task_id": "to9",
    "button_list": [
        {"text": "确认", "key": "cmd:确认 9"},
        {"text": "已选", "key": "done"},
        {"text": "外来", "key": "rm -rf"},
    ],
}


@pytest.fixture
async def both(fake: FakeWecom, stand: Build) -> Stand:
    """Both callback channels behind one server."""
    return await stand(wecom_aibot=aibot_section(fake, "callback"), wecom_app=app_section(fake))


async def test_the_echo_is_bare_text(both: Stand) -> None:
    query = {
        "msg_signature": GET["msg_signature"], "timestamp": GET["timestamp"],
        "nonce": GET["nonce"], "echostr": GET["encrypt"],
    }  # fmt: skip
    url = f"{both.platform.base}/wecom/app"
    async with aiohttp.ClientSession() as session:
        async with session.get(url, params=query) as response:
            assert (response.status, await response.read()) == (200, b"8642")
        raw = "&".join(f"{key}={value}" for key, value in query.items())
        assert "+" in raw
        async with session.get(URL(f"{url}?{raw}", encoded=True)) as response:
            assert (response.status, await response.read()) == (200, b"8642")
        query["echostr"] = GET["encrypt"][:-4]
        async with session.get(url, params=query) as response:
            assert (response.status, await response.read()) == (403, b"")
        async with session.get(url) as response:
            assert response.status == 403


async def test_a_message_is_taken_once_however_often_it_comes(fake: FakeWecom, both: Stand) -> None:
    body = aibot_message(fake, "wang", "@小格\u2005楼道灯坏了", "wrGroup01")
    answers = await both.platform.in_any_order(body, twice=True)
    assert [(a.status, a.body) for a in answers] == [(200, ""), (200, "")]
    (taken,) = both.taken
    assert taken.text == "楼道灯坏了"
    assert (taken.conversation, taken.sender) == ("wecom_aibot:wrGroup01", "wecom_aibot:wang")
    assert taken.is_group
    assert taken.to_me


async def test_reordered_callbacks_are_all_taken(fake: FakeWecom, both: Stand) -> None:
    bodies = [aibot_message(fake, "wang", f"第{n}句") for n in range(8)]
    await both.platform.in_any_order(*bodies, twice=True)
    assert sorted(m.text for m in both.taken) == [f"第{n}句" for n in range(8)]


async def test_the_answer_waits_for_the_commit(fake: FakeWecom, stand: Build) -> None:
    released, order = asyncio.Event(), []

    async def accept(message: Inbound) -> bool:
        await released.wait()
        order.append("stored")
        return True

    both = await stand(accept, wecom_app=app_section(fake))

    async def call() -> None:
        answer = await both.platform.app(app_xml(fake, "wang", Content="灯坏了"))
        assert answer.status == 200
        order.append("answered")

    task = asyncio.create_task(call())
    done, _ = await asyncio.wait({task}, timeout=0.05)
    assert not done
    released.set()
    await task
    assert order == ["stored", "answered"]


async def test_what_was_not_stored_is_sent_again(fake: FakeWecom, both: Stand) -> None:
    both.broken = 99
    xml = app_xml(fake, "wang", Content="灯坏了")
    answer = await both.platform.app(xml)
    assert (answer.status, answer.tries, answer.body) == (503, 3, "")
    both.broken = 0
    assert (await both.platform.app(xml)).tries == 1
    assert [m.text for m in both.taken] == ["灯坏了"]


async def test_pictures_are_stored_before_the_message(fake: FakeWecom, both: Stand) -> None:
    item = {"msgtype": "image", "image": {"url": fake.new_media(encrypted_media(PNG))}}
    words = {"msgtype": "text", "text": {"content": "@小格 灯坏了"}}
    mixed = {"msg_item": [words, item]}
    body = aibot_message(fake, "wang", chat="wrGroup01", msgtype="mixed", mixed=mixed)
    assert (await both.platform.aibot(body)).status == 200
    (taken,) = both.taken
    assert taken.text == "灯坏了"
    assert await both.media.read(taken.images[0]) == PNG


async def test_a_slow_picture_is_taken_by_a_later_try(fake: FakeWecom, both: Stand) -> None:
    channel = both.channels["wecom_aibot"]
    assert isinstance(channel, AibotChannel)
    channel.desk.arrivals._answer_s = 0.1
    url = fake.new_media(encrypted_media(PNG))
    fake.always[f"/media/{url.rpartition('/')[2]}"] = Fault(slow_s=0.15)
    body = aibot_message(fake, "wang", msgtype="image", image={"url": url})
    answer = await both.platform.aibot(body)
    assert answer.status == 200
    assert answer.tries in {2, 3}
    assert len(both.taken) == 1
    assert len(both.taken[0].images) == 1


@pytest.mark.parametrize("bad", ["expired", "foreign", "no picture", "undecodable"])
async def test_a_picture_that_cannot_be_had_does_not_lose_the_message(
    fake: FakeWecom, both: Stand, bad: str
) -> None:
    url = {
        "expired": f"{fake.base}/media/gone",
        "foreign": "http://evil.example/x.png",
        "no picture": fake.new_media(encrypted_media(b"<html>")),
        "undecodable": fake.new_media(b"not encrypted at all"),
    }[bad]
    body = aibot_message(fake, "wang", msgtype="image", image={"url": url})
    assert (await both.platform.aibot(body)).status == 200
    assert [(m.text, m.images) for m in both.taken] == [("［图片未能下载］", ())]


async def test_an_app_picture_is_fetched_by_its_media_id(fake: FakeWecom, both: Stand) -> None:
    fake.media["MED1"] = PNG
    xml = app_xml(fake, "wang", "image", PicUrl="http://evil.example/a.png", MediaId="MED1")
    assert (await both.platform.app(xml)).status == 200
    assert await both.media.read(both.taken[0].images[0]) == PNG


async def test_a_click_is_the_command_and_changes_the_card(fake: FakeWecom, both: Stand) -> None:
    click = aibot_click(fake, "leader", CARD, "确认")
    first, again = await both.platform.aibot(click), await both.platform.aibot(click)
    assert [m.text for m in both.taken] == ["确认 9"]
    for answer in (first.json, again.json):
        assert answer["response_type"] == "update_template_card"
        assert answer["userids"] == ["leader"]
        assert answer["template_card"]["task_id"] == "to9"
        assert [b["key"] for b in answer["template_card"]["button_list"]] == ["done"]


async def test_two_clicks_in_one_second_are_two(fake: FakeWecom, both: Stand) -> None:
    click = aibot_click(fake, "leader", CARD, "确认")
    other = json.loads(json.dumps(click).replace("to9", "to10"))
    await both.platform.aibot(click)
    await both.platform.aibot(other)
    assert len(both.taken) == 2


@pytest.mark.parametrize("verb", ["已选", "外来"])
async def test_a_button_that_is_not_ours_does_nothing(
    fake: FakeWecom, both: Stand, verb: str
) -> None:
    for answer in (
        await both.platform.aibot(aibot_click(fake, "leader", CARD, verb)),
        await both.platform.app(app_click(fake, "leader", CARD, verb)),
    ):
        assert (answer.status, answer.body) == (200, "")
    assert both.taken == []


async def test_an_app_click_replaces_the_button(fake: FakeWecom, both: Stand) -> None:
    answer = await both.platform.app(app_click(fake, "leader", CARD, "确认"))
    assert [(m.text, m.is_group) for m in both.taken] == [("确认 9", False)]
    assert answer.xml["MsgType"] == "update_button"
    assert answer.xml["ReplaceName"] == "已选：确认"
    assert answer.xml["ToUserName"] == "leader"


async def test_a_first_opening_is_greeted(fake: FakeWecom, both: Stand) -> None:
    event: dict[str, Any] = {"event": {"eventtype": "enter_chat"}, "msgtype": "event"}
    answer = await both.platform.aibot(aibot_message(fake, "wang", **event))
    assert answer.json == {"msgtype": "text", "text": {"content": "您好，有事请说。"}}
    greeted = await both.platform.app(app_xml(fake, "wang", "event", Event="enter_agent"))
    assert greeted.xml["Content"] == "您好，有事请说。"
    assert both.taken == []


QUIET: list[dict[str, Any]] = [
    {"msgtype": "event", "event": {"eventtype": "feedback_event", "feedback_event": {"id": "f"}}},
    {"msgtype": "event", "event": {"eventtype": "something_new"}},
    {"from": {"userid": BOT}},
    {"msgtype": "sphfeed", "text": {}},
]


@pytest.mark.parametrize("more", QUIET)
async def test_what_needs_no_answer_gets_none(
    fake: FakeWecom, both: Stand, more: dict[str, Any]
) -> None:
    answer = await both.platform.aibot({**aibot_message(fake, "wang", "您好"), **more})
    assert (answer.status, answer.body) == (200, "")
    assert both.taken == []


async def test_the_apps_own_posts_are_not_heard(fake: FakeWecom, both: Stand) -> None:
    for sender in ("sys", "1000007"):
        assert (await both.platform.app(app_xml(fake, sender, Content="您好"))).status == 200
    event = app_xml(fake, "u", "event", Event="change_external_chat")
    assert (await both.platform.app(event)).status == 200
    assert both.taken == []


async def test_a_refresh_ends_its_stream(fake: FakeWecom, both: Stand) -> None:
    body = aibot_message(fake, "wang", msgtype="stream", stream={"id": "s1"})
    answer = (await both.platform.aibot(body)).json
    assert answer["stream"]["id"] == "s1"
    assert answer["stream"]["finish"] is True


MALFORMED: list[dict[str, Any]] = [
    {"msgid": ""},
    {"msgid": 7},
    {"msgid": "x" * 300},
    {"from": {}},
    {"from": "wang"},
    {"aibotid": "another"},
    {"chattype": "group", "chatid": ""},
    {"text": "words"},
    {"text": {"content": ["a"]}},
    {"msgtype": "mixed", "mixed": {"msg_item": "x"}},
    {"quote": "x"},
]


@pytest.mark.parametrize("more", MALFORMED)
async def test_a_sealed_body_of_the_wrong_shape_is_forbidden(
    fake: FakeWecom, both: Stand, more: dict[str, Any]
) -> None:
    answer = await both.platform.aibot({**aibot_message(fake, "wang", "您好"), **more})
    assert (answer.status, answer.body) == (403, "")
    assert both.taken == []


@pytest.mark.parametrize("path", ["/wecom/aibot", "/wecom/app"])
@pytest.mark.parametrize("data", [b"", b"{}", b"<xml/>", b"[1]", b"\xff", b"x" * (MAX_BODY + 1)])
async def test_strangers_get_403_and_no_detail(both: Stand, path: str, data: bytes) -> None:
    for query in ({}, {"msg_signature": "a", "timestamp": "1", "nonce": "2"}):
        answer = await both.platform.call(path, query, data)
        assert (answer.status, answer.body) == (403, "")
    assert both.taken == []


async def test_a_zip_bomb_is_forbidden(both: Stand) -> None:
    import zlib  # noqa: PLC0415

    bomb = zlib.compress(b"\0" * (64 << 20), 9)
    async with aiohttp.ClientSession() as session:
        headers = {"Content-Encoding": "deflate"}
        url = f"{both.platform.base}/wecom/app"
        async with session.post(url, data=bomb, headers=headers) as response:
            assert (response.status, await response.read()) == (403, b"")


async def test_a_replayed_body_with_another_signature_is_forbidden(both: Stand) -> None:
    sealed = crypto("").seal(b'{"msgid":"m","msgtype":"text"}', "1", "n")
    query = {"msg_signature": sealed.signature, "timestamp": "2", "nonce": "n"}
    data = json.dumps({"encrypt": sealed.encrypt}).encode()
    assert (await both.platform.call("/wecom/aibot", query, data)).status == 403


async def test_after_closing_the_platform_is_asked_to_come_again(
    fake: FakeWecom, both: Stand
) -> None:
    await both.channels["wecom_app"].aclose()
    answer = await both.platform.app(app_xml(fake, "wang", Content="灯坏了"))
    assert (answer.status, answer.tries) == (503, 3)
