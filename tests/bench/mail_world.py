"""The operator of the mail bench, a process of its own: a real Dovecot whose large inbox is warm, near and 20 ms away.

    python -m tests.bench.mail_world CACHE MESSAGES

Prints one line of JSON (`World`), then serves until its stdin is closed. The mailbox is made once and kept in CACHE.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import pwd
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.mail_corpus import Corpus
from tests.bench.mail_raw import RawLine
from tests.faults.proxy import Service
from tests.faults.world import AUTOCONFIG_HOST, RELAY_HOST, QuickRelay
from tests.lab import mail
from tests.lab.mail import LabMail
from tests.remote import https_kit
from tests.remote.slow_line import slow_line

FULL, SMALL = "charge", "essai00"
FEW = 50
ROUND_TRIP_S = 0.020
BENCH_S = 2 * 3600
PASSWORD, CERTIFICATE = secrets.token_hex(16), "imap-alone.pem"
_PASSWORDS = """
auth_mechanisms = xoauth2 oauthbearer plain
passdb {{
  driver = static
  args = password={password}
  mechanisms = plain
}}
"""
OWNER = "nobody"
"""Whose the mail is, in the lab."""


@dataclass(frozen=True, slots=True)
class World:
    """What a client needs to know; paths as text."""

    near: str
    """Environment file: the large mailbox over loopback."""
    far: str
    """The same, 20 ms away."""
    small: str
    """Another mailbox, with a page of messages."""
    dovecot: str
    """Dovecot's configuration, for its administrative commands."""
    chain: str
    """PEM of the root that its certificate chains to."""
    port: int
    far_port: int
    host: str
    address: str
    password: str
    """For clients that know no tokens."""
    certificate: str
    """PEM of the server's own certificate, for clients that want it by itself."""
    token: str
    """Opens the large mailbox for as long as a bench may take."""
    corpus: str
    """The folder of this mailbox in the cache."""


def _filled(lab: LabMail, corpus: Corpus, folder: Path) -> None:
    """The large mailbox into place, as it was when it was last made."""
    box = lab.folder / "dovecot" / "mail" / FULL / "mdbox"
    kept = folder / "mdbox"
    if kept.exists():
        box.parent.mkdir(parents=True)
        _owned(box.parent)
        subprocess.run(["cp", "-a", "--reflink=auto", str(kept), str(box)], check=True)
        return
    source = Path(tempfile.mkdtemp(dir=lab.folder))
    subprocess.run(["cp", "-al", str(folder / "maildir"), str(source / "maildir")], check=True)
    for place in (source, source / "maildir", *(source / "maildir").iterdir()):
        _owned(place)
    lab.doveadm("import", "-u", FULL, f"maildir:{source / 'maildir'}", "", "all")
    shutil.rmtree(source)
    world = _told(lab, corpus, folder, "", "", "", 0)
    for _ in range(2):  # the first time the server learns what is asked for, and what to keep at hand
        with RawLine(world.host, world.port, world.chain) as line:
            line.sign_in(world.address, world.token)
            line.select("INBOX")
            line.headers("1:*")
    partial = folder / "mdbox.part"
    shutil.rmtree(partial, ignore_errors=True)
    subprocess.run(["cp", "-a", str(box), str(partial)], check=True)
    partial.rename(kept)


def _let_in_by_password(lab: LabMail) -> None:
    """Beside tokens, which mbsync does not know."""
    with (lab.folder / "dovecot" / "dovecot.conf").open("a") as conf:
        conf.write(_PASSWORDS.format(password=PASSWORD))
    lab.doveadm("reload")
    found = re.search(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", lab.pki.imap.read_text(), re.DOTALL)
    assert found
    (lab.folder / CERTIFICATE).write_text(found[0])


def _owned(path: Path) -> None:
    owner = pwd.getpwnam(OWNER)
    os.chown(path, owner.pw_uid, owner.pw_gid)


def _told(lab: LabMail, corpus: Corpus, folder: Path, near: str, far: str, small: str, far_port: int) -> World:
    return World(
        near, far, small, str(lab.folder / "dovecot" / "dovecot.conf"), str(lab.pki.mail_chain), lab.ports.imap, far_port,
        f"imap.{mail.DOMAIN}", mail.address(FULL), PASSWORD, str(lab.folder / CERTIFICATE),
        lab.token(mail.ALICE, lives_s=BENCH_S), str(folder),
    )  # fmt: skip


def _environment(lab: LabMail, name: str, web: int, bal: str) -> str:
    pki = lab.pki
    hosts = (RELAY_HOST, AUTOCONFIG_HOST, f"imap.{mail.DOMAIN}", f"smtp.{mail.DOMAIN}")
    base = f"https://{AUTOCONFIG_HOST}:{web}"
    tables: dict[str, Mapping[str, object]] = {
        "": {
            "name": name, "training": True, "product": mail.PRODUCT, "directory": "", "bals": [mail.address(bal)],
            "autoconfig": f"https://autoconfig.{{domain}}:{web}/mail/config-v1.1.xml",
            "psc_relay": f"https://{RELAY_HOST}:{web}", "white_list": f"{base}/listeblanchemssante.xml",
        },
        "trust": {"mail": str(pki.mail_anchors), "web": str(pki.web_anchors), "pins": list(pki.pins)},
        "hosts": dict.fromkeys(hosts, "127.0.0.1"),
        "policy": {"keep_key_in_file": True, "operator_saves_sent": False},
    }  # fmt: skip
    lines = []
    for table_name, table in tables.items():
        lines += [f"[{table_name}]"] if table_name else []
        lines += [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in table.items()]
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def _site(lab: LabMail, imap_port: int) -> Iterator[int]:
    """Relay, autoconfiguration and white list, for a mail server at this port."""
    relay = QuickRelay(lab)
    relay.ports = {Service.IMAP: imap_port, Service.SMTP: lab.ports.smtp}
    with https_kit.served(relay.app, lab.pki.web_server([RELAY_HOST, AUTOCONFIG_HOST])) as port:
        yield port


@contextlib.contextmanager
def _running(cache: Path, count: int) -> Iterator[World]:
    corpus = Corpus(count, mail.address(FULL))
    folder = corpus.ready(cache)
    lab = LabMail()
    with contextlib.ExitStack() as doors:
        doors.callback(lab.stop)
        lab.start()
        _let_in_by_password(lab)
        _filled(lab, corpus, folder)
        lab.fill(SMALL, (corpus.message(number) for number in range(FEW)))
        far_port = doors.enter_context(slow_line(lab.ports.imap, ROUND_TRIP_S / 2)).port
        near_web, far_web = (doors.enter_context(_site(lab, port)) for port in (lab.ports.imap, far_port))
        files = []
        for name, web, bal in (("near", near_web, FULL), ("far", far_web, FULL), ("small", near_web, SMALL)):
            path = lab.folder / f"{name}.toml"
            path.write_text(_environment(lab, name, web, bal), "utf-8")
            files.append(str(path))
        near, far, small = files
        yield _told(lab, corpus, folder, near, far, small, far_port)


def main(cache: Path, count: int) -> None:
    os.umask(0o022)
    with _running(cache, count) as world:
        sys.stdout.write(json.dumps(dataclasses.asdict(world)) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


@contextlib.contextmanager
def world(cache: Path, count: int) -> Iterator[World]:
    """The operator, served; making its mailbox may take some minutes. Raises RuntimeError when it does not start."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.mail_world", str(cache), str(count)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if not (said := process.stdout.readline()):
            raise RuntimeError("the operator did not start")
        yield World(**json.loads(said))
    finally:
        process.stdin.close()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
