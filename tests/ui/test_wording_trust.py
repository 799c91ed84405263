"""The lists of revoked certificates, as a person reads of them."""

from __future__ import annotations

from datetime import UTC, datetime

from mssclient.domain.trust import Listed, Revocation, Trouble
from mssclient.ui.settings.workstation import WorkstationPage
from mssclient.ui.wording_trust import revocation
from tests.ui.conftest import Stage

MAY = datetime(2026, 5, 4, 12, tzinfo=UTC)
GOOD = Listed("IGC X", 3, MAY, MAY)


def test_a_valid_list_is_one_calm_sentence() -> None:
    assert revocation(Revocation("known", (GOOD,))) == ("IGC X\u00a0: liste du 04/05/2026.",)


def test_an_old_list_says_so() -> None:
    (said,) = revocation(Revocation("known", (Listed("IGC X", 3, MAY, MAY, "", Trouble.EXPIRED),)))
    assert "périmée" in said


def test_required_without_a_valid_list_says_that_boxes_stay_closed() -> None:
    expired = Listed("IGC X", 3, MAY, MAY, "", Trouble.EXPIRED)
    assert "fermées" in revocation(Revocation("required", (expired,)))[0]
    assert "fermées" not in revocation(Revocation("known", (expired,)))[0]


def test_nothing_known_and_nothing_wanted_are_two_things() -> None:
    assert "Aucune liste" in revocation(Revocation("known"))[0]
    assert "administrateur" in revocation(Revocation("off"))[0]
    assert revocation(Revocation("known", (Listed("IGC X", trouble=Trouble.MISSING),)))[-1].endswith("pas de liste.")


def test_the_settings_tell(stage: Stage) -> None:
    stage.sign_in()
    page = WorkstationPage(stage.engine, stage.window._herald)
    assert page.trust.text() == revocation(stage.engine.revocation())[0]
    page.deleteLater()
