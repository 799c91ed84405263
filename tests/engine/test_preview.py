"""Pages and images become pixels; what cannot be read is refused, not crashed on."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Sequence

import pytest
from PIL import Image

from mssclient.domain.errors import Unreadable
from mssclient.domain.message import PartId
from mssclient.engine.api import Picture
from mssclient.engine.house import Speaker
from mssclient.engine.preview import Preview, picture_of


def png(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(buffer, "PNG")
    return buffer.getvalue()


def test_an_image_keeps_its_colours_and_fits_the_width() -> None:
    picture = picture_of(png(800, 400), 0, 400)
    assert (picture.width, picture.height, picture.pages) == (400, 200, 1)
    assert picture.rgba[:4] == bytes((200, 30, 30, 255))
    assert len(picture.rgba) == 400 * 200 * 4


def test_a_small_image_is_not_blown_up() -> None:
    assert picture_of(png(20, 10), 0, 400).width == 20


@pytest.mark.parametrize(
    "raw", [b"", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\n broken", b"GIF89a", b"MZ\x90\x00", b"plain"]
)
def test_broken_or_foreign_content_is_refused(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        picture_of(raw, 0, 400)


def test_a_page_that_is_not_there_is_refused() -> None:
    with pytest.raises(Unreadable):
        picture_of(png(10, 10), 3, 400)


def turned(preview: Preview, pages: Sequence[int], bytes_of: Callable[[], bytes]) -> None:
    """Ask for pages of one document, and wait for the last."""
    made = threading.Event()
    for page in pages:
        preview.want((PartId(1), "a.tif", page), 40, bytes_of)
    preview.worker.post(made.set)
    assert made.wait(10)


def test_a_document_is_taken_out_once_while_its_pages_are_turned() -> None:
    buffer = io.BytesIO()
    sheets = [Image.new("L", (60, 40), shade) for shade in range(0, 200, 20)]
    sheets[0].save(buffer, "TIFF", save_all=True, append_images=sheets[1:])
    asked: list[int] = []

    def bytes_of() -> bytes:
        asked.append(1)
        return buffer.getvalue()

    preview = Preview(Speaker(lambda _event: None))
    preview.worker.start()
    try:
        turned(preview, range(10), bytes_of)
        assert len(asked) == 1
        shown = preview.get((PartId(1), "a.tif", 9))
        assert isinstance(shown, Picture)
        assert (shown.page, shown.pages, shown.rgba[0]) == (9, 10, 180)
        preview.forget()
        turned(preview, (3,), bytes_of)
        assert len(asked) == 2, "nothing of the first person is kept"
    finally:
        preview.worker.stop()
        preview.worker.join()
