"""The "to send" folder as record systems really use it: half-written files, sidecars before documents, links, takers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mssclient.domain.errors import FilingReason, FilingRefused, Unread, Unreadable
from mssclient.domain.handover import Proposal
from mssclient.dui import inbound


def looked(folder: Path) -> tuple[Proposal, ...]:
    return inbound.look(folder, inbound.look(folder, {}).marks).proposals


def laid(folder: Path, name: str = "a", **words: object) -> None:
    (folder / f"{name}.pdf").write_bytes(b"%PDF-1.4")
    (folder / f"{name}.json").write_text(json.dumps({"attachment": {"title": f"{name}.pdf"}, **words}), "utf-8")


def test_nothing_is_taken_at_first_sight_nor_while_it_grows(tmp_path: Path) -> None:
    laid(tmp_path)
    first = inbound.look(tmp_path, {})
    assert first.proposals == ()
    with (tmp_path / "a.pdf").open("ab") as file:
        file.write(b"more")
    second = inbound.look(tmp_path, first.marks)
    assert second.proposals == ()
    assert [p.name for p in inbound.look(tmp_path, second.marks).proposals] == ["a.json"]


def test_a_sidecar_waits_for_its_documents_and_a_document_for_its_sidecar(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"attachment": {"title": "a.pdf"}}')
    assert looked(tmp_path) == ()
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    assert [p.handed.attachments for p in looked(tmp_path)] == [("a.pdf",)]


def test_a_sidecar_without_names_is_about_what_bears_its_name(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    (tmp_path / "x.json").write_text('{"title": "X"}')
    (tmp_path / "y.pdf").write_bytes(b"%PDF")
    found = {p.name: p.handed for p in looked(tmp_path)}
    assert found["x.json"].attachments == ("x.pdf",)
    assert found["y.pdf"].attachments == ("y.pdf",)
    assert set(found) == {"x.json", "y.pdf"}


@pytest.mark.parametrize("name", [".cache.pdf", "~lock.pdf", "a.part", "a.tmp", "photo.exe"])
def test_what_is_hidden_unfinished_or_no_document_is_not_proposed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.4")
    assert looked(tmp_path) == ()


def test_a_damaged_sidecar_is_said_and_its_document_is_not_proposed_alone(tmp_path: Path) -> None:
    laid(tmp_path)
    (tmp_path / "a.json").write_text("{")
    (found,) = looked(tmp_path)
    assert found.problem is not None
    assert found.problem.reason is Unread.DAMAGED


def test_a_sidecar_does_not_name_files_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"attachment": {"title": "../../etc/passwd"}}')
    (found,) = looked(tmp_path)
    assert found.problem is not None
    assert found.problem.reason is Unread.FORBIDDEN


def test_a_link_is_never_followed(tmp_path: Path) -> None:
    secret = tmp_path.parent / "secret.pdf"
    secret.write_bytes(b"%PDF secret")
    (tmp_path / "a.pdf").symlink_to(secret)
    (tmp_path / "a.json").write_text('{"attachment": {"title": "a.pdf"}}')
    assert looked(tmp_path) == ()
    with pytest.raises(Unreadable):
        inbound.document(tmp_path, "a.pdf")


def test_what_left_is_put_away_whole_and_overwrites_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        laid(tmp_path)
        assert inbound.put_away(tmp_path, ("a.json", "a.pdf"), inbound.SENT) == 2
    assert {p.name for p in (tmp_path / "SENT").iterdir()} == {"a.json", "a.pdf", "a (2).json", "a (2).pdf"}
    assert inbound.put_away(tmp_path, ("a.json", "a.pdf"), inbound.SENT) == 0, "taken away meanwhile"


def test_what_was_refused_and_left_after_all_moves_on(tmp_path: Path) -> None:
    laid(tmp_path)
    inbound.put_away(tmp_path, ("a.json", "a.pdf"), inbound.REFUSED)
    assert inbound.put_away(tmp_path, ("a.json", "a.pdf"), inbound.SENT) == 2
    assert not any((tmp_path / "REFUSED").iterdir())


def test_a_folder_that_went_away_is_said(tmp_path: Path) -> None:
    with pytest.raises(FilingRefused) as told:
        inbound.look(tmp_path / "gone", {})
    assert told.value.reason is FilingReason.NO_FOLDER
