"""What happens to the cards of the other leaders once one of them has chosen."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.wecom.card_codes import KEPT, SentCards
from bot.channels.wecom.cards import decision
from tests.channels import golden
from tests.channels.stand import outbound
from tests.channels.wecom.conftest import Build, Stand
from tests.channels.wecom.house import app_section
from tests.channels.wecom.test_sending import OFFER
from tests.fakes.wecom import FakeWecom, Fault
from tests.fakes.wecom_people import app_click

OTHER = OFFER.replace("12", "13")


@pytest.fixture
async def app(fake: FakeWecom, stand: Build) -> Stand:
    return await stand(wecom_app=app_section(fake))


async def offered(app: Stand, fake: FakeWecom, user: str, text: str = OFFER) -> dict[str, Any]:
    await app.channels["wecom_app"].send(outbound(f"wecom_app:{user}", text))
    return fake.posts[-1].card


async def test_the_others_are_told_once(app: Stand, fake: FakeWecom) -> None:
    card = await offered(app, fake, "leader")
    second = await offered(app, fake, "leader2")
    await offered(app, fake, "leader2", OTHER)
    click = app_click(fake, "leader", card, "确认")
    assert (await app.platform.app(click)).xml["ReplaceName"] == "已选：确认"
    shown = await fake.expect("update:wecom_app:leader2")
    assert shown.text == "同事已选：确认"
    (body,) = fake.called("message/update_template_card")
    assert body | {"response_code": ""} == golden.expected("wecom/out/update_template_card")
    again = await app.platform.app(app_click(fake, "leader2", second, "驳回"))
    assert again.xml["ReplaceName"] == "已选：驳回"
    assert len(fake.called("message/update_template_card")) == 1


@pytest.mark.parametrize("fault", [Fault(errcode=40058), Fault(status=500)])
async def test_a_card_that_cannot_be_changed_costs_nothing(
    app: Stand, fake: FakeWecom, fault: Fault
) -> None:
    card = await offered(app, fake, "leader")
    await offered(app, fake, "leader2")
    fake.always["message/update_template_card"] = fault
    answer = await app.platform.app(app_click(fake, "leader", card, "确认"))
    assert answer.xml["ReplaceName"] == "已选：确认"
    assert [message.text for message in app.taken] == ["确认 12"]


def test_what_is_remembered_is_bounded_and_used_once() -> None:
    sent = SentCards()
    for number in range(KEPT + 1):
        sent.keep("leader", decision(OFFER, "12", f"t{number}", "小格"), f"code{number}")
    sent.keep("leader", decision(OFFER, "12", "without", "小格"), "")
    assert sent.others("t0") == sent.others("without") == []
    assert len(sent.others("t1")) == KEPT - 1
    assert sent.others("t1") == sent.others("t2") == []
