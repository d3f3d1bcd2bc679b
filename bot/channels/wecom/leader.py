"""One process at a time may hold a bot's long connection; a file lock decides which.

It covers the processes of one machine; the lock ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path


class LeaderLock:
    """An exclusive lock on a file beside the data; `take` never waits."""

    def __init__(self, folder: Path, bot_id: str) -> None:
        digest = hashlib.sha256(bot_id.encode()).hexdigest()[:16]
        self._path = folder / f"wecom_aibot-{digest}.lock"
        self._file: int | None = None

    def take(self) -> bool:
        """True when this process holds the lock now. Raises OSError for an unusable folder."""
        if self._file is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        except OSError:
            os.close(handle)
            raise
        self._file = handle
        return True

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
