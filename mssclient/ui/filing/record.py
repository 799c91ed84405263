"""The identity on a document beside that of the record: what differs is marked, and a person says that they are one."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from mssclient.domain.identity import Usager, key_is_valid
from mssclient.domain.matching import Agreement, RecordUsager, Trait, agreement, differences
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.mailbox.row_painter import spaced
from mssclient.ui.widgets.labels import PlainLabel

_TYPING_MS = 150


class RecordChoice(QWidget):
    """Who of the record a document belongs to. Hidden where the record's usagers are not known. `changed` when another
    one is chosen or confirmed. An exact match needs no confirmation; a wrong INS key always does."""

    changed = Signal()

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filing.record_choice")
        self._engine = engine
        self._usager = Usager(None, None, "", (), "", "")
        self._offered: list[RecordUsager] = []
        self.who = QComboBox(self)
        self.who.setObjectName("filing.record")
        self.who.setAccessibleName(self.tr("Dossier de l’usager"))
        self.who.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.who.setMinimumContentsLength(18)
        self.who.activated.connect(lambda _place: self._on_chosen())
        self.words = QLineEdit(self)
        self.words.setObjectName("filing.record_words")
        self.words.setPlaceholderText(self.tr("Chercher dans les dossiers : nom, naissance, n°"))
        self.words.setAccessibleName(self.tr("Chercher un usager dans les dossiers"))
        self.words.setClearButtonEnabled(True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._search)
        self.words.textChanged.connect(lambda _text: self._typing.start())
        self.status = PlainLabel(parent=self)
        self.status.setObjectName("filing.record_status")
        self.status.setWordWrap(True)
        self.sure = QCheckBox(self.tr("C’est la même personne"), self)
        self.sure.setObjectName("filing.record_sure")
        self.sure.toggled.connect(lambda _on: self.changed.emit())
        self._table = QWidget(self)
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        for widget in (self.who, self.words, self._table, self.status, self.sure):
            column.addWidget(widget)

    # -- what it shows
    def propose(self, usager: Usager) -> None:
        """Offer the record's usagers who may be the document's, the likeliest first."""
        self._usager = usager
        self._typing.stop()
        self.words.blockSignals(True)
        self.words.clear()
        self.words.blockSignals(False)
        known = self._engine.roster_status().usagers > 0
        self.setVisible(known)
        self._offer([each.record for each in self._engine.roster_candidates(usager)] if known else [])

    def record(self) -> RecordUsager | None:
        """The usager of the record that is chosen; None for another, typed by hand."""
        place = self.who.currentIndex()
        return self._offered[place] if 0 <= place < len(self._offered) else None

    def is_settled(self) -> bool:
        """Whether the document may be filed there: the identities are one, or a person said so."""
        record = self.record()
        return record is None or self.is_exact() or self.sure.isChecked()

    def is_exact(self) -> bool:
        """Whether matricule, OID and every trait agree, under a right key."""
        record = self.record()
        return record is not None and agreement(self._usager, record.usager) is Agreement.EXACT

    def _offer(self, records: list[RecordUsager]) -> None:
        self._offered = records
        self.who.clear()
        for each in records:
            self.who.addItem(_name(each))
        self.who.addItem(self.tr("Aucun de ces dossiers : saisir l’identité"))
        self.who.setCurrentIndex(0)
        self._on_chosen()

    def _search(self) -> None:
        words = self.words.text()
        if words.strip():
            self._offer(list(self._engine.roster_search(words)))
        else:
            self._offer([each.record for each in self._engine.roster_candidates(self._usager)])

    def _on_chosen(self) -> None:
        self.sure.blockSignals(True)
        self.sure.setChecked(False)
        self.sure.blockSignals(False)
        self._compare()
        self.changed.emit()

    def _compare(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        record = self.record()
        self._table.setVisible(record is not None)
        self.sure.setVisible(record is not None and not self.is_exact())
        text, tone = self._status(record)
        self.status.setText(text)
        self.status.setProperty("tone", tone)
        self.status.style().polish(self.status)
        if record is None:
            return
        apart = differences(self._usager, record.usager)
        for column, title in enumerate(("", self.tr("Document"), self.tr("Dossier"))):
            self._put(0, column, title, heading=True)
        for row, (trait, name) in enumerate(self._traits(), 1):
            self._put(row, 0, name, muted=True)
            here, there = _value(self._usager, trait), _value(record.usager, trait)
            self._put(row, 1, here or "–")
            self._put(row, 2, there or "–")
            if trait in apart:
                mark = self._put(row, 3, self.tr("≠ différent"), tone="danger")
                mark.setAccessibleName(
                    self.tr("{trait} différent : {here} sur le document, {there} au dossier").format(
                        trait=name, here=here or "–", there=there or "–"
                    )
                )
            else:
                self._put(row, 3, "=", muted=True)

    def _put(
        self, row: int, column: int, text: str, *, heading: bool = False, muted: bool = False, tone: str = ""
    ) -> QLabel:
        label = PlainLabel(text, self._table)
        label.setProperty("heading", heading)
        label.setProperty("muted", muted)
        if tone:
            label.setProperty("tone", tone)
        self._grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        return label

    def _traits(self) -> tuple[tuple[Trait, str], ...]:
        return (
            (Trait.BIRTH_NAME, self.tr("Nom de naissance")), (Trait.GIVEN, self.tr("Prénoms")),
            (Trait.BIRTH_DATE, self.tr("Naissance")), (Trait.SEX, self.tr("Sexe")),
            (Trait.MATRICULE, self.tr("Matricule INS")), (Trait.OID, self.tr("OID")),
        )  # fmt: skip

    def _status(self, record: RecordUsager | None) -> tuple[str, str]:
        wrong_key = bool(self._usager.matricule) and not key_is_valid(self._usager.matricule or "")
        if wrong_key:
            return self.tr("La clé du matricule INS du document est fausse : vérifiez l’identité."), "danger"
        if record is None:
            if self._offered:
                return self.tr("Vous saisissez l’identité vous-même."), "warning"
            return self.tr("Aucun usager des dossiers ne correspond à ce document."), "warning"
        if self.is_exact():
            return self.tr("Identité exacte : matricule, OID et traits concordent."), "success"
        match agreement(self._usager, record.usager):
            case Agreement.SAME_NUMBER:
                return self.tr("Même matricule, mais l’identité n’est pas exactement la même."), "warning"
            case Agreement.SAME_TRAITS:
                return self.tr("Mêmes traits, sans INS à comparer."), "warning"
            case _:
                return self.tr("Identité proche seulement : comparez avant de classer."), "warning"


def _name(record: RecordUsager) -> str:
    usager = record.usager
    name = " ".join(piece for piece in (usager.birth_name, *usager.given[:1]) if piece)
    return ", ".join(p for p in (name, wording.iso_day(usager.birth_date), record.record_number) if p)


def _value(usager: Usager, trait: Trait) -> str:
    match trait:
        case Trait.MATRICULE:
            return spaced(usager.matricule or "")
        case Trait.OID:
            return usager.oid or ""
        case Trait.BIRTH_NAME:
            return usager.birth_name
        case Trait.GIVEN:
            return " ".join(usager.given)
        case Trait.BIRTH_DATE:
            return wording.iso_day(usager.birth_date)
        case Trait.SEX:
            return wording.sex(usager.sex) if usager.sex else ""
