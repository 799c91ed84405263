"""The whole program in a process of its own: two people in turn, working on marked mail; then it waits for its end.

Speaks to the test over its standard output only: one JSON line with every secret that it held, for the test to look for.
Answers "end" on its standard input by leaving politely; otherwise it is killed.
"""

from __future__ import annotations

import base64
import json
import select
import ssl
import sys
from dataclasses import replace
from pathlib import Path

import keyring
from PySide6.QtWidgets import QFileDialog

from mssclient import app
from mssclient.domain.documents import Usager
from mssclient.domain.draft import DraftId, Recipient
from mssclient.domain.environment import Policy
from mssclient.domain.filing import FilingChoice
from mssclient.domain.message import ListQuery, MessageId
from mssclient.domain.session import Person, SessionState
from mssclient.remote import psc
from mssclient.sandbox import people
from mssclient.stage.browser import StandInBrowser
from mssclient.stage.loop import rest, until
from mssclient.stage.reader import StageReader
from mssclient.store.keys import KeyEntry
from tests.engine.letters import DOCTOR
from tests.keyrings import MemoryKeyring

BODY, DRAFT, OUTBOX, QUERY, LAYOUT, FILE = (
    "CorpsMarquéZQX", "BrouillonMarquéZQX", "EnvoiMarquéZQX", "RechercheMarquéZQX", "DispositionMarquéZQX",
    "FichierMarquéZQX.txt",
)  # fmt: skip
PRIVATE_NAME = "DossierMarqueZQX.txt"
VISITED = "PatientMarqueZQX"
USAGER = Usager(birth_name="NOMMARQUEZQX", given=("RUTHMARQUEZQX",), birth_date="1977-07-14", sex="F",
                matricule="277076322082910", oid="1.2.250.1.213.1.4.10")  # fmt: skip


class Guest:
    """Whoever works at this workstation now."""

    def __init__(self, environment_file: Path, home: Path, aside: Path) -> None:
        found = app.load_environment(str(environment_file))
        policy = Policy(card_out_grace_s=0.0, undo_send_s=3600)
        self.environment = replace(found, policy=policy, filing_folder=str(aside / "dui"))
        self.aside = aside
        self.role = "secretary"
        self.reader = StageReader()
        context = ssl.create_default_context(cafile=self.environment.web_anchors)
        browser = StandInBrowser(context, dict(self.environment.hosts), lambda: self.person().person.national_id)
        self.browser = browser
        self.application = app.Application(self.environment, home, reader=self.reader, browser=browser)
        self.engine = self.application.engine
        self.secrets: list[str] = []
        self.opened: list[tuple[str, bytes]] = []
        self._overhear()

    def _overhear(self) -> None:
        """Note the word and the share of every session at the relay."""
        init, opened = psc.RelaySession.__init__, self.opened

        def noted(
            session: psc.RelaySession, relay: psc.PscRelay, word: str, person: Person, share: bytes = b""
        ) -> None:
            opened.append((word, share))
            init(session, relay, word, person, share)

        psc.RelaySession.__init__ = noted  # type: ignore[method-assign]

    def person(self) -> people.Staff:
        return people.institution().staff(self.role)

    def sign_in(self, role: str) -> None:
        self.role = role
        self.reader.insert(self.person().card)
        until(lambda: self.engine.card_status().present, "card seen")
        self.engine.sign_in_with_browser()
        until(lambda: self.engine.session_state() is SessionState.OPEN and self.engine.reader.bals(), "signed in", 30)
        self.browser.join()
        word, share = self.opened[-1]
        assert share, "the relay lends a share"
        self.secrets += [word, base64.b64encode(share).decode(), share.hex()]
        ring = keyring.get_keyring()
        assert isinstance(ring, MemoryKeyring)
        for kept in ring.kept.values():
            entry = KeyEntry.read(kept)
            assert entry is not None
            for key in (entry.secret, entry.key(share)):
                self.secrets += [base64.b64encode(key).decode(), key.hex()]

    def marked(self) -> MessageId:
        """The marked message, and its body."""
        reader = self.engine.reader

        def found() -> list[MessageId]:
            return reader.ids(ListQuery(search="SujetMarquéZQX"))

        until(found, "the marked message", 40)
        message_id = found()[0]
        self.engine.want_body(message_id)
        until(lambda: (m := reader.message(message_id)) and BODY in m.text, "its body")
        return message_id

    def work(self) -> None:
        engine, reader = self.engine, self.engine.reader
        message_id = self.marked()
        message = reader.message(message_id)
        assert message is not None
        part = message.attachments[0]
        engine.want_picture(part.id, "", 0, 400)
        until(lambda: engine.picture(part.id, "", 0) is not None, "a page")
        engine.open_outside(part.id, "")
        until(lambda: engine.outside_file(part.id, ""), "outside")
        engine.file_attachment(part.id, FilingChoice(USAGER, "2026-01-02", "34112-3", "CR hospitalier", again=True))
        until(lambda: reader.filings(message_id), "filed")
        bal = reader.bals()[0]
        until(lambda: engine.facts(bal.id).white_list, "white list")
        file = self.aside / FILE
        file.write_text("ContenuJointMarquéZQX", "utf-8")
        kept = replace(engine.new_draft(bal.id), id=DraftId(f"kept-{self.role}"), subject=DRAFT, text=DRAFT)
        engine.keep_draft(kept)
        engine.attach_file(kept.id, file)
        until(lambda: (d := reader.draft(kept.id)) and d.attachments, "attached")
        engine.send(replace(engine.new_draft(bal.id), recipients=(Recipient(DOCTOR),), subject=OUTBOX, text=OUTBOX))
        until(reader.outbox, "queued")
        engine.keep_preferences(replace(engine.preferences(), geometry=LAYOUT))
        reader.ids(ListQuery(search=QUERY))
        until(lambda: engine.preferences().geometry == LAYOUT, "kept")
        self.visit()

    def visit(self) -> None:
        """The person goes through a folder in a file dialog of Qt's own."""
        folder = self.aside / VISITED
        folder.mkdir(exist_ok=True)
        dialog = QFileDialog(None, "", str(folder))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(str(folder / FILE))
        dialog.open()
        rest(50)
        dialog.accept()
        rest(50)
        dialog.deleteLater()
        rest(50)

    def leave(self) -> None:
        self.reader.remove()
        until(lambda: self.engine.session_state() is SessionState.LOCKED, "locked")
        until(lambda: not list((self.application.engine._home / "persons").glob("*/private")), "private folder emptied")


def main(environment_file: Path, home: Path, aside: Path) -> None:
    qt = app.qt_application()
    app.prepare_home(home)
    app.start_logging(home, verbose=True)
    guest = Guest(environment_file, home, aside)
    guest.application.start()
    guest.sign_in("secretary")
    guest.work()
    guest.leave()
    guest.sign_in("physician")
    guest.work()
    sys.stdout.write(json.dumps(guest.secrets) + "\n")
    sys.stdout.flush()
    until(lambda: select.select([sys.stdin], [], [], 0)[0], "a word from the test", 120)
    guest.application.stop()
    guest.browser.join()
    qt.quit()


if __name__ == "__main__":
    main(*(Path(each) for each in sys.argv[1:4]))
