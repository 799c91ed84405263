"""The line above a group's members: its name, and what one does with the group."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mssclient.domain.circle import NAME_LIMIT, Group, GroupWrong
from mssclient.domain.draft import MAX_CORRESPONDENTS
from mssclient.ui.compose.buttons import Button
from mssclient.ui.compose.notice import Notice, Tone


class GroupBar(QWidget):
    """One group. Emits `renamed` with the typed name, `write` and `removed`; a removal is asked about first."""

    renamed = Signal(str)
    write = Signal()
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group: Group | None = None
        self.name = QLineEdit(self)
        self.name.setObjectName("directory.group_name")
        self.name.setAccessibleName(self.tr("Nom du groupe"))
        self.name.setMaxLength(NAME_LIMIT)
        self.name.editingFinished.connect(self._on_named)
        self.all = Button(self.tr("Écrire au groupe"), "directory.write_group", self, sign="people")
        self.all.does(self.write.emit)
        self.drop = Button(self.tr("Supprimer le groupe"), "directory.drop_group", self, sign="trash")
        self.drop.does(self._ask)
        self.notice = Notice("directory.group_notice", self)
        self.notice.acted.connect(self._on_answered)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.all)
        line.addWidget(self.drop)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(4)
        page.addWidget(self.name)
        page.addLayout(line)
        page.addWidget(self.notice)

    def show_group(self, group: Group | None) -> None:
        """Show a group, or nothing."""
        other = group is None or self._group is None or group.id != self._group.id
        self._group = group
        self.setVisible(group is not None)
        if group is not None:
            self.name.setText(group.name)
            self.all.setEnabled(bool(group.members))
        if other:
            self.notice.hush()

    def tell(self, wrong: GroupWrong) -> None:
        """Why the group was not kept as it was wanted."""
        self.notice.tell(self.worded(wrong), Tone.ERROR)

    def edit_name(self) -> None:
        """Let the name be typed."""
        self.name.setFocus()
        self.name.selectAll()

    def worded(self, wrong: GroupWrong) -> str:
        """The same in a sentence."""
        return {
            GroupWrong.NO_NAME: self.tr("Donnez un nom au groupe."),
            GroupWrong.LONG_NAME: self.tr("Ce nom est trop long."),
            GroupWrong.SAME_NAME: self.tr("Un autre groupe porte déjà ce nom."),
            GroupWrong.TOO_MANY: self.tr(
                "Un groupe a {n} membres au plus, comme un message a {n} destinataires."
            ).format(n=MAX_CORRESPONDENTS),
            GroupWrong.NOT_AN_ADDRESS: self.tr("Un membre n’a pas d’adresse complète."),
            GroupWrong.USAGER: self.tr("Un usager ne peut pas être membre d’un groupe."),
            GroupWrong.TOO_MANY_GROUPS: self.tr("Il y a trop de groupes : supprimez-en un."),
        }[wrong]

    def _on_named(self) -> None:
        if self._group is not None and self.name.text().strip() != self._group.name:
            self.renamed.emit(self.name.text().strip())

    def _ask(self) -> None:
        if self._group is not None:
            text = self.tr("Supprimer le groupe « {name} » ? Ses membres restent dans l’Annuaire.").format(
                name=self._group.name
            )
            self.notice.tell(text, Tone.WARNING, (self.tr("Supprimer"), self.tr("Garder")))
            self.notice.button(1).setFocus()

    def _on_answered(self, place: int) -> None:
        self.notice.hush()
        if place == 0:
            self.removed.emit()
