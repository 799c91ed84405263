"""Is the card there, and whose is it? Presence and public certificates only: no PIN, no private key.

May import `domain` only.
"""
