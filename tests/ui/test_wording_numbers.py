"""Numbers follow the language of the sentences around them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from mssclient.ui import wording

_SAID = {"9\u202f300": "9,300", "9,4": "9.4", "{n} Mo": "{n} MB", "{n}\u00a0Mo": "{n}\u00a0MB"}


class English(QTranslator):
    """What a catalogue says of the two examples, and of a size."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """A translation, or nothing for Qt to go on with."""
        return _SAID.get(source, "")

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def english(qapp: QApplication) -> Iterator[None]:
    catalogue = English(qapp)
    QCoreApplication.installTranslator(catalogue)
    yield
    QCoreApplication.removeTranslator(catalogue)


def test_in_french(qapp: QApplication) -> None:
    assert wording.number(612_408) == "612\u202f408"
    assert wording.number(1_234_567) == "1\u202f234\u202f567"
    assert wording.size(9_856_614).startswith("9,4")


def test_in_english(english: None) -> None:
    assert wording.number(612_408) == "612,408"
    assert wording.number(1_234_567) == "1,234,567"
    assert wording.size(9_856_614).startswith("9.4")
