"""Paints one decoded page, scaled to the width that is wanted while a sharper one is being made."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mssclient.engine.api import Picture
from mssclient.ui.theme import colours


class PageCanvas(QWidget):
    """A page, `wide` logical pixels wide. The picture is raw RGBA: nothing foreign is parsed here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._wide = 400
        self.setObjectName("preview.page")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_picture(self, picture: Picture) -> None:
        """Take another page."""
        shape = (picture.width, picture.height, picture.width * 4)
        # A deep copy: QImage does not keep the bytes it was made from alive.
        self._image = QImage(picture.rgba, *shape, QImage.Format.Format_RGBA8888).copy()
        self._fit()

    def set_wide(self, wide: int) -> None:
        """How wide the page is shown, in logical pixels."""
        self._wide = max(80, wide)
        self._fit()

    def forget(self) -> None:
        """Show nothing and keep nothing."""
        self._image = QImage()
        self._fit()

    def has_page(self) -> bool:
        """Whether a page shows."""
        return not self._image.isNull()

    def _fit(self) -> None:
        self.resize(self.sizeHint())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._image.isNull():
            return QSize(self._wide, 0)
        return QSize(self._wide, max(1, round(self._image.height() * self._wide / self._image.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # A page is paper in both themes: transparent images would vanish on a dark ground.
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        painter.drawImage(QRect(0, 0, self.width(), self.height()), self._image)
        painter.setPen(QColor(colours().edge))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
