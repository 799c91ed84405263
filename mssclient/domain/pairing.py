"""Loose PDFs of a mail: which show one of its documents (ECO.2.1.1: archive and PDF travel together), which are their own."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mssclient.domain.address import fold
from mssclient.domain.documents import Content, HealthDocument
from mssclient.domain.filing_rules import MAX_TYPE, plain
from mssclient.domain.message import PartId

MAX_TEXT = 400_000
_LEAST_NAME = 6
"""Letters and digits in a name that can tell anything."""
_LEAST_WORDS = 25
_MOSTLY, _EXACTLY, _HALF = 0.85, 0.95, 0.5
"""What of a document's words and of its numbers stands on a paper that shows it, and of the paper's in the document: headers
and footers of a printed page are the paper's own."""
_WORD = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF that came loose. `sha1` is empty while its bytes are not here."""

    part_id: PartId
    name: str
    sha1: str = ""
    words: frozenset[str] = frozenset()
    """`distinct` of its text; empty while unknown, and for a scan."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document of the same mail; `digests` are those of the PDFs that it embeds or is."""

    part_id: PartId
    content: str
    """The key of its first rendition."""
    document: HealthDocument
    digests: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


def pairs(papers: Sequence[Paper], candidates: Sequence[Candidate]) -> dict[PartId, Candidate]:
    """The document that each loose PDF shows, where that is plain: the same bytes, else a name (that of ECO.2.1.6 with the
    act's date, the usager and the type, or the document's own), else the same words. Two papers never claim one document
    but by the same bytes."""
    found: dict[PartId, Candidate] = {}
    for paper in papers:
        same = [c for c in candidates if paper.sha1 and paper.sha1 in c.digests]
        if same:
            found[paper.part_id] = same[0]
    claimed = {(c.part_id, c.content) for c in found.values()}
    for paper in papers:
        free = [c for c in candidates if (c.part_id, c.content) not in claimed]
        if paper.part_id not in found and (chosen := _by_name(paper, free)) is not None:
            found[paper.part_id] = chosen
            claimed.add((chosen.part_id, chosen.content))
    free = [c for c in candidates if (c.part_id, c.content) not in claimed]
    told = {p.part_id: c for p in papers if p.part_id not in found and (c := _by_words(p, free)) is not None}
    wanted = Counter((c.part_id, c.content) for c in told.values())
    return found | {part: c for part, c in told.items() if wanted[c.part_id, c.content] == 1}


def _by_name(paper: Paper, candidates: Sequence[Candidate]) -> Candidate | None:
    chosen = _named(paper.name, candidates) or _namesake(paper.name, candidates)
    # Other bytes than those the document embeds: the name is not believed.
    return None if chosen is not None and paper.sha1 and chosen.digests else chosen


def _namesake(name: str, candidates: Sequence[Candidate]) -> Candidate | None:
    """The document whose file, id or whole title the paper is called after."""
    stem, dot, extension = name.rpartition(".")
    wanted = _bare(stem)
    if not dot or extension.lower() != "pdf" or len(wanted) < _LEAST_NAME:
        return None
    chosen = [c for c in candidates if wanted in {_bare(own) for own in _own_names(c.document)}]
    return chosen[0] if len(chosen) == 1 else None


def _own_names(document: HealthDocument) -> tuple[str, str, str]:
    return document.uri.rpartition("/")[2].rpartition(".")[0], document.unique_id, document.title


def _by_words(paper: Paper, candidates: Sequence[Candidate]) -> Candidate | None:
    """The one document whose words are nearly all on the paper, while the paper says little else."""
    if len(paper.words) < _LEAST_WORDS:
        return None
    chosen = [c for c in candidates if len(c.words) >= _LEAST_WORDS and _is_said(c.words, paper.words)]
    return chosen[0] if len(chosen) == 1 else None


def _is_said(told: frozenset[str], paper: frozenset[str]) -> bool:
    """Letters may be drawn otherwise; a figure that is missing is another result."""
    numbers = {word for word in told if any(sign.isdigit() for sign in word)}
    words, common = told - numbers, told & paper
    enough = len(words & paper) >= _MOSTLY * len(words) and len(numbers & paper) >= _EXACTLY * len(numbers)
    return enough and len(common) >= _HALF * len(paper)


def distinct(text: str) -> frozenset[str]:
    """What tells a text from others: its words of three letters at least, folded, and every number."""
    found = (word.replace(",", ".") for word in _WORD.findall(fold(text[:MAX_TEXT])))
    return frozenset(word for word in found if len(word) > 2 or any(sign.isdigit() for sign in word))


def as_document(name: str, content: bytes) -> HealthDocument:
    """A loose PDF as a document of which nothing is known but its name: a person says whose it is (ECO.2.1.2: a file name
    identifies nobody). The act's date is taken from a name after ECO.2.1.6."""
    stem = name.rpartition(".")[0] or name
    return HealthDocument(
        uri=name, unique_id="", type_code="", type_label="", title=" ".join(stem.replace("_", " ").split())[:120], created="",
        act_date=_day(stem), version=None, set_id=None, replaces=(), action="", author="", organisation="",
        confidentiality=(), hash_ok=None, size_ok=None, usager=None, key_valid=None,
        contents=(Content("application/pdf", len(content)),),
        sha1=hashlib.sha1(content, usedforsecurity=False).hexdigest(),
    )  # fmt: skip


def _day(stem: str) -> str:
    digits, mark, _ = stem.partition("_")
    if not mark or len(digits) != 8 or not digits.isascii() or not digits.isdigit():
        return ""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError:
        return ""


def _named(name: str, candidates: Iterable[Candidate]) -> Candidate | None:
    stem, dot, extension = name.rpartition(".")
    pieces = stem.split("_")
    if not dot or extension.lower() != "pdf" or len(pieces) < 4:
        return None
    person = [c for c in candidates if _is_about(pieces, c.document)]
    typed = [c for c in person if _is_type(pieces[1], c.document)]
    chosen = typed or person
    return chosen[0] if len(chosen) == 1 else None


def _is_about(pieces: Sequence[str], document: HealthDocument) -> bool:
    usager = document.usager
    day = "".join(c for c in (document.act_date or document.created)[:10] if c.isdigit())
    if usager is None or not usager.given or pieces[0] != day:
        return False
    return _bare(pieces[2]) == _bare(usager.birth_name) and _bare(pieces[3]) == _bare(usager.given[0])


def _is_type(said: str, document: HealthDocument) -> bool:
    labels = (document.type_label, document.title)
    return any(_bare(said) == _bare(plain(label)[:MAX_TYPE]) for label in labels if label)


def _bare(text: str) -> str:
    return "".join(c for c in fold(plain(text)) if c.isalnum())
