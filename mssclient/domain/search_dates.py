"""Days as one types them in French: 12/03/2026, mars, mars 2026, 2026, hier, lundi, semaine dernière."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from mssclient.domain.address import fold

Period = tuple[date, date]
"""The first day, and the day after the last."""

PERIODS = ("aujourd’hui", "hier", "cette semaine", "semaine dernière", "ce mois", "mois dernier", "cette année")
"""What is offered while one types."""
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})|(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_MONTH = re.compile(r"(\d{1,2})[/.](\d{1,2})")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})")
_SPOKEN = re.compile(r"(?:(\d{1,2})(?:er)? )?([a-z]{3,9})(?: (\d{4}))?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan", "fevrier fevr fev", "mars", "avril avr", "mai", "juin", "juillet juil", "aout",
            "septembre sept", "octobre oct", "novembre nov", "decembre dec",
        ), 1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def period(text: str, today: date | None = None) -> Period | None:
    """The days that a text names; None when it names none. Without `today`, only those that need none."""
    bare = text.strip()
    try:
        return _written(bare, today) or _spoken(fold(bare), today)
    except (ValueError, OverflowError):
        return None


def _written(text: str, today: date | None) -> Period | None:
    if found := _DAY.fullmatch(text):
        day, month, year, iso_year, iso_month, iso_day = (int(each) if each else 0 for each in found.groups())
        if iso_year:
            return _days(date(iso_year, iso_month, iso_day))
        # Two digits are a year of this century.
        return _days(date(year + 2000 if year < 100 else year, month, day))
    if found := _MONTH.fullmatch(text):
        month, year, iso_year, iso_month = (int(each) if each else 0 for each in found.groups())
        return _month(year or iso_year, month or iso_month)
    if len(text) == 4 and text.isascii() and text.isdigit():
        return _year(int(text))
    if today is not None and (found := _DAY_MONTH.fullmatch(text)):
        return _past(int(found[1]), int(found[2]), today)
    return None


def _spoken(words: str, today: date | None) -> Period | None:
    found = _SPOKEN.fullmatch(words)
    if found and (month := _MONTHS.get(found[2])):
        if found[3]:
            return _days(date(int(found[3]), month, int(found[1]))) if found[1] else _month(int(found[3]), month)
        if today is None:
            return None
        if found[1]:
            return _past(int(found[1]), month, today)
        return _month(today.year - (month > today.month), month)
    return None if today is None else _about(words, today)


def _about(words: str, today: date) -> Period | None:
    """Days counted from today."""
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    last_month = first - timedelta(days=1)
    named: dict[str, Period] = {
        "aujourd hui": _days(today),
        "hier": _days(today - timedelta(days=1)),
        "avant hier": _days(today - timedelta(days=2)),
        "cette semaine": (monday, monday + timedelta(days=7)),
        "semaine derniere": (monday - timedelta(days=7), monday),
        "la semaine derniere": (monday - timedelta(days=7), monday),
        "ce mois": _month(today.year, today.month),
        "ce mois ci": _month(today.year, today.month),
        "mois dernier": _month(last_month.year, last_month.month),
        "le mois dernier": _month(last_month.year, last_month.month),
        "cette annee": _year(today.year),
        "annee derniere": _year(today.year - 1),
        "l annee derniere": _year(today.year - 1),
    }
    if words in _WEEKDAYS:
        back = (today.weekday() - _WEEKDAYS.index(words)) % 7 or 7
        return _days(today - timedelta(days=back))
    return named.get(words)


def _days(first: date, count: int = 1) -> Period:
    return first, first + timedelta(days=count)


def _month(year: int, month: int) -> Period:
    first = date(year, month, 1)
    return first, first + timedelta(days=monthrange(year, month)[1])


def _year(year: int) -> Period:
    return date(year, 1, 1), date(year + 1, 1, 1)


def _past(day: int, month: int, today: date) -> Period:
    """The last such day: nobody looks for mail of tomorrow."""
    here = date(today.year, month, day)
    return _days(here if here <= today else date(today.year - 1, month, day))
