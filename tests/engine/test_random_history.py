"""A random client against a random history of its server: whatever both did, in whatever order, both end up the same.

The client is the program in a process of its own, behind a line that goes down; the history is made by a second mail
client on the same Dovecot. `MSSCLIENT_HISTORIES=500` plays more of them, other ones each time.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from imapclient import imap_utf7

from tests.faults.conftest import alice, bob, fault_world, nursery
from tests.faults.nursery import Far, Nursery
from tests.faults.settle import everywhere, no_secret, sent_once, settled
from tests.faults.station import Work
from tests.faults.truth import Truth
from tests.faults.world import SENDER, FaultWorld

__all__ = ["alice", "bob", "fault_world", "nursery"]

pytestmark = pytest.mark.lab
MORE = int(os.environ.get("MSSCLIENT_HISTORIES", "0"))
HISTORIES, STEPS = MORE or 20, 14
PLACES = ("INBOX", "Corbeille", "Class&AOk-s", "Dossier A", "Dossier B")
OWN = ("Dossier A", "Dossier B")
"""Folders that the other client makes, renames and deletes."""
_NAMES = itertools.count(1)
ANY = st.integers(0, 40)


class History(RuleBasedStateMachine):
    """One of them. Messages and folders are chosen by a number among those that there are."""

    world: ClassVar[FaultWorld]
    nursery: ClassVar[Nursery]
    alice: ClassVar[Truth]
    bob: ClassVar[Truth]

    def __init__(self) -> None:
        super().__init__()
        self.work = Work(f"histoire{next(_NAMES)}")
        self.place = tempfile.TemporaryDirectory(prefix="mss-history-")
        self.home = Path(self.place.name) / "home"
        self.expected: Counter[str] = Counter()
        """Message-ID → how often it must stand in the mailbox, but for those that somebody erased."""
        self.erased: set[str] = set()
        self.drafts: dict[str, str] = {}
        self.down = False
        self.validity = 2_000_000_000
        self.far: Far | None = None

    @initialize(notify=st.booleans())
    def begin(self, notify: bool) -> None:
        """A mailbox with three letters, and the program on it; the server does NOTIFY, or IDLE only."""
        self.world.proxy.lift()
        self.world.proxy.notify = notify
        self.world.proxy.accepted.clear()
        for name in self.alice.folders():
            if name.startswith("Dossier"):
                self.alice.delete(name)
        self.alice.empty()
        for _ in range(3):
            self.arrive(0)
        self._open()

    def _open(self) -> None:
        self.far = self.nursery.station(self.world.environment_file, self.home)
        self.far.call("open")
        if not self.down:
            self.far.call("ready")

    @property
    def there(self) -> Far:
        """The program's process."""
        assert self.far is not None
        return self.far

    def _letter(self, number: int) -> str:
        known = sorted(self.expected)
        return known[number % len(known)]

    def _places(self) -> list[str]:
        return [name for name in self.alice.folders() if name in PLACES]

    def _at_server(self, number: int) -> tuple[str, int, str] | None:
        """Mailbox, uid and Message-ID of one message as it stands at the operator."""
        found = [
            (name, uid, seen.message_id) for name in self._places() for uid, seen in self.alice.listed(name).items()
        ]
        return found[number % len(found)] if found else None

    # the person
    @rule(letter=ANY, on=st.booleans())
    def flag(self, letter: int, on: bool) -> None:
        self.there.call("flag", self._letter(letter), on)

    @rule(letter=ANY, on=st.booleans())
    def read(self, letter: int, on: bool) -> None:
        self.there.call("read", self._letter(letter), on)

    @rule(letter=ANY, place=ANY)
    def file(self, letter: int, place: int) -> None:
        places = self._places()
        self.there.call("move", self._letter(letter), places[place % len(places)])

    @rule(letter=ANY)
    def delete(self, letter: int) -> None:
        name = self._letter(letter)
        if self.there.call("delete", name):
            self.erased.add(name)

    @rule()
    def undo(self) -> None:
        self.there.call("undo")

    @rule(letter=ANY)
    def look(self, letter: int) -> None:
        self.there.call("body", self._letter(letter))

    @rule(number=st.integers(0, 1), text=st.text("abc", min_size=1, max_size=5))
    def write(self, number: int, text: str) -> None:
        name = f"{self.work.name}-{number}"
        self.there.call("keep", name, text)
        self.drafts[name] = f"TexteSecretDuBrouillon {text}"

    @rule()
    def send(self) -> None:
        if self.there.call("can_write"):
            self.there.call("send", f"{self.work.name}-{next(_NAMES)}")

    @rule()
    def lock_and_come_back(self) -> None:
        self.there.call("lock")
        self.there.call("sign_in")

    @rule()
    def crash_and_open(self) -> None:
        for name in self.drafts:
            self.there.call("wait_kept", name)
        self.there.kill()
        self.world.proxy.wait_idle()
        self._open()

    @rule()
    def refresh(self) -> None:
        self.there.call("refresh")

    # the line
    @precondition(lambda self: not self.down)
    @rule()
    def go_down(self) -> None:
        self.down = True
        self.world.proxy.shut()

    @precondition(lambda self: self.down)
    @rule()
    def come_up(self) -> None:
        self.down = False
        self.world.proxy.lift()
        self.there.call("refresh")

    @rule()
    def hang_up(self) -> None:
        self.world.proxy.cut()

    # the other client
    @rule(place=ANY)
    def arrive(self, place: int) -> None:
        places = self._places()
        number = sum(self.expected.values()) + len(self.erased)
        self.alice.put(places[place % len(places)], self.work.raw(number))
        self.expected[self.work.header(number)] += 1

    @rule(letter=ANY)
    def expunge(self, letter: int) -> None:
        if found := self._at_server(letter):
            self.alice.erase(found[0], [found[1]])
            self.erased.add(found[2])

    @rule(letter=ANY, flag=st.sampled_from(["\\Seen", "\\Flagged", "\\Answered"]), on=st.booleans())
    def mark_elsewhere(self, letter: int, flag: str, on: bool) -> None:
        if found := self._at_server(letter):
            self.alice.mark(found[0], [found[1]], flag, on=on)

    @rule(letter=ANY, place=ANY)
    def file_elsewhere(self, letter: int, place: int) -> None:
        places = self._places()
        if found := self._at_server(letter):
            self.alice.move(found[0], [found[1]], places[place % len(places)])

    @rule(which=st.sampled_from(OWN))
    def make_folder(self, which: str) -> None:
        self.alice.create(which)

    @rule(which=st.sampled_from(OWN))
    def rename_folder(self, which: str) -> None:
        other = OWN[1 - OWN.index(which)]
        names = self.alice.folders()
        if which in names and other not in names:
            self.alice.rename(which, other)

    @rule(which=st.sampled_from(OWN))
    def delete_folder(self, which: str) -> None:
        if which in self.alice.folders():
            # Out of the client's reach first: what is in it at that moment is what goes.
            doomed = f"Dossier perdu {next(_NAMES)}"
            self.alice.rename(which, doomed)
            self.erased |= {seen.message_id for seen in self.alice.listed(doomed).values()}
            self.alice.delete(doomed)

    @rule(which=st.sampled_from(OWN))
    def restore_folder(self, which: str) -> None:
        """The same name, the same messages, other numbers, in another order: as from a backup."""
        if which in self.alice.folders():
            aside = f"Dossier perdu {next(_NAMES)}"
            self.alice.rename(which, aside)
            self.alice.create(which)
            for uid in sorted(self.alice.listed(aside), reverse=True):
                self.alice.move(aside, [uid], which)
            self.alice.delete(aside)

    @rule(place=st.sampled_from(["INBOX", "Class&AOk-s"]))
    def renumber(self, place: str) -> None:
        """A new UIDVALIDITY: every number that was known is void."""
        self.validity += 1
        self.alice.close()
        self.world.lab.doveadm(
            "mailbox", "update", "-u", SENDER, "--uid-validity", str(self.validity), imap_utf7.decode(place.encode())
        )

    # the end
    def teardown(self) -> None:
        try:
            if self.far is not None:
                self._end()
        finally:
            self.world.proxy.lift()
            self.world.proxy.notify = False
            if self.far is not None:
                self.far.kill()
            self.place.cleanup()

    def _end(self) -> None:
        self.world.proxy.lift()
        self.there.call("sign_in")
        self.there.call("refresh")
        self.there.call("ready")
        box = settled(self.world, self.there, self.alice)
        found = everywhere({name: rows for name, rows in box.items() if name in PLACES or name.startswith("Dossier")})
        for name, count in self.expected.items():
            if name in self.erased:
                assert found[name] <= count, f"{name} came back: {box}"
            else:
                assert found[name] == count, f"{name} stands there {found[name]} times: {box}"
        sent_once(self.world, self.there, box, self.bob)
        for name, text in self.drafts.items():
            assert self.there.call("kept", name) == text
        no_secret(self.world, self.there)
        self.there.stop()


@pytest.mark.timeout(60 + 10 * HISTORIES)
def test_whatever_both_do_they_end_the_same(
    fault_world: FaultWorld, nursery: Nursery, alice: Truth, bob: Truth
) -> None:
    History.world, History.nursery, History.alice, History.bob = fault_world, nursery, alice, bob
    how = settings(
        max_examples=HISTORIES, stateful_step_count=STEPS, deadline=None, derandomize=not MORE, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink] if MORE else [Phase.generate],
        print_blob=False,
    )  # fmt: skip
    run_state_machine_as_test(History, settings=how)
