"""Which messages belong to one conversation: by their ids (RFC 5322 §3.6.4), and by subject where software left those out."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from datetime import timedelta

from mssclient.domain.address import fold
from mssclient.domain.headers import shown_subject
from mssclient.domain.message import Envelope

NEAR = 20
"""References looked at, the last ones: they are the nearest; and the first one, which every answer keeps."""
WITHIN = timedelta(days=30)
"""An answer by its subject alone comes so soon after what it answers."""
_ANSWER = re.compile(
    r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:(?:re|r|aw|sv|rif|antw|r[\xe9e]f|r[\xe9e]p|r[\xe9e]ponse)\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?:\s*)",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"^\s*(?:(?:re|r|aw|sv|rif|antw|r[\xe9e]f|r[\xe9e]p|r[\xe9e]ponse|tr|fwd?|wg|i)\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?:\s*)",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    {"", "bonjour", "message", "demande", "question", "urgent", "information", "infos", "document", "sans objet"}
)
"""Subjects that say nothing: an answer to one of them could be to any."""
_NOBODYS = frozenset({"", "null", "none", "unknown", "noid", "id", "messageid", "message-id", "message", "mail", "0"})
_OUTLOOK_HEAD = 22
"""Bytes of a Thread-Index that all messages of one conversation share ([MS-OXOMSG] §2.2.1.3)."""


def ties(envelope: Envelope) -> list[str]:
    """Every id that ties this message to others, its own last. Ids that cannot be one message's alone are left out."""
    references = envelope.references
    near = references[-NEAR:] if len(references) <= NEAR else (references[0], *references[-NEAR:])
    named = (*near, envelope.in_reply_to, outlook(envelope.header("thread-index")), envelope.message_id)
    return list(dict.fromkeys(each for each in named if is_telling(each)))


def is_telling(header: str) -> bool:
    """Whether a Message-ID can mean one message: some software writes the same word into all of its mails."""
    bare = header.strip("<> ").lower()
    return len(bare) > 2 and bare.partition("@")[0] not in _NOBODYS


def outlook(thread_index: str) -> str:
    """The common beginning of Outlook's Thread-Index as an id of its own; empty when it is none."""
    try:
        raw = binascii.a2b_base64(thread_index.encode("ascii", "ignore"))
    except binascii.Error:
        return ""
    return f"<thread-index.{raw[:_OUTLOOK_HEAD].hex()}@outlook>" if len(raw) >= _OUTLOOK_HEAD else ""


def is_loose_answer(envelope: Envelope) -> bool:
    """Whether a message is an answer that names no message: only its subject says so."""
    if _ANSWER.match(envelope.subject) is None:
        return False
    named = any(is_telling(each) for each in (*envelope.references, envelope.in_reply_to))
    return not named and base_of(envelope.subject) not in _GENERIC


def is_answer_or_forward(subject: str) -> bool:
    """Whether something stands before the subject proper that `base_of` takes away."""
    return _AROUND.match(subject) is not None


def base_of(subject: str) -> str:
    """A subject, folded, without what answering and forwarding put before it: "Re: TR : Re[2]: Bilan" is "bilan"."""
    rest = subject[:500]
    for _ in range(20):
        shorter = _AROUND.sub("", rest, count=1)
        if shorter == rest:
            break
        rest = shorter
    return fold(shown_subject(rest))[:80]


def may_answer(answer: Iterable[str], asked: Iterable[str]) -> bool:
    """Whether two messages of one subject are of the same people: each is sender and recipients, sender first, lower case.
    The writer of the answer was written to, and writes to somebody of the other message."""
    writer, *others = answer or ("",)
    other_writer, *written_to = asked or ("",)
    return bool(writer and other_writer) and writer in written_to and other_writer in others
