"""Mail with usagers through Mon espace santé: they answer, they never begin (ECO.2.2.6, 2.2.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from mssclient.sandbox import papers_pictures as pictures
from mssclient.sandbox.letters_mime import ANSWERED, SEEN, File, Mail, Party, ago, kept, letter, party
from mssclient.sandbox.letters_talk import Post, end
from mssclient.sandbox.people import INBOX, PHYSICIAN, SECRETARIAT, SENT, VASSEUR, Resident, resident


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a box wrote to a usager, and what came back; an empty answer when nothing did."""

    box: str
    usager: str
    """Birth name."""
    days: int
    clock: str
    subject: str
    text: str
    answer_days: int = 0
    answer_clock: str = ""
    answer: str = ""
    closed: bool = False
    """Our mail says that no answer is wanted (X-MSS-MES: FIN)."""
    seen: bool = True
    file: str = ""
    folder: tuple[str, ...] = INBOX


_EXCHANGES = (
    Exchange(
        SECRETARIAT, "NESSI", 4, "10:20", "Votre rendez-vous de radiologie",
        "Bonjour Madame,\n\nVotre radiographie de contrôle aura lieu jeudi à 10 h 15 au Centre d'imagerie de la Lys. "
        "Le transport passera vous prendre à 9 h 40. Avez-vous besoin d'un accompagnement ?",
        0, "09:48", "Bonjour,\nOui je veux bien que quelqu'un m'accompagne, ma fille ne peut pas venir ce jour là.\n"
        "Merci beaucoup pour tout ce que vous faites", seen=False,
    ),
    Exchange(
        SECRETARIAT, "PAT-TROIS", 2, "11:02", "Documents nécessaires à votre séjour temporaire",
        "Bonjour Madame,\n\nPour préparer votre séjour, pouvez-vous nous transmettre votre carte de mutuelle et la "
        "dernière "
        "ordonnance de votre médecin ?",
        1, "20:37", "Bonsoir, voici la photo de mon pilulier et je vous envoie la carte demain, mon scanner est en "
        "panne.\n\n"
        "Dominique P.", seen=False, file="photo.png",
    ),
    Exchange(
        SECRETARIAT, "PAT-QUATRE", 9, "15:30", "Résultat de votre prise de sang",
        "Bonjour Monsieur,\n\nVos résultats sont disponibles dans Mon espace santé. Le Dr VASSEUR passera vous en "
        "parler "
        "mardi.",
        9, "18:02", "merci", folder=(VASSEUR,),
    ),
    Exchange(
        SECRETARIAT, "PAT-CINQ", 12, "09:12", "Vaccination contre la grippe : votre accord",
        "Bonjour Madame,\n\nLa campagne de vaccination débute la semaine prochaine. Merci de nous dire si vous "
        "souhaitez "
        "être vaccinée à la résidence.",
        11, "14:26", "Bonjour\n\nOui d'accord pour le vaccin, mais pas le même jour que le covid svp, l'an dernier "
        "j'ai été "
        "fatiguée 3 jours.\n\nCordialement",
    ),
    Exchange(
        PHYSICIAN, "TOURNESOL", 6, "13:35", "Suite de votre consultation de cardiologie",
        "Bonjour Monsieur,\n\nLe cardiologue augmente votre comprimé du matin pendant cinq jours. L'infirmière vous "
        "pèsera "
        "tous les deux jours. Signalez-nous tout essoufflement.",
        5, "10:03", "Bonjour docteur, depuis hier je me lève 4 fois la nuit est-ce normal ? Mon gendre m'aide pour "
        "écrire. "
        "Respectueusement, L. Tournesol", seen=False,
    ),
    Exchange(
        PHYSICIAN, "BRUYERE", 1, "18:20", "Votre retour à la résidence",
        "Bonjour Madame,\n\nToute l'équipe est heureuse de vous retrouver. Votre chambre est prête. Ce message "
        "n'appelle "
        "pas de réponse.", closed=True,
    ),
    Exchange(
        SECRETARIAT, "AUBEPINE DE LA ROCHE-SAINT-CHRISTOPHE-DES-BOIS", 7, "16:00", "Conseil de la vie sociale",
        "Bonjour Madame,\n\nLa prochaine réunion aura lieu dans la salle d'animation, à 15 h.", closed=True,
    ),
)  # fmt: skip


def citizen(who: Resident) -> Party:
    """A usager as Mon espace santé labels them: birth name, first given name (ECO.3.1.2)."""
    return Party(f"{who.usager.birth_name} {who.usager.given[0]}", who.address)


def answer(first: Mail, who: Resident, text: str, sent: datetime, key: str) -> Mail:
    """The mail of a usager that answers one of ours."""
    return Mail(
        key, citizen(who), (first.sender,), f"Re: {first.subject}", f"{text}\n", sent, answers=(first.message_id,)
    )


def latest(birth_name: str, text: str, now: datetime, key: str) -> Mail:
    """A further word of a usager in the exchange they already have with us; KeyError when there is none."""
    number, talk = {talk.usager: (number, talk) for number, talk in enumerate(_EXCHANGES)}[birth_name]
    return answer(_opening(number, talk, now), resident(birth_name), text, now, key)


def _opening(number: int, talk: Exchange, now: datetime) -> Mail:
    return Mail(
        f"usager/{number}/0",
        party(talk.box),
        (citizen(resident(talk.usager)),),
        talk.subject,
        f"{talk.text}\n\n{end(talk.box)}\n",
        ago(now, talk.days, talk.clock),
        headers=(("X-MSS-MES", "FIN"),) if talk.closed else (),
    )


def letters(now: datetime) -> Iterator[Post]:
    """Both sides of every exchange."""
    for number, talk in enumerate(_EXCHANGES):
        who = resident(talk.usager)
        first = _opening(number, talk, now)
        yield talk.box, kept(first, SENT)
        if talk.answer:
            back = answer(first, who, talk.answer, ago(now, talk.answer_days, talk.answer_clock), f"usager/{number}/1")
            if talk.file:
                back = replace(back, files=(File(talk.file, "image/png", pictures.pill_box()),))
            yield talk.box, letter(back, talk.folder, *((SEEN,) if talk.seen else ()))
    yield from _thanks(now)


def _thanks(now: datetime) -> Iterator[Post]:
    """A thread of four with a usager, who closes it with a thank-you: that is no deletion."""
    who, texts = resident("MARRONNIER"), (
        "Bonjour Monsieur,\n\nSouhaitez-vous maintenir le passage du pédicure vendredi ?",
        "Bonjour Madame. Oui, à 14 h si c'est possible, et pour ma voisine de la 130 aussi.",
        "Bonjour Monsieur,\n\nC'est noté pour 14 h. Votre voisine doit nous le demander elle-même.",
        "Merci, je lui dis. Bonne journée à vous. M. Marronnier",
    )  # fmt: skip
    chain: list[Mail] = []
    for number, text in enumerate(texts):
        ours = number % 2 == 0
        ends = (party(SECRETARIAT), citizen(who)) if ours else (citizen(who), party(SECRETARIAT))
        mail = Mail(
            f"thanks/{number}", ends[0], (ends[1],), ("Re: " if number else "") + "Passage du pédicure vendredi",
            f"{text}\n" + (f"\n{end(SECRETARIAT)}\n" if ours else ""), ago(now, 8 - number // 2, f"1{number}:25"),
            answers=tuple(former.message_id for former in chain),
        )  # fmt: skip
        chain.append(mail)
        yield (
            SECRETARIAT,
            kept(mail, SENT) if ours else letter(mail, INBOX, SEEN, *((ANSWERED,) if number == 1 else ())),
        )
