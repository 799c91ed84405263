"""Several activities: one is chosen before the desk, and another can be taken later."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mssclient.domain.session import Activity
from tests.fakes import PERSON
from tests.ui.conftest import Stage

SECOND = Activity("Médecin", "Gériatrie", "Centre hospitalier de Villefictive", "1750042")
MANY = replace(PERSON, activities=(*PERSON.activities, SECOND))


def test_one_activity_asks_nothing(stage: Stage) -> None:
    stage.sign_in()
    assert stage.window.pages.currentWidget() is stage.window.desk
    assert stage.window.tools.person.accessibleDescription() == "Médecin, Gériatrie – Résidence Les Tilleuls"
    assert "Résidence Les Tilleuls" in stage.window.tools.person.toolTip()


def test_several_are_chosen_by_arrow_and_enter(stage: Stage) -> None:
    stage.engine.sign_in(MANY)
    page = stage.window.choose_activity
    stage.until(lambda: stage.window.pages.currentWidget() is page)
    assert not stage.window.tools.isVisible()
    assert stage.window.focusWidget() is page.list
    assert page.list.count() == 2
    assert "n° 1750042" in page.list.item(1).text()
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert stage.engine.asked("choose_activity") == [(SECOND,)]
    stage.until(lambda: stage.window.pages.currentWidget() is stage.window.desk)
    stage.until(lambda: stage.window.desk.list.model.rowCount() > 0)
    assert "Villefictive" in stage.window.tools.person.accessibleDescription()


def test_the_button_chooses_the_marked_one(stage: Stage) -> None:
    stage.engine.sign_in(MANY)
    page = stage.window.choose_activity
    stage.until(page.isVisible)
    QTest.keyClick(page.button, Qt.Key.Key_Return)
    assert stage.engine.asked("choose_activity") == [(PERSON.activities[0],)]


def test_one_can_leave_instead(stage: Stage) -> None:
    stage.engine.sign_in(MANY)
    stage.until(stage.window.choose_activity.isVisible)
    stage.window.choose_activity.leave.click()
    stage.until(stage.window.sign_in.isVisible)
    assert stage.window.choose_activity.list.count() == 0


def test_another_is_taken_later_and_the_desk_stays(stage: Stage) -> None:
    stage.engine.chosen = PERSON.activities[0]
    stage.engine.sign_in(MANY)
    desk = stage.window.desk
    stage.until(lambda: desk.list.model.rowCount() > 0)
    desk.list.table.selectRow(3)
    chosen = desk.list.selected()
    stage.do("activity")
    dialog = stage.window.windows._settings
    assert dialog is not None
    assert dialog.tabs.currentWidget() is dialog.workstation
    assert dialog.workstation.activities.currentRow() == 0
    dialog.workstation.activities.setCurrentRow(1)
    dialog.workstation.choose.click()
    stage.until(lambda: "Villefictive" in stage.window.tools.person.accessibleDescription())
    assert desk.list.selected() == chosen
    assert dialog.isVisible()
