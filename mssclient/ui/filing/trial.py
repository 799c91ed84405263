"""In the settings: what the export profile makes of a sample, and what is known of the record's usagers. Writes nothing."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from mssclient.domain.errors import FilingRefused
from mssclient.engine.api import Engine, Trial
from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button
from mssclient.ui.herald import Herald
from mssclient.ui.widgets.labels import PlainLabel

_LINES = 7


class FilingTrial(QWidget):
    """Main thread. With a herald, the usagers' line follows their file."""

    def __init__(self, engine: Engine, herald: Herald | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.roster = PlainLabel(parent=self)
        self.roster.setObjectName("settings.roster")
        self.roster.setWordWrap(True)
        self.roster.setProperty("muted", True)
        self.attempt = Button(self.tr("Essayer le profil sur un exemple"), "settings.filing_try", self, sign="eye")
        self.attempt.does(self.run)
        self.outcome = PlainLabel(parent=self, selectable=True)
        self.outcome.setObjectName("settings.filing_names")
        self.outcome.setWordWrap(True)
        self.sidecar_title = QLabel(self.tr("Fichier d’accompagnement"), self)
        self.sidecar_title.setProperty("muted", True)
        self.sidecar = QPlainTextEdit(self)
        self.sidecar.setObjectName("settings.filing_sidecar")
        self.sidecar.setAccessibleName(self.tr("Fichier d’accompagnement de l’exemple"))
        self.sidecar.setReadOnly(True)
        self.sidecar.setFixedHeight(self.fontMetrics().lineSpacing() * _LINES + 12)
        pressed = QHBoxLayout()
        pressed.addWidget(self.attempt)
        pressed.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.roster)
        column.addLayout(pressed)
        for widget in (self.outcome, self.sidecar_title, self.sidecar):
            column.addWidget(widget)
            widget.hide()
        if herald is not None:
            herald.worklist_changed.connect(lambda _event: self.show_roster())
        self.show_roster()

    def show_roster(self) -> None:
        """How many usagers of the record are known, since when, or why not."""
        status = self._engine.roster_status()
        if not status.path:
            self.roster.setText(self.tr("Aucun fichier des usagers du DUI n’est configuré sur ce poste."))
        elif status.error is not None:
            said = self.tr("Le fichier des usagers du DUI n’a pas pu être lu : {path}").format(path=status.path)
            known = self.tr("{n} usagers restent connus.").format(n=wording.number(status.usagers))
            self.roster.setText(f"{said} {known}" if status.usagers else said)
        else:
            when = wording.full_when(status.read_at) if status.read_at else ""
            told = (
                self.tr("{n} usagers du DUI connus, lus le {when}.") if when else self.tr("{n} usagers du DUI connus.")
            )
            self.roster.setText(told.format(n=wording.number(status.usagers), when=when))

    def run(self) -> None:
        """Show what would be written."""
        try:
            trial = self._engine.try_filing()
        except FilingRefused as refused:
            sentence = wording.failure(refused, "file")
            trial = Trial((), "", None)
            self.outcome.setText(f"{sentence.title}. {sentence.text}")
        else:
            self._tell(trial)
        self.outcome.show()
        self.sidecar.setPlainText(trial.sidecar)
        for widget in (self.sidecar_title, self.sidecar):
            widget.setVisible(bool(trial.sidecar))

    def _tell(self, trial: Trial) -> None:
        lines = [self.tr("Rien n’a été écrit. Un classement déposerait, dans cet ordre :")]
        lines += [f"{n}. {name}" for n, name in enumerate(trial.names, 1)]
        if trial.folder_error is not None:
            sentence = wording.failure(trial.folder_error, "file")
            lines += ["", sentence.text]
        self.outcome.setText("\n".join(lines))
