"""Which PDF of a mail is another rendition of one of its documents (ECO.2.1.1: archive and PDF travel together)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mssclient.domain.address import fold
from mssclient.domain.documents import HealthDocument
from mssclient.domain.filing_rules import MAX_TYPE, plain
from mssclient.domain.message import PartId


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF that came loose. `sha1` is empty while its bytes are not here."""

    part_id: PartId
    name: str
    sha1: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document of the same mail; `digests` are those of the PDFs that it embeds or is."""

    part_id: PartId
    content: str
    """The key of its first rendition."""
    document: HealthDocument
    digests: frozenset[str] = frozenset()


def pairs(papers: Sequence[Paper], candidates: Sequence[Candidate]) -> dict[PartId, Candidate]:
    """The document that each loose PDF shows, where that is plain: the same bytes, else the name of ECO.2.1.6 with the
    act's date, the usager and the type. Two papers never claim one document by name alone."""
    found: dict[PartId, Candidate] = {}
    for paper in papers:
        same = [c for c in candidates if paper.sha1 and paper.sha1 in c.digests]
        if same:
            found[paper.part_id] = same[0]
    claimed = {(c.part_id, c.content) for c in found.values()}
    for paper in papers:
        if paper.part_id in found:
            continue
        free = [c for c in candidates if (c.part_id, c.content) not in claimed]
        chosen = _named(paper.name, free)
        # Other bytes than those the document embeds: the name is not believed.
        if chosen is not None and not (paper.sha1 and chosen.digests):
            found[paper.part_id] = chosen
            claimed.add((chosen.part_id, chosen.content))
    return found


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
