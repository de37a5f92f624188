"""PDFs for tests: Thai text through ReportLab, and small ones written by hand."""

from __future__ import annotations

import io

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from dgdesk.resources import resource

A4 = (595, 842)


def thai_pdf(*pages: list[str], size: tuple[int, int] = A4, rotate: int = 0) -> bytes:
    """Pages of lines, the first 80 points below the top, 40 points apart, from 60 points on."""
    pdfmetrics.registerFont(TTFont("Sarabun", str(resource("fonts/Sarabun-Regular.ttf"))))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size, invariant=True)
    for lines in pages:
        canvas.setPageRotation(rotate)
        canvas.setFont("Sarabun", 16)
        for number, line in enumerate(lines):
            canvas.drawString(60, size[1] - 80 - 40 * number, line)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def bare_pdf(page: str, content: str = "", count: int = 1) -> bytes:
    """A PDF whose pages are all one object, with entries such as ``/MediaBox [0 0 10 10]``; readers mend its table."""
    kids = " ".join(["3 0 R"] * count)
    return (
        f"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
        f"2 0 obj <</Type/Pages/Kids[{kids}]/Count {count}>> endobj\n"
        f"3 0 obj <</Type/Page/Parent 2 0 R {page}/Contents 4 0 R>> endobj\n"
        f"4 0 obj <</Length {len(content)}>> stream\n{content}\nendstream endobj\n"
        "trailer <</Root 1 0 R>>\n%%EOF\n"
    ).encode()
