"""A working day of the engine on real protocols: sign in, read, mark, move, write, lose the line, lock."""

from __future__ import annotations

import sys
from dataclasses import replace

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import FolderRole, Link
from mssclient.domain.draft import Recipient
from mssclient.domain.message import Loading
from mssclient.domain.outbox import Fate, SendState
from mssclient.domain.session import SessionState
from tests.engine.conftest import Workstation

DOCTOR = Correspondent("Dr Thomas LEMOINE", "thomas.lemoine@medecins.mss.example", CorrespondentKind.PROFESSIONAL)


def test_mail_is_listed_newest_first_and_a_body_comes_when_asked(signed_in: Workstation) -> None:
    inbox = signed_in.folder(signed_in.bal("soins"))
    ids = signed_in.settled(inbox)
    reader = signed_in.engine.reader
    dates = [row.date for row in reader.rows(ids)]
    assert dates == sorted(dates, reverse=True)
    signed_in.engine.want_body(ids[-1])
    signed_in.until(lambda: (m := reader.message(ids[-1])) and m.body in {Loading.HERE, Loading.FAILED}, "body")
    assert "PySide6" not in sys.modules or "pytestqt" in sys.modules


def test_a_mark_reaches_the_operator(signed_in: Workstation) -> None:
    inbox = signed_in.folder(signed_in.bal("soins"))
    message = signed_in.settled(inbox)[0]
    before = signed_in.engine.reader.rows([message])[0].flagged
    signed_in.engine.flag((message,), not before)
    signed_in.until(lambda: signed_in.engine.reader.rows([message])[0].flagged is not before, "shown")
    signed_in.until(lambda: not signed_in.engine.reader.rows([message])[0].pending, "replayed")
    stored = signed_in.theatre.operator.messages(signed_in.bal("soins").address)
    header = signed_in.engine.reader.message(message)
    assert header is not None
    found = [m for m in stored if header.message_id.encode() in m.raw]
    assert ("\\Flagged" in found[0].flags) is not before


def test_a_deletion_is_undone_whether_or_not_it_had_left(signed_in: Workstation) -> None:
    inbox = signed_in.folder(signed_in.bal("soins"))
    message = signed_in.settled(inbox)[0]
    for wait_for_replay in (False, True):
        change = signed_in.engine.delete((message,))
        signed_in.until(lambda: message not in signed_in.ids(inbox), "gone from the list")
        if wait_for_replay:
            signed_in.until(lambda: not signed_in.engine.reader.rows([message])[0].pending, "moved at the operator")
        signed_in.engine.undo(change)
        signed_in.until(lambda: message in signed_in.ids(inbox), "back in the list")
        signed_in.until(lambda: not signed_in.engine.reader.rows([message])[0].pending, "settled")


def test_new_mail_arrives_by_itself(signed_in: Workstation) -> None:
    inbox = signed_in.folder(signed_in.bal("soins"))
    before = len(signed_in.settled(inbox))
    raw = b"From: contact@had-valdelys.mss.example\r\nSubject: Nouvelle\r\nMessage-ID: <new@x>\r\n\r\nBonjour\r\n"
    signed_in.theatre.operator.deliver(signed_in.bal("soins").address, raw)
    signed_in.until(lambda: len(signed_in.ids(inbox)) == before + 1, "arrived", 8)


def test_a_message_leaves_once_is_copied_once_and_its_fate_is_known(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    sent = signed_in.folder(bal, FolderRole.SENT)
    signed_in.until(lambda: bool(signed_in.engine.facts(bal.id).white_list), "white list")
    already = len(signed_in.theatre.operator.submissions)
    draft = replace(
        signed_in.engine.new_draft(bal.id), recipients=(Recipient(DOCTOR),), subject="Demande d’avis", text="Bonjour"
    )
    signed_in.engine.keep_draft(draft)
    signed_in.engine.send(draft)
    reader = signed_in.engine.reader
    signed_in.until(lambda: reader.sent() and reader.sent()[0].state is SendState.DONE, "sent and copied")
    signed_in.until(lambda: reader.sent()[0].recipients[0].fate is Fate.DELIVERED, "delivery report")
    line = reader.sent()[0]
    assert reader.outbox() == ()
    assert len(signed_in.theatre.operator.submissions) == already + 1
    copies = signed_in.theatre.operator.messages(bal.address, sent.path)
    assert sum(line.message_id.encode() in m.raw for m in copies) == 1
    assert b"X-MSS-NIL:" in next(m.raw for m in copies if line.message_id.encode() in m.raw)


def test_offline_is_a_queue_that_is_not_moving(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    inbox = signed_in.folder(bal)
    message = signed_in.settled(inbox)[0]
    signed_in.theatre.cut()
    signed_in.until(lambda: signed_in.bal("soins").link is Link.OFFLINE, "line down")
    seen = signed_in.engine.reader.rows([message])[0].seen
    signed_in.engine.mark_read((message,), not seen)
    signed_in.until(lambda: signed_in.engine.reader.rows([message])[0].pending, "kept")
    signed_in.theatre.mend()
    signed_in.engine.refresh()
    signed_in.until(lambda: not signed_in.engine.reader.rows([message])[0].pending, "replayed when the line is back")
    assert signed_in.engine.reader.rows([message])[0].seen is not seen


def test_the_card_out_locks_and_the_same_person_comes_back(signed_in: Workstation) -> None:
    inbox = signed_in.folder(signed_in.bal("soins"))
    ids = signed_in.settled(inbox)
    signed_in.reader.remove()
    signed_in.until(lambda: signed_in.engine.session_state() is SessionState.LOCKED, "locked")
    signed_in.until(lambda: signed_in.live() == 0, "lines closed")
    signed_in.until(lambda: signed_in.theatre.operator.connections() == 0, "operator sees them go")
    signed_in.sign_in()
    assert signed_in.ids(inbox) == ids


def test_a_bad_contact_is_ridden_over(signed_in: Workstation) -> None:
    signed_in.reader.remove()
    signed_in.until(lambda: signed_in.engine.session_state() is SessionState.LOCKED, "covered at once")
    signed_in.reader.insert(signed_in.theatre.institution.staff("secretary").card)
    signed_in.until(lambda: signed_in.engine.session_state() is SessionState.OPEN, "cover lifted")
    assert signed_in.live() > 0


def test_another_person_gets_their_own_and_nothing_of_the_first(signed_in: Workstation) -> None:
    first_ids = set(signed_in.settled(signed_in.folder(signed_in.bal("soins"))))
    signed_in.engine.set_filing_folder(signed_in.home / "of the first")
    signed_in.reader.remove()
    signed_in.until(lambda: signed_in.engine.session_state() is SessionState.LOCKED, "locked")
    signed_in.sign_in("physician")
    person = signed_in.engine.person()
    assert person is not None
    assert person.family == "VASSEUR"
    let_in = {m.address for m in signed_in.theatre.institution.mailboxes_of(person.national_id)}
    assert {b.address for b in signed_in.engine.reader.bals()} <= let_in
    assert first_ids
    assert signed_in.engine.filing_folder() != signed_in.home / "of the first"
    assert signed_in.engine.reader.drafts() == ()
    assert len(list((signed_in.home / "persons").iterdir())) == 2


def test_a_card_of_somebody_else_is_refused(desk: Workstation) -> None:
    desk.reader.insert(desk.theatre.institution.staff("physician").card)
    desk.until(lambda: desk.engine.card_status().present, "card seen")
    desk.engine.sign_in_with_browser()
    desk.until(lambda: desk.engine.sign_in_view().failure is not None, "refused")
    assert desk.engine.session_state() is SessionState.SIGNED_OUT
    assert type(desk.engine.sign_in_view().failure).__name__ == "Untrusted"
    desk.browser.join()


def test_the_phone_signs_in_without_a_card(desk: Workstation) -> None:
    desk.engine.sign_in_with_ecps(desk.theatre.institution.staff("physician").person.national_id)
    desk.until(lambda: desk.engine.sign_in_view().digits, "digits shown")
    desk.until(desk.theatre.provider.pending, "request on the phone")
    assert desk.theatre.provider.pending()[0].digits == desk.engine.sign_in_view().digits
    desk.theatre.approve()
    desk.until(lambda: desk.engine.session_state() is SessionState.OPEN, "signed in", 15)
