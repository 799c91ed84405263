"""Long blocks come in pieces that are quick to lay out; no word is lost and no value changes its column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssclient.domain.cda_parts import MOST, MOST_ROWS, cost, parted
from mssclient.domain.cda_view import Block, Cell, Figure, Heading, Listing, Paragraph, Run, Style, Table


def said(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def cell(text: str, **more: int | bool) -> Cell:
    return Cell((said(text),), **more)  # type: ignore[arg-type]


def words(blocks: Iterable[Block]) -> str:
    """Every word, in reading order."""
    pieces = []
    for block in blocks:
        match block:
            case Heading(text, _):
                pieces.append(text)
            case Paragraph(runs=runs):
                pieces.append("".join(run.text for run in runs))
            case Listing(items=items):
                pieces += [words(item) for item in items]
            case Table():
                pieces += [block.caption, *(words(each.blocks) for row in block.rows for each in row)]
            case Figure():
                pieces.append(f"figure{block.index}")
    return " ".join(" ".join(pieces).split())


def grid(rows: Sequence[tuple[Cell, ...]]) -> list[dict[int, str]]:
    """What stands in each column of each row, as a browser lays a table out."""
    taken: set[tuple[int, int]] = set()
    found = []
    for at, row in enumerate(rows):
        shown: dict[int, str] = {}
        column = 0
        for each in row:
            while (at, column) in taken:
                column += 1
            shown[column] = words(each.blocks)
            taken |= {(at + down, column + right) for down in range(each.rows) for right in range(each.columns)}
            column += each.columns
        found.append({where: text for where, text in shown.items() if text})
    return found


@pytest.mark.parametrize("block", [
    said("mot suivant, " * 40_000), said("ligne\n" * 20_000), said("x" * 400_000),
    Paragraph(tuple(Run(f"mot {n} ", Style.BOLD if n % 2 else Style.NONE) for n in range(30_000))),
    Listing(tuple((said(f"item {n}"),) for n in range(5000)), ordered=True),
    Listing(((Listing(tuple((said(f"item {n}"),) for n in range(5000))),),)),
    Table(tuple((cell(f"a{n}"), cell(f"b{n}")) for n in range(2000)), "Titre"),
    Table(tuple((cell("h", heading=True), cell("h", heading=True)) for _ in range(2000))),
    Table(((Cell(tuple(said(f"par {n}") for n in range(4000))),),), "Mise en page"),
    Table(((cell("x" * 300_000), cell("y")),)),
])  # fmt: skip
def test_no_word_is_lost_and_no_piece_is_long(block: Block) -> None:
    pieces = list(parted(block))
    assert words(pieces).replace(" ", "") == words([block]).replace(" ", "")
    assert max(cost(piece) for piece in pieces) <= (
        MOST * 1.3 if not isinstance(block, Table) or len(block.rows) > 1 else 2000
    )
    assert len(pieces) > 1 or isinstance(block, Table)


def test_a_short_block_stays_itself() -> None:
    for block in (said("court"), Heading("T", 1), Figure(0, "image/png"), Table(((cell("a"),),))):
        assert list(parted(block)) == [block]


def test_a_numbered_list_goes_on_counting() -> None:
    pieces = list(parted(Listing(tuple((said("x" * 300),) for _ in range(900)), ordered=True)))
    assert all(isinstance(piece, Listing) and piece.ordered for piece in pieces)
    starts = [piece.start for piece in pieces if isinstance(piece, Listing)]
    sizes = [len(piece.items) for piece in pieces if isinstance(piece, Listing)]
    assert starts == [1 + sum(sizes[:n]) for n in range(len(sizes))]


def test_a_table_goes_on_under_its_head_with_its_widths() -> None:
    head = (cell("Produit", heading=True), cell("Dose", heading=True))
    pieces = list(parted(Table((head, *((cell(f"p{n}"), cell(f"{n} mg")) for n in range(400))), "Traitement")))
    assert len(pieces) > 3
    tables = [piece for piece in pieces if isinstance(piece, Table)]
    assert all(piece.rows[0] == head for piece in tables)
    assert [piece.caption for piece in tables] == ["Traitement", *[""] * (len(tables) - 1)]
    assert len({piece.widths for piece in tables}) == 1
    assert 95 <= sum(tables[0].widths) <= 100
    assert all(len(piece.rows) <= MOST_ROWS + 1 for piece in tables)


def test_a_cell_that_spans_a_cut_goes_on_empty_and_every_value_keeps_its_column() -> None:
    first = (cell("groupe", rows=3000), cell("a0"), cell("b0"))
    rows = (first, *((cell(f"a{n}"), cell(f"b{n}")) for n in range(1, 3000)))
    shown = [line for piece in parted(Table(rows)) if isinstance(piece, Table) for line in grid(piece.rows)]
    assert shown == grid(rows)
    assert shown[1500] == {1: "a1500", 2: "b1500"}


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables whose cells span rows and columns, some of them long."""
    count = draw(st.integers(1, 40))
    wide = draw(st.sampled_from([1, 2]))
    spans = st.lists(st.sampled_from([1, 1, 1, 2, 5, 30]), min_size=1, max_size=4)
    rows = []
    for at in range(count):
        texts = [f"v{at}-{n} " + "x" * 400 for n in range(4)]
        rows.append(tuple(cell(texts[n], columns=wide, rows=high) for n, high in enumerate(draw(spans))))
    return Table(tuple(rows))


@settings(max_examples=60, deadline=None)
@given(tables())
def test_whatever_spans_every_value_keeps_its_column(table: Table) -> None:
    pieces = list(parted(table))
    shown = [line for piece in pieces if isinstance(piece, Table) for line in grid(piece.rows)]
    if all(isinstance(piece, Table) for piece in pieces):
        assert shown == grid(table.rows)
    assert words(pieces) == words([table])
