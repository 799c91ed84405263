"""The dry run of an export profile: names and sidecar of a sample, what the folder would say, and nothing written."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.dui import profile
from mssclient.dui.sidecar import SidecarKind
from mssclient.engine.filing_trial import trial

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PROFILES = sorted((Path(__file__).resolve().parents[2] / "resources" / "profiles").glob("*.toml"))


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_every_shipped_profile_can_be_tried(path: Path, tmp_path: Path) -> None:
    shape = profile.read(tomllib.loads(path.read_text("utf-8")))
    found = trial(shape, tmp_path, NOW)
    assert found.names
    assert all(name for name in found.names)
    assert bool(found.sidecar) is (shape.sidecar is not SidecarKind.NONE)
    if found.sidecar:
        assert "PAT-TROIS" in found.sidecar
        assert "\ufffd" not in found.sidecar
    assert found.folder_error is None
    assert list(tmp_path.iterdir()) == [], "nothing was written"


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    shape = profile.ExportProfile("standard")
    for folder in (None, tmp_path / "absent"):
        error = trial(shape, folder, NOW).folder_error
        assert isinstance(error, FilingRefused)
        assert error.reason is FilingReason.NO_FOLDER
