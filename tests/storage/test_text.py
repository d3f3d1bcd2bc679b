"""Whatever people type can be stored, searched for and read back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.message import Outbound, Quote
from routing.ticket import Action
from storage.clean import clean, is_clean
from storage.columns import to_json
from storage.store import Store
from storage.talks import Talk
from tests.storage.samples import GROUP, IDS, NOW, inbound, later, moved, opened, post

LONG = "楼道灯坏了。" * 3_500
KEPT = [
    "", "🏮👨‍👩‍👧‍👦", "𠮷野家", "line\nbreak\ttab\r", "'); DROP TABLE inbox;--",
    "<script>alert(1)</script>", "%_\\", '{"a": [1]}', "\u202e\ufeff\u200b", LONG,
]  # fmt: skip
CHANGED = [
    ("a\0b", "a\ufffdb"), ("\0", "\ufffd"), ("\ud800", "\ufffd"), ("x\udfffy\0", "x\ufffdy\ufffd"),
    ("\ud83c\udfee", "🏮"),
]  # fmt: skip


@pytest.mark.parametrize(("dirty", "stored"), CHANGED)
def test_what_no_engine_can_hold_is_replaced(dirty: str, stored: str) -> None:
    assert clean(dirty) == stored


@given(st.text())
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert clean(text.replace("\0", "")) == text.replace("\0", "")


@given(st.text(st.characters()))
def test_clean_text_can_be_encoded_and_stays_clean(text: str) -> None:
    once = clean(text)
    assert "\0" not in once
    assert once.encode().decode() == once
    assert clean(once) == once
    assert is_clean([(1, None, once)])
    assert is_clean([(text, 1), ("楼",)]) is (text == once)


@pytest.mark.parametrize(("text", "stored"), [*((t, t) for t in KEPT), *CHANGED])
async def test_every_text_of_a_message(store: Store, text: str, stored: str) -> None:
    message = inbound(
        f"m{text[:99]}", f"local:{text[:99]}", sender_name=text, text=text,
        quote=Quote("p", text, of_bot=True), images=(text,),
    )  # fmt: skip
    async with store.write() as tx:
        assert await tx.inbox.add([message]) == {message.id}
        assert await tx.inbox.add([replace(message, id=IDS.new())]) == set()
    async with store.write() as tx:
        (found,) = await tx.inbox.claim("w", NOW, 30, 1)
        assert (found.text, found.sender_name) == (stored, stored)
        assert found.conversation == f"local:{clean(text[:99])}"
        assert await tx.inbox.by_platform_id("local", message.platform_id) == found
        tx.inbox.done(found.id, text)


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "'\"<b>", LONG])
async def test_every_other_text(store: Store, text: str) -> None:
    async with store.write() as tx:
        tx.outbox.put(post(message := f"local:{text[:9]}", text, slot=text[:99]))
        tx.jobs.put(text[:99], text[:99], NOW, {text: text})
        tx.talks.put(Talk(message, text[:99], later(9), asks=text, data={text: [text]}))
    async with store.write() as tx:
        (row,) = await tx.outbox.claim(NOW, 9)
        tx.outbox.bury(row.message.id, text)
        (job,) = await tx.jobs.due(NOW, 9)
        tx.jobs.fail(job.id, text, None)
        (window,) = (await tx.talks.of([clean(message)])).values()
    assert row.message == Outbound(row.message.id, clean(message), clean(text))
    assert (job.data, window.data) == ({text: text}, {text: [text]})
    assert (job.key, window.asks) == (clean(text[:99]), clean(text))


@pytest.mark.parametrize("text", ["a\0b", "\ud800", LONG, "'\"<b>"])
async def test_a_ticket_with_any_text_verifies(store: Store, text: str) -> None:
    ticket, event = opened(text=text, place=text[:50], images=(text,))
    urged, note = moved(ticket, Action.URGE, note=clean(text), result_text=text)
    async with store.write() as tx:
        tx.tickets.put(ticket, event)
        tx.tickets.put(urged, note)
    async with store.read() as tx:
        await tx.tickets.verify(ticket.id)
        (found,) = await tx.tickets.alive_in([GROUP])
        assert found.text == clean(text)
        assert [e.note for e in await tx.tickets.events(ticket.id)][1] == clean(text)


@pytest.mark.parametrize(("by", "note"), [("local:li", "a\0b"), ("local:\ud800", "")])
async def test_an_event_that_could_not_be_kept_word_for_word_is_refused(
    store: Store, by: str, note: str
) -> None:
    ticket, _ = opened()
    async with store.write() as tx:
        with pytest.raises(ValueError, match="clean"):
            tx.tickets.put(*moved(ticket, Action.URGE, by, note=note))


@pytest.mark.parametrize(
    ("value", "text"),
    [((), "[]"), ([], "[]"), (("楼",), '["楼"]'), ({}, "{}"), (["\ud800"], '["\\ud800"]')],
)
def test_json_is_readable_where_it_can_be(value: object, text: str) -> None:
    assert to_json(value) == text
