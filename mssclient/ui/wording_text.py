"""Sizes, dates, counts and names as a French reader expects them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from mssclient.domain.address import Correspondent, CorrespondentKind, shown_label
from mssclient.domain.bal import BalKind, Folder, FolderRole
from mssclient.domain.entry import DirectoryStatus
from mssclient.domain.message import Row, RowState

translate = QCoreApplication.translate

_DAYS = (
    QT_TRANSLATE_NOOP("wording", "lundi"), QT_TRANSLATE_NOOP("wording", "mardi"),
    QT_TRANSLATE_NOOP("wording", "mercredi"), QT_TRANSLATE_NOOP("wording", "jeudi"),
    QT_TRANSLATE_NOOP("wording", "vendredi"), QT_TRANSLATE_NOOP("wording", "samedi"),
    QT_TRANSLATE_NOOP("wording", "dimanche"),
)  # fmt: skip
_MONTHS = (
    QT_TRANSLATE_NOOP("wording", "janvier"), QT_TRANSLATE_NOOP("wording", "février"),
    QT_TRANSLATE_NOOP("wording", "mars"), QT_TRANSLATE_NOOP("wording", "avril"),
    QT_TRANSLATE_NOOP("wording", "mai"), QT_TRANSLATE_NOOP("wording", "juin"),
    QT_TRANSLATE_NOOP("wording", "juillet"), QT_TRANSLATE_NOOP("wording", "août"),
    QT_TRANSLATE_NOOP("wording", "septembre"), QT_TRANSLATE_NOOP("wording", "octobre"),
    QT_TRANSLATE_NOOP("wording", "novembre"), QT_TRANSLATE_NOOP("wording", "décembre"),
)  # fmt: skip
_SHORT_MONTHS = (
    QT_TRANSLATE_NOOP("wording", "janv."), QT_TRANSLATE_NOOP("wording", "févr."),
    QT_TRANSLATE_NOOP("wording", "mars"), QT_TRANSLATE_NOOP("wording", "avr."),
    QT_TRANSLATE_NOOP("wording", "mai"), QT_TRANSLATE_NOOP("wording", "juin"),
    QT_TRANSLATE_NOOP("wording", "juil."), QT_TRANSLATE_NOOP("wording", "août"),
    QT_TRANSLATE_NOOP("wording", "sept."), QT_TRANSLATE_NOOP("wording", "oct."),
    QT_TRANSLATE_NOOP("wording", "nov."), QT_TRANSLATE_NOOP("wording", "déc."),
)  # fmt: skip


def number(n: int) -> str:
    """A count with its thousands apart, as the language writes them: 9 300 with a narrow no-break space, 9,300."""
    # The sign between thousands is learnt from an example that is translated like any sentence.
    sign = translate("wording", "9 300")[1:-3]
    return f"{n:,}".replace(",", sign)


def size(n: int) -> str:
    """Bytes as people say them: 512 o, 84 ko, 9,4 Mo; a no-break space before the unit."""
    if n < 1024:
        return translate("wording", "{n} o").format(n=n)
    kilo = n / 1024
    if kilo < 1000:
        return translate("wording", "{n} ko").format(n=round(kilo) or 1)
    mega = kilo / 1024
    if mega < 1000:
        return translate("wording", "{n} Mo").format(n=_decimal(mega))
    return translate("wording", "{n} Go").format(n=_decimal(mega / 1024))


def _decimal(value: float) -> str:
    text = f"{value:.1f}" if value < 100 else f"{value:.0f}"
    return text.removesuffix(".0").replace(".", translate("wording", "9,4")[1:-1])


def clock(at: datetime, seconds: bool = False) -> str:
    """The local time of day: 14:02, or 14:02:30."""
    return f"{at.astimezone():%H:%M:%S}" if seconds else f"{at.astimezone():%H:%M}"


def when(at: datetime, now: datetime) -> str:
    """A date as the list shows it, local: 14:02, hier 14:02, mar. 3 nov., 03/11/2025."""
    local, today = at.astimezone(), now.astimezone().date()
    if local.date() == today:
        return clock(local)
    if local.date() == today - timedelta(days=1):
        return translate("wording", "hier {time}").format(time=clock(local))
    if local.year == today.year:
        day = translate("wording", str(_DAYS[local.weekday()]))[:3]
        month = translate("wording", str(_SHORT_MONTHS[local.month - 1]))
        return translate("wording", "{day}. {number} {month}").format(day=day, number=local.day, month=month)
    return f"{local:%d/%m/%Y}"


def full_when(at: datetime) -> str:
    """The whole date, local: mardi 3 novembre 2025 à 14:02."""
    local = at.astimezone()
    return translate("wording", "{day} {number} {month} {year} à {time}").format(
        day=translate("wording", str(_DAYS[local.weekday()])),
        number=translate("wording", "1er") if local.day == 1 else local.day,
        month=translate("wording", str(_MONTHS[local.month - 1])),
        year=local.year,
        time=clock(local),
    )


def spoken_when(at: datetime, now: datetime) -> str:
    """A date for a screen reader: hier 14 h 02."""
    local, today = at.astimezone(), now.astimezone().date()
    time = translate("wording", "{hour} h {minute}").format(hour=local.hour, minute=f"{local.minute:02d}")
    if local.date() == today:
        return translate("wording", "aujourd’hui {time}").format(time=time)
    if local.date() == today - timedelta(days=1):
        return translate("wording", "hier {time}").format(time=time)
    day = f"{local.day} {translate('wording', str(_MONTHS[local.month - 1]))} {local.year}"
    return translate("wording", "{day} {time}").format(day=day, time=time)


def iso_day(text: str) -> str:
    """An ISO date as JJ/MM/AAAA; what is known of an incomplete one, as it stands."""
    year, _, rest = text.partition("-")
    month, _, day = rest.partition("-")
    return "/".join(piece for piece in (day[:2], month, year) if piece)


def sex(code: str) -> str:
    """The sex of an INS, in full."""
    match code.upper():
        case "M":
            return translate("wording", "masculin")
        case "F":
            return translate("wording", "féminin")
        case "U":
            return translate("wording", "non déterminé")
        case _:
            return translate("wording", "non précisé")


def usager_check(who: Correspondent, matricule: str) -> str:
    """What a matricule says of its holder, to be compared before one writes to them (mssante.md §4)."""
    letter = {"1": "M", "3": "M", "7": "M", "2": "F", "4": "F", "8": "F"}.get(matricule[:1], "")
    month = int(matricule[3:5]) if matricule[3:5].isdigit() else 0
    born = translate("wording", str(_MONTHS[month - 1])) if 1 <= month <= 12 else ""
    return (
        translate(
            "wording",
            "Vous écrivez à un usager : {name}, sexe {sex}, naissance {month} {year}. Est-ce la bonne personne ?",
        )
        .format(name=correspondent(who), sex=sex(letter), month=born, year=f"’{matricule[1:3]}")
        .replace("  ", " ")
    )


def kind(value: CorrespondentKind) -> str:
    """Who stands behind an address."""
    match value:
        case CorrespondentKind.PROFESSIONAL:
            return translate("wording", "Professionnel")
        case CorrespondentKind.ORGANISATION:
            return translate("wording", "Structure")
        case CorrespondentKind.APPLICATION:
            return translate("wording", "Logiciel")
        case CorrespondentKind.USAGER:
            return translate("wording", "Usager")
        case CorrespondentKind.OUTSIDE:
            return translate("wording", "Hors MSSanté")
        case _:
            assert_never(value)


def bal_kind(value: BalKind) -> str:
    """The kind of a mailbox."""
    match value:
        case BalKind.PER:
            return translate("wording", "Boîte personnelle")
        case BalKind.ORG:
            return translate("wording", "Boîte de service")
        case BalKind.APP:
            return translate("wording", "Boîte applicative")
        case BalKind.CAB:
            return translate("wording", "Boîte de cabinet")
        case _:
            assert_never(value)


def folder_name(folder: Folder) -> str:
    """A folder as we call it: its role, else the name the server gives it."""
    match folder.role:
        case FolderRole.INBOX:
            return translate("wording", "Boîte de réception")
        case FolderRole.DRAFTS:
            return translate("wording", "Brouillons")
        case FolderRole.SENT:
            return translate("wording", "Envoyés")
        case FolderRole.TRASH:
            return translate("wording", "Corbeille")
        case FolderRole.JUNK:
            return translate("wording", "Indésirables")
        case FolderRole.ARCHIVE:
            return translate("wording", "Archives")
        case FolderRole.OTHER | FolderRole.TRASHED:
            return folder.name
        case _:
            assert_never(folder.role)


_MEDIA = {
    "application/pdf": QT_TRANSLATE_NOOP("wording", "PDF"),
    "application/zip": QT_TRANSLATE_NOOP("wording", "Archive ZIP"),
    "application/x-zip-compressed": QT_TRANSLATE_NOOP("wording", "Archive ZIP"),
    "text/plain": QT_TRANSLATE_NOOP("wording", "Texte"),
    "text/html": QT_TRANSLATE_NOOP("wording", "Page HTML"),
    "text/xml": QT_TRANSLATE_NOOP("wording", "Document XML"),
    "application/xml": QT_TRANSLATE_NOOP("wording", "Document XML"),
    "application/rtf": QT_TRANSLATE_NOOP("wording", "Texte mis en forme"),
    "text/rtf": QT_TRANSLATE_NOOP("wording", "Texte mis en forme"),
    "message/rfc822": QT_TRANSLATE_NOOP("wording", "Message joint"),
    "application/dicom": QT_TRANSLATE_NOOP("wording", "Imagerie DICOM"),
    "application/msword": QT_TRANSLATE_NOOP("wording", "Document Word"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": QT_TRANSLATE_NOOP(
        "wording", "Document Word"
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": QT_TRANSLATE_NOOP("wording", "Tableur Excel"),
    "application/vnd.ms-excel": QT_TRANSLATE_NOOP("wording", "Tableur Excel"),
    "application/vnd.oasis.opendocument.text": QT_TRANSLATE_NOOP("wording", "Document OpenDocument"),
}


def media(media_type: str, name: str) -> str:
    """What kind of file an attachment is."""
    lower = media_type.lower()
    if source := _MEDIA.get(lower):
        return translate("wording", str(source))
    if lower.startswith("image/"):
        return translate("wording", "Image {format}").format(format=lower.partition("/")[2].upper())
    if lower.startswith("audio/"):
        return translate("wording", "Son")
    if lower.startswith("video/"):
        return translate("wording", "Vidéo")
    extension = name.rpartition(".")[2].upper() if "." in name else ""
    if extension and len(extension) <= 5:
        return translate("wording", "Fichier {extension}").format(extension=extension)
    return translate("wording", "Fichier")


def count_unread(n: int) -> str:
    """How many messages are unread."""
    if n == 0:
        return translate("wording", "aucun non lu")
    return translate("wording", "1 non lu") if n == 1 else translate("wording", "{n} non lus").format(n=number(n))


def attachments(n: int) -> str:
    """How many attachments there are."""
    if n == 0:
        return translate("wording", "aucune pièce jointe")
    return (
        translate("wording", "1 pièce jointe")
        if n == 1
        else translate("wording", "{n} pièces jointes").format(n=number(n))
    )


def age(status: DirectoryStatus, now: datetime | None = None) -> str:
    """How old the local Annuaire is, and how much it holds. `now` local time when not given."""
    if status.loading:
        return translate("wording", "Annuaire en cours d’actualisation…")
    if not status.entries:
        return translate("wording", "Aucun annuaire sur ce poste : actualisez-le pour chercher un correspondant.")
    days = _days_since(status.extracted, now)
    count = translate("wording", "Annuaire : {n} adresses").format(n=number(status.entries))
    if days is None:
        return count
    if days <= 0:
        return translate("wording", "{count}, à jour d’aujourd’hui").format(count=count)
    if days == 1:
        return translate("wording", "{count}, à jour d’hier").format(count=count)
    return translate("wording", "{count}, d’il y a {days} jours").format(count=count, days=days)


def _days_since(extracted: str, now: datetime | None) -> int | None:
    digits = extracted[:8]
    if len(digits) != 8 or not digits.isdigit():
        return None
    today = (now or datetime.now().astimezone()).astimezone().date()
    try:
        return (today - datetime.strptime(digits, "%Y%m%d").astimezone().date()).days
    except ValueError:
        return None


def correspondent(who: Correspondent) -> str:
    """A correspondent as one reads it: the label, else the address."""
    return shown_label(who.label) or who.address


def row_sentence(row: Row, now: datetime) -> str:
    """One full sentence for a row of the list (EN 301 549 clause 11): what a screen reader says."""
    pieces = [
        translate("wording", "Lu") if row.seen else translate("wording", "Non lu"),
        *_marks(row),
        correspondent(row.sender),
        kind(row.sender.kind).lower() if row.sender.kind is not CorrespondentKind.OUTSIDE else kind(row.sender.kind),
        row.subject or translate("wording", "sans objet"),
    ]
    if row.usager:
        pieces.append(translate("wording", "usager {name}").format(name=row.usager.name))
    if row.attachments:
        pieces.append(attachments(row.attachments))
    if row.conversation_size > 1:
        pieces.append(translate("wording", "conversation de {n} messages").format(n=row.conversation_size))
    pieces.append(spoken_when(row.date, now))
    return ", ".join(pieces)


def _marks(row: Row) -> list[str]:
    marks = []
    if row.flagged:
        marks.append(translate("wording", "suivi"))
    if row.answered:
        marks.append(translate("wording", "répondu"))
    if row.forwarded:
        marks.append(translate("wording", "transféré"))
    match row.state:
        case RowState.TO_FILE:
            marks.append(translate("wording", "à classer"))
        case RowState.FILED:
            marks.append(translate("wording", "classé"))
        case RowState.NONE:
            pass
        case _:
            assert_never(row.state)
    return marks
