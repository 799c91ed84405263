"""Why a relay's configuration cannot serve, in one French sentence that names the entry to mend."""

from __future__ import annotations

from mssclient.relay.config import BadConfig, Wrong

_TYPES = {
    "str": "un texte entre guillemets",
    "int": "un nombre entier",
    "bool": "true ou false",
    "tuple[str, ...]": "une liste de textes",
}


_REASONS = {
    Wrong.NOT_TOML: "n’est pas un fichier TOML lisible",
    Wrong.MISSING: "manque",
    Wrong.UNKNOWN: "n’est pas une entrée connue",
    Wrong.TYPE: "devrait être {detail}",
    Wrong.NOT_HTTPS: "n’est pas une adresse https",
    Wrong.NOT_REDIS: "n’est pas une adresse redis:// ou rediss:// sans option",
    Wrong.FINAL_SLASH: "se termine par une barre oblique",
    Wrong.RANGE: "sort des limites ({detail})",
    Wrong.ADDRESS: "contient autre chose que des adresses ou des réseaux",
    Wrong.FILE: "désigne un fichier qui ne peut pas être lu ou écrit\u00a0: {detail}",
    Wrong.KEY: "désigne un fichier sans clé de 32 octets en base64\u00a0: {detail}",
    Wrong.SHORT: "désigne un secret vide ou trop court\u00a0: {detail}",
    Wrong.PAIR: "ne va pas avec sa clé, ou le mot de passe de la clé n’est pas le bon",
    Wrong.ANCHORS: "désigne un fichier sans certificat\u00a0: {detail}",
    Wrong.CHOICE: "n’est pas l’un des choix possibles\u00a0: {detail}",
    Wrong.TWICE: "ne va pas avec {detail}\u00a0: gardez l’un des deux",
    Wrong.ALONE: "demande aussi {detail}",
    Wrong.TAKEN: "désigne une adresse ou un port qui n’est pas libre",
}


def refusal(bad: BadConfig) -> str:
    """The sentence; it never holds a secret."""
    reason = _REASONS[bad.wrong].format(detail=_TYPES.get(bad.detail, bad.detail))
    return f"Configuration refusée\u00a0: {bad.entry} {reason}."
