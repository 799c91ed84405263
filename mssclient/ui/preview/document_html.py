"""A health document as pages of HTML made here: header facts and the blocks of its body, every value escaped.

Nothing of the producer's markup gets in, and a picture is named by its number in the document only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import assert_never

from PySide6.QtCore import QCoreApplication

from mssclient.domain.cda_parts import MOST, cost, parted
from mssclient.domain.cda_view import Block, Cell, Figure, Heading, Listing, Paragraph, Run, Style, Table, View
from mssclient.domain.documents import HealthDocument
from mssclient.domain.identity import INS_OIDS, OID_DEMO, OID_TEST, Usager, is_qualified
from mssclient.ui import wording
from mssclient.ui.theme import colours
from mssclient.ui.wording_documents import type_label

translate = QCoreApplication.translate
CONTEXT = "document"
_HEAD_COST = 60.0
_TAGS = (
    (Style.BOLD, "b"), (Style.ITALIC, "i"), (Style.UNDERLINE, "u"), (Style.SUBSCRIPT, "sub"),
    (Style.SUPERSCRIPT, "sup"), (Style.DELETED, "s"),
)  # fmt: skip


def slices(view: View, document: HealthDocument | None) -> Iterator[str]:
    """The document in pieces that each stand alone, the first with the header facts."""
    piece = [_head(view, document)]
    spent = _HEAD_COST
    for block in (each for whole in view.blocks for each in parted(whole)):
        more = cost(block)
        if spent + more > MOST:
            yield "".join(piece)
            piece, spent = [], 0.0
        piece.append(_block(block))
        spent += more
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
def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level + 2}>{escape(text)}</h{level + 2}>"
        case Paragraph(runs, small):
            words = _runs(runs)
            return f"<p><small>{words}</small></p>" if small else f"<p>{words}</p>"
        case Listing(items, ordered, start):
            tag = "ol" if ordered else "ul"
            first = f' start="{start}"' if ordered and start != 1 else ""
            inside = "".join(f"<li>{_inner(item)}</li>" for item in items)
            return f"<{tag}{first}>{inside}</{tag}>"
        case Table():
            return _table(block)
        case Figure():
            return _figure(block)
        case _:
            assert_never(block)


def _inner(blocks: tuple[Block, ...]) -> str:
    """Blocks inside an item or a cell: one paragraph alone stands without its margins."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return _runs(blocks[0].runs)
    return "".join(_block(block) for block in blocks)


def _runs(runs: Iterable[Run]) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    text = escape(run.text).replace("\n", "<br>")
    for style, tag in _TAGS:
        if run.style & style:
            text = f"<{tag}>{text}</{tag}>"
    return text


def _table(table: Table) -> str:
    caption = f"<p><b>{escape(table.caption)}</b></p>" if table.caption else ""
    width = ' width="100%"' if table.widths else ""
    rows = "".join(_row(row, table.widths) for row in table.rows)
    return f'{caption}<table cellspacing="0"{width}>{rows}</table><p></p>'


def _row(row: tuple[Cell, ...], widths: tuple[int, ...]) -> str:
    # Only a row without spans tells which column a cell stands in.
    told = widths if len(row) == len(widths) and all(cell.columns == 1 for cell in row) else ()
    return f"<tr>{''.join(_cell(cell, told[at] if told else 0) for at, cell in enumerate(row))}</tr>"


def _cell(cell: Cell, width: int) -> str:
    tag = "th" if cell.heading else "td"
    spans = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    spans += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    spans += f' width="{width}%"' if width else ""
    ground = f' style="background-color:{colours().raised}"' if cell.heading else ""
    return f"<{tag}{spans}{ground}>{_inner(cell.blocks)}</{tag}>"


def _figure(figure: Figure) -> str:
    caption = f"<p><small>{escape(figure.caption)}</small></p>" if figure.caption else ""
    if figure.index < 0:
        missing = (
            translate(CONTEXT, "Le texte de ce document est dans un autre fichier, qui n’a pas été reçu avec lui.")
            if figure.media_type and not figure.media_type.startswith("image/")
            else translate(CONTEXT, "Image annoncée, absente du document.")
        )
        return f"<p><i>{escape(missing)}</i></p>{caption}"
    if figure.media_type.startswith("image/"):
        said = escape(figure.caption or translate(CONTEXT, "Image du document"), quote=True)
        return f'<p><img src="cid:figure-{figure.index}" alt="{said}"></p>{caption}'
    kind = wording.media(figure.media_type, "")
    words = translate(CONTEXT, "Ouvrir le contenu joint : {kind}").format(kind=kind)
    return f'<p><a href="#figure-{figure.index}">{escape(words)}</a></p>{caption}'
