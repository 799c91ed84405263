"""The workstation's ear: one answer, whoever else knocks."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest

from mssclient.domain.errors import Refused
from mssclient.remote.loopback import Answer, Loopback

STATE = "the-state-that-nobody-else-knows"


@pytest.fixture
def ear() -> Iterator[Loopback]:
    ear = Loopback(STATE)
    yield ear
    ear.close()


def _call(ear: Loopback, head: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", ear.port), timeout=5)
    line.sendall(head.replace("\n", "\r\n").encode())
    return line


def _get(ear: Loopback, target: str, host: str = "") -> socket.socket:
    return _call(ear, f"GET {target} HTTP/1.1\nHost: {host or f'127.0.0.1:{ear.port}'}\n\n")


def _heard(ear: Loopback, rounds: int = 4) -> Answer | None:
    for _ in range(rounds):
        if answer := ear.hear(0.05):
            return answer
    return None


def _page(line: socket.socket) -> str:
    received = b""
    while piece := line.recv(65536):
        received += piece
    line.close()
    return received.decode()


def test_it_listens_on_the_literal_loopback_only(ear: Loopback) -> None:
    with socket.create_connection(("127.0.0.1", ear.port)):
        pass
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", ear.port), timeout=1):  # noqa: PT011
        pass


def test_a_ticket_is_heard_and_the_person_told(ear: Loopback) -> None:
    line = _get(ear, f"/retour?ticket=abc&state={STATE}")
    answer = _heard(ear)
    assert answer == Answer("abc")
    assert "abc" not in repr(answer)
    page = _page(line)
    assert page.startswith("HTTP/1.1 200")
    assert "Vous pouvez fermer cet onglet" in page


def test_an_error_is_heard(ear: Loopback) -> None:
    line = _get(ear, f"/retour?error=access_denied&state={STATE}")
    assert _heard(ear) == Answer(error="access_denied")
    assert "non aboutie" in _page(line)


@pytest.mark.parametrize(
    "target",
    [
        "/retour?ticket=mine&state=wrong",
        "/retour?ticket=mine",
        f"/retour?ticket=mine&state={STATE}&state=wrong",
        f"/retour?state={STATE}",
        f"/ailleurs?ticket=mine&state={STATE}",
        "/favicon.ico",
        "//[",
        f"http://[::1/retour?ticket=mine&state={STATE}",
    ],
)
def test_a_wrong_answer_is_no_answer_and_the_right_one_still_counts(ear: Loopback, target: str) -> None:
    stranger = _get(ear, target)
    assert _heard(ear) is None
    assert _page(stranger).startswith("HTTP/1.1 404")
    good = _get(ear, f"/retour?ticket=abc&state={STATE}")
    assert _heard(ear) == Answer("abc")
    good.close()


def test_another_host_name_is_refused(ear: Loopback) -> None:
    """A page that makes its own name lead to 127.0.0.1 (DNS rebinding) still says its own name."""
    stranger = _get(ear, f"/retour?ticket=mine&state={STATE}", host=f"evil.example:{ear.port}")
    assert _heard(ear) is None
    assert _page(stranger).startswith("HTTP/1.1 404")


def test_only_get_answers(ear: Loopback) -> None:
    stranger = _call(ear, f"POST /retour?ticket=mine&state={STATE} HTTP/1.1\nHost: 127.0.0.1:{ear.port}\n\n")
    assert _heard(ear) is None
    stranger.close()


def test_two_answers_are_one(ear: Loopback) -> None:
    first = _get(ear, f"/retour?ticket=one&state={STATE}")
    assert _heard(ear) == Answer("one")
    ear.close()
    ear.close()
    first.close()
    with pytest.raises(OSError):  # noqa: PT011
        _get(ear, f"/retour?ticket=two&state={STATE}")


def test_lines_that_say_nothing_or_too_much_do_not_keep_it(ear: Loopback) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(socket.create_connection(("127.0.0.1", ear.port), timeout=5))
            assert _heard(ear, 1) is None
    assert _heard(ear, 30) is None
    endless = socket.create_connection(("127.0.0.1", ear.port), timeout=5)
    endless.sendall(b"GET /retour HTTP/1.1\r\nX: " + b"x" * 9000)
    assert _heard(ear, 8) is None
    endless.close()
    good = _get(ear, f"/retour?ticket=abc&state={STATE}")
    assert _heard(ear, 30) == Answer("abc")
    good.close()


def test_silent_lines_are_dropped_with_time() -> None:
    now = [0.0]
    ear = Loopback(STATE, clock=lambda: now[0])
    silent = [socket.create_connection(("127.0.0.1", ear.port)) for _ in range(8)]
    assert _heard(ear, 20) is None
    now[0] = 6.0
    assert _heard(ear, 2) is None
    good = _get(ear, f"/retour?ticket=abc&state={STATE}")
    assert _heard(ear, 20) == Answer("abc")
    for line in (*silent, good):
        line.close()
    ear.close()


def test_somebody_who_keeps_guessing_ends_it(ear: Loopback) -> None:
    lines = []
    with pytest.raises(Refused):  # noqa: PT012
        for _ in range(60):
            lines.append(_get(ear, "/retour?ticket=mine&state=guess"))
            _heard(ear, 2)
    for line in lines:
        line.close()


def test_a_request_in_pieces_is_put_together(ear: Loopback) -> None:
    line = _call(ear, "GET /retour?ticket=abc&")
    assert _heard(ear) is None
    line.sendall(f"state={STATE} HTTP/1.1\r\nHost: 127.0.0.1:{ear.port}\r\n\r\n".encode())
    assert _heard(ear) == Answer("abc")
    line.close()
