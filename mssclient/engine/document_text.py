"""The text of documents for the index: PDF read by a program of its own, CDA and archives by our own readers. Bounded.

PDFium must not be used by two threads at once, and `preview` uses it: here it runs in a child process, which is killed
when a file takes too long and started again for the next one.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading

from mssclient.domain import cda, headers, sniff, xdm
from mssclient.domain.documents import HealthDocument
from mssclient.domain.errors import Unreadable
from mssclient.engine.pdf_child import UNREADABLE

log = logging.getLogger(__name__)
MOST_BYTES = 30 * 1024 * 1024
MOST_CHARACTERS = 400_000
MOST_DOCUMENTS = 20
"""Documents of one archive that are read."""
PATIENCE_S = 8.0
_CHILD = ("-m", "mssclient.engine.pdf_child")


class PdfReader:
    """The child process, started with the first file. One thread; `close` ends it."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._child: subprocess.Popen[bytes] | None = None

    def text(self, raw: bytes) -> str:
        """The text of a PDF; empty when there is none or when it could not be read in time."""
        child = self._child or self._start()
        alarm = threading.Timer(self._patience_s, child.kill)
        alarm.name = "index-alarm"
        alarm.start()
        try:
            return self._asked(child, raw)
        except OSError:
            # It died of the file, or was killed for its slowness: another takes its place.
            log.info("a PDF was given up")
            self.close()
            return ""
        finally:
            alarm.cancel()
            alarm.join()

    def _start(self) -> subprocess.Popen[bytes]:
        self._child = subprocess.Popen(
            [sys.executable, *_CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
        return self._child

    @staticmethod
    def _asked(child: subprocess.Popen[bytes], raw: bytes) -> str:
        if child.stdin is None or child.stdout is None:
            raise OSError("no pipes")
        child.stdin.write(len(raw).to_bytes(4, "big") + raw)
        child.stdin.flush()
        head = child.stdout.read(4)
        if len(head) < 4:
            raise OSError("no answer")
        length = int.from_bytes(head, "big")
        if length == UNREADABLE:
            return ""
        told = child.stdout.read(length)
        if len(told) < length:
            raise OSError("half an answer")
        return told.decode("utf-8", errors="replace")

    def close(self) -> None:
        """End the child, if there is one."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    log.debug("the pipe was broken already")


def text_of(raw: bytes, pdf: PdfReader) -> str:
    """What can be searched in a document: PDF, CDA, text, or the documents of an archive; empty for anything else."""
    if len(raw) > MOST_BYTES:
        return ""
    try:
        return _squeezed(_text(raw, pdf))
    except Unreadable as error:
        log.info("no text for the index: %s", error.reason.value)
        return ""


def _text(raw: bytes, pdf: PdfReader) -> str:
    kind = sniff.media_type(raw)
    match kind:
        case "application/pdf":
            return pdf.text(raw)
        case "application/zip":
            return "\n".join(_of_archive(raw, pdf))
        case "text/xml" | "application/xml" if cda.is_cda(raw):
            return cda.text(raw)
        case "text/plain":
            return headers.text_of(raw)
        case _:
            return ""


def _of_archive(raw: bytes, pdf: PdfReader) -> list[str]:
    """Titles and texts of an archive's documents, each once: of two renditions the first that has words."""
    found: list[str] = []
    for document in xdm.read(raw).documents[:MOST_DOCUMENTS]:
        found.append(f"{document.title} {document.type_label} {document.author} {document.organisation}")
        found.append(next((text for text in _renditions(raw, document, pdf) if text.strip()), ""))
    return found


def _renditions(raw: bytes, document: HealthDocument, pdf: PdfReader) -> list[str]:
    texts: list[str] = []
    for rendition in document.contents[:4]:
        try:
            inner = xdm.by_key(raw, xdm.key(document, rendition))
            text = "" if sniff.media_type(inner) == "application/zip" else _text(inner, pdf)
        except Unreadable as error:
            log.info("no text of a rendition: %s", error.reason.value)
            continue
        texts.append(text)
        if text.strip():
            break
    return texts


def _squeezed(text: str) -> str:
    """Blanks as one, control characters gone: PDF text is full of both."""
    return " ".join(text.replace("\0", " ").split())[:MOST_CHARACTERS]
