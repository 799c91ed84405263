"""Favourites and groups through the engine, and a comparison on the `directory` thread, on a real store and Annuaire."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import BalId
from mssclient.domain.circle import Group, GroupId, GroupWrong
from mssclient.domain.draft import Origin, Recipient
from mssclient.domain.environment import Environment
from mssclient.domain.errors import FilingRefused, NotAllowed, Unread, Unreadable
from mssclient.domain.events import CorrespondentsChanged, Event, ReconciliationChanged
from mssclient.domain.reconcile import Outcome
from mssclient.domain.reconcile_report import Reconciliation
from mssclient.domain.session import SessionState
from mssclient.engine.directory import Directory
from mssclient.engine.house import Speaker
from mssclient.sandbox.directory import Listed, extraction
from mssclient.store.directory import Arrival, DirectoryStore
from tests.engine.conftest import Workstation

NOW = datetime(2026, 8, 26, 10, 13, tzinfo=UTC)
ZOE = Correspondent("Dr_Zoé_EXEMPLE_Lilas", "zoe.exemple@lilas.mss.example", CorrespondentKind.PROFESSIONAL)
LISTED = (
    Listed("claire.essai@tilleuls.mss.example", rpps="99900000015", family="ESSAI-FICTIF", given="Claire", post_code="63999",
           town="BOISFICTIF"),
    Listed("jean.modele@tilleuls.mss.example", family="MODELE", given="Jean", post_code="63999", town="BOISFICTIF"),
)  # fmt: skip
BASE = (
    "rpps;nom;prenom;ville;mssante\r\n99900000015;Essai-Fictif;Claire;Boisfictif;\r\n"
    ";Modele;Jean;Boisfictif;ancien@tilleuls.mss.example\r\n;Introuvable;Zoé;Nullepart;parti@tilleuls.mss.example\r\n"
)


# -- what a person has at hand
def test_favourites_and_groups_are_the_persons_own_and_last(signed_in: Workstation) -> None:
    engine = signed_in.engine
    engine.favour(ZOE, True)
    engine.keep_group(Group(GroupId("g"), "Staff", (ZOE,)))
    signed_in.until(engine.reader.groups, "the group is kept")
    assert engine.reader.favourites() == (ZOE,)
    assert engine.reader.acquaintance(ZOE.address).groups == ("Staff",)
    assert CorrespondentsChanged() in signed_in.events
    with pytest.raises(NotAllowed) as refused:
        engine.keep_group(Group(GroupId("h"), "STAFF"))
    assert refused.value.objections == (GroupWrong.SAME_NAME,)

    engine.sign_out()
    signed_in.until(lambda: engine.session_state() is SessionState.SIGNED_OUT, "signed out")
    signed_in.until(lambda: engine.reader.groups() == (), "nothing can be read")
    assert engine.reader.favourites() == ()
    signed_in.sign_in()
    assert engine.reader.favourites() == (ZOE,)
    engine.favour(ZOE, False)
    engine.drop_group(GroupId("g"))
    signed_in.until(lambda: engine.reader.groups() == (), "the group is gone")
    assert engine.reader.favourites() == ()


def test_who_was_written_to_is_recent_and_known(signed_in: Workstation) -> None:
    engine = signed_in.engine
    bal = next(bal for bal in engine.reader.bals() if bal.kind.value != "APP")
    to = next(b.address for b in engine.reader.bals() if b.id != bal.id)
    who = Correspondent("", to, CorrespondentKind.PROFESSIONAL)
    draft = engine.new_draft(BalId(bal.id), (who,))
    draft = replace(draft, recipients=(Recipient(who, origin=Origin.DIRECTORY),), subject="Essai", text="Bonjour")
    engine.send(draft)
    signed_in.until(lambda: engine.reader.acquaintance(to).times == 1, "it is counted")
    assert to in [one.address for one in engine.reader.recent()]
    assert engine.reader.acquaintance(to).last is not None


# -- the comparison
class Station:
    """The `directory` thread alone, over an Annuaire of some entries."""

    def __init__(self, folder: Path) -> None:
        self.heard = threading.Condition()
        self.events: list[Event] = []
        self.store = DirectoryStore(folder / "annuaire" / "annuaire.sqlite")
        nowhere = Environment("", "", "", "", "", "", "", "")
        self.directory = Directory(nowhere, self.store, folder / "annuaire", Speaker(self._hear), lambda: NOW)
        self.directory.worker.start()

    def _hear(self, event: Event) -> None:
        with self.heard:
            self.events.append(event)
            self.heard.notify_all()

    def load(self) -> None:
        text = b"".join(extraction(800, 3, fixed=LISTED))
        self.store.load(io.BytesIO(text), lambda done, total: None, lambda: False, arrival=Arrival(NOW.isoformat()))

    def ended(self) -> Reconciliation:
        with self.heard:
            assert self.heard.wait_for(lambda: (state := self.directory.comparison.state) and not state.running, 20)
        assert self.directory.comparison.state is not None
        return self.directory.comparison.state


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path)
    with closing(made.store):
        yield made
        made.directory.stop()
        assert made.directory.worker.join(10)


def test_a_list_is_compared_and_the_result_written(station: Station, tmp_path: Path) -> None:
    station.load()
    source = tmp_path / "base.csv"
    source.write_bytes(BASE.encode("cp1252"))
    station.directory.comparison.begin(source)
    state = station.ended()
    assert (state.error, state.source, state.total) == (None, "base.csv", 3)
    assert [verdict.outcome for verdict in state.verdicts] == [Outcome.NEW, Outcome.CHANGED, Outcome.VANISHED]
    assert ReconciliationChanged() in station.events

    target = tmp_path / "RESULTAT.csv"
    best = state.verdicts[0].best
    assert best is not None
    station.directory.comparison.write(target, {0: best.entry.address})
    with station.heard:
        assert station.heard.wait_for(lambda: (found := station.directory.comparison.state) and found.written, 10)
    rows = list(csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8-sig")), delimiter=";"))
    assert [row["accepte"] for row in rows] == ["oui", "non", "non"]
    assert rows[0]["adresse_annuaire"] == "claire.essai@tilleuls.mss.example"
    assert source.read_bytes() == BASE.encode("cp1252")


@pytest.mark.parametrize(
    ("content", "reason", "where"),
    [(b"", Unread.EMPTY, "csv"), (b"a;b\n1;2\n", Unread.NOT_IT, "csv"), (None, Unread.DAMAGED, "file"),
     (b"nom;prenom\n", Unread.EMPTY, "csv")],
)  # fmt: skip
def test_a_file_that_is_no_list_is_told(
    station: Station, tmp_path: Path, content: bytes | None, reason: Unread, where: str
) -> None:
    station.load()
    source = tmp_path / "base.csv"
    if content is not None:
        source.write_bytes(content)
    station.directory.comparison.begin(source)
    error = station.ended().error
    assert isinstance(error, Unreadable)
    assert (error.reason, error.where) == (reason, where)


def test_without_an_annuaire_nothing_is_compared(station: Station, tmp_path: Path) -> None:
    source = tmp_path / "base.csv"
    source.write_text(BASE, "utf-8")
    station.directory.comparison.begin(source)
    error = station.ended().error
    assert isinstance(error, Unreadable)
    assert error.where == "directory"


def test_a_target_that_cannot_be_written_is_told_and_the_lines_stay(station: Station, tmp_path: Path) -> None:
    station.load()
    source = tmp_path / "base.csv"
    source.write_text(BASE, "utf-8")
    station.directory.comparison.begin(source)
    station.ended()
    station.directory.comparison.write(tmp_path / "absent" / "RESULTAT.csv", {})
    with station.heard:
        assert station.heard.wait_for(lambda: (found := station.directory.comparison.state) and found.error, 10)
    state = station.ended()
    assert isinstance(state.error, FilingRefused)
    assert len(state.verdicts) == 3


def test_a_long_comparison_is_given_up_and_others_are_served_meanwhile(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mssclient.engine.directory_reconcile._SLICE_S", 0.0)
    station.load()
    source = tmp_path / "base.csv"
    source.write_text("nom;prenom\n" + "Modele;Jean\n" * 3_000, "utf-8")
    comparison = station.directory.comparison
    comparison.begin(source)
    with station.heard:
        assert station.heard.wait_for(lambda: (state := comparison.state) and len(state.verdicts) >= 3, 20)
    served = threading.Event()
    station.directory.worker.post(served.set)
    assert served.wait(5), "a slice ends, and somebody else's job runs"
    comparison.give_up()
    assert comparison.state is None
    quiet = threading.Event()
    station.directory.worker.post(quiet.set)
    assert quiet.wait(5)
    assert comparison.state is None, "a slice under way brings nothing back"


def test_a_second_list_takes_the_place_of_the_first(station: Station, tmp_path: Path) -> None:
    station.load()
    first, second = tmp_path / "un.csv", tmp_path / "deux.csv"
    first.write_text("nom;prenom\n" + "Modele;Jean\n" * 500, "utf-8")
    second.write_text(BASE, "utf-8")
    station.directory.comparison.begin(first)
    station.directory.comparison.begin(second)
    state = station.ended()
    assert (state.source, len(state.verdicts)) == ("deux.csv", 3)
