"""`mssclient compose` and links: what is asked becomes one checked wish, what is wrong is said in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mssclient import cli
from mssclient.domain.errors import Unreadable
from mssclient.domain.handover import Handover
from mssclient.stage import compose_command, send_options


def asked(*arguments: str) -> tuple[Handover, bool]:
    return compose_command.handover_of(cli._parser().parse_args(send_options.with_link(arguments)))


def test_a_link_is_a_wish_wherever_it_stands() -> None:
    for arguments in (
        ["mssante:a.b@chu.mss.example?sujet=Bonjour"],
        ["--home", "/x", "MSSANTE:a.b@chu.mss.example?sujet=Bonjour"],
    ):
        handed, paths = asked(*arguments)
        assert (handed.to, handed.subject, paths) == (("a.b@chu.mss.example",), "Bonjour", False)


def test_options_and_documents(tmp_path: Path) -> None:
    document = tmp_path / "a b.pdf"
    document.write_bytes(b"%PDF")
    handed, paths = asked(
        "compose", "--to", "A.B@chu.mss.example", "--birth-name", "NESSI", "--given", "RUTH ISABELLE", "--sex", "F",
        "--birth-date", "1977-07-14", "--matricule", "2 77 07 63 220 829 10", "--oid", "1.2.250.1.213.1.4.10", "--type",
        "60591-5", "--date", "2026-05-03", "--to-usager", str(document),
    )  # fmt: skip
    assert paths
    assert handed.attachments == (str(document),)
    assert handed.usager is not None
    assert handed.usager.matricule == "277076322082910"
    assert handed.usager.given == ("RUTH", "ISABELLE")
    assert handed.to_usager


def test_a_sidecar_s_documents_lie_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    (tmp_path / "a.json").write_text(json.dumps({"attachment": {"title": "a.pdf"}, "recipients": ["x@y.mss.example"]}))
    handed, _ = asked("compose", "--json", str(tmp_path / "a.json"), "--to", "z@y.mss.example")
    assert handed.attachments == (str(tmp_path / "a.pdf"),)
    assert handed.to == ("x@y.mss.example", "z@y.mss.example")


@pytest.mark.parametrize(("arguments", "word"), [
    (["compose", "--to", "pas une adresse"], "adresse"),
    (["compose", "/nulle/part.pdf"], "introuvable"),
    (["compose", "--json", "/nulle/part.json"], "accompagnement"),
    (["compose", "--date", "3 mai"], "AAAA-MM-JJ"),
    (["mssante:a@b.mss.example?piece=/etc/passwd"], "chemin"),
    (["mssante:a@b.mss.example?remplace=abc"], "OID"),
])  # fmt: skip
def test_what_is_wrong_is_said(arguments: list[str], word: str) -> None:
    with pytest.raises(Unreadable) as told:
        asked(*arguments)
    assert word in compose_command.refusal(told.value)


@pytest.mark.parametrize(("wrong", "said"), [(("--sex", "Z"), "M ou F"), (("--version", "deux"), "nombre entier")])
def test_an_option_that_means_nothing_is_not_passed_over(wrong: tuple[str, str], said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        asked("compose", "--birth-name", "NESSI", *wrong)
    assert said in compose_command.refusal(refused.value)
