"""A document and the form that files it, side by side, in the place of the message they came with."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from mssclient.domain.message import PartId
from mssclient.engine.api import Engine
from mssclient.ui.filing.panel import FilingPanel
from mssclient.ui.herald import Herald
from mssclient.ui.icons import put
from mssclient.ui.preview.panel import PreviewPanel
from mssclient.ui.widgets.labels import ElidedLabel

_SIDE_BY_SIDE = 820


class Workbench(QWidget):
    """`closed` asks to go back to the message."""

    closed = Signal()
    filed = Signal(int)
    outside_asked = Signal(object, str, str)

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("workbench")
        self.setProperty("surface", "base")
        self.preview = PreviewPanel(engine, herald, self)
        self.filing = FilingPanel(engine, herald, self)
        self._key: tuple[PartId, str, str] | None = None
        self._make()
        self._lay_out()
        self.preview.closed.connect(self.closed)
        self.filing.closed.connect(self.closed)
        self.filing.filed.connect(self.filed)

    def _make(self) -> None:
        self.back = QToolButton(self)
        self.back.setObjectName("workbench.back")
        self.back.setText(self.tr("Retour au message"))
        self.back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        put(self.back, "chevron-left")
        self.back.clicked.connect(self.closed)
        self.outside = QToolButton(self)
        self.outside.setObjectName("workbench.outside")
        put(self.outside, "link")
        self.outside.setToolTip(self.tr("Ouvrir dans un autre programme… (Ctrl+Maj+E)"))
        self.outside.setAccessibleName(self.tr("Ouvrir dans un autre programme"))
        self.outside.clicked.connect(self._on_outside)
        self.title = ElidedLabel(parent=self)
        self.title.setProperty("heading", True)
        self.file = QToolButton(self)
        self.file.setObjectName("workbench.file")
        self.file.setText(self.tr("Classer dans le DUI"))
        self.file.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        put(self.file, "file")
        self.file.clicked.connect(self._on_file)

    def _lay_out(self) -> None:
        top = QFrame(self)
        top.setProperty("surface", "window")
        line = QHBoxLayout(top)
        line.setContentsMargins(6, 4, 8, 4)
        line.addWidget(self.back)
        line.addWidget(self.title, 1)
        line.addWidget(self.outside)
        line.addWidget(self.file)
        self._halves = QSplitter(self)
        self._halves.addWidget(self.preview)
        self._halves.addWidget(self.filing)
        self._halves.setChildrenCollapsible(False)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(top)
        page.addWidget(self._halves, 1)

    def show_part(self, part_id: PartId, content: str, name: str, *, filing: bool) -> None:
        """Show a part; with `filing`, the form beside it."""
        same = self._key == (part_id, content, name)
        self._key = (part_id, content, name)
        self.title.set_text(name)
        if not same:
            self.preview.show_part(part_id, content)
        self.filing.setVisible(filing)
        self.file.setVisible(not filing)
        if filing:
            self.filing.propose(part_id, content)
            self.filing.take_keyboard()
        else:
            self.preview.setFocus()
        self._arrange()

    def empty(self) -> None:
        """Keep nothing of what was shown."""
        self._key = None
        self.title.set_text("")
        self.preview.clear()
        self.filing.clear()

    @property
    def key(self) -> tuple[PartId, str, str] | None:
        """Part, content and name of what is shown."""
        return self._key

    def _on_file(self) -> None:
        if self._key is not None:
            self.show_part(*self._key, filing=True)

    def _on_outside(self) -> None:
        if self._key is not None:
            self.outside_asked.emit(*self._key)

    def _arrange(self) -> None:
        wide = self.width() >= _SIDE_BY_SIDE
        self._halves.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
