"""The filing panel: whose document, which type, which name; one button puts it into the record's folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QDate, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mssclient.domain.documents import HealthDocument
from mssclient.domain.events import AttachmentFiled, Problem, SessionChanged
from mssclient.domain.filing import Filed, FilingChoice
from mssclient.domain.identity import Usager
from mssclient.domain.message import MessageId, PartId
from mssclient.domain.session import SessionState
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.filing.identity import IdentityForm
from mssclient.ui.filing.record import RecordChoice
from mssclient.ui.filing.types import offer_types
from mssclient.ui.herald import Herald
from mssclient.ui.icons import put
from mssclient.ui.theme import resource, theme
from mssclient.ui.widgets.file_dialog import file_dialog
from mssclient.ui.wording import Deed

_NOBODY = FilingChoice(Usager(None, None, "", (), "", ""), "", "", "")


class FilingPanel(QWidget):
    """Files one document. Main thread; what the engine did comes back as an event. Ctrl+D files, Escape closes."""

    filed = Signal(int)
    closed = Signal()

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._part: PartId | None = None
        self._message: MessageId | None = None
        self._proposal = _NOBODY
        self._waiting = False
        self._deed = Deed.NONE
        self._asked_name = ""
        self.setObjectName("filing.panel")
        self.setAccessibleName(self.tr("Classer dans le DUI"))
        self.setMinimumWidth(320)
        self._make()
        self._lay_out()
        herald.attachment_filed.connect(self._on_filed)
        herald.problem.connect(self._on_problem)
        herald.session_changed.connect(self._on_session)
        self.clear()

    # -- building
    def _make(self) -> None:
        self.notice = Notice("filing.notice", self)
        self.notice.acted.connect(self._on_deed)
        self.identity = IdentityForm(self)
        self.identity.changed.connect(self._refresh)
        self.record_choice = RecordChoice(self._engine, self)
        self.record_choice.changed.connect(self._on_record)
        self._make_document()
        self.name = self._told("filing.name")
        self.folder = self._told("filing.folder")
        self.choose = Button(self.tr("Choisir…"), "filing.choose", self, sign="folder").does(self.choose_folder)
        self._is_fixed = "filing.folder" in self._engine.environment.locked
        self.choose.setEnabled(not self._is_fixed)
        if self._is_fixed:
            self.choose.setToolTip(self.tr("L’administrateur de ce poste a fixé ce dossier."))
        self.button = Button(self.tr("Classer dans le DUI"), "filing.file", self, sign="file", primary=True)
        self.button.does(self.file)
        keys = QKeySequence("Ctrl+D").toString(QKeySequence.SequenceFormat.NativeText)
        self.button.setToolTip(self.tr("Classer dans le DUI ({keys})").format(keys=keys))
        self.button.setMinimumHeight(38)
        self.journal = QListWidget(self)
        self.journal.setObjectName("filing.journal")
        self.journal.setAccessibleName(self.tr("Déjà classé de ce message"))
        self.journal.setMaximumHeight(110)
        self.journal.setWordWrap(True)
        self.journal.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.title = self._heading(self.tr("Classer dans le DUI"))
        self.shut = QToolButton(self)
        put(self.shut, "close")
        self.shut.setObjectName("filing.close")
        self.shut.setAccessibleName(self.tr("Fermer le classement"))
        self.shut.setToolTip(self.tr("Fermer (Échap)"))
        self.shut.clicked.connect(self._close)
        self.journal_title = QLabel(self.tr("Déjà classé de ce message"), self)
        self.journal_title.setProperty("muted", True)

    def _make_document(self) -> None:
        self.kinds = QComboBox(self)
        self.kinds.setObjectName("filing.type")
        self.kinds.setAccessibleName(self.tr("Type de document"))
        self.kinds.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kinds.setMinimumContentsLength(18)
        self.kinds.activated.connect(self._refresh)
        self.day = QDateEdit(self)
        self.day.setObjectName("filing.act_date")
        self.day.setAccessibleName(self.tr("Date de l’acte"))
        self.day.setDisplayFormat("dd/MM/yyyy")
        self.day.setCalendarPopup(True)
        self._dress()
        theme.changed.connect(self._dress)
        self.day.dateChanged.connect(self._refresh)
        self.record = QLineEdit(self)
        self.record.setObjectName("filing.record_number")
        self.record.setAccessibleName(self.tr("Numéro de dossier, facultatif"))
        self.record.setPlaceholderText(self.tr("facultatif"))
        self.record.textEdited.connect(self._refresh)

    def _dress(self) -> None:
        arrow = resource(f"style/down-{'dark' if theme.dark else 'light'}.svg").as_posix()
        self.day.setStyleSheet(
            "QDateEdit::drop-down { border: none; width: 20px; }"
            f"QDateEdit::down-arrow {{ image: url({arrow}); width: 12px; height: 12px; }}"
        )

    def _told(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return label

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("heading", True)
        return label

    def _document_form(self) -> QFormLayout:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setVerticalSpacing(6)
        form.addRow(self.tr("Type"), self.kinds)
        form.addRow(self.tr("Date de l’acte"), self.day)
        form.addRow(self.tr("N° de dossier"), self.record)
        return form

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        form = self._document_form()
        place = QHBoxLayout()
        place.addWidget(self.folder, 1)
        place.addWidget(self.choose)
        column.addWidget(self._heading(self.tr("Usager")))
        column.addWidget(self.record_choice)
        column.addWidget(self.identity)
        column.addWidget(self._heading(self.tr("Document")))
        column.addLayout(form)
        column.addWidget(self._heading(self.tr("Sera rangé sous")))
        column.addWidget(self.name)
        column.addLayout(place)
        column.addStretch(1)
        column.addWidget(self.journal_title)
        column.addWidget(self.journal)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bottom = QVBoxLayout()
        bottom.setContentsMargins(12, 6, 12, 10)
        bottom.addWidget(self.button)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 6, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.shut)
        page.addLayout(head)
        page.addWidget(scroll, 1)
        page.addWidget(self.notice)
        page.addLayout(bottom)

    # -- what it shows
    def propose(self, part_id: PartId, content: str = "", message_id: MessageId | None = None) -> None:
        """Show what the engine proposes for a document; `message_id` brings the journal of its message."""
        self.clear()
        self._part, self._message = part_id, message_id
        self._proposal = self._engine.filing_proposal(part_id, content)
        self.identity.propose(self._proposal.usager)
        offer_types(self.kinds, self._proposal, self.tr("Choisissez un type"))
        act = QDate.fromString(self._proposal.act_date, Qt.DateFormat.ISODate)
        self.day.setDate(act if act.isValid() else QDate.currentDate())
        self.record.setText(self._proposal.record_number)
        self.setEnabled(True)
        self.record_choice.propose(self._proposal.usager)
        self._show_journal()
        self._refresh()
        self._warn_before()
        self.take_keyboard()

    def take_keyboard(self) -> None:
        """To the button when one key may file, else to what is missing."""
        compared = self.record_choice.record() is not None
        missing: QWidget = self.record_choice.sure if compared else self.identity.birth_name
        (self.button if self.button.isEnabled() else missing).setFocus()

    def clear(self) -> None:
        """Forget the document."""
        self._part, self._message, self._proposal, self._waiting = None, None, _NOBODY, False
        self.identity.propose(_NOBODY.usager)
        self.record_choice.propose(_NOBODY.usager)
        self.name.clear()
        self.record.clear()
        self.notice.hush()
        self.journal.clear()
        self.setEnabled(False)

    def choice(self, *, again: bool = False) -> FilingChoice:
        """What the person confirmed so far."""
        code, label = self.kinds.currentData() or ("", "")
        chosen = self.record_choice.record()
        return replace(
            self._proposal,
            usager=chosen.usager if chosen is not None else self.identity.usager(),
            act_date=self.day.date().toString(Qt.DateFormat.ISODate),
            type_code=code,
            type_label=label,
            record_number=self.record.text().strip(),
            again=again,
        )

    def _refresh(self) -> None:
        if self._part is None:
            return
        folder = self._engine.filing_folder()
        chosen = self.record_choice.record() is not None
        settled = self.record_choice.is_settled()
        named = settled if chosen else self.identity.is_complete()
        complete = named and self.kinds.currentData() is not None
        missing = self.tr("Complétez l’usager et le type.")
        if chosen and not settled:
            missing = self.tr("Confirmez que c’est la même personne.")
        self.name.setText(self._engine.filing_name(self._part, self.choice()) if complete else missing)
        self.folder.setText(str(folder) if folder else self.tr("Aucun dossier choisi"))
        self.button.setEnabled(complete and folder is not None and not self._waiting)
        self.button.setAccessibleDescription("" if complete else missing)

    def _on_record(self) -> None:
        """Another usager of the record, or none: then the identity is typed."""
        chosen = self.record_choice.record()
        self.identity.setVisible(chosen is None)
        if chosen is not None:
            self.record.setText(chosen.record_number)
        self._refresh()

    def _filings(self) -> tuple[Filed, ...]:
        found = self._engine.reader.filings(self._message) if self._message is not None else ()
        return tuple(f for f in found if not f.undone)

    def _show_journal(self) -> None:
        self.journal.clear()
        for filed in self._filings():
            text = self.tr("{name}, {when}").format(name=filed.file_name, when=wording.full_when(filed.at))
            self.journal.addItem(text)
        for widget in (self.journal, self.journal_title):
            widget.setVisible(self.journal.count() > 0)

    def _document(self) -> HealthDocument | None:
        archive = self._engine.reader.archive(self._part) if self._part is not None else None
        documents = archive.documents if archive is not None else ()
        wanted = self._proposal.content.removeprefix("cda:").partition("#")[0]
        return next((d for d in documents if not wanted or any(c.path == wanted for c in d.contents)), None)

    def _warn_before(self) -> None:
        if any(f.part_id == self._part and f.content == self._proposal.content for f in self._filings()):
            self._tell(self.tr("Ce document a déjà été classé."), Tone.WARNING, Deed.FILE_AGAIN)
            return
        document = self._document()
        if document is None:
            return
        if document.action == "D":
            self._tell(self.tr("Ce message demande la suppression d’un document déjà transmis."), Tone.WARNING)
        elif document.action == "C" or document.replaces:
            self._tell(self.tr("Ce document annule et remplace un document déjà transmis."), Tone.NOTE)
        elif document.hash_ok is False:
            self._tell(self.tr("Le document a changé depuis son envoi : son empreinte ne concorde pas."), Tone.WARNING)

    # -- what the person does
    def file(self, *, again: bool = False) -> None:
        """File the document; the answer comes as an event."""
        if self._part is None or self._waiting:
            return
        self._waiting = True
        self._asked_name = self._engine.filing_name(self._part, self.choice())
        self.button.setEnabled(False)
        self._tell(self.tr("Classement en cours…"), Tone.NOTE)
        self._engine.file_attachment(self._part, self.choice(again=again))

    def choose_folder(self) -> None:
        """Let the person choose the record system's folder, where the administrator lets them."""
        if self._is_fixed:
            return
        dialog = file_dialog(self, self.tr("Dossier du DUI"), "filing.folder_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._on_folder)
        dialog.open()

    def _on_folder(self, name: str) -> None:
        self._engine.set_filing_folder(Path(name))
        self.notice.hush()
        self._refresh()

    def _tell(self, text: str, tone: Tone, deed: Deed = Deed.NONE, label: str = "") -> None:
        self._deed = deed
        labels = {Deed.FILE_AGAIN: self.tr("Classer quand même"), Deed.CLOSE: self.tr("Fermer")}
        action = label or labels.get(deed, "")
        self.notice.tell(text, tone, (action,) if action else ())

    def _on_deed(self, _place: int) -> None:
        if self._deed is Deed.FILE_AGAIN:
            self.file(again=True)
        elif self._deed is Deed.CHOOSE_FOLDER:
            self.choose_folder()
        elif self._deed is Deed.RETRY:
            self.file()
        elif self._deed is Deed.CLOSE:
            self._close()

    def _close(self) -> None:
        self.clear()
        self.closed.emit()

    # -- what the engine says
    def _on_filed(self, event: AttachmentFiled) -> None:
        if event.part_id != self._part:
            return
        asked, self._waiting = self._waiting, False
        self._show_journal()
        self._refresh()
        if asked:
            self._tell(self.tr("Classé : {name}").format(name=self._asked_name), Tone.DONE, Deed.CLOSE)
            self.notice.button().setFocus()
            self.filed.emit(event.part_id)

    def _on_problem(self, event: Problem) -> None:
        told = self._engine.problem(event.problem_id)
        if told is None or not self._waiting or told.context != "file":
            return
        self._waiting = False
        sentence = wording.problem(told)
        self._refresh()
        self._tell(f"{sentence.title}. {sentence.text}", Tone.ERROR, sentence.deed, sentence.action)

    def _on_session(self, event: SessionChanged) -> None:
        # Under a lock the form is covered, not lost.
        if event.state is SessionState.SIGNED_OUT:
            self.clear()

    # -- Qt
    @staticmethod
    def _is_file_key(event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier

    def event(self, event: QEvent) -> bool:
        # The window may have its own Ctrl+D: while the keyboard is in the panel, the panel's meaning wins.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and (self._is_file_key(event) or event.key() == Qt.Key.Key_Escape)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_file_key(event):
            self.button.click()
        elif event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)
