"""公众号: the echo, both modes, what comes in, and what may still be said."""

from __future__ import annotations

import aiohttp
import pytest
from wechatpy.crypto import WeChatCrypto

from bot.channels.wecom.callback import MAX_BODY
from bot.errors import NotConfigured, Rejected, SendError, TryLater
from tests.channels.stand import outbound
from tests.channels.wechat.conftest import Build, mp_section
from tests.fakes.wechat import AES_KEY, APP, NONCE, STAMP, TOKEN, FakeWechat, signature
from tests.fakes.wecom import Fault
from tests.fakes.wecom_people import PNG, tags_of


async def test_the_echo_comes_back_as_it_was(fake: FakeWechat, stand: Build) -> None:
    await stand(mp=mp_section(fake))
    query = {"signature": signature(), "timestamp": STAMP, "nonce": NONCE, "echostr": "8642+ab"}
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{fake.bot}/wechat/mp", params=query) as response:
            assert (response.status, await response.text()) == (200, "8642+ab")
        for change in ({"signature": "0" * 40}, {"nonce": "other"}):
            wrong = {**query, **change}
            async with session.get(f"{fake.bot}/wechat/mp", params=wrong) as response:
                assert (response.status, await response.text()) == (403, "")
        async with session.get(f"{fake.bot}/wechat/mp") as response:
            assert response.status == 403


@pytest.mark.parametrize("sealed", [True, False])
async def test_a_message_is_taken_once(fake: FakeWechat, stand: Build, sealed: bool) -> None:
    made = await stand(mp=mp_section(fake, **({} if sealed else {"aes_key": ""})))
    xml = fake.mp_xml("oOPEN1", "楼道灯坏了 <急>")
    answers = [await fake.mp(xml, sealed) for _ in range(3)]
    assert [(a.status, a.body) for a in answers] == [(200, "")] * 3
    (taken,) = made.taken
    assert (taken.text, taken.is_group, taken.to_me) == ("楼道灯坏了 <急>", False, True)
    assert (taken.conversation, taken.sender) == ("wechat_mp:oOPEN1", "wechat_mp:oOPEN1")


async def test_with_a_key_nothing_plain_is_taken(fake: FakeWechat, stand: Build) -> None:
    made = await stand(mp=mp_section(fake))
    assert (await fake.mp(fake.mp_xml("oOPEN1", "灯坏了"), sealed=False)).status == 403
    assert made.taken == []


async def test_what_was_not_stored_is_sent_again(fake: FakeWechat, stand: Build) -> None:
    made = await stand(mp=mp_section(fake))
    made.broken = 1
    xml = fake.mp_xml("oOPEN1", "灯坏了")
    assert [(await fake.mp(xml)).status for _ in range(2)] == [503, 200]
    assert len(made.taken) == 1


KINDS = [
    ("voice", {"MediaId": "m", "Format": "amr", "Recognition": "灯坏了"}, "灯坏了"),
    ("voice", {"MediaId": "m", "Format": "amr"}, "［语音］"),
    ("video", {"MediaId": "m"}, "［视频］"),
    ("location", {"Label": "示范路7号"}, "位置：示范路7号"),
    ("link", {"Title": "通知", "Url": "http://x"}, "通知"),
]


@pytest.mark.parametrize(("kind", "tags", "text"), KINDS)
async def test_every_kind_of_message(
    fake: FakeWechat, stand: Build, kind: str, tags: dict[str, str], text: str
) -> None:
    made = await stand(mp=mp_section(fake))
    assert (await fake.mp(fake.mp_xml("oOPEN1", kind=kind, **tags))).status == 200
    assert [message.text for message in made.taken] == [text]


async def test_a_picture_is_fetched(fake: FakeWechat, stand: Build) -> None:
    made = await stand(mp=mp_section(fake))
    fake.media["m1"] = PNG
    for number in ("m1", "m2"):
        tags = {"MediaId": number, "PicUrl": "http://x"}
        await fake.mp(fake.mp_xml("oOPEN1", kind="image", **tags))
    assert [(len(m.images), m.text) for m in made.taken] == [(1, ""), (0, "［图片未能下载］")]


async def test_a_picture_is_fetched_with_a_fresh_token(fake: FakeWechat, stand: Build) -> None:
    """公众号 says 40001 for a stale token also where a file is asked for."""
    made = await stand(mp=mp_section(fake))
    await made.channels["wechat_mp"].send(outbound("wechat_mp:oOPEN1", "您好"))
    fake.media["m1"] = PNG
    fake.tokens.clear()
    await fake.mp(fake.mp_xml("oOPEN1", kind="image", MediaId="m1", PicUrl="http://x"))
    assert [len(message.images) for message in made.taken] == [1]
    assert len(fake.called("stable_token")) == 2


async def test_who_follows_is_greeted_and_other_events_are_not_messages(
    fake: FakeWechat, stand: Build
) -> None:
    made = await stand(mp=mp_section(fake))
    answer = await fake.mp(fake.mp_xml("oOPEN1", kind="event", Event="subscribe"))
    outer = tags_of(answer.body)
    plain = WeChatCrypto(TOKEN, AES_KEY, APP).decrypt_message(
        answer.body, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"]
    )
    assert tags_of(plain)["Content"] == "您好，有事请说。"
    assert tags_of(plain)["ToUserName"] == "oOPEN1"
    other = await fake.mp(fake.mp_xml("oOPEN1", kind="event", Event="unsubscribe"))
    assert (other.status, other.body) == (200, "")
    assert made.taken == []


async def test_posts_are_split_and_carry_one_token(fake: FakeWechat, stand: Build) -> None:
    channel = (await stand(mp=mp_section(fake))).channels["wechat_mp"]
    await channel.send(outbound("wechat_mp:oOPEN1", "停水通知。" * 300))
    await channel.send(outbound("wechat_mp:oOPEN1", "已登记 #1"))
    assert len(fake.called("message/custom/send")) == 4
    assert len(fake.called("stable_token")) == 1


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_stale_token_is_fetched_anew_once(
    fake: FakeWechat, stand: Build, code: int
) -> None:
    channel = (await stand(mp=mp_section(fake))).channels["wechat_mp"]
    fake.faults["message/custom/send"].append(Fault(errcode=code))
    await channel.send(outbound("wechat_mp:oOPEN1", "已登记 #1"))
    assert len(fake.called("stable_token")) == 2
    fake.faults["message/custom/send"].extend([Fault(errcode=code)] * 2)
    with pytest.raises(NotConfigured, match=r"channels\.wechat_mp\.secret"):
        await channel.send(outbound("wechat_mp:oOPEN1", "已登记 #1"))
    assert len(fake.called("message/custom/send")) == 4


REFUSALS = [
    (Fault(errcode=48001), NotConfigured, r"channels\.wechat_mp"),
    (Fault(errcode=40164), NotConfigured, "IP白名单"),
    (Fault(errcode=-1), TryLater, "asks to wait"),
    (Fault(errcode=43004), Rejected, "has left"),
    (Fault(errcode=45047), Rejected, "template_id"),
    (Fault(errcode=99999), Rejected, "list of error codes"),
    (Fault(status=500), Rejected, "not repeated"),
]


@pytest.mark.parametrize(("fault", "error", "words"), REFUSALS)
async def test_what_a_refusal_means(
    fake: FakeWechat, stand: Build, fault: Fault, error: type[SendError], words: str
) -> None:
    channel = (await stand(mp=mp_section(fake))).channels["wechat_mp"]
    fake.faults["message/custom/send"].append(fault)
    with pytest.raises(error, match=words):
        await channel.send(outbound("wechat_mp:oOPEN1", "已登记 #1"))


async def test_after_the_window_the_template_goes_out(fake: FakeWechat, stand: Build) -> None:
    section = mp_section(fake, template_id="T1", template_field="thing1")
    channel = (await stand(mp=section)).channels["wechat_mp"]
    fake.closed.add("oOPEN1")
    await channel.send(outbound("wechat_mp:oOPEN1", "已办结 #1"))
    assert [post.how for post in fake.posts] == ["template/send"]
    (body,) = fake.called("message/template/send")
    assert body["data"] == {"thing1": {"value": "已办结 #1"}}


async def test_a_wrong_secret_names_the_setting_and_not_itself(
    fake: FakeWechat, stand: Build
) -> None:
    made = await stand(mp=mp_section(fake, secret="wrong-secret-9"))
    with pytest.raises(NotConfigured, match=r"channels\.wechat_mp\.secret") as caught:
        await made.channels["wechat_mp"].send(outbound("wechat_mp:oOPEN1", "已登记"))
    assert "wrong-secret-9" not in str(caught.value)


@pytest.mark.parametrize("sealed", [True, False])
async def test_doctypes_and_huge_bodies_are_refused(
    fake: FakeWechat, stand: Build, sealed: bool
) -> None:
    made = await stand(mp=mp_section(fake, **({} if sealed else {"aes_key": ""})))
    query = {"signature": signature(), "timestamp": STAMP, "nonce": NONCE}
    for body in (b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>', b" " * (MAX_BODY + 1)):
        assert (await fake.call("/wechat/mp", query, body)).status == 403
    assert made.taken == []
