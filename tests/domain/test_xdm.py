"""Archives as real software writes them, and archives meant to hurt (documents.md, quirks and hostile ones)."""

from __future__ import annotations

import io
import random
import resource
import stat
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mssclient.domain import xdm, zipped
from mssclient.domain.documents import Archive
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.identity import is_qualified
from tests.domain import archives
from tests.domain.archives import MATRICULE, OID, OTHER, PDF, Doc

NIST = Path(__file__).parent.parent / "data" / "xdm"


def codes(archive: Archive) -> set[str]:
    return {each.code for each in archive.warnings}


def test_a_sound_archive_reads_as_its_metadata_and_header_say() -> None:
    found = xdm.read(archives.archive())
    assert found.is_xdm
    assert found.warnings == ()
    (document,) = found.documents
    assert (document.uri, document.unique_id) == ("DOC00001.XML", "1.2.250.1.999.1")
    assert (document.type_code, document.type_label, document.cda_code) == ("34133-9", "Synthèse d'épisode", "34133-9")
    assert (document.hash_ok, document.size_ok, document.key_valid) == (True, True, True)
    assert (document.version, document.set_id, document.replaces) == (2, "1.2.250.1.999.50", ("1.2.250.1.999.0",))
    assert (document.created, document.act_date) == ("2024-01-15T10:30:00+01:00", "2024-01-10")
    assert document.author == "Dr Claire VASSEUR"
    assert document.organisation == "EHPAD Les Tilleuls"
    assert document.confidentiality == ("N", "MASQUE_PS")
    usager = document.usager
    assert usager is not None
    assert is_qualified(usager)
    assert (usager.matricule, usager.oid, usager.birth_name) == (MATRICULE, OID, "PAT-TROIS")
    assert (usager.given, usager.birth_date, usager.sex) == (("DOMINIQUE", "MARIE-LOUISE"), "1979-03-28", "F")
    assert (usager.used_name, usager.birth_place) == ("DURAND", "51215")


def test_each_rendition_can_be_taken_out_by_its_key() -> None:
    data = archives.archive()
    (document,) = xdm.read(data).documents
    assert [c.media_type for c in document.contents] == ["text/xml", "application/pdf"]
    keys = [xdm.key(document, c) for c in document.contents]
    assert keys == ["IHE_XDM/SUBSET01/DOC00001.XML", "cda:IHE_XDM/SUBSET01/DOC00001.XML#0"]
    assert [xdm.by_key(data, key) for key in keys] == [archives.cda(), PDF]
    assert xdm.content(archives.cda(), "", 0) == PDF
    assert xdm.by_key(data, "") == data


@pytest.mark.parametrize("key", ["nothing", "cda:nothing#0", "cda:IHE_XDM/SUBSET01/DOC00001.XML#7", "cda:x#y", "cda:"])
def test_a_key_of_nothing_is_unreadable(key: str) -> None:
    with pytest.raises(Unreadable):
        xdm.by_key(archives.archive(), key)


@pytest.mark.parametrize("name", ["nist_xdm.zip", "nist_xdm_minimal.zip"])
def test_the_archives_of_nist_are_read_in_spite_of_their_leftovers(name: str) -> None:
    found = xdm.read((NIST / name).read_bytes())
    (document,) = found.documents
    assert (document.uri, document.unique_id) == ("DOC.TXT", "1.2.3.4.5")
    assert (document.hash_ok, document.size_ok) == (True, True)
    assert document.contents[0].path == "IHE_XDM/SUBSET/doc.txt"
    assert found.entries == ()


def test_a_nested_root_folder_and_any_subset_name() -> None:
    found = xdm.read(archives.zipped(archives.files_of([Doc()], root="envoi du 15/", subset="Lot-A")))
    assert found.documents[0].contents[0].path == "envoi du 15/IHE_XDM/Lot-A/DOC00001.XML"
    assert found.warnings == ()


def test_backslashes_of_careless_archivers() -> None:
    files = [(name.replace("/", "\\"), content) for name, content in archives.files_of([Doc()])]
    assert len(xdm.read(archives.zipped(files)).documents) == 1


def test_mac_and_editor_leftovers_are_no_documents() -> None:
    files = archives.files_of([Doc()])
    files += [
        ("__MACOSX/IHE_XDM/SUBSET01/._METADATA.XML", b"\0\5\x16\7 not xml"),
        ("IHE_XDM/SUBSET01/.DS_Store", b"\0\0\0\1Bud1"),
        ("IHE_XDM/SUBSET01/._METADATA.XML", b"\0\5"),
        ("IHE_XDM/SUBSET01/METADATA.XML~", b"<old"),
        ("IHE_XDM/SUBSET01/~$DOC.docx", b"lock"),
        ("IHE_XDM/.svn/text-base/METADATA.xml", b"<old"),
        ("Thumbs.db", b"x"),
    ]
    found = xdm.read(archives.zipped(files))
    assert len(found.documents) == 1
    assert found.entries == ()
    assert found.warnings == ()


def test_two_subsets_with_a_file_of_the_same_name() -> None:
    second = Doc(content=archives.cda(unique="1.2.250.1.999.2"), unique="1.2.250.1.999.2")
    files = archives.files_of([Doc()]) + archives.files_of([second], subset="SUBSET02")[2:]
    found = xdm.read(archives.zipped(files))
    assert [d.contents[0].path for d in found.documents] == [
        "IHE_XDM/SUBSET01/DOC00001.XML",
        "IHE_XDM/SUBSET02/DOC00001.XML",
    ]
    assert all(d.hash_ok for d in found.documents)


@pytest.mark.parametrize("uri", ["doc00001.xml", "./DOC00001.XML", "\\DOC00001.XML", "IHE_XDM/SUBSET01/DOC00001.XML",
                                 "/DOC00001.XML", "DOC00001%2EXML", "../SUBSET01/DOC00001.XML"])  # fmt: skip
def test_a_uri_in_another_spelling_still_names_its_file(uri: str) -> None:
    (document,) = xdm.read(archives.archive(Doc(uri=uri))).documents
    assert document.hash_ok is True


def test_a_missing_uri_is_found_by_the_hash() -> None:
    other = Doc(content=b"%PDF-1.4 other", file="OTHER.PDF", uri="OTHER.PDF", unique="9.9", mime="application/pdf")
    found = xdm.read(archives.archive(Doc(uri=""), other))
    assert found.documents[0].contents[0].path.endswith("DOC00001.XML")
    assert "no-uri" in codes(found)


def test_neither_uri_nor_hash_takes_the_only_file_there_is() -> None:
    found = xdm.read(archives.archive(Doc(uri="", hash="", size="")))
    assert found.documents[0].contents[0].path.endswith("DOC00001.XML")


def test_a_wrong_uri_is_found_by_the_hash() -> None:
    found = xdm.read(archives.archive(Doc(uri="ELSEWHERE.XML")))
    assert found.documents[0].hash_ok is True
    assert "uri" in codes(found)


def test_a_missing_hash_is_no_fault() -> None:
    found = xdm.read(archives.archive(Doc(hash="", size="")))
    assert (found.documents[0].hash_ok, found.documents[0].size_ok) == (None, None)
    assert found.warnings == ()


def test_a_hash_in_base64_is_a_hash() -> None:
    import base64
    import hashlib

    digest = base64.b64encode(hashlib.sha1(archives.cda()).digest()).decode()
    assert xdm.read(archives.archive(Doc(hash=digest))).documents[0].hash_ok is True


def test_a_wrong_hash_or_size_is_told_and_the_document_kept() -> None:
    found = xdm.read(archives.archive(Doc(hash="0" * 40, size="3")))
    assert (found.documents[0].hash_ok, found.documents[0].size_ok) == (False, False)
    assert {"hash", "size"} <= codes(found)


def test_a_document_without_its_file_is_listed_and_told() -> None:
    found = xdm.read(archives.archive(Doc(file="")))
    assert found.documents[0].contents == ()
    assert "no-file" in codes(found)


def test_the_archive_twice_counts_each_document_once() -> None:
    files = archives.files_of([Doc()]) + archives.files_of([Doc()], root="copie/")
    found = xdm.read(archives.zipped(files))
    assert len(found.documents) == 1
    assert codes(found) == {"twice"}
    assert found.entries == ()


def test_two_documents_of_one_id_are_both_kept() -> None:
    second = replace(Doc(), content=archives.cda(version=3), file="B.XML", uri="B.XML", object_id="D2")
    found = xdm.read(archives.archive(Doc(), second))
    assert len(found.documents) == 2
    assert "same-id" in codes(found)


def test_an_archive_packed_once_more() -> None:
    data = archives.zipped([("IHE_XDM.ZIP", archives.archive()), ("lisez-moi.txt", b"bonjour")])
    found = xdm.read(data)
    assert found.is_xdm
    (document,) = found.documents
    assert xdm.by_key(data, xdm.key(document, document.contents[1])) == PDF
    assert xdm.by_key(data, xdm.key(document, document.contents[0])) == archives.cda()
    assert [e.path for e in found.entries] == ["lisez-moi.txt"]


def test_without_ihe_xdm_it_is_a_plain_zip() -> None:
    found = xdm.read(archives.zipped([("scan.pdf", PDF), ("SUBSET01/METADATA.XML", b"<x/>")]))
    assert not found.is_xdm
    assert found.documents == ()
    assert next((e.path, e.media_type) for e in found.entries) == ("scan.pdf", "application/pdf")


def test_an_empty_zip_is_a_plain_zip() -> None:
    assert xdm.read(archives.zipped([])) == Archive(False, (), (), ())


def test_files_that_nobody_describes_are_listed() -> None:
    files = [*archives.files_of([Doc()]), ("IHE_XDM/SUBSET01/SCAN.JPG", b"\x89PNG\r\n\x1a\n...")]
    files.append(("IHE_XDM/SUBSET01/LOST.XML", archives.cda(unique="7.7")))
    found = xdm.read(archives.zipped(files))
    assert [(e.path, e.media_type) for e in found.entries] == [
        ("IHE_XDM/SUBSET01/SCAN.JPG", "image/png"),
        ("IHE_XDM/SUBSET01/LOST.XML", "text/xml"),
    ]
    assert codes(found) == {"unlisted"}


def test_metadata_patient_id_is_the_identity_that_counts() -> None:
    """ECO.2.1.2."""
    found = xdm.read(archives.archive(Doc(patient=f"{OTHER}^^^&amp;{OID}&amp;ISO^NH")))
    usager = found.documents[0].usager
    assert usager is not None
    assert usager.matricule == OTHER
    assert "patient-mismatch" in codes(found)


def test_a_wrong_key_warns_and_stays_readable() -> None:
    bad = MATRICULE[:-1] + "0"
    found = xdm.read(
        archives.archive(Doc(content=archives.cda(matricule=bad), patient=f"{bad}^^^&amp;{OID}&amp;ISO^NH"))
    )
    assert found.documents[0].key_valid is False
    assert codes(found) == {"key"}


def test_a_local_patient_id_is_no_matricule() -> None:
    found = xdm.read(archives.archive(Doc(patient="IPP42^^^&amp;1.2.250.1.999.7&amp;ISO^PI")))
    usager = found.documents[0].usager
    assert usager is not None
    assert (usager.matricule, usager.oid, usager.birth_name) == (None, None, "PAT-TROIS")
    assert {"ins-only-in-cda", "no-ins"} <= codes(found)


def test_without_patient_id_the_header_identifies_and_it_is_told() -> None:
    found = xdm.read(archives.archive(Doc(patient="")))
    usager = found.documents[0].usager
    assert usager is not None
    assert usager.matricule == MATRICULE
    assert "no-patient-id" in codes(found)


def test_traits_that_differ_are_told() -> None:
    assert "traits-mismatch" in codes(xdm.read(archives.archive(Doc(content=archives.cda(birth="19800101")))))


def test_documents_of_two_usagers_are_told() -> None:
    second = Doc(content=b"%PDF-1.4", uri="B.PDF", file="B.PDF", unique="2", patient=f"{OTHER}^^^&amp;{OID}&amp;ISO^NH",
                 mime="application/pdf", object_id="D2")  # fmt: skip
    assert "several-usagers" in codes(xdm.read(archives.archive(Doc(), second)))


def test_action_slot_and_replacing_association() -> None:
    second = Doc(content=b"%PDF-1.4 old", uri="B.PDF", file="B.PDF", unique="2", mime="application/pdf", object_id="D2")
    kind = "urn:ihe:iti:2007:AssociationType:RPLC"
    link = f'<r:Association associationType="{kind}" sourceObject="Document01" targetObject="{{}}"/>'
    found = xdm.read(archives.archive(Doc(action="C"), second, extra=link.format("D2") + link.format("urn:uuid:0")))
    assert found.documents[0].action == "C"
    assert found.documents[0].replaces == ("2", "urn:uuid:0", "1.2.250.1.999.0")
    assert "replacement" in codes(found)
    assert xdm.read(archives.archive(Doc(action="D"))).documents[0].action == "D"


def test_one_damaged_subset_does_not_hide_the_other() -> None:
    files = [*archives.files_of([Doc()]), ("IHE_XDM/SUBSET02/METADATA.XML", b"<broken")]
    found = xdm.read(archives.zipped(files))
    assert len(found.documents) == 1
    assert codes(found) == {"metadata"}


def test_metadata_of_older_namespaces_inside_an_envelope() -> None:
    inner = archives.metadata([Doc()]).partition(b"?>")[2]
    soap = (
        b'<s:Envelope xmlns:s="urn:s"><s:Body>'
        + inner.replace(b"xsd:rim:3.0", b"rim:xsd:3.0")
        + b"</s:Body></s:Envelope>"
    )
    files = archives.files_of([Doc()])
    files[2] = (files[2][0], b"\xef\xbb\xbf" + soap)
    assert len(xdm.read(archives.zipped(files)).documents) == 1


# -- hostile


def refused(data: bytes) -> Unread:
    start = time.thread_time()
    with pytest.raises(Unreadable) as caught:
        xdm.read(data)
    assert time.thread_time() - start < 2
    return caught.value.reason


def _renamed(name: str) -> bytes:
    return archives.zipped([*archives.files_of([Doc()]), (name, b"x")])


@pytest.mark.parametrize(
    "name", ["../evil.xml", "IHE_XDM/../../evil", "/etc/evil", "C:/evil", "C:\\evil", "..\\evil", "\\evil"]
)
def test_a_path_outside_is_refused(name: str) -> None:
    assert refused(_renamed(name)) is Unread.FORBIDDEN


def test_a_uri_outside_is_refused() -> None:
    assert refused(archives.archive(Doc(uri="../../../etc/passwd"))) is Unread.FORBIDDEN


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_device_is_refused(kind: int) -> None:
    link = zipfile.ZipInfo("IHE_XDM/SUBSET01/LINK")
    link.create_system = 3
    link.external_attr = (kind | 0o777) << 16
    assert refused(archives.zipped([*archives.files_of([Doc()]), (link, b"/etc/passwd")])) is Unread.FORBIDDEN


def test_thousands_of_entries_are_refused() -> None:
    assert refused(archives.zipped([(f"f{n}", b"") for n in range(1001)])) is Unread.TOO_BIG
    assert refused(archives.zipped([(f"f{n}", b"") for n in range(21_000)])) is Unread.TOO_BIG


@pytest.mark.parametrize("megabytes", [8, 60, 200])
def test_a_bomb_is_refused(megabytes: int) -> None:
    files = [*archives.files_of([Doc()]), ("IHE_XDM/SUBSET01/BOMB.XML", bytes(megabytes << 20))]
    assert refused(archives.zipped(files)) is Unread.TOO_BIG


def test_many_small_bombs_are_refused() -> None:
    block = random.Random(1).randbytes(20_000) * 100
    assert refused(archives.zipped([(f"{n}.bin", block) for n in range(40)])) is Unread.TOO_BIG


def _patched(data: bytes, name: bytes, offset: int, value: bytes, *, central: bool) -> bytes:
    """The archive with some bytes of the last header of `name` replaced."""
    magic, size = (b"PK\x01\x02", 46) if central else (b"PK\x03\x04", 30)
    position = data.rindex(name, 0, data.rindex(name) if not central else len(data)) - size
    assert data[position : position + 4] == magic
    return data[: position + offset] + value + data[position + offset + len(value) :]


LAST = b"IHE_XDM/SUBSET01/DOC00001.XML"


@pytest.mark.parametrize("lie", [10, 100_000])
def test_a_size_that_lies_in_the_directory_is_refused(lie: int) -> None:
    assert refused(_patched(archives.archive(), LAST, 24, struct.pack("<L", lie), central=True)) is Unread.DAMAGED


def test_a_size_that_lies_in_the_local_header_is_refused() -> None:
    assert refused(_patched(archives.archive(), LAST, 22, struct.pack("<L", 10), central=False)) is Unread.DAMAGED


def test_sizes_that_lie_alike_everywhere_are_refused() -> None:
    data = _patched(archives.archive(), LAST, 24, struct.pack("<L", 99), central=True)
    assert refused(_patched(data, LAST, 22, struct.pack("<L", 99), central=False)) is Unread.DAMAGED


def test_encryption_is_refused() -> None:
    assert refused(_patched(archives.archive(), LAST, 8, b"\1\0", central=True)) is Unread.FORBIDDEN


def test_an_unknown_method_is_refused() -> None:
    assert refused(archives.zipped(archives.files_of([Doc()]), zipfile.ZIP_LZMA)) is Unread.FORBIDDEN


def test_overlapping_entries_are_refused() -> None:
    """A bomb without recursion: many directory lines on the same packed bytes."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = bytes(1_000_000)
    body = packed.compress(raw) + packed.flush()
    crc = zlib.crc32(raw)
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(body), len(raw), 1, 0) + b"a" + body
    line = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 33, crc, len(body), len(raw), 1, 0, 0, 0, 0, 0, 0)
    directory = b"".join(line + b"a" for _ in range(50))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 50, 50, len(directory), len(local), 0)
    assert refused(local + directory + end) is Unread.FORBIDDEN


@pytest.mark.parametrize("doctype", [
    "<!DOCTYPE x>", '<!DOCTYPE x [<!ENTITY a "b">]>', '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
])  # fmt: skip
def test_a_doctype_is_refused(doctype: str) -> None:
    assert refused(archives.archive(Doc(), doctype=doctype)) is Unread.FORBIDDEN
    assert refused(archives.archive(Doc(content=archives.cda(before=doctype)))) is Unread.FORBIDDEN


def test_a_file_with_a_wrong_crc_is_refused_unless_its_hash_is_right() -> None:
    broken = _patched(archives.archive(), LAST, 16, b"\1\2\3\4", central=True)
    assert xdm.read(broken).documents[0].hash_ok is True
    unsummed = _patched(archives.archive(Doc(hash="")), LAST, 16, b"\1\2\3\4", central=True)
    assert refused(unsummed) is Unread.DAMAGED


@pytest.mark.parametrize("data", [b"", b"PK", b"hello", b"PK\3\4" + bytes(100), PDF])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    assert refused(data) in {Unread.EMPTY, Unread.NOT_IT, Unread.DAMAGED}


def test_an_unreadable_metadata_alone_is_refused() -> None:
    files = archives.files_of([Doc()])
    files[2] = (files[2][0], b"not xml at all")
    assert refused(archives.zipped(files)) is Unread.DAMAGED


def test_much_markup_is_refused_in_time() -> None:
    heavy = archives.cda(body="<component>" + "<a/>" * 140_000 + "</component>", pdf=None)
    noise = [(f"IHE_XDM/SUBSET01/D{n}.XML", heavy + b"<!--%d-->" % n) for n in range(9)]
    docs = [Doc(content=content, uri=name.rpartition("/")[2], file="", object_id=f"D{n}", unique=str(n))
            for n, (name, content) in enumerate(noise)]  # fmt: skip
    files = [*archives.files_of(docs)[:3], *noise]
    assert refused(archives.zipped(files, zipfile.ZIP_STORED)) is Unread.TOO_BIG


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is read from getrusage")
def test_bombs_do_not_fill_the_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for build in _bombs():
        refused(build())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def _bombs() -> list[Callable[[], bytes]]:
    def giant() -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a", "w") as entry:
            for _ in range(400):
                entry.write(bytes(1 << 20))
        return buffer.getvalue()

    return [giant, lambda: _patched(giant(), b"a", 24, struct.pack("<L", 100), central=True)]


@settings(max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_corruption_reads_or_is_refused(data: st.DataObject) -> None:
    raw = bytearray(archives.archive())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    for each in (bytes(raw), bytes(raw[:cut])):
        try:
            xdm.read(each)
        except Unreadable:
            continue


def test_limits_are_those_of_the_specification() -> None:
    assert zipped.MAX_UNPACKED == 64 * 1024 * 1024
    assert zipped.MAX_ENTRIES == 1000
