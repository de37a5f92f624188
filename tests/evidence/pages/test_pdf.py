"""PDFs, sound and hostile: sizes, pixels, and text where it is seen."""

from __future__ import annotations

import mmap
import tempfile

import pytest

from dgdesk.errors import FileError
from dgdesk.evidence.pages.geometry import Bitmap, PageSize, Piece, pieces, placed, zoom_for
from dgdesk.evidence.pages.pdf import PdfFile
from dgdesk.evidence.pages.text_search import find, folded, line_rects
from dgdesk.text.normalise import fold
from evidence.pages.pdfs import bare_pdf, thai_pdf


def never() -> bool:
    return False


def whole(width: int, height: int, page: int = 0) -> Piece:
    return Piece(page, width, height, 0, 0, width, height)


def ink(bitmap: Bitmap) -> tuple[float, float, float, float]:
    """The box around everything that is not white, as fractions."""
    dark = [at // 4 for at in range(0, len(bitmap.data), 4) if bitmap.data[at] < 128]
    xs, ys = [at % bitmap.width for at in dark], [at // bitmap.width for at in dark]
    return (
        min(xs) / bitmap.width,
        min(ys) / bitmap.height,
        (max(xs) + 1) / bitmap.width,
        (max(ys) + 1) / bitmap.height,
    )


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [(0, 0), (30, 50)])
def test_text_stands_where_its_ink_is_seen(rotate: int, crop: tuple[int, int]) -> None:
    x, y = crop
    content = "BT /F1 40 Tf 100 500 Td (HHHH) Tj ET"
    font = "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    page = f"/MediaBox[0 0 600 800]/CropBox[{x} {y} 600 800]/Rotate {rotate}{font}"
    file = PdfFile(bare_pdf(page, content))
    size = file.size(0)
    sides = (600 - x, 800 - y)
    assert size == PageSize(*(sides if rotate % 180 == 0 else sides[::-1]))
    bitmap = file.render(whole(round(size.width), round(size.height)), never)
    assert bitmap is not None
    text = file.text(0)
    assert text.text.startswith("HHHH")
    (rect,) = line_rects(text.boxes[:4])
    seen = ink(bitmap)
    assert rect.left - 0.01 <= seen[0] and rect.top - 0.01 <= seen[1]
    assert seen[2] <= rect.right + 0.01 and seen[3] <= rect.bottom + 0.01
    assert (rect.right - rect.left) * (rect.bottom - rect.top) < 0.05
    file.close()


def test_thai_is_found_at_its_place() -> None:
    file = PdfFile(thai_pdf(["หน้าแรก"], ["คำสั่งแต่งตั้ง", "การบริหารจัดการน้ำของจังหวัด"]))
    text = file.text(1)
    assert file.letters(1) == text.text
    ((start, end),) = find(folded(text.text), fold("น\u0e4d\u0e49า"))
    (rect,) = line_rects(text.boxes[start:end])
    assert 0.11 < rect.top < 120 / 842 < rect.bottom < 0.155 and rect.left > 60 / 595
    file.close()


def test_a_piece_is_that_part_of_the_whole() -> None:
    file = PdfFile(thai_pdf(["กขคง"]))
    page = file.render(whole(595, 842), never)
    part = file.render(Piece(0, 595, 842, 50, 40, 150, 100), never)
    assert page is not None and part is not None
    for row in range(60):
        line = ((row + 40) * 595 + 50) * 4
        assert part.data[row * 400 : row * 400 + 400] == page.data[line : line + 400]
    file.close()


def test_a_large_file_is_mapped() -> None:
    with tempfile.TemporaryFile() as stream:
        stream.write(thai_pdf(["ก"], ["ข"]))
        stream.flush()
        file = PdfFile(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY))
        assert file.count == 2 and "ข" in file.text(1).text
        file.close()


def test_rendering_is_broken_off() -> None:
    asked: list[int] = []

    def soon() -> bool:
        asked.append(1)
        return True

    content = "0 0 m 600 800 l S\n" * 20_000
    file = PdfFile(bare_pdf("/MediaBox[0 0 600 800]", content))
    assert file.render(whole(600, 800), soon) is None and asked
    assert file.render(whole(60, 80), never) is not None
    file.close()


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7\n", b"%PDF-1.7" + b"\0" * 500, b"not a pdf", bare_pdf("/MediaBox[0 0 9 9]", count=0)],
)
def test_what_is_no_pdf_is_said(content: bytes) -> None:
    with pytest.raises(FileError, match=r"viewer\.pdf_damaged"):
        PdfFile(content)


@pytest.mark.parametrize(
    "box",
    ["0 0 1e9 1e9", "0 0 0 0", "5 5 1 1", "0 0 -10 20", "0 0 1 1000000", "a b c d", "0 0 99999999999999999999 1"],
)
def test_pages_of_mad_sizes_are_shown_in_few_pixels(box: str) -> None:
    file = PdfFile(bare_pdf(f"/MediaBox[{box}]", "0 0 m 100 100 l S"))
    size = file.size(0)
    at = placed(size, 0, zoom_for(size, 0, "page", 1.0, (900, 700), 96 / 72), 96 / 72)
    for piece in pieces(0, at.width, at.height, (0, 0, 1, 1)):
        assert file.render(piece, never) is not None
    assert file.text(0).boxes == ()
    file.close()


def test_a_hundred_thousand_pages() -> None:
    file = PdfFile(bare_pdf("/MediaBox[0 0 100 100]", count=100_000))
    assert file.count == 100_000
    assert file.size(99_999) == PageSize(100, 100) and file.render(whole(50, 50, 99_999), never) is not None
    file.close()


def test_a_missing_page_is_said_with_its_number() -> None:
    file = PdfFile(bare_pdf("/MediaBox[0 0 100 100]", count=2))
    with pytest.raises(FileError) as caught:
        file.render(whole(10, 10, 7), never)
    assert (caught.value.code, caught.value.values) == ("viewer.page_damaged", {"page": 8})
    with pytest.raises(ValueError):
        file.render(whole(10_000, 10_000), never)
    file.close()
    file.close()
