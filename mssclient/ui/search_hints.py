"""Under the search field: how what one types may go on, as filters, days and names. Enter or a click takes one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit

from mssclient.engine.api import Engine

_WHOLE = int(Qt.ItemDataRole.UserRole) + 1


class SearchHints(QObject):
    """Belongs to its field. Nothing is offered while the field is filled by the program."""

    def __init__(self, engine: Engine, line: QLineEdit) -> None:
        super().__init__(line)
        self._engine = engine
        self._model = QStandardItemModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setCompletionRole(_WHOLE)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        if (popup := self._completer.popup()) is not None:
            popup.setObjectName("search.hints")
            popup.setAccessibleName(self.tr("Compléter la recherche"))
        line.setCompleter(self._completer)
        line.textEdited.connect(self._offer)
        line.textChanged.connect(self._forget_when_empty)

    def _offer(self, text: str) -> None:
        self._model.clear()
        for hint in self._engine.reader.search_hints(text):
            item = QStandardItem()
            item.setData(hint.shown, Qt.ItemDataRole.DisplayRole)
            # One role is shown, the other is what the field becomes.
            item.setData(hint.text, _WHOLE)
            self._model.appendRow(item)

    def _forget_when_empty(self, text: str) -> None:
        if not text:
            self._model.clear()
