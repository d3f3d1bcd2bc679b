"""The simulated group as a channel: order, re-sends, quotes, mentions, waiting.

Only the bot behind it is an echo; its page is tried in test_local_page.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.local import LocalChannel, Post
from bot.channels.local.room import KEPT, Room, split_mention, with_mentions
from bot.errors import NotConfigured, Rejected
from routing.message import Inbound, Outbound, Quote
from tests.channels.local_group import GROUP, LEADER, WANG, Echo, make_channel


@pytest.fixture
async def channel(tmp_path: Path) -> AsyncIterator[LocalChannel]:
    made = make_channel(tmp_path)
    yield made
    await made.aclose()


@pytest.fixture
async def echo(channel: LocalChannel) -> Echo:
    bot = Echo(channel)
    await channel.start(bot.accept)
    return bot


# --- what people say ---------------------------------------------------------------------------


async def test_a_message_becomes_an_inbound_with_everything_the_bot_needs(
    channel: LocalChannel, echo: Echo
) -> None:
    identity = await channel.say(WANG, GROUP, " @小格 楼道灯坏了 ", images=["media:x"])
    (inbound,) = echo.inbox
    assert inbound == Inbound(
        id=1,
        channel="local",
        platform_id=identity,
        conversation=GROUP,
        is_group=True,
        sender=WANG,
        sender_name="小王",
        text="楼道灯坏了",
        received_at=datetime(2025, 11, 21, 4, 0, 1, tzinfo=UTC),
        to_me=True,
        images=("media:x",),
    )
    assert [post.text for post in channel.history(GROUP)] == [" @小格 楼道灯坏了 "]


async def test_a_one_to_one_message_is_always_to_the_bot(channel: LocalChannel, echo: Echo) -> None:
    await channel.say(WANG, WANG, "老板欠我工资")
    (inbound,) = echo.inbox
    assert (inbound.conversation, inbound.is_group, inbound.to_me) == (WANG, False, True)
    assert channel.history(GROUP) == []


async def test_a_resend_is_accepted_again_and_shown_once(channel: LocalChannel, echo: Echo) -> None:
    first = await channel.say(WANG, GROUP, "灯坏了", platform_id="p-1")
    again = await channel.say(WANG, GROUP, "灯坏了", platform_id="p-1")
    assert first == again == "p-1"
    assert len(echo.inbox) == len(channel.history(GROUP)) == 1


async def test_two_resends_at_once_are_shown_once(channel: LocalChannel, echo: Echo) -> None:
    await asyncio.gather(*(channel.say(WANG, GROUP, "灯坏了", platform_id="p-1") for _ in range(5)))
    assert len(channel.history(GROUP)) == 1


async def test_a_message_that_was_not_stored_is_not_shown(
    channel: LocalChannel, echo: Echo
) -> None:
    echo.fault = OSError("disk full")
    with pytest.raises(OSError, match="disk full"):
        await channel.say(WANG, GROUP, "灯坏了", platform_id="p-1")
    assert channel.history(GROUP) == []
    echo.fault = None
    await channel.say(WANG, GROUP, "灯坏了", platform_id="p-1")
    assert len(channel.history(GROUP)) == 1


async def test_the_answer_stands_below_the_message_even_when_it_overtakes_it(
    channel: LocalChannel, echo: Echo
) -> None:
    echo.answers = True
    await channel.say(WANG, GROUP, "灯坏了")
    assert [post.text for post in channel.history(GROUP)] == ["灯坏了", "收到：灯坏了"]


async def test_quotes_name_what_they_answer(channel: LocalChannel, echo: Echo) -> None:
    mine = await channel.say(WANG, GROUP, "灯坏了")
    bots = await channel.send(Outbound(7, GROUP, "已登记 #1", quote_id=mine))
    await channel.say(LEADER, GROUP, "确认", quote=bots)
    await channel.say(LEADER, GROUP, "我去看看", quote=mine)
    await channel.say(LEADER, GROUP, "早就忘了的", quote="b-99")
    await channel.say(LEADER, LEADER, "别的会话里的", quote=mine)
    quotes = [inbound.quote for inbound in echo.inbox]
    assert quotes == [
        None,
        Quote("b-7", "已登记 #1", of_bot=True),
        Quote(mine, "灯坏了", of_bot=False),
        Quote("b-99", "", of_bot=True),
        Quote(mine, "", of_bot=False),
    ]
    posted = channel.history(GROUP)[1]
    assert (posted.quote, posted.quote_name) == (Quote(mine, "灯坏了", of_bot=False), "小王")


@pytest.mark.parametrize(
    ("account", "conversation", "text"),
    [
        (WANG, "local:nowhere", "在吗"),
        (WANG, LEADER, "别人的单聊"),
        (WANG, GROUP, "长" * 7000),
    ],
)
async def test_say_refuses_what_no_page_could_send(
    channel: LocalChannel, echo: Echo, account: str, conversation: str, text: str
) -> None:
    with pytest.raises(ValueError, match=r"conversation|bytes"):
        await channel.say(account, conversation, text)
    assert echo.inbox == []


async def test_say_before_start_names_the_missing_step(channel: LocalChannel) -> None:
    with pytest.raises(NotConfigured, match="start"):
        await channel.say(WANG, GROUP, "灯坏了")


# --- what the bot posts ------------------------------------------------------------------------


async def test_the_bot_mentions_people_by_name_once(channel: LocalChannel) -> None:
    await channel.send(Outbound(1, GROUP, "请处理 #1", mentions=(LEADER, LEADER, "local:zhao")))
    await channel.send(Outbound(2, GROUP, "@老李 请确认", mentions=(LEADER,)))
    texts = [post.text for post in channel.history(GROUP)]
    assert texts == ["@老李 @zhao 请处理 #1", "@老李 请确认"]


async def test_the_same_post_sent_twice_is_shown_once(channel: LocalChannel) -> None:
    post = Outbound(1, GROUP, "已登记 #1")
    assert await channel.send(post) == await channel.send(post) == "b-1"
    assert len(channel.history(GROUP)) == 1


@pytest.mark.parametrize(("to", "text"), [("wecom:g-1", "走错了"), (GROUP, "长" * 7000)])
async def test_a_post_that_cannot_be_shown_is_rejected(
    channel: LocalChannel, to: str, text: str
) -> None:
    with pytest.raises(Rejected):
        await channel.send(Outbound(1, to, text))


async def test_listeners_hear_new_posts_until_they_leave(channel: LocalChannel) -> None:
    heard: list[str] = []
    leave = channel.subscribe(lambda post: heard.append(post.text))
    await channel.send(Outbound(1, GROUP, "一"))
    leave()
    await channel.send(Outbound(2, GROUP, "二"))
    assert heard == ["一"]


async def test_history_can_be_shown_again_after_a_restart(
    channel: LocalChannel, echo: Echo
) -> None:
    noon = datetime(2025, 11, 20, 4, tzinfo=UTC)
    old = Post(900, "b-5", GROUP, "", "小格", "已登记 #1", noon, of_bot=True)
    channel.preload([old])
    await channel.say(WANG, GROUP, "办结了吗", quote="b-5")
    assert [post.text for post in channel.history(GROUP)] == ["已登记 #1", "办结了吗"]
    assert echo.inbox[0].quote == Quote("b-5", "已登记 #1", of_bot=True)


def test_a_room_keeps_only_its_newest_posts() -> None:
    room, at = Room(), datetime(2025, 11, 21, tzinfo=UTC)
    for order in range(KEPT + 3):
        room.add(Post(order, str(order), GROUP, WANG, "小王", "喂", at))
    assert [len(room.posts), len(room.by_id), room.posts[0].order] == [KEPT, KEPT, 3]


# --- mentions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "text", "to_me"),
    [
        ("@小格\u2005进度", "进度", True),
        ("@小格\u3000进度", "进度", True),
        ("@小格 进度", "进度", True),
        ("@小格进度", "进度", True),
        ("＠小格，进度", "进度", True),
        ("@网格助手 进度", "进度", True),
        ("@小格", "", True),
        ("  @小格  ", "", True),
        ("灯坏了 @小格", "灯坏了", True),
        ("灯坏了", "灯坏了", False),
        ("@老李 灯坏了", "@老李 灯坏了", False),
        ("@小格格 你家灯亮着", "@小格格 你家灯亮着", False),
        ("让小格看看", "让小格看看", False),
        ("小格", "小格", False),
        ("", "", False),
    ],
)
def test_mentions(said: str, text: str, to_me: bool) -> None:
    assert split_mention(said, ("小格", "网格助手"), ("小格格", "老李")) == (text, to_me)


@given(st.text(max_size=30))
def test_a_text_without_at_is_only_trimmed(text: str) -> None:
    plain, to_me = split_mention(text.replace("@", "").replace("＠", ""), ("小格",))
    assert not to_me
    assert plain in text.replace("@", "").replace("＠", "")


@given(st.text("灯坏了吗", max_size=20), st.sampled_from(["", " ", "\u2005", "\u3000"]))
def test_a_leading_mention_is_always_taken_off(text: str, gap: str) -> None:
    assert split_mention(f"@小格{gap}{text}", ("小格",)) == (text, True)


def test_mentions_of_nobody_change_nothing() -> None:
    assert with_mentions("好的", []) == "好的"
