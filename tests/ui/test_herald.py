"""The crossing from the engine's threads to the screen."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from mssclient.domain.bal import FolderId
from mssclient.domain.events import BalsChanged, MessagesChanged, SessionChanged
from mssclient.domain.session import SessionState
from mssclient.ui.herald import Herald


def test_equal_events_that_wait_collapse(qtbot: QtBot) -> None:
    herald, heard = Herald(), []
    herald.messages_changed.connect(heard.append)
    for _ in range(500):
        herald.post(MessagesChanged(FolderId(1)))
    herald.post(MessagesChanged(FolderId(2)))
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == [MessagesChanged(FolderId(1)), MessagesChanged(FolderId(2))]


def test_signals_fire_on_the_main_thread_whoever_posts(qtbot: QtBot) -> None:
    herald, threads = Herald(), []
    herald.bals_changed.connect(lambda _event: threads.append(threading.current_thread()))
    worker = threading.Thread(target=lambda: herald.post(BalsChanged()))
    worker.start()
    worker.join()
    assert threads == []
    qtbot.waitUntil(lambda: len(threads) == 1)
    assert threads == [threading.main_thread()]


def test_a_lock_is_heard_before_what_was_posted_earlier(qtbot: QtBot) -> None:
    herald, heard = Herald(), []
    herald.bals_changed.connect(heard.append)
    herald.session_changed.connect(heard.append)
    herald.post(BalsChanged())
    herald.post(SessionChanged(SessionState.LOCKED))
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert isinstance(heard[0], SessionChanged)


def test_an_event_posted_by_a_listener_is_heard_too(qtbot: QtBot) -> None:
    herald, heard = Herald(), []
    herald.bals_changed.connect(lambda _event: herald.post(MessagesChanged(FolderId(7))))
    herald.messages_changed.connect(heard.append)
    herald.post(BalsChanged())
    qtbot.waitUntil(lambda: len(heard) == 1)


def test_two_thousand_emissions_leave_true_alive(qtbot: QtBot) -> None:
    # PySide6 6.12.0 on CPython 3.11 loses a reference to True at each emission: decisions/0003.
    herald, heard = Herald(), []
    herald.messages_changed.connect(heard.append)
    for number in range(2000):
        herald.messages_changed.emit(MessagesChanged(FolderId(number)))
    assert len(heard) == 2000


def test_after_close_nothing_is_heard(qtbot: QtBot) -> None:
    herald, heard = Herald(), []
    herald.bals_changed.connect(heard.append)
    herald.post(BalsChanged())
    herald.close()
    with qtbot.waitSignal(herald.messages_changed, timeout=1000):
        herald.post(MessagesChanged(FolderId(1)))
    assert heard == []
