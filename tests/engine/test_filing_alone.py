"""Filing into folders that misbehave: an importer in a hurry, a full disk, no rights, names that are too long."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.message import PartSpec
from mssclient.domain.worklist import WorkState
from mssclient.dui.profile import ExportProfile
from tests.domain.archives import Doc, archive, cda
from tests.engine.filing_place import Place, one_document, place, receive


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "dui").mkdir()
    with place(tmp_path / "mail.sqlite", tmp_path / "dui") as found:
        yield found


def refused(here: Place) -> FilingReason:
    """Why filing failed; and nothing came of it."""
    (line,) = here.lines()
    with pytest.raises(FilingRefused) as caught:
        here.file(line)
    assert here.journal() == []
    assert here.lines()[0].state is WorkState.NEW
    return caught.value.reason


def test_an_importer_that_takes_files_away_while_we_write(here: Place) -> None:
    for number in range(2, 12):
        receive(here.shelf, number, one_document(number))
    taken: set[str] = set()
    done = threading.Event()

    def importer() -> None:
        while not done.is_set():
            for path in list(here.folder.iterdir()):
                if not path.name.startswith("."):
                    assert path.read_bytes()
                    path.unlink()
                    taken.add(path.name)

    thread = threading.Thread(target=importer, name="server-importer")
    thread.start()
    try:
        for line in here.lines():
            here.file(line)
    finally:
        done.set()
        thread.join()
    assert here.journal() == ["done"] * 11
    assert {line.state for line in here.lines()} == {WorkState.FILED}
    left = {path.name for path in here.folder.iterdir()}
    assert not [name for name in left if name.startswith(".")]
    with pytest.raises(FilingRefused) as again:
        here.file(here.lines()[0])
    assert again.value.reason is FilingReason.ALREADY, "the journal is trusted, not the folder"


def test_a_folder_that_is_gone(here: Place) -> None:
    here.folder.rmdir()
    assert refused(here) is FilingReason.NO_FOLDER
    here.folder.mkdir()
    here.file(here.lines()[0])
    assert here.journal() == ["done"]


def test_a_file_in_the_place_of_the_folder(here: Place) -> None:
    here.folder.rmdir()
    here.folder.write_bytes(b"")
    assert refused(here) is FilingReason.NO_FOLDER


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs to mount")
def test_a_full_share_and_a_read_only_one(here: Place) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", here.folder], check=False)
    if mounted.returncode:
        pytest.skip("may not mount")
    try:
        (here.folder / "other").write_bytes(bytes(60 * 1024))
        assert refused(here) is FilingReason.FULL
        assert [path.name for path in here.folder.iterdir()] == ["other"]
        (here.folder / "other").unlink()
        subprocess.run(["mount", "-o", "remount,ro", here.folder], check=True)
        assert refused(here) is FilingReason.READ_ONLY
        subprocess.run(["mount", "-o", "remount,rw", here.folder], check=True)
        here.file(here.lines()[0])
        assert here.journal() == ["done"]
    finally:
        subprocess.run(["umount", here.folder], check=True)


def test_a_template_that_makes_long_names_stays_within_bounds(tmp_path: Path) -> None:
    folder = tmp_path / "dui"
    folder.mkdir()
    profile = ExportProfile("long", "{name} {given} {type} {unique_id} " * 6)
    with place(tmp_path / "mail.sqlite", folder, profile=profile) as here:
        here.file(here.lines()[0])
        (path,) = folder.iterdir()
        assert len(path.name) <= 120
        assert path.suffix == ".pdf"


def test_the_pdf_beside_a_text_document_is_what_the_importer_gets(tmp_path: Path) -> None:
    folder = tmp_path / "dui"
    folder.mkdir()
    section = "<component><section><text>x</text></section></component>"
    narrative = f"<component><structuredBody>{section}</structuredBody></component>"
    raw = archive(Doc(content=cda(unique="2.25.5", body=narrative, replaced="2.25.4"), unique="2.25.5"))
    with place(tmp_path / "mail.sqlite", folder, profile=ExportProfile("pdf"), fresh=False) as here:
        receive(here.shelf, 5, raw)
        (line,) = here.lines()
        with pytest.raises(FilingRefused) as alone:
            here.file(line)
        assert alone.value.reason is FilingReason.TYPE, "no PDF anywhere, and the profile wants one"
        content, paper = (
            here.shelf.stores.content,
            PartSpec("3", "application/pdf", 9, "", "", "x.pdf", "", attachment=True),
        )
        content.add_parts(line.message_id, [paper])
        beside = content.parts(line.message_id)[1].id
        content.keep_part(beside, b"%PDF-1.4 beside", "application/pdf", xdm=False)
        here.shelf.stores.papers.pair(line.message_id, {beside: (line.part_id, line.content)})
        here.file(line)
        (path,) = folder.iterdir()
        assert path.read_bytes() == b"%PDF-1.4 beside"
        assert here.lines()[0].state is WorkState.FILED
