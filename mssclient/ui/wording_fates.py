"""What became of a sent message, in French: states, reasons behind status codes, automatic answers."""

from __future__ import annotations

import re
from typing import assert_never

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from mssclient.domain.message import Row
from mssclient.domain.outbox import Fate, Outgoing, RecipientFate, SendState
from mssclient.domain.receipts import Report, ReportKind
from mssclient.ui.wording_text import clock, full_when

translate = QCoreApplication.translate

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_INTEGRATION = re.compile(r"\b90[0-6]\b")

_BY_DETAIL = {
    "1.0": QT_TRANSLATE_NOOP("wording", "Adresse refusée."),
    "1.1": QT_TRANSLATE_NOOP("wording", "Boîte inconnue : cette adresse n’existe pas chez le destinataire."),
    "1.2": QT_TRANSLATE_NOOP("wording", "Domaine inconnu : aucun serveur ne reçoit de messages pour cette adresse."),
    "1.3": QT_TRANSLATE_NOOP("wording", "Adresse mal formée."),
    "1.6": QT_TRANSLATE_NOOP("wording", "La boîte a été transférée ailleurs, sans suivi."),
    "1.8": QT_TRANSLATE_NOOP("wording", "L’adresse d’expédition n’est pas acceptée."),
    "1.10": QT_TRANSLATE_NOOP("wording", "Ce domaine ne reçoit pas de messages."),
    "2.0": QT_TRANSLATE_NOOP("wording", "La boîte du destinataire ne peut pas recevoir."),
    "2.1": QT_TRANSLATE_NOOP("wording", "La boîte du destinataire est suspendue ou désactivée."),
    "2.2": QT_TRANSLATE_NOOP("wording", "La boîte du destinataire est pleine."),
    "2.3": QT_TRANSLATE_NOOP("wording", "Message trop volumineux pour la boîte du destinataire."),
    "2.4": QT_TRANSLATE_NOOP("wording", "La liste de diffusion n’a pas pu être développée."),
    "3.1": QT_TRANSLATE_NOOP("wording", "Le serveur du destinataire est plein."),
    "3.2": QT_TRANSLATE_NOOP("wording", "Le serveur du destinataire ne reçoit pas en ce moment."),
    "3.4": QT_TRANSLATE_NOOP("wording", "Message trop volumineux pour le serveur du destinataire."),
    "4.1": QT_TRANSLATE_NOOP("wording", "Le serveur du destinataire ne répond pas."),
    "4.2": QT_TRANSLATE_NOOP("wording", "La liaison avec le serveur du destinataire a été coupée."),
    "4.3": QT_TRANSLATE_NOOP("wording", "L’annuaire des domaines ne répond pas."),
    "4.4": QT_TRANSLATE_NOOP("wording", "Aucun chemin vers le serveur du destinataire."),
    "4.5": QT_TRANSLATE_NOOP("wording", "Le serveur est trop chargé."),
    "4.6": QT_TRANSLATE_NOOP("wording", "Le message tourne en boucle entre deux serveurs."),
    "4.7": QT_TRANSLATE_NOOP("wording", "Le message n’a pas pu être remis dans le délai."),
    "5.3": QT_TRANSLATE_NOOP("wording", "Trop de destinataires."),
    "6.1": QT_TRANSLATE_NOOP("wording", "Le contenu n’est pas d’un genre accepté."),
    "7.0": QT_TRANSLATE_NOOP("wording", "Refusé par une règle de sécurité."),
    "7.1": QT_TRANSLATE_NOOP("wording", "Refusé par règle : cet expéditeur ou ce destinataire n’est pas autorisé."),
    "7.8": QT_TRANSLATE_NOOP("wording", "L’opérateur n’a pas accepté votre identité."),
    "7.9": QT_TRANSLATE_NOOP("wording", "L’opérateur n’accepte pas ce moyen de connexion."),
    "7.13": QT_TRANSLATE_NOOP("wording", "Le compte est désactivé chez l’opérateur."),
}  # fmt: skip

_BY_SUBJECT = {
    "1": QT_TRANSLATE_NOOP("wording", "Adresse refusée."),
    "2": QT_TRANSLATE_NOOP("wording", "La boîte du destinataire ne peut pas recevoir."),
    "3": QT_TRANSLATE_NOOP("wording", "Le serveur du destinataire est en difficulté."),
    "4": QT_TRANSLATE_NOOP("wording", "Le serveur du destinataire n’a pas pu être joint."),
    "5": QT_TRANSLATE_NOOP("wording", "Les deux serveurs ne se sont pas compris."),
    "6": QT_TRANSLATE_NOOP("wording", "Le contenu du message n’est pas accepté."),
    "7": QT_TRANSLATE_NOOP("wording", "Refusé par une règle de sécurité."),
}  # fmt: skip

_BY_WORD = {
    "NOPERM": QT_TRANSLATE_NOOP("wording", "Vous n’avez pas ce droit dans cette boîte."),
    "421": QT_TRANSLATE_NOOP("wording", "L’opérateur est occupé : le message repartira de lui-même."),
    "450": QT_TRANSLATE_NOOP("wording", "L’opérateur ne prend pas le message pour l’instant."),
    "523": QT_TRANSLATE_NOOP("wording", "Message trop volumineux pour l’opérateur."),
    "552": QT_TRANSLATE_NOOP("wording", "Message trop volumineux pour l’opérateur."),
    "QUOTA80": QT_TRANSLATE_NOOP("wording", "Plus de 80 % de la place est prise."),
    "QUOTA95": QT_TRANSLATE_NOOP("wording", "Plus de 95 % de la place est prise : bientôt elle ne recevra plus rien."),
    "OVERQUOTA": QT_TRANSLATE_NOOP("wording", "Votre boîte est pleine : classez puis supprimez des messages."),
    "NONEXISTENT": QT_TRANSLATE_NOOP("wording", "Ce dossier n’existe plus chez l’opérateur."),
    "TRYCREATE": QT_TRANSLATE_NOOP("wording", "Ce dossier n’existe plus chez l’opérateur."),
    "ALREADYEXISTS": QT_TRANSLATE_NOOP("wording", "Un dossier porte déjà ce nom."),
    "AUTHENTICATIONFAILED": QT_TRANSLATE_NOOP(
        "wording", "L’opérateur n’a pas accepté votre identité pour cette boîte."
    ),
    "AUTHORIZATIONFAILED": QT_TRANSLATE_NOOP("wording", "Vous n’êtes pas habilité à ouvrir cette boîte."),
    "EXPIRED": QT_TRANSLATE_NOOP("wording", "Votre accès à cette boîte a expiré."),
    "CONTACTADMIN": QT_TRANSLATE_NOOP("wording", "L’opérateur demande de joindre son assistance."),
    "LIMIT": QT_TRANSLATE_NOOP("wording", "Une limite de l’opérateur est atteinte."),
    "INUSE": QT_TRANSLATE_NOOP("wording", "La boîte est occupée par un autre poste."),
    "CANNOT": QT_TRANSLATE_NOOP("wording", "L’opérateur ne sait pas faire cela dans ce dossier."),
    "ACCESS_DENIED": QT_TRANSLATE_NOOP("wording", "La demande a été refusée ou annulée dans Pro Santé Connect."),
    "EXPIRED_TOKEN": QT_TRANSLATE_NOOP("wording", "La demande a expiré avant d’être acceptée."),
    "UNKNOWN_USER_ID": QT_TRANSLATE_NOOP("wording", "Pro Santé Connect ne connaît pas ce numéro."),
    "TRANSACTION_FAILED": QT_TRANSLATE_NOOP("wording", "La demande n’a pas été acceptée sur le téléphone."),
}

_INTEGRATIONS = {
    "900": QT_TRANSLATE_NOOP("wording", "Version du document non acceptée par le logiciel du destinataire."),
    "901": QT_TRANSLATE_NOOP("wording", "Auteur du document non habilité, selon le logiciel du destinataire."),
    "902": QT_TRANSLATE_NOOP("wording", "Usager inconnu du logiciel du destinataire."),
    "903": QT_TRANSLATE_NOOP("wording", "Le document ne porte pas d’INS."),
    "904": QT_TRANSLATE_NOOP("wording", "L’INS et les traits d’identité ne concordent pas."),
    "905": QT_TRANSLATE_NOOP("wording", "Les traits d’identité sont incomplets."),
    "906": QT_TRANSLATE_NOOP("wording", "Le logiciel du destinataire n’a pas pu intégrer le document."),
}  # fmt: skip


def code_reason(code: str) -> str:
    """The French reason behind an enhanced status code (RFC 3463, RFC 5248), an integration code (mssante.md §6),
    an IMAP response code (RFC 5530) or an OAuth error; empty when the code says nothing we know."""
    if found := _ENHANCED.search(code):
        return _status_reason(*found.groups())
    if found := _INTEGRATION.search(code):
        return translate("wording", str(_INTEGRATIONS[found.group()]))
    source = _BY_WORD.get(code.strip("[] ").upper(), "")
    return translate("wording", str(source)) if source else ""


def _status_reason(grade: str, subject: str, detail: str) -> str:
    source = _BY_DETAIL.get(f"{int(subject)}.{int(detail)}") or _BY_SUBJECT.get(str(int(subject)), "")
    if grade == "2":
        return ""
    if grade == "4" and int(subject) == 7:
        return translate("wording", "L’opérateur demande de ralentir : le message repartira de lui-même.")
    if source:
        return translate("wording", str(source))
    if grade == "4":
        return translate("wording", "Incident temporaire chez le destinataire.")
    return translate("wording", "Refus définitif, sans raison précisée.")


def fate(value: Fate) -> str:
    """One or two words on what became of a message at a recipient."""
    match value:
        case Fate.ACCEPTED:
            return translate("wording", "Pris en charge")
        case Fate.DELAYED:
            return translate("wording", "Retardé")
        case Fate.DELIVERED:
            return translate("wording", "Remis")
        case Fate.READ:
            return translate("wording", "Lu")
        case Fate.INTEGRATED:
            return translate("wording", "Intégré au dossier")
        case Fate.FAILED:
            return translate("wording", "Non remis")
        case Fate.REFUSED:
            return translate("wording", "Non intégré")
        case _:
            assert_never(value)


def row_news(row: Row) -> list[str]:
    """What a line of the list says beside its own words: what became of a sent message, and where a search found it."""
    known = [fate(Fate(row.fate))] if row.fate else []
    return [*known, translate("wording", "trouvé chez l’opérateur")] if row.found_there else known


def arrived_badly(value: Fate) -> bool:
    """Whether somebody has to do something about this fate."""
    return value in {Fate.FAILED, Fate.REFUSED, Fate.DELAYED}


def fate_sentence(recipient: RecipientFate) -> str:
    """What became of a message at one recipient, why, and what to do; the other side's words as theirs."""
    pieces = [_fate_head(recipient), code_reason(recipient.code), _fate_advice(recipient)]
    if words := " ".join(recipient.reason.split())[:400]:
        theirs = _theirs(recipient.fate)
        pieces.append(theirs.format(words=words))
    return " ".join(piece for piece in pieces if piece)


def _theirs(value: Fate) -> str:
    if value in {Fate.REFUSED, Fate.INTEGRATED}:
        return translate("wording", "Le logiciel du destinataire a répondu : « {words} ».")
    return translate("wording", "Le serveur a répondu : « {words} ».")


def _fate_head(recipient: RecipientFate) -> str:
    at = full_when(recipient.at) if recipient.at else ""
    match recipient.fate:
        case Fate.ACCEPTED:
            head = translate("wording", "Pris en charge par votre opérateur")
        case Fate.DELAYED:
            head = translate("wording", "Pas encore remis, votre opérateur continue d’essayer")
        case Fate.DELIVERED:
            head = translate("wording", "Remis au serveur du destinataire")
        case Fate.READ:
            head = translate("wording", "Affiché chez le destinataire")
        case Fate.INTEGRATED:
            head = translate("wording", "Intégré dans le dossier par le logiciel du destinataire")
        case Fate.FAILED:
            head = translate("wording", "N’est pas arrivé")
        case Fate.REFUSED:
            head = translate("wording", "Arrivé, mais non intégré au dossier")
        case _:
            assert_never(recipient.fate)
    if at:
        return translate("wording", "{head}, {at}.").format(head=head, at=at)
    return translate("wording", "{head}.").format(head=head)


def _fate_advice(recipient: RecipientFate) -> str:
    found = _ENHANCED.search(recipient.code)
    detail = f"{found.group(2)}.{found.group(3)}" if found else ""
    if recipient.fate is Fate.REFUSED:
        return translate("wording", "Prévenez le destinataire : le message est bien dans sa boîte.")
    if recipient.fate is not Fate.FAILED:
        return ""
    if detail in {"1.1", "1.2", "1.3", "2.1", "1.10"}:
        return translate("wording", "Cherchez son adresse actuelle dans l’annuaire.")
    if detail in {"2.3", "3.4"}:
        return translate("wording", "Envoyez les pièces jointes en plusieurs messages.")
    if detail == "2.2":
        return translate("wording", "Joignez le destinataire autrement, puis renvoyez plus tard.")
    return ""


def send_state(line: Outgoing) -> str:
    """Where a line of the outbox or of the register stands, why, and since when."""
    match line.state:
        case SendState.QUEUED:
            return _queued(line)
        case SendState.SENDING:
            return translate("wording", "Envoi en cours.")
        case SendState.SENT | SendState.DONE:
            if line.sent is None:
                return translate("wording", "Parti.")
            return translate("wording", "Parti {at}.").format(at=full_when(line.sent))
        case SendState.FAILED:
            return _with_reason(translate("wording", "Refusé par l’opérateur : rien n’est parti."), line)
        case SendState.UNCERTAIN:
            return translate(
                "wording",
                "La ligne a été coupée pendant l’envoi : le message est peut-être arrivé. Il ne repartira pas sans "
                "votre accord.",
            )
        case SendState.CANCELLED:
            return translate("wording", "Repris avant de partir.")
        case _:
            assert_never(line.state)


def _queued(line: Outgoing) -> str:
    if line.needs_consent:
        return translate("wording", "Écrit pendant une session précédente : il attend votre accord pour partir.")
    if line.tries == 0:
        return translate("wording", "Part à {at} ; vous pouvez encore le reprendre.").format(at=clock(line.due, True))
    head = translate("wording", "N’a pas pu partir ; nouvelle tentative à {at}.").format(at=clock(line.due))
    return _with_reason(head, line)


def _with_reason(head: str, line: Outgoing) -> str:
    pieces = [head, code_reason(line.code)]
    if words := " ".join(line.reason.split())[:400]:
        pieces.append(translate("wording", "L’opérateur a répondu : « {words} ».").format(words=words))
    return " ".join(piece for piece in pieces if piece)


def report(value: Report) -> str:
    """What an automatic answer says, one line a recipient."""
    match value.kind:
        case ReportKind.DSN:
            head = translate("wording", "Avis de remise")
        case ReportKind.MDN:
            head = translate("wording", "Accusé de lecture")
        case ReportKind.INTEGRATION:
            head = translate("wording", "Réponse du logiciel du destinataire")
        case _:
            assert_never(value.kind)
    lines = [
        translate("wording", "{who} : {what}").format(
            who=outcome.address or translate("wording", "Destinataire"),
            what=fate_sentence(RecipientFate(outcome.address, "", outcome.fate, outcome.status, outcome.reason)),
        )
        for outcome in value.outcomes
    ]
    if not lines:
        lines = [translate("wording", "Cette réponse automatique ne nomme aucun destinataire.")]
    return "\n".join((head, *lines))
