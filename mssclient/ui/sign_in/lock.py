"""The cover: when the workstation locks, every window of the program hides what it shows, at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QToolTip, QVBoxLayout, QWidget

from mssclient.ui.icons import pixmap
from mssclient.ui.theme import colours
from mssclient.ui.widgets import clipboard
from mssclient.ui.widgets.labels import PlainLabel

_PASSING = {Qt.WindowType.Popup, Qt.WindowType.ToolTip, Qt.WindowType.SplashScreen}


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
        self._neutral = neutral_title
        self._title = window.windowTitle()
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
                child.hide()
                self._hidden.append(child)
        window.setWindowTitle(neutral_title)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()

    def lift(self) -> None:
        """Show what was shown, the keyboard where it was."""
        self._window.removeEventFilter(self)
        for child in self._hidden:
            child.show()
        self._window.setMinimumSize(self._size)
        self._window.setWindowTitle(self._title)
        self.hide()
        self.deleteLater()
        if self._focus is not None and self._focus.isVisible():
            self._focus.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window:
            if event.type() == QEvent.Type.Resize:
                self.setGeometry(self._window.rect())
            elif event.type() == QEvent.Type.WindowTitleChange and self._window.windowTitle() != self._neutral:
                self._title = self._window.windowTitle()
                self._window.setWindowTitle(self._neutral)
        return False


class Lock(QObject):
    """Covers and uncovers all top-level windows. `inside_of` makes what the cover of a window shows."""

    def __init__(self, inside_of: Callable[[QWidget], QWidget | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inside_of = inside_of
        self._covers: dict[QWidget, Cover] = {}
        self._spared: QWidget | None = None
        self._whose = ""
        self._on = False

    def spare(self, window: QWidget) -> None:
        """Never cover this window: the demonstration's panel stands for the world outside the workstation."""
        self._spared = window

    @property
    def on(self) -> bool:
        """Whether the windows are covered."""
        return self._on

    @property
    def whose(self) -> str:
        """National id of the person whose windows are covered."""
        return self._whose

    def cover(self, national_id: str) -> None:
        """Hide everything, in this turn of the loop: menus, dialogs, tool tips, the clipboard, then all windows."""
        if self._on:
            return
        self._on = True
        self._whose = national_id
        app = QApplication.instance()
        for window in list(QApplication.topLevelWidgets()):
            self._hide(window)
        QToolTip.hideText()
        clipboard.clear_ours()
        if app is not None:
            app.installEventFilter(self)

    def lift(self) -> None:
        """The same person is back: everything as it was."""
        self._off()
        covers, self._covers = self._covers, {}
        for cover in covers.values():
            cover.lift()

    def drop(self, keep: QWidget) -> None:
        """Another person, or nobody: the windows of the first go away unasked, `keep` is only uncovered."""
        self._off()
        covers, self._covers = self._covers, {}
        for window, cover in covers.items():
            if window is keep:
                cover.lift()
            else:
                # Not `close`: what a closing window would still keep belongs in the store of somebody who left.
                window.hide()
                window.deleteLater()

    def _off(self) -> None:
        self._on = False
        self._whose = ""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def _hide(self, window: QWidget) -> None:
        spared = self._spared is not None and (window is self._spared or self._spared.isAncestorOf(window))
        if window.isHidden() or window in self._covers or spared:
            return
        if window.windowType() in _PASSING:
            window.close()
            return
        if isinstance(window, QDialog) and window.isModal():
            window.reject()
            return
        inside = self._inside_of(window) or plain_inside(self.tr("Poste verrouillé"), window)
        self._covers[window] = Cover(window, inside, self.tr("mssclient – verrouillé"))
        window.destroyed.connect(lambda _gone=None, window=window: self._covers.pop(window, None))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in {QEvent.Type.Shortcut, QEvent.Type.ContextMenu}:
            # Shortcuts of the covered windows must not act; the cover itself has none.
            return True
        if kind == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self._hide(watched)
        return False


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
