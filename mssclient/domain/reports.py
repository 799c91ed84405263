"""Recognises automatic answers: DSN, other bounces, MDN, integration answers (RFC 3464, RFC 8098, mssante.md §6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from mssclient.domain.address import fold, normal
from mssclient.domain.bounces import Failure, failures, is_absence, is_bounce, is_system
from mssclient.domain.headers import addresses, decode_header, message_ids, sent_date
from mssclient.domain.mime_tree import Leaf, headers_of, leaves
from mssclient.domain.outbox import Fate
from mssclient.domain.receipts import Outcome, Report, ReportKind

MOST_BYTES = 1_048_576
"""A report that is larger is not read: it brings the whole message back."""
_MOST_RECIPIENTS = 200
_MOST_FIELDS = 1000
_FIRST_FIELDS = {"original-recipient", "final-recipient"}
_REASON = 500
"""Characters of the other side's words that are kept."""
_SUBJECT = 500
_RETURNED = {
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/global-headers",
    "message/rfc822-headers",
}
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"error\s*+:?+\s*+(9\d\d)\b\s*\^?\s*([^\r\n]*)", re.IGNORECASE)
_KO = re.compile(r"^\s*\[\s*KO[^\]]{0,60}\]\s*\[?\s*(9\d\d)?\s*\]?", re.IGNORECASE)
_FIELD_LINE = re.compile(
    r"^(final-recipient|original-recipient|original-message-id|disposition)[ \t]*:", re.IGNORECASE | re.MULTILINE
)
_POINT = re.compile(r"\\x\{([0-9A-F]{1,6})\}", re.IGNORECASE)
_ACTIONS = {
    "failed": Fate.FAILED,
    "delayed": Fate.DELAYED,
    "delivered": Fate.DELIVERED,
    "relayed": Fate.DELIVERED,
    "expanded": Fate.DELIVERED,
}
_DISPOSITIONS = {
    "displayed": Fate.READ,
    "processed": Fate.INTEGRATED,
    "dispatched": Fate.DELIVERED,
    "deleted": Fate.DELIVERED,
    "denied": Fate.DELIVERED,
    "failed": Fate.FAILED,
    "error": Fate.FAILED,
}
_RECEIPTS = (
    (("non lu ", "not read "), Fate.DELIVERED),
    (("lu ", "read ", "accuse de lecture", "read receipt"), Fate.READ),
    (
        (
            "return receipt", "accuse de reception", "delivered ", "remis ", "relayed ", "relaye ", "delivery receipt",
            "accuse de remise", "successful mail delivery", "avis de remise",
        ),
        Fate.DELIVERED,
    ),
)  # fmt: skip


def read(raw: bytes) -> Report | None:
    """What an automatic answer says, or None for ordinary mail. Raises Unreadable as `mime.parse`.

    The most precise source wins: delivery-status and disposition-notification parts, then an integration answer told
    by its subject, a receipt told by its subject, then the wording of a bounce.
    """
    message = _Answer(headers_of(raw), leaves(raw))
    found = _mdn(message) or _dsn(message) or _integration(message) or _receipt(message) or _bounce(message)
    if found is None:
        return None
    returned = message.returned
    return replace(
        found,
        sender=normal(message.sender),
        from_system=message.from_system,
        quoted_subject=decode_header(returned.get("subject", ""))[:_SUBJECT],
        quoted_sent=sent_date(returned["date"]) if "date" in returned else None,
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """The message that may be a report."""

    headers: tuple[tuple[str, str], ...] = field(repr=False)
    parts: tuple[Leaf, ...] = field(repr=False)

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def subject(self) -> str:
        return decode_header(self.header("subject"))

    @property
    def sender(self) -> str:
        return next((each.address for each in addresses(self.header("from"))), "")

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts if part.media_type in {"text/plain", "text/html"})[:200_000]

    def part(self, *media_types: str) -> Leaf | None:
        return next((part for part in self.parts if part.media_type in media_types), None)

    @property
    def automatic(self) -> bool:
        """Whether no person wrote it, as far as its envelope tells (RFC 3834, RFC 3464 §2)."""
        return self.header("auto-submitted").lower().startswith("auto-") or self.header("return-path") == "<>"

    @property
    def from_system(self) -> bool:
        """Whether a mail system wrote it: reports have an empty return path (RFC 3464 §2); where none was noted, its name
        counts. An address in the return path is somebody's."""
        back = self.header("return-path").strip()
        return back.strip("<> ") == "" if back else is_system(self.sender)

    @property
    def returned(self) -> dict[str, str]:
        """Headers of the returned message, from the first part that holds them; empty when it was not returned."""
        fields: dict[str, str] = {}
        for part in self.parts:
            if part.media_type in _RETURNED and not fields:
                for key, value in headers_of(part.content):
                    fields.setdefault(key, value)
        return fields

    def about(self) -> str:
        """Message-ID of the returned message or of its returned headers."""
        found = message_ids(self.returned.get("message-id", ""))
        return found[0] if found else ""

    def answered(self) -> str:
        """What In-Reply-To or References name last."""
        for name in ("in-reply-to", "references"):
            if found := message_ids(self.header(name)):
                return found[-1]
        return ""


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """Groups of fields set apart by blank lines, as delivery-status and disposition-notification write them."""
    for block in re.split(r"\n[ \t]*\n", text.strip())[: _MOST_RECIPIENTS + 1]:
        fields: dict[str, str] = {}
        for key, value in headers_of(block.encode("utf-8", errors="surrogateescape") + b"\n")[:_MOST_FIELDS]:
            # Some servers set nothing apart: the next recipient begins where its first field comes again.
            if key in fields and key in _FIRST_FIELDS:
                yield fields
                fields = {}
            fields.setdefault(key, value)
        if fields:
            yield fields


def _recipient(value: str) -> str:
    """The address in "rfc822; name@domain", lower case; empty when there is none.

    Of xtext (RFC 3461 §4) only the two signs that must be encoded are decoded: many servers decoded it already. Addresses
    in UTF-8 write what is no ASCII as \\x{HEX} (RFC 6533 §3).
    """
    kind, mark, rest = value.partition(";")
    text = (rest if mark else kind).replace("+2B", "+").replace("+3D", "=")
    if kind.strip().lower() == "utf-8":
        text = _POINT.sub(_letter, text)
    address = normal(text.strip().strip("<>").strip())
    return address if "@" in address and len(address) <= 254 else ""


def _letter(found: re.Match[str]) -> str:
    point = int(found[1], 16)
    return chr(point) if 0x20 < point <= 0x10FFFF and not 0xD800 <= point < 0xE000 else ""


def _words(value: str) -> str:
    """A diagnostic without the word that says its kind."""
    kind, mark, rest = value.partition(";")
    text = rest if mark and len(kind) < 20 and " " not in kind.strip() else value
    return decode_header(text)[:_REASON]


def _dsn(message: _Answer) -> Report | None:
    part = message.part("message/delivery-status", "message/global-delivery-status")
    if part is None:
        part = next((p for p in message.parts if p.media_type == "text/plain" and _looks_like_status(p.text)), None)
    if part is None:
        return None
    blocks = list(_blocks(part.text))
    outcomes = tuple(
        _delivery(block) for block in blocks if "final-recipient" in block or "original-recipient" in block
    )
    if not outcomes and (found := _told(message)):
        outcomes = found
    envelope = next((block["original-envelope-id"] for block in blocks if "original-envelope-id" in block), "")
    about = message.about() or _named(message.text) or message.answered()
    return Report(ReportKind.DSN, about, _xtext(envelope), outcomes) if outcomes else None


def _looks_like_status(text: str) -> bool:
    lower = text[:20_000].lower()
    return all(f"\n{name}:" in f"\n{lower}" for name in ("final-recipient", "action", "status"))


def _xtext(value: str) -> str:
    bare = value.strip().strip("<>") if value.strip().startswith("<") and "@" not in value else value.strip()
    return unquote(re.sub(r"\+([0-9A-F]{2})", r"%\1", bare.replace("%", "%25")))[:200]


def _delivery(block: dict[str, str]) -> Outcome:
    diagnostic = _words(block.get("diagnostic-code", ""))
    given = _STATUS.search(block.get("status", ""))
    said = _STATUS.search(diagnostic)
    status = given[1] if given else ""
    # 5.0.0 says nothing; the remote server's own words often carry the precise code.
    if said and (not status or status.endswith(".0.0")) and (not status or said[1][0] == status[0]):
        status = said[1]
    action = block.get("action", "").partition(" ")[0].partition(";")[0].strip().lower()
    fate = _ACTIONS.get(action) or _fate_of(status)
    address = _recipient(block.get("original-recipient", "")) or _recipient(block.get("final-recipient", ""))
    return Outcome(address, fate, status, diagnostic or decode_header(block.get("status", ""))[:_REASON])


def _fate_of(status: str) -> Fate:
    return {"2": Fate.DELIVERED, "4": Fate.DELAYED}.get(status[:1], Fate.FAILED)


def _mdn(message: _Answer) -> Report | None:
    part = message.part("message/disposition-notification", "message/global-disposition-notification")
    text = part.text if part is not None else ""
    if part is None and message.header("disposition"):
        text = "\n".join(f"{key}: {value}" for key, value in message.headers)
    if not text:
        text = next((p.text for p in message.parts if _looks_like_notification(p)), "")
    if not text:
        return None
    fields: dict[str, str] = {}
    for block in _blocks(text):
        fields = {**block, **fields}
    if "disposition" not in fields:
        return None
    original = message_ids(fields.get("original-message-id", ""))
    about = original[0] if original else _bare_id(fields.get("original-message-id", ""))
    address = _recipient(fields.get("final-recipient", "")) or _recipient(fields.get("original-recipient", ""))
    return _disposed(message, fields, about or message.about() or message.answered(), address or message.sender)


def _looks_like_notification(part: Leaf) -> bool:
    if part.media_type not in {"text/plain", "message/delivery-status", "text/rfc822-headers"}:
        return False
    found = {match[1].lower() for match in _FIELD_LINE.finditer(part.text[:20_000])}
    return "disposition" in found and len(found) > 1


def _bare_id(value: str) -> str:
    text = value.strip()
    return f"<{text.strip('<>')}>" if "@" in text and " " not in text and len(text) < 990 else ""


def _disposed(message: _Answer, fields: dict[str, str], about: str, address: str) -> Report:
    disposition = decode_header(fields["disposition"])
    kind, _, modifier = disposition.rpartition(";")[2].strip().partition("/")
    error = _CODE.search(disposition) or _CODE.search(
        " ".join(f"error: {fields[k]}" for k in ("error",) if k in fields)
    )
    ko = _KO.match(message.subject)
    code = error[1] if error else (ko[1] or "") if ko else ""
    words = (error[2].strip(" ^") if error else "") or decode_header(fields.get("error", fields.get("failure", "")))
    if code or ko or "error" in modifier.lower():
        outcome = Outcome(address, Fate.REFUSED, code or "906", (words or _own_words(message))[:_REASON])
        return Report(ReportKind.INTEGRATION, about, "", (outcome,))
    fate = _DISPOSITIONS.get(kind.strip().lower(), Fate.DELIVERED)
    report_kind = ReportKind.INTEGRATION if fate is Fate.INTEGRATED else ReportKind.MDN
    status = kind.strip().lower() + (f"/{modifier.strip().lower()}" if modifier else "")
    return Report(report_kind, about, "", (Outcome(address, fate, status, words[:_REASON]),))


def _own_words(message: _Answer) -> str:
    """The first paragraph of the text that goes with an answer."""
    text = next((part.text for part in message.parts if part.media_type == "text/plain"), "")
    return " ".join(text.strip().split("\n\n")[0].split())


def _integration(message: _Answer) -> Report | None:
    """An integration answer told by its subject alone, `[KO Intégration système !][902] XDM/…` (mssante.md §6)."""
    found = _KO.match(message.subject)
    if found is None or "int" not in found[0].lower():
        return None
    outcome = Outcome(message.sender, Fate.REFUSED, found[1] or "906", _own_words(message)[:_REASON])
    return Report(ReportKind.INTEGRATION, message.answered() or message.about(), "", (outcome,))


def _named(text: str) -> str:
    """Message-ID in the headers that a bounce quotes in its text."""
    found = re.search(r"^[ \t>]*Message-ID:\s*(<[^<>\s]{1,990}>)", text, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else ""


def _told(message: _Answer) -> tuple[Outcome, ...]:
    listed = [each.address for each in addresses(message.header("x-failed-recipients"))]
    ours = [each.address for each in addresses(message.header("to"))]
    return tuple(_outcome(each) for each in failures(message.text, listed, ours))


def _outcome(failure: Failure) -> Outcome:
    fate = Fate.DELAYED if failure.delayed else Fate.FAILED
    return Outcome(failure.address, fate, failure.status, failure.reason[:_REASON])


def _bounce(message: _Answer) -> Report | None:
    listed = bool(message.header("x-failed-recipients"))
    if not is_bounce(message.sender, message.subject, automatic=message.automatic, listed=listed):
        return None
    outcomes = _told(message)
    about = message.about() or _named(message.text) or message.answered()
    return Report(ReportKind.DSN, about, "", outcomes) if outcomes else None


def _receipt(message: _Answer) -> Report | None:
    """A receipt told by its subject alone, as some servers answer Return-Receipt-To and some clients a read receipt.

    Only automatic mail counts: a person may write such a subject.
    """
    words = fold(message.subject)
    fate = next((fate for heads, fate in _RECEIPTS if words.startswith(heads)), None)
    if fate is None or is_absence(message.subject) or not (message.automatic or is_system(message.sender)):
        return None
    about = message.about() or _named(message.text) or message.answered()
    if fate is Fate.READ or not message.from_system:
        return Report(ReportKind.MDN, about, "", (Outcome(normal(message.sender), fate, "", ""),)) if about else None
    named = [each for each in dict.fromkeys(_recipients_in(message.text)) if each]
    outcomes = tuple(Outcome(each, fate, "", "") for each in named[:_MOST_RECIPIENTS])
    return Report(ReportKind.DSN, about, "", outcomes or (Outcome("", fate, "", ""),)) if about else None


def _recipients_in(text: str) -> Iterator[str]:
    """Addresses that stand alone on a line, in angle brackets or not."""
    for line in text[:20_000].splitlines():
        bare = line.strip().strip("<>").strip()
        if " " not in bare and 5 < len(bare) <= 254:
            yield _recipient(bare)


def may_be(headers: Mapping[str, str], subject: str, sender: str, size: int) -> bool:
    """Whether a message may be an automatic answer about one we sent, and deserves to be read whole: told from what a
    list of messages knows of it (`Envelope.mss_headers`)."""
    if size > MOST_BYTES:
        return False
    automatic = headers.get("auto-submitted", "no").strip().lower() not in {"", "no"}
    bounced = headers.get("return-path", "x").strip() in {"<>", ""}
    return (
        "multipart/report" in headers.get("content-type", "").lower()
        or "[ko int" in subject.lower()
        or automatic
        or bounced
        or is_system(sender)
    )
