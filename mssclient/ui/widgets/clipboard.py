"""The one way to copy: what we put on the clipboard is taken off when the workstation locks."""

from __future__ import annotations

from PySide6.QtGui import QClipboard, QGuiApplication

_MODES = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)


def copy(text: str) -> None:
    """Put a text on the clipboard."""
    QGuiApplication.clipboard().setText(text)


def clear_ours() -> None:
    """Empty the clipboard when this program filled it, by `copy` or by Ctrl+C in any of its fields."""
    board = QGuiApplication.clipboard()
    if board.ownsClipboard() and board.text():
        board.clear(_MODES[0])
    if board.supportsSelection() and board.ownsSelection():
        board.clear(_MODES[1])
