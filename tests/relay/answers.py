"""A provider made of prepared answers, one of which a test bends; and its keys."""

from __future__ import annotations

from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

from mssclient.relay.config import RelayConfig
from tests.relay.kit import Clock

ISSUER = "https://psc.example/realm"
KEY = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"}, private=True)
NEW_KEY = RSAKey.generate_key(2048, {"kid": "two", "alg": "RS256", "use": "sig"}, private=True)
CONFIG = RelayConfig("https://relais.example", ISSUER, "relais", "secret")


class Answers:
    """A provider made of answers; a test bends one of them."""

    def __init__(self) -> None:
        self.clock = Clock()
        now = int(self.clock.now)
        self.signing, self.published = KEY, [KEY]
        self.beside_the_keys: list[Any] = []
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.claims: dict[str, Any] = {
            "iss": ISSUER, "aud": "relais", "sub": "s", "nonce": "n", "iat": now, "exp": now + 300,
        }  # fmt: skip
        self.token: dict[str, Any] = {"access_token": "opaque", "refresh_token": "r", "expires_in": 120}
        self.userinfo: dict[str, Any] = {"sub": "s", "SubjectNameID": "899900000011"}
        self.discovery: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/auth",
            "token_endpoint": f"{ISSUER}/token",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
            "jwks_uri": f"{ISSUER}/certs",
            "end_session_endpoint": f"{ISSUER}/logout",
        }
        self.id_token = ""
        self.status = 200
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        match request.url.path.rpartition("/")[2]:
            case "wallet-openid-configuration":
                return httpx.Response(200, json=self.discovery)
            case "certs":
                keys = [key.as_dict(private=False) for key in self.published]
                return httpx.Response(200, json={"keys": [*self.beside_the_keys, *keys]})
            case "userinfo":
                return httpx.Response(200, json=self.userinfo)
            case "token" if self.status != 200:
                return httpx.Response(self.status, json=self.token)
            case "token":
                token = self.id_token or jwt.encode(self.header, self.claims, self.signing, algorithms=["RS256"])
                return httpx.Response(200, json={"id_token": token, **self.token})
        return httpx.Response(404)
