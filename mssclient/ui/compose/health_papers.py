"""The documents of a message by the book, one a line, and what a PDF does not say of itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mssclient.domain.consignment import Paper, PaperId, PaperKind
from mssclient.domain.type_codes import TYPE_LABELS
from mssclient.ui import wording
from mssclient.ui.filing.identity import iso_of
from mssclient.ui.icons import icon
from mssclient.ui.widgets.file_dialog import file_dialog

_MOST_SHOWN = 4
_ICONS = {PaperKind.PDF: "pdf", PaperKind.CDA: "health", PaperKind.ARCHIVE: "archive"}


class PaperList(QWidget):
    """Emits `changed` when the person said something of a document, `files_given`, `removed`. Del removes."""

    changed = Signal()
    files_given = Signal(list)
    removed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.papers: tuple[Paper, ...] = ()
        self.list = QListWidget(self)
        self.list.setObjectName("compose.health.papers")
        self.list.setAccessibleName(self.tr("Documents de santé"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.currentRowChanged.connect(lambda _row: self._show_chosen())
        self.type = QComboBox(self)
        self.type.setObjectName("compose.health.type")
        self.type.setAccessibleName(self.tr("Type de document"))
        self.type.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.type.setMinimumContentsLength(20)
        self.type.addItem(self.tr("Choisir le type"), "")
        for code, label in sorted(TYPE_LABELS.items(), key=lambda each: each[1].casefold()):
            self.type.addItem(label, code)
        self.type.activated.connect(self._on_edited)
        self.title = self._field("title", self.tr("Titre"))
        self.title.setMaxLength(200)
        self.date = self._field("date", self.tr("Date de l’acte"))
        self.date.setPlaceholderText(self.tr("JJ/MM/AAAA"))
        self.same = QComboBox(self)
        self.same.setObjectName("compose.health.same")
        self.same.setAccessibleName(self.tr("Ce PDF est"))
        self.same.activated.connect(self._on_edited)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self.tr("Type"), self.type)
        form.addRow(self.tr("Titre"), self.title)
        form.addRow(self.tr("Date de l’acte"), self.date)
        form.addRow(self.tr("Ce PDF est"), self.same)
        self.form = form
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.list, 1)
        page.addLayout(form)
        self.list.setMaximumHeight((self.fontMetrics().height() + 8) * _MOST_SHOWN)
        self._show_chosen()

    def _field(self, name: str, label: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(f"compose.health.{name}")
        field.setAccessibleName(label)
        field.textEdited.connect(self._on_edited)
        return field

    def show_papers(self, papers: tuple[Paper, ...]) -> None:
        """Replace the lines; the chosen one stays chosen, else the first that wants something said."""
        row, former = self.list.currentRow(), {p.id for p in self.papers}
        came = [n for n, p in enumerate(papers) if p.id not in former]
        self.papers = papers
        self.list.blockSignals(True)
        self.list.clear()
        for paper in papers:
            item = QListWidgetItem(icon(_ICONS[paper.kind]), self._line(paper))
            item.setToolTip(paper.name)
            self.list.addItem(item)
        self.list.setCurrentRow(came[0] if came else min(max(row, 0), len(papers) - 1))
        self.list.blockSignals(False)
        self._show_chosen()

    def _line(self, paper: Paper) -> str:
        if paper.rendition_of:
            return self.tr("{name} (PDF du document ci-dessus)").format(name=paper.name)
        what = TYPE_LABELS.get(paper.type_code, paper.title)
        many = self.tr(" · {count} documents").format(count=paper.documents) if paper.documents > 1 else ""
        version = self.tr(" · version {number}").format(number=paper.version) if paper.version > 1 else ""
        return (f"{paper.name} · {what}" if what and what != paper.name else paper.name) + many + version

    def chosen(self) -> Paper | None:
        """The document that the fields are about."""
        row = self.list.currentRow()
        return self.papers[row] if 0 <= row < len(self.papers) else None

    def _show_chosen(self) -> None:
        paper = self.chosen()
        own = paper is not None and paper.kind is PaperKind.PDF
        spoken = own and paper is not None and paper.rendition_of is None
        for field in (self.type, self.title, self.date):
            field.setEnabled(spoken)
        self.type.setCurrentIndex(max(0, self.type.findData(paper.type_code if paper else "")))
        if paper is not None and not self.title.hasFocus():
            self.title.setText(paper.title)
        if paper is None:
            self.title.clear()
        if paper is not None and not (self.date.hasFocus() and iso_of(self.date.text()) == paper.act_date):
            self.date.setText(wording.iso_day(paper.act_date))
        structured = [p for p in self.papers if p.kind is PaperKind.CDA]
        self.form.setRowVisible(self.same, own and bool(structured))
        self.same.clear()
        self.same.addItem(self.tr("un document à lui seul"), None)
        for each in structured:
            self.same.addItem(self.tr("le même document que {name}").format(name=each.name), each.id)
        self.same.setCurrentIndex(max(0, self.same.findData(paper.rendition_of if paper else None)))

    def _on_edited(self, *_: object) -> None:
        row, paper = self.list.currentRow(), self.chosen()
        if paper is None:
            return
        said = replace(
            paper,
            type_code=str(self.type.currentData() or ""),
            title=self.title.text().strip(),
            act_date=iso_of(self.date.text()),
            rendition_of=PaperId(found) if (found := self.same.currentData()) else None,
        )
        self.papers = (*self.papers[:row], said, *self.papers[row + 1 :])
        if (item := self.list.item(row)) is not None:
            item.setText(self._line(said))
        self.changed.emit()

    def ask_files(self) -> None:
        """Let the person choose documents; the window stays usable."""
        dialog = file_dialog(self, self.tr("Choisir des documents de santé"), "compose.health.files")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(self.tr("Documents (*.pdf *.xml *.zip *.PDF *.XML *.ZIP)"))
        dialog.filesSelected.connect(lambda names: self.files_given.emit([Path(name) for name in names]))
        dialog.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        paper = self.chosen()
        if event.key() == Qt.Key.Key_Delete and self.list.hasFocus() and paper is not None:
            self.removed.emit(paper.id)
        else:
            super().keyPressEvent(event)
