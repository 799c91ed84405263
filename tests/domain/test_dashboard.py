"""Counting: spans end where the calendar does, and no spreadsheet takes a name for a formula."""

from __future__ import annotations

from datetime import date

import pytest

from mssclient.domain.dashboard import Count, Exchange, Kind, Span, as_csv, board, days

TODAY = date(2026, 2, 14)


@pytest.mark.parametrize(("span", "first", "last"), [
    (Span.MONTH, date(2026, 2, 1), date(2026, 2, 28)),
    (Span.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    (Span.LAST_YEAR, date(2025, 1, 1), date(2025, 12, 31)),
])  # fmt: skip
def test_spans(span: Span, first: date, last: date) -> None:
    assert days(span, TODAY) == (first, last)


def test_what_belongs_to_a_span_is_counted_once() -> None:
    found = [
        Exchange(date(2026, 2, 1), Kind.RECEIVED, qualified=True, structure="CHU", professional="Dr A"),
        Exchange(date(2026, 2, 28), Kind.RECEIVED, qualified=False, structure="CHU"),
        Exchange(date(2026, 1, 31), Kind.RECEIVED, qualified=True, structure="CHU"),
        Exchange(date(2026, 2, 2), Kind.INTEGRATED, qualified=True, structure="CHU"),
    ]
    month = board(found, Span.MONTH, TODAY)
    assert dict(month.kinds)[Kind.RECEIVED] == Count(1, 1)
    assert month.structures == (("CHU", Count(1, 1)),)
    assert month.professionals == (("Dr A", Count(1, 0)),)
    assert dict(board(found, Span.YEAR, TODAY).kinds)[Kind.RECEIVED].total == 3


def test_the_export_holds_every_line_and_no_formula() -> None:
    found = [Exchange(TODAY, Kind.TO_USAGERS, qualified=True, structure="=1+1", professional="A;B")]
    text = as_csv([board(found, Span.MONTH, TODAY)], {Kind.TO_USAGERS: "aux usagers"})
    lines = text.split("\r\n")
    assert lines[0] == "span;first;last;what;name;qualified;other;total"
    assert "month;2026-02-01;2026-02-28;kind;aux usagers;1;0;1" in lines
    assert "month;2026-02-01;2026-02-28;structure;'=1+1;1;0;1" in lines
    assert 'month;2026-02-01;2026-02-28;professional;"A;B";1;0;1' in lines
