"""Four hours, thirty idle minutes, and reading on when PSC is over; on the sandbox, with hours moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.draft import Recipient
from mssclient.domain.message import ListQuery
from mssclient.domain.outbox import SendState
from mssclient.domain.session import SessionState
from mssclient.engine.house import utc_now
from mssclient.remote.psc import AccessToken
from mssclient.stage.theatre import Theatre
from tests.engine.conftest import POLICY, Workstation
from tests.engine.session_kit import (
    MINUTE,
    Hours,
    at_psc,
    beaten,
    endings,
    is_state,
    passed,
    settle,
    states,
    tokens_of,
)

DOCTOR = Correspondent("Dr Thomas LEMOINE", "thomas.lemoine@medecins.mss.example", CorrespondentKind.PROFESSIONAL)
OPEN, READING, LOCKED = SessionState.OPEN, SessionState.READING, SessionState.LOCKED


@pytest.fixture
def hours() -> Hours:
    return Hours()


def opened(theatre: Theatre, home: Path, hours: Hours, *, reading: bool) -> Workstation:
    theatre.operator.orders.clear()
    theatre.operator.orders.line_up()
    desk = Workstation(theatre, home, replace(POLICY, read_after_session=reading), ticks=hours)
    desk.engine.start()
    desk.sign_in()
    return desk


@pytest.fixture
def timed(theatre: Theatre, tmp_path: Path, hours: Hours) -> Iterator[Workstation]:
    """The secretary, signed in, where PSC's end covers the screen."""
    desk = opened(theatre, tmp_path / "home", hours, reading=False)
    yield desk
    desk.engine.stop()
    desk.browser.join()


@pytest.fixture
def reader(theatre: Theatre, tmp_path: Path, hours: Hours) -> Iterator[Workstation]:
    """The secretary, signed in, where they may read on."""
    desk = opened(theatre, tmp_path / "home", hours, reading=True)
    yield desk
    desk.engine.stop()
    desk.browser.join()


def no_lines(desk: Workstation) -> None:
    desk.until(lambda: desk.theatre.operator.connections() == 0, "no line is open")


def test_inactivity_covers_then_closes(timed: Workstation, hours: Hours) -> None:
    passed(timed, hours, 15 * MINUTE + 1)
    assert timed.engine.session_state() is LOCKED
    no_lines(timed)
    timed.until(lambda: at_psc(timed) == 0, "PSC was told")


def test_whoever_wakes_the_machine_finds_it_covered(timed: Workstation, hours: Hours) -> None:
    """It slept, and the pointer moves before the desk looked at the hour."""
    hours.pass_by(40 * MINUTE)
    timed.engine.touch()
    assert timed.engine.session_state() is LOCKED
    no_lines(timed)
    timed.engine.touch()
    timed.sign_in()


def in_step(desk: Workstation, hours: Hours) -> list[float]:
    """The relay's hours go with ours from now on; when it was asked for a token."""
    session, began, asked = tokens_of(desk), hours.now, list[float]()
    real = session.token

    def token(*, fresh: bool = False) -> AccessToken:
        asked.append(hours.now)
        found: AccessToken = real(fresh=fresh)
        return replace(found, session_ends_in_s=4 * 3600 - (hours.now - began))

    session.token = token
    return asked


def test_one_heartbeat_while_somebody_works_and_none_for_nobody(timed: Workstation, hours: Hours) -> None:
    settle(timed)
    asked = in_step(timed, hours)
    for _ in range(4):
        passed(timed, hours, 5 * MINUTE, working=True)
        beaten(timed)
    assert len(asked) == 2
    passed(timed, hours, 14 * MINUTE)
    beaten(timed)
    assert len(asked) == 2, "nobody worked"
    assert timed.engine.session_state() is OPEN


def test_the_end_is_announced_then_comes(timed: Workstation, hours: Hours) -> None:
    ends = timed.engine.session_ends_at()
    assert ends is not None
    assert abs(ends - utc_now() - timedelta(hours=4)) < timedelta(minutes=1)
    settle(timed)
    in_step(timed, hours)
    before = endings(timed)
    for _ in range(23):
        passed(timed, hours, 10 * MINUTE - 10, working=True)
    assert endings(timed) == before + 1
    beaten(timed)
    passed(timed, hours, 13 * MINUTE, working=True)
    assert endings(timed) == before + 1
    assert states(timed)[-1] is OPEN


def test_the_hard_end_closes_even_who_works(timed: Workstation, hours: Hours) -> None:
    # The relay is asked by nobody in between: the workstation counts for itself.
    for _ in range(24):
        hours.pass_by(10 * MINUTE)
        timed.engine.touch()
    passed(timed, hours, 1, working=True)
    assert timed.engine.session_state() is LOCKED
    assert timed.engine.session_ends_at() is None
    no_lines(timed)


# -- reading on


def over(desk: Workstation) -> None:
    """PSC ends the session."""
    desk.theatre.expire()
    desk.until(is_state(desk, READING), "reading")
    no_lines(desk)


def test_reading_and_drafting_go_on_and_nothing_leaves(reader: Workstation) -> None:
    bal = reader.bal("soins")
    inbox = reader.folder(bal)
    ids = reader.settled(inbox)
    reader.until(lambda: bool(reader.engine.facts(bal.id).white_list), "white list")
    over(reader)
    assert LOCKED not in states(reader)
    engine = reader.engine
    assert engine.session_ends_at() is None
    assert reader.ids(inbox) == ids
    word = engine.reader.rows(ids[:1])[0].subject.split()[0]
    assert engine.reader.ids(ListQuery(inbox.id, search=word))
    heard = reader.theatre.operator.orders.times("AUTHENTICATE")
    already = len(reader.theatre.operator.submissions)
    draft = replace(engine.new_draft(bal.id), recipients=(Recipient(DOCTOR),), subject="Avis", text="Bonjour")
    engine.keep_draft(draft)
    reader.until(lambda: engine.reader.draft(draft.id), "kept")
    engine.send(draft)
    reader.until(engine.reader.outbox, "queued")
    engine.refresh()
    assert reader.theatre.operator.orders.times("AUTHENTICATE") == heard
    engine.renew_session()
    reader.until(lambda: states(reader)[-1] is OPEN, "open again")
    reader.browser.join()
    assert states(reader)[-2:] == [READING, OPEN]
    assert LOCKED not in states(reader)
    reader.until(lambda: reader.live() > 0, "lines again")
    line = engine.reader.outbox()[0]
    assert (line.state, line.needs_consent) == (SendState.QUEUED, True)
    assert len(reader.theatre.operator.submissions) == already
    assert reader.ids(inbox)


@pytest.mark.parametrize("cover", ["idle", "card", "lock"])
def test_what_covers_covers_a_reading_screen_too(reader: Workstation, hours: Hours, cover: str) -> None:
    over(reader)
    match cover:
        case "idle":
            passed(reader, hours, 15 * MINUTE + 1)
        case "card":
            reader.reader.remove()
        case _:
            reader.engine.lock()
    reader.until(is_state(reader, LOCKED), "covered")
    reader.sign_in()


def test_a_bad_contact_while_reading_comes_back_to_reading(reader: Workstation) -> None:
    over(reader)
    reader.reader.remove()
    reader.until(is_state(reader, LOCKED), "covered")
    reader.reader.insert(reader.theatre.institution.staff("secretary").card)
    reader.until(is_state(reader, READING), "reading again")


def test_nobody_keeps_psc_awake_while_reading(reader: Workstation, hours: Hours) -> None:
    over(reader)
    asked = reader.theatre.operator.orders.times("AUTHENTICATE")
    passed(reader, hours, 11 * MINUTE, working=True)
    beaten(reader)
    assert tokens_of(reader) is None
    assert reader.theatre.operator.orders.times("AUTHENTICATE") == asked
    assert reader.engine.session_state() is READING


def test_a_reading_screen_is_left_by_signing_out(reader: Workstation) -> None:
    over(reader)
    reader.engine.sign_out()
    reader.until(lambda: reader.engine.reader.bals() == (), "nothing to read")
    reader.sign_in()
