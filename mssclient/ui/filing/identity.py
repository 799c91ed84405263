"""The usager a document goes to: proposed from the document, compared and confirmed by a person."""

from __future__ import annotations

import re
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from mssclient.domain.identity import OID_DEMO, OID_TEST, Usager, is_qualified, key_is_valid
from mssclient.ui import wording

_DAY = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")
_SEXES = ("", "F", "M", "U")


def iso_of(text: str) -> str:
    """The ISO date of JJ/MM/AAAA; empty when it is none."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return ""
    day, month, year = (int(piece) for piece in found.groups())
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= day <= 31 and 1 <= month <= 12 else ""


class IdentityForm(QWidget):
    """Traits of a usager. A matricule stays with the traits it came with: changing one takes it off."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._proposed = Usager(None, None, "", (), "", "")
        self.birth_name = self._field("filing.birth_name", self.tr("Nom de naissance"))
        self.given = self._field("filing.given", self.tr("Prénoms de naissance"))
        self.birth_date = self._field("filing.birth_date", self.tr("Date de naissance"))
        self.birth_date.setPlaceholderText(self.tr("JJ/MM/AAAA"))
        self.sex = QComboBox(self)
        self.sex.setObjectName("filing.sex")
        self.sex.setAccessibleName(self.tr("Sexe"))
        for code in _SEXES:
            self.sex.addItem(wording.sex(code), code)
        self.sex.activated.connect(self._on_edited)
        self.ins = QLabel(self)
        self.ins.setObjectName("filing.ins")
        self.status = QLabel(self)
        self.status.setObjectName("filing.ins_status")
        self.status.setWordWrap(True)
        self._lay_out()

    def _field(self, name: str, label: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(name)
        field.setAccessibleName(label)
        field.textEdited.connect(self._on_edited)
        return field

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(6)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self.tr("Nom de naissance"), self.birth_name)
        form.addRow(self.tr("Prénoms"), self.given)
        form.addRow(self.tr("Naissance"), self.birth_date)
        form.addRow(self.tr("Sexe"), self.sex)
        form.addRow(self.tr("Matricule INS"), self.ins)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(4)
        page.addLayout(form)
        page.addWidget(self.status)

    def propose(self, usager: Usager) -> None:
        """Show what the document says."""
        self._proposed = usager
        self.birth_name.setText(usager.birth_name)
        self.given.setText(" ".join(usager.given))
        self.birth_date.setText(wording.iso_day(usager.birth_date))
        self.sex.setCurrentIndex(max(0, self.sex.findData(usager.sex)))
        self._word()

    def usager(self) -> Usager:
        """The usager as it stands, with the matricule only while the traits are the document's."""
        given = tuple(self.given.text().split())
        if given == tuple(" ".join(self._proposed.given).split()):
            given = self._proposed.given
        text = self.birth_date.text().strip()
        unchanged = text == wording.iso_day(self._proposed.birth_date)
        shown = replace(
            self._proposed,
            birth_name=self.birth_name.text().strip(),
            given=given,
            birth_date=self._proposed.birth_date if unchanged else iso_of(text),
            sex=str(self.sex.currentData()),
        )
        return shown if shown == self._proposed else replace(shown, matricule=None, oid=None)

    def is_complete(self) -> bool:
        """Whether there is enough to name a person: birth name, a first name and a whole birth date."""
        usager = self.usager()
        return bool(usager.birth_name and usager.given and len(usager.birth_date) == 10)

    def _on_edited(self) -> None:
        self._word()
        self.changed.emit()

    def _word(self) -> None:
        usager = self.usager()
        matricule = usager.matricule or ""
        spaced = " ".join(
            piece
            for piece in (
                matricule[:1], matricule[1:3], matricule[3:5], matricule[5:7], matricule[7:10], matricule[10:13],
                matricule[13:],
            )
            if piece
        )  # fmt: skip
        self.ins.setText(spaced or self.tr("aucun"))
        text, tone = self._status(usager)
        self.status.setText(text)
        self.status.setProperty("tone", tone)
        self.status.style().polish(self.status)

    def _status(self, usager: Usager) -> tuple[str, str]:
        if not usager.matricule:
            if self._proposed.matricule:
                return self.tr("Identité modifiée : le matricule du document n’est plus joint."), "warning"
            return self.tr("Sans INS : comparez les traits avec le dossier avant de classer."), "warning"
        if not key_is_valid(usager.matricule):
            return self.tr("Clé du matricule fausse : vérifiez l’identité."), "danger"
        if usager.oid in {OID_TEST, OID_DEMO}:
            return self.tr("Clé juste, matricule de test."), "success"
        if is_qualified(usager):
            return self.tr("Clé juste, INS et traits complets."), "success"
        return self.tr("Clé juste, mais traits incomplets."), "warning"
