"""`mssclient tour`: a working day of three people, driven through the real window without a screen, every step checked.

Prints one line a step with its duration, saves a picture of every screen, and stops with a non-zero code at the first
thing that is not as it should be.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget

from mssclient import app
from mssclient.domain.bal import Bal, Folder, FolderRole, Link
from mssclient.domain.environment import Policy
from mssclient.domain.machine import Machine
from mssclient.domain.message import MessageId, Row, RowState
from mssclient.domain.outbox import Fate, SendState
from mssclient.domain.session import SessionState
from mssclient.stage import loop
from mssclient.stage.browser import StandInBrowser
from mssclient.stage.reader import StageReader
from mssclient.stage.theatre import Theatre
from mssclient.ui.compose.window import ComposeWindow
from mssclient.ui.theme import theme

WAIT_S = 20.0
SIZES = {"hd": (1366, 768), "full": (1920, 1080)}


class NotAsItShouldBe(AssertionError):
    """A step of the tour failed; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class StepDone:
    """One line of the report."""

    number: int
    name: str
    ok: bool
    seconds: float
    picture: str
    detail: str = ""


class Guide:
    """Eyes and hands of the tour: waits, looks, presses, types and takes pictures. Main thread."""

    def __init__(self, out: Path, *, as_json: bool) -> None:
        self._out = out
        self._as_json = as_json
        self.done: list[StepDone] = []

    # -- waiting and checking
    @staticmethod
    def rest(milliseconds: int) -> None:
        """Let the window live."""
        loop.rest(milliseconds)

    @staticmethod
    def until(holds: Callable[[], object], expected: str, seconds: float = WAIT_S) -> None:
        """Wait until something holds, else fail."""
        try:
            loop.until(holds, expected, seconds)
        except loop.NeverHappened as never:
            raise NotAsItShouldBe(expected) from never

    @staticmethod
    def check(holds: object, expected: str) -> None:
        """Fail unless something holds."""
        if not holds:
            raise NotAsItShouldBe(expected)

    # -- hands
    def find(self, root: QWidget, name: str, kind: type[QWidget] = QWidget) -> QWidget:
        """A visible widget by its object name."""
        for widget in root.findChildren(kind, name):
            if widget.isVisible():
                return widget
        raise NotAsItShouldBe(f"no visible {name}")

    def seen(self, root: QWidget, name: str) -> bool:
        """Whether a widget is visible now."""
        return any(widget.isVisible() for widget in root.findChildren(QWidget, name))

    def press(self, root: QWidget, name: str) -> None:
        """Click a button, which must be one a person could click."""
        button = self.find(root, name)
        self.check(isinstance(button, QAbstractButton) and button.isEnabled(), f"{name} can be pressed")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def type_in(self, widget: QWidget, text: str) -> None:
        """Type text, key by key, accents included (`QTest.keyClicks` knows ASCII only)."""
        widget.setFocus()
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(widget, event)

    def key(self, widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press one key."""
        QTest.keyClick(widget, key, modifier)

    def picture(self, widget: QWidget, name: str) -> str:
        """Save what a window shows; a blank picture is a failure."""
        self.rest(60)
        image = widget.grab().toImage()
        corner = image.pixelColor(2, 2)
        points = (image.pixelColor(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7))
        self.check(any(p != corner for p in points), f"{name} is not blank")
        path = self._out / f"{len(self.done) + 1:02d}-{name}.png"
        self.check(image.save(str(path)), f"{path.name} saved")
        return path.name

    # -- steps
    @contextmanager
    def step(self, name: str, slug: str, look_at: Callable[[], QWidget]) -> Iterator[None]:
        """One step: what is done inside it, then a picture, then its line. A failure is told and ends the tour."""
        begun = time.monotonic()
        try:
            yield
            picture = self.picture(look_at(), slug)
        except NotAsItShouldBe as failure:
            self._tell(StepDone(len(self.done) + 1, name, False, time.monotonic() - begun, "", str(failure)))
            look_at().grab().save(str(self._out / "echec.png"))
            raise
        self._tell(StepDone(len(self.done) + 1, name, True, time.monotonic() - begun, picture))

    def _tell(self, step: StepDone) -> None:
        self.done.append(step)
        if self._as_json:
            facts = {"step": step.number, "name": step.name, "ok": step.ok, "seconds": round(step.seconds, 3),
                     "picture": step.picture, "detail": step.detail}  # fmt: skip
            print(json.dumps(facts, ensure_ascii=False), flush=True)
        else:
            mark = "ok    " if step.ok else "ÉCHEC "
            print(f"{mark}{step.number:2d}  {step.seconds:6.2f} s  {step.name} {step.detail}".rstrip(), flush=True)


class Day:
    """One workstation and the people who come to it in turn."""

    def __init__(self, guide: Guide, theatre: Theatre, home: Path) -> None:
        self.guide = guide
        self.theatre = theatre
        self.reader = StageReader()
        self.role = "secretary"
        browser = StandInBrowser(theatre.web_context(), theatre.operator.hosts(), self._chosen)
        environment = app.load_environment(str(theatre.environment_file), Machine())
        self.app = app.Application(environment, home, reader=self.reader, browser=browser)
        self.browser = browser
        self.window = self.app.window
        self.engine = self.app.engine

    def _chosen(self) -> str:
        return self.theatre.institution.staff(self.role).person.national_id

    def run(self) -> None:
        """Everything, in order."""
        self.window.resize(*SIZES["hd"])
        self.app.start()
        self._secretary()
        self._physician()
        self._assistant()

    # -- finding one's way
    def _bal(self, start: str) -> Bal:
        found = [b for b in self.engine.reader.bals() if b.address.startswith(start)]
        self.guide.check(found, f"BAL {start}")
        return found[0]

    def _folder(self, bal: Bal, role: FolderRole = FolderRole.INBOX, name: str = "") -> Folder:
        folders = self.engine.reader.folders(bal.id)
        found = [f for f in folders if (f.name == name if name else f.role is role)]
        self.guide.check(found, f"folder {name or role.value}")
        return found[0]

    def _go(self, folder: Folder) -> None:
        def there() -> bool:
            self.window.desk.tree.go_to(("folder", folder.id))
            return self.window.desk.list.query.folder_id == folder.id

        self.guide.until(there, f"{folder.name} is chosen")
        self.guide.until(lambda: len(self._ids()) >= max(1, self._total(folder)), f"messages of {folder.name}")

    def _total(self, folder: Folder) -> int:
        return next((f.total for f in self.engine.reader.folders(folder.bal_id) if f.id == folder.id), 0)

    def _ids(self) -> list[MessageId]:
        return self.engine.reader.ids(self.window.desk.list.query)

    def _rows(self) -> list[Row]:
        ids = self._ids()
        return self.engine.reader.rows(ids[:200])

    def _open(self, wanted: Callable[[Row], bool], what: str) -> Row:
        """Choose a line of the list with the keyboard's focus on it, and wait for its body."""
        self.guide.until(lambda: any(wanted(r) for r in self._rows()), f"a message: {what}")
        row = next(r for r in self._rows() if wanted(r))
        self.guide.until(lambda: self.window.desk.list.go_to(row.id), f"the line of {what}")
        reading = self.window.desk.reading
        self.guide.until(lambda: reading.message is not None and reading.message.row.id == row.id, f"{what} is shown")
        self.guide.until(
            lambda: (m := self.engine.reader.message(row.id)) is not None and m.body.value in {"here", "failed"},
            f"the text of {what}",
        )
        return row

    def _sign_in_with_card(self, role: str) -> None:
        self.role = role
        member = self.theatre.institution.staff(role)
        self.theatre.provider.card = member.person.national_id
        self.reader.insert(member.card)
        self.guide.until(lambda: self.engine.card_status().present, "the card is seen")
        self.guide.rest(100)

    def _wait_for_mail(self, at_least: int) -> None:
        self.guide.until(lambda: self.engine.session_state() is SessionState.OPEN, "the session is open")
        self.guide.until(
            lambda: sum(b.link is Link.LIVE for b in self.engine.reader.bals()) >= at_least, f"{at_least} BAL are live"
        )
        self.guide.until(
            lambda: all(self.engine.reader.folders(b.id) for b in self.engine.reader.bals()), "folders are listed"
        )
        self.guide.until(lambda: not self.engine.progress(), "the first listing is through")

    # -- the secretary
    def _secretary(self) -> None:
        guide, window = self.guide, self.window

        def screen() -> QWidget:
            return window

        with guide.step("La secrétaire arrive : sa carte est reconnue", "carte", screen):
            self._sign_in_with_card("secretary")
            guide.check(guide.find(window, "sign_in.psc"), "the official button")
        with guide.step("Elle s’identifie avec Pro Santé Connect, ses boîtes s’ouvrent", "boites", screen):
            guide.press(window, "sign_in.psc")
            self._wait_for_mail(3)
            secretariat = self._bal("secretariat")
            self._go(self._folder(secretariat))
            guide.check(len(self._ids()) > 40, "the secretariat's inbox is full")
            guide.check({"Dr VASSEUR", "Dr LEMOINE"} <= {f.name for f in self.engine.reader.folders(secretariat.id)},
                        "one sub-folder a professional")  # fmt: skip
        with guide.step("Elle lit un courrier : le texte s’affiche, il est marqué lu", "lecture", screen):
            row = self._open(
                lambda r: not r.seen and not r.attachments and "radiologie" in r.subject, "an unread letter"
            )
            guide.until(lambda: self.engine.reader.rows([row.id])[0].seen, "it becomes read")
            guide.until(lambda: not self.engine.reader.rows([row.id])[0].pending, "the operator knows it")
        with guide.step("Un compte rendu IHE_XDM est montré comme un document, avec son usager", "document", screen):
            row = self._open(lambda r: r.has_xdm and r.state is RowState.TO_FILE, "a mail with documents")
            self._documents_of(row)
        with guide.step("Elle le classe dans le DUI : aperçu à côté, identité confirmée", "classement", screen):
            self.window.desk.file_first()
            guide.until(window.desk.workbench.filing.isVisible, "the filing form")
            guide.rest(600)
        with guide.step("Le document est dans le dossier, journalisé, marqué comme classé", "classe", screen):
            guide.press(window, "filing.file")
            guide.until(lambda: self.engine.reader.filings(row.id), "the journal has it")
            filed = self.engine.reader.filings(row.id)[-1]
            guide.check((self.theatre.filing_folder / filed.file_name).stat().st_size > 0, "the file is there")
            beside = (self.theatre.filing_folder / filed.file_name).with_suffix(".json")
            guide.check(json.loads(beside.read_text("utf-8")), "its sidecar is there")
            guide.check(self.engine.reader.rows([row.id])[0].state is RowState.FILED, "the line is marked")
            guide.rest(200)
        self._write(screen)
        self._tidy(screen)
        self._lock(screen)

    def _documents_of(self, row: Row) -> None:
        guide = self.guide

        def archive() -> object:
            message = self.engine.reader.message(row.id)
            found = [self.engine.reader.archive(a.id) for a in message.attachments] if message else []
            return next((a for a in found if a is not None and a.documents), None)

        guide.until(archive, "the archive is read")
        guide.until(lambda: self.engine.reader.rows([row.id])[0].usager is not None, "the usager is named")
        guide.rest(200)

    def _write(self, screen: Callable[[], QWidget]) -> None:
        guide, window = self.guide, self.window

        def composer() -> ComposeWindow:
            found = [w for w in QApplication.topLevelWidgets() if isinstance(w, ComposeWindow) and w.isVisible()]
            guide.check(found, "a composer is open")
            return found[-1]

        with guide.step("Elle écrit : l’Annuaire propose à chaque lettre", "annuaire", composer):
            window.commands.named("new").trigger()
            guide.until(lambda: any(isinstance(w, ComposeWindow) for w in QApplication.topLevelWidgets()), "composer")
            composer().resize(900, 640)
            field = self._recipient_field(composer())
            guide.type_in(field, "lemoine tho")
            guide.until(lambda: guide.seen(composer(), "compose.suggestions"), "suggestions")
        with guide.step("Deux correspondants, une pièce jointe, un accusé demandé", "redaction", composer):
            guide.key(field, Qt.Key.Key_Return)
            guide.type_in(field, "garnier")
            guide.until(lambda: guide.seen(composer(), "compose.suggestions"), "suggestions")
            guide.key(field, Qt.Key.Key_Return)
            subject = guide.find(composer(), "compose.subject", QLineEdit)
            guide.type_in(subject, "Demande d’avis pour une résidente")
            text = guide.find(composer(), "compose.text", QPlainTextEdit)
            guide.type_in(text, "Bonjour, pourriez-vous nous donner votre avis ? Le bilan est ci-joint.")
            filed = min(self.theatre.filing_folder.glob("*.pdf"))
            self._attach(composer(), filed)
            guide.until(lambda: any(d.attachments for d in self.engine.reader.drafts()), "the file is in the draft")
            guide.until(lambda: guide.seen(composer(), "compose.attachment"), "the file is shown")
        with guide.step("Le brouillon est gardé sans qu’on le demande", "brouillon", composer):
            guide.until(
                lambda: any(len(d.recipients) == 2 and "avis" in d.text for d in self.engine.reader.drafts()),
                "the draft is on the disk", 3,
            )  # fmt: skip
        with guide.step("Elle envoie : le message attend son délai, on peut encore l’annuler", "envoi", screen):
            guide.key(composer(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            guide.until(self.engine.reader.outbox, "it stands in the outbox")
        with guide.step("Il part une fois, sa copie est dans Envoyés, la remise est connue", "suivi", screen):
            self.engine.send_again(self.engine.reader.outbox()[0].id)
            sent = self.engine.reader.sent
            guide.until(lambda: sent() and sent()[0].state is SendState.DONE, "sent and copied")
            guide.until(lambda: all(r.fate is Fate.DELIVERED for r in sent()[0].recipients), "delivered to both")
            window.desk.show_outbox()
            guide.rest(200)

    @staticmethod
    def _attach(composer: ComposeWindow, path: Path) -> None:
        composer.attachments.files_given.emit([path])

    @staticmethod
    def _recipient_field(composer: ComposeWindow) -> QLineEdit:
        field = composer.findChild(QLineEdit, "compose.to")
        if field is None:
            raise NotAsItShouldBe("the recipients' field")
        return field

    def _tidy(self, screen: Callable[[], QWidget]) -> None:
        guide, window = self.guide, self.window
        soins = self._bal("soins")
        with guide.step("Elle supprime un message, puis annule", "annuler", screen):
            self._go(self._folder(soins))
            before = self._ids()
            guide.until(lambda: window.desk.list.go_to(before[0]), "the newest line")
            window.commands.named("delete").trigger()
            guide.until(lambda: before[0] not in self._ids(), "it leaves the list")
            window.commands.named("undo").trigger()
            guide.until(lambda: before[0] in self._ids(), "it is back")
            guide.check(len(window.desk.list.selected()) == 1, "one line is chosen, no more")
        with guide.step("Elle cherche un mot : toutes les boîtes répondent", "recherche", screen):
            guide.type_in(window.tools.search, "nessi")
            guide.until(lambda: window.desk.list.query.search and self._ids(), "something is found")
            guide.rest(200)
        with guide.step("Un message arrive tout seul", "arrivee", screen):
            window.tools.search.clear()
            window.desk.search_now()
            self._go(self._folder(self._bal("secretariat")))
            inboxes = [f for b in self.engine.reader.bals() for f in self.engine.reader.folders(b.id)]
            known = sum(f.total for f in inboxes)
            self.theatre.deliver("plain", self._bal("secretariat").address)
            guide.until(
                lambda: sum(f.total for b in self.engine.reader.bals() for f in self.engine.reader.folders(b.id)) > known,
                "new mail", 10,
            )  # fmt: skip
            guide.rest(300)
        with guide.step("Un courriel HTML hostile est montré sans rien charger", "hostile", screen):
            self._open(lambda r: "suspendue" in r.subject, "the hostile letter")
            guide.rest(200)
        with guide.step("La ligne est coupée : on le voit, on continue à lire", "hors-ligne", screen):
            self.theatre.cut()
            guide.until(lambda: all(b.link is not Link.LIVE for b in self.engine.reader.bals()), "the lines are down")
            guide.rest(200)
        with guide.step("La ligne revient", "en-ligne", screen):
            self.theatre.mend()
            self.engine.refresh()
            guide.until(lambda: all(b.link is Link.LIVE for b in self.engine.reader.bals()), "the lines are back")

    def _lock(self, screen: Callable[[], QWidget]) -> None:
        guide, window = self.guide, self.window
        with guide.step("La carte est retirée : tout est couvert à l’instant", "verrou", screen):
            self.reader.remove()
            guide.until(lambda: window.lock.on, "the window is covered", 2)
            guide.check(guide.find(window, "lock.cover").size() == window.size(), "the cover covers all")
        with guide.step("La même personne revient : tout est comme avant", "retour", screen):
            guide.until(lambda: self.engine.session_state() is SessionState.LOCKED, "locked")
            guide.until(lambda: self.theatre.operator.connections() == 0, "the lines are closed")
            before = window.desk.list.query
            self._sign_in_with_card("secretary")
            guide.press(guide.find(window, "lock.cover"), "sign_in.psc")
            self._wait_for_mail(3)
            guide.until(lambda: not window.lock.on, "the cover lifts")
            guide.check(window.desk.list.query == before, "the same folder as before")

    # -- the physician
    def _physician(self) -> None:
        guide, window = self.guide, self.window

        def screen() -> QWidget:
            return window

        with guide.step("Le médecin prend le poste : rien de la secrétaire n’est visible", "autre-personne", screen):
            self.reader.remove()
            guide.until(lambda: window.lock.on, "covered")
            guide.until(lambda: self.theatre.operator.connections() == 0, "the lines are closed")
            self._sign_in_with_card("physician")
            guide.press(guide.find(window, "lock.cover"), "sign_in.psc")
            self._wait_for_mail(2)
            person = self.engine.person()
            guide.check(person is not None and person.family == "VASSEUR", "it is the physician")
            guide.check(not any(b.address.startswith("sylvie") for b in self.engine.reader.bals()), "not hers")
            guide.until(window.choose_activity.isVisible, "he practises in two places: which one today")
        with guide.step("Il choisit l’activité de sa session", "activite", screen):
            guide.press(window, "choose_activity.go")
            guide.until(lambda: self.engine.activity() is not None, "the activity is known")
            guide.until(window.desk.isVisible, "the desk")
        with guide.step("Il lit sa boîte personnelle", "medecin", screen):
            self._go(self._folder(self._bal("claire")))
            self._open(lambda r: True, "his newest letter")
        with guide.step("Il répond", "reponse", self._composer_or_window):
            window.commands.named("reply").trigger()
            guide.until(
                lambda: any(isinstance(w, ComposeWindow) and w.isVisible() for w in QApplication.topLevelWidgets()),
                "the answer's window",
            )
        with guide.step("En grand écran, thème sombre", "sombre", screen):
            for widget in QApplication.topLevelWidgets():
                if isinstance(widget, ComposeWindow):
                    widget.close()
            window.resize(*SIZES["full"])
            theme.apply("dark")
            guide.rest(200)
        with guide.step("Retour au thème clair", "clair", screen):
            theme.apply("light")
            window.resize(*SIZES["hd"])
            guide.rest(100)

    def _composer_or_window(self) -> QWidget:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, ComposeWindow) and w.isVisible()]
        return found[-1] if found else self.window

    # -- the delegated assistant
    def _assistant(self) -> None:
        guide, window = self.guide, self.window

        def screen() -> QWidget:
            return window

        with guide.step("L’assistante choisit l’e-CPS : deux chiffres s’affichent en grand", "ecps", screen):
            self.reader.remove()
            self.role = "assistant"
            guide.until(lambda: window.lock.on, "covered")
            guide.until(lambda: self.theatre.operator.connections() == 0, "the lines are closed")
            self.engine.sign_in_with_ecps(self._chosen())
            guide.until(lambda: self.engine.sign_in_view().digits, "the digits")
            guide.until(self.theatre.provider.pending, "the phone rings")
            guide.rest(200)
        with guide.step(
            "Elle approuve sur son téléphone, et ouvre la boîte qu’on lui a déléguée", "delegation", screen
        ):
            guide.check(self.theatre.approve(), "the phone approves")
            self._wait_for_mail(2)
            delegated = self._bal("claire")
            guide.check(not delegated.own, "the box is somebody else's, and says so")
            self._go(self._folder(delegated))
            guide.until(lambda: not window.lock.on, "the cover lifts")
        with guide.step("Elle se déconnecte : l’écran d’accueil est vide de tout", "fin", screen):
            self.engine.sign_out()
            guide.until(lambda: self.engine.session_state() is SessionState.SIGNED_OUT, "signed out")
            guide.until(lambda: guide.seen(window, "sign_in.psc"), "the first screen")
            guide.check(
                not self.engine.reader.bals() or window.pages.currentWidget() is window.sign_in, "nothing shown"
            )


def run(out: Path, *, as_json: bool = False) -> int:
    """The tour; 0 when every step was as it should be."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.png"):
        old.unlink()
    app.qt_application()
    folder = Path(tempfile.mkdtemp(prefix="mssclient-tour-"))
    guide = Guide(out, as_json=as_json)
    policy = Policy(card_out_grace_s=0.5, undo_send_s=10, keep_key_in_file=True)
    try:
        with Theatre(folder / "sandbox", policy=policy) as theatre:
            day = Day(guide, theatre, folder / "home")
            try:
                day.run()
            finally:
                day.app.stop()
                day.browser.join()
    except NotAsItShouldBe as failure:
        print(f"La visite s’arrête : {failure}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not as_json:
        total = sum(step.seconds for step in guide.done)
        print(f"{len(guide.done)} étapes, {total:.1f} s, images dans {out}")
    return 0
