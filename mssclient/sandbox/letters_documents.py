"""Mail that carries health documents: IHE_XDM.ZIP with its PDF twins, replacements, quirks, scans and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mssclient.domain.address import USAGER_DOMAIN
from mssclient.domain.identity import is_qualified
from mssclient.sandbox import papers_pictures as pictures
from mssclient.sandbox import papers_text as texts
from mssclient.sandbox.letters_mime import (
    ANSWERED,
    FLAGGED,
    SEEN,
    File,
    Mail,
    Party,
    ago,
    kept,
    letter,
    party,
)
from mssclient.sandbox.letters_talk import ADDRESSES, Post, end
from mssclient.sandbox.papers import Kind, Paper, Section, pdf_name, subject
from mssclient.sandbox.papers_hostile import HOSTILE, QUIRKS
from mssclient.sandbox.papers_pdf import letter as pdf
from mssclient.sandbox.papers_text import paper
from mssclient.sandbox.papers_xdm import archive
from mssclient.sandbox.people import (
    APPLICATION,
    ARCHIVES,
    CARE,
    INBOX,
    JUNK,
    LEMOINE,
    NAME,
    PHYSICIAN,
    SECRETARIAT,
    SENT,
    STREET,
    TRASH,
    VASSEUR,
    Correspondent,
    Resident,
    correspondent,
    resident,
)

_COURTESY = (
    "Bonjour,\n\nVeuillez trouver ci-joint {what} concernant {who}.\n\nBien cordialement,",
    "Cher confrère, chère consœur,\n\nCi-joint {what} de {who}, pour suite à donner.\n\nConfraternellement,",
    "Bonjour,\n\nPour le dossier de {who} : {what}, au format structuré et en PDF.\n\nCordialement,",
)
_OURSELVES = Correspondent(
    PHYSICIAN, "Dr_Claire_VASSEUR_Résidence Les Tilleuls", NAME, "Gériatrie", "Dr", "Claire", "VASSEUR", "899900000016",
    STREET, phone="04 99 01 08 08",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A document to be sent to one of our boxes."""

    box: str
    sender: str
    kind: Kind
    about: str
    """Birth name of the resident."""
    days: int
    clock: str
    flags: tuple[str, ...] = ()
    folder: tuple[str, ...] = INBOX
    structured: bool = False


_DISPATCHES = (
    Dispatch(SECRETARIAT, "fabre", texts.DISCHARGE, "BRUYERE", 0, "09:31"),
    Dispatch(SECRETARIAT, "emergency", texts.EMERGENCY, "EGLANTIER", 0, "07:22", (FLAGGED,)),
    Dispatch(SECRETARIAT, "delcourt", texts.CONSULTATION, "TOURNESOL", 1, "17:05"),
    Dispatch(SECRETARIAT, "imaging", texts.IMAGING, "NESSI", 1, "10:48", structured=True),
    Dispatch(SECRETARIAT, "laboratory", texts.BIOLOGY, "CHEVREFEUILLE", 1, "12:01", structured=True),
    Dispatch(SECRETARIAT, "laboratory", texts.BIOLOGY, "PAT-QUATRE", 2, "11:32", (SEEN,), structured=True),
    Dispatch(SECRETARIAT, "garnier", texts.PRESCRIPTION, "GENET D'OR", 2, "19:12", (SEEN,)),
    Dispatch(SECRETARIAT, "dermatologist", texts.CONSULTATION, "MARRONNIER", 3, "16:20", (SEEN,)),
    Dispatch(SECRETARIAT, "ward", texts.HOSPITAL, "GLYCINE", 4, "15:55", (SEEN, FLAGGED)),
    Dispatch(SECRETARIAT, "benali", texts.CONSULTATION, "AUBEPINE DE LA ROCHE-SAINT-CHRISTOPHE-DES-BOIS", 5, "18:44",
             (SEEN,), (VASSEUR,), structured=True),
    Dispatch(SECRETARIAT, "fabre", texts.CONSULTATION, "CHEVREFEUILLE", 3, "17:37", (), (VASSEUR,), structured=True),
    Dispatch(SECRETARIAT, "perrin", texts.CONSULTATION, "NESSI", 6, "12:20", (SEEN,), (VASSEUR,)),
    Dispatch(SECRETARIAT, "lemoine", texts.SUMMARY, "COQUELICOT", 4, "20:05", (SEEN,), (LEMOINE,), structured=True),
    Dispatch(SECRETARIAT, "lemoine", texts.PRESCRIPTION, "CHEVREFEUILLE", 1, "20:31", (), (LEMOINE,)),
    Dispatch(SECRETARIAT, "laboratory", texts.BIOLOGY, "MIMOSA", 12, "11:30", (SEEN,), ARCHIVES, structured=True),
    Dispatch(SECRETARIAT, "imaging", texts.IMAGING, "PAT-CINQ", 15, "09:26", (SEEN,), ARCHIVES),
    Dispatch(SECRETARIAT, "emergency", texts.EMERGENCY, "PAT-CINQ", 15, "02:14", (SEEN,), TRASH),
    Dispatch(CARE, "laboratory", texts.BIOLOGY, "CHEVREFEUILLE", 0, "08:40", structured=True),
    Dispatch(CARE, "home_care", texts.CARE_PLAN, "MIMOSA", 5, "17:58", (SEEN,)),
    Dispatch(CARE, "garnier", texts.PRESCRIPTION, "MARRONNIER", 4, "16:02", (SEEN,)),
    Dispatch(PHYSICIAN, "benali", texts.CONSULTATION, "GENET D'OR", 1, "18:03"),
    Dispatch(PHYSICIAN, "delcourt", texts.CONSULTATION, "PAT-QUATRE", 4, "17:27", (SEEN,), structured=True),
    Dispatch(PHYSICIAN, "fabre", texts.DISCHARGE, "MIMOSA", 13, "16:48", (SEEN,), ARCHIVES),
)  # fmt: skip


def xdm_mail(
    key: str, sender: Party, to: tuple[Party, ...], papers: tuple[Paper, ...], sent: datetime, text: str,
    archived: bytes = b"",
) -> Mail:  # fmt: skip
    """A mail about one usager with its archive and PDF twins, as the norm wants it (ECO.2.1.1, 2.1.3, 2.4.1, 2.4.2)."""
    files = [File("IHE_XDM.ZIP", "application/zip", archived or archive(papers))]
    files += [File(pdf_name(one), "application/pdf", pdf(one)) for one in papers]
    marks = (
        ("X-MSS-CODECDA", ",".join(one.kind.code for one in papers)),
        ("X-MSS-INS", "O" if all(is_qualified(one.usager) for one in papers) else "N"),
    )
    return Mail(key, sender, to, subject(papers), text, sent, files=tuple(files), headers=marks)


def about(who: Resident, papers: tuple[Paper, ...], number: int) -> str:
    """A courteous sentence about documents of a resident."""
    what = "le document suivant" if len(papers) == 1 else f"{len(papers)} documents"
    titles = "\n".join(f"- {one.title} du {one.act:%d/%m/%Y}" for one in papers)
    return f"{_COURTESY[number % len(_COURTESY)].format(what=what, who=who.civil)}\n\n{titles}\n"


def dispatch(key: str, what: Dispatch, now: datetime, serial: int) -> Mail:
    """The mail of a dispatch; the document is as old as the mail, less an hour."""
    sender, who = correspondent(ADDRESSES[what.sender]), resident(what.about)
    sent = ago(now, what.days, what.clock)
    papers = (paper(what.kind, who.usager, sender, sent - timedelta(hours=1), serial),)
    text = f"{about(who, papers, serial)}\n{end(sender.address)}\n"
    return xdm_mail(key, party(sender), (party(what.box),), papers, sent, text, archive(papers, what.structured))


def _bundle(now: datetime) -> Iterator[Post]:
    """Three documents in one mail, then a laboratory's report and its replacement, then a wish to delete."""
    fabre, lab = correspondent(ADDRESSES["fabre"]), correspondent(ADDRESSES["laboratory"])
    who, sent = resident("PAT-TROIS"), ago(now, 2, "16:40")
    kinds = (texts.DISCHARGE, texts.PRESCRIPTION, texts.HOSPITAL)
    papers = tuple(paper(k, who.usager, fabre, sent - timedelta(hours=2 + i), 7300 + i) for i, k in enumerate(kinds))
    text = f"{about(who, papers, 0)}\n{end(fabre.address)}\n"
    yield SECRETARIAT, letter(xdm_mail("bundle", party(fabre), (party(SECRETARIAT),), papers, sent, text), INBOX)

    who, sent = resident("COQUELICOT"), ago(now, 3, "11:30")
    first = paper(texts.BIOLOGY, who.usager, lab, sent - timedelta(hours=1), 7310)
    text = f"{about(who, (first,), 2)}\n{end(lab.address)}\n"
    mail = xdm_mail("biology/1", party(lab), (party(SECRETARIAT),), (first,), sent, text, archive((first,), True))
    yield SECRETARIAT, letter(mail, INBOX, SEEN)
    sent = ago(now, 0, "08:58")
    note = Section(
        "Correction", ("La kaliémie a été recontrôlée sur un second tube : la valeur rendue remplace la précédente.",)
    )
    second = first.replaced_by(7311, sent - timedelta(hours=1), note)
    text = (
        "Bonjour,\n\nCe document annule et remplace celui qui vous a été adressé précédemment. Merci de supprimer la "
        f"version antérieure de votre dossier.\n\n{end(lab.address)}\n"
    )
    mail = xdm_mail("biology/2", party(lab), (party(SECRETARIAT),), (second,), sent, text, archive((second,), True))
    yield SECRETARIAT, letter(replace(mail, subject=f"[Annule et remplace] {mail.subject}"), INBOX)

    text = (
        "Bonjour,\n\nSuite à une erreur d'identité au prélèvement, merci de bien vouloir supprimer le compte rendu de "
        "biologie de Mme MIMOSA Simone que nous vous avons transmis il y a une dizaine de jours. Un nouveau "
        "prélèvement "
        f"est à programmer.\n\nAvec nos excuses,\n\n{end(lab.address)}\n"
    )
    mail = Mail("deletion", party(lab), (party(SECRETARIAT),), "Demande de suppression d'un document transmis", text,
                ago(now, 1, "09:17"))  # fmt: skip
    yield SECRETARIAT, letter(mail, INBOX, FLAGGED)


_ODD_SENDERS = ("garnier", "imaging", "home_care", "perrin", "ward", "laboratory", "emergency", "garnier", "kine")
_ODD_USAGERS = (
    "TOURNESOL", "MIMOSA", "PAT-TROIS", "NESSI", "PAT-CINQ", "PAT-QUATRE", "MARRONNIER", "BRUYERE", "CHEVREFEUILLE",
)  # fmt: skip


def _quirks(now: datetime) -> Iterator[Post]:
    """Archives that are odd but honest, spread over the last two weeks."""
    for number, (name, make) in enumerate(QUIRKS.items()):
        sender, who = correspondent(ADDRESSES[_ODD_SENDERS[number]]), resident(_ODD_USAGERS[number])
        sent = ago(now, 5 + number, "14:1" + str(number))
        kinds = (texts.IMAGING, texts.SUMMARY) if name == "two subsets" else (texts.IMAGING,)
        act, serial = sent - timedelta(hours=3), 7400 + 10 * number
        papers = tuple(paper(kind, who.usager, sender, act, serial + i) for i, kind in enumerate(kinds))
        text = f"{about(who, papers, number)}\n{end(sender.address)}\n"
        mail = xdm_mail(f"quirk/{number}", party(sender), (party(SECRETARIAT),), papers, sent, text, make(papers))
        yield SECRETARIAT, letter(mail, INBOX, SEEN)


def _hostile(now: datetime) -> Iterator[Post]:
    """Archives to be refused: two stand in plain sight, the rest among the unwanted."""
    robot, who = correspondent(ADDRESSES["robot"]), resident("PAT-CINQ")
    for number, (name, make) in enumerate(HOSTILE.items()):
        sent = ago(now, 2 + number, "03:3" + str(number))
        papers = (paper(texts.HOSPITAL, who.usager, robot, sent - timedelta(hours=1), 7600 + number),)
        text = f"Message automatique, ne pas répondre.\n\n{about(who, papers, 2)}"
        mail = xdm_mail(f"hostile/{number}", party(robot), (party(SECRETARIAT),), papers, sent, text, make(papers))
        visible = name in {"zip bomb", "doctype"}
        yield SECRETARIAT, letter(mail, INBOX if visible else JUNK, *((SEEN,) if not visible else ()))


def _files(now: datetime) -> Iterator[Post]:
    """Plain attachments: the heavy scan, photographs, a PDF with a long accented name."""
    ward, pharmacy, care = (correspondent(ADDRESSES[name]) for name in ("ward", "pharmacy", "home_care"))
    text = (
        "Bonjour docteur,\n\nComme demandé, la numérisation du dossier papier de Mme BRUYERE (archives 2019). Le "
        "fichier est "
        f"volumineux, merci de nous confirmer la bonne réception.\n\n{end(ward.address)}\n"
    )
    scan = File("Numérisation_dossier_papier_2019.pdf", "application/pdf", pictures.heavy_scan())
    mail = Mail("scan", party(ward), (party(PHYSICIAN),), "Dossier papier numérisé - Mme BRUYERE", text,
                ago(now, 1, "15:05"), files=(scan,))  # fmt: skip
    yield PHYSICIAN, letter(mail, INBOX)
    box = File("pilulier semaine 47.png", "image/png", pictures.pill_box())
    text = f"Bonjour,\n\nPilulier reçu en retour avec des cases pleines. Est-ce voulu ?\n\n{end(pharmacy.address)}\n"
    mail = Mail("pill-box", party(pharmacy), (party(CARE),), "Pilulier de M. CHEVREFEUILLE : prises manquées ?", text,
                ago(now, 2, "16:21"), files=(box,))  # fmt: skip
    yield CARE, letter(mail, INBOX, FLAGGED)
    photos = tuple(File(f"talon_droit_{i}.jpg", "image/jpeg", pictures.wound_photo()) for i in (1, 2))
    text = f"Bonjour docteur,\n\nVoici les deux photographies, avec le réglet cette fois.\n\n{end(SECRETARIAT)}\n"
    expert = party(correspondent(ADDRESSES["dermatologist"]))
    mail = Mail("photos", party(SECRETARIAT), (expert,), "RE : Téléexpertise", text,
                ago(now, 12, "11:14"), files=photos)  # fmt: skip
    yield SECRETARIAT, kept(mail, SENT)
    protocol = paper(texts.CARE_PLAN, resident("MIMOSA").usager, care, ago(now, 7, "10:00"), 7700)
    name = (
        "Protocole de pansement à l'attention de l'équipe soignante – révision n°3 – œdèmes, exsudats & douleur "
        "(à afficher au poste de soins du 2ᵉ étage).pdf"
    )
    text = f"Bonjour,\n\nLe protocole à jour, à imprimer.\n\n{end(care.address)}\n"
    mail = Mail("protocol", party(care), (party(CARE),), "Protocole révisé", text, ago(now, 7, "10:40"),
                files=(File(name, "application/pdf", pdf(protocol)),))  # fmt: skip
    yield CARE, letter(mail, INBOX, SEEN, ANSWERED)


def sent_documents(now: datetime) -> tuple[tuple[str, Mail], ...]:
    """What our boxes sent with documents, by box: `letters_reports` answers these."""
    ward, lemoine, imaging = (correspondent(ADDRESSES[name]) for name in ("ward", "lemoine", "imaging"))
    notice = (
        "Ce message est envoyé automatiquement par le logiciel de soins de l'EHPAD Résidence Les Tilleuls. Merci de "
        "ne pas y "
        f"répondre : écrivez à {SECRETARIAT}.\n"
    )
    plans = (
        (APPLICATION, party(lemoine), texts.CARE_PLAN, "COQUELICOT", 6, "02:10"),
        (APPLICATION, party(ward), texts.TRANSFER, "EGLANTIER", 1, "19:58"),
        (APPLICATION, _citizen("PAT-QUATRE"), texts.SUMMARY, "PAT-QUATRE", 3, "02:12"),
        (SECRETARIAT, party(ward), texts.TRANSFER, "BRUYERE", 14, "11:06"),
        (SECRETARIAT, party(lemoine), texts.SUMMARY, "CHEVREFEUILLE", 8, "16:30"),
        (SECRETARIAT, party(imaging), texts.PRESCRIPTION, "MIMOSA", 1, "14:22"),
        (SECRETARIAT, _citizen("NESSI"), texts.CARE_PLAN, "NESSI", 5, "10:15"),
    )
    sent = []
    for number, (box, to, kind, name, days, clock) in enumerate(plans):
        when, who = ago(now, days, clock), resident(name)
        papers = (paper(kind, who.usager, _OURSELVES, when - timedelta(hours=4), 7800 + number),)
        text = f"{about(who, papers, number)}\n" + (notice if box == APPLICATION else f"{end(box)}\n")
        mail = xdm_mail(f"ours/{number}", party(box), (to,), papers, when, text)
        extra: tuple[tuple[str, str], ...] = (
            (("Reply-To", SECRETARIAT),) if box == APPLICATION else (("Disposition-Notification-To", box),)
        )
        if to.address.endswith(USAGER_DOMAIN):
            extra += (("X-MSS-MES", "FIN"),)
        sent.append((box, replace(mail, headers=mail.headers + extra)))
    return tuple(sent)


def _citizen(birth_name: str) -> Party:
    who = resident(birth_name)
    return Party(f"{who.usager.birth_name} {who.usager.given[0].title()}", who.address)


def letters(now: datetime) -> Iterator[Post]:
    """Every mail with documents or files."""
    for number, what in enumerate(_DISPATCHES):
        mail = dispatch(f"dispatch/{number}", what, now, 7200 + number)
        yield what.box, letter(mail, what.folder, *what.flags)
    yield from _bundle(now)
    yield from _quirks(now)
    yield from _hostile(now)
    yield from _files(now)
    for box, mail in sent_documents(now):
        yield box, kept(mail, SENT)
