"""Sample pictures: a heavy scan of a paper letter, photographs of a wound dressing and of a pill box."""

from __future__ import annotations

import random
import unicodedata
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from mssclient.sandbox import papers_pdf

_LETTER = (
    "Centre Hospitalier de Montfleury", "Service de médecine polyvalente - Archives", "",
    "Montfleury-les-Bois, le 12 mars 2019", "", "Cher confrère,", "",
    "J'ai revu ce jour en consultation votre patiente, âgée de 85 ans,",
    "adressée pour le suivi de son hypertension artérielle et d'une",
    "insuffisance rénale modérée. L'interrogatoire ne retrouve ni dyspnée",
    "d'effort inhabituelle, ni douleur thoracique, ni œdème.", "",
    "À l'examen : TA 142/78 mmHg, FC 68/min, poids 61 kg. Auscultation",
    "cardio-pulmonaire sans particularité. Pas de signe de globe.", "",
    "Je propose la poursuite du traitement actuel, un contrôle de la",
    "créatininémie et du ionogramme dans trois mois, et l'arrêt définitif",
    "des anti-inflammatoires non stéroïdiens.", "",
    "Bien confraternellement,", "", "Dr M. FABRE",
)  # fmt: skip


def _draw_line(draw: ImageDraw.ImageDraw, x: float, y: float, text: str, font: ImageFont.FreeTypeFont) -> None:
    """Write with Pillow's own font, which is plain ASCII: accents are drawn by hand as strokes."""
    for char in text.replace("œ", "oe"):
        pieces = unicodedata.normalize("NFD", char)
        base, marks = pieces[0], pieces[1:]
        draw.text((x, y), base, font=font, fill=40)
        width = font.getlength(base)
        lift = y + (0 if base.islower() else -7)
        for mark in marks:
            middle, up, down = x + width / 2, lift + 3, lift + 10
            shape = {
                "\u0301": [(middle - 2, down), (middle + 5, up)],
                "\u0300": [(middle + 2, down), (middle - 5, up)],
                "\u0302": [(middle - 6, down), (middle, up), (middle + 6, down)],
                "\u0308": [(middle - 6, down), (middle - 4, down)],
                "\u0327": [(middle, y + 32), (middle - 3, y + 38)],
            }.get(mark, [])
            draw.line(shape, fill=40, width=3)
        x += width


def _page(number: int, size: tuple[int, int], noise: random.Random) -> bytes:
    """A grayscale page as an old scanner sees it: slightly turned, with grain that hardly compresses."""
    paper = Image.new("L", size, 236)
    draw = ImageDraw.Draw(paper)
    font, large = ImageFont.load_default(34), ImageFont.load_default(46)
    if not isinstance(font, ImageFont.FreeTypeFont) or not isinstance(large, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    for row, line in enumerate(_LETTER):
        _draw_line(draw, 190, 260 + 74 * row, line, large if row == 0 else font)
    _draw_line(draw, 1180, 110, f"Archives, feuillet {number}", font)
    draw.arc((880, 1780, 1330, 1960), 190, 20, fill=60, width=5)
    draw.ellipse((1240, 1880, 1480, 2120), outline=110, width=6)
    turned = paper.rotate(noise.uniform(-0.9, 0.9), Image.Resampling.BICUBIC, fillcolor=214)
    grain = Image.frombytes("L", size, noise.randbytes(size[0] * size[1]))
    blended = Image.blend(turned, grain, 0.22)
    out = BytesIO()
    blended.save(out, "JPEG", quality=98, dpi=(200, 200))
    return out.getvalue()


@cache
def heavy_scan() -> bytes:
    """A PDF of nine megabytes: an archived letter scanned in grey, readable through its grain."""
    noise, size = random.Random(20190312), (1654, 2339)  # noqa: S311  # a fixed grain, not a secret
    pages = [(_page(number, size, noise), *size) for number in (1, 2, 3)]
    return papers_pdf.of_jpegs("Numérisation dossier papier 2019", pages)


@cache
def wound_photo() -> bytes:
    """A JPEG photograph: a dressing on skin with a measuring tape (colour, 1024×768)."""
    picture = Image.linear_gradient("L").resize((1024, 768))
    skin = Image.merge("RGB", (picture.point(lambda v: 205 + v // 8), picture.point(lambda v: 150 + v // 7),
                               picture.point(lambda v: 122 + v // 7)))  # fmt: skip
    draw = ImageDraw.Draw(skin)
    draw.ellipse((360, 240, 660, 500), fill=(172, 84, 72))
    draw.ellipse((410, 285, 610, 455), fill=(198, 62, 58))
    draw.ellipse((470, 330, 540, 400), fill=(224, 196, 120))
    skin = skin.filter(ImageFilter.GaussianBlur(9))
    skin = Image.blend(skin, _grain((1024, 768)), 0.05)
    draw = ImageDraw.Draw(skin)
    draw.rectangle((150, 600, 870, 660), fill=(250, 248, 240), outline=(60, 60, 60), width=2)
    font = ImageFont.load_default(20)
    for tick in range(19):
        x = 160 + tick * 38
        draw.line((x, 600, x, 632 if tick % 5 == 0 else 618), fill=(30, 30, 30), width=2)
        if tick % 5 == 0:
            draw.text((x + 4, 634), f"{tick} cm", font=font, fill=(30, 30, 30))
    out = BytesIO()
    skin.save(out, "JPEG", quality=85)
    return out.getvalue()


def _grain(size: tuple[int, int]) -> Image.Image:
    noise = random.Random(7)  # noqa: S311
    return Image.frombytes("RGB", size, noise.randbytes(size[0] * size[1] * 3))


@cache
def pill_box() -> bytes:
    """A PNG drawing of a week's pill box (640×260)."""
    picture = Image.new("RGB", (640, 260), (238, 242, 246))
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(20)
    colours = ((214, 74, 66), (250, 250, 250), (242, 190, 60))
    for day, letter in enumerate("LMMJVSD"):
        left = 20 + day * 86
        draw.text((left + 30, 12), letter, font=font, fill=(40, 60, 90))
        for row, colour in enumerate(colours):
            top = 44 + row * 70
            draw.rounded_rectangle(
                (left, top, left + 76, top + 60), 8, fill=(255, 255, 255), outline=(90, 120, 160), width=2
            )
            if (day + row) % 4:
                draw.ellipse((left + 26, top + 18, left + 50, top + 42), fill=colour, outline=(120, 120, 120))
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def logo() -> bytes:
    """A small PNG logo for newsletters: a lime leaf (96×96)."""
    picture = Image.new("RGBA", (96, 96), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((14, 10, 82, 78), fill=(104, 159, 56, 255))
    draw.line((48, 20, 48, 92), fill=(51, 105, 30, 255), width=4)
    for y in (34, 48, 62):
        draw.line((48, y + 10, 28, y), fill=(51, 105, 30, 255), width=2)
        draw.line((48, y + 10, 68, y), fill=(51, 105, 30, 255), width=2)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
