"""What a message carries: files as files, health documents as documents, each with what one does with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mssclient.domain import xdm
from mssclient.domain.documents import Archive, HealthDocument
from mssclient.domain.message import Attachment, Loading, Message, PartId
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.icons import media_icon, pixmap, put
from mssclient.ui.theme import colours
from mssclient.ui.widgets.labels import ElidedLabel, PlainLabel
from mssclient.ui.widgets.transfer import TransferLine

_MOST = 60
_NARROW_EM = 36
_WORD = "word"


def best_content(document: HealthDocument) -> str:
    """The rendition of a document one looks at: its PDF where it has one; see `FilingChoice.content`."""
    pdf = next((c for c in document.contents if c.media_type == "application/pdf"), None)
    chosen = pdf or next(iter(document.contents), None)
    return xdm.key(document, chosen) if chosen else ""


class AttachmentTiles(QFrame):
    """Hidden for a message without attachments. The signals carry the part, the content in it, and its name."""

    preview_asked = Signal(object, str, str)
    filing_asked = Signal(object, str, str)
    saving_asked = Signal(object, str, str)
    outside_asked = Signal(object, str, str)
    stop_asked = Signal(object)
    """The download of this PartId is not wanted any more."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reading.attachments")
        self.setProperty("surface", "window")
        self._engine = engine
        self._seen: object = None
        self._papers: set[tuple[PartId, str]] = set()
        self._needed = 0
        self._room = 200
        self._first: tuple[PartId, str, str] | None = None
        self._top: tuple[PartId, str, str] | None = None
        self._coming: TransferLine | None = None
        self.title = QLabel(self)
        self.title.setProperty("heading", True)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 6, 8, 8)
        page.setSpacing(4)
        page.addWidget(self.title)
        page.addWidget(self._area)
        self.hide()

    @property
    def first(self) -> tuple[PartId, str, str] | None:
        """What Ctrl+D files: the first document, else the first attachment, not in the record yet."""
        return self._first

    @property
    def top(self) -> tuple[PartId, str, str] | None:
        """The first document or attachment listed."""
        return self._top

    def show_of(self, message: Message) -> None:
        """List what a message carries; rebuilt only when something of it changed."""
        # A PDF that shows a document of the same message is a form of that document, not a second line.
        paired = self._engine.reader.companions(message.row.id)
        shown = [a for a in message.attachments if not a.inline and a.id not in paired][:_MOST]
        self._papers = set(paired.values())
        found = [(a, self._engine.reader.archive(a.id) if a.is_xdm or "zip" in a.media_type else None) for a in shown]
        if self._seen == (message.row.id, found, paired, colours()):
            return
        self._seen = (message.row.id, found, paired, colours())
        self._first = self._top = self._coming = None
        self.setVisible(bool(shown))
        inside = QWidget()
        inside.setProperty("surface", "window")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(5)
        for attachment, archive in found:
            for tile in self._tiles(attachment, archive):
                column.addWidget(tile)
        column.addStretch(1)
        self._area.setWidget(inside)
        self._word(len(shown), sum(len(archive.documents) for _, archive in found if archive))
        self._needed = inside.sizeHint().height() + 4
        self.fit(self._room)

    def show_progress(self, done: int, total: int) -> None:
        """How far the attachment is that is coming, in bytes."""
        if self._coming is not None:
            self._coming.show_progress(done, total)

    def fit(self, room: int) -> None:
        """Take what the tiles need, `room` pixels at most, a tile at least."""
        self._room = room
        tile = self.fontMetrics().height() * 2 + 26
        self._area.setFixedHeight(min(self._needed, max(room, tile)))

    def empty(self) -> None:
        """List nothing."""
        self._seen = self._first = self._top = self._coming = None
        self._area.setWidget(QWidget())
        self.hide()

    def _wordy(self) -> bool:
        """Whether there is room for words on the buttons; without them, tool tips and names remain."""
        return self.width() > _NARROW_EM * self.fontMetrics().height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for button in self.findChildren(QPushButton):
            if word := button.property(_WORD):
                button.setText(str(word) if self._wordy() else "")

    def _word(self, files: int, documents: int) -> None:
        said = wording.attachments(files)
        if documents:
            health = self.tr("1 document de santé") if documents == 1 else self.tr("{n} documents de santé")
            said = self.tr("{files}, dont {health}").format(files=said, health=health.format(n=documents))
        self.title.setText(said[:1].upper() + said[1:])

    def _tiles(self, attachment: Attachment, archive: Archive | None) -> list[QFrame]:
        if archive is not None and archive.documents:
            return [self._document(attachment, document) for document in archive.documents[:_MOST]]
        return [self._file(attachment)]

    def _file(self, attachment: Attachment) -> QFrame:
        kind = self.tr("Documents de santé (IHE_XDM)") if attachment.is_xdm else ""
        kind = kind or wording.media(attachment.media_type, attachment.name)
        about = self.tr("{kind}, {size}").format(kind=kind, size=wording.size(attachment.size))
        match attachment.loading:
            case Loading.COMING:
                about = self.tr("{about}, en cours de réception…").format(about=about)
            case Loading.FAILED:
                about = self.tr("{about}, n’a pas pu être reçue").format(about=about)
            case Loading.ABSENT | Loading.HERE:
                pass
        name = attachment.name or self.tr("Pièce jointe sans nom")
        key = (attachment.id, "", name)
        tile = self._tile(media_icon(attachment.media_type, attachment.is_xdm), name, about, key, attachment.filed)
        if attachment.loading is Loading.COMING:
            self._add_transfer(tile, attachment.id, name)
        return tile

    def _add_transfer(self, tile: QFrame, part_id: PartId, name: str) -> None:
        said = self.tr("Réception de {name}").format(name=name)
        transfer = TransferLine("attachment.transfer", said, self.tr("Arrêter"), tile)
        transfer.stopped.connect(lambda: self.stop_asked.emit(part_id))
        words = tile.findChild(QVBoxLayout, "attachment.words")
        if words is not None:
            words.addWidget(transfer)
        transfer.revealed.connect(self._make_room)
        transfer.begin()
        self._coming = transfer

    def _make_room(self) -> None:
        inside = self._area.widget()
        layout = inside.layout() if inside is not None else None
        if inside is not None and layout is not None:
            layout.activate()
            self._needed = inside.sizeHint().height() + 4
            self.fit(self._room)

    def _document(self, attachment: Attachment, document: HealthDocument) -> QFrame:
        said = [document.type_label, *_usager(document)]
        if document.act_date or document.created:
            said.append(wording.iso_day((document.act_date or document.created)[:10]))
        said += [piece for piece in (document.author, document.organisation) if piece]
        if document.version is not None and document.version > 1:
            said.append(self.tr("version {n}").format(n=document.version))
        first = next((xdm.key(document, c) for c in document.contents), "")
        if (attachment.id, first) in self._papers:
            said.append(self.tr("avec son PDF"))
        title = document.title or document.type_label or self.tr("Document sans titre")
        key = (attachment.id, best_content(document), title)
        about = " · ".join(piece for piece in said if piece)
        return self._tile("health", title, about, key, attachment.filed, self._warnings(document))

    def _warnings(self, document: HealthDocument) -> list[str]:
        found = []
        if document.hash_ok is False or document.size_ok is False:
            found.append(self.tr("Empreinte incorrecte : le contenu reçu n’est pas celui que l’émetteur annonce."))
        if document.key_valid is False:
            found.append(self.tr("Le matricule INS porte une clé incorrecte : vérifiez l’identité."))
        if document.action == "C":
            found.append(self.tr("Annule et remplace une version précédente."))
        if document.action == "D":
            found.append(self.tr("L’émetteur demande la suppression de ce document : à vérifier avec lui."))
        return found

    def _tile(
        self, sign: str, name: str, about: str, key: tuple[PartId, str, str], filed: bool,
        warnings: list[str] | None = None,
    ) -> QFrame:  # fmt: skip
        tile = QFrame(self)
        tile.setObjectName("reading.attachment")
        tile.setProperty("tile", True)
        tile.setAccessibleName(self.tr("{name}, {about}").format(name=name, about=about))
        picture = QLabel(tile)
        side = self.fontMetrics().height() + 8
        picture.setPixmap(pixmap(sign, side, colours().accent))
        title = ElidedLabel(name, tile, Qt.TextElideMode.ElideMiddle)
        title.setProperty("heading", True)
        detail = ElidedLabel(about, tile)
        detail.setProperty("muted", True)
        words = QVBoxLayout()
        words.setObjectName("attachment.words")
        words.setSpacing(1)
        words.addWidget(title)
        words.addWidget(detail)
        for warning in warnings or []:
            label = PlainLabel(warning, tile)
            label.setProperty("tone", "warning")
            words.addWidget(label)
        line = QHBoxLayout(tile)
        line.setContentsMargins(8, 5, 6, 5)
        line.setSpacing(8)
        line.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        self._add_buttons(tile, line, key, filed)
        self._top = self._top or key
        if self._first is None and not filed:
            self._first = key
        return tile

    def _add_buttons(self, tile: QFrame, line: QHBoxLayout, key: tuple[PartId, str, str], filed: bool) -> None:
        if filed:
            mark = QLabel(tile)
            mark.setPixmap(pixmap("filed", self.fontMetrics().height() + 2, colours().success))
            mark.setAccessibleName(self.tr("Classé dans le DUI"))
            mark.setToolTip(self.tr("Classé dans le DUI"))
            line.addWidget(mark)
        again = self.tr("Classer à nouveau dans le DUI") if filed else self.tr("Classer dans le DUI")
        for name, text, said, sign, signal in (
            ("preview", self.tr("Aperçu"), self.tr("Aperçu"), "eye", self.preview_asked),
            ("file", self.tr("Classer"), again, "file", self.filing_asked),
            ("outside", "", self.tr("Ouvrir dans un autre programme…"), "link", self.outside_asked),
            ("save", "", self.tr("Enregistrer…"), "save", self.saving_asked),
        ):
            button = QPushButton(text if self._wordy() else "", tile)
            button.setProperty(_WORD, text)
            button.setObjectName(f"attachment.{name}")
            button.setProperty("compact", True)
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            put(button, sign)
            button.setToolTip(said)
            button.setAccessibleName(self.tr("{verb} : {name}").format(verb=said, name=key[2]))
            button.clicked.connect(lambda _checked=False, signal=signal: signal.emit(*key))
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)


def _usager(document: HealthDocument) -> list[str]:
    usager = document.usager
    if usager is None:
        return []
    name = " ".join(piece for piece in (usager.birth_name, *usager.given[:1]) if piece)
    return [piece for piece in (name, wording.iso_day(usager.birth_date)) if piece]
