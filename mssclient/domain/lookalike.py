"""Domains that look like others: a letter too many, too few, swapped or changed, letters drawn alike, punycode.

Pure rules over the white list and the domains a person writes to. What they find is pointed out, never decided.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-."
_LENGTH_LIMIT = 253
_DRAWN_ALIKE = (("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("rn", "m"), ("vv", "w"), ("cl", "d"))
"""Replaced one after the other, on both sides of a comparison: what becomes the same is drawn alike."""
_FOREIGN = str.maketrans("авекмнорстухіѕјԁӏԛԝһαεικνορτυχωıɡⅼ", "abekmhopctyxisjdlqwhaeikvoptuxwigl")
"""Cyrillic, Greek and other letters beside the Latin ones they are taken for."""


def meant(domain: str, trusted: frozenset[str], used: frozenset[str]) -> str:
    """The domain that somebody who typed `domain` probably meant; empty when nothing speaks for another one.

    Outside the white list, the trusted domain it resembles, one that is written to before others. Inside it, only one
    that is written to, when the typed one never was: neighbours among trusted domains are frequent and honest.
    """
    typed = domain.strip().lower()
    if not typed or len(typed) > _LENGTH_LIMIT or typed in used:
        return ""
    plain = shown(typed)
    near = _resembling(plain, used) or ("" if typed in trusted else _resembling(plain, trusted))
    return near if near != typed else ""


def is_disguised(domain: str) -> bool:
    """Whether a domain is written with other letters than those of a plain one, openly or in punycode."""
    lowered = domain.lower()
    return not lowered.isascii() or any(label.startswith("xn--") for label in lowered.split("."))


def shown(domain: str) -> str:
    """A domain with its punycode labels as they would be shown; what cannot be decoded stays."""
    return ".".join(_label(label) for label in domain.split("."))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def _resembling(typed: str, known: frozenset[str]) -> str:
    if typed.isascii() and (one_letter_off := _neighbours(typed) & known):
        return min(one_letter_off)
    return _skeletons(known).get(_skeleton(typed), "")


@lru_cache(maxsize=64)
def _neighbours(domain: str) -> frozenset[str]:
    """Everything one letter away: added, lost, changed, or swapped with the next."""
    return frozenset(_edits(domain)) - {domain}


def _edits(domain: str) -> Iterator[str]:
    for place in range(len(domain) + 1):
        before, after = domain[:place], domain[place:]
        yield from (f"{before}{letter}{after}" for letter in _LETTERS)
        if after:
            yield before + after[1:]
            yield from (f"{before}{letter}{after[1:]}" for letter in _LETTERS)
        if len(after) > 1:
            yield f"{before}{after[1]}{after[0]}{after[2:]}"


@lru_cache(maxsize=4)
def _skeletons(known: frozenset[str]) -> dict[str, str]:
    return {_skeleton(domain): domain for domain in sorted(known, reverse=True)}


def _skeleton(domain: str) -> str:
    """The same for all domains that are drawn alike."""
    plain = unicodedata.normalize("NFKD", domain.casefold().translate(_FOREIGN))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    for drawn, like in _DRAWN_ALIKE:
        bare = bare.replace(drawn, like)
    return bare.replace("-", "")
