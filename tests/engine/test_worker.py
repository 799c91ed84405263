"""The one thread class: order, failures, delays, rests and the end."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from mssclient.domain.errors import Cancelled, MssError, Offline
from mssclient.engine.worker import Worker


@pytest.fixture
def told() -> list[MssError | None]:
    return []


@pytest.fixture
def worker(told: list[MssError | None]) -> Iterator[Worker]:
    found = Worker("tried", told.append)
    found.start()
    yield found
    found.stop()
    assert found.join(5)


def finished(worker: Worker) -> threading.Event:
    done = threading.Event()
    worker.post(done.set)
    return done


def test_jobs_run_in_order_on_the_named_thread(worker: Worker) -> None:
    ran: list[tuple[int, str]] = []
    for number in range(50):
        worker.post(lambda number=number: ran.append((number, threading.current_thread().name)))
    assert finished(worker).wait(5)
    assert ran == [(n, "tried") for n in range(50)]


def test_a_failure_is_told_and_the_thread_lives(worker: Worker, told: list[MssError | None]) -> None:
    def fail() -> None:
        raise Offline("line")

    worker.post(fail)
    assert finished(worker).wait(5)
    assert [type(t) for t in told] == [Offline]


@pytest.mark.logs
def test_a_bug_is_told_without_a_name(worker: Worker, told: list[MssError | None]) -> None:
    worker.post(lambda: {}["nothing"])  # type: ignore[func-returns-value]
    assert finished(worker).wait(5)
    assert told == [None]


def test_a_cancelled_job_is_not_told(worker: Worker, told: list[MssError | None]) -> None:
    def give_up() -> None:
        raise Cancelled

    worker.post(give_up)
    assert finished(worker).wait(5)
    assert told == []


def test_what_a_person_waits_for_goes_first(worker: Worker) -> None:
    gate, ran = threading.Event(), list[str]()
    worker.post(lambda: gate.wait(5) and None)
    worker.post(lambda: ran.append("behind"))
    worker.post_first(lambda: ran.append("first"))
    gate.set()
    assert finished(worker).wait(5)
    assert ran == ["first", "behind"]


def test_a_delayed_job_waits_its_time(worker: Worker) -> None:
    done = threading.Event()
    begun = time.monotonic()
    worker.post_in(0.15, done.set)
    assert done.wait(5)
    assert time.monotonic() - begun >= 0.14


def test_a_long_rest_ends_when_rung() -> None:
    rested = threading.Event()

    def rest(wake: socket.socket, timeout_s: float) -> None:
        rested.set()
        select.select([wake], [], [], timeout_s)

    worker = Worker("resting", lambda _: None, rest=rest)
    worker.start()
    assert rested.wait(5)
    begun = time.monotonic()
    worker.stop()
    assert worker.join(5)
    assert time.monotonic() - begun < 1


def test_the_ending_runs_on_the_thread_itself() -> None:
    where: list[str] = []
    worker = Worker("ending", lambda _: None, ending=lambda: where.append(threading.current_thread().name))
    worker.start()
    worker.stop()
    assert worker.join(5)
    assert where == ["ending"]


def test_after_the_stop_jobs_are_dropped(worker: Worker) -> None:
    worker.stop()
    assert worker.join(5)
    ran: list[int] = []
    worker.post(lambda: ran.append(1))
    worker.post_in(0, lambda: ran.append(2))
    assert ran == []


def test_finishing_does_what_was_handed_over_first(told: list[MssError | None]) -> None:
    worker, ran = Worker("finishing", told.append), list[int]()
    gate = threading.Event()
    worker.start()
    worker.post(lambda: gate.wait(5) and None)
    for number in range(20):
        worker.post(lambda number=number: ran.append(number))
    worker.finish()
    gate.set()
    assert worker.join(5)
    assert ran == list(range(20))
    assert not worker.post(lambda: None)


def test_a_thread_that_cannot_tell_lives_on() -> None:
    def tell(_error: MssError | None) -> None:
        raise Offline("the disk is full, for one")

    worker = Worker("mute", tell)
    worker.start()

    def fail() -> None:
        raise Offline("line")

    worker.post(fail)
    assert finished(worker).wait(5)
    worker.stop()
    assert worker.join(5)


@pytest.mark.logs
def test_a_bug_is_logged_by_its_place_and_never_by_its_text(worker: Worker, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise KeyError("NOM PRENOM")

    worker.post(fail)
    assert finished(worker).wait(5)
    assert "KeyError" in caplog.text
    assert "test_worker.py" in caplog.text
    assert "PRENOM" not in caplog.text


def test_one_that_was_never_started_ends_at_once() -> None:
    worker = Worker("unborn", lambda _: None)
    worker.post(lambda: None)
    worker.stop()
    assert worker.join(0)
