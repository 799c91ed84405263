"""Engine events in, Qt signals out: the one crossing from the engine's threads to the screen's."""

from __future__ import annotations

import threading
from typing import assert_never

from PySide6.QtCore import QObject, Qt, Signal, Slot

from mssclient.domain import events


class Herald(QObject):
    """`post` may be called from any thread; the signals fire on the thread the herald lives on (the main one).

    Equal events that wait together collapse into one. Every signal carries the event itself.
    """

    session_changed = Signal(object)
    sign_in_changed = Signal(object)
    session_ending = Signal(object)
    card_changed = Signal(object)
    bals_changed = Signal(object)
    folders_changed = Signal(object)
    messages_changed = Signal(object)
    messages_arrived = Signal(object)
    body_arrived = Signal(object)
    part_arrived = Signal(object)
    preview_ready = Signal(object)
    outside_ready = Signal(object)
    progress_changed = Signal(object)
    outbox_changed = Signal(object)
    draft_changed = Signal(object)
    draft_in_conflict = Signal(object)
    shipment_changed = Signal(object)
    proposals_changed = Signal(object)
    dashboard_ready = Signal(object)
    quota_reached = Signal(object)
    directory_changed = Signal(object)
    correspondents_changed = Signal(object)
    reconciliation_changed = Signal(object)
    attachment_filed = Signal(object)
    worklist_changed = Signal(object)
    problem = Signal(object)

    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: dict[events.Event, None] = {}
        self._woken.connect(self._drain, Qt.ConnectionType.QueuedConnection)

    def post(self, event: events.Event) -> None:
        """Hand an event over; returns at once, from any thread."""
        with self._lock:
            first = not self._waiting
            self._waiting[event] = None
        if first:
            self._woken.emit()

    def close(self) -> None:
        """Drop what waits: the screen is going away."""
        with self._lock:
            self._waiting.clear()

    @Slot()
    def _drain(self) -> None:
        with self._lock:
            waiting = list(self._waiting)
            self._waiting.clear()
        # A lock has to cover the windows before anything else is repainted.
        waiting.sort(key=lambda event: not isinstance(event, events.SessionChanged))
        for event in waiting:
            self._signal(event)

    def _signal(self, event: events.Event) -> None:
        match event:
            case (
                events.SessionChanged()
                | events.SignInChanged()
                | events.SessionEnding()
                | events.CardChanged()
                | events.Problem()
            ):
                self._signal_person(event)
            case events.BalsChanged() | events.FoldersChanged() | events.MessagesChanged() | events.MessagesArrived():
                self._signal_mail(event)
            case (
                events.BodyArrived()
                | events.PartArrived()
                | events.PreviewReady()
                | events.OutsideReady()
                | events.AttachmentFiled()
                | events.WorklistChanged()
            ):
                self._signal_part(event)
            case events.DirectoryChanged() | events.CorrespondentsChanged() | events.ReconciliationChanged():
                self._signal_directory(event)
            case _:
                self._signal_work(event)

    def _signal_person(
        self,
        event: events.SessionChanged
        | events.SignInChanged
        | events.SessionEnding
        | events.CardChanged
        | events.Problem,
    ) -> None:
        match event:
            case events.SessionChanged():
                self.session_changed.emit(event)
            case events.SignInChanged():
                self.sign_in_changed.emit(event)
            case events.SessionEnding():
                self.session_ending.emit(event)
            case events.CardChanged():
                self.card_changed.emit(event)
            case events.Problem():
                self.problem.emit(event)
            case _:
                assert_never(event)

    def _signal_part(
        self,
        event: events.BodyArrived
        | events.PartArrived
        | events.PreviewReady
        | events.OutsideReady
        | events.AttachmentFiled
        | events.WorklistChanged,
    ) -> None:
        match event:
            case events.BodyArrived():
                self.body_arrived.emit(event)
            case events.PartArrived():
                self.part_arrived.emit(event)
            case events.PreviewReady():
                self.preview_ready.emit(event)
            case events.OutsideReady():
                self.outside_ready.emit(event)
            case events.AttachmentFiled():
                self.attachment_filed.emit(event)
            case events.WorklistChanged():
                self.worklist_changed.emit(event)
            case _:
                assert_never(event)

    def _signal_directory(
        self, event: events.DirectoryChanged | events.CorrespondentsChanged | events.ReconciliationChanged
    ) -> None:
        match event:
            case events.DirectoryChanged():
                self.directory_changed.emit(event)
            case events.CorrespondentsChanged():
                self.correspondents_changed.emit(event)
            case events.ReconciliationChanged():
                self.reconciliation_changed.emit(event)
            case _:
                assert_never(event)

    def _signal_mail(
        self, event: events.BalsChanged | events.FoldersChanged | events.MessagesChanged | events.MessagesArrived
    ) -> None:
        match event:
            case events.BalsChanged():
                self.bals_changed.emit(event)
            case events.FoldersChanged():
                self.folders_changed.emit(event)
            case events.MessagesChanged():
                self.messages_changed.emit(event)
            case events.MessagesArrived():
                self.messages_arrived.emit(event)
            case _:
                assert_never(event)

    def _signal_work(
        self,
        event: events.ProgressChanged
        | events.OutboxChanged
        | events.DraftChanged
        | events.DraftInConflict
        | events.QuotaReached
        | events.ShipmentChanged
        | events.ProposalsChanged
        | events.DashboardReady,
    ) -> None:
        match event:
            case events.ProgressChanged():
                self.progress_changed.emit(event)
            case events.OutboxChanged():
                self.outbox_changed.emit(event)
            case events.DraftChanged():
                self.draft_changed.emit(event)
            case events.DraftInConflict():
                self.draft_in_conflict.emit(event)
            case events.ShipmentChanged():
                self.shipment_changed.emit(event)
            case events.DashboardReady():
                self.dashboard_ready.emit(event)
            case events.ProposalsChanged():
                self.proposals_changed.emit(event)
            case events.QuotaReached():
                self.quota_reached.emit(event)
            case _:
                assert_never(event)
