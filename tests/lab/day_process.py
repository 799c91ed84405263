"""A whole day in a process of its own: the program without a screen, ordered about on one pipe, answering on another.

    python -m tests.lab.day_process ENVIRONMENT HOME ORDERS_FD ANSWERS_FD

Its stdout, its stderr, its home and its folder for temporary files belong to whoever looks for what it leaves behind.
Everything that can log, logs everything. The keyring is one in memory, told on the pipe.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keyring
from keyring.backend import KeyringBackend
from PySide6.QtCore import QTimer

from mssclient import app
from mssclient.domain import xdm
from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import Link
from mssclient.domain.draft import Origin, Recipient
from mssclient.domain.message import ListQuery, Loading, MessageId, RowState
from mssclient.domain.outbox import SendState
from mssclient.domain.session import CardHolder, SessionState
from mssclient.engine.worker import Worker
from mssclient.stage.loop import rest, until
from mssclient.stage.reader import StageReader


class MemoryKeyring(KeyringBackend):
    """The system's keyring, played: what it is given is told, so that it can be looked for elsewhere."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[f"{service} {username}"] = password

    def delete_password(self, service: str, username: str) -> None:
        self.kept.pop(f"{service} {username}", None)


class Day:
    """The program, and what a person does with it. Main thread, save `tell`."""

    def __init__(self, environment: str, home: Path, answers: int) -> None:
        self._answers = os.fdopen(answers, "w", buffering=1)
        self._speaking = threading.Lock()
        self.ring = MemoryKeyring()
        keyring.set_keyring(self.ring)
        self.reader = StageReader()
        app.qt_application()
        sys.excepthook = app.last_chance
        self.program = app.Application(
            app.load_environment(environment), home, reader=self.reader, browser=self._browse
        )
        app.start_logging(home, verbose=True)
        self.engine, self.window = self.program.engine, self.program.window
        self.program.start()

    def tell(self, **words: object) -> None:
        """To whoever gives the orders."""
        with self._speaking:
            self._answers.write(json.dumps(words) + "\n")
            self._answers.flush()

    def _browse(self, url: str) -> bool:
        self.tell(browser=url)
        return True

    def keys(self, kept: dict[str, str]) -> None:
        """What the keyring holds from before."""
        self.ring.kept.update(kept)

    def insert(self, national_id: str) -> None:
        self.reader.insert(CardHolder(national_id, "", "Médecin"))
        until(lambda: self.engine.card_status().present, "card seen")

    def remove(self) -> None:
        self.reader.remove()
        until(lambda: self.engine.session_state() is SessionState.LOCKED, "locked")
        rest(1500)

    def browser(self) -> None:
        self.engine.sign_in_with_browser()
        self._open()

    def ecps(self, national_id: str) -> None:
        self.engine.sign_in_with_ecps(national_id)
        self._open()

    def _open(self) -> None:
        until(lambda: self.engine.session_state() is SessionState.OPEN, "open", 30)
        until(lambda: sum(b.link is Link.LIVE for b in self.engine.reader.bals()) == 2, "mailboxes on line", 30)

    def failed(self) -> None:
        """A sign-in that is to fail."""
        self.engine.sign_in_with_browser()
        until(lambda: self.engine.sign_in_view().failure, "failure told", 30)

    def read(self, subject: str) -> None:
        message_id = self._row(subject)
        self.window.desk.list.go_to(message_id)
        self.engine.want_body(message_id)
        until(lambda: (m := self.engine.reader.message(message_id)) and m.body is Loading.HERE, "text here")

    def _row(self, subject: str) -> MessageId:
        reader = self.engine.reader
        return self._found(lambda message_id: reader.rows([message_id])[0].subject == subject)

    def _found(self, wanted: Callable[[MessageId], bool]) -> MessageId:
        """The first message in any mailbox that fits, once there is one."""
        reader = self.engine.reader

        def found() -> list[MessageId]:
            folders = [folder for bal in reader.bals() for folder in reader.folders(bal.id)]
            return [i for folder in folders for i in reader.ids(ListQuery(folder.id))[:50] if wanted(i)]

        until(found, "message listed", 30)
        return found()[0]

    def send(self, address: str) -> None:
        bal = next(b for b in self.engine.reader.bals() if b.address.startswith("cabinet"))
        until(lambda: self.engine.facts(bal.id).white_list, "white list")
        who = Correspondent("", address, CorrespondentKind.PROFESSIONAL)
        draft = replace(
            self.engine.new_draft(bal.id), recipients=(Recipient(who, origin=Origin.TYPED),), subject="Avis", text="Oui"
        )
        self.window.windows.compose(draft)
        self.engine.keep_draft(draft)
        until(lambda: self.engine.reader.draft(draft.id), "draft kept")
        self.engine.send(draft)
        until(lambda: any(s.state is SendState.DONE for s in self.engine.reader.sent()), "sent", 40)

    def file(self, message_id_header: str) -> None:
        reader = self.engine.reader
        message_id = self._found(lambda i: (m := reader.message(i)) is not None and m.message_id == message_id_header)
        self.engine.want_body(message_id)
        until(lambda: reader.rows([message_id])[0].documents, "archive read", 30)
        message = reader.message(message_id)
        part = next(a for a in message.attachments if a.is_xdm) if message else None
        archive = reader.archive(part.id) if part else None
        if part is None or archive is None:
            raise AssertionError("no archive")
        (document,) = archive.documents
        content = xdm.key(document, next(c for c in document.contents if c.media_type == "application/pdf"))
        self.engine.file_attachment(part.id, self.engine.filing_proposal(part.id, content))
        until(lambda: reader.rows([message_id])[0].state is RowState.FILED, "filed", 30)

    def refused(self) -> None:
        """The operator takes no token any more."""
        self.engine.refresh()
        rest(1500)

    def bugs(self) -> None:
        """Exceptions that carry a token in their text, wherever they may come up."""
        token = self.engine._desk.fresh_token()

        def burst() -> None:
            held = token
            raise RuntimeError(f"Bearer {held}")

        QTimer.singleShot(0, burst)
        worker = Worker("bug", lambda _error: None)
        worker.start()
        worker.post(burst)
        worker.finish()
        worker.join(5)
        self.engine._desk.worker.post(burst)
        rest(500)

    def close(self) -> None:
        """The program ends as it should."""
        self.program.stop()
        self.window.close()


def main(environment: str, home: str, orders: int, answers: int) -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    day = Day(environment, Path(home), answers)
    day.tell(ready=os.getpid())
    with os.fdopen(orders) as lines:
        pending: list[Any] = []

        def listen() -> None:
            for line in lines:
                pending.append(json.loads(line))
            pending.append(None)

        threading.Thread(target=listen, daemon=True).start()
        while True:
            until(lambda: pending, "an order", 120)
            if (order := pending.pop(0)) is None:
                return
            act: Callable[..., None] = getattr(day, order[0])
            act(*order[1:])
            day.tell(done=order[0], keys=day.ring.kept)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
