"""Failures of `mssclient check` in French, layer by layer: what does not work, what it means, what to do."""

from __future__ import annotations

import socket
import ssl

from mssclient.domain import errors
from mssclient.domain.errors import Distrust, MssError
from mssclient.stage.check_walk import Fault, State, Step

NETWORK = "Demandez au service informatique d’ouvrir cet accès ; donnez-lui le nom et le port ci-dessus."
OPERATOR = "Prévenez l’opérateur de la messagerie, avec cette ligne."
IT = "Prévenez votre service informatique, avec cette ligne."

SIGNS = {State.GOOD: "ok ", State.WARNING: "(!)", State.FAILED: "!! ", State.NOT_TRIED: "-- "}


def lines(step: Step) -> str:
    """A step for a terminal: one line, and for what is wrong two more."""
    said = [f"{SIGNS[step.state]} {step.title} : {step.words}"]
    if step.meaning:
        said.append(f"      ce que cela veut dire : {step.meaning}")
    if step.todo:
        said.append(f"      à faire : {step.todo}")
    return "\n".join(said)


def failed(error: MssError) -> Fault:
    """A domain error, as far as its class tells."""
    match error:
        case errors.Untrusted():
            return untrusted(error)
        case errors.Offline(busy=True):
            return Fault(
                f"le service répond qu’il est en difficulté ({error})",
                "la panne est de son côté, et passagère en général",
                "Réessayez dans quelques minutes ; si cela dure, prévenez qui tient ce service.",
            )
        case errors.Offline():
            return Fault(f"pas de réponse ({_offline(error)})", "le service n’est pas joint depuis ce poste", NETWORK)
        case errors.Refused():
            return refused(error)
        case errors.SessionEnded():
            return Fault(
                "la session Pro Santé Connect est finie",
                "le relais ne connaît plus cette session",
                "Recommencez l’identification.",
            )
        case errors.Unreadable():
            return Fault(
                f"réponse incompréhensible ({error})", "ce qui répond n’est pas le service attendu, ou est abîmé", IT
            )
        case errors.Cancelled():
            return Fault("abandonné", "rien n’a été changé", "Relancez la vérification pour recommencer.")
        case _:
            return Fault(f"échec ({type(error).__name__})", "cette étape n’a pas abouti", IT)


def _offline(error: errors.Offline) -> str:
    words = {
        "timeout": "délai dépassé",
        "connection refused": "connexion refusée",
        "unknown host": "nom inconnu",
        "cut": "ligne coupée",
        "hung up": "le serveur a raccroché",
        "protocol": "ce qui répond ne parle pas ce protocole",
    }
    return words.get(str(error), str(error))


def refused(error: errors.Refused) -> Fault:
    """The operator's or the relay's no."""
    match error.code:
        case "AUTHENTICATIONFAILED":
            return Fault(
                "l’opérateur refuse l’identification pour cette boîte",
                "il ne reconnaît pas la personne comme autorisée dans cette boîte, ou n’accepte pas son jeton",
                "Demandez au responsable de la boîte, puis à l’opérateur, si la personne y est inscrite.",
            )
        case "AUTHORIZATIONFAILED":
            return Fault(
                "la personne est reconnue, mais n’a pas accès à cette boîte",
                "elle n’y est pas inscrite",
                "Demandez au responsable de la boîte de l’y inscrire.",
            )
        case "XOAUTH2":
            return Fault(
                "le serveur ne propose pas XOAUTH2",
                "l’identification par Pro Santé Connect n’y est pas possible (ECO.1.2.1)",
                OPERATOR,
            )
        case "access_denied":
            return Fault(
                "la demande a été refusée", "sur le téléphone ou dans le navigateur, la réponse a été non",
                "Recommencez et confirmez.",
            )  # fmt: skip
        case "expired_token":
            return Fault("personne n’a confirmé à temps", "la demande a expiré", "Recommencez.")
        case "unknown_user_id":
            return Fault(
                "identifiant inconnu de Pro Santé Connect", "aucune e-CPS active ne correspond à ce numéro",
                "Vérifiez le numéro : 8 suivi des 11 chiffres du RPPS.",
            )  # fmt: skip
        case code:
            return Fault(f"refusé ({code})", "le service a répondu non", IT)


_UNTRUSTED: dict[Distrust, tuple[str, str, str]] = {
    Distrust.CHAIN: (
        "le certificat ne vient pas d’une autorité de ce poste",
        "ce serveur ne peut pas prouver qui il est ; rien ne lui sera envoyé",
        "Vérifiez le fichier des autorités ; s’il est juste, prévenez qui tient ce serveur.",
    ),
    Distrust.NAME: (
        "le certificat est celui d’un autre serveur",
        "on n’est pas chez celui qu’on cherchait, ou son certificat est mal fait",
        OPERATOR,
    ),
    Distrust.EXPIRED: (
        "le certificat n’est pas valable à la date de ce poste",
        "il est périmé, pas encore valable, ou l’horloge du poste est fausse",
        "Vérifiez la date et l’heure du poste, puis prévenez qui tient ce serveur.",
    ),
    Distrust.REVOKED: (
        "le certificat a été révoqué",
        "son autorité lui a retiré sa confiance ; rien ne lui sera envoyé",
        OPERATOR,
    ),
    Distrust.PROTOCOL: (
        "connexion trop peu protégée",
        "TLS trop ancien, suite ou clé trop faible, ou pas de STARTTLS (ECO.1.1.1 à 1.1.3)",
        OPERATOR,
    ),
    Distrust.DISCOVERY: (
        "l’autoconfiguration manque ou ne convient pas",
        "les serveurs de cette adresse ne peuvent pas être trouvés",
        "Vérifiez l’adresse ; si elle est juste, prévenez l’opérateur.",
    ),
    Distrust.ANCHOR: (
        "fichier d’autorités absent, abîmé, ou dont l’empreinte n’est pas attendue",
        "aucun serveur ne peut être cru",
        "L’administrateur installe ce fichier à côté du fichier d’environnement et vérifie [trust] pins.",
    ),
    Distrust.IDENTITY: (
        "une autre personne a répondu",
        "Pro Santé Connect a reconnu quelqu’un d’autre que la personne attendue",
        "Recommencez avec la bonne personne.",
    ),
    Distrust.REVOCATION: (
        "aucune liste de révocation valable",
        "la politique de ce poste (« required ») interdit de se connecter sans elle",
        "Ouvrez l’accès aux adresses de crl_urls, ou installez la liste par [trust] crl.",
    ),
    Distrust.ENVIRONMENT: (
        "deux environnements sont mélangés",
        "le relais, ou le dossier du programme, est celui d’un autre environnement",
        "Vérifiez psc_relay et psc_issuer ; un autre environnement demande un autre --home.",
    ),
}


def untrusted(error: errors.Untrusted) -> Fault:
    """A peer or a file that is not trusted."""
    words, meaning, todo = _UNTRUSTED[error.reason]
    return Fault(f"{words} ({error.subject})" if error.subject else words, meaning, todo)


def unresolved(host: str, error: socket.gaierror) -> Fault:
    """A name that DNS does not know, or a DNS that is not there."""
    if error.errno == socket.EAI_AGAIN:
        return Fault(
            f"le service de noms (DNS) n’a pas répondu pour {host}",
            "le réseau de ce poste, ou son DNS, est en panne",
            "Vérifiez le câble, le Wi-Fi ou le VPN, puis prévenez le service informatique.",
        )
    return Fault(
        f"nom inconnu : {host}",
        "ce nom n’existe pas dans le DNS que ce poste interroge",
        "Vérifiez l’adresse ; si elle est juste, prévenez l’opérateur.",
    )


def unconnected(where: str, error: OSError) -> Fault:
    """A TCP connection that was not made."""
    match error:
        case ConnectionRefusedError():
            return Fault(
                f"connexion refusée par {where}",
                "la machine existe, mais rien n’écoute sur ce port, ou un pare-feu le ferme",
                NETWORK,
            )
        case TimeoutError():
            return Fault(
                f"aucune réponse de {where}", "un pare-feu jette les paquets, ou la machine est éteinte", NETWORK
            )
        case _:
            return Fault(f"{where} n’est pas joint ({error.strerror or error})", "le réseau n’y mène pas", NETWORK)


def unanswered(where: str, error: OSError | EOFError) -> Fault:
    """A line that is open and says nothing of use."""
    match error:
        case TimeoutError():
            return Fault(
                f"{where} accepte la connexion et ne dit rien",
                "un pare-feu ou un antivirus s’est mis entre les deux, ou le serveur est bloqué",
                NETWORK,
            )
        case _:
            return Fault(
                f"{where} a raccroché", "le serveur, ou un équipement entre les deux, a coupé la ligne", NETWORK
            )


_TLS_WORDS = {
    "UNSUPPORTED_PROTOCOL": "le serveur ne parle que TLS 1.1 ou plus ancien",
    "TLSV1_ALERT_PROTOCOL_VERSION": "le serveur ne parle pas TLS 1.2 ni 1.3",
    "WRONG_VERSION_NUMBER": "ce qui répond n’est pas du TLS",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "aucune suite de chiffrement commune avec celles de la norme",
    "NO_CIPHERS_AVAILABLE": "aucune suite de chiffrement commune avec celles de la norme",
    "DH_KEY_TOO_SMALL": "clé Diffie-Hellman de moins de 2048 bits",
    "EE_KEY_TOO_SMALL": "clé du certificat de moins de 2048 bits",
    "BAD_EC_POINT": "courbe elliptique trop faible",
    "WRONG_CURVE": "courbe elliptique trop faible",
}


def unsealed(host: str, error: OSError) -> Fault:
    """A TLS handshake that failed before any certificate was judged."""
    if isinstance(error, TimeoutError):
        return unanswered(host, error)
    if not isinstance(error, ssl.SSLError) or isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Fault(
            f"{host} a coupé pendant la négociation TLS",
            "le serveur refuse ce que la norme demande, ou un équipement intercepte la connexion",
            OPERATOR,
        )
    reason = error.reason or ""
    return Fault(
        f"{_TLS_WORDS.get(reason, 'négociation impossible')} ({host}, {reason or 'SSL'})",
        "la norme exige TLS 1.2 ou 1.3 et six suites au plus (ECO.1.1.1 à 1.1.3)",
        OPERATOR,
    )
