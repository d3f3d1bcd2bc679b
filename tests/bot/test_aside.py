"""What was put aside: listed with its reason, tried again, with a warning where due."""

from __future__ import annotations

import pytest

from bot import aside
from bot.clock import ManualClock
from bot.delivery import Delivery
from bot.errors import MAY_HAVE_ARRIVED, GridbotError, NotConfigured, Rejected
from bot.settings import DeliverySection
from storage.outbox import OutRow
from storage.store import Store
from tests.bot.loops import Wire, put, row, said, states

UNCLEAR = Rejected(f"message/send: no clear answer; not repeated, since {MAY_HAVE_ARRIVED}")


class Lines(list[str]):
    """What would have been printed."""

    @property
    def text(self) -> str:
        return "\n".join(self)


async def given_up(store: Store, clock: ManualClock) -> tuple[Delivery, Wire, list[OutRow]]:
    """Three dead posts: a missing setting, one that may have arrived, a refusal."""
    wire = Wire()
    rows = [row(f"local:g{n}", text) for n, text in enumerate(["没配好", "不清楚", "太长了"])]
    faults = [NotConfigured("channels.x.secret is wrong"), UNCLEAR, Rejected("too long")]
    wire.script = {r.message.text: [f] for r, f in zip(rows, faults, strict=True)}
    await put(store, *rows)
    work = Delivery(store, {"local": wire}, clock, DeliverySection())
    await work.once()
    assert await states(store) == {"dead": 3}
    return work, wire, rows


async def test_dead_posts_are_listed_with_reason_and_warning(
    store: Store, noon: ManualClock
) -> None:
    _, _, rows = await given_up(store, noon)
    out = Lines()
    assert await aside.dead_posts(store, out.append) == 0
    for one in rows:
        assert f"{one.message.id} → " in out.text
    assert "channels.x.secret is wrong" in out.text
    assert out.text.count("⚠ 可能已经送达") == 1
    assert "⚠" in next(line for line in out if "不清楚" in line)
    assert out[-1].startswith("共3条")


async def test_all_are_sent_again_but_what_may_have_arrived(lite: Store, noon: ManualClock) -> None:
    work, wire, rows = await given_up(lite, noon)
    out = Lines()
    assert await aside.resend(lite, "all", out.append) == 0
    await work.once()
    assert sorted(wire.texts) == ["太长了", "没配好"]
    assert await states(lite) == {"sent": 2, "dead": 1}
    assert "2条重新排队" in out.text
    assert "1条可能已经送达，没有重发" in out.text

    assert await aside.resend(lite, str(rows[1].message.id), out.append) == 0
    await work.once()
    assert await states(lite) == {"sent": 3}, "by its own number, after somebody has looked"


@pytest.mark.parametrize("which", ["", "abc", "-1", "１２", "9" * 40, "ALL"])
async def test_what_is_no_number_is_refused(lite: Store, which: str) -> None:
    with pytest.raises(GridbotError, match="all"):
        await aside.resend(lite, which, print)
    with pytest.raises(GridbotError, match="all"):
        await aside.retry(lite, which, print)


async def test_an_unknown_number_says_so(lite: Store) -> None:
    out = Lines()
    assert await aside.resend(lite, "12", out.append) == 1
    assert await aside.retry(lite, "12", out.append) == 1
    assert out.text.count("没有失败的12") == 2


async def test_dead_messages_are_listed_and_retried(store: Store) -> None:
    messages = [said("m1", "灯坏了"), said("m2", "又坏了"), said("m3", "好的")]
    async with store.write() as tx:
        await tx.inbox.add(messages)
        for message in messages[:2]:
            tx.inbox.bury(message.id, "KeyError")
    out = Lines()
    await aside.dead_messages(store, out.append)
    assert "灯坏了" in out.text
    assert "原因：KeyError" in out.text
    assert "好的" not in out.text
    assert await aside.retry(store, str(messages[0].id), out.append) == 0
    async with store.read() as tx:
        assert await tx.inbox.count_by_state() == {"new": 2, "dead": 1}
    assert await aside.retry(store, "all", out.append) == 0
    async with store.read() as tx:
        assert await tx.inbox.count_by_state() == {"new": 3}


async def test_the_counts_of_check(lite: Store, noon: ManualClock) -> None:
    assert await aside.counts(lite) == [
        "收件：待处理0条，失败0条",
        "发件：待发出0条，等人代发0条，失败0条，其中可能已送达0条",
        "定时任务：失败0条",
    ]
    await given_up(lite, noon)
    async with lite.write() as tx:
        await tx.inbox.add([message := said("m1")])
        tx.inbox.bury(message.id, "KeyError")
    text = "\n".join(await aside.counts(lite))
    assert "失败3条，其中可能已送达1条" in text
    assert "收件：待处理0条，失败1条" in text
    assert "run_bot.py inbox" in text
    assert "outbox --dead" in text


async def test_the_log_tells_an_unclear_end_from_a_refusal(
    lite: Store, noon: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    await given_up(lite, noon)
    told = [line for line in capsys.readouterr().out.splitlines() if "given up" in line]
    assert [("post_unclear" in line) for line in told].count(True) == 1
    assert len(told) == 3
