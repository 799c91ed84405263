"""How what somebody types about a correspondent is understood, and which entry of the Annuaire answers it best.

Pure rules, used at each keystroke: `question` reads the text, the store finds a few hundred candidates by its index,
and `Ranking` puts them in the order a person would: whole words before beginnings, favourites and recent correspondents
first, the same department before far away, people before structures when a first name is given, misspellings last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple
from zlib import crc32

from mssclient.domain.bal import BalKind
from mssclient.domain.directory_words import Folded, folded
from mssclient.domain.entry import DirectoryEntry

TEXT_LIMIT = 200
WORD_LIMIT = 12
PARTICLES = frozenset(("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "sur", "sous"))
_TITLES = frozenset(
    ("dr", "docteur", "docteure", "pr", "professeur", "professeure", "m", "mr", "mme", "mlle", "madame", "monsieur",
     "me", "maitre")
)  # fmt: skip
_NOISE = frozenset(
    ("cabinet", "cab", "secretariat", "service", "liberal", "liberale", "traitant", "famille", "specialiste", "chez",
     "medecin", "medecine", "hopital", "clinique", "centre", "structure", "adresse", "mail", "mss", "mssante", "mailiz")
)  # fmt: skip
"""Said beside a name, and often no word of its entry."""
_DISTRICTS = {"paris": ("750", 20), "lyon": ("690", 9), "marseille": ("130", 16)}
_ORDINAL = re.compile(r"0?(\d{1,2})(?:er?|re|i?eme)?")
_GLUED = re.compile(r"\b([^\W\d]{3,})(\d{1,5})\b|\b(\d{2}|\d{5})([^\W\d]{3,})\b")
_LOCAL_PART = re.compile(r"[a-z0-9]+[._-][a-z0-9._-]*")
_DOCTORS = re.compile(r"(?:dr|docteure?|pr|professeure?)\b.*", re.IGNORECASE | re.DOTALL)
_CALLED_DOCTOR = frozenset(("10", "21", "40"))
"""Codes of the professions one calls so: physicians, pharmacists, dentists."""
_ADDRESS = re.compile(r"[^\s<>\"',;:()]{1,64}@[^\s<>\"',;:()]*")
_DIGITS = re.compile(r"(?<!\d)\d(?:[ .\u00a0\u202f]?\d){5,19}(?!\d)")


class Ask(Enum):
    """What kind of question was typed."""

    NOTHING = "nothing"
    ADDRESS = "address"
    NUMBER = "number"  # RPPS, ADELI, or the beginning of one
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question. `other` are (spelling, is about the profession) pairs that stand for the same."""

    text: str
    whole: bool
    """Something follows it, so it is probably complete; the last word is still being typed."""
    other: tuple[tuple[str, bool], ...] = ()
    optional: bool = False
    """A particle: good when it is there, no obstacle when not."""
    mistaken: tuple[tuple[str, int], ...] = ()
    """Known words near this one, with how many mistakes away: filled in only when nothing else answers."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, understood."""

    ask: Ask
    text: str = ""
    """The address (lower case) or the digits, for these two."""
    words: tuple[Word, ...] = ()
    local: str = ""
    """What may be the beginning of an address, typed without its @."""
    doctor: bool = False
    """Somebody said "Dr": one who is called so comes before a namesake who is not."""

    @property
    def needed(self) -> tuple[Word, ...]:
        """The words an entry has to match."""
        return tuple(word for word in self.words if not word.optional)


def question(text: str) -> Question:
    """Understands what was typed; a pasted "Dr Martin <a@b.fr>" is its address, 6 digits and more are a number."""
    text = text[:TEXT_LIMIT].encode("utf-8", "ignore").decode().lstrip().removeprefix("mailto:")
    if found := _ADDRESS.search(text):
        return Question(Ask.ADDRESS, found[0].lower().rstrip("."), _words(text))
    if found := _DIGITS.search(text):
        return Question(Ask.NUMBER, "".join(c for c in found[0] if c.isdigit()), _words(text))
    words = _words(text)
    whole = text.strip().lower()
    local = whole if "." in whole and _LOCAL_PART.fullmatch(whole) else ""
    return Question(Ask.WORDS if words else Ask.NOTHING, "", words, local, _DOCTORS.fullmatch(text) is not None)


def _words(text: str) -> tuple[Word, ...]:
    plain = folded(text).split()[:WORD_LIMIT]
    still_typing = len(plain) - 1 if text[-1:].isalnum() else len(plain)
    named = [(place, word) for place, word in enumerate(plain) if word not in _TITLES or place >= still_typing]
    spoken = named or list(enumerate(plain))
    telling = any(len(word) >= 3 and word not in PARTICLES for _, word in spoken)
    return tuple(
        Word(
            word,
            place < still_typing,
            forms(word) + _district(plain[place - 1] if place else "", word),
            telling and place < still_typing and word in PARTICLES,
        )
        for place, word in spoken
    )


def _district(town: str, word: str) -> tuple[tuple[str, bool], ...]:
    """Post codes of an arrondissement: "lyon 3e" → 69003; "paris 1" is 75001, and 75010 to 75019 while it is typed."""
    begin, count = _DISTRICTS.get(town, ("", 0))
    found = _ORDINAL.fullmatch(word) if begin else None
    number = int(found[1]) if found else 0
    if not 0 < number <= count:
        return ()
    codes = [f"{begin}{number:02d}"]
    if word == str(number) and number * 10 <= count:
        codes.append(f"{begin}{number}")
    if codes[0] == "75016":
        codes.append("75116")
    return tuple((code, False) for code in codes)


def unglued(asked: Question) -> Question:
    """The same with figures apart from letters: "martin69" → "martin 69", "lyon3" → "lyon 3"."""
    said = " ".join(word.text for word in asked.words)
    apart = _GLUED.sub(lambda found: " ".join(piece for piece in found.groups() if piece), said)
    if apart == said:
        return asked
    return replace(asked, words=_words(apart if not asked.words[-1].whole else f"{apart} "))


def without_noise(asked: Question) -> Question:
    """The same with what is only said beside a name optional: "cabinet martin lyon", "médecin traitant"."""
    words = tuple(replace(word, optional=word.optional or word.text in _NOISE) for word in asked.words)
    return replace(asked, words=words) if any(not word.optional for word in words) else asked


def lacking_one(asked: Question) -> tuple[Question, ...]:
    """The same with one word optional, each in turn; nothing for two words, where the other would say too little."""
    if not 3 <= len(asked.needed) <= 6:
        return ()
    return tuple(
        replace(asked, words=tuple(replace(one, optional=one.optional or one is word) for one in asked.words))
        for word in asked.needed
    )


def without_particles(asked: Question) -> Question:
    """The same with the last particle optional too: "le goff de" while "de" may still become something."""
    words = tuple(replace(word, optional=word.optional or word.text in PARTICLES) for word in asked.words)
    return replace(asked, words=words) if any(not word.optional for word in words) else asked


def joined(asked: Question) -> Question:
    """The same with particles and the word behind them as one: "de la croix" → "delacroix", "le goff" → "legoff"."""
    words: list[Word] = []
    before = ""
    for word in asked.words:
        if word.text in PARTICLES or len(word.text) == 1:
            before += word.text
        else:
            words.append(replace(word, text=before + word.text, other=() if before else word.other))
            before = ""
    return replace(asked, words=tuple(words)) if words and not before else asked


_SAME = {
    "st": "saint", "ste": "sainte", "saint": "st", "sainte": "ste", "hopital": "hospitalier", "hosto": "hospitalier",
    "maternite": "obstetrique", "clinique": "polyclinique", "universitaire": "chu", "bvd": "boulevard",
}  # fmt: skip
_PROFESSIONS = {
    "ide": "infirmier", "idel": "infirmier", "infirmiere": "infirmier", "orl": "oto", "generaliste": "generale",
    "mg": "generale", "toubib": "medecin", "gynecologue": "gynecolog", "obstetricien": "obstetri",
    "dentaire": "dentiste",
    "urgentiste": "urgence", "interniste": "interne", "diabetologue": "endocrin", "diabeto": "endocrin",
    "cancerologue": "oncolog", "cancero": "oncolog", "radiologue": "radiodiagnostic", "radio": "radiodiagnostic",
    "rea": "reanimation", "reanimateur": "reanimation", "biologiste": "biologi", "accoucheur": "obstetri",
    "psychotherapeute": "psychotherap", "kine": "kinesitherapeute", "ophtalmo": "ophtalmolog",
    "oculiste": "ophtalmolog", "phlebologue": "vasculaire", "angiologue": "vasculaire", "masseuse": "masseur",
    "assistante": "assistant", "soignante": "soignant", "psychanalyste": "psych", "cardiaque": "cardiolog",
    "rein": "nephrolog", "peau": "dermatolog", "poumon": "pneumolog", "yeux": "ophtalmolog", "enfant": "pediatr",
    "as": "soignant", "mk": "masseur", "sf": "sage", "gp": "gastro", "chir": "chirurg", "rhumato": "rhumatolog",
}  # fmt: skip
_ENDINGS = (
    ("ologistes", "olog"), ("ologiste", "olog"), ("ologues", "olog"), ("ologue", "olog"), ("iatres", "iatr"),
    ("iatre", "iatr"), ("chirurgiens", "chirurg"), ("chirurgienne", "chirurg"), ("chirurgien", "chirurg"),
    ("esthesistes", "esthesi"), ("esthesiste", "esthesi"), ("peutes", "peute"), ("iennes", "ien"), ("ienne", "ien"),
    ("ieres", "ier"), ("iere", "ier"), ("trices", "teur"), ("trice", "teur"), ("iciens", "icien"), ("iers", "ier"),
    ("istes", "iste"), ("ecins", "ecin"), ("iales", "ial"), ("iale", "ial"),
)  # fmt: skip


def forms(word: str) -> tuple[tuple[str, bool], ...]:
    """Beginnings of other words that say the same: "cardiologue" → "cardiolog" (…ie), "infirmière" → "infirmier"."""
    found: list[tuple[str, bool]] = []
    if same := _SAME.get(word):
        found.append((same, False))
    if work := _PROFESSIONS.get(word):
        found.append((work, True))
    if len(word) >= 6:
        found += [(word[: -len(end)] + stem, True) for end, stem in _ENDINGS if word.endswith(end)][:1]
    return tuple(dict.fromkeys(found))


def department_of(post_code: str) -> str:
    """The department of a post code: "69003" → "69", "20200" → "2B", "97400" → "974"; empty for anything else."""
    if len(post_code) != 5 or not post_code.isdigit():
        return ""
    if post_code.startswith("20"):
        return "2A" if post_code < "20200" else "2B"
    return post_code[:3] if post_code.startswith(("97", "98")) else post_code[:2]


def post_prefix(department: str) -> str:
    """How the post codes of a department begin; empty when it is none."""
    found = {"2A": "20", "2B": "20"}.get(department.upper(), department)
    return found if found.isdigit() and len(found) in {2, 3} else ""


# (whole word, beginning of a word)
_FAMILY = (12.0, 8.0)
_GIVEN = (9.0, 6.0)
_OWN_NAME = (8.0, 6.5)  # of a structure
_WORK = (6.0, 5.0)
_PLACE = (6.0, 4.0)
_EMPLOYER = (4.0, 3.0)  # the structure of a person
_MAIL = (2.0, 1.0)
_FIRST_NAME, _COVERED, _NEAR, _BOOSTED, _MISTAKE = 4.0, 3.0, 2.0, 8.0, 40.0
_CALLED_SO = 1.0
_ONLY_GIVEN = 1.5  # "marie" is Marie before Anne-Marie


class _Hit(NamedTuple):
    points: float
    of_name: bool = False
    """A whole word of the family name, or of a structure's own."""
    first_name: bool = False


class Ranking:
    """The order of answers to one question. `near` is a department; `boosts` an address's weight, 1 to 100."""

    def __init__(self, asked: Question, near: str = "", boosts: Mapping[str, int] | None = None) -> None:
        self._words = asked.words
        self._local = asked.local
        self._doctor = asked.doctor
        self._near = near.upper()
        self._boosts = boosts or {}

    def score(self, entry: DirectoryEntry, words: Folded) -> float | None:
        """How well an entry answers, higher first; None when it is no answer at all."""
        structure = entry.kind is not BalKind.PER or not entry.family
        total, of_name, of_given = 0.0, 0, 0
        for word in self._words:
            hit = _hit(word, words, structure)
            if hit is not None:
                total += hit.points / 4 if word.optional else hit.points
                of_name += hit.of_name
                of_given += hit.first_name
            elif not word.optional:
                return None
        if of_given and not structure:
            total += _FIRST_NAME + _ONLY_GIVEN * min(1.0, of_given / max(1, words.given.count(" ") - 1))
        length = (words.own if structure else words.family).count(" ") - 1
        total += _COVERED * min(1.0, of_name / max(1, length))
        if self._local and entry.address.startswith(self._local):
            total += _BOOSTED
        if self._doctor and entry.profession_code in _CALLED_DOCTOR:
            total += _CALLED_SO
        return total + self._liking(entry)

    def _liking(self, entry: DirectoryEntry) -> float:
        near = _NEAR if self._near and department_of(entry.post_code) == self._near else 0.0
        boost = self._boosts.get(entry.address, 0)
        return near + (_BOOSTED + min(boost, 100) / 25 if boost > 0 else 0.0)


def _hit(word: Word, entry: Folded, structure: bool) -> _Hit | None:
    best = _points(word.text, entry, structure)
    for text, work_only in word.other:
        points = _other(text, entry, structure, work_only)
        if points and (best is None or points > best.points):
            best = _Hit(points)
    if best is not None:
        return best
    for text, wrong in word.mistaken:
        if found := _points(text, entry, structure):
            return found._replace(points=found.points - _MISTAKE * wrong)
    return None


def _points(text: str, entry: Folded, structure: bool) -> _Hit | None:
    start, whole = f" {text}", f" {text} "
    if start in entry.family:
        if whole in entry.family:
            return _Hit(_FAMILY[0], True, whole in entry.given)
        return _Hit(_GIVEN[0], False, True) if whole in entry.given else _Hit(_FAMILY[1])
    if start in entry.given:
        return _Hit(_GIVEN[0], False, True) if whole in entry.given else _Hit(_GIVEN[1])
    best, of_name = 0.0, False
    own = _OWN_NAME if structure else _EMPLOYER
    for field, points in ((entry.work, _WORK), (entry.place, _PLACE), (entry.own, own), (entry.mail, _MAIL)):
        if start in field:
            exact = whole in field
            of_name = of_name or (exact and structure and points is _OWN_NAME)
            best = max(best, points[0] if exact else points[1])
    return _Hit(best, of_name) if best else None


def _other(text: str, entry: Folded, structure: bool, work_only: bool) -> float:
    start = f" {text}"
    if start in entry.work:
        return _WORK[1]
    if structure and start in entry.own:
        return _OWN_NAME[1] - 0.5
    found = None if work_only else _points(text, entry, structure)
    return found.points if found else 0.0


NEAR_LENGTH = 7
"""Letters of a word that its spelling codes look at: what comes behind is compared in full."""


def is_forgivable(word: str) -> bool:
    """Whether mistakes in this word are forgiven: it is long enough and no number."""
    return len(word) >= 4 and word.isalpha()


def may_be_mistaken(typed: str) -> bool:
    """Whether a typed word may be such a word with a mistake in it, if only a letter that was lost."""
    return len(typed) >= 3 and typed.isalpha()


WORD_MASK = (1 << 24) - 1
"""Room for the number of a word behind a checksum."""


def spelling_codes(word: str) -> list[int]:
    """The word's beginning and what is left of it when one letter is missing, as numbers with room for a word's number
    behind: two words one mistake apart share at least one. Two beginnings may share one too, which comparing settles."""
    start = word[:NEAR_LENGTH].encode()
    return [crc32(start) << 24, *[crc32(start[:place] + start[place + 1 :]) << 24 for place in range(len(start))]]


def mistakes(typed: str, known: str, limit: int = 2) -> int:
    """Letters added, lost, changed or swapped with their neighbour between two words; `limit` + 1 for more."""
    if abs(len(typed) - len(known)) > limit or len(set(typed) ^ set(known)) > 2 * limit:
        return limit + 1
    same = 0
    for a, b in zip(typed, known, strict=False):
        if a != b:
            break
        same += 1
    typed, known = typed[same:], known[same:]
    while typed and known and typed[-1] == known[-1]:
        typed, known = typed[:-1], known[:-1]
    before: list[int] = []
    row = list(range(len(known) + 1))
    for i, a in enumerate(typed, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(known, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == known[j - 2] and typed[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
