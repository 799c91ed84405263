"""Draft → bytes: builds what we send, with MSSanté's headers, and fails closed (mssante.md §3; ECO.2.2–2.4)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from unicodedata import combining, normalize
from urllib.parse import quote

from mssclient.domain import sniff, xdm
from mssclient.domain.address import Correspondent, is_address, is_usager, normal
from mssclient.domain.bal import Bal
from mssclient.domain.documents import HealthDocument
from mssclient.domain.draft import AttachmentId, Draft, DraftAttachment, Field
from mssclient.domain.errors import Unreadable
from mssclient.domain.headers import clean, message_ids
from mssclient.domain.identity import is_qualified

_LINE = 76
_LONGEST_NAME = 180
_LONGEST_ID = 900
_WORD_BYTES = 45
"""Of UTF-8 in one encoded word: 60 characters of base64, under RFC 2047's 75 with its marks."""
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,90}")
_PRODUCT = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,500}[\x21-\x7e])?")


def build(
    draft: Draft,
    bal: Bal,
    sender_label: str,
    product: str,
    message_id: str,
    date: datetime,
    attachments: Mapping[AttachmentId, bytes],
    *,
    reply_to: str = "",
) -> bytes:
    """The message that leaves, CRLF throughout, pure ASCII, no line over 998 bytes.

    `reply_to`, for an applicative BAL, is where people answer (ECO.2.2.5). `product` is X-MSS-NIL: without it nothing
    is built (ECO.2.4.3). ValueError for that, for a missing attachment, a malformed Message-ID, or an address that is
    none: `draft.objections` should have stopped these before.
    """
    headers = _headers(bal, sender_label, product, message_id, date)
    headers += _recipients(draft)
    headers.append(("Subject", _unstructured(draft.subject, len("Subject: "))))
    if reply_to:
        # An applicative BAL takes no answers (ECO.2.2.5); RFC 3834 tells automatic responders to keep quiet.
        headers += [("Reply-To", _address(reply_to)), ("Auto-Submitted", "auto-generated")]
    headers += _thread(draft)
    headers += _receipts(draft, bal.address)
    headers += _documents([attachments[each.id] for each in draft.attachments if each.id in attachments])
    body_headers, body = _text(draft.text)
    if not draft.attachments:
        return _joined(headers + body_headers, [body])
    boundary = f"=_mss_{binascii.crc32(message_id.encode()):08x}_{len(draft.attachments)}_="
    headers.append(("Content-Type", f'multipart/mixed; boundary="{boundary}"'))
    pieces = [_joined(body_headers, [body])]
    for attachment in draft.attachments:
        if attachment.id not in attachments:
            raise ValueError("an attachment has no bytes")
        pieces.append(_attached(attachment, attachments[attachment.id]))
    return _joined(headers, _bounded(boundary, pieces))


def read_receipt(
    bal: Bal,
    sender_label: str,
    product: str,
    message_id: str,
    date: datetime,
    *,
    to: str,
    original_id: str,
    subject: str = "",
    text: str = "",
    automatic: bool = False,
    disposition: str = "displayed",
) -> bytes:
    """An MDN that says "displayed" (RFC 8098, ECO.3.1.6) to `to` about `original_id`, or what `integration` answers.

    `text` is the sentence for people, in French, from the UI; without it the subject stands there. Raises as `build`.
    """
    if not is_address(to):
        raise ValueError("not an address")
    headers = _headers(bal, sender_label, product, message_id, date)
    headers += [("To", to), ("Subject", _unstructured(subject, len("Subject: ")))]
    known = _ids(original_id)
    headers += [("In-Reply-To", known[0]), ("References", known[0])] if known else []
    boundary = f"=_mss_{binascii.crc32(message_id.encode()):08x}_mdn_="
    kind = f'multipart/report; report-type=disposition-notification;\r\n boundary="{boundary}"'
    headers += [("Auto-Submitted", "auto-replied"), ("Content-Type", kind)]
    mode = "automatic-action/MDN-sent-automatically" if automatic else "manual-action/MDN-sent-manually"
    fields = [
        ("Reporting-UA", f"{_product(product)}; mssclient"),
        ("Final-Recipient", f"rfc822; {_address(bal.address)}"),
        *([("Original-Message-ID", known[0])] if known else []),
        ("Disposition", f"{mode}; {disposition}"),
    ]
    body_headers, body = _text(text or subject)
    notice = _joined([("Content-Type", "message/disposition-notification")], [_block(fields)])
    return _joined(headers, _bounded(boundary, [_joined(body_headers, [body]), notice]))


def health_subject(documents: Sequence[HealthDocument]) -> str:
    """The subject that a mail with these documents should bear (ECO.2.1.3); empty when nobody is identified.

    `XDM/1.0/DDM+<label ≤ 40> <NOM> <prénom> <JJ/MM/AAAA>`, birth name in capitals, names without accents.
    """
    usager = next((each.usager for each in documents if each.usager is not None), None)
    if usager is None or not usager.birth_name:
        return ""
    label = documents[0].type_label[:40].strip() if len(documents) == 1 else f"{len(documents)} documents"
    names = f"{_unaccented(usager.birth_name).upper()} {_unaccented(usager.given[0]) if usager.given else ''}".strip()
    year, _, rest = usager.birth_date.partition("-")
    born = f" {rest[3:5]}/{rest[:2]}/{year}" if len(usager.birth_date) == 10 else ""
    return f"XDM/1.0/DDM+{label} {names}{born}"


def _unaccented(text: str) -> str:
    from_ligatures = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    return "".join(c for c in normalize("NFKD", from_ligatures) if not combining(c))


def _headers(bal: Bal, label: str, product: str, message_id: str, date: datetime) -> list[tuple[str, str]]:
    """What stands on every mail. `X-MSS-NIL` is checked first: nothing is built without it."""
    nil = _product(product)
    if _ids(message_id) != [message_id]:
        raise ValueError("not a Message-ID")
    if date.tzinfo is None:
        raise ValueError("a date without its offset")
    return [
        ("Date", format_datetime(date)),
        ("From", _mailbox(label, bal.address, len("From: "))),
        ("Message-ID", message_id),
        ("X-MSS-NIL", nil),
        ("MIME-Version", "1.0"),
    ]


def _product(product: str) -> str:
    if _PRODUCT.fullmatch(product) is None:
        raise ValueError("X-MSS-NIL is not configured (ECO.2.4.3)")
    return product


def _address(address: str) -> str:
    text = address.strip()
    if not is_address(text):
        raise ValueError("not an address")
    return text


def _recipients(draft: Draft) -> list[tuple[str, str]]:
    headers = []
    for field, name in ((Field.TO, "To"), (Field.CC, "Cc")):
        people = [each.who for each in draft.recipients if each.field is field]
        if people:
            headers.append((name, ",\r\n ".join(_correspondent(who) for who in people)))
    return headers


def _correspondent(who: Correspondent) -> str:
    return _mailbox(who.label, who.address, 5)


def _mailbox(label: str, address: str, before: int) -> str:
    plain, spec = clean(label), _address(address)
    if not plain:
        return spec
    if _PLAIN_PHRASE.fullmatch(plain) and "=?" not in plain and len(plain) < 60:
        return f"{plain} <{spec}>" if not plain.startswith("=") else f'"{plain}" <{spec}>'
    if plain.isascii() and "=?" not in plain and len(plain) < 60:
        escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{spec}>'
    return f"{_encoded(plain, before)}\r\n <{spec}>"


def _unstructured(text: str, before: int) -> str:
    plain = clean(text)
    if not plain.isascii() or "=?" in plain or any(len(word) > _LINE for word in plain.split()):
        return _encoded(plain, before)
    lines, line = [], ""
    for word in plain.split():
        if line and before + len(line) + 1 + len(word) > _LINE:
            lines.append(line)
            line, before = word, 1
        else:
            line = f"{line} {word}".strip()
    return "\r\n ".join([*lines, line])


def _encoded(text: str, before: int) -> str:
    """RFC 2047 words in base64, one a line, never cutting a character; the first is shorter by the header's name."""
    words: list[str] = []
    room, piece = _WORD_BYTES - (before + 1) * 3 // 4, b""
    for letter in text:
        raw = letter.encode("utf-8", errors="replace")
        if piece and len(piece) + len(raw) > room:
            words.append(_word(piece))
            piece, room = b"", _WORD_BYTES
        piece += raw
    return "\r\n ".join([*words, _word(piece)]) if piece else ""


def _word(raw: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(raw).decode('ascii')}?="


def _thread(draft: Draft) -> list[tuple[str, str]]:
    """In-Reply-To and References on answers (ECO.2.2.2); what is no message id is left out."""
    answered = _ids(draft.in_reply_to)[:1]
    chain = dict.fromkeys(one for each in draft.references for one in _ids(each))
    chain.update(dict.fromkeys(answered))
    headers = [("In-Reply-To", answered[0])] if answered else []
    return headers + ([("References", "\r\n ".join(list(chain)[-20:]))] if chain else [])


def _ids(text: str) -> list[str]:
    """Message ids that fit on one line and in ASCII."""
    return [each for each in message_ids(text) if len(each) < _LONGEST_ID and each.isascii()]


def _receipts(draft: Draft, address: str) -> list[tuple[str, str]]:
    headers = []
    if draft.ask_delivery:
        headers.append(("Return-Receipt-To", f"<{_address(address)}>"))
    if draft.ask_read:
        headers.append(("Disposition-Notification-To", f"<{_address(address)}>"))
    if draft.no_answer and any(is_usager(normal(each.who.address)) for each in draft.recipients):
        headers.append(("X-MSS-MES", "FIN"))
    return headers


def _documents(contents: Sequence[bytes]) -> list[tuple[str, str]]:
    """X-MSS-CODECDA and X-MSS-INS, only when an archive with CDA documents goes along (ECO.2.4.1, ECO.2.4.2)."""
    found: list[HealthDocument] = []
    for content in contents:
        if sniff.is_zip(content):
            try:
                found += xdm.read(content).documents
            except Unreadable:
                continue
    documents = [each for each in found if each.cda_code]
    if not documents:
        return []
    codes = [re.sub(r"[^\x21-\x2b\x2d-\x7e]", "", each.cda_code)[:40] for each in documents]
    qualified = any(each.usager is not None and is_qualified(each.usager) for each in documents)
    return [("X-MSS-CODECDA", ",\r\n ".join(_grouped(codes))), ("X-MSS-INS", "O" if qualified else "N")]


def _grouped(codes: list[str]) -> list[str]:
    return [",".join(codes[start : start + 6]) for start in range(0, len(codes), 6)]


def _text(text: str) -> tuple[list[tuple[str, str]], bytes]:
    """The body as UTF-8 text/plain (ECO.2.2.3), quoted-printable unless it is short ASCII lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")
    raw = "\r\n".join([*lines, ""] if lines[-1] else lines).encode("utf-8", errors="replace")
    headers = [("Content-Type", "text/plain; charset=utf-8")]
    if raw.isascii() and b"=_" not in raw and all(len(line) <= _LINE and line == line.rstrip() for line in lines):
        return [*headers, ("Content-Transfer-Encoding", "7bit")], raw
    encoded = binascii.b2a_qp(raw, istext=True).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return [*headers, ("Content-Transfer-Encoding", "quoted-printable")], encoded


def _attached(attachment: DraftAttachment, content: bytes) -> bytes:
    kind = attachment.media_type.strip().lower()
    if _MEDIA_TYPE.fullmatch(kind) is None or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    disposition = "attachment" + _file_name(attachment.name)
    headers = [
        ("Content-Type", kind),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", disposition),
    ]
    return _joined(headers, [base64.encodebytes(content).replace(b"\n", b"\r\n")])


def _file_name(name: str) -> str:
    """The file name parameter, by RFC 2231 when it is not plain ASCII; no path goes out."""
    last = clean(name).replace("\\", "/").rpartition("/")[2] or "document"
    if len(last) > _LONGEST_NAME:
        stem, dot, extension = last.rpartition(".")
        last = f"{stem[: _LONGEST_NAME - 10]}{dot}{extension[:9]}" if dot else last[:_LONGEST_NAME]
    if last.isascii() and '"' not in last and len(last) < 70:
        return f';\r\n filename="{last}"'
    encoded = quote(last.encode("utf-8", errors="replace"), safe="")
    if len(encoded) < 60:
        return f";\r\n filename*=utf-8''{encoded}"
    pieces = _cut(encoded, 55)
    return "".join(
        f";\r\n filename*{n}*={chr(39).join(('utf-8', '', p)) if n == 0 else p}" for n, p in enumerate(pieces)
    )


def _cut(encoded: str, size: int) -> list[str]:
    """Pieces of a percent-encoded text, no escape cut in two."""
    pieces = []
    while encoded:
        end = size
        if "%" in encoded[end - 2 : end] and len(encoded) > end:
            end = encoded.index("%", end - 2)
        pieces.append(encoded[:end])
        encoded = encoded[end:]
    return pieces


def _block(headers: Sequence[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii")


def _joined(headers: Sequence[tuple[str, str]], body: Sequence[bytes]) -> bytes:
    return b"".join((_block(headers), b"\r\n", *body))


def _bounded(boundary: str, pieces: Sequence[bytes]) -> list[bytes]:
    """The pieces between boundary lines. No encoded line can begin with "--=_": base64 and QP have none."""
    mark = f"--{boundary}\r\n".encode("ascii")
    out: list[bytes] = []
    for piece in pieces:
        out += [mark, piece, b"" if piece.endswith(b"\r\n") else b"\r\n"]
    return [*out, f"--{boundary}--\r\n".encode("ascii")]
