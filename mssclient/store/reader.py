"""Read-only pages for the UI: by key, small, on a query-only connection of the main thread."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import Bal, BalId, Folder, FolderId, FolderRole
from mssclient.domain.changes import ChangeId
from mssclient.domain.consignment import Consignment, SentDocument
from mssclient.domain.documents import Archive
from mssclient.domain.draft import Draft, DraftId
from mssclient.domain.draft_copy import Rival, named
from mssclient.domain.filing import Filed
from mssclient.domain.identity import Usager
from mssclient.domain.message import (
    Attachment,
    ListQuery,
    Loading,
    Message,
    MessageId,
    PartId,
    Row,
    RowState,
    UsagerMark,
)
from mssclient.domain.outbox import Fate, OutboxId, Outgoing
from mssclient.domain.receipts import Lost
from mssclient.domain.search import Hint
from mssclient.store.codec import load
from mssclient.store.correspondents import CorrespondentReader
from mssclient.store.database import Database, Reads
from mssclient.store.documents import DocumentReader
from mssclient.store.filings import FILED_COLUMNS, filed_of
from mssclient.store.hints import hints
from mssclient.store.lists import QUIET_ROLES, Clock, Lists
from mssclient.store.mail import BAL_COLUMNS, bal_of, unpack
from mssclient.store.outbox import outgoing
from mssclient.store.receipts import lost, worst_fates
from mssclient.store.shipments import consignment, known_usagers, sent_documents
from mssclient.store.shown_folders import WISHES, projected

_ROW = (
    "id, shown_folder, shown_seen, shown_flagged, answered, forwarded, sender_label, sender_address, sender_kind, subject,"
    " date, size, attachments, documents, has_xdm, state, usager_name, usager_birth, usager_matricule, usager_qualified,"
    " conversation, pending, recipients, header_id,"
    " (SELECT bal_id FROM folder WHERE folder.id = shown_folder), (SELECT role FROM folder WHERE folder.id = shown_folder)"
)
_ROLE_ORDER = (
    "CASE role WHEN 'inbox' THEN 0 WHEN 'drafts' THEN 2 WHEN 'sent' THEN 3 WHEN 'archive' THEN 4"
    " WHEN 'junk' THEN 5 WHEN 'trash' THEN 6 ELSE 1 END"
)


class MailReader:
    """What the screen shows of a person's store: truth with wishes applied. Belongs to the thread that uses it."""

    def __init__(self, database: Database, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._reads = Reads(database)
        self._clock = clock
        self._lists = Lists(self._reads, clock)
        self.documents = DocumentReader(self._reads)
        self.circle = CorrespondentReader(self._reads)

    def close(self) -> None:
        """Everything reads as empty from here on. Any thread."""
        self._reads.close()

    # -- mailboxes and folders
    def bals(self) -> tuple[Bal, ...]:
        """Mailboxes, own first."""
        rows = self._reads.all(f"SELECT {BAL_COLUMNS} FROM bal ORDER BY own DESC, kind != 'PER', id")
        return tuple(bal_of(r) for r in rows)

    def folders(self, bal_id: BalId) -> tuple[Folder, ...]:
        """INBOX first, people's sub-folders by name, then the folders with a role; children after their parent."""
        rows = self._reads.all(
            "SELECT id, path, role, selectable, complete, server_unseen, server_total,"
            " (SELECT COUNT(*) FROM message m WHERE m.folder_id = folder.id AND m.seen = 0 AND +m.uid > 0),"
            " (SELECT COUNT(*) FROM message m WHERE m.folder_id = folder.id AND m.uid > 0),"
            f" {_ROLE_ORDER} FROM folder WHERE bal_id = ?",
            (bal_id,),
        )
        seen_by_wish, count_by_wish = self._wished(bal_id)
        paths = projected({r[0]: tuple(json.loads(r[1])) for r in rows}, self._reads.all(WISHES, (bal_id,)))
        folders = []
        for r in rows:
            if r[0] not in paths:
                continue
            unread, total = (r[7], r[8]) if r[4] else (max(r[5], r[7]), max(r[6], r[8]))
            folders.append(
                (r[9], Folder(FolderId(r[0]), bal_id, paths[r[0]], FolderRole(r[2]),
                              max(0, unread + seen_by_wish.get(r[0], 0)), max(0, total + count_by_wish.get(r[0], 0)),
                              bool(r[3])))
            )  # fmt: skip
        by_path = {f.path: order for order, f in folders}

        def place(item: tuple[int, Folder]) -> tuple[object, ...]:
            path = item[1].path
            return tuple((by_path.get(path[: n + 1], 1), path[n].casefold()) for n in range(len(path)))

        return tuple(f for _order, f in sorted(folders, key=place))

    def bal_of(self, folder_id: FolderId) -> BalId | None:
        """The BAL a folder belongs to."""
        row = self._reads.one("SELECT bal_id FROM folder WHERE id = ?", (folder_id,))
        return BalId(row[0]) if row else None

    def _wished(self, bal_id: BalId) -> tuple[dict[int, int], dict[int, int]]:
        """What pending wishes add to or take from the counts of folders: unread, total."""
        rows = self._reads.all(
            # The + keeps SQLite from walking through the whole mailbox to find the few that somebody acted on.
            "SELECT s.id, s.uid, s.folder_id, s.shown_folder, s.seen, s.shown_seen, s.gone FROM shown s"
            " WHERE s.id IN (SELECT message_id FROM pending_change)"
            " AND +s.folder_id IN (SELECT id FROM folder WHERE bal_id = ?)",
            (bal_id,),
        )
        unread: dict[int, int] = {}
        total: dict[int, int] = {}
        for _id, uid, was_in, is_in, was_seen, is_seen, gone in rows:
            if uid > 0:
                unread[was_in] = unread.get(was_in, 0) - (0 if was_seen else 1)
                total[was_in] = total.get(was_in, 0) - 1
            if not gone:
                unread[is_in] = unread.get(is_in, 0) + (0 if is_seen else 1)
                total[is_in] = total.get(is_in, 0) + 1
        return unread, total

    # -- lists
    def ids(self, query: ListQuery) -> list[MessageId]:
        """All ids a list shows, in order."""
        return self._lists.ids(query)

    def in_trash(self, ids: Sequence[MessageId]) -> frozenset[MessageId]:
        """Those that are shown in a trash now."""
        found: set[MessageId] = set()
        for at in range(0, len(ids), 500):
            some = tuple(ids[at : at + 500])
            marks = ",".join("?" * len(some))
            found.update(
                MessageId(r[0])
                for r in self._reads.all(
                    "SELECT s.id FROM shown s JOIN folder f ON f.id = s.shown_folder"
                    f" WHERE f.role = 'trash' AND s.id IN ({marks})",
                    some,
                )
            )
        return frozenset(found)

    def with_found(self, query: ListQuery, here: list[MessageId], there: Collection[MessageId]) -> list[MessageId]:
        """The ids of a search with those that an operator found; what the search asks beside its words holds for them too."""
        return self._lists.with_found(query, here, there)

    def search_hints(self, text: str) -> tuple[Hint, ...]:
        """How the search field may go on; names are those of recent mail."""
        return hints(self._reads, text)

    def rows(self, ids: list[MessageId]) -> list[Row]:
        """The rows of a page, in the order asked."""
        if not ids:
            return []
        marks = ",".join("?" * len(ids))
        rows = self._reads.all(f"SELECT {_ROW} FROM shown WHERE id IN ({marks})", tuple(ids))
        by_id = {row.id: row for row in self._dressed(rows)}
        return [by_id[i] for i in ids if i in by_id]

    def _dressed(self, rows: list[tuple]) -> list[Row]:  # type: ignore[type-arg]
        """Rows with what other tables know of them, asked once for all."""
        talks = list(dict.fromkeys(r[20] for r in rows))
        marks = ",".join("?" * len(talks))
        key = "CASE WHEN header_id = '' THEN CAST(id AS TEXT) ELSE header_id END"
        counts = self._reads.all(
            f"SELECT conversation, COUNT(DISTINCT {key}), COUNT(DISTINCT CASE WHEN NOT shown_seen THEN {key} END) FROM shown"
            f" WHERE conversation IN ({marks}) AND NOT gone"
            " AND shown_folder NOT IN (SELECT id FROM folder WHERE role IN ('drafts', 'trash', 'trashed'))"
            " GROUP BY conversation",
            tuple(talks),
        )
        sizes = {r[0]: (max(1, r[1]), r[2]) for r in counts}
        sent = [r[23] for r in rows if r[25] == "sent"]
        fates = worst_fates(self._reads.all, sent) if sent else {}
        return [_row(r, *sizes.get(r[20], (1, 0)), fates.get(r[23]) if r[25] == "sent" else None) for r in rows]

    # -- one message
    def message(self, message_id: MessageId) -> Message | None:
        """One message, as far as it is here."""
        row = self._reads.one(f"SELECT {_ROW} FROM shown WHERE id = ?", (message_id,))
        rest = self._reads.one(
            "SELECT recipients, reply_to, header_id, in_reply_to, refs, headers, body, mdn_sent,"
            " EXISTS (SELECT 1 FROM pending_change WHERE message_id = message.id AND wish = 'mdn sent')"
            " FROM message WHERE id = ?",
            (message_id,),
        )
        if row is None or rest is None:
            return None
        (shown,) = self._dressed([row])
        people = json.loads(rest[0])
        headers = dict(json.loads(rest[5]))
        body = self._reads.one(
            "SELECT text, safe_html, blocked_remote, receipt, problem FROM body WHERE message_id = ?", (message_id,)
        ) or ("", "", 0, "", "")  # fmt: skip
        asked = "" if rest[7] or rest[8] else headers.get("disposition-notification-to", "").strip(" <>").lower()
        back = headers.get("return-path", "").strip(" <>").lower()
        return Message(
            row=shown, to=unpack(people["to"]), cc=unpack(people["cc"]), reply_to=rest[1], message_id=rest[2],
            in_reply_to=rest[3], references=tuple(json.loads(rest[4])), body=Loading(rest[6]), text=body[0],
            safe_html=body[1], blocked_remote=body[2], attachments=self._attachments(message_id),
            receipt_asked=asked, receipt_doubtful=bool(asked and back and back not in asked),
            mes_closed=headers.get("x-mss-mes", "").strip().upper() == "FIN", receipt=body[3], problem=body[4],
        )  # fmt: skip

    def _attachments(self, message_id: MessageId) -> tuple[Attachment, ...]:
        rows = self._reads.all(
            "SELECT id, name, media_type, size, encoding, loading, is_xdm, content_id, inline,"
            " EXISTS (SELECT 1 FROM filing WHERE filing.part_id = part.id AND filing.state = 'done')"
            " FROM part WHERE message_id = ? AND attachment ORDER BY id",
            (message_id,),
        )
        return tuple(
            Attachment(
                PartId(r[0]), message_id, r[1], r[2],
                r[3] * 3 // 4 if r[4] == "base64" and r[5] != "here" else r[3],
                Loading(r[5]), bool(r[9]), bool(r[6]), r[7], bool(r[8]),
            )
            for r in rows
        )  # fmt: skip

    def conversation(self, conversation: int) -> list[MessageId]:
        """Messages of a conversation, oldest first, the newest 1,000; a copy in Sent and the same mail in another BAL count
        once."""
        rows = self._reads.all(
            "SELECT MIN(s.id) FROM shown s WHERE s.conversation = ? AND NOT s.gone"
            " AND s.shown_folder NOT IN (SELECT id FROM folder WHERE role IN ('drafts', 'trash', 'trashed'))"
            " GROUP BY CASE WHEN s.header_id = '' THEN CAST(s.id AS TEXT) ELSE s.header_id END"
            " ORDER BY MIN(s.rank) DESC LIMIT 1000",
            (conversation,),
        )
        return [MessageId(r[0]) for r in reversed(rows)]

    def archive(self, part_id: PartId) -> Archive | None:
        """What an archive or CDA attachment holds, once read."""
        row = self._reads.one("SELECT content FROM archive WHERE part_id = ?", (part_id,))
        return load(Archive, row[0]) if row else None

    def part_facts(self, part_id: PartId) -> tuple[MessageId, str] | None:
        """Message and media type of a part."""
        row = self._reads.one("SELECT message_id, media_type FROM part WHERE id = ?", (part_id,))
        return (MessageId(row[0]), row[1]) if row else None

    def inline_part(self, message_id: MessageId, content_id: str) -> PartId | None:
        """The part that a message's HTML refers to by cid:."""
        row = self._reads.one(
            "SELECT id FROM part WHERE message_id = ? AND content_id = ? AND content_id != ''", (message_id, content_id)
        )
        return PartId(row[0]) if row else None

    def filings(self, message_id: MessageId) -> tuple[Filed, ...]:
        """What of a message was filed."""
        rows = self._reads.all(
            f"SELECT {FILED_COLUMNS} FROM filing WHERE message_id = ? AND state IN ('done', 'undone') ORDER BY id",
            (message_id,),
        )
        return tuple(filed_of(r) for r in rows)

    # -- writing
    def drafts(self) -> tuple[Draft, ...]:
        """Local drafts, newest first; those whose message stands in the outbox are hidden."""
        rows = self._reads.all("SELECT content FROM draft WHERE NOT held ORDER BY updated DESC LIMIT 200")
        return tuple(load(Draft, r[0]) for r in rows)

    def drafts_there(self) -> tuple[Row, ...]:
        """What stands in Drafts folders and is no copy of a draft that is, or was, on this workstation; of several versions
        of one draft the newest."""
        rows = self._reads.all(
            f"SELECT {_ROW} FROM shown WHERE folder_id IN (SELECT id FROM folder WHERE role = 'drafts')"
            " AND uid > 0 AND NOT gone AND shown_folder = folder_id"
            " AND NOT EXISTS (SELECT 1 FROM folder f JOIN server_draft d ON d.bal_id = f.bal_id AND d.uid = shown.uid"
            " AND d.uidvalidity = f.uidvalidity WHERE f.id = shown.folder_id) ORDER BY rank DESC LIMIT 200"
        )
        known = {r[0] for r in self._reads.all("SELECT id FROM draft UNION SELECT draft_id FROM server_draft")}
        kept = []
        for r in rows:
            ours = named(r[23])
            if ours is None or ours[0] not in known:
                kept.append(r)
                known |= {ours[0]} if ours is not None else set()
        return tuple(self._dressed(kept))

    def draft(self, draft_id: DraftId) -> Draft | None:
        """One draft."""
        row = self._reads.one("SELECT content FROM draft WHERE id = ?", (draft_id,))
        return load(Draft, row[0]) if row else None

    def draft_begun_from(self, message_id: MessageId) -> DraftId | None:
        """The draft whose copy a message of a Drafts folder is."""
        row = self._reads.one(
            "SELECT d.draft_id FROM message m JOIN folder f ON f.id = m.folder_id AND f.role = 'drafts' JOIN server_draft d"
            " ON d.bal_id = f.bal_id AND d.uid = m.uid AND d.uidvalidity = f.uidvalidity WHERE m.id = ? AND m.uid > 0",
            (message_id,),
        )
        return DraftId(row[0]) if row else None

    def rival_of(self, draft_id: DraftId) -> Rival | None:
        """The version of a draft that somebody else left, until a person chose."""
        row = self._reads.one(
            "SELECT s.rival FROM server_draft s JOIN draft d ON d.id = s.draft_id AND d.bal_id = s.bal_id"
            " WHERE d.id = ? AND s.rival != '' AND s.choice = ''",
            (draft_id,),
        )
        return load(Rival, row[0]) if row else None

    def outbox(self) -> tuple[Outgoing, ...]:
        """What has not left, failed or is uncertain."""
        where = "o.state IN ('queued', 'sending', 'failed', 'uncertain') ORDER BY o.id DESC"
        return tuple(outgoing(self._reads.all, where, ()))

    def sent(self, limit: int = 200) -> tuple[Outgoing, ...]:
        """The register of sent messages, newest first."""
        where = "o.state IN ('sent', 'done') ORDER BY o.sent DESC, o.id DESC LIMIT ?"
        return tuple(outgoing(self._reads.all, where, (limit,)))

    def lost(self, silent_days: int) -> tuple[Lost, ...]:
        """What did not arrive, of all BAL, newest first; silence counts after so many days, never when 0."""
        return tuple(lost(self._reads.all, self._clock(), silent_days))

    def outgoing(self, outbox_id: OutboxId) -> Outgoing | None:
        """One line."""
        found = outgoing(self._reads.all, "o.id = ?", (outbox_id,))
        return found[0] if found else None

    def outgoing_of(self, message_id: MessageId) -> Outgoing | None:
        """The register's line for a message in Sent."""
        where = "o.header_id = (SELECT header_id FROM message WHERE id = ? AND header_id != '')"
        found = outgoing(self._reads.all, where, (message_id,))
        return found[0] if found else None

    def shipment(self, draft_id: DraftId) -> Consignment | None:
        """The health documents of a draft."""
        return consignment(self._reads.all, draft_id)

    def sent_documents(self, limit: int = 500) -> tuple[SentDocument, ...]:
        """The registry, newest first."""
        return tuple(sent_documents(self._reads.all, limit))

    def known_usagers(self) -> tuple[tuple[Usager, bool], ...]:
        """Usagers of documents that came or went, and whether their INS was qualified there."""
        return tuple(known_usagers(self._reads.all))

    # -- counts
    def unread(self) -> int:
        """Unread messages in inboxes and in the folders that people sort them into: the lines of the list "Non lus". A
        folder that is still being listed counts what its operator says."""
        listed = self._lists.count(ListQuery(unread_only=True))
        rows = self._reads.all(
            "SELECT f.id, f.server_unseen FROM folder f WHERE NOT f.complete AND f.server_unseen > 0"
            f" AND f.role NOT IN {QUIET_ROLES}"
        )
        missing: list[int] = [
            max(0, unseen - self._lists.count(ListQuery(FolderId(folder), unread_only=True))) for folder, unseen in rows
        ]
        return listed + sum(missing)

    def to_file(self) -> int:
        """Messages with documents that are not in the record yet: the lines of the list "À classer"."""
        return self._lists.count(ListQuery(to_file_only=True))

    def waits(self, change_id: ChangeId) -> bool:
        """Whether anything of an act has not been confirmed by its operator."""
        among = "SELECT 1 FROM {} WHERE change_id = :id"
        tables = (among.format("pending_change"), among.format("folder_wish"))
        return self._reads.one(" UNION ALL ".join(tables), {"id": change_id}) is not None

    def setting(self, name: str) -> str:
        """A small named value, or an empty string."""
        row = self._reads.one("SELECT value FROM setting WHERE name = ?", (name,))
        return str(row[0]) if row else ""


def _row(r: tuple, size: int, unread: int, fate: Fate | None) -> Row:  # type: ignore[type-arg]
    sender = Correspondent(r[6], r[7], CorrespondentKind(r[8]))
    if r[25] in {"sent", "drafts"} and (people := json.loads(r[22])["to"]):
        sender = unpack(people)[0]
    usager = UsagerMark(r[16], r[17], r[18], bool(r[19])) if r[16] or r[18] else None
    return Row(
        id=MessageId(r[0]), folder_id=FolderId(r[1]), bal_id=BalId(r[24]), seen=bool(r[2]), flagged=bool(r[3]),
        answered=bool(r[4]), forwarded=bool(r[5]), sender=sender, subject=r[9], date=datetime.fromtimestamp(r[10], UTC),
        size=r[11], attachments=r[12], documents=r[13], has_xdm=bool(r[14]), state=RowState(r[15]), usager=usager,
        conversation=r[20], conversation_size=size, pending=bool(r[21]), conversation_unread=unread,
        fate=fate.value if fate else "",
    )  # fmt: skip
