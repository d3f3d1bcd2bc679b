"""The models fitted on this site: a folder with at most five of them and a manifest beside.

How one is fitted and judged is learning.py; which one a running bot reads with, understanding."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bot.errors import GridbotError
from bot.settings import Settings
from nlp import model as models
from nlp.classify import LinearClassifier
from nlp.model import BadModelError, Model

log = structlog.get_logger()

MOST = 5
FORMAT = 1
CANDIDATE = "candidate.npz"
SHIPPED = ""
"""The name of the model that came with the program."""


class BadManifestError(GridbotError):
    """The manifest is damaged; the message says where and what to do."""


class Training(GridbotError):
    """Another process is fitting a model at this moment."""


@dataclass(frozen=True, slots=True)
class Version:
    """One fitted model. at: ISO time. base: fingerprint of the shipped model that it was made
    from; corpus, taught: hashes of the lines and of the lessons; figures: name → [hits, lines]."""

    name: str
    at: str
    base: str
    corpus: str
    lines: int
    taught: str
    lessons: int
    words: tuple[str, ...] = ()
    figures: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """in_use: a version's name, or SHIPPED. held: a person went back to an earlier one, so the
    nightly fit rests. tried: hash of the lessons (and base) that were fitted last, whatever came
    of it. versions: oldest first."""

    in_use: str = SHIPPED
    held: bool = False
    tried: str = ""
    versions: tuple[Version, ...] = ()

    def find(self, name: str) -> Version | None:
        """The version of that name."""
        return next((version for version in self.versions if version.name == name), None)


class Versions:
    """The folder `models` of the data folder. Every change is one replaced file."""

    def __init__(self, folder: Path, shipped: Path = models.DEFAULT) -> None:
        self.folder, self.shipped = folder, shipped
        self._manifest = folder / "manifest.json"

    def base(self) -> str:
        """Fingerprint of the shipped model."""
        return hashlib.sha256(self.shipped.read_bytes()).hexdigest()[:16]

    def path(self, name: str) -> Path:
        """The file of a version."""
        return self.folder / f"{name}.npz" if name else self.shipped

    def stamp(self) -> tuple[int, int, int]:
        """Changes whenever the manifest does; cheap."""
        try:
            found = self._manifest.stat()
        except FileNotFoundError:
            return (0, 0, 0)
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    def read(self) -> Manifest:
        """The manifest; an empty one where nothing was fitted yet. Raises BadManifestError."""
        try:
            return _manifest(json.loads(self._manifest.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Manifest()
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadManifestError(
                f"{self._manifest} 已损坏（{error}）；现在用的是随程序带来的模型。"
                "请删掉这个文件，再运行 run_bot.py train。"
            ) from error

    def write(self, manifest: Manifest) -> None:
        """Replace the manifest in one step, then remove the files that it no longer names."""
        row = {"format": FORMAT, **asdict(manifest)}
        new = self._manifest.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            json.dump(row, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._manifest)
        kept = {f"{version.name}.npz" for version in manifest.versions}
        for path in self.folder.glob("*.npz"):
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def save(self, model: Model) -> Path:
        """Write the file of a candidate; it counts only once `add` has given it a name."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        models.save(model, self.folder / CANDIDATE)
        return self.folder / CANDIDATE

    def add(self, manifest: Manifest, version: Version) -> Manifest:
        """Make the candidate this version, use it from now on and keep the last five."""
        versions = (*manifest.versions, version)[-MOST:]
        (self.folder / CANDIDATE).replace(self.path(version.name))
        fresh = Manifest(version.name, False, version.taught, versions)
        self.write(fresh)
        return fresh

    def free_name(self, manifest: Manifest, at: datetime) -> str:
        """A name that says when the version was made and that no other has."""
        name = first = f"{at:%Y%m%d-%H%M%S}"
        number = 1
        while manifest.find(name) is not None:
            number += 1
            name = f"{first}-{number}"
        return name

    def roll_back(self, manifest: Manifest) -> Manifest:
        """Use the version before the one in use, or the shipped model; the nightly fit rests."""
        names = [SHIPPED, *(version.name for version in manifest.versions)]
        place = names.index(manifest.in_use) if manifest.in_use in names else 0
        fresh = replace(manifest, in_use=names[max(place - 1, 0)], held=True)
        self.write(fresh)
        return fresh

    def load(self) -> tuple[str, LinearClassifier]:
        """The model in use with its name. Whatever is wrong with a fitted one, the shipped one
        still reads; why is logged."""
        try:
            manifest = self.read()
            version = manifest.find(manifest.in_use)
            if version is not None and version.base == self.base():
                return version.name, LinearClassifier.load(self.path(version.name))
            if version is not None:
                log.info("made from an older model, put aside", action="model_aside")
        except (BadManifestError, BadModelError, OSError, ValueError, LookupError) as error:
            log.warning("fitted model not usable", action="model_damaged", why=str(error))
        return SHIPPED, LinearClassifier.load(self.shipped)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Let one process fit at a time; ends with the process. Raises Training."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.folder / "training.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Training(f"另一个进程正在训练（{self.folder}），请等它做完再试。") from error
            yield
        finally:
            os.close(handle)


def versions_of(settings: Settings) -> Versions:
    """The folder of fitted models of these settings."""
    return Versions(settings.bot.data_dir / "models")


def _manifest(row: dict[str, Any]) -> Manifest:
    if row.pop("format") != FORMAT:
        raise ValueError(f"this program reads format {FORMAT}")
    versions = tuple(_version(one) for one in row.pop("versions"))
    return Manifest(**row, versions=versions)


def _version(row: dict[str, Any]) -> Version:
    figures = {name: (int(hits), int(total)) for name, (hits, total) in row["figures"].items()}
    return Version(**{**row, "words": tuple(row["words"]), "figures": figures})
