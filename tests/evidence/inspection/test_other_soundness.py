"""Pictures, text and files of other kinds: cut off, with a hole, or not to be shown."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from evidence.inspection.looking import look, told

THAI = "คำสั่งจังหวัดน่าน ที่ ๑/๒๕๖๘ เรื่อง แต่งตั้งคณะทำงาน\r\n"


def photo(size: tuple[int, int] = (320, 240), seed: int = 1) -> Image.Image:
    small = Image.frombytes(
        "RGB", (size[0] // 8, size[1] // 8), random.Random(seed).randbytes(size[0] * size[1] // 64 * 3)
    )
    return small.resize(size, Image.Resampling.BICUBIC)


def saved(form: str, picture: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (picture or photo()).save(out, form, **options)
    return out.getvalue()


PICTURES = {
    "ก.jpg": saved("JPEG"),
    "ก.jpeg": saved("JPEG", progressive=True),
    "ก.jpe": saved("JPEG", photo().convert("L"), optimize=True),
    "ก.png": saved("PNG"),
    "ข.png": saved("PNG", photo().convert("P")),
    "ค.png": saved("PNG", photo().convert("1")),
    "ก.tif": saved("TIFF", compression="tiff_lzw"),
    "ข.tif": saved("TIFF", photo().convert("1"), compression="group4"),
    "ค.tif": saved("TIFF", compression="jpeg"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_sound_picture_is_a_page_and_nothing_is_told(name):
    looked = look(PICTURES[name], name)
    assert (looked.findings, looked.pages) == ((), 1)


@pytest.mark.parametrize("name", PICTURES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_wherever_a_picture_is_cut_it_is_told(name, data):
    whole = PICTURES[name]
    assert "damaged" in told(whole[: data.draw(st.integers(40, len(whole) - 30))], name)


def test_the_pages_of_a_fax_are_counted():
    out = io.BytesIO()
    pages = [photo(seed=number).convert("1") for number in range(5)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    assert look(out.getvalue(), "ก.tif").pages == 5


@pytest.mark.parametrize("length", [70, 512, 2048])
@pytest.mark.parametrize("colours", ["RGB", "L"])
def test_a_hole_in_a_photo_is_told_though_libraries_draw_on(length, colours):
    whole = saved("JPEG", photo((1200, 900)).convert(colours))
    for part in (0.3, 0.5, 0.8):
        at = int(len(whole) * part)
        assert told(whole[:at] + bytes(length) + whole[at + length :], "ก.jpg") == ["damaged"]


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("L", (3000, 2000), 255),
        Image.new("RGB", (3000, 2000), (128, 128, 128)),
        Image.new("1", (2000, 3000), 1),
    ],
)
@pytest.mark.parametrize("options", [{}, {"optimize": True}, {"progressive": True}])
def test_an_empty_sheet_is_no_hole(picture, options):
    assert told(saved("JPEG", picture, **options), "ก.jpg") == []
    assert told(saved("JPEG", picture, **options) + bytes(4096), "ก.jpg") == []  # padded by a camera


def test_a_png_that_lacks_rows_though_all_its_check_sums_hold_is_told():
    whole = saved("PNG", photo().convert("L"))
    rows = zlib.compress(b"".join(b"\0" + bytes(320) for _ in range(200)))  # of 240

    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    assert told(whole[:33] + piece(b"IDAT", rows) + piece(b"IEND", b""), "ก.png") == ["damaged"]


# -- other kinds -----------------------------------------------------------------------------------------------------


def film() -> bytes:
    boxes = [(b"ftyp", b"isom\0\0\0\0isommp42"), (b"moov", bytes(200)), (b"mdat", bytes(range(200)))]
    return b"".join(struct.pack(">I", len(data) + 8) + kind + data for kind, data in boxes)


OTHERS = {
    "ก.gif": saved("GIF"),
    "ก.webp": saved("WEBP"),
    "ก.bmp": saved("BMP"),
    "ก.avif": film().replace(b"isommp42", b"mif1avif").replace(b"moov", b"meta"),
    "ก.mp4": film(),
    "ก.rtf": b"{\\rtf1 " + b"text " * 200 + b"}",
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("kept", [0.99, 0.8, 0.4])
def test_other_kinds_that_were_cut_off_are_told(name, kept):
    whole = OTHERS[name]
    assert told(whole, name) == ["unknown_kind"]
    assert told(whole[: int(len(whole) * kept)], name) == ["damaged", "unknown_kind"]


# -- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lines", [1, 40, 2_000, 40_000])
def test_thai_text_that_ends_within_a_letter_is_told(lines):
    whole = (THAI * lines).rstrip().encode()
    assert told(whole, "ก.txt") == []
    assert [told(whole[:-cut], "ก.txt") for cut in (1, 2)] == [["damaged"], ["damaged"]]
    assert told(whole[:-3], "ก.txt") == []  # a whole letter less cannot be seen


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
@pytest.mark.parametrize("length", [128, 4096])
def test_a_hole_far_into_a_text_is_told(coding, length):
    whole = (THAI * 20_000).encode(coding)
    assert told(whole, "ก.csv") == []
    at = len(whole) // 2
    assert told(whole[:at] + bytes(length) + whole[at + length :], "ก.csv") == ["damaged"]


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(alphabet="กขคเแาำ่้abc 123,.\n", min_size=1, max_size=400), coding=st.sampled_from(["utf-8", "cp874"])
)
def test_no_whole_text_is_doubted(text, coding):
    assert told(f"1 {text}".encode(coding), "ก.txt") == []
