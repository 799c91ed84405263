"""Drafts in the operator's Drafts folder: one copy each, replaced and never multiplied, whatever breaks in between.

A version is committed here before it is put there, put there before the former one is erased, and found again by its
Message-ID. What another workstation left there is never overwritten: a person chooses.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mssclient.domain.bal import BalId, FolderId, FolderRole
from mssclient.domain.draft import AttachmentId, Draft, DraftAttachment, DraftId
from mssclient.domain.draft_copy import Choice, Taken, named, taken
from mssclient.domain.errors import MssError, Offline, Refused, Unread, Unreadable
from mssclient.domain.events import DraftChanged, DraftInConflict
from mssclient.domain.message import MessageId
from mssclient.domain.mime import ParsedAttachment
from mssclient.engine.draft_folder import DraftFolder, Version
from mssclient.engine.house import House
from mssclient.engine.line import Ask, Line
from mssclient.engine.session import new_id
from mssclient.store.server_drafts import ServerCopy, Standing, digest_of

log = logging.getLogger(__name__)
WAIT_S = 20.0
"""From the first key that the operator does not have: with the way there, under the thirty seconds that are promised."""
HEAVY = 1024 * 1024
HEAVY_EVERY_S = 180
"""A draft with heavy files goes up at once when its files change; for a word it waits, until the window closes at most."""
LIMIT = 12 * 1024 * 1024
"""Bytes of files that go along; of heavier drafts the words alone stand at the operator, and the names of the files."""


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

    def removed(self, ids: Iterable[MessageId]) -> None:
        """The person takes messages out of a folder: a draft whose copy is among them goes here too, unless it says more
        than the copy does. Runs on `clerk`."""
        stores = self._house.stores
        for draft_id, bal_id in stores.server_drafts.copied_at(ids):
            draft, copy = stores.drafts.get(draft_id), stores.server_drafts.get(draft_id, bal_id)
            if draft is not None and copy is not None and copy.held.digest == digest_of(draft):
                stores.server_drafts.forget(draft_id, bal_id)
                stores.drafts.discard(draft_id)
                self._house.speaker.announce(DraftChanged(draft_id))

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
        folder = DraftFolder(self._house, line, bal, place[1])
        for copy in copies.values():
            try:
                self._settle(folder, copy, drafts.get(copy.draft_id))
            except Refused as refusal:
                log.info("a draft's copy: %s", refusal.code)
            except Unreadable as error:
                # Their version cannot be taken: the choice is void, and the person chooses again.
                stores.server_drafts.set_rival(copy.draft_id, bal_id, copy.rival)
                self._house.speaker.problem(error, "draft", bal_id=bal_id, draft_id=copy.draft_id)
        # Read anew: a choice that was carried out may have changed them.
        for draft in stores.server_drafts.drafts(bal_id):
            self._put(folder, draft, hurry=hurry, heavy=heavy)
        return {place[0]} if folder.touched else set()

    def _settle(self, folder: DraftFolder, copy: ServerCopy, draft: Draft | None) -> None:
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

    def _dispute(self, folder: DraftFolder, copy: ServerCopy, mine: Draft, strangers: Sequence[Version]) -> None:
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

    def _split_off(self, folder: DraftFolder, theirs: Version) -> None:
        """Their version becomes a draft of its own, here and there."""
        stores = self._house.stores
        begun = stores.server_drafts.at(folder.bal.id, folder.uidvalidity, theirs.uid)
        draft_id = begun or DraftId(new_id())
        if begun is None:
            self._adopt(folder, draft_id, theirs)
        if (draft := stores.drafts.get(draft_id)) is not None:
            self._write(folder, draft)
            self._house.speaker.announce(DraftChanged(draft_id))

    def _put(self, folder: DraftFolder, draft: Draft, *, hurry: bool, heavy: bool) -> None:
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

    def _write(self, folder: DraftFolder, draft: Draft) -> None:
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
            folder = DraftFolder(self._house, line, bal, place.mailbox)
            known = stores.mail.known(place.folder_id)
            if known is None or known.uidvalidity != folder.uidvalidity:
                raise Offline("renumbered")
            ours = named(stores.server_drafts.header_of(message_id))
            if stores.drafts.get(draft_id) is None:
                self._adopt(folder, draft_id, Version(place.uid, ours[1] if ours else "", 0))
        except (Refused, Unreadable) as error:
            if not self._take_newest(line, draft_id):
                self._house.speaker.problem(error, "draft", message_id=message_id, draft_id=draft_id)
        self._house.speaker.announce(DraftChanged(draft_id))
        return set()

    def _take_newest(self, line: Line, draft_id: DraftId) -> bool:
        """The version that was asked for was replaced in this very moment: the newest one is meant."""
        place = self._house.stores.mail.folder_for(line.bal_id, FolderRole.DRAFTS)
        bal = self._house.stores.mail.bal(line.bal_id)
        if place is None or bal is None or self._house.stores.drafts.get(draft_id) is not None:
            return False
        try:
            folder = DraftFolder(self._house, line, bal, place[1])
            versions = folder.versions(draft_id)
            if versions:
                self._adopt(folder, draft_id, versions[-1])
            return bool(versions)
        except (Refused, Unreadable) as error:
            log.info("no other version of a draft is read: %s", type(error).__name__)
            return False

    def _adopt(self, folder: DraftFolder, draft_id: DraftId, version: Version) -> None:
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


def _attachment(found: ParsedAttachment) -> DraftAttachment:
    return DraftAttachment(AttachmentId(new_id()), found.name, found.media_type, found.size)
