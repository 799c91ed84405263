"""Which of several activities a person practises in today: Pro Santé Connect picks none (identity of the person)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from mssclient.domain.session import Activity, Person
from mssclient.engine.api import Engine
from mssclient.ui.theme import theme
from mssclient.ui.widgets.labels import PlainLabel, centred

_WIDTH_EM = 36
_MARGIN = 36
_MOST_SHOWN = 7


def profession_of(activity: Activity) -> str:
    """Profession and speciality in one line."""
    return ", ".join(piece for piece in (activity.profession, activity.speciality) if piece)


class ActivityList(QListWidget):
    """A person's activities, two lines each; `wanted` carries the one that was chosen by Enter or double click."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activities")
        self.setAccessibleName(self.tr("Vos activités"))
        self.setWordWrap(True)
        self.setSpacing(2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._activities: tuple[Activity, ...] = ()
        self.itemActivated.connect(lambda _item: self._want())

    def show_person(self, person: Person | None, chosen: Activity | None) -> None:
        """List the activities of a person, the chosen one marked; none for nobody."""
        self._activities = person.activities if person else ()
        self.clear()
        for activity in self._activities:
            lines = [profession_of(activity) or self.tr("Profession non précisée")]
            place = activity.structure or self.tr("Structure non précisée")
            if activity.structure_id:
                place = self.tr("{structure} (n° {id})").format(structure=place, id=activity.structure_id)
            lines.append(place)
            item = QListWidgetItem("\n".join(lines))
            said = ", ".join(lines)
            if activity == chosen:
                said = self.tr("{activity}, activité actuelle").format(activity=said)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            self.addItem(item)
        if self._activities:
            self.setCurrentRow(self._activities.index(chosen) if chosen in self._activities else 0)

    def activity(self) -> Activity | None:
        """The marked one."""
        row = self.currentRow()
        return self._activities[row] if 0 <= row < len(self._activities) else None

    def natural_height(self) -> int:
        """Pixels for all of them, seven at most."""
        last = min(self.count(), _MOST_SHOWN) - 1
        if last < 0:
            return 0
        top, bottom = self.visualItemRect(self.item(0)).top(), self.visualItemRect(self.item(last)).bottom()
        return bottom - top + 2 * self.spacing() + 2 * self.frameWidth() + 8

    def _want(self) -> None:
        if (activity := self.activity()) is not None:
            self.wanted.emit(activity)


class ChooseActivity(QWidget):
    """A page before the desk; goes away by itself once the engine knows (`SessionChanged`). Main thread."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("choose_activity")
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._engine = engine
        self.title = QLabel(self)
        self.title.setProperty("letters", "title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.words = PlainLabel(
            self.tr(
                "Vous exercez à plusieurs endroits. Choisissez l’activité de cette session : elle accompagne vos "
                "messages. Vous pourrez en changer dans les réglages."
            ),
            self,
        )
        self.words.setProperty("muted", True)
        self.list = ActivityList(self)
        self.list.wanted.connect(engine.choose_activity)
        self.button = QPushButton(self.tr("Continuer"), self)
        self.button.setObjectName("choose_activity.go")
        self.button.setProperty("primary", True)
        self.button.setProperty("large", True)
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self._go)
        self.leave = QPushButton(self.tr("Fermer cette session"), self)
        self.leave.setObjectName("choose_activity.sign_out")
        self.leave.setFlat(True)
        self.leave.setAutoDefault(True)
        self.leave.clicked.connect(engine.sign_out)
        frame = self._frame = QFrame(self)
        frame.setProperty("card", True)
        column = QVBoxLayout(frame)
        column.setContentsMargins(_MARGIN, 30, _MARGIN, 26)
        column.setSpacing(14)
        for widget in (self.title, self.words, self.list, self.button):
            column.addWidget(widget)
        column.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignHCenter)
        page = QVBoxLayout(self)
        page.addStretch(2)
        page.addLayout(centred(frame))
        page.addStretch(3)
        theme.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Greet whoever is there, and list what they may choose."""
        person = self._engine.person()
        width = _WIDTH_EM * self.fontMetrics().height()
        self._frame.setFixedWidth(min(width, max(320, self.width() - 40)))
        self.words.wrap_at(self._frame.maximumWidth() - 2 * _MARGIN)
        self.title.setText(self.tr("Bonjour {name}").format(name=person.name) if person else "")
        here = self.list.activity()
        self.list.show_person(person, here or self._engine.activity())
        if (layout := self._frame.layout()) is not None:
            # The height of a line follows from its width, which follows from the frame's.
            layout.activate()
        self.list.setFixedHeight(min(self.list.natural_height(), max(120, self.height() * 2 // 5)))

    def forget(self) -> None:
        """Keep nothing of anybody."""
        self.title.clear()
        self.list.show_person(None, None)

    def take_keyboard(self) -> None:
        """Put the keyboard in the list."""
        self.list.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()

    def _go(self) -> None:
        if (activity := self.list.activity()) is not None:
            self._engine.choose_activity(activity)
