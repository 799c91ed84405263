"""A mailbox's letter in its colour, as a widget."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mssclient.domain.bal import Bal
from mssclient.ui.mailbox.row_painter import draw_badge


class BalBadge(QWidget):
    """Empty until `show_bal`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bal: Bal | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_bal(self, bal: Bal | None) -> None:
        """Show a mailbox, or nothing."""
        self._bal = bal
        self.setAccessibleName(bal.label if bal else "")
        self.setToolTip(bal.address if bal else "")
        self.update()

    def sizeHint(self) -> QSize:
        side = self.fontMetrics().height() + 5
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._bal is None:
            return
        painter = QPainter(self)
        side = min(self.width(), self.height())
        draw_badge(painter, QRect(0, (self.height() - side) // 2, side, side), self._bal)
        painter.end()
