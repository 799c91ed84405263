"""Archives as they should not be: quirks met in the field, to be read; hostile ones, to be refused (documents.md)."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from types import MappingProxyType

from mssclient.sandbox.papers import Paper
from mssclient.sandbox.papers_xdm import Entry, Packing, archive, cx, entries, pack, zipped

_MAC_TWIN = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        \x00\x02\x00\x00\x00\x09\x00\x00\x00\x32"


def wrong_key(matricule: str) -> str:
    """The same matricule with a key that cannot be right."""
    return f"{matricule[:13]}{(int(matricule[13:]) + 36) % 97 + 1:02d}"


def _lying(papers: tuple[Paper, ...]) -> tuple[Entry, ...]:
    return tuple(
        replace(entry, patient_id=cx(paper).replace(paper.usager.matricule, wrong_key(paper.usager.matricule)))
        if paper.usager.matricule else entry
        for paper, entry in zip(papers, entries(papers), strict=True)
    )  # fmt: skip


def _wrong_key(papers: tuple[Paper, ...]) -> bytes:
    told = tuple(
        replace(p, usager=replace(p.usager, matricule=wrong_key(p.usager.matricule))) if p.usager.matricule else p
        for p in papers
    )
    return archive(told)


def _twin(papers: tuple[Paper, ...]) -> bytes:
    name = "__MACOSX/IHE_XDM/SUBSET01/._METADATA.XML"
    return pack(
        entries(papers), Packing(extra=((name, _MAC_TWIN), ("IHE_XDM/SUBSET01/Thumbs.db", b"\xd0\xcf\x11\xe0")))
    )


def _mixed_case(papers: tuple[Paper, ...]) -> bytes:
    told = entries(papers)
    files = [(f"IHE_XDM/SUBSET01/{entry.uri.lower()}", entry.content) for entry in told]
    renamed = tuple(replace(entry, content=b"") for entry in told)
    full = pack(told)
    kept = [
        (name, content) for name, content in _read(full) if not name.endswith(tuple(entry.uri for entry in renamed))
    ]
    return zipped([*kept, *files], papers[0].act)


def _read(raw: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(raw)) as source:
        return [(name, source.read(name)) for name in source.namelist()]


def _two_subsets(papers: tuple[Paper, ...]) -> bytes:
    second = [(name.replace("SUBSET01", "SUBSET02"), content) for name, content in _read(archive(papers[-1:]))]
    return zipped([*_read(archive(papers[:1])), *(pair for pair in second if "SUBSET02" in pair[0])], papers[0].act)


def _stripped(papers: tuple[Paper, ...]) -> bytes:
    told = tuple(replace(entry, says_uri=False) for entry in entries(papers))
    return pack(told, Packing(subset="IHE_XDM/LOT_A/", furniture=False))


QUIRKS: Mapping[str, Callable[[tuple[Paper, ...]], bytes]] = MappingProxyType({
    "nested root": lambda papers: pack(entries(papers), Packing(root="Envoi patient/")),
    "macosx twin": _twin,
    "no hash": lambda papers: pack(tuple(replace(entry, says_hash=False) for entry in entries(papers))),
    "wrong key": _wrong_key,
    "metadata differs": lambda papers: pack(_lying(papers)),
    "mixed case": _mixed_case,
    "two subsets": _two_subsets,
    "no uri, odd subset": _stripped,
    "plain zip": lambda papers: zipped([("scan/lettre.xml", entries(papers)[0].content)], papers[0].act),
})  # fmt: skip
"""Archives that are odd but honest, by name: each makes its bytes of some papers (one or more)."""


@cache
def zip_bomb(size: int = 300 * 1024 * 1024) -> bytes:
    """A ZIP of one entry that swells to `size` bytes of zeros (about a thousand times its own size)."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        target.writestr(zipfile.ZipInfo("IHE_XDM/SUBSET01/METADATA.XML"), b"<x/>")
        swollen = zipfile.ZipInfo("IHE_XDM/SUBSET01/DOC00001.XML")
        swollen.compress_type = zipfile.ZIP_DEFLATED
        with target.open(swollen, "w") as entry:
            block = bytes(1024 * 1024)
            for _ in range(size // len(block)):
                entry.write(block)
    return out.getvalue()


def _climbing(papers: tuple[Paper, ...]) -> bytes:
    extra = (("../../../etc/cron.d/evil", b"* * * * * root id\n"), ("/tmp/absolute.xml", b"<x/>"))  # noqa: S108
    return pack(entries(papers), Packing(extra=extra))


def _doctype(papers: tuple[Paper, ...]) -> bytes:
    prolog = (
        '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>\n'
    )
    return pack(entries(papers), Packing(prolog=prolog))


def _cda_doctype(papers: tuple[Paper, ...]) -> bytes:
    prolog = b'<!DOCTYPE ClinicalDocument [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<ClinicalDocument '
    told = tuple(replace(e, content=e.content.replace(b"<ClinicalDocument ", prolog, 1)) for e in entries(papers))
    return pack(told)


def _crowd(papers: tuple[Paper, ...]) -> bytes:
    return pack(entries(papers), Packing(extra=tuple((f"IHE_XDM/SUBSET01/F{i:05d}.TXT", b"x") for i in range(6000))))


def _symlink(papers: tuple[Paper, ...]) -> bytes:
    out = BytesIO(archive(papers))
    with zipfile.ZipFile(out, "a") as target:
        link = zipfile.ZipInfo("IHE_XDM/SUBSET01/LINK.XML", (2026, 1, 1, 0, 0, 0))
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(link, "/etc/passwd")
    return out.getvalue()


HOSTILE: Mapping[str, Callable[[tuple[Paper, ...]], bytes]] = MappingProxyType({
    "zip bomb": lambda papers: zip_bomb(),
    "climbing names": _climbing,
    "doctype": _doctype,
    "doctype in the cda": _cda_doctype,
    "six thousand entries": _crowd,
    "symlink": _symlink,
})  # fmt: skip
"""Archives that a reader has to refuse or defuse, by name."""
