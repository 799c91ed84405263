"""Where the key of a person's store lives: the system's keyring, else a private file where policy allows, else memory."""

from __future__ import annotations

import base64
import errno
import hashlib
import logging
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

import keyring
from keyring.errors import KeyringError

from mssclient.domain.errors import StoreReason, StoreTrouble

log = logging.getLogger(__name__)
SERVICE = "mssclient"
KEY_BYTES = 32
_OF_A_RUN = re.compile(r"mail-[0-9a-f]{24}\.sqlite")


def folder_name(national_id: str) -> str:
    """The name of a person's folder: it does not tell who they are to somebody who lists the home."""
    return hashlib.sha256(f"mssclient person {national_id}".encode()).hexdigest()[:24]


class KeyVault:
    """Keeps one 32-byte key a person. `file_allowed` is for demonstrations and tests (Policy.keep_key_in_file)."""

    def __init__(self, home: Path, *, file_allowed: bool) -> None:
        self._home = home
        self._file_allowed = file_allowed
        self._memory: dict[str, bytes] = {}
        self.lasting = True
        """Whether the last key handed out will be there after a restart."""

    def key(self, national_id: str) -> bytes:
        """The person's key, made on first sight. Where nothing can keep it, it lasts as long as the program."""
        name = f"{folder_name(national_id)}@{hashlib.sha256(str(self._home).encode()).hexdigest()[:12]}"
        self.lasting = True
        try:
            if found := _decoded(keyring.get_password(SERVICE, name)):
                return found
            fresh = secrets.token_bytes(KEY_BYTES)
            keyring.set_password(SERVICE, name, base64.b64encode(fresh).decode())
        except (KeyringError, RuntimeError) as error:
            log.info("no keyring: %s", type(error).__name__)
            return self._without_keyring(national_id)
        return fresh

    def _without_keyring(self, national_id: str) -> bytes:
        if not self._file_allowed:
            self.lasting = False
            return self._memory.setdefault(national_id, secrets.token_bytes(KEY_BYTES))
        path = self._home / "persons" / folder_name(national_id) / "key"
        try:
            return _key_in(path) or _new_key_in(path)
        except OSError as error:
            full = error.errno in {errno.ENOSPC, errno.EDQUOT}
            raise StoreTrouble(StoreReason.FULL if full else StoreReason.KEY) from error


def _decoded(text: str | None) -> bytes:
    """A key as the keyring keeps it; empty for one that is none: it opens nothing, so another takes its place."""
    try:
        found = base64.b64decode(text or "", validate=True)
    except ValueError:
        return b""
    return found if len(found) == KEY_BYTES else b""


def _key_in(path: Path) -> bytes:
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        return b""
    return found if len(found) == KEY_BYTES else b""


def _new_key_in(path: Path) -> bytes:
    """A new key, on the disk before anything is written under it; whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh, partial = secrets.token_bytes(KEY_BYTES), path.with_suffix(".part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(fresh)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return fresh


def forget_others(path: Path) -> None:
    """Remove the stores of earlier runs whose keys ended with them: nobody can read them."""
    for old in path.parent.glob("mail-*.sqlite*"):
        if _OF_A_RUN.match(old.name) and not old.name.startswith(path.name):
            with suppress(OSError):
                old.unlink()
