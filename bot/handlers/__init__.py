"""The topics of conversation, in order of priority: the first handler that fits takes the message.

To add one, write a module with a `router` here and put it in ROUTERS where its priority belongs."""

from bot.handlers import (
    correction,
    doubt,
    followup,
    handling,
    lost,
    neighbour,
    objection,
    paste,
    plain_staff,
    proof,
    putting_off,
    quoting,
    report,
    resident,
    sending,
    triage,
    verdict,
    whistle,
)

ROUTERS = (
    sending.router,
    paste.router,
    correction.router,
    triage.router,
    whistle.router,
    handling.router,
    putting_off.router,
    proof.router,
    verdict.router,
    resident.router,
    objection.router,
    plain_staff.router,
    quoting.router,
    followup.router,
    neighbour.router,
    report.router,
    doubt.router,
    lost.router,
)
