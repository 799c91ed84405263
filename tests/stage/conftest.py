"""The worlds of the journeys, for what the stage shows of them."""

from __future__ import annotations

from tests.journeys.conftest import lab_world, sandbox_world, world

__all__ = ["lab_world", "sandbox_world", "world"]
