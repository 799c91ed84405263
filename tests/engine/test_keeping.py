"""The thread that writes headers: what it wrote, and what went wrong, reach whoever waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import BalKind, FolderId, FolderRole
from mssclient.domain.errors import StoreTrouble
from mssclient.domain.message import Envelope
from mssclient.engine.house import Stores
from mssclient.engine.keeping import Keeping
from mssclient.store.database import Database
from mssclient.store.mail import FolderSpec

SENDER = Correspondent("", "anne.martin@ch.mss.example", CorrespondentKind.PROFESSIONAL)


def header(uid: int) -> Envelope:
    return Envelope(
        uid=uid, flags=frozenset(), received=datetime(2026, 3, 4, tzinfo=UTC), size=1, message_id=f"<{uid}@x>",
        subject=f"Message {uid}", sender=SENDER, to=(), cc=(), reply_to="", sent=None, in_reply_to="", references=(),
        mss_headers=(), parts=(), modseq=1,
    )  # fmt: skip


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    database = Database(tmp_path / "mail.sqlite", bytes(32))
    yield Stores.open(database)
    database.close()


@pytest.fixture
def inbox(stores: Stores) -> FolderId:
    bal = stores.mail.keep_bal("soins@tilleuls.mss.example", BalKind.ORG, "Soins", own=False)
    stores.mail.keep_folders(bal, [FolderSpec("INBOX", ("INBOX",), FolderRole.INBOX, selectable=True)])
    return stores.mail.folders(bal)[0][0]


@pytest.fixture
def keeping(stores: Stores) -> Iterator[Keeping]:
    made = Keeping(stores)
    made.worker.start()
    yield made
    made.worker.finish()
    assert made.worker.join(5)


def test_pages_are_written_in_their_order(keeping: Keeping, stores: Stores, inbox: FolderId) -> None:
    pages = [keeping.add(inbox, [header(n), header(n + 1)]) for n in (1, 3, 5)]
    ids = [each for page in pages for each in page.result(5)]
    assert ids == sorted(ids)
    assert stores.mail.uids(inbox) == {1, 2, 3, 4, 5, 6}


def test_what_is_there_already_is_left_alone(keeping: Keeping, inbox: FolderId) -> None:
    assert len(keeping.add(inbox, [header(1)]).result(5)) == 1
    assert keeping.add(inbox, [header(1)]).result(5) == []


def test_whoever_waits_hears_what_went_wrong(keeping: Keeping, stores: Stores, inbox: FolderId) -> None:
    stores.database.refuse()
    with pytest.raises(StoreTrouble):
        keeping.add(inbox, [header(1)]).result(5)


def test_after_the_end_a_page_is_written_all_the_same(keeping: Keeping, stores: Stores, inbox: FolderId) -> None:
    """A line that ends late still hands over what it decoded."""
    keeping.worker.finish()
    assert keeping.worker.join(5)
    assert len(keeping.add(inbox, [header(1)]).result(0)) == 1
    assert stores.mail.uids(inbox) == {1}
