"""The filing journal, the functional traces and the settings of a person."""

from __future__ import annotations

from datetime import UTC, datetime

from mssclient.domain.filing import Filed, FilingChoice, FilingId
from mssclient.domain.message import MessageId, PartId
from mssclient.store.database import Database
from mssclient.store.documents import settle_message


class FilingStore:
    """Who filed what, when and where to. Trusted over the folder: importers take files away."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def already(self, sha256: str, unique_id: str) -> bool:
        """Whether the same bytes, or the same document, were filed and not undone."""
        row = self._db.one(
            "SELECT 1 FROM filing WHERE state != 'undone' AND (sha256 = ? OR (unique_id = ? AND ? != ''))",
            (sha256, unique_id, unique_id),
        )
        return row is not None

    def begin(
        self,
        message_id: MessageId,
        part_id: PartId,
        choice: FilingChoice,
        person: str,
        sha256: str,
        unique_id: str,
        now: int,
        *,
        document_id: int = 0,
        last_sha256: str = "",
    ) -> FilingId:
        """Journal the intention before the first byte is written: a crash leaves a trace, never a silent double."""
        with self._db.write() as sql:
            cursor = sql.execute(
                "INSERT INTO filing (message_id, part_id, content, person, at, file_name, sha256, unique_id, usager_name,"
                " state, document_id, last_sha256) VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, 'begun', ?, ?)",
                (message_id, part_id, choice.content, person, now, sha256, unique_id,
                 " ".join([choice.usager.birth_name, *choice.usager.given[:1]]), document_id, last_sha256),
            )  # fmt: skip
            return FilingId(cursor.lastrowid)

    def finish(self, filing_id: FilingId, message_id: MessageId, file_name: str) -> None:
        """The file stands in the folder under its name; the message is marked in the same transaction."""
        with self._db.write() as sql:
            sql.execute("UPDATE filing SET state = 'done', file_name = ? WHERE id = ?", (file_name, filing_id))
            row = sql.execute("SELECT document_id FROM filing WHERE id = ?", (filing_id,)).fetchone()
            sql.execute("UPDATE message SET state = 'filed' WHERE id = ?", (message_id,))
            if row and row[0]:
                sql.execute("UPDATE document SET state = 'filed', reason = '' WHERE id = ?", (row[0],))
            settle_message(sql, message_id)

    def give_up(self, filing_id: FilingId) -> None:
        """Nothing was written: the intention goes."""
        with self._db.write() as sql:
            sql.execute("DELETE FROM filing WHERE id = ? AND state = 'begun'", (filing_id,))

    def doubt(self, filing_id: FilingId) -> None:
        """A crash cut it and the file is not in the folder: an importer may have taken it. Not filed again unasked."""
        with self._db.write() as sql:
            sql.execute("UPDATE filing SET state = 'unsure' WHERE id = ?", (filing_id,))

    def begun(self) -> list[tuple[FilingId, MessageId, str, str]]:
        """Filings an earlier run did not finish: id, message, digest of the document and of the file that came last."""
        rows = self._db.read("SELECT id, message_id, sha256, last_sha256 FROM filing WHERE state = 'begun'")
        return [(FilingId(r[0]), MessageId(r[1]), r[2], r[3] or r[2]) for r in rows]


FILED_COLUMNS = "id, message_id, part_id, content, person, at, file_name, sha256, unique_id, usager_name, state"


def filed_of(r: tuple[int, int, int, str, str, int, str, str, str, str, str]) -> Filed:
    """A journal line from `FILED_COLUMNS`."""
    return Filed(
        FilingId(r[0]), MessageId(r[1]), PartId(r[2]), r[3], r[4], datetime.fromtimestamp(r[5], UTC), r[6], r[7], r[8], r[9],
        r[10] == "undone",
    )  # fmt: skip


class TraceStore:
    """Functional traces (ECO.4.1.1–4.1.2): who, when, what, the answer; never contents. Kept six months."""

    KEEP_S = 184 * 86_400

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, person: str, bal: str, act: str, request: str, answer: str, now: int) -> None:
        """One act."""
        with self._db.write() as sql:
            sql.execute(
                "INSERT INTO trace (at, person, bal, act, request, answer) VALUES (?, ?, ?, ?, ?, ?)",
                (now, person, bal, act, request, answer),
            )
            sql.execute("DELETE FROM trace WHERE at < ?", (now - self.KEEP_S,))

    def all(self) -> list[tuple[int, str, str, str, str, str]]:
        """Every trace, oldest first: seconds, person, BAL, act, request, answer."""
        return [(r[0], r[1], r[2], r[3], r[4], r[5])
                for r in self._db.read("SELECT at, person, bal, act, request, answer FROM trace ORDER BY id")]  # fmt: skip


class SettingStore:
    """Small named values of a person."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, name: str) -> str:
        """A value, or an empty string."""
        row = self._db.one("SELECT value FROM setting WHERE name = ?", (name,))
        return str(row[0]) if row else ""

    def set(self, name: str, value: str) -> None:
        """Keep a value."""
        with self._db.write() as sql:
            sql.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, value))
