"""Speaks to the outside services: mail servers, the PSC relay, the directory. Blocking, no threads, no disk.

May import `domain` only. Every library exception ends here as a `domain.errors` one.
"""
