"""Many rows in few statements: all of them, in their order, whatever their number."""

from __future__ import annotations

import sqlite3

import pytest

from mssclient.store.rows import insert


@pytest.mark.parametrize("count", [0, 1, 3, 4, 15, 16, 63, 64, 65, 200, 213])
def test_every_row_arrives_in_its_order(count: int) -> None:
    sql = sqlite3.connect(":memory:")
    sql.execute("CREATE TABLE pair (id INTEGER PRIMARY KEY AUTOINCREMENT, one, two)")
    rows = [(n, f"'{n}") for n in range(count)]
    statements: list[str] = []
    sql.set_trace_callback(statements.append)
    insert(sql, "INSERT INTO pair (one, two)", rows)
    sql.set_trace_callback(None)
    assert sql.execute("SELECT one, two FROM pair ORDER BY id").fetchall() == rows
    assert len([each for each in statements if each.startswith("INSERT")]) <= count // 64 + 9
    sql.close()
