"""The thread `proposals`: looks at the record system's "to send" folder, proposes, and moves what left out of the way."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from mssclient.domain.draft import Draft
from mssclient.domain.errors import FilingRefused, MssError, SessionEnded
from mssclient.domain.events import ProposalsChanged
from mssclient.domain.handover import Handover, Proposal
from mssclient.dui import inbound
from mssclient.dui.inbound import REFUSED, SENT, Marks
from mssclient.engine.house import House
from mssclient.engine.shipping import Directory, Shipping
from mssclient.engine.worker import Worker

log = logging.getLogger(__name__)
EVERY_S = 5.0


class SendFolder:
    """Polls: shares tell nobody what changes on them. Works while a person's store is open; any thread may ask."""

    def __init__(self, house: House, shipping: Shipping, every_s: float | None = None) -> None:
        self._house = house
        self._shipping = shipping
        self._every_s = EVERY_S if every_s is None else every_s
        self._marks: Marks = {}
        self._guard = threading.Lock()
        self._found: tuple[Proposal, ...] = ()
        self._missing = False
        self._taken: set[str] = set()
        self.worker = Worker("proposals", self._tell, ending=house.stores.database.release)

    @property
    def folder(self) -> Path | None:
        """Where it looks; None where the administrator named none."""
        place = self._house.environment.send_folder
        return Path(place) if place else None

    def start(self) -> None:
        """Begin, where there is a folder."""
        if self.folder is not None:
            self.worker.start()
            self.worker.post(self._round)

    def proposals(self) -> tuple[Proposal, ...]:
        """What waits, by name."""
        with self._guard:
            return self._found

    def take(self, name: str, reader: Directory) -> Draft:
        """A draft from a proposal; it is proposed no more while the draft lives. Raises SessionEnded when it has gone."""
        found = next((p for p in self.proposals() if p.name == name), None)
        folder = self.folder
        if found is None or folder is None or found.problem is not None:
            raise SessionEnded("no such proposal")
        draft = self._shipping.take(found.handed, folder, reader, origin=name)
        self._taken.add(name)
        self._show(tuple(p for p in self.proposals() if p.name != name))
        return draft

    def refuse(self, name: str) -> None:
        """The person does not want it: into REFUSED."""
        found = next((p for p in self.proposals() if p.name == name), None)
        folder = self.folder
        if found is None or folder is None:
            return

        def job() -> None:
            inbound.put_away(folder, tuple(dict.fromkeys((found.name, *found.handed.attachments))), REFUSED)
            self._look()

        self.worker.post(job)

    def ring(self) -> None:
        """An outgoing message changed: what left may go."""
        if self.folder is not None:
            self.worker.post(self._settle)

    def _round(self) -> None:
        try:
            self._settle()
            self._look()
        except FilingRefused as error:
            if not self._missing:
                self._missing = True
                self._house.speaker.problem(error, "to send")
            self._show(())
        else:
            self._missing = False
        self.worker.post_in(self._every_s, self._round)

    def _look(self) -> None:
        folder = self.folder
        if folder is None:
            return
        seen = inbound.look(folder, self._marks)
        self._marks = seen.marks
        kept = self._house.stores.shipments.origins()
        # The draft of what was taken just now may not stand in the store yet.
        fresh, self._taken = self._taken - kept, set()
        self._show(tuple(p for p in seen.proposals if p.name not in kept | fresh))

    def _show(self, found: tuple[Proposal, ...]) -> None:
        with self._guard:
            same = _seen(found) == _seen(self._found)
            self._found = found
        if not same:
            self._house.speaker.announce(ProposalsChanged())

    def _settle(self) -> None:
        """What the operator took goes into SENT, what it refused into REFUSED, with the documents."""
        folder, store = self.folder, self._house.stores.shipments
        if folder is None:
            return
        for draft_id, origin, names, sent in store.untold():
            moved = inbound.put_away(folder, (origin, *names), SENT if sent else REFUSED)
            store.set_told(draft_id, "sent" if sent else "refused")
            log.info("%d files of the record system put away", moved)

    def _tell(self, error: MssError | None) -> None:
        self._house.speaker.problem(error or MssError("a bug"), "to send")
        self.worker.post_in(30.0, self._round)


def _seen(found: tuple[Proposal, ...]) -> list[tuple[str, Handover, str]]:
    """What a person sees of them: a sidecar written anew under the same name is another."""
    return [(p.name, p.handed, str(p.problem or "")) for p in found]
