"""Several people at one workstation: whose store opens with what, what is told, and what forgetting leaves."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import keyring
import pytest
from keyring.errors import KeyringLocked, NoKeyringError

from mssclient.domain.errors import StoreReason, StoreTrouble
from mssclient.domain.events import Event, Problem, SessionChanged
from mssclient.domain.session import SessionState
from mssclient.engine.house import Speaker, Stores
from mssclient.engine.persons import Persons
from mssclient.stage.theatre import Theatre
from mssclient.store.database import opens
from mssclient.store.keys import Binding, KeyEntry, KeyVault, Place, folder_name
from tests.engine.conftest import POLICY, Workstation
from tests.keyrings import Install, MemoryKeyring, PromptingKeyring, TroubledKeyring

ALICE, BOB = "899900000001", "899900000002"
SHARE, OTHER_SHARE = b"\x01" * 32, b"\x02" * 32
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


@pytest.fixture
def install() -> Iterator[Install]:
    """Another keyring for one test."""
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


@pytest.fixture
def ring(install: Install) -> MemoryKeyring:
    """A keyring that works."""
    found = MemoryKeyring()
    install(found)
    return found


class Desk:
    """The people of one home, run after run, and what they were told."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.told: list[StoreReason] = []
        self._running: list[Persons] = []

    def start(self, patience_s: float = 10.0) -> Persons:
        """A run of the program."""
        speaker = Speaker(lambda event: self._hear(event, speaker))
        found = Persons(
            self.home, speaker, lambda: NOW, secrets.token_hex(12), file_allowed=False, patience_s=patience_s
        )
        self._running.append(found)
        found.mend()
        return found

    def _hear(self, event: Event, speaker: Speaker) -> None:
        if isinstance(event, Problem) and (told := speaker.told(event.problem_id)):
            assert isinstance(told.error, StoreTrouble)
            self.told.append(told.error.reason)

    def write(self, who: str, share: bytes, words: str) -> None:
        """The person signs in, keeps a setting and leaves."""
        database = self.start().open(who, share)
        Stores.open(database).settings.set("words", words)
        database.close()

    def read(self, who: str, share: bytes) -> str:
        """What the person finds at the next sign-in."""
        database = self.start().open(who, share)
        found = Stores.open(database).settings.get("words")
        database.close()
        return found

    def refused(self, who: str, share: bytes, patience_s: float = 10.0) -> StoreReason:
        """Why the store does not open."""
        before = self.names()
        with pytest.raises(StoreTrouble) as caught:
            self.start(patience_s).open(who, share)
        assert self.names() == before, "nothing is set aside and nothing begun"
        return caught.value.reason

    def names(self) -> set[str]:
        """Every file of the home."""
        return {p.relative_to(self.home).as_posix() for p in self.home.rglob("*") if p.is_file()}

    def end(self) -> None:
        """All runs end."""
        for each in self._running:
            each.stop()
            each.join()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A home with nobody in it."""
    found = Desk(tmp_path / "home")
    found.home.mkdir()
    yield found
    found.end()


def store_of(desk: Desk, who: str) -> Path:
    return desk.home / "persons" / folder_name(who) / "mail.sqlite"


# -- what opens a store


def test_a_store_bound_to_the_relay_opens_with_its_share_alone(desk: Desk, ring: MemoryKeyring) -> None:
    desk.write(ALICE, SHARE, "bonjour")
    assert desk.read(ALICE, SHARE) == "bonjour"
    for share in (OTHER_SHARE, b""):
        assert desk.refused(ALICE, share) is StoreReason.KEY
    assert desk.read(ALICE, SHARE) == "bonjour"
    assert desk.told == []


def test_who_owns_the_keyring_alone_opens_nothing(desk: Desk, ring: MemoryKeyring) -> None:
    desk.write(ALICE, SHARE, "bonjour")
    (kept,) = ring.kept.values()
    entry = KeyEntry.read(kept)
    assert entry is not None
    assert entry.binding is Binding.SHARED
    assert not opens(store_of(desk, ALICE), entry.secret)
    assert not opens(store_of(desk, ALICE), entry.key(OTHER_SHARE))
    assert opens(store_of(desk, ALICE), entry.key(SHARE))


def test_a_store_without_share_keeps_opening_and_is_bound_when_the_relay_lends_one(
    desk: Desk, ring: MemoryKeyring
) -> None:
    desk.write(ALICE, b"", "avant")
    assert desk.read(ALICE, b"") == "avant"
    assert desk.read(ALICE, SHARE) == "avant"
    assert desk.refused(ALICE, b"") is StoreReason.KEY
    assert desk.read(ALICE, SHARE) == "avant"
    assert desk.told == []


@pytest.mark.parametrize("moved", [False, True])
def test_a_crash_while_a_store_is_bound_loses_nothing(desk: Desk, ring: MemoryKeyring, moved: bool) -> None:
    desk.write(ALICE, b"", "avant")
    ((place, name),) = ring.kept
    entry = KeyEntry.read(ring.kept[place, name])
    assert entry is not None
    if moved:
        desk.read(ALICE, SHARE)
    ring.kept[place, name] = entry.bound(SHARE, Binding.MOVING).text()
    if moved:
        assert desk.refused(ALICE, b"") is StoreReason.KEY
        assert desk.refused(ALICE, OTHER_SHARE) is StoreReason.KEY
    assert desk.read(ALICE, SHARE) == "avant"
    bound = KeyEntry.read(ring.kept[place, name])
    assert bound is not None
    assert bound.binding is Binding.SHARED
    assert desk.told == []


def test_a_store_that_cannot_be_bound_now_opens_as_it_was(
    desk: Desk, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write(ALICE, b"", "avant")

    def full(*_: object) -> None:
        raise StoreTrouble(StoreReason.FULL)

    with monkeypatch.context() as patch:
        patch.setattr("mssclient.engine.persons.rekey", full)
        assert desk.read(ALICE, SHARE) == "avant"
    assert desk.read(ALICE, b"") == "avant"
    assert desk.read(ALICE, SHARE) == "avant"
    assert desk.refused(ALICE, b"") is StoreReason.KEY


def test_a_damaged_store_is_set_aside_and_told_with_the_right_share_only(desk: Desk, ring: MemoryKeyring) -> None:
    desk.write(ALICE, SHARE, "bonjour")
    with store_of(desk, ALICE).open("r+b") as file:
        file.write(b"\x00" * 4096)
    assert desk.refused(ALICE, OTHER_SHARE) is StoreReason.KEY
    assert desk.read(ALICE, SHARE) == ""
    assert desk.told == [StoreReason.DAMAGED]
    assert sum("damaged" in name for name in desk.names()) == 1


def test_a_key_that_vanished_is_said(desk: Desk, ring: MemoryKeyring) -> None:
    desk.write(ALICE, SHARE, "bonjour")
    ring.kept.clear()
    assert desk.read(ALICE, SHARE) == ""
    assert desk.told == [StoreReason.KEY_LOST]
    assert sum("damaged" in name for name in desk.names()) == 1
    desk.write(ALICE, SHARE, "encore")
    assert desk.read(ALICE, SHARE) == "encore"
    assert desk.told == [StoreReason.KEY_LOST]


def test_each_person_has_a_store_of_their_own(desk: Desk, ring: MemoryKeyring) -> None:
    desk.write(ALICE, SHARE, "d’Alice")
    desk.write(BOB, OTHER_SHARE, "de Bob")
    assert (desk.read(ALICE, SHARE), desk.read(BOB, OTHER_SHARE)) == ("d’Alice", "de Bob")
    assert desk.refused(BOB, SHARE) is StoreReason.KEY


# -- keyrings


def test_without_keyring_what_one_run_kept_goes_at_the_next_start_whoever_comes(desk: Desk, install: Install) -> None:
    install(TroubledKeyring(NoKeyringError("none")))
    for who in (ALICE, BOB):
        desk.write(who, SHARE, "bonjour")
    assert any(f"persons/{folder_name(BOB)}/" in name for name in desk.names())
    desk.start()
    assert not [name for name in desk.names() if name.startswith("persons/")]


def test_a_locked_keyring_is_said_and_nothing_begun(desk: Desk, install: Install, ring: MemoryKeyring) -> None:
    desk.write(ALICE, SHARE, "bonjour")
    install(TroubledKeyring(KeyringLocked("dismissed")))
    assert desk.refused(ALICE, SHARE) is StoreReason.KEYRING_LOCKED
    install(ring)
    assert desk.read(ALICE, SHARE) == "bonjour"


def test_a_keyring_that_waits_for_a_password_is_not_waited_for_for_ever(desk: Desk, install: Install) -> None:
    ring = PromptingKeyring()
    install(ring)
    persons = desk.start(patience_s=0.2)
    for _ in range(2):
        with pytest.raises(StoreTrouble) as caught:
            persons.open(ALICE, SHARE)
        assert caught.value.reason is StoreReason.KEYRING_LOCKED
    assert ring.asked == 1, "one question at a time"
    assert not desk.names()
    ring.unlocked.set()
    persons.open(ALICE, SHARE).close()
    assert persons.lasting


def test_a_stop_ends_the_wait_for_a_keyring(desk: Desk, install: Install) -> None:
    ring = PromptingKeyring()
    install(ring)
    persons = desk.start(patience_s=30.0)

    def stop() -> None:
        _until(lambda: ring.asked)
        persons.stop()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(StoreTrouble):
        persons.open(ALICE, SHARE)
    stopper.join()
    ring.unlocked.set()


def _until(holds: Callable[[], object]) -> None:
    tick = threading.Event()
    for _ in range(1000):
        if holds() or tick.wait(0.01):
            return


def test_without_keyring_a_store_lasts_as_long_as_the_program(desk: Desk, install: Install) -> None:
    install(TroubledKeyring(NoKeyringError("none")))
    persons = desk.start()
    database = persons.open(ALICE, SHARE)
    Stores.open(database).settings.set("words", "bonjour")
    database.close()
    assert not persons.lasting
    again = persons.open(ALICE, SHARE)
    assert Stores.open(again).settings.get("words") == "bonjour"
    again.close()
    assert desk.read(ALICE, SHARE) == ""
    assert sum(name.endswith(".sqlite") for name in desk.names()) == 1, "the store of the earlier run is gone"


def test_a_keyring_that_is_away_today_leaves_the_store_of_yesterday_alone(
    desk: Desk, install: Install, ring: MemoryKeyring
) -> None:
    desk.write(ALICE, SHARE, "hier")
    install(TroubledKeyring(NoKeyringError("none")))
    assert desk.read(ALICE, SHARE) == ""
    install(ring)
    assert desk.read(ALICE, SHARE) == "hier"


# -- forgetting


def test_forgetting_one_person_leaves_nothing_of_them_and_everything_of_the_other(
    desk: Desk, ring: MemoryKeyring
) -> None:
    desk.write(BOB, SHARE, "de Bob")
    before, keys = desk.names(), dict(ring.kept)
    desk.write(ALICE, SHARE, "d’Alice")
    folder = store_of(desk, ALICE).parent
    (folder / "mail-damaged-20260304-100000.sqlite").write_bytes(b"old")
    persons = desk.start()
    persons.places.private(folder.name).lay("lettre.txt", b"Bonjour")
    assert desk.names() > before
    persons.forget(ALICE)
    assert desk.names() == before
    assert ring.kept == keys
    assert not folder.exists()
    assert sorted(p.name for p in desk.home.iterdir()) == ["persons"]
    assert desk.read(BOB, SHARE) == "de Bob"
    assert desk.read(ALICE, SHARE) == ""
    assert desk.told == []


def test_a_forgetting_that_a_crash_cut_is_finished_at_the_next_start(desk: Desk, ring: MemoryKeyring) -> None:
    desk.write(ALICE, SHARE, "d’Alice")
    desk.start().places.doom(folder_name(ALICE))
    persons = desk.start()
    _until(lambda: not ring.kept and not persons.places.doomed())
    assert not desk.names()
    assert not ring.kept


def test_who_was_being_forgotten_begins_anew(desk: Desk, install: Install, ring: MemoryKeyring) -> None:
    desk.write(ALICE, SHARE, "d’Alice")
    locked = TroubledKeyring(KeyringLocked("dismissed"))
    locked.kept = ring.kept
    install(locked)
    with pytest.raises(StoreTrouble) as caught:
        desk.start().forget(ALICE)
    assert caught.value.reason is StoreReason.KEYRING_LOCKED
    assert not store_of(desk, ALICE).exists(), "what can go goes"
    with pytest.raises(StoreTrouble):
        desk.start().open(ALICE, SHARE)
    locked.trouble = None
    assert desk.read(ALICE, SHARE) == ""
    assert not desk.start().places.doomed()
    assert desk.told == []


def test_the_key_goes_before_the_files(desk: Desk, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write(ALICE, SHARE, "d’Alice")
    seen: list[int] = []

    def erase(_self: object, _folder: str) -> bool:
        seen.append(len(ring.kept))
        return False

    monkeypatch.setattr("mssclient.store.places.Places.erase", erase)
    persons = desk.start()
    with pytest.raises(StoreTrouble):
        persons.forget(ALICE)
    assert seen == [0]
    assert persons.places.doomed() == [folder_name(ALICE)]


# -- the whole engine


def test_two_people_in_turn_with_a_relay_that_lends_shares(
    theatre: Theatre, tmp_path: Path, ring: MemoryKeyring
) -> None:
    policy = replace(POLICY, keep_key_in_file=False)
    station = Workstation(theatre, tmp_path / "home", policy)
    station.engine.start()
    station.sign_in("secretary")
    station.engine.lock()
    station.until(lambda: station.engine.session_state() is SessionState.LOCKED, "locked")
    station.reader.remove()
    station.until(lambda: not station.engine.card_status().present, "card out")
    station.sign_in("physician")
    entries = [KeyEntry.read(text) for text in ring.kept.values()]
    assert [entry and entry.binding for entry in entries] == [Binding.SHARED, Binding.SHARED]
    me = station.engine.person()
    assert me is not None
    mine = tmp_path / "home" / "persons" / folder_name(me.national_id)
    others = {p for p in (tmp_path / "home" / "persons").rglob("*") if mine not in p.parents and p != mine}
    assert len(others) >= 2
    station.engine.forget_me()
    station.until(lambda: station.engine.session_state() is SessionState.SIGNED_OUT, "signed out")
    states = [e.state for e in station.events if isinstance(e, SessionChanged)]
    assert states[-2:] == [SessionState.LOCKED, SessionState.SIGNED_OUT], "covered before anything goes"
    assert not mine.exists()
    assert set((tmp_path / "home" / "persons").rglob("*")) == others
    assert len(ring.kept) == 1
    assert station.engine.reader.bals() == ()
    station.sign_in("physician")
    station.engine.stop()
    station.browser.join()
    assert station.problems() == []


def test_without_keyring_the_person_is_told_at_each_sign_in(theatre: Theatre, tmp_path: Path, install: Install) -> None:
    install(TroubledKeyring(NoKeyringError("none")))
    station = Workstation(theatre, tmp_path / "home", replace(POLICY, keep_key_in_file=False))
    station.engine.start()
    for number in (1, 2):
        station.sign_in("secretary")
        told = [t for t in station.problems() if t.context == "store"]
        assert [t.error.reason for t in told if isinstance(t.error, StoreTrouble)] == [StoreReason.KEYRING] * number
        station.engine.lock()
        station.until(lambda: station.engine.session_state() is SessionState.LOCKED, "locked")
    station.engine.stop()
    station.browser.join()


def test_nobody_to_forget_is_said(desk: Desk, theatre: Theatre, tmp_path: Path) -> None:
    station = Workstation(theatre, tmp_path / "station")
    station.engine.start()
    station.engine.forget_me()
    station.until(lambda: [t.context for t in station.problems()] == ["forget"], "told")
    station.engine.stop()


def test_the_vault_looks_where_it_kept(ring: MemoryKeyring, tmp_path: Path) -> None:
    vault = KeyVault(tmp_path, file_allowed=False)
    assert vault.keep("a" * 24, KeyEntry.fresh(), Place.MEMORY) is Place.MEMORY
    assert not ring.kept
