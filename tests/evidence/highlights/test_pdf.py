"""Marks in a copy of a PDF: read back by pypdf and seen by PDFium, two libraries that did not write them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

import dgdesk
from dgdesk.errors import CheckFailed, DgdeskError
from dgdesk.evidence.highlights.copies import make_marked_copy
from dgdesk.evidence.highlights.geometry import PlacedMark
from dgdesk.survey.answers.marks import Mark, Rect

KIND = "application/pdf"
BOX = Rect(0.25, 0.125, 0.625, 0.1875)
NOTE = "หน้า 3 ข้อ 2 คำสั่งแต่งตั้ง “น้ำ” (ก) \\ 😀"


def placed(*rects: Rect, page: int = 1, note: str = NOTE, code: str = "P1.1a2-1") -> PlacedMark:
    return PlacedMark(code, Mark(page, rects or (BOX,), note))


def reportlab_pdf(path: Path, pages: int = 2, size: tuple[float, float] = (595.0, 842.0)) -> Path:
    canvas = Canvas(str(path), pagesize=size, invariant=1)
    for page in range(pages):
        canvas.setFont("Times-Bold", 30)
        for line in range(24):
            canvas.drawString(40, size[1] - 40 - 34 * line, f"page {page + 1} line {line} " + "key passage " * 3)
        canvas.showPage()
    canvas.save()
    return path


def framed_pdf(
    path: Path,
    media: Sequence[float],
    crop: Sequence[float] | None,
    rotate: int,
    unit: float = 1,
    inherited: bool = False,
) -> Path:
    """One blank page of the geometry given."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(100, 100))
        page = pdf.pages[0].obj
        owner = pdf.Root.Pages if inherited else page
        del page["/MediaBox"]
        owner["/MediaBox"] = pikepdf.Array(media)
        owner["/Rotate"] = rotate
        if crop is not None:
            owner["/CropBox"] = pikepdf.Array(crop)
        if unit != 1:
            page["/UserUnit"] = unit
        pdf.save(path, static_id=True)
    return path


def mark(source: Path, *marks: PlacedMark) -> Path:
    target = source.with_name("marked.pdf")
    assert make_marked_copy(source, target, KIND, marks or (placed(),)).missing == ()
    return target


def highlights(path: Path, page: int = 1) -> list[pypdf.generic.DictionaryObject]:
    found = [one.get_object() for one in pypdf.PdfReader(path).pages[page - 1].get("/Annots", ())]
    return [one for one in found if one["/Subtype"] == "/Highlight"]


def displayed(page: pypdf.PageObject, x: float, y: float) -> tuple[float, float]:
    """Where a point of the page is shown, in points from the top left, by turning the page step by step."""
    box = page.cropbox
    x, y = x - float(box.left), y - float(box.bottom)
    width, height = float(box.width), float(box.height)
    for _ in range((page.rotation or 0) % 360 // 90):
        x, y, width, height = y, width - x, height, width
    return x, height - y


def shown_size(page: pypdf.PageObject) -> tuple[float, float]:
    size = float(page.cropbox.width), float(page.cropbox.height)
    return size if (page.rotation or 0) % 180 == 0 else size[::-1]


def render(path: Path, page: int = 1, scale: float = 1) -> Image.Image:
    with pypdfium2.PdfDocument(path) as document:
        shown = document[page - 1]
        bitmap = shown.render(scale=scale)
        picture = bitmap.to_pil().convert("RGB")
        bitmap.close()
        shown.close()
    return picture


def test_a_highlight_carries_the_code_and_the_thai_note(tmp_path):
    (one,) = highlights(mark(reportlab_pdf(tmp_path / "a.pdf")))
    assert (one["/T"], one["/Contents"]) == ("P1.1a2-1", f"P1.1a2-1 {NOTE}")
    assert one["/F"] == 4 and one["/CA"] == pytest.approx(0.4) and list(one["/C"]) == [1, 1, 0]
    assert one["/AP"]["/N"]["/Resources"]["/ExtGState"]["/M"]["/BM"] == "/Multiply"
    assert "/M" not in one  # no date: the same bytes tomorrow


def test_a_mark_without_a_note_says_the_code(tmp_path):
    (one,) = highlights(mark(reportlab_pdf(tmp_path / "a.pdf"), placed(note="")))
    assert one["/Contents"] == "P1.1a2-1"


def test_each_mark_is_one_highlight_with_a_quad_for_each_rectangle(tmp_path):
    lines = (Rect(0.1, 0.1, 0.9, 0.12), Rect(0.1, 0.12, 0.5, 0.14))
    target = mark(reportlab_pdf(tmp_path / "a.pdf"), placed(*lines), placed(code="G1"), placed(page=2, code="P8.1"))
    first, second = highlights(target)
    assert len(first["/QuadPoints"]) == 16 and len(second["/QuadPoints"]) == 8
    assert [one["/T"] for one in (first, second, *highlights(target, 2))] == ["P1.1a2-1", "G1", "P8.1"]
    assert first["/NM"] != second["/NM"]


def check_place(path: Path, rect: Rect) -> None:
    (one,) = highlights(path)
    page = pypdf.PdfReader(path).pages[0]
    width, height = shown_size(page)
    wanted = [(rect.left, rect.top), (rect.right, rect.top), (rect.left, rect.bottom), (rect.right, rect.bottom)]
    numbers = [float(number) for number in one["/QuadPoints"]]
    found = [displayed(page, *pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
    for (across, down), (x, y) in zip(wanted, found, strict=True):
        assert abs(x - across * width) < 0.5 and abs(y - down * height) < 0.5
    box = [float(number) for number in one["/Rect"]]
    assert box == pytest.approx([min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])])
    assert [float(number) for number in one["/AP"]["/N"]["/BBox"]] == pytest.approx(box)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize("crop", [None, (20, 40, 320, 440), (-50, -50, 900, 900)])
@pytest.mark.parametrize("media", [(0, 0, 595, 842), (-100, 30, 495, 872), (595, 842, 0, 0)])
@pytest.mark.parametrize("inherited", [False, True])
def test_it_lies_where_it_was_drawn_and_is_seen_there(tmp_path, media, crop, rotate, inherited):
    source = framed_pdf(tmp_path / "a.pdf", media, crop, rotate, inherited=inherited)
    target = mark(source)
    picture = render(target)
    width, height = picture.size
    x, y = (round(part * size) for part, size in zip((0.4375, 0.15625), picture.size, strict=True))
    assert picture.getpixel((x, y))[2] < 170 and min(picture.getpixel((x, y))[:2]) > 250
    yellow = picture.getchannel("B").point(lambda value: 255 * (value < 200)).getbbox()
    wanted = (BOX.left * width, BOX.top * height, BOX.right * width, BOX.bottom * height)
    assert all(abs(found - want) <= 1.5 for found, want in zip(yellow, wanted, strict=True))
    if crop != (-50, -50, 900, 900) and media[0] < media[2]:  # pypdf takes boxes as they are written
        check_place(target, BOX)


NUMBERS = st.floats(-3000, 3000, allow_nan=False).map(lambda number: round(number, 2))
SPANS = st.floats(20, 5000).map(lambda number: round(number, 2))
EDGES = st.lists(st.integers(0, 1_000_000), min_size=2, max_size=2, unique=True).map(
    lambda two: sorted(one / 1_000_000 for one in two)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    origin=st.tuples(NUMBERS, NUMBERS),
    size=st.tuples(SPANS, SPANS),
    inset=st.none() | st.tuples(*[st.integers(0, 40)] * 4),
    rotate=st.sampled_from([0, 90, 180, 270, -90, 720]),
    unit=st.sampled_from([1, 0.5, 10]),
    across=EDGES,
    down=EDGES,
)
def test_any_page_and_any_rectangle(tmp_path, origin, size, inset, rotate, unit, across, down):
    media = (*origin, origin[0] + size[0], origin[1] + size[1])
    crop = None
    if inset is not None:
        left, low, right, high = (part / 100 for part in inset)
        crop = (
            media[0] + left * size[0],
            media[1] + low * size[1],
            media[2] - right * size[0],
            media[3] - high * size[1],
        )
    rect = Rect(across[0], down[0], across[1], down[1])
    target = mark(framed_pdf(tmp_path / "a.pdf", media, crop, rotate, unit), placed(rect))
    check_place(target, rect)


def test_it_is_seen_over_the_text_which_stays_readable_and_nothing_else_changes(tmp_path):
    source = reportlab_pdf(tmp_path / "a.pdf")
    before, after = render(source, scale=2), render(mark(source), scale=2)
    width, height = before.size
    box = [round(part) for part in (BOX.left * width, BOX.top * height, BOX.right * width, BOX.bottom * height)]
    inside_before = before.crop((box[0] + 2, box[1] + 2, box[2] - 2, box[3] - 2))
    inside_after = after.crop((box[0] + 2, box[1] + 2, box[2] - 2, box[3] - 2))
    dark = 0
    for old, new in zip(inside_before.get_flattened_data(), inside_after.get_flattened_data(), strict=True):
        assert abs(new[0] - old[0]) <= 2 and abs(new[1] - old[1]) <= 2  # red and green stay
        assert abs(new[2] - old[2] * 0.6) <= 3  # blue goes down to 60 %
        dark += old == (0, 0, 0) == new
    assert dark > 500  # letters, still black
    for part in (
        (0, 0, width, box[1] - 2),
        (0, box[3] + 2, width, height),
        (0, 0, box[0] - 2, height),
        (box[2] + 2, 0, width, height),
    ):
        assert before.crop(part).tobytes() == after.crop(part).tobytes()
    assert render(source, 2).tobytes() == render(source.with_name("marked.pdf"), 2).tobytes()


def test_rectangles_that_overlap_do_not_darken_each_other(tmp_path):
    source = framed_pdf(tmp_path / "a.pdf", (0, 0, 400, 400), None, 0)
    picture = render(mark(source, placed(Rect(0.1, 0.1, 0.6, 0.6), Rect(0.4, 0.4, 0.9, 0.9))))
    assert picture.getpixel((80, 80)) == picture.getpixel((200, 200)) == picture.getpixel((320, 320))


def test_the_original_is_only_read_and_two_copies_are_the_same(tmp_path):
    source = reportlab_pdf(tmp_path / "a.pdf")
    before = source.read_bytes()
    first = mark(source).read_bytes()
    assert mark(source).read_bytes() == first
    assert source.read_bytes() == before
    other = tmp_path / "folder"
    other.mkdir()
    (other / "b.pdf").write_bytes(before)
    assert mark(other / "b.pdf").read_bytes() == first  # the name of the file is no part of it


def test_the_text_of_the_copy_is_the_text_of_the_original(tmp_path):
    source = reportlab_pdf(tmp_path / "a.pdf")
    target = mark(source)
    old, new = (pypdf.PdfReader(path) for path in (source, target))
    assert [page.extract_text() for page in new.pages] == [page.extract_text() for page in old.pages]


def test_annotations_that_were_there_stay_also_where_pages_share_them(tmp_path):
    source = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        for _ in range(2):
            pdf.add_blank_page(page_size=(300, 300))
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[1, 1, 9, 9], Contents="เดิม")
        shared = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(link)]))
        for page in pdf.pages:
            page.obj["/Annots"] = shared
        pdf.save(source)
    target = mark(source)
    kinds = [[one.get_object()["/Subtype"] for one in page["/Annots"]] for page in pypdf.PdfReader(target).pages]
    assert kinds == [["/Text", "/Highlight"], ["/Text"]]


@pytest.mark.parametrize(
    "strange", [pikepdf.Dictionary(A=1), 7, pikepdf.Array([None, 3])], ids=["dict", "number", "list"]
)
def test_annotations_that_are_none_do_not_stop_it(tmp_path, strange):
    source = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 300))
        pdf.pages[0].obj["/Annots"] = strange
        pdf.save(source)
    with pikepdf.open(mark(source)) as pdf:
        assert pdf.pages[0].Annots[-1].Subtype == pikepdf.Name.Highlight


def test_object_streams_and_forms_as_office_programs_write_them(tmp_path):
    """LibreOffice and Word write compressed object streams, cross-reference streams and structure trees."""
    source, packed = reportlab_pdf(tmp_path / "a.pdf"), tmp_path / "b.pdf"
    with pikepdf.open(source) as pdf:
        pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array())
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = "คำสั่งแต่งตั้ง"
        pdf.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)
    target = mark(packed)
    assert len(highlights(target)) == 1
    reader = pypdf.PdfReader(target)
    assert reader.xmp_metadata.dc_title["x-default"] == "คำสั่งแต่งตั้ง"


def test_one_that_opens_without_a_password_is_copied_without_encryption(tmp_path):
    source, locked = reportlab_pdf(tmp_path / "a.pdf"), tmp_path / "b.pdf"
    with pikepdf.open(source) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="เจ้าของ", user="", R=6))
    target = mark(locked)
    assert not pypdf.PdfReader(target).is_encrypted
    (one,) = highlights(target)
    assert one["/Contents"] == f"P1.1a2-1 {NOTE}"
    assert mark(locked).read_bytes() == target.read_bytes()


def refuse(source: Path, code: str, *marks: PlacedMark) -> None:
    target = source.with_name("marked.pdf")
    with pytest.raises(CheckFailed) as caught:
        make_marked_copy(source, target, KIND, marks or (placed(),))
    assert caught.value.code == code
    assert not target.exists()


def test_one_that_needs_a_password_has_no_copy(tmp_path):
    source, locked = reportlab_pdf(tmp_path / "a.pdf"), tmp_path / "b.pdf"
    with pikepdf.open(source) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="ลับ", R=6))
    refuse(locked, "marking.password")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 one", b"%PDF-1.7\n" + b"\0" * 5000, b"\xff" * 100])
def test_a_damaged_one_has_no_copy(tmp_path, content):
    source = tmp_path / "a.pdf"
    source.write_bytes(content)
    refuse(source, "marking.damaged")


def test_no_damage_goes_beyond_a_code(tmp_path):
    """Bytes turned over and cut off all through a file: a copy, or a code; never another error."""
    whole = reportlab_pdf(tmp_path / "a.pdf").read_bytes()
    made = 0
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        source = tmp_path / "b.pdf"
        for content in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]):
            source.write_bytes(content)
            try:
                make_marked_copy(source, tmp_path / "marked.pdf", KIND, [placed()])
                made += 1
            except CheckFailed as error:
                assert error.code.startswith("marking.")
    assert made > 20  # most single bytes matter little


def test_the_library_says_nothing_of_its_own():
    """Remarks on a damaged file would stand on stderr. In a process of its own: pytest takes hold of what is logged."""
    code = "import dgdesk.evidence.highlights.pdf, logging; logging.getLogger('pikepdf._core').warning('remark')"
    environment = {**os.environ, "PYTHONPATH": str(Path(dgdesk.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_pages_that_it_does_not_have(tmp_path):
    source = reportlab_pdf(tmp_path / "a.pdf")
    refuse(source, "marking.no_page", placed(page=3), placed(page=99))
    target = tmp_path / "marked.pdf"
    assert make_marked_copy(source, target, KIND, [placed(page=9), placed(page=2), placed(page=3)]).missing == (3, 9)
    assert len(highlights(target, 2)) == 1


def test_a_stop_passes_through_and_leaves_nothing(tmp_path):
    class Stopped(DgdeskError):
        pass

    source = reportlab_pdf(tmp_path / "a.pdf", pages=30)
    for after in (0, 1, 2, 5):
        calls = iter(range(after))

        def check(calls: Iterator[int] = calls) -> None:
            if next(calls, None) is None:
                raise Stopped("bundle.cancelled")

        with pytest.raises(Stopped):
            make_marked_copy(source, tmp_path / "marked.pdf", KIND, [placed()], check)
        assert not (tmp_path / "marked.pdf").exists()


def test_a_full_disk_is_not_taken_for_damage(tmp_path):
    if not Path("/dev/full").is_char_device():
        pytest.skip("this system has no device that is always full")
    source = reportlab_pdf(tmp_path / "a.pdf")
    target = tmp_path / "marked.pdf"
    target.symlink_to("/dev/full")
    with pytest.raises(OSError, match=r".+"):
        make_marked_copy(source, target, KIND, [placed()])


def test_what_is_written_is_a_pdf_to_its_own_library(tmp_path):
    """No loose ends: qpdf's own check finds nothing."""
    target = mark(reportlab_pdf(tmp_path / "a.pdf"))
    with pikepdf.open(io.BytesIO(target.read_bytes())) as pdf:
        assert pdf.check_pdf_syntax() == []
