"""Compares a record system's list of correspondents with the local Annuaire, line by line: `verdicts` for whoever waits,
`Comparison` behind the screen."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mssclient.domain.correspondents import SIZE_LIMIT, Correspondent, read
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.errors import Cancelled, MssError, Unread, Unreadable
from mssclient.domain.events import ReconciliationChanged
from mssclient.domain.reconcile import Found, Verdict, judge, notes_of
from mssclient.domain.reconcile_report import Reconciliation, result
from mssclient.dui import folder
from mssclient.engine.house import Speaker
from mssclient.engine.worker import Worker
from mssclient.store.directory import DirectoryReader

log = logging.getLogger(__name__)
_CANDIDATES = 40
_SLICE_S = 0.2
"""Of work before the thread looks whether anybody wants something else of it."""


def verdicts(
    reader: DirectoryReader,
    base: Sequence[Correspondent],
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> Iterator[Verdict]:
    """One verdict a line, in order, on the thread that owns `reader`. Raises Cancelled, StoreTrouble."""
    for done, (one, notes) in enumerate(zip(base, notes_of(base), strict=True), 1):
        if cancelled():
            raise Cancelled
        yield judge(one, found_for(reader, one), notes)
        progress(done, len(base))


def found_for(reader: DirectoryReader, one: Correspondent) -> Found:
    """What may concern a correspondent; names are asked for only when number and address settle nothing."""
    numbered = reader.numbered(one.number)
    listed = reader.entries_of(one.address) if one.address else ()
    if numbered:
        return Found(numbered, listed)
    return Found((), listed, _by_name(reader, one))


def _by_name(reader: DirectoryReader, one: Correspondent) -> list[DirectoryEntry]:
    """From narrow to wide: with the place first, because a frequent name has hundreds of answers."""
    name = f"{one.family} {one.given}" if one.family else one.structure
    kind = "PER" if one.is_person else ""
    found: list[DirectoryEntry] = []
    for place in dict.fromkeys((one.post_code, one.town, "")):
        if name.strip() and len(found) < _CANDIDATES:
            found += reader.search(f"{name} {place} ", _CANDIDATES, kind)
    if one.family and one.given:
        found += reader.search(f"{one.family} {one.given[:1]} {one.post_code[:2]}", _CANDIDATES, kind)
    return list(dict.fromkeys(found))


class Comparison:
    """One list at a time, on the `directory` thread, a slice after the other. Everything public: any thread, at once."""

    def __init__(self, worker: Worker, reader: Callable[[], DirectoryReader], speaker: Speaker) -> None:
        self._worker = worker
        self._reader = reader
        self._speaker = speaker
        self._run = 0
        self.state: Reconciliation | None = None

    def begin(self, source: Path) -> None:
        """Compare a file; what was compared before is forgotten."""
        self._run += 1
        run = self._run
        self._show(Reconciliation(source.name))
        self._worker.post_first(lambda: self._guarded(run, lambda: self._read(run, source)))

    def give_up(self) -> None:
        """Stop, and forget what was found."""
        if self.state is not None:
            self._run += 1
            self._show(None)
            self._speaker.progress("reconcile", None, 1, 1)

    def write(self, target: Path, accepted: Mapping[int, str]) -> None:
        """Write the result where the person chose, whole or not at all."""
        run, decided = self._run, dict(accepted)

        def job() -> None:
            if (state := self.state) is None or state.running:
                return
            try:
                folder.replace(target, result(state.verdicts, decided))
                ended = replace(state, error=None, written=target.name)
            except MssError as error:
                ended = replace(state, error=error, written="")
            if run == self._run:
                self._show(ended)

        self._worker.post_first(job)

    def _guarded(self, run: int, job: Callable[[], None]) -> None:
        """Runs a slice; a failure ends the comparison and is told in its state."""
        try:
            if run == self._run:
                job()
        except Cancelled:
            log.info("comparison given up")
        except MssError as error:
            log.info("comparison: %s", type(error).__name__)
            if (state := self.state) is not None and run == self._run:
                self._show(replace(state, running=False, error=error))
                self._speaker.progress("reconcile", None, 1, 1)

    def _read(self, run: int, source: Path) -> None:
        try:
            with source.open("rb") as file:
                base = read(file.read(SIZE_LIMIT + 1))
        except OSError as error:
            raise Unreadable(Unread.DAMAGED, "file") from error
        if not base:
            raise Unreadable(Unread.EMPTY, "csv")
        reader = self._reader()
        if not reader.status().entries:
            raise Unreadable(Unread.EMPTY, "directory")
        coming = verdicts(reader, base, lambda _done, _total: None, lambda: run != self._run or self._worker.stopping)
        self._show(Reconciliation(source.name, len(base)))
        self._go_on(run, coming, [])

    def _go_on(self, run: int, coming: Iterator[Verdict], found: list[Verdict]) -> None:
        until = time.monotonic() + _SLICE_S
        for verdict in coming:
            found.append(verdict)
            if time.monotonic() > until:
                self._advance(run, found, running=True)
                self._worker.post(lambda: self._guarded(run, lambda: self._go_on(run, coming, found)))
                return
        self._advance(run, found, running=False)
        log.info("comparison: %d lines", len(found))

    def _advance(self, run: int, found: Sequence[Verdict], *, running: bool) -> None:
        if (state := self.state) is not None and run == self._run:
            self._show(replace(state, verdicts=tuple(found), running=running))
            done = min(len(found), max(1, state.total - 1)) if running else state.total
            self._speaker.progress("reconcile", None, done, state.total)

    def _show(self, state: Reconciliation | None) -> None:
        self.state = state
        self._speaker.announce(ReconciliationChanged())
