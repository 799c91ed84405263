"""A submission that a person watches and may stop: certain before the final dot, a short wait after it."""

from __future__ import annotations

import secrets

import pytest

from mssclient.remote import smtp
from mssclient.remote.smtp import Outcome, Stage
from mssclient.sandbox.pki import Pki
from tests.remote.places import Place
from tests.remote.scripted import BAL, TOKEN, Peer, environment, profile, script, smtp_signed_in
from tests.remote.test_smtp_dialogue import content, said, submission
from tests.remote.test_smtp_submission import letter

BIG = 6 * 1024 * 1024


def count(place: Place, key: str) -> int:
    """How often a message stands in Carol's inbox."""
    carol = place.session("carol.petit", "carol")
    try:
        carol.select("INBOX")
        return len(carol.find(f"<{key}@{place.domain}>"))
    finally:
        carol.close()


def test_the_bytes_that_left_are_told_and_reach_the_whole(place: Place) -> None:
    heard: list[tuple[int, int]] = []
    what = letter(place, secrets.token_hex(6), "carol.petit", size=BIG)
    verdict = smtp.submit(
        place.environment, place.profile, what.sender, place.token("alice"), what,
        progress=lambda done, total: heard.append((done, total)),
    )  # fmt: skip
    assert verdict.outcome is Outcome.ACCEPTED
    assert len(heard) > 20
    assert heard == sorted(heard)
    assert heard[-1][0] == heard[-1][1] >= BIG


def test_one_that_is_stopped_on_its_way_is_not_taken(place: Place) -> None:
    key, left, stages = secrets.token_hex(6), [0], list[Stage]()
    what = letter(place, key, "carol.petit", size=BIG)

    def progress(done: int, _total: int) -> None:
        left[0] = done

    verdict = smtp.submit(
        place.environment, place.profile, what.sender, place.token("alice"), what, stages.append,
        progress=progress, stopped=lambda: left[0] > BIG // 3,
    )  # fmt: skip
    assert verdict.outcome is Outcome.STOPPED
    assert Stage.DOT not in stages
    assert left[0] < BIG
    again = letter(place, f"{key}-2", "carol.petit")
    smtp.submit(place.environment, place.profile, again.sender, place.token("alice"), again)
    assert count(place, key) == 0


def test_one_that_is_given_up_after_the_last_dot_is_unknown_after_a_moment(
    pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "STOP_PATIENCE_S", 0.3)
    stages: list[Stage] = []

    def talk(peer: Peer) -> None:
        said(peer, b"MAIL", b"250 2.1.0 ok")
        said(peer, b"RCPT", b"250 2.1.5 ok")
        content(peer)
        assert not peer.line()

    with script(smtp_signed_in(pki, talk, (b"SIZE 1000000",))) as port:
        verdict = smtp.submit(
            environment(pki), profile(port), BAL, TOKEN, submission(), stages.append,
            stopped=lambda: Stage.DOT in stages,
        )  # fmt: skip
    assert verdict.outcome is Outcome.UNKNOWN
    assert Stage.ANSWERED not in stages
