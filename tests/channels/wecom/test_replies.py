"""The aibot's replies over callbacks: each response_url once, other channels where none is left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.wecom.aibot import NoWay
from bot.channels.wecom.aibot_callback import URLS_A_CHAT, Replies
from bot.errors import Rejected, TryLater
from tests.channels.stand import MORNING, outbound
from tests.channels.wecom.conftest import Build, Stand
from tests.channels.wecom.house import aibot_section, app_section, webhook_section
from tests.fakes.wecom import FakeWecom, Fault
from tests.fakes.wecom_people import aibot_message


@pytest.fixture
async def both(fake: FakeWecom, stand: Build) -> Stand:
    """The aibot beside an app and a robot that help it out."""
    return await stand(
        wecom_aibot=aibot_section(fake, "callback"),
        wecom_app=app_section(fake),
        wecom_webhook=webhook_section(fake),
    )


@pytest.fixture
async def alone(fake: FakeWecom, stand: Build) -> Stand:
    """An aibot over callbacks without any other channel."""
    return await stand(wecom_aibot=aibot_section(fake, "callback"))


async def say(stand: Stand, user: str = "wang", chat: str = "", **more: str) -> str:
    body = {**aibot_message(stand.fake, user, "您好", chat), **more}
    assert (await stand.platform.aibot(body)).status == 200
    return str(body["msgid"])


async def test_each_response_url_is_used_once(fake: FakeWecom, alone: Stand) -> None:
    channel = alone.channels["wecom_aibot"]
    await say(alone)
    await channel.send(outbound("wecom_aibot:wang", "一"))
    with pytest.raises(NoWay, match="websocket"):
        await channel.send(outbound("wecom_aibot:wang", "二"))
    await say(alone)
    await channel.send(outbound("wecom_aibot:wang", "三"))
    assert fake.said("wecom_aibot:wang") == ["一", "三"]


async def test_a_re_sent_message_gives_no_second_url(alone: Stand) -> None:
    body = aibot_message(alone.fake, "wang", "您好")
    await alone.platform.aibot(body)
    channel = alone.channels["wecom_aibot"]
    await channel.send(outbound("wecom_aibot:wang", "一"))
    await alone.platform.aibot(body)
    with pytest.raises(NoWay):
        await channel.send(outbound("wecom_aibot:wang", "二"))


async def test_a_spent_url_is_passed_over(fake: FakeWecom, alone: Stand) -> None:
    await say(alone, response_url=f"{fake.base}/cgi-bin/aibot/response?response_code=SPENT")
    await say(alone)
    await alone.channels["wecom_aibot"].send(outbound("wecom_aibot:wang", "一"))
    assert fake.said("wecom_aibot:wang") == ["一"]


@pytest.mark.parametrize(
    "url", ["http://evil.example/x", "file:///etc/passwd", "::", "//evil", "x" * 3000]
)
async def test_urls_of_other_hosts_are_never_called(alone: Stand, url: str) -> None:
    await say(alone, response_url=url)
    with pytest.raises(NoWay):
        await alone.channels["wecom_aibot"].send(outbound("wecom_aibot:wang", "一"))


async def test_an_old_url_is_not_tried(fake: FakeWecom, alone: Stand) -> None:
    await say(alone)
    alone.later(minutes=56)
    with pytest.raises(NoWay):
        await alone.channels["wecom_aibot"].send(outbound("wecom_aibot:wang", "一"))
    assert fake.called("aibot/response") == []


async def test_a_url_is_kept_when_the_platform_asks_to_wait(fake: FakeWecom, alone: Stand) -> None:
    await say(alone)
    fake.faults["aibot/response"].append(Fault(errcode=45009))
    post = outbound("wecom_aibot:wang", "一")
    with pytest.raises(TryLater, match="45009"):
        await alone.channels["wecom_aibot"].send(post)
    await alone.channels["wecom_aibot"].send(post)
    assert fake.said("wecom_aibot:wang") == ["一"]


async def test_an_unclear_reply_is_not_repeated(fake: FakeWecom, alone: Stand) -> None:
    await say(alone)
    fake.faults["aibot/response"].append(Fault(status=500, acted=True))
    with pytest.raises(Rejected, match="may have arrived"):
        await alone.channels["wecom_aibot"].send(outbound("wecom_aibot:wang", "一"))


async def test_without_a_url_a_person_is_reached_by_the_app(fake: FakeWecom, both: Stand) -> None:
    await both.channels["wecom_aibot"].send(outbound("wecom_aibot:leader", "您好"))
    assert fake.said("wecom_app:leader") == ["您好"]


async def test_without_a_url_a_group_is_reached_by_its_robot(fake: FakeWecom, both: Stand) -> None:
    await both.channels["wecom_aibot"].send(outbound("wecom_aibot:g1", "停水通知"))
    assert fake.said("wecom_webhook:g1") == ["停水通知"]


async def test_a_quote_of_our_post_is_known_as_ours(fake: FakeWecom, alone: Stand) -> None:
    await say(alone, chat="wrG")
    channel = alone.channels["wecom_aibot"]
    sent = await channel.send(outbound("wecom_aibot:wrG", "请说说是哪一栋楼？"))
    quote = {"msgtype": "text", "text": {"content": "请说说是哪一栋楼？"}}
    body = aibot_message(fake, "wang", "@小格 3栋", "wrG", quote=quote)
    await alone.platform.aibot(body)
    taken = alone.taken[-1].quote
    assert taken is not None
    assert (taken.platform_id, taken.of_bot) == (sent, True)


@pytest.mark.parametrize(
    ("words", "quoted", "text", "of_bot"),
    [
        ("@小格", "五楼又没水了", "五楼又没水了", False),
        ("@小格 登记 3-2-501 停水", "五楼又没水了", "登记 3-2-501 停水", False),
        ("@小格 确认", "已登记 #12 楼道灯", "确认", True),
        ("@小格", "已登记 #12 楼道灯", "", True),
    ],
)
async def test_the_quoted_original_is_the_report(
    fake: FakeWecom, alone: Stand, words: str, quoted: str, text: str, of_bot: bool
) -> None:
    quote = {"msgtype": "text", "text": {"content": quoted}}
    await alone.platform.aibot(aibot_message(fake, "leader", words, "wrG", quote=quote))
    (taken,) = alone.taken
    assert taken.text == text
    assert taken.quote is not None
    assert (taken.quote.platform_id, taken.quote.text) == ("", quoted)
    assert taken.quote.of_bot is of_bot


def test_response_urls_do_not_grow_for_ever() -> None:
    replies = Replies(lambda: MORNING)
    for number in range(URLS_A_CHAT + 5):
        replies.keep("wang", f"m{number}", f"u{number}")
    assert replies.take("wang", "m0") == "u5"
    assert replies.take("wang", f"m{URLS_A_CHAT + 1}") == f"u{URLS_A_CHAT + 1}"
    assert replies.take("li", "") == ""


def test_response_urls_age() -> None:
    at = [MORNING]
    replies = Replies(lambda: at[0])
    replies.keep("wang", "m1", "u1")
    at[0] += timedelta(minutes=30)
    replies.keep("wang", "m2", "u2")
    at[0] += timedelta(minutes=30)
    assert [replies.take("wang", ""), replies.take("wang", "")] == ["u2", ""]
