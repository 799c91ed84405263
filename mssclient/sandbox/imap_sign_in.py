"""How a client of the sandbox's IMAP server signs in: bearer tokens, or passwords where a test allows them."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re

from mssclient.domain.address import normal
from mssclient.sandbox.imap_session import Session
from mssclient.sandbox.imap_syntax import Bad, No, Token, string, word
from mssclient.sandbox.mailstore import Account

REFUSAL = {"status": "401", "schemes": "bearer", "scope": "mail"}
"""What a refused bearer token is answered before the NO (ECO.1.2.1)."""

_REFUSED = "[AUTHENTICATIONFAILED] the token is refused"
_BEFORE_TLS = "IMAP4rev1 STARTTLS LOGINDISABLED LITERAL+ ID"
_BEFORE_LOGIN = "IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE AUTH=XOAUTH2 AUTH=OAUTHBEARER"
_AFTER_LOGIN = (
    "IMAP4rev1 LITERAL+ ID ENABLE IDLE NAMESPACE UNSELECT UIDPLUS MOVE SPECIAL-USE CREATE-SPECIAL-USE CHILDREN "
    "LIST-EXTENDED LIST-STATUS ESEARCH CONDSTORE QRESYNC QUOTA QUOTA=RES-STORAGE STATUS=SIZE APPENDLIMIT={limit}"
)


class Parting(Exception):
    """The answer is queued; hang up once it is sent."""


def capability(session: Session) -> str:
    """What is announced at this point of the session."""
    if session.account is not None:
        return _AFTER_LOGIN.format(limit=session.rules.append_limit)
    if not session.line.secure:
        return _BEFORE_TLS
    return _BEFORE_LOGIN + (" AUTH=PLAIN" if session.rules.passwords else " LOGINDISABLED")


async def login(session: Session, args: list[Token], uid: bool) -> str:
    """LOGIN: refused unless a test gave passwords."""
    if not session.line.secure or not session.rules.passwords:
        raise No("[PRIVACYREQUIRED] not with a password")
    if len(args) != 2:
        raise Bad("LOGIN user password")
    address = string(args[0]).decode("utf-8", "replace")
    return _password(session, address, string(args[1]).decode("utf-8", "replace"))


def _password(session: Session, address: str, password: str) -> str:
    known = session.rules.passwords.get(normal(address))
    account = session.rules.store.account(address)
    if known is None or account is None or not hmac.compare_digest(known.encode(), password.encode()):
        raise No("[AUTHENTICATIONFAILED] no")
    return _let_in(session, account, "password")


async def authenticate(session: Session, args: list[Token], uid: bool) -> str:
    """AUTHENTICATE, with or without initial response (ECO.1.2.1, RFC 7628)."""
    if not session.line.secure:
        raise No("[PRIVACYREQUIRED] TLS first")
    if not args:
        raise Bad("mechanism expected")
    mechanism = word(args[0])
    if mechanism not in {"XOAUTH2", "OAUTHBEARER"} and not (mechanism == "PLAIN" and session.rules.passwords):
        raise No("[CANNOT] unknown mechanism")
    initial = string(args[1]) if len(args) > 1 else None
    if initial is None:
        initial = await _challenged(session, b"")
    try:
        response = "" if initial == b"=" else base64.b64decode(initial, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise Bad("not base64") from None
    if mechanism == "PLAIN":
        pieces = response.split("\x00")
        return _password(session, pieces[1], pieces[2]) if len(pieces) == 3 else await _refuse(session)
    address, token = bearer(response)
    person = None if session.rules.orders.taken_refusal() else session.rules.check(token)
    account = session.rules.store.lets_in(address, person)
    if account is None or person is None:
        known = person is not None and session.rules.tells_unauthorised
        return await _refuse(session, "[AUTHORIZATIONFAILED] not let in" if known else _REFUSED)
    return _let_in(session, account, person)


def bearer(response: str) -> tuple[str, str]:
    """Address and token of an XOAUTH2 or OAUTHBEARER (RFC 7628) response; empty where they are missing."""
    pieces = response.split("\x01")
    head = re.match(r"n,a=([^,]*),", pieces[0])
    found = dict(piece.partition("=")[::2] for piece in pieces if "=" in piece)
    address = head[1].replace("=2C", ",").replace("=3D", "=") if head else found.get("user", "")
    scheme, _, token = found.get("auth", "").partition(" ")
    return address, token.strip() if scheme.lower() == "bearer" else ""


async def _challenged(session: Session, challenge: bytes) -> bytes:
    session.raw(b"+ " + challenge)
    session.flush()
    answer = await session.line.read_line()
    if answer == b"*":
        raise Bad("cancelled")
    return answer


async def _refuse(session: Session, words: str = _REFUSED) -> str:
    """The JSON challenge, the client's empty answer, NO, and the line is cut (ECO.1.2.1)."""
    session.raw(b"+ " + base64.b64encode(json.dumps(REFUSAL).encode("ascii")))
    session.flush()
    await session.line.read_line()
    session.tagged("NO", words)
    raise Parting


def _let_in(session: Session, account: Account, person: str) -> str:
    session.person, session.account = person, account
    return f"[CAPABILITY {capability(session)}] opened"
