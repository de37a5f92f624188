"""Answer marks and replacement frames are ink: each looks like nothing else, and holds its place in the line."""

from __future__ import annotations

import pypdfium2
import pytest
from PIL import Image

from dgdesk.printing.document import SheetSize, typeset
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.pen import Pen
from dgdesk.printing.shapes import MARKS
from printing.extracting import FACTS

SIZE = 60


def drawn(text: str) -> Image.Image:
    def draw(pen: Pen, page: int, total: int) -> None:
        pen.text(20, 40, text, SIZE)

    data = typeset([], Fonts(), FACTS, SheetSize(width=200, height=120), decorate=draw).data
    document = pypdfium2.PdfDocument(data)
    try:
        return document[0].render(scale=1).to_pil().convert("L")
    finally:
        document.close()


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    box = picture.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box is not None
    return box


def shades(picture: Image.Image) -> float:
    """How much of the picture is black, in pixels."""
    return sum(count * (255 - value) / 255 for value, count in enumerate(picture.histogram()))


@pytest.mark.parametrize("sign", MARKS)
def test_a_mark_is_drawn_inside_its_place(sign: str) -> None:
    left, top, right, low = ink(drawn(sign))
    width = Fonts().regular.encode(sign).width * SIZE
    assert 20 <= left < right <= 20 + width
    assert 120 - 40 - 0.8 * SIZE < top < low < 120 - 40 + 0.2 * SIZE


def test_a_chosen_mark_is_blacker_than_an_empty_one() -> None:
    assert shades(drawn("◉")) > 1.5 * shades(drawn("○"))
    assert shades(drawn("☑")) > 1.2 * shades(drawn("☐"))


def test_the_middle_of_a_ring_is_empty() -> None:
    left, top, right, low = ink(drawn("○"))
    assert drawn("○").getpixel(((left + right) // 2, (top + low) // 2)) == 255
    assert drawn("◉").getpixel(((left + right) // 2, (top + low) // 2)) == 0


def test_characters_without_a_glyph_show_their_own_code() -> None:
    grinning, crying = drawn("😀"), drawn("😢")
    assert ink(grinning) == ink(crying) and grinning.tobytes() != crying.tobytes()
    assert shades(grinning) > 100
