"""The worklist on the screen: one key files and the next one appears, nothing is told by colour alone, nobody's stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mssclient.domain.bal import BalId
from mssclient.domain.events import AttachmentFiled, WorklistChanged
from mssclient.domain.filing import FilingChoice
from mssclient.domain.identity import OID_NIR, Usager
from mssclient.domain.matching import RecordUsager, Roster
from mssclient.domain.message import MessageId, PartId
from mssclient.domain.worklist import AsideReason, DocumentId, WorkLine, WorkState
from mssclient.ui.worklist.page import WorklistPage
from tests.ui.desk import Desk, signed_in, unnamed

# The offscreen platform says this for every window that has a layout.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

XDM = PartId(10)
SHE = Usager("279035121518989", OID_NIR, "PAT-TROIS", ("DOMINIQUE",), "1979-03-28", "F")


def line(number: int, **changes: Any) -> WorkLine:
    """A document of the sample's first archive."""
    usual: dict[str, Any] = {
        "id": DocumentId(number), "message_id": MessageId(1), "part_id": XDM, "content": "", "bal_id": BalId(1),
        "state": WorkState.NEW, "reason": None, "title": f"Document {number}", "type_code": "34133-9",
        "type_label": "Synthèse", "act_date": f"2026-11-{number:02d}", "created": "",
        "received": datetime(2026, 11, 20, tzinfo=UTC) - timedelta(hours=number), "usager": SHE, "key_valid": True,
        "whole": True, "author": "Dr MARTIN", "organisation": "CHU", "version": 1, "set_id": "", "unique_id": str(number),
        "action": "", "replaces": False, "newer": None, "twin": None, "deletion": False,
    }  # fmt: skip
    return WorkLine(**{**usual, **changes})


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    found = signed_in()
    found.engine.world.work = [line(n) for n in range(1, 6)]
    return found


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> WorklistPage:
    bals = {bal.id: bal for bal in desk.engine.world.bal_list}
    made = WorklistPage(desk.engine, desk.herald, bals.get)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    made.refresh()
    made.table.setFocus()
    qtbot.waitUntil(lambda: made.workbench.key is not None)
    return made


def titles(page: WorklistPage) -> list[str]:
    return [found.title for n in range(page.model.rowCount()) if (found := page.model.line(n)) is not None]


def mark(desk: Desk, number: int, state: WorkState) -> None:
    """As if the engine had filed it."""
    desk.engine.world.work = [
        line(n, state=state if n == number else old.state) for n, old in enumerate(desk.engine.world.work, 1)
    ]


def test_the_newest_stands_first_and_is_looked_at(desk: Desk, page: WorklistPage) -> None:
    assert titles(page) == [f"Document {n}" for n in range(1, 6)]
    assert page.workbench.key == (XDM, "", "Document 1")
    assert desk.engine.asked("want_part")
    assert page.filters.count.text() == "5 documents"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_C])
def test_one_key_opens_the_form_one_files_and_the_next_appears(
    desk: Desk, page: WorklistPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, key: Qt.Key
) -> None:
    filed: list[FilingChoice] = []

    def file(part_id: PartId, choice: FilingChoice) -> None:
        filed.append(choice)
        mark(desk, len(filed), WorkState.FILED)
        desk.herald.post(AttachmentFiled(part_id))
        desk.herald.post(WorklistChanged())

    monkeypatch.setattr(desk.engine, "file_attachment", file)
    QTest.keyClick(page.table, key)
    form = page.workbench.filing
    qtbot.waitUntil(form.isVisible)
    for number in (1, 2):
        qtbot.waitUntil(lambda: form.button.isEnabled() and form.button.hasFocus())
        QTest.keyClick(form.button, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: page.workbench.key == (XDM, "", f"Document {number + 1}"))  # noqa: B023
    assert len(filed) == 2
    assert titles(page) == ["Document 3", "Document 4", "Document 5"]


def test_set_aside_says_why_and_can_be_taken_back(desk: Desk, page: WorklistPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.undo_offered) as offered:
        page.set_aside(AsideReason.UNKNOWN)
    assert "usager inconnu" in offered.args[0]
    qtbot.waitUntil(lambda: "Document 1" not in titles(page))
    qtbot.waitUntil(lambda: page.workbench.key == (XDM, "", "Document 2"))
    offered.args[1]()
    qtbot.waitUntil(lambda: "Document 1" in titles(page))
    assert desk.engine.asked("set_aside") == [((1,), AsideReason.UNKNOWN)]


def test_what_is_odd_is_said_in_words(desk: Desk, page: WorklistPage) -> None:
    desk.engine.world.work = [
        line(1, deletion=True), line(2, newer=DocumentId(1)), line(3, key_valid=False), line(4, whole=False),
        line(5, action="C"),
    ]  # fmt: skip
    page.refresh()
    said = [str(page.model.index(n, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for n in range(5)]
    for words, sentence in zip(
        ("Suppression demandée", "Version plus récente", "Clé INS fausse", "Empreinte incorrecte", "Annule et remplace"),
        said, strict=True,
    ):  # fmt: skip
        assert words in sentence
    assert said[0].startswith("Nouveau, Document 1, Synthèse")
    assert "usager PAT-TROIS DOMINIQUE" in said[0]
    assert "boîte Dr Claire VASSEUR" in said[0]


def test_filters_and_sorts_ask_the_store(desk: Desk, page: WorklistPage, qtbot: QtBot) -> None:
    page.filters.words.setText("document 4")
    qtbot.waitUntil(lambda: titles(page) == ["Document 4"])
    page.filters.words.clear()
    qtbot.waitUntil(lambda: len(titles(page)) == 5)
    page.strip.sorted.emit("act", True)
    assert titles(page)[0] == "Document 5"
    mark(desk, 2, WorkState.ASIDE)
    page.filters.states.setCurrentIndex(page.filters.states.findText("Écarté"))
    page.filters.states.activated.emit(0)
    assert titles(page) == ["Document 2"]


def test_new_documents_come_without_moving_the_eye(desk: Desk, page: WorklistPage, qtbot: QtBot) -> None:
    page.table.setCurrentIndex(page.model.index(2, 0))
    desk.engine.world.work = [*desk.engine.world.work, line(9, received=datetime(2026, 11, 21, tzinfo=UTC))]
    desk.herald.post(WorklistChanged())
    qtbot.waitUntil(lambda: page.model.rowCount() == 6)
    current = page.current()
    assert current is not None
    assert current.title == "Document 3"


def test_an_exact_match_needs_no_tick_and_anything_less_does(desk: Desk, page: WorklistPage) -> None:
    form = page.workbench.filing
    she = desk.engine.filing_proposal(XDM, "").usager
    desk.engine.roster = Roster([RecordUsager("D-42", she)])
    page.file()
    assert form.record_choice.is_exact()
    assert form.button.isEnabled()
    assert form.choice().record_number == "D-42"
    other = replace(she, birth_date="1979-03-29")
    desk.engine.roster = Roster([RecordUsager("D-43", other)])
    page.file()
    assert not form.button.isEnabled()
    assert "pas exactement" in form.record_choice.status.text()
    form.record_choice.sure.setChecked(True)
    assert form.button.isEnabled()
    assert form.choice().usager == other


def test_a_stranger_to_the_record_is_typed_or_searched(desk: Desk, page: WorklistPage, qtbot: QtBot) -> None:
    form = page.workbench.filing
    stranger = Usager(None, None, "NESSI", ("RUTH",), "1977-07-14", "F")
    desk.engine.roster = Roster([RecordUsager("D-7", stranger)])
    page.file()
    assert form.record_choice.record() is None
    assert form.identity.isVisible()
    form.record_choice.words.setText("nessi")
    qtbot.waitUntil(lambda: form.record_choice.record() is not None)
    assert not form.identity.isVisible()
    assert not form.button.isEnabled(), "a person has to say that it is the same"


def test_a_page_nobody_looks_at_fetches_nothing(desk: Desk, page: WorklistPage) -> None:
    page.hide()
    before = len(desk.engine.verbs)
    desk.engine.world.work = [line(9)]
    desk.herald.post(WorklistChanged())
    desk.settle()
    assert not page.model._settle.isActive()
    assert len(desk.engine.verbs) == before


def test_nothing_of_anybody_stays(page: WorklistPage) -> None:
    page.filters.words.setText("pat")
    page.empty()
    assert page.model.rowCount() == 0
    assert page.workbench.key is None
    assert page.filters.words.text() == ""


def test_everything_has_a_name_for_a_screen_reader(desk: Desk, page: WorklistPage) -> None:
    desk.engine.roster = Roster(
        [RecordUsager("D-42", Usager(None, None, "PAT-TROIS", ("DOMINIQUE",), "1979-03-28", "F"))]
    )
    page.file()
    assert unnamed(page) == []
