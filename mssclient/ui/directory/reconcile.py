"""The record system's correspondents beside the Annuaire: a file in, a decision a line, a file out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mssclient.domain.events import SessionChanged
from mssclient.domain.reconcile import Note, Outcome, Verdict
from mssclient.domain.reconcile_report import Reconciliation
from mssclient.domain.session import SessionState
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.directory import reconcile_words as words
from mssclient.ui.directory.reconcile_model import (
    ACCEPTED,
    ALL,
    KNOWN,
    LINE,
    OUTCOME,
    PROPOSED,
    WHO,
    Sieve,
    VerdictModel,
)
from mssclient.ui.herald import Herald
from mssclient.ui.widgets.file_dialog import choose_target, file_dialog

_ADDRESS = Qt.ItemDataRole.UserRole + 1
_TWICE = (Note.TWICE_NUMBER, Note.TWICE_ADDRESS, Note.TWICE_NAME)
_NUMBER = (Note.NO_NUMBER, Note.RUINED_NUMBER, Note.WRONG_NUMBER)
_ORDER = (Outcome.NEW, Outcome.CHANGED, Outcome.VANISHED, Outcome.AMBIGUOUS, Outcome.UNKNOWN, Outcome.SAME)


class ReconcileWindow(QWidget):
    """Compares a file with the Annuaire, on the engine's thread; the screen stays free.

    Keys: Ctrl+O a file, Space accepts or takes back, Ctrl+Shift+A all certain ones, Ctrl+S the result, Escape close.
    """

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._engine = engine
        self.setObjectName("reconcile.window")
        self.setWindowTitle(self.tr("Rapprocher des correspondants de l’Annuaire"))
        self._make()
        self._lay_out()
        self._wire(herald)
        self.resize(1120, 680)
        self._on_news()

    # -- building
    def _make(self) -> None:
        self.open_button = Button(self.tr("Choisir un fichier CSV…"), "reconcile.open", self, sign="folder")
        self.open_button.does(self.ask_file, "Ctrl+O")
        self.file = QLabel(self)
        self.file.setObjectName("reconcile.file")
        self.file.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = QProgressBar(self)
        self.progress.setObjectName("reconcile.progress")
        self.progress.setAccessibleName(self.tr("Avancement du rapprochement"))
        self.cancel = Button(self.tr("Annuler"), "reconcile.cancel", self, sign="close")
        self.cancel.does(self._engine.cancel_reconciliation)
        self.sieve = QComboBox(self)
        self.sieve.setObjectName("reconcile.sieve")
        self.sieve.setAccessibleName(self.tr("Lignes affichées"))
        self.model = VerdictModel(self)
        self.table = QTableView(self)
        self.table.setObjectName("reconcile.table")
        self.table.setAccessibleName(self.tr("Correspondants rapprochés"))
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self._set_columns()
        self.proposals = QListWidget(self)
        self.proposals.setObjectName("reconcile.proposals")
        self.proposals.setAccessibleName(self.tr("Propositions de l’Annuaire pour cette ligne"))
        self.proposals.setMaximumHeight(132)
        self.proposals.setSpacing(2)
        self.summary = QLabel(self)
        self.summary.setObjectName("reconcile.summary")
        self.summary.setProperty("muted", True)
        self.summary.setWordWrap(True)
        self.notice = Notice("reconcile.notice", self)
        self.certain = Button(self.tr("Accepter tous les certains"), "reconcile.certain", self, sign="check")
        self.certain.does(self._accept_certain, "Ctrl+Shift+A")
        self.export = Button(self.tr("Enregistrer le résultat…"), "reconcile.export", self, sign="save", primary=True)
        self.export.does(self.ask_target, "Ctrl+S")

    def _set_columns(self) -> None:
        header = self.table.horizontalHeader()
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        for column, width in ((ACCEPTED, 70), (LINE, 60), (WHO, 190), (OUTCOME, 95), (KNOWN, 220), (PROPOSED, 240)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.table.setColumnWidth(column, width)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.open_button)
        top.addWidget(self.file, 1)
        top.addWidget(self.sieve)
        running = QHBoxLayout()
        running.addWidget(self.progress, 1)
        running.addWidget(self.cancel)
        bottom = QHBoxLayout()
        bottom.addWidget(self.summary, 1)
        bottom.addWidget(self.certain)
        bottom.addWidget(self.export)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 12, 12, 10)
        page.setSpacing(8)
        page.addLayout(top)
        page.addLayout(running)
        page.addWidget(self.notice)
        page.addWidget(self.table, 1)
        page.addWidget(self.proposals)
        page.addLayout(bottom)

    def _wire(self, herald: Herald) -> None:
        self.sieve.activated.connect(self._on_sieve)
        self.table.selectionModel().currentRowChanged.connect(self._show_proposals)
        # Queued: the list is made anew, which must not happen within its own mouse event.
        for signal in (self.proposals.itemActivated, self.proposals.itemClicked):
            signal.connect(self._on_proposal, Qt.ConnectionType.QueuedConnection)
        self.model.decided.connect(self._show_summary)
        herald.reconciliation_changed.connect(self._on_news)
        herald.session_changed.connect(self._on_session)
        QShortcut(QKeySequence("Escape"), self, self.close)
        space = QShortcut(QKeySequence("Space"), self.table, self._toggle)
        space.setContext(Qt.ShortcutContext.WidgetShortcut)

    # -- files
    def ask_file(self) -> None:
        """Ask for the file to compare."""
        dialog = file_dialog(self, self.tr("Liste de correspondants"), "reconcile.file_dialog")
        dialog.setNameFilters([self.tr("Fichiers CSV (*.csv *.txt)"), self.tr("Tous les fichiers (*)")])
        dialog.fileSelected.connect(lambda path: self.compare(Path(path)))
        dialog.open()

    def compare(self, source: Path) -> None:
        """Compare a file; what was accepted before is forgotten."""
        self.model.take(())
        self._engine.reconcile(source)

    def ask_target(self) -> None:
        """Ask where to write the result."""
        state = self._engine.reconciliation()
        stem = Path(state.source).stem if state is not None else ""
        choose_target(self, self.tr("Résultat du rapprochement"), f"{stem}-RESULTAT.csv", self.write)

    def write(self, target: Path) -> None:
        """Write the result with what was accepted."""
        self._engine.write_reconciliation(target, self.model.accepted)

    # -- what the engine says
    def _on_news(self) -> None:
        state = self._engine.reconciliation()
        self.model.take(state.verdicts if state is not None else ())
        running = state is not None and state.running
        for widget in (self.progress, self.cancel):
            widget.setVisible(running)
        self.file.setText(state.source if state is not None else self.tr("Aucun fichier"))
        if state is not None and running:
            self.progress.setRange(0, state.total)
            self.progress.setValue(len(state.verdicts))
        done = state is not None and not running and bool(state.verdicts)
        self.certain.setEnabled(done)
        self.export.setEnabled(done)
        self._show_outcome(state)
        self._show_sieves()
        self._show_summary()
        if not self.table.currentIndex().isValid() and self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(0, WHO))

    def _show_outcome(self, state: Reconciliation | None) -> None:
        if state is not None and state.error is not None:
            self.notice.tell(words.failure(state.error), Tone.ERROR)
        elif state is not None and state.written:
            self.notice.tell(self.tr("Résultat enregistré : {name}").format(name=state.written), Tone.DONE)
        else:
            self.notice.hush()

    def _show_sieves(self) -> None:
        """Each choice with how many lines it shows."""
        verdicts = self._verdicts()
        chosen = self.sieve.currentData() or ALL
        outcomes = Counter(verdict.outcome for verdict in verdicts)
        certain = Sieve(certain=True)
        choices = [
            (self.tr("Toutes les lignes"), ALL, len(verdicts)),
            (self.tr("Certaines"), certain, sum(verdict.certain for verdict in verdicts)),
        ]
        choices += [(words.outcome(one), Sieve(one), outcomes[one]) for one in _ORDER]
        for label, notes in ((self.tr("Doublons"), _TWICE), (self.tr("RPPS manquant ou faux"), _NUMBER)):
            sieve = Sieve(notes=notes)
            choices.append((label, sieve, sum(sieve.lets(verdict) for verdict in verdicts)))
        with QSignalBlocker(self.sieve):
            self.sieve.clear()
            for label, sieve, count in choices:
                self.sieve.addItem(self.tr("{label} ({n})").format(label=label, n=wording.number(count)), sieve)
            places = [place for place, choice in enumerate(choices) if choice[1] == chosen]
            self.sieve.setCurrentIndex(places[0] if places else 0)

    def _verdicts(self) -> tuple[Verdict, ...]:
        state = self._engine.reconciliation()
        return state.verdicts if state is not None else ()

    def _show_summary(self) -> None:
        verdicts = self._verdicts()
        if not verdicts:
            self.summary.setText(self.tr("Le fichier reste tel quel : le résultat est un autre fichier."))
            return
        certain = sum(verdict.certain for verdict in verdicts)
        self.summary.setText(
            self.tr("Lignes : {n}, certaines : {certain}, acceptées : {accepted}").format(
                n=wording.number(len(verdicts)),
                certain=wording.number(certain),
                accepted=wording.number(len(self.model.accepted)),
            )
        )

    # -- what the person decides
    def _on_sieve(self) -> None:
        self.model.sift(self.sieve.currentData() or ALL)
        if self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(0, WHO))
        self._show_proposals()

    def _show_proposals(self) -> None:
        """Every match of the current line; the accepted one is marked."""
        row = self.table.currentIndex().row()
        verdict = self.model.verdict(row)
        self.proposals.clear()
        if verdict is None:
            return
        accepted = self.model.accepted.get(self.model.place(row), "")
        for match in (verdict.best, *verdict.others):
            if match is not None:
                item = QListWidgetItem(words.proposal(match), self.proposals)
                item.setData(_ADDRESS, match.entry.address)
                item.setToolTip(words.why(verdict, match))
                item.setCheckState(
                    Qt.CheckState.Checked if match.entry.address == accepted else Qt.CheckState.Unchecked
                )
        if self.proposals.count():
            self.proposals.setCurrentRow(0)

    def _on_proposal(self) -> None:
        item = self.proposals.currentItem()
        if item is not None:
            chosen = self.proposals.currentRow()
            self.model.accept(self.table.currentIndex().row(), str(item.data(_ADDRESS)))
            self._show_proposals()
            self.proposals.setCurrentRow(chosen)

    def _toggle(self) -> None:
        """Accept the proposed address of the current line, or take that back."""
        row = self.table.currentIndex().row()
        place = self.model.place(row)
        match = self.model.proposed(place) if place >= 0 else None
        if match is not None:
            self.model.accept(row, "" if place in self.model.accepted else match.entry.address)
            self._show_proposals()

    def _accept_certain(self) -> None:
        self.model.accept_certain()
        self._show_proposals()

    def _on_session(self, event: SessionChanged) -> None:
        if event.state is SessionState.SIGNED_OUT:
            self.model.take(())
            self.close()
