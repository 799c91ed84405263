"""What `mssclient dispatch` says to an administrator, in French, without Qt."""

from __future__ import annotations

from mssclient.domain.draft import Objection, Why
from mssclient.domain.errors import Distrust, MssError, NotAllowed, Unread, Unreadable, Untrusted
from mssclient.domain.outbox import Fate, SendState

STATES = {
    SendState.QUEUED: "en attente", SendState.SENDING: "en cours", SendState.SENT: "parti", SendState.DONE: "parti",
    SendState.FAILED: "refusé", SendState.UNCERTAIN: "incertain", SendState.CANCELLED: "abandonné",
}  # fmt: skip
FATES = {
    Fate.ACCEPTED: "accepté", Fate.DELAYED: "retardé", Fate.DELIVERED: "remis", Fate.READ: "lu",
    Fate.INTEGRATED: "intégré", Fate.FAILED: "non-remis", Fate.REFUSED: "refusé",
}  # fmt: skip
"""One word each, in the order of the recipients."""
BAD = frozenset({Fate.DELAYED, Fate.FAILED, Fate.REFUSED})
RUNNING = "Un envoi automatique travaille déjà sur cette file."
NOT_UNCERTAIN = "Cet envoi n’est pas incertain, ou n’existe pas : il n’y a rien à décider."
_WHY = {
    Why.NO_RECIPIENT: "aucun destinataire",
    Why.TOO_MANY: "plus de 10 destinataires",
    Why.BAD_ADDRESS: "une adresse n’est pas complète",
    Why.OUTSIDE: "un destinataire est hors de l’espace de confiance MSSanté",
    Why.NO_WHITE_LIST: "la liste blanche n’a pas encore été reçue",
    Why.USAGER_KEY: "la clé d’un matricule INS est fausse",
    Why.TWICE: "un destinataire figure deux fois",
    Why.TOO_BIG: "le message est trop volumineux pour l’opérateur",
    Why.MES_TOO_BIG: "le message est trop volumineux pour Mon espace santé",
    Why.MANY_USAGERS: "un message ne concerne qu’un usager",
    Why.NO_PRODUCT: "la référence du produit (X-MSS-NIL) n’est pas configurée",
    Why.NO_INSTITUTION: "l’établissement n’est pas décrit dans l’environnement",
    Why.NO_USAGER: "les traits de l’usager sont incomplets",
    Why.NOT_QUALIFIED: "l’INS de l’usager n’est pas qualifiée",
    Why.NO_AUTHOR: "l’auteur n’est pas décrit dans la configuration",
    Why.NO_TYPE: "le type du document manque",
    Why.NO_ACT_DATE: "la date de l’acte manque",
    Why.OTHER_USAGER: "un document ou un destinataire concerne un autre usager",
    Why.TYPED_USAGER: "l’adresse d’un usager ne vient pas de son INS qualifiée",
    Why.OPPOSED: "l’usager s’oppose aux messages dans Mon espace santé",
    Why.OPPOSED_PROFESSIONALS: "l’usager s’oppose à la transmission entre professionnels",
    Why.HIDDEN: "un document non visible de l’usager lui serait adressé",
}

_UNREAD = {
    Unread.NOT_IT: "un fichier n’est pas ce qu’il annonce",
    Unread.DAMAGED: "un fichier est abîmé ou incomplet",
    Unread.TOO_BIG: "un fichier dépasse les limites admises",
    Unread.FORBIDDEN: "un fichier contient un élément interdit",
    Unread.EMPTY: "un fichier est vide",
}
_WHERE = {
    "address": "une adresse du fichier JSON n’est pas complète",
    "path": "un document doit être désigné par son seul nom, sans chemin",
    "date or code": "la date doit s’écrire AAAA-MM-JJ, et le type être un code",
    "birth date": "la date de naissance doit s’écrire AAAA-MM-JJ",
    "oid": "un des identifiants n’est pas un OID",
    "action": "l’action est C (remplace) ou D (supprime)",
    "handover": "trop de destinataires, de pièces jointes ou de texte",
    "control characters": "un des textes contient des caractères interdits",
    "sidecar": "le fichier JSON ne peut pas être lu, ou il est trop volumineux",
}


def refusal(error: MssError) -> str:
    """Why a message may not leave."""
    match error:
        case NotAllowed():
            said = [
                _WHY.get(o.why, "une règle d’envoi n’est pas respectée")
                for o in error.objections
                if isinstance(o, Objection)
            ]
            return f"Message refusé : {', '.join(dict.fromkeys(said))}."
        case Unreadable():
            return f"Message refusé : {_WHERE.get(error.where) or _UNREAD[error.reason]}."
        case _:
            return "Message refusé."


def refused_by_operator(said: str) -> str:
    """Why a message that was queued did not leave: the operator's own words, which no list of ours holds."""
    return f"L’opérateur a refusé ce message : {said}" if said else "Ce message n’est pas parti."


def bad_config(key: str) -> str:
    """What is to be corrected."""
    return f"Configuration à corriger : {key}"


def untrusted(error: Untrusted) -> str:
    """The institution's own certificate, or the anchors, cannot be used."""
    if error.reason is Distrust.IDENTITY:
        return "Le certificat de l’établissement (PKCS#12) ne s’ouvre pas : fichier ou mot de passe à vérifier."
    return f"Les certificats de confiance ne peuvent pas être utilisés : {error.reason.value} {error.subject}"
