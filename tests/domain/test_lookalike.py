"""Domains that look like others are pointed out; honest neighbours are not."""

from __future__ import annotations

import time

import pytest

from mssclient.domain.lookalike import is_disguised, meant, shown

TRUSTED = frozenset({
    "chu-lyon.mssante.fr", "chu-nice.mssante.fr", "ch1.mssante.fr", "ch2.mssante.fr", "medecin.mssante.fr",
    "clinique-modele.mssante.fr", "corn.mssante.fr",
})  # fmt: skip
NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("chu-lyom.mssante.fr", "chu-lyon.mssante.fr"),  # changed
        ("chu-lyonn.mssante.fr", "chu-lyon.mssante.fr"),  # added
        ("chu-lyn.mssante.fr", "chu-lyon.mssante.fr"),  # lost
        ("chu-loyn.mssante.fr", "chu-lyon.mssante.fr"),  # swapped
        ("chulyon.mssante.fr", "chu-lyon.mssante.fr"),
        ("chu-lyon.msante.fr", "chu-lyon.mssante.fr"),
        ("CHU-LYOM.mssante.fr ", "chu-lyon.mssante.fr"),
        ("c1inique-mode1e.mssante.fr", "clinique-modele.mssante.fr"),  # drawn alike, twice
        ("dinique-modele.mssante.fr", "clinique-modele.mssante.fr"),
        ("com.mssante.fr", "corn.mssante.fr"),  # rn and m
        ("сhu-lуon.mssante.fr", "chu-lyon.mssante.fr"),  # Cyrillic c and y
        ("xn--hu-lon-hrfu.mssante.fr", "chu-lyon.mssante.fr"),  # the same, as it would travel
        ("médecin.mssante.fr", "medecin.mssante.fr"),
    ],
)
def test_what_somebody_probably_meant(typed: str, right: str) -> None:
    assert meant(typed, TRUSTED, NOBODY) == right


@pytest.mark.parametrize("typed", ["", "example.org", "chu-brest.mssante.fr", "a" * 300, "mssante.fr"])
def test_what_resembles_nothing(typed: str) -> None:
    assert meant(typed, TRUSTED, NOBODY) == ""


def test_a_trusted_domain_has_honest_neighbours() -> None:
    assert meant("ch1.mssante.fr", TRUSTED, NOBODY) == ""
    assert meant("ch1.mssante.fr", TRUSTED, frozenset({"ch2.mssante.fr"})) == "ch2.mssante.fr", (
        "but one writes to the other"
    )
    assert meant("ch1.mssante.fr", TRUSTED, frozenset({"ch1.mssante.fr", "ch2.mssante.fr"})) == ""


def test_a_usual_domain_is_meant_before_others() -> None:
    assert meant("ch3.mssante.fr", TRUSTED, frozenset({"ch2.mssante.fr"})) == "ch2.mssante.fr"
    assert meant("ch3.mssante.fr", TRUSTED, NOBODY) == "ch1.mssante.fr"


def test_other_letters_are_seen() -> None:
    assert is_disguised("сhu.mssante.fr")
    assert is_disguised("xn--hu-nmc.mssante.fr")
    assert not is_disguised("chu-lyon.mssante.fr")
    assert shown("xn--hu-lon-hrfu.mssante.fr") == "сhu-lуon.mssante.fr"
    assert shown("xn--\udc80.fr") == "xn--\udc80.fr"


def test_the_whole_white_list_takes_milliseconds() -> None:
    trusted = frozenset(f"etablissement-numero-{n}.mssante.fr" for n in range(9_000))
    meant("etablissement-numero-12x.mssante.fr", trusted, NOBODY)  # builds what is kept
    begun = time.process_time()
    assert meant("etablissement-nunero-77.mssante.fr", trusted, NOBODY) == "etablissement-numero-77.mssante.fr"
    assert time.process_time() - begun < 0.05
