"""One bot to a SQLite file: an exclusive lock beside it that ends with its process.

Locks between transactions are the database's own business."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.errors import InUse


def hold(database: str) -> int:
    """Lock <database>.lock and return the open file; closing it, or dying, lets go.

    Raises InUse if another process holds it, OSError if the folder cannot be written."""
    path = Path(f"{database}.lock").absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise InUse(f"another process runs on this database: {path}; stop it first") from error
    return handle
