"""A typeface inside a PDF: a Type 0 font with codes of two bytes (ISO 32000-1, 9.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dgdesk.printing.fonts import FontFile, Fonts
from dgdesk.printing.pdffile import PdfFile

_SYMBOLIC: Final = 4
_SEMIBOLD: Final = 600


def resource_name(bold: bool, file: int) -> str:
    """The resource name of a weight's font file number ``file`` on the pages."""
    return f"{'B' if bold else 'R'}{file}"


def add_fonts(pdf: PdfFile, fonts: Fonts) -> str:
    """Add both weights to the file, as far as they are used; return the dictionary of their names."""
    return f"<<{''.join(_named(pdf, fonts))}>>"


def _named(pdf: PdfFile, fonts: Fonts) -> Iterator[str]:
    for bold in (False, True):
        for number, file in enumerate(fonts.face(bold).files()):
            yield f"/{resource_name(bold, number)} {_font(pdf, file)} 0 R"


def _font(pdf: PdfFile, file: FontFile) -> int:
    widths = " ".join(map(str, file.widths))
    descendant = pdf.add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{file.name}"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity"
        f"/DW 0/W[1[{widths}]]/FontDescriptor {_descriptor(pdf, file)} 0 R>>"
    )
    to_unicode = pdf.add_stream(file.to_unicode().encode("ascii"))
    return pdf.add(
        f"<</Type/Font/Subtype/Type0/BaseFont/{file.name}/Encoding/Identity-H"
        f"/DescendantFonts[{descendant} 0 R]/ToUnicode {to_unicode} 0 R>>"
    )


def _descriptor(pdf: PdfFile, file: FontFile) -> int:
    face = file.face

    def scaled(units: int) -> int:
        return round(units * 1000 / face.em)

    program = pdf.add_stream(file.data, f"/Length1 {len(file.data)}")
    return pdf.add(
        f"<</Type/FontDescriptor/FontName/{file.name}/Flags {_SYMBOLIC}"
        f"/FontBBox[{' '.join(str(scaled(edge)) for edge in face.box)}]/ItalicAngle 0"
        f"/Ascent {scaled(face.ascent)}/Descent {scaled(face.descent)}/CapHeight {scaled(face.cap_height)}"
        f"/StemV {120 if face.weight >= _SEMIBOLD else 80}/FontFile2 {program} 0 R>>"
    )
