"""Labels for foreign text: never rich text, cut with dots when room is short, the whole of it in the tool tip."""

from __future__ import annotations

import re
from itertools import pairwise

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

_BLANKS = re.compile(r"[ \t\r\n\v\f]+")
_SELECT = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class PlainLabel(QLabel):
    """A wrapping label that shows its text as it stands."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, selectable: bool = False) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if selectable:
            self.setTextInteractionFlags(_SELECT)
        self.setText(text)

    def wrap_at(self, width: int) -> None:
        """Break lines at `width` pixels: for columns whose width is fixed, where Qt would guess a height."""
        self.setFixedWidth(width)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        if self.minimumWidth() == self.maximumWidth():
            return QSize(self.minimumWidth(), self.heightForWidth(self.minimumWidth()))
        return super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() if self.minimumWidth() == self.maximumWidth() else super().minimumSizeHint()


class ClampedLabel(PlainLabel):
    """At most `lines` lines, cut with dots; the whole text in the tool tip and for screen readers."""

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, selectable=True)
        self._lines = lines
        self._whole = ""

    def set_text(self, text: str) -> None:
        """Show a text of any length."""
        self._whole = _BLANKS.sub(" ", text).strip(" ")
        self._clamp()

    def _broken(self, width: int) -> list[str]:
        """The text in lines of `width` pixels, the last one with all that is left."""
        layout = QTextLayout(self._whole, self.font())
        layout.beginLayout()
        starts: list[int] = []
        while (line := layout.createLine()).isValid() and len(starts) <= self._lines:
            line.setLineWidth(max(1, width))
            starts.append(line.textStart())
        layout.endLayout()
        cuts = [*starts[: self._lines], len(self._whole)]
        return [self._whole[a:b] for a, b in pairwise(cuts)] + ([""] if len(starts) > self._lines else [])

    def _clamp(self) -> None:
        width = self.contentsRect().width()
        broken = self._broken(width)
        cut = len(broken) > self._lines
        shown = self._whole
        if cut:
            last = self.fontMetrics().elidedText(broken[-2], Qt.TextElideMode.ElideRight, width)
            shown = "\n".join([*(line.rstrip(" ") for line in broken[:-2]), last])
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(self._whole if cut else "")
        self.setAccessibleName(self._whole)

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        lines = min(self._lines, len(self._broken(width - margins.left() - margins.right())))
        return max(1, lines) * self.fontMetrics().lineSpacing() + margins.top() + margins.bottom()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._clamp()


def centred(widget: QWidget) -> QHBoxLayout:
    """A widget of fixed width in the middle. An alignment would ask for its height at the width of the page."""
    line = QHBoxLayout()
    line.addStretch(1)
    line.addWidget(widget)
    line.addStretch(1)
    return line


class ElidedLabel(QLabel):
    """One line, cut where the room ends."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show one line."""
        # Not str.split: it takes the no-break spaces of French for blanks.
        flat = _BLANKS.sub(" ", text).strip(" ")
        self.setText(flat)
        self.setToolTip(flat)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 4, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        room = self.contentsRect().adjusted(max(0, self.indent()), 0, 0, 0)
        text = painter.fontMetrics().elidedText(self.text(), self._mode, room.width())
        painter.drawText(room, int(self.alignment().value), text)
        painter.end()
