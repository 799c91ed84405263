"""`mssclient demo`: the sandbox and the window on a throw-away home, and a panel that plays the outside world."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QGroupBox, QLabel, QPushButton, QVBoxLayout, QWidget

from mssclient import app
from mssclient.domain.machine import Machine
from mssclient.sandbox.people import Staff
from mssclient.stage.browser import StandInBrowser
from mssclient.stage.reader import StageReader
from mssclient.stage.theatre import Theatre


class Panel(QWidget):
    """The outside world in one small window: card, telephone, post, line."""

    def __init__(self, theatre: Theatre, reader: StageReader) -> None:
        super().__init__()
        self._theatre = theatre
        self._reader = reader
        self.setWindowTitle(self.tr("Le monde extérieur"))
        self.setObjectName("demo-panel")
        layout = QVBoxLayout(self)
        introduction = QLabel(self.tr("Ce panneau joue ce qui entoure le poste de travail. Tout est fictif."))
        introduction.setWordWrap(True)
        layout.addWidget(introduction)
        self._people = QComboBox()
        self._people.setAccessibleName(self.tr("Personne"))
        for member in theatre.institution.people:
            self._people.addItem(f"{member.person.name}, {member.profession}", member.role)
        box = self._group(layout, self.tr("Carte et navigateur"))
        box.addWidget(self._people)
        self._button(box, self.tr("Insérer la carte"), self._insert)
        self._button(box, self.tr("Retirer la carte"), self._remove)
        box = self._group(layout, self.tr("Téléphone (e-CPS)"))
        self._button(box, self.tr("Approuver la demande"), lambda: self._phone(yes=True))
        self._button(box, self.tr("Refuser la demande"), lambda: self._phone(yes=False))
        box = self._group(layout, self.tr("Courrier"))
        self._button(box, self.tr("Un message arrive"), lambda: theatre.deliver("plain"))
        self._button(box, self.tr("Un compte rendu arrive (IHE_XDM)"), lambda: theatre.deliver("xdm"))
        self._button(box, self.tr("Un usager écrit"), lambda: theatre.deliver("usager"))
        box = self._group(layout, self.tr("Ligne et session"))
        self._button(box, self.tr("Couper la ligne"), theatre.cut)
        self._button(box, self.tr("Rétablir la ligne"), theatre.mend)
        self._button(box, self.tr("Faire expirer la session"), theatre.expire)
        self._said = QLabel()
        self._said.setWordWrap(True)
        self._said.setAccessibleName(self.tr("Dernier événement"))
        layout.addWidget(self._said)
        layout.addStretch(1)

    def person(self) -> Staff:
        """Who is chosen: the one whose card goes in, and who answers PSC's page."""
        return self._theatre.institution.staff(self._people.currentData())

    def _group(self, layout: QVBoxLayout, title: str) -> QVBoxLayout:
        box = QGroupBox(title)
        inner = QVBoxLayout(box)
        layout.addWidget(box)
        return inner

    def _button(self, layout: QVBoxLayout, text: str, act: object) -> None:
        button = QPushButton(text)

        def pressed() -> None:
            act()  # type: ignore[operator]
            self._said.setText(text)

        button.clicked.connect(pressed)
        layout.addWidget(button)

    def _insert(self) -> None:
        member = self.person()
        self._theatre.provider.card = member.person.national_id
        self._reader.insert(member.card)

    def _remove(self) -> None:
        self._theatre.provider.card = None
        self._reader.remove()

    def _phone(self, *, yes: bool) -> None:
        self._theatre.approve(yes=yes)


def run(home: str | None, *, bulk: int = 0) -> int:
    """The demonstration, until its windows are closed. Everything it made is removed, but for a home that was given."""
    qt = app.qt_application()
    with app.leaving_when_told(qt):
        folder = Path(tempfile.mkdtemp(prefix="mssclient-demo-"))
        try:
            with Theatre(folder / "sandbox", bulk=bulk) as theatre:
                return _play(qt, theatre, Path(home).expanduser().absolute() if home else folder / "home")
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _place(panel: Panel, window: QWidget) -> None:
    """The panel beside the window where the screen has room, else over its right edge. It ends with the window."""
    panel.setWindowFlag(Qt.WindowType.Tool)
    panel.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
    panel.adjustSize()
    room = panel.screen().availableGeometry()
    window.move(room.topLeft())
    panel.move(min(window.frameGeometry().right() + 1, room.right() - panel.width()), room.top())
    panel.show()


def _play(qt: QApplication, theatre: Theatre, home: Path) -> int:
    reader = StageReader()
    panel = Panel(theatre, reader)
    browser = StandInBrowser(theatre.web_context(), theatre.operator.hosts(), lambda: panel.person().person.national_id)
    sys.excepthook = app.last_chance
    application = app.Application(
        app.load_environment(str(theatre.environment_file), Machine()), home, reader=reader, browser=browser
    )
    app.start_logging(home)
    try:
        application.start()
        _place(panel, application.window)
        application.window.lock.spare(panel)
        return qt.exec()
    finally:
        application.stop()
