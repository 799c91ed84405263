"""What an administrator writes for `mssclient dispatch`: one TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mssclient.domain import professions
from mssclient.domain.address import is_address, normal
from mssclient.domain.shipment import PROFESSIONS, Coded, Signatory

NOTICE = (
    "\n\nCe message a été envoyé automatiquement par une application ; cette boîte n’est pas lue. "
    "Pour répondre, écrivez à {address}."
)
_MOST = 64 * 1024


class BadConfig(Exception):
    """What is wrong, by the name of the key or file."""


@dataclass(frozen=True, slots=True)
class Config:
    """Paths are absolute. `per_minute` and `per_hour` bound what leaves; 0: no bound."""

    address: str
    label: str
    reply_to: str
    environment: str
    certificate: Path
    certificate_password: str = field(repr=False)
    password: str = field(repr=False)
    folder: Path
    state: Path
    key_file: Path
    authors: Mapping[str, Signatory]
    notice: str = NOTICE
    per_minute: int = 30
    per_hour: int = 600
    every_s: float = 5.0
    give_up_s: int = 3 * 86_400
    """A message that was refused for now is given up after that."""
    operator_saves_sent: bool = False

    @property
    def author(self) -> Signatory | None:
        """Who answers for documents that name nobody: the first of the authors."""
        return next(iter(self.authors.values()), None)


def read(path: Path) -> Config:
    """The configuration; passwords come from files of their own. Raises BadConfig."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadConfig(f"{path} (fichier introuvable ou illisible)") from error
    except ValueError as error:
        raise BadConfig(f"{path}: {error}") from error
    here = path.absolute().parent
    bal, secret, limits = _table(table, "bal"), _table(table, "identity"), _table(table, "limits")
    folder, state = _table(table, "folder"), _table(table, "state")
    address, reply_to = normal(_text(bal, "address")), normal(_text(bal, "reply_to"))
    if not is_address(address) or not is_address(reply_to) or address == reply_to:
        raise BadConfig("bal.address, bal.reply_to")
    home = here / _text(state, "path")
    return Config(
        address=address, label=_text(bal, "label"), reply_to=reply_to, environment=_text(table, "environment"),
        certificate=here / _text(secret, "certificate"),
        certificate_password=_secret(here, secret, "certificate_password_file"),
        password=_secret(here, secret, "password_file"), folder=here / _text(folder, "path"), state=home,
        key_file=here / _text(state, "key_file", str(home / "queue.key")), authors=_authors(table),
        notice=_text(bal, "notice", NOTICE), per_minute=_number(limits, "per_minute", 30),
        per_hour=_number(limits, "per_hour", 600), every_s=_seconds(folder, "every_s", 5.0),
        give_up_s=_number(limits, "give_up_s", 3 * 86_400), operator_saves_sent=bal.get("operator_saves_sent") is True,
    )  # fmt: skip


def _authors(table: Mapping[str, object]) -> dict[str, Signatory]:
    found = table.get("author", [])
    if not isinstance(found, list):
        raise BadConfig("author")
    authors = dict[str, Signatory]()
    for each in found:
        if not isinstance(each, Mapping):
            raise BadConfig("author")
        code = _text(each, "profession", "")
        role = (
            Coded(f"G15_{code}", professions.LABELS.get(code, ""), PROFESSIONS) if code else Coded("", "", PROFESSIONS)
        )
        number = _text(each, "national_id")
        authors[number] = Signatory(number, _text(each, "family"), _text(each, "given"), _text(each, "title", ""), role)
    return authors


def _table(table: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = table.get(key, {})
    if not isinstance(found, Mapping):
        raise BadConfig(key)
    return found


def _text(table: Mapping[str, object], key: str, usual: str | None = None) -> str:
    found = table.get(key, usual)
    if not isinstance(found, str) or (usual is None and not found):
        raise BadConfig(key)
    return found


def _number(table: Mapping[str, object], key: str, usual: int) -> int:
    found = table.get(key, usual)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise BadConfig(key)
    return found


def _seconds(table: Mapping[str, object], key: str, usual: float) -> float:
    found = table.get(key, usual)
    if not isinstance(found, int | float) or isinstance(found, bool) or not 0.1 <= found <= 3600:
        raise BadConfig(key)
    return float(found)


def _secret(here: Path, table: Mapping[str, object], key: str) -> str:
    path = here / _text(table, key)
    try:
        with path.open("rb") as file:
            return file.read(_MOST).decode("utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(f"{key}: {path}") from error
