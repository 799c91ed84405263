"""The local half of every verb: one short transaction on the thread `clerk`, then whoever must act is rung."""

from __future__ import annotations

import logging
import mimetypes
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from mssclient.domain.address import domain_of, practitioner_label, shown_label
from mssclient.domain.bal import Bal, BalId, BalKind, FolderId, FolderRole
from mssclient.domain.changes import Change, ChangeId, LastAct, Wish
from mssclient.domain.draft import AttachmentId, Draft, DraftAttachment, DraftId, Facts, objections
from mssclient.domain.draft_copy import Choice
from mssclient.domain.errors import MssError, NotAllowed, Refused, Unread, Unreadable
from mssclient.domain.events import CorrespondentsChanged, DraftChanged, FoldersChanged, MessagesChanged, OutboxChanged
from mssclient.domain.message import Message, MessageId
from mssclient.domain.mime_build import build, read_receipt
from mssclient.domain.outbox import OutboxId, SendEvent, SendState
from mssclient.engine.drafts import DraftRounds
from mssclient.engine.folder_list import NAMES
from mssclient.engine.house import House
from mssclient.engine.last_act import LastActs
from mssclient.engine.post import Post
from mssclient.engine.sent_copies import SentCopies
from mssclient.engine.session import new_id
from mssclient.engine.worker import Worker
from mssclient.store.correspondents import CorrespondentStore
from mssclient.store.outbox import Frozen

log = logging.getLogger(__name__)
ATTACHMENT_LIMIT = 64 * 1024 * 1024
_OPPOSITE = {Wish.READ: Wish.UNREAD, Wish.UNREAD: Wish.READ, Wish.FLAG: Wish.UNFLAG, Wish.UNFLAG: Wish.FLAG}
_ACTS = {Wish.MOVE, *_OPPOSITE}
KEEP_UNDO = 100


class Clerk:
    """The thread `clerk`. Everything public may be called on any thread; it returns at once."""

    def __init__(
        self,
        house: House,
        drafts: DraftRounds,
        copies: SentCopies,
        *,
        wished: Callable[[BalId], None],
        posting: Callable[[], Post | None],
    ) -> None:
        self._house = house
        self._drafts = drafts
        self._copies = copies
        self._wished = wished
        self._posting = posting
        self._undo: dict[ChangeId, list[Change]] = {}
        self._acts = LastActs(house)
        self._coming: dict[DraftId, int] = {}
        self.worker = Worker("clerk", self._tell)

    def start(self) -> None:
        """Begin."""
        self.worker.start()

    # -- wishes
    def wish(self, wish: Wish, ids: Iterable[MessageId], target: FolderId | None = None) -> ChangeId:
        """One act on some messages."""
        change_id = ChangeId(new_id())
        wanted = tuple(ids)
        self.worker.post(lambda: self._keep(change_id, [Change(change_id, i, wish, target) for i in wanted]))
        return change_id

    def delete(self, ids: Iterable[MessageId], seen_in_trash: frozenset[MessageId] = frozenset()) -> ChangeId:
        """To the trash of each message's own BAL; those that the person saw in the trash, for good."""
        change_id = ChangeId(new_id())
        wanted = tuple(ids)
        self.worker.post(lambda: self._keep(change_id, self._deletions(change_id, wanted, seen_in_trash)))
        return change_id

    def undo(self, change_id: ChangeId) -> None:
        """Withdraw what has not left, wish the opposite of what has."""
        self.worker.post(lambda: self._take_back(change_id))

    def _deletions(
        self, change_id: ChangeId, ids: tuple[MessageId, ...], seen_in_trash: frozenset[MessageId]
    ) -> list[Change]:
        mail = self._house.stores.mail
        # What the screen shows decides: a message that an undo is bringing back from the trash may still stand there
        # at the operator, and must not be erased.
        shown = mail.shown_folders(ids)
        changes = []
        for place in mail.places(ids):
            trash = self._trash(place.bal_id)
            if trash == shown.get(place.message_id):
                if place.message_id in seen_in_trash:
                    changes.append(Change(change_id, place.message_id, Wish.ERASE))
            else:
                changes.append(Change(change_id, place.message_id, Wish.MOVE, trash))
        return changes

    def _trash(self, bal_id: BalId) -> FolderId:
        """The BAL's trash; where there is none, one is wished for, which the operator makes before anything is moved."""
        found = self._house.stores.mail.folder_for(bal_id, FolderRole.TRASH)
        if found is not None:
            return found[0]
        name = NAMES[FolderRole.TRASH]
        made = self._house.stores.folder_wishes.new(ChangeId(new_id()), bal_id, (name,), FolderRole.TRASH)
        self._house.speaker.announce(FoldersChanged(bal_id))
        return made

    def _keep(self, change_id: ChangeId, changes: list[Change]) -> None:
        mail = self._house.stores.mail
        shown = mail.shown_folders(c.message_id for c in changes)
        marks = self._house.stores.changes.shown_marks(c.message_id for c in changes if c.wish in _OPPOSITE)
        inverse = [
            Change(change_id, c.message_id, _OPPOSITE.get(c.wish, c.wish),
                   shown[c.message_id] if c.wish is Wish.MOVE else None)
            for c in changes
            # What was so before the act stays so after its undoing.
            if c.message_id in shown and (c.wish is Wish.MOVE or c.wish in marks.get(c.message_id, ()))
        ]  # fmt: skip
        # Folder by folder: the operator is asked once for all messages of a folder that stand together.
        changes = sorted(changes, key=lambda c: shown.get(c.message_id, 0))
        self._house.stores.changes.add(changes)
        self._drafts.removed(c.message_id for c in changes if c.wish in {Wish.MOVE, Wish.ERASE})
        self._undo[change_id] = inverse
        for old in list(self._undo)[:-KEEP_UNDO]:
            del self._undo[old]
        self._remember(changes, inverse)
        self._wake(changes)

    def _remember(self, changes: list[Change], inverse: list[Change]) -> None:
        """For an undo after a restart; a message that is read while one looks at it is no act."""
        first = next((c for c in changes if c.wish in _ACTS), None)
        if first is None or not inverse or (first.wish is Wish.READ and len(inverse) == 1):
            return
        act = LastAct(first.id, first.wish, count=len(inverse), target=first.target)
        self._acts.keep(act, [(c.message_id, c.wish.value, c.target) for c in inverse])

    def _remembered(self, change_id: ChangeId) -> list[Change]:
        """What takes back an act from before the program was started anew."""
        found = []
        for each in self._acts.inverse(change_id, of_folder=False):
            match each:
                case [int() as message_id, str() as wish, int() | None as target]:
                    to = FolderId(target) if target is not None else None
                    found.append(Change(change_id, MessageId(message_id), Wish(wish), to))
        return found

    def _take_back(self, change_id: ChangeId) -> None:
        withdrawn = {p.change.message_id for p in self._house.stores.changes.withdraw(change_id)}
        remembered = self._remembered(change_id)
        inverse = [c for c in self._undo.pop(change_id, remembered) if c.message_id not in withdrawn]
        again = ChangeId(new_id())
        opposite = [replace(c, id=again) for c in inverse]
        if opposite:
            self._house.stores.changes.add(opposite)
        self._wake([*opposite, *(Change(again, i, Wish.READ) for i in withdrawn)])

    def _wake(self, changes: Iterable[Change]) -> None:
        changes = tuple(changes)
        places = self._house.stores.mail.places({c.message_id for c in changes})
        folders = {p.folder_id for p in places} | {c.target for c in changes if c.target is not None}
        for folder_id in folders:
            self._house.speaker.announce(MessagesChanged(folder_id))
        for bal_id in {p.bal_id for p in places}:
            self._house.speaker.announce(FoldersChanged(bal_id))
            self._wished(bal_id)

    # -- drafts
    def keep_draft(self, draft: Draft) -> None:
        """Autosave."""
        self.worker.post(lambda: self._keep_draft(draft))

    def _keep_draft(self, draft: Draft) -> None:
        now = self._house.clock()
        drafts = self._house.stores.drafts
        # The window's list may be older than a file that came in meanwhile: what is attached is what is here.
        attached = drafts.attached(draft.id)
        former = drafts.get(draft.id)
        drafts.keep(replace(draft, attachments=attached, updated=now), int(now.timestamp()))
        self._house.speaker.announce(DraftChanged(draft.id))
        self._drafts.changed(draft.bal_id)
        if former is not None and former.bal_id != draft.bal_id:
            self._drafts.now(former.bal_id)

    def discard_draft(self, draft_id: DraftId) -> None:
        """Forget a draft."""

        def job() -> None:
            former = self._house.stores.drafts.get(draft_id)
            self._house.stores.drafts.discard(draft_id)
            self._house.speaker.announce(DraftChanged(draft_id))
            if former is not None:
                self._drafts.now(former.bal_id)

        self.worker.post(job)

    def put_away(self, draft_id: DraftId) -> None:
        """The window of a draft closed: the operator has its last words at once."""

        def job() -> None:
            if (draft := self._house.stores.drafts.get(draft_id)) is not None:
                self._drafts.now(draft.bal_id)

        self.worker.post(job)

    def choose(self, draft_id: DraftId, choice: Choice) -> None:
        """A person decided between two versions of a draft."""
        self.worker.post(lambda: self._drafts.choose(draft_id, choice))

    def attach_file(self, draft_id: DraftId, path: Path) -> AttachmentId:
        """Read a file into the draft."""
        attachment_id = AttachmentId(new_id())
        self.worker.post(lambda: self._attach(draft_id, attachment_id, path))
        return attachment_id

    def attach_bytes(self, draft_id: DraftId, name: str, media_type: str, content: bytes) -> None:
        """Attach what is at hand already: a forwarded attachment."""
        attachment = DraftAttachment(AttachmentId(new_id()), name, media_type, len(content))
        self.worker.post(lambda: self._keep_attachment(draft_id, attachment, content))

    def replace_attachments(
        self,
        draft_id: DraftId,
        former: Iterable[AttachmentId],
        made: Iterable[tuple[DraftAttachment, bytes]],
        then: Callable[[], object],
    ) -> None:
        """Put what was made in the place of what was made before, then `then`."""

        def job() -> None:
            drafts = self._house.stores.drafts
            for old in former:
                drafts.detach(old)
            for attachment, content in made:
                drafts.attach(draft_id, attachment, content)
            self._refresh_attachments(draft_id)
            then()

        self.worker.post(job)

    def expect(self, draft_id: DraftId, more: int) -> None:
        """Attachments of a message that is passed on are on their way: it does not leave before them."""

        def job() -> None:
            self._coming[draft_id] = self._coming.get(draft_id, 0) + more

        self.worker.post(job)

    def expect_nothing(self) -> None:
        """The lines were closed: nothing comes any more."""
        self.worker.post(self._coming.clear)

    def _attach(self, draft_id: DraftId, attachment_id: AttachmentId, path: Path) -> None:
        try:
            size = path.stat().st_size
            if size > ATTACHMENT_LIMIT:
                raise Unreadable(Unread.TOO_BIG, "attachment")
            content = path.read_bytes()
        except OSError as error:
            problem = Unreadable(Unread.DAMAGED, "attachment")
            problem.__cause__ = error
            self._house.speaker.problem(problem, "attach", draft_id=draft_id)
            return
        except Unreadable as error:
            self._house.speaker.problem(error, "attach", draft_id=draft_id)
            return
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self._keep_attachment(draft_id, DraftAttachment(attachment_id, path.name, kind, len(content)), content)

    def _keep_attachment(self, draft_id: DraftId, attachment: DraftAttachment, content: bytes) -> None:
        self._house.stores.drafts.attach(draft_id, attachment, content)
        self._refresh_attachments(draft_id)
        draft, post = self._house.stores.drafts.get(draft_id), self._posting()
        if draft is not None and post is not None:
            post.learn_limit(draft.bal_id)

    def detach(self, draft_id: DraftId, attachment_id: AttachmentId) -> None:
        """Forget an attached file."""

        def job() -> None:
            self._house.stores.drafts.detach(attachment_id)
            self._refresh_attachments(draft_id)

        self.worker.post(job)

    def _refresh_attachments(self, draft_id: DraftId) -> None:
        drafts = self._house.stores.drafts
        if draft := drafts.get(draft_id):
            drafts.keep(replace(draft, attachments=drafts.attached(draft_id)), self._house.now())
            self._drafts.changed(draft.bal_id)
        self._house.speaker.announce(DraftChanged(draft_id))

    # -- sending
    def send(self, draft: Draft, facts: Facts) -> None:
        """Freeze a draft that the rules let go, and queue it."""

        def job() -> None:
            try:
                self._send(draft, facts)
            except MssError as error:
                self._house.speaker.problem(error, "draft", draft_id=draft.id)

        self.worker.post(job)

    def _send(self, draft: Draft, facts: Facts) -> None:
        house, bal = self._house, facts.bal
        if house.stores.outbox.under_way(draft.id):
            log.info("a draft that is on its way already was sent once more: ignored")
            return
        now = house.clock()
        # The window's list may be older than a file that came in meanwhile: what is attached is what is here.
        asked, draft = (
            draft.attachments,
            replace(draft, attachments=house.stores.drafts.attached(draft.id), updated=now),
        )
        house.stores.drafts.keep(draft, int(now.timestamp()))
        attached = house.stores.drafts.bytes_of(draft.id)
        if self._coming.get(draft.id, 0) > 0 or any(a.id not in attached for a in asked):
            raise Unreadable(Unread.EMPTY, "attachment")
        if blocking := tuple(o for o in objections(draft, facts) if o.blocking):
            raise NotAllowed(blocking)
        header_id = f"<{uuid.uuid4()}@{domain_of(bal.address)}>"
        raw = build(draft, bal, self.sender_label(bal), house.environment.product, header_id, now, attached)
        answered = Wish.FORWARDED if draft.forwards else Wish.ANSWERED
        frozen = Frozen(
            bal.id, bal.address, draft.subject, header_id, f"mss-{new_id()}", raw,
            tuple((r.who.address, shown_label(r.who.label)) for r in draft.recipients), draft.ask_delivery,
            draft.forwards or draft.answers, answered.value if draft.forwards or draft.answers else "",
        )  # fmt: skip
        due = int(now.timestamp()) + house.environment.policy.undo_send_s
        outbox_id = house.stores.outbox.queue(draft, frozen, int(now.timestamp()), due)
        house.speaker.announce(OutboxChanged(outbox_id))
        house.speaker.announce(DraftChanged(draft.id))
        self._posted()

    def sender_label(self, bal: Bal) -> str:
        """The `From` label: the person's for their own BAL, the functional one for the others (ECO.2.2.7)."""
        person = self._house.person
        if bal.kind is BalKind.PER and bal.own:
            activity = self._house.activity
            entity = activity.structure if activity else ""
            return practitioner_label(person.title, person.given, person.family, entity)
        return bal.label

    def take_back(self, outbox_id: OutboxId) -> None:
        """Undo send during the hold, or give up: the draft comes back. One that is leaving is stopped, if it can be."""

        def job() -> None:
            line, post = self._house.stores.outbox.get(outbox_id), self._posting()
            if line is not None and line.state is SendState.SENDING and post is not None:
                post.give_up(outbox_id)
            else:
                self._advance(outbox_id, SendEvent.TAKEN_BACK)

        self.worker.post(job)

    def settle_as_sent(self, outbox_id: OutboxId) -> None:
        """The person knows that it arrived."""
        self.worker.post(lambda: self._advance(outbox_id, SendEvent.FOUND))

    def send_again(self, outbox_id: OutboxId) -> None:
        """An uncertain one leaves again because the person says so; a waiting one leaves now."""

        def job() -> None:
            line = self._house.stores.outbox.get(outbox_id)
            if line is not None and line.state is SendState.UNCERTAIN:
                self._advance(outbox_id, SendEvent.AGAIN)
            self._house.stores.outbox.hasten(outbox_id, self._house.now())
            self._house.speaker.announce(OutboxChanged(outbox_id))
            if (post := self._posting()) is not None:
                post.hasten(outbox_id)

        self.worker.post(job)

    def _posted(self) -> None:
        if (post := self._posting()) is not None:
            post.ring()

    def _advance(self, outbox_id: OutboxId, event: SendEvent) -> None:
        outbox = self._house.stores.outbox
        try:
            outbox.advance(outbox_id, event, now=self._house.now())
        except ValueError:
            log.info("outgoing %d: %s is too late", outbox_id, event.value)
            self._house.speaker.problem(Refused("too late"), "take back", outbox_id=outbox_id)
        if draft_id := outbox.draft_of(outbox_id):
            self._house.speaker.announce(DraftChanged(draft_id))
        self._house.speaker.announce(OutboxChanged(outbox_id))
        line = outbox.get(outbox_id)
        if line is not None and line.state is SendState.SENT:
            self._copies.now(line.bal_id)
            self._drafts.now(line.bal_id)

    def send_receipt(self, message: Message, bal: Bal, text: str, *, automatic: bool) -> None:
        """Return an MDN (ECO.3.1.6), through the outbox like any other message, and remember that it was sent. `text` is
        its sentence for people."""
        message_id, to, subject = message.row.id, message.receipt_asked, message.row.subject

        def job() -> None:
            if self._house.stores.changes.receipt_is_sent(message_id):
                return
            now = self._house.clock()
            own_id = f"<{uuid.uuid4()}@{domain_of(bal.address)}>"
            raw = read_receipt(bal, self.sender_label(bal), self._house.environment.product, own_id, now, to=to,
                               original_id=message.message_id, subject=subject, text=text, automatic=automatic)  # fmt: skip
            draft = Draft(DraftId(new_id()), bal.id)
            frozen = Frozen(bal.id, bal.address, subject, own_id, f"mss-{new_id()}", raw, ((to, ""),), False, None, "")
            seconds = int(now.timestamp())
            outbox_id = self._house.stores.outbox.queue(draft, frozen, seconds, seconds)
            self._keep(ChangeId(new_id()), [Change(ChangeId(new_id()), message_id, Wish.MDN_SENT)])
            self._house.speaker.announce(OutboxChanged(outbox_id))
            self._posted()

        self.worker.post(job)

    def answer(self, bal: Bal, to: str, subject: str, header_id: str, raw: bytes) -> None:
        """An automatic answer leaves through the outbox like any other message. On this thread only."""
        house, now = self._house, self._house.now()
        frozen = Frozen(bal.id, bal.address, subject, header_id, f"mss-{new_id()}", raw, ((to, ""),), False, None, "")
        outbox_id = house.stores.outbox.queue(Draft(DraftId(new_id()), bal.id), frozen, now, now)
        house.speaker.announce(OutboxChanged(outbox_id))
        self._posted()

    def keep_setting(self, name: str, value: str) -> None:
        """A small named value."""
        self.worker.post(lambda: self._house.stores.settings.set(name, value))

    def change_circle(self, change: Callable[[CorrespondentStore], None]) -> None:
        """A favourite or a group of the person."""

        def job() -> None:
            change(self._house.stores.correspondents)
            self._house.speaker.announce(CorrespondentsChanged())

        self.worker.post(job)

    def _tell(self, error: MssError | None) -> None:
        self._house.speaker.problem(error or MssError("a bug"), "store")
