"""What was freed goes back to the system, where the system can."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mssclient.engine import memory

GROWN_AND_FREED = """
import sys
from mssclient.engine import memory
from mssclient.stage.memory import pss_bytes
held = [bytes(2000) for _ in range(50_000)]
kept = held[::500]
full = pss_bytes()
del held
freed = pss_bytes()
memory.give_back()
print(full, freed, pss_bytes())
"""


@pytest.mark.skipif(not memory.keep_few_arenas(), reason="another C library")
def test_freed_memory_between_what_is_kept_goes_back() -> None:
    said = subprocess.run(
        [sys.executable, "-c", GROWN_AND_FREED], capture_output=True, text=True, check=True, timeout=60
    )
    full, freed, after = (int(word) for word in said.stdout.split())
    assert full - after > 60_000_000, "a hundred megabytes were let go"
    assert freed - after > 30_000_000, "most of it by asking"
