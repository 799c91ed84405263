"""“What is missing on this workstation”: each finding good or bad for its own reason, and nothing touched."""

from __future__ import annotations

from pathlib import Path

import keyring
import pytest

from mssclient import app
from mssclient.domain.machine import Machine
from mssclient.remote.tls import MailTrust
from mssclient.stage import doctor
from mssclient.stage.doctor import Line
from mssclient.store import binding
from tests.journeys.worlds import SandboxWorld
from tests.keyrings import MemoryKeyring
from tests.stage.check_kit import altered


def found(environment: Path | str, home: Path, machine: Machine | None = None) -> dict[str, Line]:
    lines = doctor.examine(str(environment), str(home), machine if machine is not None else Machine())
    return {line.name: line for line in lines}


def test_a_fresh_workstation_is_good_and_stays_as_it_is(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    environment = altered(sandbox_world, tmp_path, policy={"keep_key_in_file": True})
    lines = found(environment, tmp_path / "home")
    assert all(line.good for line in lines.values()), [line for line in lines.values() if not line.good]
    assert {"machine", "home", "binding", "environment", "mail anchors", "web anchors", "revocation", "keyring",
            "card reader"} <= set(lines)  # fmt: skip
    assert "Mo libres" in lines["home"].words
    assert not (tmp_path / "home").exists()


def test_a_missing_keyring_is_a_failure_unless_the_policy_keeps_keys_in_a_file(
    sandbox_world: SandboxWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = altered(sandbox_world, tmp_path, policy={"keep_key_in_file": False})
    assert not found(environment, tmp_path / "home")["keyring"].good
    monkeypatch.setattr(keyring, "get_password", MemoryKeyring().get_password)
    assert found(environment, tmp_path / "home")["keyring"].good


def test_a_file_as_home_is_said(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    path = tmp_path / "fichier"
    path.write_text("x")
    line = found(sandbox_world.environment_file, path)["home"]
    assert not line.good
    assert "un fichier" in line.words


def test_a_home_of_another_environment_is_said(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    own = app.load_environment(str(sandbox_world.environment_file), Machine())
    binding.bind(home, own)
    assert found(sandbox_world.environment_file, home)["binding"].good
    line = found("bas", home)["binding"]
    assert not line.good
    assert "sandbox" in line.words


def test_the_settings_of_the_workstation_are_told_and_their_conflicts(
    sandbox_world: SandboxWorld, tmp_path: Path
) -> None:
    machine = Machine(str(tmp_path / "machine.toml"), environment="bas", home=str(tmp_path / "ailleurs"))
    lines = found(sandbox_world.environment_file, tmp_path / "home", machine)
    assert lines["machine"].good
    assert not lines["environment"].good
    assert "--environment" in lines["environment"].words
    assert not lines["home"].good


def test_a_home_that_is_kept_tells_its_lists(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = app.load_environment(str(sandbox_world.environment_file), Machine())
    MailTrust(environment, home / doctor.REVOCATION_FOLDER).state()
    later = altered(sandbox_world, tmp_path, trust={"crl": ""})
    assert "liste du" in found(later, home)["revocation"].words
    alone = altered(sandbox_world, tmp_path, trust={"crl": ""}, policy={"revocation": "required"})
    line = found(alone, tmp_path / "nouveau")["revocation"]
    assert not line.good
    assert "aucune liste" in line.words
    off = altered(sandbox_world, tmp_path, policy={"revocation": "off"})
    assert "non consultée" in found(off, home)["revocation"].words
