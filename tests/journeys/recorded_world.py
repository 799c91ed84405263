"""The sandbox with a recorder before its Pro Santé Connect and its relay: what a test looks for, it knows from there."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp

from mssclient.domain.environment import Policy
from mssclient.relay import app as relay
from mssclient.relay.config import RelayConfig
from tests.journeys.worlds import SandboxWorld
from tests.lab.recorder import Exchange, Recorder

CLIENT_SECRET = "sandbox-only-client-secret"
STORE_SECRET = "recorded-secret-of-the-stores-0001"
POLICY = Policy(card_out_grace_s=0.3, undo_send_s=0)


class RecordedWorld(SandboxWorld):
    """As `SandboxWorld`; the relay lends a share of the stores' keys too. `before_relay` may put something hostile in
    front of the relay: it is given the relay and answers in its place.
    """

    def __init__(self, folder: Path, before_relay: Callable[[ASGIApp], ASGIApp] = lambda app: app) -> None:
        self.recorder = Recorder()
        self._folder = folder
        self._before_relay = before_relay
        super().__init__(folder)

    def start(self) -> None:
        """As before, with the policy of a workstation whose keyring keeps the keys."""
        super().start()
        text = self.operator.environment_toml(policy=POLICY, filing_folder=str(self.filing_folder))
        self.environment_file.write_text(text, "utf-8")

    def _psc(self, urls: dict[str, str]) -> Any:
        return self.recorder.wrapped("psc", super()._psc(urls))

    def _relay(self, urls: dict[str, str]) -> Any:
        assert self._provider is not None
        store_secret = self._folder / "store-secret"
        store_secret.write_text(STORE_SECRET, "ascii")
        config = RelayConfig(
            urls["relay"], self._provider.issuer, "mssclient-relay", CLIENT_SECRET, store_secret_file=str(store_secret)
        )
        psc = httpx.ASGITransport(self.recorder.wrapped("psc", self._provider.app))
        served = self._before_relay(relay.create(config, time.time, httpx.AsyncClient(transport=psc)))
        return self.recorder.wrapped("relay", served)

    def asked_of_relay(self) -> list[Exchange]:
        """What the relay was asked so far."""
        return self.recorder.exchanges("relay")

    def approve(self) -> bool:
        """The phone says yes; whether it was asked."""
        assert self._provider is not None
        if not self._provider.pending():
            return False
        self._provider.approve()
        return True
