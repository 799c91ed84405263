"""A draft as a mail in the Drafts folder: ours come back whole on another workstation, foreign ones as far as mail tells.

The Message-ID `<mssd.DRAFT.REVISION@domain>` names the draft and the version, so that a copy is found again whatever broke.
The header X-Mssclient-Draft holds what no mail header says: where a recipient came from, receipts that were asked for.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import cast

from mssclient.domain import mime
from mssclient.domain.address import Correspondent, CorrespondentKind, is_address
from mssclient.domain.bal import Bal, BalId
from mssclient.domain.draft import AttachmentId, Draft, DraftId, Field, Origin, Recipient
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.headers import clean, decode_header, message_ids
from mssclient.domain.mime import Parsed, ParsedAttachment
from mssclient.domain.mime_build import build

MARK = "mssd."
"""How every Message-ID of ours begins in a Drafts folder."""
STATE_HEADER = "x-mssclient-draft"
MAX_STATE = 48 * 1024
"""Characters of the state header that are read, and written."""
MAX_RECIPIENTS = 100
_NAME = re.compile(r"<mssd\.([A-Za-z0-9_-]{1,80})\.([A-Za-z0-9_-]{1,80})@[^<>@\s]{1,255}>")
_LINE = 900


class Choice(Enum):
    """What a person wants of two versions of a draft."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Rival:
    """The version of a draft that somebody else left in the Drafts folder; `uid` 0: they removed or sent it."""

    revision: str
    uid: int
    theirs: Draft | None
    """As far as it was read; None when it is gone there."""
    files: tuple[str, ...] = ()
    """Names of what is attached to it."""


@dataclass(frozen=True, slots=True)
class TwoVersions:
    """A draft that was changed here and elsewhere: a person chooses, nothing is overwritten."""

    mine: Draft
    rival: Rival


@dataclass(frozen=True, slots=True)
class Taken:
    """A draft read from the Drafts folder. `draft.attachments` is empty: the files come beside it."""

    draft: Draft
    files: tuple[ParsedAttachment, ...]
    answers: str = ""
    """Message-ID of what it answers."""
    forwards: str = ""
    """Message-ID of what it passes on."""
    missing: tuple[str, ...] = ()
    """Names of files that were too heavy to go along."""


def header_id(draft_id: DraftId, revision: str, domain: str) -> str:
    """The Message-ID of one version of a draft."""
    return f"<{MARK}{draft_id}.{revision}@{domain}>"


def named(message_id: str) -> tuple[DraftId, str] | None:
    """Draft and revision of a Message-ID of ours; None for anybody else's."""
    found = _NAME.fullmatch(message_id.strip())
    return (DraftId(found[1]), found[2]) if found else None


def written(
    draft: Draft,
    bal: Bal,
    sender_label: str,
    product: str,
    message_id: str,
    date: datetime,
    attachments: Mapping[AttachmentId, bytes],
    *,
    forwards: str = "",
) -> bytes:
    """The mail that stands in the Drafts folder. What is typed halfway and is no address yet goes into the state only.

    `forwards` is the Message-ID of what it passes on. Raises ValueError as `mime_build.build`.
    """
    fit = tuple(r for r in draft.recipients if is_address(r.who.address.strip()))
    here = tuple(a for a in draft.attachments if a.id in attachments)
    mail = replace(draft, recipients=fit, attachments=here)
    raw = build(mail, bal, sender_label, product, message_id, date, attachments)
    missing = [a.name for a in draft.attachments if a.id not in attachments]
    state = base64.b64encode(json.dumps(_state(draft, forwards, missing), separators=(",", ":")).encode()).decode(
        "ascii"
    )
    if len(state) > MAX_STATE:
        return raw
    lines = [state[at : at + _LINE] for at in range(0, len(state), _LINE)]
    return b"".join((b"X-Mssclient-Draft: ", "\r\n ".join(lines).encode("ascii"), b"\r\n", raw))


def _state(draft: Draft, forwards: str, missing: list[str]) -> dict[str, object]:
    return {
        "people": [
            [r.who.label, r.who.address, r.who.kind.value, r.field.value, r.origin.value]
            for r in draft.recipients[:MAX_RECIPIENTS]
        ],
        "delivery": draft.ask_delivery, "read": draft.ask_read, "last": draft.no_answer,
        "answers": draft.in_reply_to if draft.answers is not None else "", "forwards": forwards,
        "missing": missing[:MAX_RECIPIENTS],
    }  # fmt: skip


def taken(raw: bytes, draft_id: DraftId, bal_id: BalId, updated: datetime) -> Taken:
    """Read a draft, ours or another client's. Raises Unreadable as `mime.parse`."""
    parsed = mime.parse(raw)
    state = _read_state(parsed.header(STATE_HEADER))
    chain = message_ids(parsed.header("references"))
    answered = message_ids(parsed.header("in-reply-to"))[:1]
    draft = Draft(
        draft_id, bal_id, recipients=_people(state) or _addressed(parsed),
        subject=clean(decode_header(parsed.header("subject"))), text=parsed.text,
        in_reply_to=answered[0] if answered else "", references=chain[-20:],
        ask_delivery=bool(state.get("delivery", True)),
        ask_read=bool(state.get("read", bool(parsed.header("disposition-notification-to")))),
        no_answer=bool(state.get("last", False)), updated=updated,
    )  # fmt: skip
    if parsed.truncated:
        raise Unreadable(Unread.TOO_BIG, "draft")
    left = state.get("missing")
    missing = tuple(clean(str(name))[:200] for name in left[:MAX_RECIPIENTS]) if isinstance(left, list) else ()
    return Taken(draft, parsed.attachments, _word(state, "answers"), _word(state, "forwards"), missing)


def _read_state(value: str) -> dict[str, object]:
    """What our own header says; nothing when it is absent, damaged or not ours."""
    try:
        found = json.loads(base64.b64decode("".join(value[:MAX_STATE].split()), validate=True)) if value else {}
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def _word(state: dict[str, object], key: str) -> str:
    found = message_ids(str(state.get(key, "")))[:1]
    return found[0] if found else ""


def _people(state: dict[str, object]) -> tuple[Recipient, ...]:
    listed = state.get("people")
    found = []
    for each in listed[:MAX_RECIPIENTS] if isinstance(listed, list) else []:
        try:
            label, address, kind, place, origin = (str(word) for word in each)
            who = Correspondent(clean(label)[:200], clean(address)[:254], CorrespondentKind(kind))
            found.append(Recipient(who, Field(place), Origin(origin)))
        except (TypeError, ValueError):
            continue
    return tuple(found)


def _addressed(parsed: Parsed) -> tuple[Recipient, ...]:
    """Recipients of a foreign draft count as typed: each is checked against the trust space before it leaves."""
    people = []
    for name, place in (("to", Field.TO), ("cc", Field.CC)):
        people += [Recipient(who, place, Origin.TYPED) for who in mime.addresses(parsed.header(name))]
    return tuple(people[:MAX_RECIPIENTS])
