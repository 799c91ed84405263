"""A line with twenty milliseconds there and back: what waits for it, counted in turns, which load does not change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mssclient.domain.environment import Endpoint
from mssclient.domain.message import ListQuery
from mssclient.remote.imap import ImapSession, Known
from tests.engine.sync_kit import mail, sync_desk
from tests.lab.mail import LabMail, lab_mail
from tests.remote.places import Place, lab_place
from tests.remote.slow_line import SlowLine, slow_line

__all__ = ["lab_mail"]
pytestmark = pytest.mark.lab
MESSAGES = 1_500
ONE_WAY_S = 0.01


@pytest.fixture
def far(lab_mail: LabMail) -> Iterator[tuple[Place, str, SlowLine]]:
    """The lab at the end of a slow line, and a BAL with many messages."""
    name = lab_mail.spare()
    lab_mail.fill(name, (mail(n) for n in range(MESSAGES)))
    place = lab_place(lab_mail)
    with slow_line(lab_mail.ports.imap, ONE_WAY_S) as line:
        yield (
            replace(place, profile=replace(place.profile, imap=Endpoint(place.profile.imap.host, line.port))),
            name,
            line,
        )


def test_the_first_page_takes_few_turns(far: tuple[Place, str, SlowLine], tmp_path: Path) -> None:
    place, name, line = far
    begun, turns, took = time.monotonic(), 0, 0.0
    with sync_desk(place, name, tmp_path) as desk:
        inbox = desk.folder("INBOX")

        def first_page() -> bool:
            nonlocal turns, took
            if not turns and len(desk.reader.ids(ListQuery(inbox))) >= 200:
                turns, took = line.turns, time.monotonic() - begun
            return bool(turns)

        desk.until(first_page, "the first page", 20)
        desk.until(lambda: len(desk.reader.ids(ListQuery(inbox))) == MESSAGES, "all", 20)
    # TCP, TLS and signing in are in it; one second is fifty.
    assert turns <= 32, (turns, took)
    assert took <= 6, (turns, took)


def test_nothing_new_is_one_turn_and_some_hundred_bytes(far: tuple[Place, str, SlowLine]) -> None:
    place, name, line = far
    session = place.session(name)
    first = session.select("INBOX")
    turns, told = line.turns, session.received
    again = session.select("INBOX", Known(first.uidvalidity, first.highest_modseq))
    assert line.turns == turns + 1
    assert session.received - told <= 1000
    assert again.delta is not None
    assert again.delta.flags == ()
    assert again.delta.vanished == ()
    turns, told = line.turns, session.received
    assert session.all_counts()["INBOX"].messages == MESSAGES
    assert line.turns == turns + 1
    assert session.received - told <= 4 * 1000
    session.close()


def test_compression_makes_headers_small(far: tuple[Place, str, SlowLine], lab_mail: LabMail) -> None:
    place, name, _line = far
    told: dict[bool, int] = {}
    found: dict[bool, list[object]] = {}
    for compress in (False, True):
        session = ImapSession.open(
            place.environment, place.profile, f"{name}@{place.domain}", place.token("alice"), compress=compress
        )
        assert session.compressed is compress
        session.select("INBOX")
        uids, before = session.uids(), session.received
        found[compress] = [envelope for batch in session.envelopes(uids) for envelope in batch]
        told[compress] = session.received - before
        session.close()
    assert len(found[True]) == MESSAGES
    assert found[True] == found[False]
    assert told[True] * 5 < told[False], told
