"""CDA R2: header, embedded renditions, readable text (documents.md)."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssclient.domain import cda, hl7, sniff
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.type_codes import TYPE_LABELS, label_of
from tests.domain.archives import MATRICULE, PDF
from tests.domain.archives import cda as make

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20

SECTIONS = """<component><structuredBody><component><section><title>Traitement</title><text>
<paragraph>Deux <content styleCode="Bold">comprimés</content><br/>le soir</paragraph>
<table><thead><tr><th>Produit</th><th>Dose</th></tr></thead><tbody><tr><td>Alpha</td><td>1 g</td></tr></tbody></table>
<list listType="ordered"><item>un</item><item>deux<list><item>deux bis</item></list></item></list></text>
<component><section><title>Suites</title><text>Revoir à 6 mois</text></section></component></section></component>
<component><section><entry><observationMedia><value mediaType="image/jpeg" representation="B64">{}</value>
</observationMedia></entry></section></component></structuredBody></component>"""


def test_level_1_gives_its_embedded_content_by_its_bytes() -> None:
    document = cda.read(make())
    assert [(c.media_type, c.embedded) for c in document.contents] == [("text/xml", -1), ("application/pdf", 0)]
    assert cda.embedded(make(), 0) == PDF
    with pytest.raises(Unreadable):
        cda.embedded(make(), 1)


def test_level_3_is_rendered_as_readable_text() -> None:
    data = make(body=SECTIONS.format(base64.b64encode(PNG).decode()))
    text = cda.text(data)
    assert text.splitlines()[0] == "Synthèse & suite"
    for line in (
        "Traitement",
        "Deux comprimés",
        "le soir",
        "Produit | Dose",
        "Alpha | 1 g",
        "  1. un",
        "  2. deux",
        "    • deux bis",
        "Suites",
        "Revoir à 6 mois",
    ):
        assert line in text.splitlines()
    assert cda.read(data).contents[1].media_type == "image/png"


@pytest.mark.parametrize("attributes", ['mediaType="application/pdf"', "", 'mediaType="text/plain"'])
def test_a_forgotten_representation_is_guessed(attributes: str) -> None:
    packed = base64.b64encode(PDF).decode()
    cut = f"\n {packed[:20]}\n {packed[20:].rstrip('=')}"
    body = f"<component><nonXMLBody><text {attributes}>{cut}</text></nonXMLBody></component>"
    assert cda.embedded(make(body=body), 0) == PDF


def test_embedded_plain_text_is_part_of_the_text() -> None:
    body = '<component><nonXMLBody><text mediaType="text/plain">Bonjour é</text></nonXMLBody></component>'
    assert cda.text(make(body=body)).endswith("Bonjour é")


def test_header_in_disorder() -> None:
    document = cda.read(make())
    assert document.usager is not None
    assert document.usager.matricule == MATRICULE
    assert document.act_date == "2024-01-10"
    assert document.replaces == ("1.2.250.1.999.0",)


def test_names_without_qualifiers() -> None:
    data = make().replace(b' qualifier="BR"', b"").replace(b' qualifier="CL"', b"")
    usager = cda.read(data).usager
    assert usager is not None
    assert (usager.birth_name, usager.given[0]) == ("PAT-TROIS", "DOMINIQUE")


def test_an_authoring_device_is_an_author() -> None:
    data = make().replace(b"<assignedPerson>", b"<assignedAuthoringDevice><softwareName>Logiciel X</softwareName><a>")
    data = data.replace(b"</assignedPerson>", b"</a></assignedAuthoringDevice>")
    assert cda.read(data).author == "Logiciel X"


def test_a_cda_inside_an_envelope_and_another_root() -> None:
    inner = make().partition(b"?>")[2].partition(b"?>")[2]
    assert cda.read(b"<envelope>" + inner + b"</envelope>").version == 2
    with pytest.raises(Unreadable) as caught:
        cda.read(b"<Bundle xmlns='http://hl7.org/fhir'/>")
    assert caught.value.reason is Unread.NOT_IT


@pytest.mark.parametrize(
    "data", [make(), b"\xef\xbb\xbf" + make(), make().decode().replace("UTF-8", "UTF-16").encode("utf-16")]
)
def test_a_cda_is_recognised_whatever_its_encoding(data: bytes) -> None:
    assert cda.is_cda(data)
    assert cda.read(data).title == "Synthèse & suite"


def test_a_poor_header_is_read_as_far_as_it_goes() -> None:
    document = cda.read(b"<ClinicalDocument/>")
    assert (document.usager, document.version, document.set_id, document.key_valid) == (None, None, None, None)


def test_known_codes_have_their_french_label_whatever_the_producer_says() -> None:
    assert len(TYPE_LABELS) == 22
    assert label_of("11502-2", "BIO") == "Compte rendu de biologie"
    assert label_of("0-0", " free  text ") == "free text"
    assert label_of("0-0", "", "42") == "Prescription"


@pytest.mark.parametrize(
    ("stamp", "iso"),
    [
        ("20240115103000.123+0100", "2024-01-15T10:30:00+01:00"),
        ("202401151030", "2024-01-15T10:30"),
        ("20240115", "2024-01-15"),
        ("202401", "2024-01"),
        ("2024", "2024"),
        ("19430000", "1943"),
        ("", ""),
        ("hier", ""),
        ("2024-01-15T10:30:00Z", "2024-01-15T10:30:00+00:00"),
        ("2024-01-15", "2024-01-15"),
        ("20240115993000", "2024-01-15"),
    ],
)
def test_time_stamps(stamp: str, iso: str) -> None:
    assert hl7.iso(stamp) == iso


@pytest.mark.parametrize(
    "cx",
    [
        f"{MATRICULE}^^^&1.2.250.1.213.1.4.8&ISO^NH",
        f"{MATRICULE}^^^&amp;1.2.250.1.213.1.4.8&amp;ISO^NH",
        "2 79 03 51 215 189 89^^^&urn:oid:1.2.250.1.213.1.4.8&ISO",
        f"{MATRICULE}^^^1.2.250.1.213.1.4.8",
    ],
)
def test_identifiers(cx: str) -> None:
    assert hl7.identifier(cx) == hl7.Identifier(MATRICULE, "1.2.250.1.213.1.4.8")
    assert hl7.identifier(cx).is_ins


def test_persons_and_traits_of_hl7_version_2() -> None:
    assert hl7.person("899700000001^VASSEUR^Claire^^^Dr^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS") == "Dr Claire VASSEUR"
    assert hl7.person("Logiciel") == "Logiciel"
    usager = hl7.source_patient(
        (
            "PID-5|DURAND^DOMINIQUE^^^^^D~PAT-TROIS^DOMINIQUE^^^^^L",
            "PID-8|F",
            "PID-11|^^^^^^BDL^^51215",
            "PID-7|19790328",
        )
    )
    assert (usager.birth_name, usager.used_name, usager.birth_place) == ("PAT-TROIS", "DURAND", "51215")


@pytest.mark.parametrize(
    ("data", "declared", "name", "kind"),
    [
        (PDF, "image/jpeg", "", "application/pdf"),
        (b"junk\n" + PDF, "", "", "application/pdf"),
        (PNG, "image/jpeg", "", "image/png"),
        (b"a;b\n", "text/csv", "", "text/csv"),
        (b"plain", "application/pdf", "", "text/plain"),
        (b"\0\1\2", "application/pdf", "", "application/octet-stream"),
        (b"MZ\x90", "application/pdf", "a.pdf", "application/x-msdownload"),
        (b"<!DOCTYPE html><p>", "", "", "text/html"),
        (
            b"PK\3\4....[Content_Types].xml word/",
            "",
            "",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "a.doc", "application/msword"),
        (b"", "", "", "application/octet-stream"),
    ],
)
def test_media_types_come_from_the_bytes(data: bytes, declared: str, name: str, kind: str) -> None:
    assert sniff.media_type(data, declared, name) == kind


@settings(max_examples=80, deadline=1000)
@given(st.data())
def test_any_corruption_reads_or_is_refused(data: st.DataObject) -> None:
    raw = bytearray(make())
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        cda.read(bytes(raw))
        cda.text(bytes(raw))
    except Unreadable:
        return
