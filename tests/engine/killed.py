"""A workstation in a process of its own, made to be killed: signs in, keeps a draft, sends another, and waits."""

from __future__ import annotations

import ssl
import sys
import threading
import tomllib
from dataclasses import replace
from pathlib import Path

from mssclient.domain import environment as environments
from mssclient.domain.draft import DraftId, Recipient
from mssclient.domain.environment import Policy
from mssclient.domain.session import SessionState
from mssclient.engine.engine import MailEngine
from mssclient.engine.house import utc_now
from mssclient.sandbox import people
from mssclient.stage.browser import StandInBrowser
from mssclient.stage.reader import StageReader
from tests.engine.letters import DOCTOR


def main(environment_file: Path, home: Path) -> None:
    """Never returns by itself."""
    found = environments.parse(tomllib.loads(environment_file.read_text("utf-8")))
    environment = replace(found, policy=Policy(undo_send_s=0, keep_key_in_file=True))
    browser = StandInBrowser(
        ssl.create_default_context(cafile=environment.web_anchors),
        dict(environment.hosts),
        lambda: people.institution().staff("secretary").person.national_id,
    )
    heard = threading.Event()
    engine = MailEngine(environment, home, StageReader(), browser, lambda _event: heard.set(), utc_now)
    engine.start()
    engine.sign_in_with_browser()

    def ready() -> bool:
        bals = engine.reader.bals()
        return engine.session_state() is SessionState.OPEN and bool(bals) and bool(engine.facts(bals[0].id).white_list)

    while not ready():
        heard.wait(1)
        heard.clear()
    bal = engine.reader.bals()[0]
    kept = replace(engine.new_draft(bal.id), id=DraftId("only-kept"), subject="Gardé", text="Bonjour")
    engine.keep_draft(kept)
    engine.send(replace(engine.new_draft(bal.id), recipients=(Recipient(DOCTOR),), subject="Parti", text="Bonjour"))
    threading.Event().wait(60)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
