"""The card reader: waits for a CPx card to come or go, and reads whose it is. Runs on one thread, named `card`."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from mssclient.card import certificate, pkcs15
from mssclient.domain.errors import CardReason, Unread, Unreadable
from mssclient.domain.session import CardHolder, CardStatus

try:
    from smartcard import scard
except ImportError:  # no wheel on Linux, no libpcsclite: the program works, without a card
    scard = None

log = logging.getLogger(__name__)

_NEW_READERS = r"\\?PnP?\Notification"
_CPX_RUN = bytes.fromhex("1225006480")
_CPS3_CONTACTLESS = bytes.fromhex("3B8F80010031B86404B0ECC1739401808290000E")
_VITALE = (bytes.fromhex("3B7513"), bytes.fromhex("3F65"))
_TRIES = 6
_TRY_EVERY_S = 0.15
_PATIENCE_S = 1.5
_QUESTION_S = 1.0
_LATE_S = 2.0
_PARTING_S = 1.0
_BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 10.0)
_COUNTER_SHIFT = 16  # the high word of a reader's state counts its insertions and removals


class CardReader(Protocol):
    """Whether a CPx card is there. `wait` and `close` belong to the thread `card`; `cancel` may come from any."""

    def wait(self, previous: CardStatus | None, timeout_s: float) -> CardStatus:
        """The status as soon as it differs from `previous`, or at the latest after `timeout_s`.

        Never raises, and fails closed: whatever goes wrong is a card that is not there.
        """
        ...

    def cancel(self) -> None:
        """End a `wait` under way, or the next one, at once."""
        ...

    def is_stuck(self) -> bool:
        """Whether a `wait` under way is overdue: nobody knows then whether a card is there. Any thread."""
        ...

    def close(self) -> None:
        """Let go of the reader; after it every `wait` says absent."""
        ...


NO_SUPPORT = CardStatus(supported=False, reader=False, present=False, trouble=CardReason.NO_SUPPORT.name)
_NO_READER = CardStatus(supported=True, reader=False, present=False, trouble=CardReason.NO_READER.name)
_ABSENT = CardStatus(supported=True, reader=True, present=False, trouble=CardReason.ABSENT.name)


def is_cpx(atr: bytes) -> bool:
    """Whether an ATR is some CPx card's; it does not say whose (identity.md §2)."""
    return _CPX_RUN in atr or atr == _CPS3_CONTACTLESS


def trouble_of(atr: bytes) -> CardReason:
    """What to say of a card that is no CPx."""
    return CardReason.VITALE if atr.startswith(_VITALE) else CardReason.UNKNOWN


@dataclass(frozen=True, slots=True)
class _Slot:
    """One reader as the service last described it."""

    name: str
    state: int
    atr: bytes

    @property
    def insertion(self) -> tuple[str, int, bytes]:
        """Names one stay of a card in a reader: the same card put back makes another."""
        return self.name, self.state >> _COUNTER_SHIFT, self.atr


class _ServiceGone(Exception):
    """PC/SC answered that it is not there any more, or does not know us."""


class PcscReader:
    """Card readers through PC/SC, on `smartcard.scard` alone: pyscard's own monitor dies silently with the service.

    Waiting does not touch the card. The certificates are read once an insertion, shared and in one transaction, by a
    thread of its own (`card-reading`): a silent card or another program's transaction may hold that one as long as it
    likes, the watch goes on. **Limit**: a service that hangs answers nobody, and holds `wait` until it answers or dies
    (PC/SC has no time limit of its own); `is_stuck` tells a watchdog, which has to take it for a card that is gone.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._service = _Service() if scard is not None else None
        self._closed = False
        self._cancelled = threading.Event()
        self._failures = 0
        self._retry_at = 0.0
        self._known: dict[str, _Slot] = {}
        self._told: tuple[str, int, bytes] | None = None
        self._holder: CardHolder | None = None
        self._told_at = 0.0
        self._tries_left = 0
        self._try_at = 0.0
        self._exclusive = False
        self._reading: _Reading | None = None
        self._due: float | None = None

    def wait(self, previous: CardStatus | None, timeout_s: float) -> CardStatus:
        """See `CardReader.wait`."""
        until = self._clock() + timeout_s
        status = self._look(0.0)
        while (status == previous or self._is_reading()) and not self._cancelled.is_set():
            if (left := until - self._clock()) <= 0:
                break
            status = self._look(left)
        self._cancelled.clear()
        return status

    def cancel(self) -> None:
        """See `CardReader.cancel`."""
        self._cancelled.set()
        if self._service:
            self._service.cancel()

    def close(self) -> None:
        """See `CardReader.close`."""
        self._closed = True
        if self._service:
            self._service.release()
        if self._reading is not None:
            self._reading.join(_PARTING_S)

    def is_stuck(self, after_s: float = _LATE_S) -> bool:
        """Whether the service owes an answer for longer than this: nobody knows then whether a card is there.
        Any thread."""
        due = self._due
        return due is not None and self._clock() > due + after_s

    def _look(self, timeout_s: float) -> CardStatus:
        service = self._service
        if service is None or self._closed:
            self._cancelled.wait(timeout_s)
            return NO_SUPPORT
        if self._clock() < self._retry_at:
            self._cancelled.wait(min(timeout_s, self._retry_at - self._clock()))
            return _NO_READER
        question_s = min(timeout_s, self._pause_s())
        self._due = self._clock() + question_s
        try:
            if not service.is_open:
                service.establish()
                self._known = {}
            if not self._cancelled.is_set() or timeout_s == 0:
                self._known = service.changes(self._known, question_s)
        except _ServiceGone as gone:
            self._stand_back(service, gone)
            return _NO_READER
        finally:
            self._due = None
        self._failures = 0
        return self._status(service)

    def _is_reading(self) -> bool:
        """Whether a card is there whose holder may be known in a moment: right after insertion a card may not answer."""
        waits = self._reading is not None or self._tries_left > 0
        soon = waits and not self._exclusive and self._clock() < self._told_at + _PATIENCE_S
        return self._told is not None and self._holder is None and soon

    def _pause_s(self) -> float:
        """How long one question to the service lasts at most; a `cancel` that came just before it waits this long."""
        return _TRY_EVERY_S if self._is_reading() else _QUESTION_S

    def _stand_back(self, service: _Service, gone: _ServiceGone) -> None:
        service.release()
        pause_s = _BACK_OFF_S[min(self._failures, len(_BACK_OFF_S) - 1)]
        self._failures += 1
        self._retry_at = self._clock() + pause_s
        self._known, self._told, self._holder, self._exclusive = {}, None, None, False
        log.info("card service away (%s), asked again in %.1f s", gone, pause_s)

    def _status(self, service: _Service) -> CardStatus:
        slots = list(self._known.values())
        cards = [slot for slot in slots if slot.state & service.present and is_cpx(slot.atr)]
        # With two cards the one that was told stays the one: a card put beside it must not look like a removal.
        card = next((slot for slot in cards if slot.insertion == self._told), cards[0] if cards else None)
        if card is None:
            self._told, self._holder = None, None
            return self._without_card(service, slots)
        if self._told != card.insertion:
            if self._told is not None:  # out and in again between two looks: say that it was gone
                self._told = None
                return _ABSENT
            self._told, self._holder, self._tries_left = card.insertion, None, _TRIES
            self._told_at = self._clock()
        if self._holder is None:
            self._read(service, card)
        return CardStatus(supported=True, reader=True, present=True, holder=self._holder)

    def _without_card(self, service: _Service, slots: list[_Slot]) -> CardStatus:
        if not slots:
            return _NO_READER
        other = next((slot for slot in slots if slot.state & (service.present | service.mute)), None)
        if other is None:
            return _ABSENT
        reason = CardReason.MUTE if other.state & service.mute else trouble_of(other.atr)
        return CardStatus(supported=True, reader=True, present=False, trouble=reason.name)

    def _read(self, service: _Service, card: _Slot) -> None:
        """One more step towards the holder: take what was read, or begin to read."""
        if self._reading is not None:
            if self._reading.is_alive():
                return
            if self._reading.insertion == card.insertion:
                self._holder = self._reading.holder
            self._reading = None
        was_exclusive, self._exclusive = self._exclusive, bool(card.state & service.exclusive)
        if was_exclusive and not self._exclusive:
            self._tries_left = _TRIES
        wanted = self._holder is None and self._tries_left > 0 and not self._exclusive
        # Reading is itself a change of the reader's state: the tries are spaced by the clock, not by events.
        if wanted and self._clock() >= self._try_at:
            self._tries_left -= 1
            self._try_at = self._clock() + _TRY_EVERY_S
            self._reading = _Reading(card, self._clock)
            self._reading.start()


class _Reading(threading.Thread):
    """One try to read whose card it is, in a PC/SC context of its own. `holder` may be looked at once it has ended."""

    def __init__(self, slot: _Slot, clock: Callable[[], float]) -> None:
        super().__init__(name="card-reading", daemon=True)
        self.insertion = slot.insertion
        self.holder: CardHolder | None = None
        self._reader = slot.name
        self._clock = clock

    def run(self) -> None:
        began = self._clock()
        service = _Service()
        try:
            service.establish()
            self.holder = service.holder(self._reader)
            log.info("card read in %.2f s", self._clock() - began)
        except (_ServiceGone, Unreadable) as error:
            log.info("card not read: %s", error)
        finally:
            service.release()


class _Service:
    """A PC/SC context of our own and the few calls we make with it. Belongs to one thread, save `cancel`."""

    def __init__(self) -> None:
        self._context: Any = None
        self._tells_new_readers = True
        self.present: int = scard.SCARD_STATE_PRESENT
        self.mute: int = scard.SCARD_STATE_MUTE
        self.exclusive: int = scard.SCARD_STATE_EXCLUSIVE

    @property
    def is_open(self) -> bool:
        return self._context is not None

    def establish(self) -> None:
        result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        _check(result)
        self._context = context

    def release(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            scard.SCardReleaseContext(context)

    def cancel(self) -> None:
        context = self._context
        if context is not None:
            scard.SCardCancel(context)

    def changes(self, known: dict[str, _Slot], timeout_s: float) -> dict[str, _Slot]:
        """The readers once something differs from `known`, or after `timeout_s`."""
        names = self._readers()
        asked = [(name, known[name].state if name in known else scard.SCARD_STATE_UNAWARE) for name in names]
        if self._tells_new_readers:
            asked.append((_NEW_READERS, len(names) << _COUNTER_SHIFT))
        elif not names:
            threading.Event().wait(min(timeout_s, 1.0))
            return {}
        if set(known) != set(names):
            timeout_s = 0.0
        elif not self._tells_new_readers:
            timeout_s = min(timeout_s, 1.0)
        result, states = scard.SCardGetStatusChange(self._context, int(timeout_s * 1000), asked)
        if result in {scard.SCARD_E_TIMEOUT, scard.SCARD_E_CANCELLED}:
            return {name: slot for name, slot in known.items() if name in names}
        if result == scard.SCARD_E_UNKNOWN_READER:
            # A reader left between the two calls, or this system has no such notification (macOS).
            self._tells_new_readers = self._tells_new_readers and self._readers() != names
            return {}
        _check(result)
        slots = [_Slot(name, state & ~scard.SCARD_STATE_CHANGED, bytes(atr)) for name, state, atr in states]
        return {slot.name: slot for slot in slots if slot.name in names}

    def _readers(self) -> list[str]:
        result, names = scard.SCardListReaders(self._context, [])
        if result == scard.SCARD_E_NO_READERS_AVAILABLE:
            return []
        _check(result)
        return list(names)

    def holder(self, reader: str) -> CardHolder:
        """Whose card is in a reader. Raises Unreadable, or _ServiceGone for whatever PC/SC refuses."""
        result, card, protocol = scard.SCardConnect(
            self._context, reader, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        )
        _check(result)
        try:
            _check(scard.SCardBeginTransaction(card))
            try:
                return _holder_among(pkcs15.certificates(lambda apdu: _transmit(card, protocol, apdu)))
            finally:
                scard.SCardEndTransaction(card, scard.SCARD_LEAVE_CARD)
        finally:
            scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)


def _holder_among(found: Any) -> CardHolder:
    last: Unreadable | None = None
    for der in found:
        try:
            return certificate.read(der).holder
        except Unreadable as error:  # an authority's certificate stands among them
            last = error
    raise last or Unreadable(Unread.EMPTY, "card")


def _transmit(card: Any, protocol: int, apdu: bytes) -> tuple[bytes, int]:
    result, answer = scard.SCardTransmit(card, protocol, list(apdu))
    _check(result)
    if len(answer) < 2:
        raise _ServiceGone("short answer")
    return bytes(answer[:-2]), answer[-2] << 8 | answer[-1]


def _check(result: int) -> None:
    if result != scard.SCARD_S_SUCCESS:
        raise _ServiceGone(f"{result & 0xFFFFFFFF:08x}")
