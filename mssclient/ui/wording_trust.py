"""The state of the lists of revoked certificates, in sentences for the person at the workstation and for support."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from mssclient.domain.trust import Listed, Revocation, Trouble

translate = QCoreApplication.translate


def revocation(state: Revocation) -> tuple[str, ...]:
    """One sentence a list; the first says when nothing is checked, or when nothing can be believed."""
    if state.policy == "off":
        return (
            translate(
                "wording", "Les certificats révoqués ne sont pas recherchés : c’est le choix de l’administrateur."
            ),
        )
    sentences = [_listed(each) for each in state.lists]
    if state.cuts:
        sentences.insert(
            0,
            translate(
                "wording",
                "Aucune liste valable : les boîtes aux lettres restent fermées jusqu’à ce qu’il y en ait une.",
            ),
        )
    elif state.blind or not sentences:
        sentences.insert(0, translate("wording", "Aucune liste de certificats révoqués n’a encore pu être obtenue."))
    return tuple(sentences)


def _listed(listed: Listed) -> str:
    if listed.trouble is Trouble.MISSING or listed.this_update is None:
        return translate("wording", "{authority} : pas de liste.").format(authority=listed.authority)
    day = _day(listed.this_update)
    if listed.trouble is Trouble.EXPIRED:
        return translate(
            "wording", "{authority} : liste du {day}, périmée ; la plus récente n’a pas pu être obtenue."
        ).format(authority=listed.authority, day=day)
    return translate("wording", "{authority} : liste du {day}.").format(authority=listed.authority, day=day)


def _day(when: datetime) -> str:
    return f"{when.astimezone():%d/%m/%Y}"
