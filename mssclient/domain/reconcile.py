"""Compares a correspondent of a record system with the Annuaire: same, new, changed, vanished, or a person decides.

Pure rules. The number (RPPS, ADELI) decides when the name agrees with it; without one, name and place are weighed, and
every point of the score is explained. Nothing is certain while two people fit about as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from mssclient.domain.correspondents import Correspondent
from mssclient.domain.directory_query import department_of, forms, mistakes
from mssclient.domain.directory_words import folded
from mssclient.domain.entry import DirectoryEntry

CERTAIN = 80
"""Points from which a match may be accepted without a look, out of 100."""
POSSIBLE = 45
MARGIN = 10
"""Points that the next person has to stay behind."""


class Outcome(Enum):
    """What became of a correspondent."""

    SAME = "same"  # the known address is right
    NEW = "new"  # none was known
    CHANGED = "changed"  # another address than the known one
    VANISHED = "vanished"  # the known address is not listed, and nobody fits
    AMBIGUOUS = "ambiguous"  # a person decides
    UNKNOWN = "unknown"  # nothing was known, and nobody fits


class Reason(Enum):
    """One part of the explanation."""

    NUMBER = "number"  # same RPPS or ADELI
    OTHER_NAME = "other name"  # but the number belongs to somebody of another name
    NUMBER_UNLISTED = "number unlisted"
    FAMILY = "family"
    FAMILY_NEAR = "family near"  # a letter or two differ
    GIVEN = "given"
    GIVEN_NEAR = "given near"  # initial, beginning, or a letter differs
    OTHER_GIVEN = "other given"
    POST_CODE = "post code"
    TOWN = "town"
    DEPARTMENT = "department"
    PROFESSION = "profession"
    STRUCTURE = "structure"
    ADDRESS = "address"  # the known address is this one's
    SEVERAL_PEOPLE = "several people"
    SEVERAL_BOXES = "several boxes"  # one person, several addresses that fit alike
    ADDRESS_OF_OTHER = "address of other"  # the known address is listed for somebody else


class Note(Enum):
    """What is wrong with the line of the base itself."""

    NO_NUMBER = "no number"
    RUINED_NUMBER = "ruined number"
    WRONG_NUMBER = "wrong number"  # its check digit does not fit
    TWICE_NUMBER = "twice number"
    TWICE_ADDRESS = "twice address"
    TWICE_NAME = "twice name"


@dataclass(frozen=True, slots=True)
class Match:
    """An entry, how well it fits (0 to 100) and why."""

    entry: DirectoryEntry
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with one correspondent."""

    correspondent: Correspondent
    outcome: Outcome
    best: Match | None = None
    others: tuple[Match, ...] = ()
    """Next best, for a person to choose from."""
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether it may be accepted together with all the others that are."""
        return self.outcome in {Outcome.SAME, Outcome.NEW, Outcome.CHANGED} and (
            self.best is not None and self.best.score >= CERTAIN
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What the Annuaire holds that may concern one correspondent."""

    by_number: Sequence[DirectoryEntry] = ()
    by_address: Sequence[DirectoryEntry] = ()
    by_name: Sequence[DirectoryEntry] = ()


def judge(one: Correspondent, found: Found, notes: tuple[Note, ...] = ()) -> Verdict:
    """The verdict on one correspondent."""
    matches = _matches(one, found)
    unlisted = (Reason.NUMBER_UNLISTED,) if one.number and not found.by_number else ()
    if not matches:
        outcome = Outcome.UNKNOWN
        if one.address:
            outcome = Outcome.AMBIGUOUS if found.by_address else Outcome.VANISHED
        other = (Reason.ADDRESS_OF_OTHER,) if found.by_address else ()
        return Verdict(one, outcome, None, (), (*unlisted, *other), notes)
    best, others = matches[0], tuple(matches[1:6])
    doubts = _doubts(one, matches)
    if found.by_address and not any(m.entry.address == one.address for m in matches):
        unlisted = (*unlisted, Reason.ADDRESS_OF_OTHER)
    if doubts or best.score < CERTAIN or Reason.OTHER_NAME in best.reasons:
        return Verdict(one, Outcome.AMBIGUOUS, best, others, (*doubts, *unlisted), notes)
    return Verdict(one, _settled(one, best), best, others, unlisted, notes)


def _settled(one: Correspondent, best: Match) -> Outcome:
    if not one.address:
        return Outcome.NEW
    return Outcome.SAME if best.entry.address == one.address else Outcome.CHANGED


def _doubts(one: Correspondent, matches: Sequence[Match]) -> tuple[Reason, ...]:
    best = matches[0]
    near = [match for match in matches[1:] if match.score > best.score - MARGIN]
    if any(not _same_person(best.entry, match.entry) for match in near):
        return (Reason.SEVERAL_PEOPLE,)
    level = [match for match in near if match.score == best.score and match.entry.address != best.entry.address]
    if level and best.entry.address != one.address:
        return (Reason.SEVERAL_BOXES,)
    return ()


def _same_person(one: DirectoryEntry, other: DirectoryEntry) -> bool:
    if one.address == other.address:
        return True
    if one.national_id and other.national_id:
        return one.national_id == other.national_id
    return not one.family and not other.family and bool(one.structure_id) and one.structure_id == other.structure_id


def _matches(one: Correspondent, found: Found) -> list[Match]:
    """Everything that fits at all, best first; one line an address."""
    best: dict[str, Match] = {}
    for entry in (*found.by_number, *found.by_address, *found.by_name):
        match = weigh(one, entry)
        if match.score >= POSSIBLE and match.score > getattr(best.get(entry.address), "score", 0):
            best[entry.address] = match
    return sorted(
        best.values(), key=lambda match: (-match.score, match.entry.address != one.address, match.entry.address)
    )


def weigh(one: Correspondent, entry: DirectoryEntry) -> Match:
    """How well an entry fits, every point with its reason."""
    points = [*_place(one, entry), *_work(one, entry)]
    if one.address and entry.address == one.address:
        points.append((10, Reason.ADDRESS))
    if one.number and _is_number(one.number, entry.national_id):
        named = _name(one, entry) if one.family else [(0, Reason.FAMILY)]
        if any(reason in {Reason.FAMILY, Reason.FAMILY_NEAR} for _, reason in named):
            # which of the person's boxes is a matter of place: the number settles the person, up to 80
            points = [(80, Reason.NUMBER), *((score // 3, reason) for score, reason in points)]
        else:
            points = [(60, Reason.NUMBER), (0, Reason.OTHER_NAME)]
    else:
        named = _name(one, entry)
        points = [*named, *points] if named else []
        if one.number and entry.national_id and len(one.number) == len(entry.national_id) - 1:
            points.append((-25, Reason.NUMBER_UNLISTED))
    told = tuple(reason for score, reason in points if score or reason is Reason.OTHER_NAME)
    return Match(entry, max(0, min(100, sum(score for score, _ in points))), told)


def _is_number(number: str, national_id: str) -> bool:
    return bool(national_id) and number in {national_id, national_id[1:]}


def _name(one: Correspondent, entry: DirectoryEntry) -> list[tuple[int, Reason]]:
    """Points for the name; nothing when the family name is another one."""
    if not entry.family:
        return _structure_name(one, entry)
    family = _family(folded(one.family), folded(entry.family))
    return [family, *_given(folded(one.given), folded(entry.given))] if family else []


def _family(ours: str, theirs: str) -> tuple[int, Reason] | None:
    if not ours:
        return None
    together = ours.replace(" ", ""), theirs.replace(" ", "")
    if together[0] == together[1]:
        return 45, Reason.FAMILY
    if set(ours.split()) < set(theirs.split()) or set(theirs.split()) < set(ours.split()):
        return 36, Reason.FAMILY_NEAR  # one half of a compound name
    wrong = mistakes(*together)
    if wrong <= (1 if len(together[0]) < 8 else 2) and len(together[0]) >= 4:
        return 38 - 6 * wrong, Reason.FAMILY_NEAR
    return None


def _given(ours: str, theirs: str) -> list[tuple[int, Reason]]:
    if not ours or not theirs:
        return []
    if ours.replace(" ", "") == theirs.replace(" ", ""):
        return [(25, Reason.GIVEN)]
    if (
        theirs.startswith(ours)
        or ours.startswith(theirs)
        or (_initials(ours) == _initials(theirs) != "" and len(ours) < 5)
    ):
        return [(15, Reason.GIVEN_NEAR)]
    return [(15, Reason.GIVEN_NEAR)] if len(ours) > 3 and mistakes(ours, theirs) == 1 else [(-30, Reason.OTHER_GIVEN)]


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split())


def _structure_name(one: Correspondent, entry: DirectoryEntry) -> list[tuple[int, Reason]]:
    ours = set(folded(f"{one.structure} {'' if one.given else one.family}").split())
    theirs = set(folded(f"{entry.structure} {entry.service}").split())
    if not ours or one.given:
        return []
    share = len(ours & theirs) / len(ours | theirs)
    return [(round(70 * share), Reason.STRUCTURE)] if share >= 0.5 else []


def _place(one: Correspondent, entry: DirectoryEntry) -> list[tuple[int, Reason]]:
    if one.post_code and one.post_code == entry.post_code:
        return [(20, Reason.POST_CODE)]
    town, theirs = _town(one.town), _town(entry.town)
    if town and town == theirs:
        return [(18, Reason.TOWN)]
    department = department_of(one.post_code)
    return [(8, Reason.DEPARTMENT)] if department and department == department_of(entry.post_code) else []


def _town(text: str) -> str:
    words = ["saint" if word == "st" else "sainte" if word == "ste" else word for word in folded(text).split()]
    if "cedex" in words:
        words = words[: words.index("cedex")]
    return " ".join(word for word in words if not word.isdigit())


def _work(one: Correspondent, entry: DirectoryEntry) -> list[tuple[int, Reason]]:
    points: list[tuple[int, Reason]] = []
    ours = folded(f"{one.profession} {one.speciality}").split()
    theirs = f" {folded(f'{entry.profession} {entry.speciality}')}"
    if any(
        f" {start}" in theirs for word in ours if len(word) > 3 for start in (word, *(form for form, _ in forms(word)))
    ):
        points.append((10, Reason.PROFESSION))
    own = set(folded(one.structure).split())
    if own and entry.family and len(own & set(folded(entry.structure).split())) >= max(1, len(own) // 2):
        points.append((6, Reason.STRUCTURE))
    return points


def notes_of(all_of_them: Sequence[Correspondent]) -> list[tuple[Note, ...]]:
    """What is wrong with each line of the base: duplicates, missing, ruined and wrong numbers."""
    numbers = Counter(one.number for one in all_of_them if one.number)
    addresses = Counter(one.address for one in all_of_them if one.address)
    names = Counter(_identity(one) for one in all_of_them)
    return [
        tuple(
            note
            for note, holds in (
                (Note.RUINED_NUMBER, one.is_ruined),
                (Note.NO_NUMBER, one.is_person and not one.number and not one.is_ruined),
                (Note.WRONG_NUMBER, len(one.number) == 11 and not _checks(one.number)),
                (Note.TWICE_NUMBER, numbers[one.number] > 1),
                (Note.TWICE_ADDRESS, addresses[one.address] > 1),
                (Note.TWICE_NAME, bool(one.family) and numbers[one.number] < 2 and names[_identity(one)] > 1),
            )
            if holds
        )
        for one in all_of_them
    ]


def _identity(one: Correspondent) -> tuple[str, str, str]:
    return folded(one.family), folded(one.given), one.post_code or _town(one.town)


def _checks(number: str) -> bool:
    """Luhn's check, which RPPS numbers obey."""
    if not number.isdigit():
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def totals(verdicts: Iterable[Verdict]) -> Counter[str]:
    """How many of each outcome, of certain ones and of each note."""
    count: Counter[str] = Counter()
    for verdict in verdicts:
        count[verdict.outcome.value] += 1
        count["certain"] += verdict.certain
        count.update(note.value for note in verdict.notes)
    return count
