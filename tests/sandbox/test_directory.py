"""The synthetic extraction: the real format, the real difficulties, the same every time."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta

from mssclient.domain import extraction as reading
from mssclient.domain import whitelist
from mssclient.domain.entry import DirectoryEntry
from mssclient.sandbox import directory as sandbox
from mssclient.sandbox.directory import Listed, domains, extraction, luhn, zipped

NOW = datetime(2026, 8, 26, 10, 13, tzinfo=UTC)
OWN = (Listed("claire.essai@tilleuls.mss.example", family="ESSAI", given="Claire"),
       Listed("accueil@tilleuls.mss.example", "ORG", structure="EHPAD Les Tilleuls"))  # fmt: skip


def _entries(count: int, **more: object) -> list[DirectoryEntry]:
    return [reading.entry(row) for row in reading.rows(extraction(count, **more))]  # type: ignore[arg-type]


def test_thirty_one_columns_each() -> None:
    assert {line.count(b"|") for line in extraction(500, fixed=OWN)} == {30}
    assert all(line.endswith(b"\r\n") for line in extraction(50))


def test_every_line_is_readable_and_counted() -> None:
    assert len(_entries(2_000)) == 2_000
    assert len(_entries(500, fixed=OWN)) == 500


def test_the_fixed_lines_are_among_them() -> None:
    found = {entry.address: entry for entry in _entries(200, fixed=OWN)}
    assert found["claire.essai@tilleuls.mss.example"].family == "ESSAI"
    assert found["accueil@tilleuls.mss.example"].kind.value == "ORG"
    assert {entry.address for entry in _entries(1, fixed=OWN)} == {one.address for one in OWN}


def test_the_same_seed_gives_the_same_lines() -> None:
    assert list(extraction(300, 4)) == list(extraction(300, 4))
    assert list(extraction(300, 4)) != list(extraction(300, 5))


def test_it_is_as_hard_as_the_real_one() -> None:
    entries = _entries(20_000)
    kinds = Counter(entry.kind.value for entry in entries)
    assert 0.80 < kinds["PER"] / len(entries) < 0.90
    names = Counter((entry.family.upper(), entry.given) for entry in entries if entry.family)
    assert names.most_common(1)[0][1] > 10, "namesakes"
    boxes = Counter(entry.national_id for entry in entries if entry.national_id)
    assert boxes.most_common(1)[0][1] >= 2, "several boxes for one person"
    ties = Counter(entry.address for entry in entries)
    assert ties.most_common(1)[0][1] >= 2, "several people on one box"
    families = {entry.family for entry in entries}
    assert any("-" in name for name in families)
    assert any(name.upper().startswith("LE ") for name in families)
    assert any("’" in name for name in families)
    assert any("Œ" in name.upper() for name in families)
    assert any(entry.service for entry in entries)
    assert {entry.paperless for entry in entries} == {True, False, None}
    assert any(line.split("|")[28] == "" for line in (raw.decode() for raw in extraction(2_000)))


def test_numbers_have_their_check_digit() -> None:
    assert luhn("7992739871") == "3"
    for entry in _entries(300):
        if entry.national_id:
            assert luhn(entry.national_id[1:-1]) == entry.national_id[-1]


def test_a_day_later_a_few_came_and_went() -> None:
    today, tomorrow = (set(extraction(5_000, now=day)) for day in (NOW, NOW + timedelta(days=1)))
    assert 0 < len(today - tomorrow) <= 5
    assert 0 < len(tomorrow - today) <= 5


def test_every_address_is_of_a_listed_domain() -> None:
    listed = set(domains(OWN))
    assert {entry.address.rpartition("@")[2] for entry in _entries(5_000, fixed=OWN)} <= listed
    assert whitelist.read(sandbox.white_list(sorted(listed), NOW)).domains == listed


def test_zipped_as_it_is_published() -> None:
    lines = list(extraction(300))
    with zipfile.ZipFile(io.BytesIO(zipped(lines, NOW))) as archive:
        (member,) = archive.namelist()
        assert member == "Extraction_Correspondance_MSSante_202608261013.txt"
        assert archive.read(member) == b"".join(lines)
