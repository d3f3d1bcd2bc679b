"""What came in, as the domain sees it: who, where, which words, and what they quote."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.channels.wecom.received import Kind, Maker, Picture, Received, event_id
from routing.message import Quote

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
POSTS = {("wecom_aibot:g1", "已登记 灯"): "p1"}
MAKER = Maker(
    "wecom_aibot", ("小格",), lambda: 42, lambda: NOW, lambda *key: POSTS.get(key, "")
)  # fmt: skip
SAID = Received(Kind.MESSAGE, "m1", "wang", "g1", "@小格 灯坏了")


def test_a_message_of_a_group() -> None:
    made = MAKER.inbound(SAID, images=["media:a"])
    assert (made.id, made.channel, made.platform_id) == (42, "wecom_aibot", "m1")
    assert (made.conversation, made.is_group) == ("wecom_aibot:g1", True)
    assert (made.sender, made.sender_name) == ("wecom_aibot:wang", "wang")
    assert (made.text, made.received_at, made.to_me) == ("灯坏了", NOW, True)
    assert (made.quote, made.images) == (None, ("media:a",))


def test_a_message_one_to_one() -> None:
    made = MAKER.inbound(replace(SAID, chat=""))
    assert (made.conversation, made.is_group) == ("wecom_aibot:wang", False)


def test_the_command_of_a_button_takes_the_place_of_its_key() -> None:
    assert MAKER.inbound(replace(SAID, text="cmd:确认 9"), "确认 9").text == "确认 9"


@pytest.mark.parametrize(
    ("quoted", "quote"),
    [
        ("已登记 灯", Quote("p1", "已登记 灯", of_bot=True)),
        ("@小格 已登记 灯", Quote("p1", "已登记 灯", of_bot=True)),
        ("#12 楼道灯 已办结", Quote("", "#12 楼道灯 已办结", of_bot=True)),
        ("楼下漏水了", Quote("", "楼下漏水了", of_bot=False)),
        ("#楼下# 漏水", Quote("", "#楼下# 漏水", of_bot=False)),
        ("", Quote("", "", of_bot=False)),
    ],
)
def test_a_quote_is_the_bots_own_by_its_words_or_by_a_number(quoted: str, quote: Quote) -> None:
    assert MAKER.inbound(replace(SAID, quote=quoted)).quote == quote


@pytest.mark.parametrize(
    ("text", "quoted", "images", "words"),
    [
        ("@小格", "楼下漏水了", (), "楼下漏水了"),
        ("@小格", "#12 楼道灯", (), ""),
        ("@小格", "楼下漏水了", ("media:a",), ""),
        ("@小格 登记", "楼下漏水了", (), "登记"),
        ("@小格", None, (), ""),
    ],
)
def test_a_bare_mention_speaks_with_the_words_it_quotes(
    text: str, quoted: str | None, images: tuple[str, ...], words: str
) -> None:
    assert MAKER.inbound(replace(SAID, text=text, quote=quoted), images=images).text == words


def test_a_channel_that_remembers_no_posts_knows_them_by_number_only() -> None:
    maker = replace(MAKER, post_of=None)
    quote = maker.inbound(replace(SAID, quote="已登记 灯")).quote
    assert quote == Quote("", "已登记 灯", of_bot=False)


def test_an_event_is_known_by_all_its_parts() -> None:
    assert event_id("a", "b") == event_id("a", "b")
    assert (
        len({event_id("a", "b"), event_id("ab"), event_id("a", "b", ""), event_id("b", "a")}) == 4
    )
    assert event_id("\ud800").startswith("event-")
    assert len(event_id("a")) == len("event-") + 32


def test_nothing_that_was_said_is_logged() -> None:
    assert repr(SAID) == "Received(message, m1)"
    assert repr(Picture("http://x", "key", "id")) == "Picture(…)"
