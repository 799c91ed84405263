"""The front door: `mssclient` and its sub-commands, each a few lines that call a room."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from mssclient import __version__

INSPECT_LIMIT = 64 * 1024 * 1024
INSPECT_LIMIT_S = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console of another code page has no narrow blank: a question mark is better than a traceback.
            stream.reconfigure(errors="replace")
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked) or 0)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong, and nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mssclient", description="Client de messagerie MSSanté.")
    parser.add_argument("--version", action="version", version=f"mssclient {__version__}")
    parser.add_argument("--home", help="dossier où le programme garde tout (sinon MSSCLIENT_HOME)")
    parser.add_argument("--environment", help="fichier ou nom d’environnement (sinon MSSCLIENT_ENVIRONMENT)")
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(title="commandes", metavar="")

    def command(name: str, words: str, run: object) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=words, description=words)
        found.set_defaults(run=run)
        return found

    inspect = command("inspect", "dit ce que contient un message, une archive IHE_XDM ou un CDA", _inspect)
    inspect.add_argument("file", metavar="FICHIER")
    inspect.add_argument("--json", action="store_true", help="sortie JSON")
    doctor = command("doctor", "état de l’installation, sans aucun contenu", _doctor)
    doctor.add_argument("--json", action="store_true", help="sortie JSON")
    demo = command("demo", "le programme sur un établissement fictif, avec un panneau de commande", _demo)
    demo.add_argument("--bulk", type=int, default=0, metavar="N", help="N messages de plus dans une archive")
    tour = command("tour", "la journée de travail sans écran, chaque étape vérifiée, une image par écran", _tour)
    tour.add_argument("--out", default="build/tour", metavar="DOSSIER")
    tour.add_argument("--json", action="store_true", help="une ligne JSON par étape")
    shots = command("shots", "chaque écran dans chaque état et chaque thème, en PNG", _shots)
    shots.add_argument("--out", default="build/shots", metavar="DOSSIER")
    command("bench", "mesures, à côté de leurs objectifs", _bench)
    sandbox = command("sandbox", "l’opérateur fictif seul ; affiche son fichier d’environnement", _sandbox)
    sandbox.add_argument("--dir", metavar="DOSSIER", help="où il écrit certificats et environnement")
    sandbox.add_argument("--lines", type=int, default=2_000, metavar="N", help="lignes de l’Annuaire")
    sandbox.add_argument("--bulk", type=int, default=0, metavar="N", help="N messages de plus dans une archive")
    relay = command("relay", "le relais Pro Santé Connect de l’établissement", _relay)
    relay.add_argument("--config", required=True, metavar="FICHIER")
    return parser


def _window(asked: argparse.Namespace) -> int:
    from mssclient import app

    try:
        return app.run(app.load_environment(asked.environment), app.home_of(asked.home))
    except app.AlreadyOpen:
        print("mssclient est déjà ouvert sur ce poste pour ce dossier : revenez à sa fenêtre.", file=sys.stderr)
        return 3
    except OSError as error:
        print(f"Le dossier du programme ne peut pas être utilisé : {error.filename}.", file=sys.stderr)
        return 2
    except app.EnvironmentTrouble as trouble:
        print(f"Environnement illisible : {trouble}", file=sys.stderr)
        return 2


def _inspect(asked: argparse.Namespace) -> int:
    from mssclient.domain.errors import Unreadable
    from mssclient.domain.inspect import inspect
    from mssclient.stage.report import inspection_lines
    from mssclient.ui import wording_documents

    path = Path(asked.file)
    try:
        with path.open("rb") as file:
            content = file.read(INSPECT_LIMIT + 1)
    except FileNotFoundError:
        print(f"Fichier introuvable : {path.name}.", file=sys.stderr)
        return 2
    except OSError:
        print(
            f"Le fichier {path.name} ne peut pas être lu : vérifiez que c’est un fichier et vos droits.",
            file=sys.stderr,
        )
        return 2
    try:
        _limit_time(INSPECT_LIMIT_S)
        if len(content) > INSPECT_LIMIT:
            print(f"Fichier trop volumineux : plus de {INSPECT_LIMIT // 1_048_576} Mo.", file=sys.stderr)
            return 2
        found = inspect(content, path.name, wording_documents.warning)
    except (Unreadable, RecursionError, MemoryError) as error:
        sentence = wording_documents.unreadable(error) if isinstance(error, Unreadable) else "Contenu refusé."
        print(sentence, file=sys.stderr)
        return 2
    finally:
        _limit_time(0)
    if asked.json:
        json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print("\n".join(_harmless(line) for line in inspection_lines(found)))
    return 0


def _harmless(line: str) -> str:
    """A line without control and direction marks: a foreign name must not write on the terminal in our place."""
    return "".join(c if c.isprintable() or c in "\u00a0\u202f" else "\ufffd" for c in line)


def _limit_time(seconds: int) -> None:
    """Foreign input that takes longer is refused as too big; where the system has no such alarm, nothing is set."""
    from mssclient.domain.errors import Unread, Unreadable

    def ring(_number: int, _frame: object) -> None:
        raise Unreadable(Unread.TOO_BIG, "time")

    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _doctor(asked: argparse.Namespace) -> int:
    from mssclient.stage import doctor

    report = doctor.examine(asked.environment, asked.home)
    print(json.dumps(doctor.as_json(report), ensure_ascii=False, indent=1) if asked.json else doctor.as_text(report))
    return 0 if all(line.good for line in report) else 1


def _demo(asked: argparse.Namespace) -> int:
    from mssclient.stage import demo

    return demo.run(asked.home, bulk=asked.bulk)


def _tour(asked: argparse.Namespace) -> int:
    from mssclient.stage import tour

    return tour.run(Path(asked.out), as_json=asked.json)


def _shots(asked: argparse.Namespace) -> int:
    from mssclient.stage import shots

    return shots.run(Path(asked.out))


def _bench(_asked: argparse.Namespace) -> int:
    from mssclient.stage import bench

    return bench.run()


def _sandbox(asked: argparse.Namespace) -> int:
    from mssclient.stage.theatre import Theatre

    folder = Path(asked.dir) if asked.dir else Path(tempfile.mkdtemp(prefix="mssclient-sandbox-"))
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with Theatre(folder.absolute(), lines=asked.lines, bulk=asked.bulk) as theatre:
        print(theatre.environment_file, flush=True)
        for name, url in theatre.operator.urls().items():
            print(f"  {name:13} {url}", flush=True)
        print(f"  imap          127.0.0.1:{theatre.operator.ports['imap']} (STARTTLS, XOAUTH2)", flush=True)
        print(f"  smtp          127.0.0.1:{theatre.operator.ports['smtp']} (STARTTLS, XOAUTH2)", flush=True)
        stopped.wait()
    return 0


def _relay(asked: argparse.Namespace) -> int:
    import time

    from mssclient.relay import app as relay
    from mssclient.relay.config import BadConfig, read

    try:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        logging.getLogger("httpx").setLevel(logging.WARNING)
        relay.run(read(Path(asked.config)), time.time)
    except (BadConfig, OSError) as error:
        print(f"Configuration refusée : {error}", file=sys.stderr)
        return 2
    return 0
