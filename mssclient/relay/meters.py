"""What the relay counts for its administrator, in Prometheus' text form; no label ever tells a person or an address."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SLOW_S = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)


class Meters:
    """Counters of one relay process, in a registry of their own. Labels are words of ours, never foreign ones."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        kept = self._registry
        self.requests = Counter(
            "mssclient_relay_requests_total", "Requests answered", ("route", "status"), registry=kept
        )
        self.seconds = Histogram(
            "mssclient_relay_request_seconds", "Time to answer", ("route",), registry=kept, buckets=_SLOW_S
        )
        self.sign_ins = Counter("mssclient_relay_sign_ins_total", "Sign-ins", ("way", "outcome"), registry=kept)
        self.closed = Counter("mssclient_relay_sessions_closed_total", "Sessions closed", ("why",), registry=kept)
        self.tokens = Counter("mssclient_relay_tokens_total", "Access tokens handed out", ("source",), registry=kept)
        self.refused = Counter("mssclient_relay_refused_total", "Requests that made no sense", registry=kept)
        self.limited = Counter("mssclient_relay_limited_total", "Requests over a rate limit", registry=kept)
        self.logouts = Counter(
            "mssclient_relay_backchannel_logouts_total", "Logout tokens received", ("outcome",), registry=kept
        )
        self.psc_seconds = Histogram(
            "mssclient_relay_psc_seconds", "Time of PSC's answers", ("endpoint",), registry=kept, buckets=_SLOW_S
        )
        self.psc_failures = Counter("mssclient_relay_psc_failures_total", "PSC away or in trouble", registry=kept)
        self.busy = Counter("mssclient_relay_busy_total", "Answers 503: Redis away or full, or a limit", registry=kept)

    def text(self) -> bytes:
        """The page that Prometheus reads."""
        return generate_latest(self._registry)
