"""Everything the program says about failures, fates, dates, sizes and names: the one door to the French of `ui`.

Sentences are literal sources of context "wording" (the source language is French). Typography: no-break space before
a colon and inside « », narrow no-break space before ; ! ?.
"""

from __future__ import annotations

from mssclient.ui.wording_failures import Deed, Sentence, failure, kept, problem, their_words, unread
from mssclient.ui.wording_fates import arrived_badly, code_reason, fate, fate_sentence, report, row_news, send_state
from mssclient.ui.wording_objections import objection
from mssclient.ui.wording_text import (
    age,
    attachments,
    bal_kind,
    clock,
    correspondent,
    count_unread,
    folder_name,
    full_when,
    iso_day,
    kind,
    media,
    number,
    row_sentence,
    sex,
    size,
    spoken_when,
    usager_check,
    when,
)

__all__ = [
    "Deed", "Sentence", "age", "arrived_badly", "attachments", "bal_kind", "clock", "code_reason", "correspondent",
    "count_unread", "failure", "fate", "fate_sentence", "folder_name", "full_when", "iso_day", "kept", "kind", "media",
    "number", "objection", "problem", "report", "row_news", "row_sentence", "send_state", "sex", "size", "spoken_when",
    "their_words", "unread", "usager_check", "when",
]  # fmt: skip
