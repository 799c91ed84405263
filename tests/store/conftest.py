"""A real encrypted store in a temporary folder, with one BAL and its folders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import BalId, BalKind, FolderId, FolderRole
from mssclient.domain.message import Envelope, PartSpec
from mssclient.engine.house import Stores
from mssclient.store.database import Database
from mssclient.store.mail import FolderSpec
from mssclient.store.reader import MailReader

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
SENDER = Correspondent("Dr_Anne_MARTIN_CH", "anne.martin@ch.mss.example", CorrespondentKind.PROFESSIONAL)


def envelope(
    uid: int, subject: str = "", *, flags: str = "", refs: str = "", parts: tuple[PartSpec, ...] = ()
) -> Envelope:
    """A message of the inbox, one minute younger for each uid."""
    return Envelope(
        uid=uid, flags=frozenset(flags.split()), received=NOW + timedelta(minutes=uid), size=1000 + uid,
        message_id=f"<{uid}@ch.mss.example>", subject=subject or f"Message {uid}", sender=SENDER,
        to=(Correspondent("", "soins@tilleuls.mss.example", CorrespondentKind.ORGANISATION),), cc=(), reply_to="",
        sent=NOW + timedelta(minutes=uid), in_reply_to="", references=tuple(refs.split()), parts=parts, modseq=uid,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shelf:
    """An open store and the ids of what is in it."""

    stores: Stores
    reader: MailReader
    bal: BalId
    inbox: FolderId
    trash: FolderId
    sent: FolderId


def fill(database: Database) -> Shelf:
    """One ORG BAL with three folders."""
    stores = Stores.open(database)
    bal = stores.mail.keep_bal("soins@tilleuls.mss.example", BalKind.ORG, "Soins", own=False)
    stores.mail.keep_folders(
        bal,
        [
            FolderSpec("INBOX", ("INBOX",), FolderRole.INBOX, selectable=True),
            FolderSpec("Trash", ("Trash",), FolderRole.TRASH, selectable=True),
            FolderSpec("Sent", ("Sent",), FolderRole.SENT, selectable=True),
        ],
    )
    ids = {role: folder for folder, _, role in stores.mail.folders(bal)}
    return Shelf(stores, MailReader(database), bal, ids[FolderRole.INBOX], ids[FolderRole.TRASH], ids[FolderRole.SENT])


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty store."""
    found = Database(tmp_path / "mail.sqlite", bytes(range(32)))
    yield found
    found.close()


@pytest.fixture
def shelf(database: Database) -> Shelf:
    """A store with a BAL in it."""
    return fill(database)
