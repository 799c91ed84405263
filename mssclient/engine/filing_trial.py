"""What the export profile would make of a sample: for an administrator who sets it up. Nothing is written."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from mssclient.domain.documents import Content, HealthDocument
from mssclient.domain.errors import FilingReason, FilingRefused, MssError
from mssclient.domain.filing import FilingChoice
from mssclient.domain.identity import OID_TEST, Usager
from mssclient.domain.type_codes import label_of
from mssclient.dui import profile
from mssclient.dui.profile import ExportProfile
from mssclient.dui.sidecar import Facts, SidecarKind
from mssclient.engine.api import Trial

_USAGER = Usager("279035121518989", OID_TEST, "PAT-TROIS", ("DOMINIQUE",), "1979-03-28", "F", birth_place="51215")
_PDF = b"%PDF-1.4\n%%EOF\n"
_CDA = b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"/>'
_ZIP = b"PK\x05\x06" + bytes(18)


def trial(shape: ExportProfile, folder: Path | None, now: datetime) -> Trial:
    """Names and sidecar for a fictitious usager's document of today. Raises FilingRefused."""
    choice = FilingChoice(_USAGER, now.date().isoformat(), "34133-9", label_of("34133-9"), "", "12345")
    document = HealthDocument(
        uri="", unique_id="2.25.1", type_code="34133-9", type_label=label_of("34133-9"), title="", created=now.isoformat(),
        act_date=now.date().isoformat(), version=1, set_id="2.25.2", replaces=(), action="", author="", organisation="",
        confidentiality=("N",), hash_ok=True, size_ok=True, usager=_USAGER, key_valid=True,
        contents=(Content("text/xml", len(_CDA)), Content("application/pdf", len(_PDF), embedded=0)),
    )  # fmt: skip
    facts = Facts(choice, "", "", 0, "", sender="emetteur@test.mss.example", received=now, message_id="<1@test>")
    files = profile.files(shape, facts, {"pdf": _PDF, "cda": _CDA, "zip": _ZIP}, document)
    sidecar = next((c for name, c in files if c not in (_PDF, _CDA, _ZIP)), b"")
    encoding = "cp1252" if shape.sidecar is SidecarKind.HPRIM else "utf-8"
    return Trial(tuple(name for name, _ in files), sidecar.decode(encoding, "replace"), _refusal(folder))


def _refusal(folder: Path | None) -> MssError | None:
    if folder is None or not folder.is_dir():
        return FilingRefused(FilingReason.NO_FOLDER)
    return None if os.access(folder, os.W_OK | os.X_OK) else FilingRefused(FilingReason.READ_ONLY)
