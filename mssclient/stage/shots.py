"""`mssclient shots`: every screen in every state, theme and size as PNG, on the real program at the theatre."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from mssclient import app
from mssclient.domain.bal import FolderRole, Link
from mssclient.domain.environment import Policy
from mssclient.domain.machine import Machine
from mssclient.domain.message import Row
from mssclient.domain.outbox import SendState
from mssclient.domain.session import CardStatus, SessionState, SignInStage
from mssclient.sandbox.people import PHYSICIAN
from mssclient.stage import shots_directory, shots_mail
from mssclient.stage.loop import NeverHappened, rest, until
from mssclient.stage.theatre import Theatre
from mssclient.stage.workplace import Workplace
from mssclient.ui.compose.window import ComposeWindow
from mssclient.ui.directory.window import DirectoryWindow
from mssclient.ui.models.folder_tree import Work
from mssclient.ui.settings.dialog import SettingsDialog
from mssclient.ui.theme import theme

SMALL, LARGE, COMPOSER = (1366, 768), (1920, 1080), (900, 660)
BOTH = (SMALL, LARGE)
THEMES = ("light", "dark")
NO_READER = CardStatus(supported=True, reader=False, present=False)
_SETTLE_MS = 150
LONG_NAME = "Compte rendu de consultation pluridisciplinaire de gériatrie et de soins palliatifs " * 3


class Camera:
    """Takes one picture a theme and size; refuses a blank one. Main thread."""

    def __init__(self, out: Path, themes: Iterable[str] = THEMES) -> None:
        self._out = out
        self._themes = tuple(themes)
        self.taken: list[Path] = []
        self.missing: list[str] = []

    def shoot(self, widget: QWidget, name: str, sizes: Iterable[tuple[int, int]] = (SMALL,), scale: int = 100) -> None:
        """The widget with what pops up over it, in each theme and size; `scale` is the text's, in percent.

        It ends as it began, light and at the first size: what a person widened must not carry over.
        """
        wanted = tuple(sizes)
        for width, height in wanted:
            widget.resize(width, height)
            for wish in self._themes:
                theme.apply(wish, scale)
                rest(_SETTLE_MS)
                self._keep(_picture(widget), f"{name}-{wish}-{width}x{height}")
        theme.apply(THEMES[0])
        widget.resize(*wanted[0])
        rest(_SETTLE_MS)

    def _keep(self, image: QImage, name: str) -> None:
        corner = image.pixelColor(2, 2)
        points = (image.pixelColor(x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 5))
        path = self._out / f"{name}.png"
        if all(point == corner for point in points) or not image.save(str(path)):
            self.missing.append(name)
            return
        self.taken.append(path)


def _picture(widget: QWidget) -> QImage:
    """What a person would see: the widget, and menus and lists that float above it."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for other in QApplication.topLevelWidgets():
        floating = other.windowFlags() & Qt.WindowType.Popup == Qt.WindowType.Popup
        tip = other.windowFlags() & Qt.WindowType.ToolTip == Qt.WindowType.ToolTip
        if other is not widget and other.isVisible() and (floating or tip):
            painter.drawPixmap(other.pos() - widget.mapToGlobal(QPoint(0, 0)), other.grab())
    painter.end()
    return image


class Session:
    """The order in which screens are brought up; each step may fail alone, and is then told as missing."""

    def __init__(self, camera: Camera, theatre: Theatre, place: Workplace) -> None:
        self.camera = camera
        self.theatre = theatre
        self.place = place
        self.window = place.window
        self.engine = place.engine

    def run(self) -> None:
        """Every screen."""
        self.place.start()
        for step in (
            self._signing_in, self._busy, self._reading, self._lists, self._documents, self._composer, self._outbox,
            self._mail, self._windows, self._trouble, self._large_letters, self._first_address, self._outside, self._renewal,
            self._locked, self._activities,
        ):  # fmt: skip
            try:
                step()
            except (NeverHappened, StopIteration) as failure:
                self.camera.missing.append(f"{step.__name__.strip('_')}: {failure}")
                self._close_windows()

    def _shoot(self, name: str, sizes: Iterable[tuple[int, int]] = (SMALL,)) -> None:
        self.camera.shoot(self.window, name, sizes)

    def _close_windows(self) -> None:
        for widget in QApplication.topLevelWidgets():
            if widget is not self.window:
                widget.close()
        rest(50)

    def _top(self, kind: type[QWidget]) -> QWidget:
        until(lambda: any(isinstance(w, kind) and w.isVisible() for w in QApplication.topLevelWidgets()), kind.__name__)
        return next(w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible())

    # -- before anybody is there
    def _signing_in(self) -> None:
        reader, engine = self.place.reader, self.engine
        self._shoot("sign-in-no-card", BOTH)
        reader.show(NO_READER)
        until(lambda: not engine.card_status().reader, "no reader")
        self._shoot("sign-in-no-reader")
        reader.show(CardStatus(supported=True, reader=True, present=True, trouble="VITALE"))
        until(lambda: engine.card_status().trouble, "wrong card")
        self._shoot("sign-in-wrong-card")
        self.place.insert(self.theatre.institution.staff("physician").card)
        self._shoot("sign-in-card")
        self.place.number = ""
        engine.sign_in_with_browser()
        until(lambda: engine.sign_in_view().stage is SignInStage.FAILED, "sign-in cancelled")
        self._shoot("sign-in-failure")
        engine.sign_in_with_ecps(self.theatre.institution.staff("physician").person.national_id)
        until(lambda: engine.sign_in_view().digits, "digits")
        self._shoot("sign-in-ecps-digits")
        self.camera.shoot(self.window, "sign-in-ecps-digits-200", scale=200)
        engine.cancel_sign_in()
        until(lambda: engine.sign_in_view().stage in {SignInStage.IDLE, SignInStage.FAILED}, "cancelled")

    def _busy(self) -> None:
        orders = self.theatre.operator.orders
        orders.slow(0.25, "FETCH")
        self.place.sign_in(self.theatre.institution.staff("secretary").card)
        self._shoot("main-empty-at-first")
        self.place.live(3)
        until(lambda: any(p.what == "headers" and p.done for p in self.engine.progress()), "headers coming")
        self._shoot("main-busy")
        orders.clear()
        self.place.quiet()

    # -- the desk
    def _reading(self) -> None:
        place = self.place
        secretariat = place.bal("secretariat")
        # The longest names of this world stand in somebody else's mailbox.
        crowded = next(m for m in self.theatre.operator.messages(PHYSICIAN) if b"calendrier" in m.raw)
        self.theatre.operator.deliver(secretariat.address, crowded.raw)
        place.go(place.folder(secretariat))
        self._shoot("main-nothing-chosen")
        place.open(lambda r: not r.attachments and not r.has_xdm)
        self._shoot("main-message", BOTH)
        place.open(lambda r: r.has_xdm and r.usager is not None)
        self._shoot("main-xdm-message", BOTH)
        for pane in ("classic", "list"):
            self.window.commands.named(f"pane_{pane}").trigger()
            rest(150)
            self._shoot(f"main-pane-{pane}")
        self.window.commands.named("pane_wide").trigger()
        self.window.commands.named("density").trigger()
        rest(150)
        self._shoot("main-two-lines")
        self.window.commands.named("density").trigger()
        place.open(lambda r: r.conversation_size > 2)
        self._shoot("main-conversation")
        self._each_message()

    def _each_message(self) -> None:
        """The odd ones, wherever they stand."""
        wanted: tuple[tuple[str, Callable[[Row], bool]], ...] = (
            ("main-html-message", self._is_html),
            ("main-receipt-report", self._is_report),
            ("main-long-names", lambda r: len(r.subject) > 100),
        )
        for name, fits in wanted:
            for bal in self.engine.reader.bals():
                self.place.go(self.place.folder(bal))
                if self.place.open(fits) is not None:
                    self._shoot(name)
                    break
            else:
                self.camera.missing.append(name)

    def _is_html(self, row: Row) -> bool:
        message = self.engine.reader.message(row.id)
        return message is not None and bool(message.safe_html)

    def _is_report(self, row: Row) -> bool:
        message = self.engine.reader.message(row.id)
        return message is not None and bool(message.receipt)

    def _lists(self) -> None:
        place, window = self.place, self.window
        window.tools.search.setText("nessi")
        until(lambda: window.desk.list.query.search and place.rows(), "something is found")
        place.open(lambda _row: True)
        self._shoot("main-search", BOTH)
        window.tools.search.setText("introuvable assurément")
        until(lambda: window.desk.list.query.search.startswith("introuvable"), "nothing is found")
        self._shoot("main-search-nothing")
        window.tools.search.clear()
        window.desk.search_now()
        place.go_to(("work", Work.TO_FILE))
        rest(200)
        place.open(lambda _row: True)
        self._shoot("main-to-file")
        place.go_to(("work", Work.DRAFTS))
        self._shoot("drafts-empty")
        trash = next(f for b in self.engine.reader.bals() for f in self.engine.reader.folders(b.id) if not f.total)
        place.go(trash)
        self._shoot("main-empty-folder")
        window.commands.named("palette").trigger()
        rest(100)
        self.camera.shoot(self._dialog(), "command-list", ((560, 480),))
        self._close_windows()
        window.commands.named("keys").trigger()
        rest(100)
        self.camera.shoot(self._dialog(), "key-list", ((620, 620),))
        self._close_windows()

    def _dialog(self) -> QWidget:
        return next(w for w in QApplication.topLevelWidgets() if w is not self.window and w.isVisible())

    def _documents(self) -> None:
        place, window = self.place, self.window
        place.go(place.folder(place.bal("secretariat")))
        place.open(lambda r: r.has_xdm and r.usager is not None)
        first = window.desk.reading.attachments.first
        if first is None:
            raise NeverHappened("a document to file")
        window.desk.show_part(*first, filing=False)
        rest(1200)
        self._shoot("preview", BOTH)
        window.desk.show_part(*first, filing=True)
        rest(600)
        self._shoot("filing-panel", BOTH)
        window.desk.back_to_message()

    # -- writing
    def _composer(self) -> None:
        window = self.window
        window.commands.named("new").trigger()
        composer = self._top(ComposeWindow)
        self.camera.shoot(composer, "composer-empty", (COMPOSER,))
        if not isinstance(composer, ComposeWindow):
            raise NeverHappened("a composer")
        # Not the keys: Qt would go on believing that Ctrl is held, and the list would add to its selection.
        composer.try_send()
        rest(150)
        self.camera.shoot(composer, "composer-objections", (COMPOSER,))
        field = composer.findChild(QLineEdit, "compose.to")
        if not isinstance(field, QLineEdit):
            raise NeverHappened("the recipients' field")
        for typed in ("lemoine", "garnier"):
            QTest.keyClicks(field, typed)
            rest(350)
            QTest.keyClick(field, Qt.Key.Key_Return)
        composer.text.setPlainText("Bonjour,\n\nPourriez-vous nous donner votre avis ? Le bilan est ci-joint.\n")
        subject = composer.findChild(QLineEdit, "compose.subject")
        if isinstance(subject, QLineEdit):
            QTest.keyClicks(subject, "Demande d'avis pour une patiente")
        self._attach(composer)
        QTest.keyClicks(field, "dupon")
        rest(450)
        self.camera.shoot(composer, "composer-chips-and-proposals", (COMPOSER, LARGE))
        for _ in "dupon":
            QTest.keyClick(field, Qt.Key.Key_Backspace)
        rest(250)
        self.camera.shoot(composer, "composer-filled", (COMPOSER,))
        QTest.keyClicks(field, "dehors@exemple.fr,")
        rest(200)
        self.camera.shoot(composer, "composer-refused-address", (COMPOSER,))
        composer.close()
        self._answer()
        self.place.go_to(("work", Work.DRAFTS))
        self._shoot("drafts")

    def _attach(self, composer: ComposeWindow) -> None:
        path = self.theatre.folder / f"{LONG_NAME[:150].strip()}.txt"
        path.write_text("Pièce jointe d’essai.\n", "utf-8")
        composer.attachments.files_given.emit([path])
        until(lambda: any(d.attachments for d in self.engine.reader.drafts()), "attachment kept")

    def _answer(self) -> None:
        place = self.place
        place.go(place.folder(place.bal("secretariat")))
        place.open(lambda r: not r.attachments)
        self.window.commands.named("reply").trigger()
        composer = self._top(ComposeWindow)
        self.camera.shoot(composer, "composer-answer", (COMPOSER,))
        if isinstance(composer, ComposeWindow):
            composer.try_send()
        until(self.engine.reader.outbox, "something in the outbox")

    def _outbox(self) -> None:
        place, reader = self.place, self.engine.reader
        self._shoot("main-undo-send")
        place.go_to(("work", Work.OUTBOX))
        self._shoot("outbox-waiting", BOTH)
        place.engine.send_again(reader.outbox()[0].id)
        until(lambda: reader.sent() and reader.sent()[0].state is SendState.DONE, "sent")
        rest(600)
        self._shoot("outbox-sent")

    def _mail(self) -> None:
        """Folders, transfers, limits, drafts: each may fail alone."""

        def shoot(widget: QWidget, name: str) -> None:
            sizes = {"FolderNaming": (420, 170), "ComposeWindow": COMPOSER}
            self.camera.shoot(widget, name, (sizes.get(type(widget).__name__, SMALL),))

        for states in (
            shots_mail.lists,
            shots_mail.folders,
            shots_mail.transfers,
            shots_mail.limits,
            shots_mail.drafts,
        ):
            try:
                states(self.place, self.theatre, shoot)
            except (NeverHappened, StopIteration) as failure:
                self.camera.missing.append(f"{states.__name__}: {failure}")
            finally:
                self.theatre.operator.orders.clear()
                self._close_windows()

    # -- the other windows
    def _windows(self) -> None:
        window = self.window
        window.commands.named("directory").trigger()
        directory = self._top(DirectoryWindow)
        self.camera.shoot(directory, "directory-empty", ((1000, 680),))
        if isinstance(directory, DirectoryWindow):
            directory.search("martin")
            until(lambda: directory.list.model().rowCount(), "directory results")
            directory.list.setCurrentIndex(directory.list.model().index(0, 0))
            rest(200)
        self.camera.shoot(directory, "directory-results", ((1000, 680), LARGE))
        if isinstance(directory, DirectoryWindow):
            for states in (shots_directory.at_hand, shots_directory.reconciled):
                states(directory, self.engine, lambda widget, name: self.camera.shoot(widget, name, ((1120, 700),)))
        self._close_windows()
        window.commands.named("settings").trigger()
        settings = self._top(SettingsDialog)
        if isinstance(settings, SettingsDialog):
            for page in ("appearance", "bals", "receipts", "folder", "directory", "workstation", "about"):
                settings.show_page(page)
                self.camera.shoot(settings, f"settings-{page}", ((680, 500),))
        self._close_windows()

    # -- when things go wrong
    def _trouble(self) -> None:
        place, orders = self.place, self.theatre.operator.orders
        secretariat = place.bal("secretariat")
        place.go(place.folder(secretariat))
        moved = place.open(lambda r: not r.attachments)
        orders.answer("MOVE", "NO [OVERQUOTA] Boîte pleine")
        if moved is not None:
            self.engine.move((moved,), place.folder(secretariat, FolderRole.ARCHIVE).id)
            try:
                until(self.window.desk.problems.isVisible, "problem told", 5)
                self._shoot("main-error")
            except NeverHappened:
                self.camera.missing.append("main-error")
        orders.clear()
        self.theatre.cut()
        until(lambda: all(b.link is not Link.LIVE for b in self.engine.reader.bals()), "lines down")
        place.go(place.folder(secretariat))
        place.open(lambda r: not r.attachments)
        self._shoot("main-offline", BOTH)
        self.theatre.mend()
        self.engine.refresh()
        place.live(3)

    def _large_letters(self) -> None:
        """200 % text (EN 301 549, 11.7)."""
        self.place.open(lambda r: r.has_xdm)
        self.camera.shoot(self.window, "main-text-200", BOTH, scale=200)
        theme.apply("light")
        rest(100)

    def _first_address(self) -> None:
        self.window.pages.setCurrentWidget(self.window.first_address)
        self._shoot("first-address")
        self.window.pages.setCurrentWidget(self.window.desk)

    def _outside(self) -> None:
        self.place.go(self.place.folder(self.place.bal("secretariat")))
        self.place.open(lambda r: r.has_xdm)
        self.window.desk.open_first_outside()
        rest(100)
        self._shoot("outside-question")
        self.window.desk.outside.notice.button(1).click()

    def _renewal(self) -> None:
        """The end of the PSC session: read on, sign in again without leaving the screen."""
        bar, engine = self.window.desk.session_bar, self.engine
        self.theatre.expire()
        until(lambda: engine.session_state() is SessionState.READING, "reading on")
        until(bar.isVisible, "the bar")
        self._shoot("session-over")
        self.camera.shoot(self.window, "session-over-200", scale=200)
        self.window.commands.named("new").trigger()
        self.camera.shoot(self._top(ComposeWindow), "session-over-composer", (COMPOSER,))
        self._close_windows()
        bar.form.asked.emit(self.place.number)
        until(lambda: engine.sign_in_view().digits, "digits")
        rest(100)
        self._shoot("session-renewal-phone")
        self.theatre.approve()
        until(lambda: engine.session_state() is SessionState.OPEN, "renewed")
        self.place.live(3)

    def _activities(self) -> None:
        """Somebody who practises in several places takes the workstation."""
        self.place.insert(self.theatre.institution.staff("physician").card)
        self.engine.sign_in_with_browser()
        until(self.window.choose_activity.isVisible, "the choice of an activity")
        self._shoot("choose-activity")
        self.camera.shoot(self.window, "choose-activity-200", scale=200)

    def _locked(self) -> None:
        self.window.commands.named("new").trigger()
        composer = self._top(ComposeWindow)
        self.place.reader.remove()
        until(lambda: self.window.lock.on, "covered", 5)
        until(lambda: self.engine.session_state() is SessionState.LOCKED, "locked")
        self._shoot("locked", BOTH)
        self.camera.shoot(composer, "locked-composer", (COMPOSER,))


def run(out: Path) -> int:
    """Every picture into `out`; 0 when none is missing."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.png"):
        old.unlink()
    app.qt_application()
    camera = Camera(out)
    folder = Path(tempfile.mkdtemp(prefix="mssclient-shots-"))
    policy = Policy(card_out_grace_s=0.3, undo_send_s=30, keep_key_in_file=True, read_after_session=True)
    try:
        with Theatre(folder / "sandbox", bulk=3_000, policy=policy) as theatre:
            place = Workplace(app.load_environment(str(theatre.environment_file), Machine()), folder / "home")
            try:
                Session(camera, theatre, place).run()
            finally:
                place.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for name in camera.missing:
        print(f"manque : {name}")
    print(f"{len(camera.taken)} images dans {out}")
    return 1 if camera.missing else 0
