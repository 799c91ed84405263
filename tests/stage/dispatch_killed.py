"""A sender in a process of its own that is killed at a named stage of its first message: `python -m … CONFIG STAGE`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mssclient.remote import smtp
from mssclient.remote.smtp import Stage, Verdict
from mssclient.stage import dispatch, dispatch_line
from mssclient.stage.dispatch_config import read


def main(config: Path, fatal: Stage) -> None:
    """Rounds until the kill."""
    real: Callable[..., Verdict] = smtp.submit

    def doomed(*given: Any, **more: Any) -> Verdict:
        *first, tell = given

        def told(stage: Stage) -> None:
            tell(stage)
            if stage is fatal:
                os.kill(os.getpid(), signal.SIGKILL)

        return real(*first, told, **more)

    submit: Callable[..., Verdict] = doomed
    vars(dispatch_line)["submit"] = submit
    sender = dispatch.Dispatch(read(config))
    sender.begin()
    while True:
        sender.round()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Stage(sys.argv[2]))
