"""The reading pane: what it says, what it asks the engine, what it never does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QPushButton

from mssclient.domain.message import Loading, MessageId
from mssclient.ui.compose.notice import Notice
from mssclient.ui.mailbox.notes import parsed
from tests.ui.conftest import Stage


def note(stage: Stage, name: str) -> Notice | None:
    """A note above the message that is shown."""
    found = [n for n in stage.window.desk.reading.notes_area.findChildren(Notice, name) if not n.isHidden()]
    return found[-1] if found else None


def show(stage: Stage, number: int) -> None:
    """Show a message of the sample."""
    stage.window.desk.reading.show_message(MessageId(number))


def test_a_body_that_is_not_here_is_asked_for_and_shown_when_it_comes(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 5)
    assert (MessageId(5),) in stage.engine.asked("want_body")
    pane = stage.window.desk.reading
    assert pane.waiting.isVisible()
    stage.engine.body_comes(MessageId(5), "Bonjour, pansement refait.")
    stage.until(lambda: "pansement" in pane.body.toPlainText())
    assert not pane.waiting.isVisible()


def test_html_or_plain_as_the_person_wants(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 1)
    pane = stage.window.desk.reading
    assert "Posologie" in pane.body.toPlainText()
    pane.header.plain.click()
    assert "Posologie" not in pane.body.toPlainText()
    assert "furosémide 40 mg le matin" in pane.body.toPlainText()


def test_blocked_content_is_said(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 1)
    said = note(stage, "reading.note.blocked")
    assert said is not None
    assert "3 contenus distants" in said.text


def test_a_closed_exchange_is_said(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 3)
    assert note(stage, "reading.note.closed") is not None


def test_a_receipt_leaves_only_when_the_person_says_so(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 1)
    asked = note(stage, "reading.note.receipt")
    assert asked is not None
    assert stage.engine.asked("send_read_receipt") == []
    asked.button(0).click()
    assert stage.engine.asked("send_read_receipt") == [(MessageId(1),)]
    stage.until(lambda: note(stage, "reading.note.receipt") is None)


def test_a_declined_receipt_is_not_asked_again(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 1)
    asked = note(stage, "reading.note.receipt")
    assert asked is not None
    asked.button(1).click()
    show(stage, 2)
    show(stage, 1)
    assert note(stage, "reading.note.receipt") is None
    assert stage.engine.asked("send_read_receipt") == []


def test_a_receipt_for_somebody_else_names_the_address(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 4)
    asked = note(stage, "reading.note.receipt")
    assert asked is not None
    assert "cardiologie@chu.mss.example" in asked.text


def test_a_report_is_told_in_french(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 7)
    said = note(stage, "reading.note.report")
    assert said is not None
    assert "plein@chu.mss.example" in said.text
    assert "pleine" in said.text


@pytest.mark.parametrize("text", ["", "[]", "{}", "no json", '{"kind":"other","outcomes":[]}', '{"kind":3}'])
def test_a_report_we_do_not_know_is_no_report(text: str) -> None:
    assert parsed(text) is None


def test_health_documents_are_shown_as_documents(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 1)
    tiles = stage.window.desk.reading.attachments.findChildren(QFrame, "reading.attachment")
    said = [tile.accessibleName() for tile in tiles]
    assert any("cardiologie" in text and "PAT-TROIS" in text and "19/11/2026" in text for text in said)
    assert not any("IHE_XDM.ZIP" in text for text in said)


def test_an_archive_is_fetched_by_itself_then_shown(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 2)
    assert stage.engine.asked("want_part") == [(20,)]
    tiles = stage.window.desk.reading.attachments
    stage.until(lambda: any("CORBEAU-TEST" in t.accessibleName() for t in tiles.findChildren(QFrame)))


def test_a_wrong_hash_and_a_replacement_are_said(stage: Stage) -> None:
    stage.sign_in()
    message = stage.engine.world.messages[MessageId(10)]
    part = message.attachments[0]
    archive = stage.engine.world.unread_archives.pop(part.id)
    document = replace(archive.documents[0], hash_ok=False, action="C", key_valid=False)
    stage.engine.world.archives[part.id] = replace(archive, documents=(document,))
    show(stage, 10)
    said = " ".join(label.text() for label in stage.window.desk.reading.attachments.findChildren(QLabel))
    for piece in ("Empreinte incorrecte", "Annule et remplace", "clé incorrecte"):
        assert piece in said


def test_preview_and_filing_take_the_place_of_the_message(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 1)
    desk = stage.window.desk
    button = desk.reading.attachments.findChildren(QPushButton, "attachment.file")[0]
    button.click()
    assert desk.right.currentWidget() is desk.workbench
    assert desk.workbench.filing.isVisible()
    stage.do("back")
    assert desk.right.currentWidget() is desk.reading


def test_a_message_is_marked_read_once_it_was_looked_at(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 2)
    stage.until(lambda: ((MessageId(2),), True) in stage.engine.asked("mark_read"))
    stage.engine.mark_read((MessageId(2),), False)
    stage.engine.verbs.clear()
    stage.window.desk.reading.refresh()
    assert not stage.window.desk.reading._read_timer.isActive()


def test_a_link_shows_where_it_leads_and_waits_for_a_yes(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    stage.sign_in()
    show(stage, 1)
    pane = stage.window.desk.reading
    pane.body.anchorClicked.emit(QUrl("https://www.santé.example@pirate.example/x"))
    assert "pirate.example" in pane.link_notice.text
    assert opened == []
    pane.link_notice.button(2).click()
    assert opened == []
    pane.body.anchorClicked.emit(QUrl("https://consignes.chu.mss.example/cardio"))
    pane.link_notice.button(1).click()
    assert QGuiApplication.clipboard().text() == "https://consignes.chu.mss.example/cardio"
    pane.body.anchorClicked.emit(QUrl("https://consignes.chu.mss.example/cardio"))
    pane.link_notice.button(0).click()
    assert opened == ["https://consignes.chu.mss.example/cardio"]


def test_the_conversation_leads_to_its_other_messages(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 1)
    strip = stage.window.desk.reading.conversation
    assert strip.isVisible()
    assert strip.lines.count() == 3
    strip.toggle.setChecked(True)
    strip.lines.itemActivated.emit(strip.lines.item(0))
    message = stage.window.desk.reading.message
    assert message is not None
    assert message.row.id != 1


def test_find_in_the_message(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 2)
    stage.do("find")
    bar = stage.window.desk.reading.find_bar
    bar.words.setText("apixaban")
    assert stage.window.desk.reading.body.textCursor().selectedText() == "apixaban"
    bar.words.setText("introuvable-xyz")
    assert bar.outcome.text() == "Introuvable"


def test_a_body_that_could_not_be_had_offers_to_try_again(stage: Stage) -> None:
    stage.sign_in()
    message = stage.engine.world.messages[MessageId(5)]
    stage.engine.world.messages[MessageId(5)] = replace(message, body=Loading.FAILED)
    show(stage, 5)
    said = note(stage, "reading.note.failed")
    assert said is not None
    said.button(0).click()
    assert stage.engine.asked("want_body")[-1] == (MessageId(5),)


def test_a_message_that_vanished_leaves_nothing(stage: Stage) -> None:
    stage.sign_in()
    show(stage, 1)
    stage.engine.world.messages.pop(MessageId(1))
    stage.window.desk.reading.refresh()
    assert stage.window.desk.reading.message is None
    assert stage.window.desk.reading.body.toPlainText() == ""
