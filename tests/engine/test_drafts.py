"""Drafts on the disk and in the operator’s Drafts folder: one copy each, replaced and never multiplied."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from mssclient.domain.bal import Bal, FolderRole
from mssclient.domain.draft import Draft, DraftId
from mssclient.domain.draft_copy import named
from mssclient.domain.outbox import SendState
from mssclient.engine import drafts as rounds
from mssclient.sandbox.mailstore import Message as Stored
from mssclient.sandbox.orders import Service, When
from tests.engine.conftest import Workstation
from tests.engine.letters import reaches, sent, written


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits twenty seconds."""
    monkeypatch.setattr(rounds, "WAIT_S", 0.05)


def copies(desk: Workstation, bal: Bal) -> list[Stored]:
    """What stands in the Drafts folder of a BAL."""
    path = desk.folder(bal, FolderRole.DRAFTS).path
    return [m for m in desk.theatre.operator.messages(bal.address, path) if "\\Deleted" not in m.flags]


def of(desk: Workstation, draft: Draft) -> list[EmailMessage]:
    """The copies of one draft."""
    bal = next(b for b in desk.engine.reader.bals() if b.id == draft.bal_id)
    mails = [message_from_bytes(m.raw, policy=policy.default) for m in copies(desk, bal)]
    return [m for m in mails if (name := named(m["Message-ID"])) and name[0] == draft.id]


def stands(desk: Workstation, draft: Draft, text: str) -> None:
    """Wait until exactly one copy stands there, and says this."""

    def there() -> bool:
        found = of(desk, draft)
        return len(found) == 1 and text in body(found[0])

    desk.until(there, f"one copy says {text}")


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


def test_a_draft_goes_up_is_replaced_and_goes_when_it_is_thrown_away(signed_in: Workstation) -> None:
    draft = written(signed_in, signed_in.bal("soins"), "Brouillon")
    signed_in.engine.keep_draft(draft)
    stands(signed_in, draft, "Bonjour")
    for n in range(3):
        signed_in.engine.keep_draft(replace(draft, text=f"Version {n}"))
    stands(signed_in, draft, "Version 2")
    signed_in.engine.discard_draft(draft.id)
    signed_in.until(lambda: of(signed_in, draft) == [], "gone there too")


def test_a_draft_that_left_stands_in_sent_only(signed_in: Workstation) -> None:
    draft = written(signed_in, signed_in.bal("soins"))
    signed_in.engine.keep_draft(draft)
    stands(signed_in, draft, "Bonjour")
    sent(signed_in, draft)
    reaches(signed_in, SendState.DONE)
    signed_in.until(lambda: of(signed_in, draft) == [], "gone there too")


@pytest.mark.parametrize("when", list(When))
def test_a_line_cut_while_it_goes_up_makes_one_copy(signed_in: Workstation, when: When) -> None:
    draft = written(signed_in, signed_in.bal("soins"))
    signed_in.engine.keep_draft(draft)
    stands(signed_in, draft, "Bonjour")
    signed_in.theatre.operator.orders.drop("APPEND", when)
    signed_in.engine.keep_draft(replace(draft, text="Encore"))
    stands(signed_in, draft, "Encore")
    signed_in.engine.keep_draft(replace(draft, text="Toujours"))
    stands(signed_in, draft, "Toujours")
