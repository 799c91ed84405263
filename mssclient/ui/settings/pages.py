"""The pages of the settings: appearance, mailboxes, record folder, Annuaire, about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from mssclient import __version__
from mssclient.domain.address import is_address, normal
from mssclient.domain.bal import Bal, Link
from mssclient.engine.api import Engine, Preferences
from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.filing.trial import FilingTrial
from mssclient.ui.herald import Herald
from mssclient.ui.widgets.file_dialog import file_dialog


def muted(text: str, parent: QWidget) -> QLabel:
    """A sentence that explains."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(True)
    label.setProperty("muted", True)
    return label


class AppearancePage(QWidget):
    """Theme, panes, density and size of the text; each choice applies at once. Emits the new `Preferences`."""

    changed = Signal(object)

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._groups: list[QButtonGroup] = []
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setVerticalSpacing(14)
        themes = (("system", self.tr("Comme le système")), ("light", self.tr("Clair")), ("dark", self.tr("Sombre")))
        panes = (
            ("wide", self.tr("Trois colonnes")),
            ("classic", self.tr("Liste au-dessus, lecture dessous")),
            ("list", self.tr("Liste seule")),
        )
        form.addRow(self.tr("Thème"), self._choices("theme", themes, preferences.theme))
        form.addRow(self.tr("Disposition"), self._choices("pane", panes, preferences.pane))
        form.addRow(self.tr("Liste"), self._switches(preferences))
        form.addRow(self.tr("Taille du texte"), self._scale(preferences.text_scale))

    def _choices(self, field: str, choices: tuple[tuple[str, str], ...], current: str) -> QWidget:
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        group = QButtonGroup(box)
        self._groups.append(group)
        for value, label in choices:
            button = QRadioButton(label, box)
            button.setObjectName(f"settings.{field}.{value}")
            button.setAccessibleName(label)
            button.setChecked(value == current)
            button.clicked.connect(lambda _checked=False, value=value: self._choose(field, value))
            group.addButton(button)
            column.addWidget(button)
        return box

    def _switches(self, preferences: Preferences) -> QWidget:
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.two_lines = QCheckBox(self.tr("Deux lignes par message"), box)
        self.two_lines.setObjectName("settings.two_lines")
        self.two_lines.setChecked(preferences.two_lines)
        self.two_lines.toggled.connect(lambda on: self._keep(replace(self._preferences, two_lines=on)))
        self.conversations = QCheckBox(self.tr("Une ligne par conversation"), box)
        self.conversations.setObjectName("settings.conversations")
        self.conversations.setChecked(preferences.conversations)
        self.conversations.toggled.connect(lambda on: self._keep(replace(self._preferences, conversations=on)))
        for switch in (self.two_lines, self.conversations):
            switch.setAccessibleName(switch.text())
            column.addWidget(switch)
        return box

    def _scale(self, percent: int) -> QWidget:
        box = QWidget(self)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        self.scale = QSlider(Qt.Orientation.Horizontal, box)
        self.scale.setObjectName("settings.text_scale")
        self.scale.setAccessibleName(self.tr("Taille du texte en pour cent"))
        self.scale.setRange(8, 20)
        self.scale.setPageStep(2)
        self.scale.setTracking(False)
        self.scale.setValue(round(percent / 10))
        self.percent = QLabel(self.tr("{percent} %").format(percent=percent), box)
        self.percent.setObjectName("settings.percent")
        self.scale.valueChanged.connect(self._on_scale)
        row.addWidget(self.scale, 1)
        row.addWidget(self.percent)
        return box

    def _on_scale(self, tenths: int) -> None:
        self.percent.setText(self.tr("{percent} %").format(percent=tenths * 10))
        self._keep(replace(self._preferences, text_scale=tenths * 10))

    def _choose(self, field: str, value: str) -> None:
        if field == "theme":
            self._keep(replace(self._preferences, theme=value))
        else:
            self._keep(replace(self._preferences, pane=value))

    def _keep(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self.changed.emit(preferences)


class BalsPage(QWidget):
    """The mailboxes a person opens, how their line stands, and one more by its address."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._awaited = ""
        self.list = QListWidget(self)
        self.list.setObjectName("settings.bals")
        self.list.setAccessibleName(self.tr("Vos boîtes"))
        self.list.setWordWrap(True)
        self.list.setSpacing(3)
        self.address = QLineEdit(self)
        self.address.setObjectName("settings.bal_address")
        self.address.setAccessibleName(self.tr("Adresse de la boîte à ajouter"))
        self.address.setPlaceholderText(self.tr("adresse@domaine.mssante.fr"))
        self.add = Button(self.tr("Ajouter"), "settings.bal_add", self, sign="plus")
        self.add.does(self._add)
        self.address.returnPressed.connect(self._add)
        self.notice = Notice("settings.bal_notice", self)
        row = QHBoxLayout()
        row.addWidget(self.address, 1)
        row.addWidget(self.add)
        page = QVBoxLayout(self)
        page.setContentsMargins(16, 16, 16, 16)
        page.addWidget(self.list, 1)
        page.addWidget(
            muted(
                self.tr("Une boîte de service s’ouvre avec votre propre identité, si son responsable l’a permis."), self
            )
        )
        page.addLayout(row)
        page.addWidget(self.notice)
        if "bals" in engine.environment.locked:
            self.address.setEnabled(False)
            self.add.setEnabled(False)
            self.notice.tell(self.tr("L’administrateur de ce poste a fixé la liste des boîtes."))
        self.show_bals()

    def show_bals(self) -> None:
        """Read the mailboxes again; the one that was awaited is announced."""
        self.list.clear()
        for bal in self._engine.reader.bals():
            item = QListWidgetItem(f"{bal.letter}   {bal.label}\n     {bal.address} · {self._facts(bal)}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{bal.label}, {bal.address}, {self._facts(bal)}")
            self.list.addItem(item)
            if self._awaited and bal.address == self._awaited:
                self._awaited = ""
                self.notice.tell(self.tr("Boîte ajoutée : {label}").format(label=bal.label), Tone.DONE)

    def _facts(self, bal: Bal) -> str:
        links = {
            Link.WAITING: self.tr("en attente"),
            Link.CONNECTING: self.tr("connexion…"),
            Link.LIVE: self.tr("en ligne"),
            Link.OFFLINE: self.tr("hors ligne"),
            Link.REFUSED: self.tr("accès refusé"),
        }
        pieces = [wording.bal_kind(bal.kind), links[bal.link]]
        if bal.quota_limit:
            used, limit = wording.size(bal.quota_used), wording.size(bal.quota_limit)
            pieces.append(self.tr("{used} sur {limit}").format(used=used, limit=limit))
        return " · ".join(pieces)

    def _add(self) -> None:
        address = normal(self.address.text())
        if not is_address(address):
            self.notice.tell(self.tr("Indiquez une adresse complète."), Tone.WARNING)
            return
        self._awaited = address
        self.notice.tell(self.tr("Recherche de l’opérateur de cette adresse…"))
        self._engine.add_bal(address)

    def tell_problem(self, sentence: wording.Sentence) -> None:
        """The mailbox that was asked for could not be opened."""
        if self._awaited:
            self._awaited = ""
            self.notice.tell(f"{sentence.title}. {sentence.text}", Tone.ERROR)


class FolderPage(QWidget):
    """The record system's folder."""

    def __init__(self, engine: Engine, herald: Herald | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.path = muted("", self)
        self.path.setObjectName("settings.folder")
        self.path.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.choose = Button(self.tr("Choisir…"), "settings.folder_choose", self, sign="folder")
        self.choose.does(self.ask_folder)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(self.choose)
        page = QVBoxLayout(self)
        page.setContentsMargins(16, 16, 16, 16)
        explained = self.tr(
            "Les documents classés sont déposés dans ce dossier, d’où le logiciel de dossier les reprend."
        )
        page.addWidget(muted(explained, self))
        page.addLayout(row)
        if "filing.folder" in engine.environment.locked:
            self.choose.setEnabled(False)
            page.addWidget(muted(self.tr("L’administrateur de ce poste a fixé ce dossier."), self))
        profile = self.tr("Profil de dépôt : {profile}").format(profile=engine.environment.filing_profile)
        page.addWidget(muted(profile, self))
        self.trial = FilingTrial(engine, herald, self)
        page.addWidget(self.trial)
        page.addStretch(1)
        self._show()

    def _show(self) -> None:
        folder = self._engine.filing_folder()
        self.path.setText(str(folder) if folder else self.tr("Aucun dossier choisi"))

    def ask_folder(self) -> None:
        """Let the person choose; the window stays usable."""
        dialog = file_dialog(self, self.tr("Dossier du DUI"), "settings.folder_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.set_folder)
        dialog.open()

    def set_folder(self, name: str) -> None:
        """Another folder."""
        self._engine.set_filing_folder(Path(name))
        self._show()


class DirectoryPage(QWidget):
    """How old the local Annuaire and the white list are."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.age = muted("", self)
        self.age.setObjectName("settings.directory_age")
        self.trusted = muted("", self)
        self.trusted.setObjectName("settings.white_list")
        self.refresh = Button(self.tr("Actualiser l’annuaire"), "settings.directory_refresh", self, sign="refresh")
        self.refresh.does(engine.refresh_directory)
        row = QHBoxLayout()
        row.addWidget(self.refresh)
        row.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(16, 16, 16, 16)
        page.setSpacing(10)
        page.addWidget(self.age)
        page.addWidget(self.trusted)
        page.addLayout(row)
        page.addStretch(1)
        self.show_status()

    def show_status(self) -> None:
        """Read the state again."""
        status = self._engine.reader.directory_status()
        self.age.setText(wording.age(status))
        domains = wording.number(status.white_list_domains)
        self.trusted.setText(
            self.tr("Espace de confiance : {domains} domaines").format(domains=domains)
            if status.white_list_domains
            else self.tr("La liste des domaines de confiance n’a pas encore été reçue.")
        )
        self.refresh.setEnabled(not status.loading)


class AboutPage(QWidget):
    """Which program this is, in which environment, under which licence."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setVerticalSpacing(8)
        environment = engine.environment
        kind = self.tr("{name} (pas de vrais messages)") if environment.training else "{name}"
        person = engine.person()
        lines = (
            (self.tr("Version"), "settings.version", __version__),
            (self.tr("Environnement"), "settings.environment", kind.format(name=environment.name)),
            (self.tr("Référence produit"), "settings.product", environment.product or self.tr("non configurée")),
            (self.tr("Identité"), "settings.person", person.name if person else self.tr("personne n’est connecté")),
            (self.tr("Licence"), "settings.licence", self.tr("Licence publique de l’Union européenne (EUPL) 1.2")),
        )
        for label, name, text in lines:
            value = QLabel(text, self)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setObjectName(name)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setWordWrap(True)
            form.addRow(label, value)
