"""What ties messages together, and what must not."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import pytest

from mssclient.domain.threads import NEAR, base_of, is_loose_answer, is_telling, may_answer, outlook, ties
from tests.store.conftest import envelope


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Bilan d’été", "bilan d ete"),
        ("Re: Bilan", "bilan"),
        ("RE : Re: TR: Fwd : Bilan", "bilan"),
        ("Re[2]: Bilan", "bilan"),
        ("Rép. : Bilan", "rep bilan"),
        ("Réf : Bilan", "bilan"),
        ("TR: XDM/1.0/DDM+COMPTE RENDU NESSI RUTH", "compte rendu nessi ruth"),
        ("Retour d’hospitalisation", "retour d hospitalisation"),
        ("Re:", ""),
        ("Re: " * 40 + "x", "re " * 20 + "x"),
    ],
)
def test_the_subject_behind_answers(subject: str, base: str) -> None:
    assert base_of(subject) == base


def test_a_loose_answer_names_nothing_and_says_re() -> None:
    bare = envelope(1, "Re: Bilan de M. PETIT")
    assert is_loose_answer(bare)
    assert not is_loose_answer(replace(bare, in_reply_to="<1@x>"))
    assert not is_loose_answer(replace(bare, references=("<1@x>",)))
    assert is_loose_answer(replace(bare, references=("<null@x>",)))
    assert not is_loose_answer(envelope(1, "Bilan de M. PETIT"))
    assert not is_loose_answer(envelope(1, "TR: Bilan de M. PETIT")), "who passes on answers nobody"
    assert not is_loose_answer(envelope(1, "Re: bonjour"))


def test_only_the_same_people_answer_one_another() -> None:
    assert may_answer(["b", "a"], ["a", "b", "c"])
    assert not may_answer(["b", "x"], ["a", "b"])
    assert not may_answer(["x", "a"], ["a", "b"])
    assert not may_answer(["", "a"], ["a", ""])
    assert not may_answer([], [])


def test_ids_that_mean_nobodys_message_tie_nothing() -> None:
    assert [each for each in ("<>", "<null@x>", "", "<0@x>", "<message-id@x>", "<a1@x>") if is_telling(each)] == [
        "<a1@x>"
    ]


def test_the_first_reference_and_the_nearest_are_looked_at() -> None:
    chain = " ".join(f"<{n}@x>" for n in range(1000, 1400))
    found = ties(envelope(1, refs=chain))
    assert len(found) == NEAR + 2
    assert (found[0], found[-2], found[-1]) == ("<1000@x>", "<1399@x>", "<1@ch.mss.example>")


def test_outlooks_own_thread_counts() -> None:
    head, one, two = bytes(range(22)), b"\x01" * 5, b"\x02" * 10
    assert outlook(b64encode(head + one).decode()) == outlook(b64encode(head + two).decode()) != ""
    assert outlook("") == outlook("not base64 !") == outlook(b64encode(head[:10]).decode()) == ""
