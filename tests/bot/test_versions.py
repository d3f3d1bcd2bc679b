"""Kept models: five of them, one in use, back and forth, and what damaged files cost."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.versions import (
    MOST,
    SHIPPED,
    BadManifestError,
    Manifest,
    Training,
    Version,
    Versions,
)
from nlp.model import save
from tests.bot.models import versions_in
from tests.nlp import small

ROOT = Path(__file__).parents[2]


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    """A folder whose shipped model is a small one."""
    return versions_in(tmp_path)


def version(versions: Versions, number: int = 1) -> Version:
    return Version(
        name=f"2026112{number}-023000", at=f"2026-11-2{number}T02:30:00+08:00",
        base=versions.base(), corpus="c", lines=9, taught=f"t{number}", lessons=number,
        words=("罢工",), figures={"kind": (8, 9)},
    )  # fmt: skip


def kept(versions: Versions, count: int) -> Manifest:
    manifest = versions.read()
    for number in range(1, count + 1):
        one = version(versions, number)
        versions.save(small.model())
        manifest = versions.add(manifest, one)
    return manifest


def test_a_fresh_folder_has_the_shipped_model(versions: Versions) -> None:
    assert versions.read() == Manifest()
    assert versions.stamp() == (0, 0, 0)
    assert versions.load()[0] == SHIPPED


def test_what_was_added_is_in_use_and_comes_back_as_it_was(versions: Versions) -> None:
    manifest = kept(versions, 1)
    assert manifest.in_use == "20261121-023000"
    assert versions.read() == manifest
    assert versions.load()[0] == manifest.in_use


def test_the_stamp_changes_with_the_manifest(versions: Versions) -> None:
    manifest = kept(versions, 2)
    before = versions.stamp()
    assert versions.stamp() == before
    versions.roll_back(manifest)
    assert versions.stamp() != before


def test_five_are_kept_with_their_files(versions: Versions) -> None:
    manifest = kept(versions, 7)
    names = [one.name for one in manifest.versions]
    assert len(names) == MOST == 5
    assert names[0] == "20261123-023000"
    assert sorted(path.stem for path in versions.folder.glob("*.npz")) == names


def test_back_step_by_step_to_the_shipped_one(versions: Versions) -> None:
    manifest = kept(versions, 2)
    manifest = versions.roll_back(manifest)
    assert (manifest.in_use, manifest.held) == ("20261121-023000", True)
    assert versions.load()[0] == "20261121-023000"
    manifest = versions.roll_back(manifest)
    assert (manifest.in_use, manifest.held) == (SHIPPED, True)
    assert versions.roll_back(manifest).in_use == SHIPPED
    assert versions.load()[0] == SHIPPED


def test_versions_of_one_second_have_names_of_their_own(versions: Versions) -> None:
    manifest = kept(versions, 1)
    at = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
    assert versions.free_name(manifest, at) == "20261121-023000-2"
    assert versions.free_name(Manifest(), at) == "20261121-023000"


def test_a_candidate_is_none_of_the_versions(versions: Versions) -> None:
    manifest = kept(versions, 1)
    before = versions.path(manifest.in_use).read_bytes()
    versions.save(replace(small.model(), bias=small.model().bias + 9))
    assert versions.read() == manifest
    assert versions.path(manifest.in_use).read_bytes() == before


def test_a_new_version_ends_the_rest(versions: Versions) -> None:
    manifest = versions.roll_back(kept(versions, 2))
    versions.save(small.model())
    assert not versions.add(manifest, version(versions, 3)).held


def test_an_older_base_is_put_aside(versions: Versions) -> None:
    kept(versions, 1)
    save(replace(small.model(), meta={**small.model().meta, "version": 9}), versions.shipped)
    assert versions.load()[0] == SHIPPED
    assert versions.read().in_use


DAMAGE = ["", "{", "[]", '{"format": 9}', '{"format": 1}', '{"format":1,"versions":[{}]}', "null"]


@pytest.mark.parametrize("text", DAMAGE)
def test_a_damaged_manifest_is_named_and_the_shipped_model_reads(
    versions: Versions, text: str
) -> None:
    kept(versions, 1)
    (versions.folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadManifestError, match=r"manifest\.json 已损坏.*train"):
        versions.read()
    name, reader = versions.load()
    assert name == SHIPPED
    assert reader.read("电梯坏了").kind == "report"


@pytest.mark.parametrize("keep", [0, 10, 2000])
def test_a_damaged_model_file_costs_only_itself(versions: Versions, keep: int) -> None:
    name = kept(versions, 1).in_use
    whole = versions.path(name).read_bytes()
    versions.path(name).write_bytes(whole[:keep])
    assert versions.load()[0] == SHIPPED


def test_a_missing_model_file_costs_only_itself(versions: Versions) -> None:
    versions.path(kept(versions, 1).in_use).unlink()
    assert versions.load()[0] == SHIPPED


def test_a_manifest_is_never_seen_half(versions: Versions) -> None:
    manifest = kept(versions, 3)
    for _ in range(20):
        versions.write(manifest)
        assert json.loads((versions.folder / "manifest.json").read_text("utf-8"))["format"] == 1
    assert not list(versions.folder.glob("*.new"))


def test_one_process_fits_at_a_time(versions: Versions) -> None:
    with versions.lock(), pytest.raises(Training, match="正在训练"), versions.lock():
        pass
    with versions.lock():
        pass


def test_the_lock_ends_with_its_process(versions: Versions) -> None:
    code = (
        "import sys, os; from pathlib import Path; from bot.versions import Versions\n"
        "held = Versions(Path(sys.argv[1])).lock(); held.__enter__(); os._exit(9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(versions.folder)], cwd=ROOT, check=False, timeout=50
    )
    assert done.returncode == 9
    with versions.lock():
        pass
