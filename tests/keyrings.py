"""Keyrings for tests: one in memory, and those that are locked, absent, silent or forgetful."""

from __future__ import annotations

import threading
from collections.abc import Callable

import keyring.backend
from keyring.errors import PasswordDeleteError


class MemoryKeyring(keyring.backend.KeyringBackend):
    """Keeps everything for as long as the process lives. Set as PYTHON_KEYRING_BACKEND in processes of their own."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")


class TroubledKeyring(MemoryKeyring):
    """Fails each question while `trouble` is set."""

    def __init__(self, trouble: Exception | None = None) -> None:
        super().__init__()
        self.trouble = trouble

    def get_password(self, service: str, username: str) -> str | None:
        if self.trouble is not None:
            raise self.trouble
        return super().get_password(service, username)


class PromptingKeyring(MemoryKeyring):
    """Waits for a password that nobody types, until `unlocked`."""

    def __init__(self) -> None:
        super().__init__()
        self.unlocked = threading.Event()
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        self.unlocked.wait(30)
        return super().get_password(service, username)


class ForgetfulKeyring(MemoryKeyring):
    """Takes everything and keeps nothing, as keyring's own `null`."""

    def set_password(self, service: str, username: str, password: str) -> None:
        return


Install = Callable[[keyring.backend.KeyringBackend], None]
