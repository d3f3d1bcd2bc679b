"""bot.toml and the environment as typed, validated settings, every error named at once.

Read once by app.py; every other part receives only its own section (sections.py)."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError

from bot.errors import SettingsError
from bot.sections import (
    BotSection,
    CalendarSection,
    ChannelsSection,
    DayTime,
    DeliverySection,
    DigestSection,
    GroupSection,
    IntakeSection,
    LocalSection,
    LogSection,
    Mode,
    Settings,
    StorageSection,
    UrgentSection,
    VerdictSection,
    WebSection,
    WorkerSection,
)

__all__ = [
    "BotSection",
    "CalendarSection",
    "ChannelsSection",
    "DayTime",
    "DeliverySection",
    "DigestSection",
    "GroupSection",
    "IntakeSection",
    "LocalSection",
    "LogSection",
    "Mode",
    "Settings",
    "StorageSection",
    "UrgentSection",
    "VerdictSection",
    "WebSection",
    "WorkerSection",
    "load",
]

SECRET_KEYS = frozenset(
    {"key", "secret", "token", "aes_key", "robots", "contact_secret", "private_keys"}
)
"""Keys whose values no message repeats."""

PREFIX = "GRIDBOT_"
_LONGEST_SHOWN = 60


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and validate. Raises SettingsError with one line a fault, each with its TOML path."""
    reading = _Reading(path, environ)
    values = reading.resolve(reading.override(_read(path)))
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        settings = None
        reading.problems += filter(None, (reading.sentence(fault) for fault in error.errors()))
    if settings is None or reading.problems:
        raise SettingsError(reading.problems)
    return settings


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError([f"{path}: no such file; give one with --config"]) from None
    except OSError as error:
        raise SettingsError([f"{path}: cannot be read: {error.strerror}"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path}: not valid TOML: {error}"]) from None


class _Reading:
    """One file on its way to settings: what was wrong, and which values no message may repeat."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self.path, self.environ = path, environ
        self.problems: list[str] = []
        self._hidden: dict[tuple[str, ...], str] = {}
        self._missing: set[tuple[str, ...]] = set()

    def override(self, values: dict[str, Any]) -> dict[str, Any]:
        """GRIDBOT_<SECTION>_<KEY> over the file; lists are separated by commas."""
        known = {PREFIX + "_".join(keys).upper(): keys for keys in _leaves(Settings)}
        for name in sorted(self.environ.keys() & known.keys()):
            _put(values, known[name], self.environ[name])
        sections = tuple(f"{PREFIX}{section}_".upper() for section in Settings.model_fields)
        for name in sorted(self.environ.keys() - known.keys()):
            if name.startswith(sections):
                self.problems.append(f"{name}: unknown key{_guess(name, list(known))}")
        return values

    def resolve(self, value: Any, place: tuple[str, ...] = ()) -> Any:
        """The value with every "env:NAME" and "file:/path" replaced by what it stands for."""
        if isinstance(value, dict):
            return {key: self.resolve(one, (*place, key)) for key, one in value.items()}
        if not isinstance(value, str):
            return value
        kind, _, rest = value.partition(":")
        if kind not in {"env", "file"}:
            return value
        self._hidden[place] = value
        try:
            found = self.environ[rest] if kind == "env" else Path(rest).read_text("utf-8").strip()
        except KeyError:
            return self._lacks(place, f"the environment variable {rest} is not set")
        except OSError as error:
            return self._lacks(place, f"cannot read {rest}: {error.strerror}")
        except ValueError:
            return self._lacks(place, f"cannot read {rest}: it is no UTF-8 text")
        return found

    def _lacks(self, place: tuple[str, ...], why: str) -> str:
        self._missing.add(place)
        self.problems.append(f"{self.path} [{'.'.join(place)}] {why}")
        return ""

    def sentence(self, fault: Any) -> str:
        """One validation error as a line; "" for one that is said already."""
        keys = tuple(str(part) for part in fault["loc"])
        if keys in self._missing:
            return ""
        place = f"{self.path} [{'.'.join(keys)}]"
        if fault["type"] == "extra_forbidden":
            return f"{place} unknown key{_place_of(keys)}"
        message = fault["msg"].removeprefix("Value error, ")
        if keys in self._hidden:
            return f"{place} {message}; found in {self._hidden[keys]}"
        secret = SECRET_KEYS.intersection(keys) or isinstance(fault["input"], dict | BaseModel)
        return f"{place} {message}" + ("" if secret else f"; found {_shown(fault['input'])}")


def _leaves(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key of the settings with the sections above it."""
    for key, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _leaves(kind, (*above, key))
        elif get_origin(kind) is not dict:
            yield (*above, key)


def _put(values: dict[str, Any], keys: tuple[str, ...], text: str) -> None:
    *sections, key = keys
    model: Any = Settings
    for section in sections:
        model = model.model_fields[section].annotation
        if not isinstance(values.setdefault(section, {}), dict):
            return
        values = values[section]
    many = get_origin(model.model_fields[key].annotation) is tuple
    parts = [part.strip() for part in text.split(",")]
    values[key] = [part for part in parts if part] if many else text


def _place_of(keys: tuple[str, ...]) -> str:
    """What an unknown key may have been meant for: another spelling, or another section."""
    *parents, key = keys
    model: Any = Settings
    for part in parents:
        model = model.model_fields[part].annotation
    if close := difflib.get_close_matches(key, list(model.model_fields), n=1):
        return f"; did you mean {close[0]!r}?"
    homes = [".".join(leaf[:-1]) for leaf in _leaves(Settings) if leaf[-1] == key]
    return f"; it belongs in [{homes[0]}]" if homes else "; see bot.toml for the known keys"


def _guess(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else "; see bot.toml for the known keys"


def _shown(value: Any) -> str:
    """A value as a message may repeat it: no password of an address, and not endless."""
    if isinstance(value, str) and "://" in value:
        scheme, _, rest = value.partition("://")
        value = f"{scheme}://***@{rest.rpartition('@')[2]}" if "@" in rest else value
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
