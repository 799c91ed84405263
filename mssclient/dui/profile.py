"""Export profiles: how one record system wants its documents, as a TOML file says (documents.md)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from string import Formatter

from mssclient.domain import sniff
from mssclient.domain.documents import HealthDocument
from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.filing import FilingChoice
from mssclient.domain.filing_rules import name_for, plain, safe_name
from mssclient.dui.sidecar import Facts, SidecarKind, extension, sidecar

PIECES = ("pdf", "cda", "zip")
FIELDS = frozenset({"date", "type", "code", "name", "given", "record", "matricule", "birth", "unique_id"})
_UNFIT = re.compile(r"[^A-Za-z0-9 '.-]+")


@dataclass(frozen=True, slots=True)
class ExportProfile:
    """The convention of one importer."""

    name: str
    template: str = ""
    """File name without extension, with {date}, {type}, {code}, {name}, {given}, {record}, {matricule}, {birth} and
    {unique_id}; empty for the name of ECO.2.1.6."""
    pieces: tuple[str, ...] = ("pdf",)
    """Which of pdf, cda and zip are written. What is no health document is always written as it is."""
    sidecar: SidecarKind = SidecarKind.NONE
    watched: str = "document"
    """Which file the importer watches, written last: "document" or "sidecar"."""


def read(table: Mapping[str, object]) -> ExportProfile:
    """A profile from a parsed TOML table. Raises ValueError that names the key an administrator has to mend."""
    unknown = set(table) - {"name", "description", "template", "pieces", "sidecar", "watched"}
    if unknown:
        raise ValueError(f"unknown key: {min(unknown)}")
    name, template = _text(table, "name"), _text(table, "template")
    if not name:
        raise ValueError("name")
    _check_template(template)
    pieces = table.get("pieces", ["pdf"])
    if not isinstance(pieces, list) or not pieces or not all(piece in PIECES for piece in pieces):
        raise ValueError("pieces")
    kinds = {kind.value: kind for kind in SidecarKind}
    kind = kinds.get(_text(table, "sidecar") or "none")
    watched = _text(table, "watched") or "document"
    if kind is None:
        raise ValueError("sidecar")
    if watched not in {"document", "sidecar"} or (watched == "sidecar" and kind is SidecarKind.NONE):
        raise ValueError("watched")
    return ExportProfile(name, template, tuple(dict.fromkeys(pieces)), kind, watched)


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise ValueError(key)
    return value.strip()


def _check_template(template: str) -> None:
    """Only the known fields, bare: a format expression could reach into objects."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        raise ValueError("template") from None
    for _, field, spec, conversion in parts:
        if field is not None and (field not in FIELDS or spec or conversion):
            raise ValueError("template")


def files(
    profile: ExportProfile, facts: Facts, contents: Mapping[str, bytes], document: HealthDocument | None = None
) -> tuple[tuple[str, bytes], ...]:
    """The files one document becomes, for `folder.drop`: the watched one last, all with the same stem.

    `contents` are the bytes by piece ("pdf", "cda", "zip"), or "file" for an attachment that is no health document.
    Raises FilingRefused: IDENTITY without a birth name, TYPE when the profile takes nothing of what there is.
    """
    wanted = [piece for piece in profile.pieces if piece in contents] or [
        piece for piece in ("file",) if piece in contents
    ]
    if not wanted:
        raise FilingRefused(FilingReason.TYPE)
    written = [_named(profile, facts.choice, contents[piece], document) for piece in wanted]
    written.reverse()
    kind = extension(profile.sidecar)
    if not kind:
        return tuple(written)
    main_name, main = written[-1]
    told = replace(
        facts, file_name=main_name, size=len(main), media_type=sniff.media_type(main),
        document=document or facts.document, sha1=hashlib.sha1(main, usedforsecurity=False).hexdigest(),
    )  # fmt: skip
    stem = main_name.rpartition(".")[0]
    taken = {name.casefold() for name, _ in written}
    beside_name = f"{stem}.{kind}" if f"{stem}.{kind}".casefold() not in taken else f"{stem}.meta.{kind}"
    beside = (beside_name, sidecar(profile.sidecar, told))
    return (*written, beside) if profile.watched == "sidecar" else (beside, *written)


def _named(
    profile: ExportProfile, choice: FilingChoice, content: bytes, document: HealthDocument | None
) -> tuple[str, bytes]:
    usual = name_for(choice, sniff.media_type(content))
    if not profile.template:
        return usual, content
    usager = choice.usager
    values = {
        "date": usual[:8], "type": choice.type_label, "code": choice.type_code, "name": usager.birth_name.upper(),
        "given": usager.given[0] if usager.given else "", "record": choice.record_number,
        "matricule": usager.matricule or "", "birth": usager.birth_date.replace("-", ""),
        "unique_id": document.unique_id if document else "",
    }  # fmt: skip
    fit = {key: " ".join(_UNFIT.sub(" ", plain(value)).split())[:60] for key, value in values.items()}
    return safe_name(f"{profile.template.format_map(fit)}.{usual.rpartition('.')[2]}"), content
