"""Libraries that are loaded when first used: a start that a person waits for does not wait for what they may need later."""

from __future__ import annotations

from importlib import import_module


class Later:
    """Stands for a module; any thread may use it. For type checkers, import the module itself under TYPE_CHECKING."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, wanted: str) -> object:
        found: object = getattr(import_module(self._name), wanted)
        setattr(self, wanted, found)
        return found
