"""One address asked of the Annuaire's API: the two shapes of a mailbox, the key, and every way it may fail quietly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from mssclient.domain.environment import Environment
from mssclient.domain.errors import Offline, Refused, Unreadable
from mssclient.remote.annuaire_fhir import Listing, look_up
from mssclient.sandbox import annuaire_fhir
from mssclient.sandbox.directory import Listed
from mssclient.sandbox.pki import Pki
from tests.remote import https_kit

HOST = "api.mss.example"
PERSON = Listed("claire.essai@tilleuls.mss.example", family="ESSAI-FICTIF", given="Claire")
PLACE = Listed("accueil@tilleuls.mss.example", "ORG", structure="EHPAD Les Tilleuls")


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"), [["imap.example"], ["smtp.example"]], [HOST])


def _served(pki: Pki, app: Starlette) -> Iterator[Environment]:
    with https_kit.served(app, pki.web) as port:
        base = https_kit.environment(pki.web_anchors, "", HOST)
        yield replace(base, directory_api=f"https://{HOST}:{port}/fhir/v2")


@pytest.fixture
def world(pki: Pki) -> Iterator[Environment]:
    yield from _served(pki, annuaire_fhir.create((PERSON, PLACE)))


def test_people_and_places_are_listed_and_strangers_are_not(world: Environment) -> None:
    for asked in (PERSON.address, PLACE.address, f" {PLACE.address.upper()} "):
        assert look_up(world, annuaire_fhir.KEY, asked) is Listing.LISTED
    assert look_up(world, annuaire_fhir.KEY, "parti@tilleuls.mss.example") is Listing.UNLISTED


def test_a_wrong_key_is_refused(world: Environment) -> None:
    with pytest.raises(Refused) as caught:
        look_up(world, "autre", PERSON.address)
    assert caught.value.code == "http 401"


def _bundle(**point: Any) -> dict[str, Any]:
    telecom = {"system": "email", "value": PERSON.address, **point}
    return {"resourceType": "Bundle", "entry": [{"resource": {"active": True, "telecom": [telecom]}}]}


CODED = {"url": "x/fr-core-contact-point-email-type", "valueCodeableConcept": {"coding": [{"code": "MSSANTE"}]}}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (_bundle(extension=[CODED]), Listing.LISTED),
        (_bundle(extension=[{"url": "x/as-ext-mailbox-mss-metadata"}]), Listing.LISTED),
        (_bundle(), Listing.UNLISTED),
        (_bundle(extension=[CODED], value="autre@x.mss.example"), Listing.UNLISTED),
        (_bundle(extension=[CODED], system="phone"), Listing.UNLISTED),
        (_bundle(extension=[{"url": 3}, None, "x"]), Listing.UNLISTED),
        ({"resourceType": "Bundle", "entry": [{"resource": {"active": False}}, 4, None]}, Listing.UNLISTED),
        ({"resourceType": "Bundle", "entry": "x"}, Listing.UNLISTED),
        ({"resourceType": "OperationOutcome"}, Unreadable),
        ([1], Unreadable),
    ],
)
def test_what_an_answer_says(pki: Pki, answer: Any, expected: Listing | type[Exception]) -> None:
    async def told(_request: Request) -> Response:
        return JSONResponse(answer)

    for world in _served(pki, Starlette(routes=[Route("/{path:path}", told)])):
        if isinstance(expected, Listing):
            assert look_up(world, "k", PERSON.address) is expected
        else:
            with pytest.raises(expected):
                look_up(world, "k", PERSON.address)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Response("<html>", 200), Unreadable),
        (Response(b"{" * 3_000_000, 200), Unreadable),
        (Response(status_code=429), Offline),
        (Response(status_code=503), Offline),
        (RedirectResponse("https://ailleurs.mss.example/", 302), Refused),
    ],
)
def test_trouble_is_told_apart(pki: Pki, answer: Response, error: type[Exception]) -> None:
    asked: list[str] = []

    async def told(request: Request) -> Response:
        asked.append(request.url.hostname or "")
        return answer

    for world in _served(pki, Starlette(routes=[Route("/{path:path}", told)])):
        with pytest.raises(error):
            look_up(world, "k", PERSON.address)
    assert len(asked) == 1


def test_nobody_listens(pki: Pki, tmp_path: Path) -> None:
    with https_kit.bound() as gone:
        port = gone.getsockname()[1]
    base = https_kit.environment(pki.web_anchors, "", HOST)
    with pytest.raises(Offline):
        look_up(replace(base, directory_api=f"https://{HOST}:{port}"), "k", PERSON.address)
