"""What an administrator decides for everybody at a workstation, laid over the environment: data, never code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import PurePath

from mssclient.domain.environment import Environment, policy_of

LOCKABLE = frozenset({"filing.folder", "bals"})
"""Preferences that may be taken out of the person's hands: the record system's folder, and mailboxes of their own."""
_TABLES = frozenset({"environment", "home", "locked", "policy", "filing"})


class Trouble(Enum):
    """Why the program does not start with what it was asked."""

    ENVIRONMENT = "environment"  # missing or not understood; `what` names the file and the key
    MACHINE = "machine"  # the same, for the administrator's settings of this workstation
    NOT_ADMINISTRATORS = "not administrators"  # settings that somebody else than an administrator may have written
    OTHER_ENVIRONMENT = "other environment"  # the settings name another one
    OTHER_HOME = "other home"


class EnvironmentTrouble(Exception):
    """What stands between the command line and a start: `why`, and `what` names the file and the key."""

    def __init__(self, what: str, why: Trouble = Trouble.ENVIRONMENT) -> None:
        super().__init__(what)
        self.what = what
        self.why = why


@dataclass(frozen=True, slots=True)
class Machine:
    """One workstation's settings; the empty value decides nothing."""

    path: str = ""
    """Where they were read; empty: there are none."""
    environment: str = ""
    """The only environment of this workstation: a shipped name or a file; empty: the person's choice."""
    home: str = ""
    """The only home; it may begin with "~". Empty: the person's choice."""
    policy: Mapping[str, object] = field(default_factory=dict)
    """Values that replace those of the environment's [policy]."""
    filing: Mapping[str, str] = field(default_factory=dict)
    """Likewise for [filing]: folder, profile, roster."""
    locked: frozenset[str] = frozenset()
    """Names of `LOCKABLE`."""


def parse(table: Mapping[str, object], path: str) -> Machine:
    """The settings of a TOML table read at `path`. Raises ValueError naming the key that is unknown or wrong: a lock
    that was misspelt must not pass for none."""
    if unknown := set(table) - _TABLES:
        raise ValueError(min(unknown))
    policy = _table(table, "policy")
    policy_of(policy)
    locked = table.get("locked", [])
    if not isinstance(locked, list) or not {str(name) for name in locked} <= LOCKABLE:
        raise ValueError("locked")
    return Machine(
        path, _text(table, "environment"), _text(table, "home"), dict(policy), _filing(_table(table, "filing"), path),
        frozenset(str(name) for name in locked),
    )  # fmt: skip


def laid_over(environment: Environment, machine: Machine) -> Environment:
    """The environment as this workstation has it."""
    return replace(
        environment,
        policy=replace(environment.policy, **machine.policy),  # type: ignore[arg-type]
        filing_folder=machine.filing.get("folder", environment.filing_folder),
        filing_profile=machine.filing.get("profile", environment.filing_profile),
        filing_roster=machine.filing.get("roster", environment.filing_roster),
        locked=environment.locked | machine.locked,
    )


def _filing(table: Mapping[str, object], path: str) -> dict[str, str]:
    """A profile that is a file stands beside the settings unless it says where."""
    if unknown := set(table) - {"folder", "profile", "roster"}:
        raise ValueError(f"filing.{min(unknown)}")
    for key, value in table.items():
        if not isinstance(value, str):
            raise ValueError(f"filing.{key}")
    found = {key: str(value) for key, value in table.items()}
    if found.get("profile", "").endswith(".toml"):
        found["profile"] = str(PurePath(path).parent / found["profile"])
    return found


def _table(table: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = table.get(key, {})
    if not isinstance(found, Mapping):
        raise ValueError(key)
    return found


def _text(table: Mapping[str, object], key: str) -> str:
    found = table.get(key, "")
    if not isinstance(found, str):
        raise ValueError(key)
    return found
