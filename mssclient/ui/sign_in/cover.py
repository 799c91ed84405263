"""What lies over one window while the workstation is locked, and gives back exactly what was there."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from mssclient.ui.icons import pixmap
from mssclient.ui.theme import colours
from mssclient.ui.widgets.labels import PlainLabel


class Cover(QWidget):
    """Lies over one window. What is below is hidden, not only painted over: screen readers and previews of the
    desktop see nothing either. `lift` shows again exactly what was shown."""

    def __init__(self, window: QWidget, inside: QWidget, neutral_title: str) -> None:
        super().__init__(window)
        self.setObjectName("lock.cover")
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAutoFillBackground(True)
        self._window = window
        self._title = window.windowTitle()
        # Qt wants the place of the mark in the title of whoever says that it was modified.
        self._neutral = neutral_title if "[*]" not in self._title else neutral_title.replace(" ", "[*] ", 1)
        self._modified = window.isWindowModified()
        self._focus = window.focusWidget()
        self._hidden: list[QWidget] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(inside)
        self._size = window.minimumSize()
        # Hiding the content must not let the window shrink.
        window.setMinimumSize(window.minimumSize().expandedTo(window.minimumSizeHint()))
        for child in window.children():
            if isinstance(child, QWidget) and child is not self and not child.isWindow() and not child.isHidden():
                self.hide_child(child)
        window.setWindowTitle(self._neutral)
        if self._modified:
            window.setWindowModified(False)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        # Last: hiding what had the keyboard leaves it nowhere.
        inside.setFocus()

    def hide_child(self, child: QWidget) -> None:
        """Hide something of the window until the cover lifts: at the beginning, or shown since."""
        child.hide()
        self._hidden.append(child)

    def lift(self) -> None:
        """Show what was shown, the keyboard where it was."""
        self._window.removeEventFilter(self)
        for child in self._hidden:
            if isValid(child):
                child.show()
        self._window.setMinimumSize(self._size)
        self._window.setWindowTitle(self._title)
        if self._modified:
            self._window.setWindowModified(True)
        self.hide()
        self.deleteLater()
        # What had the keyboard may have gone with the news that came meanwhile.
        if self._focus is not None and isValid(self._focus) and self._focus.isVisible():
            self._focus.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window:
            if event.type() == QEvent.Type.Resize:
                self.setGeometry(self._window.rect())
            elif event.type() == QEvent.Type.WindowTitleChange and self._window.windowTitle() != self._neutral:
                self._title = self._window.windowTitle()
                self._window.setWindowTitle(self._neutral)
            elif event.type() == QEvent.Type.ModifiedChange and self._window.isWindowModified():
                self._modified = True
                self._window.setWindowModified(False)
        return False


def is_passing(window: QWidget) -> bool:
    """Whether a window goes away by itself anyway: menus, lists of a combo, tool tips, questions that block."""
    passing = {Qt.WindowType.Popup, Qt.WindowType.ToolTip, Qt.WindowType.SplashScreen}
    return window.windowType() in passing or (isinstance(window, QDialog) and window.isModal())


def dismiss(window: QWidget) -> None:
    """Take a passing window away, as if its question had been answered with no."""
    if isinstance(window, QDialog):
        window.reject()
    else:
        window.close()
    window.hide()


def plain_inside(title: str, parent: QWidget) -> QWidget:
    """What covers a window that is not the main one: a lock and where to go on."""
    inside = QWidget(parent)
    inside.setProperty("surface", "window")
    sign = QLabel(inside)
    sign.setPixmap(pixmap("lock", 36, colours().accent))
    said = QLabel(title, inside)
    said.setProperty("letters", "title")
    words = PlainLabel(
        QCoreApplication.translate("Lock", "Identifiez-vous dans la fenêtre principale pour reprendre."), inside
    )
    words.setAlignment(Qt.AlignmentFlag.AlignCenter)
    words.setProperty("muted", True)
    column = QVBoxLayout(inside)
    column.addStretch(1)
    for widget in (sign, said):
        column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addWidget(words)
    column.addStretch(1)
    return inside
