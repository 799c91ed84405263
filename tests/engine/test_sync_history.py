"""The same history on Dovecot with each extension taken away, alone and in pairs: store and operator end up the same."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mssclient.domain.bal import FolderRole
from mssclient.domain.changes import Wish
from mssclient.domain.message import MessageId
from mssclient.remote import imap, imap_login
from mssclient.remote.imap import ImapSession
from tests.engine.sync_kit import SyncDesk, fill, role_of, sync_desk, uid_of
from tests.lab.mail import LabMail, lab_mail, missing
from tests.remote.places import Place, lab_place

__all__ = ["lab_mail"]

SINGLE = (
    "QRESYNC", "CONDSTORE", "NOTIFY", "IDLE", "MOVE", "UIDPLUS", "ESEARCH", "LIST-STATUS", "SPECIAL-USE", "NAMESPACE",
    "ENABLE", "COMPRESS=DEFLATE", "LIST-EXTENDED", "SASL-IR", "QUOTA",
)  # fmt: skip
PAIRED = ("QRESYNC", "CONDSTORE", "NOTIFY", "IDLE", "MOVE", "UIDPLUS", "ESEARCH", "LIST-STATUS")
OFF = ((), *((each,) for each in SINGLE), *itertools.combinations(PAIRED, 2), PAIRED, SINGLE)
BARE = "IMAP4rev1 SASL-IR AUTH=XOAUTH2"
pytestmark = pytest.mark.lab


def without(patch: pytest.MonkeyPatch, off: tuple[str, ...]) -> None:
    """An operator that does not announce these: without CONDSTORE there is no QRESYNC either (RFC 7162)."""
    real, gone = imap_login.sign_in, {*off, *(("QRESYNC",) if "CONDSTORE" in off else ())}
    patch.setattr(imap, "sign_in", lambda wire, login, token: real(wire, login, token) - gone)


@pytest.fixture
def colleague(lab_mail: LabMail) -> Iterator[tuple[Place, str, ImapSession]]:
    """A fresh BAL, and another client in it with all that Dovecot can."""
    place, name = lab_place(lab_mail), lab_mail.spare()
    session = place.session(name)
    yield place, name, session
    session.close()


def before(session: ImapSession) -> None:
    """What stands there when we come."""
    fill(session, "INBOX", range(30))
    for name in ("Suivi", "Vieux"):
        session.create((name,))
    fill(session, "Suivi", range(100, 105))
    fill(session, "Vieux", range(200, 203))


def meanwhile(session: ImapSession) -> None:
    """What a colleague does behind our back."""
    fill(session, "INBOX", range(30, 33))
    session.select("INBOX")
    session.mark([uid_of(session, n) for n in (1, 2, 3)], add=frozenset({"\\Seen"}))
    session.mark([uid_of(session, n) for n in (3, 4)], add=frozenset({"\\Flagged"}))
    session.erase([uid_of(session, n) for n in (5, 6)])
    session.move([uid_of(session, n) for n in (7, 8)], "Suivi")
    session.name_anew("Suivi", ("Suivi 2026",))
    session.create(("Neuf & vif é",))
    fill(session, "Neuf & vif é", [300, 301])
    session.delete("Vieux")


def ourselves(desk: SyncDesk) -> None:
    """What the person does at the same time."""
    desk.wish(Wish.READ, ["10", "11"], ("INBOX",))
    desk.wish(Wish.FLAG, ["12"], ("INBOX",))
    desk.wish(Wish.UNREAD, ["1"], ("INBOX",))
    desk.wish(Wish.MOVE, ["13", "14", "5"], ("INBOX",), (role_of(desk, FolderRole.TRASH),))
    desk.folders.new(desk.reader.folders(desk.bal_id), desk.bal_id, None, "Le nôtre")
    desk.wish(Wish.MOVE, ["15"], ("INBOX",), ("Le nôtre",))
    desk.wish(Wish.ERASE, ["16"], ("INBOX",))


def filed(desk: SyncDesk, message_id: MessageId) -> None:
    """A document of this message stands in the record."""
    with desk.house.stores.database.write() as sql:
        sql.execute(
            "INSERT INTO filing (message_id, part_id, content, person, at, file_name, sha256, unique_id, usager_name, state)"
            " VALUES (?, 1, '', '8', 1, 'a.pdf', '00', '', '', 'done')",
            (message_id,),
        )


def live(desk: SyncDesk, session: ImapSession) -> None:
    """The whole history."""
    desk.agree(session)
    kept = desk.ids("INBOX")["<7@x.mss.example>"]
    filed(desk, kept)
    meanwhile(session)
    ourselves(desk)
    desk.agree(session)
    assert desk.ids("Suivi 2026")["<7@x.mss.example>"] == kept
    assert "<15@x.mss.example>" in desk.ids("Le nôtre")
    before_counts = desk.ours()
    desk.settle()
    assert desk.ours() == before_counts


@pytest.mark.parametrize("off", OFF, ids="+".join)
def test_store_and_operator_end_up_the_same(
    colleague: tuple[Place, str, ImapSession], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, off: tuple[str, ...]
) -> None:
    place, name, session = colleague
    before(session)
    without(monkeypatch, off)
    with sync_desk(place, name, tmp_path) as desk:
        live(desk, session)


@pytest.fixture(scope="module")
def bare_lab() -> Iterator[LabMail]:
    """A Dovecot that announces nothing beyond IMAP4rev1."""
    if reason := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    lab = LabMail(capability=BARE)
    try:
        lab.start()
        yield lab
    finally:
        lab.stop()


def test_a_dovecot_that_announces_nothing_is_enough(bare_lab: LabMail, tmp_path: Path) -> None:
    place, name = lab_place(bare_lab), bare_lab.spare()
    session = place.session(name)
    before(session)
    with sync_desk(place, name, tmp_path) as desk:
        live(desk, session)
    session.close()
