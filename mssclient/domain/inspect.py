"""What `mssclient inspect` says of a file: a message, an archive, a CDA or anything else, as plain JSON values."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mssclient.domain import cda, mime, reports, sniff, xdm
from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.documents import Archive, HealthDocument, Warn
from mssclient.domain.errors import FilingReason, Unread, Unreadable
from mssclient.domain.filing_rules import refusal
from mssclient.domain.identity import Usager
from mssclient.domain.mime import Parsed, ParsedAttachment
from mssclient.domain.receipts import Report

Json = dict[str, object]
MAX_CARRIERS = 20
"""Archives and XML files of one message that are read: bounds the time spent on very many."""
_TEXT_TYPES = frozenset({"text/plain", "text/csv", "application/json"})
_MOST_TEXT = 2_000_000
_MAIL_FIELDS = frozenset({
    "from", "to", "cc", "subject", "date", "message-id", "received", "return-path", "mime-version", "content-type",
    "x-mss-nil",
})  # fmt: skip


def inspect(data: bytes, name: str, say: Callable[[Warn], str]) -> Json:
    """What the bytes hold, by content and never by `name`; `say` words the warnings.

    Every key is always there. Raises Unreadable for empty, hostile or damaged input.
    """
    if not data:
        raise Unreadable(Unread.EMPTY)
    found = _empty()
    warnings: list[Warn] = []
    if sniff.media_type(data) == "application/zip":
        _archive(found, xdm.read(data), warnings, name)
    elif cda.is_cda(data):
        _cda(found, data)
    elif sniff.is_xml(data):
        _xml(found, data, name)
    elif looks_like_mail(data):
        _message(found, data, warnings)
    else:
        _other(found, data, name)
    found["warnings"] = [{"code": each.code, "text": say(each)} for each in dict.fromkeys(warnings)]
    return found


def looks_like_mail(data: bytes) -> bool:
    """Whether the bytes begin with a block of header fields, two of which at least are mail's."""
    head = data[:32768].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if head.startswith((b"From ", b">From ")):
        head = head.partition(b"\n")[2]
    if b"\0" in head[:1024]:
        return False
    return len({key for key, _ in mime.headers_of(head)} & _MAIL_FIELDS) >= 2


def _empty() -> Json:
    return {
        "kind": "other", "subject": "", "display_subject": "", "from": _person(None), "to": [], "message_id": "",
        "mss": {"nil": None, "codecda": [], "ins": None, "mes": None}, "receipt": None, "documents": [],
        "attachments": [], "body_text": "", "warnings": [],
    }  # fmt: skip


def _person(who: Correspondent | None) -> Json:
    if who is None:
        return {"label": "", "address": "", "kind": CorrespondentKind.OUTSIDE.value}
    return {"label": who.label, "address": who.address, "kind": who.kind.value}


def _archive(found: Json, archive: Archive, warnings: list[Warn], name: str) -> None:
    found["kind"] = "xdm" if archive.is_xdm else "other"
    found["documents"] = [_document(each) for each in archive.documents]
    found["attachments"] = [
        {"name": each.path, "media_type": each.media_type, "size": each.size} for each in archive.entries
    ]
    warnings += archive.warnings
    if not archive.is_xdm and "xdm" in name.lower():
        warnings.append(Warn("plain-zip"))


def _cda(found: Json, data: bytes) -> None:
    document = cda.read(data)
    found["kind"] = "cda"
    found["documents"] = [_document(document)]
    found["body_text"] = cda.text(data)


def _xml(found: Json, data: bytes, name: str) -> None:
    """XML that does not look like a CDA may still be one, wrapped; a DOCTYPE is refused either way."""
    try:
        _cda(found, data)
    except Unreadable as error:
        if error.reason is not Unread.NOT_IT:
            raise
        found.update(_empty())
        _other(found, data, name)


def _other(found: Json, data: bytes, name: str) -> None:
    media_type = sniff.media_type(data)
    found["attachments"] = [{"name": name, "media_type": media_type, "size": len(data)}]
    if media_type in _TEXT_TYPES:
        found["body_text"] = mime.decode_text(data[: _MOST_TEXT * 2])[:_MOST_TEXT]


def _document(document: HealthDocument) -> Json:
    return {
        "uri": document.uri, "unique_id": document.unique_id, "type_code": document.type_code,
        "type_label": document.type_label, "title": document.title, "created": document.created,
        "version": document.version, "set_id": document.set_id, "replaces": list(document.replaces),
        "author": document.author, "hash_ok": document.hash_ok, "size_ok": document.size_ok,
        "usager": _usager(document.usager, document.key_valid),
        "contents": [{"media_type": each.media_type, "size": each.size} for each in document.contents],
    }  # fmt: skip


def _usager(usager: Usager | None, key_valid: bool | None) -> Json | None:
    if usager is None:
        return None
    return {
        "matricule": usager.matricule, "oid": usager.oid, "key_valid": key_valid, "birth_name": usager.birth_name,
        "given": list(usager.given), "birth_date": usager.birth_date, "sex": usager.sex,
    }  # fmt: skip


def _message(found: Json, data: bytes, warnings: list[Warn]) -> None:
    parsed = mime.parse(data)
    subject = mime.decode_header(parsed.header("subject"))
    senders = mime.addresses(parsed.header("from")) or mime.addresses(parsed.header("sender"))
    identity = mime.message_ids(parsed.header("message-id"))
    found.update({
        "kind": "message", "subject": subject, "display_subject": mime.shown_subject(subject),
        "from": _person(senders[0] if senders else None),
        "to": [_person(each) for header in ("to", "cc") for each in mime.addresses(_every(parsed, header))],
        "message_id": identity[0] if identity else "", "mss": _mss(parsed), "receipt": _receipt(reports.read(data)),
        "attachments": [
            {"name": each.name, "media_type": each.media_type, "size": each.size} for each in parsed.attachments
        ],
        "body_text": parsed.text,
    })  # fmt: skip
    if parsed.truncated:
        warnings.append(Warn("truncated"))
    found["documents"] = [_document(each) for each in _carried(parsed.attachments, warnings)]


def _every(parsed: Parsed, name: str) -> str:
    """All the headers of one name: some programs repeat To instead of separating by commas."""
    return ", ".join(value for key, value in parsed.headers if key == name)


def _mss(parsed: Parsed) -> Json:
    codes = mime.decode_header(_every(parsed, "x-mss-codecda")).replace(";", ",").split(",")
    ins = parsed.header("x-mss-ins").strip().upper()[:1]
    return {
        "nil": mime.decode_header(parsed.header("x-mss-nil")) or None,
        "codecda": [code for each in codes if (code := each.strip())],
        "ins": ins if ins in {"O", "N"} else None,
        "mes": mime.decode_header(parsed.header("x-mss-mes")) or None,
    }


def _receipt(report: Report | None) -> Json | None:
    if report is None:
        return None
    return {
        "kind": report.kind.value,
        "recipients": [
            {"address": each.address, "status": each.status, "reason": each.reason} for each in report.outcomes
        ],
    }


def _carried(attachments: Iterable[ParsedAttachment], warnings: list[Warn]) -> list[HealthDocument]:
    """The documents of every archive and bare CDA in a message; one that cannot be read is a warning, not the end."""
    found: dict[tuple[str, str], HealthDocument] = {}
    carriers = 0
    for each in attachments:
        if refusal(each.name, each.content[:4096]) is FilingReason.TYPE:
            warnings.append(Warn("dangerous", each.name))
        if not (sniff.is_zip(each.content) or sniff.is_xml(each.content)):
            continue
        carriers += 1
        if carriers > MAX_CARRIERS:
            warnings.append(Warn("truncated"))
            break
        for document in _documents_in(each, warnings):
            key = (document.unique_id or document.uri, document.sha1)
            if key in found:
                warnings.append(Warn("twice", each.name))
            found.setdefault(key, document)
    if len({u.matricule for d in found.values() if (u := d.usager) is not None and u.matricule}) > 1:
        warnings.append(Warn("several-usagers"))
    return list(found.values())


def _documents_in(attachment: ParsedAttachment, warnings: list[Warn]) -> tuple[HealthDocument, ...]:
    try:
        if sniff.media_type(attachment.content) == "application/zip":
            archive = xdm.read(attachment.content)
            warnings += archive.warnings
            if not archive.is_xdm and "xdm" in attachment.name.lower():
                warnings.append(Warn("plain-zip", attachment.name))
            return archive.documents
        if cda.is_cda(attachment.content):
            return (cda.read(attachment.content),)
    except Unreadable as error:
        warnings.append(Warn(f"refused-{error.reason.value.replace(' ', '-')}", attachment.name))
    return ()
