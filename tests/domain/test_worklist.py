"""How a received document stands to those before it: twins, versions, replacements, deletions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mssclient.domain import cda, integration
from mssclient.domain.documents import HealthDocument
from mssclient.domain.worklist import AsideReason, DocumentId, Received, WorkState, standing
from tests.domain import archives

DOCUMENT: HealthDocument = replace(
    cda.read(archives.cda()), unique_id="1.5", set_id="1.50", version=2, replaces=(), sha1="aa", action=""
)


def known(number: int = 1, **changes: object) -> Received:
    """A document that came before; nothing in common by default."""
    return replace(Received(DocumentId(number), "9.9", "zz", "9.50", 1, WorkState.NEW), **changes)  # type: ignore[arg-type]


def test_a_stranger_is_new() -> None:
    found = standing(DOCUMENT, (known(),))
    assert (found.state, found.replaced) == (WorkState.NEW, ())


def test_the_same_bytes_are_the_same_document() -> None:
    found = standing(DOCUMENT, (known(7, sha1="aa"),))
    assert (found.state, found.twin) == (WorkState.DOUBLE, 7)


def test_one_id_over_other_bytes_is_seen_by_a_person() -> None:
    assert standing(DOCUMENT, (known(unique_id="1.5"),)).state is WorkState.NEW
    assert standing(DOCUMENT, (known(unique_id="1.5", sha1=""),)).state is WorkState.DOUBLE


@pytest.mark.parametrize(
    ("version", "state", "replaced"),
    [(1, WorkState.NEW, (3,)), (3, WorkState.REPLACED, ()), (2, WorkState.NEW, ()), (None, WorkState.NEW, (3,))],
)
def test_versions_of_a_set_follow_their_number(
    version: int | None, state: WorkState, replaced: tuple[int, ...]
) -> None:
    found = standing(DOCUMENT, (known(3, set_id="1.50", version=version),))
    assert (found.state, found.replaced) == (state, replaced)


def test_a_replaced_id_counts_without_a_set() -> None:
    newer = replace(DOCUMENT, set_id=None, replaces=("9.9",))
    assert standing(newer, (known(4),)).replaced == (4,)
    late = standing(replace(DOCUMENT, set_id=None), (known(5, replaces=("1.5",)),))
    assert (late.state, late.newer) == (WorkState.REPLACED, 5)


def test_two_documents_without_a_set_have_nothing_in_common() -> None:
    assert standing(replace(DOCUMENT, set_id=""), (known(set_id="", version=9),)).state is WorkState.NEW


def test_a_deletion_is_work_for_a_person_and_names_what_it_means() -> None:
    asked = replace(DOCUMENT, action="D")
    found = standing(asked, (known(1, unique_id="1.5", sha1="aa"), known(2)))
    assert (found.state, found.deleted, found.replaced) == (WorkState.NEW, (1,), ())


def test_a_deletion_that_came_before_is_no_twin() -> None:
    assert standing(DOCUMENT, (known(unique_id="1.5", sha1="aa", action="D"),)).state is WorkState.NEW


def test_integration_answers_are_those_of_the_norm() -> None:
    assert integration.disposition(None) == "processed"
    assert integration.disposition(AsideReason.UNKNOWN) == "processed/Error: 902^Patient inconnu"
    assert integration.subject(AsideReason.IDENTITY, "CR X").startswith(
        "[KO Intégration système !][904] XDM/1.0/DDM+CR X"
    )
    assert {reason.value for reason in AsideReason} == {str(code) for code in range(900, 907)}
