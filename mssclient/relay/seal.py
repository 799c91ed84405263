"""Values of `sessions` turned into sealed bytes and back, so that a copy of a shared store gives no token away."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mssclient.domain.session import Activity, Person
from mssclient.relay.sessions import Arrival, Entry, Failure, Grant, PhoneRequest, RelaySession, Start

_NONCE_BYTES = 12
_KINDS: dict[str, type[Start | Arrival | Failure | PhoneRequest | RelaySession]] = {
    kind.__name__: kind for kind in (Start, Arrival, Failure, PhoneRequest, RelaySession)
}


class Seal:
    """AES-256-GCM under the first of `keys`, opened under any of them; a value opens only under the name it was sealed
    for. Names are keyed digests: a person's number cannot be tried out on a copy of the store. Any thread.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers = [AESGCM(_derived(key, b"values")) for key in keys]
        self._naming = [_derived(key, b"names") for key in keys]

    def names(self, key: str) -> list[str]:
        """What `key` may be called in the store; the first is for writing."""
        kind = key.partition(":")[0]
        return [f"mssclient:{kind}:{hmac.new(each, key.encode(), 'sha256').hexdigest()}" for each in self._naming]

    def close(self, key: str, entry: Entry) -> bytes:
        """The entry, sealed."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, _written(entry), key.encode())

    def open(self, key: str, sealed: bytes) -> Entry | None:
        """The entry, or None for what none of our keys sealed under this name, or another version wrote."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        for cipher in self._ciphers:
            try:
                return _read(cipher.decrypt(nonce, rest, key.encode()))
            except (InvalidTag, ValueError):
                continue
        return None


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.new(key, b"mssclient relay " + purpose, hashlib.sha256).digest()


def _written(entry: Entry) -> bytes:
    if isinstance(entry, str):
        return json.dumps({"kind": "word", "word": entry}).encode()
    return json.dumps({"kind": type(entry).__name__, **asdict(entry)}, separators=(",", ":")).encode()


def _read(text: bytes) -> Entry | None:
    found = json.loads(text)
    kind = found.pop("kind", "")
    if kind == "word":
        return str(found["word"])
    if kind not in _KINDS:
        return None
    try:
        if isinstance(person := found.get("person"), dict):
            activities = tuple(_made(Activity, each) for each in person.get("activities", ()))
            found["person"] = _made(Person, {**person, "activities": activities})
        if isinstance(grant := found.get("grant"), dict):
            found["grant"] = _made(Grant, grant)
        entry: Entry = _made(_KINDS[kind], found)
    except TypeError:
        return None
    return entry


def _made(kind: type[Any], found: dict[str, Any]) -> Any:
    """A value of a relay that may be a version newer: what we do not know is left out."""
    return kind(**{each.name: found[each.name] for each in fields(kind) if each.name in found})
