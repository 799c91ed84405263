"""Logout tokens that PSC sends by itself when a person signed out elsewhere (OpenID Back-Channel Logout 1.0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mssclient.domain.errors import Refused
from mssclient.relay.config import RelayConfig

EVENT = "http://schemas.openid.net/event/backchannel-logout"
YOUNG_S = 300
"""How old a logout token may be, and so how long its `jti` is remembered."""
LEEWAY_S = 60
_LONGEST = 512


@dataclass(frozen=True, slots=True)
class Logout:
    """Whom a sound logout token is about: one session of PSC, or all of a person's."""

    subject: str
    sid: str
    jti: str


def judged(claims: Mapping[str, Any], config: RelayConfig, now: float) -> Logout:
    """The checks of §2.6 on claims whose signature was verified; `jti` is not yet compared with earlier ones.

    Raises Refused("logout_token").
    """
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    events = claims.get("events")
    issued, ends = claims.get("iat"), claims.get("exp", now)
    sound = (
        claims.get("iss") == config.issuer
        and config.client_id in audiences
        and isinstance(events, dict)
        and isinstance(events.get(EVENT), dict)
        and "nonce" not in claims
        and now - YOUNG_S <= _time(issued) <= now + LEEWAY_S
        and _time(ends) > now - LEEWAY_S
    )
    subject, sid, jti = (_word(claims, name) for name in ("sub", "sid", "jti"))
    if not sound or not jti or not (subject or sid):
        raise Refused("logout_token", "claims")
    return Logout(subject, sid, jti)


def _time(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else float("-inf")


def _word(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise Refused("logout_token", name)
    return value
