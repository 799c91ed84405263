"""Synchronisation when things change under it: numbering, folders, colleagues, limits. On Dovecot."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mssclient.domain.bal import FolderRole, Link
from mssclient.domain.changes import ChangeId, FolderWish, Wish
from mssclient.domain.errors import Refused
from mssclient.domain.message import Loading, PartId
from mssclient.engine import budget
from mssclient.engine.fetch import Fetch
from mssclient.remote import imap, imap_content
from mssclient.remote.imap import ImapSession
from tests.engine.sync_kit import WHEN, SyncDesk, fill, new_watch, sync_desk, uid_of
from tests.engine.test_sync_history import colleague, filed
from tests.lab.mail import LabMail, lab_mail
from tests.remote.places import Place, new_operator, sandbox_place

__all__ = ["colleague", "lab_mail"]
pytestmark = pytest.mark.lab
Beside = tuple[Place, str, ImapSession]


@pytest.fixture
def desk(colleague: Beside, tmp_path: Path) -> Iterator[SyncDesk]:
    """A BAL with thirty messages in its inbox and five in a folder."""
    place, name, session = colleague
    fill(session, "INBOX", range(30))
    session.create(("Suivi",))
    fill(session, "Suivi", range(100, 105))
    with sync_desk(place, name, tmp_path) as opened:
        opened.agree(session)
        yield opened


def test_a_folder_that_was_numbered_anew_keeps_what_was_done_to_its_messages(desk: SyncDesk, colleague: Beside) -> None:
    session = colleague[2]
    ids = desk.ids("Suivi")
    kept = ids["<101@x.mss.example>"]
    filed(desk, kept)
    desk.wish(Wish.FLAG, ["102"], ("Suivi",))
    desk.settle()
    session.select("INBOX")
    session.delete("Suivi")
    session.create(("Suivi",))
    fill(session, "Suivi", [104, 103, 102, 101])
    desk.agree(session)
    assert desk.ids("Suivi") == {k: v for k, v in ids.items() if "100" not in k}
    assert [f.message_id for f in desk.reader.filings(kept)] == [kept]


def test_a_colleague_who_moves_a_filed_message_takes_its_mark_along_in_either_order(
    desk: SyncDesk, colleague: Beside
) -> None:
    session = colleague[2]
    first, second = (desk.ids("INBOX")[f"<{n}@x.mss.example>"] for n in (3, 4))
    for message_id in (first, second):
        filed(desk, message_id)
    session.select("INBOX")
    # The copy is seen before the original goes.
    session.append("Suivi", _raw(session, 3), frozenset(), WHEN)
    desk.settle()
    session.select("INBOX")
    session.erase([uid_of(session, 3)])
    desk.settle()
    assert desk.ids("Suivi")["<3@x.mss.example>"] == first
    # The original goes before the copy is seen.
    raw = _raw(session, 4)
    session.erase([uid_of(session, 4)])
    desk.settle()
    assert "<4@x.mss.example>" not in desk.ids("INBOX")
    session.append("Suivi", raw, frozenset(), WHEN)
    desk.agree(session)
    assert desk.ids("Suivi")["<4@x.mss.example>"] == second


def _raw(session: ImapSession, number: int) -> bytes:
    session.select("INBOX")
    return session.body(uid_of(session, number))


def test_wishes_and_marks_survive_a_folder_that_was_deleted_and_came_back(desk: SyncDesk, colleague: Beside) -> None:
    session = colleague[2]
    kept = desk.ids("Suivi")["<103@x.mss.example>"]
    filed(desk, kept)
    session.select("INBOX")
    session.delete("Suivi")
    desk.settle()
    assert ("Suivi",) not in desk.ours()
    session.create(("Ailleurs",))
    fill(session, "Ailleurs", [103])
    desk.agree(session)
    assert desk.ids("Ailleurs")["<103@x.mss.example>"] == kept


def test_a_folder_that_a_colleague_renamed_is_the_same_folder(desk: SyncDesk, colleague: Beside) -> None:
    session = colleague[2]
    folder_id, ids = desk.folder("Suivi"), desk.ids("Suivi")
    session.select("INBOX")
    session.name_anew("Suivi", ("Suivi 2026 & après",))
    desk.agree(session)
    assert desk.folder("Suivi 2026 & après") == folder_id
    assert desk.ids("Suivi 2026 & après") == ids


def test_news_of_any_folder_come_by_themselves(desk: SyncDesk, colleague: Beside) -> None:
    session = colleague[2]
    desk.settle()
    begun = time.monotonic()
    fill(session, "Suivi", [900])
    desk.until(lambda: "<900@x.mss.example>" in desk.ids("Suivi"), "told by NOTIFY", 8)
    assert time.monotonic() - begun < 6
    session.create(("Tout neuf",))
    desk.until(lambda: any(f.path == ("Tout neuf",) for f in desk.reader.folders(desk.bal_id)), "a folder", 8)
    session.select("Suivi")
    session.mark([uid_of(session, 900)], add=frozenset({"\\Seen"}))
    desk.until(lambda: ("<900@x.mss.example>", True, False) in desk.ours()["Suivi",], "a mark elsewhere", 8)


def test_a_folder_is_renamed_and_deleted_with_what_is_in_it_kept(desk: SyncDesk, colleague: Beside) -> None:
    session = colleague[2]
    folders = desk.reader.folders(desk.bal_id)
    suivi = next(f for f in folders if f.path == ("Suivi",))
    ids = desk.ids("Suivi")
    desk.folders.name_anew(folders, suivi, "R&D été")
    desk.until(lambda: any(f.path == ("R&D été",) for f in desk.reader.folders(desk.bal_id)), "shown")
    desk.agree(session)
    assert desk.folder("R&D été") == suivi.id
    assert desk.ids("R&D été") == ids
    folders = desk.reader.folders(desk.bal_id)
    desk.folders.delete(folders, next(f for f in folders if f.id == suivi.id))
    desk.until(lambda: desk.folder("Corbeille", "R&D été") == suivi.id, "in the trash")
    desk.agree(session)
    assert desk.ids("Corbeille", "R&D été") == ids
    assert desk.problems() == []


def test_a_folder_that_the_operator_refuses_is_backed_out(desk: SyncDesk, colleague: Beside) -> None:
    session = colleague[2]
    folders = desk.reader.folders(desk.bal_id)
    with pytest.raises(Refused):
        desk.folders.new(folders, desk.bal_id, None, "a/b")
    with pytest.raises(Refused):
        desk.folders.new(folders, desk.bal_id, None, " suivi ")
    inbox = next(f for f in folders if f.role is FolderRole.INBOX)
    with pytest.raises(Refused):
        desk.folders.delete(folders, inbox)
    # Dovecot refuses a name that stands for the folder above.
    wishes = desk.house.stores.folder_wishes
    wishes.new(ChangeId("x"), desk.bal_id, ("..",))
    desk.watch.replay()
    desk.until(desk.problems, "told")
    assert desk.problems()[0].context == "new folder"
    assert wishes.of_bal(desk.bal_id) == []
    desk.agree(session)


def test_a_new_folder_that_has_not_left_can_be_taken_back(desk: SyncDesk) -> None:
    wishes = desk.house.stores.folder_wishes
    made = wishes.new(ChangeId("gone"), desk.bal_id, ("Un instant",))
    assert any(f.id == made for f in desk.reader.folders(desk.bal_id))
    assert [w.wish for w in wishes.of(ChangeId("gone"))] == [FolderWish.NEW]
    desk.folders.undo(ChangeId("gone"))
    desk.until(lambda: all(f.id != made for f in desk.reader.folders(desk.bal_id)), "taken back")


def test_a_role_without_a_folder_gets_one_when_it_is_needed(tmp_path: Path) -> None:
    with new_operator(tmp_path / "sandbox") as running:
        place = sandbox_place(running)
        session = place.session("alice.martin")
        for folder in session.folders():
            if folder.mailbox != "INBOX":
                session.delete(folder.mailbox)
        fill(session, "INBOX", [1])
        with sync_desk(place, "alice.martin", tmp_path) as desk:
            desk.agree(session)
            found: list[object] = []
            desk.watch.ask(lambda line: found.append(line.ensure(FolderRole.SENT)) or set())  # type: ignore[func-returns-value]
            desk.until(lambda: found and found[0], "made")
            assert "Sent" in {f.mailbox for f in session.folders()}
            # A trash that a deletion wishes for is made before the message is moved into it.
            desk.house.stores.folder_wishes.new(ChangeId("trash"), desk.bal_id, ("Trash",), FolderRole.TRASH)
            desk.wish(Wish.MOVE, ["1"], ("INBOX",), ("Trash",))
            desk.until(lambda: "<1@x.mss.example>" in desk.ids("Trash"), "in the new trash")
            desk.agree(session)
        session.close()


def test_boxes_share_the_lines_that_there_are(colleague: Beside, lab_mail: LabMail, tmp_path: Path,
                                              monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(budget, "SHARE_S", 0.3)
    place, name, _session = colleague
    with sync_desk(place, name, tmp_path, connection_limit=3) as desk:
        others = [new_watch(desk.house, n, f"{lab_mail.spare()}@{place.domain}", []) for n in (2, 3)]
        most = 0
        try:
            for other in others:
                other.start()

            def all_seen() -> bool:
                nonlocal most
                most = max(most, desk.house.lines.open_lines)
                return all(other.bal_id is not None for other in others)

            desk.until(all_seen, "each has its turn", 20)
            links = {b.link for b in desk.reader.bals()}
            assert links <= {Link.LIVE, Link.WAITING, Link.CONNECTING, Link.OFFLINE}
            assert most <= 3 - 1
        finally:
            for other in others:
                other.stop()
                assert other.worker.join(10)


def big(size: int) -> bytes:
    """A mail with one attachment of so many bytes."""
    head = b"From: a@x.mss.example\r\nMessage-ID: <big@x.mss.example>\r\nSubject: gros\r\nMIME-Version: 1.0\r\n"
    kind = b'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="a.bin"\r\n'
    return head + kind + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + b"0123456789abcde\n" * (size // 16)


def test_a_download_goes_on_where_it_was_given_up(
    desk: SyncDesk, colleague: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = colleague[2]
    session.append("INBOX", big(3 << 20), frozenset(), WHEN)
    desk.agree(session)
    message_id = desk.ids("INBOX")["<big@x.mss.example>"]
    part = desk.house.stores.content.parts(message_id)[0].id
    fetch = Fetch(desk.house)
    fetch.start()
    asked: list[int] = []
    real = imap_content._items

    def items(wire: object, uid: int, wanted: bytes) -> object:
        asked.append(int(wanted.rpartition(b"<")[2].partition(b".")[0]))
        if len(asked) == 4:
            fetch.stop_part(part)
        return real(wire, uid, wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(imap_content, "_items", items)
    try:
        fetch.want_part(part)
        desk.until(lambda: len(asked) >= 4 and loading(desk, part) is Loading.ABSENT, "given up")
        assert asked == [n * imap.CHUNK for n in range(4)]
        fetch.want_part(part)
        desk.until(lambda: loading(desk, part) is Loading.HERE, "whole")
        assert asked[4] == 4 * imap.CHUNK
        content = desk.house.stores.content.part_bytes(part)
        assert content is not None
        assert content.replace(b"\r\n", b"\n") == b"0123456789abcde\n" * ((3 << 20) // 16)
        assert desk.house.stores.content.pieces(part) == b""
    finally:
        fetch.stop()
        assert fetch.worker.join(10)


def loading(desk: SyncDesk, part: PartId) -> Loading:
    """Where a download stands."""
    row = desk.house.stores.database.one("SELECT loading FROM part WHERE id = ?", (part,))
    assert row is not None
    return Loading(row[0])


def test_what_is_kept_off_line_has_its_limits(desk: SyncDesk, colleague: Beside) -> None:
    session = colleague[2]
    ids = desk.ids("INBOX")
    content, keep = desk.house.stores.content, desk.house.stores.retention
    fetch = Fetch(desk.house)
    fetch.start()
    try:
        fetch.want_bodies(ids.values(), now=True)
        desk.until(lambda: all(content.body_loading(i) is Loading.HERE for i in ids.values()), "bodies")
        safe = ids["<5@x.mss.example>"]
        with desk.house.stores.database.write() as sql:
            sql.execute("UPDATE message SET content_at = 1000 + id WHERE content_at > 0")
            sql.execute("UPDATE message SET state = 'to file' WHERE id = ?", (safe,))
        used = keep.used()
        assert used > 0
        assert set(keep.drop_older(1_000_000)) == set(ids.values()) - {safe}
        assert content.body_loading(safe) is Loading.HERE
        assert content.body_loading(ids["<6@x.mss.example>"]) is Loading.ABSENT
        assert keep.used() < used
        assert keep.drop_oldest() == []
        fetch.want_bodies([ids["<6@x.mss.example>"]], now=True)
        desk.until(lambda: content.body_loading(ids["<6@x.mss.example>"]) is Loading.HERE, "fetched again")
    finally:
        fetch.stop()
        assert fetch.worker.join(10)
    desk.agree(session)
