"""The composition root: builds every room and hands out the keys. With `cli`, the only module that knows them all."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import logging.handlers
import os
import re
import signal
import socket
import stat
import sys
import threading
import tomllib
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType

try:
    import resource as resource_limits
except ImportError:  # Windows
    resource_limits = None  # type: ignore[assignment]

from PySide6.QtCore import (
    QLibraryInfo,
    QLocale,
    QLockFile,
    QSettings,
    QSocketNotifier,
    Qt,
    QThread,
    QTimer,
    QTranslator,
)
from PySide6.QtWidgets import QApplication

from mssclient import __version__
from mssclient.card.reader import CardReader, PcscReader
from mssclient.domain import environment as environments
from mssclient.domain import machine as machines
from mssclient.domain.environment import Environment
from mssclient.domain.errors import Untrusted
from mssclient.domain.handover import Handover
from mssclient.domain.machine import EnvironmentTrouble, Machine, Trouble
from mssclient.domain.session import SessionState
from mssclient.dui import profile
from mssclient.dui.profile import ExportProfile
from mssclient.engine import memory
from mssclient.engine.engine import MailEngine
from mssclient.engine.house import Clock, utc_now
from mssclient.engine.session import Opener
from mssclient.store import binding
from mssclient.store.machine import machine_file, machine_text
from mssclient.ui.doorway import Doorway, knock
from mssclient.ui.herald import Herald
from mssclient.ui.main_window import MainWindow
from mssclient.ui.theme import apply_theme, resource

log = logging.getLogger(__name__)
SWITCH_INTERVAL_S = 0.0002
"""CPython's default of 5 ms lets a parsing thread hold the screen: measured, p99.9 of the UI gaps 65 ms against 36."""
LOG_BYTES = 2_000_000


class AlreadyOpen(Exception):
    """Another mssclient works on this home."""


def home_of(given: str | None = None, environment: Environment | None = None, machine: Machine | None = None) -> Path:
    """Where the program keeps everything: --home, else MSSCLIENT_HOME, else the system's place for such files.

    There production has the plain place and each training environment one of its own beside it. `machine` as in
    `load_environment`; raises EnvironmentTrouble when it fixes another home.
    """
    fixed = (machine if machine is not None else machine_settings()).home
    chosen = given or os.environ.get("MSSCLIENT_HOME")
    if fixed:
        home = Path(fixed).expanduser().absolute()
        if chosen and Path(chosen).expanduser().absolute() != home:
            raise EnvironmentTrouble(str(home), Trouble.OTHER_HOME)
        return home
    if chosen:
        return Path(chosen).expanduser().absolute()
    name = "mssclient" if environment is None or not environment.training else f"mssclient-{_slug(environment.name)}"
    return _usual_place() / name


def _usual_place() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home())))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _slug(name: str) -> str:
    """A folder name that no other environment's name makes: what had to be changed is told apart by a digest."""
    plain = re.sub(r"[^a-z0-9_-]", "-", name.lower())[:40]
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def machine_settings(path: Path | None = None, owner: int = 0) -> Machine:
    """What the administrator decided for this workstation; nothing where the file does not exist.

    Without `path`, the system's place for it, which a person cannot move. `owner` is the system account that must have
    written it. Raises EnvironmentTrouble when it may be somebody else's, or cannot be read: a lock is not lifted by
    damaging it.
    """
    place = path or machine_file()
    try:
        content = machine_text(place, owner)
        return machines.parse(tomllib.loads(content.decode("utf-8")), str(place))
    except FileNotFoundError:
        return Machine()
    except Untrusted as error:
        raise EnvironmentTrouble(str(place), Trouble.NOT_ADMINISTRATORS) from error
    except OSError as error:
        raise EnvironmentTrouble(f"{place}: {error.strerror}", Trouble.MACHINE) from error
    except ValueError as error:
        raise EnvironmentTrouble(f"{place}: {error}", Trouble.MACHINE) from error


def load_environment(given: str | None = None, machine: Machine | None = None) -> Environment:
    """The environment from a file, or by the name of one that is shipped; MSSCLIENT_ENVIRONMENT, else production.

    `machine` is laid over it; without one, that of this workstation (`machine_settings`), and an empty `Machine()`
    for none. Raises EnvironmentTrouble.
    """
    settings = machine if machine is not None else machine_settings()
    chosen = given or os.environ.get("MSSCLIENT_ENVIRONMENT")
    if settings.environment:
        path = _environment_path(settings.environment, Path(settings.path).parent)
        if chosen and _environment_path(chosen).resolve() != path.resolve():
            raise EnvironmentTrouble(str(path), Trouble.OTHER_ENVIRONMENT)
    else:
        path = _environment_path(chosen or "production")
    return machines.laid_over(_read_environment(path), settings)


def _environment_path(wanted: str, folder: Path = Path()) -> Path:
    shipped = resource(f"environments/{wanted}.toml")
    if "/" not in wanted and "\\" not in wanted and shipped.exists():
        return shipped
    return folder / Path(wanted).expanduser()


def _read_environment(path: Path) -> Environment:
    try:
        found = environments.parse(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise EnvironmentTrouble(f"{path}: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise EnvironmentTrouble(f"{path}: {error}") from error
    folder = path.absolute().parent
    own_profile = folder / f"{found.filing_profile}"
    return replace(
        found,
        filing_profile=str(own_profile) if own_profile.suffix == ".toml" else found.filing_profile,
        mail_anchors=str(folder / found.mail_anchors),
        web_anchors=str(folder / found.web_anchors),
        mail_crl=str(folder / found.mail_crl) if found.mail_crl else "",
    )


def load_profile(environment: Environment) -> ExportProfile:
    """The export profile by the name of one that is shipped, or a file an administrator wrote."""
    wanted = environment.filing_profile
    shipped = resource(f"profiles/{wanted}.toml")
    path = shipped if "/" not in wanted and "\\" not in wanted and shipped.exists() else Path(wanted).expanduser()
    try:
        return profile.read(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise EnvironmentTrouble(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise EnvironmentTrouble(f"{path}: {error}") from error


def prepare_home(home: Path) -> None:
    """A private folder for one system account: nothing in it is within anybody else's reach, whatever its own rights.

    Raises OSError where it cannot be made.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.name == "posix" and stat.S_IMODE(home.stat().st_mode) & 0o077:
        home.chmod(0o700)


def leave_no_core() -> None:
    """A crash writes no image of the memory: keys, tokens and letters are in it. Where the system knows such limits."""
    if resource_limits is not None:
        resource_limits.setrlimit(resource_limits.RLIMIT_CORE, (0, 0))


def start_logging(home: Path, *, verbose: bool = False) -> None:
    """Ids, counts and durations into a rotating file; the libraries' own chatter stays out: it may hold content."""
    root = logging.getLogger("mssclient")
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    handler = logging.handlers.RotatingFileHandler(home / "mssclient.log", maxBytes=LOG_BYTES, backupCount=3)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    root.addHandler(handler)
    log.info("mssclient %s on %s, Python %s", __version__, sys.platform, sys.version.split()[0])


def last_chance(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A bug on the UI thread: logged by its place, never by its text, which may hold content."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    place = "?"
    while trace is not None:
        code = trace.tb_frame.f_code
        place, trace = f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}", trace.tb_next
    log.error("bug: %s at %s", kind.__name__, place)


def last_chance_of_a_thread(arguments: threading.ExceptHookArgs) -> None:
    """The same for a thread that is no Worker: Python would print the text on the error stream."""
    if arguments.exc_value is not None:
        last_chance(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)


class Application:
    """The engine, the herald and the window, wired. `start` shows the window, `stop` ends every thread."""

    def __init__(
        self,
        environment: Environment,
        home: Path,
        reader: CardReader | None = None,
        clock: Clock = utc_now,
        browser: Opener = webbrowser.open,
    ) -> None:
        prepare_home(home)
        binding.bind(home, environment)
        leave_no_core()
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        memory.keep_few_arenas()
        self.herald = Herald()
        self.engine = MailEngine(
            environment, home, reader or PcscReader(), browser, self.herald.post, clock, load_profile(environment)
        )
        self.window = MainWindow(self.engine, self.herald)
        self.door = Doorway(home)
        self.door.asked.connect(self._on_asked)
        self.door.knocked.connect(self._to_the_front)
        self.door.traces_asked.connect(self._on_traces)

    def start(self) -> None:
        """Show the window and begin."""
        self.engine.start()
        self.window.show()
        memory.settle()
        if not self.door.open():
            log.info("no other start of the program will be heard")

    def stop(self) -> None:
        """End every thread politely, then forget what waits for the screen."""
        self.door.close()
        self.engine.stop()
        self.herald.close()

    def _on_asked(self, handed: Handover, paths: bool) -> None:
        self.window.arrivals.take(handed, paths)
        self._to_the_front()

    def _on_traces(self, target: str) -> None:
        if self.engine.session_state() is SessionState.OPEN:
            self.engine.export_traces(Path(target))

    def _to_the_front(self) -> None:
        window = self.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()


def qt_application(arguments: list[str] | None = None) -> QApplication:
    """The one QApplication, in French, with our look."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(arguments or ["mssclient"])
    app.setApplicationName("mssclient")
    app.setApplicationDisplayName("mssclient")
    app.setApplicationVersion(__version__)
    if os.name == "posix":
        # Qt's file dialogs write the folders a person went through into the account's settings, for whoever comes next.
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    translator = QTranslator(app)
    if translator.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    language = os.environ.get("MSSCLIENT_LANGUAGE", "fr")
    if language.isalpha() and language != "fr":
        own = QTranslator(app)
        if own.load(str(catalogue(language))):
            app.installTranslator(own)
    apply_theme(app, "system")
    return app


def catalogue(language: str) -> Path:
    """The compiled catalogue of a language, in the package when installed, else in the repository."""
    packed = Path(__file__).parent / "_i18n" / f"mssclient_{language}.qm"
    return packed if packed.exists() else Path(__file__).parents[1] / "i18n" / f"mssclient_{language}.qm"


@contextlib.contextmanager
def leaving_when_told(qt: QApplication) -> Iterator[None]:
    """While it lasts, the system's request to end (SIGTERM, SIGINT, SIGHUP) ends Qt's loop, or raises SystemExit before
    there is one, and whoever runs it tidies up: the session is ended, throw-away folders go. Main thread."""
    woken, wakes = socket.socketpair()
    woken.setblocking(False)
    wakes.setblocking(False)
    # Python runs a handler between two of its instructions, and Qt's loop runs none until an event comes.
    notifier = QSocketNotifier(woken.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: woken.recv(64))
    former_fd = signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    leaving = threading.Event()
    qt.aboutToQuit.connect(leaving.set)

    def leave(number: int, _frame: object) -> None:
        if QThread.currentThread().loopLevel():
            qt.quit()
        elif not leaving.is_set():
            leaving.set()
            # Qt swallows what is raised while it calls us back: then its loop ends as soon as it begins.
            QTimer.singleShot(0, qt.quit)
            raise SystemExit(128 + number)

    names = ("SIGTERM", "SIGINT", "SIGHUP")
    former = {number: signal.signal(number, leave) for name in names if (number := getattr(signal, name, None))}
    try:
        yield
    finally:
        for number, was in former.items():
            signal.signal(number, was)
        signal.set_wakeup_fd(former_fd)
        notifier.setEnabled(False)
        qt.aboutToQuit.disconnect(leaving.set)
        woken.close()
        wakes.close()


def run(
    environment: Environment,
    home: Path,
    *,
    prepared: Callable[[Application], None] | None = None,
    handed: tuple[Handover, bool] | None = None,
) -> int:
    """The program from start to end; `prepared` is called before the first paint (the demonstration's panel). `handed`: a
    message to begin with, and whether its attachments are paths; a program that runs already is asked to write it."""
    qt = qt_application()
    sys.excepthook = last_chance
    threading.excepthook = last_chance_of_a_thread
    binding.check(home, environment)
    prepare_home(home)
    # Two programs on one home would each take the other's message under way for one that a crash cut.
    alone = QLockFile(str(home / "mssclient.lock"))
    if not alone.tryLock(500):
        if knock(home, handed[0] if handed else None, paths=bool(handed and handed[1])):
            return 0
        raise AlreadyOpen(str(home))
    application = Application(environment, home)
    start_logging(home)
    if prepared is not None:
        prepared(application)
    with leaving_when_told(qt):
        try:
            application.start()
            if handed is not None:
                application.window.arrivals.take(*handed)
            return qt.exec()
        finally:
            application.stop()
