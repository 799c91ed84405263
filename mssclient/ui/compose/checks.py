"""Which field of the composer an objection stands next to, and what has to be asked before sending."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum

from mssclient.domain import doubts
from mssclient.domain.draft import MAX_CORRESPONDENTS, Draft, Facts, Objection, Why, objections
from mssclient.engine.api import Reader


class Place(Enum):
    """The fields of the composer that objections stand next to."""

    RECIPIENTS = "recipients"
    WORDS = "words"
    SIZE = "size"
    SENDER = "sender"
    HEALTH = "health"


_PLACES = {
    Why.NO_SUBJECT: Place.WORDS, Why.NO_TEXT: Place.WORDS, Why.ATTACHMENT_FORGOTTEN: Place.WORDS,
    **dict.fromkeys(
        (Why.NO_INSTITUTION, Why.NO_USAGER, Why.NOT_QUALIFIED, Why.NO_AUTHOR, Why.NO_TYPE, Why.NO_ACT_DATE, Why.OTHER_USAGER,
         Why.OPPOSED, Why.OPPOSED_PROFESSIONALS, Why.HIDDEN, Why.NOT_PREPARED),
        Place.HEALTH,
    ),
    Why.TOO_BIG: Place.SIZE, Why.MES_TOO_BIG: Place.SIZE, Why.APP_BAL: Place.SENDER, Why.NO_PRODUCT: Place.SENDER,
}  # fmt: skip
_ONLY_WHEN_SENDING = {Why.NO_RECIPIENT, Why.NO_SUBJECT, Why.NO_TEXT, Why.ATTACHMENT_FORGOTTEN}
_QUOTED = re.compile(r"(?:^>.*(?:\n|\Z))+\Z", re.MULTILINE)


def place_of(objection: Objection) -> Place:
    """The field an objection is about."""
    return _PLACES.get(objection.why, Place.RECIPIENTS)


def is_early(objection: Objection) -> bool:
    """Whether to say it while the person still types; the others wait for Send."""
    return objection.why not in _ONLY_WHEN_SENDING


def objections_to(draft: Draft, facts: Facts, reader: Reader) -> tuple[Objection, ...]:
    """Why this draft may not leave, its quoted text set aside."""
    found = objections(draft, replace(facts, quoted=facts.quoted or _quoted_part(draft, reader)))
    return (*found, *_doubts(draft, facts, reader))


def _doubts(draft: Draft, facts: Facts, reader: Reader) -> Iterator[Objection]:
    """What has to be asked about the recipients; read from the Annuaire at each look, because it may change meanwhile."""
    used = reader.used_domains()
    for recipient in draft.recipients[:MAX_CORRESPONDENTS]:
        if (near := doubts.about_resemblance(recipient, facts.white_list, used)) is not None:
            yield near
        if (departure := reader.departure(recipient.who.address)) is not None:
            known, successors = reader.acquaintance(departure.address), reader.successors(departure)
            if (asked := doubts.about_departure(recipient, departure, known, successors)) is not None:
                yield asked


def _quoted_part(draft: Draft, reader: Reader) -> str:
    if draft.forwards is not None:
        message = reader.message(draft.forwards)
        return message.text if message is not None and message.text in draft.text else ""
    found = _QUOTED.search(draft.text) if draft.answers is not None else None
    return found.group() if found else ""
