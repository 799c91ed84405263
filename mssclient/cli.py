"""The front door: `mssclient` and its sub-commands, each a few lines that call a room."""

from __future__ import annotations

import argparse
import json
import logging
import os
import select
import signal
import stat
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from mssclient import __version__
from mssclient.domain.environment import Environment
from mssclient.domain.handover import Handover
from mssclient.domain.machine import EnvironmentTrouble
from mssclient.stage import send_options

INSPECT_LIMIT = 64 * 1024 * 1024
INSPECT_LIMIT_S = 20
PIPE_LIMIT_S = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console of another code page has no narrow blank: a question mark is better than a traceback.
            stream.reconfigure(errors="replace")
    asked = _parser().parse_args(send_options.with_link(sys.argv[1:] if arguments is None else arguments))
    try:
        return int(asked.run(asked) or 0)
    except EnvironmentTrouble as trouble:
        return _refused(trouble)
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
    check = command(
        "check", "vérifie, pas à pas, le chemin d’une adresse : réglages, réseau, certificats, boîte", _check
    )
    check.add_argument("address", metavar="ADRESSE")
    way = check.add_mutually_exclusive_group()
    way.add_argument("--sign-in", action="store_true", help="s’identifie par le navigateur et ouvre la boîte")
    way.add_argument("--e-cps", metavar="IDENTIFIANT", help="s’identifie par l’e-CPS de cet identifiant national")
    check.add_argument("--json", action="store_true", help="sortie JSON, à la fin")
    demo = command("demo", "le programme sur un établissement fictif, avec un panneau de commande", _demo)
    demo.add_argument("--bulk", type=int, default=0, metavar="N", help="N messages de plus dans une archive")
    tour = command("tour", "la journée de travail sans écran, chaque étape vérifiée, une image par écran", _tour)
    tour.add_argument("--out", default="build/tour", metavar="DOSSIER")
    tour.add_argument("--json", action="store_true", help="une ligne JSON par étape")
    shots = command("shots", "chaque écran dans chaque état et chaque thème, en PNG", _shots)
    shots.add_argument("--out", default="build/shots", metavar="DOSSIER")
    command("bench", "mesures, à côté de leurs objectifs", _bench)
    sandbox = command("sandbox", "l’opérateur fictif seul ; affiche son fichier d’environnement", _sandbox)
    sandbox.add_argument("--dir", metavar="DOSSIER", help="où il écrit certificats et environnement")
    sandbox.add_argument("--lines", type=int, default=2_000, metavar="N", help="lignes de l’Annuaire")
    sandbox.add_argument("--bulk", type=int, default=0, metavar="N", help="N messages de plus dans une archive")
    forget = command("forget", "efface de ce poste tout ce qu’il garde d’une personne", _forget)
    forget.add_argument("person", nargs="?", default="", metavar="IDENTIFIANT", help="identifiant national (RPPS…)")
    forget.add_argument("--all", action="store_true", help="tout le monde")
    forget.add_argument("--yes", action="store_true", help="sans demander de confirmation")
    relay = command("relay", "le relais Pro Santé Connect de l’établissement", _relay)
    relay.add_argument("--config", required=True, metavar="FICHIER")
    send_options.add(command, {"compose": _compose, "dispatch": _dispatch, "traces": _traces, "desktop": _desktop})
    _annuaire_commands(command("annuaire", "la copie locale de l’Annuaire Santé et sa publication", _annuaire_nothing))
    return parser


def _annuaire_commands(parser: argparse.ArgumentParser) -> None:
    """The sub-commands of `mssclient annuaire`."""
    commands = parser.add_subparsers(title="commandes", metavar="")

    def command(name: str, words: str, run: object) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=words, description=words)
        found.set_defaults(run=run)
        return found

    shrunken = {"action": "store_true", "help": "accepter un fichier bien plus court que le précédent"}
    anchors = {"metavar": "PEM", "default": "", "help": "certificats racines du serveur, à la place de l’environnement"}
    taken = command("import", "charge l’extraction, une publication, ou ce que nomme l’environnement", _annuaire_import)
    taken.add_argument("source", nargs="?", default="", metavar="FICHIER|DOSSIER|URL")
    taken.add_argument("--accept-shrunken", **shrunken)  # type: ignore[arg-type]
    taken.add_argument("--anchors", **anchors)  # type: ignore[arg-type]
    status = command("status", "âge et taille de la copie", _annuaire_status)
    status.add_argument("--json", action="store_true", help="sortie JSON")
    search = command("search", "cherche un correspondant", _annuaire_search)
    search.add_argument("text", nargs="*", metavar="TEXTE")
    search.add_argument("--json", action="store_true", help="sortie JSON")
    search.add_argument("--limit", type=int, default=20, metavar="N")
    search.add_argument("--kind", default="", type=str.upper, choices=("PER", "ORG", "APP", "CAB"), help="type de BAL")
    search.add_argument("--near", default="", metavar="DEPT", help="département à préférer")
    for name, french, words in _CRITERIA:
        search.add_argument(f"--{name}", f"--{french}", dest=name.replace("-", "_"), default="", help=words)
    publish = command("publish", "publie l’Annuaire pour les postes de l’établissement", _annuaire_publish)
    publish.add_argument("folder", metavar="DOSSIER")
    publish.add_argument("--from", dest="source", default="", metavar="FICHIER|URL")
    publish.add_argument("--keep", type=int, default=30, metavar="N", help="publications rattrapables par différence")
    publish.add_argument("--accept-shrunken", **shrunken)  # type: ignore[arg-type]
    publish.add_argument("--anchors", **anchors)  # type: ignore[arg-type]

    reconcile = command(
        "reconcile", "rapproche de l’Annuaire les correspondants d’un dossier (CSV)", _annuaire_reconcile
    )
    reconcile.add_argument("source", metavar="CORRESPONDANTS.csv")
    reconcile.add_argument("--out", required=True, metavar="RESULTAT.csv")


_CRITERIA = (
    ("rpps", "adeli", "numéro RPPS ou ADELI"), ("name", "nom", "nom d’exercice"), ("given", "prenom", "prénom d’exercice"),
    ("profession", "metier", "profession"), ("specialty", "specialite", "spécialité"),
    ("structure", "raison-sociale", "raison sociale, enseigne ou service"), ("post-code", "code-postal", "code postal"),
    ("town", "ville", "commune"), ("address", "adresse", "adresse MSSanté"),
)  # fmt: skip


def _annuaire_nothing(_asked: argparse.Namespace) -> int:
    print("Que faire\u00a0? mssclient annuaire --help donne la liste des commandes.", file=sys.stderr)
    return 2


def _environment_asked(asked: argparse.Namespace) -> Environment:
    """The environment, with the anchors that were given for this once."""
    from mssclient import app

    found = app.load_environment(asked.environment)
    return replace(found, web_anchors=str(Path(asked.anchors).absolute())) if asked.anchors else found


def _annuaire_import(asked: argparse.Namespace) -> int:
    from mssclient import app
    from mssclient.stage import annuaire

    home = _home_asked(asked)
    app.prepare_home(home)
    environment = partial(_environment_asked, asked)
    return annuaire.take(home, environment, asked.source, confirmed=asked.accept_shrunken)


def _annuaire_status(asked: argparse.Namespace) -> int:
    from mssclient.stage import annuaire

    return annuaire.status(_home_asked(asked), as_json=asked.json)


def _annuaire_search(asked: argparse.Namespace) -> int:
    from mssclient.domain.directory_criteria import Criteria
    from mssclient.stage import annuaire

    criteria = Criteria(
        asked.rpps, asked.name, asked.given, asked.profession, asked.specialty, asked.structure, asked.post_code,
        asked.town, asked.address,
    )  # fmt: skip
    question = annuaire.Asked(
        " ".join(asked.text), max(1, min(asked.limit, 500)), asked.kind, asked.near, criteria, asked.json
    )
    return annuaire.search(_home_asked(asked), question)


def _annuaire_reconcile(asked: argparse.Namespace) -> int:
    from mssclient import app
    from mssclient.stage import annuaire_reconcile as stage

    return stage.reconcile(app.home_of(asked.home), stage.Asked(Path(asked.source), Path(asked.out)))


def _annuaire_publish(asked: argparse.Namespace) -> int:
    from mssclient.stage import annuaire

    return annuaire.publish(
        lambda: _home_asked(asked), partial(_environment_asked, asked), Path(asked.folder), asked.source,
        days=asked.keep, confirmed=asked.accept_shrunken,
    )  # fmt: skip


def _home_asked(asked: argparse.Namespace) -> Path:
    """The home of the environment that was asked for."""
    from mssclient import app

    return app.home_of(asked.home, app.load_environment(asked.environment))


def _refused(trouble: EnvironmentTrouble) -> int:
    from mssclient.stage import refusals

    print(refusals.settings(trouble), file=sys.stderr)
    return 2


def _window(asked: argparse.Namespace, handed: tuple[Handover, bool] | None = None) -> int:
    from mssclient import app
    from mssclient.domain.errors import Untrusted
    from mssclient.stage import refusals

    begun = refusals.start(asked.environment, asked.home)
    if isinstance(begun, str):
        print(begun, file=sys.stderr)
        return 2
    environment, home = begun
    try:
        return app.run(environment, home, handed=handed)
    except app.AlreadyOpen:
        print("mssclient est déjà ouvert sur ce poste pour ce dossier : revenez à sa fenêtre.", file=sys.stderr)
        return 3
    except OSError as error:
        print(refusals.no_home(home, error), file=sys.stderr)
    except Untrusted as error:
        print(refusals.other_environment(home, environment, error), file=sys.stderr)
    return 2


def _compose(asked: argparse.Namespace) -> int:
    from mssclient.domain.errors import Unreadable
    from mssclient.stage import compose_command

    try:
        handed = compose_command.handover_of(asked)
    except Unreadable as error:
        print(compose_command.refusal(error), file=sys.stderr)
        return 2
    return _window(asked, handed)


def _dispatch(asked: argparse.Namespace) -> int:
    from mssclient.stage import dispatch

    return dispatch.command(asked)


def _traces(asked: argparse.Namespace) -> int:
    from mssclient.stage import traces_command

    return traces_command.export(asked, lambda: _home_asked(asked))


def _desktop(asked: argparse.Namespace) -> int:
    from mssclient.stage import desktop_entries

    return desktop_entries.run(install=asked.act == "install", everybody=asked.everyone)


def _inspect(asked: argparse.Namespace) -> int:
    from mssclient.domain.errors import Unreadable
    from mssclient.domain.inspect import inspect
    from mssclient.stage.report import inspection_lines
    from mssclient.ui import wording_documents

    path = Path(asked.file)
    try:
        _limit_time(INSPECT_LIMIT_S)
        content = _content(path)
    except FileNotFoundError:
        print(f"Fichier introuvable : {path.name}.", file=sys.stderr)
        return 2
    except OSError:
        print(
            f"Le fichier {path.name} ne peut pas être lu : vérifiez que c’est un fichier et vos droits.",
            file=sys.stderr,
        )
        return 2
    try:
        if len(content) > INSPECT_LIMIT:
            print(f"Fichier trop volumineux : plus de {INSPECT_LIMIT // 1_048_576} Mo.", file=sys.stderr)
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


def _content(path: Path) -> bytes:
    """A file's bytes, a little more than are inspected. A pipe that nobody writes to must not hold us: OSError."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISFIFO(mode) and not select.select([file], [], [], PIPE_LIMIT_S)[0]:
            raise TimeoutError
        if not stat.S_ISFIFO(mode) and not stat.S_ISREG(mode):
            raise IsADirectoryError
        if hasattr(os, "set_blocking"):
            os.set_blocking(descriptor, True)
        return file.read(INSPECT_LIMIT + 1)


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


def _check(asked: argparse.Namespace) -> int:
    from mssclient.domain.address import is_address, normal
    from mssclient.stage import check
    from mssclient.stage.check_sign_in import Way
    from mssclient.stage.check_words import lines

    address = normal(asked.address)
    if not is_address(address):
        print("Donnez une adresse complète, par exemple secretariat@etablissement.mssante.fr.", file=sys.stderr)
        return 2
    way = Way.E_CPS if asked.e_cps else Way.BROWSER if asked.sign_in else Way.NONE
    wanted = check.Asked(address, asked.environment, asked.home, way, asked.e_cps or "")
    # What a person has to do now must not stand in the middle of a JSON document.
    means = check.Means(lambda text: print(text, file=sys.stderr if asked.json else sys.stdout, flush=True))
    try:
        walk = check.run(
            wanted, lambda step: None if asked.json else print(_harmless_lines(lines(step)), flush=True), means
        )
    except KeyboardInterrupt:
        print("Vérification interrompue.", file=sys.stderr)
        return 130
    if asked.json:
        print(json.dumps(check.as_json(walk.steps), ensure_ascii=False, indent=1))
    else:
        print("Tout fonctionne." if walk.good else "Quelque chose ne fonctionne pas : voyez les lignes « !! ».")
    return 0 if walk.good else 1


def _harmless_lines(text: str) -> str:
    return "\n".join(_harmless(line) for line in text.split("\n"))


def _demo(asked: argparse.Namespace) -> int:
    from mssclient.stage import demo

    return demo.run(asked.home, bulk=asked.bulk)


def _tour(asked: argparse.Namespace) -> int:
    from mssclient.stage import tour

    return _writing(Path(asked.out), lambda folder: tour.run(folder, as_json=asked.json))


def _shots(asked: argparse.Namespace) -> int:
    from mssclient.stage import shots

    return _writing(Path(asked.out), shots.run)


def _writing(folder: Path, run: Callable[[Path], int]) -> int:
    """A command that fills a folder; a folder that cannot be had is said before anything is started."""
    from mssclient.stage import refusals

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(refusals.no_folder(folder, error), file=sys.stderr)
        return 2
    return run(folder)


def _bench(_asked: argparse.Namespace) -> int:
    from mssclient.stage import bench

    return bench.run()


def _sandbox(asked: argparse.Namespace) -> int:
    folder = Path(asked.dir) if asked.dir else Path(tempfile.mkdtemp(prefix="mssclient-sandbox-"))
    return _writing(folder, lambda place: _serve_sandbox(place.absolute(), asked))


def _serve_sandbox(folder: Path, asked: argparse.Namespace) -> int:
    from mssclient.stage.theatre import Theatre

    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with Theatre(folder, lines=asked.lines, bulk=asked.bulk) as theatre:
        print(theatre.environment_file, flush=True)
        for name, url in theatre.operator.urls().items():
            print(f"  {name:13} {url}", flush=True)
        print(f"  imap          127.0.0.1:{theatre.operator.ports['imap']} (STARTTLS, XOAUTH2)", flush=True)
        print(f"  smtp          127.0.0.1:{theatre.operator.ports['smtp']} (STARTTLS, XOAUTH2)", flush=True)
        stopped.wait()
    return 0


def _forget(asked: argparse.Namespace) -> int:
    from mssclient.stage import forget

    return forget.run(_home_asked(asked), asked.person, everybody=asked.all, confirmed=asked.yes)


def _relay(asked: argparse.Namespace) -> int:
    import time

    from mssclient.relay import config, server
    from mssclient.stage import relay_words

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        server.run(config.read(Path(asked.config)), time.time)
    except config.BadConfig as bad:
        print(relay_words.refusal(bad), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0
