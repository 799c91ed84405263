"""What `mssclient annuaire` says, in French: every failure a sentence with what to do, and the age of the copy."""

from __future__ import annotations

from datetime import datetime

from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.errors import (
    Distrust,
    MssError,
    Offline,
    Refused,
    StoreReason,
    StoreTrouble,
    Unread,
    Unreadable,
    Untrusted,
)
from mssclient.domain.extraction import Shrunken

KEPT = "La copie en place n’a pas changé."
KEPT_PUBLICATION = "Ce qui était publié n’a pas changé."
_UNREADABLE = {
    (Unread.NOT_IT, "page"): "C’est une page web, sans doute le message d’erreur d’un serveur ou d’un proxy, "
    "et non l’extraction de l’Annuaire\u00a0: téléchargez-la de nouveau.",
    (
        Unread.NOT_IT,
        "separator",
    ): "Les colonnes de ce fichier ne sont pas séparées par des barres «\u00a0|\u00a0»\u00a0: prenez "
    "l’extraction telle qu’elle est publiée, sans la réenregistrer depuis un tableur.",
    (Unread.TOO_BIG, "line"): "Une ligne du fichier est démesurée\u00a0: ce n’est pas une extraction intacte.",
    (Unread.NOT_IT, "encoding"): "Le fichier n’est pas en UTF-8\u00a0: prenez l’extraction telle qu’elle est publiée, "
    "sans la réenregistrer depuis un tableur.",
    (
        Unread.DAMAGED,
        "encoding",
    ): "Le fichier n’est pas en UTF-8 de bout en bout\u00a0: il a été abîmé ou réenregistré. "
    "Téléchargez-le de nouveau.",
    (Unread.NOT_IT, "archive"): "L’archive ZIP ne contient pas l’extraction de l’Annuaire.",
    (Unread.DAMAGED, "archive"): "L’archive ZIP est abîmée ou incomplète\u00a0: téléchargez-la de nouveau.",
    (Unread.FORBIDDEN, "encrypted"): "L’archive ZIP est chiffrée\u00a0: l’extraction de l’Annuaire ne l’est jamais.",
    (
        Unread.DAMAGED,
        "cut",
    ): "Le fichier est tronqué\u00a0: sa dernière ligne est incomplète. Téléchargez-le de nouveau.",
    (
        Unread.DAMAGED,
        "lines",
    ): "Trop de lignes du fichier sont inutilisables\u00a0: ce n’est pas une extraction intacte.",
    (Unread.NOT_IT, "manifest"): "Ce dossier ne contient pas une publication de l’Annuaire par mssclient.",
    (Unread.NOT_IT, "manifest version"): "Cette publication vient d’une autre version de mssclient.",
    (Unread.DAMAGED, "manifest"): "Le fichier annuaire.json de la publication est abîmé.",
    (
        Unread.DAMAGED,
        "publication",
    ): "La publication est abîmée\u00a0: un fichier n’est pas celui qu’annoncent sa taille et son empreinte.",
    (Unread.NOT_IT, "csv"): "Aucune colonne de ce fichier ne nomme des correspondants (RPPS, nom, adresse…).",
    (Unread.DAMAGED, "csv"): "Ce fichier n’est pas un CSV lisible.",
    (
        Unread.TOO_BIG,
        "csv",
    ): "Ce fichier dépasse 64\u00a0Mo, 500\u00a0000 lignes ou la longueur d’une ligne raisonnable.",
    (Unread.EMPTY, "csv"): "Ce fichier ne contient aucun correspondant.",
    (Unread.FORBIDDEN, "older"): "Cette extraction est plus ancienne que celle qui est publiée\u00a0: refusée.",
    (
        Unread.FORBIDDEN,
        "rolled back",
    ): "La publication est plus ancienne que la copie de ce poste\u00a0: elle est refusée.",
}
_BY_REASON = {
    Unread.DAMAGED: "Le fichier est abîmé.",
    Unread.TOO_BIG: "Le fichier dépasse de loin la taille d’une extraction de l’Annuaire\u00a0: il est refusé.",
    Unread.FORBIDDEN: "Le fichier contient un élément interdit.",
    Unread.EMPTY: "Le fichier est vide\u00a0: il ne contient aucune adresse.",
}


def failure(error: MssError | OSError) -> str:
    """What went wrong and what to do about it, without the state of the copy."""
    match error:
        case Shrunken():
            return (
                f"Le fichier ne contient que {number(error.seen)} lignes, contre {number(error.known)} dans la copie en "
                "place\u00a0: il est peut-être incomplet. S’il est bien le bon, recommencez avec --accept-shrunken."
            )
        case Unreadable():
            return _unreadable(error)
        case Offline():
            return "Le serveur ou le dossier de l’Annuaire n’est pas joignable\u00a0: réessayez plus tard."
        case Refused():
            return f"Le serveur de l’Annuaire a refusé la demande ({error.code})."
        case Untrusted(reason=Distrust.ANCHOR):
            return (
                f"Le fichier de certificats racines {error.subject} manque ou ne contient aucun certificat\u00a0: rien n’a "
                "été téléchargé. --anchors en indique un autre."
            )
        case Untrusted():
            return (
                f"Le serveur {error.subject} n’est pas reconnu par les certificats de l’environnement\u00a0: rien n’a été "
                "téléchargé. --anchors indique un autre fichier de certificats racines."
            )
        case StoreTrouble():
            return _store(error)
        case OSError():
            return _file(error)
        case _:
            return str(error)


def _file(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "Fichier introuvable."
        case IsADirectoryError():
            return "C’est un dossier, et il ne contient pas de publication de l’Annuaire (annuaire.json)."
        case PermissionError():
            return "Ce fichier ne peut pas être lu\u00a0: vérifiez vos droits."
        case _:
            return f"Lecture ou écriture impossible\u00a0: {error.strerror or type(error).__name__}."


def _unreadable(error: Unreadable) -> str:
    if found := _UNREADABLE.get((error.reason, error.where)):
        return found
    if error.reason is Unread.NOT_IT:
        column = (
            f" (colonne «\u00a0{error.where}\u00a0» absente)" if error.where not in {"header", "extraction"} else ""
        )
        return f"Ce fichier n’est pas l’extraction de correspondance MSSanté de l’Annuaire{column}."
    return _BY_REASON[error.reason]


def _store(error: StoreTrouble) -> str:
    match error.reason:
        case StoreReason.FULL:
            return "Le disque est plein\u00a0: libérez environ 1 Go et recommencez."
        case StoreReason.LOCKED:
            return "Un autre chargement est en cours sur ce dossier\u00a0: attendez sa fin."
        case _:
            return "Les fichiers de la copie ne peuvent pas être lus ou écrits."


def number(value: int) -> str:
    """1234567 as 1 234 567."""
    return f"{value:,}".replace(",", "\u202f")


def dates(extracted: str, loaded_at: str, now: datetime) -> str:
    """How old an extraction is, from its AAAAMMJJhhmm; a file that does not say is as old as its load (ISO time)."""
    try:
        return f"extraction du {_age(datetime.strptime(extracted, '%Y%m%d%H%M').astimezone(), now)}"
    except ValueError:
        pass
    try:
        return f"extraction de date inconnue, chargée le {_age(datetime.fromisoformat(loaded_at), now)}"
    except ValueError:
        return "extraction de date inconnue"


def _age(moment: datetime, now: datetime) -> str:
    day = moment.astimezone()
    days = (now.astimezone().date() - day.date()).days
    said = {0: "aujourd’hui", 1: "hier"}.get(days, f"il y a {days} jours")
    return f"{day:%d/%m/%Y à %H:%M}, {said}"


def lines_of(entry: DirectoryEntry) -> str:
    """One answer as one paragraph: enough to tell two namesakes apart."""
    work = ", ".join(piece for piece in (entry.profession, entry.speciality) if piece)
    person = bool(entry.family)
    place = " ".join(piece for piece in (entry.post_code, entry.town) if piece)
    where = ", ".join(piece for piece in (entry.service if person else "", entry.structure, place) if piece)
    flag = {True: " · dématérialisation acceptée", False: " · papier souhaité", None: ""}[entry.paperless]
    title = f"{entry.name}{f' ({work})' if work else ''}"
    return f"{title}\n    {where}\n    {entry.address} · {entry.kind.value}{flag}"
