"""Where the institution's key to the Annuaire's API is kept: the system's keyring, else a private file of the home."""

from __future__ import annotations

import logging
from pathlib import Path

import keyring
from keyring.errors import KeyringError

log = logging.getLogger(__name__)
SERVICE, NAME = "mssclient", "annuaire-fhir"
FILE = "annuaire-fhir.key"
_LIMIT = 500


def read(home: Path) -> str:
    """The key; empty when none was configured. Never raises: the check it serves is optional."""
    try:
        if found := keyring.get_password(SERVICE, NAME):
            return found.strip()
    except KeyringError as error:
        log.info("keyring: %s", type(error).__name__)
    try:
        with (home / FILE).open("rb") as file:
            text = file.read(_LIMIT).decode("ascii", "ignore").strip()
    except OSError:
        return ""
    return text if text.isprintable() else ""
