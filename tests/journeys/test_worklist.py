"""“What came for our residents stands in one list; I file it, or say why not, and each document goes once.”"""

from __future__ import annotations

import hashlib
import smtplib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from mssclient.domain import xdm
from mssclient.domain.bal import FolderRole
from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.identity import Usager
from mssclient.domain.message import MessageId, RowState
from mssclient.domain.worklist import AsideReason, WorkLine, WorkQuery, WorkState
from tests.domain.archives import MATRICULE, OID, PDF, Doc, archive, cda
from tests.journeys.mail_client import MailClient
from tests.journeys.workstation import POLICY, Workstation, environment_of, letter
from tests.journeys.worlds import World
from tests.lab.world import BOB, LabWorld

EVERY = WorkQuery(states=frozenset(WorkState))
HEADING = "Matricule INS;OID;Nom de naissance;Prénoms;Date de naissance;Sexe;N° de dossier;Statut INS\n"
RESIDENT = f"{MATRICULE};{OID};PAT-TROIS;DOMINIQUE;28/03/1979;F;D-0042;Qualifiée\n"


def number() -> str:
    """An id nobody else has."""
    return f"2.25.{uuid.uuid4().int}"


def document(unique: str, *, version: int = 1, set_id: str = "", replaced: str = "", paper: bytes = PDF) -> bytes:
    """A CDA of the fictitious usager; its set and what it replaces are its own."""
    raw = cda(unique=unique, version=version, pdf=paper, replaced=replaced or number())
    return raw.replace(b"1.2.250.1.999.50", (set_id or number()).encode())


def sent(world: World, raw: bytes, unique: str, *, action: str = "", ask: bool = False, twin: bytes = b"") -> str:
    """A mail from Bob with an archive of one document; its Message-ID."""
    mail: EmailMessage = letter(world, f"XDM/1.0/DDM+SYNTHESE PAT-TROIS DOMINIQUE {unique[-6:]}")
    if ask:
        mail["Disposition-Notification-To"] = world.address("bob.durand")
    zipped = archive(Doc(content=raw, unique=unique, action=action))
    mail.add_attachment(zipped, maintype="application", subtype="zip", filename="IHE_XDM.ZIP")
    if twin:
        name = "20240110_Synthese d'episode_PAT-TROIS_DOMINIQUE.pdf"
        mail.add_attachment(twin, maintype="application", subtype="pdf", filename=name)
    if ask and isinstance(world, LabWorld):
        # Of its own sender: the world's usual envelope is somebody else's, and a receipt would be doubtful.
        with smtplib.LMTP("127.0.0.1", world.mail.ports.lmtp) as line:
            line.sendmail(world.address("bob.durand"), [world.address("cabinet")], mail.as_bytes())
    else:
        world.deliver("cabinet", mail.as_bytes())
    return str(mail["Message-ID"])


def lines(desk: Workstation, unique: str) -> list[WorkLine]:
    """The lines of one document."""
    reader = desk.engine.reader
    return [line for line in reader.work_lines(reader.work_ids(EVERY)[:200]) if line.unique_id == unique]


def listed(desk: Workstation, unique: str, count: int = 1) -> WorkLine:
    """Wait until the list shows a document."""
    desk.until(lambda: len(lines(desk, unique)) == count, f"{count} lines of the document")
    return lines(desk, unique)[-1]


def file(desk: Workstation, line: WorkLine, *, again: bool = False) -> None:
    """What the panel does once the person confirmed."""
    choice = desk.engine.filing_proposal(line.part_id, line.content)
    desk.engine.file_attachment(line.part_id, replace(choice, again=again))


@pytest.fixture
def at_work(world: World, tmp_path: Path) -> Iterator[Callable[..., Workstation]]:
    """A signed-in workstation under a policy of its own, filing into a folder of its own."""
    opened: list[Workstation] = []

    def make(roster: str = "", **policy: object) -> Workstation:
        folder = tmp_path / "dui"
        folder.mkdir()
        path = tmp_path / "usagers.csv"
        path.write_text(roster, "utf-8")
        environment = environment_of(
            world, policy=replace(POLICY, **policy), filing_folder=str(folder),  # type: ignore[arg-type]
            filing_roster=str(path) if roster else "",
        )  # fmt: skip
        desk = Workstation(world, tmp_path / "home", environment=environment)
        opened.append(desk)
        desk.sign_in()
        return desk

    yield make
    for desk in opened:
        desk.close()


def in_folder(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "dui").iterdir())


def test_a_document_stands_on_the_list_until_it_is_filed(
    world: World, at_work: Callable[..., Workstation], tmp_path: Path
) -> None:
    desk, unique = at_work(), number()
    sent(world, document(unique), unique)
    line = listed(desk, unique)
    assert (line.state, line.title, line.version, line.author) == (
        WorkState.NEW, "Synthèse d'épisode", 1, "Dr Claire VASSEUR"
    )  # fmt: skip
    assert line.usager is not None
    assert line.usager.matricule == MATRICULE
    file(desk, line)
    desk.until(lambda: lines(desk, unique)[0].state is WorkState.FILED, "filed")
    assert any("PAT-TROIS_DOMINIQUE" in name for name in in_folder(tmp_path))
    assert desk.engine.reader.rows([line.message_id])[0].state is RowState.FILED


def test_an_older_version_gives_way_and_is_refused(world: World, at_work: Callable[..., Workstation]) -> None:
    desk, family, first, second = at_work(), number(), number(), number()
    sent(world, document(first, version=1, set_id=family), first)
    listed(desk, first)
    sent(world, document(second, version=2, set_id=family), second, action="C")
    newer = listed(desk, second)
    older = lines(desk, first)[0]
    assert (older.state, older.newer) == (WorkState.REPLACED, newer.id)
    file(desk, newer)
    desk.until(lambda: lines(desk, second)[0].state is WorkState.FILED, "the newer one is filed")
    file(desk, older, again=True)
    desk.until(desk.told, "told")
    error = desk.told()[-1].error
    assert isinstance(error, FilingRefused)
    assert error.reason is FilingReason.OUTDATED


def test_the_same_document_again_is_no_second_line_to_file(world: World, at_work: Callable[..., Workstation]) -> None:
    desk, unique = at_work(), number()
    raw = document(unique)
    sent(world, raw, unique)
    first = listed(desk, unique)
    sent(world, raw, unique)
    again = listed(desk, unique, 2)
    twin = next(line for line in lines(desk, unique) if line.id != first.id)
    assert (twin.state, twin.twin) == (WorkState.DOUBLE, first.id)
    assert again.message_id != first.message_id or twin.message_id != first.message_id


def test_a_deletion_is_shown_and_deletes_nothing(
    world: World, at_work: Callable[..., Workstation], tmp_path: Path
) -> None:
    desk, unique = at_work(), number()
    raw = document(unique)
    sent(world, raw, unique)
    line = listed(desk, unique)
    file(desk, line)
    desk.until(lambda: lines(desk, unique)[0].state is WorkState.FILED, "filed")
    before = in_folder(tmp_path)
    sent(world, raw, unique, action="D")
    listed(desk, unique, 2)
    wanted, asked = sorted(lines(desk, unique), key=lambda found: found.id)
    assert wanted.deletion
    assert (asked.state, asked.action) == (WorkState.NEW, "D")
    assert in_folder(tmp_path) == before


def test_an_exact_match_files_itself_where_the_administrator_allows(
    world: World, at_work: Callable[..., Workstation], tmp_path: Path
) -> None:
    desk, unique = at_work(HEADING + RESIDENT, file_exact_matches=True), number()
    assert desk.engine.roster_status().usagers == 1
    sent(world, document(unique, paper=PDF + unique.encode()), unique)
    listed(desk, unique)
    desk.until(lambda: lines(desk, unique)[0].state is WorkState.FILED, "filed by itself")
    assert any("D-0042" in name for name in in_folder(tmp_path))


@pytest.mark.parametrize("changed", ["PAT-DEUX", "29/03/1979"])
def test_anything_less_than_exact_waits_for_a_person(
    world: World, at_work: Callable[..., Workstation], tmp_path: Path, changed: str
) -> None:
    other = RESIDENT.replace("PAT-TROIS" if changed.startswith("PAT") else "28/03/1979", changed)
    desk, unique = at_work(HEADING + other, file_exact_matches=True), number()
    sent(world, document(unique), unique)
    line = listed(desk, unique)
    assert line.usager is not None
    (candidate,) = desk.engine.roster_candidates(line.usager)
    assert len(candidate.differences) == 1
    # What runs after it on the same thread: by then it would have filed itself.
    desk.engine.save_part(line.part_id, "", tmp_path / "copy.zip")
    desk.until((tmp_path / "copy.zip").exists, "the copy is written")
    assert lines(desk, unique)[0].state is WorkState.NEW
    assert in_folder(tmp_path) == []


def test_the_roster_is_read_again_when_its_file_changes(
    world: World, at_work: Callable[..., Workstation], tmp_path: Path
) -> None:
    desk, unique = at_work(HEADING + RESIDENT.replace(MATRICULE, "277076322082910"), file_exact_matches=True), number()
    (tmp_path / "usagers.csv").write_text(HEADING + RESIDENT, "utf-8")
    sent(world, document(unique, paper=PDF + unique.encode()), unique)
    desk.until(lambda: [line.state for line in lines(desk, unique)] == [WorkState.FILED], "filed by itself")
    usager = Usager(MATRICULE, OID, "PAT-TROIS", ("DOMINIQUE",), "1979-03-28", "F")
    assert desk.engine.roster_candidates(usager)[0].record.record_number == "D-0042"


def test_the_pdf_beside_the_archive_is_the_same_document(world: World, at_work: Callable[..., Workstation]) -> None:
    desk, unique = at_work(), number()
    paper = PDF + unique.encode()
    sent(world, document(unique, paper=paper), unique, twin=paper)
    line = listed(desk, unique)
    message = desk.opened(line.message_id)
    loose = next(a for a in message.attachments if a.name.endswith(".pdf"))
    desk.engine.want_part(loose.id)
    desk.until(lambda: desk.engine.reader.companions(line.message_id), "paired")
    part_id, content = desk.engine.reader.companions(line.message_id)[loose.id]
    assert part_id == line.part_id
    assert desk.engine.reader.papers(part_id, content) == [loose.id]
    archived = desk.engine.reader.archive(part_id)
    assert archived is not None
    assert content == xdm.key(archived.documents[0], archived.documents[0].contents[0])


def test_set_aside_with_a_reason_tells_the_sender_who_asked(world: World, at_work: Callable[..., Workstation]) -> None:
    desk, unique = at_work(integration_answers=True), number()
    sent(world, document(unique), unique, ask=True)
    line = listed(desk, unique)
    desk.engine.set_aside((line.id,), AsideReason.UNKNOWN)
    desk.until(lambda: lines(desk, unique)[0].state is WorkState.ASIDE, "set aside")
    assert desk.engine.reader.rows([line.message_id])[0].state is RowState.NONE
    bob = desk.elsewhere("bob.durand", BOB)

    def answers() -> list[bytes]:
        return [m.as_bytes() for m in bob.recent() if unique[-6:] in str(m["Subject"])]

    desk.until(answers, "the sender has the answer")
    assert b"processed/Error: 902^" in answers()[0]
    assert b"automatic-action/MDN-sent-automatically" in answers()[0]
    assert "[KO Intégration système !][902] XDM/1.0/DDM+" in str(bob.recent()[-1]["Subject"])
    desk.engine.take_up((line.id,))
    desk.until(lambda: lines(desk, unique)[0].state is WorkState.NEW, "back on the list")


def test_after_filing_the_message_goes_where_the_policy_says(world: World, at_work: Callable[..., Workstation]) -> None:
    desk, unique = at_work(after_filing="delete"), number()
    sent(world, document(unique), unique)
    line = listed(desk, unique)
    digest = hashlib.sha256(PDF).hexdigest()
    file(desk, line)
    desk.until(lambda: desk.engine.reader.filings(line.message_id), "filed")
    assert desk.engine.reader.filings(line.message_id)[0].sha256 == digest

    def trash() -> list[MessageId]:
        return [row.id for row in desk.rows("cabinet", FolderRole.TRASH)]

    desk.until(lambda: line.message_id in trash(), "in the trash")
    desk.until(lambda: not lines(desk, unique), "what lies in the trash is no work")


def test_after_filing_the_message_goes_into_a_folder_made_for_it(
    world: World, at_work: Callable[..., Workstation]
) -> None:
    name = f"Integres {number()[-6:]}"
    desk, both = at_work(after_filing=f"folder:{name}"), (number(), number())
    for unique in both:
        sent(world, document(unique, paper=PDF + unique.encode()), unique)
        line = listed(desk, unique)
        file(desk, line)
    desk.until(lambda: all(lines(desk, each)[0].state is WorkState.FILED for each in both), "filed")
    cabinet = MailClient(world, "cabinet", BOB)
    desk.until(lambda: cabinet.named(name) == 2, "both stand in the folder, at the operator's")
    folders = [f for f in desk.engine.reader.folders(line.bal_id) if f.name == name]
    assert len(folders) == 1, "made once"


def test_a_pdf_without_archive_stands_on_the_list(
    world: World, at_work: Callable[..., Workstation], tmp_path: Path
) -> None:
    desk, subject = at_work(), f"Courrier {number()[-8:]}"
    mail = letter(world, subject)
    mail.add_attachment(PDF + subject.encode(), maintype="application", subtype="pdf", filename=f"{subject}.pdf")
    world.deliver("cabinet", mail.as_bytes())

    def papers() -> list[WorkLine]:
        reader = desk.engine.reader
        return [line for line in reader.work_lines(reader.work_ids(EVERY)[:200]) if line.title == subject]

    desk.until(papers, "the PDF is on the list, without anybody opening the message")
    (line,) = papers()
    assert (line.state, line.usager) == (WorkState.NEW, None)
    assert desk.engine.reader.rows([line.message_id])[0].state is RowState.TO_FILE
    proposed = desk.engine.filing_proposal(line.part_id, line.content)
    chosen = Usager(None, None, "NESSI", ("RUTH",), "1977-07-14", "F")
    choice = replace(proposed, usager=chosen, type_code="11488-4", type_label="Consultation")
    desk.engine.file_attachment(line.part_id, choice)
    desk.until(lambda: papers()[0].state is WorkState.FILED, "filed")
    assert any("Consultation_NESSI_RUTH" in name for name in in_folder(tmp_path))
