"""Faults on command reach the clients, once, and the servers go on."""

from __future__ import annotations

import imaplib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from mssclient.sandbox.mailstore import OverQuota
from mssclient.sandbox.operator import Limits, Operator
from mssclient.sandbox.orders import Service, When
from tests.sandbox.sandbox_kit import PER, mail, opened, sandbox, seeds

GONE = (IMAPClientAbortError, OSError, imaplib.IMAP4.abort)


@pytest.fixture
def operator(tmp_path) -> Iterator[Operator]:
    with sandbox(tmp_path, {PER: seeds(50)}) as running:
        yield running


def test_no_and_bad_once(operator):
    with opened(operator) as client:
        client.select_folder("INBOX")
        operator.orders.answer("FETCH", "NO [UNAVAILABLE] later")
        operator.orders.answer("STORE", "BAD what")
        with pytest.raises(IMAPClientError, match="UNAVAILABLE"):
            client.fetch([1], ["FLAGS"])
        with pytest.raises(IMAPClientError, match="what"):
            client.add_flags([1], ["\\Seen"])
        assert client.fetch([1], ["FLAGS"])[1][b"FLAGS"] == ()


def test_bye(operator):
    with opened(operator) as client:
        operator.orders.answer("NOOP", "BYE maintenance")
        with pytest.raises(GONE):
            client.noop()
    with opened(operator) as client:
        client.noop()


@pytest.mark.parametrize("when", list(When))
def test_drop_around_a_fetch(operator, when):
    with opened(operator) as client:
        client.select_folder("INBOX")
        operator.orders.drop("FETCH", when)
        uids = list(range(1, 51))
        if when is When.AFTER:
            assert len(client.fetch(uids, ["BODY.PEEK[]"])) == 50
            with pytest.raises(GONE):
                client.noop()
        else:
            with pytest.raises(GONE):
                client.fetch(uids, ["BODY.PEEK[]"])
    with opened(operator) as client:
        client.select_folder("INBOX")


def test_a_move_dropped_during_its_answer_is_carried_out(operator):
    with opened(operator) as client:
        client.select_folder("INBOX")
        operator.orders.drop("MOVE", When.DURING)
        with pytest.raises(GONE):
            client.move([1], "Corbeille")
    assert len(operator.messages(PER)) == 49
    assert len(operator.messages(PER, ("Corbeille",))) == 1


def test_good_tokens_refused_a_given_number_of_times(operator):
    operator.orders.refuse_tokens(2)
    for _ in range(2):
        with pytest.raises(LoginError), opened(operator):
            pass
    with opened(operator):
        pass
    assert operator.orders.times("AUTHENTICATE") == 3


def test_slow_until_cleared(operator):
    with opened(operator) as client:
        operator.orders.slow(0.05, "NOOP")
        begin = time.monotonic()
        client.noop()
        client.noop()
        assert time.monotonic() - begin >= 0.1
        operator.orders.clear()


def test_cut_ends_an_idle_at_once(operator):
    with opened(operator) as client:
        client.select_folder("INBOX")
        client.idle()
        cutter = threading.Thread(target=operator.orders.cut, args=(Service.IMAP,))
        cutter.start()
        assert client.idle_check(timeout=5) == []  # IMAPClient says nothing when the server hung up
        cutter.join()
        with pytest.raises(GONE):
            client.idle_done()
    assert operator.connections() == 0


def test_line_down_and_up_on_the_same_port(operator):
    with opened(operator) as client:
        operator.orders.line_down()
        with pytest.raises(GONE):
            client.noop()
        for name in ("imap", "smtp"):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", operator.ports[name]), timeout=5)
    operator.orders.line_up()
    with opened(operator) as client:
        assert client.select_folder("INBOX")[b"EXISTS"] == 50


def test_starttls_refused_on_order(operator):
    operator.orders.answer("STARTTLS", "NO not today")
    with pytest.raises((IMAPClientError, imaplib.IMAP4.error)), opened(operator):
        pass


def test_renumber_gives_new_uids_and_validity(operator):
    with opened(operator) as client:
        before = client.select_folder("INBOX")[b"UIDVALIDITY"]
        client.delete_messages([1])
        client.expunge()
        operator.renumber(PER)
        with pytest.raises(GONE):
            client.noop()
    with opened(operator) as client:
        selected = client.select_folder("INBOX")
        assert selected[b"UIDVALIDITY"] > before
        assert client.search() == list(range(1, 50))


def test_wait_hears_a_command(operator):
    with opened(operator) as client:
        client.noop()
        assert operator.orders.wait("NOOP", 1, timeout_s=1)
        assert not operator.orders.wait("NOOP", 2, timeout_s=0.01)


def test_deliver_from_many_threads_while_a_client_reads(operator):
    def push() -> None:
        for n in range(50):
            operator.deliver(PER, mail(f"fil {n}"))

    threads = [threading.Thread(target=push) for _ in range(4)]
    with opened(operator) as client:
        client.select_folder("INBOX")
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            client.fetch(client.search()[-5:], ["FLAGS", "ENVELOPE"])
        for thread in threads:
            thread.join()
        assert client.search() == list(range(1, 251))


def test_deliver_past_the_quota_or_to_nobody(tmp_path):
    with sandbox(tmp_path, limits=Limits(quota=100)) as operator:
        with pytest.raises(OverQuota):
            operator.deliver(PER, mail(body="x" * 200))
        with pytest.raises(KeyError):
            operator.deliver("personne@tilleuls.mss.example", mail())
