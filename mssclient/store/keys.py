"""Where the key of a person's store lives: the system's keyring, else a private file where policy allows, else memory."""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import secrets
from pathlib import Path

import keyring
from keyring.errors import KeyringError

log = logging.getLogger(__name__)
SERVICE = "mssclient"


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
            if found := keyring.get_password(SERVICE, name):
                return base64.b64decode(found)
            fresh = secrets.token_bytes(32)
            keyring.set_password(SERVICE, name, base64.b64encode(fresh).decode())
        except (KeyringError, RuntimeError) as error:
            log.info("no keyring: %s", type(error).__name__)
            return self._without_keyring(national_id)
        return fresh

    def _without_keyring(self, national_id: str) -> bytes:
        if not self._file_allowed:
            self.lasting = False
            return self._memory.setdefault(national_id, secrets.token_bytes(32))
        path = self._home / "persons" / folder_name(national_id) / "key"
        if path.exists():
            return path.read_bytes()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = secrets.token_bytes(32)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(fresh)
        return fresh
