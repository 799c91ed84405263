"""The first screen: who is there, the card, Pro Santé Connect, e-CPS; also what a locked workstation shows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mssclient.domain.session import CardStatus, SessionState, SignInStage
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.herald import Herald
from mssclient.ui.icons import pixmap, put
from mssclient.ui.sign_in.ecps import EcpsForm, EcpsWait
from mssclient.ui.theme import colours, theme
from mssclient.ui.widgets import clipboard
from mssclient.ui.widgets.labels import PlainLabel, centred

_WIDTH_EM = 32
_MARGIN = 36
_SIGN = 30


class SignInScreen(QWidget):
    """Re-reads the engine at each event. With `locked`, it says whose session waits. Main thread."""

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None, *, locked: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("sign_in")
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._engine = engine
        self._locked = locked
        self._ecps_open = False
        self._make()
        self._lay_out()
        herald.card_changed.connect(self._on_news)
        herald.sign_in_changed.connect(self._on_news)
        herald.session_changed.connect(self._on_news)
        theme.changed.connect(self.refresh)
        self.refresh()

    @Slot(object)
    def _on_news(self, _event: object) -> None:
        # A method, not a lambda: the screens of a lock go away, and Qt forgets only what it knows as a receiver's slot.
        self.refresh()

    def _make(self) -> None:
        self._make_words()
        self._make_buttons()

    def _make_words(self) -> None:
        self.sign = QLabel(self)
        self.name = QLabel("mssclient", self)
        self.name.setProperty("letters", "title")
        self.purpose = QLabel(self.tr("Messagerie sécurisée de santé"), self)
        self.purpose.setProperty("muted", True)
        self.place = PlainLabel(parent=self)
        self.place.setObjectName("sign_in.environment")
        self.place.setProperty("tone", "warning")
        self.whose = PlainLabel(parent=self)
        self.whose.setObjectName("sign_in.whose")
        self.card_sign = QLabel(self)
        self.card_sign.setFixedSize(_SIGN, _SIGN)
        self.card = PlainLabel(parent=self)
        self.card.setObjectName("sign_in.card")
        self.notice = Notice("sign_in.notice", self)
        self.busy = PlainLabel(parent=self)
        self.busy.setObjectName("sign_in.busy")
        self.busy.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _make_buttons(self) -> None:
        self.button = QPushButton(self.tr("S’identifier avec Pro Santé Connect"), self)
        self.button.setObjectName("sign_in.psc")
        self.button.setProperty("primary", True)
        self.button.setProperty("large", True)
        self.button.clicked.connect(self._engine.sign_in_with_browser)
        self.other = QPushButton(self.tr("Utiliser l’application e-CPS"), self)
        self.other.setObjectName("sign_in.ecps")
        self.other.setFlat(True)
        put(self.other, "phone")
        self.other.clicked.connect(self._on_other)
        self.form = EcpsForm(self)
        self.form.asked.connect(self._engine.sign_in_with_ecps)
        self.phone = EcpsWait(self)
        self.copy = QPushButton(self.tr("Copier l’adresse à ouvrir"), self)
        self.copy.setObjectName("sign_in.copy")
        self.copy.setFlat(True)
        self.copy.clicked.connect(lambda: clipboard.copy(self._engine.sign_in_view().url))
        self.cancel = QPushButton(self.tr("Annuler"), self)
        self.cancel.setObjectName("sign_in.cancel")
        self.cancel.clicked.connect(self._engine.cancel_sign_in)
        self.leave = QPushButton(self.tr("Fermer cette session"), self)
        self.leave.setObjectName("sign_in.sign_out")
        self.leave.setFlat(True)
        self.leave.clicked.connect(self._engine.sign_out)

    def _lay_out(self) -> None:
        tile = self._tile = QFrame(self)
        tile.setProperty("card", True)
        tile.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(tile)
        column.setContentsMargins(_MARGIN, 30, _MARGIN, 26)
        column.setSpacing(12)
        for widget in (self.sign, self.name, self.purpose):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        self.place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.whose.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.place)
        column.addWidget(self.whose)
        reader = QFrame(tile)
        reader.setProperty("tile", True)
        line = QHBoxLayout(reader)
        line.setContentsMargins(12, 10, 12, 10)
        line.setSpacing(12)
        line.addWidget(self.card_sign)
        line.addWidget(self.card, 1)
        column.addSpacing(4)
        column.addWidget(reader)
        steps: tuple[QWidget, ...] = (
            self.notice, self.button, self.phone, self.busy, self.copy, self.cancel, self.other, self.form,
        )  # fmt: skip
        for step in steps:
            column.addWidget(step)
        column.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignHCenter)
        middle = QWidget()
        middle.setProperty("surface", "window")
        page = QVBoxLayout(middle)
        page.addStretch(2)
        page.addLayout(centred(tile))
        page.addStretch(3)
        # 200 % text on a small screen: everything can still be reached.
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(middle)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def refresh(self) -> None:
        """Show where things stand."""
        view, card = self._engine.sign_in_view(), self._engine.card_status()
        self._dress()
        self._show_card(card)
        idle = view.stage in {SignInStage.IDLE, SignInStage.FAILED}
        self.button.setVisible(idle)
        self.other.setVisible(idle)
        self.form.setVisible(idle and self._ecps_open)
        if card.holder:
            self.form.prefill(card.holder.national_id)
        self.phone.setVisible(view.stage is SignInStage.PHONE)
        if view.stage is SignInStage.PHONE:
            self.phone.show_digits(view.digits, view.expires_in_s)
        else:
            self.phone.stop()
        self.busy.setVisible(view.stage in {SignInStage.BROWSER, SignInStage.OPENING})
        self.copy.setVisible(view.stage is SignInStage.BROWSER and bool(view.url))
        if view.stage is SignInStage.BROWSER:
            self.busy.setText(self.tr("Terminez l’identification dans votre navigateur, puis revenez ici."))
        elif view.stage is SignInStage.OPENING:
            self.busy.setText(self.tr("Ouverture de vos boîtes aux lettres…"))
        self.cancel.setVisible(view.stage in {SignInStage.BROWSER, SignInStage.PHONE})
        if view.stage is SignInStage.FAILED and view.failure is not None:
            sentence = wording.failure(view.failure, "sign in")
            self.notice.tell(self.tr("{title}. {text}").format(title=sentence.title, text=sentence.text), Tone.ERROR)
        else:
            self.notice.hush()

    def take_keyboard(self) -> None:
        """Put the keyboard where one begins."""
        self.button.setFocus()

    def _dress(self) -> None:
        width = _WIDTH_EM * self.fontMetrics().height()
        self._tile.setFixedWidth(width)
        for label in (self.place, self.whose, self.busy):
            label.wrap_at(width - 2 * _MARGIN)
        self.phone.words.wrap_at(width - 2 * _MARGIN)
        self.card.wrap_at(width - 2 * _MARGIN - _SIGN - 40)
        self.sign.setPixmap(pixmap("lock" if self._locked else "shield", 44, colours().accent))
        self.name.setText(self.tr("Poste verrouillé") if self._locked else "mssclient")
        self.purpose.setVisible(not self._locked)
        environment = self._engine.environment
        # The main window says it above this page, but not above a cover.
        self.place.setVisible(environment.training and self._locked)
        self.place.setText(self.tr("Environnement de démonstration : personnes et messages fictifs."))
        person = self._engine.person()
        waits = self._locked and person is not None and self._engine.session_state() is not SessionState.OPEN
        self.whose.setVisible(waits)
        self.leave.setVisible(waits)
        if person is not None:
            self.whose.setText(
                self.tr(
                    "Session de {name}. Identifiez-vous pour la retrouver telle quelle. "
                    "Si une autre personne s’identifie, elle ouvrira la sienne."
                ).format(name=person.name)
            )

    def _show_card(self, card: CardStatus) -> None:
        c = colours()
        side = _SIGN
        if not card.supported:
            text, name, colour = (
                self.tr("Ce poste ne sait pas lire les cartes : utilisez l’application e-CPS."),
                "no-card",
                c.muted,
            )
        elif not card.reader:
            text, name, colour = self.tr("Aucun lecteur de carte n’est branché."), "no-card", c.muted
        elif card.trouble:
            text, name, colour = self._trouble(card.trouble), "warning", c.warning
        elif not card.present:
            text, name, colour = self.tr("Aucune carte dans le lecteur."), "card", c.muted
        else:
            text, name, colour = self._holder(card), "card", c.success
        self.card.setText(text)
        self.card_sign.setPixmap(pixmap(name, side, colour))
        self.card_sign.setAccessibleName(text)

    def _holder(self, card: CardStatus) -> str:
        holder = card.holder
        if holder is None or not holder.name:
            return self.tr("Carte professionnelle détectée.")
        said = self.tr("Carte de {name} détectée.").format(name=holder.name)
        if holder.profession:
            said = self.tr("Carte de {name} détectée ({profession}).").format(
                name=holder.name, profession=holder.profession
            )
        return self.tr("{said} Carte de test.").format(said=said) if holder.test_card else said

    def _trouble(self, name: str) -> str:
        known = {
            "VITALE": self.tr("C’est une carte Vitale : insérez votre carte professionnelle."),
            "UNKNOWN": self.tr("Cette carte n’est pas une carte de professionnel de santé."),
            "MUTE": self.tr("La carte ne répond pas : retirez-la, puis remettez-la puce vers l’avant."),
            "NO_READER": self.tr("Aucun lecteur de carte n’est branché."),
            "NO_SUPPORT": self.tr("Ce poste ne sait pas lire les cartes : utilisez l’application e-CPS."),
            "ABSENT": self.tr("Aucune carte dans le lecteur."),
        }
        return known.get(name.upper().replace(" ", "_"), self.tr("La carte n’a pas pu être lue."))

    def _on_other(self) -> None:
        self._ecps_open = not self._ecps_open
        self.refresh()
        if self._ecps_open:
            self.form.take_keyboard()
