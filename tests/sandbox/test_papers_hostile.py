"""The odd archives are odd in the way their name says, and the hostile ones are truly dangerous to a naive reader."""

from __future__ import annotations

import hashlib
import io
import stat
import xml.etree.ElementTree as ET
import zipfile
from datetime import UTC, datetime

import pytest

from mssclient.domain.identity import key_is_valid
from mssclient.sandbox import papers_text
from mssclient.sandbox.papers import Paper
from mssclient.sandbox.papers_hostile import HOSTILE, QUIRKS, wrong_key, zip_bomb
from mssclient.sandbox.people import correspondent, resident

NOW = datetime(2026, 11, 19, 9, 12, tzinfo=UTC)
SUBSET = "IHE_XDM/SUBSET01/"


def papers() -> tuple[Paper, ...]:
    author, usager = correspondent("secretariat@imagerie-lys.mss.example"), resident("NESSI").usager
    return tuple(
        papers_text.paper(kind, usager, author, NOW, i)
        for i, kind in enumerate((papers_text.IMAGING, papers_text.SUMMARY))
    )


def opened(raw: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(raw))


def metadata(raw: bytes, name: str = SUBSET + "METADATA.XML") -> str:
    with opened(raw) as source:
        return source.read(name).decode()


def test_a_nested_root() -> None:
    assert "Envoi patient/IHE_XDM/SUBSET01/METADATA.XML" in opened(QUIRKS["nested root"](papers())).namelist()


def test_a_macosx_twin_that_is_no_xml() -> None:
    raw = QUIRKS["macosx twin"](papers())
    with opened(raw) as source, pytest.raises(ET.ParseError):
        ET.fromstring(source.read("__MACOSX/IHE_XDM/SUBSET01/._METADATA.XML"))


def test_a_missing_hash_and_a_missing_uri() -> None:
    assert 'name="hash"' not in metadata(QUIRKS["no hash"](papers()))
    raw = QUIRKS["no uri, odd subset"](papers())
    told = metadata(raw, "IHE_XDM/LOT_A/METADATA.XML")
    assert 'name="URI"' not in told
    with opened(raw) as source:
        assert "README.TXT" not in source.namelist()
        assert hashlib.sha1(source.read("IHE_XDM/LOT_A/DOC00001.XML")).hexdigest() in told


def test_wrong_keys() -> None:
    good = "277076322082910"
    assert key_is_valid(good)
    for matricule in (good, "279035121518989", "100000000000097", "100000000000001"):
        assert len(wrong_key(matricule)) == 15
        assert wrong_key(matricule) != matricule
    assert not key_is_valid(wrong_key(good))
    raw = QUIRKS["wrong key"](papers())
    assert good not in metadata(raw)
    assert wrong_key(good) in opened(raw).read(SUBSET + "DOC00001.XML").decode()
    # The metadata lies while the document itself is right.
    raw = QUIRKS["metadata differs"](papers())
    assert wrong_key(good) in metadata(raw)
    assert good in opened(raw).read(SUBSET + "DOC00001.XML").decode()


def test_mixed_case_and_two_subsets() -> None:
    raw = QUIRKS["mixed case"](papers())
    assert SUBSET + "doc00001.xml" in opened(raw).namelist()
    assert "DOC00001.XML" in metadata(raw)
    names = opened(QUIRKS["two subsets"](papers())).namelist()
    assert {SUBSET + "DOC00001.XML", "IHE_XDM/SUBSET02/DOC00001.XML"} <= set(names)


def test_a_plain_zip_is_no_xdm() -> None:
    assert not [name for name in opened(QUIRKS["plain zip"](papers())).namelist() if "METADATA" in name]


def test_the_bomb_is_small_outside_and_large_inside() -> None:
    raw = zip_bomb()
    assert len(raw) < 2_000_000
    assert opened(raw).getinfo(SUBSET + "DOC00001.XML").file_size == 300 * 1024 * 1024


def test_names_climb_and_links_point_away() -> None:
    names = opened(HOSTILE["climbing names"](papers())).namelist()
    assert any(name.startswith("../") for name in names)
    assert any(name.startswith("/") for name in names)
    entry = opened(HOSTILE["symlink"](papers())).getinfo(SUBSET + "LINK.XML")
    assert stat.S_ISLNK(entry.external_attr >> 16)
    assert len(opened(HOSTILE["six thousand entries"](papers())).namelist()) > 6000


def test_doctypes_stand_where_they_are_announced() -> None:
    assert "<!DOCTYPE" in metadata(HOSTILE["doctype"](papers()))
    raw = HOSTILE["doctype in the cda"](papers())
    assert "<!DOCTYPE" not in metadata(raw)
    assert b"<!DOCTYPE" in opened(raw).read(SUBSET + "DOC00001.XML")
    assert hashlib.sha1(opened(raw).read(SUBSET + "DOC00001.XML")).hexdigest() in metadata(raw)
