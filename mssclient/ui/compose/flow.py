"""A layout that wraps its items like words on lines."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Items from left to right, on as many lines as needed; the last item takes what is left of its line."""

    def __init__(self, parent: QWidget, gap: int = 4) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(gap, 2, gap, 2)

    def insert_widget(self, index: int, widget: QWidget) -> None:
        """Put a widget before the item at `index`."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = [[]]
        used = 0
        for item in self._items:
            need = item.minimumSize().width() if item is self._items[-1] else item.sizeHint().width()
            if lines[-1] and used + need > width:
                lines.append([])
                used = 0
            lines[-1].append(item)
            used += need + self._gap
        return lines

    def _arrange(self, rect: QRect, *, apply: bool) -> int:
        margins = self.contentsMargins()
        left = margins.left()
        width = rect.width() - left - margins.right()
        y = rect.y() + margins.top()
        for line in self._lines(width):
            height = max((item.sizeHint().height() for item in line), default=0)
            x = rect.x() + left
            for item in line:
                last = item is self._items[-1]
                wide = rect.x() + left + width - x if last else min(item.sizeHint().width(), width)
                if apply:
                    offset = (height - item.sizeHint().height()) // 2
                    item.setGeometry(QRect(QPoint(x, y + offset), QSize(wide, item.sizeHint().height())))
                x += wide + self._gap
            y += height + self._gap
        return y - self._gap + margins.bottom() - rect.y()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), apply=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, apply=True)

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(240, self.geometry().width())))

    def minimumSize(self) -> QSize:
        tallest = max((item.sizeHint().height() for item in self._items), default=20)
        return QSize(160, tallest + 4)
