"""A health document shown in full: header facts, text, tables and pictures; searchable, and without the producer's hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QTextDocument
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mssclient.domain.cda_view import View
from mssclient.domain.documents import HealthDocument
from mssclient.engine.api import Picture
from mssclient.ui.html import MessageBody, to_image
from mssclient.ui.mailbox.find_bar import FindBar
from mssclient.ui.preview.document_html import slices
from mssclient.ui.theme import theme

_FIGURE = "figure-"
_MAX_FIGURE_WIDTH = 900


class DocumentBody(MessageBody):
    """The text of a document. `figure_asked` carries the number of an embedded document one wants to see."""

    figure_asked = Signal(int)

    def _on_anchor(self, url: QUrl) -> None:
        number = url.fragment().removeprefix(_FIGURE)
        if not url.scheme() and url.fragment().startswith(_FIGURE) and number.isdigit():
            self.figure_asked.emit(int(number))


class DocumentPage(QWidget):
    """One document. Main thread; a long one is laid out in slices, the first at once. Ctrl+F searches in it."""

    figure_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = DocumentBody(self)
        self.body.setObjectName("preview.document")
        self.body.setAccessibleName(self.tr("Document de santé"))
        self.body.figure_asked.connect(self.figure_asked)
        self.finder = FindBar(self.body, self)
        self.finder.words.setPlaceholderText(self.tr("Rechercher dans le document"))
        self.finder.words.setAccessibleName(self.tr("Rechercher dans le document"))
        self.finder.closed.connect(self.body.setFocus)
        self.setFocusProxy(self.body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.finder)
        column.addWidget(self.body, 1)
        look = QShortcut(QKeySequence("Ctrl+F"), self)
        look.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        look.activated.connect(self.finder.open)
        self._shown: tuple[View, HealthDocument | None, Callable[[int], Picture | None]] | None = None
        self._rest: Iterator[str] = iter(())
        self._awaited: set[int] = set()
        self._points = self.body.font().pointSizeF()
        self._pour = QTimer(self)
        self._pour.setSingleShot(True)
        self._pour.setInterval(0)
        self._pour.timeout.connect(self._on_pour)
        theme.changed.connect(self._dress)

    @property
    def view(self) -> View | None:
        """What is shown."""
        return self._shown[0] if self._shown is not None else None

    def show_view(self, view: View, document: HealthDocument | None, figure: Callable[[int], Picture | None]) -> None:
        """Show a document; `figure` answers an embedded picture by its number, None while it is being made."""
        self._shown = (view, document, figure)
        self._awaited.clear()
        self._rest = slices(view, document)
        self.body.show_html(next(self._rest, ""), self._inline)
        self._pour.start()

    def clear(self) -> None:
        """Forget the document, and what was looked for in it."""
        self._shown = None
        self._pour.stop()
        self._rest = iter(())
        self._awaited.clear()
        self.body.empty()
        self.finder.empty()

    def figures_came(self) -> None:
        """Pictures may be at hand that were not when the text was laid out."""
        if self._shown is None:
            return
        document = self.body.document()
        for number in sorted(self._awaited):
            picture = self._shown[2](number)
            if picture is not None:
                image = to_image(picture)
                if image.width() > _MAX_FIGURE_WIDTH:
                    image = image.scaledToWidth(_MAX_FIGURE_WIDTH, Qt.TransformationMode.SmoothTransformation)
                name = QUrl(f"cid:{_FIGURE}{number}")
                document.addResource(QTextDocument.ResourceType.ImageResource.value, name, image)
                self._awaited.discard(number)
                self._lay_out_again(name.toString())

    def _lay_out_again(self, name: str) -> None:
        """Only around the picture: laying out all of a long document takes a second."""
        document = self.body.document()
        place = document.find("\ufffc")
        while not place.isNull():
            if place.charFormat().toImageFormat().name() == name:
                document.markContentsDirty(place.selectionStart(), 1)
            place = document.find("\ufffc", place)

    def set_zoom(self, zoom: float) -> None:
        """Letters `zoom` times their usual size."""
        font = self.body.font()
        font.setPointSizeF(max(4.0, self._points * zoom))
        self.body.document().setDefaultFont(font)

    def _inline(self, content_id: str) -> Picture | None:
        number = content_id.removeprefix(_FIGURE)
        if self._shown is None or not number.isdigit():
            return None
        picture = self._shown[2](int(number))
        if picture is None:
            self._awaited.add(int(number))
        return picture

    def _on_pour(self) -> None:
        piece = next(self._rest, None)
        if piece is not None:
            self.body.add_html(piece)
            self._pour.start()

    def _dress(self) -> None:
        self._points = self.font().pointSizeF()
        if self._shown is not None:
            self.show_view(*self._shown)
