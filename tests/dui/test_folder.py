"""Files appear in the record system's folder whole, under a free name, or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.dui import folder as dui

PAIR = [("a.json", b"{}"), ("a.pdf", b"%PDF-1.4")]


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def reason(folder: Path, files: list[tuple[str, bytes]] = PAIR) -> FilingReason:
    with pytest.raises(FilingRefused) as caught:
        dui.drop(folder, files)
    return caught.value.reason


def test_a_drop_says_where_the_files_are(tmp_path: Path) -> None:
    assert dui.drop(tmp_path, PAIR) == (tmp_path / "a.json", tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF-1.4"
    assert names(tmp_path) == ["a.json", "a.pdf"]


def test_nothing_is_overwritten_and_a_pair_keeps_one_number(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"before")
    assert [p.name for p in dui.drop(tmp_path, PAIR)] == ["a (2).json", "a (2).pdf"]
    assert [p.name for p in dui.drop(tmp_path, PAIR)] == ["a (3).json", "a (3).pdf"]
    assert (tmp_path / "a.pdf").read_bytes() == b"before"


def test_a_dangling_link_is_a_taken_name(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").symlink_to(tmp_path / "nowhere")
    assert dui.drop(tmp_path, PAIR)[1].name == "a (2).pdf"
    assert not (tmp_path / "nowhere").exists()


def test_the_watched_file_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    real: Callable[[Path, Path], None] = dui._place

    def noted(temporary: Path, target: Path) -> None:
        real(temporary, target)
        order.append(target.name)
        assert target.read_bytes() in {b"{}", b"%PDF-1.4"}

    monkeypatch.setattr(dui, "_place", noted)
    dui.drop(tmp_path, PAIR)
    assert order == ["a.json", "a.pdf"]


@pytest.mark.parametrize("without", ["renameat2", "renameat2 and links"])
def test_file_systems_that_know_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without: str) -> None:
    monkeypatch.setattr(dui, "_renameat2", None)
    if "links" in without:
        monkeypatch.setattr(os, "link", _failing(errno.EPERM))
    (tmp_path / "a.pdf").write_bytes(b"before")
    assert [p.name for p in dui.drop(tmp_path, PAIR)] == ["a (2).json", "a (2).pdf"]
    assert names(tmp_path) == ["a (2).json", "a (2).pdf", "a.pdf"]


def _failing(number: int) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_a_name_taken_between_look_and_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workstations drop the same pair at once: the loser takes the next number for both files."""
    monkeypatch.setattr(dui, "_place", _thief(dui._place, tmp_path))
    assert [p.name for p in dui.drop(tmp_path, PAIR)] == ["a (2).json", "a (2).pdf"]
    assert names(tmp_path) == ["a (2).json", "a (2).pdf", "a.pdf"]
    assert (tmp_path / "a.pdf").read_bytes() == b"theirs"


def _thief(real: Callable[[Path, Path], None], folder: Path) -> Callable[[Path, Path], None]:
    def place(temporary: Path, target: Path) -> None:
        if target.name == "a.pdf":
            (folder / "a.pdf").write_bytes(b"theirs")
        real(temporary, target)

    return place


@pytest.mark.parametrize(("number", "expected"), [
    (errno.ENOSPC, FilingReason.FULL), (errno.EDQUOT, FilingReason.FULL), (errno.EACCES, FilingReason.READ_ONLY),
    (errno.EROFS, FilingReason.READ_ONLY), (errno.EIO, FilingReason.VANISHED), (errno.ESTALE, FilingReason.VANISHED),
    (errno.ENAMETOOLONG, FilingReason.NAME), (errno.EHOSTDOWN, FilingReason.VANISHED),
])  # fmt: skip
@pytest.mark.parametrize("step", ["fsync", "open", "second rename"])
def test_a_failure_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, expected: FilingReason, step: str
) -> None:
    if step == "second rename":
        monkeypatch.setattr(dui, "_place", _second_fails(dui._place, number))
    else:
        monkeypatch.setattr(os, step, _failing(number))
    assert reason(tmp_path) is expected
    monkeypatch.undo()
    assert names(tmp_path) == []


def _second_fails(real: Callable[[Path, Path], None], number: int) -> Callable[[Path, Path], None]:
    def place(temporary: Path, target: Path) -> None:
        if target.name.endswith(".pdf"):
            raise OSError(number, "injected")
        real(temporary, target)

    return place


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """The real ENOSPC, where the machine has a device that is always full."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    with (
        Path("/dev/full").open("wb", buffering=0) as full,
        pytest.raises(FilingRefused) as caught,
        dui._told(tmp_path),
    ):
        full.write(b"x")
    assert caught.value.reason is FilingReason.FULL


def test_folders_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert reason(tmp_path / "absent") is FilingReason.NO_FOLDER
    assert reason(tmp_path / "file") is FilingReason.NO_FOLDER


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "../a", "/a", "C:\\a", "a\0", "con", ".hidden", "a ", "x" * 300, "a\nb", "a*"]
)
def test_hostile_names_are_refused(tmp_path: Path, name: str) -> None:
    assert reason(tmp_path, [(name, b"x")]) is FilingReason.NAME
    assert names(tmp_path) == []


def test_twice_the_same_name_or_nothing_is_refused(tmp_path: Path) -> None:
    assert reason(tmp_path, [("a.pdf", b""), ("A.PDF", b"")]) is FilingReason.NAME
    assert reason(tmp_path, []) is FilingReason.NAME


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    threads = [threading.Thread(target=dui.drop, args=(tmp_path, [("a.pdf", str(n).encode())])) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(each.read_bytes()) for each in tmp_path.iterdir()) == list(range(12))


KILLED = """
import os, sys
from pathlib import Path
from mssclient.dui import folder
real = folder._place
def place(temporary, target):
    if target.name.endswith(sys.argv[2]):
        print("now", flush=True)
        sys.stdin.read()
    real(temporary, target)
folder._place = place
folder.drop(Path(sys.argv[1]), [("a.json", b"{}"), ("a.pdf", b"%PDF")])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("at", [".json", ".pdf"])
def test_killed_in_the_middle(tmp_path: Path, at: str) -> None:
    """The watched file is never there half; what a dead process left is tidied at once, a living one's is not."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path), at], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == b"now\n"
    assert dui.left_over(tmp_path) == 0
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stdin.close()
    assert not (tmp_path / "a.pdf").exists()
    assert dui.left_over(tmp_path) == (2 if at == ".json" else 1)
    assert names(tmp_path) == ([] if at == ".json" else ["a.json"])


def test_left_over_spares_the_living_and_the_others(tmp_path: Path) -> None:
    mine = tmp_path / f".mssclient-{dui._host()}-{os.getpid()}-{'0' * 12}.part"
    elsewhere = tmp_path / f".mssclient-ffffffff-1-{'0' * 12}.part"
    foreign = tmp_path / "theirs.part"
    for each in (mine, elsewhere, foreign):
        each.write_bytes(b"x")
    assert dui.left_over(tmp_path) == 0
    os.utime(elsewhere, (0, 0))
    assert dui.left_over(tmp_path) == 1
    assert names(tmp_path) == sorted([mine.name, foreign.name])
    with pytest.raises(FilingRefused):
        dui.left_over(tmp_path / "absent")


def test_a_cut_drop_is_found_again_by_its_digest(tmp_path: Path) -> None:
    dui.drop(tmp_path, PAIR)
    digest = hashlib.sha256(b"%PDF-1.4").hexdigest()
    assert dui.find(tmp_path, digest) == tmp_path / "a.pdf"
    assert dui.find(tmp_path, "0" * 64) is None


def test_replace_writes_whole_where_the_person_said(tmp_path: Path) -> None:
    target = tmp_path / "copie.pdf"
    target.write_bytes(b"before")
    dui.replace(target, b"after")
    assert target.read_bytes() == b"after"
    assert names(tmp_path) == ["copie.pdf"]
    with pytest.raises(FilingRefused):
        dui.replace(tmp_path / "absent" / "x", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="modes")
@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o700, 0o600), (0o770, 0o660), (0o2775, 0o660)])
def test_the_importers_account_may_read_where_the_folder_lets_it(
    tmp_path: Path, folder_mode: int, file_mode: int
) -> None:
    tmp_path.chmod(folder_mode)
    (path,) = dui.drop(tmp_path, [("a.pdf", b"x")])
    assert path.stat().st_mode & 0o777 == file_mode


def test_a_cut_drop_is_found_where_the_importer_keeps_what_it_took(tmp_path: Path) -> None:
    (tmp_path / "SAVE").mkdir()
    dui.drop(tmp_path, [("a.pdf", b"%PDF-1.4")])
    (tmp_path / "a.pdf").rename(tmp_path / "SAVE" / "0001.pdf")
    assert dui.find(tmp_path, hashlib.sha256(b"%PDF-1.4").hexdigest()) == tmp_path / "SAVE" / "0001.pdf"


def test_a_temporary_that_somebody_takes_away_is_no_missing_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = dui._write

    def stolen(path: Path, content: bytes, mode: int) -> None:
        real(path, content, mode)
        path.unlink()

    monkeypatch.setattr(dui, "_write", stolen)
    assert reason(tmp_path) is FilingReason.VANISHED
    assert names(tmp_path) == []
