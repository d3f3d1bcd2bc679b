"""Which channels this process has: every one that is switched on, built from its section.

Only here are all kinds of channels known together; starting and stopping them is app.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from bot import texts
from bot.channels.local import LocalChannel, Post
from bot.channels.local.channel import BOT_ID
from bot.clock import ManualClock, SystemClock
from bot.leader import Leadership, process_name
from bot.media import MediaStore
from bot.ports import Channel
from bot.settings import Settings
from routing.message import Inbound, Quote
from routing.roster import Role, Roster
from storage.outbox import OutRow
from storage.store import Store, Transaction

SHOWN: Final = 300
"""Posts of the simulated group that are shown again."""
COPIED: Final = 2_000
"""Posts of a 客户群 that somebody may still copy into it."""
WAITING: Final = "awaiting_human"


def build_channels(
    settings: Settings,
    roster: Roster,
    clock: SystemClock | ManualClock,
    new_id: Callable[[], int],
    store: Store,
) -> dict[str, Channel]:
    """Every channel that is switched on."""
    channels: dict[str, Channel] = {}
    if settings.channels.local.enabled:
        channels["local"] = LocalChannel(
            groups=[
                (g.conversation, g.name)
                for g in roster.parts.groups
                if g.conversation.startswith("local:")
            ],
            people=local_people(roster, clock),
            media=MediaStore.below(settings.bot.data_dir),
            new_id=new_id,
            now=clock.now,
            bot_names=(settings.bot.name,),
            timezone=settings.calendar.timezone,
        )
    own = settings.channels
    platforms = (
        own.wecom_aibot, own.wecom_app, own.wecom_webhook, own.wecom_archive,
        own.wechat_mp, own.wechat_kf, own.onebot,
    )  # fmt: skip
    if any(section.enabled for section in platforms):
        channels |= _platforms(settings, clock, new_id, channels, store)
    return channels


def _platforms(
    settings: Settings,
    clock: SystemClock | ManualClock,
    new_id: Callable[[], int],
    channels: dict[str, Channel],
    store: Store,
) -> dict[str, Channel]:
    """The channels to real platforms, imported only here: a bot without them starts lighter."""
    from bot.channels.onebot import build as onebot  # noqa: PLC0415
    from bot.channels.wechat import build as wechat  # noqa: PLC0415
    from bot.channels.wecom import archive_build as archive  # noqa: PLC0415
    from bot.channels.wecom import build as wecom  # noqa: PLC0415

    around = wecom.Surroundings(
        name=settings.bot.name,
        welcome=texts.HELP_RESIDENT,
        data_dir=settings.bot.data_dir,
        media=MediaStore.below(settings.bot.data_dir),
        new_id=new_id,
        now=clock.now,
    )
    own = settings.channels

    def lead(name: str, lease_s: float) -> Leadership:
        return Leadership(store, name, process_name(), lease_s)

    found = {
        **channels,
        **wecom.build(own.wecom_aibot, own.wecom_app, own.wecom_webhook, around, lead),
    }
    found |= wechat.build(own.wechat_mp, own.wechat_kf, around)
    found |= onebot.build(own.onebot, around)
    return found | archive.build(own.wecom_archive, around, found)


async def remember(channels: Mapping[str, Channel], tx: Transaction) -> None:
    """Tell those channels of before the restart that would otherwise take it for new."""
    local, archive = channels.get("local"), channels.get("wecom_archive")
    if isinstance(local, LocalChannel):
        messages = await tx.inbox.latest("local", SHOWN)
        local.preload(remembered(local, messages, await tx.outbox.latest("local", SHOWN)))
    if archive is not None:
        from bot.channels.wecom.archive import ArchiveChannel  # noqa: PLC0415 - see _platforms

        assert isinstance(archive, ArchiveChannel)
        rows = await tx.outbox.latest("wecom_archive", COPIED)
        rows += await tx.outbox.by_state(WAITING, COPIED)
        archive.remember(row.message for row in rows)


def remembered(
    channel: LocalChannel, messages: Iterable[Inbound], posts: Iterable[OutRow]
) -> list[Post]:
    """What was said in the simulated group before the restart, in the order of time."""
    names = {m.platform_id: m.sender_name for m in messages}
    words = {m.platform_id: m.text for m in messages}
    said = [
        Post(
            0, m.platform_id, m.conversation, m.sender, m.sender_name, m.text, m.received_at,
            quote=m.quote, quote_name=names.get(m.quote.platform_id, "") if m.quote else "",
            images=m.images,
        )
        for m in messages
    ]  # fmt: skip
    for row in posts:
        own, asked = row.message, row.message.quote_id
        quote = Quote(asked, words.get(asked, ""), of_bot=False) if asked in words else None
        said.append(
            Post(
                0, f"{BOT_ID}{own.id}", own.conversation, "", channel.bot_names[0], own.text,
                row.due_at, of_bot=True, quote=quote, quote_name=names.get(asked, ""),
                images=own.images,
            )
        )  # fmt: skip
    return sorted(said, key=lambda post: post.at)


def local_people(roster: Roster, clock: SystemClock | ManualClock) -> list[tuple[str, str, str]]:
    """(account, name, role) of everybody with an account in the simulated group."""
    rows = []
    for person in roster.parts.people:
        account = roster.account_on(person, "local")
        if account:
            rows.append((account, person.name, _role_label(roster, account, clock)))
    return rows


def _role_label(roster: Roster, account: str, clock: SystemClock | ManualClock) -> str:
    now = clock.now()
    posts = {post.role for post in roster.posts_of(account, now)}
    if posts:
        return next(role.label for role in Role if role in posts)
    units = sorted(roster.units_of(account, now))
    unit = roster.unit(units[0]) if units else None
    return unit.name if unit else Role.RESIDENT.label
