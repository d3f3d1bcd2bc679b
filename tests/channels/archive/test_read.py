"""Golden files of archive records, and that any record is read or refused."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom.archive_read import Entry, Sort, read
from bot.channels.wecom.received import Malformed
from bot.errors import NeedsHuman
from routing.message import Outbound
from tests.channels import golden
from tests.channels.archive.conftest import ROOM, Archive, Platform, record
from tests.channels.mutations import replaced


def shown(entry: Entry) -> dict[str, Any]:
    """What golden files say: the fields that are set."""
    media = [[m.fileid, m.number, m.md5, m.voice] for m in entry.media]
    return {key: value for key, value in (asdict(entry) | {"media": media}).items() if value}


@pytest.mark.parametrize("name", golden.names("archive"))
def test_a_record_is_read(name: str) -> None:
    entry = read(golden.incoming("archive", name))
    assert shown(entry) == golden.expected(f"archive/{name}.event")


def test_every_documented_kind_has_its_file() -> None:
    kinds = {golden.incoming("archive", n).get("msgtype") for n in golden.names("archive")}
    assert kinds >= {
        "text", "image", "voice", "video", "file", "mixed", "link", "location", "revoke", "agree",
        "disagree", "chatrecord", "vote", "markdown", "news", "sphfeed", "weapp", "card",
    }  # fmt: skip


async def test_the_archives_calls(archive: Archive, platform: Platform) -> None:
    platform.agreed = {"wmA": "Agree"}
    archive.put(record("wmA", "灯坏了"))
    archive.put(record("wmB", "灯坏了", room=""))
    await archive.sync()
    await archive.channel.send(Outbound(1, f"wecom_archive:task:leader:{ROOM}", "停水通知"))
    with pytest.raises(NeedsHuman):
        await archive.channel.send(Outbound(2, f"wecom_archive:{ROOM}", "停水通知"))
    assert [list(call) for call in platform.calls] == golden.expected("archive/out/calls")


values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)
BASES = golden.contents("archive")


@given(base=st.sampled_from(BASES), data=st.data())
def test_any_record_is_read_or_malformed(base: str, data: st.DataObject) -> None:
    body = replaced(json.loads(base), data, values)
    try:
        entry = read(body)
    except Malformed:
        return
    assert entry.sort in Sort
    assert not entry.text or entry.text not in repr(entry)
    assert all(media.fileid and 1 <= media.number <= 9 for media in entry.media)
