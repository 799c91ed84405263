"""A CPx card without a card: speaks vpcd's socket protocol from a process of its own, ordered about on stdin.

Run as `python virtual_card.py PORT DESCRIPTION.json`. Orders, one a line: insert, remove, mute, speak, dead, alive,
seen. Each is answered by one line of JSON; `at` is the moment it was carried out (time.monotonic, common to all
processes). A mute card does not answer commands; a dead one does not even take the current.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from pathlib import Path
from typing import Any

POWER_OFF, POWER_ON, RESET, ATR = 0, 1, 2, 4
OK, NOT_FOUND, WRONG_PARAMETERS, OUTSIDE, UNKNOWN = 0x9000, 0x6A82, 0x6A86, 0x6B00, 0x6D00


class Chip:
    """The application: elementary files below one directory, all readable, and T=0's way of handing out lengths."""

    def __init__(self, description: dict[str, Any]) -> None:
        self.atr = bytes.fromhex(description["atr"])
        self.application = bytes.fromhex(description["application"])
        self.files = {bytes.fromhex(path): bytes.fromhex(content) for path, content in description["files"].items()}
        self.seen: list[str] = []
        self.reset()

    def reset(self) -> None:
        self.directory = b""
        self.file = b""
        self.waiting = b""

    def answer(self, apdu: bytes) -> bytes:
        self.seen.append(f"{apdu[1]:02X}")
        match apdu[1]:
            case 0xA4:
                return self.select(apdu[2], apdu[5 : 5 + apdu[4]])
            case 0xB0:
                return self.read(int.from_bytes(apdu[2:4], "big"), apdu[4] or 256)
            case 0xC0:
                return self.hand_out(apdu[4] or 256)
        return UNKNOWN.to_bytes(2, "big")

    def select(self, how: int, what: bytes) -> bytes:
        if how == 0x04:
            if what != self.application:
                return NOT_FOUND.to_bytes(2, "big")
            self.directory = b"\x00\x01"
            return self.offer(b"\x6f\x02\x84\x00")
        if how not in {0x02, 0x08}:
            return WRONG_PARAMETERS.to_bytes(2, "big")
        content = self.files.get(self.directory + what if how == 0x02 else what)
        if content is None:
            return NOT_FOUND.to_bytes(2, "big")
        self.file = content
        return self.offer(b"\x62\x04\x80\x02" + len(content).to_bytes(2, "big"))

    def read(self, offset: int, wanted: int) -> bytes:
        left = self.file[offset:]
        if not left:
            return OUTSIDE.to_bytes(2, "big")
        if wanted > len(left):
            return bytes([0x6C, len(left)])
        return left[:wanted] + OK.to_bytes(2, "big")

    def offer(self, content: bytes) -> bytes:
        self.waiting = content
        return bytes([0x61, len(content)])

    def hand_out(self, wanted: int) -> bytes:
        content, self.waiting = self.waiting[:wanted], b""
        return content + OK.to_bytes(2, "big")


def received(line: socket.socket, count: int) -> bytes:
    content = b""
    while len(content) < count:
        # vpcd writes the length and the rest apart: unacknowledged, the rest would wait 40 ms in its socket.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        piece = line.recv(count - len(content))
        if not piece:
            raise EOFError
        content += piece
    return content


def serve_once(line: socket.socket, chip: Chip, *, mute: bool, dead: bool = False) -> None:
    """One message of vpcd: a length, then a control byte or an APDU. Raises EOFError when the card is to be gone."""
    message = received(line, int.from_bytes(received(line, 2), "big"))
    if dead and message == bytes([POWER_ON]):
        raise EOFError
    if len(message) > 1:
        answer = chip.answer(message)
        if not mute:
            send(line, answer)
    elif message[0] == ATR:
        send(line, chip.atr)
    else:
        chip.reset()


def plugged(port: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def send(line: socket.socket, content: bytes) -> None:
    line.sendall(len(content).to_bytes(2, "big") + content)


def main(port: int, description: Path) -> None:
    chip = Chip(json.loads(description.read_text()))
    orders = open(0, "rb", buffering=0)  # noqa: SIM115  # what is buffered would not wake select
    line: socket.socket | None = None
    mute = dead = False
    while True:
        heard: list[Any] = [orders, *([line] if line else [])]
        ready, _, _ = select.select(heard, [], [])
        if line is not None and line in ready:
            try:
                serve_once(line, chip, mute=mute, dead=dead)
            except (EOFError, OSError):
                line.close()
                line = plugged(port) if dead else None
            continue
        order = orders.readline().decode().strip()
        match order:
            case "":
                return
            case "insert" if line is None:
                line = plugged(port)
            case "remove" if line is not None:
                line.close()
                line = None
            case "mute" | "speak":
                mute = order == "mute"
            case "dead" | "alive":
                dead = order == "dead"
        answer = {"in": line is not None, "seen": sorted(set(chip.seen)), "at": time.monotonic()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
