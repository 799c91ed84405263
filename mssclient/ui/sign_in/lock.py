"""The lock: when the workstation locks, every window of the program hides what it shows, at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from shiboken6 import isValid

from mssclient.ui.sign_in.cover import Cover, dismiss, is_passing, plain_inside
from mssclient.ui.widgets import clipboard

__all__ = ["Cover", "Lock"]

_KEYS = {QEvent.Type.Shortcut, QEvent.Type.ContextMenu}


class Lock(QObject):
    """Covers and uncovers all top-level windows. `inside_of` makes what the cover of a window shows."""

    def __init__(self, inside_of: Callable[[QWidget], QWidget | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inside_of = inside_of
        self._covers: dict[QWidget, Cover] = {}
        self._spared: QWidget | None = None
        self._active: QWidget | None = None
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
        """Hide everything, in this turn of the loop: all windows, what floats above them, then the clipboard."""
        if self._on:
            return
        self._on = True
        self._whose = national_id
        self._active = QApplication.activeWindow()
        windows = list(QApplication.topLevelWidgets())
        for window in windows:
            self._hide(window)
        # What is dragged is painted beside the pointer, above everything. Asked for only then: not every system has it.
        if any(window.findChildren(QDrag) for window in windows if isValid(window)):
            QDrag.cancel()
        QToolTip.hideText()
        clipboard.clear_ours()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def lift(self) -> None:
        """The same person is back: everything as it was, the same window in front."""
        active = self._active
        self._off()
        covers, self._covers = self._covers, {}
        for cover in covers.values():
            cover.lift()
        if active is not None and isValid(active) and active.isVisible():
            active.activateWindow()

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
        self._active = None
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def _hide(self, window: QWidget) -> None:
        spared = self._spared is not None and (window is self._spared or self._spared.isAncestorOf(window))
        if window.isHidden() or window in self._covers or spared:
            return
        if is_passing(window):
            dismiss(window)
        else:
            self._lay_over(window)

    def _lay_over(self, window: QWidget) -> None:
        inside = self._inside_of(window) or plain_inside(self.tr("Poste verrouillé"), window)
        # Qt adds the program's name to a title that does not end with it.
        self._covers[window] = Cover(window, inside, self.tr("Verrouillé – mssclient"))
        window.destroyed.connect(lambda _gone=None, window=window: self._covers.pop(window, None))

    def _at_birth(self, window: QWidget) -> None:
        """A window that comes while locked is covered before it shows; one that passes cannot be refused from inside
        its own showing, so it goes in the next turn, covered until then."""
        if self._spared is not None and (window is self._spared or self._spared.isAncestorOf(window)):
            return
        if window in self._covers:
            return
        self._lay_over(window)
        if is_passing(window):
            QTimer.singleShot(0, window, lambda: dismiss(window))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride:
            # The key goes to what has the keyboard, on a cover, and to no shortcut of what is covered.
            event.accept()
            return True
        if kind in _KEYS:
            return True
        if kind == QEvent.Type.Show and isinstance(watched, QWidget):
            self._on_show(watched)
        return False

    def _on_show(self, widget: QWidget) -> None:
        if widget.isWindow():
            self._at_birth(widget)
            return
        window: QWidget | None = widget.parentWidget()
        cover = self._covers.get(window) if window is not None else None
        if cover is not None and widget is not cover:
            # News of the engine may show a strip or a list in a covered window: it waits for the cover to lift.
            cover.hide_child(widget)
