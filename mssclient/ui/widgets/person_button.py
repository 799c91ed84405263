"""Who is there, and in which activity: a button whose menu holds what concerns the person."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from mssclient.domain.session import Activity, Person
from mssclient.ui.commands import Commands

_WIDEST_EM = 13


class PersonButton(QToolButton):
    """Empty while nobody is there. Its text is the name, its description the activity. Main thread."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("window.person")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self.show_person(None, None)

    def fill(self, commands: Commands, names: tuple[str, ...]) -> None:
        """Put commands in the menu; an empty name is a line."""
        for name in names:
            _ = self._menu.addAction(commands.named(name)) if name else self._menu.addSeparator()

    def show_person(self, person: Person | None, activity: Activity | None) -> None:
        """Name whoever is there."""
        name = person.name if person else ""
        place = ""
        if activity is not None:
            profession = ", ".join(piece for piece in (activity.profession, activity.speciality) if piece)
            place = " – ".join(piece for piece in (profession, activity.structure) if piece)
        metrics = self.fontMetrics()
        room = _WIDEST_EM * metrics.height()
        self.setText(metrics.elidedText(name, Qt.TextElideMode.ElideRight, room).replace("&", "&&"))
        self.setToolTip("\n".join(piece for piece in (name, place) if piece))
        self.setAccessibleName(
            QCoreApplication.translate("toolbar", "Personne connectée : {name}").format(name=name) if name else ""
        )
        self.setAccessibleDescription(place)
