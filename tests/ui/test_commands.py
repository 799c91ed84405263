"""Everything by keyboard, every key once, every command findable."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableWidget

from mssclient.ui.palette import CommandPalette, KeyList
from tests.ui.conftest import Stage

PROMISED = {
    "Ctrl+N": "new", "Ctrl+R": "reply", "Ctrl+Shift+R": "reply_all", "Ctrl+L": "forward", "Del": "delete",
    "Ctrl+Z": "undo", "Ctrl+F": "find", "Ctrl+K": "search", "F6": "next_pane", "N": "next_unread",
    "P": "previous_unread", "F1": "keys", "Ctrl+Shift+P": "palette", "Ctrl+Shift+L": "lock", "Ctrl+D": "file",
}  # fmt: skip


@pytest.mark.parametrize(("keys", "name"), PROMISED.items())
def test_the_promised_keys(stage: Stage, keys: str, name: str) -> None:
    assert keys in [k.toString() for k in stage.window.commands.named(name).shortcuts()]


def test_no_key_stands_twice(stage: Stage) -> None:
    every = Counter(key.toString() for c in stage.window.commands.all() for key in c.action.shortcuts())
    assert [key for key, times in every.items() if times > 1] == []


def test_the_palette_finds_by_a_few_letters_without_accents(stage: Stage) -> None:
    stage.sign_in()
    stage.do("palette")
    palette = stage.window.findChild(CommandPalette)
    assert palette is not None
    palette.words.setText("repondre tous")
    assert palette.found.count() == 1
    QTest.keyClick(palette.words, Qt.Key.Key_Return)
    assert len(stage.engine.asked("answer")) == 1


def test_the_palette_offers_only_what_can_be_done(stage: Stage) -> None:
    stage.sign_in()
    stage.window.commands.enable(False, "undo")
    palette = CommandPalette(stage.window.commands, stage.window)
    palette.words.setText("annuler")
    assert palette.found.count() == 0
    palette.deleteLater()


def test_f1_lists_every_key(stage: Stage) -> None:
    stage.sign_in()
    stage.do("keys")
    shown = stage.window.findChild(KeyList)
    assert shown is not None
    table = shown.findChild(QTableWidget)
    assert table is not None
    said = " ".join(table.item(n, 0).text() for n in range(table.rowCount()))
    for keys in PROMISED:
        assert keys in said


def test_nothing_can_be_done_before_one_is_signed_in(stage: Stage) -> None:
    assert [c.name for c in stage.window.commands.all() if c.action.isEnabled()] == []
