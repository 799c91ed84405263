"""A library stands in its place before it is loaded, and is itself once used."""

from __future__ import annotations

import subprocess
import sys

from mssclient.domain.later import Later

HEAVY = ("pypdfium2", "PIL.Image", "sqlite_utils", "imapclient", "httpx._main", "rich", "click")


def test_it_is_the_module_once_used() -> None:
    stand_in = Later("colorsys")
    sys.modules.pop("colorsys", None)
    assert stand_in.rgb_to_hls(0.0, 0.0, 0.0) == (0.0, 0.0, 0.0)  # type: ignore[operator]
    assert "colorsys" in sys.modules


def test_a_start_does_not_load_what_may_be_needed_later() -> None:
    asked = f"import sys, mssclient.app; print([name for name in {HEAVY!r} if sys.modules.get(name)])"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.strip() == "[]"
