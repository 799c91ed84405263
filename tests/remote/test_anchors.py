"""The administrator's file of authorities: pinned or nothing, one environment or the other, the lowest ones only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mssclient.domain import environment as environments
from mssclient.domain import trust
from mssclient.domain.environment import Environment
from mssclient.domain.errors import Distrust, Untrusted
from mssclient.remote import anchors
from tests.remote import wrong_servers as wrong
from tests.remote.wrong_servers import Authority

ROOT = wrong.authority("AC RACINE D'ESSAI")
ORGANISATIONS = wrong.authority("AC D'ESSAI ORGANISATIONS", ROOT)
PERSONS = wrong.authority("AC D'ESSAI PERSONNES", ROOT)


def environment(path: Path, pins: Sequence[str] = (), *, training: bool = True) -> Environment:
    return Environment("essai", "", "", "", "", str(path), "", "TEST", pins=tuple(pins), training=training)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mail.pem"


def written(path: Path, *authorities: Authority) -> Path:
    path.write_bytes(b"".join(each.pem for each in authorities))
    return path


def refused(given: Environment) -> None:
    with pytest.raises(Untrusted) as caught:
        anchors.read(given)
    assert (caught.value.reason, caught.value.subject) == (Distrust.ANCHOR, "mail.pem")


def lowest(given: Environment) -> set[x509.Certificate]:
    return set(anchors.read(given).lowest)


def test_a_pinned_authority_is_an_anchor(path: Path) -> None:
    found = anchors.read(environment(written(path, ORGANISATIONS), [ORGANISATIONS.pin]))
    assert found.lowest == found.all == (ORGANISATIONS.cert,)
    assert x509.load_pem_x509_certificates(found.pem().encode()) == [ORGANISATIONS.cert]


def test_one_stranger_spoils_the_whole_file(path: Path) -> None:
    refused(environment(written(path, ORGANISATIONS, PERSONS), [ORGANISATIONS.pin]))
    refused(environment(written(path, PERSONS), [ORGANISATIONS.pin]))


def test_a_pinned_authority_need_not_stand_in_the_file(path: Path) -> None:
    assert lowest(environment(written(path, ORGANISATIONS), [ROOT.pin, ORGANISATIONS.pin])) == {ORGANISATIONS.cert}


@pytest.mark.parametrize("turned", [False, True])
def test_beside_an_intermediate_its_root_is_no_anchor(path: Path, turned: bool) -> None:
    both = (ORGANISATIONS, ROOT) if turned else (ROOT, ORGANISATIONS)
    given = environment(written(path, *both), [ROOT.pin, ORGANISATIONS.pin])
    assert lowest(given) == {ORGANISATIONS.cert}
    assert set(anchors.read(given).all) == {ROOT.cert, ORGANISATIONS.cert}


def test_twice_the_same_is_once(path: Path) -> None:
    assert lowest(environment(written(path, ORGANISATIONS, ORGANISATIONS))) == {ORGANISATIONS.cert}


def test_der_is_read_too(path: Path) -> None:
    path.write_bytes(ORGANISATIONS.cert.public_bytes(Encoding.DER))
    assert lowest(environment(path, [ORGANISATIONS.pin])) == {ORGANISATIONS.cert}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing of the kind",
        b"0\x03abc",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ORGANISATIONS.pem[:-30],
        ORGANISATIONS.pem + ROOT.pem[:-30],
        ORGANISATIONS.pem + b"-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n-----END TRUSTED CERTIFICATE-----\n",
        ORGANISATIONS.pem.replace(b"M", b"-", 1),
        ORGANISATIONS.pem + b" " * anchors.SIZE_CAP,
    ],
)
def test_a_damaged_file_gives_nothing(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    refused(environment(path))


def test_a_missing_file_gives_nothing(path: Path) -> None:
    refused(environment(path))
    path.mkdir()
    refused(environment(path))


def test_a_servers_own_certificate_is_no_authority(path: Path, tmp_path: Path) -> None:
    leaf = wrong.certificate(tmp_path, ORGANISATIONS).cert
    path.write_bytes(leaf.public_bytes(Encoding.PEM))
    refused(environment(path))


def test_too_many_are_refused(path: Path) -> None:
    path.write_bytes(ORGANISATIONS.pem * (anchors.COUNT_CAP + 1))
    refused(environment(path))


@pytest.mark.parametrize(("training", "foreign"), [(True, "PRODUCTION"), (False, "TEST")])
def test_the_other_environments_authority_is_refused_though_nothing_pins(
    path: Path, monkeypatch: pytest.MonkeyPatch, training: bool, foreign: str
) -> None:
    """IGC-Santé's own certificates are not at hand: one of ours stands for one of theirs."""
    monkeypatch.setattr(trust, foreign, frozenset({ORGANISATIONS.pin}))
    refused(environment(written(path, ORGANISATIONS), training=training))
    refused(environment(written(path, ORGANISATIONS), [ORGANISATIONS.pin], training=training))
    assert lowest(environment(written(path, ORGANISATIONS), training=not training))


def test_a_root_of_igc_sante_alone_lets_every_domain_in_and_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "ROOTS", frozenset({ROOT.pin}))
    refused(environment(written(path, ROOT), [ROOT.pin, ORGANISATIONS.pin]))
    assert lowest(environment(written(path, ROOT, ORGANISATIONS))) == {ORGANISATIONS.cert}


# Pins of an environment file

TABLE = {
    "psc_issuer": "https://psc.mss.example/realm",
    "name": "essai",
    "autoconfig": "https://a",
    "psc_relay": "https://b",
    "product": "X",
}


def parsed(training: bool, *pins: str) -> Environment:
    return environments.parse({**TABLE, "training": training, "trust": {"mail": "m", "web": "w", "pins": list(pins)}})


@pytest.mark.parametrize(
    ("training", "pins"),
    [
        (True, [trust.PRODUCTION_ORGANISATIONS]),
        (True, [trust.TEST_ORGANISATIONS, trust.PRODUCTION_ORGANISATIONS]),
        (True, [min(trust.PRODUCTION_ROOTS), ORGANISATIONS.pin]),
        (True, [min(trust.TEST_ROOTS)]),
        (False, []),
        (False, [trust.TEST_ORGANISATIONS]),
        (False, [trust.PRODUCTION_ORGANISATIONS, min(trust.TEST_ROOTS)]),
        (False, sorted(trust.PRODUCTION_ROOTS)),
        (False, [trust.PRODUCTION_ORGANISATIONS[:-1]]),
    ],
)
def test_an_environment_that_mixes_is_refused(training: bool, pins: list[str]) -> None:
    with pytest.raises(ValueError, match=r"^trust\.pins$"):
        parsed(training, *pins)


@pytest.mark.parametrize(
    ("training", "pins"),
    [
        (True, []),
        (True, [ORGANISATIONS.pin]),
        (True, [min(trust.TEST_ROOTS), trust.TEST_ORGANISATIONS]),
        (False, [trust.PRODUCTION_ORGANISATIONS]),
        (False, [trust.PRODUCTION_ORGANISATIONS, *trust.PRODUCTION_ROOTS]),
        (False, [ORGANISATIONS.pin]),
    ],
)
def test_an_environment_of_one_kind_is_read(training: bool, pins: list[str]) -> None:
    assert parsed(training, *pins).pins == tuple(pins)


def test_the_known_fingerprints_are_fingerprints() -> None:
    known = [*trust.PRODUCTION, *trust.TEST]
    assert len(set(known)) == 6
    assert all(len(each) == 64 and set(each) <= set("0123456789ABCDEF") for each in known)
    assert not trust.PRODUCTION & trust.TEST
