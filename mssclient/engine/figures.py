"""What a person may ask to be counted or written out: the dashboard and the traces. Runs on `shipping`; nothing waits."""

from __future__ import annotations

import logging
import threading
from datetime import date, datetime
from pathlib import Path

from mssclient.domain.dashboard import Board, Span, board, cell, days
from mssclient.domain.errors import MssError
from mssclient.domain.events import DashboardReady
from mssclient.dui import folder
from mssclient.engine.house import House
from mssclient.engine.worker import Worker
from mssclient.store.dashboard import exchanges
from mssclient.store.filings import TraceStore

log = logging.getLogger(__name__)
TRACE_HEADS = ("date", "personne", "boite", "acte", "demande", "reponse")


class Figures:
    """Any thread."""

    def __init__(self, house: House, worker: Worker) -> None:
        self._house = house
        self._worker = worker
        self._guard = threading.Lock()
        self._boards: dict[Span, Board] = {}

    def count(self) -> None:
        """Count anew; DashboardReady when done."""

        def job() -> None:
            today = self._house.clock().astimezone().date()
            found = boards(self._house, today)
            with self._guard:
                self._boards = found
            self._house.speaker.announce(DashboardReady())

        self._worker.post(job)

    def board(self, span: Span) -> Board | None:
        """The last count."""
        with self._guard:
            return self._boards.get(span)

    def write(self, target: Path, text: str) -> None:
        """A file where the person chose, whole or not at all."""

        def job() -> None:
            try:
                folder.replace(target, text.encode("utf-8-sig"))
            except MssError as error:
                self._house.speaker.problem(error, "save")

        self._worker.post(job)

    def write_traces(self, target: Path) -> None:
        """All traces (mssante.md §8), oldest first."""

        def job() -> None:
            try:
                folder.replace(target, traces_csv(self._house.stores.traces).encode("utf-8-sig"))
                self._house.trace("", "traces exported", "all", "OK")
            except MssError as error:
                self._house.speaker.problem(error, "save")

        self._worker.post(job)


def boards(house: House, today: date) -> dict[Span, Board]:
    """Every span, from one reading."""
    first, _ = days(Span.LAST_YEAR, today)
    since = int(
        house.clock().astimezone().replace(year=first.year, month=1, day=1, hour=0, minute=0, second=0).timestamp()
    )
    found = exchanges(house.stores.database, since, training=house.environment.training)
    return {span: board(found, span, today) for span in Span}


def traces_csv(traces: TraceStore) -> str:
    """Local time, who, which mailbox, which act, what was asked, what was answered (ECO.4.1.2)."""
    return "\r\n".join([";".join(TRACE_HEADS), *(_line(each) for each in traces.all()), ""])


def _line(trace: tuple[int, str, str, str, str, str]) -> str:
    at, *rest = trace
    when = datetime.fromtimestamp(at).astimezone().isoformat(timespec="seconds")
    return ";".join('"' + cell(str(each)).replace('"', '""') + '"' for each in (when, *rest))
