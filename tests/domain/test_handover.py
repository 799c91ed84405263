"""Links and sidecars of the record system: read when honest, refused when they reach for more than their folder."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.handover import MAX_LINK, Handover, from_link, from_sidecar
from mssclient.domain.identity import OID_TEST, Usager

RUTH = Usager("277076322082910", OID_TEST, "NESSI", ("RUTH", "ISABELLE"), "1977-07-14", "F", birth_place="63220")
LINK = (
    "mssante:Anne.Martin@ville.mss.example,cabinet@ville.mss.example?sujet=Suivi%20%C3%A9t%C3%A9&texte=Bonjour%0D%0A2"
    f"&matricule={RUTH.matricule}&oid={OID_TEST}&nom=NESSI&prenoms=RUTH+ISABELLE&naissance=1977-07-14&sexe=F&lieu=63220"
    "&dossier=D-12&type=11488-4&date=2026-05-03&titre=CR&piece=cr.pdf&piece=plan.pdf&auteur=810009999991&usager=oui"
)


def reason(link: str) -> Unread:
    with pytest.raises(Unreadable) as refused:
        from_link(link)
    return refused.value.reason


def test_a_link_says_all_that_a_message_needs() -> None:
    assert from_link(LINK) == Handover(
        to=("anne.martin@ville.mss.example", "cabinet@ville.mss.example"), subject="Suivi été",
        text="Bonjour\r\n2", attachments=("cr.pdf", "plan.pdf"), usager=RUTH, record_number="D-12",
        type_code="11488-4", act_date="2026-05-03", title="CR", author_id="810009999991", to_usager=True,
    )  # fmt: skip


def test_a_bare_address_and_the_slashes_of_a_browser_are_understood() -> None:
    assert from_link("MSSANTE:a@b.mss.example").to == ("a@b.mss.example",)
    assert from_link("mssante://a@b.mss.example/").to == ("a@b.mss.example",)
    assert from_link("mssante:?a=a@b.mss.example,A@B.mss.example").to == ("a@b.mss.example",)
    assert from_link("mssante:").to == ()


@pytest.mark.parametrize(
    "name", ["../secret.pdf", "/etc/passwd", "C:%5Cx.pdf", "a%2Fb.pdf", "..", "~root", "%00.pdf", "a%0Ab.pdf", ""]
)
def test_a_link_never_chooses_a_file_outside_the_folder(name: str) -> None:
    assert reason(f"mssante:a@b.mss.example?piece={name}") is Unread.FORBIDDEN


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("mailto:a@b.mss.example", Unread.NOT_IT),
        ("mssante:nobody", Unread.DAMAGED),
        ("mssante:a@b.mss.example?bal=x", Unread.DAMAGED),
        ("mssante:a@b.mss.example?date=hier", Unread.DAMAGED),
        ("mssante:a@b.mss.example?nom=X&naissance=14/07/1977", Unread.DAMAGED),
        ("mssante:a@b.mss.example?matricule=2&oid=1.2.3", Unread.DAMAGED),
        ("mssante:a@b.mss.example?remplace=x", Unread.DAMAGED),
        ("mssante:a@b.mss.example?action=Z", Unread.DAMAGED),
        ("mssante:a@b.mss.example?sujet=a%0D%0ABcc:%20x@y", Unread.FORBIDDEN),
        ("mssante:a@b.mss.example?texte=a%00", Unread.FORBIDDEN),
        ("mssante:a@b.mss.example?titre=%E2%80%AEfdp.exe", Unread.FORBIDDEN),
        ("mssante:" + ",".join(f"a{n}@b.mss.example" for n in range(11)), Unread.TOO_BIG),
        ("mssante:?" + "piece=a&" * 21, Unread.TOO_BIG),
        ("mssante:?sujet=" + "x" * MAX_LINK, Unread.TOO_BIG),
    ],
)
def test_a_wrong_link_is_refused_with_its_reason(link: str, why: Unread) -> None:
    assert reason(link) is why


def test_a_sidecar_has_the_fields_of_our_own_export() -> None:
    found = from_sidecar(
        b"\xef\xbb\xbf"
        + json.dumps({
            "resourceType": "DocumentReference", "masterIdentifier": "2.25.77", "setIdentifier": "2.25.7",
            "version": 2, "replaces": "2.25.76", "action": "c", "type": {"code": "11488-4"}, "date": "2026-05-03",
            "title": "CR", "author": {"identifier": "810009999991"}, "recipients": ["A@ville.mss.example"],
            "toUsager": True, "from": "s@tilleuls.mss.example", "text": "Bonjour", "subjectLine": "",
            "subject": {"identifier": [{"system": f"urn:oid:{OID_TEST}", "value": RUTH.matricule}], "family": "NESSI",
                        "given": ["RUTH", "ISABELLE"], "birthDate": "1977-07-14", "gender": "female",
                        "birthPlace": "63220", "recordNumber": "D-12"},
            "attachment": {"title": "cr.pdf"}, "attachments": [{"title": "cr.pdf"}, {"title": "plan.pdf"}],
        }).encode()
    )  # fmt: skip
    assert found == Handover(
        to=("a@ville.mss.example",), bal="s@tilleuls.mss.example", text="Bonjour", attachments=("cr.pdf", "plan.pdf"),
        usager=RUTH, record_number="D-12", type_code="11488-4", act_date="2026-05-03", title="CR",
        author_id="810009999991", unique_id="2.25.77", set_id="2.25.7", version=2, replaces="2.25.76", action="C",
        to_usager=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Unread.DAMAGED),
        (b"[]", Unread.NOT_IT),
        (b"[" * 100_000, Unread.DAMAGED),
        (b'{"attachment": {"title": "../x"}}', Unread.FORBIDDEN),
        (b'{"recipients": ["pas une adresse"]}', Unread.DAMAGED),
        (b'{"title": "' + b"x" * 300_000 + b'"}', Unread.TOO_BIG),
        (b"\xff\xfe{", Unread.DAMAGED),
    ],
)
def test_a_wrong_sidecar_is_refused_with_its_reason(content: bytes, why: Unread) -> None:
    with pytest.raises(Unreadable) as refused:
        from_sidecar(content)
    assert refused.value.reason is why


@given(st.text(max_size=200))
def test_no_link_makes_anything_but_a_handover_or_a_refusal(text: str) -> None:
    try:
        found = from_link("mssante:" + text)
    except Unreadable:
        return
    assert all("/" not in name for name in found.attachments)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["subject", "type", "attachment", "attachments", "recipients", "identifier", "title", "date",
                         "given", "version", "author"]) | st.text(max_size=5), inner, max_size=6),
    max_leaves=20,
)  # fmt: skip


@given(_json)
def test_no_sidecar_makes_anything_but_a_handover_or_a_refusal(value: object) -> None:
    try:
        found = from_sidecar(json.dumps(value).encode())
    except Unreadable:
        return
    assert isinstance(found, Handover)
