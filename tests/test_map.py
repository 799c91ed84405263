"""The map (`mssclient/ARCHITECTURE.md`), the decisions and the README, held to the code: what they name exists."""

from __future__ import annotations

import argparse
import re
from dataclasses import fields
from pathlib import Path

import pytest

from mssclient import app, cli
from mssclient.domain.environment import Policy
from mssclient.relay.config import RelayConfig

TOP = Path(__file__).resolve().parent.parent
PACKAGE = TOP / "mssclient"
README = (TOP / "README.md").read_text("utf-8")
MAP = (PACKAGE / "ARCHITECTURE.md").read_text("utf-8")
DECISIONS = sorted((PACKAGE / "decisions").glob("*.md"))
ROOMS = sorted(p.parent.name for p in PACKAGE.glob("*/__init__.py"))
SECTIONS = ("## Context", "## Decision", "## What we gave up", "## What would make us reconsider")
WORKER = re.compile(r"Worker\(\s*f?\"([a-z]+(?:-\{[a-z]+\})?)\"")


def threads_started() -> set[str]:
    """The names the engine gives to its workers, a number in them shown as N."""
    found = {name for path in (PACKAGE / "engine").glob("*.py") for name in WORKER.findall(path.read_text("utf-8"))}
    return {re.sub(r"\{[a-z]+\}", "N", name) for name in found}


def threads_on_the_map() -> set[str]:
    """The first column of the thread table."""
    return set(re.findall(r"^\| `([a-zN-]+)`", MAP, re.MULTILINE))


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_on_the_map(room: str) -> None:
    assert re.search(rf"\b{room}/", MAP), f"{room}/ is missing from ARCHITECTURE.md"


def test_threads_on_the_map_are_those_of_the_engine() -> None:
    assert threads_on_the_map() == threads_started() != set()


def test_modules_on_the_map_exist() -> None:
    named = re.findall(r"\b((?:[a-z_]+/)+[a-z_]+\.py)\b", MAP)
    missing = [name for name in named if not (PACKAGE / name).exists() and not (TOP / name).exists()]
    assert named
    assert not missing


def test_rooms_on_the_map_exist() -> None:
    named = set(re.findall(r"\b([a-z]+)/(?![a-z_/]+\.py)", MAP)) - {
        "decisions",
        "environments",
        "models",
        "resources",
        "tests",
    }
    assert named == set(ROOMS)


def test_names_of_one_room_on_the_map_exist() -> None:
    engine = re.search(r"engine/   what.*?└", MAP, re.DOTALL)
    assert engine
    for name in ("api", "engine", "office", "worker", *re.findall(r"\b(clerk|watch|fetch|preview|post)\b", engine[0])):
        assert (PACKAGE / "engine" / f"{name}.py").exists(), name


def test_every_error_is_on_the_map() -> None:
    told = (PACKAGE / "domain" / "errors.py").read_text("utf-8")
    assert set(re.findall(r"^class (\w+)\(MssError\)", told, re.MULTILINE)) == set(
        re.findall(r"^[├└]── (\w+)", MAP, re.MULTILINE)
    )


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_what_was_given_up(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert [line for line in text.splitlines() if line.startswith("## ")] == list(SECTIONS)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_modules_in_a_decision_exist(path: Path) -> None:
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_0-9]+\.(?:py|sql|toml))`", path.read_text("utf-8"))
    assert not [name for name in named if not (PACKAGE / name).exists() and not (TOP / name).exists()]


def test_decisions_named_in_the_source_exist() -> None:
    known = {path.name[:4] for path in DECISIONS}
    sources = [*PACKAGE.rglob("*.py"), *(TOP / "tests").rglob("*.py"), TOP / "pyproject.toml"]
    named = {n for path in sources for n in re.findall(r"decisions/(\d{4})", path.read_text("utf-8"))}
    assert named <= known


TOP_KEYS = (
    "name", "training", "autoconfig", "psc_relay", "psc_issuer", "directory", "directory_api", "department",
    "white_list", "product", "bals", "[hosts]",
)  # fmt: skip
TABLE_KEYS = (
    *(f"[trust] {key}" for key in ("mail", "web", "pins", "crl_urls", "crl")), "[filing] folder", "[filing] profile",
    "[filing] roster",
    *(f"[institution] {key}" for key in ("name", "identifier", "facility", "setting")), "[sending] folder",
)  # fmt: skip


def test_the_readme_tells_every_key_of_an_environment() -> None:
    policies = tuple(f"[policy] {field.name}" for field in fields(Policy))
    told = re.findall(r"^\| `([^`]+)` \| ", README.split("## Configurer")[1].split("## Déployer")[0], re.MULTILINE)
    assert sorted(told) == sorted((*TOP_KEYS, *TABLE_KEYS, *policies))


def test_the_readme_tells_every_key_of_the_relay() -> None:
    missing = [f.name for f in fields(RelayConfig) if f"`{f.name}`" not in README and f"\n{f.name} = " not in README]
    assert missing == ["client_secret"]  # it stands in a file of its own


def test_the_readme_tells_every_command() -> None:
    parser = cli._parser()
    [commands] = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    assert set(commands.choices) == set(re.findall(r"^\| `mssclient ([a-z]+)", README, re.MULTILINE))


def test_the_readme_tells_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z0-9]+):", (TOP / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z0-9]+)\b", README)) <= targets


@pytest.mark.parametrize("name", ["production", "bas"])
def test_shipped_environments_are_read_and_name_anchors_of_their_own(name: str) -> None:
    environment = app.load_environment(name)
    assert environment.name == name
    assert environment.training is (name != "production")
    assert ".example" in environment.psc_relay
    assert {environment.mail_anchors, environment.web_anchors}.isdisjoint(
        {app.load_environment(other).mail_anchors for other in {"production", "bas"} - {name}}
    )
