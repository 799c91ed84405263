"""Choosing files: our own dialog, which a lock can cover, and which remembers nothing for the next person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, QSettings, Qt, QUrl
from PySide6.QtWidgets import QFileDialog, QWidget

_last: list[Path] = []
"""The folder this person used last; forgotten when they leave."""


def file_dialog(parent: QWidget, title: str, name: str) -> QFileDialog:
    """A dialog that is not the system's: a lock could neither cover nor close that one. Delete on close; `open` it."""
    dialog = QFileDialog(parent, title)
    dialog.setObjectName(name)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setHistory([])
    home = QUrl.fromLocalFile(QDir.homePath())
    dialog.setSidebarUrls([home, QUrl.fromLocalFile(QDir.rootPath())])
    dialog.setDirectory(str(_last[0]) if _last and _last[0].is_dir() else QDir.homePath())
    dialog.filesSelected.connect(_remember)
    dialog.destroyed.connect(lambda _gone=None: _wipe())
    return dialog


def choose_target(parent: QWidget, title: str, proposed: str, chosen: Callable[[Path], None]) -> QFileDialog:
    """Ask where to write a file; `chosen` is called with the place, if one was chosen."""
    dialog = file_dialog(parent, title, "file.save")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.selectFile(proposed)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.open()
    return dialog


def forget_folders() -> None:
    """Another person comes: no folder and no file of the first is proposed."""
    _last.clear()
    _wipe()


def _remember(paths: list[str]) -> None:
    if paths:
        place = Path(paths[0])
        _last[:] = [place if place.is_dir() else place.parent]


def _wipe() -> None:
    # Qt writes the last folder and the visited files into a file that everybody on the workstation shares.
    settings = QSettings(QSettings.Scope.UserScope, "QtProject")
    settings.remove("FileDialog")
    settings.sync()
