"""One family of line icons, recoloured to the palette; never shown without a text or an accessible name."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

from mssclient.domain.address import CorrespondentKind
from mssclient.domain.bal import FolderRole
from mssclient.ui.theme import colours, resource, theme

_SIZES = (16, 20, 24, 32, 48)
_NAME = "iconName"

OF_KIND = {
    CorrespondentKind.PROFESSIONAL: "practitioner",
    CorrespondentKind.ORGANISATION: "organisation",
    CorrespondentKind.APPLICATION: "application",
    CorrespondentKind.USAGER: "usager",
    CorrespondentKind.OUTSIDE: "outside",
}
OF_ROLE = {
    FolderRole.INBOX: "inbox",
    FolderRole.DRAFTS: "drafts",
    FolderRole.SENT: "sent",
    FolderRole.TRASH: "trash",
    FolderRole.JUNK: "junk",
    FolderRole.ARCHIVE: "shelf",
    FolderRole.OTHER: "folder",
    FolderRole.TRASHED: "folder",
}


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text("utf-8")


@lru_cache(maxsize=2048)
def _drawn(name: str, pixels: int, colour: str) -> QPixmap:
    image = QPixmap(pixels, pixels)
    image.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return image


def pixmap(name: str, edge: int, colour: str = "") -> QPixmap:
    """An icon as a picture, `edge` logical pixels, in `colour` (the text's when not given)."""
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    image = QPixmap(_drawn(name, round(edge * ratio), colour or colours().text))
    image.setDevicePixelRatio(ratio)
    return image


def icon(name: str, colour: str = "") -> QIcon:
    """An icon for a button or an action, in today's colours; see `put` for one that follows the theme."""
    made = QIcon()
    shade, off = colour or colours().text, QColor(colours().field).name()
    for edge in _SIZES:
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
            made.addPixmap(_drawn(name, edge, shade), mode)
        made.addPixmap(_drawn(name, edge, off), QIcon.Mode.Disabled)
    return made


def media_icon(media_type: str, is_xdm: bool = False) -> str:
    """Name of the icon of a kind of file."""
    if is_xdm:
        return "health"
    if media_type == "application/pdf":
        return "pdf"
    if media_type.startswith("image/"):
        return "image"
    if "zip" in media_type:
        return "archive"
    return "document"


def side() -> QSize:
    """Icons of buttons grow with the letters."""
    edge = max(18, QFontMetrics(QApplication.font()).height() + 3)
    return QSize(edge, edge)


def put(target: QAction | QAbstractButton, name: str, role: str = "text") -> None:
    """Give an icon that is redrawn when the theme changes; `role` is a field of `Colours`."""
    target.setProperty(_NAME, f"{name} {role}")
    target.setIcon(icon(name, getattr(colours(), role)))
    if isinstance(target, QAbstractButton):
        target.setIconSize(side())


def _redraw() -> None:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    for widget in app.allWidgets():
        targets = [*widget.actions(), *([widget] if isinstance(widget, QAbstractButton) else [])]
        for target in targets:
            name = target.property(_NAME)
            if name and isinstance(target, QAction | QAbstractButton):
                sign, _, role = str(name).partition(" ")
                target.setIcon(icon(sign, getattr(colours(), role)))
                if isinstance(target, QAbstractButton):
                    target.setIconSize(side())


theme.changed.connect(_redraw)
