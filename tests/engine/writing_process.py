"""A workstation in a process of its own, made to be killed while a draft goes up or a copy of what was sent is made."""

from __future__ import annotations

import os
import ssl
import sys
import threading
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mssclient.domain import environment as environments
from mssclient.domain.bal import FolderRole
from mssclient.domain.draft import Draft, DraftId, Recipient
from mssclient.domain.draft_copy import named
from mssclient.domain.environment import Policy
from mssclient.domain.message import ListQuery
from mssclient.domain.session import SessionState
from mssclient.engine import drafts as rounds
from mssclient.engine.engine import MailEngine
from mssclient.engine.house import utc_now
from mssclient.sandbox import people
from mssclient.stage.browser import StandInBrowser
from mssclient.stage.reader import StageReader
from tests.engine.letters import DOCTOR

DRAFT = DraftId(f"going-up-{os.getpid()}")


class _Hands:
    """Who works at this workstation."""

    def __init__(self, environment_file: Path, home: Path) -> None:
        found = environments.parse(tomllib.loads(environment_file.read_text("utf-8")))
        policy = Policy(undo_send_s=0, keep_key_in_file=True, operator_saves_sent=False)
        environment = replace(found, policy=policy)
        browser = StandInBrowser(
            ssl.create_default_context(cafile=environment.web_anchors),
            dict(environment.hosts),
            lambda: people.institution().staff("secretary").person.national_id,
        )
        self._heard = threading.Event()
        announce = self._heard.set
        self.engine = MailEngine(environment, home, StageReader(), browser, lambda _event: announce(), utc_now)
        self.engine.start()
        self.engine.sign_in_with_browser()
        self.until(self._is_ready)
        self.bal = self.engine.reader.bals()[0]

    def _is_ready(self) -> bool:
        engine, bals = self.engine, self.engine.reader.bals()
        if engine.session_state() is not SessionState.OPEN or not bals or not engine.facts(bals[0].id).white_list:
            return False
        return any(f.role is FolderRole.DRAFTS for f in engine.reader.folders(bals[0].id))

    def until(self, holds: Callable[[], object]) -> None:
        """Wait for events until something holds."""
        while not holds():
            self._heard.wait(0.2)
            self._heard.clear()

    def draft(self, text: str) -> Draft:
        """A draft that may leave."""
        new = self.engine.new_draft(self.bal.id)
        return replace(new, id=DRAFT, recipients=(Recipient(DOCTOR),), subject="Parti", text=text)

    def goes_up(self) -> bool:
        """Whether the first version stands in the Drafts folder and is known there."""
        folder = next(f for f in self.engine.reader.folders(self.bal.id) if f.role is FolderRole.DRAFTS)
        found = (self.engine.reader.message(i) for i in self.engine.reader.ids(ListQuery(folder.id)))
        names = [named(m.message_id) for m in found if m is not None]
        return any(name is not None and name[0] == DRAFT for name in names)


def main(act: str, environment_file: Path, home: Path) -> None:
    """Never returns by itself. A line on the standard output says that the fatal step comes next."""
    rounds.WAIT_S = 0.05
    hands = _Hands(environment_file, home)
    if act == "replace":
        hands.engine.keep_draft(hands.draft("v1"))
        hands.until(hands.goes_up)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        hands.engine.keep_draft(hands.draft("v2"))
    else:
        hands.engine.send(hands.draft("v1"))
    threading.Event().wait(60)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
