"""The only place that shows foreign HTML: a browser that refuses every resource but the message's own images."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QImage, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from mssclient.engine.api import Picture
from mssclient.ui.theme import colours

_OPENABLE = {"https", "http", "mailto"}
_MAX_IMAGE_WIDTH = 900
_MARGIN = 16
_MAX_CHARS = 4_000_000
"""A body beyond this is cut: laying it out would freeze the window."""


def to_image(picture: Picture) -> QImage:
    """A decoded picture as Qt paints it; the bytes are copied."""
    stride = picture.width * 4
    if picture.width <= 0 or picture.height <= 0 or len(picture.rgba) < stride * picture.height:
        return QImage()
    return QImage(picture.rgba, picture.width, picture.height, stride, QImage.Format.Format_RGBA8888).copy()


class MessageBody(QTextBrowser):
    """Plain text or already sanitised HTML. Never opens a link, a file or the network by itself.

    `link_asked` carries the whole address of a link that was activated; whoever listens asks the person.
    """

    link_asked = Signal(str)
    link_hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inline: Callable[[str], Picture | None] = lambda _content_id: None
        self.refused = 0
        """How many resources the text asked for and did not get."""
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.anchorClicked.connect(self._on_anchor)
        self.highlighted.connect(lambda url: self.link_hovered.emit(url.toDisplayString()))

    def show_html(self, safe_html: str, inline: Callable[[str], Picture | None]) -> None:
        """Show HTML that the engine has sanitised; `inline` answers the pictures of cid: references."""
        self._begin(inline)
        c = colours()
        self.document().setDefaultStyleSheet(
            f"a {{ color: {c.accent}; }} blockquote {{ color: {c.muted}; }} th {{ text-align: left; }}"
            f"table {{ border-collapse: collapse; }} td, th {{ border: 1px solid {c.field}; padding: 3px 6px; }}"
        )
        super().setHtml(safe_html[:_MAX_CHARS])
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def add_html(self, safe_html: str) -> None:
        """More of what `show_html` began, at its end; the eye and the selection stay where they are."""
        end = QTextCursor(self.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        end.insertHtml(safe_html[:_MAX_CHARS])

    def show_text(self, text: str) -> None:
        """Show plain text as it stands."""
        self._begin(lambda _content_id: None)
        super().setPlainText(text[:_MAX_CHARS])
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def empty(self) -> None:
        """Show nothing, and forget what was shown."""
        self._begin(lambda _content_id: None)
        super().setPlainText("")

    def _begin(self, inline: Callable[[str], Picture | None]) -> None:
        self._inline = inline
        self.refused = 0
        document = self.document()
        document.clear()
        document.setDocumentMargin(_MARGIN)
        document.setMetaInformation(QTextDocument.MetaInformation.DocumentUrl, "")

    def _on_anchor(self, url: QUrl) -> None:
        if url.scheme().lower() in _OPENABLE:
            self.link_asked.emit(url.toString())
        elif url.hasFragment() and not url.scheme():
            self.scrollToAnchor(url.fragment())

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        url = QUrl(name)
        is_image = kind == QTextDocument.ResourceType.ImageResource.value
        picture = self._inline(url.path()) if is_image and url.scheme().lower() == "cid" else None
        if picture is None:
            self.refused += 1
            # A valid, empty picture: returning nothing would let Qt try the file system.
            return QImage(1, 1, QImage.Format.Format_ARGB32)
        image = to_image(picture)
        if image.width() > _MAX_IMAGE_WIDTH:
            image = image.scaledToWidth(_MAX_IMAGE_WIDTH, Qt.TransformationMode.SmoothTransformation)
        return image
