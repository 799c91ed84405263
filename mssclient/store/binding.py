"""Which environment a home belongs to: written at the first start, held to at every other.

A home holds queued mail, drafts and an Annuaire: under another environment they would leave through other servers.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from mssclient.domain.environment import Environment
from mssclient.domain.errors import Distrust, Untrusted

FILE = "environment.json"
_SIZE_CAP = 4096


@dataclass(frozen=True, slots=True)
class Binding:
    """What tells environments apart: name, kind, issuer, and the relay's host for those that name no issuer."""

    name: str
    training: bool
    issuer: str
    relay: str

    def fits(self, other: Binding) -> bool:
        """Whether two are one environment. A relay may move where its issuer is known to stay."""
        if (self.name, self.training) != (other.name, other.training):
            return False
        return self.issuer == other.issuer if self.issuer and other.issuer else self.relay == other.relay


def binding_of(environment: Environment) -> Binding:
    """How an environment is told from others."""
    relay = urlsplit(environment.psc_relay).hostname or ""
    return Binding(environment.name, environment.training, environment.psc_issuer.rstrip("/"), relay)


def bound_to(home: Path) -> Binding | None:
    """What a home was bound to; None for a fresh one. Raises Untrusted(ENVIRONMENT) when the record is damaged."""
    try:
        with (home / FILE).open("rb") as file:
            told = json.loads(file.read(_SIZE_CAP))
        return Binding(str(told["name"]), bool(told["training"]), str(told["issuer"]), str(told["relay"]))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise Untrusted(Distrust.ENVIRONMENT) from error


def check(home: Path, environment: Environment) -> None:
    """Raises Untrusted(ENVIRONMENT), naming the environment that the home belongs to, unless it is this one; OSError."""
    found = bound_to(home)
    if found is not None and not found.fits(binding_of(environment)):
        raise Untrusted(Distrust.ENVIRONMENT, found.name)


def bind(home: Path, environment: Environment) -> None:
    """`check`, then record what is not recorded yet. The home exists and is held by no other process."""
    check(home, environment)
    found, wanted = bound_to(home), binding_of(environment)
    if found is not None:
        # An issuer once known is not forgotten because a file stopped naming it.
        wanted = replace(wanted, issuer=wanted.issuer or found.issuer)
    if found == wanted:
        return
    partial = (home / FILE).with_suffix(".part")
    try:
        with partial.open("w", encoding="utf-8") as file:
            json.dump(asdict(wanted), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(home / FILE)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
