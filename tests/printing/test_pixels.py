"""Pages beside the same text drawn by Qt, whose text engine shapes with HarfBuzz on its own: the ink is the same.

Every dark pixel of one picture must have ink of the other within one pixel, both ways round, at 48 pixels an em.
"""

from __future__ import annotations

from itertools import product

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter

from dgdesk.printing.document import SheetSize, typeset
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.pen import Pen
from dgdesk.resources import resource
from dgdesk.text.clusters import CONSONANTS
from printing.extracting import FACTS

SIZE = 48
CELL = 104
ACROSS = 30  # cells in a row
VOWELS = ("", *"ัิีึืฺุู็ํ")
SIGNS = ("", *"่้๊๋์")
# Tall, wide and tailed letters in every stack, and every letter in the stacks that Thai uses.
STACKS = [
    *("".join(stack) for stack in product("กญฎฏฐปฝฟฬฤณ", VOWELS, SIGNS)),
    *("".join(stack) for stack in product(CONSONANTS, ("ี่", "ึ้", "ู่", "้ำ", "ำ", "ิ์", "ุ้", "ั๋", "์"))),
]
WORDS = ["น้ำปิงที่ปู่", "กตัญญูฐานันดร", "ปั๊มฟื้นฝั่ง", "ฎีกาปฏัก", "ญี่ปุ่นฐิติ", "PDFน้ำ2568", "ฤๅษีฦๅชา"]


def printed(texts: list[str], across: int, step: int, bold: bool) -> Image.Image:
    height = 72 + (len(texts) // across + 1) * CELL
    sheet = SheetSize(width=24 + across * step, height=height, left=1, right=1, top=1, foot=1)

    def draw(pen: Pen, page: int, total: int) -> None:
        for text, x, y in spread(texts, across, step):
            pen.text(x, height - y, text, SIZE, bold)

    data = typeset([], Fonts(), FACTS, sheet, decorate=draw).data
    document = pypdfium2.PdfDocument(data)
    try:
        return document[0].render(scale=1).to_pil().convert("L")
    finally:
        document.close()


def spread(texts: list[str], across: int, step: int) -> list[tuple[str, int, int]]:
    return [(text, 24 + at % across * step, 72 + at // across * CELL) for at, text in enumerate(texts)]


def by_qt(texts: list[str], across: int, step: int, size: tuple[int, int], file: str) -> Image.Image:
    number = QFontDatabase.addApplicationFont(str(resource(f"fonts/{file}.ttf")))
    family = QFontDatabase.applicationFontFamilies(number)[0]
    font = QFont(family)
    font.setPixelSize(SIZE)
    font.setWeight(QFont.Weight.DemiBold if "SemiBold" in file else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setKerning(False)
    image = QImage(*size, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    painter.setPen(QColor("black"))
    for text, x, y in spread(texts, across, step):
        painter.drawText(QPointF(x, y), text)
    painter.end()
    stride, height = image.bytesPerLine(), image.height()
    return Image.frombytes("L", size, bytes(image.constBits())[: stride * height], "raw", "L", stride)


def astray(one: Image.Image, other: Image.Image) -> Image.Image:
    """The dark pixels of ``one`` that have no ink of ``other`` within a pixel."""
    dark = one.point(lambda value: 255 if value < 100 else 0)
    near = other.point(lambda value: 255 if value < 215 else 0).filter(ImageFilter.MaxFilter(3))
    return ImageChops.subtract(dark, near)


@pytest.mark.parametrize(("bold", "file"), [(False, "Sarabun-Regular"), (True, "Sarabun-SemiBold")])
@pytest.mark.parametrize(
    ("texts", "across", "step"), [(STACKS, ACROSS, CELL), (WORDS, 2, 520)], ids=["stacks", "words"]
)
def test_ink_agrees_with_qt_within_a_pixel(
    qapp: object, texts: list[str], across: int, step: int, bold: bool, file: str
) -> None:
    ours = printed(texts, across, step, bold)
    theirs = by_qt(texts, across, step, ours.size, file)
    assert ours.getextrema()[0] < 50 and theirs.getextrema()[0] < 50
    wrong = [
        text
        for text, x, y in spread(texts, across, step)
        if any(
            astray(*pair).getbbox()
            for cell in [(x - 20, y - 72, x - 20 + step, y + 32)]
            for pair in [(ours.crop(cell), theirs.crop(cell)), (theirs.crop(cell), ours.crop(cell))]
        )
    ]
    assert wrong == []


def test_a_tone_in_the_wrong_place_would_be_seen() -> None:
    good = printed(["ปี่"], 1, CELL, False)
    assert astray(good, printed(["ปี"], 1, CELL, False)).getbbox() is not None
    moved = ImageChops.offset(good, 2, 0)
    assert astray(good, moved).getbbox() is not None
