"""The throw-away PostgreSQL itself: it starts for root and for any user, and leaves nothing."""

from __future__ import annotations

import asyncio
import os
import pwd
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path

import asyncpg
import pytest

from tests import postgres
from tests.storage.children import DEADLINE_S, FORK


async def _ask(url: str) -> str:
    connection = await asyncpg.connect(f"{url}/postgres")
    try:
        return str(await connection.fetchval("SELECT current_user"))
    finally:
        await connection.close()


def _start(as_nobody: bool, report: Connection) -> None:
    """In a process of its own, since a user once left does not come back."""
    asyncio.run(asyncio.sleep(0))  # what is loaded late is loaded before the rights are gone
    if as_nobody and os.geteuid() == 0:
        os.setgroups([])
        nobody = pwd.getpwnam("nobody")
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
    binaries = postgres.find_binaries()
    assert binaries is not None
    with tempfile.TemporaryDirectory() as own:
        folder = Path(own)
        folder.chmod(0o755)
        tempfile.tempdir = os.environ["HOME"] = own
        with postgres.running(binaries) as url:
            report.send((os.geteuid(), asyncio.run(_ask(url)), len(list(folder.iterdir()))))
        report.send(len(list(folder.iterdir())))
        tempfile.tempdir = None


@pytest.mark.timeout(120)
@pytest.mark.parametrize("as_nobody", [False, True])
@pytest.mark.skipif(postgres.find_binaries() is None, reason="no PostgreSQL binaries")
def test_it_starts_for_every_kind_of_user(as_nobody: bool) -> None:
    ours, theirs = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_start, args=(as_nobody, theirs))
    child.start()
    assert ours.poll(DEADLINE_S), "no server came up; see the output of the child"
    user, name, folders = ours.recv()
    assert (name, folders) == ("postgres", 1)
    assert (user == 0) == (os.geteuid() == 0 and not as_nobody)
    assert ours.poll(DEADLINE_S)
    assert ours.recv() == 0, "nothing is left"
    child.join(DEADLINE_S)
    assert child.exitcode == 0
