"""What is handed to the person who installs a relay: the example configuration and the systemd unit."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from mssclient.relay import config
from mssclient.relay.config import BadConfig, RelayConfig

FOLDER = Path(__file__).resolve().parents[2] / "installer" / "relay"
EXAMPLE = (FOLDER / "relay.toml").read_text("utf-8")
UNIT = (FOLDER / "mssclient-relay.service").read_text("utf-8")
GUIDE = (FOLDER / "README.md").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every secret that the unit hands over."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    for name in re.findall(r"^#?LoadCredential=(\w+):", UNIT, re.MULTILINE):
        (tmp_path / name).write_text("un secret de cet établissement, assez long\n")
    return tmp_path


def _uncommented(*but: str) -> str:
    lines = [re.sub(r"^#(?=[a-z_]+ = )", "", line) for line in EXAMPLE.splitlines()]
    return "\n".join(line for line in lines if line.partition(" ")[0] not in but)


def test_the_example_serves_as_it_is_and_with_everything_in_it(folder: Path) -> None:
    file = folder / "relay.toml"
    file.write_text(EXAMPLE)
    plain = config.read(file)
    assert plain.client_secret
    assert not plain.redis_url
    file.write_text(_uncommented("client_secret_file", "client_key_password_file"))
    full = config.read(file)
    assert full.by_certificate
    assert full.redis_url.startswith("rediss://")
    for each in fields(RelayConfig):
        value = getattr(full, each.name)
        if each.name in config._FILES and value.startswith(str(folder)):
            assert Path(value).is_file(), f"the unit hands no {each.name} over"


def test_the_example_cannot_be_used_with_both_a_secret_and_a_certificate(folder: Path) -> None:
    file = folder / "relay.toml"
    file.write_text(_uncommented())
    with pytest.raises(BadConfig):
        config.read(file)


def test_the_guide_names_what_exists() -> None:
    known = {each.name for each in fields(RelayConfig)} | {"client_secret_file", "redis_url_file"}
    used = set(re.findall(r"`([a-z]+_[a-z_]+)(?: = [^`]*)?`", GUIDE))
    assert {"redis_key_file", "trusted_proxies", "store_secret_file", "metrics_port"} <= used | known
    told = (
        config.__file__,
        FOLDER.parents[1] / "mssclient/relay/audit.py",
        FOLDER.parents[1] / "mssclient/relay/psc.py",
    )
    source = "".join(Path(path).read_text("utf-8") for path in told)
    foreign = {"client_secret_post", "tls_client_auth", "invalid_client", "login_required", "request_pending"}
    assert not [word for word in used - known - foreign if word not in source and not word.startswith("mssclient_")]


def test_the_unit_is_closed(tmp_path: Path) -> None:
    for line in (
        "DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateDevices=yes",
        "MemoryDenyWriteExecute=yes", "CapabilityBoundingSet=", "RestrictAddressFamilies=AF_INET AF_INET6",
        "SystemCallFilter=@system-service", "RestartPreventExitStatus=2", "UMask=0077",
    ):  # fmt: skip
        assert line in UNIT.splitlines(), line
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / "mssclient-relay.service"
    unit.write_text(UNIT.replace("/opt/mssclient/bin/python", shutil.which("true") or "/bin/true"))
    asked = ["systemd-analyze", "security", "--offline=true", "--threshold=15", str(unit)]
    judged = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
    assert judged.returncode == 0, judged.stdout[-400:] + judged.stderr
    verified = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False
    )
    assert "mssclient-relay" not in verified.stderr, verified.stderr
