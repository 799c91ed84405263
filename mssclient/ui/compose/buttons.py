"""The buttons of our windows: an icon, a label, a shortcut in the tooltip, and Enter presses the one in focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from mssclient.ui.icons import icon
from mssclient.ui.theme import colours, theme

_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class Button(QPushButton):
    """A push button. `primary` is the one thing a window is for; there is one a window."""

    def __init__(self, label: str, name: str, parent: QWidget, *, sign: str = "", primary: bool = False) -> None:
        super().__init__(label, parent)
        self._sign = sign
        self._primary = primary
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setAutoDefault(False)
        self.setProperty("primary", primary)
        self._dress()
        theme.changed.connect(self._dress)

    def does(self, act: Callable[[], object], keys: str = "") -> Button:
        """What pressing it does, and the keys that press it, told in the tooltip."""
        self.clicked.connect(lambda _checked=False: act())
        if keys:
            sequence = QKeySequence(keys)
            self.setShortcut(sequence)
            shown = sequence.toString(QKeySequence.SequenceFormat.NativeText)
            self.setToolTip(self.tr("{label} ({keys})").format(label=self.accessibleName(), keys=shown))
        return self

    def relabel(self, label: str) -> None:
        """Another label; the shortcut stays."""
        keys = self.shortcut()
        self.setText(label)
        self.setAccessibleName(label)
        self.setShortcut(keys)

    def _dress(self) -> None:
        side = self.fontMetrics().height()
        self.setIconSize(QSize(side, side))
        if self._sign:
            self.setIcon(icon(self._sign, colours().on_accent if self._primary else ""))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self.click()
        else:
            super().keyPressEvent(event)
