"""Ordinary mail between professionals: single messages, and conversations of three to six of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from mssclient.sandbox import letters_words
from mssclient.sandbox.letters_mime import ANSWERED, SEEN, SIGNATURE, Letter, Mail, ago, kept, letter, party
from mssclient.sandbox.people import (
    APPLICATION,
    CARE,
    INBOX,
    LEMOINE,
    PHYSICIAN,
    SECRETARIAT,
    SECRETARY,
    SENT,
    correspondent,
)

Post = tuple[str, Letter]
"""A letter and the address of the BAL it stands in."""
ADDRESSES = {
    "secretariat": SECRETARIAT,
    "care": CARE,
    "physician": PHYSICIAN,
    "secretary": SECRETARY,
    "application": APPLICATION,
    "delcourt": "antoine.delcourt@ch-montfleury.mss.example",
    "fabre": "mireille.fabre@ch-montfleury.mss.example",
    "benali": "karim.benali@ch-montfleury.mss.example",
    "perrin": "lucie.perrin@ch-montfleury.mss.example",
    "ward": "secretariat.geriatrie@ch-montfleury.mss.example",
    "emergency": "sau@ch-montfleury.mss.example",
    "robot": "noreply@automate.ch-montfleury.mss.example",
    "lemoine": "thomas.lemoine@medecins.mss.example",
    "garnier": "helene.garnier@medecins.mss.example",
    "laboratory": "resultats@biolys.mss.example",
    "imaging": "secretariat@imagerie-lys.mss.example",
    "pharmacy": "officine@pharmacie-du-pont.mss.example",
    "home_care": "contact@had-valdelys.mss.example",
    "kine": "isabelle.ortega@kine.mss.example",
    "dermatologist": "jean-baptiste.de-la-tour@dermato.mss.example",
}
"""Short names of everybody who writes, as `letters_words` uses them."""
OURS = frozenset(ADDRESSES[name] for name in ("secretariat", "care", "physician", "secretary", "application"))


@dataclass(frozen=True, slots=True)
class Note:
    """A mail as it was jotted down."""

    to: str
    sender: str
    days: int
    clock: str
    subject: str
    text: str
    folder: tuple[str, ...] = INBOX
    flags: tuple[str, ...] = ()


def notes(script: str) -> tuple[Note, ...]:
    """The mails of a script in the form that `letters_words` describes."""
    return tuple(_note(block) for block in script.strip().removeprefix("# ").split("\n# "))


def _note(block: str) -> Note:
    head, _, body = block.partition("\n")
    ends, moment, folder, flags, subject = (field.strip() for field in head.split("|", 4))
    to, _, sender = ends.partition(" < ")
    days, _, clock = moment.partition(" ")
    paragraphs = (" ".join(paragraph.split("\n")) for paragraph in body.strip().split("\n\n"))
    text = "\n\n".join(paragraph.replace(" / ", "\n") for paragraph in paragraphs)
    marks = tuple(flag if flag.startswith("$") else f"\\{flag}" for flag in flags.split())
    path = tuple(folder.split("/")) if folder else INBOX
    return Note(ADDRESSES[to], ADDRESSES[sender], int(days), clock, subject, text, path, marks)


def end(address: str) -> str:
    """How one of our own boxes, or a correspondent, signs."""
    if address == PHYSICIAN:
        return "Dr Claire VASSEUR\nMédecin coordonnateur"
    if address == CARE:
        return "L'équipe soignante\nEHPAD Résidence Les Tilleuls"
    if address in OURS:
        return SIGNATURE.strip("\n- ")
    who = correspondent(address)
    lines = (who.name, who.speciality, who.structure, who.phone) if who.family else (who.name, who.phone)
    return "\n".join(filter(None, lines))


def written(key: str, note: Note, now: datetime) -> Mail:
    """The mail of a note, signed."""
    sender, to = (party(who if who in OURS else correspondent(who)) for who in (note.sender, note.to))
    return Mail(
        key, sender, (to,), note.subject, f"{note.text}\n\n{end(note.sender)}\n", ago(now, note.days, note.clock)
    )


def _quoted(former: Mail) -> str:
    lines = "\n".join(f"> {line}".rstrip() for line in former.text.split("\n"))
    return f"\nLe {former.sent:%d/%m/%Y} à {former.sent:%H:%M}, {former.sender.address} a écrit :\n{lines}\n"


def conversation(
    key: str, script: str, now: datetime, *, folder: tuple[str, ...] = INBOX, sloppy: bool = False, unread: int = 0
) -> Iterator[Post]:
    """The letters of a conversation that one of our boxes holds; the last `unread` are unread.

    `sloppy` leaves the references out of every second answer, as some programs do.
    """
    turns = notes(script)
    chain: list[Mail] = []
    for number, turn in enumerate(turns):
        mail = written(f"{key}/{number}", turn, now)
        if chain:
            known = () if sloppy and number % 2 else tuple(former.message_id for former in chain)
            prefix = "Re: " if number % 3 else "RE : "
            mail = replace(mail, subject=prefix + mail.subject, text=mail.text + _quoted(chain[-1]), answers=known)
        chain.append(mail)
        if turn.sender in OURS:
            yield turn.sender, kept(mail, SENT)
            continue
        answered = number + 1 < len(turns) and turns[number + 1].sender in OURS
        flags = (*((SEEN,) if number < len(turns) - unread else ()), *((ANSWERED,) if answered else ()))
        yield turn.to, letter(mail, folder, *flags)


def letters(now: datetime) -> Iterator[Post]:
    """Every conversation and note, with the sent ones."""
    yield from conversation("return", letters_words.RETURN_HOME, now, unread=1)
    yield from conversation("heart", letters_words.HEART, now, unread=1)
    yield from conversation("dressing", letters_words.DRESSINGS, now, sloppy=True, unread=1)
    yield from conversation("pills", letters_words.PILLS, now)
    yield from conversation("visits", letters_words.VISITS, now, folder=(LEMOINE,))
    for number, note in enumerate(notes(letters_words.NOTES)):
        yield note.to, letter(written(f"note/{number}", note, now), note.folder, *note.flags)
    for number, note in enumerate(notes(letters_words.ANSWERS)):
        yield note.sender, kept(written(f"sent/{number}", note, now), note.folder, *note.flags)
