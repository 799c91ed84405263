"""The attachments of a draft: what is joined, what is still being read, and what it all weighs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mssclient.domain.draft import AttachmentId, DraftAttachment
from mssclient.ui import wording
from mssclient.ui.compose.flow import FlowLayout
from mssclient.ui.icons import media_icon, pixmap, put
from mssclient.ui.theme import colours
from mssclient.ui.widgets.file_dialog import file_dialog

_MAX_LETTERS = 40
_MAX_PIXELS = 60_000_000
_FAST = 75
"""Of Qt's quality scale for PNG: pressing harder would hold the screen for a second."""


def local_files(mime: QMimeData) -> list[Path]:
    """The files of this machine that a drop or a paste brings."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def png_of(picture: object) -> bytes:
    """A picture of the clipboard as PNG; empty for what is none, or is larger than a screen can be."""
    image = picture.toImage() if isinstance(picture, QPixmap) else picture
    if not isinstance(image, QImage) or image.isNull() or image.width() * image.height() > _MAX_PIXELS:
        return b""
    kept = QBuffer()
    kept.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(kept, "PNG", _FAST)  # type: ignore[call-overload]
    return bytes(kept.data().data())


class MessageText(QPlainTextEdit):
    """The text of the message. Files dropped or pasted on it are attachments: emits `files_given`. A pasted picture is
    one too: emits `picture_given` with its PNG."""

    files_given = Signal(list)
    picture_given = Signal(bytes)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return bool(local_files(source)) or source.hasImage() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if files := local_files(source):
            self.files_given.emit(files)
        elif source.hasImage() and not source.hasText():
            # A word processor offers a picture of the text beside the text itself: the text is meant.
            if png := png_of(source.imageData()):
                self.picture_given.emit(png)
        else:
            super().insertFromMimeData(source)


class AttachmentBox(QWidget):
    """One attachment: its kind, name and size. Del removes it; a file still being read cannot be opened or sent."""

    removed = Signal(object)

    def __init__(self, attachment: DraftAttachment, reading: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.attachment = attachment
        self.setObjectName("compose.attachment")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        weight = self.tr("lecture…") if reading else wording.size(attachment.size)
        name = QLabel(self)
        name.setTextFormat(Qt.TextFormat.PlainText)
        metrics = name.fontMetrics()
        room = _MAX_LETTERS * metrics.averageCharWidth()
        name.setText(metrics.elidedText(attachment.name, Qt.TextElideMode.ElideMiddle, room))
        kind = QLabel(self)
        side = metrics.height()
        kind.setPixmap(pixmap(media_icon(attachment.media_type), side, colours().muted))
        size = QLabel(weight, self)
        size.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        remove = QToolButton(self)
        put(remove, "close")
        remove.setIconSize(QSize(side - 4, side - 4))
        remove.setAutoRaise(True)
        remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        remove.setAccessibleName(self.tr("Retirer {name}").format(name=attachment.name))
        remove.clicked.connect(lambda: self.removed.emit(attachment.id))
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 2, 2, 2)
        line.setSpacing(6)
        for widget in (kind, name, size, remove):
            line.addWidget(widget)
        media = wording.media(attachment.media_type, attachment.name)
        self.setAccessibleName(f"{attachment.name}, {media}, {weight}")
        self.setToolTip(f"{attachment.name}\n{media}, {weight}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removed.emit(self.attachment.id)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        c = colours()
        painter.setPen(QPen(QColor(c.focus if self.hasFocus() else c.edge), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(c.raised))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        painter.end()


class AttachmentBar(QFrame):
    """All attachments of a draft and their weight. Emits what the person asks; holds nothing of its own."""

    files_given = Signal(list)
    removed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compose.attachments")
        self.setAccessibleName(self.tr("Pièces jointes"))
        self.setAcceptDrops(True)
        self._boxes: list[AttachmentBox] = []
        self.weight = QLabel(self)
        self.weight.setObjectName("compose.weight")
        self.weight.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._flow = FlowLayout(self)
        self._flow.addWidget(self.weight)

    def show_attachments(self, here: tuple[DraftAttachment, ...], reading: tuple[DraftAttachment, ...]) -> None:
        """Replace the boxes: those at hand, then those being read."""
        held = [(a, False) for a in here] + [(a, True) for a in reading]
        for box in self._boxes:
            self._flow.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._boxes = [AttachmentBox(attachment, busy, self) for attachment, busy in held]
        for place, box in enumerate(self._boxes):
            box.removed.connect(self.removed)
            self._flow.insert_widget(place, box)
            box.show()
        self.updateGeometry()

    def show_weight(self, total: int, limit: int) -> None:
        """What the whole message weighs on the wire, against what the operator takes; bytes."""
        text = self.tr("{total} sur {limit}").format(total=wording.size(total), limit=wording.size(limit))
        self.weight.setText(text)
        self.weight.setAccessibleName(self.tr("Poids du message : {text}").format(text=text))

    def names(self) -> list[str]:
        """The names shown, in order."""
        return [box.attachment.name for box in self._boxes]

    def remove_by_name(self, name: str) -> None:
        """Ask for the removal of an attachment, as its button does."""
        for box in self._boxes:
            if box.attachment.name == name:
                self.removed.emit(box.attachment.id)

    def ask_files(self) -> None:
        """Let the person choose files; the window stays usable."""
        dialog = file_dialog(self, self.tr("Joindre des fichiers"), "compose.files")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.files_given.emit([Path(name) for name in names]))
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if files := local_files(event.mimeData()):
            event.acceptProposedAction()
            self.files_given.emit(files)


def reading_attachment(attachment_id: AttachmentId, path: Path) -> DraftAttachment:
    """The box of a file that the engine is still reading."""
    return DraftAttachment(attachment_id, path.name, "", 0)
