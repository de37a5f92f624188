"""From ReportLab's PDF to PDF/A-2b (ISO 19005-2): metadata, language, the sRGB profile, and nothing that it forbids.

The same document and claimed time give the same bytes: no clock is read; the file's ID is computed from its content.

ICC.1:2001-04 (version 2): three primaries adapted to D50 and one curve. The same bytes every time.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from html import escape
from struct import pack
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

LANGUAGE: Final = "th-TH"
_PRINT: Final = 4  # annotation flag: shown on paper as on the screen
_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{program}</xmp:CreatorTool>
<xmp:CreateDate>{time}</xmp:CreateDate><xmp:ModifyDate>{time}</xmp:ModifyDate>
<pdf:Producer>{program}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True)
class PdfFacts:
    """The file's metadata. ``claimed`` is the time of printing by the PC's clock, with its time zone."""

    title: str
    author: str
    claimed: datetime
    program: str = "dgdesk"


def as_pdfa(draft: bytes, facts: PdfFacts) -> bytes:
    """Convert ``draft``, a PDF by ReportLab, to PDF/A-2b.

    Raises:
        ValueError: the claimed time has no time zone.
    """
    if facts.claimed.tzinfo is None:
        raise ValueError("the claimed time needs a zone")
    with Pdf.open(io.BytesIO(draft)) as pdf:
        for page in pdf.pages:
            if "/Trans" in page.obj:
                del page.obj["/Trans"]
            for note in page.obj.get("/Annots", Array()).as_list():
                note["/F"] = _PRINT
        _declare(pdf, facts)
        stream = io.BytesIO()
        pdf.save(
            stream,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            fix_metadata_version=False,
        )
    return stream.getvalue()


def _declare(pdf: Pdf, facts: PdfFacts) -> None:
    profile = Stream(pdf, srgb_profile())
    profile["/N"] = 3
    pdf.Root["/OutputIntents"] = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name("/GTS_PDFA1"),
                OutputConditionIdentifier=String(NAME),
                Info=String(NAME),
                DestOutputProfile=pdf.make_indirect(profile),
            )
        ]
    )
    values = {"title": facts.title, "author": facts.author, "program": facts.program, "language": LANGUAGE}
    packet = _XMP.format(
        time=_xmp_time(facts.claimed), **{key: escape(_clean(text), quote=False) for key, text in values.items()}
    )
    metadata = Stream(pdf, packet.encode("utf-8"))
    metadata["/Type"], metadata["/Subtype"] = Name.Metadata, Name.XML
    pdf.Root["/Metadata"] = pdf.make_indirect(metadata)
    pdf.Root["/Lang"] = String(LANGUAGE)
    pdf.Root["/ViewerPreferences"] = Dictionary(DisplayDocTitle=True)
    time = String(_pdf_time(facts.claimed))
    pdf.trailer["/Info"] = pdf.make_indirect(
        Dictionary(
            Title=String(_clean(facts.title)),
            Author=String(_clean(facts.author)),
            Creator=String(_clean(facts.program)),
            Producer=String(_clean(facts.program)),
            CreationDate=time,
            ModDate=time,
        )
    )


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
