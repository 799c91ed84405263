"""The white list: a whole one is read, anything else is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain import whitelist
from mssclient.domain.errors import Unread, Unreadable
from mssclient.sandbox import directory as sandbox

NOW = datetime(2026, 8, 26, 10, 13, tzinfo=UTC)
WHOLE = sandbox.white_list(["Medecin.MSS.example", "chu.mss.example", "chu.mss.example", "autre.example"], NOW)


def _refusal(content: bytes) -> Unread:
    with pytest.raises(Unreadable) as caught:
        whitelist.read(content)
    return caught.value.reason


def test_domains_are_lower_case_and_listed_once() -> None:
    read = whitelist.read(WHOLE)
    assert read.domains == {"medecin.mss.example", "chu.mss.example", "autre.example"}
    assert read.generated == "2026-08-26T10:13:00"


def test_a_domain_is_compared_exactly() -> None:
    read = whitelist.read(WHOLE)
    assert read.holds(" CHU.mss.example ")
    assert not read.holds("mss.example")
    assert not read.holds("x.chu.mss.example")
    assert not read.holds("")


def test_ten_thousand_entries() -> None:
    names = [f"d{number}.mss.example" for number in range(10_000)]
    assert whitelist.read(sandbox.white_list(names, NOW)).domains == set(names)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Unread.DAMAGED),
        (b"not xml", Unread.DAMAGED),
        (b"<html/>", Unread.NOT_IT),
        (WHOLE.replace(b"https://listeblanche.mssante.fr/schema", b"https://autre.example/schema"), Unread.NOT_IT),
        (WHOLE.replace(b' xmlns="https://listeblanche.mssante.fr/schema"', b""), Unread.NOT_IT),
        (WHOLE.replace(b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY a "aaaa">]>', 1), Unread.FORBIDDEN),
        (sandbox.white_list([], NOW), Unread.EMPTY),
        (WHOLE.replace(b"<DateDe", b"<a>" * 20 + b"<DateDe"), Unread.TOO_BIG),
    ],
    ids=["empty", "text", "other root", "other namespace", "no namespace", "doctype", "no domain", "deep"],
)
def test_anything_else_is_refused(content: bytes, reason: Unread) -> None:
    assert _refusal(content) is reason


@given(st.integers(0, len(WHOLE) - 1))
def test_a_truncated_list_is_refused_wherever_it_is_cut(length: int) -> None:
    assert _refusal(WHOLE[:length]) is Unread.DAMAGED


def test_names_that_are_no_domains_are_left_out() -> None:
    names = ["ok.mss.example", "*.mss.example", "pas un domaine", "localhost", "a..b.fr", "x" * 300 + ".fr"]
    assert whitelist.read(sandbox.white_list(names, NOW)).domains == {"ok.mss.example"}


def test_a_domain_elsewhere_in_the_tree_does_not_count() -> None:
    odd = WHOLE.replace(
        b"</ListeDomaines>", b"</ListeDomaines><Autre><Domaine><Nom>evil.example</Nom></Domaine></Autre>"
    )
    assert "evil.example" not in whitelist.read(odd).domains


def test_an_oversized_list_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whitelist, "SIZE_LIMIT", 100)
    assert _refusal(WHOLE) is Unread.TOO_BIG
