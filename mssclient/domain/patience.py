"""How long an operator may keep the program waiting, in seconds, before a line counts as dead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """One set for all lines of the program."""

    connect_s: float = 15.0
    """To a submission server."""
    imap_s: float = 30.0
    """Each wait on an IMAP line, connecting included; IDLE excepted."""
    submission_s: float = 60.0
    """Each answer before the final dot, and each stall while a message leaves."""
    outcome_s: float = 300.0
    """The answer to the final dot (RFC 5321 §4.5.3.2.6 says ten minutes): giving up there makes an UNCERTAIN."""


USUAL = Patience()
