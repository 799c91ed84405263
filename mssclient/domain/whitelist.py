"""Reads `listeblanchemssante.xml`: the domains of the MSSanté trust space.

Root `ListeBlancheMSSante`, namespace `https://listeblanche.mssante.fr/schema`, then `DateDeGeneration` and
`ListeDomaines/Domaine/Nom`. The file is foreign: DOCTYPE is refused, size, depth and number are bounded, and a
truncated file is refused so that the last good one stays in force.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

from mssclient.domain.errors import Unread, Unreadable

NAMESPACE = "https://listeblanche.mssante.fr/schema"
SIZE_LIMIT = 64 * 1024 * 1024
DOMAIN_LIMIT = 200_000
_DEPTH_LIMIT = 12
_TEXT_LIMIT = 400
_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_ROOT = ("ListeBlancheMSSante",)
_GENERATED = (*_ROOT, "DateDeGeneration")
_NAME = (*_ROOT, "ListeDomaines", "Domaine", "Nom")


@dataclass(frozen=True, slots=True)
class WhiteList:
    """The trust space at one moment."""

    domains: frozenset[str]
    """Lower case; compared exactly: no wildcards, no sub-domains."""
    generated: str
    """`DateDeGeneration` as the file says it, or empty."""

    def holds(self, domain: str) -> bool:
        """Whether mail may leave for this domain."""
        return domain.strip().lower() in self.domains


class _Reading:
    """One pass over one file; lives for the length of `read`."""

    def __init__(self) -> None:
        self.domains: set[str] = set()
        self.generated = ""
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0

    def begin(self, name: str, _attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if not self._path and (namespace, local) != (NAMESPACE, _ROOT[0]):
            raise Unreadable(Unread.NOT_IT, "white list")
        self._path.append(local)
        self._text.clear()
        self._length = 0
        if len(self._path) > _DEPTH_LIMIT:
            raise Unreadable(Unread.TOO_BIG, "depth")

    def text(self, piece: str) -> None:
        self._length += len(piece)
        if self._length <= _TEXT_LIMIT:
            self._text.append(piece)

    def end(self, _: str) -> None:
        match tuple(self._path):
            case path if path == _NAME:
                self._keep("".join(self._text).strip().lower())
            case path if path == _GENERATED:
                self.generated = "".join(self._text).strip()
        self._path.pop()
        self._text.clear()

    def _keep(self, domain: str) -> None:
        if _DOMAIN.fullmatch(domain):
            self.domains.add(domain)
        if len(self.domains) > DOMAIN_LIMIT:
            raise Unreadable(Unread.TOO_BIG, "domains")


def _refuse(*_: object) -> None:
    raise Unreadable(Unread.FORBIDDEN, "doctype")


def read(content: bytes) -> WhiteList:
    """The domains of a white list. Raises Unreadable for anything that is not a whole one."""
    if len(content) > SIZE_LIMIT:
        raise Unreadable(Unread.TOO_BIG, "white list")
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unreadable(Unread.DAMAGED, "white list") from error
    if not reading.domains:
        raise Unreadable(Unread.EMPTY, "white list")
    return WhiteList(frozenset(reading.domains), reading.generated)
