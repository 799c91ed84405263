"""What is said aloud to a screen reader without moving the keyboard: digits to recognise, a wait, a session's end."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


class Voice(QObject):
    """One a program; main thread. `said` carries every announcement, for whoever listens beside a screen reader."""

    said = Signal(str)

    def say(self, widget: QWidget, text: str, *, at_once: bool = False) -> None:
        """Announce a sentence about a widget; `at_once` cuts what is being read (EN 301 549, 11.5.2.15: a change
        that nobody moved to is told all the same)."""
        if not text:
            return
        event = QAccessibleAnnouncementEvent(widget, text)
        if at_once:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)
        self.said.emit(text)


voice = Voice()
