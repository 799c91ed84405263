"""Favourites, recent correspondents and groups in the Annuaire's window and in the composer, by keyboard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from mssclient.domain.bal import BalId
from mssclient.domain.circle import Acquaintance, Group, GroupId
from mssclient.domain.draft import Field, Origin
from mssclient.domain.entry import Departure
from mssclient.domain.events import ProgressChanged
from mssclient.ui.compose.suggestions import LINE, Line, correspondent_of
from mssclient.ui.compose.window import ComposeWindow
from mssclient.ui.directory.side import Shelf, Shown
from mssclient.ui.directory.window import DirectoryWindow
from tests.sample import ENTRIES
from tests.ui.desk import Desk, signed_in, unnamed

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
MARTIN, MARTINEZ, BENALI, TESTARD = ENTRIES[0], ENTRIES[2], ENTRIES[3], ENTRIES[4]
TWIN = replace(
    MARTIN, address="helene.martin@lilas.mss.example", national_id="899900077777", structure="Imagerie des Lilas",
    town="Portfictif", post_code="98100",
)  # fmt: skip
STAFF = Group(GroupId("g1"), "Staff de gériatrie", (correspondent_of(MARTIN), correspondent_of(BENALI)))


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return signed_in()


@pytest.fixture
def window(desk: Desk, qtbot: QtBot) -> DirectoryWindow:
    made = DirectoryWindow(desk.engine, desk.herald)
    qtbot.addWidget(made)
    made.show()
    desk.settle()
    return made


@pytest.fixture
def composer(desk: Desk, qtbot: QtBot) -> ComposeWindow:
    made = ComposeWindow(desk.engine, desk.herald, desk.engine.new_draft(BalId(1)))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    desk.settle()
    return made


def lines(window: DirectoryWindow) -> list[Line]:
    found = [window.model.index(row).data(LINE) for row in range(window.model.rowCount())]
    return [line for line in found if isinstance(line, Line)]


def card(window: DirectoryWindow) -> str:
    return "\n".join(label.text() for label in window.card.findChildren(QLabel))


def star(window: DirectoryWindow) -> QToolButton:
    found = window.card.findChild(QToolButton, "directory.star")
    assert found is not None
    return found


# -- the window
def test_a_star_makes_a_favourite_and_the_shelf_shows_it(desk: Desk, window: DirectoryWindow) -> None:
    window.search("benali")
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert desk.engine.asked("favour") == [(correspondent_of(BENALI), True)]
    assert lines(window)[0].favourite
    assert star(window).isChecked()

    window.side.choose(Shown(Shelf.FAVOURITES))
    assert [line.name for line in lines(window)] == ["M. Karim BENALI"]
    star(window).click()
    desk.settle()
    assert lines(window) == []
    assert "Aucun favori" in window.count.text()


def test_recent_ones_stand_newest_first_even_when_the_annuaire_forgot_them(desk: Desk, window: DirectoryWindow) -> None:
    stranger = replace(correspondent_of(MARTINEZ), address="parti@ville.mss.example", label="Dr_Jean_PARTI_Cabinet")
    desk.engine.world.recent_list = [stranger, correspondent_of(BENALI)]
    window.side.choose(Shown(Shelf.RECENT))
    assert [line.name for line in lines(window)] == ["Dr Jean PARTI Cabinet", "M. Karim BENALI"]


def test_typing_goes_back_to_the_search(desk: Desk, window: DirectoryWindow) -> None:
    window.side.choose(Shown(Shelf.FAVOURITES))
    QTest.keyClicks(window.line, "benali")
    assert window.side.shown().shelf is Shelf.SEARCH
    assert [line.name for line in lines(window)] == ["M. Karim BENALI"]


def test_a_group_is_made_named_filled_emptied_and_removed(desk: Desk, window: DirectoryWindow) -> None:
    window.search("benali")
    next(action for action in window.ask_group().actions() if action.text().startswith("Nouveau")).trigger()
    desk.settle()
    (group,) = desk.engine.reader.groups()
    assert window.side.shown() == Shown(Shelf.GROUP, group.id)
    assert group.members == (correspondent_of(BENALI),)

    assert window.group_bar.name.text() == "Nouveau groupe"
    window.group_bar.edit_name()
    QTest.keyClicks(window.group_bar.name, "Plaies")
    QTest.keyClick(window.group_bar.name, Qt.Key.Key_Return)
    desk.settle()
    assert [g.name for g in desk.engine.reader.groups()] == ["Plaies"]

    window.search("testard")
    window.ask_group().actions()[0].trigger()
    desk.settle()
    assert len(desk.engine.reader.groups()[0].members) == 2
    assert "Groupes\u00a0: Plaies" in card(window)

    window.side.choose(Shown(Shelf.GROUP, group.id))
    window.list.setFocus()
    QTest.keyClick(window.list, Qt.Key.Key_Delete)
    desk.settle()
    assert len(desk.engine.reader.groups()[0].members) == 1

    window.group_bar.drop.click()
    assert desk.engine.asked("drop_group") == [], "a question comes first"
    window.group_bar.notice.button(0).click()
    desk.settle()
    assert desk.engine.reader.groups() == ()
    assert window.side.shown().shelf is Shelf.SEARCH


def test_a_name_that_is_taken_is_refused_with_a_sentence(desk: Desk, window: DirectoryWindow) -> None:
    desk.engine.keep_group(STAFF)
    desk.engine.keep_group(Group(GroupId("g2"), "Autre"))
    desk.settle()
    window.side.choose(Shown(Shelf.GROUP, GroupId("g2")))
    window.group_bar.name.setText("staff de GERIATRIE")
    window.group_bar.name.editingFinished.emit()
    assert window.group_bar.notice.text == "Un autre groupe porte déjà ce nom."
    assert desk.engine.reader.groups()[0].name == "Autre"


def test_an_eleventh_member_is_refused(desk: Desk, window: DirectoryWindow) -> None:
    people = tuple(replace(correspondent_of(MARTIN), address=f"p{n}@chu.mss.example") for n in range(10))
    desk.engine.keep_group(Group(GroupId("g"), "Dix", people))
    desk.settle()
    window.search("benali")
    window.ask_group().actions()[0].trigger()
    assert "10 membres au plus" in window.status.text()
    assert len(desk.engine.reader.groups()[0].members) == 10


def test_writing_to_a_group_writes_to_its_members(desk: Desk, window: DirectoryWindow, qtbot: QtBot) -> None:
    desk.engine.keep_group(STAFF)
    desk.settle()
    window.side.choose(Shown(Shelf.GROUP, STAFF.id))
    with qtbot.waitSignal(window.write_to) as asked:
        window.group_bar.all.click()
    assert [who.address for who in asked.args[0]] == [MARTIN.address, BENALI.address]


def test_the_card_says_what_one_had_to_do_with_them(desk: Desk, window: DirectoryWindow) -> None:
    world = desk.engine.world
    world.known[MARTIN.address] = Acquaintance(MARTIN.address, 12, datetime(2026, 11, 3, 12, tzinfo=UTC))
    world.departed[MARTIN.address] = Departure(MARTIN.address, "2026-11-10", replaced=True)
    window.search("helene martin")
    said = card(window)
    assert "12 messages envoyés, le dernier le 03/11/2026" in said
    assert "Cette adresse a changé de titulaire le 10/11/2026." in said
    assert "Annuaire\u00a0: 612\u202f408 adresses" in said
    assert "Clinique des Acacias" in window.card.accessibleDescription()
    assert "12 messages envoyés" in window.card.accessibleDescription()
    assert desk.engine.asked("check_address") == [(MARTIN.address,)]
    assert "Vérifié en ligne" not in said

    world.listed[MARTIN.address] = True
    desk.engine.script(ProgressChanged())
    desk.settle()
    assert "Vérifié en ligne\u00a0: l’adresse figure à l’Annuaire Santé." in card(window)


def test_namesakes_are_told_apart_and_neighbours_seen(desk: Desk, window: DirectoryWindow) -> None:
    desk.engine.world.entries.append(TWIN)
    desk.engine.world.near = "99"
    window.search("martin helene")
    found = [line for line in lines(window) if line.name == "Dr Hélène MARTIN"]
    assert [line.details.split(" · ")[0] for line in found] == [
        "CHU de Villefictive", "Clinique des Acacias", "Imagerie des Lilas",
    ]  # fmt: skip
    assert [line.near for line in found] == [True, True, False]
    sentence = str(window.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert "dans votre département" in sentence


def test_everything_new_has_a_name(desk: Desk, window: DirectoryWindow) -> None:
    desk.engine.keep_group(STAFF)
    desk.settle()
    window.side.choose(Shown(Shelf.GROUP, STAFF.id))
    assert unnamed(window) == []


# -- the composer
def addresses(composer: ComposeWindow) -> list[str]:
    return [recipient.who.address for recipient in composer.header.to.recipients()]


def test_a_groups_name_brings_its_members(desk: Desk, composer: ComposeWindow) -> None:
    desk.engine.keep_group(STAFF)
    QTest.keyClicks(composer.header.to.input, "staf")
    QTest.keyClick(composer.header.to.input, Qt.Key.Key_Return)
    assert addresses(composer) == [MARTIN.address, BENALI.address]
    assert {r.origin for r in composer.header.to.recipients()} == {Origin.DIRECTORY}
    assert composer.header.counter.text().startswith("2")


def test_a_group_counts_against_the_ten(desk: Desk, composer: ComposeWindow) -> None:
    people = tuple(replace(correspondent_of(MARTIN), address=f"p{n}@chu.mss.example") for n in range(9))
    desk.engine.keep_group(Group(GroupId("g"), "Neuf", people))
    desk.engine.keep_group(STAFF)
    for name in ("neuf", "staff"):
        QTest.keyClicks(composer.header.to.input, name)
        QTest.keyClick(composer.header.to.input, Qt.Key.Key_Return)
    assert "11 destinataires" in composer.header.recipients_notice.text


def test_a_member_the_annuaire_does_not_list_is_checked_like_a_typed_one(desk: Desk, composer: ComposeWindow) -> None:
    gone = replace(correspondent_of(MARTIN), address="parti@ailleurs.example")
    desk.engine.keep_group(Group(GroupId("g"), "Ancien", (gone,)))
    QTest.keyClicks(composer.header.to.input, "ancien")
    QTest.keyClick(composer.header.to.input, Qt.Key.Key_Return)
    assert composer.header.to.recipients()[0].origin is Origin.TYPED
    assert "hors de l’espace de confiance" in composer.header.recipients_notice.text


def test_down_in_an_empty_field_proposes_whom_one_writes_to(desk: Desk, composer: ComposeWindow) -> None:
    world = desk.engine.world
    world.favourite_map[TESTARD.address] = correspondent_of(TESTARD)
    world.recent_list = [correspondent_of(BENALI), correspondent_of(TESTARD)]
    field = composer.header.to.input
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert addresses(composer) == [TESTARD.address, BENALI.address]


def test_chips_of_namesakes_show_their_addresses(desk: Desk, composer: ComposeWindow) -> None:
    same = replace(TWIN, structure=MARTIN.structure)
    desk.engine.world.entries.append(same)
    for address in (MARTIN.address, same.address):
        QTest.keyClicks(composer.header.to.input, f"{address};")
    shown = [label.text() for chip in composer.header.to._chips for label in chip.findChildren(QLabel) if label.text()]
    assert all("@" in text for text in shown)
    assert len(set(shown)) == 2


# -- trust
def test_who_left_is_asked_about_and_replaced_in_one_click(desk: Desk, composer: ComposeWindow) -> None:
    old = "k.benali@chu.mss.example"
    world = desk.engine.world
    world.departed[old] = Departure(old, "2026-11-10", replaced=False, national_id=BENALI.national_id)
    world.known[old] = Acquaintance(old, 3, datetime(2026, 10, 1, tzinfo=UTC))
    QTest.keyClicks(composer.header.to.input, f"{old};")
    notice = composer.header.recipients_notice
    assert "n’est plus dans l’Annuaire Santé depuis le 10/11/2026" in notice.text

    composer.header.subject.setText("Suivi")
    composer.header.subject.textEdited.emit("Suivi")
    composer.text.setPlainText("Bonjour")
    composer.try_send()
    assert desk.engine.asked("send") == [], "the person is asked first"
    assert "n’est plus dans l’Annuaire" in composer.question.text

    assert notice.button(0).text() == f"Écrire à {BENALI.address}"
    notice.button(0).click()
    assert addresses(composer) == [BENALI.address]
    assert composer.header.to.recipients()[0].origin is Origin.DIRECTORY
    assert notice.text == ""


def test_a_person_may_write_all_the_same(desk: Desk, composer: ComposeWindow) -> None:
    world = desk.engine.world
    world.departed[BENALI.address] = Departure(BENALI.address, "2026-11-10", replaced=True)
    world.known[BENALI.address] = Acquaintance(BENALI.address, 3, datetime(2026, 10, 1, tzinfo=UTC))
    QTest.keyClicks(composer.header.to.input, f"{BENALI.address};")
    composer.header.subject.setText("Suivi")
    composer.header.subject.textEdited.emit("Suivi")
    composer.text.setPlainText("Bonjour")
    composer.try_send()
    assert "a changé de titulaire le 10/11/2026" in composer.question.text
    composer.question.button(0).click()
    assert len(desk.engine.asked("send")) == 1


def test_a_look_alike_is_refused_with_what_was_meant(desk: Desk, composer: ComposeWindow) -> None:
    QTest.keyClicks(composer.header.to.input, "karim.benali@vile.mss.example;")
    notice = composer.header.recipients_notice
    assert "hors de l’espace de confiance MSSanté" in notice.text
    assert "ressemble à celui de karim.benali@ville.mss.example" in notice.text
    notice.button(0).click()
    assert addresses(composer) == [BENALI.address]
    assert composer.header.to.recipients()[0].field is Field.TO


def test_the_keyboard_stays_where_it_is_while_nothing_changes(desk: Desk, composer: ComposeWindow) -> None:
    QTest.keyClicks(composer.header.to.input, "karim.benali@vile.mss.example;")
    before = composer.header.recipients_notice.button(0)
    QTest.keyClicks(composer.text, "abc")
    assert composer.header.recipients_notice.button(0) is before
