"""When a list of revoked certificates is valid, due, or older than the one we hold; which pins do not go together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain import trust
from mssclient.domain.trust import Listed, Revocation, Source, Trouble

DAY = timedelta(days=1)
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
END = BEGIN + 7 * DAY
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
numbers = st.none() | st.integers(0, 2**160)
ages = st.tuples(numbers, moments)


@pytest.mark.parametrize(
    ("now", "good"),
    [
        (BEGIN, True),
        (END - DAY, True),
        (END, False),
        (END + DAY, False),
        (BEGIN - trust.AHEAD, True),
        (BEGIN - DAY, False),
    ],
)
def test_a_list_is_valid_between_its_dates(now: datetime, good: bool) -> None:
    assert trust.valid(BEGIN, END, now) is good


@given(ages, ages)
def test_of_two_lists_at_most_one_takes_the_others_place_unless_they_are_of_one_age(
    one: tuple[int | None, datetime], other: tuple[int | None, datetime]
) -> None:
    if trust.supersedes(one, other) and trust.supersedes(other, one):
        assert one == other


@given(ages)
def test_a_list_may_come_again(age: tuple[int | None, datetime]) -> None:
    assert trust.supersedes(age, age)


@given(moments, st.timedeltas(timedelta(0), 30 * DAY))
def test_whatever_the_clock_says_a_list_is_asked_for_within_a_day(now: datetime, since: timedelta) -> None:
    asked_at = now - since
    assert trust.due(BEGIN, END, asked_at, now) or since < trust.ASKED_EVERY
    assert trust.due(BEGIN, END, now + timedelta(seconds=1), now), "asked for in the future: a clock was put back"


@pytest.mark.parametrize(
    ("pins", "training", "mixed"),
    [
        ([], True, False),
        ([], False, False),
        (["A" * 64], True, False),
        (["A" * 64], False, False),
        ([trust.PRODUCTION_ORGANISATIONS], False, False),
        ([trust.PRODUCTION_ORGANISATIONS], True, True),
        ([trust.TEST_ORGANISATIONS], True, False),
        ([trust.TEST_ORGANISATIONS], False, True),
        (["A" * 64, trust.TEST_ORGANISATIONS], False, True),
        (sorted(trust.PRODUCTION_ROOTS), False, True),
    ],
)
def test_pins_of_two_environments_do_not_go_together(pins: list[str], training: bool, mixed: bool) -> None:
    assert trust.mixed(pins, training=training) is mixed


PSC, TEST_PSC = (f"https://auth.{kind}esante.gouv.fr/auth/realms/esante-wallet" for kind in ("esw.", "bas.psc."))


@pytest.mark.parametrize(
    ("issuer", "training", "other"),
    [
        (PSC, False, False),
        (PSC, True, True),
        (TEST_PSC, True, False),
        (TEST_PSC, False, True),
        (TEST_PSC.replace("bas", "BAS").replace("gouv.fr", "gouv.fr:443"), False, True),
        ("https://psc.sandbox.mss.example:8443/x", True, False),
        ("https://psc.mss.example", False, False),
        ("", True, False),
        ("", False, True),
    ],
)
def test_a_pro_sante_connect_of_the_other_environment_is_known(issuer: str, training: bool, other: bool) -> None:
    assert trust.is_other_issuer(issuer, training=training) is other


GOOD, OLD, NONE = Listed("A"), Listed("A", trouble=Trouble.EXPIRED), Listed("A", trouble=Trouble.MISSING)
SOURCE = Source("http://x/a.crl")


@pytest.mark.parametrize(
    ("state", "cuts", "blind"),
    [
        (Revocation("off"), False, False),
        (Revocation("known", (NONE,), (SOURCE,)), False, True),
        (Revocation("known", (NONE,)), False, False),
        (Revocation("known", (NONE, OLD), (SOURCE,)), False, False),
        (Revocation("required", (OLD,), (SOURCE,)), True, False),
        (Revocation("required", (OLD, GOOD), (SOURCE,)), False, False),
        (Revocation("required"), True, False),
    ],
)
def test_what_a_state_means(state: Revocation, cuts: bool, blind: bool) -> None:
    assert (state.cuts, state.blind) == (cuts, blind)
