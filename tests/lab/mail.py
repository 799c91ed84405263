"""A real operator of our own: Dovecot and Postfix on free loopback ports, a throw-away PKI, tokens signed here.

The norm's way in (ECO.1.2.1): `user=` names the BAL, the token names the person; who may open what is a table of files.
Needs root and Debian's dovecot-imapd, dovecot-lmtpd, dovecot-auth-lua and postfix; nothing under /etc is read.
"""

from __future__ import annotations

import dataclasses
import http.server
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from mssclient.domain.environment import Endpoint, Environment, OperatorProfile
from mssclient.sandbox.pki import Pki, server_context
from tests.lab.mail_configuration import SHARED, Ports, dovecot_files, postfix_files

DOMAIN = "lab.mss.example"
PRODUCT = "MSSCLIENT-LAB-0001"
ALICE, BOB, CAROL = "899700000001", "899700000002", "899700000003"
"""National ids of fictitious people, as Pro Santé Connect's `preferred_username` carries them."""

BALS: Mapping[str, Sequence[str]] = {
    "alice.martin": [ALICE],
    "bob.durand": [BOB],
    "carol.petit": [CAROL],
    "cabinet": [ALICE, BOB],  # an ORG BAL: several people, each with their own token
    "charge": [ALICE],  # filled by the measurements
}
"""Local part of a BAL → the people let in."""
SPARE: Mapping[str, Sequence[str]] = {f"essai{number:02d}": [ALICE] for number in range(80)}
"""BAL that no environment offers: a fresh one for each test that wants a mailbox of its own."""

_PROGRAMS = ("dovecot", "doveadm", "/usr/lib/postfix/sbin/master", "/usr/lib/dovecot/lmtp")
_LUA = ("/usr/lib/dovecot/modules/auth/libauthdb_lua.so", "/usr/lib/dovecot/modules/auth/lib01_authdb_lua.so")
_START_S = 20.0


def missing() -> str:
    """Why the lab cannot run here; empty when it can."""
    if os.name != "posix" or os.geteuid() != 0:
        return "the mail lab needs root on Linux"
    lacking = [program for program in _PROGRAMS if shutil.which(program) is None]
    if not any(Path(module).exists() for module in _LUA):
        lacking.append("dovecot-auth-lua")
    return f"not installed: {', '.join(lacking)}" if lacking else ""


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


class Signer:
    """Signs access tokens as Pro Santé Connect would, and lays the key where Dovecot looks for it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self._key = RSAKey.generate_key(2048, {"kid": "lab-1"})
        self._stranger = RSAKey.generate_key(2048, {"kid": "lab-1"})

    def write(self, folder: Path) -> None:
        """Dovecot's layout for local validation: <azp>/<algorithm>/<kid>."""
        for client in ("default", "mssclient-lab"):
            place = folder / client / "RS256"
            place.mkdir(parents=True)
            (place / "lab-1").write_bytes(self._key.as_pem(private=False))

    def token(self, person: str, *, lives_s: int = 120, forged: bool = False) -> str:
        """A token of that person, as long as real ones are; signed with an unknown key when forged."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": f"f:lab:{person}",
            "azp": "mssclient-lab",
            "preferred_username": person,
            "scope": "openid scope_all",
            "iat": now - 5,
            "nbf": now - 5,
            "exp": now + lives_s,
            # Real ones describe the professional's activities: some two kilobytes.
            "SubjectRefPro": {"exercices": [{"codeProfession": "10", "filler": "x" * 1200}]},
        }
        key = self._stranger if forged else self._key
        return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": "lab-1"}, claims, key)


class LabMail:
    """The operator of `lab.mss.example`. Start it once, stop it; its folder is removed then.

    With `keys` (Dovecot's layout) and `issuer`, tokens of a real provider are taken instead of `token`'s own.
    `capability`: what Dovecot announces instead of all that it can. `shared`: people may open folders of others' boxes
    to one another (RFC 4314), which stand below "Autres/<box>/"; `doveadm acl` grants.
    """

    def __init__(
        self, *, keys: Path | None = None, issuer: str = "", capability: str = "", shared: bool = False
    ) -> None:
        self._capability = capability
        self._shared = shared
        self._spare = iter(SPARE)
        # Not pytest's folder: the servers' own users must be able to walk to their sockets.
        self.folder = Path(tempfile.mkdtemp(prefix="mss-lab-"))
        self.folder.chmod(0o755)
        self.signer = Signer(issuer or "https://psc.lab.mss.example/auth/realms/esante-wallet")
        self._keys = keys
        self._processes: list[subprocess.Popen[bytes]] = []
        self._web: _Autoconfig | None = None
        hosts = [[f"imap.{DOMAIN}"], [f"smtp.{DOMAIN}"]]
        self.pki = Pki(self.folder / "pki", hosts, [f"autoconfig.{DOMAIN}"])
        self.ports = Ports(*free_ports(5))

    def start(self) -> None:
        """Returns when IMAP and SMTP greet; raises RuntimeError with the servers' own logs otherwise."""
        keys = self._keys or self.folder / "keys"
        if self._keys is None:
            self.signer.write(keys)
        owner = pwd.getpwnam("nobody")
        dovecot, postfix = self.folder / "dovecot", self.folder / "postfix"
        bals = {**BALS, **SPARE}
        dovecot_files(dovecot, self.ports, self.pki.imap, keys, self.signer.issuer, bals, (owner.pw_uid, owner.pw_gid))
        if self._capability:
            with (dovecot / "dovecot.conf").open("a") as conf:
                conf.write(f"protocol imap {{\n  imap_capability = {self._capability}\n}}\n")
        if self._shared:
            with (dovecot / "dovecot.conf").open("a") as conf:
                conf.write(SHARED.format(here=dovecot))
        postfix_files(postfix, self.ports, self.pki.smtp, DOMAIN, BALS)
        self._spawn(["dovecot", "-F", "-c", str(dovecot / "dovecot.conf")], "dovecot")
        self._spawn(["/usr/lib/postfix/sbin/master", "-c", str(postfix / "etc"), "-d"], "postfix")
        for port in (self.ports.imap, self.ports.lmtp, self.ports.sasl, self.ports.smtp):
            self._greeted(port)
        self._web = _Autoconfig(self.ports, server_context(self.pki.web))

    def _spawn(self, command: list[str], name: str) -> None:
        with (self.folder / f"{name}.out").open("wb") as out:
            self._processes.append(
                subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
                )
            )

    def _greeted(self, port: int) -> None:
        end = time.monotonic() + _START_S
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port), 1.0) as line:
                    if line.recv(1):
                        return
            except OSError:
                pass
            if time.monotonic() > end or any(process.poll() is not None for process in self._processes):
                raise RuntimeError("the mail lab did not start:\n" + self.logs())
            threading.Event().wait(0.02)

    def logs(self) -> str:
        """The last words of both servers."""
        names = ("dovecot.out", "dovecot/dovecot.log", "postfix.out", "postfix/mail.log")
        texts = ((self.folder / name) for name in names)
        return "\n".join(
            f"== {path.name}\n{path.read_text(errors='replace')[-3000:]}" for path in texts if path.exists()
        )

    def stop(self) -> None:
        """Ends every process that was started and removes the folder."""
        if self._web is not None:
            self._web.stop()
        for process in reversed(self._processes):
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self, **changes: object) -> Environment:
        """What a client needs to know of this operator; Dovecot and Postfix are found by autoconfiguration."""
        assert self._web is not None, "start the lab first"
        plain = Environment(
            name="lab",
            autoconfig=f"https://autoconfig.{{domain}}:{self._web.port}/mail/config-v1.1.xml",
            psc_relay="",
            directory="",
            white_list="",
            mail_anchors=str(self.pki.mail_anchors),
            web_anchors=str(self.pki.web_anchors),
            product=PRODUCT,
            bals=tuple(address(name) for name in BALS),
            hosts=tuple((f"{name}.{DOMAIN}", "127.0.0.1") for name in ("imap", "smtp", "autoconfig")),
            mail_crl=str(self.pki.mail_crl),
            pins=self.pki.pins,
            training=True,
        )
        return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]

    def profile(self) -> OperatorProfile:
        """What autoconfiguration says, for tests of something else."""
        imap, smtp = Endpoint(f"imap.{DOMAIN}", self.ports.imap), Endpoint(f"smtp.{DOMAIN}", self.ports.smtp)
        return OperatorProfile(DOMAIN, "Opérateur du laboratoire", imap, smtp)

    def token(self, person: str, **how: object) -> str:
        """A token of one of the people, two minutes long."""
        return self.signer.token(person, **how)  # type: ignore[arg-type]

    def doveadm(self, *words: str) -> str:
        """Runs one of Dovecot's administrative commands, such as `expunge -u alice.martin …`."""
        command = ["doveadm", "-c", str(self.folder / "dovecot/dovecot.conf"), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def fill(self, name: str, messages: Iterable[bytes]) -> None:
        """Puts many messages into a BAL's INBOX at once, a few thousand a second, in their order."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        for place in ("cur", "new", "tmp"):
            (folder / place).mkdir(parents=True)
        for at, raw in enumerate(messages):
            (folder / "cur" / f"{1_700_000_000 + at}.M{at}.lab:2,S").write_bytes(raw)
        owner = pwd.getpwnam("nobody")
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        self.doveadm("import", "-u", name, f"maildir:{folder}", "", "all")
        shutil.rmtree(folder)

    def spare(self) -> str:
        """A BAL that nobody has used yet."""
        return next(self._spare)

    def empty(self, name: str) -> None:
        """Takes all mail out of a BAL; folders stay."""
        self.doveadm("expunge", "-u", name, "mailbox", "*", "all")


def address(name: str) -> str:
    """The address of a BAL by its local part."""
    return f"{name}@{DOMAIN}"


class _Autoconfig:
    """The one document of the operator's web site, in a thread of its own."""

    def __init__(self, ports: Ports, context: ssl.SSLContext) -> None:
        document = _DOCUMENT.format(domain=DOMAIN, imap=ports.imap, smtp=ports.smtp).encode()

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = self.path == "/mail/config-v1.1.xml"
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", "application/xml")
                self.send_header("Content-Length", str(len(document) if found else 0))
                self.end_headers()
                if found:
                    self.wfile.write(document)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="server-lab-autoconfig")
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="{domain}">
    <domain>{domain}</domain>
    <displayName>Opérateur du laboratoire</displayName>
    <incomingServer type="imap">
      <hostname>imap.{domain}</hostname>
      <port>{imap}</port>
      <socketType>STARTTLS</socketType>
      <authentication>OAuth2</authentication>
      <username>%EMAILADDRESS%</username>
    </incomingServer>
    <outgoingServer type="smtp">
      <hostname>smtp.{domain}</hostname>
      <port>{smtp}</port>
      <socketType>STARTTLS</socketType>
      <authentication>OAuth2</authentication>
      <username>%EMAILADDRESS%</username>
    </outgoingServer>
  </emailProvider>
</clientConfig>
"""


@pytest.fixture(scope="session")
def lab_mail() -> Iterator[LabMail]:
    """The running operator; skipped with its reason where it cannot run, failed there with CI=true."""
    if reason := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    lab = LabMail()
    try:
        lab.start()
        yield lab
    finally:
        lab.stop()
