"""Many rows in few statements: each step of a statement gives the interpreter away, and must win it back from the screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

_BLOCKS = (64, 16, 4, 1)
"""Rows of one statement: few sizes, so that each is compiled once a connection."""


@lru_cache(maxsize=64)
def _statement(head: str, width: int, rows: int) -> str:
    one = f"({', '.join('?' * width)})"
    return f"{head} VALUES {', '.join([one] * rows)}"


def insert(sql: Any, head: str, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of one width; `head` is the statement as far as VALUES."""
    at = 0
    for block in _BLOCKS:
        while len(rows) - at >= block:
            some = rows[at : at + block]
            sql.execute(_statement(head, len(some[0]), block), list(chain.from_iterable(some)))
            at += block
