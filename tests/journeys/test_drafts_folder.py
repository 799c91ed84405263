"""“What I begin here I find at the other workstation, once; and nobody’s words disappear.”"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

import pytest

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import FolderRole
from mssclient.domain.draft import Draft, DraftId, Field, Origin, Recipient
from mssclient.domain.draft_copy import TwoVersions, named
from mssclient.engine import drafts as rounds
from tests.journeys.mail_client import DRAFTS_USE, SENT_USE
from tests.journeys.workstation import Workstation

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 300 + b"\n%%EOF\n"
SUBJECT = "Avis à donner – Mme FICTIVE"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits twenty seconds."""
    monkeypatch.setattr(rounds, "WAIT_S", 0.05)


@pytest.fixture
def elsewhere(alice: Workstation, tmp_path: Path) -> Iterator[Workstation]:
    """Alice at another workstation, at the same time."""
    found = Workstation(alice.world, tmp_path / "other-home")
    try:
        found.sign_in()
        yield found
    finally:
        found.close()


def begun(alice: Workstation, text: str, subject: str = SUBJECT) -> Draft:
    """A draft as the composer keeps it, from the practice’s BAL."""
    bal = alice.bal("cabinet")
    bob = Correspondent("Dr Bob DURAND", alice.world.address("bob.durand"), CorrespondentKind.PROFESSIONAL)
    half = Correspondent("", "quelqu", CorrespondentKind.PROFESSIONAL)
    people = (Recipient(bob, Field.TO, Origin.TYPED), Recipient(half, Field.CC, Origin.TYPED))
    draft = replace(alice.engine.new_draft(bal.id), recipients=people, subject=subject, text=text, ask_read=True)
    alice.engine.keep_draft(draft)
    return draft


def there(alice: Workstation, draft_id: DraftId) -> list[EmailMessage]:
    """The copies of a draft, as somebody else’s client finds them."""
    mails = alice.elsewhere("cabinet").all_of(DRAFTS_USE)
    return [mail for flags, mail in mails if (n := named(mail["Message-ID"])) and n[0] == draft_id]


def words(mail: EmailMessage) -> str:
    """What a draft says."""
    part = mail.get_body(("plain",))
    return str(part.get_content()).strip() if part is not None else ""


def stands(alice: Workstation, draft_id: DraftId, text: str) -> EmailMessage:
    """Wait until one copy stands there, and says this."""
    alice.until(lambda: [words(m) for m in there(alice, draft_id)] == [text], f"one copy says {text}")
    return there(alice, draft_id)[0]


def carried_on(desk: Workstation, draft_id: DraftId) -> Draft:
    """The draft opened from the Drafts folder at another workstation."""

    def listed() -> bool:
        return any((n := named(_header(desk, row.id))) and n[0] == draft_id for row in _rows(desk))

    desk.until(listed, "listed there")
    row = next(r for r in _rows(desk) if (n := named(_header(desk, r.id))) and n[0] == draft_id)
    assert desk.engine.continue_draft(row.id) == draft_id
    desk.until(lambda: desk.engine.reader.draft(draft_id), "opened there")
    found = desk.engine.reader.draft(draft_id)
    assert found is not None
    return found


def _rows(desk: Workstation):  # type: ignore[no-untyped-def]
    desk.engine.open_folder(desk.folder("cabinet", FolderRole.DRAFTS).id)
    return desk.rows("cabinet", FolderRole.DRAFTS)


def _header(desk: Workstation, message_id: object) -> str:
    message = desk.engine.reader.message(message_id)  # type: ignore[arg-type]
    return message.message_id if message is not None else ""


def test_it_stands_there_once_with_its_files_and_goes_when_it_leaves(alice: Workstation, tmp_path: Path) -> None:
    draft = begun(alice, "Première version")
    stands(alice, draft.id, "Première version")
    scan = tmp_path / "Tracé du 3 mars.pdf"
    scan.write_bytes(PDF)
    alice.engine.attach_file(draft.id, scan)
    alice.until(lambda: (d := alice.engine.reader.draft(draft.id)) and d.attachments, "attached")
    kept = alice.engine.reader.draft(draft.id)
    assert kept is not None
    whole = replace(kept, text="Deuxième version", recipients=kept.recipients[:1])
    alice.engine.keep_draft(whole)
    mail = stands(alice, draft.id, "Deuxième version")
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (scan.name, PDF)
    assert mail["Subject"] == SUBJECT
    flags = [
        flags for flags, m in alice.elsewhere("cabinet").all_of(DRAFTS_USE) if m["Message-ID"] == mail["Message-ID"]
    ]
    assert {"\\Draft", "\\Seen"} <= flags[0]
    alice.until(lambda: alice.engine.facts(draft.bal_id).white_list, "the white list came")
    alice.engine.send(whole)
    alice.until(lambda: there(alice, draft.id) == [], "gone from the Drafts folder")
    line = next(o for o in alice.engine.reader.sent() if o.subject == SUBJECT)
    assert len(alice.elsewhere("cabinet").find(line.message_id, SENT_USE)) == 1
    assert alice.engine.reader.drafts() == ()


def test_i_go_on_at_another_workstation(alice: Workstation, elsewhere: Workstation, tmp_path: Path) -> None:
    draft = begun(alice, "Commencé ici")
    paper = tmp_path / "note.txt"
    paper.write_bytes(b"une note\n")
    alice.engine.attach_file(draft.id, paper)
    alice.until(lambda: there(alice, draft.id) and list(there(alice, draft.id)[0].iter_attachments()), "with its file")
    found = carried_on(elsewhere, draft.id)
    assert (found.text.strip(), found.subject, found.ask_read) == ("Commencé ici", SUBJECT, True)
    assert found.recipients == draft.recipients
    assert [a.name for a in found.attachments] == ["note.txt"]
    elsewhere.engine.keep_draft(replace(found, text="Fini là-bas"))
    mail = stands(elsewhere, draft.id, "Fini là-bas")
    assert [a.get_filename() for a in mail.iter_attachments()] == ["note.txt"]


def test_a_version_that_is_replaced_while_one_opens_it_opens_as_its_newest(
    alice: Workstation, elsewhere: Workstation
) -> None:
    draft = begun(alice, "L’ancienne")
    stands(alice, draft.id, "L’ancienne")
    elsewhere.until(lambda: listed(elsewhere, draft.id) == 1, "listed there")
    row = next(r for r in _rows(elsewhere) if (n := named(_header(elsewhere, r.id))) and n[0] == draft.id)
    client = alice.elsewhere("cabinet")
    former = there(alice, draft.id)[0]
    newer = EmailMessage()
    newer["From"], newer["Subject"] = former["From"], SUBJECT
    newer["Message-ID"] = str(former["Message-ID"]).replace(named(str(former["Message-ID"]))[1], "newer")  # type: ignore[index]
    newer.set_content("La nouvelle\n")
    client.put(DRAFTS_USE, newer.as_bytes(), "(\\Draft)")
    client.erase(DRAFTS_USE, str(former["Message-ID"]))
    assert elsewhere.engine.continue_draft(row.id) == draft.id
    elsewhere.until(lambda: elsewhere.engine.reader.draft(draft.id), "opened there")
    opened = elsewhere.engine.reader.draft(draft.id)
    assert opened is not None
    assert opened.text.strip() == "La nouvelle"


def lines(desk: Workstation, draft_id: DraftId) -> list[str]:
    """What the list of drafts shows of one: its text where it is here, its subject where it only stands there."""
    reader = desk.engine.reader
    here = [draft.text.strip() for draft in reader.drafts() if draft.id == draft_id]
    named_so = [row for row in reader.drafts_there() if (n := named(_header(desk, row.id))) and n[0] == draft_id]
    return [*here, *(row.subject for row in named_so)]


def listed(desk: Workstation, draft_id: DraftId) -> int:
    """How many copies of it are known from the folder's listing."""
    return sum(bool((n := named(_header(desk, row.id))) and n[0] == draft_id) for row in _rows(desk))


def test_a_draft_stands_on_the_list_of_drafts_once_at_either_workstation(
    alice: Workstation, elsewhere: Workstation
) -> None:
    draft = begun(alice, "Une seule fois")
    stands(alice, draft.id, "Une seule fois")
    alice.until(lambda: listed(alice, draft.id) == 1, "listed in the folder as well")
    assert lines(alice, draft.id) == ["Une seule fois"]
    elsewhere.until(lambda: listed(elsewhere, draft.id) == 1, "listed there")
    assert lines(elsewhere, draft.id) == [SUBJECT]
    carried_on(elsewhere, draft.id)
    elsewhere.until(lambda: lines(elsewhere, draft.id) == ["Une seule fois"], "once it is here, once")
    alice.engine.keep_draft(replace(draft, text="Une autre fois"))
    stands(alice, draft.id, "Une autre fois")
    alice.until(lambda: listed(alice, draft.id) == 1, "listed again")
    assert lines(alice, draft.id) == ["Une autre fois"]
    assert len(lines(elsewhere, draft.id)) == 1


def disputed(alice: Workstation, elsewhere: Workstation) -> tuple[Draft, TwoVersions]:
    """A draft that was changed at both workstations; at the first one it is a question."""
    draft = begun(alice, "Au début")
    stands(alice, draft.id, "Au début")
    found = carried_on(elsewhere, draft.id)
    elsewhere.engine.keep_draft(replace(found, text="De là-bas"))
    stands(elsewhere, draft.id, "De là-bas")
    alice.engine.keep_draft(replace(draft, text="D’ici"))
    alice.until(lambda: alice.engine.draft_conflict(draft.id), "it is a question")
    two = alice.engine.draft_conflict(draft.id)
    assert two is not None
    assert two.mine.text == "D’ici"
    assert two.rival.theirs is not None
    assert two.rival.theirs.text.strip() == "De là-bas"
    assert [words(m) for m in there(alice, draft.id)] == ["De là-bas"]
    return draft, two


def test_two_versions_are_a_choice_mine(alice: Workstation, elsewhere: Workstation) -> None:
    draft, _ = disputed(alice, elsewhere)
    alice.engine.keep_mine(draft.id)
    stands(alice, draft.id, "D’ici")
    assert alice.engine.draft_conflict(draft.id) is None
    alice.engine.keep_draft(replace(draft, text="D’ici encore"))
    stands(alice, draft.id, "D’ici encore")


def test_two_versions_are_a_choice_theirs(alice: Workstation, elsewhere: Workstation) -> None:
    draft, _ = disputed(alice, elsewhere)
    alice.engine.keep_theirs(draft.id)
    alice.until(lambda: (d := alice.engine.reader.draft(draft.id)) and d.text.strip() == "De là-bas", "theirs is here")
    assert alice.engine.draft_conflict(draft.id) is None
    stands(alice, draft.id, "De là-bas")


def test_two_versions_are_a_choice_both(alice: Workstation, elsewhere: Workstation) -> None:
    draft, _ = disputed(alice, elsewhere)
    alice.engine.keep_both(draft.id)
    stands(alice, draft.id, "D’ici")
    alice.until(lambda: len(alice.engine.reader.drafts()) == 2, "two drafts")
    other = next(d for d in alice.engine.reader.drafts() if d.id != draft.id)
    stands(alice, other.id, "De là-bas")


def test_a_draft_that_was_removed_elsewhere_is_a_question_too(alice: Workstation) -> None:
    draft = begun(alice, "À garder")
    mail = stands(alice, draft.id, "À garder")
    alice.elsewhere("cabinet").erase(DRAFTS_USE, mail["Message-ID"])
    alice.engine.keep_draft(replace(draft, text="À garder vraiment"))
    alice.until(lambda: alice.engine.draft_conflict(draft.id), "it is a question")
    two = alice.engine.draft_conflict(draft.id)
    assert two is not None
    assert two.rival.theirs is None
    assert there(alice, draft.id) == []
    alice.engine.keep_mine(draft.id)
    stands(alice, draft.id, "À garder vraiment")


def test_a_draft_of_another_client_becomes_mine_at_the_first_word(alice: Workstation) -> None:
    foreign = EmailMessage()
    foreign["From"] = alice.world.address("cabinet")
    foreign["To"] = f"Dr Bob DURAND <{alice.world.address('bob.durand')}>"
    foreign["Subject"] = "Écrit au téléphone"
    foreign["Message-ID"] = make_msgid(domain=alice.world.domain)
    foreign.set_content("Une idée\n")
    foreign.add_attachment(PDF, "application", "pdf", filename="croquis.pdf")
    client = alice.elsewhere("cabinet")
    client.put(DRAFTS_USE, foreign.as_bytes(), "(\\Draft)")
    alice.engine.open_folder(alice.folder("cabinet", FolderRole.DRAFTS).id)
    row = alice.arrived("Écrit au téléphone", role=FolderRole.DRAFTS)
    draft_id = alice.engine.continue_draft(row)
    alice.until(lambda: alice.engine.reader.draft(draft_id), "opened")
    assert alice.engine.continue_draft(row) == draft_id
    draft = alice.engine.reader.draft(draft_id)
    assert draft is not None
    assert (draft.text.strip(), [a.name for a in draft.attachments]) == ("Une idée", ["croquis.pdf"])
    assert [r.origin for r in draft.recipients] == [Origin.TYPED]
    alice.engine.keep_draft(replace(draft, text="Une bonne idée"))
    mail = stands(alice, draft_id, "Une bonne idée")
    assert [a.get_content() for a in mail.iter_attachments()] == [PDF]
    assert client.find(foreign["Message-ID"], DRAFTS_USE) == []
    alice.engine.discard_draft(draft_id)
    alice.until(lambda: there(alice, draft_id) == [], "gone")
