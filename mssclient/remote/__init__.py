"""Speaks to the outside services: mail servers, the PSC relay, the directory. Blocking, no threads, no disk.

May import `domain` only. Every library exception ends here as a `domain.errors` one.
"""

import sys

# httpx loads its command line with itself where click and rich happen to be installed: a tenth of a second of each start.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
