"""A typeface inside a ReportLab document: a Type 0 font with codes of two bytes (ISO 32000-1, 9.7).

ReportLab asks the fonts in `delayedFonts` for their objects after all pages are drawn; only then the clusters of the
document are known. ReportLab's own TrueType fonts would do the shaping again (see `shaping`), so none is registered.
"""

from __future__ import annotations

from typing import Any

from reportlab.pdfbase import pdfdoc

from dgdesk.printing.fonts import FontFile, Typeface

_SYMBOLIC = 4
_SEMIBOLD = 600


class EmbeddedFace:
    """A typeface of a document; it is added to the document when the document is closed."""

    def __init__(self, face: Typeface, prefix: str, document: Any) -> None:
        self._face = face
        self._prefix = prefix
        document.delayedFonts.append(self)

    def resource_name(self, file: int) -> str:
        """The resource name of font file number ``file`` on the pages."""
        return f"{self._prefix}{file}"

    def addObjects(self, document: Any) -> None:
        """ReportLab's hook: write the font files and enter them where pages find them."""
        for number, file in enumerate(self._face.files()):
            name = self.resource_name(number)
            document.idToObject["BasicFonts"].dict[name] = document.Reference(_font(file, document), name)


def _font(file: FontFile, document: Any) -> Any:
    name = pdfdoc.PDFName(file.name)
    descendant = pdfdoc.PDFDictionary(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": name,
            "CIDSystemInfo": pdfdoc.PDFDictionary({"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0}),
            "CIDToGIDMap": "/Identity",
            "DW": 0,
            "W": pdfdoc.PDFArray([1, pdfdoc.PDFArray(file.widths)]),
            "FontDescriptor": document.Reference(_descriptor(file, name, document)),
        }
    )
    return pdfdoc.PDFDictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": name,
            "Encoding": "/Identity-H",
            "DescendantFonts": pdfdoc.PDFArray([document.Reference(descendant)]),
            "ToUnicode": document.Reference(_stream(file.to_unicode().encode("ascii"))),
        }
    )


def _descriptor(file: FontFile, name: Any, document: Any) -> Any:
    face = file.face
    program = _stream(file.data)
    program.dictionary["Length1"] = len(file.data)

    def scaled(units: int) -> int:
        return round(units * 1000 / face.em)

    return pdfdoc.PDFDictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": name,
            "Flags": _SYMBOLIC,
            "FontBBox": pdfdoc.PDFArray([scaled(edge) for edge in face.box]),
            "ItalicAngle": 0,
            "Ascent": scaled(face.ascent),
            "Descent": scaled(face.descent),
            "CapHeight": scaled(face.cap_height),
            "StemV": 120 if face.weight >= _SEMIBOLD else 80,
            "FontFile2": document.Reference(program),
        }
    )


def _stream(content: bytes) -> Any:
    stream = pdfdoc.PDFStream(content=content)
    stream.filters = [pdfdoc.PDFZCompress]
    return stream
