"""Another program than ours, mbsync, copies a mailbox of the sandbox and finds every byte, flag and folder."""

from __future__ import annotations

import email
import shutil
import subprocess
from pathlib import Path

import pytest

from mssclient.sandbox.mailstore import Seed
from tests.sandbox.sandbox_kit import PASSWORD, PER, WHEN, mail, opened, sandbox, seeds

pytestmark = pytest.mark.skipif(shutil.which("mbsync") is None, reason="isync is not installed")


def _sync(folder: Path, port: int, authority: Path) -> None:
    config = folder / "mbsyncrc"
    config.write_text(
        f"""\
FSync no
IMAPStore far
Host localhost
Port {port}
User {PER}
Pass {PASSWORD}
SSLType STARTTLS
AuthMechs LOGIN
CertificateFile {authority}
SystemCertificates no

MaildirStore near
Path {folder}/mail/
Inbox {folder}/mail/INBOX
SubFolders Verbatim

Channel both
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
""",
        encoding="utf-8",
    )
    (folder / "mail").mkdir(exist_ok=True)
    done = subprocess.run(
        ["mbsync", "-c", str(config), "-a"],
        capture_output=True, text=True, timeout=60, check=False, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _local(folder: Path, name: str) -> list[Path]:
    return sorted(path for kind in ("cur", "new") for path in (folder / "mail" / name / kind).iterdir())


def test_mbsync_pulls_pushes_and_propagates(tmp_path):
    messages = [*seeds(120), Seed(("Professionnels",), mail("Rangé"), frozenset({"\\Seen"}), WHEN)]
    with sandbox(tmp_path / "pki", {PER: messages}, passwords={PER: PASSWORD}) as operator:
        _sync(tmp_path, operator.ports["imap"], operator.pki.mail_chain)
        pulled = {email.message_from_bytes(path.read_bytes())["Message-ID"] for path in _local(tmp_path, "INBOX")}
        assert pulled == {email.message_from_bytes(seed.raw)["Message-ID"] for seed in messages[:120]}
        (kept,) = _local(tmp_path, "Professionnels")
        assert kept.name.endswith(":2,S")

        first = _local(tmp_path, "INBOX")[0]
        first.rename(first.parent.parent / "cur" / (first.name.partition(":")[0] + ":2,FS"))
        doomed = _local(tmp_path, "INBOX")[-1]
        doomed.unlink()
        (tmp_path / "mail" / "INBOX" / "new" / "1.local.test").write_bytes(mail("Poussé").replace(b"\r\n", b"\n"))
        with opened(operator) as client:
            client.select_folder("INBOX")
            client.add_flags([60], ["\\Answered"])
        _sync(tmp_path, operator.ports["imap"], operator.pki.mail_chain)

        stored = operator.messages(PER)
        assert len(stored) == 120
        assert sum({"\\Flagged", "\\Seen"} <= message.flags for message in stored) == 1
        # mbsync adds its own X-TUID to what it pushes
        assert [b"Subject: Pouss" in message.raw for message in stored].count(True) == 1
        assert any(path.name.endswith(":2,R") for path in _local(tmp_path, "INBOX"))


def test_mbsync_is_refused_without_the_password(tmp_path):
    with sandbox(tmp_path / "pki", passwords={PER: "un autre"}) as operator:
        with pytest.raises(AssertionError):
            _sync(tmp_path, operator.ports["imap"], operator.pki.mail_chain)
        assert operator.orders.times("LOGIN") >= 1
