"""Mentions, splitting and what a resident's words may do in markdown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom.markup import harmless, set_apart, with_mentions
from bot.channels.wecom.mentions import (
    MAX_TEXT,
    clean,
    fingerprint,
    strip_mention,
)  # fmt: skip
from bot.channels.wecom.split import cut, shorten, split

TEXTS = st.text(st.characters(codec="utf-8"), max_size=400)


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("@小格 停车", "停车"),
        ("@小格\u2005停车", "停车"),
        ("@小格\u3000停车", "停车"),
        ("＠小格　停车", "停车"),
        ("@小格，停车", "停车"),
        ("@小格停车", "停车"),
        ("停车 @小格", "停车"),
        ("停车@小格\u2005", "停车"),
        ("停车 @小格\u2005在东门", "停车 在东门"),
        ("@网格助手 停车", "停车"),
        ("@小格", ""),
        ("  @小格  ", ""),
        ("@小格 @小格 停车", "@小格 停车"),
        ("@小格格 停车 @小格", "@小格格 停车"),
        ("找@老王 停车", "找@老王 停车"),
        ("小格 停车", "小格 停车"),
        ("wang@example.com", "wang@example.com"),
        ("", ""),
    ],
)
def test_the_mention_goes_once(text: str, stripped: str) -> None:
    assert strip_mention(text, ["小格", "网格助手"]) == stripped


def test_without_names_nothing_goes() -> None:
    assert strip_mention(" @小格 停车 ", [""]) == "@小格 停车"


@given(TEXTS)
def test_stripping_never_fails_and_never_adds(text: str) -> None:
    assert len(strip_mention(text, ["小格"])) <= len(text)


def test_what_a_database_refuses_is_gone() -> None:
    assert clean("灯\0坏\ud800了") == "灯坏?了"
    assert len(clean("灯" * (MAX_TEXT + 5))) == MAX_TEXT


@given(TEXTS, st.integers(40, 300))
def test_parts_fit_and_lose_nothing(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(len(part.encode()) <= limit for part in parts)
    if len(parts) == 1:
        assert parts == [text]
        return
    bare = [part.partition("\n")[2] for part in parts]
    assert "".join(bare) == text
    assert [part.partition("\n")[0] for part in parts] == [
        f"（{n}/{len(parts)}）" for n in range(1, len(parts) + 1)
    ]


@given(TEXTS, st.integers(4, 60))
def test_pieces_join_to_the_text(text: str, limit: int) -> None:
    pieces = cut(text, limit)
    assert "".join(pieces) == text
    assert all(piece and len(piece.encode()) <= limit for piece in pieces)


def test_a_cut_prefers_the_end_of_a_line() -> None:
    assert cut("第一件办结。\n第二件在办。", 30) == ["第一件办结。\n", "第二件在办。"]


def test_a_limit_below_one_character_is_refused() -> None:
    with pytest.raises(ValueError, match="limit 3 bytes"):
        cut("灯", 3)


@pytest.mark.parametrize(("text", "short"), [("灯坏了", "灯坏了"), ("灯坏了三天了", "灯坏了…")])
def test_shortened_text_shows_that_it_is(text: str, short: str) -> None:
    assert shorten(text, 4 if "…" in short else 6) == short


@pytest.mark.parametrize(
    "evil", ["<@all>", "[点我](http://evil.example)", "<font color='warning'>", "<@leader> 来"]
)
def test_a_resident_cannot_speak_markdown_through_the_bot(evil: str) -> None:
    shown = harmless(f"已登记：{evil}")
    assert not re.search(r"<[@f]|\]\(", shown)


def test_mentions_lead_the_post_once() -> None:
    assert with_mentions("请看", ["u1", "u2", "u1"]) == "<@u1> <@u2> 请看"
    assert with_mentions("请看", []) == "请看"


@pytest.mark.parametrize(
    "seen",
    [
        "已登记 #1 楼道灯，明天办结。",
        "@小王 已登记 #1 楼道灯，明天办结",
        "**已登记** #1 楼道灯 明天办结",
    ],
)
def test_a_quoted_post_is_recognised(seen: str) -> None:
    assert fingerprint(seen) == fingerprint("<@wang> 已登记 #1 楼道灯，明天办结。")


DIGEST = [
    (
        "【示范社区 11月20日】今天没有新的诉求，在办3件，都在期限内。",
        "### 示范社区 11月20日\n今天没有新的诉求，在办**3**件，都在期限内。",
    ),
    (
        "【日报 11月20日】\n新增12件，超期0件。\n1. #7 照明\n· 7幢群：新增1，办结0",
        "### 日报 11月20日\n新增**12**件，超期0件。\n1. #7 照明\n> 7幢群：新增1，办结0",
    ),
    ("没有标题的话 #12件", "没有标题的话 #12件"),
    ("【一】<@all>\n[x](y)", "### 一\n＜@all>\n[x]（y)"),
]


@pytest.mark.parametrize(("text", "shown"), DIGEST)
def test_a_digest_is_set_apart(text: str, shown: str) -> None:
    assert set_apart(text) == shown
