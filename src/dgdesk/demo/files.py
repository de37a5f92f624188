"""The demo's evidence: small real PDF, JPEG and DOCX files, the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw

from dgdesk.printing.document import SheetSize, typeset
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.paragraph import BASELINE, Paragraph
from dgdesk.printing.pdfa import PdfFacts
from dgdesk.printing.style import ParagraphStyle
from dgdesk.survey.answers.marks import Rect
from dgdesk.text.breaks import thai_breaker
from dgdesk.text.dates import THAILAND

FileMaker = Callable[[str, tuple[str, ...]], bytes]
_FIRST, _STEP, _MARGIN = 740, 32, 72  # points: the first baseline, from one to the next, left and right
_TITLE = ParagraphStyle(16, rank=1)
_LINE = ParagraphStyle(16, before=_STEP - _TITLE.line_height)
_PAPER = SheetSize()
_SHEET = SheetSize(left=_MARGIN, right=_MARGIN, top=_PAPER.height - _FIRST - BASELINE * _TITLE.line_height)
_MADE = datetime(2025, 8, 1, tzinfo=THAILAND)  # a day before the demo's claimed time


def makers() -> tuple[tuple[str, FileMaker], ...]:
    """Return the kinds of files that the demo makes: the suffix, and a function of a code and lines of text."""
    return (("pdf", make_pdf), ("jpg", make_jpeg), ("docx", make_docx))


def key_passage(suffix: str) -> Rect | None:
    """Return the rectangle of the last of two lines in a demo file; None if marks cannot be drawn in it."""
    if suffix == "pdf":
        line = _FIRST - 2 * _STEP
        wide, high = _PAPER.width, _PAPER.height
        return Rect(_MARGIN / wide, 1 - (line + 18) / high, 1 - _MARGIN / wide, 1 - (line - 8) / high)
    return Rect(56 / 640, 176 / 480, 528 / 640, 208 / 480) if suffix == "jpg" else None


def make_pdf(code: str, lines: tuple[str, ...]) -> bytes:
    """Return a one-page PDF."""
    fonts = Fonts()
    setter = LineBreaker(fonts, thai_breaker())
    blocks = [Paragraph(setter, code, _TITLE), *(Paragraph(setter, line, _LINE) for line in lines)]
    return typeset(blocks, fonts, PdfFacts(code, "dgdesk", _MADE), _SHEET).data


def make_jpeg(code: str, lines: tuple[str, ...]) -> bytes:
    """Return a drawn picture with the code on it, in place of a phone's picture of a paper."""
    picture = Image.new("RGB", (640, 480), (244, 241, 232))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((40, 40, 600, 440), outline=(70, 70, 70), width=3)
    draw.text((64, 64), f"EVIDENCE {code}", fill=(20, 20, 20))
    for at in range(8):
        draw.line((64, 120 + 36 * at, 520 - 17 * ((at + len(lines)) % 5), 120 + 36 * at), fill=(120, 120, 120), width=4)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def make_docx(code: str, lines: tuple[str, ...]) -> bytes:
    """Return a Word document (ECMA-376, the three parts that a reader needs)."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in (code, *lines))
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{paragraphs}</w:body></w:document>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')
    return out.getvalue()
