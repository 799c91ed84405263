"""An operator's mailbox over IMAP: one session, domain values in and out.

A session belongs to the thread that opened it, `cut` excepted. Any method raises Offline when the line is cut, slow or
senseless (open another session), and Refused with the response code when the operator says no (RFC 5530).
"""

from __future__ import annotations

import base64
import json
import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from imapclient import imap_utf7

from mssclient.domain.environment import Environment, OperatorProfile
from mssclient.domain.errors import Cancelled, Distrust, Offline, Refused, Untrusted
from mssclient.domain.message import Envelope, PartSpec
from mssclient.remote import imap_lean, tls
from mssclient.remote.imap_content import transfer_decoded
from mssclient.remote.imap_wire import Ahead, Literal, Reply, Status, Wire, accepted, malformed, status_of

log = logging.getLogger(__name__)

BATCH = 200
"""Messages of one FETCH of envelopes."""
CHUNK = 256 * 1024
"""Bytes of one piece of a body: what a cancel or a progress bar waits for."""
_SET_CAP = 7_000
"""Bytes of a list of uids in one command; servers cut lines at 8 kB and more (RFC 7162 §4)."""
_UID_CAP = 5_000_000
_POLL_S = 60.0
_GOODBYE_S = 2.0

Progress = Callable[[int, int], None]
"""Bytes so far, bytes in all (0 when unknown)."""


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """One mailbox of a LIST. `mailbox` names it in every call here; `path` is what a person reads."""

    mailbox: str
    path: tuple[str, ...]
    uses: tuple[str, ...]
    """SPECIAL-USE attributes (RFC 6154), as \\Sent."""
    selectable: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """A mailbox as STATUS tells it; `highest_modseq` 0 without CONDSTORE."""

    messages: int
    unseen: int
    uidnext: int
    uidvalidity: int
    highest_modseq: int


@dataclass(frozen=True, slots=True)
class Selected:
    """A mailbox as SELECT tells it; `highest_modseq` 0 without CONDSTORE, `uidnext` 0 when the server keeps it."""

    uidvalidity: int
    uidnext: int
    exists: int
    highest_modseq: int


class Idle(Enum):
    """Why IDLE ended."""

    PUSHED = "pushed"  # something changed in the mailbox
    WOKEN = "woken"  # the wake socket is readable
    TIMEOUT = "timeout"


class ImapSession:
    """A signed-in connection to one BAL. After Offline it is of no more use; `close` or `cut` it in any case."""

    def __init__(self, wire: Wire, capabilities: frozenset[str]) -> None:
        self._wire = wire
        self.capabilities = capabilities
        self._personal: tuple[str, str] | None = None

    @classmethod
    def open(
        cls, environment: Environment, profile: OperatorProfile, bal_address: str, token: str, *, timeout_s: float = 30.0
    ) -> ImapSession:
        """Connects, puts TLS on, signs in with XOAUTH2 (ECO.1.0.1, 1.2.1); `timeout_s` also bounds each later wait.

        Raises Untrusted before the token leaves when the server is not to be trusted or does no STARTTLS,
        Refused("AUTHENTICATIONFAILED") for a token that is not taken, Refused with another code (such as
        AUTHORIZATIONFAILED) for a person who is not let in, Offline(busy) when the operator is in trouble.
        """
        host = profile.imap.host
        context = tls.mail_context(environment)
        wire = Wire.connect(host, tls.address(environment, host), profile.imap.port, timeout_s)
        try:
            _secure(wire, context_host=(context, host))
            login = bal_address.partition("@")[0] if profile.login == "local" else bal_address
            return cls(wire, _sign_in(wire, login, token))
        except BaseException:
            wire.cut()
            raise
