"""Makes one document of what METADATA.XML says and what the CDA header says: the rules of who is believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mssclient.domain.address import fold
from mssclient.domain.documents import Content, HealthDocument
from mssclient.domain.identity import Usager, key_is_valid
from mssclient.domain.metadata import Described
from mssclient.domain.type_codes import label_of


@dataclass(frozen=True, slots=True)
class Presence:
    """The file behind a description, as it was found in the archive."""

    contents: tuple[Content, ...]
    hash_ok: bool | None
    size_ok: bool | None
    sha1: str


def merged(described: Described, header: HealthDocument | None, presence: Presence) -> HealthDocument:
    """One document. The metadata names, types and identifies; the header, nearer to the act, dates and versions."""
    usager = usager_of(described, header)
    type_code = described.type_code or (header.type_code if header else "")
    said = described.type_name or (header.type_label if header else "")
    created = (header.created if header else "") or described.created
    embedded = header.contents[1:] if header else ()
    return HealthDocument(
        uri=described.uri, unique_id=described.unique_id or (header.unique_id if header else ""),
        type_code=type_code, type_label=label_of(type_code, said, described.class_code),
        title=described.title or (header.title if header else ""), created=created,
        act_date=_act_date(described, header) or created,
        version=header.version if header and header.version is not None else described.version,
        set_id=(header.set_id if header else None) or described.set_id or None,
        replaces=tuple(dict.fromkeys((*described.replaces, *(header.replaces if header else ())))),
        action=described.action, author=described.author or (header.author if header else ""),
        organisation=described.organisation or (header.organisation if header else ""),
        confidentiality=tuple(dict.fromkeys((*described.confidentiality, *(header.confidentiality if header else ())))),
        hash_ok=presence.hash_ok, size_ok=presence.size_ok, usager=usager,
        key_valid=key_is_valid(usager.matricule) if usager is not None and usager.matricule else None,
        contents=presence.contents + embedded, format_code=described.format_code, class_code=described.class_code,
        sha1=presence.sha1, cda_code=header.cda_code if header else "",
    )  # fmt: skip


def _act_date(described: Described, header: HealthDocument | None) -> str:
    """The header's local date; its own creation time stands for the act only when nobody says better."""
    own = header.act_date if header and header.act_date != header.created else ""
    return own or described.act_date


def joined(pairs: Sequence[tuple[Described, HealthDocument]]) -> list[HealthDocument]:
    """The documents of one submission, a PDF that shows a CDA beside it made one with it: where an association says so, or
    where both bear one name or were made at one moment about one usager, one act and one type, and no other might be it."""
    sheets = [n for n, (_, document) in enumerate(pairs) if _is_sheet(document)]
    structured = [n for n, (_, document) in enumerate(pairs) if document.cda_code]
    shown: dict[int, int] = {}
    for sheet in sheets:
        told = [n for n in structured if _transforms(pairs[sheet][0], pairs[n][0])]
        alike = told or [n for n in structured if _is_alike(pairs[sheet], pairs[n])]
        if len(alike) == 1:
            shown[sheet] = alike[0]
    once = {sheet: n for sheet, n in shown.items() if list(shown.values()).count(n) == 1}
    return [
        _with_sheet(document, next((pairs[sheet][1] for sheet, shows in once.items() if shows == n), None))
        for n, (_, document) in enumerate(pairs)
        if n not in once
    ]


def _is_sheet(document: HealthDocument) -> bool:
    return bool(document.contents) and all(c.media_type == "application/pdf" for c in document.contents)


def _transforms(one: Described, other: Described) -> bool:
    return bool(
        (other.identity and other.identity in one.transforms) or (one.identity and one.identity in other.transforms)
    )


def _is_alike(sheet: tuple[Described, HealthDocument], cda: tuple[Described, HealthDocument]) -> bool:
    (told, paper), (said, document) = sheet, cda
    about = (told.type_code, told.act_date[:10], told.patient) == (said.type_code, said.act_date[:10], said.patient)
    same_moment = len(told.created) > len("2024-01-15") and told.created == said.created
    same_stem = bool(told.uri) and _stem(told.uri).casefold() == _stem(said.uri).casefold()
    same_title = fold(paper.title) == fold(document.title)
    return about and paper.action == document.action and (same_stem or (same_moment and same_title))


def _stem(uri: str) -> str:
    return uri.rpartition(".")[0] or uri


def _with_sheet(document: HealthDocument, sheet: HealthDocument | None) -> HealthDocument:
    if sheet is None:
        return document
    return replace(
        document, contents=document.contents + sheet.contents, hash_ok=_both(document.hash_ok, sheet.hash_ok),
        size_ok=_both(document.size_ok, sheet.size_ok),
    )  # fmt: skip


def _both(one: bool | None, other: bool | None) -> bool | None:
    return False if one is False or other is False else one


def usager_of(described: Described, header: HealthDocument | None) -> Usager | None:
    """Whose document it is: patientId of METADATA.XML and nothing else gives the matricule (ECO.2.1.2).

    Traits come from the header, more precise, unless it is about another matricule. Only an archive that names
    nobody takes the header's identity whole.
    """
    inside = header.usager if header else None
    told = described.traits
    if described.patient is None or not described.patient.number:
        return _completed(inside, told) if inside is not None else _somebody(told)
    ins = described.patient if described.patient.is_ins else None
    other = inside is not None and _is_other(ins.number if ins else None, inside)
    traits = told if inside is None or other else _completed(inside, told)
    matricule, oid = (ins.number, ins.oid) if ins else (None, None)
    return _somebody(replace(traits, matricule=matricule, oid=oid))


def _is_other(matricule: str | None, inside: Usager) -> bool:
    return matricule is not None and inside.matricule is not None and matricule != inside.matricule


def _completed(first: Usager, second: Usager) -> Usager:
    return replace(
        first, birth_name=first.birth_name or second.birth_name, given=first.given or second.given,
        birth_date=first.birth_date or second.birth_date, sex=first.sex or second.sex,
        used_name=first.used_name or second.used_name, birth_place=first.birth_place or second.birth_place,
    )  # fmt: skip


def _somebody(usager: Usager) -> Usager | None:
    return usager if any((usager.matricule, usager.birth_name, usager.given, usager.birth_date)) else None


def disagreements(described: Described, header: HealthDocument | None) -> Iterator[str]:
    """Codes of `Warn` for what metadata and header say differently."""
    patient = described.patient
    inside = header.usager if header else None
    if patient is None or not patient.number:
        yield "no-patient-id"
    elif not patient.is_ins and inside is not None and inside.matricule:
        yield "ins-only-in-cda"
    elif inside is not None and inside.matricule and (patient.number, patient.oid) != (inside.matricule, inside.oid):
        yield "patient-mismatch"
    if inside is not None and _traits_differ(described.traits, inside):
        yield "traits-mismatch"
    if header is not None and header.unique_id and described.unique_id and not _same_id(header, described):
        yield "id-mismatch"
    if header is not None and header.type_code and described.type_code not in {"", header.type_code}:
        yield "type-mismatch"


def _same_id(header: HealthDocument, described: Described) -> bool:
    """Some producers write only the root, others a dot or nothing for the caret."""
    return header.unique_id.replace("^", ".") == described.unique_id.replace("^", ".").rstrip(".")


def _traits_differ(told: Usager, inside: Usager) -> bool:
    pairs = (
        (told.birth_date, inside.birth_date),
        (told.sex, inside.sex),
        (fold(told.birth_name), fold(inside.birth_name)),
    )
    return any(one and other and one != other for one, other in pairs)
