"""Undo while the operator is being asked: at every moment the message comes back, and none is ever erased."""

from __future__ import annotations

import random
import threading

from mssclient.domain.bal import FolderRole
from tests.engine.conftest import Workstation


def test_a_deletion_undone_at_any_moment_loses_nothing(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    inbox = signed_in.folder(bal)
    message = signed_in.settled(inbox)[0]
    operator = signed_in.theatre.operator

    def stored() -> int:
        return sum(len(operator.messages(bal.address, folder)) for folder in operator.folders(bal.address))

    before, chance, pause = stored(), random.Random(7), threading.Event()
    for turn in range(40):
        change = signed_in.engine.delete((message,))
        if turn % 2:
            signed_in.until(lambda: message not in signed_in.ids(inbox), "gone from the list")
        pause.wait(chance.random() * 0.03)
        signed_in.engine.undo(change)
        signed_in.until(lambda: message in signed_in.ids(inbox), f"back in the list, turn {turn}", 5)
    signed_in.until(lambda: not signed_in.engine.reader.rows([message])[0].pending, "settled at the operator")
    assert stored() == before
    assert signed_in.problems() == []


def test_delete_pressed_twice_erases_nothing(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    messages = signed_in.settled(signed_in.folder(bal))[:8]
    trash = signed_in.folder(bal, FolderRole.TRASH)
    for message in messages:
        for _ in range(3):
            signed_in.engine.delete((message,))
    signed_in.until(lambda: set(messages) <= set(signed_in.ids(trash)), "in the trash")
    signed_in.until(lambda: not any(r.pending for r in signed_in.engine.reader.rows(messages)), "settled")
    assert set(messages) <= set(signed_in.ids(trash))
    signed_in.engine.delete(tuple(messages))
    signed_in.until(
        lambda: not set(messages) & set(signed_in.ids(trash)), "erased, because that is where they were seen"
    )
