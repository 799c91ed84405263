"""What the relay believes of PSC's answers: signatures, nonces, audiences, subjects, addresses."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from mssclient.domain.errors import MssError, Offline, Refused, SessionEnded
from mssclient.domain.session import Person
from mssclient.relay.identity import as_json, person_of
from mssclient.relay.psc import Psc
from tests.relay.answers import CONFIG, NEW_KEY, Answers

Change = Callable[[Answers], None]


def _ask(change: Change, act: Callable[[Psc], Any]) -> Any:
    answers = Answers()
    change(answers)

    async def run() -> Any:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answers)) as http:
            return await act(Psc(CONFIG, http, answers.clock))

    return asyncio.run(run())


async def _redeem(psc: Psc) -> Any:
    grant = await psc.redeem("code", "verifier", "n")
    return person_of(await psc.userinfo(grant))


def test_a_sound_answer_is_believed() -> None:
    assert _ask(lambda _: None, _redeem).national_id == "899900000011"


def _alg_none(answers: Answers) -> None:
    def piece(content: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    answers.id_token = f"{piece({'alg': 'none'})}.{piece(answers.claims)}."


def _hmac_with_our_secret(answers: Answers) -> None:
    answers.id_token = jwt.encode(
        {"alg": "HS256"}, answers.claims, OctKey.import_key("secret" * 8), algorithms=["HS256"]
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda a: setattr(a, "signing", NEW_KEY),
        _alg_none,
        _hmac_with_our_secret,
        lambda a: setattr(a, "id_token", "garbage"),
        lambda a: a.claims.update(nonce="another"),
        lambda a: a.claims.pop("nonce"),
        lambda a: a.claims.update(iss="https://ailleurs.example"),
        lambda a: a.claims.update(aud="another client"),
        lambda a: a.claims.update(aud=["relais", "another"]),
        lambda a: a.claims.update(exp=int(a.clock.now) - 61),
        lambda a: a.claims.pop("exp"),
        lambda a: a.claims.update(iat=int(a.clock.now) + 61),
        lambda a: a.claims.pop("sub"),
        lambda a: a.userinfo.update(sub="somebody else"),
        lambda a: a.userinfo.update(SubjectNameID="", preferred_username=" "),
        lambda a: a.token.pop("refresh_token"),
        lambda a: a.token.update(access_token=5),
        lambda a: a.discovery.update(token_endpoint="http://psc.example/token"),
    ],
)
def test_an_unsound_answer_is_refused(change: Change) -> None:
    with pytest.raises(Refused):
        _ask(change, _redeem)


def test_a_new_key_is_fetched_once_when_the_old_one_does_not_fit() -> None:
    answers = Answers()

    async def run() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answers)) as http:
            psc = Psc(CONFIG, http, answers.clock)
            await _redeem(psc)
            answers.signing, answers.published, answers.header["kid"] = NEW_KEY, [NEW_KEY], "two"
            await _redeem(psc)
            await _redeem(psc)

    asyncio.run(run())
    assert len([request for request in answers.asked if request.url.path.endswith("/certs")]) == 2


def test_several_audiences_are_fine_when_we_are_the_authorised_party() -> None:
    assert _ask(lambda a: a.claims.update(aud=["relais", "another"], azp="relais"), _redeem)


def test_another_issuers_discovery_is_no_discovery() -> None:
    with pytest.raises(Offline):
        _ask(lambda a: a.discovery.update(issuer="https://ailleurs.example"), _redeem)


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (400, {"error": "invalid_grant"}, SessionEnded),
        (401, {"error": "invalid_client"}, Refused),
        (400, ["not an object"], Refused),
        (429, {}, Offline),
        (503, {}, Offline),
    ],
)
def test_a_failed_refresh_ends_the_session_only_when_psc_says_so(
    status: int, answer: Any, error: type[MssError]
) -> None:
    answers = Answers()

    async def run() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answers)) as http:
            psc = Psc(CONFIG, http, answers.clock)
            grant = await psc.redeem("code", "verifier", "n")
            answers.status, answers.token = status, answer
            with pytest.raises(error) as caught:
                await psc.refresh(grant)
            assert type(caught.value) is error

    asyncio.run(run())


def test_no_token_ever_stands_in_an_address() -> None:
    answers = Answers()
    answers.token.update(access_token="A-SECRET", refresh_token="R-SECRET")

    async def run() -> str:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answers)) as http:
            psc = Psc(CONFIG, http, answers.clock)
            grant = await psc.redeem("C-SECRET", "V-SECRET", "n")
            await psc.userinfo(grant)
            await psc.refresh(grant)
            await psc.end(grant)
            return repr(grant) + "".join(str(request.url) for request in answers.asked) + grant.id_token[:0]

    shown = asyncio.run(run())
    assert "SECRET" not in shown
    assert "eyJ" not in shown


@pytest.mark.parametrize(
    "profile",
    [None, [], "x", {}, {"exercices": None}, {"exercices": [None, 5, {"activities": "x"}]}, {"codeCivilite": 5}],
)
def test_a_profile_of_any_shape_leaves_the_person_standing(profile: Any) -> None:
    person = person_of({"preferred_username": "99900000011", "given_name": " Zoé ", "SubjectRefPro": profile})
    assert (person.national_id, person.given, person.title) == ("899900000011", "Zoé", "")
    json.dumps(as_json(person))


def test_names_and_codes_are_found_where_psc_leaves_them() -> None:
    exercise = {
        "codeProfession": "10", "codeSavoirFaire": "", "nomDexercice": "Exemple", "prenomDexercice": "Zoé",
        "codeCiviliteDexercice": "DR", "activities": [{"raisonSocialeSite": "", "enseigneCommercialeSite": "Le Site"}],
    }  # fmt: skip
    person = person_of(
        {"SubjectNameID": "899900000011", "given_name": "", "SubjectRefPro": {"exercices": [exercise, exercise]}}
    )
    assert person.name == "Dr Zoé EXEMPLE"
    assert person.activities[0].profession == "10"
    assert person.activities[0].structure == "Le Site"
    assert len(person.activities) == 1
    assert isinstance(person, Person)


def test_what_names_no_place_and_no_function_is_no_activity_to_choose() -> None:
    blank = {"codeProfession": "", "activities": [{"raisonSocialeSite": ""}]}
    several = [{"codeProfession": str(n), "activities": []} for n in range(99)]
    told = {"preferred_username": "99900000011", "SubjectRefPro": {"exercices": [blank, {}, *several]}}
    assert [each.profession for each in person_of(told).activities] == [str(n) for n in range(62)]


def test_keys_of_kinds_that_we_do_not_know_leave_the_others_standing() -> None:
    odd = [
        {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA", "kid": "later"},
        {"kid": "of no kind"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": ["RSA"]},
        "no key",
    ]
    assert _ask(lambda a: a.beside_the_keys.extend(odd), _redeem).national_id == "899900000011"

    def alone(answers: Answers) -> None:
        answers.beside_the_keys, answers.published = odd, []

    with pytest.raises(Refused):
        _ask(alone, _redeem)
