"""The door of a running program: same account only, bounded, and no wish is lost or invented."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from mssclient.domain.handover import Handover
from mssclient.domain.identity import OID_TEST, Usager
from mssclient.ui import doorway
from mssclient.ui.doorway import MOST_BYTES, REFUSED, TAKEN, Doorway, door_name

RUTH = Usager("277076322082910", OID_TEST, "NESSI", ("RUTH",), "1977-07-14", "F")
HANDED = Handover(("a.b@chu.mss.example",), subject="Sujet", text="Texte", attachments=("/tmp/a.pdf",), usager=RUTH)
KNOCK = """
import sys
from pathlib import Path
from mssclient.domain.handover import Handover
from mssclient.ui.doorway import knock
found = knock(Path(sys.argv[1]), Handover(("a.b@chu.mss.example",), subject="Sujet"), paths=True)
sys.exit({True: 0, False: 1, None: 2}[found])
"""


@pytest.fixture
def door(tmp_path: Path, qtbot: QtBot) -> Iterator[Doorway]:
    found = Doorway(tmp_path)
    assert found.open()
    yield found
    found.close()


def said(door: Doorway, qtbot: QtBot, home: Path, line: bytes) -> bytes:
    caller = QLocalSocket()
    caller.connectToServer(door_name(home))
    assert caller.waitForConnected(2000)
    caller.write(line)
    caller.flush()
    heard = bytearray()

    def answered() -> bool:
        heard.extend(bytes(caller.readAll().data()))
        return heard.endswith(b"\n") or caller.state() is QLocalSocket.LocalSocketState.UnconnectedState

    qtbot.waitUntil(answered, timeout=3000)
    caller.close()
    return bytes(heard)


def line(**words: object) -> bytes:
    return json.dumps({"v": 1, **words}).encode() + b"\n"


def test_a_wish_comes_through_whole(door: Doorway, qtbot: QtBot, tmp_path: Path) -> None:
    from mssclient.domain.handover import as_sidecar

    heard: list[tuple[Handover, bool]] = []
    door.asked.connect(lambda handed, paths: heard.append((handed, paths)))
    wish = json.loads(as_sidecar(HANDED))
    assert said(door, qtbot, tmp_path, line(handover=wish, paths=True)) == TAKEN
    assert heard == [(HANDED, True)]


@pytest.mark.parametrize("words", [
    b"{}\n", b"null\n", b"[1]\n", b"not json\n", b'{"v": 2}\n',
    line(handover={"attachments": [{"title": "../x"}]}, paths=False), line(handover={"recipients": ["no address"]}),
])  # fmt: skip
def test_what_is_no_wish_of_ours_is_refused(door: Doorway, qtbot: QtBot, tmp_path: Path, words: bytes) -> None:
    heard: list[object] = []
    door.asked.connect(lambda *found: heard.append(found))
    assert said(door, qtbot, tmp_path, words) == REFUSED
    assert heard == []


def test_too_much_is_refused_without_waiting_for_its_end(door: Doorway, qtbot: QtBot, tmp_path: Path) -> None:
    assert said(door, qtbot, tmp_path, b"x" * (MOST_BYTES + 10)) in {REFUSED, b""}


def test_another_account_is_not_heard(
    door: Doorway, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    door.asked.connect(lambda *found: heard.append(found))
    other = os.getuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    assert said(door, qtbot, tmp_path, line(handover={"subjectLine": "x"}, paths=True)) == b""
    assert heard == []


def test_the_socket_is_this_accounts_only(door: Doorway, tmp_path: Path) -> None:
    found = Path(door_name(tmp_path))
    if not found.is_absolute():
        pytest.skip("the path is too long for a socket of its own here")
    assert stat.S_IMODE(found.stat().st_mode) & 0o077 == 0


def test_another_process_knocks(door: Doorway, qtbot: QtBot, tmp_path: Path) -> None:
    heard: list[Handover] = []
    door.asked.connect(lambda handed, _paths: heard.append(handed))
    process = subprocess.Popen([sys.executable, "-c", KNOCK, str(tmp_path)])
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=15000)
    assert process.returncode == 0
    assert heard[0].subject == "Sujet"


def test_nobody_behind_the_door(tmp_path: Path) -> None:
    assert doorway.knock(tmp_path, None) is None


def test_a_socket_left_by_a_crash_does_not_keep_the_door_shut(tmp_path: Path, qtbot: QtBot) -> None:
    left = Path(door_name(tmp_path))
    if left.is_absolute():
        left.touch()
    again = Doorway(tmp_path)
    assert again.open()
    again.close()
