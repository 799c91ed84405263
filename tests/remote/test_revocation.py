"""Lists of revoked certificates: which are believed, which one is kept, and what a hostile place can do: nothing."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from mssclient.domain import trust as rules
from mssclient.domain.environment import Environment, Policy
from mssclient.domain.errors import Distrust
from mssclient.domain.trust import Trouble
from mssclient.remote import revocation
from mssclient.remote.revocation import Doubt, Lists
from mssclient.remote.tls import MailTrust
from tests.remote import wrong_servers as wrong
from tests.remote.wrong_servers import DAY, LISTS_HOST, Place

ROOT = wrong.authority("AC RACINE D'ESSAI")
AC = wrong.authority("AC D'ESSAI ORGANISATIONS", ROOT)
OTHER = wrong.authority("AC D'ESSAI PERSONNES", ROOT)
NAMESAKE = wrong.authority("AC D'ESSAI ORGANISATIONS", key=wrong.rsa_key("namesake"))
NOW = wrong.now()
HOUR = dt.timedelta(hours=1)
QUICK = httpx.Timeout(0.3)


def listed(*serials: int, **how: object) -> bytes:
    return wrong.revocation_list(AC, serials, at=NOW, **how)  # type: ignore[arg-type]


def pem(*lists: bytes) -> bytes:
    return b"".join(x509.load_der_x509_crl(each).public_bytes(Encoding.PEM) for each in lists)


@dataclass
class Clock:
    """Hours pass when a test says so."""

    now: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        return self.now


def doubt(content: bytes) -> Trouble:
    lists = Lists(environment(), [AC.cert], None, NOW)
    with pytest.raises(Doubt) as caught:
        lists.offer(content, "x", NOW)
    assert lists.of(AC.cert.subject) == ()
    return caught.value.trouble


def environment(*urls: str, folder: Path | None = None, crl: str = "", policy: str = "known") -> Environment:
    return Environment(
        "essai", "", "", "", "", str(folder / "mail.pem") if folder else "", "", "TEST",
        hosts=((LISTS_HOST, "127.0.0.1"),), crl_urls=urls, mail_crl=crl, policy=Policy(revocation=policy), training=True,
    )  # fmt: skip


# What is believed


def test_a_good_list_is_taken_and_knows_its_serials() -> None:
    lists = Lists(environment(), [AC.cert], None, NOW)
    many = [1, 255, 256, 2**64, 2**159 - 1]
    assert lists.offer(listed(*many), "x", NOW)
    (held,) = lists.of(AC.cert.subject)
    assert all(serial in held.serials for serial in many)
    assert not any(serial in held.serials for serial in (0, 2, 254, 257, 2**64 + 1, 2**159 - 2, 2**400, -1))
    assert (len(held.serials), held.number) == (5, 1)
    assert not lists.offer(listed(*many), "x", NOW), "the same is not newer"


@pytest.mark.parametrize("form", ["pem", "two", "der"])
def test_pem_der_and_several_are_read(form: str) -> None:
    own, other = listed(7), wrong.revocation_list(OTHER, [8], at=NOW)
    content = {"pem": pem(own), "two": pem(other, own), "der": own}[form]
    lists = Lists(environment(), [AC.cert], None, NOW)
    assert lists.offer(content, "x", NOW)
    assert 7 in lists.of(AC.cert.subject)[0].serials
    assert lists.of(OTHER.cert.subject) == ()


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (wrong.revocation_list(OTHER, at=NOW), Trouble.FOREIGN),
        (listed(signer=OTHER), Trouble.FORGED),
        (listed(signer=NAMESAKE), Trouble.FORGED),
        (listed()[:-1] + bytes([listed()[-1] ^ 1]), Trouble.FORGED),
        (listed(begin=2 * HOUR), Trouble.FUTURE),
        (listed()[:-40], Trouble.DAMAGED),
        (b"", Trouble.DAMAGED),
        (b"0\x03abc", Trouble.DAMAGED),
        (b"<html>portail captif</html>", Trouble.DAMAGED),
        (pem(listed())[:-30], Trouble.DAMAGED),
        (pem(listed()) * (revocation.LISTS_CAP + 1), Trouble.TOO_BIG),
        (b"0" * (revocation.SIZE_CAP + 1), Trouble.TOO_BIG),
        (listed(extension=x509.DeltaCRLIndicator(1)), Trouble.DAMAGED),
        (listed(extension=x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")), Trouble.DAMAGED),
        (
            listed(extension=x509.IssuingDistributionPoint(None, None, False, True, None, False, False)),
            Trouble.DAMAGED,
        ),
        (
            listed(extension=x509.IssuingDistributionPoint(None, None, False, False, None, True, False)),
            Trouble.DAMAGED,
        ),
    ],
)
def test_what_is_not_believed(content: bytes, trouble: Trouble) -> None:
    assert doubt(content) is trouble


def test_a_list_for_servers_certificates_only_is_enough() -> None:
    lists = Lists(environment(), [AC.cert], None, NOW)
    point = x509.IssuingDistributionPoint(
        [x509.UniformResourceIdentifier("http://crl.example/x.crl")], None, True, False, None, False, False
    )
    assert lists.offer(listed(3, extension=point), "x", NOW)


def test_an_authority_that_may_not_sign_lists_signs_none() -> None:
    silent = wrong.authority("AC SANS LISTE", ROOT, lists=False)
    lists = Lists(environment(), [silent.cert], None, NOW)
    with pytest.raises(Doubt) as caught:
        lists.offer(wrong.revocation_list(silent, at=NOW), "x", NOW)
    assert caught.value.trouble is Trouble.FOREIGN


def test_a_list_with_an_old_digest_is_forged_for_all_we_know() -> None:
    digest = wrong.list_signed_with_sha1(listed(), AC)
    assert isinstance(x509.load_der_x509_crl(digest).signature_hash_algorithm, hashes.SHA1)
    assert doubt(digest) is Trouble.FORGED


# Never back


@pytest.mark.parametrize(
    ("held", "new", "taken"),
    [
        ({"number": 5}, {"number": 6, "begin": -HOUR}, True),
        ({"number": 5}, {"number": 5}, True),
        ({"number": 5}, {"number": 4, "begin": -HOUR}, False),
        ({"number": 5}, {"number": None, "begin": -HOUR}, False),
        ({"number": 5}, {"number": 6, "begin": -2 * DAY}, False),
        ({"number": None}, {"number": None, "begin": -2 * DAY}, False),
        ({"number": None}, {"number": 1, "begin": -HOUR}, True),
    ],
)
def test_an_older_list_never_takes_the_place(tmp_path: Path, held: dict, new: dict, taken: bool) -> None:  # type: ignore[type-arg]
    lists = Lists(environment(), [AC.cert], tmp_path, NOW)
    lists.offer(listed(1, **held), "x", NOW)
    if taken:
        lists.offer(listed(2, **new), "x", NOW)
    else:
        with pytest.raises(Doubt) as caught:
            lists.offer(listed(2, **new), "x", NOW)
        assert caught.value.trouble is Trouble.ROLLED_BACK
    for each in (lists, Lists(environment(), [AC.cert], tmp_path, NOW)):
        assert (2 in each.of(AC.cert.subject)[0].serials) is taken
        assert (1 in each.of(AC.cert.subject)[0].serials) is not taken


# Kept


def test_the_last_good_list_serves_after_a_restart_however_old(tmp_path: Path) -> None:
    Lists(environment(), [AC.cert], tmp_path, NOW).offer(listed(7), "x", NOW)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    later = Lists(environment(), [AC.cert], tmp_path, NOW + 90 * DAY)
    assert 7 in later.of(AC.cert.subject)[0].serials
    ((told,), _) = later.state(NOW + 90 * DAY)
    assert (told.trouble, told.count, told.authority) == (Trouble.EXPIRED, 1, "AC D'ESSAI ORGANISATIONS")


@pytest.mark.parametrize("content", [b"", b"noise", listed(signer=OTHER), wrong.revocation_list(OTHER, at=NOW)])
def test_what_was_changed_on_the_disk_is_not_believed(tmp_path: Path, content: bytes) -> None:
    Lists(environment(), [AC.cert], tmp_path, NOW).offer(listed(7), "x", NOW)
    (kept,) = tmp_path.glob("*.crl")
    kept.write_bytes(content)
    assert Lists(environment(), [AC.cert], tmp_path, NOW).of(AC.cert.subject) == ()


def test_a_folder_that_cannot_be_written_costs_the_next_start_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with Place(listed(7)).served() as url:
        lists = Lists(environment(url), [AC.cert], tmp_path / "file" / "below", NOW)
        assert lists.refresh(NOW)
    assert 7 in lists.of(AC.cert.subject)[0].serials
    assert lists.state(NOW)[1][0].trouble is Trouble.DISK


def test_the_administrators_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "lists.pem"
    file.write_bytes(pem(listed(1)))
    lists = Lists(environment(crl=str(file)), [AC.cert], None, NOW)
    assert 1 in lists.of(AC.cert.subject)[0].serials
    file.write_bytes(pem(listed(1, 2, number=2)))
    os.utime(file, (1, 1))
    lists.look(NOW)
    assert 2 in lists.of(AC.cert.subject)[0].serials
    file.unlink()
    lists.look(NOW)
    assert 2 in lists.of(AC.cert.subject)[0].serials, "a share that is away cuts nothing"
    assert lists.state(NOW)[1][0].trouble is Trouble.MISSING


# Fetched


def fetched(place: Place) -> Trouble | None:
    with place.served() as url:
        lists = Lists(environment(url), [AC.cert], None, NOW)
        lists.offer(listed(7), "before", NOW)
        lists.refresh(NOW, at_once=True, timeout=QUICK)
        ((held,), (source,)) = lists.state(NOW)
    assert (held.count, held.source) == (1, "before") or source.trouble is None
    assert source.asked_at == NOW
    return source.trouble


def test_a_published_list_is_fetched_in_the_clear_without_a_word_more_than_needed() -> None:
    place = Place(listed(1, 2, 3, number=9))
    with place.served() as url:
        lists = Lists(environment(url), [AC.cert], None, NOW)
        assert lists.refresh(NOW)
        ((held,), (source,)) = lists.state(NOW)
    assert (held.count, held.source, held.trouble) == (3, url, None)
    assert (source.name, source.trouble) == (url, None)
    (asked,) = place.asked
    assert asked.startswith(b"GET /ACI-EL-ORG.crl HTTP/1.1\r\n")
    assert b"authorization" not in asked.lower()
    assert b"cookie" not in asked.lower()


BIG = 25 * 1024 * 1024


@pytest.mark.parametrize(
    ("place", "trouble"),
    [
        (Place(b"<html>portail captif</html>"), Trouble.DAMAGED),
        (Place(head=b"HTTP/1.1 404 Not Found\r\n"), Trouble.REFUSED),
        (Place(head=b"HTTP/1.1 503 Busy\r\n"), Trouble.OFFLINE),
        (Place(head=b"HTTP/1.1 302 Found\r\nlocation: http://ailleurs.example/x.crl\r\n"), Trouble.REFUSED),
        (Place(b"x" * BIG), Trouble.TOO_BIG),
        (Place(b"", length=1000, stalls=True), Trouble.OFFLINE),
        (Place(listed(1)[:100], length=len(listed(1))), Trouble.OFFLINE),
        (Place(listed(1, number=0)), Trouble.ROLLED_BACK),
        (Place(listed(1, signer=OTHER)), Trouble.FORGED),
        (Place(listed(1), head=b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n"), None),
    ],
    ids=["portal", "404", "503", "redirect", "25 MB", "stalled", "cut", "rolled back", "forged", "not unpacked"],
)
def test_a_place_that_gives_nothing_good_costs_nothing(place: Place, trouble: Trouble | None) -> None:
    place = replace(place, asked=[], sent=0)
    assert fetched(place) is trouble
    assert len(place.asked) == 1
    if trouble is Trouble.TOO_BIG:
        assert place.sent < BIG, "the rest is not listened to"


def test_nobody_there_is_quiet() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    lists = Lists(environment(f"http://{LISTS_HOST}:{port}/x.crl"), [AC.cert], None, NOW)
    assert not lists.refresh(NOW)
    assert lists.state(NOW)[1][0].trouble is Trouble.OFFLINE


def test_a_server_that_drips_is_given_up() -> None:
    with Place(b"x" * 200_000).served() as url, pytest.raises(Doubt) as caught:
        revocation.fetch(environment(url), url, whole_s=0)
    assert caught.value.trouble is Trouble.OFFLINE


# When


@pytest.mark.parametrize(
    ("passed", "asked_again"),
    [(0 * HOUR, False), (23 * HOUR, False), (25 * HOUR, True), (60 * HOUR, True), (8 * DAY, True), (-HOUR, True)],
)
def test_a_list_is_asked_for_again_at_half_its_life_or_after_a_day(
    tmp_path: Path, passed: dt.timedelta, asked_again: bool
) -> None:
    place = Place(listed(begin=-HOUR, life=6 * DAY))
    with place.served() as url:
        Lists(environment(url), [AC.cert], tmp_path, NOW).refresh(NOW)
        Lists(environment(url), [AC.cert], tmp_path, NOW + passed).refresh(NOW + passed)
    assert (len(place.asked) == 2) is asked_again


def test_a_short_list_is_asked_for_again_at_half_its_life() -> None:
    assert not rules.due(NOW, NOW + 8 * HOUR, NOW, NOW + 3 * HOUR)
    assert rules.due(NOW, NOW + 8 * HOUR, NOW, NOW + 4 * HOUR)


# The whole trust


@pytest.fixture
def trusting(tmp_path: Path) -> Callable[..., MailTrust]:
    (tmp_path / "mail.pem").write_bytes(AC.pem)

    def made(*urls: str, clock: Clock, policy: str = "known") -> MailTrust:
        return MailTrust(environment(*urls, folder=tmp_path, policy=policy), tmp_path / "revocation", clock)

    return made


def test_a_life_of_a_list(trusting: Callable[..., MailTrust], tmp_path: Path) -> None:
    """First start, download, revocation, network away, expiry, return: what each policy does with a server."""
    clock, place = Clock(), Place(listed(begin=-HOUR, life=6 * DAY))
    good, bad = (wrong.certificate(tmp_path, AC).cert for _ in range(2))
    shown = [cert.public_bytes(Encoding.DER) for cert in (good, bad)]
    with place.served() as url:
        strict, lenient = (trusting(url, clock=clock, policy=p) for p in ("required", "known"))

        def verdicts() -> list[tuple[Distrust | None, ...]]:
            return [tuple(each.verdict(der) for der in shown) for each in (strict, lenient)]

        assert verdicts() == [(Distrust.REVOCATION, Distrust.REVOCATION), (None, None)]
        assert strict.state().cuts
        assert lenient.state().blind
        assert strict.refresh()
        assert lenient.refresh(at_once=True)
        assert verdicts() == [(None, None), (None, None)]
        assert not strict.state().cuts
        assert not lenient.state().blind
        clock.now += 25 * HOUR
        place.body = wrong.revocation_list(AC, [bad.serial_number], at=clock.now, begin=-HOUR, life=6 * DAY, number=2)
        assert strict.refresh()
        assert lenient.refresh()
        assert not strict.refresh(), "nothing is due"
        assert verdicts() == [(None, Distrust.REVOKED)] * 2
    clock.now += 10 * DAY
    assert not strict.refresh()
    assert not lenient.refresh()
    assert strict.state().sources[0].trouble is Trouble.OFFLINE
    assert verdicts() == [(Distrust.REVOCATION, Distrust.REVOKED), (None, Distrust.REVOKED)]
    assert strict.state().cuts
    restarted = trusting(url, clock=clock)
    assert restarted.verdict(shown[1]) is Distrust.REVOKED


def test_off_consults_nothing(trusting: Callable[..., MailTrust]) -> None:
    place = Place(listed())
    with place.served() as url:
        trust = trusting(url, clock=Clock(), policy="off")
        assert not trust.refresh(at_once=True)
        assert trust.verdict(b"whatever") is None
        assert trust.state().lists == ()
    assert not place.asked


def test_two_authorities_of_one_name_do_not_answer_for_each_other(tmp_path: Path) -> None:
    (tmp_path / "mail.pem").write_bytes(AC.pem + NAMESAKE.pem)
    lists = tmp_path / "lists.pem"
    lists.write_bytes(pem(wrong.revocation_list(NAMESAKE, at=NOW)))
    trust = MailTrust(environment(folder=tmp_path, crl=str(lists), policy="required"), None, Clock())
    own, other = (wrong.certificate(tmp_path, each).cert.public_bytes(Encoding.DER) for each in (AC, NAMESAKE))
    assert trust.verdict(own) is Distrust.REVOCATION
    assert trust.verdict(other) is None


def test_what_is_no_certificate_is_no_server(trusting: Callable[..., MailTrust]) -> None:
    assert trusting(clock=Clock()).verdict(b"noise") is Distrust.CHAIN
