"""Sample health documents as values: what a letter says, to whom it belongs; the other papers_* modules draw it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from mssclient.domain.identity import Usager
from mssclient.sandbox.people import Correspondent

OID_ROOT = "1.2.250.1.999.1"
"""Root of the sandbox's document ids: no one's OID."""


@dataclass(frozen=True, slots=True)
class Section:
    """One titled part of a document: paragraphs, then a list, then a table whose first row is its heading."""

    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A document type of the medico-social world (documents.md)."""

    code: str
    label: str
    class_code: str
    class_label: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One document before it takes a shape. `act` is aware; `serial` makes its id, `set_serial` ties its versions."""

    kind: Kind
    title: str
    usager: Usager
    author: Correspondent
    act: datetime
    sections: tuple[Section, ...]
    serial: int
    version: int = 1
    set_serial: int = 0
    replaces: str = ""
    """unique id of the document it replaces, or empty."""

    @property
    def unique_id(self) -> str:
        """The OID of this version, which is the duplicate key."""
        return f"{OID_ROOT}.2.{self.serial}"

    @property
    def set_id(self) -> str:
        """The OID that all versions share."""
        return f"{OID_ROOT}.3.{self.set_serial or self.serial}"

    def replaced_by(self, serial: int, act: datetime, *added: Section) -> Paper:
        """The next version of this document, with sections added."""
        return replace(
            self, serial=serial, act=act, version=self.version + 1, set_serial=self.set_serial or self.serial,
            replaces=self.unique_id, sections=self.sections + added,
        )  # fmt: skip


def plain(text: str) -> str:
    """Capitals without accents, as identity traits and subjects want them (ECO.2.1.3)."""
    opened = text.replace("œ", "oe").replace("Œ", "OE")
    return "".join(c for c in unicodedata.normalize("NFKD", opened) if not unicodedata.combining(c)).upper()


def french_date(iso: str) -> str:
    """JJ/MM/AAAA of an ISO date."""
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}"


def pdf_name(paper: Paper) -> str:
    """The name of the document's PDF twin (ECO.2.1.6)."""
    label = paper.kind.label[:40].strip().replace("/", "-").replace("'", " ")
    usager = paper.usager
    return f"{paper.act:%Y%m%d}_{label}_{plain(usager.birth_name)}_{plain(usager.given[0])}.pdf"


def subject(papers: tuple[Paper, ...], dated: bool = True) -> str:
    """The subject of a mail that carries these documents of one usager (ECO.2.1.3)."""
    first = papers[0]
    label = first.kind.label[:40].strip() if len(papers) == 1 else f"{len(papers)} documents"
    name = f"{plain(first.usager.birth_name)} {plain(first.usager.given[0])}"
    return f"XDM/1.0/DDM+{label} {name}" + (f" {french_date(first.usager.birth_date)}" if dated else "")
