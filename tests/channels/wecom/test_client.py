"""The API client: one token a secret, one retry, and every outcome told apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.wecom.client import Api, Http
from bot.channels.wecom.errcodes import WECOM, check, code_of
from bot.errors import NotConfigured, Rejected, SendError, TryLater
from tests.fakes.wecom import AGENT, CORP, SECRET, FakeWecom, Fault

SECTION = "channels.wecom_app"
SEND = "/cgi-bin/message/send"


class Clock:
    """Stands still until turned."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 25, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def api(fake: FakeWecom, clock: Clock) -> AsyncIterator[Api]:
    made = Api(fake.base, CORP, SECRET, SECTION, clock.now)
    yield made
    await made.aclose()


def text(content: str = "您好", user: str = "wang") -> dict[str, object]:
    return {"touser": user, "agentid": AGENT, "msgtype": "text", "text": {"content": content}}


async def send(api: Api, content: str = "您好") -> str:
    answer = await api.call(SEND, {**text(content), "enable_duplicate_check": 1}, repeatable=True)
    return str(answer["msgid"])


async def test_one_token_serves_many_calls(fake: FakeWecom, api: Api) -> None:
    await asyncio.gather(*(send(api, f"第{n}条") for n in range(20)))
    assert len(fake.called("gettoken")) == 1


async def test_a_token_is_renewed_before_it_ends(fake: FakeWecom, api: Api, clock: Clock) -> None:
    await send(api)
    clock.at += timedelta(seconds=7200 - 299)
    await send(api)
    assert len(fake.called("gettoken")) == 2


async def test_a_stale_token_is_fetched_again_once(fake: FakeWecom, api: Api) -> None:
    await send(api, "一")
    fake.expire_tokens()
    await send(api, "二")
    assert len(fake.called("gettoken")) == 2
    assert fake.said("wecom_app:wang") == ["一", "二"]


async def test_many_calls_renew_a_stale_token_together(fake: FakeWecom, api: Api) -> None:
    await send(api, "一")
    fake.expire_tokens()
    await asyncio.gather(*(send(api, f"第{n}条") for n in range(10)))
    assert len(fake.called("gettoken")) == 2


async def test_a_permanent_40014_ends_after_two_tries(fake: FakeWecom, api: Api) -> None:
    fake.always["message/send"] = Fault(errcode=40014)
    with pytest.raises(NotConfigured, match=r"channels\.wecom_app\.secret"):
        await send(api)
    assert len(fake.called("message/send")) == 2
    assert len(fake.called("gettoken")) == 2


@pytest.mark.parametrize(
    ("corp", "secret", "key"), [(CORP, "wrong", "secret"), ("wrong", SECRET, "corp_id")]
)
async def test_wrong_credentials_name_the_setting(
    fake: FakeWecom, clock: Clock, corp: str, secret: str, key: str
) -> None:
    api = Api(fake.base, corp, secret, SECTION, clock.now)
    with pytest.raises(NotConfigured, match=rf"channels\.wecom_app\.{key}"):
        await send(api)
    await api.aclose()


CASES = [
    (Fault(errcode=45009), TryLater),
    (Fault(errcode=-1), TryLater),
    (Fault(errcode=60020), NotConfigured),
    (Fault(errcode=48002), NotConfigured),
    (Fault(errcode=44004), Rejected),
    (Fault(errcode=99999), Rejected),
    (Fault(status=404), Rejected),
    (Fault(status=500), TryLater),
    (Fault(hang_up=True), TryLater),
]


@pytest.mark.parametrize(("fault", "kind"), CASES)
async def test_each_fault_is_told_apart(
    fake: FakeWecom, api: Api, fault: Fault, kind: type[SendError]
) -> None:
    fake.faults["message/send"].append(fault)
    with pytest.raises(kind) as caught:
        await send(api)
    assert SECRET not in str(caught.value)
    assert "token-" not in str(caught.value)


async def test_a_repeat_after_an_unclear_answer_is_seen_once(fake: FakeWecom, api: Api) -> None:
    fake.faults["message/send"].append(Fault(status=502, acted=True))
    with pytest.raises(TryLater):
        await send(api)
    await send(api)
    assert fake.said("wecom_app:wang") == ["您好"]


@pytest.mark.parametrize(
    "fault", [Fault(status=502, acted=True), Fault(hang_up=True, acted=True, status=500)]
)
async def test_an_unclear_outcome_without_a_key_is_not_repeated(
    fake: FakeWecom, fault: Fault
) -> None:
    http = Http(fake.base)
    fake.faults["webhook/send"].append(fault)
    with pytest.raises(Rejected, match="may have arrived"):
        await http.post("/cgi-bin/webhook/send", {"msgtype": "text", "text": {"content": "好"}})
    await http.aclose()


async def test_a_slow_platform_is_waited_for_so_long(fake: FakeWecom) -> None:
    http = Http(fake.base, timeout_s=0.1)
    fake.faults["webhook/send"].append(Fault(slow_s=0.4))
    with pytest.raises(Rejected, match="may have arrived"):
        await http.post("/cgi-bin/webhook/send", {"msgtype": "text"})
    await http.aclose()


async def test_an_unreachable_platform_is_tried_later() -> None:
    http = Http("http://127.0.0.1:9")
    with pytest.raises(TryLater, match="api_base"):
        await http.post("/cgi-bin/webhook/send", {})
    await http.aclose()


async def test_media_goes_up_and_comes_down(fake: FakeWecom, api: Api) -> None:
    name = await api.upload("image", "lamp.png", b"\x89PNG data")
    fake.expire_tokens()
    assert await api.download(name, 100) == b"\x89PNG data"


@pytest.mark.parametrize(("media", "most"), [("gone", 100), ("big", 10)])
async def test_media_that_cannot_be_had_is_refused(
    fake: FakeWecom, api: Api, media: str, most: int
) -> None:
    fake.media["big"] = b"x" * 11
    with pytest.raises(Rejected):
        await api.download(media, most)


async def test_media_with_a_token_refused_for_good(fake: FakeWecom, api: Api) -> None:
    fake.always["media/get"] = Fault(errcode=40014)
    with pytest.raises(NotConfigured):
        await api.download("m", 100)
    assert len(fake.called("media/get")) == 2


def test_nothing_secret_is_shown(api: Api) -> None:
    assert SECRET not in repr(api)


@pytest.mark.parametrize("answer", [{"errcode": "0"}, {"errcode": None}, {"errcode": [1]}])
def test_an_odd_errcode_is_no_success(answer: dict[str, object]) -> None:
    assert code_of(answer) == -1
    with pytest.raises(TryLater):
        check(answer, SECTION, "x")


@pytest.mark.parametrize("code", [40001, 40013, 40014, 60020, 93000, 853000, 301002])
def test_what_the_operator_must_change_is_named(code: int) -> None:
    error = WECOM.error(code, SECTION, "x")
    assert isinstance(error, NotConfigured)
    assert SECTION in str(error)
    assert code in WECOM
