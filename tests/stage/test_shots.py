"""The pictures: one is written and shows something, a blank one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from mssclient.stage.loop import NeverHappened, until
from mssclient.stage.shots import Camera
from mssclient.ui.theme import theme


def test_a_picture_is_written_in_each_theme_and_is_not_blank(qtbot: QtBot, tmp_path: Path) -> None:
    label = QLabel("Boîte de réception")
    qtbot.addWidget(label)
    camera = Camera(tmp_path)
    camera.shoot(label, "label", ((200, 40),))
    assert [path.name for path in camera.taken] == ["label-light-200x40.png", "label-dark-200x40.png"]
    assert not camera.missing
    light, dark = (QImage(str(path)) for path in camera.taken)
    assert (light.width(), light.height()) == (200, 40)
    assert light.pixelColor(1, 1).lightness() > 200
    assert dark.pixelColor(1, 1).lightness() < 60
    assert not theme.dark


def test_a_blank_picture_is_told_as_missing(qtbot: QtBot, tmp_path: Path) -> None:
    nothing = QWidget()
    qtbot.addWidget(nothing)
    camera = Camera(tmp_path, ("light",))
    camera.shoot(nothing, "nothing", ((100, 60),))
    assert camera.missing == ["nothing-light-100x60"]
    assert not list(tmp_path.iterdir())


def test_waiting_ends_when_it_never_happens(qtbot: QtBot) -> None:
    with pytest.raises(NeverHappened, match="the moon"):
        until(lambda: False, "the moon", 0.05)
