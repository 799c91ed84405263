"""The settings: each choice applies and is kept at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QRadioButton
from pytestqt.qtbot import QtBot

from mssclient.domain.bal import BalId
from mssclient.domain.errors import Distrust, Untrusted
from mssclient.domain.events import BalsChanged
from mssclient.domain.read_receipts import ReceiptPolicy
from mssclient.engine.api import Preferences
from mssclient.ui.settings.dialog import SettingsDialog
from mssclient.ui.theme import theme
from tests.ui.desk import Desk, signed_in, unnamed

# The offscreen platform says this for every window that has a layout.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return signed_in()


@pytest.fixture
def dialog(desk: Desk, qtbot: QtBot) -> Iterator[SettingsDialog]:
    made = SettingsDialog(desk.engine, desk.herald)
    qtbot.addWidget(made)
    made.show()
    yield made
    theme.apply("system")


def test_each_choice_is_kept_at_once(desk: Desk, dialog: SettingsDialog, qtbot: QtBot) -> None:
    desk.engine.kept = Preferences(geometry="opaque", last_folder=7)
    with qtbot.waitSignal(dialog.preferences_changed) as told:
        dialog.findChild(QRadioButton, "settings.pane.classic").click()
    dialog.appearance.two_lines.click()
    dialog.appearance.conversations.click()

    wanted = Preferences(pane="classic", two_lines=True, conversations=True, geometry="opaque", last_folder=7)
    assert desk.engine.kept == wanted
    assert told.args[0].pane == "classic"


def test_the_theme_changes_at_once(desk: Desk, dialog: SettingsDialog) -> None:
    dialog.findChild(QRadioButton, "settings.theme.dark").click()
    assert theme.dark

    dialog.findChild(QRadioButton, "settings.theme.light").click()
    assert not theme.dark
    assert desk.engine.kept.theme == "light"


def test_text_grows_to_twice_its_size(desk: Desk, dialog: SettingsDialog) -> None:
    dialog.appearance.scale.setValue(20)

    assert desk.engine.kept.text_scale == 200
    assert dialog.appearance.percent.text() == "200\u00a0%"


def test_the_mailboxes_and_how_they_stand(desk: Desk, dialog: SettingsDialog) -> None:
    said = [dialog.bals.list.item(row).text() for row in range(dialog.bals.list.count())]

    assert len(said) == 3
    assert "hors ligne" in said[2]
    assert "1,3\u00a0Go sur 1,9\u00a0Go" in said[0]


def test_adding_a_mailbox(desk: Desk, dialog: SettingsDialog) -> None:
    dialog.bals.address.setText("pas une adresse")
    dialog.bals.add.click()
    assert desk.engine.asked("add_bal") == []
    assert "complète" in dialog.bals.notice.text

    dialog.bals.address.setText(" SSIAD@Tilleuls.mss.example ")
    dialog.bals.add.click()
    assert desk.engine.asked("add_bal") == [("ssiad@tilleuls.mss.example",)]

    first = desk.engine.reader.bal_list[0]
    desk.engine.reader.bal_list.append(replace(first, id=BalId(4), address="ssiad@tilleuls.mss.example", label="SSIAD"))
    desk.herald.post(BalsChanged())
    desk.settle()
    assert dialog.bals.notice.text == "Boîte ajoutée\u00a0: SSIAD"


def test_a_mailbox_that_cannot_be_found(desk: Desk, dialog: SettingsDialog) -> None:
    dialog.bals.address.setText("a@b.example")
    dialog.bals.add.click()
    desk.engine.tell(Untrusted(Distrust.DISCOVERY, "b.example"), "bal")
    desk.settle()

    assert "n’a pas été trouvé" in dialog.bals.notice.text


def test_the_folder(desk: Desk, dialog: SettingsDialog, tmp_path: Path) -> None:
    dialog.folder.set_folder(str(tmp_path))

    assert desk.engine.folder == tmp_path
    assert dialog.folder.path.text() == str(tmp_path)


def test_the_directory(desk: Desk, dialog: SettingsDialog) -> None:
    assert "8\u202f731 domaines" in dialog.directory.trusted.text()

    dialog.directory.refresh.click()
    assert desk.engine.asked("refresh_directory") == [()]


def test_about(dialog: SettingsDialog) -> None:
    assert dialog.findChild(QLabel, "settings.environment").text() == "formation (pas de vrais messages)"
    assert "EUPL" in dialog.findChild(QLabel, "settings.licence").text()


@pytest.mark.parametrize("page", ["appearance", "bals", "folder", "directory", "about"])
def test_every_page_opens_and_is_named(dialog: SettingsDialog, page: str) -> None:
    dialog.show_page(page)

    assert dialog.tabs.currentWidget() is getattr(dialog, page)
    assert unnamed(dialog) == []


def test_read_receipts_are_decided_mailbox_by_mailbox_or_for_all(desk: Desk, dialog: SettingsDialog) -> None:
    page = dialog.receipts
    assert page.all.currentData() is ReceiptPolicy.ASK
    first, second = BalId(1), BalId(2)
    page.choices[first].setCurrentIndex(page.choices[first].findData(ReceiptPolicy.NEVER))
    page.choices[first].activated.emit(2)
    assert desk.engine.receipt_policies == {first: ReceiptPolicy.NEVER}
    assert page.all.currentData() is None
    page.all.setCurrentIndex(page.all.findData(ReceiptPolicy.ALWAYS))
    page.all.activated.emit(2)
    assert set(desk.engine.receipt_policies.values()) == {ReceiptPolicy.ALWAYS}
    assert set(desk.engine.receipt_policies) == {b.id for b in desk.engine.world.bal_list}
    desk.engine.receipt_policies[second] = ReceiptPolicy.ASK
    desk.engine.announce(BalsChanged())
    desk.settle()
    assert page.choices[second].currentData() is ReceiptPolicy.ASK
    dialog.show_page("receipts")
    assert unnamed(dialog) == []
