"""The user's wishes on messages, and what the screen shows while they have not reached the operator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NewType

from mssclient.domain.bal import FolderId
from mssclient.domain.message import MessageId

ChangeId = NewType("ChangeId", str)
"""Random, made where the wish is uttered; one id may cover many messages, and is what undo takes."""


class Wish(Enum):
    """What a user may want done to a message."""

    READ = "read"
    UNREAD = "unread"
    FLAG = "flag"
    UNFLAG = "unflag"
    MOVE = "move"  # deletion is a move to the trash
    ERASE = "erase"  # expunge from the trash, cannot be undone
    MDN_SENT = "mdn sent"
    ANSWERED = "answered"
    FORWARDED = "forwarded"


@dataclass(frozen=True, slots=True)
class Change:
    """One wish on one message."""

    id: ChangeId
    message_id: MessageId
    wish: Wish
    target: FolderId | None = None
    """Destination of a MOVE."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What the operator last said of a message, as far as wishes touch it."""

    folder_id: FolderId
    seen: bool
    flagged: bool
    gone: bool = False


def projected(truth: Truth, wishes: tuple[Change, ...]) -> Truth:
    """Truth with wishes applied in order: what the list shows. The store's SQL view does the same; a test compares."""
    folder, seen, flagged, gone = truth.folder_id, truth.seen, truth.flagged, truth.gone
    for wish in wishes:
        match wish.wish:
            case Wish.READ:
                seen = True
            case Wish.UNREAD:
                seen = False
            case Wish.FLAG:
                flagged = True
            case Wish.UNFLAG:
                flagged = False
            case Wish.MOVE:
                folder = wish.target if wish.target is not None else folder
            case Wish.ERASE:
                gone = True
            case Wish.MDN_SENT | Wish.ANSWERED | Wish.FORWARDED:
                pass
    return Truth(folder, seen, flagged, gone)


class FolderWish(Enum):
    """What a user may want done to a folder."""

    NEW = "new"
    RENAME = "rename"
    DISCARD = "discard"  # into the trash as it stands, with what is below it
    DELETE = "delete"  # for good; messages of one outside the trash go to the trash first


@dataclass(frozen=True, slots=True)
class LastAct:
    """The last thing a person did that undo takes back: `wish` of messages or `folder_wish` of a folder."""

    change_id: ChangeId
    wish: Wish | None = None
    folder_wish: FolderWish | None = None
    count: int = 1
    """Messages."""
    name: str = ""
    """The folder's."""
    target: FolderId | None = None
    """Where a MOVE went."""


NAME_CAP = 100
"""Characters of a folder's name."""


def folder_name(text: str, separator: str, siblings: Iterable[str]) -> str:
    """A name for a folder as it will be kept. Raises ValueError for one that an operator would take for something else:
    empty, "INBOX" in any case (RFC 3501 §5.1), with the separator of its paths, a sign that LIST reads as a pattern or a
    control character, or one that differs from a sibling's in case only."""
    name = " ".join(text.split())
    wrong = not name or len(name) > NAME_CAP or not name.isprintable() or name.casefold() == "inbox"
    if wrong or any(sign in name for sign in ("%", "*", "/", "\\", separator or "/")):
        raise ValueError("folder name")
    if name.casefold() in {each.casefold() for each in siblings}:
        raise ValueError("folder exists")
    return name
