"""Processes that hold a station and can be killed at any moment: one that has everything imported, and its forks.

    python -m tests.faults.hands

reads one line of JSON for each station that is wanted, and answers with its process id. A station takes its orders, a
method of `Hands` each, from the UNIX socket that it was told, and answers there.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from imapclient import imap_utf7

from mssclient.domain.changes import ChangeId
from mssclient.domain.draft import DraftId
from mssclient.domain.environment import Policy
from mssclient.domain.message import Loading, MessageId
from mssclient.domain.outbox import OutboxId
from mssclient.domain.session import SessionState
from tests.faults.station import AUTO_POLICY, POLICY, Station, Work


class Hands:
    """What one process can be told to do. Messages are named by their Message-ID, folders as IMAP writes them."""

    def __init__(self, environment_file: Path, home: Path, policy: Policy = POLICY) -> None:
        self.station = Station(environment_file, home, policy=policy)
        self._last: ChangeId | None = None

    def open(self) -> None:
        """Open the program and sign in."""
        self.station.start()

    def ready(self) -> None:
        """Until the mailbox is on line and a letter can be written."""
        self.station.until(lambda: self.station.is_live() and self.station.can_write(), "ready")

    def listed(self, name: str) -> None:
        """Until the letters of a cell are on the screen."""
        work = Work(name)
        self.station.until(lambda: work.is_listed(self.station), "listed")

    def work(self, name: str) -> None:
        """The work of a cell."""
        Work(name).do(self.station)
        self.station.engine.refresh()

    def _row(self, header: str) -> tuple[MessageId, ...]:
        found = self.station.by_header().get(header)
        return () if found is None else (found,)

    def flag(self, header: str, on: bool) -> None:
        """A star, or none."""
        if row := self._row(header):
            self._last = self.station.engine.flag(row, on)

    def read(self, header: str, on: bool) -> None:
        """Read or unread."""
        if row := self._row(header):
            self._last = self.station.engine.mark_read(row, on)

    def move(self, header: str, mailbox: str) -> bool:
        """Into a folder, when the screen has both."""
        reader = self.station.engine.reader
        folders = {_name(f.path): f.id for f in reader.folders(self.station.bal.id)}
        row = self._row(header)
        if row and mailbox in folders:
            self._last = self.station.engine.move(row, folders[mailbox])
        return bool(row) and mailbox in folders

    def delete(self, header: str) -> bool:
        """To the trash, or from it for good; whether it was for good, which is where the person saw it."""
        reader, row = self.station.engine.reader, self._row(header)
        if not row:
            return False
        before = reader.in_trash(row)
        self._last = self.station.engine.delete(row)
        return bool(before | reader.in_trash(row))

    def undo(self) -> None:
        """The last act."""
        if self._last is not None:
            self.station.engine.undo(self._last)
            self._last = None

    def body(self, header: str) -> None:
        """Look at a message."""
        for row in self._row(header):
            self.station.engine.want_body(row)

    def seen(self, header: str) -> bool:
        """Whether its text is here."""
        return any((m := self.station.engine.reader.message(r)) and m.body is Loading.HERE for r in self._row(header))

    def keep(self, name: str, text: str) -> None:
        """A draft, or its next version."""
        draft = Work(name).draft(self.station, DraftId(f"kept-{name}"), text)
        self.station.engine.keep_draft(draft)

    def kept(self, name: str) -> str | None:
        """What the draft says now."""
        draft = self.station.engine.reader.draft(DraftId(f"kept-{name}"))
        return None if draft is None else draft.text

    def put_away(self, name: str, text: str) -> None:
        """A version of a draft, whose window closes."""
        self.keep(name, text)
        self.station.engine.put_draft_away(DraftId(f"kept-{name}"))

    def wait_kept(self, name: str) -> None:
        """Until it lies in the store."""
        self.station.until(lambda: self.kept(name) is not None, "draft kept")

    def rest(self) -> None:
        """Until somebody ends this process."""
        threading.Event().wait(30)

    def forget(self, name: str) -> None:
        """The draft goes."""
        self.station.engine.discard_draft(DraftId(f"kept-{name}"))

    def inbox(self, headers: list[str]) -> bool:
        """Whether these are all on the screen."""
        return set(headers) <= set(self.station.by_header())

    def send(self, name: str) -> None:
        """A letter leaves."""
        draft = Work(name).draft(self.station, Work(name).left)
        self.station.engine.keep_draft(draft)
        self.station.engine.send(draft)

    def lines(self) -> list[tuple[int, str, str, str, bool]]:
        """Id, state, Message-ID, subject and whether it waits for a word, of every outgoing message; newest first."""
        return [(o.id, o.state.value, o.message_id, o.subject, o.needs_consent) for o in self.station.lines()]

    def again(self, outbox_id: int) -> None:
        """The person says so."""
        self.station.engine.send_again(OutboxId(outbox_id))

    def settle(self, outbox_id: int) -> None:
        """The person knows that it arrived."""
        self.station.engine.settle_as_sent(OutboxId(outbox_id))

    def lock(self) -> None:
        """The screen is covered, and the lines close."""
        self.station.engine.lock()
        self.station.until(lambda: not self.station.is_live(), "lines closed")

    def sign_in(self) -> None:
        """The same person comes back, if they were gone."""
        if self.station.engine.session_state() is not SessionState.OPEN:
            self.station.sign_in()

    def refresh(self) -> None:
        """Look everywhere now."""
        self.station.engine.refresh()

    def is_live(self) -> bool:
        """Whether the mailbox is on line."""
        return self.station.is_live()

    def can_write(self) -> bool:
        """Whether there is a white list."""
        return self.station.can_write()

    def pending(self) -> int:
        """How many wishes wait."""
        return len(self.station.pending())

    def screen(self) -> dict[str, list[tuple[str, bool, bool]]]:
        """Everything on the screen."""
        boxes = self.station.screen()
        return {n: sorted((s.message_id, s.read, s.flagged) for s in box.elements()) for n, box in boxes.items()}

    def told(self) -> list[tuple[str, str]]:
        """What the person was told: where, and what kind."""
        return [(t.context, type(t.error).__name__) for t in self.station.told]

    def account(self) -> str:
        """How it stands."""
        return self.station.account()

    def weigh(self) -> dict[str, int]:
        """What the process holds: memory in kilobytes, threads, descriptors, and the journal of its store in bytes."""
        return weigh(self.station.home)

    def stop(self) -> None:
        """The program closes."""
        self.station.stop()


def _name(path: tuple[str, ...]) -> str:
    return str(imap_utf7.encode("/".join(path)).decode())


def weigh(home: Path) -> dict[str, int]:
    """See `Hands.weigh`."""
    gc.collect()
    rollup = Path("/proc/self/smaps_rollup").read_text("ascii")
    pss = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    journals = sum(path.stat().st_size for path in home.rglob("*-wal"))
    threads = len(list(Path("/proc/self/task").iterdir()))
    return {
        "memory": pss,
        "threads": threads,
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "wal": journals,
    }


def _serve(order: dict[str, str]) -> None:
    """One station, to the end of its orders."""
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, force=True)
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(order["socket"])
        words = line.makefile("rw", encoding="utf-8")
        policy = AUTO_POLICY if order["policy"] == "auto" else POLICY
        hands = Hands(Path(order["environment"]), Path(order["home"]), policy)
        for asked in words:
            verb, *values = json.loads(asked)
            act: Callable[..., Any] = getattr(hands, verb)
            try:
                answer = {"done": act(*values)}
            except AssertionError as failure:
                answer = {"failed": str(failure)}
            words.write(json.dumps(answer) + "\n")
            words.flush()
            if verb == "stop":
                return


def main() -> None:
    """The process that has everything imported: it has no thread, so that a fork of it is whole."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for asked in sys.stdin:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sys.stdin.close()
            _serve(json.loads(asked))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
