"""Which loose PDF is another form of a document: same bytes, or the norm's name; never a guess between two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mssclient.domain import cda
from mssclient.domain.message import PartId
from mssclient.domain.pairing import Candidate, Paper, pairs
from tests.domain import archives

DOCUMENT = cda.read(archives.cda())
NAME = "20240110_Synthese d'episode_PAT-TROIS_DOMINIQUE.pdf"
ONE = Candidate(PartId(1), "A", DOCUMENT)


def found(papers: list[Paper], *candidates: Candidate) -> dict[int, str]:
    return {int(part): c.content for part, c in pairs(papers, candidates or (ONE,)).items()}


def test_the_name_of_the_norm_tells() -> None:
    assert found([Paper(PartId(5), NAME)]) == {5: "A"}
    assert found([Paper(PartId(5), NAME.replace(".pdf", "_D-42.pdf"))]) == {5: "A"}
    assert found([Paper(PartId(5), "20240110_SYNTHESE D’ÉPISODE_Pat-Trois_Dominique.PDF")]) == {5: "A"}


@pytest.mark.parametrize(
    "name",
    [
        "scan.pdf", NAME.replace("20240110", "20240111"), NAME.replace("DOMINIQUE", "DOMINIQUA"),
        NAME.replace("PAT-TROIS", "PAT-DEUX"), NAME.replace(".pdf", ".png"), "____.pdf", "",
    ],
)  # fmt: skip
def test_another_name_tells_nothing(name: str) -> None:
    assert found([Paper(PartId(5), name)]) == {}


def test_the_same_bytes_tell_whatever_the_name() -> None:
    holder = replace(ONE, digests=frozenset({"d1"}))
    assert found([Paper(PartId(5), "scan.pdf", "d1")], holder) == {5: "A"}


def test_other_bytes_than_the_embedded_ones_are_not_believed() -> None:
    holder = replace(ONE, digests=frozenset({"d1"}))
    assert found([Paper(PartId(5), NAME, "d2")], holder) == {}


def test_two_documents_of_a_day_are_told_apart_by_type_or_not_at_all() -> None:
    other = Candidate(PartId(1), "B", replace(DOCUMENT, type_label="Lettre", title="Lettre"))
    assert found([Paper(PartId(5), NAME)], ONE, other) == {5: "A"}
    assert found([Paper(PartId(5), NAME.replace("Synthese d'episode", "Autre"))], ONE, other) == {}
    twin = Candidate(PartId(1), "C", DOCUMENT)
    assert found([Paper(PartId(5), NAME)], ONE, twin) == {}


def test_two_papers_do_not_claim_one_document_by_name() -> None:
    assert found([Paper(PartId(5), NAME), Paper(PartId(6), NAME)]) == {5: "A"}
