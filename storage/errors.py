"""What can go wrong in the store, by what the caller can do about it.

Errors of one aggregate only live beside it; those of the drivers never leave engine.py."""

from __future__ import annotations


class StorageError(Exception):
    """The database could not do what was asked."""


class Busy(StorageError):
    """Somebody else was in the way; the whole transaction may be tried again."""


class Taken(StorageError):
    """A unique key is in use already."""


class Unreachable(StorageError):
    """The connection is lost or refused; whether a commit was under way is not known."""


class InUse(StorageError):
    """Another process runs on this SQLite file."""
