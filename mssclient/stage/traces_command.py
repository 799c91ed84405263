"""`mssclient traces export`: the traces of acts (ECO.4.1.1), of the person at the window or of the unattended sender."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from mssclient.dui import folder
from mssclient.engine.figures import traces_csv
from mssclient.stage import dispatch_words
from mssclient.stage.dispatch import Dispatch
from mssclient.stage.dispatch_config import BadConfig, read
from mssclient.store.filings import TraceStore
from mssclient.ui.doorway import knock

_WAIT_S = 10.0
_TICK_S = 0.05
NOBODY = (
    "Les traces d’une personne sont chiffrées avec son magasin : ouvrez le programme, identifiez-vous, puis recommencez "
    "(ou « Exporter les traces » dans la fenêtre)."
)

NOT_WRITTEN = (
    "Le fichier des traces n’a pas été écrit : personne n’est identifié dans la fenêtre ouverte, ou il n’est pas permis "
    "d’écrire à cet endroit."
)
NO_PLACE = "Le dossier où écrire les traces n’existe pas."


def export(asked: argparse.Namespace, home: Callable[[], Path]) -> int:
    """Write the file; 2 where there is no such folder, 3 when nobody is signed in or nothing could be written."""
    target = Path(asked.out).absolute()
    if not target.parent.is_dir():
        print(NO_PLACE, file=sys.stderr)
        return 2
    if asked.config:
        return _of_dispatch(Path(asked.config), target)
    before = _stamp(target)
    if not knock(home(), None, traces=str(target)):
        print(NOBODY, file=sys.stderr)
        return 3
    pause = threading.Event()
    for _ in range(int(_WAIT_S / _TICK_S)):
        if _stamp(target) != before:
            return 0
        pause.wait(_TICK_S)
    print(NOT_WRITTEN, file=sys.stderr)
    return 3


def _stamp(path: Path) -> tuple[int, int]:
    try:
        known = path.stat()
    except OSError:
        return 0, 0
    return known.st_mtime_ns, known.st_ino


def _of_dispatch(config: Path, target: Path) -> int:
    try:
        sender = Dispatch(read(config))
    except BadConfig as bad:
        print(dispatch_words.bad_config(str(bad)), file=sys.stderr)
        return 2
    try:
        folder.replace(target, traces_csv(TraceStore(sender.database)).encode("utf-8-sig"))
    finally:
        sender.close()
    return 0
