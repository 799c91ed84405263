"""An open line to a BAL, lent for one job on its own thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mssclient.domain.bal import BalId, FolderId, FolderRole
from mssclient.remote.imap import ImapSession, Selected


@dataclass(frozen=True, slots=True)
class Line:
    """What `watch` lends: never to be kept beyond the job."""

    session: ImapSession
    bal_id: BalId
    select: Callable[[str], Selected]
    ensure: Callable[[FolderRole], tuple[FolderId, str] | None]
    """The folder of a role, made when there is none; None when the operator does not let us."""


LineJob = Callable[[Line], set[FolderId]]
"""Says which folders it changed: they are looked at again."""
Ask = Callable[[BalId, LineJob, float], None]
"""Have a job run on a BAL's line after so many seconds; nothing happens while there is no line."""
