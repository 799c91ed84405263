"""“My four hours are nearly over: I identify myself again and go on where I was.”"""

from __future__ import annotations

from dataclasses import replace

from mssclient.domain.bal import Link
from mssclient.domain.errors import Distrust, Refused, Untrusted
from mssclient.domain.events import SessionChanged
from mssclient.domain.session import SessionState, SignInStage
from tests.journeys.workstation import BALS_OF_ALICE, Workstation, card_of, letter
from tests.lab.world import ALICE, BOB


def states(desk: Workstation) -> list[SessionState]:
    return [e.state for e in desk.events if isinstance(e, SessionChanged)]


def in_use(desk: Workstation) -> object:
    return desk.engine._desk._tokens.session


def lines(desk: Workstation) -> list[object]:
    """The connections that listen; those of BAL that are not theirs are none."""
    office = desk.engine._office
    return [] if office is None else [w._line.session for w in office._watches if w._line.is_up]


def test_i_identify_myself_again_and_nothing_moves(alice: Workstation) -> None:
    alice.world.deliver("cabinet", letter(alice.world, "Avant").as_bytes())
    alice.arrived("Avant")
    draft = replace(alice.engine.new_draft(alice.bal("cabinet").id), subject="En cours", text="Je disais")
    alice.engine.keep_draft(draft)
    before, open_lines, old = states(alice), lines(alice), in_use(alice)
    alice.engine.renew_session()
    alice.until(lambda: in_use(alice) is not old, "renewed")
    alice.until(lambda: alice.engine.sign_in_view().stage is SignInStage.IDLE, "told")
    alice.browser.join()
    assert states(alice) == before
    assert alice.live() == BALS_OF_ALICE
    assert lines(alice) == open_lines
    alice.world.deliver("cabinet", letter(alice.world, "Après").as_bytes())
    alice.arrived("Après")
    alice.engine._desk.fresh_token(refused=True)
    alice.reader.remove()
    alice.until(lambda: alice.engine.session_state() is SessionState.LOCKED, "locked")
    alice.until(lambda: in_use(alice) is None, "ended")
    alice.sign_in()
    kept = alice.engine.reader.draft(draft.id)
    assert kept is not None
    assert kept.text == "Je disais"


def test_a_colleague_who_answers_in_my_place_does_not_come_in(alice: Workstation) -> None:
    before, old = states(alice), in_use(alice)
    alice.person = BOB
    alice.engine.renew_session()
    alice.until(lambda: alice.engine.sign_in_view().failure, "told")
    failure = alice.engine.sign_in_view().failure
    assert isinstance(failure, Untrusted)
    assert failure.reason is Distrust.IDENTITY
    alice.browser.join()
    assert (states(alice), in_use(alice), alice.engine.person()) == (before, old, ALICE)
    assert alice.engine._desk.fresh_token(refused=True), "my own session goes on"
    assert alice.live() == BALS_OF_ALICE


def test_an_operator_that_takes_my_token_no_more_sends_me_back_to_identify_myself(alice: Workstation) -> None:
    office = alice.engine._office
    assert office is not None
    alice.world.refuse_tokens(refuse=True)
    try:
        for watch in office._watches:
            watch.cut()
        alice.until(lambda: alice.engine.session_state() is SessionState.LOCKED, "covered")
        assert not [t for t in alice.told() if t.context == "session"]
    finally:
        alice.world.refuse_tokens(refuse=False)
    alice.sign_in()


def test_my_own_mailbox_that_is_shut_is_named_the_very_first_time(desk: Workstation) -> None:
    desk.world.close_door("alice.martin")
    try:
        desk.reader.insert(card_of(ALICE))
        desk.until(lambda: desk.engine.card_status().present, "the card is seen")
        desk.engine.sign_in_with_browser()
        desk.until(lambda: [t for t in desk.told() if isinstance(t.error, Refused)], "told")
        (told,) = [t for t in desk.told() if isinstance(t.error, Refused)]
        assert (told.context, told.bal_id) == ("bal", desk.bal("alice.martin").id)
        desk.until(lambda: desk.bal("alice.martin").link is Link.REFUSED, "marked")
        assert desk.engine.session_state() is SessionState.OPEN
        desk.browser.join()
    finally:
        desk.world.open_door("alice.martin")
