"""A relay that is away, slow, forgetful, garbled or wrong about who somebody is, at each step of a session."""

from __future__ import annotations

import json
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mssclient.domain.errors import Distrust, MssError, Offline, Refused, SessionEnded, Unreadable, Untrusted
from mssclient.domain.session import SessionState, SignInStage
from mssclient.stage.theatre import Theatre
from tests.engine.bent_relay import Bend, BentRelay, bent, changed, content, status
from tests.engine.conftest import Workstation
from tests.engine.session_kit import HeldBrowser, at_psc, beaten, is_state, refused, states, tokens_of

OPEN, LOCKED, OUT = SessionState.OPEN, SessionState.LOCKED, SessionState.SIGNED_OUT


@pytest.fixture
def relay(theatre: Theatre) -> Iterator[tuple[BentRelay, str]]:
    real = tomllib.loads(theatre.environment_file.read_text("utf-8"))["psc_relay"]
    with bent(theatre, real) as found:
        yield found


@pytest.fixture
def desk(theatre: Theatre, tmp_path: Path, relay: tuple[BentRelay, str]) -> Iterator[Workstation]:
    """A workstation that asks the bent relay."""
    theatre.operator.orders.clear()
    theatre.operator.orders.line_up()
    theatre.provider.expire_all()
    found = Workstation(theatre, tmp_path / "home", psc_relay=relay[1])
    found.engine.start()
    yield found
    for gate in relay[0].held.values():
        gate.set()
    relay[0].bend.clear()
    found.engine.stop()
    found.browser.join()


@pytest.fixture
def bend(relay: tuple[BentRelay, str]) -> dict[str, Bend]:
    return relay[0].bend


def physician(desk: Workstation) -> str:
    return desk.theatre.institution.staff("physician").person.national_id


def test_through_the_bent_relay_all_is_well(desk: Workstation, relay: tuple[BentRelay, str]) -> None:
    desk.sign_in()
    desk.engine.sign_out()
    desk.until(lambda: at_psc(desk) == 0, "signed out at PSC")
    assert relay[0].heard[0] == "GET /start"


GARBAGE = [b"", b"[]", b"{", b"null", b'"x"', b"\xff\xfe", b"{" * 70_000, b"[" * 60_000, b'{"session": 1}']


@pytest.mark.parametrize("raw", GARBAGE, ids=range(len(GARBAGE)))
def test_a_session_answer_that_is_none(desk: Workstation, bend: dict[str, Bend], raw: bytes) -> None:
    bend["POST /session"] = content(raw)
    desk.engine.sign_in_with_browser()
    assert isinstance(refused(desk), Unreadable)
    desk.browser.join()
    assert desk.engine.session_state() is OUT


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(content(b"{}"), Unreadable), (content(b'{"national_id": 3}'), Unreadable), (status(503), Offline),
     (status(401), SessionEnded), (status(404), Refused),
     (changed(activities=[{"structure": {"a": 1}}]), Unreadable)],
)  # fmt: skip
def test_an_identity_that_is_none_leaves_no_session_behind(
    desk: Workstation, bend: dict[str, Bend], answer: Bend, kind: type[MssError]
) -> None:
    bend["GET /identity"] = answer
    desk.engine.sign_in_with_browser()
    assert type(refused(desk)) is kind
    desk.browser.join()
    desk.until(lambda: at_psc(desk) == 0, "nobody's session lives on")


@pytest.mark.parametrize("code", [429, 500, 503])
@pytest.mark.parametrize("way", ["browser", "phone"])
def test_a_relay_in_trouble_is_told_and_asked_again_later(
    desk: Workstation, bend: dict[str, Bend], code: int, way: str
) -> None:
    bend["POST /session"] = bend["POST /ciba"] = status(code)
    if way == "phone":
        desk.engine.sign_in_with_ecps(physician(desk))
    else:
        desk.engine.sign_in_with_browser()
    assert isinstance(refused(desk), Offline)
    desk.browser.join()
    bend.clear()
    desk.sign_in()


def test_a_relay_that_loses_some_polls_of_a_phone(desk: Workstation, bend: dict[str, Bend]) -> None:
    bend["GET /ciba"] = status(502)
    desk.engine.sign_in_with_ecps(physician(desk))
    desk.until(lambda: desk.engine.sign_in_view().digits, "digits")
    desk.theatre.approve()
    assert desk.engine.sign_in_view().stage is SignInStage.PHONE
    bend.clear()
    desk.until(lambda: OPEN in states(desk), "signed in")


@pytest.mark.parametrize("raw", [b'{"state": 5}', b"{}", b"<html>"])
def test_a_phone_whose_state_is_garbled(desk: Workstation, bend: dict[str, Bend], raw: bytes) -> None:
    bend["GET /ciba"] = content(raw)
    desk.engine.sign_in_with_ecps(physician(desk))
    assert isinstance(refused(desk), Unreadable)
    assert desk.engine.session_state() is OUT


# -- while the session is open


def test_a_relay_that_was_restarted_knows_nobody(desk: Workstation, bend: dict[str, Bend]) -> None:
    desk.sign_in()
    bend["POST /token"] = status(401)
    with pytest.raises(SessionEnded):
        desk.engine._desk.fresh_token()
    assert desk.engine.session_state() is LOCKED
    desk.until(lambda: desk.theatre.operator.connections() == 0, "lines closed")
    bend.clear()
    desk.sign_in()


def test_a_relay_that_is_away_for_a_while_ends_nothing(desk: Workstation, bend: dict[str, Bend]) -> None:
    desk.sign_in()
    bend["POST /token"] = status(503)
    with pytest.raises(Offline):
        desk.engine._desk.fresh_token()
    desk.engine._desk._beat()
    assert desk.engine.session_state() is OPEN
    bend.clear()
    assert desk.engine._desk.fresh_token()


@pytest.mark.parametrize(
    "answer",
    [content(b"{}"), content(b"no"), changed(access_token=""), changed(session_left_s="soon"),
     changed(session_ends_in_s=True), changed(session_ends_in_s=float("nan")), changed(expires_at=float("inf"))],
)  # fmt: skip
def test_a_token_that_is_none_is_not_used_and_ends_nothing(
    desk: Workstation, bend: dict[str, Bend], answer: Bend
) -> None:
    desk.sign_in()
    ends = desk.engine.session_ends_at()
    bend["POST /token"] = answer
    with pytest.raises(Unreadable):
        desk.engine._desk.fresh_token()
    assert desk.engine.session_state() is OPEN
    assert desk.engine.session_ends_at() == ends


def test_a_relay_that_does_not_say_when_the_four_hours_end(desk: Workstation, bend: dict[str, Bend]) -> None:
    def silent(real: object) -> object:
        found = json.loads(real.content)  # type: ignore[attr-defined]
        found.pop("session_ends_in_s", None)
        return content(json.dumps(found).encode())(real)  # type: ignore[arg-type]

    bend["POST /token"] = silent  # type: ignore[assignment]
    desk.sign_in()
    assert desk.engine.session_ends_at() is not None


def test_the_relay_is_believed_when_the_end_is_nearer(desk: Workstation, bend: dict[str, Bend]) -> None:
    bend["POST /token"] = changed(session_ends_in_s=600)
    desk.sign_in()
    ends = desk.engine.session_ends_at()
    assert ends is not None
    assert 0 < (ends - desk.engine._clock()).total_seconds() < 601


# -- who it is


def test_a_relay_that_names_another_than_the_card(desk: Workstation, bend: dict[str, Bend]) -> None:
    other = desk.theatre.institution.staff("physician").person
    bend["GET /identity"] = changed(national_id=other.national_id)
    desk.reader.insert(desk.theatre.institution.staff("secretary").card)
    desk.until(lambda: desk.engine.card_status().present, "card seen")
    desk.engine.sign_in_with_browser()
    failure = refused(desk)
    assert isinstance(failure, Untrusted)
    assert failure.reason is Distrust.IDENTITY
    desk.browser.join()
    desk.until(lambda: at_psc(desk) == 0, "signed out")


def test_a_relay_that_names_another_than_the_phone_was_rung_for(desk: Workstation, bend: dict[str, Bend]) -> None:
    bend["GET /identity"] = changed(national_id=desk.theatre.institution.staff("secretary").person.national_id)
    desk.engine.sign_in_with_ecps(physician(desk))
    desk.until(lambda: desk.engine.sign_in_view().digits, "digits")
    desk.theatre.approve()
    assert isinstance(refused(desk), Untrusted)
    desk.until(lambda: at_psc(desk) == 0, "signed out")


def test_a_relay_that_names_another_than_who_was_locked_shows_nothing_of_the_first(
    desk: Workstation, bend: dict[str, Bend]
) -> None:
    desk.sign_in("physician")
    first = {b.address for b in desk.engine.reader.bals()}
    desk.engine.lock()
    desk.reader.remove()
    desk.until(lambda: not desk.engine.card_status().present, "card out")
    other = desk.theatre.institution.staff("secretary").person
    bend["GET /identity"] = changed(national_id=other.national_id, given=other.given, family=other.family)
    desk.engine.sign_in_with_browser()
    desk.until(lambda: states(desk)[-1] is OPEN, "opened")
    desk.browser.join()
    person = desk.engine.person()
    assert person is not None
    assert person.national_id == other.national_id
    assert len(list((desk.home / "persons").iterdir())) == 2
    own = {b.address for b in desk.engine.reader.bals()}
    assert own != first or not own
    assert OUT in states(desk)[states(desk).index(LOCKED) :], "the first one's screen was emptied before"


@pytest.mark.parametrize("field", ["national_id", "given"])
def test_an_older_identity_of_the_same_person_is_that_person(
    desk: Workstation, bend: dict[str, Bend], field: str
) -> None:
    """The bare form of an RPPS, a name before a marriage, no activity: the store is theirs all the same."""
    desk.sign_in("physician")
    desk.engine.lock()
    known = desk.engine.person()
    assert known is not None
    new = known.national_id[1:] if field == "national_id" and known.national_id.startswith("8") else known.national_id
    bend["GET /identity"] = changed(national_id=new, given="Ancienne", activities=[])
    desk.sign_in("physician")
    assert len(list((desk.home / "persons").iterdir())) == 1
    assert OUT not in states(desk)[states(desk).index(LOCKED) :]


# -- slow


@pytest.mark.parametrize("step", ["POST /session", "GET /identity"])
def test_given_up_while_the_relay_answers_slowly(desk: Workstation, relay: tuple[BentRelay, str], step: str) -> None:
    gate = relay[0].held[step] = threading.Event()
    desk.engine.sign_in_with_browser()
    desk.until(lambda: step in relay[0].heard, "asked")
    desk.engine.cancel_sign_in()
    assert (desk.engine.session_state(), desk.engine.sign_in_view().stage) == (OUT, SignInStage.IDLE)
    gate.set()
    beaten(desk)
    desk.browser.join()
    desk.until(lambda: at_psc(desk) == 0, "signed out")
    desk.sign_in()


def test_a_lock_does_not_wait_for_a_slow_relay(desk: Workstation, relay: tuple[BentRelay, str]) -> None:
    desk.sign_in()
    gate = relay[0].held["POST /token"] = threading.Event()
    desk.engine._desk._door.worker.post(desk.engine._desk._beat)
    desk.until(lambda: relay[0].heard[-1] == "POST /token", "asked")
    desk.engine.lock()
    assert desk.engine.session_state() is LOCKED
    desk.until(lambda: desk.theatre.operator.connections() == 0, "lines closed")
    desk.until(lambda: tokens_of(desk) is None, "relay told")
    gate.set()
    beaten(desk)


def test_a_renewal_whose_handover_is_lost_holds(desk: Workstation, bend: dict[str, Bend]) -> None:
    desk.sign_in()
    old = tokens_of(desk)
    bend["POST /handover"] = status(503)
    desk.engine.renew_session()
    desk.until(lambda: tokens_of(desk) is not old, "renewed")
    desk.browser.join()
    assert desk.engine._desk.fresh_token(refused=True)
    assert desk.engine.session_state() is OPEN


def test_a_sign_out_that_the_relay_does_not_hear_is_one_all_the_same(desk: Workstation, bend: dict[str, Bend]) -> None:
    desk.sign_in()
    bend["DELETE /session"] = status(503)
    desk.engine.sign_out()
    desk.until(is_state(desk, OUT), "signed out")
    desk.until(lambda: tokens_of(desk) is None, "forgotten")
    bend.clear()
    desk.sign_in()


# -- the browser


def test_without_a_loopback_the_code_is_shown(desk: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_: object) -> None:
        raise OSError(98, "no port")

    browser = HeldBrowser(desk)
    with monkeypatch.context() as patch:
        patch.setattr("mssclient.remote.psc.Loopback", taken)
        desk.engine.sign_in_with_browser()
        desk.until(lambda: desk.engine.sign_in_view().code, "code shown")
        desk.until(lambda: browser.urls, "opened")
    view = desk.engine.sign_in_view()
    assert len(view.code) == 4
    assert "mode=poll" in view.url
    desk.engine.cancel_sign_in()


def test_a_browser_that_does_not_open_may_be_one_of_another_machine(desk: Workstation) -> None:
    desk.engine._desk._door.browser = lambda _url: False
    desk.engine.sign_in_with_browser()
    desk.until(lambda: desk.engine.sign_in_view().code, "code shown")
    assert "mode=poll" in desk.engine.sign_in_view().url
    desk.engine.cancel_sign_in()


def test_a_lock_while_nobody_is_in_does_nothing(desk: Workstation) -> None:
    desk.engine.lock()
    desk.engine.renew_session()
    desk.engine._desk.look()
    assert desk.engine.session_state() is OUT
