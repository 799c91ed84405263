"""Certificates of the scripted operator, and the lab's servers where they run."""

from __future__ import annotations

from pathlib import Path

import pytest

from mssclient.sandbox.pki import Pki
from tests.lab.mail import lab_mail
from tests.remote import scripted

__all__ = ["lab_mail"]


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """One chain for all scripts; tests that revoke make their own."""
    folder: Path = tmp_path_factory.mktemp("pki")
    return scripted.new_pki(folder)
