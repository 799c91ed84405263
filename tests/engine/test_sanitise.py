"""Foreign HTML: nothing remote, nothing active, nothing slow."""

from __future__ import annotations

import time

import pytest

from mssclient.engine.sanitise import sanitise

HOSTILE = [
    '<img src="https://evil.example/p.gif">',
    '<img srcset="https://evil.example/p.gif 1x">',
    '<img src="//evil.example/p.gif">',
    '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
    '<img src="file:///etc/passwd">',
    '<body background="https://evil.example/b.png">',
    '<table background="https://evil.example/b.png"><tr><td>x</td></tr></table>',
    '<div style="background:url(https://evil.example/b.png)">x</div>',
    "<style>@import url(https://evil.example/a.css);</style>",
    '<link rel="stylesheet" href="https://evil.example/a.css">',
    '<script src="https://evil.example/a.js"></script><script>alert(1)</script>',
    '<iframe src="https://evil.example/"></iframe>',
    '<object data="https://evil.example/"></object><embed src="https://evil.example/">',
    '<video poster="https://evil.example/p.jpg" src="https://evil.example/v.mp4"></video>',
    '<svg><image href="https://evil.example/p.svg"/></svg>',
    "<svg onload=\"fetch('https://evil.example/')\"></svg>",
    '<math href="https://evil.example/">x</math>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<base href="https://evil.example/">',
    '<form action="https://evil.example/"><input name="pin"><button>ok</button></form>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<p onclick="alert(1)">x</p>',
    '<bgsound src="https://evil.example/s.wav">',
    '<input type="image" src="https://evil.example/i.png">',
    '<noscript><img src="https://evil.example/p.gif"></noscript>',
    '<template><img src="https://evil.example/p.gif"></template>',
    '<!--[if mso]><img src="https://evil.example/p.gif"><![endif]-->',
    '<picture><source srcset="https://evil.example/p.webp"><img src="https://evil.example/p.jpg"></picture>',
]


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_remote_or_active_is_left(html: str) -> None:
    clean = sanitise(f"<p>Bonjour</p>{html}").html
    assert "Bonjour" in clean
    for word in (
        "evil.example",
        "javascript",
        "alert",
        "onclick",
        "onload",
        "data:",
        "file:",
        "<form",
        "<script",
        "<style",
    ):
        assert word not in clean.lower()


def test_what_people_write_stays() -> None:
    html = '<p>Dr <b>Martin</b></p><table><tr><td colspan="2">Na 140</td></tr></table><img src="cid:logo@x" alt="Logo">'
    clean = sanitise(html).html
    for piece in ("<b>Martin</b>", 'colspan="2"', 'src="cid:logo@x"', 'alt="Logo"'):
        assert piece in clean


def test_links_stay_to_be_shown_before_they_are_followed() -> None:
    assert 'href="https://sante.example/avis"' in sanitise('<a href="https://sante.example/avis">Avis</a>').html


def test_blocked_resources_are_counted() -> None:
    assert sanitise('<img src="https://a.example/1"><img src="https://a.example/2">').blocked == 2


@pytest.mark.parametrize("html", ["<div>" * 50_000, "<b>" * 40_000, "x" * 3_000_000, "<table><tr><td>" * 20_000])
def test_deep_or_huge_is_refused_at_once(html: str) -> None:
    begun = time.monotonic()
    assert sanitise(html).html == ""
    assert time.monotonic() - begun < 2


def test_a_giant_table_cell_is_cut_down() -> None:
    assert "999999" not in sanitise('<table><tr><td colspan="999999" width="999999">x</td></tr></table>').html
