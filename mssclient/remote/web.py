"""One way to speak HTTPS: our own anchors only, never a plain hop, every failure a domain error.

Used for the PSC relay, autoconfiguration and the directory. Blocking, no threads; a client belongs to the thread that
made it.
"""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx

from mssclient.domain.environment import Environment
from mssclient.domain.errors import Distrust, MssError, Offline, Refused, Unread, Unreadable, Untrusted
from mssclient.remote.tls_failures import distrust

TIMEOUT = httpx.Timeout(15.0, connect=8.0)
SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:ECDHE+SHA384:ECDHE+SHA256:!aNULL:!eNULL:@SECLEVEL=2"
"""At TLS 1.2: forward secrecy always, SHA-1 and RSA key exchange never; any authority's key, public ones being many."""


def web_context(environment: Environment) -> ssl.SSLContext:
    """TLS ≥ 1.2 that trusts `environment.web_anchors` and nothing else (ECO.1.1.5: never the system's store).

    Raises Untrusted(ANCHOR) naming the file when it is missing or holds no certificate.
    """
    context = _trusting_nobody()
    try:
        context.load_verify_locations(cafile=environment.web_anchors)
    except (OSError, ssl.SSLError) as error:
        raise Untrusted(Distrust.ANCHOR, Path(environment.web_anchors).name) from error
    return context


def _trusting_nobody() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(SUITES)
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    context.hostname_checks_common_name = False
    return context


class _Routes(httpx.BaseTransport):
    """Sends each request to its host, or to the address the environment gives for it; one scheme only, redirects
    included.

    An overridden host keeps its name in SNI, in the certificate check and in the Host header. It has a connection pool
    of its own: two names on one address must never share a connection that was checked for the other name.
    """

    def __init__(self, context: ssl.SSLContext, hosts: dict[str, str], scheme: str) -> None:
        self._scheme = scheme
        self._direct = httpx.HTTPTransport(verify=context, trust_env=False)
        self._hosts = hosts
        self._overridden = {host: httpx.HTTPTransport(verify=context, trust_env=False) for host in hosts}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.scheme != self._scheme:
            raise httpx.UnsupportedProtocol(f"only {self._scheme} is spoken", request=request)
        host = request.url.host
        address = self._hosts.get(host)
        if address is None:
            return self._direct.handle_request(request)
        routed = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return self._overridden[host].handle_request(routed)

    def close(self) -> None:
        self._direct.close()
        for transport in self._overridden.values():
            transport.close()


def client(environment: Environment, context: ssl.SSLContext | None = None) -> httpx.Client:
    """A client for the environment's web services; close it, or use it in `with`.

    Redirects are not followed unless a request asks for it, three at most, and never to plain http. Proxies and
    netrc of the system are not read. Without `context`, `web_context(environment)` is made (and may raise).
    """
    return _client(environment, context or web_context(environment), "https")


def client_for(environment: Environment, url: str) -> httpx.Client:
    """A client for one published document that proves itself by its signature: plain http where `url` says so."""
    if url.startswith("http://"):
        return _client(environment, _trusting_nobody(), "http")
    return client(environment)


def _client(environment: Environment, context: ssl.SSLContext, scheme: str) -> httpx.Client:
    transport = _Routes(context, {host.lower(): to for host, to in environment.hosts}, scheme)
    return httpx.Client(transport=transport, timeout=TIMEOUT, trust_env=False, max_redirects=3)


def failure(error: httpx.HTTPError | httpx.InvalidURL) -> MssError:
    """The domain error that an httpx exception amounts to; raise it `from` the original.

    A status of 429 or 5xx (from `raise_for_status`) is Offline(busy); any other is Refused with the status as code.
    """
    match error:
        case httpx.HTTPStatusError():
            code = error.response.status_code
            return Offline(f"http {code}", busy=True) if code == 429 or code >= 500 else Refused(f"http {code}")
        case httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return Untrusted(Distrust.PROTOCOL, _host(error))
        case httpx.TooManyRedirects():
            return Refused("too many redirects")
        case httpx.DecodingError():
            return Unreadable(Unread.DAMAGED, "http encoding")
        case _:
            return _tls_failure(error) or Offline(type(error).__name__)


def _tls_failure(error: httpx.HTTPError) -> Untrusted | None:
    cause: BaseException | None = error
    while cause is not None:
        match cause:
            case ssl.SSLCertVerificationError(verify_code=code):
                return Untrusted(distrust(code), _host(error))
            case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
                return None  # the line was cut, whoever did it
            case ssl.SSLError():
                return Untrusted(Distrust.PROTOCOL, _host(error))
        cause = cause.__cause__ or cause.__context__
    return None


def _host(error: httpx.HTTPError | httpx.InvalidURL) -> str:
    request = getattr(error, "_request", None)
    return request.url.host if isinstance(request, httpx.Request) else ""
