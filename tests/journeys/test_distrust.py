"""“Something is not right with the other side: I am told what, and nothing of mine went there.”"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mssclient.domain.bal import Link
from mssclient.domain.errors import Distrust, Refused, Untrusted
from mssclient.domain.session import SessionState
from mssclient.sandbox.pki import Fault
from tests.journeys.workstation import BALS_OF_ALICE, POLICY, Workstation, card_of, environment_of, letter
from tests.journeys.worlds import World
from tests.lab.world import ALICE

FAULTS = {
    Fault.CHAIN: Distrust.CHAIN,
    Fault.NAME: Distrust.NAME,
    Fault.EXPIRED: Distrust.EXPIRED,
    Fault.REVOKED: Distrust.REVOKED,
    Fault.OTHER_DOMAIN: Distrust.CHAIN,
    Fault.SELF_SIGNED: Distrust.CHAIN,
    Fault.USAGE: Distrust.CHAIN,
}


@pytest.fixture
def wrong(world: World) -> Iterator[World]:
    """A world whose IMAP server may be shown another certificate; the good one comes back."""
    yield world
    world.present(None)


def reasons(desk: Workstation) -> set[tuple[Distrust, str]]:
    return {(t.error.reason, t.context) for t in desk.told() if isinstance(t.error, Untrusted)}


def enter(desk: Workstation) -> None:
    desk.engine.sign_in_with_browser()
    desk.until(lambda: desk.engine.session_state() is SessionState.OPEN, "signed in")
    desk.browser.join()


@pytest.mark.parametrize(("fault", "reason"), FAULTS.items(), ids=[fault.name.lower() for fault in FAULTS])
def test_a_wrong_certificate_is_told_and_no_token_is_sent(
    wrong: World, tmp_path: Path, fault: Fault, reason: Distrust
) -> None:
    wrong.present(fault)
    before = wrong.sign_ins()
    desk = Workstation(wrong, tmp_path / "home")
    try:
        enter(desk)
        desk.until(lambda: reasons(desk), "told")
        assert reasons(desk) == {(reason, "sync")}
        assert all(t.error.subject == f"imap.{wrong.domain}" for t in desk.told() if isinstance(t.error, Untrusted))
        assert desk.live() == 0
    finally:
        desk.close()
    assert wrong.sign_ins() == before


def test_an_authority_of_another_trust_store_is_not_taken(world: World, tmp_path: Path) -> None:
    plain = environment_of(world)
    before = world.sign_ins()
    other = environment_of(world, mail_anchors=plain.web_anchors, pins=())
    desk = Workstation(world, tmp_path / "home", environment=other)
    try:
        enter(desk)
        desk.until(lambda: reasons(desk), "told")
        assert {reason for reason, _ in reasons(desk)} == {Distrust.CHAIN}
    finally:
        desk.close()
    assert world.sign_ins() == before


def test_an_authority_that_is_not_pinned_is_not_even_tried(world: World, tmp_path: Path) -> None:
    plain = environment_of(world)
    before = world.sign_ins()
    desk = Workstation(world, tmp_path / "home", environment=environment_of(world, mail_anchors=plain.web_anchors))
    try:
        enter(desk)
        desk.until(lambda: reasons(desk), "told")
        assert {reason for reason, _ in reasons(desk)} == {Distrust.ANCHOR}
    finally:
        desk.close()
    assert world.sign_ins() == before


def test_where_a_list_is_demanded_and_there_is_none_no_token_is_sent(world: World, tmp_path: Path) -> None:
    before = world.sign_ins()
    demanding = environment_of(world, mail_crl="", policy=replace(POLICY, revocation="required"))
    desk = Workstation(world, tmp_path / "home", environment=demanding)
    try:
        enter(desk)
        desk.until(lambda: reasons(desk), "told")
        assert {reason for reason, _ in reasons(desk)} == {Distrust.REVOCATION}
        assert desk.live() == 0
    finally:
        desk.close()
    assert world.sign_ins() == before


def test_where_a_list_is_demanded_and_installed_mail_is_read(world: World, tmp_path: Path) -> None:
    demanding = environment_of(world, policy=replace(POLICY, revocation="required"))
    desk = Workstation(world, tmp_path / "home", environment=demanding)
    try:
        enter(desk)
        desk.until(lambda: desk.live() == BALS_OF_ALICE, "live")
        assert reasons(desk) == set()
    finally:
        desk.close()


def test_a_relay_that_is_not_ours_signs_nobody_in(world: World, tmp_path: Path) -> None:
    plain = environment_of(world)
    before = world.sign_ins()
    desk = Workstation(world, tmp_path / "home", environment=environment_of(world, web_anchors=plain.mail_anchors))
    try:
        desk.engine.sign_in_with_browser()
        desk.until(lambda: desk.engine.sign_in_view().failure, "told")
        failure = desk.engine.sign_in_view().failure
        assert isinstance(failure, Untrusted)
        assert failure.reason is Distrust.CHAIN
        assert desk.engine.session_state() is SessionState.SIGNED_OUT
    finally:
        desk.close()
    assert world.sign_ins() == before


def test_a_mailbox_i_am_no_longer_let_into_is_told_and_the_others_go_on(alice: Workstation) -> None:
    alice.world.close_door("cabinet")
    try:
        alice.until(lambda: alice.bal("cabinet").link is Link.REFUSED, "refused")
        (told,) = [t for t in alice.told() if isinstance(t.error, Refused)]
        assert (told.context, told.bal_id) == ("bal", alice.bal("cabinet").id)
        assert alice.engine.session_state() is SessionState.OPEN
        alice.world.deliver("alice.martin", letter(alice.world, "Toujours là").as_bytes())
        alice.arrived("Toujours là", "alice.martin")
    finally:
        alice.world.open_door("cabinet")
    alice.engine.refresh()
    alice.until(lambda: alice.bal("cabinet").link is Link.LIVE, "let in again")


def test_tokens_that_the_operator_refuses_are_told_and_everything_comes_back(alice: Workstation) -> None:
    alice.reader.remove()
    alice.until(lambda: alice.engine.session_state() is SessionState.LOCKED, "locked")
    alice.until(lambda: alice.world.lines_open() == 0, "sessions closed")
    alice.world.refuse_tokens(refuse=True)
    try:
        alice.reader.insert(card_of(ALICE))
        alice.until(lambda: alice.engine.card_status().present, "the card is seen")
        alice.engine.sign_in_with_browser()
        alice.until(lambda: all(b.link is Link.REFUSED for b in alice.engine.reader.bals()), "refused")
        refused = {t.bal_id: t.error for t in alice.told() if isinstance(t.error, Refused)}
        assert set(refused) == {b.id for b in alice.engine.reader.bals()}
        assert all(isinstance(e, Refused) and e.code == "AUTHENTICATIONFAILED" for e in refused.values())
        alice.browser.join()
    finally:
        alice.world.refuse_tokens(refuse=False)
    alice.engine.refresh()
    alice.until(lambda: alice.live() == BALS_OF_ALICE, "let in again")
