"""The record system asks: the real program is running, another start hands a document over, a person sends it by the book."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QLockFile, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mssclient import app
from mssclient.domain import mime, xdm
from mssclient.domain.bal import Link
from mssclient.domain.session import SessionState
from mssclient.engine import send_folder
from mssclient.stage.browser import StandInBrowser
from mssclient.stage.reader import StageReader
from mssclient.stage.theatre import Theatre
from mssclient.ui.compose.window import ComposeWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DOCTOR = "thomas.lemoine@medecins.mss.example"
PATIENCE_S = 30.0
USAGER = [
    "--matricule", "277076322082910", "--oid", "1.2.250.1.213.1.4.10", "--birth-name", "NESSI", "--given", "RUTH ISABELLE",
    "--birth-date", "1977-07-14", "--sex", "F", "--type", "60591-5", "--date", "2026-05-03", "--title", "Synthèse",
]  # fmt: skip


class Desk:
    """The program, its window, and the operator behind it."""

    def __init__(self, theatre: Theatre, home: Path) -> None:
        self.theatre = theatre
        self.home = home
        self.reader = StageReader()
        person = theatre.institution.staff("secretary")
        self.browser = StandInBrowser(
            theatre.web_context(), theatre.operator.hosts(), lambda: person.person.national_id
        )
        self.environment = app.load_environment(str(theatre.environment_file))
        self.program = app.Application(self.environment, home, reader=self.reader, browser=self.browser)
        self.program.start()

    def until(self, holds: Callable[[], object], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < end, f"never: {what}"
            loop = QEventLoop()
            QTimer.singleShot(15, loop.quit)
            loop.exec()

    def sign_in(self) -> None:
        engine = self.program.engine
        self.reader.insert(self.theatre.institution.staff("secretary").card)
        self.until(lambda: engine.card_status().present, "card")
        engine.sign_in_with_browser()
        self.until(lambda: engine.session_state() is SessionState.OPEN, "open")
        self.until(lambda: any(b.link is Link.LIVE for b in engine.reader.bals()), "live")

    def composer(self) -> ComposeWindow:
        def shown() -> list[ComposeWindow]:
            return [w for w in QApplication.topLevelWidgets() if isinstance(w, ComposeWindow) and w.isVisible()]

        self.until(shown, "composer")
        return shown()[0]

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        whole = [sys.executable, "-m", "mssclient", "--home", str(self.home),
                 "--environment", str(self.theatre.environment_file), *arguments]  # fmt: skip
        return subprocess.Popen(whole, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def ended(self, process: subprocess.Popen[str]) -> int:
        self.until(lambda: process.poll() is not None, "command ended")
        _, told = process.communicate()
        assert process.returncode == 0, told
        return process.returncode

    def close(self) -> None:
        self.program.window.close()
        self.program.stop()
        self.browser.join()
        self.program.window.deleteLater()
        for _ in range(3):
            QApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    with Theatre(tmp_path_factory.mktemp("sandbox"), lines=200) as found:
        yield found


@pytest.fixture
def desk(theatre: Theatre, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(send_folder, "EVERY_S", 0.3)
    found = Desk(theatre, tmp_path / "home")
    # The lock that `app.run` takes: another start must find the program running.
    alone = QLockFile(str(found.home / "mssclient.lock"))
    assert alone.tryLock(100)
    yield found
    found.close()
    alone.unlock()


def leaves(desk: Desk, window: ComposeWindow) -> bytes:
    before = len(desk.theatre.operator.submissions)
    desk.until(lambda: desk.program.engine.facts(window.keeper.draft.bal_id).white_list, "white list")
    desk.until(lambda: window.keeper.draft.subject.startswith("XDM/1.0/DDM+"), "subject of the documents")
    desk.until(lambda: len(window.keeper.draft.attachments) == 2, "attachments")
    window.try_send()
    if window.question.text:
        window._on_answered(0)
    desk.until(lambda: len(desk.theatre.operator.submissions) > before, f"sent; {window.question.text}")
    return desk.theatre.operator.submissions[-1].raw


def test_a_command_waits_in_sight_until_somebody_signs_in_then_opens_and_leaves(desk: Desk, tmp_path: Path) -> None:
    document = tmp_path / "synthese.pdf"
    document.write_bytes(PDF)
    asked = desk.command("compose", "--to", DOCTOR, *USAGER, "--document", "2.25.4711", str(document))
    desk.ended(asked)
    arrivals = desk.program.window.arrivals
    assert arrivals.notice.isVisible()
    assert "NESSI" not in arrivals.notice.text
    desk.sign_in()
    window = desk.composer()
    assert not arrivals.notice.isVisible()
    raw = leaves(desk, window)
    found = {a.name: a.content for a in mime.parse(raw).attachments}
    assert found["20260503_Synthese medicale_NESSI_RUTH.pdf"] == PDF
    assert xdm.read(found["IHE_XDM.ZIP"]).documents[0].unique_id == "2.25.4711"
    assert b"X-MSS-INS: O" in raw


def test_a_link_names_files_of_the_folder_only_and_a_proposal_ends_in_sent(desk: Desk) -> None:
    desk.sign_in()
    folder = desk.theatre.send_folder
    (folder / "cr.pdf").write_bytes(PDF)
    sidecar = {
        "recipients": [DOCTOR], "attachment": {"title": "cr.pdf"}, "type": {"code": "11488-4"}, "date": "2026-05-03",
        "title": "Consultation", "masterIdentifier": "2.25.4712",
        "subject": {"identifier": [{"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "277076322082910"}],
                    "family": "NESSI", "given": ["RUTH"], "birthDate": "1977-07-14", "gender": "female"},
    }  # fmt: skip
    (folder / "cr.json").write_text(json.dumps(sidecar), "utf-8")
    proposals = desk.program.window.desk.outbox.proposals
    desk.until(lambda: proposals.tiles, "proposed")
    (tile,) = proposals.tiles
    tile.opened.emit(tile.proposal.name)
    raw = leaves(desk, desk.composer())
    assert b"X-MSS-CODECDA: 11488-4" in raw
    desk.until(lambda: (folder / "SENT" / "cr.pdf").exists() and (folder / "SENT" / "cr.json").exists(), "put away")
    assert not (folder / "cr.pdf").exists()
    desk.until(lambda: not proposals.tiles, "proposed no more")
    wrong = desk.command("mssante:thomas.lemoine@medecins.mss.example?piece=../secret.pdf")
    desk.until(lambda: wrong.poll() is not None, "refused")
    _, told = wrong.communicate()
    assert wrong.returncode == 2
    assert "chemin" in told
    desk.ended(desk.command(f"mssante:{DOCTOR}?sujet=Bonjour&texte=Un%20mot"))
    window = desk.composer()
    assert window.keeper.draft.subject == "Bonjour"


def test_traces_are_written_out_by_a_command_for_whoever_is_signed_in(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "traces.csv"
    nobody = desk.command("--home", str(tmp_path / "autre"), "traces", "export", "--out", str(target))
    desk.until(lambda: nobody.poll() is not None, "nobody")
    assert nobody.returncode == 3
    nobody.communicate()
    assert not target.exists()
    desk.sign_in()
    desk.ended(desk.command("traces", "export", "--out", str(target)))
    assert target.read_text("utf-8-sig").startswith("date;personne;boite;acte;demande;reponse")
