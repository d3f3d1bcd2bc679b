"""Posts on their way out: byte limits, cards, mentions, and never the same thing twice."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.wecom import cards
from bot.channels.wecom.app import AppChannel
from bot.channels.wecom.posts import KEPT, Posts
from bot.channels.wecom.webhook import POSTS_A_MINUTE, WebhookChannel
from bot.errors import NotConfigured, Rejected, TryLater
from routing.message import Outbound
from tests.channels.stand import outbound
from tests.channels.wecom.conftest import Build, Stand
from tests.channels.wecom.house import aibot_section, app_section, webhook_section
from tests.fakes.wecom import FakeWecom, Fault

OFFER = (
    "【待确认】#12 楼道灯｜3幢2单元，明天10:30前办结\n“灯坏了”\n"
    "属实回复 确认 12，派给物业回复 派单 12；不属实回复 驳回 12 原因"
)
LONG = "灯坏了，请来看看。" * 400


@pytest.fixture
async def both(fake: FakeWecom, stand: Build) -> Stand:
    return await stand(
        wecom_aibot=aibot_section(fake, "callback"),
        wecom_app=app_section(fake),
        wecom_webhook=webhook_section(fake),
    )


def app_of(stand: Stand) -> AppChannel:
    channel = stand.channels["wecom_app"]
    assert isinstance(channel, AppChannel)
    return channel


def webhook_of(stand: Stand) -> WebhookChannel:
    channel = stand.channels["wecom_webhook"]
    assert isinstance(channel, WebhookChannel)
    return channel


# ── the app


async def test_the_app_returns_the_platforms_id(fake: FakeWecom, both: Stand) -> None:
    sent = await app_of(both).send(outbound("wecom_app:wang", "已登记 #1"))
    assert sent.startswith("msg-")
    assert fake.said("wecom_app:wang") == ["已登记 #1"]


@pytest.mark.parametrize("channel", ["wecom_app", "wecom_webhook"])
async def test_a_long_text_goes_in_numbered_parts(
    fake: FakeWecom, both: Stand, channel: str
) -> None:
    place = {"wecom_app": "wecom_app:wang", "wecom_webhook": "wecom_webhook:g1"}[channel]
    await both.channels[channel].send(outbound(place, LONG))
    parts = fake.said(place)
    assert len(parts) > 3
    assert "".join(part.partition("\n")[2] for part in parts) == LONG


async def test_a_part_that_failed_is_tried_again_alone(fake: FakeWecom, both: Stand) -> None:
    post = outbound("wecom_app:wang", LONG)
    fake.faults["message/send"].extend([Fault(), Fault(), Fault(errcode=45009)])
    with pytest.raises(TryLater):
        await app_of(both).send(post)
    await app_of(both).send(post)
    numbers = [part.partition("/")[0] for part in fake.said("wecom_app:wang")]
    assert numbers == [f"（{n}" for n in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("user", ["nobody", "hidden"])
async def test_a_receiver_who_cannot_be_reached_is_refused(both: Stand, user: str) -> None:
    with pytest.raises(Rejected, match="81013"):
        await app_of(both).send(outbound(f"wecom_app:{user}", "您好"))


async def test_a_group_of_the_app_gets_mentions(fake: FakeWecom, both: Stand) -> None:
    place = await app_of(both).create_group("g7", "7幢", "leader", ["leader", "worker"])
    assert place == "wecom_app:chat:g7"
    post = outbound(place, "停水通知", mentions=("wecom_app:wang",))
    await app_of(both).send(post)
    assert fake.posts[-1].body["text"]["mentioned_list"] == ["wang"]
    with pytest.raises(NotConfigured, match=r"86008"):
        await app_of(both).send(outbound("wecom_app:chat:other", "停水通知"))
    with pytest.raises(Rejected):
        await app_of(both).create_group("g7", "7幢", "leader", ["leader", "worker"])


async def test_an_unclear_group_post_is_not_repeated(fake: FakeWecom, both: Stand) -> None:
    fake.groups["g7"] = []
    fake.faults["appchat/send"].append(Fault(status=500, acted=True))
    with pytest.raises(Rejected, match="may have arrived"):
        await app_of(both).send(outbound("wecom_app:chat:g7", "停水通知"))


@pytest.mark.parametrize("channel", ["wecom_app", "wecom_aibot", "wecom_webhook"])
async def test_foreign_conversations_are_refused(both: Stand, channel: str) -> None:
    with pytest.raises(Rejected):
        await both.channels[channel].send(outbound("local:g1", "您好"))


# ── cards


async def test_an_offer_to_one_person_is_a_card(fake: FakeWecom, both: Stand) -> None:
    await app_of(both).send(outbound("wecom_app:leader", OFFER))
    (post,) = fake.posts
    assert post.card["main_title"]["title"] == "【待确认】#12 楼道灯"
    assert "“灯坏了”" in post.text
    assert "属实回复" not in post.text
    keys = [b["key"] for b in post.card["button_list"]]
    assert keys == ["cmd:确认 12", "cmd:驳回 12", "cmd:改类 12", "cmd:办结 12"]


async def test_what_does_not_fit_on_a_card_goes_before_it(fake: FakeWecom, both: Stand) -> None:
    text = OFFER.replace("灯坏了", "灯坏了三天了，晚上看不见路" * 12)
    await app_of(both).send(outbound("wecom_app:leader", text))
    assert [post.kind for post in fake.posts] == ["text", "template_card"]
    assert fake.posts[0].text == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (OFFER, "12"),
        ("属实回复 确认 3", "3"),
        ("回复 确认 3 或 回复 确认 4", ""),
        ("确认 12｜驳回 12 原因", ""),
        ("已登记 #12", ""),
        ("", ""),
    ],
)
def test_only_one_clear_offer_makes_a_card(text: str, number: str) -> None:
    assert cards.offered(text) == number


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("cmd:确认 12", "确认 12"), ("cmd:办结 1", "办结 1"), ("done", ""), ("cmd:销号 1", ""),
        ("cmd:确认 12 13", ""), ("确认 12", ""), ("", ""),
    ],
)  # fmt: skip
def test_only_our_keys_are_commands(key: str, command: str) -> None:
    assert cards.command_of(key) == command


def test_an_unknown_card_is_named_by_its_number() -> None:
    titles = cards.Titles()
    titles.keep(cards.decision(OFFER, "12", "t1", "小格"))
    assert titles.after("t1", "确认 12", "小格")["main_title"]["title"] == "【待确认】#12 楼道灯"
    assert titles.after("t2", "确认 12", "小格")["main_title"]["title"] == "事项 #12"


def test_titles_do_not_grow_for_ever() -> None:
    titles = cards.Titles()
    card = cards.decision(OFFER, "12", "t", "小格")
    for number in range(cards.KEPT + 5):
        titles.keep({**card, "task_id": f"t{number}"})
    assert titles.after("t0", "确认 12", "小格")["main_title"]["title"] == "事项 #12"


# ── the webhook


async def test_a_robot_posts_at_most_18_a_minute(fake: FakeWecom, both: Stand) -> None:
    for number in range(POSTS_A_MINUTE):
        await webhook_of(both).send(outbound("wecom_webhook:g1", f"第{number}条"))
    with pytest.raises(TryLater) as caught:
        await webhook_of(both).send(outbound("wecom_webhook:g1", "多了"))
    assert 0 < caught.value.after_s <= 60
    assert len(fake.posts) == POSTS_A_MINUTE


async def test_a_robot_mentions_by_user_id(fake: FakeWecom, both: Stand) -> None:
    mentions = ("wecom_webhook:li",)
    await webhook_of(both).send(outbound("wecom_webhook:g1", "请看", mentions=mentions))
    assert fake.posts[-1].body["text"]["mentioned_list"] == ["li"]


async def test_an_unknown_or_revoked_robot_names_the_setting(fake: FakeWecom, both: Stand) -> None:
    with pytest.raises(NotConfigured, match="robots"):
        await webhook_of(both).send(outbound("wecom_webhook:g9", "您好"))
    fake.robots.clear()
    with pytest.raises(NotConfigured, match="robots") as caught:
        await webhook_of(both).send(outbound("wecom_webhook:g1", "您好"))
    assert "key-" not in str(caught.value)


async def test_an_unclear_robot_post_is_not_repeated(fake: FakeWecom, both: Stand) -> None:
    fake.faults["webhook/send"].append(Fault(status=502, acted=True))
    with pytest.raises(Rejected, match="may have arrived"):
        await webhook_of(both).send(outbound("wecom_webhook:g1", "您好"))


async def test_posts_do_not_grow_for_ever() -> None:
    posts = Posts()
    taken: list[int] = []

    async def step() -> str:
        taken.append(1)
        if len(taken) % 2 == 0:
            raise TryLater(1.0, "later")
        return ""

    for number in range(KEPT + 1):
        posts.keep("c", f"第{number}条", f"o{number}")
        with pytest.raises(TryLater):
            await posts.deliver(Outbound(number, "c", "x"), [step, step])
    assert posts.id_of("c", "第0条") == ""
    assert posts.id_of("c", f"第{KEPT}条") == f"o{KEPT}"
    assert len(posts._done) == KEPT
    taken.clear()
    assert await posts.deliver(Outbound(KEPT, "c", "x"), [step, step]) == f"o{KEPT}"
    assert len(taken) == 1, "the first step was taken before"


def test_capabilities_say_what_each_can(both: Stand) -> None:
    seen = {name: channel.capabilities for name, channel in both.channels.items()}
    assert {name for name, one in seen.items() if one.can_push} == {"wecom_webhook", "wecom_app"}
    assert not seen["wecom_webhook"].can_direct
    assert {one.max_text_bytes for one in seen.values()} == {20_000}


async def test_many_posts_at_once_each_arrive(fake: FakeWecom, both: Stand) -> None:
    app = app_of(both)
    posts = [outbound(f"wecom_app:u{n}", f"第{n}条") for n in range(30)]
    await asyncio.gather(*(app.send(post) for post in posts))
    assert len(fake.posts) == 30
