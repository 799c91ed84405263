"""The institution's key to the Annuaire's API: from the keyring, else a private file, else nothing and no complaint."""

from __future__ import annotations

from pathlib import Path

import keyring
import pytest
from keyring.errors import KeyringError

from mssclient.store import api_key


def _refuses(service: str, name: str) -> str:
    raise KeyringError("locked")


def test_the_keyring_first_then_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / api_key.FILE).write_text(" de-la-maison\n", "ascii")
    monkeypatch.setattr(keyring, "get_password", lambda service, name: f"{service}/{name}")
    assert api_key.read(tmp_path) == "mssclient/annuaire-fhir"
    monkeypatch.setattr(keyring, "get_password", lambda service, name: None)
    assert api_key.read(tmp_path) == "de-la-maison"
    monkeypatch.setattr(keyring, "get_password", _refuses)
    assert api_key.read(tmp_path) == "de-la-maison"


@pytest.mark.parametrize("content", [b"", b"a\r\nX-Other: b", b"\x00\x01"])
def test_no_key_and_no_complaint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(keyring, "get_password", lambda service, name: None)
    assert api_key.read(tmp_path) == ""
    (tmp_path / api_key.FILE).write_bytes(content)
    assert api_key.read(tmp_path) == ""
