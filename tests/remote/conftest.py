"""Certificates of the scripted operator; the sandbox and the lab's servers as one kind of place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mssclient.sandbox.operator import Operator
from mssclient.sandbox.pki import Pki
from tests.lab.mail import lab_mail
from tests.remote import scripted
from tests.remote.places import Place, lab_place, new_operator, sandbox_place

__all__ = ["lab_mail"]


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """One chain for all scripts; tests that revoke make their own."""
    folder: Path = tmp_path_factory.mktemp("pki")
    return scripted.new_pki(folder)


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """A running sandbox."""
    with new_operator(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(params=["sandbox", pytest.param("lab", marks=pytest.mark.lab)])
def place(request: pytest.FixtureRequest) -> Place:
    """Both operators, one after the other."""
    if request.param == "sandbox":
        return sandbox_place(request.getfixturevalue("operator"))
    return lab_place(request.getfixturevalue("lab_mail"))
