"""The one way to copy: what we put on the clipboard is taken off when the workstation locks."""

from __future__ import annotations

from PySide6.QtGui import QClipboard, QGuiApplication

_ours = [""]
"""The last text `copy` gave; some platforms cannot tell who owns the clipboard."""


def copy(text: str) -> None:
    """Put a text on the clipboard."""
    _ours[0] = text
    QGuiApplication.clipboard().setText(text)


def clear_ours() -> None:
    """Empty the clipboard when this program filled it, by `copy` or by Ctrl+C in any of its fields."""
    board = QGuiApplication.clipboard()
    if board.ownsClipboard() or (_ours[0] and board.text() == _ours[0]):
        board.clear(QClipboard.Mode.Clipboard)
    if board.supportsSelection() and board.ownsSelection():
        board.clear(QClipboard.Mode.Selection)
    _ours[0] = ""
