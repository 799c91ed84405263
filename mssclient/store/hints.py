"""How the search field may go on: filters, days, and the people, usagers and folders that recent mail is about."""

from __future__ import annotations

from mssclient.domain.address import shown_label
from mssclient.domain.search import Hint, continued, last_piece, wants_names
from mssclient.store.database import Reads

RECENT = 2_000
MOST = 500
_NAMES = {
    "people": f"SELECT DISTINCT sender_label FROM (SELECT sender_label FROM message ORDER BY rank DESC LIMIT {RECENT})"
    f" WHERE sender_label != '' LIMIT {MOST}",
    "usagers": "SELECT DISTINCT usager_name FROM message WHERE folder_id IN (SELECT id FROM folder) AND usager_name != ''"
    f" LIMIT {RECENT}",
    "places": "SELECT DISTINCT mailbox FROM folder WHERE selectable UNION SELECT DISTINCT label FROM bal",
}


def hints(reads: Reads, text: str) -> tuple[Hint, ...]:
    """See `domain.search.continued`."""
    wanted = wants_names(last_piece(text)[1])
    if not wanted:
        return continued(text)
    names = (str(row[0]) for row in reads.all(_NAMES[wanted]))
    return continued(text, tuple(shown_label(name) if wanted == "people" else name for name in names))
