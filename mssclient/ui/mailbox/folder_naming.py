"""The name of a folder, new or changed: one field, told at once when it cannot be."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from mssclient.domain.changes import NAME_CAP
from mssclient.ui.compose.buttons import Button
from mssclient.ui.widgets.labels import PlainLabel
from mssclient.ui.widgets.voice import voice

_WIDE = 380


class FolderNaming(QDialog):
    """Not modal; Enter accepts, Escape gives up. `attempt` takes the name and says why it cannot be, or nothing."""

    def __init__(
        self, title: str, accept: str, name: str, attempt: Callable[[str], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("folder.naming")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._attempt = attempt
        label = QLabel(self.tr("&Nom du dossier"), self)
        self.field = QLineEdit(name, self)
        self.field.setObjectName("folder.name")
        self.field.setAccessibleName(self.tr("Nom du dossier"))
        self.field.setMaxLength(NAME_CAP)
        self.field.selectAll()
        label.setBuddy(self.field)
        self.wrong = PlainLabel(parent=self)
        self.wrong.setObjectName("folder.wrong")
        self.wrong.setProperty("tone", "warning")
        self.wrong.hide()
        self.ok = Button(accept, "folder.accept", self, primary=True).does(self._on_accept)
        give_up = Button(self.tr("Annuler"), "folder.cancel", self).does(self.reject)
        self.field.textChanged.connect(self._on_text)
        self.field.returnPressed.connect(self._on_accept)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(give_up)
        bottom.addWidget(self.ok)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(8)
        for widget in (label, self.field, self.wrong):
            column.addWidget(widget)
        column.addStretch(1)
        column.addLayout(bottom)
        self.setMinimumWidth(_WIDE)
        self._on_text(name)

    def _on_text(self, text: str) -> None:
        self.ok.setEnabled(bool(text.strip()))
        self.wrong.hide()

    def _on_accept(self) -> None:
        if not self.ok.isEnabled():
            return
        wrong = self._attempt(self.field.text())
        if not wrong:
            self.accept()
            return
        self.wrong.setText(wrong)
        self.wrong.show()
        voice.say(self.wrong, wrong)
        self.field.setFocus()
        self.field.selectAll()
