"""Health documents as values: what an IHE_XDM archive or a CDA says, whoever made it."""

from __future__ import annotations

from dataclasses import dataclass

from mssclient.domain.identity import Usager


@dataclass(frozen=True, slots=True)
class Warn:
    """Something abnormal, by code; `ui/wording.py` and `inspect` say it in French. `about` is a technical detail."""

    code: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """One rendition of a document: an entry of the archive, or what a CDA's body embeds."""

    media_type: str
    """From the bytes, not from what was declared."""
    size: int
    path: str = ""
    """Entry name in the archive; empty for a CDA's embedded content."""
    embedded: int = -1
    """Index among the contents embedded in a CDA; -1 for an archive entry."""


@dataclass(frozen=True, slots=True)
class HealthDocument:
    """One document: METADATA.XML's word, completed by the CDA header."""

    uri: str
    unique_id: str
    type_code: str
    type_label: str
    title: str
    created: str
    """ISO 8601 as precise as the source, or empty."""
    act_date: str
    version: int | None
    set_id: str | None
    replaces: tuple[str, ...]
    action: str
    """"C" replacement, "D" deletion, or empty."""
    author: str
    organisation: str
    confidentiality: tuple[str, ...]
    hash_ok: bool | None
    """None when the metadata carries no hash."""
    size_ok: bool | None
    usager: Usager | None
    key_valid: bool | None
    """Whether the matricule's key is right; None without a matricule."""
    contents: tuple[Content, ...]
    format_code: str = ""
    class_code: str = ""
    sha1: str = ""
    """Of the document's bytes, lower-case hex."""
    cda_code: str = ""
    """The CDA header's own `code` (X-MSS-CODECDA, ECO.2.4.1); empty for a document that is no CDA."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An IHE_XDM.ZIP, read. `documents` is empty for a plain ZIP (`is_xdm` false)."""

    is_xdm: bool
    documents: tuple[HealthDocument, ...]
    entries: tuple[Content, ...]
    """Every file in the archive that is no document and no XDM furniture."""
    warnings: tuple[Warn, ...]
