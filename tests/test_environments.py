"""Environments are not mixed: a home, a relay and a workstation each belong to one."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from mssclient import app
from mssclient.domain import machine as machines
from mssclient.domain.environment import AFTER_FILING, Environment, Policy, filed_folder, policy_of
from mssclient.domain.errors import Distrust, Untrusted
from mssclient.domain.machine import EnvironmentTrouble, Machine, Trouble
from mssclient.remote import web
from mssclient.remote.psc import PscRelay, RelaySession
from mssclient.sandbox.pki import Pki
from mssclient.stage import refusals
from mssclient.store import binding
from tests.relay.kit import ALICE
from tests.remote.psc_world import PSC_HOST, RELAY_HOST, Browser, Services, meanwhile, services

NONE = Machine()


def environment(**changes: object) -> Environment:
    found = app.load_environment("bas", NONE)
    return replace(found, **changes)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _nothing_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MSSCLIENT_HOME", "MSSCLIENT_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)


# -- homes


def test_production_has_the_plain_home_and_training_environments_their_own() -> None:
    plain = app.home_of(None, app.load_environment("production", NONE), NONE)
    bas = app.home_of(None, environment(), NONE)
    assert plain == app.home_of(None, None, NONE)
    assert (plain.name, bas.name) == ("mssclient", "mssclient-bas")
    assert bas.parent == plain.parent


def test_two_names_never_make_one_home_and_none_leads_out_of_its_place() -> None:
    names = ["bas", "BAS", "Bas", "b/as", "b as", "b-as", "../../etc", "é", "è", "x" * 80, "x" * 81]
    homes = [app.home_of(None, environment(name=name), NONE) for name in names]
    assert len(set(homes)) == len(names)
    assert {home.parent for home in homes} == {app.home_of(None, None, NONE).parent}


def test_a_home_is_bound_at_the_first_start_and_held_to(tmp_path: Path) -> None:
    binding.bind(tmp_path, environment())
    binding.bind(tmp_path, environment())
    for other in (
        environment(name="formation"),
        environment(training=False),
        environment(psc_issuer="https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet"),
        app.load_environment("production", NONE),
    ):
        with pytest.raises(Untrusted) as caught:
            binding.check(tmp_path, other)
        assert (caught.value.reason, caught.value.subject) == (Distrust.ENVIRONMENT, "bas")
        told = refusals.other_environment(tmp_path, other, caught.value)
        assert "--home" in told
        assert "Rien n’a été ouvert" in told


def test_a_relay_may_move_and_an_issuer_once_known_is_remembered(tmp_path: Path) -> None:
    binding.bind(tmp_path, environment())
    binding.bind(tmp_path, environment(psc_relay="https://nouveau-relais.example"))
    silent = environment(psc_relay="https://nouveau-relais.example", psc_issuer="")
    binding.bind(tmp_path, silent)
    with pytest.raises(Untrusted):
        binding.bind(tmp_path, environment(psc_issuer="https://autre.example"))
    with pytest.raises(Untrusted):
        binding.bind(tmp_path, replace(silent, psc_relay="https://relais-tiers.example"))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"name": 1', "null", "\xff"])
def test_a_damaged_record_binds_to_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / binding.FILE).write_bytes(content.encode("latin-1"))
    with pytest.raises(Untrusted) as caught:
        binding.bind(tmp_path, environment())
    assert caught.value.subject == ""
    assert "abîmé" in refusals.other_environment(tmp_path, environment(), caught.value)


def test_the_window_does_not_start_on_another_environments_home(tmp_path: Path) -> None:
    binding.bind(tmp_path, environment(name="formation"))
    before = sorted(tmp_path.iterdir())
    told = refusals.start("bas", str(tmp_path))
    assert isinstance(told, str)
    assert "« formation »" in told.replace("\u00a0", " ")
    with pytest.raises(Untrusted):
        app.Application(environment(), tmp_path)
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_is_no_home(tmp_path: Path) -> None:
    path = tmp_path / "fichier"
    path.write_text("x")
    told = refusals.start("bas", str(path))
    assert isinstance(told, str)
    assert "est un fichier" in told


# -- the administrator's settings


def settings(folder: Path, text: str, mode: int = 0o644) -> Path:
    folder.chmod(0o755)
    path = folder / "machine.toml"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def read(path: Path) -> Machine:
    return app.machine_settings(path, owner=os.getuid())


def test_no_file_decides_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "machine.toml") == Machine()


def test_policy_filing_and_locks_are_laid_over_the_environment(tmp_path: Path) -> None:
    path = settings(
        tmp_path,
        'locked = ["filing.folder", "bals"]\n[policy]\nidle_lock_s = 300\nrevocation = "required"\n'
        '[filing]\nfolder = "/srv/dui"\nprofile = "maison.toml"\n',
    )
    found = app.load_environment("bas", read(path))
    assert found.policy == Policy(idle_lock_s=300, revocation="required")
    assert (found.filing_folder, found.filing_profile) == ("/srv/dui", str(tmp_path / "maison.toml"))
    assert found.locked == {"filing.folder", "bals"}
    assert "policy.idle_lock_s" in refusals.machine(read(path))


def test_a_fixed_environment_refuses_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = read(settings(tmp_path, 'environment = "bas"\n'))
    assert app.load_environment(None, machine).name == "bas"
    assert app.load_environment("bas", machine).name == "bas"
    with pytest.raises(EnvironmentTrouble) as caught:
        app.load_environment("production", machine)
    assert caught.value.why is Trouble.OTHER_ENVIRONMENT
    monkeypatch.setenv("MSSCLIENT_ENVIRONMENT", "production")
    with pytest.raises(EnvironmentTrouble):
        app.load_environment(None, machine)
    assert "--environment" in refusals.settings(caught.value)


def test_a_fixed_environment_is_relative_to_the_settings(tmp_path: Path) -> None:
    source = Path(__file__).parents[1] / "resources" / "environments" / "bas.toml"
    (tmp_path / "hopital.toml").write_text(source.read_text("utf-8").replace('"bas"', '"hopital"'), "utf-8")
    machine = read(settings(tmp_path, 'environment = "hopital.toml"\n'))
    assert app.load_environment(None, machine).name == "hopital"


def test_a_fixed_home_refuses_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = read(settings(tmp_path, f'home = "{tmp_path / "ici"}"\n'))
    assert app.home_of(None, None, machine) == tmp_path / "ici"
    assert app.home_of(str(tmp_path / "ici"), environment(), machine) == tmp_path / "ici"
    monkeypatch.setenv("MSSCLIENT_HOME", str(tmp_path / "ailleurs"))
    with pytest.raises(EnvironmentTrouble) as caught:
        app.home_of(None, None, machine)
    assert caught.value.why is Trouble.OTHER_HOME
    assert "MSSCLIENT_HOME" in refusals.settings(caught.value)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("enviroment = 'bas'", "enviroment"), ("locked = ['folder']", "locked"), ("locked = 'bals'", "locked"),
        ("[policy]\nidle = 3", "policy.idle"), ("[policy]\nidle_lock_s = 'x'", "policy.idle_lock_s"),
        ("[filing]\nfolder = 3", "filing.folder"), ("[filing]\nplace = ''", "filing.place"), ("home = 3", "home"),
        ("policy = 3", "policy"), ("x = ", "machine.toml"), ("\xff", "machine.toml"),
    ],
)  # fmt: skip
def test_settings_that_are_wrong_are_refused_by_their_key(tmp_path: Path, text: str, key: str) -> None:
    path = settings(tmp_path, "")
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(EnvironmentTrouble) as caught:
        read(path)
    assert caught.value.why is Trouble.MACHINE
    assert key in caught.value.what


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_settings_that_somebody_else_may_write_are_refused(tmp_path: Path) -> None:
    def why(path: Path, owner: int) -> Trouble:
        with pytest.raises(EnvironmentTrouble) as caught:
            app.machine_settings(path, owner)
        assert "administrateur" in refusals.settings(caught.value)
        return caught.value.why

    me = os.getuid()
    assert why(settings(tmp_path, "", 0o666), me) is Trouble.NOT_ADMINISTRATORS
    assert why(settings(tmp_path, "", 0o664), me) is Trouble.NOT_ADMINISTRATORS
    assert why(settings(tmp_path, ""), me + 1) is Trouble.NOT_ADMINISTRATORS
    path = settings(tmp_path, "")
    tmp_path.chmod(0o777)
    assert why(path, me) is Trouble.NOT_ADMINISTRATORS
    tmp_path.chmod(0o755)
    path.unlink()
    os.mkfifo(path, 0o644)
    assert why(path, me) is Trouble.NOT_ADMINISTRATORS
    path.unlink()
    assert why(settings(tmp_path, "#" * 70_000), me) is Trouble.NOT_ADMINISTRATORS


def test_an_unreadable_file_lifts_no_lock(tmp_path: Path) -> None:
    (tmp_path / "machine.toml").symlink_to(tmp_path / "machine.toml")
    with pytest.raises(EnvironmentTrouble) as caught:
        read(tmp_path / "machine.toml")
    assert caught.value.why is Trouble.MACHINE


def test_what_may_be_locked_is_known_to_the_program() -> None:
    assert {"filing.folder", "bals"} == machines.LOCKABLE


def test_the_record_holds_no_more_than_what_tells_environments_apart(tmp_path: Path) -> None:
    binding.bind(tmp_path, environment())
    assert set(json.loads((tmp_path / binding.FILE).read_text("utf-8"))) == {"name", "training", "issuer", "relay"}


# -- the relay's issuer


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"), [["a"], ["b"]], [RELAY_HOST, PSC_HOST])


def came_through(running: Services, environment: Environment) -> RelaySession:
    """A sign-in at the running relay, seen from an environment."""
    browser = Browser(running.environment)
    begun = PscRelay(environment, running.context).begin_browser()
    try:
        with meanwhile(lambda: browser.visit(begun.url)):
            return begun.wait(lambda: False, 15)
    finally:
        browser.close()


def test_the_relay_of_the_right_issuer_signs_in_and_of_another_does_not(pki: Pki) -> None:
    with services(pki) as running:
        right = replace(running.environment, psc_issuer=f"{running.provider.issuer}/", training=False)
        session = came_through(running, right)
        assert session.person.national_id == ALICE.national_id
        session.end()
        assert not running.provider._mint._sessions
        wrong = replace(running.environment, psc_issuer="https://auth.bas.psc.esante.gouv.fr/auth/realms/esante-wallet")
        with pytest.raises(Untrusted) as caught:
            came_through(running, wrong)
        assert (caught.value.reason, caught.value.subject) == (Distrust.ENVIRONMENT, RELAY_HOST)
        assert not running.provider._mint._sessions, "the refused session lives on at PSC"


@pytest.mark.parametrize(
    ("wanted", "training", "told", "ours"),
    [
        ("https://a.example", False, "https://a.example", True), ("https://a.example", False, "", False),
        ("https://a.example", True, "", True), ("https://a.example", True, "https://b.example", False),
        ("", False, "", True), ("", True, "https://b.example", True),
    ],
)  # fmt: skip
def test_a_relay_that_does_not_say_its_issuer_is_none_of_productions(
    pki: Pki, wanted: str, training: bool, told: str, ours: bool
) -> None:
    found = environment(psc_issuer=wanted, training=training)
    relay = PscRelay(found, web.web_context(replace(found, web_anchors=str(pki.web_anchors))))
    assert relay._is_ours(told) is ours


@pytest.mark.parametrize(("value", "path"), [
    ("folder:Intégrés", ("Intégrés",)), ("folder:Dossier/ Fait ", ("Dossier", "Fait")), ("folder:", ()), ("folder:a//b", ()),
    ("folder:inbox", ()), ("folder:a%b", ()), ("move:x", ()), ("keep", ()), (3, ()),
])  # fmt: skip
def test_after_filing_may_name_a_folder(value: object, path: tuple[str, ...]) -> None:
    assert filed_folder(value) == path
    if path:
        assert policy_of({"after_filing": value}).after_filing == value
    elif value not in AFTER_FILING:
        with pytest.raises(ValueError, match=r"policy\.after_filing"):
            policy_of({"after_filing": value})
