"""The options of the commands that send: `compose`, `dispatch`, `traces`, `desktop`. Only argparse: nothing is loaded."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

SCHEME = "mssante:"
_PLAIN = (
    ("bal", "ADRESSE", "la boîte d’où écrire"),
    ("subject", "TEXTE", "l’objet"),
    ("text", "TEXTE", "le texte"),
    ("matricule", "INS", "matricule INS de l’usager, s’il est qualifié dans le dossier"),
    ("oid", "OID", "autorité du matricule"),
    ("birth-name", "NOM", "nom de naissance de l’usager"),
    ("given", "PRENOMS", "prénoms de naissance, séparés par des espaces"),
    ("birth-date", "AAAA-MM-JJ", "date de naissance"),
    ("sex", "M|F", "sexe"),
    ("birth-place", "INSEE", "code INSEE du lieu de naissance"),
    ("record", "NUMERO", "numéro de dossier"),
    ("type", "CODE", "type du document (code LOINC)"),
    ("date", "AAAA-MM-JJ", "date de l’acte"),
    ("title", "TEXTE", "titre du document"),
    ("author", "RPPS", "professionnel qui répond du document"),
    ("document", "OID", "identifiant unique du document"),
    ("set", "OID", "identifiant de la série de versions"),
    ("version", "N", "numéro de version"),
    ("replaces", "OID", "identifiant de la version remplacée"),
)


def with_link(arguments: Sequence[str]) -> list[str]:
    """A `mssante:` link as the system gives it to a program is a wish to compose."""
    found = list(arguments)
    for place, each in enumerate(found):
        if each[: len(SCHEME)].lower() == SCHEME and "compose" not in found[:place]:
            return [*found[:place], "compose", "--link", *found[place:]]
    return found


def compose(parser: argparse.ArgumentParser) -> None:
    """Everything a message may begin with."""
    parser.add_argument("--link", default="", metavar="LIEN", help="un lien mssante:")
    parser.add_argument("--json", default="", metavar="FICHIER", help="un fichier d’accompagnement (JSON)")
    parser.add_argument("--to", action="append", default=[], metavar="ADRESSE", help="destinataire ; peut être répété")
    parser.add_argument(
        "--attach", action="append", default=[], metavar="FICHIER", help="pièce jointe ; peut être répétée"
    )
    for name, metavar, words in _PLAIN:
        parser.add_argument(f"--{name}", dest=name.replace("-", "_"), default="", metavar=metavar, help=words)
    parser.add_argument("--action", default="", type=str.upper, choices=("", "C", "D"), help="C remplace, D supprime")
    parser.add_argument("--to-usager", action="store_true", help="aussi à l’usager, dans Mon espace santé")
    parser.add_argument("files", nargs="*", metavar="DOCUMENT", help="documents à joindre")


def dispatch(parser: argparse.ArgumentParser) -> None:
    """The unattended sender."""
    parser.add_argument("--config", required=True, metavar="FICHIER", help="sa configuration (TOML)")
    parser.add_argument("--once", action="store_true", help="envoie ce qui est prêt, puis s’arrête")
    parser.add_argument("--report", action="store_true", help="n’envoie rien : affiche l’état de la file")
    parser.add_argument("--json", action="store_true", help="rapport en JSON plutôt qu’en CSV")
    parser.add_argument("--retry", default="", metavar="ENVOI", help="renvoie un envoi incertain, par son numéro")
    parser.add_argument("--settle", default="", metavar="ENVOI", help="tient un envoi incertain pour arrivé")


def traces(parser: argparse.ArgumentParser) -> None:
    """The export of traces."""
    commands = parser.add_subparsers(title="commandes", metavar="", required=True)
    export = commands.add_parser("export", help="écrit les traces en CSV")
    export.add_argument("--out", required=True, metavar="FICHIER")
    export.add_argument("--config", default="", metavar="FICHIER", help="celles de l’envoi automatique qu’elle décrit")


def desktop(parser: argparse.ArgumentParser) -> None:
    """The program among the desktop's own."""
    parser.add_argument("act", choices=("install", "remove"), help="pose les entrées, ou les retire")
    parser.add_argument("--everyone", action="store_true", help="pour tous les comptes du poste (administrateur)")


Add = Callable[[str, str, object], argparse.ArgumentParser]


def add(command: Add, run: dict[str, object]) -> None:
    """All of them, to a parser's sub-commands."""
    compose(
        command("compose", "rédige un message commencé par le logiciel métier, dans la fenêtre ouverte", run["compose"])
    )
    traces(command("traces", "les traces des actes, pour l’administrateur", run["traces"]))
    dispatch(command("dispatch", "envoi sans personne depuis une boîte applicative", run["dispatch"]))
    desktop(command("desktop", "entrée de menu, lien mssante: et « Envoyer par MSSanté » du bureau", run["desktop"]))
