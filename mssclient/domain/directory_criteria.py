"""The nine criteria of the référentiel, asked separately: what an entry has to be, beside what was typed in one field."""

from __future__ import annotations

from dataclasses import dataclass, fields

from mssclient.domain.directory_query import WORD_LIMIT, forms
from mssclient.domain.directory_words import Folded, address_words, folded
from mssclient.domain.entry import DirectoryEntry


@dataclass(frozen=True, slots=True)
class Criteria:
    """Each is what a person typed, empty when they did not; words count from their beginning, accents and case never."""

    rpps: str = ""
    """RPPS or ADELI, or how it begins; blanks and the type digit in front are accepted."""
    family: str = ""
    given: str = ""
    profession: str = ""
    speciality: str = ""
    structure: str = ""
    """Legal name, sign or service."""
    post_code: str = ""
    town: str = ""
    address: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, field.name).strip() for field in fields(self))

    @property
    def spoken(self) -> str:
        """All that is words, as if it had been typed in one field: it ranks the answers when nothing was."""
        said = (self.family, self.given, self.profession, self.speciality, self.structure, self.town, self.post_code)
        return " ".join(" ".join(said).split())

    @property
    def digits(self) -> str:
        """The number, without what people put between its digits."""
        return "".join(c for c in self.rpps if c.isascii() and c.isalnum())

    def constraints(self) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
        """For the index: (its column, for each word the beginnings of which one has to be there)."""
        asked = (("family", self.family), ("given", self.given), ("work", self.profession), ("work", self.speciality),
                 ("own", self.structure), ("place", self.post_code), ("place", self.town))  # fmt: skip
        told = [(column, _spellings(text)) for column, text in asked if text.strip()]
        told.append(("mail", tuple((word,) for word in address_words(self.address).split())))
        return tuple((column, words) for column, words in told if words)

    def admits(self, entry: DirectoryEntry, words: Folded) -> bool:
        """Whether an entry fits every criterion."""
        texts = (
            (self.family, words.family), (self.given, words.given), (self.structure, words.own),
            (self.profession, f" {folded(entry.profession)} "), (self.speciality, f" {folded(entry.speciality)} "),
            (self.town, f" {folded(entry.town)} "),
        )  # fmt: skip
        return (
            all(_begin(_spellings(asked), found) for asked, found in texts if asked.strip())
            and entry.post_code.startswith(self.post_code.replace(" ", "")[:5])
            and self._is_number_of(entry)
            and self.address.strip().lower() in entry.address
        )

    def _is_number_of(self, entry: DirectoryEntry) -> bool:
        digits = self.digits
        return not digits or entry.national_id.startswith(digits) or entry.national_id[1:].startswith(digits)


def _spellings(text: str) -> tuple[tuple[str, ...], ...]:
    """For each word, itself and what says the same."""
    return tuple((word, *(other for other, _ in forms(word))) for word in folded(text).split()[:WORD_LIMIT])


def _begin(words: tuple[tuple[str, ...], ...], found: str) -> bool:
    return all(any(f" {text}" in found for text in spellings) for spellings in words)
