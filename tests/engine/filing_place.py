"""A store with one received document and a folder beside it, without lines: for filing alone, in any process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from mssclient.domain import xdm
from mssclient.domain.events import Event
from mssclient.domain.filing import FilingChoice
from mssclient.domain.message import PartId, PartSpec
from mssclient.domain.session import Person
from mssclient.domain.worklist import WorkLine, WorkQuery, WorkState
from mssclient.dui.profile import ExportProfile
from mssclient.dui.sidecar import SidecarKind
from mssclient.engine.admission import TokenSource
from mssclient.engine.fetch import Fetch
from mssclient.engine.filing import Filing
from mssclient.engine.house import House, Operators, Speaker
from mssclient.store.database import Database, Reads
from mssclient.store.documents import DocumentReader
from tests.domain.archives import PDF, Doc, archive, cda
from tests.fake_engine import ENVIRONMENT
from tests.store.conftest import NOW, Shelf, envelope, fill

KEY = bytes(range(32))
PERSON = Person("899900012345", "Claire", "Vasseur", "Dr", ())
PROFILE = ExportProfile("pair", pieces=("pdf", "cda"), sidecar=SidecarKind.JSON, watched="sidecar")
EVERY = WorkQuery(states=frozenset(WorkState))


@dataclass
class Place:
    """What filing needs and what came of it."""

    shelf: Shelf
    filing: Filing
    folder: Path
    said: list[Event]
    documents: DocumentReader

    def lines(self) -> list[WorkLine]:
        """The whole list."""
        return self.documents.lines(self.documents.ids(EVERY)[:200])

    def choice(self, line: WorkLine) -> FilingChoice:
        """What a person would confirm."""
        assert line.usager is not None
        return FilingChoice(
            line.usager, line.act_date[:10], line.type_code, line.type_label, line.title, "D-1", line.content
        )

    def file(self, line: WorkLine) -> None:
        """File it here and now."""
        self.filing.file_now(line.part_id, self.choice(line), self.folder)

    def journal(self) -> list[str]:
        """The states of the journal."""
        return [r[0] for r in self.shelf.stores.database.read("SELECT state FROM filing ORDER BY id")]


def receive(shelf: Shelf, uid: int, raw: bytes) -> PartId:
    """A message with this archive in the inbox, read and listed."""
    spec = PartSpec("2", "application/zip", len(raw), "base64", "", "IHE_XDM.ZIP", "", attachment=True)
    (message_id,) = shelf.stores.mail.add(shelf.inbox, [envelope(uid, parts=(spec,))])
    part = shelf.stores.content.parts(message_id)[0]
    shelf.stores.content.keep_part(part.id, raw, "application/zip", xdm=True)
    found = xdm.read(raw)
    shelf.stores.content.keep_archive(part.id, found, None)
    shelf.stores.documents.take(part.id, found)
    return part.id


def one_document(number: int = 1, *, paper: bytes = b"") -> bytes:
    """An archive of one document, different for each number."""
    unique = f"2.25.{number}"
    raw = cda(unique=unique, pdf=paper or PDF + str(number).encode(), replaced=f"2.99.{number}")
    raw = raw.replace(b'value="20240110"', f'value="2024{1 + number % 12:02d}{1 + number % 28:02d}"'.encode())
    return archive(Doc(content=raw.replace(b"1.2.250.1.999.50", f"2.26.{number}".encode()), unique=unique))


@contextmanager
def place(store: Path, folder: Path, *, profile: ExportProfile = PROFILE, fresh: bool = True) -> Iterator[Place]:
    """Open the store; `fresh` furnishes it with a document."""
    database = Database(store, KEY)
    try:
        shelf = fill(database)
        said: list[Event] = []
        house = House(
            ENVIRONMENT, PERSON, shelf.stores, Speaker(said.append), lambda: NOW, cast("TokenSource", str),
            cast("Operators", None), export_profile=profile,
        )  # fmt: skip
        if fresh:
            receive(shelf, 1, one_document())
        yield Place(shelf, Filing(house, Fetch(house)), folder, said, DocumentReader(Reads(database)))
    finally:
        database.close()
