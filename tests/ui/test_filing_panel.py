"""The filing panel: the right usager, the right name, once, and every refusal told."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.events import AttachmentFiled, SessionChanged
from mssclient.domain.filing import FilingChoice
from mssclient.domain.identity import OID_NIR, Usager
from mssclient.domain.message import MessageId, PartId
from mssclient.domain.session import SessionState
from mssclient.ui.filing.identity import IdentityForm, iso_of
from mssclient.ui.filing.panel import FilingPanel
from tests.ui.desk import Desk, signed_in, unnamed

# The offscreen platform says this for every window that has a layout.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

XDM, MESSAGE = PartId(10), MessageId(1)
PLAIN = PartId(40)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return signed_in()


@pytest.fixture
def panel(desk: Desk, qtbot: QtBot) -> FilingPanel:
    made = FilingPanel(desk.engine, desk.herald)
    qtbot.addWidget(made)
    made.resize(360, 720)
    made.show()
    return made


def choices(desk: Desk) -> list[FilingChoice]:
    return [c for _part, c in desk.engine.asked("file_attachment") if isinstance(c, FilingChoice)]


def test_what_the_document_says_is_proposed(panel: FilingPanel) -> None:
    panel.propose(XDM, "", MESSAGE)
    choice = panel.choice()

    assert panel.identity.birth_name.text() == "PAT-TROIS"
    assert panel.identity.birth_date.text() == "28/03/1979"
    assert panel.identity.ins.text() == "2 79 03 51 215 189 89"
    assert "Clé juste" in panel.identity.status.text()
    assert (choice.type_code, choice.act_date) == ("11490-0", "2026-11-19")
    assert "PAT-TROIS_DOMINIQUE" in panel.name.text()
    assert panel.folder.text() == str(Path("/srv/dui/import"))


def test_ctrl_d_files_once_and_says_so(desk: Desk, panel: FilingPanel, qtbot: QtBot) -> None:
    panel.propose(XDM, "", MESSAGE)
    with qtbot.waitSignal(panel.filed) as filed:
        QTest.keyClick(panel.record, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        panel.file()

    assert filed.args == [XDM]
    assert len(choices(desk)) == 1, "a second press while the first is under way files nothing"
    assert choices(desk)[0].usager.matricule == "279035121518989"
    assert panel.notice.text.startswith("Classé")
    assert panel.journal.count() == 1


def test_somebody_elses_filing_is_not_taken_for_ours(desk: Desk, panel: FilingPanel, qtbot: QtBot) -> None:
    panel.propose(XDM, "", MESSAGE)
    with qtbot.assertNotEmitted(panel.filed):
        desk.herald.post(AttachmentFiled(PartId(999)))
        desk.settle()


def test_the_name_follows_what_is_typed(panel: FilingPanel) -> None:
    panel.propose(PLAIN)
    assert not panel.button.isEnabled()
    assert "Complétez" in panel.name.text()

    QTest.keyClicks(panel.identity.birth_name, "ESSAI")
    QTest.keyClicks(panel.identity.given, "MARGUERITE")
    QTest.keyClicks(panel.identity.birth_date, "30/08/1938")
    panel.kinds.setCurrentIndex(2)
    panel.kinds.activated.emit(2)

    assert panel.button.isEnabled()
    assert "ESSAI_MARGUERITE" in panel.name.text()
    assert panel.choice().usager == Usager(None, None, "ESSAI", ("MARGUERITE",), "1938-08-30", "")
    assert panel.choice().type_code == "80788-3"


def test_a_changed_trait_takes_the_matricule_off(desk: Desk, panel: FilingPanel) -> None:
    panel.propose(XDM, "", MESSAGE)
    QTest.keyClicks(panel.identity.birth_name, "X")

    assert panel.choice().usager.matricule is None
    assert "n’est plus joint" in panel.identity.status.text()

    QTest.keyClick(panel.identity.birth_name, Qt.Key.Key_Backspace)
    assert panel.choice().usager.matricule == "279035121518989"


@pytest.mark.parametrize(
    ("usager", "word"),
    [
        (Usager("279035121518988", OID_NIR, "A", ("B",), "1979-03-28", "F"), "fausse"),
        (Usager("279035121518989", OID_NIR, "A", ("B",), "1979-03-28", "F"), "INS et traits complets"),
        (Usager("279035121518989", OID_NIR, "A", ("B",), "1979", "F"), "incomplets"),
        (Usager(None, None, "A", ("B",), "1979-03-28", "F"), "Sans INS"),
    ],
)
def test_the_status_of_the_ins_is_told(qtbot: QtBot, usager: Usager, word: str) -> None:
    form = IdentityForm()
    qtbot.addWidget(form)
    form.propose(usager)

    assert word in form.status.text()
    assert form.usager() == usager


@pytest.mark.parametrize(
    ("text", "iso"), [("28/03/1979", "1979-03-28"), ("1.2.1980", "1980-02-01"), ("40/01/1980", ""), ("1980", "")]
)
def test_french_dates_are_read(text: str, iso: str) -> None:
    assert iso_of(text) == iso


def test_what_was_filed_before_asks_first(desk: Desk, panel: FilingPanel) -> None:
    panel.propose(XDM, "", MESSAGE)
    panel.file()
    desk.settle()
    panel.propose(XDM, "", MESSAGE)
    assert "déjà été classé" in panel.notice.text

    panel.notice.button().click()
    assert choices(desk)[-1].again


def test_a_refusal_is_told_with_its_remedy(desk: Desk, panel: FilingPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_part: PartId, choice: FilingChoice) -> None:
        desk.engine.verbs.append(("file_attachment", _part, choice))
        if not choice.again:
            desk.engine.tell(FilingRefused(FilingReason.ALREADY), "file")

    monkeypatch.setattr(desk.engine, "file_attachment", refuse)
    panel.propose(XDM)
    panel.file()
    desk.settle()
    assert "déjà été classé" in panel.notice.text
    assert panel.button.isEnabled()

    panel.notice.button().click()
    assert [c.again for c in choices(desk)] == [False, True]


def test_a_missing_folder_can_be_chosen(desk: Desk, panel: FilingPanel, tmp_path: Path) -> None:
    desk.engine.folder = None
    panel.propose(XDM, "", MESSAGE)
    assert not panel.button.isEnabled()
    assert panel.folder.text() == "Aucun dossier choisi"

    panel._on_folder(str(tmp_path))
    assert desk.engine.folder == tmp_path
    assert panel.button.isEnabled()


def test_a_lock_keeps_the_form_and_a_person_who_leaves_empties_it(desk: Desk, panel: FilingPanel) -> None:
    panel.propose(XDM, "", MESSAGE)
    desk.herald.post(SessionChanged(SessionState.LOCKED))
    desk.settle()
    assert panel.identity.birth_name.text() == "PAT-TROIS"

    desk.herald.post(SessionChanged(SessionState.SIGNED_OUT))
    desk.settle()

    assert panel.identity.birth_name.text() == ""
    assert panel.name.text() == ""
    assert not panel.isEnabled()


def test_escape_closes(panel: FilingPanel, qtbot: QtBot) -> None:
    panel.propose(XDM, "", MESSAGE)
    with qtbot.waitSignal(panel.closed):
        QTest.keyPress(panel.record, Qt.Key.Key_Escape)


def test_everything_has_a_name_for_a_screen_reader(panel: FilingPanel) -> None:
    panel.propose(XDM, "", MESSAGE)

    assert unnamed(panel) == []
