"""Every failure and every objection in French: what happened, what is safe, what to do, in this order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from mssclient.domain import errors
from mssclient.domain.draft import Objection
from mssclient.domain.errors import CardReason, Distrust, FilingReason, StoreReason, Unread
from mssclient.engine.api import Told
from mssclient.ui.wording_fates import code_reason
from mssclient.ui.wording_objections import objection

translate = QCoreApplication.translate


class Deed(Enum):
    """What the one button of a sentence does; the window that shows it knows how."""

    NONE = "none"
    RETRY = "retry"
    SIGN_IN = "sign in"
    OPEN_DRAFT = "open draft"
    OPEN_OUTBOX = "open outbox"
    CHOOSE_FOLDER = "choose folder"
    FILE_AGAIN = "file again"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a person is told: `title` what happened, `text` what is safe and what to do, `action` the button's label
    (empty: no button) and `deed` what it does; `details` is technical text to fold away."""

    title: str
    text: str
    action: str = ""
    details: str = ""
    deed: Deed = Deed.NONE


_KEPT = {
    "copy": QT_TRANSLATE_NOOP("wording", "Le message est bien parti ; seule sa copie dans Envoyés attend."),
    "filed": QT_TRANSLATE_NOOP("wording", "Le journal garde la trace de ce classement : vérifiez le dossier du DUI."),
    "send": QT_TRANSLATE_NOOP("wording", "Votre message est gardé dans la boîte d’envoi."),
    "sync": QT_TRANSLATE_NOOP("wording", "Les messages déjà reçus sur ce poste restent lisibles."),
    "body": QT_TRANSLATE_NOOP("wording", "Le message est intact chez l’opérateur."),
    "part": QT_TRANSLATE_NOOP("wording", "La pièce jointe est intacte chez l’opérateur."),
    "move": QT_TRANSLATE_NOOP("wording", "Aucun message n’est perdu."),
    "new folder": QT_TRANSLATE_NOOP("wording", "Les messages que vous y aviez mis sont revenus à leur place."),
    "rename folder": QT_TRANSLATE_NOOP("wording", "Ses messages sont restés où ils étaient."),
    "delete folder": QT_TRANSLATE_NOOP("wording", "Il est revenu à sa place avec ses messages."),
    "restore folder": QT_TRANSLATE_NOOP("wording", "Ses messages sont dans la corbeille."),
    "file": QT_TRANSLATE_NOOP("wording", "Rien n’a été écrit dans le dossier du DUI."),
    "save": QT_TRANSLATE_NOOP("wording", "Rien n’a été écrit à l’endroit choisi."),
    "open": QT_TRANSLATE_NOOP("wording", "La pièce jointe est intacte chez l’opérateur."),
    "forget": QT_TRANSLATE_NOOP("wording", "Ce qui reste de vous sur ce poste sera effacé à la prochaine ouverture."),
    "preview": QT_TRANSLATE_NOOP("wording", "La pièce jointe n’a pas été modifiée."),
    "directory": QT_TRANSLATE_NOOP("wording", "L’annuaire déjà présent sur ce poste reste utilisable."),
    "draft copy": QT_TRANSLATE_NOOP("wording", "Le brouillon est gardé sur ce poste."),
    "quota": QT_TRANSLATE_NOOP("wording", "Classez puis supprimez des messages."),
    "draft": QT_TRANSLATE_NOOP("wording", "Votre texte est toujours dans la fenêtre de rédaction."),
    "attach": QT_TRANSLATE_NOOP("wording", "Le brouillon est intact, sans cette pièce jointe."),
    "receipt": QT_TRANSLATE_NOOP("wording", "Le message reçu n’a pas été modifié."),
    "bal": QT_TRANSLATE_NOOP("wording", "Vos autres boîtes continuent de fonctionner."),
    "sign in": QT_TRANSLATE_NOOP("wording", "Vos messages et vos brouillons sont gardés sur ce poste."),
}  # fmt: skip


def kept(context: str) -> str:
    """What is safe after a failure in an act."""
    source = _KEPT.get(context, QT_TRANSLATE_NOOP("wording", "Rien de ce qui était enregistré n’est perdu."))
    return translate("wording", str(source))


def failure(error: BaseException, context: str = "") -> Sentence:
    """One calm sentence for every failure; a bug gets one too. `context` names the act, as in `Told.context`."""
    match error:
        case errors.Offline():
            return _offline(error, context)
        case errors.SessionEnded():
            return _session_ended()
        case errors.Refused():
            return _refused(error, context)
        case errors.Untrusted():
            return _untrusted(error)
        case errors.NotAllowed():
            return _not_allowed(error)
        case errors.CardTrouble():
            return _card(error)
        case errors.FilingRefused() if context == "open":
            return _not_opened(error)
        case errors.FilingRefused():
            return _filing(error)
        case _:
            return _local_failure(error, context)


def _local_failure(error: BaseException, context: str) -> Sentence:
    match error:
        case errors.Unreadable():
            return _unreadable(error, context)
        case errors.StoreTrouble() if context == "forget":
            return _not_forgotten(error)
        case errors.StoreTrouble():
            return _store(error)
        case errors.Cancelled():
            return Sentence(translate("wording", "Annulé"), translate("wording", "Rien n’a été fait."))
        case _:
            return _bug(error, context)


def problem(told: Told) -> Sentence:
    """The sentence for a problem the engine announced."""
    return failure(told.error, told.context)


def _joined(*pieces: str) -> str:
    return " ".join(piece for piece in pieces if piece)


def their_words(text: str) -> str:
    """The other side's own words, shown as theirs; empty when there are none. One line, at most 400 characters."""
    words = " ".join(text.split())[:400]
    return translate("wording", "L’opérateur a répondu : « {words} ».").format(words=words) if words else ""


_CHANGES = {"move", "delete", "read", "unread", "flag", "unflag", "answered", "forwarded"}
# What nobody tries again by itself: the person asked for it once.
_ONCE = {"open", "part", "preview", "file", "save", "attach", "receipt", "sign in", "bal"}


def _offline(error: errors.Offline, context: str) -> Sentence:
    if context == "uncertain":
        return _uncertain(error)
    if error.busy:
        title = translate("wording", "Le service est momentanément indisponible")
    elif context == "directory":
        title = translate("wording", "L’annuaire n’a pas pu être actualisé")
    else:
        title = translate("wording", "Pas de connexion au service")
    if context in _ONCE:
        again = translate("wording", "Réessayez quand la connexion sera revenue.")
    else:
        again = translate("wording", "Une nouvelle tentative aura lieu toute seule.")
    label = translate("wording", "Réessayer maintenant")
    return Sentence(title, _joined(kept(context), again), label, str(error), Deed.RETRY)


def _uncertain(error: errors.Offline) -> Sentence:
    return Sentence(
        translate("wording", "On ne sait pas si un message est arrivé"),
        translate(
            "wording",
            "La ligne a été coupée pendant l’envoi. Le message est gardé et ne repartira pas sans votre accord : "
            "ouvrez la boîte d’envoi pour décider.",
        ),
        translate("wording", "Ouvrir la boîte d’envoi"),
        str(error),
        Deed.OPEN_OUTBOX,
    )


def _session_ended() -> Sentence:
    return Sentence(
        translate("wording", "Votre session Pro Santé Connect est terminée"),
        translate(
            "wording",
            "Vos brouillons et votre boîte d’envoi sont gardés. Identifiez-vous de nouveau pour reprendre là "
            "où vous en étiez.",
        ),
        translate("wording", "Se connecter"),
        deed=Deed.SIGN_IN,
    )


_REFUSED = {
    "send": QT_TRANSLATE_NOOP("wording", "L’opérateur a refusé ce message"),
    "move": QT_TRANSLATE_NOOP("wording", "L’opérateur a refusé ce changement"),
    "sync": QT_TRANSLATE_NOOP("wording", "L’opérateur refuse l’accès à cette boîte"),
    "bal": QT_TRANSLATE_NOOP("wording", "Cette boîte ne peut pas être ouverte"),
    "sign in": QT_TRANSLATE_NOOP("wording", "La connexion n’a pas abouti"),
    "directory": QT_TRANSLATE_NOOP("wording", "L’annuaire n’a pas été remplacé"),
    "receipt": QT_TRANSLATE_NOOP("wording", "L’accusé de lecture n’est pas parti"),
    "new folder": QT_TRANSLATE_NOOP("wording", "Le dossier n’a pas été créé"),
    "draft copy": QT_TRANSLATE_NOOP("wording", "Le brouillon n’a pas pu être copié chez l’opérateur"),
    "quota": QT_TRANSLATE_NOOP("wording", "Cette boîte est presque pleine"),
    "rename folder": QT_TRANSLATE_NOOP("wording", "Le dossier a gardé son nom"),
    "delete folder": QT_TRANSLATE_NOOP("wording", "Le dossier n’a pas été supprimé"),
    "restore folder": QT_TRANSLATE_NOOP("wording", "Le dossier n’a pas pu être rétabli"),
}  # fmt: skip


def _refused(error: errors.Refused, context: str) -> Sentence:
    if context == "take back":
        return Sentence(
            translate("wording", "Il est trop tard pour reprendre ce message"),
            translate("wording", "Il est déjà parti ; son devenir se lit dans les messages envoyés."),
            details=error.code,
        )
    if error.code == "ALERT":
        # RFC 3501 §7.1: to be shown as it stands, and as theirs.
        return Sentence(translate("wording", "Votre opérateur vous adresse un message"), their_words(error.text))
    act = "move" if context in _CHANGES else context
    source = _REFUSED.get(act, QT_TRANSLATE_NOOP("wording", "L’opérateur a refusé"))
    if context == "send":
        safe = translate("wording", "Le message n’est pas parti ; il est redevenu un brouillon, rien n’en est perdu.")
        label, deed = translate("wording", "Reprendre le brouillon"), Deed.OPEN_DRAFT
    elif context in _CHANGES:
        safe, label, deed = translate("wording", "Le message est resté comme il était."), "", Deed.NONE
    elif context == "sign in":
        safe, label, deed = kept(context), translate("wording", "Recommencer"), Deed.RETRY
    elif context in {"draft copy", "quota", "new folder", "rename folder", "delete folder", "restore folder"}:
        safe, label, deed = kept(context), "", Deed.NONE
    else:
        safe, label, deed = kept(context), translate("wording", "Réessayer"), Deed.RETRY
    text = _joined(code_reason(error.code), safe, their_words(error.text))
    return Sentence(translate("wording", str(source)), text, label, error.code, deed)


def _fault_of_a_server(reason: Distrust) -> str:
    """What is wrong with what a server showed; empty for what is wrong elsewhere."""
    match reason:
        case Distrust.CHAIN:
            return translate("wording", "Son certificat ne vient pas de l’autorité attendue.")
        case Distrust.NAME:
            return translate("wording", "Son certificat a été délivré pour un autre serveur.")
        case Distrust.EXPIRED:
            return translate("wording", "Son certificat n’est pas valable à la date de ce poste.")
        case Distrust.REVOKED:
            return translate("wording", "Son certificat a été révoqué.")
        case Distrust.PROTOCOL:
            return translate("wording", "Il ne propose pas une connexion assez protégée.")
        case _:
            return ""


def _untrusted(error: errors.Untrusted) -> Sentence:
    safe = translate("wording", "Rien ne lui a été envoyé : ni message, ni identité.")
    todo = translate("wording", "Prévenez votre service informatique ; la connexion sera retentée d’elle-même.")
    title = translate("wording", "Un serveur n’a pas pu prouver qu’il est digne de confiance")
    why = _fault_of_a_server(error.reason)
    match error.reason:
        case Distrust.CHAIN | Distrust.NAME | Distrust.REVOKED | Distrust.PROTOCOL:
            pass
        case Distrust.EXPIRED:
            todo = translate("wording", "Vérifiez la date et l’heure du poste, puis prévenez l’opérateur.")
        case Distrust.DISCOVERY:
            title = translate("wording", "L’opérateur de cette adresse n’a pas été trouvé")
            why = translate("wording", "La configuration publiée pour ce domaine manque ou n’est pas cohérente.")
            todo = translate("wording", "Vérifiez l’adresse ; si elle est juste, prévenez l’opérateur.")
        case Distrust.ANCHOR:
            title = translate("wording", "Les autorités de confiance de ce poste sont incomplètes")
            why = translate("wording", "Un fichier d’autorité manque ou n’est pas celui attendu.")
            todo = translate("wording", "Une réinstallation par votre service informatique est nécessaire.")
        case Distrust.IDENTITY:
            title = translate("wording", "La personne identifiée n’est pas celle de la carte")
            why = translate("wording", "Pro Santé Connect a reconnu quelqu’un d’autre que le titulaire de la carte.")
            safe = translate("wording", "Aucune session n’a été ouverte.")
            todo = translate("wording", "Retirez la carte, remettez la vôtre et recommencez.")
        case Distrust.REVOCATION:
            title = translate("wording", "Les certificats révoqués ne peuvent pas être vérifiés")
            why = translate("wording", "Ce poste exige une liste de révocation valable, et n’en a pas.")
            todo = translate(
                "wording",
                "Prévenez votre service informatique : la connexion reprendra dès que la liste sera reçue.",
            )
        case Distrust.ENVIRONMENT:
            title = translate("wording", "Deux environnements sont mélangés")
            why = translate("wording", "Le relais de ce poste ne représente pas le Pro Santé Connect attendu.")
            safe = translate("wording", "La session qui venait de s’ouvrir a été refermée, rien n’a été envoyé.")
            todo = translate("wording", "Prévenez votre service informatique : une adresse est à corriger.")
        case _:
            assert_never(error.reason)
    label = translate("wording", "Réessayer")
    return Sentence(title, _joined(why, safe, todo), label, str(error), Deed.RETRY)


def _not_allowed(error: errors.NotAllowed) -> Sentence:
    reasons = [objection(o) for o in error.objections if isinstance(o, Objection)]
    return Sentence(
        translate("wording", "Ce message ne peut pas partir tel quel"),
        _joined(translate("wording", "Il est gardé comme brouillon."), *reasons),
        translate("wording", "Reprendre le brouillon"),
        deed=Deed.OPEN_DRAFT,
    )


def _card(error: errors.CardTrouble) -> Sentence:
    other = translate("wording", "Vous pouvez aussi vous connecter avec e-CPS.")
    match error.reason:
        case CardReason.NO_SUPPORT:
            title = translate("wording", "Ce poste ne gère pas les lecteurs de carte")
            text = translate("wording", "Le service des cartes à puce (PC/SC) n’est pas installé ou pas démarré.")
        case CardReason.NO_READER:
            title = translate("wording", "Aucun lecteur de carte")
            text = translate("wording", "Branchez le lecteur ; il sera reconnu tout seul.")
        case CardReason.ABSENT:
            title = translate("wording", "Aucune carte dans le lecteur")
            text = translate("wording", "Insérez votre carte CPS, puce vers le lecteur.")
        case CardReason.UNKNOWN:
            title = translate("wording", "Cette carte n’est pas une carte CPS")
            text = translate("wording", "Insérez une carte de la famille CPx : CPS, CPF, CPE ou CPA.")
        case CardReason.VITALE:
            title = translate("wording", "C’est une carte Vitale")
            text = translate("wording", "Rien n’y a été lu. Insérez votre carte CPS à la place.")
        case CardReason.MUTE:
            title = translate("wording", "La carte ne répond pas")
            text = translate("wording", "Retirez-la, essuyez la puce et réinsérez-la.")
        case _:
            assert_never(error.reason)
    return Sentence(title, _joined(text, other), details=str(error))


def _not_opened(error: errors.FilingRefused) -> Sentence:
    """A copy for another program was not laid."""
    title = translate("wording", "La pièce jointe n’a pas été ouverte")
    if error.reason is FilingReason.TYPE:
        why = translate("wording", "Un programme, un script, une page ou un document à macros ne s’ouvre pas d’ici.")
        todo = translate("wording", "Vérifiez auprès de l’expéditeur ; au besoin, demandez-lui un PDF.")
    else:
        why = translate("wording", "Elle n’est pas sur ce poste.")
        todo = translate("wording", "Réessayez quand la connexion sera revenue.")
    return Sentence(title, _joined(why, kept("part"), todo), details=str(error))


def _filing(error: errors.FilingRefused) -> Sentence:
    title = translate("wording", "Le document n’a pas été classé")
    safe = kept("file")
    label, deed = translate("wording", "Réessayer"), Deed.RETRY
    match error.reason:
        case FilingReason.NO_FOLDER:
            why = translate("wording", "Le dossier du DUI est introuvable ou n’a pas encore été choisi.")
            label, deed = translate("wording", "Choisir le dossier…"), Deed.CHOOSE_FOLDER
        case FilingReason.READ_ONLY:
            why = translate("wording", "Ce poste n’a pas le droit d’écrire dans le dossier du DUI.")
            label, deed = translate("wording", "Choisir le dossier…"), Deed.CHOOSE_FOLDER
        case FilingReason.FULL:
            why = translate("wording", "Le disque du dossier du DUI est plein.")
        case FilingReason.NAME:
            why = translate("wording", "Le dossier du DUI n’accepte pas ce nom de fichier ; raccourcissez le type.")
        case FilingReason.TYPE:
            why = translate("wording", "Ce genre de fichier n’est pas admis dans le DUI.")
            label, deed = "", Deed.NONE
        case FilingReason.ALREADY:
            title = translate("wording", "Ce document a déjà été classé")
            why = translate("wording", "Il n’a pas été écrit une seconde fois.")
            return Sentence(title, why, translate("wording", "Classer quand même"), str(error), Deed.FILE_AGAIN)
        case FilingReason.VANISHED:
            why = translate(
                "wording", "Le dossier du DUI a disparu pendant l’écriture ; rien n’y reste à moitié écrit."
            )
        case FilingReason.OUTDATED:
            title = translate("wording", "Une version plus récente est déjà classée")
            why = translate("wording", "Cette version du document est dépassée ; elle n’a pas été écrite dans le DUI.")
            label, deed = "", Deed.NONE
        case FilingReason.IDENTITY:
            why = translate("wording", "L’usager n’est pas confirmé : vérifiez son nom, son prénom et sa naissance.")
            label, deed = "", Deed.NONE
        case _:
            assert_never(error.reason)
    return Sentence(title, _joined(why, safe), label, str(error), deed)


def unread(reason: Unread) -> str:
    """Why a foreign content is not shown."""
    match reason:
        case Unread.NOT_IT:
            return translate("wording", "Ce n’est pas le genre de fichier annoncé.")
        case Unread.DAMAGED:
            return translate("wording", "Le fichier est abîmé.")
        case Unread.TOO_BIG:
            return translate("wording", "Le fichier dépasse ce que ce poste accepte d’ouvrir.")
        case Unread.FORBIDDEN:
            return translate("wording", "Le fichier contient ce que la sécurité interdit d’ouvrir.")
        case Unread.EMPTY:
            return translate("wording", "Le fichier est vide.")
        case _:
            assert_never(reason)


def _unreadable(error: errors.Unreadable, context: str) -> Sentence:
    if context == "directory":
        title = translate("wording", "L’annuaire reçu n’a pas été accepté")
        todo = translate("wording", "Réessayez plus tard.")
    elif context in {"attach", "draft"}:
        title = translate("wording", "Ce fichier n’a pas été joint")
        todo = translate("wording", "Choisissez-en un autre.")
    elif context == "body":
        title = translate("wording", "Ce message ne peut pas être affiché")
        todo = translate("wording", "Demandez à l’expéditeur de vous l’envoyer de nouveau.")
    else:
        title = translate("wording", "Ce document ne peut pas être affiché")
        todo = translate("wording", "Demandez à l’expéditeur un autre exemplaire.")
    safe = translate("wording", "Rien n’en a été exécuté.")
    return Sentence(title, _joined(unread(error.reason), safe, todo), details=str(error))


def _store(error: errors.StoreTrouble) -> Sentence:
    label, deed = translate("wording", "Réessayer"), Deed.RETRY
    match error.reason:
        case StoreReason.FULL:
            title = translate("wording", "Le disque de ce poste est plein")
            text = translate(
                "wording",
                "Ce qui était déjà enregistré est intact, mais plus rien ne peut l’être. Libérez de la place, "
                "puis réessayez.",
            )
        case StoreReason.DAMAGED:
            title = translate("wording", "La copie locale des messages est abîmée")
            text = translate(
                "wording",
                "Vos messages sont intacts chez l’opérateur. Prévenez votre service informatique avant de continuer : "
                "des brouillons peuvent encore être récupérés.",
            )
            label, deed = "", Deed.NONE
        case StoreReason.LOCKED:
            title = translate("wording", "La messagerie est déjà ouverte sur ce poste")
            text = translate("wording", "Rien n’est perdu. Fermez l’autre fenêtre ou l’autre session, puis réessayez.")
        case StoreReason.NEWER:
            title = translate("wording", "Une version plus récente a été utilisée sur ce poste")
            text = translate("wording", "Vos données sont intactes. Installez la version récente pour les ouvrir.")
            label, deed = translate("wording", "Fermer"), Deed.CLOSE
        case StoreReason.KEY | StoreReason.KEY_LOST | StoreReason.KEYRING | StoreReason.KEYRING_LOCKED:
            return _key(error)
        case _:
            assert_never(error.reason)
    return Sentence(title, text, label, str(error), deed)


def _key(error: errors.StoreTrouble) -> Sentence:
    """What opens the store of this workstation is missing, locked away, or lasts no longer than the program."""
    label, deed = "", Deed.NONE
    if error.reason is StoreReason.KEY_LOST:
        title = translate("wording", "La clé de votre copie locale a disparu du trousseau")
        text = translate(
            "wording",
            "Vos messages sont intacts chez l’opérateur et reviennent. L’ancienne copie est mise de côté : les brouillons "
            "et la boîte d’envoi qu’elle contient ne peuvent plus être lus. Prévenez votre service informatique.",
        )
    elif error.reason is StoreReason.KEYRING:
        title = translate("wording", "Ce poste ne garde rien d’une ouverture à l’autre")
        text = translate(
            "wording",
            "Aucun trousseau ne peut garder la clé : vos brouillons et les envois en attente seront perdus à la fermeture "
            "du programme. Vos messages restent chez l’opérateur.",
        )
    elif error.reason is StoreReason.KEYRING_LOCKED:
        title = translate("wording", "Le trousseau de votre session est verrouillé")
        text = translate(
            "wording",
            "Votre copie locale est intacte. Ouvrez le trousseau de votre session Windows ou Linux, puis "
            "identifiez-vous de nouveau.",
        )
        label, deed = translate("wording", "Réessayer"), Deed.RETRY
    else:
        title = translate("wording", "La copie locale ne peut pas être déchiffrée")
        text = translate(
            "wording",
            "Elle est intacte, et vos messages aussi chez l’opérateur. Le relais de l’établissement n’a pas donné sa part "
            "de la clé : prévenez votre service informatique.",
        )
        label, deed = translate("wording", "Réessayer"), Deed.RETRY
    return Sentence(title, text, label, str(error), deed)


def _not_forgotten(error: errors.StoreTrouble) -> Sentence:
    """Something of a person who asked to be forgotten is still there."""
    title = translate("wording", "Tout n’a pas pu être effacé")
    if error.reason is StoreReason.KEYRING_LOCKED:
        why = translate("wording", "Le trousseau de la session est verrouillé : la clé y est encore.")
    else:
        why = translate("wording", "Un autre programme tient encore un fichier ouvert.")
    return Sentence(title, _joined(why, kept("forget")), details=str(error))


def _bug(error: BaseException, context: str) -> Sentence:
    return Sentence(
        translate("wording", "Une erreur inattendue s’est produite"),
        _joined(
            kept(context),
            translate("wording", "Vous pouvez continuer. Si cela se répète, transmettez les détails à votre support."),
        ),
        details=type(error).__name__,
    )
