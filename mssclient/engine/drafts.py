"""Drafts in the operator's Drafts folder: one copy each, replaced and never multiplied, whatever breaks in between.

A version is committed here before it is put there, put there before the former one is erased, and found again by its
Message-ID. What another workstation left there is never overwritten: a person chooses.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mssclient.domain.address import domain_of
from mssclient.domain.bal import Bal, BalId, FolderId, FolderRole
from mssclient.domain.draft import AttachmentId, Draft, DraftAttachment, DraftId
from mssclient.domain.draft_copy import MARK, Choice, Rival, Taken, header_id, named, taken, written
from mssclient.domain.errors import MssError, Offline, Refused, Unread, Unreadable
from mssclient.domain.events import DraftChanged, DraftInConflict
from mssclient.domain.message import Flag, MessageId
from mssclient.domain.mime import ParsedAttachment
from mssclient.engine.house import House
from mssclient.engine.line import Ask, Line
from mssclient.engine.session import new_id
from mssclient.remote.imap import ImapSession
from mssclient.store.server_drafts import ServerCopy, Standing, digest_of

log = logging.getLogger(__name__)
WAIT_S = 20.0
"""From the first key that the operator does not have: with the way there, under the thirty seconds that are promised."""
HEAVY = 1024 * 1024
HEAVY_EVERY_S = 180
"""A draft with heavy files goes up at once when its files change; for a word it waits, until the window closes at most."""
LIMIT = 12 * 1024 * 1024
"""Bytes of files that go along; of heavier drafts the words alone stand at the operator, and the names of the files."""
MOST = 500
"""Versions of drafts that are looked at in one folder."""
_MARKS = frozenset({Flag.DRAFT.value, Flag.SEEN.value})


@dataclass(frozen=True, slots=True)
class _Version:
    """A copy found in the Drafts folder."""

    uid: int
    revision: str
    size: int


class DraftRounds:
    """Keeps the Drafts folders in step with the drafts that are here. Rounds run on each BAL's own line; everything
    above `_round` may be called on any thread."""

    def __init__(self, house: House, ask: Ask) -> None:
        self._house = house
        self._ask = ask
        self._lock = threading.Lock()
        self._waiting: set[BalId] = set()
        self._pace: dict[DraftId, tuple[int, tuple[DraftAttachment, ...]]] = {}
        """When a heavy draft went up last, and with which files."""
        self._refused: set[DraftId] = set()
        """Told once: the operator does not take them."""

    # -- any thread
    def changed(self, bal_id: BalId) -> None:
        """Something was typed: the operator has it soon, however long the person goes on typing."""
        with self._lock:
            if bal_id in self._waiting:
                return
            self._waiting.add(bal_id)
        self._ask(bal_id, self._round, WAIT_S)

    def now(self, bal_id: BalId) -> None:
        """A window closed, a message left, a draft was thrown away: the folder follows at once."""
        self._ask(bal_id, self._whole_round, 0.0)

    def opened(self, bal_id: BalId) -> None:
        """A line is there: what waited for it is done."""
        with self._lock:
            self._waiting.discard(bal_id)
        self._refused.clear()
        self.now(bal_id)

    def choose(self, draft_id: DraftId, choice: Choice) -> None:
        """A person decided between two versions. Runs on `clerk`."""
        bal_id = self._house.stores.server_drafts.choose(draft_id, choice)
        if bal_id is not None:
            self.now(bal_id)

    def take(self, bal_id: BalId, message_id: MessageId, draft_id: DraftId) -> None:
        """Go on with a draft that stands in the Drafts folder; ends in DraftChanged or a Problem."""
        self._ask(bal_id, lambda line: self._take(line, message_id, draft_id), 0.0)

    def last(self, line: Line) -> None:
        """The line closes: what was typed since the last round goes up first, if it is light."""
        try:
            self._follow(line, hurry=True, heavy=False)
        except MssError as error:
            log.info("drafts before the line closed: %s", type(error).__name__)

    # -- on the BAL's line
    def _round(self, line: Line) -> set[FolderId]:
        with self._lock:
            self._waiting.discard(line.bal_id)
        return self._follow(line, hurry=False, heavy=True)

    def _whole_round(self, line: Line) -> set[FolderId]:
        return self._follow(line, hurry=True, heavy=True)

    def _follow(self, line: Line, *, hurry: bool, heavy: bool) -> set[FolderId]:
        stores, bal_id = self._house.stores, line.bal_id
        drafts = {d.id: d for d in stores.server_drafts.drafts(bal_id)}
        copies = {c.draft_id: c for c in stores.server_drafts.of_bal(bal_id)}
        fresh = [d for d in drafts.values() if d.id not in copies and not d.is_empty()]
        bal = stores.mail.bal(bal_id)
        if bal is None or not (copies or fresh):
            return set()
        place = line.ensure(FolderRole.DRAFTS)
        if place is None:
            return set()
        folder = _Folder(self._house, line, bal, place[1])
        for copy in copies.values():
            try:
                self._settle(folder, copy, drafts.get(copy.draft_id))
            except Refused as refusal:
                log.info("a draft's copy: %s", refusal.code)
        # Read anew: a choice that was carried out may have changed them.
        for draft in stores.server_drafts.drafts(bal_id):
            self._put(folder, draft, hurry=hurry, heavy=heavy)
        return {place[0]} if folder.touched else set()

    def _settle(self, folder: _Folder, copy: ServerCopy, draft: Draft | None) -> None:
        """Bring what we know of one draft to what stands there; carry out what a person chose."""
        store = self._house.stores.server_drafts
        copy, strangers = folder.recognised(copy)
        if not store.held_back(copy.draft_id, copy.bal_id):
            folder.erase([copy.uid] if copy.uid else [])
            store.forget(copy.draft_id, copy.bal_id)
        elif draft is None:
            return  # its message waits in the outbox
        elif strangers or folder.is_lost(copy):
            self._dispute(folder, copy, draft, strangers)
        elif copy.rival is not None:
            store.set_rival(copy.draft_id, copy.bal_id, None)
            self._house.speaker.announce(DraftInConflict(copy.draft_id))

    def _dispute(self, folder: _Folder, copy: ServerCopy, mine: Draft, strangers: Sequence[_Version]) -> None:
        """Somebody else changed, sent or removed it. Without a choice about this very version nothing is touched."""
        store = self._house.stores.server_drafts
        theirs = strangers[-1] if strangers else None
        known = copy.rival
        settled = theirs is None and copy.choice is Choice.MINE  # theirs was erased just before a crash
        if known is None or (known.uid != (theirs.uid if theirs else 0) and not settled):
            store.set_rival(copy.draft_id, copy.bal_id, folder.rival(copy.draft_id, theirs))
            log.info("a draft was changed elsewhere")
            self._house.speaker.announce(DraftInConflict(copy.draft_id))
            return
        former = [*(v.uid for v in strangers[:-1]), *([copy.uid] if copy.uid else [])]
        match copy.choice:
            case None:
                return
            case Choice.MINE:
                folder.erase([v.uid for v in strangers])
                self._write(folder, mine)
            case Choice.THEIRS:
                if theirs is not None:
                    folder.erase(former)
                    self._adopt(folder, mine.id, theirs)
                else:
                    self._house.stores.drafts.discard(mine.id)
                    store.forget(copy.draft_id, copy.bal_id)
            case Choice.BOTH:
                if theirs is not None:
                    self._split_off(folder, theirs)
                store.stands(copy.draft_id, copy.bal_id, replace(copy.held, digest=""), copy.uid, folder.uidvalidity)
                self._write(folder, mine)
        self._house.speaker.announce(DraftChanged(copy.draft_id))
        self._house.speaker.announce(DraftInConflict(copy.draft_id))

    def _split_off(self, folder: _Folder, theirs: _Version) -> None:
        """Their version becomes a draft of its own, here and there."""
        stores = self._house.stores
        begun = stores.server_drafts.at(folder.bal.id, folder.uidvalidity, theirs.uid)
        draft_id = begun or DraftId(new_id())
        if begun is None:
            self._adopt(folder, draft_id, theirs)
        if (draft := stores.drafts.get(draft_id)) is not None:
            self._write(folder, draft)
            self._house.speaker.announce(DraftChanged(draft_id))

    def _put(self, folder: _Folder, draft: Draft, *, hurry: bool, heavy: bool) -> None:
        """Put a draft there that is not, as it is now."""
        copy = self._house.stores.server_drafts.get(draft.id, draft.bal_id)
        if copy is not None and (copy.rival is not None or copy.held.digest == digest_of(draft)):
            return
        if copy is None and draft.is_empty():
            return
        if not self._is_its_turn(draft, hurry=hurry, heavy=heavy):
            return
        try:
            self._write(folder, draft)
        except Refused as refusal:
            # A full mailbox must not keep its other drafts, nor the mailbox, from going on.
            if draft.id not in self._refused:
                self._refused.add(draft.id)
                self._house.speaker.problem(refusal, "draft copy", bal_id=draft.bal_id, draft_id=draft.id)

    def _is_its_turn(self, draft: Draft, *, hurry: bool, heavy: bool) -> bool:
        if sum(a.size for a in draft.attachments) <= HEAVY:
            return True
        at, files = self._pace.get(draft.id, (0, ()))
        now = self._house.now()
        if not heavy or (files == draft.attachments and not hurry and now - at < HEAVY_EVERY_S):
            self.changed(draft.bal_id)
            return False
        self._pace[draft.id] = now, draft.attachments
        return True

    def _write(self, folder: _Folder, draft: Draft) -> None:
        store = self._house.stores.server_drafts
        former = store.get(draft.id, draft.bal_id)
        revision = new_id()
        files = self._house.stores.drafts.bytes_of(draft.id)
        if sum(len(content) for content in files.values()) > LIMIT:
            files = {}
        raw = folder.mail(draft, revision, files)
        coming = Standing(revision, len(raw), digest_of(draft))
        store.sets_out(draft.id, draft.bal_id, coming)
        uid = folder.append(draft.id, revision, raw)
        if former is not None and former.uid:
            # Both are known as ours until the former one is gone: a cut here leaves nothing that looks like a stranger's.
            folder.erase([former.uid])
        store.stands(draft.id, draft.bal_id, coming, uid, folder.uidvalidity)

    # -- going on with what stands there
    def _take(self, line: Line, message_id: MessageId, draft_id: DraftId) -> set[FolderId]:
        stores = self._house.stores
        try:
            place = next(iter(stores.mail.places([message_id])), None)
            bal = stores.mail.bal(line.bal_id)
            if place is None or bal is None or place.uid <= 0:
                raise Refused("NONEXISTENT")
            folder = _Folder(self._house, line, bal, place.mailbox)
            known = stores.mail.known(place.folder_id)
            if known is None or known.uidvalidity != folder.uidvalidity:
                raise Offline("renumbered")
            ours = named(stores.server_drafts.header_of(message_id))
            if stores.drafts.get(draft_id) is None:
                self._adopt(folder, draft_id, _Version(place.uid, ours[1] if ours else "", 0))
        except (Refused, Unreadable) as error:
            self._house.speaker.problem(error, "draft", message_id=message_id, draft_id=draft_id)
        self._house.speaker.announce(DraftChanged(draft_id))
        return set()

    def _adopt(self, folder: _Folder, draft_id: DraftId, version: _Version) -> None:
        """A version of somebody else becomes the draft that is here, files included."""
        stores, raw = self._house.stores, folder.session.body(version.uid)
        found = taken(raw, draft_id, folder.bal.id, self._house.clock())
        draft = self._resolved(found)
        for old in stores.drafts.attached(draft_id):
            stores.drafts.detach(old.id)
        for each in found.files:
            stores.drafts.attach(draft_id, _attachment(each), each.content)
        draft = replace(draft, attachments=stores.drafts.attached(draft_id))
        stores.drafts.keep(draft, self._house.now())
        standing = Standing(version.revision, len(raw), digest_of(draft))
        stores.server_drafts.stands(draft_id, folder.bal.id, standing, version.uid, folder.uidvalidity)
        if found.missing:
            self._house.speaker.problem(Unreadable(Unread.TOO_BIG, "attachment"), "attach", draft_id=draft_id)

    def _resolved(self, found: Taken) -> Draft:
        """The messages of this store that it answers or passes on."""
        mail = self._house.stores.mail
        answers, forwards = (next(iter(mail.by_header(h)), None) for h in (found.answers, found.forwards))
        return replace(found.draft, answers=answers, forwards=forwards)


class _Folder:
    """One Drafts folder, selected, for the time of one round."""

    def __init__(self, house: House, line: Line, bal: Bal, mailbox: str) -> None:
        self._house = house
        self._mailbox = mailbox
        self.bal = bal
        self.session: ImapSession = line.session
        self.uidvalidity = line.select(mailbox).uidvalidity
        self.touched = False
        self._versions: Mapping[DraftId, list[_Version]] | None = None

    def versions(self, draft_id: DraftId) -> list[_Version]:
        """What stands there of a draft, oldest first."""
        if self._versions is None:
            found: dict[DraftId, list[_Version]] = defaultdict(list)
            uids = self.session.find(f"<{MARK}")[-MOST:]
            for batch in self.session.envelopes(uids):
                for e in batch:
                    name = named(e.message_id)
                    if name is not None and Flag.DELETED.value.lower() not in {f.lower() for f in e.flags}:
                        found[name[0]].append(_Version(e.uid, name[1], e.size))
            self._versions = found
        return sorted(self._versions.get(draft_id, []), key=lambda v: v.uid)

    def recognised(self, copy: ServerCopy) -> tuple[ServerCopy, list[_Version]]:
        """What we know of a draft, made true, and the versions that are not ours. Leftovers of ours are erased."""
        ours, strangers = list[_Version](), list[_Version]()
        for version in self.versions(copy.draft_id):
            (ours if self._is_ours(copy, version) else strangers).append(version)
        current = next((v for v in ours if copy.coming.revision and v.revision == copy.coming.revision), None)
        held = copy.coming if current is not None else copy.held
        if current is None:
            current = next((v for v in reversed(ours) if v.revision == copy.held.revision), None)
        if current is not None:
            self.erase([v.uid for v in ours if v.uid != current.uid])
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

    def _is_ours(self, copy: ServerCopy, version: _Version) -> bool:
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

    def rival(self, draft_id: DraftId, theirs: _Version | None) -> Rival:
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


def _attachment(found: ParsedAttachment) -> DraftAttachment:
    return DraftAttachment(AttachmentId(new_id()), found.name, found.media_type, found.size)
