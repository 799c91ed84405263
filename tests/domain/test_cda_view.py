"""A CDA's narrative as blocks: structure kept, markup gone, bounded whatever the document."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain.cda_view import (
    MAX_BLOCKS,
    MAX_COLUMNS,
    Block,
    Figure,
    Heading,
    Listing,
    Paragraph,
    Run,
    Style,
    Table,
    View,
    view,
)
from mssclient.domain.errors import Unreadable

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def shown(text: str, *, title: str = "Motif", entries: str = "") -> View:
    """The view of a document with one section of this narrative."""
    section = f"<section><title>{title}</title><text>{text}</text>{entries}</section>"
    body = f"<component><structuredBody><component>{section}</component></structuredBody></component>"
    return view(f'<ClinicalDocument xmlns="urn:hl7-org:v3"><title>T</title>{body}</ClinicalDocument>'.encode())


def blocks(text: str) -> tuple[Block, ...]:
    """What stands under the section's title."""
    return shown(text).blocks[1:]


def test_text_between_blocks_becomes_paragraphs_in_order() -> None:
    found = blocks("avant <paragraph>un <content styleCode='Bold'>deux</content> trois</paragraph> après")
    assert found == (
        Paragraph((Run("avant"),)),
        Paragraph((Run("un "), Run("deux", Style.BOLD), Run(" trois"))),
        Paragraph((Run("après"),)),
    )


def test_line_breaks_and_styles_of_the_author_stay() -> None:
    (found,) = blocks("CO<sub>2</sub><br/>10<sup>9</sup> <content styleCode='Bold Italics'>x</content>")
    assert isinstance(found, Paragraph)
    assert "".join(run.text for run in found.runs) == "CO2\n109 x"
    assert found.runs[1] == Run("2", Style.SUBSCRIPT)
    assert found.runs[-1] == Run("x", Style.BOLD | Style.ITALIC)


def test_lists_nest_and_know_whether_they_are_numbered() -> None:
    (found,) = blocks("<list listType='ordered'><item>a<list><item>b</item></list></item><item>c</item></list>")
    assert isinstance(found, Listing)
    assert found.ordered
    assert found.items[0][0] == Paragraph((Run("a"),))
    inner = found.items[0][1]
    assert isinstance(inner, Listing)
    assert not inner.ordered
    assert len(found.items) == 2


def test_a_table_keeps_heads_spans_and_caption() -> None:
    (found,) = blocks(
        "<table><caption>Bilan</caption><thead><tr><th colspan='2'>Examen</th></tr></thead>"
        "<tbody><tr><td rowspan='9999999'>Na</td><td>140</td></tr></tbody></table>"
    )
    assert isinstance(found, Table)
    assert found.caption == "Bilan"
    assert found.rows[0][0].heading
    assert found.rows[0][0].columns == 2
    assert found.rows[1][0].rows == 1  # a number that is no number of rows
    assert found.rows[1][1].blocks == (Paragraph((Run("140"),)),)


def test_a_picture_stands_where_the_text_refers_to_it_and_only_there() -> None:
    media = (
        "<entry><observationMedia ID='P1'><value mediaType='image/jpeg' representation='B64'>"
        f"{base64.b64encode(PNG).decode()}</value></observationMedia></entry>"
    )
    with_reference = shown(
        "<renderMultiMedia referencedObject='P1'><caption>Plaie</caption></renderMultiMedia>", entries=media
    )
    assert with_reference.blocks[1:] == (Figure(0, "image/png", "Plaie"),)
    without = shown("rien", entries=media)
    assert without.blocks[-1] == Figure(0, "image/png")
    dangling = shown("<renderMultiMedia referencedObject='NULLE_PART'/>")
    assert dangling.blocks[1:] == (Figure(-1, ""),)


def test_sections_nest_to_headings() -> None:
    inner = "<component><section><title>Dedans</title><text>x</text></section></component>"
    found = shown("y", entries=inner).blocks
    assert [b for b in found if isinstance(b, Heading)] == [Heading("Motif", 1), Heading("Dedans", 2)]


def test_links_are_said_and_markup_is_only_text() -> None:
    (found,) = blocks(
        "<linkHtml href='https://malveillant.example/x'>ici</linkHtml> &lt;script&gt;alert(1)&lt;/script&gt;"
    )
    assert isinstance(found, Paragraph)
    assert "".join(r.text for r in found.runs) == "ici (https://malveillant.example/x) <script>alert(1)</script>"


def test_what_is_deleted_is_marked() -> None:
    (found,) = blocks("<content revised='delete'>10 mg</content><content revised='insert'>5 mg</content>")
    assert isinstance(found, Paragraph)
    assert found.runs[0] == Run("10 mg", Style.DELETED)


def test_a_long_document_is_cut_and_says_so() -> None:
    found = shown("<paragraph>x</paragraph>" * (MAX_BLOCKS + 5))
    assert found.cut
    assert len(found.blocks) <= MAX_BLOCKS
    wide = shown(f"<table><tr>{'<td>1</td>' * (MAX_COLUMNS + 1)}</tr></table>")
    assert wide.cut
    assert isinstance(wide.blocks[1], Table)
    assert len(wide.blocks[1].rows[0]) == MAX_COLUMNS


def test_embedded_text_of_a_level_1_is_shown() -> None:
    body = "<component><nonXMLBody><text mediaType='text/plain'>Bonjour\nle monde</text></nonXMLBody></component>"
    found = view(f'<ClinicalDocument xmlns="urn:hl7-org:v3">{body}</ClinicalDocument>'.encode())
    assert found.blocks == (Paragraph((Run("Bonjour\nle monde"),)),)


_tags = st.sampled_from(
    ["paragraph", "content", "list", "item", "table", "tr", "td", "br", "sub", "unknown", "footnote"]
)
_trees = st.recursive(
    st.text("abé <&", max_size=8).map(lambda t: t.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inner: st.tuples(_tags, st.lists(inner, max_size=4)).map(lambda p: f"<{p[0]}>{''.join(p[1])}</{p[0]}>"),
    max_leaves=30,
)


@given(_trees)
def test_whatever_the_nesting_no_word_is_lost(tree: str) -> None:
    found = shown(f"<paragraph>DEBUT</paragraph>{tree}<paragraph>FIN</paragraph>")
    said = repr(found.blocks)
    assert "DEBUT" in said
    assert "FIN" in said
    assert said.count("é") == tree.count("é")


@pytest.mark.parametrize("depth", [100, 5_000])
def test_deep_nesting_ends_in_a_view_or_a_refusal(depth: int) -> None:
    try:
        found = blocks("<content>" * depth + "x" + "</content>" * depth)
    except Unreadable:
        return
    assert "x" in repr(found)
