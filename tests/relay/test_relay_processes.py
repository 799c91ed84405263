"""Several relays on one Redis, as processes, in front of a certified provider: what one began the other ends."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.lab import oidc, redis_server
from tests.lab.pcscd import need
from tests.relay import kit
from tests.relay.kit import ALICE, BOB, VERIFIER
from tests.relay.process_kit import BASE, Client, Institution, institution, lines_of

pytestmark = pytest.mark.lab


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Institution]:
    need(oidc.missing())
    need(redis_server.missing())
    with institution(tmp_path) as made:
        yield made


def test_a_session_begun_on_one_relay_is_served_by_the_other_and_outlives_it(place: Institution) -> None:
    one, two = place.relays
    with place.client() as client:
        back = client.at(one).chosen()
        ticket = client.at(two).ticket(back)
        session = client.at(one).opened(ticket)
        assert client.at(two).post("/session", json={"ticket": ticket, "verifier": VERIFIER}).status_code == 400
        first = client.at(one).token(session).json()
        assert client.at(two).token(session).json()["access_token"] == first["access_token"]
        assert 4 * 3600 - 60 < first["session_ends_in_s"] <= 4 * 3600
        who = client.at(two).get("/identity", headers=kit.bearer(session)).json()
        assert (who["national_id"], who["issuer"]) == (ALICE.national_id, place.provider.issuer)

        halfway = client.at(one).chosen()
        one.process.send_signal(signal.SIGKILL)
        one.process.wait(10)
        assert client.at(two).token(session, fresh=True).status_code == 200
        assert client.at(two).opened(client.at(two).ticket(halfway))
        _phone(place, client.at(two))


def _phone(place: Institution, client: Client) -> None:
    asked = {"national_id": BOB.national_id, "code_challenge": kit.challenge(), "channel": "MOBILE"}
    begun = client.post("/ciba", json=asked).json()
    assert client.post("/ciba", json=asked).status_code == 409
    (request,) = place.provider.pending(client)
    assert request["digits"] == begun["digits"]
    place.provider.approve(client, request["request"])
    assert client.get(f"/ciba/{begun['id']}").json()["state"] == "ready"
    opened = client.post("/session", json={"ciba": begun["id"], "verifier": VERIFIER})
    who = client.get("/identity", headers=kit.bearer(opened.json()["session"])).json()
    assert who["national_id"] == BOB.national_id


def test_those_who_ask_both_relays_at_once_cost_one_refresh(place: Institution) -> None:
    with place.client() as client:
        session = client.at(place.relays[0]).signed_in()
        before = client.token(session).json()["access_token"]
        place.provider.slow(client, 1.5)

        def ask(number: int) -> str:
            with place.client() as other:
                answer = other.at(place.relays[number % 2]).token(session, fresh=True)
                assert answer.status_code == 200, answer.text
                return str(answer.json()["access_token"])

        with ThreadPoolExecutor(4) as pool:
            after = set(pool.map(ask, range(4)))
        assert len(after) == 1
        assert before not in after
        assert place.provider.counts(client)["refreshes"] == 1
        place.provider.slow(client, 0)
        assert client.at(place.relays[1]).token(session, fresh=True).status_code == 200, "the rotation was kept"


def test_redis_away_is_said_and_over_when_it_is_back(place: Institution) -> None:
    assert place.redis
    with place.client() as client:
        session = client.at(place.relays[0]).signed_in()
        place.redis.stop()
        for relay in place.relays:
            answer = client.at(relay).token(session)
            assert (answer.status_code, answer.json()) == (503, {"error": "busy"})
            assert "retry-after" in answer.headers
            assert client.get("/health").status_code == 200
            ready = relay.watched("ready")
            assert (ready.status_code, ready.json()["sessions"]) == (503, "away")
            assert relay.process.poll() is None
        place.redis.start()
        for relay in place.relays:
            assert client.at(relay).token(session).status_code == 200
            assert client.get("/ready").json() == {"psc": "ok", "sessions": "ok"}


def test_a_limit_holds_over_both_relays(tmp_path: Path) -> None:
    need(oidc.missing())
    need(redis_server.missing())
    with institution(tmp_path, entries="failures_per_minute = 4\n") as place, place.client() as client:
        guess = {"ticket": "guess", "verifier": VERIFIER}
        codes = [client.at(place.relays[turn % 2]).post("/session", json=guess).status_code for turn in range(6)]
    assert codes == [400] * 4 + [503] * 2


def test_psc_signs_a_person_out_at_one_relay_and_the_session_ends_at_all(place: Institution) -> None:
    with place.client() as client, place.client() as other:
        session = client.at(place.relays[1]).signed_in()
        second = other.at(place.relays[0]).signed_in(BOB)
        assert client.token(session).status_code == 200
        place.provider.sign_out(client, ALICE.national_id)
        assert client.token(session).status_code == 401
        assert other.token(second).status_code == 200, "somebody else's stays"
    (closed,) = [line for line in lines_of(place.relays[0]) if line["event"] == "session_closed"]
    assert (closed["why"], closed["person"], closed["tokens"]) == ("logout_at_psc", ALICE.national_id, 1)


def test_nothing_that_is_left_behind_gives_a_secret_away(place: Institution) -> None:
    assert place.redis
    one, two = place.relays
    with place.client() as client:
        back = client.at(one).chosen()
        ticket = client.at(two).ticket(back)
        session = client.at(one).opened(ticket)
        tokens = [client.at(each).token(session, fresh=True).json()["access_token"] for each in (one, two)]
        kept = place.redis.written()
        client.at(one).post("/session", json={"ticket": "wrong", "verifier": VERIFIER})
        client.get("/callback", params={"state": "x", "code": "stolen-code", "error": "évidence\nforged line"})
        assert client.at(two).request("DELETE", "/session", headers=kit.bearer(session)).status_code == 204
        addresses = client.gate.addresses
    code = httpx.URL(back).params["code"]
    secrets = [code, ticket, session, *tokens, VERIFIER, *place.secrets.values(), "stolen-code", "eyJ"]
    for relay in place.relays:
        relay.stop()
        said = relay.output.read_text() + relay.audit
        assert "forged line" not in relay.audit
        assert not [secret for secret in secrets if secret in said]
        assert relay.process.returncode == 0
    assert b"mssclient:session:" in kept
    assert not [each for each in (*secrets, ALICE.national_id, ALICE.family, "refresh") if each.encode() in kept]
    assert not [each for each in (session, *tokens, VERIFIER) if each in "\n".join(addresses)]
    told = [line["event"] for relay in place.relays for line in lines_of(relay)]
    assert {"relay_started", "sign_in_begun", "session_opened", "session_closed", "relay_stopped"} <= set(told)


def test_the_relay_proves_itself_by_its_certificate_and_sends_no_secret(tmp_path: Path) -> None:
    need(oidc.missing())
    with institution(tmp_path, 1, redis=False, mutual=True) as place, place.client() as client:
        session = client.at(place.relays[0]).signed_in()
        assert client.token(session, fresh=True).status_code == 200
        _phone(place, client)
        counts = place.provider.counts(client)
        assert client.request("DELETE", "/session", headers=kit.bearer(session)).status_code == 204
        assert place.provider.revoked(client) >= 1
    assert counts["secrets"] == 0
    assert counts["certificates"] >= 3, "code, refresh and phone"


def test_numbers_are_for_the_supervisor_alone(tmp_path: Path) -> None:
    need(oidc.missing())
    with institution(tmp_path, 1, redis=False) as place, place.client() as client:
        relay = place.relays[0]
        client.at(relay).token(client.signed_in())
        page = relay.watched("metrics").text
        assert client.get("/metrics").status_code == 404
        assert relay.watched("token").status_code == 404
    assert 'mssclient_relay_sign_ins_total{outcome="opened",way="loopback"} 1.0' in page
    assert 'mssclient_relay_requests_total{route="/token",status="200"} 1.0' in page
    assert 'mssclient_relay_psc_seconds_count{endpoint="token"} 1.0' in page
    assert not [each for each in (ALICE.national_id, ALICE.family, "127.0.0.1") if each in page]
    assert BASE not in page
