"""A view's blocks parted into pieces that are laid out one at a time, so that no document holds the screen up.

No word, cell or row is lost, and columns stay where they are: a table goes on under its own head, a cell that spans the
cut goes on empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mssclient.domain.cda_view import Block, Cell, Figure, Heading, Listing, Paragraph, Run, Table

MOST = 250.0
"""What one piece may cost; 1 is a short paragraph, about 0.2 ms of layout on an office machine of 2020."""
MOST_ROWS = 60
_LEAST_ROWS = 5
"""A wide table is not cut finer: one has to see rows under one another."""
_CHARACTERS, _BREAK, _CELL = 250, 0.2, 1.3
_LEAST_WIDTH, _MOST_WIDTH = 3, 40
_ROWS_MEASURED = 300
_GOOD_ENDS = re.compile(r"\n|[.;:!?] |, | ")
Row = tuple[Cell, ...]


def cost(block: Block) -> float:
    """How long a block takes to lay out, in the unit of `MOST`."""
    match block:
        case Paragraph(runs=runs):
            return 1 + sum(len(run.text) / _CHARACTERS + run.text.count("\n") * _BREAK for run in runs)
        case Listing(items=items):
            return sum(1 + _all(item) for item in items)
        case Table():
            return sum(_row_cost(row) for row in block.rows)
        case Heading() | Figure():
            return 1


def parted(block: Block) -> Iterator[Block]:
    """The block itself, or the pieces it is shown in."""
    if cost(block) <= MOST and not (isinstance(block, Table) and len(block.rows) > MOST_ROWS):
        yield block
        return
    match block:
        case Paragraph():
            yield from _paragraphs(block)
        case Listing():
            yield from _lists(block)
        case Table():
            yield from _tables(block)
        case Heading() | Figure():
            yield block


def _all(blocks: Sequence[Block]) -> float:
    return sum(cost(block) for block in blocks)


def _row_cost(row: Row) -> float:
    return sum(_CELL + _all(cell.blocks) for cell in row)


# -- paragraphs
def _paragraphs(block: Paragraph) -> Iterator[Paragraph]:
    piece: list[Run] = []
    spent = 1.0
    for run in block.runs:
        for text in _texts(run.text):
            more = len(text) / _CHARACTERS + text.count("\n") * _BREAK
            if piece and spent + more > MOST:
                yield Paragraph(tuple(piece), block.small)
                piece, spent = [], 1.0
            piece.append(replace(run, text=text))
            spent += more
    if piece:
        yield Paragraph(tuple(piece), block.small)


def _texts(text: str) -> Iterator[str]:
    """A text in pieces of a few lines, cut where a reader would breathe."""
    dear = 1 / _CHARACTERS + _BREAK * text.count("\n") / max(len(text), 1)
    size, start = max(int(MOST / 4 / dear), 2), 0
    while len(text) - start > size:
        ends = [found.end() for found in _GOOD_ENDS.finditer(text, start + size // 2, start + size)]
        end = ends[-1] if ends else start + size
        yield text[start:end]
        start = end
    yield text[start:]


# -- lists
def _lists(block: Listing) -> Iterator[Block]:
    piece: list[tuple[Block, ...]] = []
    spent, first = 0.0, block.start
    for number, item in enumerate(block.items, block.start):
        more = 1 + _all(item)
        if piece and spent + more > MOST:
            yield Listing(tuple(piece), block.ordered, first)
            piece, spent, first = [], 0.0, number
        if more > MOST:
            yield from _long_item(item, block, number)
            first = number + 1
            continue
        piece.append(item)
        spent += more
    if piece:
        yield Listing(tuple(piece), block.ordered, first)


def _long_item(item: tuple[Block, ...], block: Listing, number: int) -> Iterator[Block]:
    """An item longer than a piece: its first block keeps the number, the others follow it."""
    first, *others = (piece for each in item for piece in parted(each))
    yield Listing(((first,),), block.ordered, number)
    yield from others


# -- tables
def _tables(block: Table) -> Iterator[Block]:
    head = tuple(row for row in block.rows[: _head_size(block.rows)])
    if not head and all(len(row) == 1 and row[0].columns == 1 for row in block.rows):
        yield from _column(block)
        return
    widths, caption = _widths(block.rows), block.caption
    room = max(MOST - sum(_row_cost(row) for row in head), MOST / 4)
    for rows in _grouped(block.rows[len(head) :], room):
        yield Table((*head, *rows), caption, widths)
        caption = ""


def _column(block: Table) -> Iterator[Block]:
    """A table of one column serves the layout only."""
    if block.caption:
        yield Paragraph((Run(block.caption),), small=True)
    for row in block.rows:
        for each in row[0].blocks:
            yield from parted(each)


def _head_size(rows: Sequence[Row]) -> int:
    """How many rows of headings a table begins with, while they leave something to stand under them."""
    size = 0
    while size < len(rows) - 1 and all(cell.heading for cell in rows[size]):
        size += 1
    tied = any(cell.rows > size - at for at, row in enumerate(rows[:size]) for cell in row)
    return 0 if tied or sum(_row_cost(row) for row in rows[:size]) > MOST / 2 else size


def _grouped(rows: Sequence[Row], room: float) -> Iterator[tuple[Row, ...]]:
    """Rows that stand in one piece. What spans the cut goes on as an empty cell in the next."""
    piece: list[Row] = []
    spent = 0.0
    tied: dict[int, int] = {}
    for row in rows:
        more = _row_cost(row)
        full = spent + more > room and (len(piece) >= _LEAST_ROWS or spent + more > 2 * room)
        if piece and (full or len(piece) >= MOST_ROWS) and (not tied or spent > 2 * room):
            yield _clipped(piece)
            piece, spent = [], 0.0
            row = _continued(row, tied)  # noqa: PLW2901 — what follows is about the row as it is shown
        piece.append(row)
        spent += more
        tied = _after(row, {} if len(piece) == 1 else tied)
    if piece:
        yield tuple(piece)


def _placed(row: Row, tied: dict[int, int]) -> Iterator[tuple[int, Cell]]:
    """Cells with the column they stand in, beside what hangs down from above: column → rows left."""
    column = 0
    for cell in row:
        while column in tied:
            column += 1
        yield column, cell
        column += cell.columns


def _after(row: Row, tied: dict[int, int]) -> dict[int, int]:
    """What hangs down below this row."""
    below = {column: left - 1 for column, left in tied.items() if left > 1}
    for start, cell in _placed(row, tied):
        if cell.rows > 1:
            below |= {column: max(below.get(column, 0), cell.rows - 1) for column in range(start, start + cell.columns)}
    return below


def _continued(row: Row, tied: dict[int, int]) -> Row:
    """The first row of a piece, with empty cells for what hangs down from the one before."""
    empty = [(column, Cell((), rows=left)) for column, left in tied.items()]
    return tuple(cell for _, cell in sorted([*_placed(row, tied), *empty], key=lambda each: each[0]))


def _clipped(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(
        tuple(replace(cell, rows=min(cell.rows, len(rows) - at)) for cell in row) for at, row in enumerate(rows)
    )


def _widths(rows: Sequence[Row]) -> tuple[int, ...]:
    """Hundredths of the page for each column, so that the pieces of one table stand under one another."""
    longest: dict[int, int] = {}
    tied: dict[int, int] = {}
    for row in rows[:_ROWS_MEASURED]:
        for column, cell in _placed(row, tied):
            if cell.columns == 1:
                longest[column] = max(longest.get(column, _LEAST_WIDTH), min(_length(cell), _MOST_WIDTH))
        tied = _after(row, tied)
    count = max(longest, default=-1) + 1
    wanted = [longest.get(column, _LEAST_WIDTH) for column in range(count)]
    return tuple(max(1, each * 100 // sum(wanted)) for each in wanted)


def _length(cell: Cell) -> int:
    return sum(len(run.text) for block in cell.blocks if isinstance(block, Paragraph) for run in block.runs)
