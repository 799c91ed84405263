"""The composer: nothing typed is lost, nothing leaves by mistake, everything by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import BalId
from mssclient.domain.draft import Draft, DraftId, Field, Origin, Recipient
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.events import SessionChanged
from mssclient.domain.session import SessionState
from mssclient.ui.compose.keeper import KEEP_AFTER_MS
from mssclient.ui.compose.window import ComposeWindow
from tests.ui.desk import Desk, signed_in, unnamed

# The offscreen platform says this for every window that has a layout.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

MARTIN = Recipient(Correspondent("Dr Martin", "helene.martin@chu.mss.example", CorrespondentKind.PROFESSIONAL))
NESSI = Recipient(
    Correspondent("NESSI Ruth", "277076322082910@patient.mssante.fr", CorrespondentKind.USAGER),
    origin=Origin.ANSWER,
)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return signed_in()


@pytest.fixture
def window(desk: Desk, qtbot: QtBot) -> Iterator[ComposeWindow]:
    yield from opened(desk, desk.engine.new_draft(BalId(1)))


def opened(desk: Desk, draft: Draft) -> Iterator[ComposeWindow]:
    made = ComposeWindow(desk.engine, desk.herald, draft)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.show()
    desk.settle()
    yield made
    made.close()
    made.deleteLater()
    desk.settle()


def show(desk: Desk, qtbot: QtBot, draft: Draft) -> ComposeWindow:
    made = ComposeWindow(desk.engine, desk.herald, draft)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    desk.settle()
    return made


def kept(desk: Desk) -> list[Draft]:
    return [d for (d,) in desk.engine.asked("keep_draft") if isinstance(d, Draft)]


def sent(desk: Desk) -> list[Draft]:
    return [d for (d,) in desk.engine.asked("send") if isinstance(d, Draft)]


# -- keeping


def test_what_is_typed_is_kept_within_two_seconds(desk: Desk, window: ComposeWindow, qtbot: QtBot) -> None:
    assert KEEP_AFTER_MS <= 2000

    QTest.keyClicks(window.text, "Cher")
    qtbot.waitUntil(lambda: bool(kept(desk)), timeout=2000)

    assert kept(desk)[-1].text == "Cher"
    qtbot.waitUntil(lambda: window.saved.text().startswith("Enregistré à "), timeout=500)


def test_typing_without_a_pause_is_kept_all_the_same(desk: Desk, window: ComposeWindow, qtbot: QtBot) -> None:
    def type_on() -> bool:
        QTest.keyClicks(window.text, "a")
        return bool(kept(desk))

    qtbot.waitUntil(type_on, timeout=2000)


def test_closing_keeps_everything_even_a_half_typed_recipient(desk: Desk, window: ComposeWindow) -> None:
    QTest.keyClicks(window.header.to.input, "mart")
    QTest.keyClicks(window.header.subject, "Avis")
    window.close()

    assert kept(desk)[-1].subject == "Avis"
    assert [r.who.address for r in kept(desk)[-1].recipients] == ["mart"]


def test_an_empty_draft_leaves_nothing_behind(desk: Desk, window: ComposeWindow) -> None:
    draft_id = window.keeper.draft.id
    window.close()

    assert desk.engine.asked("discard_draft") == [(draft_id,)]
    assert kept(desk) == []


def test_a_draft_that_was_not_touched_is_not_written_again(desk: Desk, qtbot: QtBot) -> None:
    window = show(desk, qtbot, desk.engine.reader.draft_map[DraftId("d-1")])
    window.close()

    assert kept(desk) == []
    assert desk.engine.asked("discard_draft") == []


def test_the_lock_keeps_at_once(desk: Desk, window: ComposeWindow) -> None:
    QTest.keyClicks(window.text, "x")
    desk.herald.post(SessionChanged(SessionState.LOCKED))
    desk.settle()

    assert kept(desk)[-1].text == "x"


def test_signing_out_closes_without_speaking_to_a_closed_store(desk: Desk, window: ComposeWindow) -> None:
    QTest.keyClicks(window.text, "x")
    desk.herald.post(SessionChanged(SessionState.SIGNED_OUT))
    desk.settle()

    assert not window.isVisible()
    assert kept(desk) == []


def test_a_draft_reopens_as_it_was(desk: Desk, qtbot: QtBot) -> None:
    draft = desk.engine.reader.draft_map[DraftId("d-1")]
    window = show(desk, qtbot, draft)

    assert window.header.recipients() == draft.recipients
    assert window.header.subject.text() == draft.subject
    assert window.text.toPlainText() == draft.text
    assert window.attachments.names() == ["bilan.pdf"]
    assert window.windowTitle().startswith(draft.subject)


# -- recipients


def test_a_name_and_enter_make_a_recipient(desk: Desk, window: ComposeWindow) -> None:
    field = window.header.to
    QTest.keyClicks(field.input, "martin")
    QTest.keyClick(field.input, Qt.Key.Key_Return)

    (recipient,) = field.recipients()
    assert recipient.who.address == "helene.martin@chu.mss.example"
    assert recipient.origin is Origin.DIRECTORY
    assert recipient.field is Field.TO
    assert window.header.counter.text() == "1 sur 10"
    assert field.input.text() == ""


def test_arrows_choose_among_the_proposals(desk: Desk, window: ComposeWindow) -> None:
    field = window.header.to
    QTest.keyClicks(field.input, "villefictive")
    QTest.keyClick(field.input, Qt.Key.Key_Up)
    QTest.keyClick(field.input, Qt.Key.Key_Tab)

    assert field.recipients()[0].who.address == "resultats@biofictif.mss.example"


def test_a_correspondent_already_chosen_is_not_proposed_again(desk: Desk, window: ComposeWindow) -> None:
    field = window.header.to
    for _ in range(2):
        QTest.keyClicks(field.input, "martin")
        QTest.keyClick(field.input, Qt.Key.Key_Return)

    assert [r.who.address for r in field.recipients()] == [
        "helene.martin@chu.mss.example",
        "marc.martinez@ville.mss.example",
    ]


@pytest.mark.parametrize("keys", [";", ","])
def test_a_typed_address_is_checked_against_the_white_list(desk: Desk, window: ComposeWindow, keys: str) -> None:
    field = window.header.to
    QTest.keyClicks(field.input, f"Quelquun@Ailleurs.Example{keys}")

    (recipient,) = field.recipients()
    assert (recipient.who.address, recipient.origin) == ("quelquun@ailleurs.example", Origin.TYPED)
    assert "hors de l’espace de confiance" in window.header.recipients_notice.text
    assert field._chips[0].wrong


def test_a_known_address_typed_in_full_comes_from_the_directory(desk: Desk, window: ComposeWindow) -> None:
    field = window.header.to
    QTest.keyClicks(field.input, "karim.benali@ville.mss.example")
    QTest.keyClick(field.input, Qt.Key.Key_Return)

    assert field.recipients()[0].origin is Origin.DIRECTORY
    assert window.header.recipients_notice.text == ""


def test_several_pasted_addresses_are_several_recipients(desk: Desk, window: ComposeWindow) -> None:
    field = window.header.cc
    field.input.setText("")
    field._on_text_edited("Dr A <a@chu.mss.example>; b@chu.mss.example\nc@chu.mss.example")

    assert [r.who.address for r in field.recipients()] == [
        "a@chu.mss.example",
        "b@chu.mss.example",
        "c@chu.mss.example",
    ]
    assert field.recipients()[0].who.label == "Dr A"
    assert {r.field for r in window.keeper.draft.recipients} == {Field.CC}


def test_backspace_and_arrows_reach_the_chips(desk: Desk, qtbot: QtBot) -> None:
    window = show(desk, qtbot, Draft(DraftId("x"), BalId(1), (MARTIN, replace(NESSI, origin=Origin.ANSWER))))
    field = window.header.to
    field.input.setFocus()
    QTest.keyClick(field.input, Qt.Key.Key_Left)
    assert window.focusWidget() is field._chips[1]

    QTest.keyClick(field._chips[1], Qt.Key.Key_Left)
    QTest.keyClick(field._chips[0], Qt.Key.Key_Delete)
    assert field.recipients() == (NESSI,)

    QTest.keyClick(field.input, Qt.Key.Key_Backspace)
    assert field.recipients() == ()
    assert window.keeper.draft.recipients == ()


def test_escape_closes_the_proposals_before_the_window(desk: Desk, window: ComposeWindow) -> None:
    QTest.keyClicks(window.header.to.input, "martin")
    QTest.keyClick(window.header.to.input, Qt.Key.Key_Escape)
    assert window.isVisible()

    QTest.keyClick(window.header.to.input, Qt.Key.Key_Escape)
    assert not window.isVisible()


# -- whose mailbox


def test_the_mailbox_chosen_is_the_one_that_sends(desk: Desk, window: ComposeWindow) -> None:
    line = window.header.sender_line
    line.box.setCurrentIndex(2)
    line.box.activated.emit(2)

    assert window.keeper.draft.bal_id == BalId(3)
    assert "Dr Paul MERCADIER" in window.windowTitle()
    assert "délégation" in line.findChild(type(window.saved), "compose.on_behalf").text()


# -- attachments


def test_dropped_and_pasted_files_are_attached(desk: Desk, window: ComposeWindow, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "bilan.pdf"))])
    window.text.insertFromMimeData(mime)
    desk.settle()

    assert desk.engine.asked("attach_file") == [(window.keeper.draft.id, tmp_path / "bilan.pdf")]
    assert window.attachments.names() == ["bilan.pdf"]
    assert window.text.toPlainText() == ""


def test_an_attachment_can_be_taken_off(desk: Desk, qtbot: QtBot) -> None:
    window = show(desk, qtbot, desk.engine.reader.draft_map[DraftId("d-1")])
    window.attachments.remove_by_name("bilan.pdf")
    desk.settle()

    assert window.attachments.names() == []
    assert window.keeper.draft.attachments == ()


def test_words_typed_while_a_file_is_read_are_not_overwritten(
    desk: Desk, window: ComposeWindow, tmp_path: Path
) -> None:
    window.keeper.attach([tmp_path / "a.pdf"])
    QTest.keyClicks(window.text, "suite")
    desk.settle()

    assert window.text.toPlainText() == "suite"
    assert window.keeper.draft.text == "suite"
    assert [a.name for a in window.keeper.draft.attachments] == ["a.pdf"]


def test_a_file_that_cannot_be_read_is_told_in_the_window(desk: Desk, window: ComposeWindow) -> None:
    desk.engine.tell(Unreadable(Unread.TOO_BIG, "attachment"), "attach", draft_id=window.keeper.draft.id)
    desk.settle()

    assert window.question.text.startswith("Ce fichier n’a pas été joint.")


def test_too_much_is_told_under_the_attachments(desk: Desk, qtbot: QtBot) -> None:
    draft = desk.engine.reader.draft_map[DraftId("d-1")]
    heavy = replace(draft.attachments[0], size=20 * 1024 * 1024)
    window = show(desk, qtbot, replace(draft, attachments=(heavy,)))

    assert "10\u00a0Mo" in window.size_notice.text
    window.try_send()
    assert sent(desk) == []


# -- sending


def test_ctrl_enter_sends_what_is_complete(desk: Desk, qtbot: QtBot) -> None:
    window = show(desk, qtbot, Draft(DraftId("x"), BalId(1), (MARTIN,), "Avis", "Bonjour"))
    with qtbot.waitSignal(window.sent):
        QTest.keyClick(window.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert sent(desk)[-1].subject == "Avis"
    assert not window.isVisible()


def test_the_last_words_leave_with_the_message_and_come_back_never(desk: Desk, qtbot: QtBot) -> None:
    window = show(desk, qtbot, Draft(DraftId("x"), BalId(1), (MARTIN,), "Avis", ""))
    QTest.keyClicks(window.text, "Bonjour")
    window.try_send()

    assert sent(desk)[-1].text == "Bonjour"
    assert kept(desk) == [], "a draft kept after Send would come back"


def test_nothing_leaves_without_a_recipient(desk: Desk, window: ComposeWindow) -> None:
    QTest.keyClicks(window.text, "Bonjour")
    assert window.header.recipients_notice.text == "", "a message being begun is not reproached anything"

    window.try_send()

    assert sent(desk) == []
    assert "au moins un destinataire" in window.header.recipients_notice.text
    assert window.focusWidget() is window.header.to.input


def test_an_empty_subject_is_asked_about_inside_the_window(desk: Desk, qtbot: QtBot) -> None:
    window = show(desk, qtbot, Draft(DraftId("x"), BalId(1), (MARTIN,), "", "ci-joint le bilan"))
    window.try_send()
    assert sent(desk) == []
    assert "L’objet est vide." in window.question.text
    assert "pièce jointe" in window.question.text

    window.question.button(0).click()
    assert len(sent(desk)) == 1


def test_one_may_go_back_to_the_message(desk: Desk, qtbot: QtBot) -> None:
    window = show(desk, qtbot, Draft(DraftId("x"), BalId(1), (MARTIN,), "", "Bonjour"))
    window.try_send()
    QTest.keyClick(window, Qt.Key.Key_Escape)

    assert window.isVisible()
    assert window.question.text == ""
    assert sent(desk) == []


def test_the_words_one_quotes_do_not_ask_for_an_attachment(desk: Desk, qtbot: QtBot) -> None:
    quoted = "Merci\n\nLe 3 novembre :\n> Veuillez trouver ci-joint\n> le bilan"
    draft = desk.engine.answer(desk.engine.reader.messages[next(iter(desk.engine.reader.messages))].row.id, False, "")
    window = show(desk, qtbot, replace(draft, recipients=(MARTIN,), text=quoted))
    window.try_send()

    assert len(sent(desk)) == 1


def test_writing_to_a_usager_shows_what_the_matricule_says(desk: Desk, qtbot: QtBot) -> None:
    window = show(desk, qtbot, Draft(DraftId("x"), BalId(1), (NESSI,), "Suivi", "Bonjour"))
    assert window.no_answer.isVisible()
    window.no_answer.setChecked(True)
    window.try_send()

    assert "féminin" in window.question.text
    window.question.button(0).click()
    assert sent(desk)[-1].no_answer


def test_the_usager_option_goes_with_the_usager(desk: Desk, qtbot: QtBot) -> None:
    window = show(desk, qtbot, Draft(DraftId("x"), BalId(1), (NESSI,), "Suivi", "Bonjour", no_answer=True))
    QTest.keyClick(window.header.to.input, Qt.Key.Key_Backspace)

    assert not window.no_answer.isVisible()
    assert not window.keeper.draft.no_answer


def test_receipts_are_options(desk: Desk, window: ComposeWindow) -> None:
    window.ask_read.setChecked(True)
    window.ask_delivery.setChecked(False)

    assert (window.keeper.draft.ask_read, window.keeper.draft.ask_delivery) == (True, False)


# -- throwing away


def test_discarding_asks_first_and_escape_keeps(desk: Desk, qtbot: QtBot) -> None:
    window = show(desk, qtbot, Draft(DraftId("x"), BalId(1), (MARTIN,), "Avis", "Bonjour"))
    window.try_discard()
    assert desk.engine.asked("discard_draft") == []

    window.question.button(1).click()
    assert window.isVisible()

    window.try_discard()
    window.question.button(0).click()
    assert desk.engine.asked("discard_draft") == [(DraftId("x"),)]
    assert not window.isVisible()
    assert kept(desk) == []


def test_everything_has_a_name_for_a_screen_reader(desk: Desk, qtbot: QtBot) -> None:
    window = show(desk, qtbot, desk.engine.reader.draft_map[DraftId("d-1")])

    assert unnamed(window) == []
