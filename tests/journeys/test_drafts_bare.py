"""The Drafts folder of an operator that tells no numbers (no UIDPLUS, no MOVE): replaced, never multiplied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.utils import make_msgid

import pytest

from mssclient.remote import imap, imap_login, imap_wire
from tests.journeys.mail_client import DRAFTS_USE, SENT_USE
from tests.journeys.test_drafts_folder import begun, disputed, elsewhere, lines, soon, stands, there
from tests.journeys.workstation import Workstation

__all__ = ["elsewhere", "soon"]
_TOLD = {"APPENDUID", "COPYUID"}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither announced nor told; before anybody signs in."""
    codes, sign_in = imap_wire.Reply.codes, imap_login.sign_in

    def silent(reply: imap_wire.Reply) -> Iterator[tuple[str, bytes]]:
        return (pair for pair in codes(reply) if pair[0] not in _TOLD)

    monkeypatch.setattr(imap_wire.Reply, "codes", silent)
    monkeypatch.setattr(imap, "sign_in", lambda wire, login, token: sign_in(wire, login, token) - {"UIDPLUS", "MOVE"})


def marked_mail(alice: Workstation) -> str:
    """A mail in the Drafts folder that another client has marked as deleted, and may still want."""
    mail = EmailMessage()
    mail["Subject"], mail["Message-ID"] = "Marqué par un autre", make_msgid(domain=alice.world.domain)
    mail.set_content("à garder\n")
    alice.elsewhere("cabinet").put(DRAFTS_USE, mail.as_bytes(), "(\\Deleted)")
    return str(mail["Message-ID"])


def test_five_versions_one_after_the_other_leave_one(alice: Workstation) -> None:
    others = marked_mail(alice)
    draft = begun(alice, "Version 0")
    for number in range(5):
        alice.engine.keep_draft(replace(draft, text=f"Version {number}"))
        stands(alice, draft.id, f"Version {number}")
        assert len(there(alice, draft.id)) == 1
    assert lines(alice, draft.id) == ["Version 4"]
    assert [flags for flags, _ in alice.elsewhere("cabinet").find(others, DRAFTS_USE)] == [frozenset({"\\Deleted"})]
    whole = alice.engine.reader.draft(draft.id)
    assert whole is not None
    alice.until(lambda: alice.engine.facts(draft.bal_id).white_list, "the white list came")
    alice.engine.send(replace(whole, recipients=whole.recipients[:1]))
    alice.until(lambda: there(alice, draft.id) == [], "gone from the Drafts folder")
    alice.until(lambda: any(o.subject == whole.subject for o in alice.engine.reader.sent()), "in the register")
    line = next(o for o in alice.engine.reader.sent() if o.subject == whole.subject)
    assert len(alice.elsewhere("cabinet").find(line.message_id, SENT_USE)) == 1


def test_two_stations_are_still_a_choice(alice: Workstation, elsewhere: Workstation) -> None:
    draft, _ = disputed(alice, elsewhere)
    alice.engine.keep_both(draft.id)
    stands(alice, draft.id, "D’ici")
    alice.until(lambda: len(alice.engine.reader.drafts()) == 2, "two drafts")
    other = next(d for d in alice.engine.reader.drafts() if d.id != draft.id)
    stands(alice, other.id, "De là-bas")
    assert (lines(alice, draft.id), lines(alice, other.id)) == (["D’ici"], ["De là-bas"])


def test_a_version_that_was_cut_off_before_the_former_one_went_is_tidied_up(alice: Workstation) -> None:
    """Both stand there for a moment: the next round finds them by their names, without any number."""
    draft = begun(alice, "La première")
    former = stands(alice, draft.id, "La première")
    alice.engine.keep_draft(replace(draft, text="La seconde"))
    stands(alice, draft.id, "La seconde")
    alice.elsewhere("cabinet").put(DRAFTS_USE, former.as_bytes(), "(\\Draft)")
    alice.engine.keep_draft(replace(draft, text="La troisième"))
    alice.until(lambda: alice.engine.draft_conflict(draft.id) or len(there(alice, draft.id)) == 1, "settled or asked")
    two = alice.engine.draft_conflict(draft.id)
    # A former version that comes back is somebody's: it is asked about, never erased unseen.
    assert two is not None
    alice.engine.keep_mine(draft.id)
    stands(alice, draft.id, "La troisième")
