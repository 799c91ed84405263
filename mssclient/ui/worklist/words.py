"""The worklist in French: states, reasons, what is odd about a document, and a line as one sentence."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QCoreApplication

from mssclient.domain.worklist import AsideReason, WorkLine, WorkState
from mssclient.ui import wording
from mssclient.ui.wording_documents import type_label

translate = QCoreApplication.translate
CONTEXT = "worklist"


def state(value: WorkState) -> str:
    """Where a document stands."""
    match value:
        case WorkState.NEW:
            return translate(CONTEXT, "Nouveau")
        case WorkState.FILED:
            return translate(CONTEXT, "Classé")
        case WorkState.REPLACED:
            return translate(CONTEXT, "Remplacé")
        case WorkState.ASIDE:
            return translate(CONTEXT, "Écarté")
        case WorkState.DOUBLE:
            return translate(CONTEXT, "Déjà reçu")
        case _:
            assert_never(value)


def reason(value: AsideReason) -> str:
    """Why a document is not filed."""
    match value:
        case AsideReason.OLD:
            return translate(CONTEXT, "Version dépassée")
        case AsideReason.AUTHOR:
            return translate(CONTEXT, "Auteur non habilité")
        case AsideReason.UNKNOWN:
            return translate(CONTEXT, "Usager inconnu de l’établissement")
        case AsideReason.NO_INS:
            return translate(CONTEXT, "Document sans INS")
        case AsideReason.IDENTITY:
            return translate(CONTEXT, "INS et traits incohérents")
        case AsideReason.TRAITS:
            return translate(CONTEXT, "Traits d’identité incomplets")
        case AsideReason.OTHER:
            return translate(CONTEXT, "Autre motif")
        case _:
            assert_never(value)


def lowered(text: str) -> str:
    """For the middle of a sentence; what is written in capitals stays so."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def oddities(line: WorkLine) -> list[str]:
    """What has to be seen before a document is filed, the gravest first."""
    found = []
    if line.deletion or line.action == "D":
        found.append(translate(CONTEXT, "Suppression demandée"))
    if line.newer is not None:
        found.append(translate(CONTEXT, "Version plus récente reçue"))
    elif line.action == "C" or line.replaces:
        found.append(translate(CONTEXT, "Annule et remplace"))
    if line.key_valid is False:
        found.append(translate(CONTEXT, "Clé INS fausse"))
    if not line.whole:
        found.append(translate(CONTEXT, "Empreinte incorrecte"))
    if line.reason is not None:
        found.append(reason(line.reason))
    return found


def title(line: WorkLine) -> str:
    """What a document is called."""
    return line.title or type_label(line.type_code, line.type_label)


def usager(line: WorkLine) -> str:
    """Who a document is about: names and birth."""
    if line.usager is None:
        return translate(CONTEXT, "Usager non indiqué")
    name = " ".join(piece for piece in (line.usager.birth_name, *line.usager.given[:1]) if piece)
    return "  ".join(piece for piece in (name, wording.iso_day(line.usager.birth_date)) if piece)


def author(line: WorkLine) -> str:
    """Who wrote it, and where."""
    return ", ".join(piece for piece in (line.author, line.organisation) if piece)


def sentence(line: WorkLine, bal: str) -> str:
    """The whole line for a screen reader."""
    version = translate(CONTEXT, "version {n}").format(n=line.version) if line.version else ""
    day = wording.iso_day(line.act_date[:10])
    kind = type_label(line.type_code, line.type_label)
    pieces = (
        state(line.state), title(line), kind if kind != title(line) else "",
        translate(CONTEXT, "usager {name}").format(name=usager(line)),
        translate(CONTEXT, "acte du {day}").format(day=day) if day else "", author(line), version, *oddities(line),
        translate(CONTEXT, "boîte {name}").format(name=bal) if bal else "",
    )  # fmt: skip
    return ", ".join(piece for piece in pieces if piece)
