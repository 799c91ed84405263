"""Why a draft may not leave, or deserves a question first, in French."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from mssclient.domain.draft import Objection, Why
from mssclient.ui.wording_text import iso_day, size

translate = QCoreApplication.translate

_OBJECTIONS = {
    Why.NO_RECIPIENT: QT_TRANSLATE_NOOP("wording", "Indiquez au moins un destinataire."),
    Why.TOO_MANY: QT_TRANSLATE_NOOP("wording", "{about} destinataires : 10 au plus. Retirez-en."),
    Why.BAD_ADDRESS: QT_TRANSLATE_NOOP("wording", "« {about} » n’est pas une adresse complète."),
    Why.OUTSIDE: QT_TRANSLATE_NOOP(
        "wording", "{about} est hors de l’espace de confiance MSSanté : le message ne peut pas y partir."
    ),
    Why.NO_WHITE_LIST: QT_TRANSLATE_NOOP(
        "wording", "{about} ne peut pas être vérifiée : la liste des domaines de confiance n’a pas encore été reçue."
    ),
    Why.TYPED_USAGER: QT_TRANSLATE_NOOP(
        "wording", "{about} : l’adresse d’un usager ne se saisit pas ; répondez à son message ou partez de son dossier."
    ),
    Why.USAGER_KEY: QT_TRANSLATE_NOOP(
        "wording", "{about} : la clé du matricule INS est fausse. Vérifiez l’identité de l’usager."
    ),
    Why.TWICE: QT_TRANSLATE_NOOP("wording", "{about} figure deux fois parmi les destinataires."),
    Why.NO_SUBJECT: QT_TRANSLATE_NOOP("wording", "L’objet est vide."),
    Why.NO_TEXT: QT_TRANSLATE_NOOP("wording", "Le message est vide."),
    Why.TOO_BIG: QT_TRANSLATE_NOOP(
        "wording", "Le message dépasse les {size} admis par votre opérateur. Retirez une pièce jointe."
    ),
    Why.MES_TOO_BIG: QT_TRANSLATE_NOOP("wording", "Mon espace santé refuse les messages de plus de {size}."),
    Why.APP_BAL: QT_TRANSLATE_NOOP(
        "wording", "On n’écrit pas à la main depuis une boîte applicative : choisissez une autre boîte."
    ),
    Why.MANY_USAGERS: QT_TRANSLATE_NOOP("wording", "Un message ne concerne qu’un usager : écrivez-leur séparément."),
    Why.ATTACHMENT_FORGOTTEN: QT_TRANSLATE_NOOP("wording", "Le texte parle d’une pièce jointe, mais il n’y en a pas."),
    Why.NO_PRODUCT: QT_TRANSLATE_NOOP(
        "wording", "La référence du produit (X-MSS-NIL) n’est pas configurée : prévenez votre service informatique."
    ),
    Why.DEPARTED: QT_TRANSLATE_NOOP(
        "wording", "{about} n’est plus dans l’Annuaire Santé depuis le {since} : cette boîte n’est peut-être plus lue."
    ),
    Why.REPLACED: QT_TRANSLATE_NOOP(
        "wording",
        "{about} a changé de titulaire le {since}, depuis votre dernier message : vérifiez à qui vous écrivez.",
    ),
    Why.LOOKALIKE: QT_TRANSLATE_NOOP(
        "wording", "{about} : le domaine ressemble à celui de {instead}. Est-ce bien l’adresse voulue ?"
    ),
    Why.DISGUISED: QT_TRANSLATE_NOOP(
        "wording", "{about} : le domaine contient des lettres inhabituelles, qui peuvent en imiter d’autres."
    ),
    Why.NO_INSTITUTION: QT_TRANSLATE_NOOP(
        "wording",
        "Votre établissement n’est pas décrit dans la configuration : prévenez votre service informatique.",
    ),
    Why.NO_USAGER: QT_TRANSLATE_NOOP(
        "wording", "Identifiez l’usager : nom de naissance, premier prénom, date de naissance et sexe."
    ),
    Why.NOT_QUALIFIED: QT_TRANSLATE_NOOP(
        "wording", "L’INS de cet usager n’est pas qualifiée : son matricule ne peut pas être utilisé."
    ),
    Why.NO_AUTHOR: QT_TRANSLATE_NOOP(
        "wording", "L’auteur {about} n’est pas connu de l’annuaire : indiquez un autre auteur."
    ),
    Why.NO_TYPE: QT_TRANSLATE_NOOP("wording", "Choisissez le type du document « {about} »."),
    Why.NO_ACT_DATE: QT_TRANSLATE_NOOP("wording", "Indiquez la date de l’acte du document « {about} »."),
    Why.OTHER_USAGER: QT_TRANSLATE_NOOP(
        "wording", "« {about} » concerne un autre usager : un message ne concerne qu’un usager."
    ),
    Why.OPPOSED: QT_TRANSLATE_NOOP(
        "wording", "Cet usager s’est opposé aux envois dans Mon espace santé : retirez-le des destinataires."
    ),
    Why.OPPOSED_PROFESSIONALS: QT_TRANSLATE_NOOP(
        "wording", "Cet usager s’est opposé aux échanges de ses documents entre professionnels."
    ),
    Why.HIDDEN: QT_TRANSLATE_NOOP(
        "wording", "« {about} » ne doit pas être visible de l’usager : il ne peut pas lui être envoyé."
    ),
    Why.NOT_PREPARED: QT_TRANSLATE_NOOP(
        "wording", "Les documents de santé ne sont pas prêts : préparez-les avant d’envoyer."
    ),
}


def objection(o: Objection) -> str:
    """Why a draft may not leave, or deserves a question, in one sentence."""
    number = int(o.about) if o.about.isdigit() and o.why in {Why.TOO_BIG, Why.MES_TOO_BIG} else 0
    return translate("wording", str(_OBJECTIONS[o.why])).format(
        about=o.about, size=size(number), since=iso_day(o.since), instead=o.instead
    )
