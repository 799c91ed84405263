"""The settings try a profile and say what is known of the record's usagers; a PDF of a document is no second tile."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.events import WorklistChanged
from mssclient.domain.identity import Usager
from mssclient.domain.matching import RecordUsager, Roster
from mssclient.domain.message import MessageId
from mssclient.engine.api import Trial
from mssclient.ui.filing.trial import FilingTrial
from mssclient.ui.mailbox.attachment_tiles import AttachmentTiles
from tests.ui.desk import Desk, signed_in

# The offscreen platform says this for every window that has a layout.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return signed_in()


@pytest.fixture
def trial(desk: Desk, qtbot: QtBot) -> FilingTrial:
    made = FilingTrial(desk.engine, desk.herald)
    qtbot.addWidget(made)
    made.show()
    return made


def test_names_and_sidecar_of_a_sample(desk: Desk, trial: FilingTrial, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Trial(("a.pdf", "a.json"), '{"subject": 1}', FilingRefused(FilingReason.NO_FOLDER))
    monkeypatch.setattr(desk.engine, "try_filing", lambda: told)
    trial.attempt.click()
    assert "1. a.pdf\n2. a.json" in trial.outcome.text()
    assert "introuvable" in trial.outcome.text()
    assert trial.sidecar.toPlainText() == '{"subject": 1}'
    assert trial.sidecar.isVisible()


def test_a_profile_that_refuses_is_told(desk: Desk, trial: FilingTrial, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Trial:
        raise FilingRefused(FilingReason.TYPE)

    monkeypatch.setattr(desk.engine, "try_filing", refuse)
    trial.attempt.click()
    assert "n’est pas admis" in trial.outcome.text()
    assert not trial.sidecar.isVisible()


def test_the_records_usagers_follow_their_file(desk: Desk, trial: FilingTrial) -> None:
    assert "Aucun fichier" in trial.roster.text()
    desk.engine.roster = Roster([RecordUsager("1", Usager(None, None, "A", ("B",), "", ""))] * 3)
    desk.herald.post(WorklistChanged())
    desk.settle()
    assert trial.roster.text().startswith("3 usagers")


def test_the_pdf_of_a_document_is_no_second_tile(desk: Desk, qtbot: QtBot) -> None:
    message = desk.engine.world.messages[MessageId(1)]
    archive, paper = message.attachments[0], message.attachments[1]
    tiles = AttachmentTiles(desk.engine)
    qtbot.addWidget(tiles)

    def names() -> list[str]:
        return [w.accessibleName() for w in tiles.findChildren(QWidget, "reading.attachment") if w.isVisibleTo(tiles)]

    tiles.show_of(message)
    assert any(paper.name in name for name in names())
    document = desk.engine.world.archives[archive.id].documents[0]
    key = document.contents[0].path
    desk.engine.world.paired[MessageId(1)] = {paper.id: (archive.id, key)}
    tiles.show_of(message)
    desk.settle()
    assert not any(paper.name in name for name in names())
    assert any("avec son PDF" in name for name in names())
