"""“Support asks me to run it and to read what it says”: each step right, on every world, and each fault in its place."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from mssclient import cli
from mssclient.domain.machine import Machine
from mssclient.engine.house import utc_now
from mssclient.sandbox.autoconfig import client_config
from mssclient.sandbox.orders import Service
from mssclient.sandbox.pki import Fault, server_context
from mssclient.stage.browser import StandInBrowser
from mssclient.stage.check_sign_in import Way, large
from mssclient.stage.check_walk import State
from mssclient.stage.check_words import lines
from tests.journeys.worlds import SandboxWorld, World
from tests.lab.world import ALICE, BOB, PSC_HOST, LabWorld
from tests.remote import https_kit
from tests.remote.scripted import Peer, script
from tests.stage.check_kit import TIMEOUT_S, altered, announcing, checked, served_elsewhere

LAYERS = ("dns", "tcp", "greeting", "starttls", "tls", "chain", "name", "dates", "revocation")
PLACES = {Fault.EXPIRED: "dates", Fault.NOT_YET: "dates", Fault.NAME: "name", Fault.CHAIN: "chain",
          Fault.SELF_SIGNED: "chain", Fault.OTHER_DOMAIN: "chain", Fault.USAGE: "chain",
          Fault.REVOKED: "revocation"}  # fmt: skip


@pytest.fixture
def mended(sandbox_world: SandboxWorld) -> Iterator[SandboxWorld]:
    """A sandbox whose servers may show other certificates; the good ones come back."""
    yield sandbox_world
    sandbox_world.operator.present(Service.IMAP, None)
    sandbox_world.operator.present(Service.SMTP, None)


def with_policy(world: World, folder: Path, **policy: object) -> Path:
    return altered(world, folder, policy={"keep_key_in_file": True, **policy})


# -- what works


def test_a_good_world_is_good_step_by_step_and_nothing_is_left(world: World, tmp_path: Path) -> None:
    before = world.sign_ins()
    report = checked(with_policy(world, tmp_path), world.address("alice.martin"), tmp_path / "home")
    assert report.named(State.FAILED) == report.named(State.NOT_TRIED) == set()
    assert report.good
    names = [step.name for step in report.steps]
    assert [n for n in names if n.startswith("imap-")] == [f"imap-{layer}" for layer in LAYERS]
    assert [n for n in names if n.startswith("smtp-")] == [f"smtp-{layer}" for layer in LAYERS]
    assert {"machine", "environment", "home", "mail-anchors", "web-anchors", "clock", "autoconfig", "relay", "keyring",
            "reader", "revocation"} <= set(names)  # fmt: skip
    assert "TLSv1." in report.step("imap-tls").words
    assert not (tmp_path / "home").exists()
    assert world.sign_ins() == before


def test_i_sign_in_by_the_browser_and_my_mailbox_is_described(world: World, tmp_path: Path) -> None:
    browser = StandInBrowser(world.web_context(), world.hosts(), lambda: ALICE.national_id)
    report = checked(
        with_policy(world, tmp_path), world.address("cabinet"), tmp_path / "home", way=Way.BROWSER, opener=browser
    )
    browser.join()
    assert report.good, report.text()
    assert "https://" in report.told[0]
    for name in ("MOVE", "UIDPLUS", "IDLE", "CONDSTORE"):
        assert name in report.step("imap-capabilities").words.partition("absentes")[0]
    assert "Mo" in report.step("smtp-limits").words
    assert "DSN" in report.step("smtp-limits").words
    assert report.steps[-1].name == "sign-out"
    assert "eyJ" not in report.text().replace(report.told[0], "")
    assert "Bearer" not in report.text()


def test_the_session_is_over_afterwards(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    world = sandbox_world
    browser = StandInBrowser(world.web_context(), world.hosts(), lambda: ALICE.national_id)
    checked(world.environment_file, world.address("cabinet"), tmp_path / "home", way=Way.BROWSER, opener=browser)
    browser.join()
    assert world._provider is not None
    assert not world._provider._mint._sessions
    assert world.lines_open() == 0


def test_i_sign_in_by_the_telephone_and_the_digits_are_large(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    provider = sandbox_world._provider
    assert provider is not None
    report = checked(
        with_policy(sandbox_world, tmp_path), sandbox_world.address("alice.martin"), tmp_path / "home", way=Way.E_CPS,
        national_id=ALICE.national_id, on_tell=lambda _text: provider.approve(),
    )  # fmt: skip
    assert report.good, report.text()
    assert large("42").splitlines()[0] == "      #  #   ####"
    assert report.told[0].count("\n") >= 6


def test_a_person_who_is_not_let_in_is_told_so_and_signed_out(world: World, tmp_path: Path) -> None:
    browser = StandInBrowser(world.web_context(), world.hosts(), lambda: BOB.national_id)
    report = checked(
        with_policy(world, tmp_path), world.address("alice.martin"), tmp_path / "home", way=Way.BROWSER, opener=browser
    )
    browser.join()
    assert not report.good
    assert report.named(State.FAILED) >= {"imap-auth"}
    assert report.state("imap-capabilities") is State.NOT_TRIED
    assert report.state("sign-out") is State.GOOD
    assert "responsable de la boîte" in report.step("imap-auth").todo


def test_the_sign_in_that_is_given_up_is_told(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    world = sandbox_world
    browser = StandInBrowser(world.web_context(), world.hosts(), lambda: "")
    report = checked(world.environment_file, world.address("cabinet"), tmp_path, way=Way.BROWSER, opener=browser)
    browser.join()
    assert report.state("sign-in") is State.FAILED
    assert report.state("imap-auth") is report.state("sign-out") is State.NOT_TRIED


@pytest.mark.lab
def test_i_sign_in_by_the_telephone_of_the_certified_provider(lab_world: LabWorld, tmp_path: Path) -> None:
    def phone(_text: str) -> None:
        with httpx.Client(verify=lab_world.web_context(), trust_env=False) as http:
            base = lab_world.provider.base.replace(PSC_HOST, "127.0.0.1")
            [waiting] = http.get(f"{base}/lab/phone").raise_for_status().json()
            form = {"request": waiting["request"], "answer": "yes"}
            http.post(f"{base}/lab/phone", data=form).raise_for_status()

    report = checked(
        with_policy(lab_world, tmp_path), lab_world.address("cabinet"), tmp_path / "home", way=Way.E_CPS,
        national_id=ALICE.national_id, on_tell=phone,
    )  # fmt: skip
    assert report.good, report.text()


# -- certificates


@pytest.mark.parametrize("kind", ["imap", "smtp"])
@pytest.mark.parametrize("fault", PLACES, ids=lambda fault: fault.name.lower())
def test_a_wrong_certificate_fails_in_its_place(mended: SandboxWorld, tmp_path: Path, fault: Fault, kind: str) -> None:
    mended.operator.present(Service(kind), fault)
    report = checked(with_policy(mended, tmp_path), mended.address("cabinet"), tmp_path / "home")
    failed = {f"{kind}-{PLACES[fault]}"}
    assert report.named(State.FAILED) == failed, report.text()
    step = report.step(failed.pop())
    assert ("usage" in step.words) is (fault is Fault.USAGE)
    assert step.words
    assert step.meaning
    assert step.todo
    other = "smtp" if kind == "imap" else "imap"
    assert all(report.state(f"{other}-{layer}") is State.GOOD for layer in LAYERS)
    if PLACES[fault] != "revocation":
        assert report.state(f"{kind}-revocation") is State.NOT_TRIED


@pytest.mark.parametrize("fault", [Fault.EXPIRED, Fault.NAME, Fault.CHAIN, Fault.REVOKED], ids=lambda f: f.name.lower())
@pytest.mark.lab
def test_a_wrong_certificate_of_dovecot_fails_in_its_place(lab_world: LabWorld, tmp_path: Path, fault: Fault) -> None:
    lab_world.present(fault)
    try:
        report = checked(with_policy(lab_world, tmp_path), lab_world.address("cabinet"), tmp_path / "home")
    finally:
        lab_world.present(None)
    assert report.named(State.FAILED) == {f"imap-{PLACES[fault]}"}, report.text()


def test_a_certificate_near_its_end_is_a_warning(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    report = checked(
        with_policy(sandbox_world, tmp_path), sandbox_world.address("cabinet"), tmp_path / "home",
        clock=lambda: utc_now() + timedelta(days=75),
    )  # fmt: skip
    assert report.state("imap-dates") is report.state("smtp-dates") is State.WARNING
    assert "14 jours" in report.step("imap-dates").meaning
    assert report.state("relay") is State.WARNING


# -- revocation


def test_without_any_list_it_is_said_under_known_and_cuts_under_required(
    sandbox_world: SandboxWorld, tmp_path: Path
) -> None:
    address = sandbox_world.address("cabinet")
    known = altered(sandbox_world, tmp_path, trust={"crl": ""}, policy={"keep_key_in_file": True})
    report = checked(known, address, tmp_path / "home")
    assert report.good
    assert report.state("imap-revocation") is State.WARNING
    required = altered(sandbox_world, tmp_path, trust={"crl": "nulle-part.crl"}, policy={"revocation": "required"})
    report = checked(required, address, tmp_path / "home")
    assert {"revocation", "imap-revocation", "smtp-revocation"} <= report.named(State.FAILED)
    assert "required" in report.step("imap-revocation").meaning


@pytest.mark.parametrize(
    ("policy", "lists", "server"), [("known", State.WARNING, State.WARNING), ("required", State.FAILED, State.FAILED)]
)
def test_a_list_that_is_past_its_time_is_said_where_it_comes_from_too(
    sandbox_world: SandboxWorld, tmp_path: Path, policy: str, lists: State, server: State
) -> None:
    report = checked(
        with_policy(sandbox_world, tmp_path, revocation=policy), sandbox_world.address("cabinet"), tmp_path / "home",
        clock=lambda: utc_now() + timedelta(days=40),
    )  # fmt: skip
    assert (report.state("revocation"), report.state("imap-revocation")) == (lists, server), report.text()
    assert "périmée" in report.step("revocation").words


def test_a_policy_that_consults_nothing_is_a_warning(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    environment = with_policy(sandbox_world, tmp_path, revocation="off")
    report = checked(environment, sandbox_world.address("cabinet"), tmp_path / "home")
    assert report.state("imap-revocation") is State.WARNING


# -- the line


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("kind", ["imap", "smtp"])
def test_a_closed_port_is_the_connection(sandbox_world: SandboxWorld, tmp_path: Path, kind: str) -> None:
    with served_elsewhere(sandbox_world, tmp_path, **{kind: closed_port()}) as environment:
        report = checked(environment, sandbox_world.address("cabinet"), tmp_path / "home")
    assert f"{kind}-tcp" in report.named(State.FAILED)
    assert {f"{kind}-{layer}" for layer in LAYERS[2:]} <= report.named(State.NOT_TRIED)
    assert "refusée" in report.step(f"{kind}-tcp").words


def greets(*said: bytes) -> Callable[[Peer], None]:
    def talk(peer: Peer) -> None:
        peer.send(*said)
        peer.rest()

    return talk


def answers_starttls(answer: bytes) -> Callable[[Peer], None]:
    def talk(peer: Peer) -> None:
        peer.send(b"* OK ready")
        peer.raw(peer.command(b"STARTTLS") + answer)
        peer.rest()

    return talk


def smtp_without_starttls(peer: Peer) -> None:
    peer.send(b"220-bonjour", b"220 pret")
    peer.line()
    peer.send(b"250-ici", b"250 SIZE 10")
    peer.line()
    peer.send(b"502 5.5.1 inconnu")
    peer.rest()


def silent(peer: Peer) -> None:
    peer.rest()


@pytest.mark.parametrize(
    ("kind", "talk", "layer", "words"),
    [
        ("imap", silent, "greeting", "ne dit rien"),
        ("smtp", silent, "greeting", "ne dit rien"),
        ("imap", greets(b"HTTP/1.1 400 Bad Request"), "greeting", "ne parle pas IMAP"),
        ("smtp", greets(b"* OK ready"), "greeting", "ne parle pas SMTP"),
        ("imap", greets(b"* BYE maintenance"), "greeting", "refus"),
        ("smtp", greets(b"554 pas vous"), "greeting", "refus"),
        ("imap", lambda peer: peer.hang_up(), "greeting", "raccroché"),
        ("imap", greets(b"* OK " + b"x" * 20_000), "greeting", "raccroché"),
        ("imap", answers_starttls(b" BAD unknown\r\n"), "starttls", "refuse STARTTLS"),
        ("imap", answers_starttls(b" OK go\r\n* OK injected\r\n"), "starttls", "avant TLS"),
        ("smtp", smtp_without_starttls, "starttls", "refuse STARTTLS"),
        ("imap", answers_starttls(b" OK go\r\n"), "tls", "ne dit rien"),
    ],
)
def test_a_line_that_is_wrong_fails_at_its_layer(
    sandbox_world: SandboxWorld, tmp_path: Path, kind: str, talk: Callable[[Peer], None], layer: str, words: str
) -> None:
    with script(talk) as port, served_elsewhere(sandbox_world, tmp_path, **{kind: port}) as environment:
        report = checked(environment, sandbox_world.address("cabinet"), tmp_path / "home", timeout_s=TIMEOUT_S)
    failed = {name for name in report.named(State.FAILED) if name.startswith(kind)}
    assert failed == {f"{kind}-{layer}"}, report.text()
    assert words in report.step(f"{kind}-{layer}").words


def handshakes(context: ssl.SSLContext) -> Callable[[Peer], None]:
    def talk(peer: Peer) -> None:
        peer.send(b"* OK ready")
        peer.send(peer.command(b"STARTTLS") + b" OK go")
        peer.secure(context)

    return talk


@pytest.mark.parametrize("suite", ["AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305"])
def test_a_suite_outside_the_norm_is_the_negotiation(sandbox_world: SandboxWorld, tmp_path: Path, suite: str) -> None:
    context = server_context(sandbox_world.operator.pki.imap)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suite)
    with script(handshakes(context)) as port, served_elsewhere(sandbox_world, tmp_path, imap=port) as environment:
        report = checked(environment, sandbox_world.address("cabinet"), tmp_path / "home")
    assert report.state("imap-tls") is State.FAILED
    assert "suite" in report.step("imap-tls").words
    assert report.state("imap-chain") is State.NOT_TRIED


# -- discovery


def test_a_domain_that_nobody_knows_is_the_name(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    report = checked(with_policy(sandbox_world, tmp_path), "secretariat@nulle-part.invalid", tmp_path / "home")
    assert report.named(State.FAILED) == {"autoconfig-dns"}
    assert {"autoconfig", "imap-dns", "smtp-revocation"} <= report.named(State.NOT_TRIED)
    assert report.state("relay") is State.GOOD


def document(old: bytes = b"", new: bytes = b"", domain: str = SandboxWorld.domain) -> Callable[[], Response]:
    return lambda: Response(client_config(domain, 1, 2).replace(old, new) if old else client_config(domain, 1, 2))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda: Response(status_code=404), "404"),
        (lambda: Response(b"<html><body>Bienvenue"), "bien formé"),
        (lambda: Response(b"<rss/>"), "clientConfig"),
        (document(b"<clientConfig", b"<!DOCTYPE a><clientConfig"), "DOCTYPE"),
        (document(domain="ailleurs.mss.example"), "ne parle pas de ce domaine"),
        (document(b"STARTTLS", b"plain"), "sans STARTTLS"),
        (document(b'type="smtp"', b'type="pop3"'), "aucun serveur SMTP"),
        (document(b"<port>1</port>", b"<port>99999</port>"), "ne sont pas admis"),
        (lambda: Response(b" " * 100_000), "64 Ko"),
        (lambda: RedirectResponse("https://ailleurs.invalid/"), "hors du domaine"),
    ],
)
def test_an_autoconfiguration_that_is_not_taken_says_why(
    sandbox_world: SandboxWorld, tmp_path: Path, answer: Callable[[], Response], words: str
) -> None:
    with announcing(sandbox_world, tmp_path, answer) as environment:
        report = checked(environment, sandbox_world.address("cabinet"), tmp_path / "home")
    assert report.state("autoconfig") is State.FAILED
    assert words in report.step("autoconfig").words
    assert report.state("imap-dns") is State.NOT_TRIED


# -- around


def test_a_clock_that_is_wrong_is_told(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    def at(off: timedelta) -> tuple[State, str]:
        environment = with_policy(sandbox_world, tmp_path)
        address = sandbox_world.address("cabinet")
        step = checked(environment, address, tmp_path / "home", clock=lambda: utc_now() + off).step("clock")
        return step.state, step.words

    assert at(timedelta(hours=-3))[0] is State.FAILED
    assert "retarde de 3 heures" in at(timedelta(hours=-3))[1]
    assert at(timedelta(minutes=2))[0] is State.WARNING
    assert at(timedelta())[0] is State.GOOD


def test_a_relay_that_is_down_fails_alone(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    relay = f"https://relay.sandbox.mss.example:{closed_port()}"
    environment = altered(sandbox_world, tmp_path, psc_relay=relay, policy={"keep_key_in_file": True})
    report = checked(environment, sandbox_world.address("cabinet"), tmp_path / "home", way=Way.BROWSER)
    assert report.named(State.FAILED) == {"relay-tcp"}
    assert {"relay", "relay-issuer", "sign-in", "imap-auth", "sign-out"} <= report.named(State.NOT_TRIED)


def test_a_relay_of_another_issuer_is_told_before_anybody_signs_in(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    other = "https://psc.autre.mss.example/realms/essai"
    environment = altered(sandbox_world, tmp_path, psc_issuer=other, policy={"keep_key_in_file": True})
    report = checked(environment, sandbox_world.address("cabinet"), tmp_path / "home", way=Way.BROWSER)
    assert report.named(State.FAILED) == {"relay-issuer"}
    assert report.state("sign-in") is State.NOT_TRIED
    assert sandbox_world._provider is not None
    right = altered(sandbox_world, tmp_path, psc_issuer=sandbox_world._provider.issuer)
    assert checked(right, sandbox_world.address("cabinet"), tmp_path / "home").state("relay-issuer") is State.GOOD


@pytest.mark.parametrize(
    ("health", "ready", "step", "words"),
    [
        (JSONResponse({"status": "ok"}), JSONResponse({"psc": "failing", "sessions": "ok"}, 503), "relay-ready",
         "Pro Santé Connect"),
        (JSONResponse({"status": "ok"}), JSONResponse({"psc": "ok", "sessions": "failing"}, 503), "relay-ready", "Redis"),
        (Response("<html>portail captif"), Response(status_code=404), "relay", "ne parle pas"),
        (Response(status_code=502), Response(status_code=404), "relay", "difficulté"),
        (Response(status_code=404), Response(status_code=404), "relay", "refusé"),
    ],
)  # fmt: skip
def test_a_relay_that_cannot_work_says_why(
    sandbox_world: SandboxWorld, tmp_path: Path, health: Response, ready: Response, step: str, words: str
) -> None:
    app = Starlette(routes=[Route("/health", lambda _r: health), Route("/ready", lambda _r: ready)])
    pem = sandbox_world.operator.pki.web_server(["relay.sandbox.mss.example"])
    with https_kit.served(app, pem) as port:
        environment = altered(sandbox_world, tmp_path, psc_relay=f"https://relay.sandbox.mss.example:{port}")
        report = checked(environment, sandbox_world.address("cabinet"), tmp_path / "home", way=Way.BROWSER)
    assert {n for n in report.named(State.FAILED) if n.startswith("relay")} == {step}
    assert words in report.step(step).words
    assert report.state("sign-in") is State.NOT_TRIED


def test_anchors_of_another_environment_stop_everything_that_stands_on_them(
    sandbox_world: SandboxWorld, tmp_path: Path
) -> None:
    environment = altered(sandbox_world, tmp_path, trust={"pins": ["00" * 32]})
    report = checked(environment, sandbox_world.address("cabinet"), tmp_path / "home")
    assert "mail-anchors" in report.named(State.FAILED)
    assert {"revocation", "imap-dns", "smtp-chain"} <= report.named(State.NOT_TRIED)
    assert report.state("autoconfig") is State.GOOD


@pytest.mark.parametrize(
    ("content", "words"), [(None, "manque"), ("rien", "PEM entier"), ("autre", "empreinte inattendue")]
)
def test_what_is_wrong_with_the_anchors_is_told_apart(
    sandbox_world: SandboxWorld, tmp_path: Path, content: str | None, words: str
) -> None:
    path = tmp_path / "autorites.pem"
    if content == "autre":
        path.write_bytes(sandbox_world.operator.pki.web_anchors.read_bytes())
    elif content is not None:
        path.write_text(content)
    environment = altered(sandbox_world, tmp_path, trust={"mail": str(path)})
    report = checked(environment, sandbox_world.address("cabinet"), tmp_path / "home")
    assert words in report.step("mail-anchors").words
    assert report.step("mail-anchors").todo


def test_web_anchors_that_are_not_the_services_are_told(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    environment = altered(
        sandbox_world, tmp_path, trust={"web": str(sandbox_world.operator.pki.mail_anchors)},
        policy={"keep_key_in_file": True},
    )  # fmt: skip
    report = checked(environment, sandbox_world.address("cabinet"), tmp_path / "home")
    assert report.named(State.FAILED) == {"autoconfig", "relay"}
    assert report.state("clock") is State.NOT_TRIED


def test_settings_that_are_unreadable_leave_the_rest_untried(tmp_path: Path) -> None:
    report = checked(tmp_path / "nulle-part.toml", "a@b.mss.example", tmp_path / "home")
    assert report.named(State.FAILED) == {"environment"}
    assert {"home", "autoconfig", "imap", "smtp", "relay"} <= report.named(State.NOT_TRIED)


def test_the_settings_of_the_workstation_are_named(sandbox_world: SandboxWorld, tmp_path: Path) -> None:
    machine = Machine("/etc/x/machine.toml", policy={"idle_lock_s": 60}, locked=frozenset({"bals"}))
    report = checked(sandbox_world.environment_file, "a@essais.mss.example", tmp_path / "home", machine=machine)
    assert "policy.idle_lock_s, bals verrouillé" in report.step("machine").words


# -- the command


def test_the_command_ends_with_0_or_1_and_tells_json(
    sandbox_world: SandboxWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = str(with_policy(sandbox_world, tmp_path))
    arguments = ["--home", str(tmp_path / "home"), "--environment", good, "check"]
    assert cli.main([*arguments, sandbox_world.address("cabinet"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"name", "title", "state", "text", "meaning", "todo"} == set(told[0])
    assert cli.main([*arguments, "a@nulle-part.invalid"]) == 1
    said = capsys.readouterr().out
    assert "!!  Autoconfiguration, nom" in said
    assert "--  IMAP, nom\u00a0: non essayé" in said
    assert cli.main([*arguments, "pas une adresse"]) == 2


def test_words_of_a_server_do_not_write_on_the_terminal(
    sandbox_world: SandboxWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        script(greets(b"* OK \x1b[2J\x07bonjour\x9b")) as port,
        served_elsewhere(sandbox_world, tmp_path, imap=port) as environment,
    ):
        report = checked(environment, sandbox_world.address("cabinet"), tmp_path / "home", timeout_s=TIMEOUT_S)
    assert "bonjour" in report.step("imap-greeting").words
    assert "\x1b" in report.step("imap-greeting").words or "[2J" in report.step("imap-greeting").words
    assert "\x1b" not in cli._harmless_lines("\n".join(lines(step) for step in report.steps))
    assert capsys.readouterr().out == ""
