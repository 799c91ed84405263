"""What was just done and can be taken back, in one sentence: for the bar that offers it."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QCoreApplication

from mssclient.domain.bal import Folder, FolderRole
from mssclient.domain.changes import FolderWish, LastAct, Wish
from mssclient.ui.wording_text import folder_name, number

translate = QCoreApplication.translate


def done(act: LastAct, target: Folder | None = None) -> str:
    """The sentence for an act; `target` is where messages were moved."""
    if act.folder_wish is not None:
        return _of_folder(act.folder_wish, act.name)
    one, many = _of_messages(act.wish, target)
    return one if act.count == 1 else many.replace("{n}", number(act.count))


def _of_messages(wish: Wish | None, target: Folder | None) -> tuple[str, str]:
    match wish:
        case Wish.READ:
            return (
                translate("wording", "Message marqué comme lu."),
                translate("wording", "{n} messages marqués comme lus."),
            )
        case Wish.UNREAD:
            return (
                translate("wording", "Message marqué comme non lu."),
                translate("wording", "{n} messages marqués comme non lus."),
            )
        case Wish.FLAG:
            return translate("wording", "Message à suivre."), translate("wording", "{n} messages à suivre.")
        case Wish.UNFLAG:
            return (
                translate("wording", "Message retiré du suivi."),
                translate("wording", "{n} messages retirés du suivi."),
            )
        case Wish.MOVE if target is not None and target.role is not FolderRole.TRASH:
            name = folder_name(target)
            return (
                translate("wording", "Message déplacé vers « {folder} ».").replace("{folder}", name),
                translate("wording", "{n} messages déplacés vers « {folder} ».").replace("{folder}", name),
            )
        case _:
            return (
                translate("wording", "Message mis à la corbeille."),
                translate("wording", "{n} messages mis à la corbeille."),
            )


def _of_folder(wish: FolderWish, name: str) -> str:
    match wish:
        case FolderWish.NEW:
            said = translate("wording", "Dossier « {name} » créé.")
        case FolderWish.RENAME:
            said = translate("wording", "Dossier renommé en « {name} ».")
        case FolderWish.DISCARD:
            said = translate("wording", "Dossier « {name} » mis à la corbeille.")
        case FolderWish.DELETE:
            said = translate("wording", "Dossier « {name} » supprimé définitivement.")
        case _:
            assert_never(wish)
    return said.replace("{name}", name)
