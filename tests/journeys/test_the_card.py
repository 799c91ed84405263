"""“I take my card and leave: nobody reads my mail. I come back and everything is as I left it.”"""

from __future__ import annotations

from dataclasses import replace

from mssclient.domain.bal import BalKind
from mssclient.domain.errors import Distrust, Untrusted
from mssclient.domain.session import SessionState
from tests.journeys.workstation import Workstation, card_of, letter
from tests.lab.world import ALICE, BOB


def locked(alice: Workstation) -> None:
    alice.reader.remove()
    alice.until(lambda: alice.engine.session_state() is SessionState.LOCKED, "locked")


def test_the_card_out_closes_every_session_at_the_operator(alice: Workstation) -> None:
    assert alice.world.lines_open() >= len(alice.engine.reader.bals())
    locked(alice)
    alice.until(lambda: alice.world.lines_open() == 0, "the operator has no session of ours left")
    before = alice.world.sign_ins()
    alice.engine.refresh()
    alice.world.deliver("cabinet", letter(alice.world, "Pendant l’absence").as_bytes())
    assert alice.row("Pendant l’absence") is None
    assert alice.world.sign_ins() == before


def test_the_same_person_comes_back_to_their_draft_and_sees_what_came_meanwhile(alice: Workstation) -> None:
    draft = replace(alice.engine.new_draft(alice.bal("cabinet").id), subject="À finir", text="Je disais")
    alice.engine.keep_draft(draft)
    alice.until(lambda: alice.engine.reader.draft(draft.id), "kept")
    locked(alice)
    alice.until(lambda: alice.world.lines_open() == 0, "sessions closed")
    alice.world.deliver("cabinet", letter(alice.world, "Venu entre-temps").as_bytes())
    alice.sign_in()
    alice.arrived("Venu entre-temps")
    kept = alice.engine.reader.draft(draft.id)
    assert kept is not None
    assert kept.text == "Je disais"


def test_another_person_finds_their_own_mail_only(alice: Workstation) -> None:
    draft = replace(alice.engine.new_draft(alice.bal("cabinet").id), subject="Privé", text="Privé")
    alice.engine.keep_draft(draft)
    alice.until(lambda: alice.engine.reader.draft(draft.id), "kept")
    locked(alice)
    alice.person = BOB
    alice.sign_in()
    assert alice.engine.person() == BOB
    assert {(b.address, b.kind) for b in alice.engine.reader.bals()} == {
        (alice.world.address("bob.durand"), BalKind.PER), (alice.world.address("cabinet"), BalKind.ORG),
    }  # fmt: skip
    assert alice.engine.reader.drafts() == ()


def test_a_card_of_one_and_a_sign_in_of_another_open_nothing(desk: Workstation) -> None:
    desk.reader.insert(card_of(ALICE))
    desk.until(lambda: desk.engine.card_status().present, "the card is seen")
    desk.person = BOB
    before = desk.world.sign_ins()
    desk.engine.sign_in_with_browser()
    desk.until(lambda: desk.engine.sign_in_view().failure, "told")
    failure = desk.engine.sign_in_view().failure
    assert isinstance(failure, Untrusted)
    assert failure.reason is Distrust.IDENTITY
    assert desk.engine.session_state() is SessionState.SIGNED_OUT
    assert desk.world.sign_ins() == before
    desk.browser.join()
