"""Where the key of a person's store lives: the system's keyring, else a private file where policy allows, else memory.

The key may be bound to the relay: half of it is a share that the relay lends to whoever signed in as that person.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import hmac
import logging
import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import TypeVar

import keyring
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError, PasswordDeleteError

from mssclient.domain.errors import StoreReason, StoreTrouble
from mssclient.domain.session import canonical_id

log = logging.getLogger(__name__)
T = TypeVar("T")
SERVICE = "mssclient"
KEY_BYTES = 32
_PURPOSE = b"mssclient store 1"
_OF_A_RUN = re.compile(r"mail-[0-9a-f]{24}\.sqlite")
_FORMAT = re.compile(r"(?:(moving|shared) ([0-9a-f]{64}) )?([A-Za-z0-9+/]{43}=)")


def folder_name(national_id: str) -> str:
    """The name of a person's folder: it does not tell who they are to somebody who lists the home."""
    return hashlib.sha256(f"mssclient person {canonical_id(national_id)}".encode()).hexdigest()[:24]


class Binding(Enum):
    """What opens a store beside the secret of this workstation."""

    OWN = "own"  # nothing: the secret is the key
    MOVING = "moving"  # on its way from OWN to SHARED: the file is under one of the two keys
    SHARED = "shared"  # the relay's share


class Place(Enum):
    """Where secrets of this workstation are kept."""

    KEYRING = "keyring"
    FILE = "file"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """What is kept for one person: 32 random bytes, and whether the relay's share is needed too."""

    secret: bytes = field(repr=False)
    binding: Binding = Binding.OWN
    mark: str = ""
    """Which share it is bound to: a digest of the bound key, which tells neither."""

    @classmethod
    def fresh(cls) -> KeyEntry:
        """A new secret, bound to nothing."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def read(cls, text: str) -> KeyEntry | None:
        """An entry from its text; None for a text that is none."""
        if (found := _FORMAT.fullmatch(text.strip())) is None:
            return None
        binding, mark, secret = found.groups()
        return cls(base64.b64decode(secret), Binding(binding or "own"), mark or "")

    @classmethod
    def of_file(cls, raw: bytes) -> KeyEntry | None:
        """An entry from a file: its text, or the bare key of a version that bound nothing."""
        return cls(raw) if len(raw) == KEY_BYTES else cls.read(raw.decode("ascii", errors="replace"))

    def text(self) -> str:
        """For the keyring; 2,560 bytes are the most that Windows keeps, this is 116 at most."""
        secret = base64.b64encode(self.secret).decode()
        return secret if self.binding is Binding.OWN else f"{self.binding.value} {self.mark} {secret}"

    def bound(self, share: bytes, binding: Binding = Binding.SHARED) -> KeyEntry:
        """The same secret, bound to a share."""
        return replace(self, binding=binding, mark=_mark(self.key(share)))

    def key(self, share: bytes) -> bytes:
        """The 32 bytes that open the store together with this share; without one, the secret itself (RFC 5869)."""
        if not share:
            return self.secret
        return HKDF(SHA256(), KEY_BYTES, salt=share, info=_PURPOSE).derive(self.secret)

    def fits(self, share: bytes) -> bool:
        """Whether this is the share that the store was bound to."""
        return bool(share) and hmac.compare_digest(_mark(self.key(share)), self.mark)


def _mark(key: bytes) -> str:
    return hashlib.sha256(b"mssclient share mark " + key).hexdigest()


class KeyVault:
    """Keeps one entry a person, named by the person's folder. Its verbs may block for as long as a keyring waits for a
    password: they belong on a thread of their own. `file_allowed` is Policy.keep_key_in_file.

    Raises StoreTrouble: KEYRING_LOCKED when there is a keyring that was not opened, FULL or KEY for the file.
    """

    def __init__(self, home: Path, *, file_allowed: bool) -> None:
        self._home = home
        self._file_allowed = file_allowed
        self._memory: dict[str, KeyEntry] = {}
        # One home by whichever way it was named: a link to it must find the same keys, and forget them.
        self._mark = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]

    def entry(self, folder: str) -> tuple[Place, KeyEntry | None]:
        """The person's entry and where it was looked for; None where there is none, or none that can be read."""
        spare = Place.FILE if self._file_allowed else Place.MEMORY
        try:
            found = _asked(lambda: keyring.get_password(SERVICE, self._name(folder)))
        except _Absent:
            return spare, self._spare(folder)
        if found is None and self._file_allowed and (kept := self._spare(folder)) is not None:
            return Place.FILE, kept
        return Place.KEYRING, KeyEntry.read(found or "")

    def keep(self, folder: str, entry: KeyEntry, place: Place) -> Place:
        """Keep an entry where it can be found again, if anywhere; where it is now."""
        if place is Place.KEYRING:
            try:
                _asked(lambda: keyring.set_password(SERVICE, self._name(folder), entry.text()))
                if _asked(lambda: keyring.get_password(SERVICE, self._name(folder))) == entry.text():
                    return Place.KEYRING
            except _Absent:
                log.info("the keyring keeps nothing")
        if self._file_allowed:
            _write(self._file(folder), entry.text())
            return Place.FILE
        self._memory[folder] = entry
        return Place.MEMORY

    def forget(self, folder: str) -> bool:
        """Remove the entry everywhere: what it opened is noise from then on. Whether a keyring was there to be asked.
        Raises StoreTrouble when the entry is still there."""
        self._memory.pop(folder, None)
        path = self._file(folder)
        try:
            if path.exists():
                # The name may live on in a journal of the file system; the key does not.
                _write(path, "")
                path.unlink()
        except OSError as error:
            raise StoreTrouble(StoreReason.KEY) from error
        try:
            if _asked(lambda: keyring.get_password(SERVICE, self._name(folder))) is not None:
                _asked(lambda: keyring.delete_password(SERVICE, self._name(folder)))
        except _Absent:
            log.info("no keyring to forget in")
            return False
        return True

    def _name(self, folder: str) -> str:
        return f"{folder}@{self._mark}"

    def _file(self, folder: str) -> Path:
        return self._home / "persons" / folder / "key"

    def _spare(self, folder: str) -> KeyEntry | None:
        if not self._file_allowed:
            return self._memory.get(folder)
        try:
            return KeyEntry.of_file(self._file(folder).read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreTrouble(StoreReason.KEY) from error


class _Absent(Exception):
    """There is no keyring that could keep a secret."""


def _asked(question: Callable[[], T]) -> T:
    """A question to the keyring; its failures told apart: absent is not locked."""
    try:
        if _keeps_in_clear():
            raise _Absent
        return question()
    except KeyringLocked as error:
        raise StoreTrouble(StoreReason.KEYRING_LOCKED) from error
    except (NoKeyringError, InitError) as error:
        log.info("no keyring: %s", type(error).__name__)
        raise _Absent from error
    except PasswordDeleteError as error:
        raise StoreTrouble(StoreReason.KEY) from error
    except (KeyringError, RuntimeError, OSError) as error:
        log.info("keyring failed: %s", type(error).__name__)
        raise StoreTrouble(StoreReason.KEYRING_LOCKED) from error


def _keeps_in_clear() -> bool:
    """Whether the keyring that was found is one of keyrings.alt, installed by some other program: files in clear, or
    under a password asked for on a terminal that nobody sees."""
    found = keyring.get_keyring()
    return any(type(each).__module__.startswith("keyrings.alt") for each in (found, *getattr(found, "backends", ())))


def _write(path: Path, text: str) -> None:
    """A private file, on the disk before anything is written under its key; whole or not at all."""
    partial = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise StoreTrouble(StoreReason.FULL if full else StoreReason.KEY) from error


def forget_others(path: Path) -> None:
    """Remove the stores of earlier runs whose keys ended with them: nobody can read them."""
    for old in path.parent.glob("mail-*.sqlite*"):
        if _OF_A_RUN.match(old.name) and not old.name.startswith(path.name):
            with suppress(OSError):
                old.unlink()
