"""The result as a spreadsheet opens it: guarded, with what a person accepted."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from mssclient.domain.bal import BalKind
from mssclient.domain.correspondents import Correspondent
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.reconcile import Match, Outcome, Reason, Verdict
from mssclient.domain.reconcile_report import HEADING, chosen, result

ENTRY = DirectoryEntry(
    "marie.lefevre@a.mss.example", BalKind.PER, "810000000041", "DR", "Marie", "LEFÈVRE", "Médecin", "10", "",
    "=Clinique", "690000001", "", "LYON", "69003", True,
)  # fmt: skip
OTHER = replace(ENTRY, address="marie.lefevre@b.mss.example", town="NICE")
CERTAIN = Verdict(Correspondent(2, family="Lefevre"), Outcome.NEW, Match(ENTRY, 90, (Reason.FAMILY,)))
AMBIGUOUS = Verdict(
    Correspondent(3, family="Lefevre"), Outcome.AMBIGUOUS, Match(ENTRY, 60, (Reason.FAMILY,)), (Match(OTHER, 55, ()),)
)
GONE = Verdict(Correspondent(4, family="Parti", address="p@parti.mss.example"), Outcome.VANISHED)


def rows(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_from_the_command_line_nobody_accepted_anything() -> None:
    found = rows(result([CERTAIN, GONE]))
    assert tuple(found[0]) == HEADING
    assert [row["accepte"] for row in found] == ["", ""]
    assert [row["resultat"] for row in found] == ["nouveau", "disparu"]
    assert found[0]["structure_annuaire"] == "'=Clinique"


def test_what_a_person_accepted_is_what_the_line_says() -> None:
    found = rows(result([CERTAIN, AMBIGUOUS, GONE], {1: OTHER.address}))
    assert [row["accepte"] for row in found] == ["non", "oui", "non"]
    assert (found[1]["adresse_annuaire"], found[1]["ville_annuaire"]) == (OTHER.address, "NICE")
    assert ENTRY.address in found[1]["autres_adresses"]


def test_an_address_that_was_not_found_changes_nothing() -> None:
    assert chosen(AMBIGUOUS, "stranger@x.mss.example") is AMBIGUOUS
    assert chosen(GONE, "stranger@x.mss.example") is GONE
