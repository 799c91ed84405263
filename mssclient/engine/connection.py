"""The line a BAL's thread works on: opened, selected, dropped; what the operator says to people in passing."""

from __future__ import annotations

import logging

from mssclient.domain.bal import BalId
from mssclient.domain.errors import Offline, Refused
from mssclient.engine.house import House
from mssclient.remote.imap import ImapSession, Known, Selected

log = logging.getLogger(__name__)


class Connection:
    """One BAL's IMAP session and what is selected on it. Its own thread only, `cut` excepted."""

    def __init__(self, house: House, address: str, bal_id: BalId | None) -> None:
        self.house = house
        self.address = address
        self.bal_id = bal_id
        self.selected = ""
        """The selected mailbox; empty when there is none or nobody can say."""
        self._session: ImapSession | None = None
        self._told: set[str] = set()

    @property
    def is_up(self) -> bool:
        """Whether there is a line."""
        return self._session is not None

    @property
    def session(self) -> ImapSession:
        """The session; Offline when there is none."""
        if self._session is None:
            raise Offline("no line")
        return self._session

    @property
    def id(self) -> BalId:
        """The BAL; Offline before it was ever opened."""
        if self.bal_id is None:
            raise Offline("not opened yet")
        return self.bal_id

    def open(self) -> None:
        """Discover, connect, sign in. Raises as those do."""
        house, address = self.house, self.address
        profile = house.operators.profile(address)
        trust = house.operators.trust
        self._session = house.admission.sign_in(
            "imap",
            address,
            lambda token: ImapSession.open(
                house.environment, profile, address, token, trust=trust, timeout_s=house.patience.imap_s
            ),
        )
        self.selected = ""

    def select(self, mailbox: str, known: Known | None = None) -> Selected:
        """Make a mailbox the selected one."""
        self.selected = ""
        found = self.session.select(mailbox, known)
        self.selected = mailbox
        self.listen()
        return found

    def listen(self) -> None:
        """Hand what the operator wants people to read to the person: its own words, once a session."""
        for text in self.session.alerts():
            if text and text not in self._told:
                self._told.add(text)
                self.house.speaker.problem(Refused("ALERT", text), "alert", bal_id=self.bal_id)

    def drop(self) -> None:
        """The line is broken."""
        self.selected = ""
        if self._session is not None:
            session, self._session = self._session, None
            session.cut()

    def close(self) -> None:
        """Say goodbye."""
        self.selected = ""
        if self._session is not None:
            session, self._session = self._session, None
            session.close()

    def cut(self) -> None:
        """End now: for a stop that takes too long. Any thread."""
        if (session := self._session) is not None:
            session.cut()
