"""What a search, a sort and a conversation cost at 100,000 messages with bodies, encrypted, beside plain SQLite FTS5.

`python -m tests.bench.search [MESSAGES] [FILE]`: fills a store (kept in FILE when one is named), then measures. Nothing is
asserted: the table is the result.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import BalKind, FolderId, FolderRole
from mssclient.domain.message import Envelope, ListQuery, PartSpec, Sort
from mssclient.domain.search import parse
from mssclient.engine.house import Stores
from mssclient.store.content import BodyRecord
from mssclient.store.database import Database
from mssclient.store.mail import FolderSpec
from mssclient.store.reader import MailReader

MESSAGES = 100_000
WORDS = 120
KEY = bytes(range(32))
START = datetime(2024, 1, 1, tzinfo=UTC)
COMMON = (
    "compte rendu consultation bonjour patient résident traitement ordonnance hospitalisation sortie urgence biologie "
    "potassium radiographie scanner cardiologie infirmier médecin transport ambulance kinésithérapie pansement famille "
    "tension diabète chute escarre douleur antibiotique vaccination pharmacie laboratoire résultat courrier confrère "
    "rendez-vous évaluation gériatrique nutrition poids alimentation sommeil anxiété dépression démence autonomie"
)
NAMES = "MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEFEBVRE LEROY ROUX"
TYPED = (
    "compte rendu", "ordonnance", "de:martin", "biologie potassium", '"compte rendu"', "usager:durand", "pj:bio",
    "scanner -urgence", "non-lu cardiologie", "après:2025 transport", "objet:sortie martin", "dans:archive kiné",
)  # fmt: skip


def vocabulary(rng: random.Random) -> list[str]:
    """Common words first: their frequency falls with their place, as in any language."""
    syllables = [c + v for c in "bcdfghjklmnprstv" for v in ("a", "e", "i", "o", "u", "an", "on", "é")]
    made = {"".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(30_000)}
    return [*COMMON.split(), *sorted(made)]


def fill(stores: Stores, count: int) -> FolderId:
    """Mail of two years in three folders, every message with a body, one in five with a document."""
    rng = random.Random(20260304)
    words = vocabulary(rng)
    weights = [1 / (n + 10) for n in range(len(words))]
    pool = rng.choices(words, weights, k=2_000_000)
    bal = stores.mail.keep_bal("soins@tilleuls.mss.example", BalKind.ORG, "Soins", own=False)
    roles = {"INBOX": FolderRole.INBOX, "Archive": FolderRole.ARCHIVE, "Sent": FolderRole.SENT}
    stores.mail.keep_folders(bal, [FolderSpec(n, (n,), role, selectable=True) for n, role in roles.items()])
    folders = {name: folder for folder, name, _ in stores.mail.folders(bal)}
    begun = time.perf_counter()
    for at in range(0, count, 200):
        batch = [_envelope(rng, n, pool) for n in range(at, min(at + 200, count))]
        place = folders["INBOX" if at % 2000 < 1600 else "Archive"]
        for message_id in stores.mail.add(place, batch):
            first = rng.randrange(len(pool) - WORDS)
            stores.content.keep_body(message_id, BodyRecord(" ".join(pool[first : first + WORDS])))
    told("arrivée et corps", count / (time.perf_counter() - begun), "messages/s")
    begun = time.perf_counter()
    while stores.index.write(50).count:
        pass
    told("indexation derrière", count / (time.perf_counter() - begun), "messages/s")
    return folders["INBOX"]


def _envelope(rng: random.Random, n: int, pool: list[str]) -> Envelope:
    name, first = rng.choice(NAMES.split()), rng.randrange(len(pool) - 10)
    document = n % 5 == 0
    subject = " ".join(pool[first : first + 6])
    if document:
        subject = f"XDM/1.0/DDM+COMPTE RENDU {rng.choice(NAMES.split())} PAULE 12/10/1938"
    when = START + timedelta(minutes=10 * n)
    sender = Correspondent(
        f"Dr_Jean_{name}_CH", f"jean.{name.lower()}{n % 40}@ch.mss.example", CorrespondentKind.PROFESSIONAL
    )
    return Envelope(
        uid=n + 1, flags=frozenset({"\\Seen"} if n % 20 else ()), received=when, size=4000 + rng.randrange(90_000),
        message_id=f"<{n}@ch.mss.example>", subject=subject,
        sender=sender,
        to=(Correspondent("", "soins@tilleuls.mss.example", CorrespondentKind.ORGANISATION),), cc=(), reply_to="",
        sent=when, in_reply_to=f"<{n - 1}@ch.mss.example>" if n % 3 else "", references=(), modseq=n + 1,
        parts=(PartSpec("2", "application/pdf", 4000, "base64", "", "bio.pdf", "", attachment=True),) if document else (),
    )  # fmt: skip


def keystrokes() -> Iterator[str]:
    """Every text on the way to each search, from the second letter."""
    for text in TYPED:
        for end in range(2, len(text) + 1):
            yield text[:end]


def told(name: str, value: float, unit: str, *more: str) -> None:
    sys.stdout.write(f"{name:48} {value:>12,.1f} {unit} {' '.join(more)}\n".replace(",", " "))
    sys.stdout.flush()


def timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def spread(name: str, spent: list[float]) -> None:
    """Median, p95 and worst in milliseconds."""
    ordered = sorted(spent)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    told(
        name, p95, "ms p95", f"médiane {statistics.median(ordered):.1f}", f"pire {ordered[-1]:.1f}", f"({len(ordered)})"
    )


def _keystroke(reader: MailReader, text: str) -> None:
    reader.rows(reader.ids(ListQuery(search=text))[:50])


def searches(reader: MailReader) -> None:
    """A keystroke: ids, then the first page of rows."""
    spent, slow = [], []
    for text in keystrokes():
        took = timed(partial(_keystroke, reader, text))
        spent.append(took)
        slow.append((took, text))
    spread("frappe → lignes, chiffré", spent)
    for took, text in sorted(slow, reverse=True)[:5]:
        told(f"   {text}", took, "ms")


def plain(stores: Stores, folder: Path) -> None:
    """The same lines in a plain FTS5 table, the same expressions: what encryption and our own rules add."""
    connection = sqlite3.connect(folder / "plain.sqlite")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(
        "CREATE VIRTUAL TABLE f USING fts5 (subject, sender, recipients, body, attachments, usager, documents,"
        " content='', prefix='2 3', tokenize='unicode61 remove_diacritics 2')"
    )
    last = 0
    while rows := stores.database.read(
        "SELECT m.id, m.rank, m.subject, m.sender_label || ' ' || m.sender_address, '', b.text, '', m.usager_name"
        " FROM message m JOIN body b ON b.message_id = m.id WHERE m.id > ? ORDER BY m.id LIMIT 2000",
        (last,),
    ):
        last = rows[-1][0]
        connection.executemany("INSERT INTO f (rowid, subject, sender, recipients, body, attachments, usager, documents)"
                               " VALUES (?, ?, ?, ?, ?, ?, ?, '')", [r[1:] for r in rows])  # fmt: skip
        connection.commit()
    sql = "SELECT rowid FROM f WHERE f MATCH ? ORDER BY rowid DESC LIMIT 2000"
    matches = [asked.match for text in keystrokes() if (asked := parse(text)).match]
    spread(
        "frappe → numéros, SQLite FTS5 en clair", [timed(partial(_asked, connection, sql, match)) for match in matches]
    )
    connection.close()


def _asked(connection: sqlite3.Connection, sql: str, match: str) -> None:
    connection.execute(sql, (match,)).fetchall()


def sorts(reader: MailReader, folder_id: FolderId) -> None:
    """Every column both ways, plain and by conversation."""
    for conversations in (False, True):
        for column in ("date", "sender", "subject", "size", "usager", "state"):
            queries = [
                ListQuery(folder_id, sort=Sort(column, down), conversations=conversations)
                for down in (True, False, True, False, True)
            ]
            spread(
                f"tri {column}{', conversations' if conversations else ''}",
                [timed(partial(reader.ids, q)) for q in queries],
            )
    spread("filtre non lus", [timed(partial(reader.ids, ListQuery(folder_id, unread_only=True))) for _ in range(5)])
    spread("filtre à classer", [timed(partial(reader.ids, ListQuery(to_file_only=True))) for _ in range(5)])
    spread("phrase d’état", [timed(lambda: (reader.unread(), reader.to_file())) for _ in range(5)])


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    with tempfile.TemporaryDirectory() as made:
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(made) / "mail.sqlite"
        fresh = not path.exists()
        stores = Stores.open(Database(path, KEY))
        if fresh:
            fill(stores, count)
        (inbox,) = stores.database.one("SELECT id FROM folder WHERE role = 'inbox'") or (1,)
        told("taille du fichier", path.stat().st_size / 1e6, "Mo")
        reader = MailReader(stores.database)
        searches(reader)
        sorts(reader, inbox)
        plain(stores, Path(made))
        reader.close()
        stores.database.close()


if __name__ == "__main__":
    main()
