"""What may be opened by another program, and under which name: documents only, judged by their bytes."""

from __future__ import annotations

from mssclient.domain import sniff
from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.filing_rules import MAX_NAME, refusal, safe_name

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
_OLD_OFFICE = {"application/msword": ("doc", "dot"), "application/vnd.ms-excel": ("xls",),
               "application/vnd.ms-powerpoint": ("ppt", "pps")}  # fmt: skip
_OOXML_FAMILY = ("docx", "xlsx", "pptx")
_EXTENSIONS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",), "image/png": ("png",), "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/gif": ("gif",), "image/bmp": ("bmp", "dib"), "image/tiff": ("tif", "tiff"), "image/webp": ("webp",),
    "application/dicom": ("dcm", "dicom"), "text/plain": ("txt", "csv", "log", "ics", "vcf", "hpr", "hl7"),
    "application/rtf": ("rtf",), **_OLD_OFFICE, f"{_ODF}text": ("odt",), f"{_ODF}spreadsheet": ("ods",),
    f"{_ODF}presentation": ("odp",), f"{_OOXML}wordprocessingml.document": ("docx", *_OOXML_FAMILY),
    f"{_OOXML}spreadsheetml.sheet": ("xlsx", *_OOXML_FAMILY),
    f"{_OOXML}presentationml.presentation": ("pptx", *_OOXML_FAMILY),
}  # fmt: skip
"""Kinds by their bytes, and the extensions that go with them; a name with another gets the first. What is not here is
not opened: programs, archives, and pages that a browser would run (HTML, SVG, XML). An Office container's kind cannot
always be told from its first bytes: the name chooses within the family."""
_LAUNCHERS = frozenset({
    "appimage", "applescript", "application", "appref-ms", "bash", "command", "csh", "desktop", "diagcab", "fish", "iqy",
    "jnlp", "library-ms", "pl", "php", "rdp", "run", "scpt", "search-ms", "settingcontent-ms", "slk", "theme", "tool",
    "udl", "website", "workflow", "zsh",
})  # fmt: skip
"""Beside what the record's folder refuses: what a desktop starts instead of showing."""
_MACROS = (b"vbaProject.bin", b"xl/macrosheets/", b"Basic/Standard/", "_VBA_PROJECT".encode("utf-16-le"))


def name_for(name: str, content: bytes) -> str:
    """The name under which a copy may be opened. Raises FilingRefused(TYPE) for a program, a script, a page, a document
    with macros, or a name that hides one of these behind another extension."""
    safe = safe_name(name)
    pieces = [piece.strip().lower() for piece in safe.split(".")[1:]]
    if any(refusal(f"x.{piece}", b"") for piece in pieces if piece) or (pieces and pieces[-1] in _LAUNCHERS):
        raise FilingRefused(FilingReason.TYPE)
    kind = sniff.media_type(content, name=safe)
    allowed = _EXTENSIONS.get(kind)
    if allowed is None or content.startswith(b"#!") or _has_macros(kind, content):
        raise FilingRefused(FilingReason.TYPE)
    if pieces and pieces[-1] in allowed:
        return safe
    return f"{safe[: MAX_NAME - 8].rstrip(' .')}.{allowed[0]}"


def _has_macros(kind: str, content: bytes) -> bool:
    is_office = kind in _OLD_OFFICE or kind.startswith((_OOXML, _ODF))
    return is_office and any(mark in content for mark in _MACROS)
