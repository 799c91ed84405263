"""The facade: every verb of `engine.api.Engine`, each a line or two that hands the work to its room. Dull by intent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from mssclient.card.reader import CardReader
from mssclient.domain import consignment as consignments
from mssclient.domain import draft as drafting
from mssclient.domain import filing_rules, packing, xdm
from mssclient.domain.address import Correspondent, normal
from mssclient.domain.bal import Bal, BalId, Folder, FolderId
from mssclient.domain.cda_view import View
from mssclient.domain.changes import ChangeId, Wish
from mssclient.domain.circle import Group, GroupId, wrong_with
from mssclient.domain.consignment import Order, Paper, PaperId, SentDocument
from mssclient.domain.dashboard import Board, Span
from mssclient.domain.draft import AttachmentId, Draft, DraftId, Facts, Objection
from mssclient.domain.draft_copy import Choice, TwoVersions, named
from mssclient.domain.environment import Environment
from mssclient.domain.errors import (
    FilingReason,
    FilingRefused,
    MssError,
    NotAllowed,
    Refused,
    SessionEnded,
    StoreReason,
    StoreTrouble,
)
from mssclient.domain.events import BalsChanged, CorrespondentsChanged, DirectoryChanged, Event, OutboxChanged
from mssclient.domain.filing import FilingChoice
from mssclient.domain.handover import Handover, Proposal
from mssclient.domain.identity import Usager
from mssclient.domain.matching import Candidate, RecordUsager
from mssclient.domain.message import ListQuery, Loading, MessageId, PartId
from mssclient.domain.outbox import OutboxId
from mssclient.domain.patience import USUAL, Patience
from mssclient.domain.read_receipts import ReceiptAct, ReceiptPolicy, receipt_act
from mssclient.domain.reconcile_report import Reconciliation
from mssclient.domain.session import (
    Activity,
    CardStatus,
    Person,
    SessionEvent,
    SessionState,
    SignInView,
    activity_of,
    same_person,
)
from mssclient.domain.shipment import Signatory
from mssclient.domain.trust import Revocation
from mssclient.domain.worklist import AsideReason, DocumentId
from mssclient.dui.profile import ExportProfile
from mssclient.engine.api import Picture, Preferences, Progress, RosterStatus, Told, Trial
from mssclient.engine.directory import Directory
from mssclient.engine.filing import document_of
from mssclient.engine.filing_trial import trial
from mssclient.engine.house import Clock, House, Speaker, Stores
from mssclient.engine.office import Office
from mssclient.engine.operators import Operators
from mssclient.engine.outside import Outside
from mssclient.engine.persons import Persons
from mssclient.engine.reading import PersonReader
from mssclient.engine.server_search import Hits
from mssclient.engine.session import Opener, SessionDesk, new_id
from mssclient.engine.session_clock import Ticks, steady_ticks
from mssclient.engine.shipping import known_author
from mssclient.remote.psc import RelaySession
from mssclient.store.codec import dump, load
from mssclient.store.directory import DirectoryStore
from mssclient.store.keys import folder_name
from mssclient.store.reader import MailReader

log = logging.getLogger(__name__)
INLINE_WIDTH = 1600
FOLDER_SETTING = "filing folder"
ACTIVITY_SETTING = "activity"
RECEIPTS_SETTING = "read receipts"


class MailEngine:
    """`engine.api.Engine`. Verbs may be called on the main thread only; they return at once."""

    def __init__(
        self,
        environment: Environment,
        home: Path,
        card_reader: CardReader,
        browser: Opener,
        announce: Callable[[Event], None],
        clock: Clock,
        export_profile: ExportProfile | None = None,
        *,
        ticks: Ticks = steady_ticks,
        patience: Patience = USUAL,
    ) -> None:
        self.environment = environment
        self._home = home
        self._clock = clock
        self._patience = patience
        self._export_profile = export_profile or ExportProfile("standard")
        self._listener = announce
        self._speaker = Speaker(self._hear)
        allowed = environment.policy.keep_key_in_file
        self._persons = Persons(home, self._speaker, clock, new_id(), file_allowed=allowed)
        self._forgotten = False
        self._office: Office | None = None
        self._wanted_folder: Path | None = None
        self._wanted_preferences: Preferences | None = None
        self._white_list: frozenset[str] | None = None
        directory_file = home / "directory" / "annuaire.sqlite"
        self._annuaire = DirectoryStore(directory_file)
        self._directory = Directory(environment, self._annuaire, home / "directory", self._speaker, clock)
        self._operators = Operators(environment, home / "revocation", self._speaker, clock, renewed=self._look_again)
        self.reader = PersonReader(
            self._annuaire, lambda: self._directory.loading, environment.department, self._directory.checked
        )
        self.reader.there = lambda: office.search.hits if (office := self._office) is not None else Hits()
        self.reader.silent_days = environment.policy.silent_days
        self.reader.now = lambda: int(clock().timestamp())
        self._desk = SessionDesk(
            environment, card_reader, browser, self._speaker,
            opening=self._open_office, closing=self._close_lines, clock=clock, ticks=ticks,
        )  # fmt: skip

    def _hear(self, event: Event) -> None:
        """Every event of every thread passes here on its way out."""
        if isinstance(event, DirectoryChanged):
            self._white_list = None
            self.reader.forget_place()
            if (office := self._office) is not None and not self._directory.loading:
                office.describe_again()
        elif isinstance(event, BalsChanged):
            self.reader.forget_place()
        elif isinstance(event, OutboxChanged | CorrespondentsChanged):
            self.reader.forget_boosts()
            if (office := self._office) is not None:
                office.send_folder.ring()
        self._listener(event)

    # -- session
    def start(self) -> None:
        self._persons.mend()
        self._desk.start()
        self._directory.start()
        self._operators.start()

    def stop(self) -> None:
        self._persons.stop()
        self._operators.stop()
        self._desk.stop()
        self._directory.stop()
        self._directory.worker.join(20.0)
        self._operators.worker.join(2.0)
        self.reader.open(None)
        if (office := self._office) is not None:
            office.close()
        self._persons.join()
        self._annuaire.close()

    def session_state(self) -> SessionState:
        return self._desk.state

    def person(self) -> Person | None:
        return self._desk.person

    def card_status(self) -> CardStatus:
        return self._desk.card

    def sign_in_view(self) -> SignInView:
        return self._desk.view

    def sign_in_with_browser(self) -> None:
        self._desk.sign_in_with_browser()

    def sign_in_with_ecps(self, national_id: str) -> None:
        self._desk.sign_in_with_ecps(national_id)

    def cancel_sign_in(self) -> None:
        self._desk.cancel()

    def lock(self) -> None:
        self._desk.fire(SessionEvent.LOCK)

    def sign_out(self) -> None:
        self._desk.fire(SessionEvent.SIGN_OUT)

    def session_ends_at(self) -> datetime | None:
        return self._desk.ends_at

    def renew_session(self, national_id: str = "") -> None:
        self._desk.renew(national_id)

    def activity(self) -> Activity | None:
        return office.house.activity if (office := self._office) is not None else None

    def choose_activity(self, activity: Activity) -> None:
        office, person = self._at(), self._desk.person
        if person is not None and activity in person.activities:
            office.house.activity = activity
            office.clerk.keep_setting(ACTIVITY_SETTING, activity.key)
            self._desk.say_again()

    def touch(self) -> None:
        self._desk.touch()

    def add_bal(self, address: str) -> None:
        if "bals" in self.environment.locked:
            return

        def job() -> None:
            office = self._office
            if office is not None and self._desk.state is SessionState.OPEN:
                office.add_bal(address)

        # On `session`, where lines are opened and closed: none is opened behind a lock.
        self._desk.worker.post(job)

    def _open_office(self, session: RelaySession) -> None:
        """On `session`: the person's store opens, or opens its lines again."""
        person, office = session.person, self._office
        if office is None or not same_person(office.house.person.national_id, person.national_id):
            if office is not None:
                self._office = None
                self.reader.open(None)
                self._wanted_folder = self._wanted_preferences = None
                office.close()
            office = self._office = self._new_office(person, session.store_share)
            self._forgotten = False
        if not self._persons.lasting:
            self._speaker.problem(StoreTrouble(StoreReason.KEYRING), "store")
        self.reader.open(office.reader)
        office.house.person = person
        office.house.activity = activity_of(person, office.house.stores.settings.get(ACTIVITY_SETTING))
        kept = "" if self._is_folder_locked else office.house.stores.settings.get(FOLDER_SETTING)
        kept = kept or self.environment.filing_folder
        office.go_on(self._addresses_of(person), Path(kept) if kept else None)
        self._speaker.announce(BalsChanged())

    def _new_office(self, person: Person, share: bytes) -> Office:
        database = self._persons.open(person.national_id, share)
        house = House(
            self.environment, person, Stores.open(database), self._speaker, self._clock, self._desk.fresh_token,
            self._operators,
            export_profile=self._export_profile,
            token_refused=lambda: self._desk.fire(SessionEvent.TOKEN_REFUSED),
            patience=self._patience,
        )  # fmt: skip
        private = self._persons.places.private(folder_name(person.national_id))
        office = Office(house, self._annuaire.entries_of, Outside(private, house.stores.content, self._speaker))
        office.reader = MailReader(database)
        office.folder = lambda: self._folder_of(office)
        return office

    def _addresses_of(self, person: Person) -> list[str]:
        """The BAL to try: the person's own of the Annuaire, then those the administrator offers at this workstation."""
        own = [
            e.address
            for e in self._annuaire.search(person.national_id, 20, "PER", "", {})
            if same_person(e.national_id, person.national_id)
        ]
        return [*own, *self.environment.bals]

    def _look_again(self) -> None:
        """On `revocation`: lines that were refused for want of a list of revoked certificates try once more."""
        if (office := self._office) is not None:
            office.refresh()

    def _close_lines(self) -> None:
        """On `session`: a lock or a sign-out. After a sign-out nothing can be read; the clerk works on until another
        person comes, so that no draft is lost that a window hands over while it closes."""
        if self._desk.state is SessionState.SIGNED_OUT:
            self._directory.comparison.give_up()
            self.reader.open(None)
        if self._office is not None:
            if self._desk.state is not SessionState.READING:
                self._office.outside.shut()
            self._office.pause()

    def forget_me(self) -> None:
        self._desk.worker.post(self._forget_person)

    def _forget_person(self) -> None:
        """On `session`: covered first, then everything goes, then signed out."""
        person, office = self._desk.person, self._office
        if person is None or office is None or not same_person(office.house.person.national_id, person.national_id):
            self._speaker.problem(SessionEnded("nobody is signed in"), "forget")
            return
        self._desk.fire(SessionEvent.LOCK)
        self._forgotten = True
        self._office = self._wanted_folder = self._wanted_preferences = None
        self.reader.open(None)
        office.close()
        try:
            self._persons.forget(person.national_id)
        except StoreTrouble as trouble:
            self._speaker.problem(trouble, "forget")
        finally:
            self._desk.fire(SessionEvent.SIGN_OUT)

    def _at(self) -> Office:
        if self._office is None:
            raise SessionEnded("nobody is signed in")
        return self._office

    # -- mail
    def search_there(self, query: ListQuery) -> None:
        if (office := self._office) is not None:
            office.search.want(query, [bal.id for bal in self.reader.bals()] if query.search else ())

    def open_folder(self, folder_id: FolderId) -> None:
        mail, office = self.reader.mail, self._office
        if mail is not None and office is not None and (bal_id := mail.bal_of(folder_id)) is not None:
            office.look_at(bal_id, folder_id)

    def refresh(self) -> None:
        if (office := self._office) is not None:
            office.refresh()

    def want_body(self, message_id: MessageId) -> None:
        self._at().fetch.want_bodies([message_id], now=True)

    def want_part(self, part_id: PartId) -> None:
        self._at().fetch.want_part(part_id)

    def stop_part(self, part_id: PartId) -> None:
        self._at().fetch.stop_part(part_id)

    def want_picture(self, part_id: PartId, content: str, page: int, width: int) -> None:
        office = self._at()
        key = (part_id, content, page)

        def make() -> None:
            office.preview.want(key, width, lambda: self._content(office, part_id, content))

        def absent() -> None:
            if office.house.stores.content.part_bytes(part_id) is not None:
                make()

        office.fetch.want_part(part_id, absent)

    @staticmethod
    def _content(office: Office, part_id: PartId, content: str) -> bytes:
        raw = office.house.stores.content.part_bytes(part_id)
        if raw is None:
            raise FilingRefused(FilingReason.VANISHED)
        return xdm.by_key(raw, content)

    def picture(self, part_id: PartId, content: str, page: int) -> Picture | MssError | None:
        return self._at().preview.get((part_id, content, page))

    def inline_image(self, message_id: MessageId, content_id: str) -> Picture | None:
        office = self._at()
        part_id = mail.inline_part(message_id, content_id) if (mail := self.reader.mail) else None
        if part_id is None:
            return None
        found = office.preview.get((part_id, "", 0))
        if found is None:
            self.want_picture(part_id, "", 0, INLINE_WIDTH)
        return found if isinstance(found, Picture) else None

    def save_part(self, part_id: PartId, content: str, target: Path) -> None:
        office = self._at()
        office.filing.save_copy(part_id, content, target)

    def open_outside(self, part_id: PartId, content: str) -> None:
        office = self._at()
        fetch = office.fetch

        def lay() -> None:
            office.preview.worker.post(lambda: office.outside.lay(part_id, content))

        # Without a line what is at hand can still be shown; a fetch that failed has told so itself.
        fetch.want_part(part_id, lay, otherwise=lambda: lay() if fetch.worker.stopping else None)

    def outside_file(self, part_id: PartId, content: str) -> Path | None:
        return office.outside.file(part_id, content) if (office := self._office) is not None else None

    def document_text(self, part_id: PartId, content: str) -> str:
        office = self._at()
        return office.preview.text((part_id, content, 0), lambda: self._content(office, part_id, content))

    def document_view(self, part_id: PartId, content: str) -> View | MssError | None:
        office = self._at()
        return office.preview.view((part_id, content, 0), lambda: self._content(office, part_id, content))

    def mark_read(self, ids: tuple[MessageId, ...], read: bool) -> ChangeId:
        return self._at().clerk.wish(Wish.READ if read else Wish.UNREAD, ids)

    def flag(self, ids: tuple[MessageId, ...], flagged: bool) -> ChangeId:
        return self._at().clerk.wish(Wish.FLAG if flagged else Wish.UNFLAG, ids)

    def move(self, ids: tuple[MessageId, ...], target: FolderId) -> ChangeId:
        return self._at().clerk.wish(Wish.MOVE, ids, target)

    def delete(self, ids: tuple[MessageId, ...]) -> ChangeId:
        # What the person sees now says what they mean: a second press on a message that is on its way to the trash is no
        # wish to have it erased.
        return self._at().clerk.delete(ids, self.reader.in_trash(ids))

    def undo(self, change_id: ChangeId) -> None:
        self._at().clerk.undo(change_id)
        self._at().folders.undo(change_id)

    def new_folder(self, bal_id: BalId, parent: FolderId | None, name: str) -> ChangeId:
        folders = self.reader.folders(bal_id)
        above = next((f for f in folders if f.id == parent), None)
        return self._at().folders.new(folders, bal_id, above, name)

    def rename_folder(self, folder_id: FolderId, name: str) -> ChangeId:
        folders, folder = self._beside(folder_id)
        return self._at().folders.name_anew(folders, folder, name)

    def delete_folder(self, folder_id: FolderId) -> ChangeId:
        folders, folder = self._beside(folder_id)
        return self._at().folders.delete(folders, folder)

    def _beside(self, folder_id: FolderId) -> tuple[tuple[Folder, ...], Folder]:
        for bal in self.reader.bals():
            folders = self.reader.folders(bal.id)
            for folder in folders:
                if folder.id == folder_id:
                    return folders, folder
        raise Refused("NONEXISTENT")

    def receipt_policy(self, bal_id: BalId) -> ReceiptPolicy:
        kept = mail.setting(f"{RECEIPTS_SETTING} {bal_id}") if (mail := self.reader.mail) else ""
        return ReceiptPolicy(kept) if kept else ReceiptPolicy.ASK

    def set_receipt_policy(self, bal_id: BalId, policy: ReceiptPolicy) -> None:
        self._at().clerk.keep_setting(f"{RECEIPTS_SETTING} {bal_id}", policy.value)

    def receipt_act(self, message_id: MessageId) -> ReceiptAct:
        message = self.reader.message(message_id)
        return receipt_act(self.receipt_policy(message.row.bal_id), message) if message else ReceiptAct.NOTHING

    def send_read_receipt(self, message_id: MessageId, text: str = "", *, automatic: bool = False) -> None:
        message = self.reader.message(message_id)
        if message is not None and message.receipt_asked:
            bal = self._bal(message.row.bal_id)
            self._at().clerk.send_receipt(message, bal, text, automatic=automatic)

    # -- writing
    def _bal(self, bal_id: BalId) -> Bal:
        for bal in self.reader.bals():
            if bal.id == bal_id:
                return bal
        raise SessionEnded("no such BAL")

    def facts(self, bal_id: BalId) -> Facts:
        # The `directory` thread may forget the list at any time.
        white_list = self._white_list
        if white_list is None:
            white_list = self._white_list = self._annuaire.white_list()
        return Facts(self._bal(bal_id), white_list, self.environment.product)

    def new_draft(self, bal_id: BalId, to: tuple[Correspondent, ...] = ()) -> Draft:
        recipients = tuple(drafting.Recipient(who) for who in to)
        return Draft(DraftId(new_id()), bal_id, recipients)

    def answer(self, message_id: MessageId, to_all: bool, heading: str) -> Draft:
        message = self.reader.message(message_id)
        if message is None:
            raise SessionEnded("no such message")
        bal = self._bal(message.row.bal_id)
        return drafting.answer(DraftId(new_id()), message, bal, to_all=to_all, heading=heading)

    def forward(self, message_id: MessageId, heading: str) -> Draft:
        message = self.reader.message(message_id)
        if message is None:
            raise SessionEnded("no such message")
        draft = drafting.forward(DraftId(new_id()), message, self._bal(message.row.bal_id), heading=heading)
        self._at().forward_attachments(draft, message)
        return draft

    def keep_draft(self, draft: Draft) -> None:
        # A window that closes hands over its text: after `forget_me` nothing of it is to stay.
        if not (self._forgotten and self._office is None):
            self._at().clerk.keep_draft(draft)

    def discard_draft(self, draft_id: DraftId) -> None:
        if self._forgotten and self._office is None:
            return
        self._at().clerk.discard_draft(draft_id)

    def put_draft_away(self, draft_id: DraftId) -> None:
        if not (self._forgotten and self._office is None):
            self._at().clerk.put_away(draft_id)

    def continue_draft(self, message_id: MessageId) -> DraftId:
        message, mail = self.reader.message(message_id), self.reader.mail
        if message is None or mail is None:
            raise SessionEnded("no such message")
        ours = named(message.message_id)
        draft_id = mail.draft_begun_from(message_id) or (ours[0] if ours else DraftId(new_id()))
        if self.reader.draft(draft_id) is None:
            self._at().drafts.take(message.row.bal_id, message_id, draft_id)
        return draft_id

    def draft_conflict(self, draft_id: DraftId) -> TwoVersions | None:
        mine, mail = self.reader.draft(draft_id), self.reader.mail
        rival = mail.rival_of(draft_id) if mail is not None else None
        return TwoVersions(mine, rival) if mine is not None and rival is not None else None

    def keep_mine(self, draft_id: DraftId) -> None:
        self._at().clerk.choose(draft_id, Choice.MINE)

    def keep_theirs(self, draft_id: DraftId) -> None:
        self._at().clerk.choose(draft_id, Choice.THEIRS)

    def keep_both(self, draft_id: DraftId) -> None:
        self._at().clerk.choose(draft_id, Choice.BOTH)

    def attach_file(self, draft_id: DraftId, path: Path) -> AttachmentId:
        return self._at().clerk.attach_file(draft_id, path)

    def attach_bytes(self, draft_id: DraftId, name: str, media_type: str, content: bytes) -> None:
        self._at().clerk.attach_bytes(draft_id, name, media_type, content)

    def detach(self, draft_id: DraftId, attachment_id: AttachmentId) -> None:
        self._at().clerk.detach(draft_id, attachment_id)

    def send(self, draft: Draft) -> None:
        facts = self.facts(draft.bal_id)
        found = (*drafting.objections(draft, facts), *self.shipment_objections(draft))
        blocking = tuple(o for o in found if o.blocking)
        if blocking:
            raise NotAllowed(blocking)
        self._at().clerk.send(draft, facts)

    def take_back(self, outbox_id: OutboxId) -> None:
        self._at().clerk.take_back(outbox_id)

    def send_again(self, outbox_id: OutboxId) -> None:
        self._at().clerk.send_again(outbox_id)

    def know_lost(self, outbox_id: OutboxId, known: bool = True) -> None:
        office = self._at()
        at = office.house.now() if known else 0

        def job() -> None:
            office.house.stores.receipts.know_lost(outbox_id, at)
            self._speaker.announce(OutboxChanged(outbox_id))

        office.clerk.worker.post(job)

    def write_again(self, outbox_id: OutboxId) -> Draft | None:
        line = self.reader.outgoing(outbox_id)
        message = self.reader.message(line.copy_id) if line is not None and line.copy_id is not None else None
        if line is None or message is None:
            return None
        if message.body is not Loading.HERE:
            self.want_body(message.row.id)
            return None
        draft = drafting.again(DraftId(new_id()), message, line)
        self._at().forward_attachments(draft, message)
        return draft

    def settle_as_sent(self, outbox_id: OutboxId) -> None:
        self._at().clerk.settle_as_sent(outbox_id)

    # -- health documents by the book
    def add_paper(self, draft_id: DraftId, path: Path) -> PaperId:
        return self._at().shipping.add_file(draft_id, path)

    def remove_paper(self, draft_id: DraftId, paper_id: PaperId) -> None:
        self._at().shipping.remove(draft_id, paper_id)

    def keep_order(self, draft_id: DraftId, order: Order, papers: tuple[Paper, ...]) -> None:
        self._at().shipping.keep(draft_id, order, papers)

    def prepare_shipment(self, draft_id: DraftId) -> None:
        self._at().shipping.build(draft_id)

    def shipment_objections(self, draft: Draft) -> tuple[Objection, ...]:
        found, shipping = self.reader.shipment(draft.id), self._at().shipping
        if found is None or not found.papers:
            return consignments.oppositions(draft, shipping.rules(Order(consignments.written_to(draft))))
        return consignments.objections(draft, found, shipping.rules(found.order))

    def author_of(self, number: str) -> Signatory:
        return known_author(number, self.reader)

    def usager_correspondent(self, order: Order) -> Correspondent | None:
        return consignments.usager_correspondent(order, training=self.environment.training)

    def replacement(self, sent: SentDocument, *, deletion: bool) -> Draft:
        words = packing.words_for("D" if deletion else "C", sent.title, sent.usager)
        draft = consignments.following(DraftId(new_id()), sent, words)
        self._at().shipping.follow(draft, sent, deletion=deletion)
        return draft

    def compose(self, handed: Handover, folder: Path | None = None) -> Draft:
        return self._at().shipping.take(handed, folder, self.reader)

    def proposals(self) -> tuple[Proposal, ...]:
        return office.send_folder.proposals() if (office := self._office) is not None else ()

    def take_proposal(self, name: str) -> Draft:
        return self._at().send_folder.take(name, self.reader)

    def refuse_proposal(self, name: str) -> None:
        self._at().send_folder.refuse(name)

    def count_exchanges(self) -> None:
        self._at().figures.count()

    def dashboard(self, span: Span) -> Board | None:
        return office.figures.board(span) if (office := self._office) is not None else None

    def write_file(self, target: Path, text: str) -> None:
        self._at().figures.write(target, text)

    def export_traces(self, target: Path) -> None:
        self._at().figures.write_traces(target)

    # -- directory
    def refresh_directory(self) -> None:
        self._directory.refresh()

    def check_address(self, address: str) -> None:
        self._directory.check(normal(address))

    def favour(self, who: Correspondent, favourite: bool) -> None:
        now = int(self._clock().timestamp())
        self._at().clerk.change_circle(
            lambda store: store.favour(who, now) if favourite else store.disfavour(who.address)
        )

    def keep_group(self, group: Group) -> None:
        wrong = wrong_with(group, self.reader.groups())
        if wrong is not None:
            raise NotAllowed((wrong,))
        self._at().clerk.change_circle(lambda store: store.keep_group(group))

    def drop_group(self, group_id: GroupId) -> None:
        self._at().clerk.change_circle(lambda store: store.drop_group(group_id))

    def reconcile(self, source: Path) -> None:
        self._directory.comparison.begin(source)

    def reconciliation(self) -> Reconciliation | None:
        return self._directory.comparison.state

    def cancel_reconciliation(self) -> None:
        self._directory.comparison.give_up()

    def write_reconciliation(self, target: Path, accepted: Mapping[int, str]) -> None:
        self._directory.comparison.write(target, accepted)

    # -- filing
    def filing_proposal(self, part_id: PartId, content: str) -> FilingChoice:
        facts = mail.part_facts(part_id) if (mail := self.reader.mail) else None
        message = self.reader.message(facts[0]) if facts else None
        return filing_rules.proposal(message, document_of(self.reader.archive(part_id), content), content)

    def filing_name(self, part_id: PartId, choice: FilingChoice) -> str:
        facts = mail.part_facts(part_id) if (mail := self.reader.mail) else None
        kind = facts[1] if facts else ""
        document = document_of(self.reader.archive(part_id), choice.content)
        if document is not None and choice.content:
            kinds = {xdm.key(document, rendition): rendition.media_type for rendition in document.contents}
            kind = kinds.get(choice.content, kind)
        return filing_rules.name_for(choice, kind)

    def file_attachment(self, part_id: PartId, choice: FilingChoice) -> None:
        self._at().filing.file(part_id, choice, self.filing_folder())

    @property
    def _is_folder_locked(self) -> bool:
        return "filing.folder" in self.environment.locked

    def filing_folder(self) -> Path | None:
        if self._wanted_folder is not None:
            return self._wanted_folder
        mail = None if self._is_folder_locked else self.reader.mail
        chosen = (mail.setting(FOLDER_SETTING) if mail else "") or self.environment.filing_folder
        return Path(chosen) if chosen else None

    def _folder_of(self, office: Office) -> Path | None:
        """The folder as `filing_folder`, on any thread."""
        kept = "" if self._is_folder_locked else office.house.stores.settings.get(FOLDER_SETTING)
        chosen = str(self._wanted_folder or "") or kept or self.environment.filing_folder
        return Path(chosen) if chosen else None

    def set_aside(self, ids: tuple[DocumentId, ...], reason: AsideReason) -> None:
        self._at().worklist.set_aside(ids, reason)

    def take_up(self, ids: tuple[DocumentId, ...]) -> None:
        self._at().worklist.take_up(ids)

    def roster_status(self) -> RosterStatus:
        office = self._office
        return office.roster.status if office is not None else RosterStatus(self.environment.filing_roster)

    def roster_candidates(self, usager: Usager) -> tuple[Candidate, ...]:
        return office.roster.roster.candidates(usager) if (office := self._office) is not None else ()

    def roster_search(self, words: str) -> tuple[RecordUsager, ...]:
        return office.roster.roster.search(words) if (office := self._office) is not None else ()

    def try_filing(self) -> Trial:
        return trial(self._export_profile, self.filing_folder(), self._clock())

    def set_filing_folder(self, folder: Path) -> None:
        if self._is_folder_locked:
            return
        self._wanted_folder = folder
        self._at().clerk.keep_setting(FOLDER_SETTING, str(folder))

    # -- the rest
    def revocation(self) -> Revocation:
        return self._operators.state

    def progress(self) -> tuple[Progress, ...]:
        return self._speaker.all_progress()

    def problem(self, problem_id: int) -> Told | None:
        return self._speaker.told(problem_id)

    def preferences(self) -> Preferences:
        if self._wanted_preferences is not None and self.reader.mail is not None:
            # The clerk may not have written it yet: two changes in a row must not lose the first.
            return self._wanted_preferences
        kept = mail.setting("preferences") if (mail := self.reader.mail) else ""
        return load(Preferences, kept) if kept else Preferences()

    def keep_preferences(self, preferences: Preferences) -> None:
        if (office := self._office) is not None:
            self._wanted_preferences = preferences
            office.clerk.keep_setting("preferences", dump(replace(preferences)))
