"""What `inspect` found, as lines a person reads at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication


def _tr(text: str) -> str:
    return QCoreApplication.translate("report", text)


def inspection_lines(found: Mapping[str, Any]) -> Iterable[str]:
    """One line a fact, indented by what it belongs to; empty facts are left out."""
    kinds = {
        "message": _tr("message"),
        "xdm": _tr("archive IHE_XDM"),
        "cda": _tr("document CDA"),
        "other": _tr("autre"),
    }
    yield _tr("Nature : {}").format(kinds[found["kind"]])
    if found["kind"] == "message":
        yield _tr("Objet : {}").format(found["display_subject"] or found["subject"])
        yield _tr("De : {}").format(_person(found["from"]))
        yield from (_tr("À : {}").format(_person(one)) for one in found["to"])
    if receipt := found["receipt"]:
        yield _tr("Réponse automatique : {}").format(receipt["kind"])
        yield from (f"  {r['address']} {r['status']} {r['reason']}".rstrip() for r in receipt["recipients"])
    for document in found["documents"]:
        yield from _document(document)
    yield from (
        _tr("Pièce jointe : {} ({}, {} octets)").format(a["name"], a["media_type"], a["size"])
        for a in found["attachments"]
    )
    yield from (_tr("Attention : {}").format(w["text"]) for w in found["warnings"])


def _person(one: Mapping[str, str]) -> str:
    return f"{one['label']} <{one['address']}>, {one['kind']}".strip()


def _document(document: Mapping[str, Any]) -> Iterator[str]:
    yield _tr("Document : {}").format(document["title"] or document["type_label"] or document["uri"])
    yield f"  {document['type_code']} {document['type_label']}, {document['created']}, {document['author']}"
    if usager := document["usager"]:
        given = " ".join(usager["given"])
        yield f"  {usager['birth_name']} {given}, {usager['birth_date']}, {usager['sex']}, {usager['matricule'] or '-'}"
