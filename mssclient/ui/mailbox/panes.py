"""The three panes and how they stand: wide, classic or list only; sizes are remembered."""

from __future__ import annotations

import json

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

PANES = ("wide", "classic", "list")
_ROOM_EM = 60
"""Three panes beside one another want this many letter heights; with less, the tree comes only when it is called."""
_FIRST = {"outer": [206, 1160], "wide": [664, 496], "classic": [250, 400]}


class Panes(QWidget):
    """Lays out tree, list and reading; knows nothing of mail. In "list", reading takes the list's place. Too narrow for
    three (large letters on a small screen), it shows list and reading, and the tree when it is called."""

    narrowed = Signal(bool)
    """There is no room for the tree any more, or there is again."""

    def __init__(self, tree: QWidget, listing: QWidget, reading: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree = tree
        self._called = False
        self._listing = listing
        self._reading = reading
        self._pane = "wide"
        self._narrow = False
        self._lent = False
        self._sizes: dict[str, list[int]] = {name: list(sizes) for name, sizes in _FIRST.items()}
        self.inner = QSplitter(Qt.Orientation.Horizontal, self)
        self.inner.setObjectName("panes.inner")
        self.inner.addWidget(listing)
        self.inner.addWidget(reading)
        self.inner.setChildrenCollapsible(False)
        self.centre = QStackedWidget(self)
        self.centre.addWidget(self.inner)
        self.outer = QSplitter(Qt.Orientation.Horizontal, self)
        self.outer.setObjectName("panes.outer")
        self.outer.addWidget(tree)
        self.outer.addWidget(self.centre)
        self.outer.setStretchFactor(0, 0)
        self.outer.setStretchFactor(1, 1)
        self.outer.setChildrenCollapsible(False)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.outer)
        listing.setMinimumWidth(260)
        listing.setMinimumHeight(120)
        # Without a minimum of its own, a full message would squeeze the list.
        reading.setMinimumSize(280, 160)
        scale = max(1.0, self.fontMetrics().height() / 15)
        self._sizes["outer"] = [int(_FIRST["outer"][0] * min(scale, 1.5)), _FIRST["outer"][1]]
        self._lay_out()

    @property
    def pane(self) -> str:
        """wide, classic or list."""
        return self._pane

    @property
    def narrow(self) -> bool:
        """Whether the tree shows only when it is called."""
        return self._narrow

    def call_tree(self, on: bool) -> None:
        """While narrow: show the tree, or put it away again."""
        self._called = on
        if self._narrow:
            self._tree.setVisible(on)

    def _fit(self) -> None:
        narrow = 0 < self.width() < _ROOM_EM * self.fontMetrics().height()
        if narrow != self._narrow:
            self._note()
            self._narrow = narrow
            self._tree.setVisible(not narrow or self._called)
            self._lay_out()
            self.narrowed.emit(narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def set_pane(self, pane: str) -> None:
        """Arrange the panes."""
        if pane in PANES and pane != self._pane:
            self._note()
            self._pane = pane
            self._lay_out()

    def show_reading(self, on: bool) -> None:
        """In "list" only: the message in the place of the list, or the list again."""
        if self._pane == "list":
            self._reading.setVisible(on)
            self._listing.setVisible(not on)

    def widen_reading(self, wanted: int) -> None:
        """Give reading `wanted` pixels for a while, as far as the list can spare them; `give_back` ends it."""
        sizes = self.inner.sizes()
        if self._pane == "wide" and sizes[1] < wanted <= sum(sizes) - self._listing.minimumWidth():
            self._note()
            self._lent = True
            self.inner.setSizes([sum(sizes) - wanted, wanted])

    def give_back(self) -> None:
        """The list takes its room back."""
        if self._lent:
            self._lent = False
            self.inner.setSizes(self._sizes["wide"])

    @property
    def reading_alone(self) -> bool:
        """Whether a message stands in the place of the list."""
        return self._pane == "list" and not self._reading.isHidden()

    def sizes(self) -> str:
        """What to remember, opaque."""
        self._note()
        return json.dumps(self._sizes, separators=(",", ":"))

    def restore(self, remembered: str) -> None:
        """Take back what `sizes` gave; anything else is ignored."""
        try:
            kept = json.loads(remembered) if remembered else {}
        except ValueError:
            kept = {}
        if not isinstance(kept, dict):
            return
        for name, sizes in kept.items():
            if (
                name in _FIRST
                and isinstance(sizes, list)
                and len(sizes) == 2
                and all(isinstance(n, int) for n in sizes)
            ):
                self._sizes[name] = sizes
        self._lay_out()

    def _note(self) -> None:
        if self.isVisible() and not self._lent:
            if not self._narrow:
                self._sizes["outer"] = self.outer.sizes()
            if self._pane != "list":
                self._sizes[self._pane] = self.inner.sizes()

    def _lay_out(self) -> None:
        across = Qt.Orientation.Vertical if self._pane == "classic" else Qt.Orientation.Horizontal
        self.inner.setOrientation(across)
        self.outer.setSizes(self._sizes["outer"])
        self._listing.show()
        self._reading.setVisible(self._pane != "list")
        if self._pane != "list":
            self.inner.setSizes(self._sizes[self._pane])
