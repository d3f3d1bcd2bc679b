"""The bytes of a picture: inline text is decoded strictly, and only allowed hosts are asked."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, cast

import pytest

from bot.channels.onebot import pictures
from bot.channels.onebot.caller import Caller
from bot.channels.onebot.dialect import Action
from bot.channels.onebot.pictures import _allowed, _decoded, fetch
from bot.errors import Rejected

HOSTS = ("pictures.example", ".cdn.example")
DATA = b"\xff\xd8picture"
CODED = base64.b64encode(DATA).decode()
NOBODY = cast(Caller, None)


class Asked:
    """What a bridge answers to get_file."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.answer, self.actions = answer, list[Action]()

    async def __call__(self, action: Action) -> Mapping[str, Any]:
        self.actions.append(action)
        return self.answer


@pytest.mark.parametrize(
    "url",
    [
        "http://pictures.example/a.jpg", "https://pictures.example:8443/a?x=1",
        "https://one.cdn.example/a", "https://two.one.cdn.example/a",
    ],
)  # fmt: skip
def test_allowed_hosts_are_asked(url: str) -> None:
    assert str(_allowed(url, HOSTS)) == url


@pytest.mark.parametrize(
    "url",
    [
        "", "a.jpg", "ftp://pictures.example/a", "file:///etc/passwd", "http://other.example/a",
        "http://pictures.example.evil/a", "http://xpictures.example/a", "http://cdn.example/a",
        "http://sub.pictures.example/a", "http://user@other.example/pictures.example",
        "http://[::1]/a", "http://127.0.0.1/a", "http://pictures.example\\@evil/a", "http://[",
    ],
)  # fmt: skip
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(Rejected, match="picture"):
        _allowed(url, HOSTS)


@pytest.mark.parametrize("text", ["", "###", "QUJ", "QU JD", "图"])
def test_what_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match="picture"):
        _decoded(text)


def test_a_picture_is_taken_up_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_IMAGE_BYTES", 9)
    assert _decoded(base64.b64encode(b"123456789").decode()) == b"123456789"
    with pytest.raises(Rejected, match="over 10 MB"):
        _decoded("A" * 17)


@pytest.mark.parametrize("data", [{"file": f"base64://{CODED}"}, {"url": f"base64://{CODED}"}])
async def test_inline_pictures_ask_nobody(data: Mapping[str, str]) -> None:
    asked = Asked({})
    assert await fetch({**data, "file_id": "f1"}, HOSTS, NOBODY, asked) == DATA
    assert asked.actions == []


async def test_a_file_is_asked_of_the_bridge() -> None:
    asked = Asked({"data": {"data": CODED}})
    assert (
        await fetch({"file_id": "f1", "url": "http://other.example"}, HOSTS, NOBODY, asked) == DATA
    )
    assert asked.actions == [Action("get_file", {"file_id": "f1", "type": "data"})]


@pytest.mark.parametrize("answer", [{}, {"data": None}, {"data": {}}, {"data": {"data": "#"}}])
async def test_a_bridge_without_the_file_is_refused(answer: Mapping[str, Any]) -> None:
    with pytest.raises(Rejected, match="picture"):
        await fetch({"file_id": "f1"}, HOSTS, NOBODY, Asked(answer))


@pytest.mark.parametrize("data", [{}, {"file": "a.jpg"}, {"url": "http://other.example/a"}])
async def test_a_picture_from_nowhere_is_refused(data: Mapping[str, str]) -> None:
    with pytest.raises(Rejected, match="media_hosts"):
        await fetch(data, HOSTS, NOBODY, Asked({}))
