"""From a connected IMAP line to a signed-in one: STARTTLS or nothing, then XOAUTH2."""

from __future__ import annotations

import base64
import binascii
import json
import ssl

from mssclient.domain.errors import Distrust, Offline, Refused, Untrusted
from mssclient.remote.applicative import Plain, plain
from mssclient.remote.imap_stream import malformed
from mssclient.remote.imap_wire import TROUBLE, Status, Wire, accepted

_UNLETIN = frozenset({"AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED", "CONTACTADMIN"})


def xoauth2(login: str, token: str) -> bytes:
    """The response of XOAUTH2 in base64 (ECO.1.2.1); the same on IMAP and SMTP."""
    return base64.b64encode(f"user={login}\x01auth=Bearer {token}\x01\x01".encode())


def sasl_status(challenge: bytes) -> str:
    """The `status` of XOAUTH2's JSON refusal; empty when the challenge is none."""
    try:
        told = json.loads(base64.b64decode(challenge[:4096], validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return ""
    status = told.get("status", "") if isinstance(told, dict) else ""
    return str(status)[:20]


def secure(wire: Wire, context: ssl.SSLContext, host: str) -> None:
    """Puts TLS on the line, before which nothing but STARTTLS is said and nothing that was heard is kept.

    Raises Untrusted(PROTOCOL) when the server skips authentication (PREAUTH), which forbids STARTTLS, or refuses it.
    """
    match wire.greeting():
        case Status(kind="OK"):
            pass
        case Status(kind="BYE"):
            raise Offline("bye", busy=True)
        case Status(kind="PREAUTH"):
            raise Untrusted(Distrust.PROTOCOL, host)
        case _:
            raise malformed()
    try:
        wire.command(b"STARTTLS")
    except Refused as error:
        raise Untrusted(Distrust.PROTOCOL, host) from error
    wire.upgrade(context, host)


def sign_in(wire: Wire, login: str, token: str | Plain) -> frozenset[str]:
    """AUTHENTICATE XOAUTH2, or PLAIN for an applicative BAL, in one round trip where SASL-IR allows (RFC 4959); the
    capabilities afterwards."""
    capabilities = _asked(wire)
    mechanism = "PLAIN" if isinstance(token, Plain) else "XOAUTH2"
    if f"AUTH={mechanism}" not in capabilities:
        raise Refused(mechanism)
    at_once = "SASL-IR" in capabilities
    response = plain(login, token.password) if isinstance(token, Plain) else xoauth2(login, token)
    status = ""
    asked = 0

    def answer(challenge: bytes) -> bytes:
        nonlocal asked, status
        asked += 1
        if asked == 1 and not at_once:
            return response
        status = sasl_status(challenge) or status
        return b""

    command = b"AUTHENTICATE " + mechanism.encode()
    end, lines = wire.dialogue(command + b" " + response if at_once else command, answer)
    _check(end, status)
    if end.code == "CAPABILITY":
        return _words(end.argument)
    announced = [line for line in lines if line[:11].upper() == b"CAPABILITY "]
    return _words(announced[-1][11:]) if announced else _asked(wire)


def _check(end: Status, status: str) -> None:
    if end.kind == "NO" and end.code not in _UNLETIN:
        if end.code in TROUBLE:
            raise Offline(end.code.lower(), busy=True)
        words = f"{end.text} ({status})" if status else end.text
        raise Refused("AUTHENTICATIONFAILED", words)
    accepted(end)


def _asked(wire: Wire) -> frozenset[str]:
    lines = wire.command(b"CAPABILITY").lines
    announced = [line[11:] for line in lines if line[:11].upper() == b"CAPABILITY "]
    if not announced:
        raise malformed()
    return _words(announced[-1])


def _words(line: bytes) -> frozenset[str]:
    return frozenset(line.decode("ascii", "replace").upper().split())
