"""A health document as pages of HTML made here: header facts and the blocks of its body, every value escaped.

Nothing of the producer's markup gets in, and a picture is named by its number in the document only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import assert_never

from PySide6.QtCore import QCoreApplication

from mssclient.domain.cda_view import Block, Cell, Figure, Heading, Listing, Paragraph, Run, Style, Table, View
from mssclient.domain.documents import HealthDocument
from mssclient.domain.identity import INS_OIDS, OID_DEMO, OID_TEST, Usager, is_qualified
from mssclient.ui import wording
from mssclient.ui.theme import colours
from mssclient.ui.wording_documents import type_label

translate = QCoreApplication.translate
CONTEXT = "document"
SLICE = 12_000
"""Characters of HTML that are laid out at once: what stands on the first screens comes first."""
ROWS_A_TABLE = 60
"""A longer table is shown as several, its head repeated: a table is laid out whole."""
_TABLE_COST = 4
"""How much longer a table takes to lay out than as many characters of text."""
_TAGS = (
    (Style.BOLD, "b"), (Style.ITALIC, "i"), (Style.UNDERLINE, "u"), (Style.SUBSCRIPT, "sub"),
    (Style.SUPERSCRIPT, "sup"), (Style.DELETED, "s"),
)  # fmt: skip


def slices(view: View, document: HealthDocument | None) -> Iterator[str]:
    """The document in pieces that each stand alone, the first with the header facts."""
    piece = [_head(view, document)]
    size = len(piece[0])
    for block in view.blocks:
        for text in _block(block, top=True):
            piece.append(text)
            size += len(text) * (_TABLE_COST if isinstance(block, Table) else 1)
            if size > SLICE:
                yield "".join(piece)
                piece, size = [], 0
    if view.cut:
        told = translate(CONTEXT, "La suite n’est pas montrée : ce document est plus long que ce qui s’affiche ici.")
        piece.append(f"<p><b>{escape(told)}</b></p>")
    yield "".join(piece)


# -- the header
def _head(view: View, document: HealthDocument | None) -> str:
    title = view.title or (document.title if document else "") or translate(CONTEXT, "Document sans titre")
    rows = "".join(
        f'<tr><td style="border:none; color:{colours().muted}; padding-right:14px">{escape(name)}</td>'
        f'<td style="border:none">{escape(value)}</td></tr>'
        for name, value in (facts(document) if document is not None else ())
    )
    return f'<h2>{escape(title)}</h2><table style="border:none">{rows}</table><hr>'


def facts(document: HealthDocument) -> list[tuple[str, str]]:
    """What a reader has to know before the first line: names and values, those only that are known."""
    version = str(document.version) if document.version is not None else ""
    replaced = translate(CONTEXT, "Annule et remplace une version précédente") if _replaces(document) else ""
    pairs = (
        (translate(CONTEXT, "Type"), type_label(document.type_code, document.type_label)),
        (translate(CONTEXT, "Date de l’acte"), _day(document.act_date or document.created)),
        (translate(CONTEXT, "Usager"), usager_line(document.usager) if document.usager else ""),
        (translate(CONTEXT, "INS"), ins_line(document)),
        (translate(CONTEXT, "Auteur"), document.author),
        (translate(CONTEXT, "Structure"), document.organisation),
        (translate(CONTEXT, "Version"), version),
        (translate(CONTEXT, "Remplacement"), replaced),
        (translate(CONTEXT, "Confidentialité"), ", ".join(confidentiality(c) for c in document.confidentiality)),
    )
    return [(name, value) for name, value in pairs if value]


def _replaces(document: HealthDocument) -> bool:
    return document.action == "C" or bool(document.replaces)


def _day(iso: str) -> str:
    day = wording.iso_day(iso[:10])
    return translate(CONTEXT, "{day} à {time}").format(day=day, time=iso[11:16]) if len(iso) >= 16 else day


def usager_line(usager: Usager) -> str:
    """Names, birth and sex of an usager in one line."""
    used = translate(CONTEXT, "(nom utilisé : {name})").format(name=usager.used_name) if usager.used_name else ""
    names = " ".join(piece for piece in (usager.birth_name, *usager.given, used) if piece)
    born = {"F": translate(CONTEXT, "née le {day}"), "M": translate(CONTEXT, "né le {day}")}.get(
        usager.sex, translate(CONTEXT, "naissance {day}")
    )
    day = wording.iso_day(usager.birth_date)
    sex = translate(CONTEXT, "sexe {sex}").format(sex=wording.sex(usager.sex)) if usager.sex else ""
    place = translate(CONTEXT, "lieu de naissance {code}").format(code=usager.birth_place) if usager.birth_place else ""
    return ", ".join(piece for piece in (names, born.format(day=day) if day else "", sex, place) if piece)


def ins_line(document: HealthDocument) -> str:
    """The matricule and what is to be thought of it; empty when nobody is named."""
    usager = document.usager
    if usager is None:
        return ""
    if not usager.matricule:
        return translate(CONTEXT, "aucun matricule")
    if document.key_valid is False:
        state = translate(CONTEXT, "clé fausse, identité à vérifier")
    elif usager.oid in {OID_TEST, OID_DEMO}:
        state = translate(CONTEXT, "matricule de test")
    elif is_qualified(usager):
        state = translate(CONTEXT, "qualifiée")
    elif usager.oid in INS_OIDS:
        state = translate(CONTEXT, "traits incomplets")
    else:
        state = translate(CONTEXT, "autorité inconnue")
    return translate(CONTEXT, "{number} ({state})").format(number=usager.matricule, state=state)


def confidentiality(code: str) -> str:
    """A confidentiality code in words; an unknown one as it stands."""
    match code.upper():
        case "N":
            return translate(CONTEXT, "normale")
        case "R":
            return translate(CONTEXT, "restreinte")
        case "V":
            return translate(CONTEXT, "très restreinte")
        case "MASQUE_PS":
            return translate(CONTEXT, "masqué aux professionnels")
        case "INVISIBLE_PATIENT":
            return translate(CONTEXT, "non visible par l’usager")
        case "INVISIBLE_REPRESENTANTS":
            return translate(CONTEXT, "non visible par les représentants")
        case _:
            return code


# -- the body
def _block(block: Block, *, top: bool = False) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield f"<h{level + 2}>{escape(text)}</h{level + 2}>"
        case Paragraph(runs, small):
            words = _runs(runs)
            yield f"<p><small>{words}</small></p>" if small else f"<p>{words}</p>"
        case Listing(items, ordered):
            tag = "ol" if ordered else "ul"
            inside = "".join(f"<li>{_inner(item)}</li>" for item in items)
            yield f"<{tag}>{inside}</{tag}>"
        case Table():
            yield from _tables(block, top=top)
        case Figure():
            yield _figure(block)
        case _:
            assert_never(block)


def _inner(blocks: tuple[Block, ...]) -> str:
    """Blocks inside an item or a cell: one paragraph alone stands without its margins."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return _runs(blocks[0].runs)
    return "".join(text for block in blocks for text in _block(block))


def _runs(runs: Iterable[Run]) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    text = escape(run.text).replace("\n", "<br>")
    for style, tag in _TAGS:
        if run.style & style:
            text = f"<{tag}>{text}</{tag}>"
    return text


def _tables(table: Table, *, top: bool) -> Iterator[str]:
    caption = f"<p><b>{escape(table.caption)}</b></p>" if table.caption else ""
    head = []
    for row in table.rows:
        if not all(cell.heading for cell in row):
            break
        head.append(row)
    body = table.rows[len(head) :]
    tied = any(cell.rows > 1 for row in body for cell in row)
    step = len(body) or 1 if tied or not top else ROWS_A_TABLE
    shown_head = "".join(_row(row) for row in head)
    for start in range(0, max(len(body), 1), step):
        rows = "".join(_row(row) for row in body[start : start + step])
        yield f'{caption}<table cellspacing="0">{shown_head}{rows}</table><p></p>'
        caption = ""


def _row(row: tuple[Cell, ...]) -> str:
    return f"<tr>{''.join(_cell(cell) for cell in row)}</tr>"


def _cell(cell: Cell) -> str:
    tag = "th" if cell.heading else "td"
    spans = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    spans += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    ground = f' style="background-color:{colours().raised}"' if cell.heading else ""
    return f"<{tag}{spans}{ground}>{_inner(cell.blocks)}</{tag}>"


def _figure(figure: Figure) -> str:
    caption = f"<p><small>{escape(figure.caption)}</small></p>" if figure.caption else ""
    if figure.index < 0:
        missing = translate(CONTEXT, "Image annoncée, absente du document.")
        return f"<p><i>{escape(missing)}</i></p>{caption}"
    if figure.media_type.startswith("image/"):
        said = escape(figure.caption or translate(CONTEXT, "Image du document"), quote=True)
        return f'<p><img src="cid:figure-{figure.index}" alt="{said}"></p>{caption}'
    kind = wording.media(figure.media_type, "")
    words = translate(CONTEXT, "Ouvrir le contenu joint : {kind}").format(kind=kind)
    return f'<p><a href="#figure-{figure.index}">{escape(words)}</a></p>{caption}'
