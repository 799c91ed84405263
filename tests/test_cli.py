"""The front door as an integrator meets it: exit codes, sentences, and the schema of `inspect --json`."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mssclient import app, cli
from mssclient.domain.machine import Machine
from mssclient.sandbox import letters, papers_hostile, people
from mssclient.store import binding
from tests.sandbox.test_papers_hostile import papers

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
KEYS = {
    "kind", "subject", "display_subject", "from", "to", "message_id", "mss", "receipt", "documents", "attachments",
    "body_text", "warnings",
}  # fmt: skip
DOCUMENT_KEYS = {
    "uri", "unique_id", "type_code", "type_label", "title", "created", "version", "set_id", "replaces", "author",
    "hash_ok", "size_ok", "usager", "contents",
}  # fmt: skip
USAGER_KEYS = {"matricule", "oid", "key_valid", "birth_name", "given", "birth_date", "sex"}


def inspected(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert cli.main(["inspect", str(path), "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_every_letter_of_the_sandbox_is_inspected_or_refused_in_french(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lettre.eml"
    kinds = set()
    for letter in letters.mailboxes(NOW)[people.SECRETARIAT][:40]:
        path.write_bytes(letter.raw)
        found = inspected(path, capsys)
        assert set(found) == KEYS
        kinds.add(found["kind"])
        for document in found["documents"]:  # type: ignore[attr-defined]
            assert set(document) == DOCUMENT_KEYS
            assert document["usager"] is None or set(document["usager"]) == USAGER_KEYS
    assert kinds == {"message"}


def test_an_archive_of_somebody_else_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    found = inspected(Path(__file__).parent / "data" / "xdm" / "nist_xdm.zip", capsys)
    assert found["kind"] == "xdm"
    assert found["documents"]


@pytest.mark.parametrize("name", sorted(papers_hostile.HOSTILE))
def test_hostile_archives_end_with_a_sentence_and_two(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "IHE_XDM.ZIP"
    path.write_bytes(papers_hostile.HOSTILE[name](papers()))
    assert cli.main(["inspect", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert "Traceback" not in said.err


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["inspect", str(tmp_path / "rien.eml")]) == 2
    assert "introuvable" in capsys.readouterr().err
    assert cli.main(["inspect", str(tmp_path)]) == 2
    assert "ne peut pas être lu" in capsys.readouterr().err


def test_doctor_names_what_is_missing_and_no_content(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--home", str(tmp_path / "home"), "--environment", "production", "doctor", "--json"]) == 1
    lines = {line["name"]: line for line in json.loads(capsys.readouterr().out)}
    assert lines["mail anchors"]["good"] is False
    assert lines["home"]["good"] is True
    assert not (tmp_path / "home").exists()


def test_an_unknown_environment_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--environment", str(tmp_path / "nulle-part.toml")]) == 2
    assert "Environnement illisible" in capsys.readouterr().err


def test_the_sandbox_runs_alone_and_prints_its_environment_file(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mssclient", "sandbox", "--dir", str(tmp_path), "--lines", "50"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline().strip()
        assert "name = " in Path(first).read_text("utf-8")
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said


def test_the_tour_passes_and_leaves_a_picture_a_step(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mssclient", "tour", "--out", str(tmp_path), "--json"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, env=environment, check=False)
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stdout[-800:] + done.stderr[-2000:]
    assert len(steps) >= 25
    assert all(step["ok"] and (tmp_path / step["picture"]).stat().st_size > 5_000 for step in steps)
    assert "Traceback" not in done.stderr


def test_a_foreign_name_does_not_write_on_the_terminal() -> None:
    assert cli._harmless("a\x1b[31m\u202eb\nc\x9b") == "a\ufffd[31m\ufffdb\ufffdc\ufffd"


@pytest.mark.parametrize(
    "line",
    [
        'card_out_grace_s = "x"',
        "card_out_grace_s = 2.5",
        "card_out_grace_s = nan",
        "idle_lock_s = -5",
        "idle_lock_s = 0",
        "idle_lock_s = 1801",
        'keep_key_in_file = "false"',
    ],
)
def test_a_policy_of_a_wrong_type_is_refused_by_its_name(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = (Path(__file__).parents[1] / "resources" / "environments" / "production.toml").read_text("utf-8")
    path = tmp_path / "e.toml"
    path.write_text(f"{good.partition('[policy]')[0]}\n[policy]\n{line}\n", "utf-8")
    assert cli.main(["--environment", str(path)]) == 2
    assert f"policy.{line.split(maxsplit=1)[0]}" in capsys.readouterr().err


@pytest.mark.parametrize("issuer", ["", 'psc_issuer = "https://auth.bas.psc.esante.gouv.fr/auth/realms/esante-wallet"'])
def test_production_names_the_pro_sante_connect_of_production(
    issuer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = (Path(__file__).parents[1] / "resources" / "environments" / "production.toml").read_text("utf-8")
    path = tmp_path / "e.toml"
    lines = [issuer if line.startswith("psc_issuer") else line for line in good.splitlines()]
    path.write_text("\n".join(lines), "utf-8")
    assert cli.main(["--environment", str(path)]) == 2
    assert "psc_issuer" in capsys.readouterr().err


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tuyau"
    os.mkfifo(path)
    began = time.monotonic()
    assert cli.main(["inspect", str(path)]) == 2
    assert "ne peut pas être lu" in capsys.readouterr().err
    assert time.monotonic() - began < 8


def test_a_pipe_is_inspected(tmp_path: Path) -> None:
    mail = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: Bonjour\r\n\r\nTexte\r\n"
    command = [sys.executable, "-m", "mssclient", "inspect", "/dev/stdin"]
    done = subprocess.run(command, input=mail, capture_output=True, timeout=30, check=False)
    assert done.returncode == 0
    assert "Bonjour" in done.stdout.decode()


@pytest.mark.parametrize("content", ["<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "\n <!DOCTYPE ClinicalDocument><x/>"])
def test_a_document_type_is_refused_without_an_xml_declaration_too(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "document.xml"
    path.write_text(content)
    assert cli.main(["inspect", str(path)]) == 2
    assert "interdit" in capsys.readouterr().err


def test_a_page_of_html_is_no_hostile_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    path.write_text("<!DOCTYPE html><html><body>Bonjour</body></html>")
    assert inspected(path, capsys)["kind"] == "other"


@pytest.mark.parametrize("command", [["sandbox", "--dir"], ["tour", "--out"], ["shots", "--out"]])
def test_a_file_in_place_of_a_folder_is_a_sentence(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "fichier"
    path.write_text("x")
    assert cli.main([*command, str(path)]) == 2
    assert "est un fichier" in capsys.readouterr().err
    assert cli.main([*command, str(path / "dedans")]) == 2
    assert "ne peut pas être utilisé" in capsys.readouterr().err


@pytest.mark.parametrize("moment", ["mssclient-demo-", "sandbox.toml"])
def test_the_demonstration_leaves_nothing_when_it_is_told_to_end(tmp_path: Path, moment: str) -> None:
    command = [sys.executable, "-m", "mssclient", "demo"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        end = time.monotonic() + 60
        while not any(moment in str(path) for path in tmp_path.rglob("*")):
            assert time.monotonic() < end
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    assert "Traceback" not in said.decode()
    assert not list(tmp_path.iterdir())


def test_a_home_of_another_environment_is_refused_in_french(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    binding.bind(tmp_path, app.load_environment("production", Machine()))
    assert cli.main(["--home", str(tmp_path), "--environment", "bas"]) == 2
    said = capsys.readouterr().err
    assert "--home" in said
    assert "Traceback" not in said
