"""The local Annuaire: loaded whole or not at all, brought up to date, and searched meanwhile."""

from __future__ import annotations

import io
import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from mssclient.domain.directory_criteria import Criteria
from mssclient.domain.entry import DirectoryStatus
from mssclient.domain.errors import Cancelled, StoreReason, StoreTrouble, Unread, Unreadable
from mssclient.domain.extraction import Shrunken
from mssclient.sandbox.directory import HEADER, Listed, extraction
from mssclient.store import directory_load
from mssclient.store.directory import Arrival, DirectoryReader, DirectoryStore, LoadResult
from mssclient.store.directory_files import Generations

FIXED = (
    Listed("claire.essai@tilleuls.mss.example", rpps="99900000015", title="DR", family="ESSAI-FICTIF", given="Claire",
           profession_code="10", speciality="Gériatrie", structure="EHPAD Les Tilleuls", post_code="63999",
           town="BOISFICTIF"),
    Listed("accueil@tilleuls.mss.example", "ORG", structure="EHPAD Les Tilleuls", post_code="63999", town="BOISFICTIF"),
    Listed("partage@tilleuls.mss.example", family="UN", given="Anne", structure="EHPAD Les Tilleuls"),
    Listed("partage@tilleuls.mss.example", family="DEUX", given="Zoé", structure="EHPAD Les Tilleuls"),
)  # fmt: skip


def text(count: int = 300, seed: int = 1, fixed: tuple[Listed, ...] = FIXED) -> list[bytes]:
    return list(extraction(count, seed, fixed=fixed))


def load(
    store: DirectoryStore, lines: list[bytes], extracted: str = "", loaded_at: str = "", confirmed: bool = False
) -> LoadResult:
    arrival = Arrival(loaded_at, extracted)
    return store.load(
        io.BytesIO(b"".join(lines)), lambda done, total: None, lambda: False, arrival=arrival, confirmed=confirmed
    )


def contents(store: DirectoryStore) -> set[str]:
    """Every line that the current generation holds, as one text each."""
    path = Generations(store._path).current()
    assert path is not None
    with closing(sqlite3.connect(path)) as connection:
        return {repr(row) for row in connection.execute(f"SELECT {directory_load.ENTRY_COLUMNS} FROM entry")}


def files_of(store: DirectoryStore) -> list[str]:
    return sorted(path.name for path in store._path.parent.iterdir() if path.suffix != ".lock")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DirectoryStore]:
    made = DirectoryStore(tmp_path / "annuaire.sqlite")
    yield made
    made.close()


def test_an_empty_annuaire_answers_nothing(store: DirectoryStore) -> None:
    assert store.search("martin") == []
    assert store.entries_of("a@b.mss.example") == ()
    assert store.white_list() == frozenset()
    assert store.status() == DirectoryStatus(0, "", "", 0)


def test_the_first_load_is_whole(store: DirectoryStore) -> None:
    result = load(store, text(), extracted="202608261013", loaded_at="2026-08-26T12:00:00+00:00")
    assert (result.entries, result.arrived, result.vanished, result.skipped, result.fresh) == (300, 300, 0, 0, True)
    assert store.status() == DirectoryStatus(300, "202608261013", "2026-08-26T12:00:00+00:00", 0)
    (found,) = store.search("essai-fictif claire")
    assert (found.address, found.name) == ("claire.essai@tilleuls.mss.example", "Dr Claire ESSAI-FICTIF")
    assert (found.town, found.post_code, found.speciality) == ("BOISFICTIF", "63999", "Gériatrie")
    assert found.paperless is True


def test_every_tie_of_an_address_is_kept(store: DirectoryStore) -> None:
    load(store, text())
    assert {entry.family for entry in store.entries_of(" Partage@tilleuls.mss.example ")} == {"UN", "DEUX"}


def test_identical_lines_count_once(store: DirectoryStore) -> None:
    lines = text(50)
    assert load(store, lines + lines[1:20]).entries == 50


def test_a_later_load_is_a_difference(store: DirectoryStore) -> None:
    old = text(400)
    load(store, old)
    new = old[:1] + old[21:] + text(30, seed=9, fixed=())[1:]
    result = load(store, new, extracted="202608271013")
    assert (result.arrived, result.vanished, result.fresh) == (30, 20, False)
    assert store.status().extracted == "202608271013"
    gone = old[1].decode().split("|")
    assert not [entry for entry in store.search(f"{gone[9]} {gone[10]}") if entry.address == gone[1].lower()]


def test_a_difference_ends_where_a_fresh_load_would(store: DirectoryStore, tmp_path: Path) -> None:
    chance = random.Random(4)
    lines = text(500)
    load(store, lines)
    for seed in range(2, 5):
        kept = [line for line in lines[1:] if chance.random() < 0.93]
        lines = lines[:1] + kept + text(25, seed=seed, fixed=())[1:]
        chance.shuffle(lines[1:])
        load(store, lines)
    other = DirectoryStore(tmp_path / "other" / "annuaire.sqlite")
    load(other, lines)
    assert contents(store) == contents(other)
    for asked in ("martin", "ma", "pharmacie", "infirmier lyon", "essai-fictif", "tilleuls", "marie", "zz"):
        assert {e.address for e in store.search(asked, 500)} == {e.address for e in other.search(asked, 500)}, asked
    other.close()


def test_the_index_agrees_with_the_entries_after_differences(store: DirectoryStore) -> None:
    lines = text(300)
    load(store, lines)
    load(store, lines[:1] + lines[50:] + text(60, seed=3, fixed=())[1:])
    path = Generations(store._path).current()
    assert path is not None
    with closing(sqlite3.connect(path)) as connection:
        numbers = {number for (number,) in connection.execute("SELECT id FROM entry")}
        found = connection.execute(
            "SELECT rowid FROM entry_words WHERE entry_words MATCH 'mail : (mss OR fictif OR chu OR exemple)'"
        )
        assert {number for (number,) in found} == numbers
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda lines: [*lines[:-1], lines[-1][:60]], Unread.DAMAGED),
        (lambda lines: [b"nom;prenom\n", *lines[1:]], Unread.NOT_IT),
        (lambda lines: lines[:1], Unread.EMPTY),
        (lambda lines: [], Unread.EMPTY),
        (lambda lines: lines[:1] + [line.decode().encode("cp1252", "replace") for line in lines[1:]], Unread.DAMAGED),
        (lambda lines: [*lines[:50], b"x" * 100_000, *lines[50:]], Unread.TOO_BIG),
    ],
    ids=["cut", "foreign", "header", "nothing", "encoding", "long line"],
)
@pytest.mark.parametrize("before", [True, False], ids=["over a copy", "first"])
def test_a_bad_file_changes_nothing(
    store: DirectoryStore, damage: Callable[[list[bytes]], list[bytes]], reason: Unread, before: bool
) -> None:
    if before:
        load(store, text(), extracted="202608261013")
    was, listing = contents(store), files_of(store)
    with pytest.raises(Unreadable) as caught:
        load(store, damage(text(300, seed=2)), extracted="202608271013")
    assert caught.value.reason is reason
    assert contents(store) == was
    assert files_of(store) == listing
    assert store.status().extracted == ("202608261013" if before else "")
    assert not store.status().loading


def test_a_shrunken_file_waits_for_a_person(store: DirectoryStore) -> None:
    lines = text(400)
    load(store, lines)
    with pytest.raises(Shrunken) as caught:
        load(store, lines[:200])
    assert (caught.value.known, caught.value.seen) == (400, 199)
    assert store.status().entries == 400
    assert load(store, lines[:200], confirmed=True).entries == 199
    assert store.status().entries == 199


def test_a_cancelled_load_changes_nothing(store: DirectoryStore) -> None:
    load(store, text())
    was = contents(store)
    with pytest.raises(Cancelled):
        store.load(io.BytesIO(b"".join(text(300, 2))), lambda done, total: None, lambda: True)
    assert contents(store) == was
    assert len(files_of(store)) == 1


def test_progress_grows_to_its_total(store: DirectoryStore) -> None:
    told: list[tuple[int, int]] = []
    raw = b"".join(text(9_000))
    store.load(io.BytesIO(raw), lambda done, total: told.append((done, total)), lambda: False, size_bytes=len(raw))
    assert told[-1] == (9_000, 9_000)
    assert len(told) > 8
    assert all(done <= total for done, total in told)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert all(abs(total - 9_000) < 900 for _, total in told)


def test_what_a_crash_left_behind_is_removed(store: DirectoryStore) -> None:
    (store._path.parent / "annuaire.partial").write_bytes(b"half a file")
    load(store, text())
    assert files_of(store) == ["annuaire-0002.sqlite"]


def test_a_reader_sees_the_old_or_the_new_and_never_a_mixture(store: DirectoryStore) -> None:
    def told(version: int) -> list[bytes]:
        fixed = tuple(
            Listed(f"p{place}@v{version}.mss.example", family="Unique", given=f"Personne{place}") for place in range(15)
        )
        return text(300, seed=version, fixed=fixed)

    load(store, told(0))
    seen: list[frozenset[str]] = []
    stop = threading.Event()

    def search() -> None:
        with closing(DirectoryReader(store._path)) as reader:
            while not stop.is_set():
                seen.append(frozenset(entry.address.partition("@")[2] for entry in reader.search("unique", 50)))

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    for version in range(1, 6):
        load(store, told(version), confirmed=True)
    stop.set()
    for thread in threads:
        thread.join()
    assert {len(one) for one in seen} == {1}
    assert {entry.address.partition("@")[2] for entry in store.search("unique", 50)} == {"v5.mss.example"}


def test_a_reader_follows_the_swap(store: DirectoryStore) -> None:
    with closing(DirectoryReader(store._path)) as reader:
        assert reader.search("essai-fictif") == []
        load(store, text())
        assert len(reader.search("essai-fictif")) == 1
        load(store, text(fixed=FIXED[1:]))
        assert reader.search("essai-fictif") == []


def test_a_reader_cannot_write(store: DirectoryStore) -> None:
    load(store, text(20))
    reader = store.reader()
    reader.search("x")
    assert reader._connection is not None
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._connection.execute("DELETE FROM entry")


def test_the_white_list_is_kept_across_loads(store: DirectoryStore) -> None:
    store.keep_white_list(["B.mss.example", "a.mss.example", "b.mss.example"], "2026-08-26")
    assert store.white_list() == {"a.mss.example", "b.mss.example"}
    load(store, text())
    load(store, text(seed=1, fixed=FIXED[1:]))
    assert store.white_list() == {"a.mss.example", "b.mss.example"}
    assert store.white_list_date() == "2026-08-26"
    store.keep_white_list({"c.mss.example"}, "2026-08-27")
    assert (store.white_list(), store.white_list_date()) == ({"c.mss.example"}, "2026-08-27")
    assert store.status().white_list_domains == 1
    assert store.status().entries == 300


def test_it_is_found_again_after_a_restart(store: DirectoryStore) -> None:
    load(store, text(), extracted="202608261013")
    store.close()
    again = DirectoryStore(store._path)
    assert again.status().entries == 300
    assert len(again.search("essai-fictif")) == 1
    again.close()


def _spoil(path: Path, size: int = 0) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[:size] if size else b"this is no database" * 500)


@pytest.mark.parametrize("size", [0, 30_000], ids=["overwritten", "cut"])
def test_a_damaged_copy_is_said_and_built_anew(store: DirectoryStore, size: int) -> None:
    load(store, text())
    store.close()
    path = Generations(store._path).current()
    assert path is not None
    _spoil(path, size)
    with pytest.raises(StoreTrouble) as caught:
        store.search("essai-fictif claire")
    assert caught.value.reason is StoreReason.DAMAGED
    assert load(store, text()).fresh
    assert len(store.search("essai-fictif")) == 1


def test_a_copy_of_another_version_is_built_anew(store: DirectoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    load(store, text())
    monkeypatch.setattr("mssclient.store.directory.VERSION", 99)
    monkeypatch.setattr(directory_load, "VERSION", 99)
    monkeypatch.setattr("mssclient.store.directory_search.VERSION", 99)
    store.close()
    assert store.search("essai-fictif") == []
    assert store.status().entries == 0
    assert load(store, text()).fresh
    assert len(store.search("essai-fictif")) == 1


def test_a_full_disk_keeps_the_old_copy(store: DirectoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    load(store, text())
    was = contents(store)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StoreTrouble) as caught:
        load(store, text(seed=2))
    assert caught.value.reason is StoreReason.FULL
    monkeypatch.undo()
    assert contents(store) == was
    assert len(files_of(store)) == 1


def test_the_header_may_change_without_anything_arriving(store: DirectoryStore) -> None:
    lines = text()
    load(store, lines)
    renamed = [HEADER.upper().replace("É", "E").encode() + b"\n", *(line.replace(b"\r", b"") for line in lines[1:])]
    result = load(store, renamed)
    assert (result.arrived, result.vanished) == (0, 0)


def test_nothing_of_a_person_is_logged(store: DirectoryStore, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    load(store, text())
    store.keep_white_list(["tilleuls.mss.example"], "2026-08-26")
    store.search("essai-fictif")
    assert not [
        record for record in caplog.records if "essai" in record.getMessage() or "tilleuls" in record.getMessage()
    ]


def test_an_address_that_left_or_changed_hands_is_known(store: DirectoryStore) -> None:
    load(store, text(), extracted="202608261013")
    assert store.departure("claire.essai@tilleuls.mss.example") is None
    heir = replace(FIXED[0], family="AUTRE-FICTIVE", given="Zoé", rpps="99900000023")
    moved = replace(FIXED[1], town="AILLEURS")
    load(store, text(fixed=(heir, moved)), extracted="202608271013")
    taken = store.departure(" Claire.Essai@tilleuls.mss.example")
    assert taken is not None
    assert (taken.address, taken.since, taken.replaced) == ("claire.essai@tilleuls.mss.example", "2026-08-27", True)
    assert taken.national_id
    assert store.successors(taken) == (), "nowhere else so far"
    assert store.departure("accueil@tilleuls.mss.example") is None
    left = store.departure("partage@tilleuls.mss.example")
    assert left is not None
    assert (left.since, left.replaced) == ("2026-08-27", False)
    load(store, text(), extracted="202608281013")
    assert store.departure("partage@tilleuls.mss.example") is None


def test_where_an_owner_is_now(store: DirectoryStore) -> None:
    person, service = FIXED[0], replace(FIXED[1], structure_id="990000001")
    load(store, text(fixed=(person, service)), extracted="202608261013")
    elsewhere = replace(person, address="claire.essai@lilas.mss.example")
    renamed = replace(service, address="secretariat@tilleuls.mss.example")
    load(store, text(fixed=(elsewhere, renamed)), extracted="202608271013")
    for was, now in ((person, elsewhere), (service, renamed)):
        left = store.departure(was.address)
        assert left is not None
        assert [entry.address for entry in store.successors(left)] == [now.address]


def test_who_left_is_carried_into_a_copy_that_is_built_anew(
    store: DirectoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(store, text(), extracted="202608261013")
    load(store, text(fixed=FIXED[1:]), extracted="202608271013")
    for place in ("directory", "directory_load", "directory_search"):
        monkeypatch.setattr(f"mssclient.store.{place}.VERSION", 99)
    store.close()
    assert load(store, text(fixed=FIXED[1:])).fresh
    assert store.departure("claire.essai@tilleuls.mss.example") is not None


def test_one_writer_at_a_time_among_processes(store: DirectoryStore) -> None:
    load(store, text())
    other = Generations(store._path)
    with other.locked():
        assert store.is_loading_elsewhere()
        with pytest.raises(StoreTrouble) as caught, Generations(store._path).locked(0.0):
            pass
        assert caught.value.reason is StoreReason.LOCKED
        assert store.search("essai-fictif")
    assert not store.is_loading_elsewhere()


def test_criteria_alone_and_with_words(store: DirectoryStore) -> None:
    load(store, text())
    for criteria in (
        Criteria(family="essai"),
        Criteria(rpps="999 00000015"),
        Criteria(given="cl", town="bois"),
        Criteria(speciality="geriatre", post_code="63999"),
        Criteria(address="claire.essai@tilleuls"),
    ):
        assert [one.given for one in store.search("", criteria=criteria)] == ["Claire"], criteria
    assert store.search("claire", criteria=Criteria(town="paris")) == []
    assert store.search("", criteria=Criteria()) == []
    assert store.search("", criteria=Criteria(town='" OR *', family="\0", rpps="x" * 999)) == []
