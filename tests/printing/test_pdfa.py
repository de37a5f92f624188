"""The file keeps for decades: PDF/A-2a, the same bytes for the same input, and it says what it is."""

from __future__ import annotations

import io
import struct
from datetime import datetime

import pikepdf
import pytest
from PIL import ImageCms

from dgdesk.printing.document import SheetSize, typeset
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.pdfa import PdfFacts, srgb_profile
from dgdesk.printing.pen import Pen
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.tables import Grid, Table, row
from dgdesk.system.progress import Progress
from printing.conforming import findings
from printing.extracting import FACTS
from spaces import SpaceBreaker


def everything() -> bytes:
    """A document that uses all there is."""
    fonts = Fonts()
    setter = LineBreaker(fonts, SpaceBreaker())
    body = ParagraphStyle(10.5, after=3)
    cells = [Paragraph(setter, "◉ มี", body), Paragraph(setter, "☐ ไม่มี 😀", body)]
    runs = [TextRun("ไปที่ "), TextRun("ท้ายเล่ม", link="#end", bold=True), TextRun(" https://go.th", link="https://go.th")]
    blocks = [
        Paragraph(setter, "หัวข้อ", ParagraphStyle(14, bold=True), place="start", outline=0, keep_with_next=True),
        Paragraph(setter, runs, body, label="G1"),
        Table(Grid((1, 2)), tuple(row(*cells) for _ in range(60)), (row(*cells, fill=(0.9, 0.9, 0.9)),)),
        Paragraph(setter, "ท้าย", body, place="end", outline=1),
    ]

    def below(pen: Pen, page: int, total: int) -> None:
        pen.outline(300, 400, "ร่าง", 200, (0.8, 0.6, -0.6, 0.8), (0.9, 0.9, 0.9), 1.0)

    def above(pen: Pen, page: int, total: int) -> None:
        pen.text_right(500, 30, f"หน้า {page} จาก {total}", 9)

    return typeset(blocks, fonts, FACTS, SheetSize(), underlay=below, decorate=above).data


def test_two_checkers_find_nothing_against_pdfa_and_pdfua() -> None:
    assert findings(everything()) == []


def test_the_same_input_gives_the_same_bytes() -> None:
    assert everything() == everything()


def test_another_claimed_time_gives_another_file() -> None:
    fonts = Fonts()
    later = PdfFacts(FACTS.title, FACTS.author, FACTS.claimed.replace(year=2027))
    assert typeset([], fonts, FACTS, SheetSize()).data != typeset([], fonts, later, SheetSize()).data


def test_the_file_says_what_it_is() -> None:
    with pikepdf.open(io.BytesIO(everything())) as pdf:
        assert str(pdf.docinfo["/Title"]) == FACTS.title
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261122093000+07'00" + "'"
        assert str(pdf.Root.Lang) == "th-TH"
        assert not pdf.is_encrypted
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == FACTS.title
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["pdfuaid:part"] == "1"
        assert [str(font.Subtype) for font in pdf.pages[0].Resources.Font.values()] == ["/Type0", "/Type0"]
        assert not any("/Trans" in page.obj for page in pdf.pages)
        with pdf.open_outline() as outline:
            assert [(item.title, [child.title for child in item.children]) for item in outline.root] == [
                ("หัวข้อ", ["ท้าย"])
            ]


def test_links_lead_where_they_say_and_are_printed() -> None:
    with pikepdf.open(io.BytesIO(everything())) as pdf:
        notes = list(pdf.pages[0].obj["/Annots"])
        assert [int(note.F) for note in notes] == [4, 4]
        assert str(notes[1].A.URI) == "https://go.th"
        assert "/Dest" in notes[0] or "/D" in notes[0].get("/A", {})


def test_a_link_to_nowhere_is_refused() -> None:
    fonts = Fonts()
    lost = Paragraph(LineBreaker(fonts, SpaceBreaker()), [TextRun("ก", link="#nowhere")], ParagraphStyle())
    with pytest.raises(ValueError, match="nowhere"):
        typeset([lost], fonts, FACTS, SheetSize())


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        typeset([], Fonts(), PdfFacts("ก", "ข", datetime(2026, 1, 1)), SheetSize())


def test_what_cannot_be_printed_is_reported() -> None:
    fonts = Fonts()
    setter = LineBreaker(fonts, SpaceBreaker())
    printed = typeset([Paragraph(setter, "ก😀ข漢", ParagraphStyle())], fonts, FACTS, SheetSize())
    assert list(printed.missing) == ["😀", "漢"]


def test_progress_is_told_and_may_end_the_printing() -> None:
    fonts = Fonts()
    setter = LineBreaker(fonts, SpaceBreaker())
    calls: list[tuple[int, int]] = []

    def progress(page: int, total: int) -> None:
        calls.append((page, total))
        if page == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        typeset(
            [Paragraph(setter, "ก " * 6000, ParagraphStyle())], fonts, FACTS, SheetSize(), progress=Progress(progress)
        )
    assert [page for page, _ in calls] == [1, 2] and calls[0][1] > 2


def test_the_colour_profile_is_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    assert struct.unpack(">I", srgb_profile()[:4])[0] == len(srgb_profile())
    assert ImageCms.getProfileDescription(profile).strip() == "sRGB"
    same = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), "RGB", "RGB")
    from PIL import Image

    for colour in ((0, 0, 0), (255, 255, 255), (200, 30, 90), (12, 130, 240)):
        there = ImageCms.applyTransform(Image.new("RGB", (1, 1), colour), same).getpixel((0, 0))
        assert max(abs(a - b) for a, b in zip(colour, there, strict=True)) <= 1
