"""What a file is, from its bytes: declared types and names lie (documents.md, traps)."""

from __future__ import annotations

import re

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xca\xfe\xba\xbe", "application/x-executable"),
    (b"\xcf\xfa\xed\xfe", "application/x-executable"),
    (b"\xce\xfa\xed\xfe", "application/x-executable"),
    (b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"MSCF", "application/vnd.ms-cab-compressed"),
    (b"ISc(", "application/vnd.ms-cab-compressed"),
    (b"ITSF", "application/vnd.ms-htmlhelp"),
    (b'x\x9f>"', "application/ms-tnef"),
)
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_ODF = re.compile(rb"mimetypeapplication/vnd\.oasis\.opendocument\.([a-z-]{1,30})")
_XML_START = re.compile(rb"\s*<(\?xml|!--|!DOCTYPE\s|[A-Za-z_][\w.:-]*[\s>/])")
_HTML = re.compile(rb"<(!doctype\s+html|html[\s>])", re.IGNORECASE)
_ENOUGH = 4096
_OLD_OFFICE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
}
_SHARED_MAGIC = frozenset({"application/x-ole-storage", "text/plain", "application/octet-stream"})
"""Types that the bytes alone do not settle: a declared type may say more."""
_TEXTUAL = frozenset({"text/csv", "text/plain", "text/calendar", "text/vcard", "text/rtf", "application/json"})


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin as a ZIP archive does (an empty one included)."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_xml(data: bytes) -> bool:
    """Whether the bytes begin as an XML document (and not as HTML)."""
    head = data[:_ENOUGH]
    if head.startswith((b"\xff\xfe<\0", b"\xfe\xff\0<", b"<\0?\0", b"\0<\0?")):
        return True
    head = head.removeprefix(b"\xef\xbb\xbf")
    return _XML_START.match(head) is not None and _HTML.search(head[:1024]) is None


def media_type(data: bytes, declared: str = "", name: str = "") -> str:
    """The media type of a content from its first bytes; the declared one where the bytes do not settle it."""
    found = _from_bytes(data[:_ENOUGH])
    said = declared.partition(";")[0].strip().lower()
    if found == "application/x-ole-storage":
        return _OLD_OFFICE.get(name.rpartition(".")[2].lower(), said if "ms" in said else found)
    if found in _SHARED_MAGIC and (said in _TEXTUAL if found == "text/plain" else _may_stand(said)):
        return said
    return found


def _may_stand(declared: str) -> bool:
    """Whether a declared type without magic bytes of its own may be believed."""
    return "/" in declared and declared not in {kind for _, kind in _MAGIC} | {"application/zip", "text/xml"}


def _from_bytes(head: bytes) -> str:
    if is_zip(head):
        return _zip_kind(head)
    for magic, kind in _MAGIC:
        if head.startswith(magic) and (kind != "image/bmp" or _is_bitmap(head)):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head[128:132] == b"DICM":
        return "application/dicom"
    # Some producers put a few bytes before the header; readers accept it within the first kilobyte.
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if _HTML.search(head[:1024]):
        return "text/html"
    if is_xml(head):
        return "image/svg+xml" if b"<svg" in head[:1024] else "text/xml"
    return "text/plain" if _is_text(head) else "application/octet-stream"


def _is_bitmap(head: bytes) -> bool:
    return len(head) > 18 and head[6:10] == b"\0\0\0\0"


def _zip_kind(head: bytes) -> str:
    if found := _ODF.search(head[:200]):
        return f"application/vnd.oasis.opendocument.{found.group(1).decode('ascii')}"
    if b"[Content_Types].xml" in head or b"_rels/.rels" in head:
        return next((kind for mark, kind in _OFFICE if mark in head), _OFFICE[0][1])
    return "application/zip"


def _is_text(head: bytes) -> bool:
    return bool(head) and not any(byte < 9 or (13 < byte < 32 and byte != 27) for byte in head[:1024])
