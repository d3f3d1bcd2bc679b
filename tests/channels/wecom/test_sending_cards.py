"""Posts that a person sends: the words come to be copied, and a card to say that it is done."""

from __future__ import annotations

import pytest

from bot import texts
from bot.channels.wecom import cards
from tests.channels.stand import outbound
from tests.channels.wecom.conftest import Build, Stand
from tests.channels.wecom.house import aibot_section, app_section
from tests.channels.wecom.test_link import until
from tests.fakes.wecom import FakeWecom
from tests.fakes.wecom_people import aibot_click, aibot_message, app_click

PLEASE = texts.please_send(3, "“7号楼”群", ["已登记 #1 楼道灯", "#2 已办结"], 24, task=False)
WITH_TASK = texts.please_send(3, "“7号楼”群", ["已登记 #1"], 24, task=True)


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        (PLEASE, ("已发",)),
        (WITH_TASK, ("已发", "群发")),
        ("【待确认】#9 楼道灯\n属实回复 确认 9", cards.DECISIONS),
    ],
)
def test_which_buttons_a_post_gets(text: str, verbs: tuple[str, ...]) -> None:
    number = cards.offered(text)
    assert cards.verbs(text, number) == verbs
    card = cards.decision(text, number, "t1", "小格")
    assert [b["key"] for b in card["button_list"]] == [f"cmd:{verb} {number}" for verb in verbs]
    assert [cards.command_of(b["key"]) for b in card["button_list"]] == [
        f"{verb} {number}" for verb in verbs
    ]


@pytest.mark.parametrize("text", [texts.marked_sent(3, 2), texts.NOTHING_WAITS, "已发 3"])
def test_other_words_of_sending_get_no_card(text: str) -> None:
    assert cards.offered(text) == ""


async def test_the_aibot_shows_the_words_and_then_the_card(fake: FakeWecom, stand: Build) -> None:
    bot: Stand = await stand(wecom_aibot=aibot_section(fake, "websocket"))
    await fake.socket.says(aibot_message(fake, "leader", "您好"))
    await until(lambda: bot.taken)
    await bot.channels["wecom_aibot"].send(outbound("wecom_aibot:leader", WITH_TASK))
    words, card = fake.posts
    assert "已登记 #1" in words.text
    assert words.kind == "markdown"
    assert card.kind == "template_card"
    await fake.socket.says(aibot_click(fake, "leader", card.card, "已发"))
    await fake.expect("update:wecom_aibot:leader", "已选择“已发 3”")
    assert bot.taken[-1].text == "已发 3"


async def test_the_app_too(fake: FakeWecom, stand: Build) -> None:
    bot: Stand = await stand(wecom_app=app_section(fake))
    await bot.channels["wecom_app"].send(outbound("wecom_app:leader", PLEASE))
    words, card = fake.posts
    assert "#2 已办结" in words.text
    answer = await bot.platform.app(app_click(fake, "leader", card.card, "已发"))
    assert answer.status == 200
    assert bot.taken[-1].text == "已发 3"
