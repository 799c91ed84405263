"""A lively workstation for the screen's tests and pictures: fictitious people, three BAL, mail, documents."""

# ruff: noqa: E501  (tables read better with one line a value)

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import Bal, BalId, BalKind, Folder, FolderId, FolderRole, Link
from mssclient.domain.documents import Archive, Content, HealthDocument, Warn
from mssclient.domain.draft import AttachmentId, Draft, DraftAttachment, DraftId, Field, Origin, Recipient
from mssclient.domain.entry import DirectoryEntry, DirectoryStatus
from mssclient.domain.identity import OID_TEST, Usager, key_of
from mssclient.domain.message import Attachment, Loading, Message, MessageId, PartId, Row, RowState, UsagerMark
from mssclient.domain.outbox import Fate, OutboxId, Outgoing, RecipientFate, SendState
from mssclient.domain.session import Activity, Person
from mssclient.engine.api import Picture
from tests.fake_engine import FakeEngine, FakeReader

NOW = datetime(2026, 11, 20, 9, 42, tzinfo=timezone(timedelta(hours=1)))
"""The hour of the sample: a Friday morning."""

PERSON = Person(
    "899900012345", "Claire", "Vasseur", "Dr", (Activity("Médecin", "Gériatrie", "Résidence Les Tilleuls", "1750000"),)
)

BALS = [
    Bal(BalId(1), "claire.vasseur@tilleuls.mss.example", BalKind.PER, "Dr Claire VASSEUR", "V", 0, True, Link.LIVE,
        1_420_000_000, 2_000_000_000),
    Bal(BalId(2), "accueil@tilleuls.mss.example", BalKind.ORG, "Résidence Les Tilleuls", "T", 1, False, Link.LIVE,
        610_000_000, 2_000_000_000),
    Bal(BalId(3), "paul.mercadier@tilleuls.mss.example", BalKind.PER, "Dr Paul MERCADIER", "M", 2, False,
        Link.OFFLINE, 120_000_000, 2_000_000_000),
]  # fmt: skip

_FOLDERS: list[tuple[int, int, tuple[str, ...], FolderRole]] = [
    (1, 1, ("INBOX",), FolderRole.INBOX), (2, 1, ("Drafts",), FolderRole.DRAFTS), (3, 1, ("Sent",), FolderRole.SENT),
    (4, 1, ("Archives",), FolderRole.ARCHIVE), (5, 1, ("Archives", "2025"), FolderRole.OTHER),
    (6, 1, ("Junk",), FolderRole.JUNK), (7, 1, ("Trash",), FolderRole.TRASH),
    (11, 2, ("INBOX",), FolderRole.INBOX), (12, 2, ("INBOX", "Dr VASSEUR"), FolderRole.OTHER),
    (13, 2, ("INBOX", "Dr MERCADIER"), FolderRole.OTHER), (14, 2, ("INBOX", "Cadre de santé"), FolderRole.OTHER),
    (15, 2, ("Drafts",), FolderRole.DRAFTS), (16, 2, ("Sent",), FolderRole.SENT), (17, 2, ("Trash",), FolderRole.TRASH),
    (21, 3, ("INBOX",), FolderRole.INBOX), (22, 3, ("Drafts",), FolderRole.DRAFTS), (23, 3, ("Sent",), FolderRole.SENT),
    (24, 3, ("Trash",), FolderRole.TRASH),
]  # fmt: skip

_P, _O, _A, _U, _X = (
    CorrespondentKind.PROFESSIONAL, CorrespondentKind.ORGANISATION, CorrespondentKind.APPLICATION,
    CorrespondentKind.USAGER, CorrespondentKind.OUTSIDE,
)  # fmt: skip


def matricule(first13: str) -> str:
    """A matricule INS with its key."""
    return f"{first13}{key_of(first13):02d}"


@dataclass(frozen=True)
class _Resident:
    birth_name: str
    given: str
    birth_date: str
    sex: str
    number: str
    qualified: bool = True


_RESIDENTS = [
    _Resident("PAT-TROIS", "DOMINIQUE", "1979-03-28", "F", "279035121518989"),
    _Resident("NESSI", "RUTH", "1977-07-14", "F", "277076322082910"),
    _Resident("CORBEAU-TEST", "ÉMILIENNE", "1934-02-11", "F", matricule("2340299351042")),
    _Resident("FICTIF", "JEAN-BAPTISTE", "1941-12-05", "M", matricule("1411299350017")),
    _Resident("ESSAI", "MARGUERITE", "1938-08-30", "F", matricule("2380899350233"), qualified=False),
    _Resident("MODÈLE-LONGUENOM DE LA TOUR", "ANNE-CHARLOTTE", "1945-06-17", "F", matricule("2450699351118")),
]

_PEOPLE = [
    Correspondent("Dr_Hélène_MARTIN_CHU de Villefictive", "helene.martin@chu.mss.example", _P),
    Correspondent("Laboratoire BioFictif", "resultats@biofictif.mss.example", _A),
    Correspondent("Secrétariat de cardiologie – CHU de Villefictive", "cardiologie@chu.mss.example", _O),
    Correspondent("M._Karim_BENALI_Cabinet infirmier des Acacias", "karim.benali@ville.mss.example", _P),
    Correspondent("PAT-TROIS Dominique", "279035121518989@patient.mssante.fr", _U),
    Correspondent("Pharmacie du Marché", "pharmacie.marche@ville.mss.example", _O),
    Correspondent("Dr_Olivier_TESTARD_Imagerie des Lilas", "olivier.testard@lilas.mss.example", _P),
    Correspondent("Postmaster", "postmaster@chu.mss.example", _A),
    Correspondent("Mme_Sophie_EXEMPLE_SSIAD Val Fictif", "sophie.exemple@ssiad.mss.example", _P),
    Correspondent("Dr_Paul_MERCADIER_Résidence Les Tilleuls", "paul.mercadier@tilleuls.mss.example", _P),
    Correspondent("", "contact@fournisseur.example", _X),
    Correspondent("NESSI Ruth", "277076322082910@patient.mssante.fr", _U),
]


@dataclass(frozen=True)
class _Line:
    folder: int
    sender: int
    subject: str
    hours: float
    usager: int | None = None
    files: tuple[str, ...] = ()
    seen: bool = True
    state: RowState = RowState.NONE
    conversation: int = 0
    flagged: bool = False
    answered: bool = False


_TF, _FD = RowState.TO_FILE, RowState.FILED
_XDM = "IHE_XDM.ZIP"
_LINES = [
    _Line(1, 0, "LETTRE DE LIAISON SORTIE ÉTABLISSEMENT", 0.6, 0, (_XDM, "20261119_Lettre de liaison_PAT-TROIS_DOMINIQUE.pdf"), False, _TF, 1),
    _Line(1, 1, "EXAMENS DE BIOLOGIE MÉDICALE", 1.2, 2, (_XDM, "20261120_Biologie_CORBEAU-TEST_EMILIENNE.pdf"), False, _TF),
    _Line(1, 4, "Question sur mon nouveau traitement", 1.9, 0, (), False, conversation=2),
    _Line(1, 2, "Convocation ECG et échographie de contrôle, merci de confirmer l’ambulance", 2.5, 3, ("Convocation.pdf",), False, _TF),
    _Line(1, 3, "Transmission : pansement complexe, photo jointe", 3.4, 2, ("pansement.jpg", "suivi.pdf"), True, _TF, 3, True),
    _Line(1, 6, "COMPTE RENDU D’IMAGERIE", 15, 5, (_XDM, "20261119_Scanner thoracique_MODELE-LONGUENOM_ANNE-CHARLOTTE.pdf"), False, _TF),
    _Line(1, 7, "Échec de remise : Bilan gériatrique", 16, None, (), False),
    _Line(1, 5, "Ordonnance : rupture de stock, proposition de substitution", 17, 4, (), True, conversation=4, answered=True),
    _Line(1, 9, "Staff de jeudi : résidents à présenter", 18, None, ("ordre du jour.docx",), True),
    _Line(1, 8, "Projet personnalisé mis à jour [Annule et remplace]", 21, 1, (_XDM,), True, _FD),
    _Line(1, 10, "Votre commande de fournitures", 22, None, (), True),
    _Line(1, 0, "Re: Avis gériatrique – anticoagulants", 25, 0, (), True, conversation=1, answered=True),
    _Line(1, 11, "Merci docteur", 26, 1, (), True),
    _Line(1, 1, "EXAMENS DE BIOLOGIE MÉDICALE", 28, 3, (_XDM, "20261119_Biologie_FICTIF_JEAN-BAPTISTE.pdf"), True, _FD),
    _Line(1, 2, "Confirmation d’hospitalisation de jour le 27 novembre", 30, 4, ("consignes.pdf",), True, _FD),
    _Line(11, 2, "Nouvelle admission : dossier de préadmission complet", 1, 5, ("preadmission.pdf",), False, _TF),
    _Line(11, 5, "Livraison des piluliers décalée à 15 h", 2, None, (), False),
    _Line(12, 0, "Synthèse médicale (VSM)", 4, 1, (_XDM,), False, _TF),
    _Line(13, 6, "COMPTE RENDU D’IMAGERIE", 6, 4, (_XDM, "radio.pdf"), True, _TF),
    _Line(14, 8, "Planning des passages de décembre", 9, None, ("planning.pdf",), True),
    _Line(21, 3, "Surveillance glycémique, résultats de la semaine", 5, 2, ("glycemies.pdf",), False, _TF),
    _Line(3, 0, "Avis gériatrique – anticoagulants", 27, 0, (), True, conversation=1),
    _Line(3, 5, "Re: Ordonnance : rupture de stock", 16.5, 4, (), True, conversation=4),
    _Line(7, 10, "Publicité", 90, None, (), True),
]  # fmt: skip

_WORDS = [
    "Compte rendu de consultation", "Demande d’avis", "Résultats du bilan", "Renouvellement d’ordonnance",
    "Fiche de transfert", "Certificat médical", "Suivi de plaie", "Évaluation kinésithérapie", "Bilan nutritionnel",
]  # fmt: skip


def _more(count: int) -> list[_Line]:
    """Older mail of the first inbox, to have something to scroll."""
    return [
        _Line(
            1,
            (n * 5) % 9,
            f"{_WORDS[n % len(_WORDS)]} n° {n + 1}",
            34 + n * 7.3,
            n % len(_RESIDENTS) if n % 3 else None,
            ("courrier.pdf",) if n % 4 == 0 else (),
            n % 7 != 3,
            _FD if n % 4 == 0 else RowState.NONE,
        )
        for n in range(count)
    ]


_TEXT = """Chère consœur,

Je vous adresse la lettre de liaison de votre résidente, hospitalisée du 12 au 19 novembre pour une \
décompensation cardiaque. L’évolution a été favorable sous diurétiques.

Traitement de sortie :
  – furosémide 40 mg le matin, à réévaluer à J15 ;
  – bisoprolol 2,5 mg, inchangé ;
  – apixaban 2,5 mg matin et soir.

Merci de contrôler l’ionogramme et la créatinine dans dix jours. Une consultation est prévue le 8 janvier.

Bien confraternellement,

Dr Hélène MARTIN
Cardiologie, CHU de Villefictive
"""

_HTML = """<p>Chère consœur,</p><p>Je vous adresse la <b>lettre de liaison</b> de votre résidente, hospitalisée du
12 au 19 novembre pour une décompensation cardiaque. L’évolution a été favorable sous diurétiques.</p>
<table border="1" cellpadding="4"><tr><th>Traitement</th><th>Posologie</th><th>Remarque</th></tr>
<tr><td>furosémide 40 mg</td><td>le matin</td><td>à réévaluer à J15</td></tr>
<tr><td>bisoprolol 2,5 mg</td><td>le matin</td><td>inchangé</td></tr>
<tr><td>apixaban 2,5 mg</td><td>matin et soir</td><td>fonction rénale à J10</td></tr></table>
<p>Merci de contrôler l’ionogramme et la créatinine dans dix jours. Consignes du service :
<a href="https://consignes.chu.mss.example/cardio">consignes de sortie</a>.</p>
<p>Bien confraternellement,</p><p><img src="cid:logo" width="120" height="32"><br>Dr Hélène MARTIN<br>
Cardiologie, CHU de Villefictive</p>"""

_BOUNCE = json.dumps(
    {
        "kind": "dsn",
        "original_message_id": "<sent-1@tilleuls.mss.example>",
        "envelope_id": "",
        "outcomes": [
            {
                "address": "plein@chu.mss.example",
                "fate": "failed",
                "status": "5.2.2",
                "reason": "552 5.2.2 mailbox full",
            }
        ],
    }
)


def _attachments(message: int, files: tuple[str, ...], filed: bool) -> tuple[Attachment, ...]:
    types = {"pdf": "application/pdf", "ZIP": "application/zip", "jpg": "image/jpeg"}
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return tuple(
        Attachment(
            PartId(message * 10 + n), MessageId(message), name, types.get(name.rpartition(".")[2], word),
            38_400 + 61_000 * n, Loading.HERE if message % 2 else Loading.ABSENT, filed, name == _XDM,
        )
        for n, name in enumerate(files)
    )  # fmt: skip


def _message(number: int, line: _Line, now: datetime) -> Message:
    who = _RESIDENTS[line.usager] if line.usager is not None else None
    mark = (
        UsagerMark(f"{who.birth_name} {who.given.title()}", who.birth_date, who.number, who.qualified) if who else None
    )
    folder = next(f for f in _FOLDERS if f[0] == line.folder)
    sender = _PEOPLE[line.sender]
    conversation = line.conversation or 100 + number
    xdm = _XDM in line.files
    row = Row(
        MessageId(number), FolderId(line.folder), BalId(folder[1]), line.seen, line.flagged, line.answered, False,
        sender, line.subject, now - timedelta(hours=line.hours), 4200 + 71_000 * len(line.files), len(line.files),
        1 if xdm else 0, xdm, line.state, mark, conversation, {1: 3, 4: 2}.get(conversation, 1), False,
    )  # fmt: skip
    bal = BALS[folder[1] - 1]
    bounce = sender.label == "Postmaster"
    return Message(
        row, (Correspondent(bal.label, bal.address, _P),), (_PEOPLE[9],) if number == 1 else (), "",
        f"<{number}@sample.mss.example>", "", (), Loading.HERE if number % 5 else Loading.ABSENT,
        _TEXT if number % 5 else "", _HTML if number == 1 else "", 3 if number == 1 else 0,
        _attachments(number, line.files, line.state is RowState.FILED), sender.address if number in {1, 4} else "",
        number == 4, number == 3, _BOUNCE if bounce else "",
    )  # fmt: skip


def _archive(who: _Resident, subject: str, bad_hash: bool) -> Archive:
    usager = Usager(
        who.number, OID_TEST if who.qualified else None, who.birth_name, (who.given,), who.birth_date, who.sex
    )
    document = HealthDocument(
        uri="DOC001.XML", unique_id="1.2.250.1.999.1", type_code="11490-0", type_label=subject.capitalize(),
        title=f"{subject.capitalize()} – service de cardiologie", created="2026-11-19T17:20:00", act_date="2026-11-19",
        version=2, set_id="1.2.250.1.999", replaces=(), action="C" if "remplace" in subject else "",
        author="Dr Hélène MARTIN", organisation="CHU de Villefictive", confidentiality=("N",), hash_ok=not bad_hash,
        size_ok=True, usager=usager, key_valid=True,
        contents=(Content("text/xml", 18_000, "IHE_XDM/SUBSET01/DOC001.XML"), Content("application/pdf", 52_000, "IHE_XDM/SUBSET01/DOC001.XML", 0)),
    )  # fmt: skip
    return Archive(
        True,
        (document,),
        (Content("application/pdf", 52_000, "IHE_XDM/DOC001.PDF"),),
        (Warn("hash"),) if bad_hash else (),
    )


def _entry(address: str, kind: BalKind, title: str, given: str, family: str, *rest: str) -> DirectoryEntry:
    profession, speciality, structure, town, post_code = rest
    number = "8" + str(10_000_000_000 + sum(ord(c) for c in address) * 7919)[:11] if family else ""
    return DirectoryEntry(
        address, kind, number, title, given, family, profession, "10" if profession == "Médecin" else "", speciality,
        structure, "750000001", "", town, post_code, True,
    )  # fmt: skip


ENTRIES = [
    _entry("helene.martin@chu.mss.example", BalKind.PER, "Dr", "Hélène", "Martin", "Médecin", "Cardiologie", "CHU de Villefictive", "Villefictive", "99000"),
    _entry("helene.martin@chu.mss.example", BalKind.PER, "Dr", "Hélène", "Martin", "Médecin", "Cardiologie", "Clinique des Acacias", "Villefictive", "99000"),
    _entry("marc.martinez@ville.mss.example", BalKind.PER, "Dr", "Marc", "Martinez", "Médecin", "Médecine générale", "Cabinet médical du Port", "Portfictif", "99100"),
    _entry("karim.benali@ville.mss.example", BalKind.PER, "M.", "Karim", "Benali", "Infirmier", "", "Cabinet infirmier des Acacias", "Villefictive", "99000"),
    _entry("olivier.testard@lilas.mss.example", BalKind.PER, "Dr", "Olivier", "Testard", "Médecin", "Radiodiagnostic", "Imagerie des Lilas", "Villefictive", "99000"),
    _entry("sophie.exemple@ssiad.mss.example", BalKind.PER, "Mme", "Sophie", "Exemple", "Infirmier", "", "SSIAD Val Fictif", "Valfictif", "99200"),
    _entry("cardiologie@chu.mss.example", BalKind.ORG, "", "", "", "", "", "Secrétariat de cardiologie – CHU de Villefictive", "Villefictive", "99000"),
    _entry("pharmacie.marche@ville.mss.example", BalKind.ORG, "", "", "", "", "", "Pharmacie du Marché", "Portfictif", "99100"),
    _entry("resultats@biofictif.mss.example", BalKind.APP, "", "", "", "", "", "Laboratoire BioFictif", "Villefictive", "99000"),
]  # fmt: skip


def _outbox(now: datetime) -> list[Outgoing]:
    def to(person: int, fate: Fate, code: str = "", reason: str = "") -> RecipientFate:
        return RecipientFate(_PEOPLE[person].address, _PEOPLE[person].label, fate, code, reason, now)

    def line(number: int, state: SendState, subject: str, minutes: int, *fates: RecipientFate, **more: object) -> Outgoing:  # fmt: skip
        at = now - timedelta(minutes=minutes)
        sent = at if state in {SendState.SENT, SendState.DONE} else None
        return Outgoing(
            OutboxId(number), BalId(1), state, subject, fates, at, at, sent, f"<sent-{number}@tilleuls.mss.example>", 1,
            **more,  # type: ignore[arg-type]
        )  # fmt: skip

    return [
        line(501, SendState.QUEUED, "Courrier de sortie de M. FICTIF", 1, to(2, Fate.ACCEPTED), code="4.3.2"),
        line(502, SendState.UNCERTAIN, "Demande d’avis dermatologique", 34, to(6, Fate.ACCEPTED)),
        line(503, SendState.FAILED, "Bilan gériatrique", 960, to(0, Fate.FAILED, "5.2.2", "mailbox full"), code="5.2.2", reason="552 5.2.2 mailbox full"),
        line(504, SendState.DONE, "Avis gériatrique – anticoagulants", 1620, to(0, Fate.READ), copy_id=MessageId(22)),
        line(505, SendState.DONE, "Projet personnalisé", 3000, to(8, Fate.INTEGRATED), to(3, Fate.DELIVERED)),
        line(506, SendState.DONE, "Lettre de liaison d’urgence", 4500, to(2, Fate.REFUSED, "904", "INS/traits mismatch")),
    ]  # fmt: skip


def _drafts(now: datetime) -> list[Draft]:
    first = Draft(
        DraftId("d-1"), BalId(1), (Recipient(_PEOPLE[0]), Recipient(_PEOPLE[2], Field.CC)), "Avis sur adaptation du traitement",
        "Cher confrère,\n\nJe sollicite votre avis au sujet de la posologie de l’apixaban.\n\nBien confraternellement,\nDr Claire VASSEUR",
        (DraftAttachment(AttachmentId("a-1"), "bilan.pdf", "application/pdf", 182_000),), updated=now - timedelta(minutes=12),
    )  # fmt: skip
    second = Draft(
        DraftId("d-2"), BalId(2), (Recipient(_PEOPLE[4], Field.TO, Origin.ANSWER),), "Re: Question sur mon nouveau traitement",
        "Bonjour,\n", updated=now - timedelta(hours=20),
    )  # fmt: skip
    return [second, first]


def sample_engine(now: datetime = NOW, rows: int = 30) -> FakeEngine:
    """A lively workstation, signed out: three BAL, folders, mail, documents, drafts, an outbox, a directory."""
    reader = FakeReader(bal_list=list(BALS), entries=list(ENTRIES))
    reader.folder_map = {FolderId(n): Folder(FolderId(n), BalId(b), path, role, 0, 0) for n, b, path, role in _FOLDERS}
    lines = [*_LINES, *_more(rows)]
    reader.messages = {MessageId(n): _message(n, line, now) for n, line in enumerate(lines, 1)}
    for message in reader.messages.values():
        line = lines[message.row.id - 1]
        for part in message.attachments:
            if part.is_xdm and line.usager is not None:
                known = reader.archives if part.loading is Loading.HERE else reader.unread_archives
                known[part.id] = _archive(_RESIDENTS[line.usager], line.subject, message.row.id == 9)
    reader.draft_map = {d.id: d for d in _drafts(now)}
    reader.outgoing_map = {o.id: o for o in _outbox(now)}
    reader.status = DirectoryStatus(612_408, (now - timedelta(days=1)).strftime("%Y%m%d0610"), now.isoformat(), 8_731)
    engine = FakeEngine(reader)
    engine.inline[MessageId(1), "logo"] = Picture(120, 32, b"\x2f\x6d\xa8\xff" * 120 * 32, 0, 1)
    return engine
