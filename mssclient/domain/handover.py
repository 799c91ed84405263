"""What the record system hands us to send: from the command line, a `mssante:` link, or a sidecar beside a document.

All three are foreign words: bounded, checked, and never a path outside the folder that the administrator named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote

from mssclient.domain.address import is_address, normal
from mssclient.domain.draft import MAX_CORRESPONDENTS
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.identity import INS_OIDS, Usager

SCHEME = "mssante:"
MAX_LINK = 8 * 1024
MAX_SIDECAR = 256 * 1024
MAX_ATTACHMENTS = 20
MAX_WORDS = 20_000
ACTIONS = frozenset({"", "C", "D"})
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*)){1,30}")
_SEXES = {"m": "M", "male": "M", "f": "F", "female": "F"}


@dataclass(frozen=True, slots=True)
class Handover:
    """One message to be, as the record system sees it. Empty strings where it said nothing."""

    to: tuple[str, ...] = ()
    bal: str = ""
    """Address to send from."""
    subject: str = ""
    text: str = ""
    attachments: tuple[str, ...] = ()
    """File names in the "to send" folder (link, sidecar), or paths (command line)."""
    usager: Usager | None = None
    record_number: str = ""
    type_code: str = ""
    act_date: str = ""
    """ISO date."""
    title: str = ""
    author_id: str = ""
    """National id of the professional who answers for the document."""
    unique_id: str = ""
    set_id: str = ""
    version: int = 0
    replaces: str = ""
    action: str = ""
    """C replaces, D asks for deletion."""
    to_usager: bool = False
    """Also to the usager's own Mon espace santé."""


def from_link(link: str) -> Handover:
    """A `mssante:` link, in the manner of mailto (RFC 6068): addresses, then `?name=value&…` in French names.

    Raises Unreadable: NOT_IT for another scheme, TOO_BIG, FORBIDDEN for a path among the attachments or control marks,
    DAMAGED for an address, a date or a code that is none.
    """
    if len(link) > MAX_LINK:
        raise Unreadable(Unread.TOO_BIG, "link")
    if link[: len(SCHEME)].lower() != SCHEME:
        raise Unreadable(Unread.NOT_IT, "link")
    target, _, query = link[len(SCHEME) :].partition("?")
    asked = [(name.lower(), value) for name, value in parse_qsl(query.partition("#")[0], keep_blank_values=True)]
    words = dict(reversed(asked))
    listed = unquote(target).removeprefix("//").strip("/").split(",")
    listed += [value for name, values in asked if name == "a" for value in values.split(",")]
    found = Handover(
        to=tuple(each.strip() for each in listed if each.strip()),
        bal=words.get("bal", ""), subject=words.get("sujet", ""), text=words.get("texte", ""),
        attachments=tuple(value for name, value in asked if name == "piece"),
        usager=_usager(words.get("matricule", ""), words.get("oid", ""), words.get("nom", ""),
                       words.get("prenoms", "").split(), words.get("naissance", ""), words.get("sexe", ""),
                       words.get("lieu", "")),
        record_number=words.get("dossier", ""), type_code=words.get("type", ""), act_date=words.get("date", ""),
        title=words.get("titre", ""), author_id=words.get("auteur", ""), unique_id=words.get("document", ""),
        set_id=words.get("serie", ""), version=_number(words.get("version", "")), replaces=words.get("remplace", ""),
        action=words.get("action", "").upper(), to_usager=words.get("usager") == "oui",
    )  # fmt: skip
    return inside_folder(checked(found))


def from_sidecar(content: bytes, *, anywhere: bool = False) -> Handover:
    """A JSON sidecar with the fields that our own export writes (FHIR DocumentReference), plus who it goes to.

    `anywhere`: attachments may be paths, as a person of this account gave them. Raises Unreadable as `from_link`.
    """
    if len(content) > MAX_SIDECAR:
        raise Unreadable(Unread.TOO_BIG, "sidecar")
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(Unread.DAMAGED, "sidecar") from error
    if not isinstance(found, Mapping):
        raise Unreadable(Unread.NOT_IT, "sidecar")
    kind, subject, author = _part(found, "type"), _part(found, "subject"), _part(found, "author")
    identifier = next((each for each in _list(subject, "identifier") if isinstance(each, Mapping)), {})
    files = [_text(each, "title") for each in _list(found, "attachments") if isinstance(each, Mapping)]
    if single := _text(_part(found, "attachment"), "title"):
        files.insert(0, single)
    handed = Handover(
        to=tuple(str(each) for each in _list(found, "recipients")), bal=_text(found, "from"),
        subject=_text(found, "subjectLine"), text=_text(found, "text"), attachments=tuple(dict.fromkeys(files)),
        usager=_usager(_text(identifier, "value"), _text(identifier, "system").removeprefix("urn:oid:"),
                       _text(subject, "family"), [str(each) for each in _list(subject, "given")],
                       _text(subject, "birthDate"), _text(subject, "gender"), _text(subject, "birthPlace")),
        record_number=_text(subject, "recordNumber"), type_code=_text(kind, "code"), act_date=_text(found, "date")[:10],
        title=_text(found, "title"), author_id=_text(author, "identifier"), unique_id=_text(found, "masterIdentifier"),
        set_id=_text(found, "setIdentifier"), version=_number(str(found.get("version") or "")),
        replaces=_text(found, "replaces"), action=_text(found, "action").upper(),
        to_usager=found.get("toUsager") is True,
    )  # fmt: skip
    return checked(handed) if anywhere else inside_folder(checked(handed))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something in the "to send" folder that waits for a person: what it asks; or why it cannot be read, and then only
    the documents that bear its name."""

    name: str
    """Of the sidecar, or of the document that came alone: what it is known by."""
    handed: Handover
    problem: Unreadable | None = None


def as_sidecar(found: Handover) -> bytes:
    """The JSON that `from_sidecar` reads: how one program of ours tells another what it was asked."""
    usager = found.usager
    subject: dict[str, object] = {"recordNumber": found.record_number}
    if usager is not None:
        subject |= {
            "identifier": [{"value": usager.matricule or "", "system": f"urn:oid:{usager.oid}" if usager.oid else ""}],
            "family": usager.birth_name, "given": list(usager.given), "birthDate": usager.birth_date,
            "gender": usager.sex, "birthPlace": usager.birth_place,
        }  # fmt: skip
    whole = {
        "recipients": list(found.to), "from": found.bal, "subjectLine": found.subject, "text": found.text,
        "attachments": [{"title": name} for name in found.attachments], "subject": subject,
        "type": {"code": found.type_code}, "date": found.act_date, "title": found.title,
        "author": {"identifier": found.author_id}, "masterIdentifier": found.unique_id,
        "setIdentifier": found.set_id, "version": found.version or "", "replaces": found.replaces,
        "action": found.action, "toUsager": found.to_usager,
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False).encode("utf-8")


def checked(found: Handover) -> Handover:
    """The same, tidied: addresses in one spelling and once each. Raises Unreadable(DAMAGED, TOO_BIG or FORBIDDEN)."""
    to = tuple(dict.fromkeys(normal(each) for each in found.to))
    if len(to) > MAX_CORRESPONDENTS or len(found.attachments) > MAX_ATTACHMENTS or len(found.text) > MAX_WORDS:
        raise Unreadable(Unread.TOO_BIG, "handover")
    if not all(is_address(each) for each in (*to, *([found.bal] if found.bal else []))):
        raise Unreadable(Unread.DAMAGED, "address")
    single = (found.subject, found.title, found.record_number, found.author_id, *found.attachments)
    if any(_CONTROLS.search(each) or "\n" in each or "\r" in each or len(each) > 1_000 for each in single):
        raise Unreadable(Unread.FORBIDDEN, "control characters")
    if _CONTROLS.search(found.text.replace("\r\n", "\n").replace("\r", "\n")):
        raise Unreadable(Unread.FORBIDDEN, "control characters")
    if (found.act_date and not _DATE.fullmatch(found.act_date)) or (
        found.type_code and not _CODE.fullmatch(found.type_code)
    ):
        raise Unreadable(Unread.DAMAGED, "date or code")
    if any(
        each and not _OID.fullmatch(each.partition("^")[0]) for each in (found.unique_id, found.set_id, found.replaces)
    ):
        raise Unreadable(Unread.DAMAGED, "oid")
    if found.action not in ACTIONS:
        raise Unreadable(Unread.DAMAGED, "action")
    return replace(found, to=to, bal=normal(found.bal))


def inside_folder(found: Handover) -> Handover:
    """The same, when every attachment is a plain file name. A web page may open a link: it must not choose files."""
    for name in found.attachments:
        if name in {"", ".", ".."} or any(mark in name for mark in "/\\:\0") or name.startswith("~"):
            raise Unreadable(Unread.FORBIDDEN, "path")
    return found


def _usager(matricule: str, oid: str, family: str, given: list[str], birth: str, sex: str, place: str) -> Usager | None:
    if not (matricule or family):
        return None
    if birth and not _DATE.fullmatch(birth):
        raise Unreadable(Unread.DAMAGED, "birth date")
    if oid and oid not in INS_OIDS:
        raise Unreadable(Unread.DAMAGED, "oid")
    if any(_CONTROLS.search(each) or len(each) > 200 for each in (matricule, family, *given, place)):
        raise Unreadable(Unread.FORBIDDEN, "control characters")
    number = "".join(matricule.split()).upper()
    return Usager(
        number or None, (oid or None) if number else None, family.strip(), tuple(each for each in given if each), birth,
        _SEXES.get(sex.lower(), ""), birth_place=place,
    )  # fmt: skip


def _part(found: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = found.get(name)
    return value if isinstance(value, Mapping) else {}


def _list(found: Mapping[str, object], name: str) -> list[object]:
    value = found.get(name)
    return value[:100] if isinstance(value, list) else []


def _text(found: Mapping[str, object], name: str) -> str:
    value = found.get(name)
    return value.strip() if isinstance(value, str) else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
