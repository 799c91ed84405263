"""The first screen: the card, Pro Santé Connect, e-CPS, the first address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

from mssclient.domain.errors import CardReason, CardTrouble, Distrust, Untrusted
from mssclient.domain.session import CardHolder, CardStatus, SignInStage, SignInView
from mssclient.engine.api import Progress
from mssclient.ui.sign_in.cover import Cover
from mssclient.ui.sign_in.screen import SignInScreen
from mssclient.ui.theme import theme
from mssclient.ui.widgets.voice import voice
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
    stage.until(lambda: screen.wait.words.isVisible() and screen.wait.cancel.isVisible())
    assert not screen.button.isVisible()
    screen.wait.cancel.click()
    stage.until(screen.button.isVisible)


def test_ecps_shows_the_digits_large_and_counts_down(stage: Stage) -> None:
    holder = CardHolder("899900012345", "Dr Claire VASSEUR", "Médecin")
    stage.engine.set_card(CardStatus(True, True, True, holder))
    screen = stage.window.sign_in
    screen.other.click()
    stage.until(lambda: screen.form.number.text() == "899900012345")
    screen.form.button.click()
    assert stage.engine.asked("sign_in_with_ecps") == [("899900012345",)]
    stage.until(lambda: screen.wait.digits.text() == "4 7")
    assert screen.wait.digits.font().pointSizeF() >= 3 * screen.font().pointSizeF()
    before = screen.wait.countdown.text()
    stage.until(lambda: screen.wait.countdown.text() != before)


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What a screen reader would have heard."""
    heard: list[str] = []
    voice.said.connect(heard.append)
    yield heard
    voice.said.disconnect(heard.append)


def test_the_keyboard_goes_to_cancel_and_comes_back(stage: Stage) -> None:
    screen = stage.window.sign_in
    assert stage.window.focusWidget() is screen.button
    QTest.keyClick(screen.button, Qt.Key.Key_Return)
    stage.until(screen.wait.cancel.isVisible)
    assert stage.window.focusWidget() is screen.wait.cancel
    QTest.keyClick(screen.wait.cancel, Qt.Key.Key_Escape)
    assert stage.engine.asked("cancel_sign_in") == [()]
    stage.until(screen.button.isVisible)
    assert stage.window.focusWidget() is screen.button
    QTest.keyClick(screen.button, Qt.Key.Key_Escape)
    assert stage.engine.asked("cancel_sign_in") == [()], "nothing to cancel"


def test_under_a_lock_the_wait_does_not_offer_to_close_the_session(stage: Stage) -> None:
    stage.sign_in()
    stage.engine.lock()
    stage.until(lambda: stage.window.lock.on)
    cover = stage.window.findChild(Cover)
    assert cover is not None
    screen = cover.findChild(SignInScreen)
    assert screen is not None
    assert screen.leave.isVisible()
    screen.button.click()
    stage.until(screen.wait.isVisible)
    assert stage.window.focusWidget() is screen.wait.cancel
    assert not screen.leave.isVisible()


def test_everything_can_be_reached_by_tab_in_reading_order(stage: Stage) -> None:
    screen = stage.window.sign_in
    screen.other.click()
    screen.form.number.setText("899900012345")
    screen.button.setFocus()
    walked = [stage.window.focusWidget()]
    for _ in range(3):
        QTest.keyClick(walked[-1], Qt.Key.Key_Tab)
        walked.append(stage.window.focusWidget())
    assert walked == [screen.button, screen.other, screen.form.number, screen.form.button]
    heights = [w.mapTo(stage.window, QPoint(0, 0)).y() for w in walked[:3]]
    assert heights == sorted(heights)


def test_the_digits_are_said_aloud_and_the_time_at_round_values_only(stage: Stage, said: list[str]) -> None:
    wait = stage.window.sign_in.wait
    stage.engine.show_sign_in(SignInView(SignInStage.PHONE, digits="47", expires_in_s=62))
    stage.until(wait.digits.isVisible)
    assert wait.digits.accessibleName() == "Nombre à reconnaître\u00a0: 4 7"
    assert len([s for s in said if "4 7" in s]) == 1
    said.clear()
    for _ in range(62):
        wait.tick()
    assert said == [
        "Il reste 1 min 00 s.", "Il reste 30 s.", "Il reste 10 s.",
        "La demande a expiré\u00a0: annulez, puis recommencez.",
    ]  # fmt: skip
    assert wait.cancel.isVisible()


def test_the_same_request_told_again_does_not_begin_anew(stage: Stage, said: list[str]) -> None:
    wait = stage.window.sign_in.wait
    view = SignInView(SignInStage.PHONE, digits="47", expires_in_s=120)
    stage.engine.show_sign_in(view)
    stage.until(wait.digits.isVisible)
    for _ in range(50):
        wait.tick()
    wait.show_view(view)
    assert "1 min 10 s" in wait.countdown.text()
    assert len([s for s in said if "4 7" in s]) == 1


def test_a_code_is_shown_when_the_browser_cannot_come_back(stage: Stage, said: list[str]) -> None:
    wait = stage.window.sign_in.wait
    stage.engine.show_sign_in(SignInView(SignInStage.BROWSER, url="https://relais.example/start", code="4821"))
    stage.until(wait.digits.isVisible)
    assert wait.digits.text() == "4 8 2 1"
    assert "ne confirmez que si" in wait.words.text()
    assert wait.digits.accessibleName() == "Code à comparer\u00a0: 4 8 2 1"
    assert any("4 8 2 1" in sentence for sentence in said)
    wait.copy.click()
    assert QGuiApplication.clipboard().text() == "https://relais.example/start"


def test_the_flow_is_told_step_by_step(stage: Stage, said: list[str]) -> None:
    wait = stage.window.sign_in.wait
    for view, words in (
        (SignInView(SignInStage.BROWSER, url="https://relais.example/start"), "Étape 1 sur 2"),
        (SignInView(SignInStage.OPENING), "Étape 2 sur 2"),
    ):
        stage.engine.show_sign_in(view)
        stage.until(lambda words=words: words in wait.words.text())
    assert not wait.cancel.isVisible()
    assert not stage.window.sign_in.button.isVisible()
    assert len([sentence for sentence in said if "Étape" in sentence]) == 2


def test_the_card_of_somebody_else_is_told_in_the_tile(stage: Stage) -> None:
    said = stage.window.sign_in.card
    stage.engine.set_card(CardStatus(True, True, True, CardHolder("899900099999", "Dr Paul MERCADIER", "Médecin")))
    stage.engine.show_sign_in(SignInView(SignInStage.FAILED, failure=Untrusted(Distrust.IDENTITY)))
    stage.until(lambda: "Ce n’est pas la carte de la personne qui s’est identifiée." in said.text())
    assert "Dr Paul MERCADIER" in said.text()


def test_under_a_lock_another_card_is_told(stage: Stage) -> None:
    stage.sign_in()
    stage.engine.lock()
    stage.until(lambda: stage.window.lock.on)
    screen = stage.window.findChild(Cover).findChild(SignInScreen)
    stage.engine.set_card(CardStatus(True, True, True, CardHolder("899900099999", "Dr Paul MERCADIER", "Médecin")))
    stage.until(lambda: "Ce n’est pas celle de la session verrouillée." in screen.card.text())
    stage.engine.set_card(CardStatus(True, True, True, CardHolder("99900012345", "Dr Claire VASSEUR", "Médecin")))
    stage.until(lambda: "session verrouillée" not in screen.card.text())


def test_the_number_follows_the_card_and_leaves_with_it(stage: Stage) -> None:
    screen = stage.window.sign_in
    screen.other.click()
    for number in ("899900012345", "899900099999"):
        stage.engine.set_card(CardStatus(True, True, True, CardHolder(number, "Dr", "Médecin")))
        stage.until(lambda number=number: screen.form.number.text() == number)
    stage.engine.set_card(CardStatus(True, True, False))
    stage.until(lambda: screen.form.number.text() == "")


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600)])
def test_nothing_is_out_of_reach_with_letters_twice_as_large(stage: Stage, size: tuple[int, int]) -> None:
    screen = stage.window.sign_in
    try:
        theme.apply("light", 200)
        stage.window.resize(*size)
        screen.other.click()
        stage.engine.show_sign_in(SignInView(SignInStage.BROWSER, url="https://relais.example", code="4821"))
        stage.until(screen.wait.copy.isVisible)
        area = screen.findChild(QScrollArea)
        assert area is not None
        assert area.horizontalScrollBar().maximum() == 0
        for widget in (screen.card, screen.wait.digits, screen.wait.cancel, screen.wait.copy):
            area.ensureWidgetVisible(widget)
            place = QRect(widget.mapTo(stage.window, QPoint(0, 0)), widget.size())
            assert stage.window.rect().contains(place), widget.objectName()
    finally:
        theme.apply("light", 100)


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


def test_a_first_sign_in_says_that_mailboxes_open_before_it_asks(stage: Stage) -> None:
    stage.engine.world.bal_list.clear()
    stage.engine.progress_list = (Progress("opening", None, 0, 0),)
    stage.engine.sign_in(PERSON)
    page = stage.window.first_address
    stage.until(page.isVisible)
    assert page.opening.isVisible()
    assert not page.address.isVisible()
    page._give_up_waiting()
    assert not page.address.isVisible(), "the engine still tries"
    stage.engine.set_progress()
    stage.until(page.address.isVisible)
    assert not page.opening.isVisible()
    assert stage.window.focusWidget() is page.address


def test_an_address_that_does_not_open_is_explained_there(stage: Stage) -> None:
    stage.engine.world.bal_list.clear()
    stage.engine.sign_in(PERSON)
    page = stage.window.first_address
    stage.until(lambda: stage.window.pages.currentWidget() is page)
    stage.engine.tell(Untrusted(Distrust.DISCOVERY, "autoconfig.example"), "bal")
    stage.until(lambda: bool(page.notice.text))
