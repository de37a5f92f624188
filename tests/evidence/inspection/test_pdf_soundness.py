"""A PDF is sound only if it opens without being mended, in the program's own viewer too, and its pages decode."""

from __future__ import annotations

import io
import random
import re
import zlib

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary, Name, Stream
from PIL import Image

from evidence.inspection.looking import OLD, look, pdf, streams_in, told, words


def scan(kind: str, seed: int = 1, size: tuple[int, int] = (300, 420)) -> tuple[bytes, str]:
    """A picture in one of the codings of PDFs, and the coding's name."""
    picture = Image.frombytes("L", size, random.Random(seed).randbytes(size[0] * size[1]))
    if kind == "flate":
        return zlib.compress(picture.tobytes()), "/FlateDecode"
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=60)
    return out.getvalue(), "/DCTDecode"


def scanned(kind: str, pages: int = 4) -> bytes:
    """A PDF whose pages are pictures."""

    def put(document: pikepdf.Pdf) -> None:
        for number, page in enumerate(document.pages):
            data, coding = scan(kind, number)
            image = Stream(document, b"")
            image.write(data, filter=Name(coding))
            image.Type, image.Subtype, image.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
            image.Width, image.Height, image.BitsPerComponent = 300, 420, 8
            page.Resources = Dictionary(XObject=Dictionary(I=image))

    return pdf(pages, put, lambda number: b"q 595 0 0 842 0 0 cm /I Do Q", **OLD)


SOUND = {
    "text": pdf(6),
    "text, as scanners write": pdf(6, **OLD),
    "linear": pdf(9, linearize=True),
    "for printing only": pdf(3, encryption=pikepdf.Encryption(owner="secret", user="", R=6)),
    "for printing only, old": pdf(
        3, encryption=pikepdf.Encryption(owner="secret", user="", R=3, aes=False, metadata=False)
    ),
    "empty pages": pdf(3, draw=lambda number: b""),
    "plain streams": pdf(3, compress_streams=False),
    "jpeg": scanned("jpeg"),
    "flate": scanned("flate"),
    "after other bytes": b"HTTP/1.1 200\n" + pdf(3, **OLD),
}


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_said_of_a_sound_one(name):
    looked = look(SOUND[name], "ก.pdf")
    assert (looked.findings == () and looked.pages == SOUND[name].count(b"/Type /Page\n")) or looked.pages > 2


@pytest.mark.parametrize("name", ["text", "text, as scanners write", "linear", "jpeg", "flate"])
@pytest.mark.parametrize("kept", [0.999, 0.97, 0.9, 0.7, 0.5, 0.3, 0.1])
def test_one_that_was_cut_off_is_told(name, kept):
    whole = SOUND[name]
    assert told(whole[: min(int(len(whole) * kept), len(whole) - 30)], "ก.pdf") == ["damaged"]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_wherever_one_is_cut_it_is_told(data):
    whole = SOUND[data.draw(st.sampled_from(["text", "text, as scanners write", "jpeg"]))]
    assert told(whole[: data.draw(st.integers(200, len(whole) - 20))], "ก.pdf") == ["damaged"]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_hole_in_what_a_page_draws_is_told(data):
    whole = SOUND["text, as scanners write"]
    start, end = data.draw(st.sampled_from([one for one in streams_in(whole) if one[1] - one[0] > 150]))
    length = data.draw(st.integers(40, end - start - 10))
    at = data.draw(st.integers(start, end - length))
    assert told(whole[:at] + bytes(length) + whole[at + length :], "ก.pdf") == ["damaged"]


@pytest.mark.parametrize("kind", ["jpeg", "flate"])
@pytest.mark.parametrize("length", [128, 512, 4096])
def test_a_hole_in_a_page_that_is_a_picture_is_told(kind, length):
    whole = SOUND[kind]
    start, end = max(streams_in(whole), key=lambda one: one[1] - one[0])
    at = (start + end) // 2
    assert told(whole[:at] + bytes(length) + whole[at + length :], "ก.pdf") == ["damaged"]


def test_a_hole_far_behind_the_limit_is_told_all_the_same():
    whole = scanned("flate", 60)  # seven megabytes decoded, of which four are looked at
    start, end = sorted(one for one in streams_in(whole) if one[1] - one[0] > 50_000)[-1]
    at = (start + end) // 2
    assert told(whole, "ก.pdf") == []
    assert told(whole[:at] + bytes(600) + whole[at + 600 :], "ก.pdf") == ["damaged"]


def test_an_object_that_was_wiped_out_is_told_though_the_page_is_only_empty():
    whole = SOUND["text, as scanners write"]
    objects = [found for found in re.finditer(rb"\n\d+ 0 obj.*?endobj", whole, re.DOTALL) if b"stream" in found[0]]
    for found in objects:
        assert told(whole[: found.start()] + bytes(len(found[0])) + whole[found.end() :], "ก.pdf") == ["damaged"]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_part_of_a_page_that_was_wiped_out_is_told(which):
    def split(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            page.Contents = pikepdf.Array([Stream(document, b"q %d Tw Q" % part) for part in (111, 222, 333)])

    whole = pdf(3, split, compress_streams=False, **OLD)
    assert told(whole, "ก.pdf") == []
    drawn = re.search(rb"\n\d+ 0 obj[^j]*?q %d Tw Q.*?endobj" % (111 * (which + 1)), whole, re.DOTALL)
    assert told(whole[: drawn.start()] + bytes(len(drawn[0])) + whole[drawn.end() :], "ก.pdf") == ["damaged"]


@pytest.mark.parametrize(
    "broken",
    [
        lambda whole: re.sub(rb"startxref\n\d+", b"startxref\n77", whole),
        lambda whole: whole.replace(b"\n", b"\r\n"),
        lambda whole: whole + bytes(3000),
    ],
    ids=["the table is elsewhere", "line ends changed on the way", "padded"],
)
def test_a_table_that_is_made_anew_without_a_loss_is_told_more_mildly(broken):
    whole = pdf(5, compress_streams=False, **OLD)
    looked = look(broken(whole), "ก.pdf")
    assert [one.code for one in looked.findings] == ["incoming.mended"] and looked.pages == 5


def test_what_only_one_of_two_readers_opens_is_told():
    # The second part of a file that was written in parts is lost; qpdf finds the objects, PDFium no catalog.
    whole = SOUND["text"]
    cut = whole[: whole.rindex(b"startxref")]
    with pikepdf.open(io.BytesIO(cut), suppress_warnings=True) as mended:
        assert len(mended.pages) == 6
    assert told(cut, "ก.pdf") == ["damaged"]


@pytest.mark.parametrize("stated", [1, 2, 5])
def test_pages_that_a_reader_may_not_show_are_told(stated):
    def lie(document: pikepdf.Pdf) -> None:
        document.Root.Pages.Count = stated

    whole = pdf(6, **OLD)
    lied = re.sub(rb"/Count 6", b"/Count %d" % stated, whole)
    assert lied != whole and told(lied, "ก.pdf") == ["pages_hidden"]


def test_what_unfolds_without_end_is_not_unfolded():
    bomb = zlib.compress(zlib.compress(b" " * (200 << 20), 9), 9)

    def put(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            page.Contents = Stream(document, b"")
            page.Contents.write(bomb, filter=[Name.FlateDecode, Name.FlateDecode])

    assert told(pdf(1, put), "ก.pdf") in ([], ["damaged"])


@settings(max_examples=25, deadline=None)
@given(pages=st.integers(1, 12), lines=st.integers(0, 60), old=st.booleans(), linear=st.booleans())
def test_no_pdf_of_an_honest_program_is_doubted(pages, lines, old, linear):
    made = pdf(pages, draw=lambda number: words(number, lines), linearize=linear, **(OLD if old else {}))
    looked = look(made, "ก.pdf")
    assert (looked.findings, looked.pages, looked.signed) == ((), pages, False)


def test_a_page_without_resources_is_sound():
    """Scanners write empty pages so, and every reader shows them."""
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        del document.pages[0].obj["/Resources"]
        document.save(made)
    assert b"/Resources" not in made.getvalue()
    assert look(made.getvalue(), "ว่าง.pdf").findings == ()


# -- updates, images and fonts that are not whole -------------------------------------------------------------------


def updated(content: bytes, data: bytes = b"q 1 0 0 rg 0 0 400 400 re f Q") -> bytes:
    """Append an update to a PDF, as programs do that sign or fill in: the first page gets another drawing."""
    with pikepdf.open(io.BytesIO(content)) as document:
        before, page = int(content.split()[-2]), document.pages[0].obj
        size, (number, _), root = len(document.objects) + 2, page.objgen, document.Root.objgen[0]
        page.Contents = document.make_indirect(Dictionary())
        drawn = page.unparse(True).replace(b"/Contents %d 0 R" % page.Contents.objgen[0], b"/Contents %d 0 R" % size)
    out = bytearray(content)
    page_at = len(out)
    out += b"%d 0 obj\n%s\nendobj\n" % (number, drawn)
    drawing_at = len(out)
    out += b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (size, len(data), data)
    table_at = len(out)
    out += b"xref\n%d 1\n%010d 00000 n \n%d 1\n%010d 00000 n \n" % (number, page_at, size, drawing_at)
    out += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (size + 1, root, before)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table_at)


UPDATED = updated(pdf(3, **OLD))
BEGINS = len(pdf(3, **OLD))


def test_a_whole_update_is_nothing_to_tell():
    assert told(UPDATED, "ก.pdf") == [] and told(updated(UPDATED), "ก.pdf") == []


@given(st.integers(BEGINS + len("10 0 o"), len(UPDATED) - len("\n%%EOF\n") - 1))
@settings(deadline=None)
def test_wherever_an_update_is_cut_it_is_told(kept):
    """The pages open all the same, as they were before the update."""
    assert told(UPDATED[:kept], "ก.pdf") == ["damaged"]
    assert told(UPDATED[:kept] + bytes(100), "ก.pdf") == ["damaged"]


@pytest.mark.parametrize("cut", range(1, 7))
def test_an_update_of_which_only_the_end_mark_is_incomplete_is_whole(cut):
    assert told(UPDATED[:-cut], "ก.pdf") == []


@pytest.mark.parametrize("content", [pdf(3, **OLD), UPDATED])
@pytest.mark.parametrize(
    "after",
    [
        *(b"", b"\r\n\r\n", bytes(300), b"\x1a", b"0\r\n\r\n"),
        b"\n-- \nSent from my phone, see xref 12 in object 7\n",
        b"\r\n--=_boundary--\r\n",
        b"<!-- served in 12 0 ms -->",
    ],
)
def test_harmless_bytes_behind_the_end_are_no_update(content, after):
    assert told(content + after, "ก.pdf") == []


def test_a_page_whose_image_is_nowhere_is_told():
    def lose(document: pikepdf.Pdf) -> None:
        document.pages[1].Resources = Dictionary()

    assert told(pdf(3, lose, lambda number: b"q 595 0 0 842 0 0 cm /Scan Do Q"), "ก.pdf") == ["damaged"]


def test_words_about_drawing_are_no_image():
    shown = rb"BT /F1 12 Tf 50 700 Td (/Scan Do ) Tj (a\) (b) /Scan Do ) Tj ET % /Scan Do "
    assert told(pdf(2, draw=lambda number: shown), "ก.pdf") == []


def with_font(program: bytes, *, composite: bool = False, **options: object) -> bytes:
    """A PDF whose text uses an embedded font."""

    def put(document: pikepdf.Pdf) -> None:
        described = Dictionary(Type=Name.FontDescriptor, FontName=Name.A, FontFile2=Stream(document, program))
        font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.A, FontDescriptor=described)
        if composite:
            font = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.A, DescendantFonts=[font])
        for page in document.pages:
            page.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(font)))

    return pdf(2, put, **options)


@pytest.mark.parametrize("composite", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_a_font_that_was_wiped_out_is_told(composite, packed):
    """Its letters are empty boxes, or not shown."""
    whole = bytes([0, 1, 0, 0, 0, 12]) + random.Random(1).randbytes(4000)
    assert told(with_font(whole, composite=composite, compress_streams=packed), "ก.pdf") == []
    assert told(with_font(bytes(4000), composite=composite, compress_streams=packed), "ก.pdf") == ["damaged"]
