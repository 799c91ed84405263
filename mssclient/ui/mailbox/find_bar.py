"""Ctrl+F: look for words in the message that is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QTextBrowser, QToolButton, QWidget

from mssclient.ui.icons import put


class FindBar(QFrame):
    """Hidden until `open`; Enter goes on, Shift+Enter back, Escape closes."""

    closed = Signal()

    def __init__(self, body: QTextBrowser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reading.find")
        self.setProperty("surface", "window")
        self._body = body
        self.words = QLineEdit(self)
        self.words.setObjectName("reading.find.words")
        self.words.setPlaceholderText(self.tr("Rechercher dans le message"))
        self.words.setAccessibleName(self.tr("Rechercher dans le message"))
        self.words.textChanged.connect(self._from_top)
        self.outcome = QLabel(self)
        self.outcome.setProperty("muted", True)
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 4, 6, 4)
        line.addWidget(self.words, 1)
        line.addWidget(self.outcome)
        for name, said, slot in (
            ("chevron-up", self.tr("Précédent"), self.back),
            ("chevron-down", self.tr("Suivant"), self.on),
            ("close", self.tr("Fermer la recherche"), self.shut),
        ):
            button = QToolButton(self)
            put(button, name)
            button.setAccessibleName(said)
            button.setToolTip(said)
            button.clicked.connect(slot)
            line.addWidget(button)
        self.hide()

    def open(self) -> None:
        """Show the bar and put the keyboard in it."""
        self.show()
        self.words.setFocus()
        self.words.selectAll()

    def empty(self) -> None:
        """Forget what was looked for, and how to undo its typing."""
        self.hide()
        self.words.setText("")

    def shut(self) -> None:
        """Hide it."""
        self.hide()
        self.closed.emit()

    def on(self) -> None:
        """To the next place."""
        self._look(QTextDocument.FindFlag(0))

    def back(self) -> None:
        """To the place before."""
        self._look(QTextDocument.FindFlag.FindBackward)

    def _from_top(self) -> None:
        self._body.moveCursor(QTextCursor.MoveOperation.Start)
        self._look(QTextDocument.FindFlag(0))

    def _look(self, flags: QTextDocument.FindFlag) -> None:
        words = self.words.text()
        if not words:
            self.outcome.clear()
            return
        found = self._body.find(words, flags)
        if not found:
            backward = bool(flags & QTextDocument.FindFlag.FindBackward)
            self._body.moveCursor(QTextCursor.MoveOperation.End if backward else QTextCursor.MoveOperation.Start)
            found = self._body.find(words, flags)
        self.outcome.setText("" if found else self.tr("Introuvable"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            (self.back if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else self.on)()
        else:
            super().keyPressEvent(event)
