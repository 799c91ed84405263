"""The nine criteria of a search in the Annuaire (mssante.md §7): one free line, and a line a criterion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from mssclient.domain.address import fold
from mssclient.domain.entry import DirectoryEntry


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is wanted of an entry; empty pieces do not count. Every word must begin a word of its field."""

    rpps: str = ""
    family: str = ""
    given: str = ""
    profession: str = ""
    speciality: str = ""
    structure: str = ""
    post_code: str = ""
    town: str = ""
    address: str = ""

    def words(self) -> str:
        """All of it as one free question, for the index."""
        return " ".join(text for text in self._said().values() if text)

    def _said(self) -> dict[str, str]:
        return {f.name: getattr(self, f.name).strip() for f in fields(self)}

    def accepts(self, entry: DirectoryEntry) -> bool:
        """Whether an entry has every criterion in its own field."""
        return all(_begins(_FIELD[name](entry), text) for name, text in self._said().items() if text)


_FIELD: dict[str, Callable[[DirectoryEntry], str]] = {
    "rpps": lambda e: f"{e.national_id} {e.national_id[1:]}",
    "family": lambda e: e.family,
    "given": lambda e: e.given,
    "profession": lambda e: e.profession,
    "speciality": lambda e: e.speciality,
    "structure": lambda e: f"{e.structure} {e.service}",
    "post_code": lambda e: e.post_code,
    "town": lambda e: e.town,
    "address": lambda e: e.address,
}


def _begins(held: str, wanted: str) -> bool:
    have = fold(held).split()
    return all(any(word.startswith(piece) for word in have) for piece in fold(wanted).split())
