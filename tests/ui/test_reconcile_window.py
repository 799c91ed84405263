"""The record system's correspondents on the screen: lines by verdict, a decision a line, a result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mssclient.domain.correspondents import Correspondent
from mssclient.domain.errors import FilingReason, FilingRefused, MssError, Unread, Unreadable
from mssclient.domain.events import SessionChanged
from mssclient.domain.reconcile import Match, Note, Outcome, Reason, Verdict
from mssclient.domain.reconcile_report import Reconciliation
from mssclient.domain.session import SessionState
from mssclient.ui.directory.reconcile import ReconcileWindow
from mssclient.ui.directory.reconcile_model import ACCEPTED, OUTCOME, PROPOSED, WHO, Sieve
from tests.sample import ENTRIES
from tests.ui.desk import Desk, signed_in, unnamed

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
MARTIN, BENALI = ENTRIES[0], ENTRIES[3]
TWIN = replace(MARTIN, address="helene.martin@lilas.mss.example", town="Portfictif")
VERDICTS = (
    Verdict(
        Correspondent(2, "10000000041", family="Martin", given="Hélène"), Outcome.NEW, Match(MARTIN, 100, (Reason.NUMBER,))
    ),
    Verdict(
        Correspondent(3, family="Benali", address="k@parti.mss.example"), Outcome.CHANGED,
        Match(BENALI, 85, (Reason.FAMILY,)), notes=(Note.NO_NUMBER,),
    ),
    Verdict(
        Correspondent(4, family="Martin", given="H."), Outcome.AMBIGUOUS, Match(MARTIN, 60, (Reason.FAMILY,)),
        (Match(TWIN, 60, (Reason.FAMILY,)),), (Reason.SEVERAL_PEOPLE,), (Note.NO_NUMBER, Note.TWICE_NAME),
    ),
    Verdict(Correspondent(5, family="Parti", address="p@parti.mss.example"), Outcome.VANISHED),
)  # fmt: skip
DONE = Reconciliation("base.csv", 4, VERDICTS, running=False)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return signed_in()


@pytest.fixture
def window(desk: Desk, qtbot: QtBot) -> ReconcileWindow:
    made = ReconcileWindow(desk.engine, desk.herald)
    qtbot.addWidget(made)
    made.show()
    return made


def show(desk: Desk, state: Reconciliation | None) -> None:
    desk.engine.show_reconciliation(state)
    desk.settle()


def column(window: ReconcileWindow, number: int) -> list[object]:
    return [window.model.index(row, number).data() for row in range(window.model.rowCount())]


def test_lines_come_in_while_the_comparison_goes_on(desk: Desk, window: ReconcileWindow) -> None:
    window.compare(Path("/srv/base.csv"))
    assert desk.engine.asked("reconcile") == [(Path("/srv/base.csv"),)]
    show(desk, Reconciliation("base.csv", 4, VERDICTS[:2]))
    assert window.progress.isVisible()
    assert (window.progress.value(), window.progress.maximum()) == (2, 4)
    assert not window.export.isEnabled()
    window.table.setCurrentIndex(window.model.index(1, WHO))
    show(desk, DONE)
    assert column(window, OUTCOME) == ["Nouveau", "Modifié", "Ambigu", "Disparu"]
    assert window.table.currentIndex().row() == 1, "who looks at a line goes on looking at it"
    assert not window.progress.isVisible()
    assert window.export.isEnabled()


def test_it_can_be_given_up(desk: Desk, window: ReconcileWindow) -> None:
    show(desk, Reconciliation("base.csv", 4, VERDICTS[:2]))
    window.cancel.click()
    desk.settle()
    assert desk.engine.asked("cancel_reconciliation") == [()]
    assert window.model.rowCount() == 0


def test_all_certain_ones_at_once_and_one_by_one_with_the_space_bar(
    desk: Desk, window: ReconcileWindow, qtbot: QtBot
) -> None:
    show(desk, DONE)
    QTest.keyClick(window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: bool(window.model.accepted), timeout=2000)
    assert window.model.accepted == {0: MARTIN.address, 1: BENALI.address}
    window.table.setCurrentIndex(window.model.index(0, WHO))
    window.table.setFocus()
    QTest.keyClick(window.table, Qt.Key.Key_Space)
    assert window.model.accepted == {1: BENALI.address}
    assert window.summary.text() == "Lignes\u00a0: 4, certaines\u00a0: 2, acceptées\u00a0: 1"


def test_an_ambiguous_line_is_decided_by_choosing_one_of_its_matches(desk: Desk, window: ReconcileWindow) -> None:
    show(desk, DONE)
    window.table.setCurrentIndex(window.model.index(2, WHO))
    assert window.proposals.count() == 2
    assert "Portfictif" in window.proposals.item(1).text()
    window.proposals.setCurrentRow(1)
    window.proposals.itemActivated.emit(window.proposals.item(1))
    desk.settle()
    assert window.model.accepted == {2: TWIN.address}
    assert column(window, PROPOSED)[2] == TWIN.address
    assert window.proposals.item(1).checkState() is Qt.CheckState.Checked


def test_who_vanished_has_nothing_to_accept(desk: Desk, window: ReconcileWindow) -> None:
    show(desk, DONE)
    window.table.setCurrentIndex(window.model.index(3, WHO))
    window.table.setFocus()
    QTest.keyClick(window.table, Qt.Key.Key_Space)
    assert window.model.accepted == {}
    assert not window.model.index(3, ACCEPTED).flags() & Qt.ItemFlag.ItemIsUserCheckable


def test_a_tick_accepts(desk: Desk, window: ReconcileWindow) -> None:
    show(desk, DONE)
    index = window.model.index(0, ACCEPTED)
    assert window.model.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert window.model.accepted == {0: MARTIN.address}
    assert window.model.setData(index, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert window.model.accepted == {}


def test_lines_are_sifted_by_verdict_and_by_what_is_wrong(desk: Desk, window: ReconcileWindow) -> None:
    show(desk, DONE)
    labels = [window.sieve.itemText(place) for place in range(window.sieve.count())]
    assert "Ambigu (1)" in labels
    assert "Doublons (1)" in labels
    assert "RPPS manquant ou faux (2)" in labels
    for sieve, who in (
        (Sieve(Outcome.VANISHED), ["PARTI"]),
        (Sieve(notes=(Note.NO_NUMBER,)), ["BENALI", "H. MARTIN"]),
        (Sieve(certain=True), ["Hélène MARTIN", "BENALI"]),
        (Sieve(), ["Hélène MARTIN", "BENALI", "H. MARTIN", "PARTI"]),
    ):
        window.model.sift(sieve)
        assert column(window, WHO) == who
    window.sieve.setCurrentIndex(labels.index("Ambigu (1)"))
    window.sieve.activated.emit(0)
    assert column(window, WHO) == ["H. MARTIN"]
    window.table.setCurrentIndex(window.model.index(0, WHO))
    window._toggle()
    assert window.model.accepted == {2: MARTIN.address}, "the place among all lines, not among those shown"


def test_the_result_is_written_with_what_was_accepted(desk: Desk, window: ReconcileWindow) -> None:
    show(desk, DONE)
    window.certain.click()
    window.write(Path("/srv/RESULTAT.csv"))
    desk.settle()
    assert desk.engine.asked("write_reconciliation") == [
        (Path("/srv/RESULTAT.csv"), {0: MARTIN.address, 1: BENALI.address})
    ]
    assert window.notice.text == "Résultat enregistré\u00a0: RESULTAT.csv"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Unreadable(Unread.NOT_IT, "csv"), "colonne"),
        (Unreadable(Unread.EMPTY, "csv"), "vide"),
        (Unreadable(Unread.EMPTY, "directory"), "Annuaire"),
        (Unreadable(Unread.DAMAGED, "file"), "ouvert"),
        (Unreadable(Unread.DAMAGED, "csv"), "abîmé"),
        (Unreadable(Unread.TOO_BIG, "csv"), "trop grand"),
        (FilingRefused(FilingReason.FULL), "plein"),
    ],
)
def test_what_went_wrong_is_said(desk: Desk, window: ReconcileWindow, error: MssError, said: str) -> None:
    show(desk, Reconciliation("base.csv", running=False, error=error))
    assert said in window.notice.text


def test_another_file_forgets_what_was_accepted(desk: Desk, window: ReconcileWindow) -> None:
    show(desk, DONE)
    window.certain.click()
    window.compare(Path("/srv/autre.csv"))
    show(desk, Reconciliation("autre.csv", 2, VERDICTS[2:]))
    assert window.model.accepted == {}
    assert column(window, OUTCOME) == ["Ambigu", "Disparu"]


def test_nothing_of_it_stays_after_a_sign_out(desk: Desk, window: ReconcileWindow) -> None:
    show(desk, DONE)
    desk.herald.post(SessionChanged(SessionState.SIGNED_OUT))
    desk.settle()
    assert window.model.rowCount() == 0
    assert not window.isVisible()


def test_a_screen_reader_hears_a_whole_line(desk: Desk, window: ReconcileWindow) -> None:
    show(desk, DONE)
    assert unnamed(window) == []
    said = str(window.model.index(2, WHO).data(Qt.ItemDataRole.AccessibleTextRole))
    assert said.startswith("Ligne 4, H. MARTIN, Ambigu, Dr Hélène MARTIN")
    assert "plusieurs personnes conviennent" in said
    assert said.endswith("non accepté")
