"""One cold start, measured from inside: `python -m mssclient.stage.starter ENVIRONMENT HOME NATIONAL_ID STARTED [ecps]`.

Started by `bench`. Imports what the program imports, and the played browser; prints one line of JSON with the moments
(time.monotonic) and the memory. With `ecps` there is no card, and the person's phone answers at once.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from mssclient import app
from mssclient.domain.machine import Machine
from mssclient.domain.session import CardHolder, SessionState, SignInStage
from mssclient.stage.loop import until
from mssclient.stage.memory import pss_bytes
from mssclient.stage.workplace import Workplace


def main(environment: str, home: str, national_id: str, started: float, *, ecps: bool = False) -> None:
    """Start, sign in, wait for a painted list, tell."""
    imported = time.monotonic()
    app.qt_application()
    place = Workplace(app.load_environment(environment, Machine()), Path(home))
    moments: dict[str, float] = {}

    def note_session() -> None:
        # The card and the browser are a person's time, not ours: what counts begins when PSC has answered.
        if place.engine.sign_in_view().stage is SignInStage.OPENING:
            moments.setdefault("identified", time.monotonic())
        if place.engine.session_state() is SessionState.OPEN:
            moments.setdefault("identified", time.monotonic())

    place.app.herald.sign_in_changed.connect(lambda _event: note_session())
    place.app.herald.session_changed.connect(lambda _event: note_session())
    place.start()
    place.window.repaint()
    shown = time.monotonic()
    if ecps:
        place.engine.sign_in_with_ecps(national_id)
    else:
        place.insert(CardHolder(national_id, "", ""))
        place.engine.sign_in_with_browser()
    table = place.window.desk.list.table
    until(lambda: table.isVisible() and table.model().rowCount() > 0, "list", 30)
    table.viewport().repaint()
    populated = time.monotonic()
    place.live(1)
    place.quiet()
    told = {
        "import_s": imported - started,
        "window_s": shown - started,
        "list_s": populated - moments.get("identified", populated),
        "rows": table.model().rowCount(),
        "pss": pss_bytes(),
    }
    place.stop()
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), ecps="ecps" in sys.argv[5:])
