"""The composition root: builds every room and hands out the keys. With `cli`, the only module that knows them all."""

from __future__ import annotations

import logging
import logging.handlers
import os
import stat
import sys
import tomllib
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, QLockFile, QTranslator
from PySide6.QtWidgets import QApplication

from mssclient import __version__
from mssclient.card.reader import CardReader, PcscReader
from mssclient.domain import environment as environments
from mssclient.domain.environment import Environment
from mssclient.dui import profile
from mssclient.dui.profile import ExportProfile
from mssclient.engine.engine import MailEngine
from mssclient.engine.house import Clock, utc_now
from mssclient.engine.session import Opener
from mssclient.ui.herald import Herald
from mssclient.ui.main_window import MainWindow
from mssclient.ui.theme import apply_theme, resource

log = logging.getLogger(__name__)
SWITCH_INTERVAL_S = 0.0002
"""CPython's default of 5 ms lets a parsing thread hold the screen: measured, p99.9 of the UI gaps 65 ms against 36."""
LOG_BYTES = 2_000_000


class EnvironmentTrouble(Exception):
    """The environment file is missing or not understood; the message names the file and the key."""


class AlreadyOpen(Exception):
    """Another mssclient works on this home."""


def home_of(given: str | None = None) -> Path:
    """Where the program keeps everything: --home, else MSSCLIENT_HOME, else the system's place for such files."""
    if chosen := given or os.environ.get("MSSCLIENT_HOME"):
        return Path(chosen).expanduser().absolute()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "mssclient"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "mssclient"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "mssclient"


def load_environment(given: str | None = None) -> Environment:
    """The environment from a file, or by the name of one that is shipped; MSSCLIENT_ENVIRONMENT, else production."""
    wanted = given or os.environ.get("MSSCLIENT_ENVIRONMENT") or "production"
    shipped = resource(f"environments/{wanted}.toml")
    path = shipped if "/" not in wanted and "\\" not in wanted and shipped.exists() else Path(wanted).expanduser()
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
    """A private folder for one system account; raises OSError where it cannot be made."""
    os.umask(0o077)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.name == "posix" and stat.S_IMODE(home.stat().st_mode) & 0o077:
        home.chmod(0o700)


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
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self.herald = Herald()
        self.engine = MailEngine(
            environment, home, reader or PcscReader(), browser, self.herald.post, clock, load_profile(environment)
        )
        self.window = MainWindow(self.engine, self.herald)

    def start(self) -> None:
        """Show the window and begin."""
        self.engine.start()
        self.window.show()

    def stop(self) -> None:
        """End every thread politely, then forget what waits for the screen."""
        self.engine.stop()
        self.herald.close()


def qt_application(arguments: list[str] | None = None) -> QApplication:
    """The one QApplication, in French, with our look."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(arguments or ["mssclient"])
    app.setApplicationName("mssclient")
    app.setApplicationDisplayName("mssclient")
    app.setApplicationVersion(__version__)
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


def run(environment: Environment, home: Path, *, prepared: Callable[[Application], None] | None = None) -> int:
    """The program from start to end; `prepared` is called before the first paint (the demonstration's panel)."""
    qt = qt_application()
    sys.excepthook = last_chance
    prepare_home(home)
    # Two programs on one home would each take the other's message under way for one that a crash cut.
    alone = QLockFile(str(home / "mssclient.lock"))
    if not alone.tryLock(500):
        raise AlreadyOpen(str(home))
    application = Application(environment, home)
    start_logging(home)
    if prepared is not None:
        prepared(application)
    application.start()
    try:
        return qt.exec()
    finally:
        application.stop()
