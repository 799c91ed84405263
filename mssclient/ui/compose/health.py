"""« Document de santé »: the section of the composer that makes a mail by the book (ECO.2.1.1 to 2.1.6)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mssclient.domain.address import fold
from mssclient.domain.consignment import Order, Paper, PaperId, usager_label
from mssclient.domain.draft import Objection, Why
from mssclient.domain.events import ShipmentChanged
from mssclient.domain.shipment import Signatory
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button
from mssclient.ui.compose.health_papers import PaperList
from mssclient.ui.compose.health_usager import UsagerForm
from mssclient.ui.compose.keeper import DraftKeeper
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.herald import Herald
from mssclient.ui.widgets.labels import PlainLabel

_KEEP_AFTER_MS = 500
_HEIGHT = 320


class HealthSection(QFrame):
    """Hidden until a document comes or the person asks. Emits `changed`, `prepared` with the subject, `usager_wanted` with
    the usager as a recipient or None."""

    changed = Signal()
    prepared = Signal(str)
    usager_wanted = Signal(object)

    def __init__(self, engine: Engine, herald: Herald, keeper: DraftKeeper, parent: QWidget) -> None:
        super().__init__(parent)
        self._engine = engine
        self._keeper = keeper
        self._order = Order()
        self._told_subject = ""
        self._dirty = False
        self._asked = False
        self.setObjectName("compose.health")
        self.setAccessibleName(self.tr("Documents de santé"))
        self.papers = PaperList(self)
        self.usager = UsagerForm(engine.environment.training, self)
        self.author = QLineEdit(self)
        self.author.setObjectName("compose.health.author")
        self.author.setAccessibleName(self.tr("Auteur : numéro RPPS, vide pour vous-même"))
        self.author.setPlaceholderText(self.tr("Vous-même, ou le n° RPPS d’un autre professionnel"))
        self.author_name = PlainLabel("", self)
        self.author_name.setProperty("muted", True)
        self.to_usager = QCheckBox(self.tr("Adresser aussi à l’usager, dans Mon espace santé"), self)
        self.to_usager.setObjectName("compose.health.to_usager")
        self.add_button = Button(self.tr("Ajouter un document…"), "compose.health.add", self, sign="plus")
        self.add_button.does(self.papers.ask_files)
        self.remove_button = Button(self.tr("Retirer"), "compose.health.remove", self, sign="trash")
        self.remove_button.does(self._on_remove)
        self.prepare_button = Button(self.tr("Préparer l’envoi"), "compose.health.prepare", self, sign="archive")
        self.prepare_button.does(self.prepare, "Ctrl+Shift+J")
        self.notice = Notice("compose.health.notice", self)
        self.outcome = PlainLabel("", self, selectable=True)
        self.outcome.setObjectName("compose.health.outcome")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_KEEP_AFTER_MS)
        self._timer.timeout.connect(self.keep_now)
        self._lay_out()
        self._wire(herald)
        self.hide()

    def _lay_out(self) -> None:
        inside = QWidget(self)
        grid = QGridLayout(inside)
        grid.setContentsMargins(8, 4, 8, 4)
        grid.setHorizontalSpacing(16)
        left = QVBoxLayout()
        buttons = QHBoxLayout()
        for button in (self.add_button, self.remove_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        left.addLayout(buttons)
        left.addWidget(self.papers, 1)
        author = QHBoxLayout()
        author.addWidget(QLabel(self.tr("Auteur"), inside))
        author.addWidget(self.author, 1)
        left.addLayout(author)
        left.addWidget(self.author_name)
        right = QVBoxLayout()
        right.addWidget(self.usager)
        right.addWidget(self.to_usager)
        right.addStretch(1)
        grid.addLayout(left, 0, 0)
        grid.addLayout(right, 0, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.area = QScrollArea(self)
        self.area.setObjectName("compose.health.area")
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        self.area.setMinimumHeight(120)
        self.setMaximumHeight(_HEIGHT)
        foot = QHBoxLayout()
        foot.addWidget(self.outcome, 1)
        foot.addWidget(self.prepare_button, 0, Qt.AlignmentFlag.AlignTop)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(4)
        page.addWidget(self.area, 1)
        page.addWidget(self.notice)
        page.addLayout(foot)

    def _wire(self, herald: Herald) -> None:
        self.papers.changed.connect(self._on_edited)
        self.papers.files_given.connect(self.add_files)
        self.papers.removed.connect(self._remove)
        self.usager.changed.connect(self._on_edited)
        self.usager.search.textEdited.connect(lambda _text: self._show_known())
        self.author.editingFinished.connect(self._on_author)
        self.to_usager.clicked.connect(self._on_edited)
        herald.shipment_changed.connect(self._on_shipment)

    def open(self) -> None:
        """The person wants to send a document by the book."""
        self._show_known()
        self.show()
        if not self.papers.papers:
            self.add_button.setFocus()

    def _show_known(self) -> None:
        words = self.usager.search.text().strip()
        record = [(r.usager, r.qualified, r.record_number) for r in self._engine.roster_search(words)]
        listed = {(u.matricule, u.birth_name, u.given[:1], u.birth_date) for u, _, _ in record}
        seen = [
            (usager, qualified, "")
            for usager, qualified in self._engine.reader.known_usagers()
            if (usager.matricule, usager.birth_name, usager.given[:1], usager.birth_date) not in listed
            and fold(usager_label(usager)).startswith(fold(words))
        ]
        self.usager.offer((*record, *seen))

    def add_files(self, files: list[Path]) -> None:
        """Documents join; what they are, the engine says."""
        self._keeper.keep_first()
        self.keep_now()
        self.notice.hush()
        for path in files:
            self._engine.add_paper(self._keeper.draft.id, path)
        self.open()

    def _on_remove(self) -> None:
        if (paper := self.papers.chosen()) is not None:
            self._remove(paper.id)

    def _remove(self, paper_id: PaperId) -> None:
        self.keep_now()
        self._engine.remove_paper(self._keeper.draft.id, paper_id)

    # -- what the person says
    def order(self) -> Order:
        """As the fields stand."""
        return replace(
            self._order, usager=self.usager.usager(), qualified=self.usager.qualified.isChecked(),
            to_usager=self.to_usager.isChecked(), record_number=self.usager.record.text().strip(),
        )  # fmt: skip

    def _on_edited(self) -> None:
        self._order = self.order()
        self._dirty = True
        self._timer.start()
        self._offer_usager()
        self.outcome.setText("")

    def _offer_usager(self) -> None:
        correspondent = self._engine.usager_correspondent(self._order)
        self.to_usager.setEnabled(correspondent is not None)
        if correspondent is None and self.to_usager.isChecked():
            self.to_usager.setChecked(False)
            self._order = self.order()
        if self.papers.papers or self._dirty:
            self.usager_wanted.emit(correspondent if self.to_usager.isChecked() else None)

    def _on_author(self) -> None:
        number = self.author.text().strip()
        author = self._engine.author_of(number) if number else None
        if author != self._order.author:
            self._order = replace(self._order, author=author)
            self._on_edited()
        self._word_author()

    def _word_author(self) -> None:
        author = self._order.author
        person = self._engine.person()
        if author is not None:
            said = f"{author.title} {author.given} {author.family}".strip()
            self.author_name.setText(said or self.tr("Inconnu de l’annuaire"))
        else:
            self.author_name.setText(person.name if person else "")

    def keep_now(self) -> None:
        """Give the engine what was said; returns at once."""
        self._timer.stop()
        if self._dirty and not self._keeper.over:
            self._dirty = False
            self._keeper.keep_first()
            self._engine.keep_order(self._keeper.draft.id, self._order, self.papers.papers)

    @property
    def unsettled(self) -> bool:
        """Whether the engine does not know yet all that was said here: what is made would not be what is shown."""
        found = self._engine.reader.shipment(self._keeper.draft.id)
        if found is None or not self.papers.papers:
            return bool(self.papers.papers)
        same_order = replace(self._order, submission_id="") == replace(found.order, submission_id="")
        return self._dirty or not same_order or found.papers != self.papers.papers

    def prepare(self) -> None:
        """Make the archive and the PDFs; `prepared` when they are there."""
        if not self.papers.papers:
            self.notice.tell(self.tr("Ajoutez d’abord un document."), Tone.WARNING)
            return
        self._asked = True
        self._dirty = True
        self.keep_now()
        self.outcome.setText(self.tr("Préparation…"))
        self._told_subject = ""
        self._engine.prepare_shipment(self._keeper.draft.id)

    # -- what the engine says
    def _on_shipment(self, event: ShipmentChanged) -> None:
        if event.draft_id == self._keeper.draft.id and not self._keeper.over:
            self.refresh()
            self.changed.emit()

    def refresh(self) -> None:
        """Show what the engine knows; what is being typed here stays."""
        found = self._engine.reader.shipment(self._keeper.draft.id)
        if found is None:
            self._show_papers(())
            return
        self.show()
        self._show_known()
        if not self._dirty:
            if found.order != self._order:
                self._order = found.order
                self.usager.show_usager(found.order.usager, found.order.qualified, found.order.record_number)
                self.to_usager.setChecked(found.order.to_usager)
                self.author.setText(_number(found.order.author))
            self._show_papers(found.papers)
        else:
            mine = {p.id: p for p in self.papers.papers}
            self._show_papers(tuple(mine.get(p.id, p) for p in found.papers))
        self._word_author()
        self.to_usager.setEnabled(self._engine.usager_correspondent(self._order) is not None)
        self._show_outcome(found.fresh, found.subject)

    def _show_papers(self, papers: tuple[Paper, ...]) -> None:
        if papers != self.papers.papers:
            self.papers.show_papers(papers)
        self.remove_button.setEnabled(bool(papers))
        self.prepare_button.setEnabled(bool(papers))

    def _show_outcome(self, fresh: bool, subject: str) -> None:
        if not fresh:
            if self.outcome.text() != self.tr("Préparation…"):
                self.outcome.setText("")
            return
        draft = self._engine.reader.draft(self._keeper.draft.id)
        names = [f"{a.name} ({wording.size(a.size)})" for a in draft.attachments] if draft else []
        said = self.tr("Partira : {names}. Objet : {subject}").format(names=", ".join(names), subject=subject)
        self.outcome.setText(said)
        if subject != self._told_subject:
            self._told_subject = subject
            self.prepared.emit(subject)

    def show_objections(self, found: list[Objection], *, asked: bool) -> None:
        """What stands in the way, once the person asked for the making or for sending; until then, what is plain wrong."""
        early = {
            Why.NO_INSTITUTION,
            Why.OTHER_USAGER,
            Why.OPPOSED,
            Why.OPPOSED_PROFESSIONALS,
            Why.HIDDEN,
            Why.NO_AUTHOR,
        }
        shown = [o for o in found if asked or self._asked or o.why in early]
        shown = [o for o in shown if o.why is not Why.NOT_PREPARED or asked]
        if shown:
            self.notice.tell("\n".join(wording.objection(o) for o in shown), Tone.ERROR)
        else:
            self.notice.hush()


def _number(author: Signatory | None) -> str:
    return author.national_id if author is not None else ""
