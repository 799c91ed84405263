"""The words an entry of the Annuaire is found by: folded the same way for the index, for the ranking and for what is typed.

Pure rules. Half a million entries pass here at a load, and hundreds at a keystroke.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from unicodedata import combining, normalize

from mssclient.domain.entry import DirectoryEntry

KIND_MARK = "\ue000"
"""Begins the word that tells a kind of BAL in the index: a letter for its tokenizer, and nothing that folded text holds."""


class _Folding(dict[int, str]):
    """Code point → what it is searched as; filled as characters are met."""

    def __missing__(self, point: int) -> str:
        opened = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"}.get(chr(point), chr(point))
        plain = "".join(c for c in normalize("NFKD", opened) if not combining(c)).casefold()
        plain = "".join(c for c in normalize("NFKD", plain) if not combining(c))
        self[point] = found = "".join(c if c.isalnum() else " " for c in plain)
        return found


_FOLDING = _Folding()


@lru_cache(maxsize=8_000)
def folded(text: str) -> str:
    """As `address.fold`, quick enough for half a million lines: lower case, no accents, blanks for punctuation."""
    return " ".join(text.translate(_FOLDING).split())


class Folded(NamedTuple):
    """The words of an entry, each field between blanks so that a word or a beginning is found by plain search.

    A tuple, not a dataclass: hundreds are made at a keystroke.
    """

    family: str
    given: str
    own: str
    """Structure, sign and service."""
    place: str
    """Town and post code."""
    work: str
    mail: str
    """Words of the address but for `mssante` and `fr`, which they all share."""


def folded_entry(entry: DirectoryEntry) -> Folded:
    """What an entry is found by: the same words are indexed and ranked, so every index hit can be explained."""
    return Folded(
        _name(entry.family), _given(entry.given), _pair(entry.structure, entry.service),
        _pair(entry.town, entry.post_code), _pair(entry.profession, entry.speciality), f" {address_words(entry.address)} ",
    )  # fmt: skip


def indexed_columns(
    address: str,
    kind: str,
    given: str,
    family: str,
    work: tuple[str, str],
    own: tuple[str, str],
    place: tuple[str, str],
) -> tuple[str, str, str, str, str, str]:
    """The same words for an index whose tokenizer splits and lowers ASCII as folding does: only the rest is folded here.

    From an entry's columns: (profession, speciality), (structure, service), (town, post code). The kind of BAL is one
    more word, but for people, who are most entries: they are those without one.
    """
    local, _, domain = address.rpartition("@")
    mail = f"{_plain(local)} {_domain_words(domain)}"
    return (
        family if family.isascii() and family.isalnum() else _name(family),
        given if given.isascii() and given.isalnum() else _given(given),
        _plain(f"{own[0]} {own[1]}"), _plain(f"{place[0]} {place[1]}"), _pair(*work),
        mail if kind == "PER" else f"{mail} {kind_word(kind)}",
    )  # fmt: skip


def kind_word(kind: str) -> str:
    """The word that tells a kind of BAL in the index, among those of the address."""
    return f"{KIND_MARK}{kind[:1].lower()}"


def _plain(text: str) -> str:
    return text if text.isascii() else folded(text)


@lru_cache(maxsize=30_000)
def _pair(one: str, other: str) -> str:
    return f" {' '.join(f'{one} {other}'.translate(_FOLDING).split())} "


@lru_cache(maxsize=30_000)
def _name(name: str) -> str:
    """A compound name also in one piece."""
    plain = folded(name)
    return f" {plain} {plain.replace(' ', '')} " if " " in plain else f" {plain} "


@lru_cache(maxsize=10_000)
def _given(name: str) -> str:
    """A compound first name also in one piece and by its initials: "Jean-Pierre" is "jp" too."""
    pieces = folded(name).split()
    if len(pieces) < 2:
        return _name(name)
    return f"{_name(name)}{''.join(piece[0] for piece in pieces)} "


@lru_cache(maxsize=4_000)
def _domain_words(domain: str) -> str:
    return " ".join(word for word in folded(domain).split() if word not in {"mssante", "fr"})


def address_words(address: str) -> str:
    """Words of an address, without those that most addresses share."""
    local, _, domain = address.rpartition("@")
    return f"{' '.join(local.translate(_FOLDING).split())} {_domain_words(domain)}"
