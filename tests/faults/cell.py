"""One cell of the table: the work, the fault in the midst of it, the reopening, and what must be true afterwards."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from mssclient.domain.errors import StoreTrouble
from mssclient.domain.outbox import SendState
from tests.faults.conftest import SmallDisk
from tests.faults.nursery import Nursery
from tests.faults.proxy import Strike
from tests.faults.station import (
    AUTO_POLICY,
    LETTERS,
    POLICY,
    Overheard,
    Station,
    Work,
    disk_told,
    settle_outbox,
    told_of,
)
from tests.faults.table import Fault, Stage
from tests.faults.truth import Truth
from tests.faults.world import FaultWorld

FELT_S = 4.0
"""The program notices a fault within this time: its patience at most, and what follows."""
LINES = frozenset({Stage.CONNECT, Stage.TLS, Stage.AUTH, Stage.SELECT, Stage.IDLE})
"""Stages that a line passes when it is made: it is cut, so that another is."""
FIRST, SECOND = "PremiereVersion", "SecondeVersion"
WISHES = {Stage.STORE: {"flag", "read"}, Stage.MOVE: {"move"}}


@dataclass
class Cell:
    """Everything that a cell needs. `home` lies on the small disk when it is to be filled."""

    world: FaultWorld
    alice: Truth
    bob: Truth
    home: Path
    work: Work
    overheard: Overheard
    disk: SmallDisk | None = None
    nursery: Nursery | None = None
    auto: bool = False
    """Whether the program finds out by itself if the operator saves copies of what is sent."""

    def _station(self) -> Station:
        return Station(self.world.environment_file, self.home, policy=AUTO_POLICY if self.auto else POLICY)

    def prepare(self) -> None:
        """Five letters in the inbox, and no other mail."""
        self.alice.empty()
        for number in range(1, LETTERS + 1):
            self.alice.put("INBOX", self.work.raw(number))
        self.world.proxy.accepted.clear()

    def run(self, stage: Stage, fault: Fault) -> Station:
        """From the first opening to the last look; the station that is left is stopped."""
        self.prepare()
        strike = Strike(stage, fault)
        if fault is Fault.KILLED:
            self._killed(strike)
            station = self._station()
        else:
            station = self._station()
            self._struck(station, strike)
        station.start()
        try:
            self._settled(station, fault)
        finally:
            station.stop()
        return station

    def replace_draft(self, stage: Stage, fault: Fault) -> None:
        """Beside the table: a second version of a draft takes the place of the first in the operator's folder."""
        self.alice.empty()
        strike = Strike(stage, fault)
        if fault is Fault.KILLED:
            self._killed_replacing(strike)
        else:
            self._struck_replacing(strike)
        station = self._station()
        station.start()
        try:
            station.until(lambda: station.is_live() and station.can_write(), "live again")
            if station.engine.reader.draft(self.work.kept) is None or disk_told(station):
                station.engine.keep_draft(self.work.draft(station, self.work.kept, SECOND))
            station.engine.put_draft_away(self.work.kept)
            station.until(lambda: self._versions() == [SECOND], f"one draft there, the second: {self._versions()}", 15)
            kept = station.engine.reader.draft(self.work.kept)
            assert kept is not None
            assert kept.text == self.work.draft(station, self.work.kept, SECOND).text
            assert station.engine.draft_conflict(self.work.kept) is None
            station.until(lambda: station.screen() == self.alice.box(), "screen and operator agree", 10)
        finally:
            station.stop()
        self._check_logs()

    def _versions(self) -> list[str]:
        """What the drafts at the operator say."""
        return [text for raw in self.alice.raws("Brouillons") for text in (FIRST, SECOND) if text.encode() in raw]

    def _struck_replacing(self, strike: Strike) -> None:
        station = self._station()
        station.start()
        try:
            station.until(lambda: station.is_live() and station.can_write(), "live")
            station.engine.keep_draft(self.work.draft(station, self.work.kept, FIRST))
            station.engine.put_draft_away(self.work.kept)
            station.until(lambda: self._versions() == [FIRST], "the first version there")
            station.until(lambda: station.screen() == self.alice.box(), "listed")
            self._arm(strike)
            station.engine.keep_draft(self.work.draft(station, self.work.kept, SECOND))
            station.engine.put_draft_away(self.work.kept)
            station.until(strike.seen.is_set, f"{strike.stage.value} said; {self._said()}")
            self._felt(station, strike)
        finally:
            self._lift()
            station.stop()
            self.world.proxy.wait_idle()

    def _killed_replacing(self, strike: Strike) -> None:
        assert self.nursery is not None
        child = self.nursery.station(self.world.environment_file, self.home, "auto" if self.auto else "")
        try:
            child.call("open")
            child.call("ready")
            child.call("put_away", self.work.name, FIRST)
            end = time.monotonic() + FELT_S
            while self._versions() != [FIRST]:
                assert time.monotonic() < end, "the first version never came"
            strike.act = child.kill_now
            self.world.proxy.arm(strike)
            child.order("put_away", self.work.name, SECOND)
            assert strike.seen.wait(15), f"{strike.stage.value} was never said; {self._said()}"
        finally:
            self.world.proxy.lift()
            child.kill()
            self.world.proxy.wait_idle()
        self.overheard.words.append(child.logged())

    # the fault
    def _struck(self, station: Station, strike: Strike) -> None:
        station.start()
        try:
            station.until(lambda: self.work.is_listed(station), "five letters listed")
            self._arm(strike)
            self._provoke(station, strike)
            station.until(strike.seen.is_set, f"{strike.stage.value} said; {self._said()}")
            self._felt(station, strike)
            if strike.fault is Fault.STALLED:
                station.until(strike.over.is_set, "the stalled line given up")
        finally:
            self._lift()
            station.stop()
            self.world.proxy.wait_idle()
            station.engine = station._new()

    def _said(self) -> list[str]:
        return [verb for _service, verb in self.world.proxy.commands]

    def _arm(self, strike: Strike) -> None:
        proxy, relay = self.world.proxy, self.world.relay
        if strike.fault is Fault.EXPIRED:
            if strike.stage is Stage.AUTH:
                relay.expire(2)
            else:
                strike.act = relay.expire
        elif strike.fault is Fault.FULL:
            assert self.disk is not None
            strike.act = self.disk.fill
        proxy.arm(strike)

    def _provoke(self, station: Station, strike: Strike) -> None:
        if strike.stage in LINES:
            self.world.proxy.cut()
        self.alice.put("INBOX", self.work.raw(6))
        self.work.do(station)
        if strike.stage in LINES:
            station.engine.refresh()

    def _felt(self, station: Station, strike: Strike) -> None:
        """Wait until the fault has done what it does to the running program; some pass it by."""
        match strike.fault:
            case Fault.FULL:
                station.within(lambda: disk_told(station), 1.0)
            case Fault.NO if strike.stage in WISHES:
                station.within(lambda: told_of(station, WISHES[strike.stage]), FELT_S)
            case Fault.NO:
                station.within(lambda: station.told, 0.4)
            case _:
                station.within(strike.over.is_set, FELT_S)

    def _lift(self) -> None:
        self.world.proxy.lift()
        self.world.relay.mend()
        if self.disk is not None:
            self.disk.free()

    def _killed(self, strike: Strike) -> None:
        """A program in a process of its own, killed the moment the command is seen."""
        assert self.nursery is not None
        child = self.nursery.station(self.world.environment_file, self.home, "auto" if self.auto else "")
        try:
            child.call("open")
            child.call("listed", self.work.name)
            strike.act = child.kill_now
            if strike.stage in LINES:
                # The next line is opened when it will: the person's hands were there before, and their draft is kept.
                child.call("work", self.work.name)
                child.call("wait_kept", self.work.name)
            self.world.proxy.arm(strike)
            if strike.stage in LINES:
                self.world.proxy.cut()
            self.alice.put("INBOX", self.work.raw(6))
            if strike.stage not in LINES:
                child.order("work", self.work.name)
            assert strike.seen.wait(15), f"{strike.stage.value} was never said; {self._said()}"
        finally:
            self.world.proxy.lift()
            child.kill()
            self.world.proxy.wait_idle()
        self.overheard.words.append(child.logged())

    # afterwards
    def _settled(self, station: Station, fault: Fault) -> None:
        proxy, work = self.world.proxy, self.work

        def sent() -> bool:
            if not proxy.awaits_outcome():
                settle_outbox(station, work, len(proxy.accepted))
            mine = [o for o in station.lines() if o.subject == f"Objet {work.left}"]
            return bool(mine) and mine[0].state is SendState.DONE

        station.until(lambda: station.is_live() and station.can_write(), "live again")
        if fault in {Fault.FULL, Fault.KILLED}:
            self._finish(station)
        station.until(sent, "sent", 25)
        station.until(lambda: not station.pending(), "no wish waits", 10)
        station.until(lambda: station.screen() == self.alice.box(), "screen and operator agree", 10)
        self._check(station, fault)

    def _finish(self, station: Station) -> None:
        """What the person sees was not taken, they do again: a disk was full, or the program was gone before it was
        handed over. A draft whose keeping was never told as failed must be there."""
        work, engine = self.work, station.engine
        known = {o.subject for o in station.lines()}
        if f"Objet {work.left}" not in known and engine.reader.draft(work.left) is None:
            engine.send(work.draft(station, work.left))
        station.until(lambda: engine.reader.draft(work.left) or station.lines(), "there")

    def _check(self, station: Station, fault: Fault) -> None:
        work, box = self.work, self.alice.box()
        sent = [o for o in station.lines() if o.subject == f"Objet {work.left}"]
        assert [o.state.value for o in sent[:1]] == ["done"], station.account()
        header = sent[0].message_id
        everywhere = [seen.message_id for counter in box.values() for seen in counter.elements()]
        for number in range(1, LETTERS + 2):
            assert everywhere.count(work.header(number)) == 1, (number, box)
        assert [seen.message_id for seen in box["Envoy&AOk-s"].elements()] == [header]
        self._check_sent(station, header)
        self._check_draft(station, fault)
        self._check_wishes(station, fault)
        self._check_logs()
        if fault is Fault.EXPIRED:
            assert not told_of(station, {"send"}), "a token that ran out is nobody's affair"

    def _check_sent(self, station: Station, header: str) -> None:
        station.until(lambda: self.bob.find("INBOX", header), "the other side has it", 10)
        assert len(self.bob.find("INBOX", header)) == 1
        assert self.world.proxy.accepted == [header]

    def _check_draft(self, station: Station, fault: Fault) -> None:
        kept = station.engine.reader.draft(self.work.kept)
        if kept is None:
            assert fault is Fault.FULL, "the draft is lost"
            assert disk_told(station), "the draft was not taken, and nobody was told"
            return
        assert kept.text == self.work.draft(station, self.work.kept).text
        assert station.engine.reader.draft(self.work.left) is None

    def _check_wishes(self, station: Station, fault: Fault) -> None:
        box, wished = self.alice.box(), self.work.wished()
        shown = {name: box.get(name) for name in wished}
        if fault is Fault.NO and told_of(station, {"flag", "read", "move"}):
            return  # refused, backed out and told
        if fault is Fault.FULL and any(isinstance(t.error, StoreTrouble) for t in station.told):
            return  # not taken, and told
        if fault is Fault.KILLED:
            return  # the hands were not all heard; what was heard is compared with the screen
        assert shown == wished

    def _check_logs(self) -> None:
        text = "\n".join(self.overheard.words)
        for secret in self.world.relay.secrets:
            assert secret not in text, "a secret in the log"
        for word in ("CorpsSecret", "TexteSecret", "Objet left", "Lettre ", "DURAND", "bob.durand@"):
            assert word not in text, f"{word} in the log"
