"""Bad days of a session: lines that break in the middle, folders that change behind us, a damaged store, locks in a race."""

from __future__ import annotations

from typing import Any

import pytest

from mssclient.domain.bal import Folder, FolderRole, Link
from mssclient.domain.errors import Refused, Untrusted
from mssclient.domain.message import Loading, MessageId
from mssclient.sandbox.orders import Service, When
from mssclient.sandbox.pki import Fault
from tests.engine.conftest import Workstation

NEW = b"From: contact@had-valdelys.mss.example\r\nSubject: %s\r\nMessage-ID: <%s@x>\r\n\r\nBonjour %s\r\n"


def inbox(desk: Workstation) -> Folder:
    return desk.folder(desk.bal("soins"))


def told(desk: Workstation, context: str) -> list[Any]:
    return [t.error for t in desk.problems() if t.context == context]


def arrived(desk: Workstation, name: bytes) -> MessageId:
    """A new message of that name comes to the inbox."""
    here, address = inbox(desk), desk.bal("soins").address
    before = set(desk.settled(here))
    desk.theatre.operator.deliver(address, NEW % (name, name, name))
    desk.until(lambda: set(desk.ids(here)) - before, "arrived")
    return (set(desk.ids(here)) - before).pop()


@pytest.mark.parametrize(
    ("verb", "when"),
    [("LIST", When.DURING), ("SELECT", When.BEFORE), ("FETCH", When.DURING), ("FETCH", When.AFTER), ("SEARCH", When.DURING),
     ("GETQUOTAROOT", When.BEFORE)],
)  # fmt: skip
def test_a_line_cut_during_the_first_listing_is_taken_up_again(desk: Workstation, verb: str, when: When) -> None:
    desk.theatre.operator.orders.drop(verb, when)
    desk.sign_in()
    assert len(desk.settled(inbox(desk))) == len(desk.theatre.operator.messages(desk.bal("soins").address))


@pytest.mark.parametrize("reply", ["NO [UNAVAILABLE] later", "BYE going down", "NO not today", "BAD what"])
@pytest.mark.parametrize("verb", ["SELECT", "FETCH"])
def test_an_answer_that_is_no_answer_delays_and_loses_nothing(desk: Workstation, verb: str, reply: str) -> None:
    desk.theatre.operator.orders.answer(verb, reply)
    desk.sign_in()
    desk.engine.refresh()
    assert len(desk.settled(inbox(desk))) == len(desk.theatre.operator.messages(desk.bal("soins").address))
    desk.until(lambda: desk.bal("soins").link is Link.LIVE, "live again")


def test_a_folder_that_lets_nobody_in_does_not_stop_the_mailbox(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    here = inbox(signed_in)
    signed_in.settled(here)
    trash = signed_in.folder(bal, FolderRole.TRASH)
    signed_in.theatre.operator.orders.answer("SELECT", "NO [NOPERM] not yours")
    signed_in.engine.open_folder(trash.id)
    signed_in.until(lambda: told(signed_in, "sync"), "told")
    signed_in.engine.open_folder(here.id)
    arrived(signed_in, b"toujours")
    assert signed_in.bal("soins").link is Link.LIVE


def test_a_mark_that_is_refused_is_backed_out_and_told(signed_in: Workstation) -> None:
    message = signed_in.settled(inbox(signed_in))[0]
    before = signed_in.engine.reader.rows([message])[0].flagged
    signed_in.theatre.operator.orders.answer("STORE", "NO [NOPERM] not yours")
    signed_in.engine.flag((message,), not before)
    signed_in.until(lambda: told(signed_in, "unflag" if before else "flag"), "told")
    row = signed_in.engine.reader.rows([message])[0]
    assert (row.flagged, row.pending) == (before, False)


def test_a_move_that_is_refused_is_backed_out_and_told(signed_in: Workstation) -> None:
    here = inbox(signed_in)
    message = signed_in.settled(here)[0]
    signed_in.theatre.operator.orders.answer("MOVE", "NO [OVERQUOTA] full")
    signed_in.engine.delete((message,))
    signed_in.until(lambda: told(signed_in, "move"), "told")
    assert isinstance(told(signed_in, "move")[0], Refused)
    assert message in signed_in.ids(here)


@pytest.mark.parametrize("verb", ["STORE", "MOVE"])
@pytest.mark.parametrize("when", [When.BEFORE, When.DURING, When.AFTER])
def test_a_wish_survives_the_line(signed_in: Workstation, verb: str, when: When) -> None:
    here, bal = inbox(signed_in), signed_in.bal("soins")
    message = arrived(signed_in, f"{verb}-{when.name}".encode())
    signed_in.theatre.operator.orders.drop(verb, when)
    if verb == "STORE":
        signed_in.engine.mark_read((message,), True)
    else:
        signed_in.engine.delete((message,))
    signed_in.until(lambda: bal.id in {b.id for b in signed_in.engine.reader.bals() if b.link is Link.OFFLINE}, "cut")
    signed_in.engine.refresh()
    trash = signed_in.folder(bal, FolderRole.TRASH)
    name = f"<{verb}-{when.name}@x>".encode()

    def agreed() -> bool:
        place = here if verb == "STORE" else trash
        stored = [m for m in signed_in.theatre.operator.messages(bal.address, place.path) if name in m.raw]
        rows = signed_in.engine.reader.rows([message])
        done = len(stored) == 1 and bool(rows) and not rows[0].pending and message in signed_in.ids(place)
        return done and (verb == "MOVE" or "\\Seen" in stored[0].flags)

    signed_in.until(agreed, "both sides agree")


def test_after_a_renumbering_marks_stay_and_no_wish_hits_another_message(signed_in: Workstation) -> None:
    here, bal = inbox(signed_in), signed_in.bal("soins")
    victim, bystander = arrived(signed_in, b"victime"), arrived(signed_in, b"temoin")
    ids = signed_in.settled(here)
    states = {r.id: r.state for r in signed_in.engine.reader.rows(ids[:200])}
    operator = signed_in.theatre.operator
    operator.orders.line_down(Service.IMAP)
    signed_in.until(lambda: signed_in.bal("soins").link is Link.OFFLINE, "offline")
    signed_in.engine.delete((victim,))
    signed_in.until(lambda: victim not in signed_in.ids(here), "shown as gone")
    # Restored from a backup: other numbers, and a message that was not there shifts every one.
    account = operator.store.account(bal.address)
    assert account is not None
    mailbox = account.mailboxes[here.path]
    mailbox.renumber()
    for number, message in enumerate(mailbox.messages):
        message.uid = number + 2
    mailbox.uid_next += 1
    operator.orders.line_up(Service.IMAP)
    signed_in.engine.refresh()
    trash = signed_in.folder(bal, FolderRole.TRASH)
    signed_in.until(
        lambda: any(b"<victime@x>" in m.raw for m in operator.messages(bal.address, trash.path)), "the right one moved"
    )
    assert not any(b"<temoin@x>" in m.raw for m in operator.messages(bal.address, trash.path))
    signed_in.until(lambda: set(signed_in.ids(here)) == set(ids) - {victim}, "every row kept its id")
    rows = signed_in.engine.reader.rows([i for i in ids[:200] if i != victim])
    assert {r.id: r.state for r in rows} == {i: s for i, s in states.items() if i != victim}
    signed_in.engine.want_body(bystander)
    signed_in.until(lambda: (m := signed_in.engine.reader.message(bystander)) and "temoin" in m.text, "its own body")


def test_a_message_that_a_colleague_erases_while_its_body_is_wanted(signed_in: Workstation) -> None:
    here, bal = inbox(signed_in), signed_in.bal("soins")
    message = arrived(signed_in, b"efface")
    signed_in.until(lambda: (m := signed_in.engine.reader.message(message)) and m.body is Loading.HERE, "prefetched")
    account = signed_in.theatre.operator.store.account(bal.address)
    assert account is not None
    uid = next(m.uid for m in signed_in.theatre.operator.messages(bal.address) if b"<efface@x>" in m.raw)
    signed_in.theatre.operator.orders.slow(0.2, "FETCH", times=1)
    signed_in.engine.want_body(message)
    account.mailboxes[here.path].expunge([uid])
    signed_in.until(lambda: message not in signed_in.ids(here), "gone here too")
    arrived(signed_in, b"suivant")


def test_a_folder_that_is_deleted_goes_and_the_person_works_on(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    account = signed_in.theatre.operator.store.account(bal.address)
    assert account is not None
    account.open(("Provisoire",)).add(NEW % (b"p", b"p", b"p"))
    signed_in.engine.refresh()
    signed_in.until(lambda: any(f.path == ("Provisoire",) for f in signed_in.engine.reader.folders(bal.id)), "listed")
    folder = next(f for f in signed_in.engine.reader.folders(bal.id) if f.path == ("Provisoire",))
    signed_in.until(lambda: signed_in.ids(folder), "its mail")
    signed_in.engine.open_folder(folder.id)
    del account.mailboxes["Provisoire",]
    signed_in.engine.refresh()
    signed_in.until(lambda: all(f.id != folder.id for f in signed_in.engine.reader.folders(bal.id)), "gone")
    arrived(signed_in, b"apres")


@pytest.mark.parametrize("fault", [Fault.CHAIN, Fault.NAME, Fault.EXPIRED])
def test_a_wrong_certificate_is_told_and_no_token_leaves(desk: Workstation, fault: Fault) -> None:
    operator = desk.theatre.operator
    operator.present(Service.IMAP, fault)
    try:
        heard = operator.orders.times("AUTHENTICATE")
        desk.engine.sign_in_with_browser()
        desk.until(lambda: told(desk, "sync"), "told")
        assert isinstance(told(desk, "sync")[0], Untrusted)
        assert operator.orders.times("AUTHENTICATE") == heard
    finally:
        operator.present(Service.IMAP, None)


@pytest.mark.parametrize("times", [1, 2])
def test_tokens_refused_at_sign_in(desk: Workstation, times: int) -> None:
    desk.theatre.operator.orders.refuse_tokens(times)
    desk.sign_in()
    assert desk.live() > 0
