"""The ways one document can be looked at: its own text, the PDFs and pictures it holds, the PDF that came beside it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from mssclient.domain import xdm
from mssclient.domain.documents import Archive, Content, HealthDocument
from mssclient.domain.message import PartId
from mssclient.engine.api import Reader
from mssclient.ui import wording

translate = QCoreApplication.translate
CONTEXT = "renditions"
_MOST = 12
_XML = {"text/xml", "application/xml"}


@dataclass(frozen=True, slots=True)
class Rendition:
    """One way to look at a document; `content` as in FilingChoice."""

    part_id: PartId
    content: str
    label: str
    is_text: bool = False
    """The document's own text and tables, not a file inside it."""


def document_at(archive: Archive | None, content: str) -> HealthDocument | None:
    """The document a content key belongs to: by one of its renditions, else the only one there is."""
    if archive is None:
        return None
    for document in archive.documents:
        if any(xdm.key(document, each) == content for each in document.contents):
            return document
    return archive.documents[0] if len(archive.documents) == 1 else None


def renditions(reader: Reader, part_id: PartId, content: str) -> tuple[HealthDocument | None, list[Rendition]]:
    """The document that is looked at, and its renditions: structured text first, then PDFs, then the rest."""
    archive = reader.archive(part_id)
    document = document_at(archive, content)
    if document is None:
        return None, []
    first = next((xdm.key(document, each) for each in document.contents), "")
    found = [_rendition(part_id, document, each) for each in document.contents[:_MOST]]
    found += [
        Rendition(paper, "", translate(CONTEXT, "PDF joint au message")) for paper in reader.papers(part_id, first)
    ]
    found.sort(key=lambda each: not each.is_text)
    return document, found


def _rendition(part_id: PartId, document: HealthDocument, content: Content) -> Rendition:
    key = xdm.key(document, content)
    if content.media_type in _XML:
        return Rendition(part_id, key, translate(CONTEXT, "Document structuré"), is_text=True)
    return Rendition(part_id, key, wording.media(content.media_type, content.path))


class RenditionBox(QComboBox):
    """Chooses among the renditions of one document; hidden where there is one only. Main thread."""

    chosen = Signal(object, str)
    """Part and content of another rendition."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document: HealthDocument | None = None
        self._ways: list[Rendition] = []
        self.setObjectName("preview.renditions")
        self.setAccessibleName(self.tr("Forme du document"))
        self.setToolTip(self.tr("Forme du document : texte structuré, PDF, image"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        # A narrow panel may cut the words, not widen for them.
        self.setMinimumWidth(self.fontMetrics().height() * 5)
        self.activated.connect(self._on_activated)

    def show_of(self, reader: Reader, part_id: PartId, content: str) -> None:
        """Offer the renditions of the document that is looked at."""
        self.document, self._ways = renditions(reader, part_id, content)
        self.clear()
        for way in self._ways:
            self.addItem(way.label)
        self.setCurrentIndex(self._place(part_id, content))
        self.setVisible(len(self._ways) > 1)

    def choose(self, part_id: PartId, content: str) -> bool:
        """Go to a rendition; False when it is not offered."""
        place = self._place(part_id, content)
        if place >= 0:
            self.setCurrentIndex(place)
            self._on_activated(place)
        return place >= 0

    def empty(self) -> None:
        """Forget the document."""
        self.document, self._ways = None, []
        self.clear()
        self.hide()

    def _place(self, part_id: PartId, content: str) -> int:
        here = (part_id, content)
        return next((n for n, way in enumerate(self._ways) if (way.part_id, way.content) == here), -1)

    def _on_activated(self, place: int) -> None:
        if 0 <= place < len(self._ways):
            self.chosen.emit(self._ways[place].part_id, self._ways[place].content)
