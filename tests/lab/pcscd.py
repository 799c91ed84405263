"""A real pcscd of our own with a virtual reader, without systemd and beside any other; and the card for it."""

from __future__ import annotations

import json
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
DAEMON = shutil.which("pcscd") or "/usr/sbin/pcscd"
SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
IAS_CONTACT = "E828BD080F8025000001FF0010"
CPS3 = "3BAC00402A001225006480000310009000"
VITALE = "3B7513000044094EA90E019000"


def missing() -> str:
    """What this machine lacks for a virtual reader, or nothing."""
    if not Path(DAEMON).exists():
        return "pcscd is not installed"
    return "" if DRIVER.exists() else "vsmartcard-vpcd is not installed"


def need(lack: str) -> None:
    """Skip the test for want of something; where everything is meant to be installed, fail."""
    if not lack:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(lack)
    pytest.skip(lack)


class Pcscd:
    """One daemon on a private socket, in the folder given. Start and stop it as often as a test likes.

    `SOCKET_VARIABLE` has to name `path` before anything loads libpcsclite: hence a child process for our reader.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "pcscd.sock"
        self.port = _two_free_ports()
        """Of the first slot; the second one's is the next."""
        self._conf = folder / "reader.conf.d"
        self._conf.mkdir()
        self._daemon: subprocess.Popen[bytes] | None = None

    def start(self, *, reader: bool = True) -> None:
        """By socket activation, as systemd does it: the daemon finds its socket as descriptor 3. A `reader` that is
        not there when the daemon starts is not there at all: this driver is no USB one.
        """
        self.path.unlink(missing_ok=True)
        plugged = (
            f'FRIENDLYNAME "Lecteur virtuel"\nDEVICENAME /dev/null:0x{self.port:x}\n'
            f"LIBPATH {DRIVER}\nCHANNELID 0x{self.port:x}\n"
        )
        (self._conf / "vpcd").write_text(plugged if reader else "")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(self.path))
            listener.listen(16)
            code = (
                f"import os; os.dup2({listener.fileno()}, 3, inheritable=True); "
                "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid())); "
                f"os.execv({DAEMON!r}, ['pcscd', '--foreground', '-c', {str(self._conf)!r}])"
            )
            self._daemon = subprocess.Popen(
                [sys.executable, "-c", code],
                pass_fds=[listener.fileno()],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the daemon, politely or not."""
        if self._daemon:
            self._daemon.send_signal(how)
            self._daemon.send_signal(signal.SIGCONT)
            self._daemon.wait(10)
            self._daemon = None

    def hang(self) -> None:
        """The daemon is there and answers nobody."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """It goes on as if nothing had been."""
        self.signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        assert self._daemon is not None
        self._daemon.send_signal(number)

    def holds(self) -> tuple[int, int]:
        """Open descriptors and threads of the daemon: each client and each context costs it some."""
        assert self._daemon is not None
        return holdings(self._daemon.pid)


class VirtualCard:
    """A card in its own process; `files` maps paths to contents, in hexadecimal."""

    def __init__(
        self,
        folder: Path,
        port: int,
        atr: str = CPS3,
        files: dict[str, str] | None = None,
        application: str = IAS_CONTACT,
    ) -> None:
        description = folder / f"card-{secrets.token_hex(4)}.json"
        description.write_text(json.dumps({"atr": atr, "application": application, "files": files or {}}))
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("virtual_card.py")), str(port), str(description)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def order(self, word: str) -> dict[str, object]:
        """insert, remove, mute, speak, dead, alive or seen; answers the card's state, the instructions it was sent so
        far, and when."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], 10)
        assert ready, "the virtual card does not answer"
        answer: dict[str, object] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


class Rival:
    """Another program on the same service: holds cards, or just watches, as it is ordered (see `rival_process`)."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.lab.rival_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {SOCKET_VARIABLE: str(path)},
            text=True,
            bufsize=1,
        )

    def order(self, word: str) -> str:
        """exclusive, shared, transaction, release, watch or woke; what the program answers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], 10)
        assert ready, f"the other program does not answer to {word}"
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        """Let go of everything."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


def holdings(pid: int) -> tuple[int, int]:
    """Open descriptors and threads of a process."""
    descriptors, threads = (len(list(Path(f"/proc/{pid}/{what}").iterdir())) for what in ("fd", "task"))
    return descriptors, threads


def _two_free_ports() -> int:
    """A port whose next one is free too: vpcd opens a slot on each."""
    for _ in range(50):
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            with socket.socket() as second:
                try:
                    second.bind(("127.0.0.1", port + 1))
                except OSError:
                    continue
                return port
    raise AssertionError("no two free ports in a row")
