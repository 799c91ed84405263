"""What goes into the record system's folder, under which name, and what must not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from mssclient.domain.identity import Usager
from mssclient.domain.message import MessageId, PartId

FilingId = NewType("FilingId", int)


@dataclass(frozen=True, slots=True)
class FilingChoice:
    """What the person confirmed: whose document this is, and what it is."""

    usager: Usager
    act_date: str
    """ISO date."""
    type_code: str
    type_label: str
    title: str = ""
    record_number: str = ""
    content: str = ""
    """Entry of an archive (its path), "cda:<path>#n" for what a CDA embeds; empty for the attachment itself."""
    again: bool = False
    """The person saw that it was filed before and wants it once more."""


@dataclass(frozen=True, slots=True)
class Filed:
    """One line of the filing journal."""

    id: FilingId
    message_id: MessageId
    part_id: PartId
    content: str
    person: str
    """National id of who filed."""
    at: datetime
    file_name: str
    sha256: str
    unique_id: str
    usager_name: str
    undone: bool = False
