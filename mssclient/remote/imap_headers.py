"""The fields of a header block and the two dates of a message, cut out fast; `domain.headers` reads what they say."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from mssclient.domain import headers

BLOCK_CAP = 256 * 1024
"""Bytes of a header that are looked at."""

_FIELD = re.compile(rb"^([!-9;-~]{1,80})[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.MULTILINE)
_FOLD = re.compile(rb"\r?\n")
_DATE = re.compile(rb"(?:[A-Za-z]{3}, )?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4})")
_INTERNAL_DATE = re.compile(rb" ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4})")
_MONTHS = {
    b"jan": 1, b"feb": 2, b"mar": 3, b"apr": 4, b"may": 5, b"jun": 6,
    b"jul": 7, b"aug": 8, b"sep": 9, b"oct": 10, b"nov": 11, b"dec": 12,
}  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def fields(block: bytes) -> dict[bytes, bytes]:
    """Field name in lower case → raw unfolded value; of a repeated field, the first."""
    found: dict[bytes, bytes] = {}
    for name, value in _FIELD.findall(block[:BLOCK_CAP]):
        found.setdefault(name.lower(), value if b"\n" not in value else _FOLD.sub(b"", value))
    return found


@lru_cache(maxsize=64)
def _zone(offset: bytes) -> timezone:
    minutes = int(offset[1:3]) * 60 + int(offset[3:5])
    return timezone(timedelta(minutes=min(minutes, 1439) * (-1 if offset[:1] == b"-" else 1)))


def _moment(match: re.Match[bytes]) -> datetime:
    """ValueError or KeyError for what the calendar does not know."""
    day, month, year, hour, minute, second, zone = match.groups()
    return datetime(
        int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), min(int(second), 59), 0, _zone(zone)
    )


def date(value: bytes) -> datetime | None:
    """A Date field, aware; None when it is missing or senseless."""
    if match := _DATE.fullmatch(value.rstrip()):
        try:
            when = _moment(match)
        except (ValueError, KeyError):
            return None
        return when if 1990 <= when.year <= 2099 else None
    return headers.sent_date(value) if value else None


def internal_date(value: bytes) -> datetime:
    """INTERNALDATE, aware; the epoch when the server's is senseless."""
    try:
        return _moment(match) if (match := _INTERNAL_DATE.fullmatch(value)) else _EPOCH
    except (ValueError, KeyError):
        return _EPOCH
