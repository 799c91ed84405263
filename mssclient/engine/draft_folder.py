"""One Drafts folder at an operator: which versions of a draft stand there, and whose they are."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mssclient.domain.address import domain_of
from mssclient.domain.bal import Bal
from mssclient.domain.draft import AttachmentId, Draft, DraftId
from mssclient.domain.draft_copy import MARK, Rival, header_id, named, taken, written
from mssclient.domain.errors import Unreadable
from mssclient.domain.message import Flag
from mssclient.engine.house import House
from mssclient.engine.line import Line
from mssclient.remote.imap import ImapSession
from mssclient.store.server_drafts import ServerCopy, Standing

log = logging.getLogger(__name__)
MOST = 500
"""Versions of drafts that are looked at in one folder."""
_MARKS = frozenset({Flag.DRAFT.value, Flag.SEEN.value})


@dataclass(frozen=True, slots=True)
class Version:
    """A copy found in the Drafts folder."""

    uid: int
    revision: str
    size: int


class DraftFolder:
    """One Drafts folder, selected, for the time of one round."""

    def __init__(self, house: House, line: Line, bal: Bal, mailbox: str) -> None:
        self._house = house
        self._mailbox = mailbox
        self.bal = bal
        self.session: ImapSession = line.session
        self.uidvalidity = line.select(mailbox).uidvalidity
        self.touched = False
        self._versions: Mapping[DraftId, list[Version]] | None = None
        self._marked: dict[DraftId, list[Version]] = defaultdict(list)
        """Those that bear \\Deleted: gone for a person, and still there."""

    def versions(self, draft_id: DraftId) -> list[Version]:
        """What stands there of a draft, oldest first."""
        if self._versions is None:
            found: dict[DraftId, list[Version]] = defaultdict(list)
            uids = self.session.find(f"<{MARK}")[-MOST:]
            for batch in self.session.envelopes(uids):
                for e in batch:
                    name = named(e.message_id)
                    if name is not None:
                        marked = Flag.DELETED.value.lower() in {f.lower() for f in e.flags}
                        (self._marked if marked else found)[name[0]].append(Version(e.uid, name[1], e.size))
            self._versions = found
        return sorted(self._versions.get(draft_id, []), key=lambda v: v.uid)

    def recognised(self, copy: ServerCopy) -> tuple[ServerCopy, list[Version]]:
        """What we know of a draft, made true, and the versions that are not ours. Leftovers of ours are erased."""
        ours, strangers = list[Version](), list[Version]()
        for version in self.versions(copy.draft_id):
            (ours if self._is_ours(copy, version) else strangers).append(version)
        current = next((v for v in ours if copy.coming.revision and v.revision == copy.coming.revision), None)
        held = copy.coming if current is not None else copy.held
        if current is None:
            current = next((v for v in reversed(ours) if v.revision == copy.held.revision), None)
        if current is not None:
            # A cut between the mark and its EXPUNGE leaves one of ours marked.
            halfway = [v.uid for v in self._marked[copy.draft_id] if self._is_ours(copy, v)]
            self.erase([*halfway, *(v.uid for v in ours if v.uid != current.uid)])
            if (current.uid, self.uidvalidity, held.revision) != (copy.uid, copy.uidvalidity, copy.held.revision):
                copy = self._stands(copy, held, current.uid)
        elif copy.uidvalidity != self.uidvalidity:
            # Renumbered, and not found by its name: nothing is known any more, and nothing of ours is lost.
            copy = self._stands(copy, Standing("", 0, ""), 0)
        return copy, strangers

    def _stands(self, copy: ServerCopy, held: Standing, uid: int) -> ServerCopy:
        store, rival, choice = self._house.stores.server_drafts, copy.rival, copy.choice
        store.stands(copy.draft_id, copy.bal_id, held, uid, self.uidvalidity)
        if rival is not None:
            store.set_rival(copy.draft_id, copy.bal_id, rival)
            if choice is not None:
                store.choose(copy.draft_id, choice)
        return replace(copy, held=held, uid=uid, uidvalidity=self.uidvalidity, coming=Standing("", 0, ""))

    def _is_ours(self, copy: ServerCopy, version: Version) -> bool:
        """Some clients keep the Message-ID of a draft that they change: then the place or the weight tells."""
        if version.revision == copy.coming.revision != "":
            return True
        if version.revision != copy.held.revision:
            return False
        same_place = copy.uid == version.uid and copy.uidvalidity == self.uidvalidity
        return same_place or not copy.held.size or abs(version.size - copy.held.size) <= 2

    def is_lost(self, copy: ServerCopy) -> bool:
        """Whether what we put there, or began from, is there no more, in a folder that is still the same one."""
        if not copy.uid or copy.uidvalidity != self.uidvalidity:
            return False
        if any(v.uid == copy.uid for v in self.versions(copy.draft_id)):
            return False
        told = {uid: flags for uid, flags, _ in self.session.flags(uids=[copy.uid])}
        return Flag.DELETED.value.lower() in {f.lower() for f in told.get(copy.uid, frozenset({Flag.DELETED.value}))}

    def rival(self, draft_id: DraftId, theirs: Version | None) -> Rival:
        """Their version, read as far as it goes."""
        if theirs is None:
            return Rival("", 0, None)
        try:
            found = taken(self.session.body(theirs.uid), draft_id, self.bal.id, self._house.clock())
        except Unreadable as error:
            log.info("a draft of elsewhere is not read: %s", error.reason.value)
            return Rival(theirs.revision, theirs.uid, None)
        return Rival(theirs.revision, theirs.uid, found.draft, tuple(f.name for f in found.files))

    def mail(self, draft: Draft, revision: str, files: Mapping[AttachmentId, bytes]) -> bytes:
        """The draft as it goes there."""
        store, name = self._house.stores.server_drafts, header_id(draft.id, revision, domain_of(self.bal.address))
        forwards = store.header_of(draft.forwards) if draft.forwards is not None else ""
        return written(
            draft, self.bal, self.bal.label, self._house.environment.product or "-", name, self._house.clock(), files,
            forwards=forwards,
        )  # fmt: skip

    def append(self, draft_id: DraftId, revision: str, raw: bytes) -> int:
        """Put a version there; its uid, asked for where the operator does not tell."""
        self.touched = True
        uid = self.session.append(self._mailbox, raw, _MARKS, self._house.clock())
        if not uid:
            found = self.session.find(header_id(draft_id, revision, domain_of(self.bal.address)))
            uid = found[-1] if found else 0
        return uid

    def erase(self, uids: Sequence[int]) -> None:
        """Versions that another one replaces."""
        if uids:
            self.touched = True
            self.session.erase(uids)
