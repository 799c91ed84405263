"""The house rules, read off the source with `ast`: each says what to do instead of what it forbids."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
PACKAGE = TOP / "mssclient"
ROOMS = ("card", "domain", "dui", "engine", "relay", "remote", "sandbox", "stage", "store", "ui")
SELF = "tests/test_house.py"


@dataclass(frozen=True)
class Module:
    """One source file; `path` is relative to the top of the repository, with slashes."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, path: str, text: str) -> Module:
        """Parsed, each node knowing its parent."""
        tree = ast.parse(text)
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                child.parent = node  # type: ignore[attr-defined]
        return cls(path, text, tree)

    def room(self) -> str:
        """ "ui", "cli.py", "tests"…"""
        pieces = self.path.split("/")
        return pieces[1] if pieces[0] == "mssclient" else pieces[0]

    def calls(self) -> Iterator[ast.Call]:
        """Every call."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def literals(self) -> Iterator[ast.Constant]:
        """Every string literal that is no docstring."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and not isinstance(up(node), ast.Expr):
                yield node


def up(node: ast.AST) -> ast.AST | None:
    """What a node stands in."""
    return getattr(node, "parent", None)


def above(node: ast.AST) -> Iterator[ast.AST]:
    """Everything a node stands in, inside out."""
    while (found := up(node)) is not None:
        yield found
        node = found


def called(call: ast.Call) -> str:
    """ "name" or "owner.name" of what is called."""
    match call.func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return f"{owner}.{name}"
        case ast.Attribute(attr=name):
            return f".{name}"
    return ""


def last(call: ast.Call) -> str:
    """The name alone of what is called."""
    return called(call).rpartition(".")[2]


# -- what each rule looks for
FRENCH = re.compile(r"[àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ«»’]")
WORD = re.compile(r"[A-Za-zÀ-ÿ]{3,}")
TRANSLATORS = {"tr", "_tr", "translate", "QT_TRANSLATE_NOOP", "QT_TRANSLATE_N_NOOP"}
SHOWING = {
    "QAction", "QCheckBox", "QDockWidget", "QGroupBox", "QLabel", "QMenu", "QPushButton", "QRadioButton", "PlainLabel",
    "addAction", "addButton", "addItem", "addMenu", "addRow", "addTab", "setAccessibleDescription", "setAccessibleName",
    "setHeaderLabels", "setPlaceholderText", "setStatusTip", "setText", "setTitle", "setToolTip", "setWhatsThis",
    "setWindowTitle", "showMessage",
}  # fmt: skip
"""Calls whose literal arguments a person reads."""
NAMES_SHOWN = {"mssclient", "Pro Santé Connect", "MSSanté"}


def is_french(words: str) -> bool:
    """Whether a literal reads like French: a letter or a sign that English has not, and at least one word."""
    return bool(FRENCH.search(words) and WORD.search(words))


def translated(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Call) and last(n) in TRANSLATORS for n in above(node))


def bare_words(module: Module) -> Iterator[ast.AST]:
    for literal in module.literals():
        if is_french(str(literal.value)) and literal.value not in NAMES_SHOWN and not translated(literal):
            yield literal
    for call in module.calls():
        if last(call) in SHOWING:
            for given in (*call.args, *(k.value for k in call.keywords if k.arg in {"text", "title"})):
                pieces = given.values if isinstance(given, ast.JoinedStr) else [given]
                said = [p.value for p in pieces if isinstance(p, ast.Constant) and isinstance(p.value, str)]
                if any(WORD.search(words) and words not in NAMES_SHOWN and not FRENCH.search(words) for words in said):
                    yield given


def french(module: Module) -> Iterator[ast.AST]:
    return (literal for literal in module.literals() if is_french(str(literal.value)))


def foreign_html(module: Module) -> Iterator[ast.AST]:
    for call in module.calls():
        if last(call) in {"setHtml", "insertHtml", "appendHtml", "setMarkdown"}:
            yield call
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"RichText", "MarkdownText"}:
            yield node


def no_certificates(module: Module) -> Iterator[ast.AST]:
    for node in ast.walk(module.tree):
        match node:
            case ast.keyword(arg="verify", value=ast.Constant(value=False)):
                yield node.value
            case ast.Attribute(attr="CERT_NONE" | "CERT_OPTIONAL" | "_create_unverified_context"):
                yield node
            case ast.Assign(targets=[ast.Attribute(attr="check_hostname")], value=ast.Constant(value=False)):
                yield node


WRITING = {
    "mkdir", "write_text", "write_bytes", "unlink", "rmdir", "symlink_to", "hardlink_to", "makedirs",
    "os.open", "os.replace", "os.rename", "os.remove", "os.link", "os.mkdir", "tempfile.mkstemp", "tempfile.mkdtemp",
    "tempfile.NamedTemporaryFile", "tempfile.TemporaryDirectory", "tempfile.TemporaryFile", "rmtree", "copyfile",
    "copytree", "shutil.move", "shutil.copy", "rename",
}  # fmt: skip
MODE = re.compile(r"[rwaxbt+]{1,4}")


def disk_writes(module: Module) -> Iterator[ast.AST]:
    for call in module.calls():
        name = called(call)
        if name in WRITING or ("." in name and last(call) in WRITING):
            yield call
        elif last(call) in {"open", "fdopen"}:
            given = [*call.args, *(k.value for k in call.keywords if k.arg == "mode")]
            modes = [a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if any(MODE.fullmatch(m) and set(m) & set("wax+") for m in modes):
                yield call


def catch_all(module: Module) -> Iterator[ast.AST]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            wide = any(k is None or (isinstance(k, ast.Name) and k.id in {"Exception", "BaseException"}) for k in kinds)
            passes_on = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            if wide and not passes_on:
                yield node


def printing(module: Module) -> Iterator[ast.AST]:
    return (call for call in module.calls() if called(call) == "print")


def sleeping(module: Module) -> Iterator[ast.AST]:
    return (call for call in module.calls() if called(call) in {"time.sleep", "sleep", "QTest.qWait", "QThread.sleep"})


def mocking(module: Module) -> Iterator[ast.AST]:
    for node in ast.walk(module.tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{a.name}" for a in node.names]
        if any(name.startswith("unittest.mock") for name in names):
            yield node


def boxes(module: Module) -> Iterator[ast.AST]:
    for node in ast.walk(module.tree):
        match node:
            case ast.Attribute(
                value=ast.Name(id="QMessageBox"), attr="about" | "critical" | "information" | "question" | "warning"
            ):
                yield node


def late_imports(module: Module) -> Iterator[ast.AST]:
    for node in ast.walk(module.tree):
        is_late = any(isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) for n in above(node))
        if isinstance(node, ast.Import | ast.ImportFrom) and is_late:
            yield node


def reminders(module: Module) -> Iterator[ast.AST]:
    for number, line in enumerate(module.text.splitlines(), 1):
        if re.search(r"\b(TODO|FIXME|HACK)\b", line):
            yield ast.Pass(lineno=number, col_offset=0)


def silent_rooms(module: Module) -> Iterator[ast.AST]:
    pieces = module.path.split("/")
    is_room = len(pieces) == 3 and pieces[2] == "__init__.py"
    if is_room and "may import" not in (ast.get_docstring(module.tree) or "").lower():
        yield ast.Pass(lineno=1, col_offset=0)


def nameless_modules(module: Module) -> Iterator[ast.AST]:
    if module.tree.body and not ast.get_docstring(module.tree):
        yield ast.Pass(lineno=1, col_offset=0)


# -- the rules
@dataclass(frozen=True)
class Rule:
    """A rule: where it holds, what breaks it, and what to do instead. `planted` breaks it, to see that it bites."""

    name: str
    instead: str
    holds: Callable[[Module], bool]
    breaks: Callable[[Module], Iterator[ast.AST]]
    planted: tuple[str, str]


def inside(*rooms: str) -> Callable[[Module], bool]:
    return lambda module: module.room() in rooms


def outside(*rooms: str) -> Callable[[Module], bool]:
    return lambda module: module.room() not in {*rooms, "tests", "installer"}


RULES = (
    Rule("words through tr", "Wrap what a person reads in self.tr(…) or translate(context, …).", inside("ui"),
         bare_words, ("mssclient/ui/x.py", "button.setText('Envoyer')")),
    Rule("French on the screen only", "Raise or announce a typed value and word it in ui/wording*.py.",
         outside("ui", "stage", "sandbox", "cli.py"), french, ("mssclient/engine/x.py", "raise ValueError('échec')")),
    Rule("foreign HTML in one place", "Show it with ui/html.py MessageBody, or as plain text.", outside(),
         foreign_html, ("mssclient/ui/x.py", "view.setHtml(text)")),
    Rule("certificates are checked", "Make a context with remote/tls.py or remote/web.py and trust an anchor file.",
         lambda _module: True, no_certificates, ("tests/x.py", "httpx.get(url, verify=False)")),
    Rule("disk writes in their rooms", "Ask the store for a cache, dui for a file of the record system.",
         outside("store", "dui", "app.py", "sandbox", "stage", "relay"), disk_writes,
         ("mssclient/engine/x.py", "with path.open('wb') as f: pass")),
    Rule("catch what you know", "Catch the library's own exception at the border room; the Worker catches the rest.",
         outside(), catch_all, ("mssclient/remote/x.py", "try:\n    f()\nexcept Exception:\n    pass")),
    Rule("no print", "Log an id, a count or a duration; only the front door and the stage speak to a terminal.",
         outside("cli.py", "stage"), printing, ("mssclient/engine/x.py", "print(1)")),
    Rule("no sleeping in tests", "Wait for an event, a signal or a condition with a deadline.", inside("tests"),
         sleeping, ("tests/x.py", "import time\ntime.sleep(1)")),
    Rule("no mocks", "Use the hand-written doubles of tests/fakes.py or the sandbox.", inside("tests"), mocking,
         ("tests/x.py", "from unittest.mock import patch")),
    Rule("no boxes", "Show a sentence of ui/wording.py where the person looks: a strip, a field, the undo bar.",
         outside(), boxes, ("mssclient/ui/x.py", "QMessageBox.warning(self, a, b)")),
    Rule("imports on top", "Import at the top of the module; a cycle means that something is in the wrong room.",
         outside("cli.py"), late_imports, ("mssclient/engine/x.py", "def f():\n    import os")),
    Rule("no reminders", "Do it, or open an issue.", lambda module: module.path != SELF, reminders,
         ("mssclient/engine/x.py", "x = 1  # TO" + "DO later")),
    Rule("rooms say what they may import", "Write it in the docstring of the room's __init__.py.", inside(*ROOMS),
         silent_rooms, ("mssclient/engine/__init__.py", '"""A room."""')),
    Rule("modules say what they are for", "Begin the module with one sentence that a newcomer understands.", outside(),
         nameless_modules, ("mssclient/engine/x.py", "x = 1")),
)  # fmt: skip

EXCEPTIONS: dict[tuple[str, str], str] = {
    ("French on the screen only", "mssclient/domain/type_codes.py"): "labels of a code system are data",
    ("French on the screen only", "mssclient/domain/professions.py"): "labels of a code system are data",
    ("French on the screen only", "mssclient/domain/shipment.py"): "labels of code systems, data that we send",
    ("French on the screen only", "mssclient/domain/xdm_build.py"): "words inside the archive that we send",
    ("French on the screen only", "mssclient/domain/cda_build.py"): "labels of code systems, data that we send",
    ("French on the screen only", "mssclient/domain/integration.py"): "labels of a code system, data that we send",
    ("French on the screen only", "mssclient/domain/reconcile_report.py"): "words of the file that is written",
    ("French on the screen only", "mssclient/domain/packing.py"): "preset words of a mail, which we send",
    ("French on the screen only", "mssclient/domain/draft.py"): "what a text says when it speaks of an attachment",
    ("French on the screen only", "mssclient/domain/extraction.py"): "column names of the Annuaire's extraction",
    ("French on the screen only", "mssclient/domain/search.py"): "the language of the search field, as it is typed",
    ("French on the screen only", "mssclient/domain/search_dates.py"): "days in the language of the search field",
    ("French on the screen only", "mssclient/relay/pages.py"): "pages of a server without Qt, read in a browser",
    ("French on the screen only", "mssclient/remote/loopback.py"): "the page the browser ends on, answered before Qt",
    (
        "certificates are checked",
        "mssclient/stage/check_lines.py",
    ): "shows support what was refused; says nothing to it",
    ("certificates are checked", "tests/lab/world.py"): "looks at which certificate the lab shows; sends nothing to it",
    (
        "disk writes in their rooms",
        "mssclient/remote/revocation.py",
    ): "public signed lists, wanted before any store opens",
    ("disk writes in their rooms", "mssclient/remote/applicative.py"): "a client's key, for OpenSSL; gone at once",
    ("disk writes in their rooms", "mssclient/engine/pdf_child.py"): "its own pipes; nothing goes to a disk",
    ("disk writes in their rooms", "mssclient/cli.py"): "the sandbox's throw-away folder",
    ("catch what you know", "mssclient/engine/worker.py"): "one of the two places that may: a job's bug is told",
    ("foreign HTML in one place", "mssclient/ui/html.py"): "the one place",
}
"""(rule, file): why it may. An entry that is needed no longer fails too."""


def sources() -> list[Module]:
    paths = [p for folder in ("mssclient", "tests", "installer") for p in sorted((TOP / folder).rglob("*.py"))]
    return [Module.of(p.relative_to(TOP).as_posix(), p.read_text("utf-8")) for p in paths]


@pytest.fixture(scope="module")
def house() -> list[Module]:
    """Every source file, parsed once."""
    return sources()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_is_kept(rule: Rule, house: list[Module]) -> None:
    broken = [
        f"{module.path}:{getattr(node, 'lineno', 0)}"
        for module in house
        if rule.holds(module) and (rule.name, module.path) not in EXCEPTIONS
        for node in rule.breaks(module)
    ]
    assert not broken, f"{rule.instead}\n" + "\n".join(broken)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_bites(rule: Rule) -> None:
    path, text = rule.planted
    module = Module.of(path, text)
    assert rule.holds(module)
    assert list(rule.breaks(module))


def test_exceptions_are_needed(house: list[Module]) -> None:
    rules, modules = {rule.name: rule for rule in RULES}, {module.path: module for module in house}
    idle = [
        (name, path)
        for name, path in EXCEPTIONS
        if path not in modules or not rules[name].holds(modules[path]) or not list(rules[name].breaks(modules[path]))
    ]
    assert not idle


def test_every_package_is_a_known_room() -> None:
    assert sorted(p.parent.name for p in PACKAGE.glob("*/__init__.py")) == list(ROOMS)
