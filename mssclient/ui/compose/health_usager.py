"""Whose documents these are: chosen among usagers already known here, or typed from the record and checked."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mssclient.domain.consignment import usager_label
from mssclient.domain.identity import OID_NIA, OID_NIR, OID_TEST, Usager, is_qualified, key_is_valid
from mssclient.ui import wording
from mssclient.ui.filing.identity import iso_of
from mssclient.ui.widgets.labels import PlainLabel

_SEXES = ("", "F", "M")


class UsagerForm(QWidget):
    """Traits, matricule and what the record says of it. `changed` after each act of the person."""

    changed = Signal()

    def __init__(self, training: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._training = training
        self._known: tuple[tuple[Usager, bool, str], ...] = ()
        self._shown = Usager(None, None, "", (), "", "")
        self.known = QComboBox(self)
        self.known.setObjectName("compose.health.known")
        self.known.setAccessibleName(self.tr("Usager"))
        self.known.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.known.setMinimumContentsLength(20)
        self.known.activated.connect(self._on_known)
        self.search = QLineEdit(self)
        self.search.setObjectName("compose.health.search")
        self.search.setAccessibleName(self.tr("Chercher un usager du dossier"))
        self.search.setPlaceholderText(self.tr("Chercher : nom, date de naissance, n° de dossier"))
        self.birth_name = self._field("birth_name", self.tr("Nom de naissance"))
        self.given = self._field("given", self.tr("Prénoms de naissance"))
        self.birth_date = self._field("birth_date", self.tr("Date de naissance"))
        self.birth_date.setPlaceholderText(self.tr("JJ/MM/AAAA"))
        self.matricule = self._field("matricule", self.tr("Matricule INS"))
        self.matricule.setMaxLength(21)
        self.record = self._field("record", self.tr("Numéro de dossier"))
        self.record.setMaxLength(40)
        self.sex = QComboBox(self)
        self.sex.setObjectName("compose.health.sex")
        self.sex.setAccessibleName(self.tr("Sexe"))
        for code in _SEXES:
            self.sex.addItem(wording.sex(code), code)
        self.sex.activated.connect(self._on_edited)
        self.qualified = QCheckBox(self.tr("INS qualifiée dans le dossier"), self)
        self.qualified.setObjectName("compose.health.qualified")
        self.qualified.clicked.connect(self._on_edited)
        self.status = PlainLabel("", self)
        self.status.setObjectName("compose.health.ins_status")
        self._lay_out()
        self._word()

    def _field(self, name: str, label: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(f"compose.health.{name}")
        field.setAccessibleName(label)
        field.textEdited.connect(self._on_edited)
        return field

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self.tr("Chercher"), self.search)
        form.addRow(self.tr("Usager"), self.known)
        form.addRow(self.tr("Nom de naissance"), self.birth_name)
        form.addRow(self.tr("Prénoms"), self.given)
        born = QHBoxLayout()
        born.addWidget(self.birth_date, 2)
        born.addWidget(self.sex, 1)
        form.addRow(self.tr("Naissance, sexe"), born)
        form.addRow(self.tr("Matricule INS"), self.matricule)
        form.addRow(self.tr("N° de dossier"), self.record)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(4)
        page.addLayout(form)
        page.addWidget(self.qualified)
        page.addWidget(self.status)

    def offer(self, known: tuple[tuple[Usager, bool, str], ...]) -> None:
        """Usagers of documents that came or went, and those of the record with their record number."""
        if known == self._known and self.known.count():
            return
        self._known = known
        self.known.clear()
        self.known.addItem(self.tr("Choisir, ou saisir ci-dessous"))
        for usager, _, _record in known:
            self.known.addItem(f"{usager_label(usager)} · {wording.iso_day(usager.birth_date)}")

    def show_usager(self, usager: Usager | None, qualified: bool, record: str) -> None:
        """What is known of whom the documents are about."""
        self._shown = usager or Usager(None, None, "", (), "", "")
        self.birth_name.setText(self._shown.birth_name)
        self.given.setText(" ".join(self._shown.given))
        self.birth_date.setText(wording.iso_day(self._shown.birth_date))
        self.sex.setCurrentIndex(max(0, self.sex.findData(self._shown.sex)))
        self.matricule.setText(self._shown.matricule or "")
        self.qualified.setChecked(qualified)
        self.record.setText(record)
        self._word()

    def usager(self) -> Usager | None:
        """As it stands; None while nothing is filled in. A name that was changed is another name: the rest goes."""
        number = "".join(self.matricule.text().split()).upper()
        text = self.birth_date.text().strip()
        same_day = text == wording.iso_day(self._shown.birth_date)
        given = tuple(self.given.text().split())
        if " ".join(given) == " ".join(" ".join(self._shown.given).split()):
            given = self._shown.given
        found = replace(
            self._shown,
            matricule=number or None,
            oid=self._oid(number),
            birth_name=self.birth_name.text().strip(),
            given=given,
            birth_date=self._shown.birth_date if same_day else iso_of(text),
            sex=str(self.sex.currentData() or ""),
        )
        if found.birth_name != self._shown.birth_name:
            found = replace(found, used_name="", birth_place="")
        return found if found.birth_name or number else None

    def _oid(self, number: str) -> str | None:
        """The OID it came with; for one typed here, that of the NIR, or of tests in a training environment."""
        if not number:
            return None
        if self._shown.matricule == number and self._shown.oid:
            return self._shown.oid
        return OID_TEST if self._training else (OID_NIA if number[:1] in {"3", "4", "7", "8"} else OID_NIR)

    def _on_known(self, place: int) -> None:
        if place > 0:
            usager, qualified, record = self._known[place - 1]
            self.show_usager(usager, qualified, record)
            self.changed.emit()

    def _on_edited(self, *_: object) -> None:
        self._word()
        self.changed.emit()

    def _word(self) -> None:
        usager = self.usager()
        number = usager.matricule if usager else None
        if not number or usager is None:
            text, tone = self.tr("Sans INS : le document partira avec les seuls traits."), "muted"
        elif not key_is_valid(number):
            text, tone = self.tr("Clé du matricule fausse : vérifiez l’identité."), "danger"
        elif not is_qualified(usager):
            text, tone = self.tr("Clé juste, mais traits incomplets."), "warning"
        elif not self.qualified.isChecked():
            text, tone = self.tr("INS non qualifiée : le matricule ne sera pas joint."), "warning"
        else:
            text, tone = self.tr("INS qualifiée, clé juste."), "success"
        self.qualified.setEnabled(bool(number))
        self.status.setText(text)
        self.status.setProperty("tone", tone)
        self.status.style().polish(self.status)
