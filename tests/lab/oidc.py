"""Starts the lab's OpenID provider: panva's certified `oidc-provider` on Node.js, dressed as Pro Santé Connect."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

FOLDER_VARIABLE = "MSSCLIENT_OIDC_NODE"
PROGRAM = Path(__file__).with_name("op") / "provider.mjs"
DISCOVERY = "openid-configuration"
"""The library's discovery address, where PSC says wallet-openid-configuration."""
START_S = 20


def missing() -> str:
    """What this machine lacks to run it, or nothing."""
    if shutil.which("node") is None:
        return "node is not installed"
    folder = os.environ.get(FOLDER_VARIABLE, "")
    if not folder or not (Path(folder) / "node_modules" / "oidc-provider").is_dir():
        return f"{FOLDER_VARIABLE} does not name a folder with node_modules/oidc-provider"
    return ""


class OidcProvider:
    """One provider process behind `pem` (key and chain) at `host`, on a port of its own, until `stop`.

    `people` maps PSC's `sub` to the claims of userinfo. `log` receives what the provider complains about. With
    `certificate` (a DNS name, and its authority's file) the client proves itself by mutual TLS and has no secret. With
    `logout` (address, real port, authority's file) it is told of sign-outs.
    """

    def __init__(
        self,
        folder: Path,
        pem: Path,
        host: str,
        people: Mapping[str, Mapping[str, Any]],
        redirect_uri: str,
        *,
        client_id: str = "mssclient-relay",
        client_secret: str = "lab-only-client-secret-0123456789abcdef",
        access_s: int = 120,
        certificate: tuple[str, Path] | None = None,
        logout: tuple[str, int, Path] | None = None,
    ) -> None:
        self.client_id, self.client_secret = client_id, client_secret
        self.log = folder / "provider.log"
        # ES modules are found next to the program only: so it runs from a copy beside node_modules' link.
        (folder / "node_modules").symlink_to(Path(os.environ[FOLDER_VARIABLE]) / "node_modules")
        program = Path(shutil.copy(PROGRAM, folder))
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                ["node", str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )
        settings = {
            "port": 0,
            "host": host,
            "pem": str(pem),
            "people": people,
            "client": _client(client_id, client_secret, redirect_uri, certificate, logout),
            "access_s": access_s,
        }
        self.issuer = self._started(settings)
        self.base = self.issuer.partition("/auth/")[0]

    def _started(self, settings: Mapping[str, Any]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(settings).encode() + b"\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], START_S)
        line = self._process.stdout.readline() if ready else b""
        if not line:
            self.stop()
            raise AssertionError(f"the provider did not start: {self.log.read_text()[-2000:]}")
        return str(json.loads(line)["issuer"])

    def pending(self, http: httpx.Client) -> list[dict[str, str]]:
        """CIBA requests that wait: `request`, `digits`, `person` (the sub)."""
        return list(http.get(f"{self.base}/lab/phone").raise_for_status().json())

    def approve(self, http: httpx.Client, request: str, *, yes: bool = True) -> None:
        """Answer one of them, as the person would on the phone."""
        form = {"request": request, "answer": "yes" if yes else "no"}
        http.post(f"{self.base}/lab/phone", data=form).raise_for_status()

    def revoked(self, http: httpx.Client) -> int:
        """How many grants were revoked so far."""
        return int(http.get(f"{self.base}/lab/revoked").raise_for_status().text)

    def counts(self, http: httpx.Client) -> dict[str, int]:
        """How many `refreshes`, client `secrets` and client `certificates` came so far."""
        return dict(http.get(f"{self.base}/lab/counts").raise_for_status().json())

    def slow(self, http: httpx.Client, seconds: float) -> None:
        """From now on the token endpoint takes that long."""
        http.post(f"{self.base}/lab/slow", data={"ms": str(int(seconds * 1000))}).raise_for_status()

    def sign_out(self, http: httpx.Client, national_id: str) -> None:
        """The person signed out elsewhere: the client is told by a logout token."""
        http.post(f"{self.base}/lab/logout", data={"person": national_id}).raise_for_status()

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._process.stdout.close()


def _client(
    client_id: str,
    secret: str,
    redirect_uri: str,
    certificate: tuple[str, Path] | None,
    logout: tuple[str, int, Path] | None,
) -> dict[str, Any]:
    client: dict[str, Any] = {"id": client_id, "secret": secret, "redirect_uri": redirect_uri}
    if certificate is not None:
        client |= {"dns": certificate[0], "ca": str(certificate[1])}
    if logout is not None:
        client["logout"] = {"uri": logout[0], "port": logout[1], "ca": str(logout[2])}
    return client
