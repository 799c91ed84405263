"""What tests of the engine write and send."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import Bal
from mssclient.domain.draft import Draft, Recipient
from mssclient.domain.outbox import Outgoing, SendState
from tests.engine.conftest import Workstation

DOCTOR = Correspondent("Dr Thomas LEMOINE", "thomas.lemoine@medecins.mss.example", CorrespondentKind.PROFESSIONAL)


def written(desk: Workstation, bal: Bal, subject: str = "Demande d’avis") -> Draft:
    """A draft that may leave."""
    desk.until(lambda: desk.engine.facts(bal.id).white_list, "white list")
    draft = desk.engine.new_draft(bal.id)
    return replace(draft, recipients=(Recipient(DOCTOR),), subject=subject, text="Bonjour")


def sent(desk: Workstation, draft: Draft) -> None:
    """The person clicks Send."""
    desk.engine.keep_draft(draft)
    desk.engine.send(draft)


def _age(outgoing: Outgoing) -> tuple[datetime, int]:
    """What was sent elsewhere enters the register late, under the hour at which it left."""
    return outgoing.queued, outgoing.id


def line(desk: Workstation) -> Outgoing:
    """The newest line of the outbox or of the register."""
    return max(_own(desk), key=_age)


def _own(desk: Workstation) -> list[Outgoing]:
    """What this workstation queued or tried: a report about a mail of an earlier test adds a line that it never tried."""
    reader = desk.engine.reader
    return [*reader.outbox(), *(line for line in reader.sent() if line.tries > 0)]


def reaches(desk: Workstation, state: SendState, *, tried: bool = True) -> Outgoing:
    """Wait until the newest line stands there, having been tried."""

    def there() -> bool:
        newest = max(_own(desk), key=_age, default=None)
        return newest is not None and newest.state is state and (newest.tries > 0 or not tried)

    desk.until(there, f"outgoing {state.value}")
    return line(desk)
