"""The private folder: closed to others, read-only, and empty again whatever happened."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from mssclient.domain.errors import StoreReason, StoreTrouble, Unread, Unreadable
from mssclient.store import private
from mssclient.store.places import Places
from mssclient.store.private import PrivateFolder

FOLDER = "a" * 24


@pytest.fixture
def folder(tmp_path: Path) -> PrivateFolder:
    """A person's, not made yet."""
    (tmp_path / "persons" / FOLDER).mkdir(parents=True)
    return Places(tmp_path).private(FOLDER)


def test_a_copy_is_alone_private_and_read_only(folder: PrivateFolder, tmp_path: Path) -> None:
    one, other = folder.lay("Lettre.pdf", b"%PDF-1"), folder.lay("Lettre.pdf", b"%PDF-2")
    assert (one.read_bytes(), other.read_bytes()) == (b"%PDF-1", b"%PDF-2")
    assert one.name == other.name == "Lettre.pdf"
    assert one.parent != other.parent
    for copy in (one, other):
        assert stat.S_IMODE(copy.stat().st_mode) == 0o400
        assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
        assert list(copy.parent.iterdir()) == [copy]
        assert tmp_path in copy.parents
        assert "Lettre" not in str(copy.parent.relative_to(tmp_path))
    assert stat.S_IMODE(one.parent.parent.stat().st_mode) == 0o700


def test_emptied_nothing_is_left_not_even_the_folder(folder: PrivateFolder, tmp_path: Path) -> None:
    folder.lay("a.txt", b"a")
    beside = folder.lay("b.txt", b"b").parent
    (beside / "~$b.txt").write_bytes(b"what the other program left")
    (beside / "deep").mkdir()
    (beside / "deep" / "link").symlink_to(tmp_path)
    assert folder.empty()
    assert sorted(p.name for p in (tmp_path / "persons").rglob("*")) == [FOLDER]
    assert tmp_path.exists()
    assert folder.empty(), "empty twice"


def test_a_start_after_a_crash_empties_everybodys(tmp_path: Path) -> None:
    for name in ("a" * 24, "b" * 24):
        Places(tmp_path).private(name).lay("a.txt", b"a")
    assert Places(tmp_path).empty_private()
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_what_is_held_open_stays_for_the_next_time(folder: PrivateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    held, free = folder.lay("tenu.pdf", b"held"), folder.lay("libre.pdf", b"free")
    unlink = Path.unlink

    def as_on_windows(self: Path, missing_ok: bool = False) -> None:
        if self == held:
            raise PermissionError(13, "used by another process")
        unlink(self, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", as_on_windows)
        assert not folder.empty()
        assert held.exists()
        assert not free.exists()
    assert folder.empty()
    assert not held.exists()


@pytest.mark.parametrize("limit", ["MOST_BYTES", "MOST_TOGETHER", "MOST_FILES"])
def test_limits(folder: PrivateFolder, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    folder.lay("a.txt", b"12345")
    monkeypatch.setattr(private, limit, {"MOST_BYTES": 4, "MOST_TOGETHER": 9, "MOST_FILES": 1}[limit])
    with pytest.raises(Unreadable) as caught:
        folder.lay("b.txt", b"12345")
    assert caught.value.reason is Unread.TOO_BIG
    folder.empty()
    monkeypatch.undo()
    folder.lay("b.txt", b"12345")


def test_a_full_disk_leaves_nothing_half_written(
    folder: PrivateFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "no space")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "chmod", full)
        with pytest.raises(StoreTrouble) as caught:
            folder.lay("a.txt", b"a")
    assert caught.value.reason is StoreReason.FULL
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_name_never_leads_out(folder: PrivateFolder, tmp_path: Path) -> None:
    for name in ("../../outside.txt", "..\\outside.txt", "c:outside.txt", "..", ""):
        with pytest.raises(Unreadable):
            folder.lay(name, b"a")
    assert not list(tmp_path.rglob("outside.txt"))
