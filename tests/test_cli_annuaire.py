"""`mssclient annuaire` as an administrator meets it: exit codes, sentences, JSON, on the files of the window's own home."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mssclient import cli
from mssclient.sandbox.directory import Listed, extraction, zipped
from mssclient.store.directory import DirectoryStore

NOW = datetime(2026, 8, 26, 10, 13, tzinfo=UTC)
NAME = "Extraction_Correspondance_MSSante_202608261013"
CLAIRE = Listed(
    "claire.essai@tilleuls.mss.example", rpps="99900000015", title="DR", family="ESSAI-FICTIF", given="Claire",
    profession_code="10", speciality="Gériatrie", structure="EHPAD Les Tilleuls", structure_id="990000001",
    post_code="63999", town="BOISFICTIF",
)  # fmt: skip
PLACE = Listed(
    "accueil@tilleuls.mss.example", "ORG", structure="EHPAD Les Tilleuls", post_code="63999", town="BOISFICTIF"
)
LINES = list(extraction(500, fixed=(CLAIRE, PLACE)))


class Front:
    """The command line over one home."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        self._capsys.readouterr()
        code = cli.main(["--home", str(self.home), "annuaire", *arguments])
        told = self._capsys.readouterr()
        return code, told.out, told.err

    def json(self, *arguments: str) -> Any:
        code, out, _ = self(*arguments, "--json")
        assert code == 0
        return json.loads(out)


@pytest.fixture
def front(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Front:
    return Front(tmp_path / "home", capsys)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / f"{NAME}.zip"
    path.write_bytes(zipped(LINES, NOW))
    return path


def test_import_status_and_search(front: Front, archive: Path) -> None:
    assert front("status")[0] == 2
    assert front("search", "essai")[0] == 2
    code, out, err = front("import", str(archive))
    assert (code, out) == (0, "")
    assert "500 lignes en place" in err
    assert "100" in err
    status = front.json("status")
    assert (status["entries"], status["extracted"], status["loading"]) == (500, "202608261013", False)
    assert status["age_days"] >= 0
    assert "26/08/2026" in front("status")[1]


def test_a_file_without_a_date_is_as_old_as_its_load(front: Front, archive: Path) -> None:
    front("import", str(archive.rename(archive.with_name("annuaire.zip"))))
    assert "26/08/2026" in front("status")[1]  # the archive's own text is named after its minute
    plain = archive.with_name("annuaire.txt")
    plain.write_bytes(b"".join(LINES))
    other = Front(front.home.with_name("autre"), front._capsys)
    other("import", str(plain))
    told = other("status")[1]
    assert "extraction de date inconnue, chargée le" in told
    assert "aujourd’hui" in told


def test_missing_anchors_are_told_by_their_file(front: Front, tmp_path: Path) -> None:
    code, out, err = front("import", "https://127.0.0.1:9/x.zip", "--anchors", str(tmp_path / "racines.pem"))
    assert (code, out) == (2, "")
    assert "Le fichier de certificats racines racines.pem manque" in err


def test_nothing_is_answered_without_a_copy(front: Front) -> None:
    code, out, err = front("search", "martin")
    assert (code, out) == (2, "")
    assert "mssclient annuaire import" in err


def test_a_lock_that_cannot_be_taken_is_no_load(front: Front, archive: Path) -> None:
    front("import", str(archive))
    lock = front.home / "directory" / "annuaire.lock"
    lock.unlink()
    lock.mkdir()
    assert front.json("status")["loading"] is False


def test_the_shape_of_an_answer(front: Front, archive: Path) -> None:
    front("import", str(archive))
    assert front.json("search", "essai-fictif", "claire") == [{
        "address": "claire.essai@tilleuls.mss.example",
        "kind": "PER",
        "person": {"id": "899900000015", "name": "ESSAI-FICTIF", "given": "Claire", "profession": "Médecin",
                   "specialty": "Gériatrie"},
        "structure": {"id": "990000001", "name": "EHPAD Les Tilleuls", "town": "BOISFICTIF", "post_code": "63999"},
        "paperless": True,
    }]  # fmt: skip
    assert len(front.json("search", "ma", "--limit", "3")) == 3
    assert front.json("search", "zzzqqq") == []
    words = front("search", "essai-fictif")[1]
    assert "Dr Claire ESSAI-FICTIF (Médecin, Gériatrie)" in words
    assert "claire.essai@tilleuls.mss.example" in words


@pytest.mark.parametrize(
    "criterion",
    [
        ("--rpps", "99900000015"), ("--rpps", "999 0000"), ("--name", "essai fictif"), ("--nom", "ESSAI"),
        ("--given", "claire", "--town", "boisf"), ("--profession", "médecin", "--town", "boisfictif"),
        ("--specialty", "gériatre", "--ville", "BOISFICTIF"), ("--structure", "tilleuls", "--kind", "per", "--town", "b"),
        ("--post-code", "63999", "--kind", "PER"), ("--address", "claire.essai@tilleuls.mss.example"),
        ("--address", "claire.essai"), ("--town", "boisfictif", "--given", "cl"),
    ],
)  # fmt: skip
def test_each_criterion_by_itself(front: Front, archive: Path, criterion: tuple[str, ...]) -> None:
    front("import", str(archive))
    found = front.json("search", *criterion)
    assert [one["address"] for one in found] == [CLAIRE.address]


def test_criteria_narrow_what_is_typed(front: Front, archive: Path) -> None:
    front("import", str(archive))
    assert front.json("search", "tilleuls", "--kind", "ORG", "--post-code", "63999")[0]["address"] == PLACE.address
    assert front.json("search", "claire", "--town", "nulle part") == []
    assert front("search")[0] == 2


@pytest.mark.parametrize(
    ("content", "code", "word"),
    [
        (zipped(LINES, NOW)[:9_000], 2, "ZIP est abîmée"),
        (b"".join(LINES)[:-40], 2, "tronqué"),
        (b"".join(LINES[:100]), 3, "--accept-shrunken"),
        (b"<!DOCTYPE html><html></html>", 2, "page web"),
        (b"".join(LINES).decode("utf-8-sig").encode("cp1252", "replace"), 2, "UTF-8"),
        (b"".join(LINES).decode("utf-8-sig").encode("utf-16"), 2, "UTF-8"),
        (b"", 2, "vide"),
        (LINES[0], 2, "vide"),
        (b"nom;prenom\n1;2\n", 2, "colonne «\u00a0Type de BAL\u00a0»"),
    ],
    ids=["zip", "cut", "shrunken", "page", "cp1252", "utf-16", "empty", "header", "foreign"],
)
def test_a_bad_file_ends_with_a_sentence(
    front: Front, archive: Path, tmp_path: Path, content: bytes, code: int, word: str
) -> None:
    front("import", str(archive))
    bad = tmp_path / "mauvais"
    bad.write_bytes(content)
    found, _, err = front("import", str(bad))
    assert found == code
    assert word in err
    assert "La copie en place n’a pas changé." in err
    assert front.json("status")["entries"] == 500


def test_a_shrunken_file_is_accepted_when_it_is_said(front: Front, archive: Path, tmp_path: Path) -> None:
    front("import", str(archive))
    short = tmp_path / "court.txt"
    short.write_bytes(b"".join(LINES[:100]))
    assert front("import", str(short), "--accept-shrunken")[0] == 0
    assert front.json("status")["entries"] == 99


@pytest.mark.parametrize("source", ["nulle-part.zip", "http://annuaire.mss.example/x.zip", "."])
def test_a_source_that_is_none(front: Front, archive: Path, source: str) -> None:
    code, _, err = front("import", source)
    assert code == 2
    assert err.strip()


def test_while_somebody_else_loads(front: Front, archive: Path) -> None:
    front("import", str(archive))
    store = DirectoryStore(front.home / "directory" / "annuaire.sqlite")
    with store._generations.locked():
        assert front.json("status")["loading"] is True
        assert front.json("search", "essai-fictif")
    store.close()


def test_publish_and_follow(front: Front, archive: Path, tmp_path: Path) -> None:
    depot = tmp_path / "depot"
    code, _, err = front("publish", str(depot), "--from", str(archive))
    assert (code, "numéro 1" in err) == (0, True)
    assert front("import", str(depot))[0] == 0
    newer = tmp_path / f"{NAME.replace('26', '27')}.txt"
    newer.write_bytes(b"".join([LINES[0], *LINES[5:], *extraction(5, 9)][:-1]))
    assert front("publish", str(depot), "--from", str(newer))[0] == 0
    code, _, err = front("import", str(depot))
    assert (code, "parties" in err) == (0, True)
    assert "déjà à jour" in front("import", str(depot))[2]
    status = front.json("status")
    assert status["number"] == 2
    assert status["mark"] == json.loads((depot / "annuaire.json").read_text("utf-8"))["mark"]
    code, _, err = front("publish", str(depot), "--from", str(archive))
    assert (code, "plus ancienne" in err) == (2, True)


def test_reconcile(front: Front, archive: Path, tmp_path: Path) -> None:
    base, out = tmp_path / "base.csv", tmp_path / "resultat.csv"
    base.write_bytes(
        "RPPS;Nom;Prénom;Code postal;Ville;Mail\r\n"
        '="99900000015";Essai-Fictif;Claire;63999;Boisfictif;ancienne@tilleuls.mss.example\r\n'
        ";ESSAI FICTIF;Claire;63999;;\r\n"
        ";PERSONNE-ICI;Zoé;;;=HYPERLINK(1)\r\n"
        ";=1+1;Zoé;;;partie@tilleuls.mss.example\r\n".encode("cp1252")
    )
    assert front("reconcile", str(base), "--out", str(out))[0] == 2
    front("import", str(archive))
    code, _, err = front("reconcile", str(base), "--out", str(out))
    assert code == 0
    assert "4 correspondants" in err
    assert out.read_bytes().startswith(b"\xef\xbb\xbfligne;resultat;")
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [row["resultat"] for row in rows] == ["modifié", "nouveau", "introuvable", "disparu"]
    assert [row["adresse_annuaire"] for row in rows[:2]] == [CLAIRE.address] * 2
    assert "même numéro RPPS" in rows[0]["explication"]
    assert "RPPS manquant" in rows[1]["remarques"]
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    assert not list(tmp_path.glob(".*.part"))


def test_reconcile_refuses_what_is_no_list(front: Front, archive: Path, tmp_path: Path) -> None:
    front("import", str(archive))
    out = tmp_path / "resultat.csv"
    code, _, err = front("reconcile", str(archive), "--out", str(out))
    assert (code, out.exists()) == (2, False)
    assert err.strip()
