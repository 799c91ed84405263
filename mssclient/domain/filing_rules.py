"""Names, refusals and proposals for the record system's folder (ECO.2.1.6, documents.md)."""

from __future__ import annotations

import re
from datetime import datetime
from unicodedata import combining, normalize

from mssclient.domain import sniff
from mssclient.domain.documents import HealthDocument
from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.filing import FilingChoice
from mssclient.domain.identity import Usager, key_is_valid
from mssclient.domain.message import Message, UsagerMark
from mssclient.domain.type_codes import label_of

MAX_NAME = 120
"""Characters with the extension: folders are deep, and many importers stop at 255 for the whole path."""
MAX_TYPE = 40
_OPENED = str.maketrans({
    "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "’": "'", "ʼ": "'", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
})  # fmt: skip
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile('[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff<>:"/\\\\|?*]+')
_EXTENSION = {
    "application/pdf": "pdf", "text/xml": "xml", "application/xml": "xml", "application/zip": "zip",
    "application/x-zip-compressed": "zip", "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif",
    "image/tiff": "tif", "image/bmp": "bmp", "image/webp": "webp", "text/plain": "txt", "text/csv": "csv",
    "text/html": "html", "application/rtf": "rtf", "text/rtf": "rtf", "application/dicom": "dcm",
    "application/msword": "doc", "application/vnd.ms-excel": "xls", "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt", "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/x-msdownload": "exe", "application/x-executable": "exe", "application/x-ms-shortcut": "lnk",
    "image/svg+xml": "svg", "message/rfc822": "eml",
}  # fmt: skip
_REFUSED = frozenset({
    "ade", "adp", "apk", "app", "appx", "appxbundle", "bas", "bat", "cab", "chm", "cmd", "com", "cpl", "deb", "dll",
    "dmg", "docm", "dotm", "drv", "elf", "exe", "gadget", "hlp", "hta", "htm", "html", "inf", "ins", "iso", "isp",
    "jar", "js", "jse", "ksh", "lib", "lnk", "mde", "mht", "mhtml", "msc", "msh", "msi", "msix", "msp", "mst", "nsh",
    "ocx", "one", "pif", "pkg", "potm", "ppam", "ppsm", "pptm", "ps1", "ps1xml", "ps2", "psc1", "psm1", "py", "pyc",
    "pyw", "rb", "reg", "rpm", "scf", "scr", "sct", "sh", "shb", "shs", "sldm", "svg", "swf", "sys", "url", "vb",
    "vbe", "vbs", "vbscript", "vhd", "vhdx", "vxd", "wsc", "wsf", "wsh", "xbap", "xht", "xhtml", "xlam", "xll",
    "xlsb", "xlsm", "xltm", "xsl", "xslt",
})  # fmt: skip
_REFUSED_TYPES = frozenset({
    "application/x-msdownload", "application/x-executable", "application/x-ms-shortcut", "application/vnd.ms-htmlhelp",
    "application/vnd.ms-cab-compressed", "text/html", "image/svg+xml",
})  # fmt: skip


def plain(text: str) -> str:
    """Text without accents, ligatures opened, what is not ASCII left out, white space collapsed."""
    opened = normalize("NFKD", text.translate(_OPENED))
    return " ".join("".join(c for c in opened if not combining(c) and (c.isascii() or c.isspace())).split())


def name(choice: FilingChoice, content: bytes) -> str:
    """The file name of a document: `<AAAAMMJJ>_<type ≤ 40>_<NOM>_<prénom>[_<record>].<ext>` (ECO.2.1.6).

    The extension follows the bytes, never the name it came with. Raises FilingRefused(IDENTITY) without a birth name.
    """
    return name_for(choice, sniff.media_type(content))


def name_for(choice: FilingChoice, media_type: str) -> str:
    """The same for a media type already known, before the bytes are here."""
    usager = choice.usager
    family = _piece(usager.birth_name, keep="-'").upper()
    if not family:
        raise FilingRefused(FilingReason.IDENTITY)
    given = _piece(usager.given[0], keep="-'") if usager.given else ""
    kind = _piece(choice.type_label or label_of(choice.type_code) or choice.title or "Document", keep="-")[:MAX_TYPE]
    record = re.sub(r"[^A-Za-z0-9-]+", "-", plain(choice.record_number)).strip("-")[:20]
    tail = "".join(f"_{piece}" for piece in (family[:40].strip(), given[:30].strip(), record) if piece)
    extension = _EXTENSION.get(media_type.partition(";")[0].strip().lower(), "bin")
    stem = f"{_day(choice.act_date)}_{kind.strip(' -') or 'Document'}{tail}"
    return f"{stem[: MAX_NAME - len(extension) - 1].rstrip(' .')}.{extension}"


def _piece(text: str, keep: str) -> str:
    """Letters, digits, blanks and the signs to keep; never the underscore that parts the name."""
    words = re.sub(rf"[^A-Za-z0-9{re.escape(keep)}]+", " ", plain(text))
    return " ".join(words.split()).strip(" -'")


def _day(date: str) -> str:
    """AAAAMMJJ from an ISO date; the first of what is not known, zeros for no date at all."""
    digits = "".join(c for c in date[:10] if c.isdigit() and c.isascii())
    return digits + "0101"[len(digits) - 4 :] if len(digits) in {4, 6, 8} else "00000000"


def safe_name(text: str) -> str:
    """Any name made fit for Windows, SMB and a person's eyes: no path, reserved device, control or direction mark."""
    last = text.replace("\\", "/").rpartition("/")[2]
    bare = " ".join(_FORBIDDEN.sub(" ", last).split()).strip(" .")
    stem, dot, extension = bare.rpartition(".")
    if len(bare) > MAX_NAME:
        bare = f"{stem[: MAX_NAME - 10].rstrip(' .')}{dot}{extension[:9]}" if dot else bare[:MAX_NAME].rstrip(" .")
    if not bare:
        return "document"
    return f"_{bare}" if _RESERVED.fullmatch(bare) else bare


def numbered(file_name: str, number: int) -> str:
    """The name that is tried when a name is taken: "x.pdf", "x (2).pdf", "x (3).pdf"; never longer than allowed."""
    if number < 2:
        return file_name
    stem, dot, extension = file_name.rpartition(".")
    if not dot:
        stem, extension = file_name, ""
    mark = f" ({number})"
    room = MAX_NAME - len(mark) - len(dot) - len(extension)
    return f"{stem[:room].rstrip(' .')}{mark}{dot}{extension}"


def refusal(file_name: str, first_bytes: bytes) -> FilingReason | None:
    """Why a file must not go into the folder: programs, scripts and active pages, by name or by bytes; else None."""
    pieces = [piece.strip() for piece in file_name.lower().rstrip(" .").split(".")[1:]]
    if not file_name.strip(" .") or _FORBIDDEN.search(file_name) or _RESERVED.fullmatch(file_name.strip()):
        return FilingReason.NAME
    if pieces and pieces[-1] in _REFUSED:
        return FilingReason.TYPE
    if first_bytes.startswith(b"#!") or sniff.media_type(first_bytes) in _REFUSED_TYPES:
        return FilingReason.TYPE
    return None


def proposal(message: Message | None, document: HealthDocument | None, content: str) -> FilingChoice:
    """What the filing panel shows first: the document's own word, else a guess from the message for a person to check.

    A guessed usager carries no matricule: only METADATA.XML or a CDA identifies somebody (ECO.2.1.2).
    """
    if document is not None:
        return FilingChoice(
            usager=document.usager or _guessed(message.row.usager if message else None),
            act_date=(document.act_date or document.created)[:10] or _date_of(message), type_code=document.type_code,
            type_label=document.type_label, title=document.title, content=content,
        )  # fmt: skip
    usager = _guessed(message.row.usager if message else None)
    return FilingChoice(
        usager, _date_of(message), "", "", title=message.row.subject if message else "", content=content
    )


def is_automatic(document: HealthDocument) -> bool:
    """Whether a document may be filed without a person looking: right key, right digest, all traits (mssante.md §9)."""
    usager = document.usager
    return bool(
        usager is not None and usager.matricule and key_is_valid(usager.matricule) and usager.birth_name
        and usager.given and usager.birth_date and document.hash_ok is not False and document.size_ok is not False
    )  # fmt: skip


def _date_of(message: Message | None) -> str:
    date: datetime | None = message.row.date if message else None
    return date.date().isoformat() if date else ""


def _guessed(mark: UsagerMark | None) -> Usager:
    """Birth name and given name out of "NOM Prénom" as the list shows them: the last word is the given name."""
    words = mark.name.split() if mark else []
    family, given = (" ".join(words[:-1]), (words[-1],)) if len(words) > 1 else (" ".join(words), ())
    return Usager(None, None, family, given, mark.birth_date if mark else "", "")
