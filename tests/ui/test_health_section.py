"""« Document de santé », the registry, proposals and the dashboard on the screen: by keyboard, and nothing by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import BalId
from mssclient.domain.consignment import Rules, SentDocument
from mssclient.domain.dashboard import Exchange, Kind, Span
from mssclient.domain.draft import Draft, DraftId, Recipient
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.handover import Handover, Proposal
from mssclient.domain.identity import OID_TEST, Usager
from mssclient.domain.outbox import OutboxId
from mssclient.ui.arrivals import Arrivals
from mssclient.ui.compose.window import ComposeWindow
from mssclient.ui.dashboard.window import DashboardWindow
from mssclient.ui.outbox.view import OutboxView
from tests.ui.desk import Desk, signed_in, unnamed

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support")
RUTH = Usager("277076322082910", OID_TEST, "NESSI", ("RUTH", "ISABELLE"), "1977-07-14", "F")
MARTIN = Recipient(Correspondent("Dr Martin", "helene.martin@chu.mss.example", CorrespondentKind.PROFESSIONAL))


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return signed_in()


@pytest.fixture
def window(desk: Desk, qtbot: QtBot) -> Iterator[ComposeWindow]:
    draft = replace(desk.engine.new_draft(BalId(1)), recipients=(MARTIN,), text="Bonjour")
    desk.engine.keep_draft(draft)
    made = ComposeWindow(desk.engine, desk.herald, draft)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    desk.settle()
    yield made
    made.close()
    desk.settle()


def with_document(desk: Desk, window: ComposeWindow) -> None:
    window.health.add_files([Path("/tmp/synthese.pdf")])
    desk.settle()


def spoken(desk: Desk, window: ComposeWindow) -> None:
    """The person fills the section in."""
    health = window.health
    health.papers.type.setCurrentIndex(health.papers.type.findData("60591-5"))
    health.papers.type.activated.emit(health.papers.type.currentIndex())
    QTest.keyClicks(health.papers.date, "03/05/2026")
    QTest.keyClicks(health.usager.birth_name, "NESSI")
    QTest.keyClicks(health.usager.given, "RUTH")
    QTest.keyClicks(health.usager.birth_date, "14/07/1977")
    health.usager.sex.setCurrentIndex(1)
    health.usager.sex.activated.emit(1)
    desk.settle()


def test_the_section_opens_when_asked_and_every_field_has_a_name(desk: Desk, window: ComposeWindow) -> None:
    assert not window.health.isVisible()
    window.health_button.click()
    assert window.health.isVisible()
    with_document(desk, window)
    assert unnamed(window) == []


def test_what_is_filled_in_is_kept_made_and_sent(desk: Desk, window: ComposeWindow, qtbot: QtBot) -> None:
    with_document(desk, window)
    spoken(desk, window)
    window.health.prepare_button.click()
    qtbot.waitUntil(lambda: window.header.subject.text() == "XDM/1.0/DDM+Essai", timeout=2000)
    desk.settle()
    _, order, papers = desk.engine.asked("keep_order")[-1]
    assert order.usager == Usager(None, None, "NESSI", ("RUTH",), "1977-07-14", "F")  # type: ignore[attr-defined]
    assert (papers[0].type_code, papers[0].act_date) == ("60591-5", "2026-05-03")  # type: ignore[index]
    assert "IHE_XDM.ZIP" in window.health.outcome.text()
    assert {a.name for a in window.keeper.draft.attachments} == {"IHE_XDM.ZIP", "document.pdf"}
    window.try_send()
    desk.settle()
    assert len(desk.engine.asked("send")) == 1


def test_send_makes_what_is_not_made_and_shows_it_first(desk: Desk, window: ComposeWindow) -> None:
    with_document(desk, window)
    spoken(desk, window)
    window.try_send()
    desk.settle()
    assert desk.engine.asked("send") == []
    assert len(desk.engine.asked("prepare_shipment")) == 1
    assert "Partira" in window.health.outcome.text()


def test_what_is_missing_is_said_in_the_section(desk: Desk, window: ComposeWindow) -> None:
    with_document(desk, window)
    window.health.prepare_button.click()
    desk.settle()
    said = window.health.notice.text
    assert "nom de naissance" in said
    assert "type du document" in said
    desk.engine.rules = Rules(None, training=True)
    window.health.prepare_button.click()
    desk.settle()
    assert "établissement" in window.health.notice.text


def test_the_usager_is_a_recipient_only_with_a_qualified_ins(desk: Desk, window: ComposeWindow) -> None:
    with_document(desk, window)
    spoken(desk, window)
    health = window.health
    assert not health.to_usager.isEnabled()
    QTest.keyClicks(health.usager.matricule, "277076322082911")
    assert "Clé du matricule fausse" in health.usager.status.text()
    health.usager.matricule.clear()
    QTest.keyClicks(health.usager.matricule, "277076322082910")
    assert not health.to_usager.isEnabled()
    health.usager.qualified.click()
    assert health.to_usager.isEnabled()
    health.to_usager.click()
    desk.settle()
    assert [r.who.address for r in window.header.recipients()][1:] == ["277076322082910@patient.mssante.fr"]
    health.usager.qualified.click()
    desk.settle()
    assert len(window.header.recipients()) == 1


def test_a_known_usager_fills_the_form(desk: Desk, window: ComposeWindow) -> None:
    desk.engine.world.usagers.append((RUTH, True))
    with_document(desk, window)
    known = window.health.usager.known
    known.setCurrentIndex(1)
    known.activated.emit(1)
    assert window.health.usager.usager() == RUTH
    assert window.health.usager.qualified.isChecked()


def document(**changes: object) -> SentDocument:
    base = SentDocument(
        OutboxId(7), DraftId("d"), "2.25.1", "2.25.2", 1, "", "", "60591-5", "Synthèse", "2026-05-03", RUTH, True,
        (("helene.martin@chu.mss.example", "Dr_Hélène_MARTIN"),), BalId(1), datetime(2026, 5, 4, 9, 0, tzinfo=UTC),
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.fixture
def outbox(desk: Desk, qtbot: QtBot) -> OutboxView:
    view = OutboxView(desk.engine, desk.herald)
    qtbot.addWidget(view)
    view.show()
    return view


def test_the_registry_says_who_has_what_and_replaces_in_one_click(desk: Desk, outbox: OutboxView) -> None:
    desk.engine.world.registry[:] = [document(), document(outbox_id=OutboxId(6), unique_id="2.25.9", latest=False)]
    outbox.refresh()
    outbox.tabs.setCurrentWidget(outbox.registry)
    outbox.registry.table.selectRow(0)
    assert "Dr Hélène MARTIN" in outbox.registry.people.text
    begun: list[Draft] = []
    outbox.registry.buttons.begun.connect(begun.append)
    outbox.registry.buttons.replace_button.click()
    assert [r.who.address for r in begun[0].recipients] == ["helene.martin@chu.mss.example"]
    outbox.registry.table.selectRow(1)
    assert not outbox.registry.buttons.isVisible()


def test_proposals_are_opened_or_refused(desk: Desk, outbox: OutboxView) -> None:
    broken = Proposal("x.json", Handover(), Unreadable(Unread.DAMAGED, "sidecar"))
    desk.engine.propose(Proposal("a.json", Handover(("x@chu.mss.example",), title="Synthèse", usager=RUTH)), broken)
    desk.settle()
    assert outbox.tabs.tabText(4) == "À envoyer (2)"
    begun: list[Draft] = []
    outbox.proposals.begun.connect(begun.append)
    outbox.proposals.tiles[0].opened.emit("a.json")
    desk.settle()
    assert len(begun) == 1
    outbox.proposals.tiles[0].refused.emit("x.json")
    desk.settle()
    assert desk.engine.asked("refuse_proposal") == [("x.json",)]
    assert outbox.proposals.tiles == []


def test_what_arrives_before_somebody_is_there_waits_in_sight_without_a_name(desk: Desk, qtbot: QtBot) -> None:
    desk.engine.sign_out()
    view = OutboxView(desk.engine, desk.herald)
    qtbot.addWidget(view)
    arrivals = Arrivals(desk.engine, desk.herald, view)
    begun: list[Draft] = []
    arrivals.begun.connect(begun.append)
    assert arrivals.take(Handover(subject="NESSI Ruth"), True)
    assert "identifié" in arrivals.notice.text
    assert "NESSI" not in arrivals.notice.text
    assert not arrivals.take(Handover(attachments=("a.pdf",)), False), "no folder is named"
    assert "n’a pas été commencé" in arrivals.notice.text, "who asked may have no screen"
    arrivals.notice.button(0).click()
    assert "identifié" in arrivals.notice.text, "what waits was not thrown away with that word"
    from tests.fakes import PERSON

    desk.engine.sign_in(PERSON)
    desk.settle()
    assert [d.subject for d in begun] == ["NESSI Ruth"]
    assert arrivals.notice.text == ""


def test_the_dashboard_counts_and_exports(desk: Desk, qtbot: QtBot) -> None:
    today = datetime.now().astimezone().date()
    desk.engine.exchanges = [
        Exchange(today, Kind.TO_PROFESSIONALS, qualified=True, structure="EHPAD", professional="Dr X"),
        Exchange(today, Kind.RECEIVED, qualified=False, structure="CHU"),
    ]
    window = DashboardWindow(desk.engine, desk.herald)
    qtbot.addWidget(window)
    window.show()
    desk.settle()
    kinds, structures, _ = window.tables
    first = kinds.item(0, 3)
    assert first is not None
    assert first.text() == "1"
    assert structures.rowCount() == 2
    assert unnamed(window) == []
    window.write(Path("/x.csv"))
    ((_, text),) = desk.engine.asked("write_file")
    assert "EHPAD;1;0;1" in str(text)
    assert window.span.itemData(0) is Span.MONTH
