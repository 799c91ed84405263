"""What `installer/fresh_catalogues.py` collects: every French string under the context it has at run time."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOP = Path(__file__).resolve().parent.parent


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The collector, at home in an empty folder."""
    spec = importlib.util.spec_from_file_location("fresh_catalogues", TOP / "installer" / "fresh_catalogues.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "fresh_catalogues", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "TOP", tmp_path)
    monkeypatch.setattr(module, "CATALOGUES", tmp_path / "i18n")
    (tmp_path / "i18n").mkdir()
    (tmp_path / "mssclient" / "ui").mkdir(parents=True)
    return module


def write(tool: ModuleType, text: str) -> None:
    (tool.TOP / "mssclient" / "ui" / "piece.py").write_text(text, "utf-8")


SEEN = '''
CONTEXT = "kept"
TABLE = {1: QT_TRANSLATE_NOOP("table", "Refusé")}
def _tr(text):
    """Words."""
    return QCoreApplication.translate("helper", text)
class Window:
    def show(self):
        self.tr("Deux "
                "morceaux")
        _tr("aidé")
        translate(CONTEXT, "constant")
        translate("table", str(TABLE[1]))
        self.tr("%n message(s)", "", 2)
'''


def test_contexts_are_those_of_run_time(tool: ModuleType) -> None:
    write(tool, SEEN)
    sources, complaints = tool.collect()
    assert not complaints
    assert {(s.context, s.text, s.plural) for s in sources} == {
        ("table", "Refusé", False),
        ("helper", "aidé", False),
        ("Window", "Deux morceaux", False),
        ("kept", "constant", False),
        ("Window", "%n message(s)", True),
    }


@pytest.mark.parametrize(
    "call", ["translate('x', words)", "other.tr('Bonjour')", "self.tr(words)", "tool.tr(f'{n} a')"]
)
def test_what_no_catalogue_can_hold_is_told(tool: ModuleType, call: str) -> None:
    write(tool, f"class Window:\n    def show(self):\n        {call}\n")
    assert "piece.py:3" in tool.collect()[1][0]


def test_a_new_string_an_old_one_and_a_missing_translation_are_told(tool: ModuleType) -> None:
    write(tool, "class Window:\n    def show(self):\n        self.tr('Envoyer')\n")
    sources, _ = tool.collect()
    assert any("lacks 1 strings" in line for line in tool.stale(sources))
    tool.update(sources, tool.CATALOGUES)
    assert any("1 strings without translation" in line for line in tool.stale(sources))
    catalogue = tool.CATALOGUES / "mssclient_en.ts"
    done = catalogue.read_text("utf-8").replace('<translation type="unfinished">', "<translation>Send")
    catalogue.write_text(done, "utf-8")
    assert tool.stale(sources) == []
    assert any("no source says any more" in line for line in tool.stale([tool.Source("Window", "Joindre")]))


def test_french_has_a_catalogue_once_something_is_counted(tool: ModuleType) -> None:
    tool.update([tool.Source("Window", "%n message(s)", plural=True), tool.Source("Window", "Oui")], tool.CATALOGUES)
    assert len(tool.entries(tool.CATALOGUES / "mssclient_en.ts")) == 2
    assert list(tool.entries(tool.CATALOGUES / "mssclient_fr.ts")) == [("Window", "%n message(s)")]
