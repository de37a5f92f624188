"""What makes a file PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1): metadata, language and the sRGB profile.

The same document and claimed time give the same bytes: no clock is read.

ICC.1:2001-04 (version 2): three primaries adapted to D50 and one curve. The same bytes every time.
"""

from __future__ import annotations

from datetime import datetime
from struct import pack
from typing import Final, NamedTuple

from dgdesk.printing.pdffile import PdfFile, text_string

LANGUAGE: Final = "th-TH"
_IN_XML: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# PDF/A allows the mark of PDF/UA only beside a description of its schema.
_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{program}</xmp:CreatorTool>
<xmp:CreateDate>{time}</xmp:CreateDate><xmp:ModifyDate>{time}</xmp:ModifyDate>
<pdf:Producer>{program}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


class PdfFacts(NamedTuple):
    """The file's metadata. ``claimed`` is the time of printing by the PC's clock, with its time zone."""

    title: str
    author: str
    claimed: datetime
    program: str = "dgdesk"


class Declared(NamedTuple):
    """What a file says of itself: entries of its catalogue, and the number of its information dictionary."""

    catalogue: str
    info: int


def declare(pdf: PdfFile, facts: PdfFacts) -> Declared:
    """Add metadata and colour profile to a tagged file.

    Raises:
        ValueError: the claimed time has no time zone.
    """
    if facts.claimed.tzinfo is None:
        raise ValueError("the claimed time needs a zone")
    values = {"title": facts.title, "author": facts.author, "program": facts.program, "language": LANGUAGE}
    packet = _XMP.format(
        time=_xmp_time(facts.claimed), **{key: _clean(text).translate(_IN_XML) for key, text in values.items()}
    )
    metadata = pdf.add_stream(packet.encode("utf-8"), "/Type/Metadata/Subtype/XML", packed=False)
    profile = pdf.add_stream(srgb_profile(), "/N 3")
    intent = f"/Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier({NAME})/Info({NAME})"
    time = text_string(_pdf_time(facts.claimed))
    title, author, program = (text_string(_clean(text)) for text in (facts.title, facts.author, facts.program))
    info = pdf.add(
        f"<</Title{title}/Author{author}/Creator{program}/Producer{program}/CreationDate{time}/ModDate{time}>>"
    )
    catalogue = (
        f"/Metadata {metadata} 0 R/OutputIntents[<<{intent}/DestOutputProfile {profile} 0 R>>]"
        f"/Lang({LANGUAGE})/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>"
    )
    return Declared(catalogue, info)


def _clean(text: str) -> str:
    """``text`` without characters that XML does not allow."""
    return "".join(char if char.isprintable() else " " for char in text)


def _xmp_time(time: datetime) -> str:
    return time.replace(microsecond=0).isoformat()


def _pdf_time(time: datetime) -> str:
    zone = time.strftime("%z")
    return f"D:{time:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"


NAME: Final = "sRGB"
_D50: Final = (0.9642, 1.0, 0.8249)
_PRIMARIES: Final = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
_STEPS: Final = 1024
_DATE: Final = (2026, 1, 1, 0, 0, 0)  # of the profile, not of the document


def srgb_profile() -> bytes:
    """The profile, about 2.6 kB."""
    curve = pack(">4s4xI", b"curv", _STEPS) + b"".join(
        pack(">H", round(_linear(step / (_STEPS - 1)) * 65535)) for step in range(_STEPS)
    )
    title = NAME.encode("ascii") + b"\0"
    tags = {
        b"desc": pack(">4s4xI", b"desc", len(title)) + title + bytes(4 + 4 + 2 + 1 + 67),
        b"cprt": b"text" + bytes(4) + b"No copyright, use freely\0",
        b"wtpt": _xyz(_D50),
        **{tag: _xyz(value) for tag, value in _PRIMARIES.items()},
        b"rTRC": curve,
    }
    start = 128 + 4 + 12 * (len(tags) + 2)
    table, body = b"", b""
    for tag, value in tags.items():
        entry = pack(">II", start + len(body), len(value))
        table += tag + entry
        if tag == b"rTRC":  # one curve for all three
            table += b"gTRC" + entry + b"bTRC" + entry
        body += value + bytes(-len(value) % 4)
    header = pack(
        ">I4sI4s4s4s6H4s4sI4sI8xI3i4s44x",
        start + len(body), bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ", *_DATE, b"acsp", bytes(4), 0, bytes(4),
        0, 0, *(round(value * 65536) for value in _D50), bytes(4),
    )  # fmt: skip
    return header + pack(">I", len(tags) + 2) + table + body


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _xyz(values: tuple[float, float, float]) -> bytes:
    return pack(">4s4x3i", b"XYZ ", *(round(value * 65536) for value in values))
