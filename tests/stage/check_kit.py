"""Environment files that are wrong in one way, and a person who runs the check."""

from __future__ import annotations

import contextlib
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from mssclient.domain.machine import Machine
from mssclient.engine.house import utc_now
from mssclient.sandbox.autoconfig import CONFIG_PATH, client_config
from mssclient.stage import check
from mssclient.stage.check_sign_in import Way
from mssclient.stage.check_walk import State, Step
from tests.journeys.worlds import SandboxWorld, World
from tests.remote import https_kit

TIMEOUT_S = 0.5


def written(path: Path, table: Mapping[str, Any]) -> Path:
    """A TOML file of strings, numbers, lists and one level of tables."""
    lines = [f"{json.dumps(k)} = {json.dumps(v)}" for k, v in table.items() if not isinstance(v, dict)]
    for name, inner in table.items():
        if isinstance(inner, dict):
            lines += [f"[{name}]", *(f"{json.dumps(k)} = {json.dumps(v)}" for k, v in inner.items())]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def altered(world: World, folder: Path, **changes: Any) -> Path:
    """The world's environment file with other values; a table's values are laid over its own."""
    table = tomllib.loads(world.environment_file.read_text("utf-8"))
    for key, value in changes.items():
        table[key] = {**table.get(key, {}), **value} if isinstance(value, dict) else value
    return written(folder / "environment.toml", table)


@dataclass
class Report:
    """What a check told, as it came."""

    steps: list[Step] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    good: bool = False

    def state(self, name: str) -> State:
        return self.step(name).state

    def step(self, name: str) -> Step:
        [found] = [step for step in self.steps if step.name == name]
        return found

    def named(self, state: State) -> set[str]:
        """The steps that ended so."""
        return {step.name for step in self.steps if step.state is state}

    def text(self) -> str:
        """All that the person could read."""
        return "\n".join([*(f"{s.title} {s.words} {s.meaning} {s.todo}" for s in self.steps), *self.told])


def checked(
    environment: Path | str,
    address: str,
    home: Path,
    *,
    way: Way = Way.NONE,
    national_id: str = "",
    opener: Callable[[str], object] = lambda _url: True,
    on_tell: Callable[[str], object] = lambda _text: None,
    clock: Callable[[], datetime] = utc_now,
    timeout_s: float = 5.0,
    machine: Machine | None = None,
) -> Report:
    """Runs a check to its end."""
    report = Report()

    def tell(text: str) -> None:
        report.told.append(text)
        on_tell(text)

    asked = check.Asked(address, str(environment), str(home), way, national_id)
    means = check.Means(tell, opener, clock, timeout_s, machine if machine is not None else Machine())
    walk = check.run(asked, report.steps.append, means)
    report.good = walk.good
    return report


@contextlib.contextmanager
def announcing(world: SandboxWorld, folder: Path, answer: Callable[[], Response]) -> Iterator[Path]:
    """The sandbox, but for its autoconfiguration, which is answered by `answer`; yields the environment file."""
    app = Starlette(routes=[Route(CONFIG_PATH, lambda _request: answer())])
    pem = world.operator.pki.web_server([f"autoconfig.{world.domain}"])
    with https_kit.served(app, pem) as port:
        yield altered(world, folder, autoconfig=f"https://autoconfig.{{domain}}:{port}{CONFIG_PATH}")


@contextlib.contextmanager
def served_elsewhere(world: SandboxWorld, folder: Path, imap: int = 0, smtp: int = 0) -> Iterator[Path]:
    """The sandbox, its IMAP or SMTP announced at another port."""
    ports = world.ports
    document = client_config(world.domain, imap or ports[0], smtp or ports[1])
    with announcing(world, folder, lambda: Response(document, media_type="application/xml")) as environment:
        yield environment
