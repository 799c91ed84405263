"""Pages of PDF and images decoded to pixels on a thread of their own: a slow document delays nothing else."""

from __future__ import annotations

import io
import logging
import threading
import warnings
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from mssclient.domain import cda, cda_view, headers, sniff
from mssclient.domain.cda_view import View
from mssclient.domain.errors import MssError, Unread, Unreadable
from mssclient.domain.events import PreviewReady
from mssclient.domain.later import Later
from mssclient.domain.message import PartId
from mssclient.engine.api import Picture
from mssclient.engine.house import Speaker
from mssclient.engine.worker import Worker

if TYPE_CHECKING:
    import pypdfium2
    from PIL import Image
else:
    pypdfium2 = Later("pypdfium2")
    Image = Later("PIL.Image")

log = logging.getLogger(__name__)
MAX_PIXELS = 40_000_000
MAX_WIDTH = 4096
KEEP = 24
KEEP_VIEWS = 6
LARGEST_HELD = 64 * 1024 * 1024
"""Bytes of one document that stay at hand while its pages are turned."""
Key = tuple[PartId, str, int]


def picture_of(raw: bytes, page: int, width: int) -> Picture:
    """One page of a PDF, or an image, `width` pixels wide. Raises Unreadable."""
    width = max(32, min(width, MAX_WIDTH))
    kind = sniff.media_type(raw)
    if kind == "application/pdf":
        return _page(raw, page, width)
    if kind.startswith("image/"):
        return _image(raw, page, width)
    raise Unreadable(Unread.NOT_IT, kind)


def _page(raw: bytes, page: int, width: int) -> Picture:
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(Unread.DAMAGED, "pdf") from error
    try:
        pages = len(document)
        if not 0 <= page < pages:
            raise Unreadable(Unread.EMPTY, "pdf")
        sheet = document[page]
        wide, high = sheet.get_size()
        scale = width / max(wide, 1.0)
        if wide <= 0 or high <= 0 or width * high * scale > MAX_PIXELS:
            raise Unreadable(Unread.TOO_BIG, "pdf")
        image = sheet.render(scale=scale).to_pil().convert("RGBA")
        sheet.close()
        return Picture(image.width, image.height, image.tobytes(), page, pages)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(Unread.DAMAGED, "pdf") from error
    finally:
        document.close()


def _image(raw: bytes, page: int, width: int) -> Picture:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")) as image:
                pages = int(getattr(image, "n_frames", 1))
                if image.width * image.height > MAX_PIXELS or not 0 <= page < pages:
                    raise Unreadable(Unread.TOO_BIG, "image")
                image.seek(page)
                if image.width > width:
                    image.draft("RGB", (width, width))
                shown = image.convert("RGBA")
                if shown.width > width:
                    shown = shown.resize(
                        (width, max(1, shown.height * width // shown.width)), Image.Resampling.BILINEAR
                    )
                return Picture(shown.width, shown.height, shown.tobytes(), page, pages)
    except (OSError, ValueError, SyntaxError) as error:
        raise Unreadable(Unread.DAMAGED, "image") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unreadable(Unread.TOO_BIG, "image") from error


def text_of(raw: bytes) -> str:
    """The readable text of a CDA or text content; empty for anything else. Raises Unreadable."""
    kind = sniff.media_type(raw)
    if kind in {"text/xml", "application/xml"} and cda.is_cda(raw):
        return cda.text(raw)
    return headers.text_of(raw, "") if kind.startswith("text/") else ""


def view_of(raw: bytes) -> View:
    """The body of a CDA as blocks. Raises Unreadable, NOT_IT for anything else."""
    if not cda.is_cda(raw):
        raise Unreadable(Unread.NOT_IT, "no CDA")
    return cda_view.view(raw)


class Preview:
    """The thread `preview`, and the last few pages it made."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._lock = threading.Lock()
        self._made: OrderedDict[Key, tuple[int, Picture | MssError]] = OrderedDict()
        self._texts: OrderedDict[Key, str] = OrderedDict()
        self._views: OrderedDict[Key, View | MssError | None] = OrderedDict()
        self._held: tuple[tuple[PartId, str], bytes] | None = None
        self._persons = 0
        self.worker = Worker("preview", lambda _error: None)

    def _bytes(self, key: Key, bytes_of: Callable[[], bytes]) -> bytes:
        """The document that is being leafed through: what lies in a CDA or an archive is taken out of it once."""
        with self._lock:
            held, person = self._held, self._persons
        if held is not None and held[0] == key[:2]:
            return held[1]
        raw = bytes_of()
        with self._lock:
            # Somebody may have left while the bytes were read.
            self._held = (key[:2], raw) if len(raw) <= LARGEST_HELD and person == self._persons else None
        return raw

    def want(self, key: Key, width: int, bytes_of: Callable[[], bytes]) -> None:
        """Make a page; `bytes_of` runs on this thread and may read the store."""

        def job() -> None:
            try:
                result: Picture | MssError = picture_of(self._bytes(key, bytes_of), key[2], width)
            except MssError as error:
                result = error
            self.put(key, width, result)

        with self._lock:
            found = self._made.get(key)
        if found is not None and found[0] == width and isinstance(found[1], Picture):
            self._speaker.announce(PreviewReady(key[0], key[2]))
        else:
            self.worker.post_first(job)

    def text(self, key: Key, bytes_of: Callable[[], bytes]) -> str:
        """The text of a CDA or text content, once it was read on this thread; PreviewReady says when. Any thread."""
        with self._lock:
            if (found := self._texts.get(key)) is not None:
                return found
            self._texts[key] = ""

        def job() -> None:
            try:
                shown = text_of(bytes_of())
            except MssError as error:
                log.info("no text: %s", type(error).__name__)
                with self._lock:
                    self._texts.pop(key, None)
                return
            with self._lock:
                self._texts[key] = shown
                while len(self._texts) > KEEP:
                    self._texts.popitem(last=False)
            self._speaker.announce(PreviewReady(key[0], key[2]))

        self.worker.post_first(job)
        return ""

    def view(self, key: Key, bytes_of: Callable[[], bytes]) -> View | MssError | None:
        """The blocks of a CDA, or why there are none; None while they are being read on this thread. Any thread."""
        with self._lock:
            if key in self._views:
                return self._views[key]
            self._views[key] = None

        def job() -> None:
            try:
                found: View | MssError = view_of(bytes_of())
            except MssError as error:
                found = error
            with self._lock:
                self._views[key] = found
                while len(self._views) > KEEP_VIEWS:
                    self._views.popitem(last=False)
            self._speaker.announce(PreviewReady(key[0], key[2]))

        self.worker.post_first(job)
        return None

    def put(self, key: Key, width: int, result: Picture | MssError) -> None:
        """A page, or why there is none."""
        with self._lock:
            self._made[key] = (width, result)
            self._made.move_to_end(key)
            while len(self._made) > KEEP:
                self._made.popitem(last=False)
        self._speaker.announce(PreviewReady(key[0], key[2]))

    def get(self, key: Key) -> Picture | MssError | None:
        """The last made page. Any thread."""
        with self._lock:
            found = self._made.get(key)
        return found[1] if found else None

    def forget(self) -> None:
        """Another person: nothing of the first is kept."""
        with self._lock:
            self._held = None
            self._persons += 1
            self._made.clear()
            self._texts.clear()
            self._views.clear()
