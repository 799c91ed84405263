"""The Annuaire as an institution publishes it for its workstations: a manifest, a snapshot, and what changed each day.

Pure rules: how a line is written and recognised, what a manifest may say, and which files bring a given copy up to date.
A manifest comes from a share or a web server and is foreign: sizes, counts and names are bounded. It protects against
damage and mix-ups, not against somebody who may write into the folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from mssclient.domain.errors import Unread, Unreadable

MANIFEST = "annuaire.json"
"""The only name a workstation has to know; it is replaced last."""
FORMAT = "mssclient-annuaire"
VERSION = 1
MANIFEST_LIMIT = 256 * 1024
PACKED_LIMIT = 400 * 1024 * 1024
"""Bytes of one file, compressed."""
UNPACKED_LIMIT = 1024 * 1024 * 1024
CHAIN_LIMIT = 32 * 1024 * 1024
"""Bytes of deltas, compressed, beyond which the snapshot is the lighter way: deltas are held in memory."""
DELTA_LIMIT = 90
"""Days that a manifest may list."""
MARK_BASE = 1 << 64
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\.xz")
_HEX16 = re.compile(r"[0-9a-f]{16}")
_HEX64 = re.compile(r"[0-9a-f]{64}")
_STAMP = re.compile(r"(\d{12})?")
_FLAGS = {"": None, "1": True, "0": False}
_COLUMNS = 15
_UNIT = "\x1f"

Values = tuple[Any, ...]


def digest(values: Values) -> int:
    """What two extractions are compared by: 64 bits, signed, of everything an entry says."""
    raw = f"{_UNIT.join(values[:-1])}{_UNIT}{values[-1]}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), "big", signed=True)


def mark(total: int) -> str:
    """Names a set of entries, whatever their order: the sum of their digests."""
    return f"{total % MARK_BASE:016x}"


def line_of(values: Values) -> bytes:
    """An entry as a line of a snapshot; its texts come from lines split at `|` and cannot hold one."""
    flag = "" if values[-1] is None else str(int(values[-1]))
    return f"{'|'.join(values[:-1])}|{flag}\n".encode("utf-8", "surrogatepass")


def values_of(line: bytes) -> Values:
    """The entry of a line. Raises Unreadable(DAMAGED)."""
    try:
        *texts, flag = line.decode().rstrip("\n").split("|")
        found = (*texts, _FLAGS[flag])
    except (UnicodeDecodeError, KeyError) as error:
        raise Unreadable(Unread.DAMAGED, "publication") from error
    if len(found) != _COLUMNS:
        raise Unreadable(Unread.DAMAGED, "publication")
    return found


@dataclass(frozen=True, slots=True)
class Packed:
    """One file beside the manifest."""

    name: str
    size: int
    """Bytes as it lies there."""
    sha256: str
    unpacked: int
    """Bytes of its text."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed from one publication to the next."""

    number: int
    """Of the publication it leads to; it begins at the one before."""
    before: str
    """Mark of the entries it begins with."""
    after: str
    entries: int
    """How many there are afterwards."""
    file: Packed


@dataclass(frozen=True, slots=True)
class Manifest:
    """What lies in the folder."""

    series: str
    """Chosen when the folder was begun: numbers of two series cannot be compared."""
    number: int
    extracted: str
    """AAAAMMJJhhmm of the extraction, or empty."""
    published_at: str
    entries: int
    mark: str
    snapshot: Packed
    deltas: tuple[Delta, ...]
    """Oldest first, without a gap, the last one leading here."""

    def as_json(self) -> str:
        """The manifest's text."""
        return json.dumps({"format": FORMAT, "version": VERSION, **asdict(self)}, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Held:
    """What a workstation has."""

    series: str = ""
    number: int = 0
    mark: str = ""
    """Empty when it has nothing that can be built upon."""
    extracted: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to get from what is held to what is published; nothing to fetch when it is the same."""

    snapshot: Packed | None = None
    deltas: tuple[Delta, ...] = ()


def read_manifest(content: bytes) -> Manifest:
    """A manifest. Raises Unreadable: NOT_IT for another kind of file, DAMAGED for one that contradicts itself."""
    if len(content) > MANIFEST_LIMIT:
        raise Unreadable(Unread.TOO_BIG, "manifest")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable(Unread.DAMAGED if content.lstrip()[:1] == b"{" else Unread.NOT_IT, "manifest") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Unreadable(Unread.NOT_IT, "manifest")
    if found.get("version") != VERSION:
        raise Unreadable(Unread.NOT_IT, "manifest version")
    try:
        return _manifest(found)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(Unread.DAMAGED, "manifest") from error


def _manifest(found: Mapping[str, Any]) -> Manifest:
    listed = found["deltas"]
    if not isinstance(listed, list) or len(listed) > DELTA_LIMIT:
        raise ValueError("deltas")
    manifest = Manifest(
        _fitting(_HEX16, found["series"]), _counted(found["number"], 1), _fitting(_STAMP, found["extracted"]),
        _fitting(re.compile(r".{0,40}"), found["published_at"]), _counted(found["entries"], 1),
        _fitting(_HEX16, found["mark"]), _packed(found["snapshot"]), tuple(map(_delta, listed)),
    )  # fmt: skip
    _check_chain(manifest)
    return manifest


def _check_chain(manifest: Manifest) -> None:
    mark_after, number = manifest.mark, manifest.number
    for delta in reversed(manifest.deltas):
        if delta.after != mark_after or delta.number != number:
            raise ValueError("chain")
        mark_after, number = delta.before, number - 1
    if manifest.deltas and manifest.deltas[-1].entries != manifest.entries:
        raise ValueError("entries")


def _delta(found: Mapping[str, Any]) -> Delta:
    return Delta(
        _counted(found["number"], 2), _fitting(_HEX16, found["before"]), _fitting(_HEX16, found["after"]),
        _counted(found["entries"], 1), _packed(found["file"]),
    )  # fmt: skip


def _packed(found: Mapping[str, Any]) -> Packed:
    size, unpacked = _counted(found["size"], 1), _counted(found["unpacked"], 0)
    if size > PACKED_LIMIT or unpacked > UNPACKED_LIMIT:
        raise Unreadable(Unread.TOO_BIG, "publication")
    return Packed(_fitting(_NAME, found["name"]), size, _fitting(_HEX64, found["sha256"]), unpacked)


def _fitting(pattern: re.Pattern[str], found: object) -> str:
    if not isinstance(found, str) or not pattern.fullmatch(found):
        raise ValueError("text")
    return found


def _counted(found: object, least: int) -> int:
    if not isinstance(found, int) or isinstance(found, bool) or not least <= found < 1 << 53:
        raise ValueError("number")
    return found


def plan(manifest: Manifest, held: Held) -> Plan:
    """Which files to fetch. Raises Unreadable(FORBIDDEN) for a folder that went back in time."""
    if held.mark and manifest.mark == held.mark:
        return Plan()
    _refuse_older(manifest, held)
    for start in range(len(manifest.deltas)):
        chain = manifest.deltas[start:]
        weight = sum(one.file.size for one in chain)
        if held.mark == chain[0].before and weight < min(manifest.snapshot.size, CHAIN_LIMIT):
            return Plan(deltas=chain)
    return Plan(snapshot=manifest.snapshot)


def _refuse_older(manifest: Manifest, held: Held) -> None:
    if manifest.series == held.series:
        older = manifest.number <= held.number  # the same number with other entries is no successor either
    else:
        older = bool(manifest.extracted and held.extracted and manifest.extracted < held.extracted)
    if older:
        raise Unreadable(Unread.FORBIDDEN, "rolled back")
