"""What the reader holds, in one sentence: no reader, no card, whose card, and whether it is the right one."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from mssclient.domain.errors import Distrust, Untrusted
from mssclient.domain.session import CardStatus, Person, SignInView, same_person
from mssclient.ui.icons import pixmap
from mssclient.ui.theme import colours
from mssclient.ui.widgets.labels import PlainLabel

_SIGN = 30
_SIDES = 40


class CardTile(QFrame):
    """Main thread; `show_card` at each news of the reader or of the sign-in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("tile", True)
        self.sign = QLabel(self)
        self.sign.setFixedSize(_SIGN, _SIGN)
        self.words = PlainLabel(parent=self)
        self.words.setObjectName("sign_in.card")
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 10, 12, 10)
        line.setSpacing(12)
        line.addWidget(self.sign)
        line.addWidget(self.words, 1)

    def wrap_at(self, width: int) -> None:
        """Take `width` pixels."""
        self.words.wrap_at(width - _SIGN - _SIDES)

    def show_card(self, card: CardStatus, view: SignInView, waits: Person | None) -> None:
        """Say what is in the reader; `waits` is the person whose locked session waits, if any."""
        c = colours()
        text, name, colour = self._plainly(card)
        if isinstance(view.failure, Untrusted) and view.failure.reason is Distrust.IDENTITY:
            text = self.tr("Ce n’est pas la carte de la personne qui s’est identifiée.")
            if card.holder and card.holder.name:
                text = self.tr("{who} Dans le lecteur : {name}.").format(who=text, name=card.holder.name)
            name, colour = "warning", c.warning
        elif waits is not None and card.holder and not same_person(card.holder.national_id, waits.national_id):
            text = self.tr("{said} Ce n’est pas celle de la session verrouillée.").format(said=text)
            name, colour = "warning", c.warning
        self.words.setText(text)
        self.sign.setPixmap(pixmap(name, _SIGN, colour))
        self.sign.setAccessibleName(text)

    def _plainly(self, card: CardStatus) -> tuple[str, str, str]:
        """The sentence, the sign and its colour."""
        c = colours()
        if not card.supported:
            text = self.tr("Ce poste ne sait pas lire les cartes : utilisez l’application e-CPS.")
            return text, "no-card", c.muted
        if card.trouble:
            return self._trouble(card.trouble), "warning", c.warning
        if not card.reader:
            return self.tr("Aucun lecteur de carte n’est branché."), "no-card", c.muted
        if not card.present:
            return self.tr("Aucune carte dans le lecteur."), "card", c.muted
        return self._holder(card), "card", c.success

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
