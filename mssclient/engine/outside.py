"""Copies for other programs: laid in the person's private folder when asked for, gone when the person is."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from mssclient.domain import outside, xdm
from mssclient.domain.errors import FilingReason, FilingRefused, MssError
from mssclient.domain.events import OutsideReady
from mssclient.domain.message import PartId
from mssclient.engine.house import Speaker
from mssclient.store.content import ContentStore
from mssclient.store.private import PrivateFolder

log = logging.getLogger(__name__)
Key = tuple[PartId, str]


class Outside:
    """What of one person's documents lies outside the store. Any thread."""

    def __init__(self, folder: PrivateFolder, content: ContentStore, speaker: Speaker) -> None:
        self._folder = folder
        self._content = content
        self._speaker = speaker
        self._lock = threading.Lock()
        self._laid: dict[Key, Path] = {}
        self._shut = False

    def lay(self, part_id: PartId, content: str) -> None:
        """Lay a copy of an attachment that is at hand; ends in OutsideReady or a Problem. On a worker's thread."""
        message_id = None
        try:
            place = self._content.part(part_id)
            raw = self._content.part_bytes(part_id)
            if place is None or raw is None:
                raise FilingRefused(FilingReason.VANISHED)
            message_id = place.message_id
            shown = xdm.by_key(raw, content)
            name = outside.name_for(_name(place.spec.name, content), shown)
            if not self._put((part_id, content), name, shown):
                return
        except MssError as error:
            self._speaker.problem(error, "open", message_id=message_id)
            return
        log.info("laid outside: %d bytes", len(shown))
        self._speaker.announce(OutsideReady(part_id, content))

    def _put(self, key: Key, name: str, shown: bytes) -> bool:
        """Whether a copy lies there; none is laid behind a lock."""
        with self._lock:
            if self._shut:
                return False
            if not ((found := self._laid.get(key)) and found.exists()):
                self._laid[key] = self._folder.lay(name, shown)
            return True

    def file(self, part_id: PartId, content: str) -> Path | None:
        """Where the copy lies, while it does."""
        with self._lock:
            found = self._laid.get((part_id, content))
        return found if found is not None and found.exists() else None

    def open(self) -> None:
        """The person is here: copies may be laid."""
        with self._lock:
            self._shut = False

    def shut(self) -> None:
        """The person is gone: what was laid goes, and nothing more is laid until `open`."""
        with self._lock:
            self._shut = True
            self._laid.clear()
            self._folder.empty()


def _name(own: str, content: str) -> str:
    """The attachment's own name, or that of the piece inside; what a CDA embeds is named after it, by its own kind."""
    if content.startswith("cda:"):
        path = content.removeprefix("cda:").rpartition("#")[0] or own
        return path.rpartition("/")[2].rpartition(".")[0] or "document"
    return content.rpartition("/")[2] or own
