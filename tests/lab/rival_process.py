"""Another program that uses the card, as billing software does: ordered about on stdin, one line of answer an order.

`exclusive`, `shared`, `transaction` take the card of the first reader and keep it; `release` lets it go. `watch` waits
in a bare SCardGetStatusChange on a thread of its own, from the state of that moment; `woke` tells when it returned
(time.monotonic): the least that any client can take.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

from smartcard import scard

WAKE_LIMIT_S = 10.0


class Rival:
    """One context, at most one card."""

    def __init__(self) -> None:
        _, self.context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        self.card: Any = None
        self.in_transaction = False
        self.woke = threading.Event()
        self.at = 0.0

    def reader(self) -> str:
        end = time.monotonic() + WAKE_LIMIT_S
        while time.monotonic() < end:
            _, names = scard.SCardListReaders(self.context, [])
            if names:
                return str(names[0])
        raise TimeoutError("no reader")

    def take(self, how: str) -> str:
        mode = scard.SCARD_SHARE_EXCLUSIVE if how == "exclusive" else scard.SCARD_SHARE_SHARED
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        result = scard.SCARD_E_NO_SMARTCARD
        end = time.monotonic() + WAKE_LIMIT_S / 2
        while result != scard.SCARD_S_SUCCESS and time.monotonic() < end:
            result, self.card, _ = scard.SCardConnect(self.context, self.reader(), mode, protocols)
        if result == scard.SCARD_S_SUCCESS and how == "transaction":
            result = scard.SCardBeginTransaction(self.card)
            self.in_transaction = True
        return f"{result & 0xFFFFFFFF:08x}"

    def release(self) -> str:
        if self.in_transaction:
            scard.SCardEndTransaction(self.card, scard.SCARD_LEAVE_CARD)
        result = scard.SCardDisconnect(self.card, scard.SCARD_LEAVE_CARD)
        self.card, self.in_transaction = None, False
        return f"{result & 0xFFFFFFFF:08x}"

    def watch(self) -> str:
        self.woke.clear()
        name = self.reader()
        _, states = scard.SCardGetStatusChange(self.context, 0, [(name, scard.SCARD_STATE_UNAWARE)])
        known = [(name, states[0][1] & ~scard.SCARD_STATE_CHANGED)]

        def wait() -> None:
            scard.SCardGetStatusChange(self.context, int(WAKE_LIMIT_S * 1000), known)
            self.at = time.monotonic()
            self.woke.set()

        threading.Thread(target=wait, daemon=True).start()
        return "watching"


def main() -> None:
    rival = Rival()
    for line in sys.stdin:
        match line.strip():
            case "exclusive" | "shared" | "transaction" as how:
                said = rival.take(how)
            case "release":
                said = rival.release()
            case "watch":
                said = rival.watch()
            case "woke":
                said = str(rival.at) if rival.woke.wait(WAKE_LIMIT_S) else "never"
            case order:
                said = f"unknown order {order}"
        sys.stdout.write(said + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
