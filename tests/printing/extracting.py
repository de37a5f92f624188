"""Four independent readers of a PDF's text, and strips of single lines for them to read.

PyMuPDF is under the AGPL: it is used here, in tests, and nowhere else.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone

import pymupdf
import pypdf
import pypdfium2

from dgdesk.printing.document import SheetSize, typeset
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.pdfa import PdfFacts
from dgdesk.printing.style import ParagraphStyle
from spaces import SpaceBreaker

FACTS = PdfFacts("แบบสำรวจ <1> & “ก”", "จังหวัด", datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=7))))
WIDE = SheetSize(width=14_000, height=800, left=20, right=20, top=20, foot=20)


def strip(texts: Sequence[str], bold: bool = False) -> bytes:
    """A PDF with each text on one line."""
    fonts = Fonts()
    setter = LineBreaker(fonts, SpaceBreaker())
    style = ParagraphStyle(10, bold=bold, before=20)  # malformed stacks reach far beyond their line
    return typeset([Paragraph(setter, text, style) for text in texts], fonts, FACTS, WIDE).data


def by_pdftotext(data: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode("utf-8")


def by_pypdf(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def by_pdfium(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def by_pymupdf(data: bytes) -> str:
    with pymupdf.open(stream=data, filetype="pdf") as document:
        return "\n".join(page.get_text() for page in document)


READERS: dict[str, Callable[[bytes], str]] = {
    "pdftotext": by_pdftotext,
    "pypdf": by_pypdf,
    "pdfium": by_pdfium,
    "pymupdf": by_pymupdf,
}


def lines(text: str) -> list[str]:
    """The lines of an extracted text, white space counted as one space."""
    return [line for line in (" ".join(row.split()) for row in text.replace("\f", "\n").split("\n")) if line]
