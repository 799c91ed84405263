"""The preview: pages of a PDF, images, and the text of documents, decoded off this thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mssclient.domain.cda_view import View
from mssclient.domain.errors import MssError
from mssclient.domain.events import PreviewReady, Problem, SessionChanged
from mssclient.domain.message import PartId
from mssclient.domain.session import SessionState
from mssclient.engine.api import Engine, Picture
from mssclient.ui import wording
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.herald import Herald
from mssclient.ui.icons import put
from mssclient.ui.preview.canvas import PageCanvas
from mssclient.ui.preview.document import DocumentPage
from mssclient.ui.preview.renditions import RenditionBox
from mssclient.ui.widgets.transfer import TransferLine

_ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
_MAX_PIXELS = 4000
_RENDER_AFTER_MS = 120
_PATIENCE_MS = 250
_FIGURE_WIDTH = 900


class PreviewPanel(QWidget):
    """Shows one part of a message. Main thread; asks the engine and waits for its events.

    Keys: Ctrl++ Ctrl+- Ctrl+0 zoom, Page up and down or Ctrl+Home/End pages, Escape closes (`closed`).
    """

    closed = Signal()

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._part: PartId | None = None
        self._content = ""
        self._page = 0
        self._pages = 0
        self._zoom = 1.0
        self.setObjectName("preview.panel")
        self.setAccessibleName(self.tr("Aperçu"))
        self._sharpen = QTimer(self)
        self._sharpen.setSingleShot(True)
        self._sharpen.setInterval(_RENDER_AFTER_MS)
        self._sharpen.timeout.connect(self._ask_page)
        self._failure: MssError | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._on_patience)
        self._make()
        self._lay_out()
        herald.preview_ready.connect(self._on_ready)
        herald.progress_changed.connect(self._on_progress)
        herald.problem.connect(self._on_problem)
        herald.session_changed.connect(self._on_session)
        self.clear()

    # -- building
    def _make(self) -> None:
        self.notice = Notice("preview.notice", self)
        self.notice.acted.connect(self._on_retry)
        self.busy = QProgressBar(self)
        self.busy.setObjectName("preview.busy")
        self.busy.setAccessibleName(self.tr("Chargement de l’aperçu"))
        self.busy.setTextVisible(False)
        said = self.tr("Réception de la pièce jointe")
        self.transfer = TransferLine("preview.transfer", said, self.tr("Arrêter"), self, bare=True)
        self.transfer.setContentsMargins(12, 0, 12, 0)
        self.transfer.stopped.connect(self._on_stopped)
        self.canvas = PageCanvas()
        self.pages_area = QScrollArea(self)
        self.pages_area.setObjectName("preview.pages")
        self.setFocusProxy(self.pages_area)
        self.pages_area.setAccessibleName(self.tr("Page du document"))
        self.pages_area.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.pages_area.setWidget(self.canvas)
        self.pages_area.viewport().installEventFilter(self)
        self.words = QPlainTextEdit(self)
        self.words.setObjectName("preview.text")
        self.words.setAccessibleName(self.tr("Texte du document"))
        self.words.setReadOnly(True)
        self.empty = QLabel(self.tr("Choisissez un document pour le voir ici."), self)
        self.empty.setObjectName("preview.empty")
        self.empty.setProperty("muted", True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.document = DocumentPage(self)
        self.document.figure_asked.connect(self._on_figure)
        self.stack = QStackedWidget(self)
        for page in (self.empty, self.pages_area, self.words, self.document):
            self.stack.addWidget(page)
        self.place = QLabel(self)
        self.place.setObjectName("preview.place")
        self.ways = RenditionBox(self)
        self.ways.chosen.connect(self._look_at)

    def _lay_out(self) -> None:
        self.tools = QWidget(self)
        line = QHBoxLayout(self.tools)
        line.setContentsMargins(8, 4, 8, 4)
        line.setSpacing(2)
        self.previous = self._tool("chevron-up", self.tr("Page précédente"), "preview.previous", "PgUp", -1)
        self.next = self._tool("chevron-down", self.tr("Page suivante"), "preview.next", "PgDown", 1)
        line.addWidget(self.previous)
        line.addWidget(self.next)
        line.addWidget(self.place)
        line.addStretch(1)
        line.addWidget(self.ways)
        zooms = (
            ("zoom-out", self.tr("Réduire"), "preview.zoom_out", "Ctrl+-", self.zoom_out),
            ("fit-width", self.tr("Ajuster à la largeur"), "preview.fit", "Ctrl+0", self.fit),
            ("zoom-in", self.tr("Agrandir"), "preview.zoom_in", "Ctrl++", self.zoom_in),
        )
        for sign, label, name, keys, act in zooms:
            button = self._plain_tool(sign, label, name, keys)
            button.clicked.connect(act)
            self._key(keys, act)
            line.addWidget(button)
        self._key("Ctrl+=", self.zoom_in)
        self._key("Ctrl+Home", lambda: self.go_to(0))
        self._key("Ctrl+End", lambda: self.go_to(self._pages - 1))
        self._key("Escape", self._on_escape)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        for widget in (self.tools, self.busy, self.transfer, self.notice):
            page.addWidget(widget)
        page.addWidget(self.stack, 1)

    def _plain_tool(self, sign: str, label: str, name: str, keys: str) -> QToolButton:
        button = QToolButton(self)
        put(button, sign)
        button.setObjectName(name)
        button.setAccessibleName(label)
        shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(self.tr("{label} ({keys})").format(label=label, keys=shown))
        return button

    def _tool(self, sign: str, label: str, name: str, keys: str, step: int) -> QToolButton:
        button = self._plain_tool(sign, label, name, keys)
        button.clicked.connect(lambda: self.go_to(self._page + step))
        self._key(keys, lambda: self.go_to(self._page + step))
        return button

    def _key(self, keys: str, act: object) -> None:
        # Only while the keyboard is in the preview: the list has its own Page up and Escape.
        QShortcut(QKeySequence(keys), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)  # type: ignore[call-overload]

    # -- what it shows
    def show_part(self, part_id: PartId, content: str = "") -> None:
        """Show a part, or what an archive or a CDA holds (`content` as in FilingChoice)."""
        self.clear()
        self._part, self._content = part_id, content
        self.tools.setEnabled(True)
        self.ways.show_of(self._engine.reader, part_id, content)
        self._wait()
        self._ask_page()

    def _on_figure(self, number: int) -> None:
        """Something embedded in the document, by its number."""
        key = f"cda:{self._content}#{number}"
        if self._part is not None and not self.ways.choose(self._part, key):
            self._look_at(self._part, key)

    def _look_at(self, part_id: PartId, content: str) -> None:
        self._forget_page()
        self._part, self._content = part_id, content
        self.tools.setEnabled(True)
        self._wait()
        self._ask_page()

    def clear(self) -> None:
        """Forget the document: nothing of it stays on the screen or in memory."""
        self._forget_page()
        self.ways.empty()

    def _forget_page(self) -> None:
        self._part, self._content, self._page, self._pages, self._zoom = None, "", 0, 0, 1.0
        self._sharpen.stop()
        self._patience.stop()
        self._failure = None
        self.canvas.forget()
        self.words.clear()
        self.document.clear()
        self.notice.hush()
        self.busy.hide()
        self.transfer.end()
        self.tools.setEnabled(False)
        self.stack.setCurrentWidget(self.empty)
        self._show_place()

    def _wait(self) -> None:
        self.empty.setText(self.tr("Chargement du document…"))
        self.busy.setRange(0, 0)
        self.busy.show()
        self.transfer.begin()

    def _rest(self) -> None:
        self.busy.hide()
        self.transfer.end()
        self.empty.setText(self.tr("Choisissez un document pour le voir ici."))

    def _ask_page(self) -> None:
        if self._part is None:
            return
        self.canvas.set_wide(self._wide())
        ratio = self.devicePixelRatioF()
        self._engine.want_picture(self._part, self._content, self._page, min(_MAX_PIXELS, round(self._wide() * ratio)))

    def _wide(self) -> int:
        # The stack, not the viewport: a page of the stack that does not show yet has no width of its own.
        return round(max(160, self.stack.width() - 36) * self._zoom)

    def _on_ready(self, event: PreviewReady) -> None:
        if event.part_id != self._part or event.page != self._page:
            return
        if self.stack.currentWidget() is self.document:
            self.document.figures_came()
            return
        answer = self._engine.picture(event.part_id, self._content, event.page)
        if isinstance(answer, Picture):
            self._show_picture(answer)
        elif answer is not None and not self._show_document() and not self._show_text():
            # The text of a document is read after its picture was refused: a failure waits a moment for it.
            self._failure = answer
            self._patience.start()
        self._show_place()

    def _show_picture(self, picture: Picture) -> None:
        self._rest()
        self.notice.hush()
        self._pages = max(1, picture.pages)
        self.canvas.show_picture(picture)
        self.canvas.setAccessibleName(self._place_text())
        self.stack.setCurrentWidget(self.pages_area)

    def _show_document(self) -> bool:
        """Show a health document's own text, or wait for it; False when this is none."""
        if self._part is None:
            return False
        found = self._engine.document_view(self._part, self._content)
        if isinstance(found, View):
            self._rest()
            self._patience.stop()
            self.notice.hush()
            self.document.show_view(found, self.ways.document, self._figure)
            self.document.set_zoom(self._zoom)
            self.stack.setCurrentWidget(self.document)
            if self.stack.hasFocus() or self.pages_area.hasFocus():
                self.document.setFocus()
        return not isinstance(found, MssError)

    def _figure(self, number: int) -> Picture | None:
        if self._part is None:
            return None
        key = f"cda:{self._content}#{number}"
        found = self._engine.picture(self._part, key, 0)
        if found is None:
            self._engine.want_picture(self._part, key, 0, _FIGURE_WIDTH)
        return found if isinstance(found, Picture) else None

    def _show_text(self) -> bool:
        """Show the document's text when it has one; False when there is none (yet)."""
        text = self._engine.document_text(self._part, self._content) if self._part is not None else ""
        if not text:
            return False
        self._rest()
        self._patience.stop()
        self.notice.hush()
        self.words.setPlainText(text)
        self.stack.setCurrentWidget(self.words)
        return True

    def _on_patience(self) -> None:
        if self._part is not None and self._failure is not None and not self._show_text():
            self._fail(self._failure, "preview")

    def _fail(self, error: MssError, context: str) -> None:
        self._rest()
        sentence = wording.failure(error, context)
        self.notice.tell(f"{sentence.title}. {sentence.text}", Tone.ERROR, (self.tr("Réessayer"),))
        if not self.canvas.has_page():
            self.empty.setText("")

    def _on_stopped(self) -> None:
        if self._part is not None:
            self._engine.stop_part(self._part)
            self._rest()
            said = self.tr("Réception arrêtée : ce qui est déjà là ne sera pas demandé une seconde fois.")
            self.notice.tell(said, Tone.NOTE, (self.tr("Reprendre"),))
            self.notice.button().setFocus()
            self.empty.setText("")

    def _on_retry(self, _place: int) -> None:
        if self._part is not None:
            self.show_part(self._part, self._content)

    # -- moving
    def go_to(self, page: int) -> None:
        """Show another page; out of the document: nothing happens."""
        if 0 <= page < self._pages and page != self._page:
            self._page = page
            self.pages_area.verticalScrollBar().setValue(0)
            self._show_place()
            self._ask_page()

    def zoom_in(self) -> None:
        """One step nearer."""
        self._set_zoom(next((z for z in _ZOOMS if z > self._zoom + 0.01), _ZOOMS[-1]))

    def zoom_out(self) -> None:
        """One step away."""
        self._set_zoom(next((z for z in reversed(_ZOOMS) if z < self._zoom - 0.01), _ZOOMS[0]))

    def fit(self) -> None:
        """The page as wide as the panel."""
        self._set_zoom(1.0)

    def _set_zoom(self, zoom: float) -> None:
        self._zoom = zoom
        if self.stack.currentWidget() is self.document:
            self.document.set_zoom(zoom)
            self._show_place()
            return
        self.canvas.set_wide(self._wide())
        self._sharpen.start()
        self._show_place()

    def _place_text(self) -> str:
        return self.tr("Page {page} sur {pages}").format(page=self._page + 1, pages=self._pages)

    def _show_place(self) -> None:
        at = f"{round(self._zoom * 100)} %"
        flowing = self.stack.currentWidget() is self.document
        self.place.setText(f"{self._place_text()} · {at}" if self._pages else at if flowing else "")
        self.previous.setEnabled(self._page > 0)
        self.next.setEnabled(self._page + 1 < self._pages)

    def _on_escape(self) -> None:
        self.clear()
        self.closed.emit()

    # -- what the engine says
    def _on_progress(self) -> None:
        if not self.busy.isVisible():
            return
        for progress in self._engine.progress():
            if progress.what == "part" and progress.total:
                self.busy.setRange(0, progress.total)
                self.busy.setValue(progress.done)
                self.transfer.show_progress(progress.done, progress.total)

    def _on_problem(self, event: Problem) -> None:
        told = self._engine.problem(event.problem_id)
        waiting = self._part is not None and not self.busy.isHidden()
        if told is not None and waiting and told.context in {"part", "preview"}:
            self._fail(told.error, told.context)

    def _on_session(self, event: SessionChanged) -> None:
        # A lock covers the document, and the same person finds it again; only a person who leaves takes it along.
        if event.state is SessionState.SIGNED_OUT:
            self.clear()

    # -- Qt
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow_width()

    def _follow_width(self) -> None:
        if self._part is not None and self.canvas.has_page():
            self.canvas.set_wide(self._wide())
            self._sharpen.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.pages_area.viewport() and event.type() == QEvent.Type.Wheel:
            modifiers = event.modifiers()  # type: ignore[attr-defined]
            if modifiers & Qt.KeyboardModifier.ControlModifier:
                turn: QPoint = event.angleDelta()  # type: ignore[attr-defined]
                (self.zoom_in if turn.y() > 0 else self.zoom_out)()
                return True
        return super().eventFilter(watched, event)
