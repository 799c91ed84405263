"""Export profiles and their sidecars (documents.md, the DUI's export folder)."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain import cda
from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.filing import FilingChoice
from mssclient.domain.identity import Usager
from mssclient.dui import folder, profile
from mssclient.dui.sidecar import CSV_COLUMNS, Facts, SidecarKind, extension, sidecar
from tests.domain import archives
from tests.domain.archives import MATRICULE, PDF

SHIPPED = sorted((Path(__file__).parents[2] / "resources" / "profiles").glob("*.toml"))
USAGER = Usager(MATRICULE, "1.2.250.1.213.1.4.8", "PAT-TROIS", ("DOMINIQUE", "MARIE"), "1979-03-28", "F")
CHOICE = FilingChoice(USAGER, "2024-01-10", "34133-9", "Synthèse d'épisode", "Titre", "D42")
FACTS = Facts(
    CHOICE,
    "",
    "",
    0,
    "",
    cda.read(archives.cda()),
    "claire@ch.mssante.fr",
    "ehpad@x.mssante.fr",
    datetime(2024, 1, 15, 10, tzinfo=UTC),
    "<m@x>",
)
CONTENTS = {"pdf": PDF, "cda": archives.cda(), "zip": archives.archive()}


def files(name: str, contents: dict[str, bytes] = CONTENTS) -> tuple[tuple[str, bytes], ...]:
    path = next(each for each in SHIPPED if each.stem == name)
    return profile.files(profile.read(tomllib.loads(path.read_text("utf-8"))), FACTS, contents, FACTS.document)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_each_shipped_profile_makes_files_that_the_folder_takes(path: Path, tmp_path: Path) -> None:
    read = profile.read(tomllib.loads(path.read_text("utf-8")))
    assert read.name == path.stem
    made = profile.files(read, FACTS, CONTENTS)
    assert len(folder.drop(tmp_path, made)) == len(made)
    watched = made[-1][0].rpartition(".")[2]
    assert watched == (extension(read.sidecar) if read.watched == "sidecar" else made[-1][0].rpartition(".")[2])


def test_the_shipped_profiles() -> None:
    assert len(SHIPPED) == 4
    assert [name for name, _ in files("standard")] == ["20240110_Synthese d episode_PAT-TROIS_DOMINIQUE_D42.pdf"]
    assert [name.rpartition(".")[2] for name, _ in files("pdf-json")] == ["xml", "pdf", "json"]
    assert [name for name, _ in files("xdm-xml")] == [
        "20240110_D42_PAT-TROIS_DOMINIQUE.xml",
        "20240110_D42_PAT-TROIS_DOMINIQUE.zip",
    ]
    assert [name.rpartition(".")[2] for name, _ in files("hprim")] == ["pdf", "hpr"]


def test_what_is_no_health_document_is_written_as_it_is() -> None:
    ((name, content),) = files("standard", {"file": b"\x89PNG\r\n\x1a\n"})
    assert (name[-4:], content) == (".png", b"\x89PNG\r\n\x1a\n")
    with pytest.raises(FilingRefused) as caught:
        files("standard", {"zip": b"PK"})
    assert caught.value.reason is FilingReason.TYPE


@pytest.mark.parametrize(
    ("bent", "key"),
    [
        ({"name": ""}, "name"),
        ({"pieces": []}, "pieces"),
        ({"pieces": ["doc"]}, "pieces"),
        ({"pieces": "pdf"}, "pieces"),
        ({"sidecar": "yaml"}, "sidecar"),
        ({"watched": "x"}, "watched"),
        ({"watched": "sidecar"}, "watched"),
        ({"oops": 1}, "oops"),
        ({"template": "{name.__class__}"}, "template"),
        ({"template": "{name!r}"}, "template"),
        ({"template": "{0}"}, "template"),
        ({"template": "{name:>99999999}"}, "template"),
        ({"template": "{"}, "template"),
        ({"template": 3}, "template"),
    ],
)
def test_a_wrong_profile_names_its_key(bent: dict[str, object], key: str) -> None:
    with pytest.raises(ValueError, match=key):
        profile.read({"name": "x", **bent})


def test_json_follows_document_reference() -> None:
    told = json.loads(files("pdf-json")[-1][1])
    assert told["masterIdentifier"] == "1.2.250.1.999.1"
    assert told["subject"]["identifier"] == [{"system": "urn:oid:1.2.250.1.213.1.4.8", "value": MATRICULE}]
    assert told["attachment"]["contentType"] == "application/pdf"
    assert told["attachment"]["size"] == len(PDF)
    assert told["attachment"]["title"].endswith(".pdf")


def test_xml_says_the_same() -> None:
    root = ElementTree.fromstring(files("xdm-xml")[0][1])
    assert root.findtext("subject/identifier/value") == MATRICULE
    assert [each.text for each in root.findall("subject/given")] == ["DOMINIQUE", "MARIE"]


def test_hprim_is_twelve_lines_then_the_text() -> None:
    lines = files("hprim")[-1][1].decode("cp1252").split("\r\n")
    assert lines[:3] == ["D42", "PAT-TROIS", "DOMINIQUE"]
    assert lines[6:12] == ["28/03/1979", MATRICULE, "D42", "10/01/2024", "claire@ch.mssante.fr", "ehpad@x.mssante.fr"]
    assert lines[-3:] == ["****FIN****", "****FINFICHIER****", ""]


NASTY = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\r\n\0;\"'=+-@<&\ud800")), max_size=40)


@given(NASTY, NASTY)
def test_no_name_breaks_a_sidecar(family: str, title: str) -> None:
    choice = replace(CHOICE, usager=replace(USAGER, birth_name=family), title=title)
    facts = replace(FACTS, choice=choice, file_name=title)
    json.loads(sidecar(SidecarKind.JSON, facts))
    ElementTree.fromstring(sidecar(SidecarKind.XML, facts))
    rows = list(csv.reader(io.StringIO(sidecar(SidecarKind.CSV, facts).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [len(row) for row in rows] == [len(CSV_COLUMNS)] * 2
    assert not any(cell[:1] in {"=", "+", "-", "@"} for cell in rows[1])
    assert sidecar(SidecarKind.HPRIM, facts).count(b"\r\n") == 16
    assert sidecar(SidecarKind.NONE, facts) == b""
