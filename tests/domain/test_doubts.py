"""Who is asked about before sending: the departed, the replaced, the look-alikes, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import BalKind
from mssclient.domain.circle import Acquaintance
from mssclient.domain.doubts import about_departure, about_resemblance
from mssclient.domain.draft import Origin, Recipient, Why
from mssclient.domain.entry import Departure, DirectoryEntry

ADDRESS = "anne.martin@ch.mss.example"
ANNE = Recipient(Correspondent("Anne", ADDRESS, CorrespondentKind.PROFESSIONAL))
LEFT = Departure(ADDRESS, "2026-08-27", replaced=False, national_id="899900000015")
TAKEN = replace(LEFT, replaced=True)
STRANGER = Acquaintance(ADDRESS)
BEFORE = Acquaintance(ADDRESS, 3, datetime(2026, 8, 1, tzinfo=UTC))
THE_DAY = Acquaintance(ADDRESS, 3, datetime(2026, 8, 27, 23, tzinfo=UTC))
SINCE = Acquaintance(ADDRESS, 4, datetime(2026, 8, 28, 8, tzinfo=UTC))
NEW = DirectoryEntry(
    "anne.martin@clinique.mss.example", BalKind.PER, "899900000015", "DR", "Anne", "MARTIN", "Médecin", "10", "", "", "",
    "", "", "", None,
)  # fmt: skip


@pytest.mark.parametrize("known", [STRANGER, BEFORE, THE_DAY])
def test_who_left_is_asked_about(known: Acquaintance) -> None:
    asked = about_departure(ANNE, LEFT, known, (NEW,))
    assert asked is not None
    assert (asked.why, asked.about, asked.since) == (Why.DEPARTED, ADDRESS, "2026-08-27")
    assert asked.instead == NEW.address
    assert not asked.blocking


def test_who_was_written_to_since_was_asked_about_then() -> None:
    assert about_departure(ANNE, LEFT, SINCE, ()) is None
    assert about_departure(ANNE, TAKEN, SINCE, ()) is None


def test_an_address_that_changed_hands_concerns_who_knew_the_former_owner() -> None:
    assert about_departure(ANNE, TAKEN, STRANGER, ()) is None, "chosen today, as it stands in the Annuaire today"
    for known in (BEFORE, replace(STRANGER, favourite=True), replace(STRANGER, groups=("Staff",))):
        asked = about_departure(ANNE, TAKEN, known, ())
        assert asked is not None
        assert asked.why is Why.REPLACED
    assert about_departure(replace(ANNE, origin=Origin.ANSWER), TAKEN, STRANGER, ()) is not None


def test_two_possible_successors_are_not_proposed_at_one_click() -> None:
    other = replace(NEW, address="autre@clinique.mss.example")
    asked = about_departure(ANNE, LEFT, BEFORE, (NEW, other))
    assert asked is not None
    assert asked.instead == ""
    same = about_departure(ANNE, LEFT, BEFORE, (NEW, replace(NEW, town="LYON")))
    assert same is not None
    assert same.instead == NEW.address, "two ties of one box"


TRUSTED = frozenset({"chu-lyon.mssante.fr"})


@pytest.mark.parametrize("origin", [Origin.TYPED, Origin.RECORD])
def test_a_look_alike_is_pointed_out_with_what_was_meant(origin: Origin) -> None:
    typed = Recipient(Correspondent("", "Jean@chu-lyom.mssante.fr", CorrespondentKind.PROFESSIONAL), origin=origin)
    asked = about_resemblance(typed, TRUSTED, frozenset())
    assert asked is not None
    assert (asked.why, asked.instead) == (Why.LOOKALIKE, "jean@chu-lyon.mssante.fr")
    assert not asked.blocking


def test_a_disguised_domain_is_pointed_out_even_when_it_resembles_nothing() -> None:
    typed = Recipient(Correspondent("", "jean@жжжж.fr", CorrespondentKind.OUTSIDE), origin=Origin.TYPED)
    asked = about_resemblance(typed, TRUSTED, frozenset())
    assert asked is not None
    assert asked.why is Why.DISGUISED


@pytest.mark.parametrize(
    "recipient",
    [
        Recipient(
            Correspondent("", "jean@chu-lyom.mssante.fr", CorrespondentKind.PROFESSIONAL), origin=Origin.DIRECTORY
        ),
        Recipient(Correspondent("", "jean@chu-lyon.mssante.fr", CorrespondentKind.PROFESSIONAL), origin=Origin.TYPED),
        Recipient(Correspondent("", "sans arobase", CorrespondentKind.OUTSIDE), origin=Origin.TYPED),
        Recipient(
            Correspondent("", "277076322082910@patient.mssante.fr", CorrespondentKind.USAGER), origin=Origin.RECORD
        ),
    ],
)
def test_what_is_not_asked_about(recipient: Recipient) -> None:
    assert about_resemblance(recipient, TRUSTED, frozenset()) is None
