"""The Annuaire's window in its states, for the pictures: what one has at hand, and a file beside the Annuaire."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from mssclient.domain.circle import Group, GroupId
from mssclient.engine.api import Engine
from mssclient.stage.loop import rest, until
from mssclient.ui.compose.suggestions import correspondent_of
from mssclient.ui.directory.reconcile_model import WHO
from mssclient.ui.directory.side import SEARCH, Shelf, Shown
from mssclient.ui.directory.window import DirectoryWindow

Shoot = Callable[[QWidget, str], None]
_GROUP = Group(GroupId("shots"), "Réseau plaies et cicatrisation")
_WRONG = "Disparu;Noémie;;noemie.disparu@ailleurs.mss.example;Villefictive\n"


def at_hand(directory: DirectoryWindow, engine: Engine, shoot: Shoot) -> None:
    """Favourites and a group, made of whom the search found."""
    directory.list.selectAll()
    people = directory.selected_people()[:10]
    for entry in people:
        engine.favour(correspondent_of(entry), True)
    engine.keep_group(Group(_GROUP.id, _GROUP.name, tuple(correspondent_of(entry) for entry in people)))
    until(lambda: engine.reader.groups() and engine.reader.favourites(), "favourites and a group")
    rest(150)
    directory.side.choose(Shown(Shelf.FAVOURITES))
    shoot(directory, "directory-favourites")
    directory.side.choose(Shown(Shelf.GROUP, _GROUP.id))
    shoot(directory, "directory-group")
    directory.side.choose(SEARCH)


def reconciled(directory: DirectoryWindow, engine: Engine, shoot: Shoot) -> None:
    """A record system's base beside the Annuaire: a line of each kind, some accepted."""
    window = directory.open_reconcile()
    shoot(window, "reconcile-empty")
    entries = engine.reader.directory("dr m", 12)
    lines = [
        f"{e.family};{e.given};{e.national_id[1:]};{e.address if n % 2 else ''};{e.town}\n"
        for n, e in enumerate(entries)
    ]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "correspondants.csv"
        source.write_text("nom;prenom;rpps;mssante;ville\n" + "".join([*lines, _WRONG, *lines[:1]]), "utf-8")
        window.compare(source)
        until(lambda: (state := engine.reconciliation()) is not None and not state.running, "compared")
    rest(150)
    window.certain.click()
    window.table.setCurrentIndex(window.model.index(0, WHO))
    shoot(window, "reconcile-lines")
    window.close()
