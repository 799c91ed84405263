"""`mssclient compose` and `mssclient 'mssante:…'`: what was asked as a hand-over, or a sentence that says what is wrong."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.handover import MAX_SIDECAR, Handover, as_sidecar, from_link, from_sidecar
from mssclient.domain.identity import OID_NIR, Usager

_SENTENCES = {
    "link": "Ce lien n’est pas un lien mssante: valable.",
    "sidecar": "Le fichier d’accompagnement n’est pas du JSON lisible, ou il est trop volumineux.",
    "path": "Une pièce jointe doit être désignée par son seul nom, sans chemin.",
    "address": "Une des adresses n’est pas une adresse complète.",
    "date or code": "La date doit s’écrire AAAA-MM-JJ, et le type être un code.",
    "birth date": "La date de naissance doit s’écrire AAAA-MM-JJ.",
    "oid": "Un des identifiants n’est pas un OID.",
    "sex": "Le sexe s’écrit M ou F.",
    "version": "La version est un nombre entier.",
    "action": "L’action est C (remplace) ou D (supprime).",
    "handover": "Trop de destinataires, de pièces jointes ou de texte.",
    "control characters": "Un des textes contient des caractères interdits.",
    "file": "Pièce jointe introuvable ou illisible.",
}


def handover_of(asked: argparse.Namespace) -> tuple[Handover, bool]:
    """What was asked, and whether its attachments are paths. Raises Unreadable."""
    if asked.link:
        return from_link(asked.link), False
    if asked.sex.upper() not in {"", "M", "F"}:
        raise Unreadable(Unread.DAMAGED, "sex")
    if asked.version and not _number(asked.version):
        raise Unreadable(Unread.DAMAGED, "version")
    base = _from_file(Path(asked.json)) if asked.json else Handover()
    paths = tuple(str(Path(name).absolute()) for name in (*asked.attach, *asked.files))
    usager = _usager(asked) or base.usager
    found = Handover(
        to=(*base.to, *asked.to), bal=asked.bal or base.bal, subject=asked.subject or base.subject,
        text=asked.text or base.text, attachments=(*base.attachments, *paths), usager=usager,
        record_number=asked.record or base.record_number, type_code=asked.type or base.type_code,
        act_date=asked.date or base.act_date, title=asked.title or base.title,
        author_id=asked.author or base.author_id, unique_id=asked.document or base.unique_id,
        set_id=asked.set or base.set_id, version=_number(asked.version) or base.version,
        replaces=asked.replaces or base.replaces, action=asked.action or base.action,
        to_usager=asked.to_usager or base.to_usager,
    )  # fmt: skip
    for name in found.attachments:
        if not Path(name).is_file():
            raise Unreadable(Unread.DAMAGED, "file")
    # Through the same narrow door as everything else that is handed over.
    return from_sidecar(as_sidecar(found), anywhere=True), True


def _from_file(path: Path) -> Handover:
    """A sidecar; its documents lie beside it."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_SIDECAR + 1)
    except OSError as error:
        raise Unreadable(Unread.DAMAGED, "sidecar") from error
    found = from_sidecar(content)
    return replace(found, attachments=tuple(str(path.absolute().parent / name) for name in found.attachments))


def _usager(asked: argparse.Namespace) -> Usager | None:
    if not (asked.matricule or asked.birth_name):
        return None
    return Usager(
        asked.matricule or None, (asked.oid or OID_NIR) if asked.matricule else None, asked.birth_name,
        tuple(asked.given.split()), asked.birth_date, asked.sex, birth_place=asked.birth_place,
    )  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def refusal(error: Unreadable) -> str:
    """What is wrong with what was asked, in one sentence."""
    return _SENTENCES.get(error.where, "Cette demande ne peut pas être lue.")
