"""Draws a sample document as a French medical letter in PDF, without a library: Helvetica, lines and boxes.

PDF 1.4 (ISO 32000-1): units are points, the origin is the lower left corner, text is WinAnsi (CP 1252).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mssclient.sandbox.papers import Paper, Section, french_date, plain
from mssclient.sandbox.people import NAME, STREET, TOWN

WIDTH, HEIGHT, MARGIN = 595, 842, 57
INK, BLUE, GREY, PALE = (0.1, 0.1, 0.12), (0.07, 0.29, 0.49), (0.42, 0.44, 0.48), (0.93, 0.95, 0.97)
_BOTTOM = 92
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_ASCII_WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
Colour = tuple[float, float, float]


def _char_width(char: str) -> int:
    code = ord(char)
    if not 32 <= code < 127:
        code = ord((plain(char) if char.isupper() else plain(char).lower() or "n")[:1] or "n")
    return _ASCII_WIDTHS[code - 32] if 32 <= code < 127 else 556


def _text_width(text: str, size: float, bold: bool = False) -> float:
    return sum(map(_char_width, text)) * size / 1000 * (1.06 if bold else 1.0)


def _wrapped(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and _text_width(longer, size, bold) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def _literal(text: str) -> bytes:
    raw = text.replace("\u202f", "\u00a0").encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


class Canvas:
    """Pages being drawn from the top down; `y` is where the next line goes."""

    def __init__(self) -> None:
        self.pages: list[list[bytes]] = []
        self.y = 0.0
        self.next_page()

    def next_page(self) -> None:
        """Begin a page."""
        self.pages.append([])
        self.y = HEIGHT - MARGIN

    def need(self, height: float) -> None:
        """Go to the next page unless so many points are left."""
        if self.y - height < _BOTTOM:
            self.next_page()

    def put(self, x: float, y: float, text: str, size: float = 10, bold: bool = False, colour: Colour = INK) -> None:
        """Write one line at a place."""
        font = b"F2" if bold else b"F1"
        self.pages[-1].append(
            b"BT /%s %.1f Tf %.2f %.2f %.2f rg %.1f %.1f Td (%s) Tj ET" % (font, size, *colour, x, y, _literal(text))
        )

    def right(self, y: float, text: str, size: float = 10, bold: bool = False) -> None:
        """Write one line that ends at the right margin."""
        self.put(WIDTH - MARGIN - _text_width(text, size, bold), y, text, size, bold)

    def box(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        """Fill a rectangle."""
        self.pages[-1].append(b"%.2f %.2f %.2f rg %.1f %.1f %.1f %.1f re f" % (*fill, x, y, width, height))

    def rule(self, x1: float, y1: float, x2: float, y2: float, colour: Colour = GREY, width: float = 0.5) -> None:
        """Draw a line."""
        self.pages[-1].append(b"%.2f %.2f %.2f RG %.2f w %.1f %.1f m %.1f %.1f l S" % (*colour, width, x1, y1, x2, y2))

    def scribble(self, x: float, y: float, seed: str) -> None:
        """Draw something like a signature: a run of curves that differs from one author to the next."""
        swing = [byte % 17 - 8 for byte in hashlib.sha256(seed.encode()).digest()]
        path = b"0.08 0.12 0.45 RG 1.1 w %.1f %.1f m" % (x, y)
        for i in range(7):
            a, b, c = swing[3 * i : 3 * i + 3]
            left = x + 15 * i
            path += b" %.1f %.1f %.1f %.1f %.1f %.1f c" % (left + 3, y + 16 + a, left + 9, y - 14 + b, left + 15, y + c)
        self.pages[-1].append(path + b" S")

    def paragraph(self, text: str, size: float = 10, indent: float = 0, bullet: bool = False) -> None:
        """Write a wrapped paragraph at `y`."""
        left = MARGIN + indent
        for number, line in enumerate(_wrapped(text, size, WIDTH - MARGIN - left)):
            self.need(size * 1.4)
            self.y -= size * 1.4
            if bullet and number == 0:
                self.put(left - 10, self.y, "\u2022", size)
            self.put(left, self.y, line, size)
        self.y -= 4

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Draw a table whose columns share the width in proportion to what they hold; row 0 is the heading."""
        size, pad = 9.0, 5.0
        wants = [max(_text_width(row[i], size, True) for row in rows) + 2 * pad for i in range(len(rows[0]))]
        scale = (WIDTH - 2 * MARGIN) / sum(wants)
        widths = [want * scale for want in wants]
        self.y -= 4
        for number, row in enumerate(rows):
            self._row(row, widths, heading=number == 0, size=size, pad=pad)
        self.y -= 8

    def _row(self, row: Sequence[str], widths: Sequence[float], *, heading: bool, size: float, pad: float) -> None:
        cells = [_wrapped(text, size, width - 2 * pad, heading) for text, width in zip(row, widths, strict=True)]
        height = max(map(len, cells)) * size * 1.3 + 5
        self.need(height)
        self.y -= height
        if heading:
            self.box(MARGIN, self.y, WIDTH - 2 * MARGIN, height, PALE)
        x = float(MARGIN)
        for lines, width in zip(cells, widths, strict=True):
            # A result out of its range is marked as laboratories do, with a star, and printed bold.
            bold = heading or lines[0].endswith("*")
            for number, line in enumerate(lines):
                self.put(x + pad, self.y + height - (number + 1) * size * 1.3, line, size, bold)
            self.rule(x, self.y, x, self.y + height)
            x += width
        self.rule(x, self.y, x, self.y + height)
        self.rule(MARGIN, self.y, WIDTH - MARGIN, self.y)
        self.rule(MARGIN, self.y + height, WIDTH - MARGIN, self.y + height)


def _letterhead(canvas: Canvas, paper: Paper) -> None:
    author, top = paper.author, HEIGHT - MARGIN
    canvas.box(0, HEIGHT - 14, WIDTH, 14, BLUE)
    for number, line in enumerate(_wrapped(author.structure, 13, 230, bold=True)):
        canvas.put(MARGIN, top - 4 - 16 * number, line, 13, bold=True, colour=BLUE)
        canvas.y = top - 4 - 16 * number
    for line in (author.street, author.town, f"Tél. {author.phone}" if author.phone else "", author.address):
        canvas.y -= 12
        canvas.put(MARGIN, canvas.y, line, 8.5, colour=GREY)
    if author.family:
        canvas.right(top - 4, author.name, 11, bold=True)
    canvas.right(top - 18, author.speciality, 9)
    if author.national_id:
        canvas.right(top - 30, f"RPPS {author.national_id[1:]}", 8.5)
    canvas.y = min(canvas.y, top - 58) - 10
    canvas.rule(MARGIN, canvas.y, WIDTH - MARGIN, canvas.y, BLUE, 1.2)


def _addressee(canvas: Canvas, paper: Paper) -> None:
    left = 330
    for number, line in enumerate((NAME, "À l'attention du Dr Claire VASSEUR", STREET, TOWN)):
        canvas.put(left, canvas.y - 24 - 13 * number, line, 10, bold=number == 0)
    canvas.put(left, canvas.y - 92, f"Montfleury-les-Bois, le {_long_date(paper)}", 10)
    usager, top = paper.usager, canvas.y - 16
    born = "Née" if usager.sex == "F" else "Né"
    used = f"Nom utilisé : {usager.used_name}" if usager.used_name else ""
    ins = f"INS : {usager.matricule} (NIR)" if usager.matricule else "INS : non qualifié"
    name = _wrapped(f"{usager.birth_name} {' '.join(usager.given)}", 10.5, 230, bold=True)[:2]
    details = (used, f"{born} le {french_date(usager.birth_date)}   Sexe : {usager.sex}", ins)
    lines = [*name, *filter(None, details)]
    height = 14 * len(lines) + 10
    canvas.box(MARGIN, top - height, 250, height, PALE)
    canvas.rule(MARGIN, top - height, MARGIN, top, BLUE, 2)
    for number, line in enumerate(lines):
        canvas.put(MARGIN + 10, top - 15 - 14 * number, line, 10.5 if number < len(name) else 9, number < len(name))
    canvas.y = top - 112


def _long_date(paper: Paper) -> str:
    day = "1er" if paper.act.day == 1 else str(paper.act.day)
    return f"{day} {_MONTHS[paper.act.month - 1]} {paper.act.year}"


def _section(canvas: Canvas, section: Section) -> None:
    canvas.need(46)
    if section.title:
        canvas.y -= 20
        canvas.put(MARGIN, canvas.y, section.title, 10.5, bold=True, colour=BLUE)
        canvas.rule(MARGIN, canvas.y - 4, WIDTH - MARGIN, canvas.y - 4, PALE, 1)
        canvas.y -= 4
    for text in section.paragraphs:
        canvas.paragraph(text)
    for text in section.items:
        canvas.paragraph(text, indent=16, bullet=True)
    if section.table:
        canvas.table(section.table)


def _signature(canvas: Canvas, paper: Paper) -> None:
    canvas.need(92)
    canvas.y -= 30
    left = min(340.0, WIDTH - MARGIN - _text_width(paper.author.name, 10, True))
    canvas.put(left, canvas.y, paper.author.name, 10, bold=True)
    canvas.scribble(350, canvas.y - 26, paper.author.address)
    validated = f"Document validé électroniquement le {paper.act:%d/%m/%Y} à {paper.act:%H:%M}"
    canvas.put(340, canvas.y - 54, validated, 7.5, colour=GREY)


def _footers(canvas: Canvas, paper: Paper) -> None:
    drawn = canvas.pages
    for number, page in enumerate(drawn, 1):
        canvas.pages = [page]
        canvas.rule(MARGIN, 62, WIDTH - MARGIN, 62)
        canvas.put(
            MARGIN, 49, f"{paper.author.structure}, {paper.author.street}, {paper.author.town}"[:95], 7.5, colour=GREY
        )
        canvas.put(MARGIN, 39, f"Document fictif, réf. {paper.unique_id} v{paper.version}", 7.5, colour=GREY)
        canvas.right(49, f"Page {number}/{len(drawn)}", 7.5)
    canvas.pages = drawn


@dataclass(frozen=True, slots=True)
class _Objects:
    """PDF objects in order, the first being number 1."""

    bodies: list[bytes]

    def add(self, body: bytes) -> int:
        self.bodies.append(body)
        return len(self.bodies)

    def stream(self, raw: bytes, entries: bytes = b"") -> int:
        return self.add(b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(raw), entries, raw))

    def file(self, info: int) -> bytes:
        out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
        offsets = []
        for number, body in enumerate(self.bodies, 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(self.bodies) + 1)
        out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(self.bodies) + 1, info)
        return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table)


def _assembled(title: str, pages: Iterable[tuple[bytes, bytes]], objects: _Objects) -> bytes:
    """The file: objects 1 and 2 are the catalogue and the page tree; a page is (resources, contents)."""
    numbers = []
    for resources, contents in pages:
        body = objects.stream(zlib.compress(contents, 6), b"/Filter /FlateDecode ")
        numbers.append(
            objects.add(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << %s >> /Contents %d 0 R >>"
                % (WIDTH, HEIGHT, resources, body)
            )
        )
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    objects.bodies[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(numbers))
    info = objects.add(b"<< /Title (%s) /Producer (Bac \\340 sable) >>" % _literal(title))
    return objects.file(info)


def letter(paper: Paper) -> bytes:
    """The document as a PDF letter of one to three pages."""
    canvas = Canvas()
    _letterhead(canvas, paper)
    _addressee(canvas, paper)
    for line in _wrapped(paper.title, 14, WIDTH - 2 * MARGIN, bold=True):
        canvas.y -= 18
        canvas.put((WIDTH - _text_width(line, 14, True)) / 2, canvas.y, line, 14, bold=True, colour=BLUE)
    canvas.y -= 6
    for section in paper.sections:
        _section(canvas, section)
    _signature(canvas, paper)
    _footers(canvas, paper)
    objects = _Objects([b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>", b""])
    regular, bold = (
        objects.add(b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name)
        for name in (b"Helvetica", b"Helvetica-Bold")
    )
    fonts = b"/Font << /F1 %d 0 R /F2 %d 0 R >>" % (regular, bold)
    return _assembled(paper.title, [(fonts, b"\n".join(page)) for page in canvas.pages], objects)


def of_jpegs(title: str, pictures: Sequence[tuple[bytes, int, int]]) -> bytes:
    """A PDF as scanners make them: one grayscale JPEG a page, (bytes, width, height) each."""
    objects = _Objects([b"<< /Type /Catalog /Pages 2 0 R >>", b""])
    pages = []
    for raw, width, height in pictures:
        entries = (
            b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "
            b"/Filter /DCTDecode " % (width, height)
        )
        image = objects.stream(raw, entries)
        pages.append((b"/XObject << /Im %d 0 R >>" % image, b"q %d 0 0 %d 0 0 cm /Im Do Q" % (WIDTH, HEIGHT)))
    return _assembled(title, pages, objects)
