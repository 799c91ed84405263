"""“I put my card in, I identify myself in the browser, and my mailboxes are there.”"""

from __future__ import annotations

from mssclient.domain.bal import BalKind
from mssclient.domain.errors import Refused
from mssclient.domain.session import SessionState
from tests.journeys.workstation import Workstation
from tests.lab.world import ALICE


def test_my_own_mailbox_and_the_practices_are_there_and_nobody_elses(alice: Workstation) -> None:
    assert alice.engine.person() == ALICE
    bals = alice.engine.reader.bals()
    assert [b.address for b in bals] == [alice.world.address("alice.martin"), alice.world.address("cabinet")]
    assert [b.kind for b in bals] == [BalKind.PER, BalKind.ORG]
    assert not alice.told()


def test_i_change_my_mind_in_the_browser(desk: Workstation) -> None:
    desk.person = None
    desk.engine.sign_in_with_browser()
    desk.until(lambda: desk.engine.sign_in_view().failure, "told")
    failure = desk.engine.sign_in_view().failure
    assert isinstance(failure, Refused)
    assert failure.code == "access_denied"
    assert desk.engine.session_state() is SessionState.SIGNED_OUT
    desk.browser.join()
