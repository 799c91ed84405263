"""Every failure, objection and fate has a French sentence, typeset as French is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mssclient.domain import errors
from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import BalId, BalKind, Folder, FolderId, FolderRole
from mssclient.domain.draft import Objection, Why
from mssclient.domain.entry import DirectoryStatus
from mssclient.domain.message import FolderId as _FolderId
from mssclient.domain.message import MessageId, Row, RowState, UsagerMark
from mssclient.domain.outbox import Fate, OutboxId, Outgoing, RecipientFate, SendState
from mssclient.domain.receipts import Outcome, Report, ReportKind
from mssclient.ui import wording
from mssclient.ui.wording import Deed

CONTEXTS = ("", "sync", "send", "move", "file", "preview", "directory", "draft", "attach", "bal", "sign in", "body")
NOW = datetime(2026, 11, 20, 9, 42, tzinfo=UTC)


def every_error() -> list[BaseException]:
    """One of each class and reason of the tree."""
    return [
        errors.Offline("gone"),
        errors.Offline("451", busy=True),
        errors.SessionEnded(),
        errors.Refused("5.2.2", "552 5.2.2 mailbox full"),
        errors.Refused("XYZZY"),
        errors.NotAllowed((Objection(Why.NO_RECIPIENT),)),
        errors.Cancelled(),
        ValueError("a bug"),
        *(errors.Untrusted(reason, "imap.example") for reason in errors.Distrust),
        *(errors.CardTrouble(reason) for reason in errors.CardReason),
        *(errors.FilingRefused(reason) for reason in errors.FilingReason),
        *(errors.Unreadable(reason, "metadata") for reason in errors.Unread),
        *(errors.StoreTrouble(reason) for reason in errors.StoreReason),
    ]


def well_typeset(text: str) -> bool:
    """No ASCII apostrophe between letters, and no plain or missing space before high punctuation."""
    bad = (r"\w'\w", r"[^\s\u202f;!?][;!?](\s|$)", r" [;:!?»]", r"« ", r"\{\w*\}")
    return not any(re.search(pattern, text) for pattern in bad)


def test_every_class_of_the_tree_is_tried() -> None:
    tried = {type(e) for e in every_error()}

    assert set(errors.MssError.__subclasses__()) <= tried


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_failure_is_worded(context: str) -> None:
    for error in every_error():
        said = wording.failure(error, context)

        assert said.title, error
        assert said.text.endswith((".", "»")), said.text
        assert well_typeset(said.title), said.title
        assert well_typeset(said.text), said.text
        assert bool(said.action) == (said.deed is not Deed.NONE), (error, context)


def test_reasons_of_one_class_are_told_apart() -> None:
    for family in (errors.Untrusted, errors.CardTrouble, errors.FilingRefused, errors.StoreTrouble, errors.Unreadable):
        said = [wording.failure(e) for e in every_error() if isinstance(e, family)]

        assert len({(s.title, s.text) for s in said}) == len(said)


def test_no_python_text_reaches_the_screen() -> None:
    said = wording.failure(ValueError("secret name"), "send")

    assert "secret" not in f"{said.title}{said.text}{said.details}"


def test_the_servers_words_are_shown_as_its_own() -> None:
    said = wording.failure(errors.Refused("5.7.1", "550 5.7.1\r\n  not today"), "send")

    assert "L’opérateur a répondu\u00a0: «\u00a0550 5.7.1 not today\u00a0»." in said.text
    assert "redevenu un brouillon" in said.text


@pytest.mark.parametrize("why", Why)
def test_every_objection_is_worded(why: Why) -> None:
    about = "10485760" if why in {Why.TOO_BIG, Why.MES_TOO_BIG} else "dr.a@b.example"
    said = wording.objection(Objection(why, about))

    assert well_typeset(said), said
    if why is Why.TOO_BIG:
        assert "10\u00a0Mo" in said


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("5.1.1", "inconnue"), ("5.1.2", "Domaine inconnu"), ("5.2.2", "pleine"), ("4.2.2", "pleine"),
        ("5.3.4", "volumineux"), ("5.7.1", "règle"), ("4.4.1", "ne répond pas"), ("5.9.9", "Refus définitif"),
        ("4.0.0", "temporaire"), ("552 5.2.3 too big", "volumineux"), ("902", "Usager inconnu"), ("904", "concordent"),
        ("[OVERQUOTA]", "pleine"), ("NOPERM", "droit"), ("access_denied", "Pro Santé Connect"),
    ],
)  # fmt: skip
def test_codes_have_french_reasons(code: str, word: str) -> None:
    assert word in wording.code_reason(code)


@pytest.mark.parametrize("code", ["", "2.1.5", "OK", "250"])
def test_good_or_unknown_codes_say_nothing(code: str) -> None:
    assert wording.code_reason(code) == ""


@pytest.mark.parametrize("fate", Fate)
def test_every_fate_is_worded(fate: Fate) -> None:
    said = wording.fate_sentence(RecipientFate("a@b.example", "", fate, "", "", NOW))

    assert wording.fate(fate)
    assert "novembre 2026" in said


def test_a_failed_recipient_says_why_and_what_to_do() -> None:
    said = wording.fate_sentence(RecipientFate("a@b.example", "", Fate.FAILED, "5.1.1", "no such user"))

    assert "n’existe pas" in said
    assert "annuaire" in said
    assert "«\u00a0no such user\u00a0»" in said


def line(state: SendState, **more: object) -> Outgoing:
    base = Outgoing(OutboxId(1), BalId(1), state, "s", (), NOW, NOW, None, "", 0)
    return replace(base, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", SendState)
def test_every_state_is_worded(state: SendState) -> None:
    assert well_typeset(wording.send_state(line(state, code="4.3.2", reason="later", tries=2)))


def test_a_message_of_an_earlier_session_asks_for_consent() -> None:
    assert "votre accord" in wording.send_state(line(SendState.QUEUED, needs_consent=True))


def test_a_report_has_a_line_a_recipient() -> None:
    report = Report(
        ReportKind.DSN,
        "",
        "",
        (Outcome("a@b.example", Fate.FAILED, "5.2.2", "full"), Outcome("", Fate.DELIVERED, "", "")),
    )
    said = wording.report(report).splitlines()

    assert len(said) == 3
    assert "pleine" in said[1]
    assert said[2].startswith("Destinataire")


@pytest.mark.parametrize("kind", ReportKind)
def test_a_report_without_recipient_says_so(kind: ReportKind) -> None:
    assert "ne nomme aucun" in wording.report(Report(kind, "", "", ()))


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 o"), (1023, "1023 o"), (1024, "1 ko"), (84 * 1024, "84 ko"), (9_856_614, "9,4 Mo"),
     (10 * 1024**2, "10 Mo"), (1023 * 1024, "1 Mo"), (3 * 1024**3, "3 Go")],
)  # fmt: skip
def test_sizes(size: int, said: str) -> None:
    assert wording.size(size) == said.replace(" ", "\u00a0")


def test_dates_of_the_list() -> None:
    now = datetime(2026, 11, 20, 9, 42).astimezone()

    assert wording.when(now.replace(hour=14, minute=2), now) == "14:02"
    assert wording.when(now - timedelta(days=1), now) == "hier 09:42"
    assert wording.when(datetime(2026, 11, 3, 8, 0).astimezone(), now) == "mar. 3 nov."
    assert wording.when(datetime(2025, 11, 3, 8, 0).astimezone(), now) == "03/11/2025"
    assert wording.full_when(datetime(2025, 11, 3, 14, 2).astimezone()) == "lundi 3 novembre 2025 à 14:02"
    assert wording.spoken_when(now - timedelta(days=1), now) == "hier 9 h 42"


def test_incomplete_birth_dates_stay_as_known() -> None:
    assert wording.iso_day("1979-03-28") == "28/03/1979"
    assert wording.iso_day("1979-03") == "03/1979"
    assert wording.iso_day("1979") == "1979"
    assert wording.iso_day("") == ""


def test_a_row_is_one_sentence() -> None:
    now = datetime(2026, 11, 20, 9, 42).astimezone()
    who = Correspondent("Dr_Hélène_MARTIN_CHU", "h@chu.mss.example", CorrespondentKind.PROFESSIONAL)
    row = Row(
        MessageId(1), _FolderId(1), BalId(1), False, True, False, False, who, "compte rendu",
        now - timedelta(days=1), 1, 2, 1, True, RowState.TO_FILE, UsagerMark("DURAND Paul", "", "", False), 1, 1, False,
    )  # fmt: skip
    said = wording.row_sentence(row, now)

    assert said.startswith("Non lu, suivi, à classer, Dr Hélène MARTIN CHU, professionnel, compte rendu, ")
    assert "usager DURAND Paul, 2 pièces jointes, hier 9" in said


@pytest.mark.parametrize("role", FolderRole)
def test_folders_are_named(role: FolderRole) -> None:
    folder = Folder(FolderId(1), BalId(1), ("INBOX", "Projets"), role, 0, 0)

    assert wording.folder_name(folder)
    own = role in {FolderRole.OTHER, FolderRole.TRASHED}
    assert own == (wording.folder_name(folder) == "Projets")


def test_kinds_are_named_apart() -> None:
    assert len({wording.kind(k) for k in CorrespondentKind}) == len(CorrespondentKind)
    assert len({wording.bal_kind(k) for k in BalKind}) == len(BalKind)


def test_counts_agree_with_their_noun() -> None:
    assert wording.count_unread(0) == "aucun non lu"
    assert wording.count_unread(1) == "1 non lu"
    assert wording.count_unread(9300) == "9\u202f300 non lus"
    assert wording.attachments(1) == "1 pièce jointe"


def test_the_age_of_the_directory() -> None:
    now = datetime(2026, 11, 20, 9, 42).astimezone()
    status = DirectoryStatus(536_000, "202611170610", "", 8700)

    assert "il y a 3 jours" in wording.age(status, now)
    assert "aujourd’hui" in wording.age(replace(status, extracted="202611200610"), now)
    assert "hier" in wording.age(replace(status, extracted="202611190610"), now)
    assert wording.age(replace(status, extracted="nonsense"), now).endswith("adresses")
    assert "Aucun annuaire" in wording.age(replace(status, entries=0), now)
    assert "cours" in wording.age(replace(status, loading=True), now)


def test_the_check_before_writing_to_a_usager() -> None:
    who = Correspondent("NESSI Ruth", "277076322082910@patient.mssante.fr", CorrespondentKind.USAGER)
    said = wording.usager_check(who, "277076322082910")

    assert "féminin" in said
    assert "juillet ’77" in said


def test_media_are_named() -> None:
    assert wording.media("application/pdf", "a.pdf") == "PDF"
    assert wording.media("image/jpeg", "x") == "Image JPEG"
    assert wording.media("application/octet-stream", "a.dcm") == "Fichier DCM"
    assert wording.media("application/octet-stream", "noext") == "Fichier"
