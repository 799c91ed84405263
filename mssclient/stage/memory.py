"""What the running program weighs."""

from __future__ import annotations

from pathlib import Path

_SMAPS = Path("/proc/self/smaps_rollup")


def pss_bytes() -> int:
    """Proportional set size in bytes; 0 where the system does not tell."""
    if not _SMAPS.exists():
        return 0
    for line in _SMAPS.read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
