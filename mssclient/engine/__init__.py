"""What the application does: use cases and threads, no Qt.

May import `store`, `remote`, `card`, `dui` and `domain`. The UI knows this room by `engine.api` only.
"""
