"""Colours that can be read, icons that exist, a stylesheet without holes."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QApplication

from mssclient.domain.address import CorrespondentKind
from mssclient.domain.bal import FolderRole
from mssclient.ui.icons import OF_KIND, OF_ROLE, icon, pixmap
from mssclient.ui.theme import BAL_DARK, BAL_LIGHT, DARK, LIGHT, Colours, contrast, resource, theme


def test_contrast_is_the_formula_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("c", [LIGHT, DARK], ids=["light", "dark"])
def test_text_keeps_four_and_a_half_to_one(c: Colours) -> None:
    pairs = [
        (text, ground)
        for text in (c.text, c.muted, c.accent, c.danger, c.warning, c.success)
        for ground in (c.window, c.base, c.raised)
    ]
    pairs += [(c.on_accent, c.accent), (c.on_selected, c.selected), (c.text, c.selected), (c.muted, c.selected)]
    pairs += [(c.danger, c.danger_soft), (c.warning, c.warning_soft), (c.success, c.success_soft)]
    pairs += [(c.accent, c.accent_soft), (c.text, c.hover), (c.muted, c.hover)]
    weak = {pair: contrast(*pair) for pair in pairs if contrast(*pair) < 4.5}
    assert not weak


@pytest.mark.parametrize("c", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_of_fields_and_focus_keep_three_to_one(c: Colours) -> None:
    weak = [(e, g) for e in (c.field, c.focus) for g in (c.window, c.base) if contrast(e, g) < 3]
    assert not weak


def test_the_letter_of_every_mailbox_can_be_read() -> None:
    assert len(set(BAL_LIGHT)) == len(set(BAL_DARK)) == 8
    assert all(contrast(colour, LIGHT.on_accent) >= 4.5 for colour in BAL_LIGHT)
    assert all(contrast(colour, DARK.on_accent) >= 4.5 for colour in BAL_DARK)
    assert all(contrast(colour, LIGHT.window) >= 3 for colour in BAL_LIGHT)
    assert all(contrast(colour, DARK.window) >= 3 for colour in BAL_DARK)


@pytest.mark.parametrize("wish", ["light", "dark"])
def test_the_stylesheet_has_no_name_left(qapp: QApplication, wish: str) -> None:
    theme.apply(wish)
    assert not re.findall(r"@\w+", qapp.styleSheet())
    assert theme.dark is (wish == "dark")


def test_text_scale_is_kept_between_80_and_200_percent(qapp: QApplication) -> None:
    theme.apply("light", 100)
    plain = qapp.font().pointSizeF()
    theme.apply("light", 200)
    assert qapp.font().pointSizeF() == pytest.approx(2 * plain)
    theme.apply("light", 1000)
    assert qapp.font().pointSizeF() == pytest.approx(2 * plain)
    theme.apply("light", 100)
    assert qapp.font().pointSizeF() == pytest.approx(plain)


def test_every_icon_can_be_drawn_in_any_colour(qapp: QApplication) -> None:
    names = {path.stem for path in resource("icons").glob("*.svg")}
    assert set(OF_KIND.values()) | set(OF_ROLE.values()) <= names
    for name in names:
        assert not pixmap(name, 24, "#ff0000").isNull()
        assert "currentColor" in resource(f"icons/{name}.svg").read_text("utf-8")


def test_kinds_and_roles_have_icons_of_their_own(qapp: QApplication) -> None:
    assert set(OF_KIND) == set(CorrespondentKind)
    assert len(set(OF_KIND.values())) == len(CorrespondentKind)
    assert set(OF_ROLE) == set(FolderRole)
    assert not icon("reply").isNull()
