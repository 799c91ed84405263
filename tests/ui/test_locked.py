"""What the administrator of the workstation fixed is shown, and cannot be changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from mssclient.domain.errors import Distrust, Untrusted
from mssclient.ui import wording
from mssclient.ui.filing.panel import FilingPanel
from mssclient.ui.settings.dialog import SettingsDialog
from tests.ui.desk import Desk, signed_in

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    found = signed_in()
    found.engine.environment = replace(found.engine.environment, locked=frozenset({"filing.folder", "bals"}))
    return found


def said(widget: object) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))  # type: ignore[attr-defined]


def test_the_settings_show_what_is_fixed(desk: Desk, qtbot: QtBot) -> None:
    dialog = SettingsDialog(desk.engine, desk.herald)
    qtbot.addWidget(dialog)
    assert not dialog.folder.choose.isEnabled()
    assert "administrateur" in said(dialog.folder)
    assert not dialog.bals.address.isEnabled()
    assert not dialog.bals.add.isEnabled()
    assert "administrateur" in said(dialog.bals)


def test_free_settings_stay_free(qtbot: QtBot) -> None:
    free = signed_in()
    dialog = SettingsDialog(free.engine, free.herald)
    qtbot.addWidget(dialog)
    assert dialog.folder.choose.isEnabled()
    assert dialog.bals.add.isEnabled()
    assert "administrateur" not in said(dialog)


def test_the_filing_panel_offers_no_other_folder(desk: Desk, qtbot: QtBot) -> None:
    panel = FilingPanel(desk.engine, desk.herald)
    qtbot.addWidget(panel)
    assert not panel.choose.isEnabled()
    panel.choose_folder()
    assert panel.findChild(QFileDialog) is None


@pytest.mark.parametrize(
    ("reason", "words"),
    [(Distrust.ENVIRONMENT, "Deux environnements sont mélangés"), (Distrust.REVOCATION, "certificats révoqués")],
)
def test_what_is_not_trusted_is_worded(reason: Distrust, words: str) -> None:
    sentence = wording.failure(Untrusted(reason, "relais.example"), "sign in")
    assert words in sentence.title
    assert "service informatique" in sentence.text
