"""Colours, letter sizes and the one stylesheet: light, dark, or the system's own high contrast."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

_SIZES = {"size_title": 1.6, "size_subject": 1.28, "size_digits": 6.0, "size_code": 1.9}
"""Letter sizes beside the plain one, as factors: the stylesheet follows the person's text scale."""
_PACKAGE = Path(__file__).resolve().parent.parent


def resource(name: str) -> Path:
    """A file shipped beside the code: in the package once installed, in the repository otherwise."""
    installed = _PACKAGE / "_resources"
    return (installed if installed.is_dir() else _PACKAGE.parent / "resources") / name


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour of the screen, as #RRGGBB. Text colours keep 4.5:1 on `window` and `base`, edges of fields 3:1."""

    window: str
    base: str
    raised: str
    hover: str
    text: str
    muted: str
    edge: str
    field: str
    accent: str
    on_accent: str
    accent_soft: str
    selected: str
    on_selected: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    focus: str


LIGHT = Colours(
    window="#F2F4F7", base="#FFFFFF", raised="#F8F9FB", hover="#E8EDF3", text="#1A2330", muted="#546072",
    edge="#D7DDE5", field="#7F8B9B", accent="#1C5F9E", on_accent="#FFFFFF", accent_soft="#E3EEF8",
    selected="#D3E4F5", on_selected="#0F1A28", danger="#A8201A", danger_soft="#FBE9E7", warning="#7A4F00",
    warning_soft="#FCF1D8", success="#1A673A", success_soft="#E2F2E8", focus="#1C5F9E",
)  # fmt: skip
DARK = Colours(
    window="#1C2128", base="#161A20", raised="#21272F", hover="#2A323C", text="#E5E9EF", muted="#A4AFBD",
    edge="#343D49", field="#768396", accent="#86B9EE", on_accent="#0D1722", accent_soft="#203246",
    selected="#274263", on_selected="#F2F6FB", danger="#FF9D94", danger_soft="#40211F", warning="#F1C568",
    warning_soft="#3A2F17", success="#82D5A2", success_soft="#1B3526", focus="#86B9EE",
)  # fmt: skip

BAL_LIGHT = ("#1C5F9E", "#8F4A0B", "#6C3FA3", "#0C6B5B", "#A22A5D", "#4B6210", "#4F5B6C", "#9C2F14")
BAL_DARK = ("#8FC0F4", "#E9B97C", "#C6ABF0", "#7BD3BF", "#F3A3C2", "#BFD682", "#BAC5D2", "#F6AC8E")


class Theme(QObject):
    """The look now on the screen; main thread. `changed` fires after everything was repolished."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.colours = LIGHT
        self.dark = False
        self._base_points = 0.0
        self._worn: tuple[bool, int] | None = None

    def apply(self, wish: str = "system", text_scale: int = 100) -> None:
        """Dress the whole application; `wish` is system, light or dark, `text_scale` a percentage."""
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            return
        hints = app.styleHints()
        self.dark = wish == "dark" or (wish == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
        self.colours = DARK if self.dark else LIGHT
        if (self.dark, text_scale) == self._worn and not _wants_contrast():
            # Dressing again costs a tenth of a second, and would come between signing in and the first list.
            return
        self._worn = (self.dark, text_scale)
        app.setStyle(QStyleFactory.create("Fusion"))
        if _wants_contrast():
            self._worn = None
            self.colours = _of_system(app.palette(), self.colours)
        app.setPalette(_palette(self.colours))
        app.setFont(self._font(app.font(), text_scale))
        app.setStyleSheet(_stylesheet(self.colours, self.dark, app.font().pointSizeF()))
        self.changed.emit()

    def bal_colour(self, index: int) -> str:
        """The colour of a BAL; never shown without its letter."""
        colours = BAL_DARK if self.dark else BAL_LIGHT
        return colours[index % len(colours)]

    def on_bal(self) -> str:
        """What can be read upon a BAL's colour."""
        return DARK.on_accent if self.dark else LIGHT.on_accent

    def _font(self, font: QFont, text_scale: int) -> QFont:
        if not self._base_points:
            self._base_points = font.pointSizeF() if font.pointSizeF() > 0 else 9.0
        scaled = QFont(font)
        scaled.setPointSizeF(self._base_points * max(80, min(200, text_scale)) / 100)
        return scaled


theme = Theme()


def colours() -> Colours:
    """The colours now on the screen."""
    return theme.colours


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.1, 1.4.3)."""
    light, dark = sorted((_luminance(QColor(one)), _luminance(QColor(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def _wants_contrast() -> bool:
    hints = QGuiApplication.styleHints().accessibility()
    return hints is not None and hints.contrastPreference() == Qt.ContrastPreference.HighContrast


def _of_system(palette: QPalette, ours: Colours) -> Colours:
    """The system's own high-contrast colours in our roles."""

    def of(role: QPalette.ColorRole) -> str:
        return palette.color(role).name()

    role = QPalette.ColorRole
    text, window = of(role.WindowText), of(role.Window)
    return Colours(
        window=window, base=of(role.Base), raised=window, hover=window, text=text, muted=text, edge=text, field=text,
        accent=of(role.Highlight), on_accent=of(role.HighlightedText), accent_soft=window,
        selected=of(role.Highlight), on_selected=of(role.HighlightedText), danger=ours.danger, danger_soft=window,
        warning=ours.warning, warning_soft=window, success=ours.success, success_soft=window, focus=text,
    )  # fmt: skip


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: c.window, role.WindowText: c.text, role.Base: c.base, role.AlternateBase: c.raised,
        role.Text: c.text, role.Button: c.raised, role.ButtonText: c.text, role.BrightText: c.danger,
        role.Highlight: c.selected, role.HighlightedText: c.on_selected, role.ToolTipBase: c.raised,
        role.ToolTipText: c.text, role.PlaceholderText: c.muted, role.Link: c.accent, role.LinkVisited: c.accent,
        role.Mid: c.edge, role.Midlight: c.hover, role.Light: c.base, role.Dark: c.field, role.Shadow: c.edge,
        role.Accent: c.accent,
    }  # fmt: skip
    for part, colour in pairs.items():
        palette.setColor(part, QColor(colour))
    for part in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(c.field))
    return palette


def _stylesheet(c: Colours, dark: bool, points: float) -> str:
    text = resource("style/mssclient.qss").read_text("utf-8")
    # Longest names first: @accent_soft must not be taken for @accent.
    for field in sorted(fields(c), key=lambda f: -len(f.name)):
        text = text.replace(f"@{field.name}", getattr(c, field.name))
    for name, factor in _SIZES.items():
        text = text.replace(f"@{name}", f"{points * factor:.1f}pt")
    folder = resource("style").as_posix()
    return text.replace("@style", folder).replace("@tone", "dark" if dark else "light")


def apply_theme(_app: QApplication, wish: str = "system", text_scale: int = 100) -> None:
    """Dress the application; see `Theme.apply`."""
    theme.apply(wish, text_scale)
