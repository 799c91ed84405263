"""What went wrong, above the panes: what happened, what is safe, one button that does what helps."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from mssclient.engine.api import Told
from mssclient.ui import wording
from mssclient.ui.icons import pixmap, put
from mssclient.ui.theme import colours, theme
from mssclient.ui.widgets import clipboard
from mssclient.ui.widgets.labels import PlainLabel
from mssclient.ui.wording import Deed, Sentence

_KEPT = 8


class ProblemStrip(QFrame):
    """One problem at a time, the newest first; never modal. `acted` carries the `Told` and the `Deed` wanted."""

    acted = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problem")
        self.setProperty("banner", "danger")
        self._waiting: list[tuple[Told, Sentence]] = []
        self.sign = QLabel(self)
        self.sign.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.title = PlainLabel(parent=self, selectable=True)
        self.title.setObjectName("problem.title")
        self.title.setProperty("heading", True)
        self.text = PlainLabel(parent=self, selectable=True)
        self.text.setObjectName("problem.text")
        self.action = QPushButton(self.tr("Réessayer"), self)
        self.action.setObjectName("problem.action")
        self.action.setProperty("compact", True)
        self.action.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.action.clicked.connect(self._on_action)
        self.more = QToolButton(self)
        self.more.setObjectName("problem.details")
        self.more.setText(self.tr("Détails"))
        self.more.setCheckable(True)
        self.more.toggled.connect(self._on_more)
        self.shut = QToolButton(self)
        self.shut.setObjectName("problem.close")
        put(self.shut, "close")
        self.shut.setAccessibleName(self.tr("Fermer"))
        self.shut.clicked.connect(self.dismiss)
        self.details = PlainLabel(parent=self, selectable=True)
        self.details.setObjectName("problem.technical")
        self.copy = QPushButton(self.tr("Copier"), self)
        self.copy.setProperty("compact", True)
        self.copy.setAccessibleName(self.tr("Copier les détails"))
        self.copy.clicked.connect(lambda: clipboard.copy(self.details.text()))
        self._lay_out()
        self.hide()
        theme.changed.connect(self._paint_sign)

    def _lay_out(self) -> None:
        told = QWidget(self)
        told.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        words = QVBoxLayout(told)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(1)
        words.addWidget(self.title)
        words.addWidget(self.text)
        folded = QHBoxLayout()
        folded.addWidget(self.details, 1)
        folded.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        words.addLayout(folded)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 6, 6, 6)
        line.setSpacing(10)
        line.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(told, 1)
        for widget in (self.action, self.more, self.shut):
            line.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)

    def tell(self, told: Told, whose: str = "") -> None:
        """Show a problem, of the mailbox `whose` if it is one's among several; the same one said twice is shown once."""
        sentence = wording.problem(told)
        if whose:
            sentence = replace(
                sentence, title=self.tr("{bal} : {title}").format(bal=whose, title=_lowered(sentence.title))
            )
        self._waiting = [pair for pair in self._waiting if pair[1] != sentence][: _KEPT - 1]
        self._waiting.insert(0, (told, sentence))
        self._fill()

    def dismiss(self) -> None:
        """The person has read it: the one before, if any."""
        if self._waiting:
            self._waiting.pop(0)
        self._fill()

    def clear(self) -> None:
        """Nothing is shown any more."""
        self._waiting.clear()
        self._fill()

    def _fill(self) -> None:
        self.setVisible(bool(self._waiting))
        if not self._waiting:
            return
        told, sentence = self._waiting[0]
        self._paint_sign()
        self.title.setText(sentence.title)
        self.text.setText(sentence.text)
        self.text.setVisible(bool(sentence.text))
        self.setAccessibleName(f"{sentence.title}. {sentence.text}")
        self.action.setText(sentence.action)
        self.action.setVisible(bool(sentence.action) and sentence.deed is not Deed.NONE)
        self.more.setVisible(bool(sentence.details))
        self.more.setChecked(False)
        reference = self.tr("{details} (acte : {context}, n° {id})")
        self.details.setText(reference.format(details=sentence.details, context=told.context, id=told.id))
        self._on_more(False)

    def _paint_sign(self) -> None:
        self.sign.setPixmap(pixmap("warning", self.fontMetrics().height() + 4, colours().danger))

    def _on_more(self, on: bool) -> None:
        self.details.setVisible(on)
        self.copy.setVisible(on)

    def _on_action(self) -> None:
        if self._waiting:
            told, sentence = self._waiting[0]
            self.dismiss()
            self.acted.emit(told, sentence.deed)


def _lowered(title: str) -> str:
    """A title that goes on after a name."""
    return title[:1].lower() + title[1:]
