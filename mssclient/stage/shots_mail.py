"""Folders, transfers, limits and drafts in their states, for the pictures."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget

from mssclient.domain.bal import Folder, FolderRole
from mssclient.domain.draft_copy import MARK
from mssclient.domain.message import Loading
from mssclient.sandbox.orders import Service
from mssclient.stage.loop import NeverHappened, rest, until
from mssclient.stage.theatre import Theatre
from mssclient.stage.workplace import Workplace
from mssclient.ui.compose.window import ComposeWindow
from mssclient.ui.mailbox.folder_naming import FolderNaming
from mssclient.ui.models.folder_tree import Work

Shoot = Callable[[QWidget, str], None]
_FOLDER = "Commission de coordination gériatrique"
_HEAVY = 9 * 1024 * 1024
_ROOM = 40 * 1024 * 1024


def folders(place: Workplace, theatre: Theatre, shoot: Shoot) -> None:
    """A folder's life: its menu, its name, refused, deleted, taken back, gone for good."""
    window, reader = place.window, place.engine.reader
    bal = place.bal("secretariat")
    tree = window.desk.tree
    place.go(place.folder(bal))
    window.commands.named("new_folder").trigger()
    naming = _naming()
    naming.field.setText("Compte/rendu")
    naming.ok.click()
    rest(100)
    shoot(naming, "folder-naming-refused")
    naming.field.setText(_FOLDER)
    shoot(naming, "folder-naming")
    naming.ok.click()
    until(lambda: any(f.name == _FOLDER for f in reader.folders(bal.id)), "a new folder")
    until(lambda: _FOLDER in {path[-1] for path in theatre.operator.folders(bal.address)}, "made at the operator")
    rest(300)
    made = next(f for f in reader.folders(bal.id) if f.name == _FOLDER)
    tree.go_to(("folder", made.id))
    tree.setFocus()
    line = tree.visualRect(tree.currentIndex()).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, line, tree.viewport().mapToGlobal(line))
    QApplication.sendEvent(tree.viewport(), event)
    shoot(window, "main-folder-menu")
    for menu in window.findChildren(QMenu, "folder.menu"):
        menu.close()
    rest(100)
    _deletions(place, theatre, made, shoot)


def _deletions(place: Workplace, theatre: Theatre, made: Folder, shoot: Shoot) -> None:
    """Refused, done, and for good."""
    window, reader, verbs = place.window, place.engine.reader, place.window.folder_verbs
    bal, tree = place.bal("secretariat"), place.window.desk.tree
    theatre.operator.orders.answer("RENAME", "NO [NOPERM] Vous ne gérez pas les dossiers de cette boîte")
    verbs.delete()
    until(window.desk.problems.isVisible, "the refusal is told")
    rest(300)
    shoot(window, "main-folder-refused")
    window.desk.problems.clear()
    tree.go_to(("folder", made.id))
    verbs.delete()
    until(lambda: any(f.role is FolderRole.TRASHED for f in reader.folders(bal.id)), "in the trash")
    until(lambda: any(p[-1] == _FOLDER and len(p) > 1 for p in theatre.operator.folders(bal.address)), "and there")
    rest(400)
    shoot(window, "main-folder-deleted")
    tree.go_to(("folder", made.id))
    verbs.delete()
    shoot(window, "main-folder-for-good")
    window.desk.folder_question.button(1).click()
    window.desk.undo_bar.forget()


def lists(place: Workplace, theatre: Theatre, shoot: Shoot) -> None:
    """A folder by conversation, by usager, and only what is unread: what is read stays while one looks at it."""
    window = place.window
    desk = window.desk
    place.go(place.folder(place.bal("secretariat")))
    desk.filters.conversations.click()
    place.open(lambda r: r.conversation_size > 3)
    shoot(window, "main-conversations")
    desk.filters.conversations.click()
    before = place.engine.reader.unread()
    desk.filters.unread.click()
    shown = place.open(lambda _row: True)
    until(lambda: place.engine.reader.unread() < before, "it was read")
    rest(2500)
    if (
        place.engine.reader.unread() != before - 1
        or desk.reading.message is None
        or desk.reading.message.row.id != shown
    ):
        raise NeverHappened("one message read, and only that one, still on the screen")
    shoot(window, "main-unread-only")
    desk.filters.unread.click()


def transfers(place: Workplace, theatre: Theatre, shoot: Shoot) -> None:
    """An attachment that takes its time."""
    window, engine = place.window, place.engine
    bal = place.bal("secretariat")
    theatre.operator.deliver(bal.address, _heavy_mail())
    place.go(place.folder(bal))
    until(lambda: any(r.subject == "Imagerie complète" for r in place.rows()), "the heavy one")
    until(lambda: place.open(lambda r: r.subject == "Imagerie complète") is not None, "it is open")
    message = window.desk.reading.message
    if message is None or not message.attachments:
        raise NeverHappened("an attachment")
    part = message.attachments[0]
    theatre.operator.orders.slow(0.7, "FETCH")
    engine.want_part(part.id)
    until(lambda: any(p.what == "part" and p.done > _HEAVY // 16 for p in engine.progress()), "a part of it", 30)
    rest(300)
    shoot(window, "main-attachment-coming")
    window.desk.show_part(part.id, "", part.name, filing=False)
    rest(900)
    shoot(window, "preview-coming")
    window.desk.workbench.preview.transfer.stopped.emit()
    rest(200)
    shoot(window, "preview-stopped")
    theatre.operator.orders.clear()
    window.desk.back_to_message()
    until(lambda: all(a.loading is not Loading.COMING for a in window.desk.reading.message.attachments)
          if window.desk.reading.message else True, "stopped")  # fmt: skip


def limits(place: Workplace, theatre: Theatre, shoot: Shoot) -> None:
    """A mailbox that fills up, and a message that no operator takes."""
    window = place.window
    bal = place.bal("secretariat")
    account = theatre.operator.store.account(bal.address)
    if account is None:
        raise NeverHappened("the account")
    usual = account.quota
    for percent in (80, 95):
        account.quota = account.used * 100 // (percent + 1)
        theatre.operator.orders.cut(Service.IMAP)
        until(window.desk.problems.isVisible, f"warned at {percent}", 40)
        rest(300)
        shoot(window, f"main-quota-{percent}")
        window.desk.problems.clear()
    account.quota = usual
    place.live(3)
    window.commands.named("new").trigger()
    composer = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ComposeWindow) and w.isVisible())
    path = theatre.folder / "scanner.dcm"
    path.write_bytes(bytes(_HEAVY))
    composer.attachments.files_given.emit([path])
    until(lambda: any(d.attachments for d in place.engine.reader.drafts()), "attached", 40)
    rest(200)
    composer.try_send()
    rest(200)
    shoot(composer, "composer-too-big")
    composer.close()
    rest(100)


def drafts(place: Workplace, theatre: Theatre, shoot: Shoot) -> None:
    """One begun elsewhere, and one that two people wrote."""
    window, reader = place.window, place.engine.reader
    bal = place.bal("secretariat")
    there = next(f.path for f in reader.folders(bal.id) if f.role is FolderRole.DRAFTS)
    window.commands.named("new").trigger()
    composer = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ComposeWindow) and w.isVisible())
    subject = composer.findChild(QLineEdit, "compose.subject")
    if subject is not None:
        subject.setText("Synthèse du séjour")
    composer.text.setPlainText("Madame FICTIVE est sortie ce matin.")
    draft_id = composer.keeper.draft.id
    until(lambda: reader.draft(draft_id) is not None, "kept")
    place.engine.put_draft_away(draft_id)
    mark = f"{MARK}{draft_id}.".encode()
    until(lambda: any(mark in m.raw for m in theatre.operator.messages(bal.address, there)), "copied there", 30)
    ours = next(m for m in theatre.operator.messages(bal.address, there) if mark in m.raw)
    other = re.sub(re.escape(mark) + rb"[A-Za-z0-9_-]+", mark + b"elsewhere", ours.raw)
    theatre.operator.deliver(bal.address, other.replace(b"ce matin", b"hier soir"), there, flags=("\\Draft",))
    foreign = re.sub(rb"Message-ID: <[^>]+>", b"Message-ID: <telephone@medecins.mss.example>", ours.raw)
    foreign = foreign.replace(b"Message-Id: <" + mark, b"Message-Id: <x")
    theatre.operator.deliver(bal.address, foreign, there, flags=("\\Draft",))
    composer.text.setPlainText("Madame FICTIVE est sortie ce matin, accompagnée de sa fille.")
    rest(2500)
    place.engine.put_draft_away(draft_id)
    until(lambda: place.engine.draft_conflict(draft_id) is not None, "two versions", 40)
    rest(200)
    shoot(composer, "composer-two-versions")
    composer.close()
    place.engine.refresh()
    until(reader.drafts_there, "one of elsewhere", 30)
    place.go_to(("work", Work.DRAFTS))
    rest(300)
    shoot(window, "drafts-elsewhere")


def _naming() -> FolderNaming:
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, FolderNaming) and w.isVisible())


def _heavy_mail() -> bytes:
    body = b"JVBERi0xLjQK" + b"A" * (_HEAVY // 76 * 76)
    lines = b"\r\n".join(body[at : at + 76] for at in range(0, len(body), 76))
    return (
        (
            b"From: =?utf-8?q?Imagerie_des_Tilleuls?= <imagerie@tilleuls.mss.example>\r\n"
            b"To: secretariat@tilleuls.mss.example\r\nSubject: =?utf-8?q?Imagerie_compl=C3=A8te?=\r\n"
            b"Message-ID: <heavy@tilleuls.mss.example>\r\nMIME-Version: 1.0\r\n"
            b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
            b"Bonjour,\r\nVoici les images.\r\n--x\r\n"
            b'Content-Type: application/dicom\r\nContent-Disposition: attachment; filename="IRM du genou.dcm"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n"
        )
        + lines
        + b"\r\n--x--\r\n"
    )
