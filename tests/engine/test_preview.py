"""Pages and images become pixels; what cannot be read is refused, not crashed on."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from mssclient.domain.errors import Unreadable
from mssclient.engine.preview import picture_of


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
