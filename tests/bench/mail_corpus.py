"""Fictitious French mail for the mail bench, the same each time: 9.6 kB a message on average, as secure mail is.

Two years of a secretariat's inbox. Written once into a maildir, which stays for the next run.
"""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from tests.bench.search import COMMON, vocabulary

VERSION = 1
"""Of what is written here: another one makes a new mailbox."""
FIRST, LAST = datetime(2024, 7, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
"""Old enough that no document is fetched behind, whatever the day of the run."""
SEED = 20260304
POOL = 1_000_000
SENDERS = 2_000
LINE_WORDS = 12
FEWEST_WORDS, MOST_WORDS = 100, 320
FAMILIES = (
    "MARTIN", "BERNARD", "THOMAS", "PETIT", "ROBERT", "RICHARD", "DURAND", "DUBOIS", "MOREAU", "LAURENT",
    "SIMON", "MICHEL", "LEFEBVRE", "LEROY", "ROUX", "DAVID", "BERTRAND", "MOREL", "FOURNIER", "GIRARD",
    "BONNET", "DUPONT", "LAMBERT", "FONTAINE", "ROUSSEAU", "VINCENT", "MULLER", "LEFEVRE", "FAURE", "ANDRE",
    "MERCIER", "BLANC", "GUERIN", "BOYER",
)  # fmt: skip
GIVEN = (
    "Jean", "Marie", "Pierre", "Anne", "Paul", "Hélène", "Louis", "Françoise", "Jacques", "Élodie", "René",
    "Chloé", "Benoît", "Inès", "Gaël", "Zoé",
)  # fmt: skip
PLACES = (
    "ch", "chu", "clinique", "laboratoire", "cabinet", "ehpad", "radiologie", "pharmacie", "ssiad", "had",
)  # fmt: skip
BOUNDARY = "=_frontiere"


def folder_of(cache: Path, count: int) -> Path:
    """Where a mailbox of so many messages is kept."""
    return cache / f"mail-{count}-v{VERSION}"


class Corpus:
    """The messages of one mailbox, by number from 0, the oldest first."""

    def __init__(self, count: int, address: str) -> None:
        self.count = count
        self._address = address
        self._step = (LAST - FIRST) / count

    @cached_property
    def _words(self) -> list[str]:
        rng = random.Random(SEED)
        words = vocabulary(rng)
        common, rare = words[: len(COMMON.split())], words[len(COMMON.split()) :]
        rng.shuffle(rare)  # as they come they are sorted, and the frequent ones would begin alike
        words = [*common, *rare]
        return rng.choices(words, [1 / (n + 10) for n in range(len(words))], k=POOL)

    @cached_property
    def _document(self) -> str:
        """What a document of a hundred kilobytes looks like in base64."""
        return base64.encodebytes(random.Random(SEED).randbytes(90_000)).decode("ascii")

    def when(self, number: int) -> datetime:
        """When a message came."""
        return FIRST + number * self._step

    def header_id(self, number: int) -> str:
        """The Message-ID."""
        return f"<{number}.{number % 97}@ch{number % 40}.mss.example>"

    def text(self, number: int) -> str:
        """What a message says."""
        rng = random.Random(number)
        count, first = rng.randrange(FEWEST_WORDS, MOST_WORDS), rng.randrange(POOL - MOST_WORDS)
        words = self._words[first : first + count]
        lines = (" ".join(words[at : at + LINE_WORDS]) for at in range(0, count, LINE_WORDS))
        return "Bonjour,\n\n" + "\n".join(lines) + "\n\nBien confraternellement\n"

    def message(self, number: int) -> bytes:
        """The whole message: plain text of several encodings, text beside HTML, or a text and a document."""
        head, text = self._head(number), self.text(number)
        match number % 20:
            case 3 | 9 | 15:
                body = self._with_document(number, text)
            case 5 | 11 | 17:
                body = _with_html(text)
            case 1 | 7 | 13:
                coded = base64.encodebytes(text.encode()).decode("ascii")
                body = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{coded}"
            case _:
                body = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}"
        return (head + body).replace("\n", "\r\n").encode()

    def _head(self, number: int) -> str:
        rng = random.Random(number * 7 + 1)
        who = rng.randrange(SENDERS)
        family, given, place = FAMILIES[who % len(FAMILIES)], GIVEN[who % len(GIVEN)], PLACES[who % len(PLACES)]
        sender = f"{_plain(given)}.{family.lower()}{who}@{place}{who % 40}.mss.example"
        when = format_datetime(self.when(number))
        answered = rng.randrange(max(0, number - 2000), number) if number % 3 == 0 and number else -1
        thread = (
            f"In-Reply-To: {self.header_id(answered)}\nReferences: {self.header_id(answered)}\n"
            if answered >= 0
            else ""
        )
        return (
            f"Return-Path: <{sender}>\nReceived: from smtp.{place}{who % 40}.mss.example (smtp.{place}.mss.example"
            f" [192.0.2.{who % 250}])\n\tby mx.lab.mss.example (Postfix) with ESMTPS id {number:010X}\n"
            f"\tfor <{self._address}>; {when}\nDate: {when}\nFrom: {_coded(f'Dr {given} {family}')} <{sender}>\n"
            f"To: <{self._address}>\nSubject: {_coded(self._subject(number, rng))}\nMessage-ID: {self.header_id(number)}\n"
            f"{thread}X-MSS-NIL: MSSCLIENT-LAB-0001\nMIME-Version: 1.0\n"
        )

    def _subject(self, number: int, rng: random.Random) -> str:
        first = rng.randrange(POOL - 6)
        words = " ".join(self._words[first : first + 6])
        if number % 20 in {3, 9, 15}:
            born = f"{1 + number % 28:02d}/{1 + number % 12:02d}/{1930 + number % 70}"
            return f"XDM/1.0/DDM+COMPTE RENDU {rng.choice(FAMILIES)} {rng.choice(GIVEN).upper()} {born}"
        return f"Re: {words}" if number % 3 == 0 else words

    def _with_document(self, number: int, text: str) -> str:
        lines = 362 + number % 400
        content = self._document[77 * (number % 300) : 77 * (number % 300 + lines)]
        return (
            f'Content-Type: multipart/mixed; boundary="{BOUNDARY}"\n\n--{BOUNDARY}\nContent-Type: text/plain; charset=utf-8\n'
            f"Content-Transfer-Encoding: 8bit\n\n{text}\n--{BOUNDARY}\n"
            'Content-Type: application/zip; name="IHE_XDM.ZIP"\nContent-Disposition: attachment; filename="IHE_XDM.ZIP"\n'
            f"Content-Transfer-Encoding: base64\n\n{content}\n--{BOUNDARY}--\n"
        )

    def _flags(self, number: int) -> str:
        return "".join(sign for sign, on in (("F", number % 50 == 7), ("R", number % 6 == 0), ("S", number % 20)) if on)

    def write(self, maildir: Path) -> None:
        """The mailbox as a maildir: file times are when messages came, names are in their order."""
        for name in ("cur", "new", "tmp"):
            (maildir / name).mkdir(parents=True)
        for number in range(self.count):
            path = maildir / "cur" / f"{1_700_000_000 + number}.M{number}.lab:2,{self._flags(number)}"
            path.write_bytes(self.message(number))
            when = self.when(number).timestamp()
            os.utime(path, (when, when))

    def ready(self, cache: Path) -> Path:
        """The folder of the mailbox in a cache; the maildir in it is written the first time."""
        folder = folder_of(cache, self.count)
        if not (folder / "made.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
            self.write(folder / "maildir")
            size = sum(path.stat().st_size for path in (folder / "maildir" / "cur").iterdir())
            (folder / "made.json").write_text(json.dumps({"messages": self.count, "bytes": size}))
        return folder


def number_of(header_id: str) -> int:
    """Which message bears this Message-ID."""
    return int(header_id[1 : header_id.index(".")])


def _with_html(text: str) -> str:
    paragraphs = "".join(f"<p>{line}</p>\n" for line in text.splitlines() if line)
    html = f"<html><body style='font-family: sans-serif'>\n{paragraphs}</body></html>\n"
    parts = "".join(
        f"--{BOUNDARY}\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{content}\n"
        for kind, content in (("plain", text), ("html", html))
    )
    return f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"\n\n{parts}--{BOUNDARY}--\n'


def _plain(word: str) -> str:
    return word.lower().translate(str.maketrans("éèëîïç", "eeeiic"))


def _coded(text: str) -> str:
    """An encoded word or two where letters are not ASCII."""
    if text.isascii():
        return text
    pieces = [text[at : at + 24] for at in range(0, len(text), 24)]
    return "\n ".join(f"=?utf-8?Q?{quote(piece, safe=' ').replace('%', '=').replace(' ', '_')}?=" for piece in pieces)
