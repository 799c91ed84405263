"""Mail headers as people write them: encoded words, addresses, parameters, dates, subjects. Fast, bounded, lenient."""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from mssclient.domain.address import Correspondent, CorrespondentKind, fold, guessed_kind, is_address
from mssclient.domain.message import UsagerMark
from mssclient.domain.type_codes import TYPE_LABELS

MAX_HEADER = 64 * 1024
"""Characters of one header that are read."""
MAX_ADDRESSES = 500
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)[ \t]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]+")
"""Control characters, and the marks that reverse the reading direction to disguise a name."""
_FOLD = re.compile(r"\r?\n[ \t]*|\r")
_SIMPLE = re.compile(r'(?:"([^"\\]*)" ?|([^"<>,;:()@\\]*))<([^<>\s,;:"()]{3,254})>')
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"?|<([^<>]*)>?|\(|([,;:])|\\.|[^",;:<(\\]+|[<"\\]', re.DOTALL)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,990}>")
_PARAMETER = re.compile(r""";\s*([A-Za-z0-9!#$&+^_.'*%-]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))""", re.DOTALL)
_XDM = re.compile(r"XDM\s*/\s*\d+\.\d+\s*/\s*DDM\s*\+?\s*", re.IGNORECASE)
_DATE = re.compile(r"\b(\d{2})[/.-](\d{2})[/.-](\d{4})\b")
_COUNT = re.compile(r"^\d+\s+documents?\b", re.IGNORECASE)
_MARK = re.compile(r"\[[^\]]{0,60}\]|^\s*(?:(?:re|tr|fwd?)\s?:\s*)+", re.IGNORECASE)
_SAFE_CODECS = re.compile(
    r"(utf-?(8|16|32)|iso-?8859-\d|cp\d|windows-\d|koi8|mac|big5|gb|hz$|euc|shift_?jis|iso2022|ascii|latin|tis-?620|"
    r"johab|viscii|kz1048|ptcp154|hp-roman)",
    re.IGNORECASE,
)
_ALIASES = {"x-unknown": "utf-8", "unknown-8bit": "utf-8", "utf8mb4": "utf-8", "ansi": "cp1252", "8bit": "utf-8"}


@lru_cache(maxsize=256)
def _codec(charset: str) -> str:
    """Python's name of a text charset; cp1252 for its subsets, utf-8 for what we do not know or will not run."""
    wanted = _ALIASES.get(charset.lower(), charset.lower())
    wanted = re.sub(r"^(cp|windows|win)[-_ ]?(\d{3,5})$", r"cp\2", wanted)
    try:
        name = codecs.lookup(wanted).name
    except (LookupError, ValueError, UnicodeError):
        return "utf-8"
    if _SAFE_CODECS.match(name) is None:
        return "utf-8"
    return "cp1252" if name in {"iso8859-1", "ascii"} else name


def text_of(raw: bytes, charset: str = "") -> str:
    """Bytes as text, whatever was declared: French text that is valid UTF-8 is UTF-8, else most often cp1252."""
    codec = _codec(charset.strip().strip("\"'") or "utf-8")
    if codec in {"utf-8", "cp1252"} or codec.startswith("iso8859"):
        for each in ("utf-8", codec):
            try:
                return raw.decode(each)
            except UnicodeDecodeError:
                continue
        return raw.decode("cp1252", errors="replace")
    return raw.decode(codec, errors="replace")


def clean(text: str) -> str:
    """One line without control or direction characters."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def _as_text(value: bytes | str) -> str:
    if isinstance(value, bytes):
        return value[:MAX_HEADER].decode("ascii") if value.isascii() else text_of(value[:MAX_HEADER])
    if value.isascii():
        return value[:MAX_HEADER]
    return text_of(value[:MAX_HEADER].encode("utf-8", errors="surrogateescape"))


def decode_header(value: bytes | str) -> str:
    """An unstructured header as a person reads it: unfolded, RFC 2047 words decoded, controls dropped.

    Raw eight-bit headers, encoded words inside quotes, and characters cut between two words are all met in the wild.
    """
    return clean(_decoded_words(_FOLD.sub(" ", _as_text(value))))


def _decoded_words(text: str) -> str:
    if "=?" not in text:
        return text
    text = _BETWEEN.sub(r"\1", text)
    pieces: list[str] = []
    pending, charset, position = b"", "", 0
    for match in _WORD.finditer(text):
        between = text[position : match.start()]
        word_charset = match[1].partition("*")[0].lower()
        if between or word_charset != charset:
            pieces.append(text_of(pending, charset))
            pending, charset = b"", word_charset
        pieces.append(between)
        pending += _word_bytes(match[2], match[3])
        position = match.end()
    return "".join((*pieces, text_of(pending, charset), text[position:]))


def _word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", errors="replace")
    return unbase64(raw) if encoding in "bB" else binascii.a2b_qp(raw.replace(b"\n", b""), header=True)


_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_OTHERS = bytes(set(range(256)) - set(_ALPHABET))


def unbase64(raw: bytes) -> bytes:
    """Base64 decoded whatever its padding, line ends and stray bytes; never fails."""
    try:
        return binascii.a2b_base64(raw, strict_mode=True)
    except binascii.Error:
        bare = raw.translate(None, _OTHERS)
    spare = len(bare) % 4
    return binascii.a2b_base64((bare[:-1] if spare == 1 else bare) + b"=" * (-len(bare) % 4 % 3))


@lru_cache(maxsize=4096)
def correspondent(label: str, address: str) -> Correspondent:
    """One end of a message, its kind guessed from its address."""
    plain = address.lower()
    kind = guessed_kind(plain, label) if is_address(plain) else CorrespondentKind.OUTSIDE
    return Correspondent(label, plain, kind)


def addresses(value: bytes | str) -> tuple[Correspondent, ...]:
    """The correspondents of an address header (RFC 5322 §3.4, leniently); groups are flattened, at most 500 kept."""
    text = _FOLD.sub(" ", _as_text(value))
    if simple := _SIMPLE.fullmatch(text.strip()):
        label = simple[1] if simple[1] is not None else simple[2]
        return (correspondent(_label(label), simple[3]),)
    return tuple(_scanned(text))


def _label(text: str) -> str:
    label = clean(_decoded_words(text) if "=?" in text else text)
    return label[1:-1].strip() if len(label) > 1 and label[0] == label[-1] in {"'", '"'} else label


def _scanned(text: str) -> Iterator[Correspondent]:
    words: list[str] = []
    angle, comment, found = "", "", 0
    position = 0
    while position < len(text) and found < MAX_ADDRESSES:
        match = _TOKEN.match(text, position)
        if match is None:
            break
        position = match.end()
        if match[0] == "(":
            comment, position = _comment(text, position)
        elif match[3] == ":" and not angle:
            words, comment = [], ""
        elif match[3]:
            if one := _one(words, angle, comment):
                found += 1
                yield one
            words, angle, comment = [], "", ""
        elif match[2] is not None:
            angle = match[2].rpartition(":")[2].strip() or " "
        else:
            words.append(_unquoted(match[1]) if match[1] is not None else match[0])
    if found < MAX_ADDRESSES and (one := _one(words, angle, comment)):
        yield one


def _comment(text: str, position: int) -> tuple[str, int]:
    """The comment that begins before `position` and where it ends; nested ones stay in its text."""
    start, depth = position, 1
    while position < len(text) and depth:
        letter = text[position]
        depth += (letter == "(") - (letter == ")")
        position += 2 if letter == "\\" else 1
    return text[start : position - 1], position


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text) if "\\" in text else text


def _one(words: list[str], angle: str, comment: str) -> Correspondent | None:
    text = "".join(words).strip()
    if angle:
        address = "".join(angle.split())
        return correspondent(_label(text), clean(address)) if address or text else None
    if not text:
        return None
    if "@" in text:
        *before, last = text.split()
        if "@" not in last:
            before, last = [], "".join(text.split())
        return correspondent(_label(" ".join(before) or comment), clean(last.strip("<>")))
    return Correspondent(_label(text), "", CorrespondentKind.OUTSIDE)


def message_ids(value: bytes | str, most: int = 100) -> tuple[str, ...]:
    """The message ids in a header, with their angle brackets, in order; the last ones when there are too many."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(_as_text(value))))[-most:]


def sent_date(value: bytes | str) -> datetime | None:
    """The Date header, aware; None when missing or senseless."""
    try:
        found = parsedate_to_datetime(_as_text(value)[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        return aware if 1990 <= aware.astimezone(UTC).year <= 2100 else None
    except OverflowError:
        return None


def parameters(value: bytes | str) -> tuple[str, dict[str, str]]:
    """A Content-Type or Content-Disposition: its first word in lower case, its parameters decoded.

    RFC 2231 continuations and charsets, and the RFC 2047 words and raw bytes that many programs put there instead.
    """
    text = _FOLD.sub(" ", _as_text(value))
    main, _, _ = text.partition(";")
    plain: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(text[len(main) :]):
        name = match[1].lower()
        raw = _unquoted(match[2]) if match[2] is not None else match[3].strip()
        base, star, rest = name.partition("*")
        if star:
            number = rest.rstrip("*")
            sections.setdefault(base, []).append(
                (int(number) if number.isdigit() and len(number) < 4 else 0, rest.endswith("*") or not rest, raw)
            )
        else:
            plain.setdefault(name, clean(_decoded_words(raw)))
    for base, cut in sections.items():
        plain[base] = clean(_rfc2231(cut))
    return main.strip().lower(), plain


def _rfc2231(sections: list[tuple[int, bool, str]]) -> str:
    sections.sort(key=lambda section: section[0])
    first = sections[0][2]
    charset, rest = "utf-8", first
    if sections[0][1] and first.count("'") >= 2:
        charset, _, rest = first.split("'", 2)
    raw = b""
    for number, (_, encoded, value) in enumerate(sections):
        piece = rest if number == 0 else value
        raw += unquote_to_bytes(piece) if encoded else piece.encode()
    return text_of(raw, charset)


def shown_subject(subject: str) -> str:
    """A subject as the screen shows it: without `XDM/1.0/DDM+` (ECO.3.1.3); marks like [Annule et remplace] stay."""
    return " ".join(_XDM.sub("", subject, count=1).split()) if "xdm" in subject.lower() else subject


def xdm_subject(subject: str) -> UsagerMark | None:
    """Who the subject of a mail with documents speaks of (ECO.2.1.3): a guess for the list, never an identity."""
    found = _XDM.search(subject)
    if found is None:
        return None
    rest = _MARK.sub(" ", subject[found.end() :]).strip()
    date = _DATE.search(rest)
    birth = f"{date[3]}-{date[2]}-{date[1]}" if date and 1 <= int(date[2]) <= 12 and 1 <= int(date[1]) <= 31 else ""
    name = _name_in(rest[: date.start()] if date else rest)
    return UsagerMark(name, birth, "", qualified=False)


def _name_in(text: str) -> str:
    bare = _without_label(text)
    words = bare.split()
    if len(words) <= 2 or bare != " ".join(text.split()):
        return " ".join(words[-5:])
    start = len(words) - 1
    while start > 0 and words[start - 1].isupper():
        start -= 1
    # All in capitals: the label cannot be told from the name, the last two words are the likeliest.
    return " ".join(words[-2:] if start == 0 or start == len(words) - 1 else words[start:])


def _without_label(text: str) -> str:
    """The text after a label we know, which the norm cuts at 40 characters, or after "3 documents"."""
    bare = " ".join(text.split())
    if counted := _COUNT.match(bare):
        return bare[counted.end() :].strip()
    for size, label in _KNOWN_LABELS.get(_first_word(fold(bare[:40])), ()):
        if fold(bare[:size]) == label and bare[size : size + 1] in {"", " "}:
            return bare[size:].strip()
    return bare


def _first_word(folded: str) -> str:
    return folded.partition(" ")[0]


def _known_labels() -> dict[str, list[tuple[int, str]]]:
    """Length and folded form of the labels, the longest first, by their first word: a list asks for each subject."""
    found: dict[str, list[tuple[int, str]]] = {}
    for label in sorted({label[:40].strip() for label in TYPE_LABELS.values()}, key=len, reverse=True):
        found.setdefault(_first_word(fold(label)), []).append((len(label), fold(label)))
    return found


_KNOWN_LABELS = _known_labels()
