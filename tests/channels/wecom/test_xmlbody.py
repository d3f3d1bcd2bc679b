"""The small XML reader: the same as wechatpy's on real bodies, and deaf to everything clever."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.enterprise import parse_message

from bot.channels.wecom.xmlbody import MAX_NODES, BadXml, Node, parse, render, text_of

TEXT = (
    "<xml><ToUserName><![CDATA[ww00112233445566aa]]></ToUserName>"
    "<FromUserName>wanggeyuan01</FromUserName><CreateTime>1763700000</CreateTime>"
    "<MsgType>text</MsgType><Content><![CDATA[3号楼电梯<停>了 & 灯]]></Content>"
    "<MsgId>7234567890123456789</MsgId><AgentID>1000007</AgentID></xml>"
)
CLICK = (
    "<xml><FromUserName>u1</FromUserName><MsgType>event</MsgType><CreateTime>1</CreateTime>"
    "<Event>template_card_event</Event><EventKey>k</EventKey><TaskId>t</TaskId>{items}</xml>"
)
ONE = "<SelectedItem><QuestionKey>q</QuestionKey><OptionIds><OptionId>a</OptionId></OptionIds>"
ITEMS = {
    "none": "<SelectedItems></SelectedItems>",
    "one": f"<SelectedItems>{ONE}</SelectedItem></SelectedItems>",
    "many": f"<SelectedItems>{ONE}</SelectedItem>{ONE}</SelectedItem></SelectedItems>",
}
NAMES = st.sampled_from(["Content", "MsgId", "Label", "Title", "FromUserName", "AgentID"])
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60)


def reference(xml: str) -> dict[str, Any]:
    """wechatpy's reading, with its None for empty tags as ""."""

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [filled(one) for one in value]
        return value or ""

    found: dict[str, Any] = filled(dict(parse_message(xml)._data))
    return found


def plain(value: Any) -> Any:
    return {key: plain(one) for key, one in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize("xml", [TEXT, *(CLICK.format(items=items) for items in ITEMS.values())])
def test_it_reads_what_wechatpy_reads(xml: str) -> None:
    assert parse(xml.encode()) == reference(xml)


@given(st.dictionaries(NAMES, VALUES, max_size=6), st.booleans())
def test_it_reads_generated_bodies_as_wechatpy_does(tags: dict[str, str], cdata: bool) -> None:
    def leaf(text: str) -> str:
        return f"<![CDATA[{text}]]>" if cdata and "]]>" not in text else escape(text)

    body = "".join(f"<{tag}>{leaf(text)}</{tag}>" for tag, text in tags.items())
    xml = f"<xml><MsgType>text</MsgType>{body}</xml>"
    assert parse(xml.encode()) == reference(xml)


BOMB = "".join(f'<!ENTITY l{n} "&l{n - 1};&l{n - 1};&l{n - 1};">' for n in range(1, 40))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "text",
        "<xml>",
        "<xml></xml><xml></xml>",
        "<other><a>1</a></other>",
        "<xml>only text</xml>",
        "<!DOCTYPE xml><xml><a>1</a></xml>",
        '<!DOCTYPE xml [<!ENTITY a "x">]><xml><a>&a;</a></xml>',
        '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><a>&a;</a></xml>',
        f'<!DOCTYPE xml [<!ENTITY l0 "lol">{BOMB}]><xml><a>&l39;</a></xml>',
        "<?php x ?><xml><a>1</a></xml>",
        "<xml><a>&nope;</a></xml>",
        f"<xml>{'<a>' * 20}{'</a>' * 20}</xml>",
        f"<xml>{'<a>1</a>' * (MAX_NODES + 1)}</xml>",
        "<xml><a>\x00</a></xml>",
    ],
)
def test_everything_clever_is_refused(body: str) -> None:
    with pytest.raises(BadXml):
        parse(body.encode())


@pytest.mark.parametrize("data", [b"\xff\xfe<xml/>", b"<xml><a>\xff</a></xml>", b"\x00" * 50])
def test_broken_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(BadXml):
        parse(data)


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with suppress(BadXml):
        parse(data)


def test_a_megabyte_is_read_in_time() -> None:
    start = time.process_time()
    parse(f"<xml><a>{'灯' * 300_000}</a></xml>".encode())
    assert time.process_time() - start < 1


@pytest.mark.parametrize("node", [{"a": {"b": "1"}}, {"a": ["1", "2"]}])
def test_a_branch_is_no_text(node: Node) -> None:
    with pytest.raises(BadXml):
        text_of(node, "a")
    assert text_of(node, "missing") == ""


@given(VALUES)
def test_what_is_rendered_reads_back(text: str) -> None:
    answer = render({"Content": f"{text}]]>{text}", "CreateTime": 7})
    assert parse(answer.encode()) == {"Content": f"{text}]]>{text}".strip(), "CreateTime": "7"}
