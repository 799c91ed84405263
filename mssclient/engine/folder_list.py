"""A BAL's folders: which there are, what became of those that are missing, which of them have news."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from mssclient.domain.address import fold
from mssclient.domain.bal import FolderId, FolderRole, quota_step, role_of
from mssclient.domain.changes import FolderWish
from mssclient.domain.errors import Refused
from mssclient.domain.events import BalsChanged, FoldersChanged, QuotaReached
from mssclient.domain.message import Flag
from mssclient.domain.sync import Seen, plan, sample, still_missing
from mssclient.engine.connection import Connection
from mssclient.remote.imap import Counts, News, RemoteFolder
from mssclient.store.folder_wishes import WishedFolder
from mssclient.store.mail import FolderSpec

log = logging.getLogger(__name__)
MANY_GONE = 3
"""So many folders missing at once are looked for a second time before anything is believed."""
CANDIDATES = 20
NAMES = {FolderRole.SENT: "Sent", FolderRole.DRAFTS: "Drafts", FolderRole.TRASH: "Trash"}
"""What a folder is called at the operator that has none and where one is needed; the screen shows its role."""
_USES = {FolderRole.SENT: "\\Sent", FolderRole.DRAFTS: "\\Drafts", FolderRole.TRASH: "\\Trash"}
ACT = {
    FolderWish.NEW: "new folder", FolderWish.RENAME: "rename folder", FolderWish.DISCARD: "delete folder",
    FolderWish.DELETE: "delete folder",
}  # fmt: skip
_NOT_THERE = frozenset({"NO", "BAD", "CANNOT"})
"""Refusals of a move into the trash that speak of the place, not of the person's rights: some trashes hold no folders."""


class FolderList:
    """Rounds over the folders of one BAL, on its own thread."""

    def __init__(self, connection: Connection) -> None:
        self._line = connection
        self._house = connection.house
        self.settled: dict[FolderId, Seen] = {}
        """What the operator said of a folder when it was last brought up: told again, it is no reason to look."""

    # -- which there are
    def relist(self) -> None:
        """LIST, and the folders that a colleague renamed keep what is known of them."""
        session, bal_id = self._line.session, self._line.id
        known = self._house.stores.positions.mailboxes(bal_id)
        told = {f.mailbox: f for f in session.folders()}
        if len(known.keys() - told.keys()) >= MANY_GONE:
            log.info("%d folders are missing: listed again", len(known.keys() - told.keys()))
            told |= {f.mailbox: f for f in session.folders()}
        gone = {mailbox: folder_id for mailbox, folder_id in known.items() if mailbox not in told}
        made = [f.mailbox for f in told.values() if f.selectable and f.mailbox not in known]
        renamed = self._renamed(gone, made[:CANDIDATES]) if gone and made else {}
        if self._house.stores.mail.keep_folders(bal_id, _specs(told.values()), renamed):
            self._house.speaker.announce(FoldersChanged(bal_id))

    def _renamed(self, gone: dict[str, FolderId], made: list[str]) -> dict[str, str]:
        """Former name → new name of mailboxes whose numbering and messages are the same."""
        found: dict[str, str] = {}
        counts = {mailbox: self._counts(mailbox) for mailbox in made}
        for former, folder_id in gone.items():
            known = self._house.stores.mail.known(folder_id)
            if known is None or not known.uidvalidity or not known.count:
                continue
            for mailbox, seen in counts.items():
                alike = seen is not None and seen.uidvalidity == known.uidvalidity and seen.uidnext >= known.uidnext
                if alike and mailbox not in found.values() and self._is_same(folder_id, mailbox):
                    found[former] = mailbox
                    break
        return found

    def _counts(self, mailbox: str) -> Counts | None:
        try:
            return self._line.session.counts(mailbox)
        except Refused as refusal:
            log.info("a new folder cannot be looked into: %s", refusal.code)
            return None

    def _is_same(self, folder_id: FolderId, mailbox: str) -> bool:
        """Whether some messages bear the same Message-IDs under the same uids: one wrong one would put a person's mail
        under another's name."""
        positions = self._house.stores.positions
        uids = sample(list(self._house.stores.mail.uids(folder_id)))
        ours = positions.header_ids(folder_id, uids)
        try:
            self._line.select(mailbox)
            theirs = self._line.session.message_ids(uids)
        except Refused as refusal:
            log.info("a new folder cannot be looked into: %s", refusal.code)
            return False
        both = [uid for uid in uids if uid in theirs]
        return bool(both) and all(theirs[uid] == ours.get(uid) for uid in both) and any(theirs[uid] for uid in both)

    # -- which have news
    def survey(self, first: FolderId | None, closed: set[FolderId], *, flags_too: bool = False) -> list[FolderId]:
        """Count all folders; those that have to be brought up, the one looked at first. `flags_too`: without CONDSTORE
        also those whose numbers are the same."""
        mail, bal_id = self._house.stores.mail, self._line.id
        counts = self._line.session.all_counts()
        folders = mail.folders(bal_id)
        folders.sort(key=lambda f: f[0] != first)
        wanted, changed = [], False
        for folder_id, mailbox, _role in folders:
            seen, known = counts.get(mailbox), mail.known(folder_id)
            if seen is None or known is None or folder_id in closed:
                continue
            changed |= mail.set_counts(folder_id, seen.messages, seen.unseen)
            now = _seen(seen)
            steps = still_missing(plan(known, now), now, self.settled.get(folder_id))
            if steps or (flags_too and not seen.highest_modseq and known.count):
                wanted.append(folder_id)
        if changed:
            self._house.speaker.announce(FoldersChanged(bal_id))
        mail.drop_parked()
        return wanted

    def told(self, news: News) -> tuple[list[FolderId], bool]:
        """What the operator told without being asked: folders to look at, and whether all have to be listed."""
        known = self._house.stores.positions.mailboxes(self._line.id)
        strangers = news.counts.keys() - known.keys()
        return [known[mailbox] for mailbox in news.counts if mailbox in known], news.folders or bool(strangers)

    def quota(self) -> None:
        """How full the BAL is."""
        if quota := self._line.session.quota():
            self._house.stores.mail.set_limits(self._line.id, quota[0], quota[1])
            self._house.speaker.announce(BalsChanged())
            self._warn(*quota)

    def _warn(self, used: int, limit: int) -> None:
        """Said once each time a BAL passes 80 or 95 percent, over restarts too."""
        setting = f"quota told {self._line.id}"
        kept = self._house.stores.settings.get(setting)
        told = int(kept) if kept.isdigit() else 0
        step = quota_step(used, limit, told)
        if step != told:
            self._house.stores.settings.set(setting, str(step))
        if step > told:
            self._house.speaker.announce(QuotaReached(self._line.id, step))

    # -- making and changing them
    def wish_round(self, *, deletions: bool) -> bool:
        """Do what a person wishes of folders, deletions apart: those come after the messages that were moved out; whether
        anything was done."""
        done = False
        wishes = self._house.stores.folder_wishes
        for each in wishes.of_bal(self._line.id):
            if (each.wish is FolderWish.DELETE) is deletions and (wish := wishes.at(each.seq)) is not None:
                self._one(wish)
                done = True
        if done:
            self.relist()
            self._house.speaker.announce(FoldersChanged(self._line.id))
        return done

    def _one(self, wish: WishedFolder) -> None:
        wishes, answer = self._house.stores.folder_wishes, "OK"
        if not wishes.mark_sent(wish.seq):
            return
        try:
            wishes.done(wish, self._asked(wish))
        except Refused as refusal:
            answer = refusal.code
            wishes.back_out(wish)
            self._house.speaker.problem(refusal, ACT[wish.wish], bal_id=self._line.bal_id)
        self._house.trace(self._line.address, ACT[wish.wish], "1 folder", answer)

    def _asked(self, wish: WishedFolder) -> str:
        match wish.wish:
            case FolderWish.NEW:
                return self._made(wish.path, wish.role)
            case FolderWish.RENAME:
                return self._renamed_to(wish)
            case FolderWish.DELETE:
                self._emptied(wish)
                return ""
            case FolderWish.DISCARD:
                return self._discarded(wish)

    def _renamed_to(self, wish: WishedFolder) -> str:
        session = self._line.session
        if wish.mailbox == session.mailbox_of(wish.path):
            return wish.mailbox  # done by an earlier try whose answer was lost
        self._line.selected = ""
        return session.name_anew(wish.mailbox, wish.path)

    def _discarded(self, wish: WishedFolder) -> str:
        """Into the trash as it stands. Where the trash holds no folders, a folder without others below it is emptied into
        the trash and deleted; else the refusal stands."""
        try:
            return self._renamed_to(wish)
        except Refused as refusal:
            places = self._house.stores.positions.mailboxes(self._line.id)
            below = wish.mailbox + self._line.session.separator()
            if refusal.code not in _NOT_THERE or any(mailbox.startswith(below) for mailbox in places):
                raise
            log.info("the trash takes no folder: %s", refusal.code)
        self._emptied(wish)
        return ""

    def _made(self, path: tuple[str, ...], role: FolderRole) -> str:
        try:
            return self._line.session.create(path, _USES.get(role, ""))
        except Refused as refusal:
            if refusal.code != "ALREADYEXISTS":
                raise
            return self._line.session.mailbox_of(path)

    def _emptied(self, wish: WishedFolder) -> None:
        """Delete a folder whose messages went to the trash; one that stands in the trash goes with what is in it."""
        session, mail = self._line.session, self._house.stores.mail
        trash = mail.folder_for(self._line.id, FolderRole.TRASH)
        separator = session.separator()
        in_trash = trash is not None and separator and wish.mailbox.startswith(trash[1] + separator)
        try:
            rights = session.rights(wish.mailbox)
            if rights is not None and "x" not in rights:
                raise Refused("NOPERM")
            if not in_trash and (selected := self._line.select(wish.mailbox)).exists:
                if not selected.allows(Flag.DELETED.value):
                    raise Refused("NOPERM")
                if trash is None:
                    raise Refused("no trash")
                session.move(session.uids(), trash[1])
            # A selected mailbox must not be deleted.
            self._line.select("INBOX")
            session.delete(wish.mailbox)
        except Refused as refusal:
            if refusal.code != "NONEXISTENT":
                raise

    def ensure(self, role: FolderRole) -> tuple[FolderId, str] | None:
        """The BAL's folder for a role, made when there is none (RFC 6154); None when the operator does not let us."""
        mail, bal_id = self._house.stores.mail, self._line.id
        if found := mail.folder_for(bal_id, role):
            return found
        try:
            self._made((NAMES[role],), role)
        except Refused as refusal:
            log.info("a folder that is needed was refused: %s", refusal.code)
            return None
        self.relist()
        return mail.folder_for(bal_id, role)


def _seen(counts: Counts) -> Seen:
    return Seen(counts.uidvalidity, counts.uidnext, counts.messages, counts.highest_modseq, counts.unseen)


def _specs(told: Iterable[RemoteFolder]) -> list[FolderSpec]:
    """The folders with their roles; those below the trash wait for nobody, whichever client put them there."""
    specs = [_spec(folder) for folder in told]
    trashes = [spec.path for spec in specs if spec.role is FolderRole.TRASH]

    def is_trashed(spec: FolderSpec) -> bool:
        inside = any(spec.path[: len(path)] == path and len(spec.path) > len(path) for path in trashes)
        return inside and spec.role is FolderRole.OTHER

    return [replace(spec, role=FolderRole.TRASHED) if is_trashed(spec) else spec for spec in specs]


def _spec(folder: RemoteFolder) -> FolderSpec:
    role = FolderRole.OTHER
    if folder.mailbox.upper() == "INBOX":
        role = FolderRole.INBOX
    elif folder.personal:
        role = role_of(fold(folder.path[-1]), folder.uses, len(folder.path))
    return FolderSpec(folder.mailbox, folder.path, role, folder.selectable)
