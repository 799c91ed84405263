"""A tiny FHIR server with the Annuaire's search by mailbox: enough for one question, answered in the real shapes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mssclient.sandbox.directory import Listed

KEY = "sandbox-only-api-key"
_EXTENSIONS = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition"
_CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition"


def create(listed: Iterable[Listed], key: str = KEY) -> Starlette:
    """The server over these lines; people's boxes hang on PractitionerRole, the others on Organization."""
    known = {one.address.lower(): one for one in listed}

    async def answer(request: Request) -> Response:
        if request.headers.get("esante-api-key") != key:
            return JSONResponse({"resourceType": "OperationOutcome"}, 401)
        resource = request.path_params["resource"]
        one = known.get(request.query_params.get("mailbox-mss:exact", "").lower())
        home = "PractitionerRole" if one is not None and one.kind == "PER" else "Organization"
        entries = [{"resource": _resource(one, home)}] if one is not None and resource == home else []
        bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}
        return JSONResponse(bundle, media_type="application/fhir+json")

    return Starlette(routes=[Route("/fhir/v2/{resource}", answer)])


def _resource(one: Listed, kind: str) -> dict[str, Any]:
    flag = (
        {"url": f"{_CORE}/fr-core-contact-point-email-type", "valueCoding": {"code": "MSSANTE"}}
        if kind == "Organization"
        else {"url": f"{_EXTENSIONS}/as-ext-mailbox-mss-metadata", "extension": [{"url": "type"}]}
    )
    telecom = {"system": "email", "value": one.address, "extension": [flag]}
    return {"resourceType": kind, "id": "1", "active": True, "telecom": [telecom]}
