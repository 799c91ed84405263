"""The Annuaire's window: any criterion finds, cards tell everything, writing is one key away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from mssclient.domain.address import CorrespondentKind
from mssclient.domain.events import DirectoryChanged
from mssclient.ui.directory.card import ties_of
from mssclient.ui.directory.window import DirectoryWindow
from tests.sample import ENTRIES
from tests.ui.desk import Desk, signed_in, unnamed

# The offscreen platform says this for every window that has a layout.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return signed_in()


@pytest.fixture
def window(desk: Desk, qtbot: QtBot) -> DirectoryWindow:
    made = DirectoryWindow(desk.engine, desk.herald)
    qtbot.addWidget(made)
    made.show()
    return made


def names(window: DirectoryWindow) -> list[str]:
    model = window.model
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def test_each_key_answers(window: DirectoryWindow) -> None:
    QTest.keyClicks(window.line, "m")
    assert names(window) == []

    QTest.keyClicks(window.line, "artin")
    assert "Dr Hélène MARTIN" in names(window)
    assert window.count.text() == "3 correspondants"


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        ("family", "benali"), ("given", "karim"), ("profession", "infirmier"), ("structure", "cabinet infirmier"),
        ("town", "villefictive"), ("post_code", "99000"), ("address", "karim.benali@ville.mss.example"),
    ],
)  # fmt: skip
def test_each_criterion_finds(window: DirectoryWindow, criterion: str, text: str) -> None:
    QTest.keyClicks(window.criteria[criterion], text)

    assert "M. Karim BENALI" in names(window)


def test_rpps_and_speciality_find(window: DirectoryWindow) -> None:
    QTest.keyClicks(window.criteria["speciality"], "radio")
    assert names(window) == ["Dr Olivier TESTARD"]

    window.side.clear.click()
    assert names(window) == []
    QTest.keyClicks(window.criteria["rpps"], ENTRIES[3].national_id[1:])
    assert names(window) == ["M. Karim BENALI"]


def test_a_criterion_counts_in_its_own_field_only(window: DirectoryWindow) -> None:
    QTest.keyClicks(window.criteria["structure"], "acacias")
    assert "M. Karim BENALI" in names(window)

    window.side.clear.click()
    QTest.keyClicks(window.criteria["town"], "acacias")
    assert names(window) == []


def test_the_kind_of_mailbox_limits(window: DirectoryWindow) -> None:
    window.search("villefictive")
    window.kind.setCurrentIndex(window.kind.findData("ORG"))
    window.kind.activated.emit(0)

    assert names(window) == ["Secrétariat de cardiologie – CHU de Villefictive"]


def test_the_card_shows_every_structure(window: DirectoryWindow) -> None:
    window.search("martin helene")
    said = [label.text() for label in window.card.findChildren(QLabel)]

    assert "CHU de Villefictive, 99000 Villefictive" in said
    assert "Clinique des Acacias, 99000 Villefictive" in said


def test_the_card_shows_every_address_of_a_person(desk: Desk) -> None:
    other = replace(ENTRIES[0], address="h.martin@clinique.mss.example")
    desk.engine.reader.entries.append(other)

    ties = ties_of(ENTRIES[0], desk.engine.reader)
    assert ties[0] == ENTRIES[0]
    assert other in ties


def test_writing_to_the_chosen_ones(window: DirectoryWindow, qtbot: QtBot) -> None:
    window.search("villefictive")
    window.list.selectAll()
    with qtbot.waitSignal(window.write_to) as asked:
        QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    (people,) = asked.args
    assert len(people) == len({p.address for p in people}) > 3, "one address has two ties, and is written to once"
    assert people[0].kind is CorrespondentKind.PROFESSIONAL
    assert people[0].label == "Dr_Hélène_MARTIN_CHU de Villefictive"


def test_nobody_to_write_to(window: DirectoryWindow) -> None:
    window.search("zzzz")

    assert not window.write.isEnabled()
    assert "Aucun correspondant" in window.count.text()


def test_an_address_can_be_copied(window: DirectoryWindow) -> None:
    window.search("benali")
    window.card.findChild(QToolButton, "directory.copy").click()

    assert QGuiApplication.clipboard().text() == "karim.benali@ville.mss.example"
    assert window.status.text().startswith("Adresse copiée")


def test_the_age_and_the_refresh(desk: Desk, window: DirectoryWindow) -> None:
    assert window.status.text().startswith("Annuaire\u00a0: 612\u202f408 adresses")

    window.refresh.click()
    assert desk.engine.asked("refresh_directory") == [()]

    desk.engine.reader.status = replace(desk.engine.reader.status, loading=True)
    desk.herald.post(DirectoryChanged())
    desk.settle()
    assert not window.refresh.isEnabled()


def test_everything_has_a_name_for_a_screen_reader(window: DirectoryWindow) -> None:
    window.search("martin")

    assert unnamed(window) == []
    sentence = str(window.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert sentence.startswith("Dr Hélène MARTIN, CHU de Villefictive · Médecin · Cardiologie")
