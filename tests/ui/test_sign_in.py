"""The first screen: the card, Pro Santé Connect, e-CPS, the first address."""

from __future__ import annotations

from mssclient.domain.errors import CardReason, CardTrouble, Distrust, Untrusted
from mssclient.domain.session import CardHolder, CardStatus, SignInStage, SignInView
from tests.fakes import PERSON
from tests.ui.conftest import Stage


def test_it_is_what_one_sees_first(stage: Stage) -> None:
    assert stage.window.pages.currentWidget() is stage.window.sign_in
    assert stage.window.tools.isHidden()
    assert stage.window.sign_in.button.text() == "S’identifier avec Pro Santé Connect"
    assert stage.window.training.isVisible()


def test_the_card_is_named_before_anybody_signs_in(stage: Stage) -> None:
    said = stage.window.sign_in.card
    assert said.text() == "Aucune carte dans le lecteur."
    holder = CardHolder("899900012345", "Dr Claire VASSEUR", "Médecin")
    stage.engine.set_card(CardStatus(True, True, True, holder))
    stage.until(lambda: "Carte de Dr Claire VASSEUR détectée" in said.text())
    stage.engine.set_card(CardStatus(True, False, False))
    stage.until(lambda: "Aucun lecteur" in said.text())
    stage.engine.set_card(CardStatus(False, False, False))
    stage.until(lambda: "e-CPS" in said.text())
    stage.engine.set_card(CardStatus(True, True, True, trouble=CardReason.VITALE.name))
    stage.until(lambda: "Vitale" in said.text())


def test_the_browser_flow_waits_and_can_be_cancelled(stage: Stage) -> None:
    screen = stage.window.sign_in
    screen.button.click()
    assert stage.engine.asked("sign_in_with_browser") == [()]
    stage.until(lambda: screen.busy.isVisible() and screen.cancel.isVisible())
    assert not screen.button.isVisible()
    screen.cancel.click()
    stage.until(screen.button.isVisible)


def test_ecps_shows_the_digits_large_and_counts_down(stage: Stage) -> None:
    holder = CardHolder("899900012345", "Dr Claire VASSEUR", "Médecin")
    stage.engine.set_card(CardStatus(True, True, True, holder))
    screen = stage.window.sign_in
    screen.other.click()
    stage.until(lambda: screen.form.number.text() == "899900012345")
    screen.form.button.click()
    assert stage.engine.asked("sign_in_with_ecps") == [("899900012345",)]
    stage.until(lambda: screen.phone.digits.text() == "4 7")
    assert screen.phone.digits.font().pointSizeF() >= 3 * screen.font().pointSizeF()
    before = screen.phone.countdown.text()
    stage.until(lambda: screen.phone.countdown.text() != before)


def test_a_bare_rpps_gets_its_type_digit(stage: Stage) -> None:
    screen = stage.window.sign_in
    screen.other.click()
    screen.form.number.setText("99900012345")
    screen.form.button.click()
    assert stage.engine.asked("sign_in_with_ecps") == [("899900012345",)]


def test_a_short_number_asks_nothing(stage: Stage) -> None:
    screen = stage.window.sign_in
    screen.other.click()
    screen.form.number.setText("12")
    assert not screen.form.button.isEnabled()
    screen.form.number.returnPressed.emit()
    assert stage.engine.asked("sign_in_with_ecps") == []


def test_a_failure_is_said_in_french_and_one_can_try_again(stage: Stage) -> None:
    for failure in (CardTrouble(CardReason.UNKNOWN), Untrusted(Distrust.IDENTITY)):
        stage.engine.show_sign_in(SignInView(SignInStage.FAILED, failure=failure))
        stage.until(lambda: bool(stage.window.sign_in.notice.text))
        assert str(failure) not in stage.window.sign_in.notice.text
        assert stage.window.sign_in.button.isVisible()


def test_the_first_start_asks_for_an_address_and_nothing_else(stage: Stage) -> None:
    bals = list(stage.engine.world.bal_list)
    stage.engine.world.bal_list.clear()
    stage.engine.sign_in(PERSON)
    page = stage.window.first_address
    stage.until(lambda: stage.window.pages.currentWidget() is page)
    page.address.setText("pas une adresse")
    assert not page.button.isEnabled()
    page.address.setText("Claire.Vasseur@tilleuls.mss.example")
    stage.engine.world.bal_list = bals
    page.button.click()
    assert stage.engine.asked("add_bal") == [("claire.vasseur@tilleuls.mss.example",)]
    stage.until(lambda: stage.window.pages.currentWidget() is stage.window.desk)
    assert stage.window.tools.isVisible()


def test_an_address_that_does_not_open_is_explained_there(stage: Stage) -> None:
    stage.engine.world.bal_list.clear()
    stage.engine.sign_in(PERSON)
    page = stage.window.first_address
    stage.until(lambda: stage.window.pages.currentWidget() is page)
    stage.engine.tell(Untrusted(Distrust.DISCOVERY, "autoconfig.example"), "bal")
    stage.until(lambda: bool(page.notice.text))
