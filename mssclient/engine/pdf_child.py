"""A program of its own that reads the text of PDF files: a hostile one takes it down, never us. Started by `document_text`.

In: four bytes of length, then the file. Out: four bytes of length, then the text in UTF-8; a length of 0xFFFFFFFF says that
the file could not be read. It ends when its input does.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import TYPE_CHECKING, BinaryIO

from mssclient.domain.later import Later

if TYPE_CHECKING:
    import pypdfium2
else:
    pypdfium2 = Later("pypdfium2")


if sys.platform != "win32":
    import resource

MOST_PAGES = 300
MOST_CHARACTERS = 400_000
LONGEST_S = 4.0
MEMORY = 1536 * 1024 * 1024
UNREADABLE = 0xFFFFFFFF


def text_of(raw: bytes) -> str | None:
    """The text of a PDF's pages, as much as fits; None for what is none."""
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError:
        return None
    until = time.monotonic() + LONGEST_S
    pieces: list[str] = []
    room = MOST_CHARACTERS
    with contextlib.closing(document):
        for number in range(min(len(document), MOST_PAGES)):
            if room <= 0 or time.monotonic() > until:
                break
            with contextlib.suppress(pypdfium2.PdfiumError):
                piece = _page(document, number)[:room]
                room -= len(piece)
                pieces.append(piece)
    return "\n".join(pieces)


def _page(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    with contextlib.closing(page), contextlib.closing(page.get_textpage()) as words:
        return str(words.get_text_range(errors="ignore"))


def _limit() -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(source: BinaryIO, answers: BinaryIO) -> None:
    """Answer one file after another."""
    while len(head := source.read(4)) == 4:
        raw = source.read(int.from_bytes(head, "big"))
        try:
            text = text_of(raw)
        except MemoryError:
            text = None
        told = b"" if text is None else text.encode("utf-8", errors="ignore")
        answers.write((UNREADABLE if text is None else len(told)).to_bytes(4, "big") + told)
        answers.flush()


def main() -> None:
    """Standard output belongs to the answers alone: what a library might say goes nowhere."""
    _limit()
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
