"""The mail of the sandbox: valid MIME, unique, plausible in time, and of every kind that the specification names."""

from __future__ import annotations

import email
import email.policy
import io
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage
from functools import cache

import pytest

from mssclient.domain import xdm
from mssclient.domain.address import is_usager
from mssclient.domain.errors import Unreadable
from mssclient.sandbox import letters
from mssclient.sandbox.letters import Letter, NewMail
from mssclient.sandbox.letters_mime import ago, message_id
from mssclient.sandbox.papers_hostile import QUIRKS
from mssclient.sandbox.people import APPLICATION, CARE, PHYSICIAN, SECRETARIAT, SENT, VASSEUR, institution

NOW = datetime(2026, 11, 21, 10, 12, 5, tzinfo=timezone(timedelta(hours=1)))


@cache
def boxes() -> dict[str, tuple[Letter, ...]]:
    return dict(letters.mailboxes(NOW))


def parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


@cache
def everything() -> tuple[tuple[str, Letter, EmailMessage], ...]:
    return tuple((box, one, parsed(one.raw)) for box, held in boxes().items() for one in held)


def subject(message: EmailMessage) -> str:
    return str(message["Subject"] or "")


def found(words: str, box: str = SECRETARIAT) -> list[tuple[Letter, EmailMessage]]:
    return [(one, message) for where, one, message in everything() if where == box and words in subject(message)]


def fields(message: EmailMessage, kind: str) -> dict[str, str]:
    part = next(part for part in message.walk() if part.get_content_type() == kind)
    blocks = part.get_payload()
    assert isinstance(blocks, list)
    return {name: str(value) for block in blocks if isinstance(block, EmailMessage) for name, value in block.items()}


def broken(message: EmailMessage) -> bool:
    """Whether this is one of the mails that are bad on purpose."""
    ident = str(message["Message-ID"] or "")
    keys = ("broken/1", "broken/2", "charset/0", "charset/1", "charset/2", "charset/bare")
    senders = ("contact@had-valdelys.mss.example", "officine@pharmacie-du-pont.mss.example",
               "thomas.lemoine@medecins.mss.example")  # fmt: skip
    return not ident or ident in {message_id(key, sender) for key in keys for sender in senders}


def test_there_is_a_lively_amount_in_every_box() -> None:
    assert set(boxes()) == {box.address for box in institution().mailboxes}
    assert all(boxes().values())
    assert 100 <= sum(map(len, boxes().values())) <= 200
    for box in (SECRETARIAT, CARE, PHYSICIAN):
        unread = [one for one in boxes()[box] if "\\Seen" not in one.flags]
        assert len(unread) >= 5
        assert any("\\Flagged" in one.flags for one in boxes()[box])
        assert any("\\Answered" in one.flags for one in boxes()[box])


def test_the_same_moment_gives_the_same_mail() -> None:
    assert letters.mailboxes(NOW) == boxes()


def test_every_letter_ends_its_lines_as_mail_does() -> None:
    for _box, one, message in everything():
        assert one.raw.count(b"\n") == one.raw.count(b"\r\n") == one.raw.count(b"\r"), subject(message)
        assert max(map(len, one.raw.split(b"\r\n"))) < 998


def test_all_but_the_broken_ones_are_without_defects() -> None:
    bad = 0
    for _box, _one, message in everything():
        defects = [part.defects for part in message.walk() if part.defects]
        defects += [list(value.defects) for part in message.walk() for value in part.values() if value.defects]
        for part in message.walk():
            if not part.is_multipart() and not broken(message):
                part.get_content()
        if broken(message):
            bad += 1
        else:
            assert not defects, (subject(message), defects)
    assert bad == 7


def test_message_ids_are_unique_but_for_copies_of_one_mail() -> None:
    by_id: dict[str, set[bytes]] = {}
    for _box, _one, message in everything():
        if message["Message-ID"]:
            date = str(message["Date"]).encode()
            by_id.setdefault(str(message["Message-ID"]), set()).add(date)
    assert all(len(dates) == 1 for dates in by_id.values())
    for box in boxes():
        seen = [str(message["Message-ID"]) for where, _one, message in everything() if where == box]
        assert len(seen) == len(set(seen)), box


def test_dates_lie_in_the_last_weeks_and_agree_with_the_arrival() -> None:
    for _box, one, message in everything():
        assert NOW - timedelta(days=26) < one.received <= NOW + timedelta(seconds=5)
        if message["Date"]:
            assert abs(message["Date"].datetime - one.received) < timedelta(minutes=1), subject(message)


@pytest.mark.parametrize("hour", [0, 3, 9, 23])
@pytest.mark.parametrize("day", [1, 7, 15])
def test_no_mail_comes_from_the_future_whatever_the_hour(hour: int, day: int) -> None:
    now = datetime(2027, 3, day, hour, 1, tzinfo=timezone(timedelta(hours=1)))
    for days in range(4):
        for clock in ("00:05", "09:48", "23:59"):
            assert ago(now, days, clock) < now


def test_conversations_hold_together() -> None:
    thread = sorted(
        ((one.received, message) for box, one, message in everything() if box == SECRETARIAT
         and "Sortie de Mme BRUYERE" in subject(message)), key=lambda pair: pair[0],
    )  # fmt: skip
    ids = [str(message["Message-ID"]) for _when, message in thread]
    assert len(ids) == 5
    for number, (_when, message) in enumerate(thread):
        assert str(message["References"] or "").split() == ids[:number]
        assert number == 0 or str(message["In-Reply-To"]) == ids[number - 1]


def test_one_conversation_is_sloppy() -> None:
    thread = found("Protocole de pansement", CARE)
    assert len(thread) == 6
    assert 0 < len([message for _one, message in thread[1:] if not message["References"]]) < 5


def test_only_health_documents_carry_the_code_header() -> None:
    carried = 0
    for _box, _one, message in everything():
        names = [part.get_filename() for part in message.iter_attachments()] if message.is_multipart() else []
        if message["X-MSS-CODECDA"]:
            carried += 1
            assert "IHE_XDM.ZIP" in names
            assert any(str(name).endswith(".pdf") for name in names)
            assert "XDM/1.0/DDM+" in subject(message)
            assert message["X-MSS-INS"] in {"O", "N"}
        else:
            assert "IHE_XDM.ZIP" not in names
    assert carried > 35
    assert [message for _one, message in found("GLYCINE") if message["X-MSS-INS"] == "N"]


def test_every_professional_mail_names_its_product() -> None:
    for _box, _one, message in everything():
        assert message["X-MSS-NIL"] or is_usager(message["From"].addresses[0].addr_spec), subject(message)


def test_archives_of_ordinary_mail_open() -> None:
    opened = 0
    for _box, _one, message in everything():
        for part in message.iter_attachments() if message.is_multipart() else ():
            if part.get_filename() == "IHE_XDM.ZIP":
                with zipfile.ZipFile(io.BytesIO(part.get_content())) as source:
                    assert source.namelist()
                    opened += 1
    assert opened > 35


def test_replacement_and_deletion_request() -> None:
    [(_one, message)] = found("[Annule et remplace]")
    assert subject(message).startswith("[Annule et remplace] XDM/1.0/DDM+")
    [(_one, message)] = found("Demande de suppression")
    assert message.get_content_type() == "text/plain"


def test_usagers_answer_and_never_begin() -> None:
    sent = {str(message["Message-ID"]) for _box, one, message in everything() if one.folder == SENT}
    from_usagers = [message for _box, _one, message in everything()
                    if message["From"].addresses and is_usager(message["From"].addresses[0].addr_spec)]  # fmt: skip
    assert len(from_usagers) >= 6
    for message in from_usagers:
        assert str(message["In-Reply-To"]) in sent
        assert not message["X-MSS-NIL"]
        assert message["From"].addresses[0].display_name == message["From"].addresses[0].display_name.upper()
    closed = [one for box, one, message in everything() if message["X-MSS-MES"] == "FIN"]
    assert closed
    assert all(one.folder == SENT for one in closed)


def test_delivery_reports_answer_what_was_sent() -> None:
    sent = {str(message["Message-ID"]) for _box, one, message in everything() if one.folder == SENT}
    actions = []
    for box, _one, message in everything():
        if message.get_content_type() == "multipart/report" and message.get_param("report-type") == "delivery-status":
            told = fields(message, "message/delivery-status")
            actions.append((told["Action"], told["Status"]))
            assert f"<{told['Original-Envelope-Id']}>" in sent
            assert str(message["Return-Path"]) == "<>"
            assert str(message["To"]).strip("<>") == box
    assert {("delivered", "2.0.0"), ("relayed", "2.1.9"), ("failed", "5.1.1"), ("failed", "5.2.2")} <= set(actions)


def test_read_receipts_and_integration_answers() -> None:
    sent = {str(message["Message-ID"]): message for _box, one, message in everything() if one.folder == SENT}
    said = set()
    for _box, _one, message in everything():
        if message.get_param("report-type") == "disposition-notification":
            part = next(p for p in message.walk() if p.get_content_type() == "message/disposition-notification")
            told = fields(message, "message/disposition-notification") if part.is_multipart() else dict(
                line.split(": ", 1) for line in str(part.get_payload()).splitlines() if ": " in line)  # fmt: skip
            assert told["Original-Message-ID"] in sent
            said.add(told["Disposition"].partition("; ")[2])
            if "Error" in told["Disposition"]:
                code = told["Disposition"].partition("Error: ")[2][:3]
                assert subject(message).startswith(f"[KO Intégration système !][{code}] XDM/1.0/DDM+")
    assert {"displayed", "processed"} <= said
    assert {"processed/Error: 902^Patient inconnu"} < said
    assert any(one.startswith("processed/Error: 904^") for one in said)


def test_out_of_office() -> None:
    [(_one, message)] = found("Réponse automatique")
    assert message["Auto-Submitted"] == "auto-replied"


def test_receipt_requests() -> None:
    asked = {subject(message): message for _box, _one, message in everything()
             if message["Disposition-Notification-To"] and _one.folder != SENT}  # fmt: skip
    doubtful = asked["Notice de prélèvement : accusé de lecture demandé"]
    assert str(doubtful["Return-Path"]).strip("<>") != str(doubtful["Disposition-Notification-To"]).strip("<>")
    plain = asked["Date opératoire avancée - Mme NESSI"]
    assert str(plain["Return-Path"]).strip("<>") == str(plain["Disposition-Notification-To"]).strip("<>")


def test_html_is_honest_or_hostile() -> None:
    [(_one, newsletter)] = found("Lettre ville-hôpital")
    kinds = [part.get_content_type() for part in newsletter.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    page = newsletter.get_body(("html",))
    assert page is not None
    picture = next(part for part in newsletter.walk() if part.get_content_type() == "image/png")
    assert f"cid:{str(picture['Content-ID']).strip('<>')}" in page.get_content()
    hostile = found("URGENT : votre boîte")[0][1].get_body(("html",))
    assert hostile is not None
    text = hostile.get_content()
    for trap in ("<script", "onerror=", 'http-equiv="refresh"', "<form", "<iframe", "<svg", "url(", "javascript:"):
        assert trap in text


def test_charsets_of_every_sort() -> None:
    kinds = {str(message.get_param("charset")).lower() for _box, _one, message in everything()}
    assert {"utf-8", "iso-8859-1", "x-inconnu", "none"} <= kinds


def test_long_accented_file_names_and_enclosed_mail() -> None:
    [(one, message)] = found("Protocole révisé", CARE)
    assert b"filename*0*=" in one.raw
    [name] = [part.get_filename() for part in message.iter_attachments()]
    assert name is not None
    assert name.endswith("2ᵉ étage).pdf")
    [(_one, outer)] = found("TR : Délai", PHYSICIAN)
    [inner] = list(outer.iter_attachments())
    assert inner.get_content_type() == "message/rfc822"
    assert inner.get_content()["Subject"] == "Délai de rendu des résultats"


def test_names_are_spelt_as_the_norm_wants() -> None:
    """Read with `email.header`: the newer parser of CPython 3.11 puts a blank between two encoded words."""
    names = set()
    for _box, one, _message in everything():
        head = email.message_from_bytes(one.raw, policy=email.policy.compat32)
        names.add(str(make_header(decode_header(str(head["From"])))).partition(" <")[0].replace("\n", "").strip('"'))
    assert "Dr_Claire_VASSEUR_Résidence Les Tilleuls" in names
    assert any(name.startswith("Dr_Jean-Baptiste_DE LA TOUR D'ÉGLANTINE_Maison de santé") for name in names)


def test_the_heavy_scan_is_in_the_physicians_box() -> None:
    [(one, message)] = found("Dossier papier numérisé", PHYSICIAN)
    assert len(one.raw) > 11_000_000
    [scan] = list(message.iter_attachments())
    assert scan.get_content()[:5] == b"%PDF-"


def test_the_application_mailbox_says_it_is_a_program() -> None:
    sent = [message for box, one, message in everything() if box == APPLICATION and one.folder == SENT]
    assert sent
    for message in sent:
        assert message["Reply-To"].addresses[0].addr_spec == SECRETARIAT
        body = message.get_body(("plain",))
        assert body is not None
        assert "envoyé automatiquement" in body.get_content()


def test_letters_stand_in_the_folders_that_the_mailboxes_have() -> None:
    known = {box.address: set(box.folders) for box in institution().mailboxes}
    for box, one, _message in everything():
        assert one.folder in known[box]
    assert [one for box, one, _message in everything() if one.folder == (VASSEUR,)]


@pytest.mark.parametrize("kind", list(NewMail))
def test_new_mail_may_arrive(kind: NewMail) -> None:
    known = {str(message["Message-ID"]) for _box, _one, message in everything()}
    fresh = [letters.new_mail(kind.value, NOW, serial) for serial in range(12)]
    ids = {str(parsed(raw)["Message-ID"]) for _box, raw in fresh}
    assert len(ids) == 12
    assert not ids & known
    for box, raw in fresh:
        message = parsed(raw)
        assert message["To"].addresses[0].addr_spec == box
        assert message["Date"].datetime == NOW
        assert not message.defects
        assert (kind is NewMail.XDM) == bool(message["X-MSS-CODECDA"])
        assert (kind is NewMail.USAGER) == is_usager(message["From"].addresses[0].addr_spec)
        if kind is NewMail.USAGER:
            assert str(message["In-Reply-To"]) in known
    assert letters.new_mail(kind, NOW, 3) == fresh[3]


def test_new_mail_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="pigeon"):
        letters.new_mail("pigeon", NOW)


def lot(count: int) -> Iterator[tuple[datetime, bytes]]:
    return letters.bulk(count, NOW, CARE)


def test_bulk_mail_is_valid_varied_and_in_order() -> None:
    some = list(lot(400))
    assert some == list(lot(400))
    assert some == sorted(some, key=lambda pair: pair[0])
    messages = [parsed(raw) for _received, raw in some]
    assert len({str(message["Message-ID"]) for message in messages}) == 400
    assert len({subject(message) for message in messages}) > 60
    assert not [message for message in messages if message.defects]
    assert some[0][0] < NOW - timedelta(days=1000)
    assert some[-1][0] <= NOW
    by_id = {str(message["Message-ID"]): number for number, message in enumerate(messages)}
    answers = [message for message in messages if message["In-Reply-To"]]
    assert 40 < len(answers) < 100
    for message in answers:
        assert by_id[str(message["In-Reply-To"])] < by_id[str(message["Message-ID"])]
        former = messages[by_id[str(message["In-Reply-To"])]]
        assert subject(message) == f"Re: {subject(former).removeprefix('Re: ')}"
    assert 5 < len([message for message in messages if message.is_multipart()]) < 40
    for (received, raw), message in zip(some, messages, strict=True):
        assert raw.count(b"\n") == raw.count(b"\r\n")
        assert message["Date"].datetime == received
        assert "{" not in subject(message)


def test_bulk_mail_is_fast_enough_for_a_large_mailbox() -> None:
    begun = time.perf_counter()
    assert sum(1 for _one in lot(5000)) == 5000
    assert time.perf_counter() - begun < 1.0


def test_the_readers_of_the_domain_agree_with_what_was_meant() -> None:
    """Every sound archive reads without a word; odd ones warn, hostile ones are refused."""
    told: dict[str, set[str]] = {"sound": set(), "odd": set()}
    refused = 0
    senders = {str(message["From"].addresses[0].addr_spec) for _box, _one, message in everything() if message["From"]}
    quirks = {message_id(f"quirk/{number}", sender) for number in range(len(QUIRKS)) for sender in senders}
    for _box, _one, message in everything():
        for part in message.iter_attachments() if message.is_multipart() else ():
            if part.get_filename() != "IHE_XDM.ZIP":
                continue
            hostile = "automate" in str(message["From"])
            kind = "odd" if str(message["Message-ID"]) in quirks else "sound"
            try:
                archive = xdm.read(part.get_content())
            except Unreadable:
                assert hostile
                refused += 1
                continue
            assert not hostile
            told[kind] |= {warning.code for warning in archive.warnings}
    assert refused == 6
    assert told["sound"] <= {"replacement", "no-ins"}
    assert {"key", "patient-mismatch", "no-uri"} <= told["odd"]
