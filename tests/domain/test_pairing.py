"""Which loose PDF is another form of a document: same bytes, or the norm's name; never a guess between two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mssclient.domain import cda
from mssclient.domain.message import PartId
from mssclient.domain.pairing import Candidate, Paper, as_document, distinct, pairs
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


RESULTS = "Laboratoire de la ville, biologie. " + " ".join(
    f"analyse{chr(97 + n)}{chr(110 + n)} mesure normale {n},{n} grammes" for n in range(12)
)


def by_words(*papers: str, document: str = RESULTS) -> dict[int, str]:
    told = [Paper(PartId(5 + n), f"x{n}.pdf", words=distinct(text)) for n, text in enumerate(papers)]
    return found(told, replace(ONE, words=distinct(document)))


def test_a_print_of_the_same_words_is_the_document() -> None:
    assert by_words("CH du Nord. Page un. " + RESULTS.upper()) == {5: "A"}


def test_the_same_form_with_other_figures_is_another_document() -> None:
    assert by_words(RESULTS.replace("4,4", "9,9").replace("7,7", "8,1")) == {}


def test_two_prints_of_one_document_are_left_to_a_person() -> None:
    assert by_words(RESULTS, RESULTS + " fin") == {}


def test_a_few_words_tell_nothing() -> None:
    assert by_words("Bonjour, ci-joint le document.", document="Bonjour, ci-joint le document.") == {}


def test_a_name_gives_the_date_of_the_act_and_nobody() -> None:
    read = as_document("20240110_Consultation_NESSI_RUTH.pdf", b"%PDF-1.4")
    assert (read.act_date, read.usager, read.title) == ("2024-01-10", None, "20240110 Consultation NESSI RUTH")
    for name in ("20241310_x.pdf", "2024_x.pdf", "12345678.pdf", "scan.pdf", ".pdf", "２０２４０１１０_x.pdf"):
        assert as_document(name, b"").act_date == ""
