"""The French source strings and their catalogues: `--update` collects them again, otherwise fails when one is stale.

The strings are read with `ast`, which knows what lupdate cannot see (helpers that translate, contexts kept in a
constant, the class around a `self.tr`), written down one call a line, and handed to pyside6-lupdate, which owns the .ts
format.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

TOP = Path(__file__).resolve().parent.parent
CATALOGUES = TOP / "i18n"
ROOMS = ("ui", "stage")
MARKERS = {"QT_TRANSLATE_NOOP", "QT_TRANSLATE_N_NOOP"}
PLURAL = "%n"


@dataclass(frozen=True, slots=True)
class Source:
    """One French string under its context, and whether it has plural forms."""

    context: str
    text: str
    plural: bool = False

    @property
    def line(self) -> str:
        """A call that lupdate understands."""
        context, text = (json.dumps(piece, ensure_ascii=False) for piece in (self.context, self.text))
        return f"translate({context}, {text}{', None, 2' if self.plural else ''})"


class Module:
    """The strings of one module, and complaints about calls that no catalogue can hold."""

    def __init__(self, path: Path) -> None:
        self._name = path.relative_to(TOP).as_posix()
        self.tree = ast.parse(path.read_text("utf-8"))
        self._constants = {
            target.id: node.value.value
            for node in self.tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        self._helpers = dict(self._find_helpers())
        self.sources: list[Source] = []
        self.complaints: list[str] = []
        self._walk(self.tree, "", inside_helper=False)

    def _find_helpers(self) -> Iterator[tuple[str, str]]:
        """Functions whose whole body translates their argument: name and context."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef) and len(node.args.args) == 1:
                last = node.body[-1]
                call = last.value if isinstance(last, ast.Return) else None
                if isinstance(call, ast.Call) and _called(call) == "translate" and len(call.args) == 2:
                    given = call.args[1]
                    if isinstance(given, ast.Name) and given.id == node.args.args[0].arg:
                        yield node.name, self._text(call.args[0]) or ""

    def _text(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return self._constants.get(node.id) if isinstance(node, ast.Name) else None

    def _walk(self, node: ast.AST, owner: str, *, inside_helper: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call) and not inside_helper:
                self._look(child, owner)
            inner = child.name if isinstance(child, ast.ClassDef) else owner
            helper = isinstance(child, ast.FunctionDef) and child.name in self._helpers
            self._walk(child, inner, inside_helper=inside_helper or helper)

    def _look(self, call: ast.Call, owner: str) -> None:
        name = _called(call)
        if name == "tr" and isinstance(call.func, ast.Attribute):
            receiver = call.func.value
            known = isinstance(receiver, ast.Name) and receiver.id == "self" and owner
            context, rest = (owner if known else None), call.args
        elif name in self._helpers:
            context, rest = self._helpers[name], call.args
        elif (name == "translate" and len(call.args) >= 2) or name in MARKERS:
            context, rest = self._text(call.args[0]), call.args[1:]
        else:
            return
        if not rest:
            return
        text = self._text(rest[0])
        if text is None and name == "translate" and _is_marked(rest[0]):
            return
        if context is None or text is None:
            self.complaints.append(
                f"{self._name}:{call.lineno}: no catalogue can hold this: give a literal to self.tr or to translate, "
                "or mark it with QT_TRANSLATE_NOOP and translate str() of it"
            )
            return
        self.sources.append(Source(context, text, PLURAL in text))


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_marked(node: ast.expr) -> bool:
    """`str(...)` around a string that was marked where it stands in a table."""
    return isinstance(node, ast.Call) and _called(node) == "str"


def collect() -> tuple[list[Source], list[str]]:
    """Every French source string of the rooms that speak, and what cannot be collected."""
    sources: dict[Source, None] = {}
    complaints: list[str] = []
    for room in ROOMS:
        for path in sorted((TOP / "mssclient" / room).rglob("*.py")):
            module = Module(path)
            sources.update(dict.fromkeys(module.sources))
            complaints += module.complaints
    return sorted(sources, key=lambda s: (s.context, s.text)), complaints


def tool(name: str) -> str:
    """A Qt tool of the environment that runs this file."""
    return str(Path(sys.executable).parent / name)


def update(sources: list[Source], folder: Path) -> None:
    """Bring the catalogues of a folder up to date: English with all strings, French with the plural forms only."""
    wanted = [("mssclient_en.ts", "en", False)]
    if any(source.plural for source in sources):
        wanted.append(("mssclient_fr.ts", "fr", True))
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch) / "strings.py"
        listed.write_text("".join(f"{source.line}\n" for source in sources), "utf-8")
        for name, language, plural_only in wanted:
            options = ["-silent", "-no-obsolete", "-locations", "none", "-source-language", "fr_FR"]
            options += ["-target-language", language, *(["-pluralonly"] if plural_only else [])]
            command = [tool("pyside6-lupdate"), *options, str(listed), "-ts", str(folder / name)]
            subprocess.run(command, check=True)


def entries(path: Path) -> dict[tuple[str, str], bool]:
    """The strings of a catalogue, and whether each is translated."""
    found: dict[tuple[str, str], bool] = {}
    for context in ElementTree.parse(path).getroot().iter("context"):  # noqa: S314  # our own files
        for message in context.iter("message"):
            found[context.findtext("name") or "", message.findtext("source") or ""] = _is_done(message)
    return found


def _is_done(message: ElementTree.Element) -> bool:
    translation = message.find("translation")
    if translation is None or translation.get("type") is not None:
        return False
    return all("".join(form.itertext()).strip() for form in [*translation.iter("numerusform")] or [translation])


def stale(sources: list[Source]) -> list[str]:
    """What is wrong with the committed catalogues, one sentence each."""
    wrong = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for path in CATALOGUES.glob("*.ts"):
            (folder / path.name).write_bytes(path.read_bytes())
        update(sources, folder)
        if lost := {(s.context, s.text) for s in sources} - set(entries(folder / "mssclient_en.ts")):
            wrong.append(f"lupdate does not read {len(lost)} strings, as {_shown(min(lost))}: write them more plainly")
        for fresh in sorted(folder.glob("*.ts")):
            committed = entries(CATALOGUES / fresh.name) if (CATALOGUES / fresh.name).exists() else {}
            wanted = entries(fresh)
            if missing := sorted(set(wanted) - set(committed)):
                wrong.append(
                    f"i18n/{fresh.name} lacks {len(missing)} strings, as {_shown(missing[0])}: run `make i18n`"
                )
            if surplus := sorted(set(committed) - set(wanted)):
                wrong.append(f"i18n/{fresh.name} holds {len(surplus)} strings that no source says any more, as "
                             f"{_shown(surplus[0])}: run `make i18n`")  # fmt: skip
            if unfinished := sorted(key for key, done in committed.items() if key in wanted and not done):
                wrong.append(f"i18n/{fresh.name} has {len(unfinished)} strings without translation, as "
                             f"{_shown(unfinished[0])}: translate them")  # fmt: skip
    return wrong


def _shown(key: tuple[str, str]) -> str:
    return f"{key[0]}: {key[1][:60]!r}"


def main() -> int:
    """Update the catalogues, or judge them; the exit code."""
    sources, complaints = collect()
    if sys.argv[1:] == ["--update"]:
        CATALOGUES.mkdir(exist_ok=True)
        update(sources, CATALOGUES)
    else:
        complaints += stale(sources)
    for line in complaints:
        sys.stderr.write(f"{line}\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
