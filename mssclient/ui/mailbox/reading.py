"""The reading pane: one message, from header to attachments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mssclient.domain.bal import Bal, BalId
from mssclient.domain.events import AttachmentFiled, BodyArrived, PartArrived
from mssclient.domain.message import Loading, Message, MessageId, PartId
from mssclient.domain.read_receipts import ReceiptAct
from mssclient.engine.api import Engine, Picture
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.herald import Herald
from mssclient.ui.html import MessageBody
from mssclient.ui.mailbox.attachment_tiles import AttachmentTiles
from mssclient.ui.mailbox.conversation_strip import ConversationStrip
from mssclient.ui.mailbox.find_bar import FindBar
from mssclient.ui.mailbox.notes import Ask, Note, notes
from mssclient.ui.mailbox.reading_header import ReadingHeader
from mssclient.ui.theme import theme
from mssclient.ui.widgets import clipboard
from mssclient.ui.widgets.file_dialog import choose_target
from mssclient.ui.widgets.labels import PlainLabel

_READ_AFTER_MS = 900
_WORDS_AT_LEAST = 90
_TOP_SHARE = 0.5
_TILES_SHARE = 0.27
"""Of the pane's height, at most, for attachments."""
_FETCH_ITSELF = 6 * 1024 * 1024
"""Archives up to this size are fetched when the message is opened, to show documents instead of a ZIP."""


class ReadingPane(QWidget):
    """Shows one message, asks the engine for what is not at hand, and re-reads when it comes. Main thread."""

    message_wanted = Signal(object)
    preview_asked = Signal(object, str, str)
    filing_asked = Signal(object, str, str)
    outside_asked = Signal(object, str, str)
    shown = Signal(object)
    """The message now shown, or None."""

    def __init__(
        self, engine: Engine, herald: Herald, clock: Callable[[], datetime], of_bal: Callable[[BalId], Bal | None],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("reading.pane")
        self.setAccessibleName(self.tr("Message"))
        self._engine = engine
        self._of_bal = of_bal
        self._message: Message | None = None
        self._body_seen: object = None
        self._plain = False
        self._link = ""
        self._marked = False
        self._declined: set[MessageId] = set()
        self._wanted_parts: set[PartId] = set()
        self._make(engine, clock)
        self._lay_out()
        self._read_timer = QTimer(self)
        self._read_timer.setSingleShot(True)
        self._read_timer.setInterval(_READ_AFTER_MS)
        self._read_timer.timeout.connect(self._mark_read)
        self._wire(herald)
        self.empty()

    def _make(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.header = ReadingHeader(self)
        self.body = MessageBody(self)
        self.body.setObjectName("reading.body")
        self.body.setAccessibleName(self.tr("Texte du message"))
        self.waiting = QLabel(self)
        self.waiting.setObjectName("reading.waiting")
        self.waiting.setProperty("muted", True)
        self.link_notice = Notice("reading.link", self)
        self.find_bar = FindBar(self.body, self)
        self.conversation = ConversationStrip(engine, clock, self)
        self.attachments = AttachmentTiles(engine, self)
        self.notes_area = QWidget(self)
        self.notes_area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hint = PlainLabel(parent=self)
        self.hint.setObjectName("reading.hint")
        self.hint.setProperty("muted", True)

    def _lay_out(self) -> None:
        message = QWidget(self)
        message.setProperty("surface", "base")
        column = QVBoxLayout(message)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        notes_column = QVBoxLayout(self.notes_area)
        notes_column.setContentsMargins(0, 0, 0, 0)
        notes_column.setSpacing(1)
        self.waiting.setContentsMargins(16, 12, 16, 12)
        self._top = QWidget(message)
        self._top.setProperty("surface", "base")
        above = QVBoxLayout(self._top)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(0)
        for widget in (self.header, _line(message), self.conversation, self.notes_area, self.waiting):
            above.addWidget(widget)
        above.addStretch(1)
        # Large letters or a small pane: what stands above the words scrolls rather than being cut.
        self._top_area = QScrollArea(message)
        self._top_area.setWidgetResizable(True)
        self._top_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._top_area.setWidget(self._top)
        self._top.installEventFilter(self)
        column.addWidget(self._top_area)
        column.addWidget(self.body, 1)
        for widget in (self.link_notice, self.find_bar, _line(message), self.attachments):
            column.addWidget(widget)
        nothing = QWidget(self)
        nothing.setProperty("surface", "base")
        alone = QVBoxLayout(nothing)
        alone.setContentsMargins(32, 0, 32, 0)
        alone.addStretch(2)
        alone.addWidget(self.hint)
        alone.addStretch(3)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(nothing)
        self._pages.addWidget(message)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._pages)

    def _wire(self, herald: Herald) -> None:
        self.header.plain_toggled.connect(self._on_plain)
        self.body.link_asked.connect(self._on_link)
        self.link_notice.acted.connect(self._on_link_answer)
        self.find_bar.closed.connect(self.body.setFocus)
        self.conversation.wanted.connect(self.message_wanted)
        self.attachments.preview_asked.connect(self.preview_asked)
        self.attachments.filing_asked.connect(self.filing_asked)
        self.attachments.outside_asked.connect(self.outside_asked)
        self.attachments.saving_asked.connect(self._on_save)
        self.attachments.stop_asked.connect(self._engine.stop_part)
        herald.progress_changed.connect(lambda _event: self._on_progress())
        herald.body_arrived.connect(self._on_body)
        herald.part_arrived.connect(self._on_part)
        herald.attachment_filed.connect(self._on_filed)
        theme.changed.connect(self._on_theme)

    @property
    def message(self) -> Message | None:
        """What is shown."""
        return self._message

    def show_message(self, message_id: MessageId | None) -> None:
        """Show a message, or nothing."""
        message = self._engine.reader.message(message_id) if message_id is not None else None
        if message is None:
            self.empty()
            return
        new = self._message is None or self._message.row.id != message.row.id
        self._message = message
        if new:
            self._begin(message)
        self._fill(message)
        self._pages.setCurrentIndex(1)
        if new:
            self.shown.emit(message_id)

    def empty(self, hint: str = "") -> None:
        """Show nothing, and keep nothing."""
        was = self._message
        self._message = None
        self._body_seen = None
        self._read_timer.stop()
        self.body.empty()
        self.attachments.empty()
        self.header.empty()
        self.conversation.empty()
        self.find_bar.empty()
        self.link_notice.hush()
        self._link = ""
        self.hint.setText(hint or self.tr("Choisissez un message dans la liste."))
        self._pages.setCurrentIndex(0)
        if was is not None:
            self.shown.emit(None)

    def refresh(self) -> None:
        """Read the message again."""
        if self._message is not None:
            self.show_message(self._message.row.id)

    def find_words(self) -> None:
        """Ctrl+F."""
        if self._message is not None:
            self.find_bar.open()

    def _begin(self, message: Message) -> None:
        self.link_notice.hush()
        self.find_bar.hide()
        self._wanted_parts.clear()
        self._body_seen = None
        self._marked = False
        self._read_timer.stop()
        if message.body is Loading.ABSENT:
            self._engine.want_body(message.row.id)

    def _fill(self, message: Message) -> None:
        self.header.show_message(message, self._of_bal(message.row.bal_id))
        self.conversation.show_of(message.row)
        self._fill_notes(message)
        self._fill_body(message)
        self._want_archives(message)
        self.attachments.show_of(message)
        if message.body is Loading.HERE and not message.row.seen and not self._marked:
            # Once only: a message marked unread on purpose stays so while it is on the screen.
            self._marked = True
            self._read_timer.start()

    def _is_receipt_asked(self, message: Message) -> bool:
        """Whether the person is to be asked about a read receipt; one that needs no question leaves here, with the text."""
        if message.row.id in self._declined:
            return False
        act = self._engine.receipt_act(message.row.id)
        if act is ReceiptAct.SEND and message.body is Loading.HERE:
            self._declined.add(message.row.id)
            self._engine.send_read_receipt(message.row.id, self._receipt_text(), automatic=True)
        return act is ReceiptAct.ASK

    def _receipt_text(self) -> str:
        return self.tr(
            "Le message que vous avez envoyé a été affiché à l’écran de son destinataire. Cela ne garantit pas qu’il ait "
            "été lu ni compris."
        )

    def _fill_notes(self, message: Message) -> None:
        column = self.notes_area.layout()
        while column is not None and (item := column.takeAt(0)):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        asked = self._is_receipt_asked(message)
        found = [n for n in notes(message) if n.name != "reading.note.receipt" or asked]
        for note in found:
            notice = Notice(note.name, self.notes_area)
            notice.acted.connect(partial(self._on_note, note))
            notice.tell(note.text, note.tone, tuple(label for label, _ in note.actions))
            if column is not None:
                column.addWidget(notice)
        self.notes_area.setVisible(bool(found))

    def _fill_body(self, message: Message) -> None:
        waits = message.body in {Loading.ABSENT, Loading.COMING}
        self.waiting.setVisible(waits)
        self.waiting.setText(self.tr("Réception du message…") if waits else "")
        rich = bool(message.safe_html) and not (self._plain and message.text)
        seen = (message.row.id, rich, message.safe_html if rich else message.text)
        if seen == self._body_seen:
            return
        self._body_seen = seen
        if rich:
            self.body.show_html(message.safe_html, partial(self._inline, message.row.id))
        else:
            self.body.show_text(message.text)

    def _inline(self, message_id: MessageId, content_id: str) -> Picture | None:
        return self._engine.inline_image(message_id, content_id)

    def _want_archives(self, message: Message) -> None:
        for attachment in message.attachments:
            small = attachment.is_xdm and attachment.size <= _FETCH_ITSELF
            absent = attachment.loading is Loading.ABSENT and self._engine.reader.archive(attachment.id) is None
            if small and absent and attachment.id not in self._wanted_parts:
                self._wanted_parts.add(attachment.id)
                self._engine.want_part(attachment.id)

    def _mark_read(self) -> None:
        if self._message is not None and not self._message.row.seen and self.isVisible():
            self._engine.mark_read((self._message.row.id,), True)

    def _on_plain(self, on: bool) -> None:
        self._plain = on
        if self._message is not None:
            self._fill_body(self._message)

    def _on_theme(self) -> None:
        self._body_seen = None
        if self._message is not None:
            self._fill(self._message)

    def _on_body(self, event: BodyArrived) -> None:
        if self._message is not None and self._message.row.id == event.message_id:
            # An image of the HTML may have come without a change of the text.
            self._body_seen = None if self._message.safe_html else self._body_seen
            self.refresh()

    def _on_part(self, event: PartArrived) -> None:
        self._refresh_if_ours(event.part_id)

    def _on_progress(self) -> None:
        bal_id = self._message.row.bal_id if self._message is not None else None
        for progress in self._engine.progress():
            if progress.what == "part" and progress.bal_id == bal_id:
                self.attachments.show_progress(progress.done, progress.total)

    def _on_filed(self, event: AttachmentFiled) -> None:
        self._refresh_if_ours(event.part_id)

    def _refresh_if_ours(self, part_id: PartId) -> None:
        if self._message is not None and any(a.id == part_id for a in self._message.attachments):
            self.refresh()

    def _on_note(self, note: Note, place: int) -> None:
        if self._message is None:
            return
        match note.actions[place][1]:
            case Ask.RECEIPT:
                self._engine.send_read_receipt(self._message.row.id, self._receipt_text())
                self._declined.add(self._message.row.id)
            case Ask.NO_RECEIPT:
                self._declined.add(self._message.row.id)
            case Ask.RETRY:
                self._engine.want_body(self._message.row.id)
        self._fill_notes(self._message)

    def _on_link(self, link: str) -> None:
        self._link = link
        url = QUrl(link)
        host = url.host() or url.path()
        text = self.tr("Ce lien mène hors de la messagerie, vers « {host} » :\n{link}").format(
            host=host, link=link[:300]
        )
        self.link_notice.tell(
            text, Tone.WARNING, (self.tr("Ouvrir"), self.tr("Copier l’adresse"), self.tr("Ne pas ouvrir"))
        )
        self.link_notice.button(2).setFocus()

    def _on_link_answer(self, place: int) -> None:
        self.link_notice.hush()
        if place == 0:
            QDesktopServices.openUrl(QUrl(self._link))
        elif place == 1:
            clipboard.copy(self._link)
        self.body.setFocus()

    def _on_save(self, part_id: PartId, content: str, name: str) -> None:
        suffix = Path(content.partition("#")[0]).suffix if content else ""
        proposed = name if not content or content.startswith("cda:") else f"{name}{suffix}"
        if content.startswith("cda:"):
            proposed = f"{name}.pdf"
        safe = "".join("-" if c in '/\\:*?"<>|' or ord(c) < 32 else c for c in proposed)
        title = self.tr("Enregistrer la pièce jointe")
        choose_target(self, title, safe, lambda target: self._engine.save_part(part_id, content, target))

    def _fit(self) -> None:
        layout = self._top.layout()
        width = self._top_area.viewport().width()
        needed = layout.totalHeightForWidth(width) if layout and layout.hasHeightForWidth() else 0
        needed = max(needed, layout.totalMinimumSize().height() if layout else 0)
        below = self.attachments.height() if not self.attachments.isHidden() else 0
        height = min(needed, max(int(self.height() * _TOP_SHARE), self.height() - below - _WORDS_AT_LEAST))
        if height != self._top_area.height():
            self._top_area.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.attachments.fit(int(event.size().height() * _TILES_SHARE))
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._top and event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize}:
            self._fit()
        return super().eventFilter(watched, event)


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("line", True)
    line.setFixedHeight(1)
    return line
