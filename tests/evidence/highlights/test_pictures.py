"""Marks drawn into copies of pictures: seen where they were drawn, the rest as it was."""

from __future__ import annotations

import io
import random
import struct
import zlib
from pathlib import Path

import pymupdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from dgdesk.errors import CheckFailed
from dgdesk.evidence.highlights.copies import make_marked_copy, marked_suffix
from dgdesk.evidence.highlights.geometry import PlacedMark
from dgdesk.survey.answers.marks import Mark, Rect

BOX = Rect(0.5, 0.5, 0.75, 0.625)
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "TIFF": "image/tiff"}
QUARTER_TURNS = {3: 180, 6: 270, 8: 90}


def placed(*rects: Rect, page: int = 1, code: str = "P1.1a2-1") -> PlacedMark:
    return PlacedMark(code, Mark(page, rects or (BOX,), "หน้า 3"))


def paper(size: tuple[int, int] = (800, 600), mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", size, (244, 241, 232))
    draw = ImageDraw.Draw(picture)
    for line in range(12):
        at = size[1] * line // 12 + 12
        draw.line((20, at, size[0] - 20, at), fill=(30, 30, 30), width=3)
    return picture.convert(mode)


def mark(source: Path, kind: str, *marks: PlacedMark) -> Path:
    target = source.with_name("marked")
    assert make_marked_copy(source, target, kind, marks or (placed(),)).missing == ()
    return target


def changed(before: Image.Image, after: Image.Image, noise: int = 0) -> tuple[int, int, int, int] | None:
    """The box around everything that differs by more than the noise of a lossy kind."""
    bands = ImageChops.difference(before.convert("RGB"), after.convert("RGB")).split()
    most = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return most.point(lambda value: 255 * (value > noise)).getbbox()


def is_about(found: tuple[int, int, int, int] | None, size: tuple[int, int], rect: Rect = BOX) -> bool:
    """Whether the box is the rectangle's, with the label just above it."""
    assert found is not None
    left, top, right, bottom = (part * side for part, side in zip(rect.corners, (*size, *size), strict=True))
    return (
        abs(found[0] - left) <= 9
        and top - 60 <= found[1] <= top + 9
        and right - 9 <= found[2] <= max(right + 9, left + 160)
        and abs(found[3] - bottom) <= 9
    )


@pytest.mark.parametrize("form", KINDS)
def test_it_is_tinted_where_it_was_drawn_and_nowhere_else(tmp_path, form):
    source = tmp_path / "a"
    paper().save(source, form, dpi=(200, 200))
    before = source.read_bytes()
    target = mark(source, KINDS[form])
    with Image.open(source) as old, Image.open(target) as new:
        assert new.format == form and new.size == old.size
        assert tuple(round(float(one)) for one in new.info["dpi"]) == (200, 200)
        assert is_about(changed(old, new, noise=24 if form == "JPEG" else 0), old.size)
        red, green, blue = new.convert("RGB").getpixel((500, 340))
        assert abs(red - 244) < 8 and abs(green - 241) < 8 and abs(blue - 232 * 0.6) < 10
        assert max(new.convert("RGB").getpixel((500, 313))) < 60  # a dark line stays dark
    assert source.read_bytes() == before
    assert mark(source, KINDS[form]).read_bytes() == target.read_bytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_is_marked_as_it_is_displayed(tmp_path, form, orientation):
    source = tmp_path / "a"
    exif = Image.Exif()
    exif[0x0112] = orientation
    paper((900, 600)).save(source, form, exif=exif)
    target = mark(source, KINDS[form], placed(Rect(0.1, 0.6, 0.3, 0.9)))
    with Image.open(target) as new:
        assert new.getexif().get(0x0112, 1) == 1
        assert new.size == ((900, 600) if orientation < 5 else (600, 900))
        plain = new.convert("RGB")
        width, height = plain.size
        assert plain.getpixel((round(0.11 * width) + 8, round(0.88 * height)))[2] < 170
        for across, down in ((0.8, 0.75), (0.2, 0.25), (0.8, 0.25)):
            found = plain.getpixel((round(across * width), round(down * height)))
            assert found[2] > 200 or max(found) < 60


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_of_any_colours_stays_png(tmp_path, mode):
    source = tmp_path / "a.png"
    if mode == "I;16":
        Image.new("I;16", (400, 300), 40_000).save(source)
    else:
        paper((400, 300), mode if mode != "LA" else "L").convert(mode).save(source)
    with Image.open(mark(source, "image/png")) as new:
        assert new.format == "PNG" and new.size == (400, 300)
        inside = new.convert("RGB").crop((205, 155, 295, 182))
        assert ImageChops.subtract(inside.getchannel("R"), inside.getchannel("B")).getextrema()[1] > 60
        if mode == "I;16":
            assert abs(new.getpixel((10, 10))[0] - 40_000 // 257) <= 1
        else:
            with Image.open(source) as old:
                assert is_about(changed(old, new), old.size)


def test_what_is_clear_is_tinted_too(tmp_path):
    source = tmp_path / "a.png"
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(source)
    with Image.open(mark(source, "image/png")) as new:
        assert new.mode == "RGBA" and new.getpixel((10, 10))[3] == 0 and new.getpixel((250, 180))[3] == 102


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_jpeg_of_other_colours_is_marked(tmp_path, mode):
    source = tmp_path / "a.jpg"
    paper().convert(mode).save(source, "JPEG", quality=95)
    with Image.open(source) as old, Image.open(mark(source, "image/jpeg")) as new:
        assert new.format == "JPEG" and new.mode == "RGB"
        assert is_about(changed(old, new, noise=24), old.size)


def test_a_jpeg_keeps_its_quality(tmp_path):
    source = tmp_path / "a.jpg"
    noise = random.Random(7)
    picture = Image.frombytes("RGB", (400, 300), noise.randbytes(360_000)).resize((800, 600))
    picture.save(source, "JPEG", quality=95)
    with Image.open(mark(source, "image/jpeg")) as new:
        luminance = new.quantization[0]
        # Annex K's first value is 16; libjpeg scales it by (200 - 2q) %
        assert luminance[0] <= 16 * (200 - 2 * 90) / 100 + 0.5


def test_the_place_where_a_phone_took_it_stays_out(tmp_path):
    source = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (18.0, 47.0, 0.0)}
    paper().save(source, "JPEG", exif=exif)
    with Image.open(mark(source, "image/jpeg")) as new:
        assert not new.getexif()


def test_a_tiff_keeps_its_pages_and_only_the_marked_one_changes(tmp_path):
    source = tmp_path / "a.tif"
    pages = [paper((600 + 20 * page, 800), mode) for page, mode in enumerate(("1", "L", "RGB", "P"))]
    pages[0].save(source, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw", dpi=(300, 300))
    target = mark(source, "image/tiff", placed(page=1), placed(page=3, code="G1"), placed(page=3))
    with Image.open(source) as old, Image.open(target) as new:
        assert new.n_frames == 4
        for page in range(4):
            old.seek(page)
            new.seek(page)
            assert new.size == old.size and tuple(map(round, new.info["dpi"])) == (300, 300)
            found = changed(old, new)
            assert (found is None) == (page not in (0, 2))
            assert page in (0, 2) or new.mode == old.mode
    with pymupdf.open(target) as read:
        assert read.page_count == 4


def test_a_tiff_of_black_and_white_fax_pages_stays_small(tmp_path):
    source = tmp_path / "a.tif"
    pages = [paper((1600, 2200), "1") for _ in range(5)]
    try:
        pages[0].save(source, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    except OSError:
        pytest.skip("this Pillow has no libtiff")
    target = mark(source, "image/tiff", placed(page=5))
    with Image.open(target) as new:
        assert new.mode == "1" and new.info["compression"] == "group4"
    assert target.stat().st_size < 10 * source.stat().st_size


def test_pages_that_it_does_not_have(tmp_path):
    source, target = tmp_path / "a.png", tmp_path / "marked"
    paper().save(source)
    with pytest.raises(CheckFailed, match=r"marking\.no_page"):
        make_marked_copy(source, target, "image/png", [placed(page=2)])
    assert not target.exists()
    assert make_marked_copy(source, target, "image/png", [placed(page=2), placed()]).missing == (2,)


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(9_500, 9_500), (20_000, 20_000), (2_000_000, 2_000_000)])
def test_a_decompression_bomb_is_refused(tmp_path, size):
    source = tmp_path / "a.png"
    source.write_bytes(bomb(*size))
    with pytest.raises(CheckFailed, match=r"marking\.too_large"):
        make_marked_copy(source, tmp_path / "marked", "image/png", [placed()])
    assert not (tmp_path / "marked").exists()


@pytest.mark.parametrize("form", KINDS)
def test_no_damage_goes_beyond_a_code(tmp_path, form):
    stream = io.BytesIO()
    paper((160, 120)).save(stream, form)
    whole, source = stream.getvalue(), tmp_path / "a"
    for at in range(0, len(whole), max(1, len(whole) // 40)):
        for content in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]):
            source.write_bytes(content)
            try:
                make_marked_copy(source, tmp_path / "marked", KINDS[form], [placed()])
            except CheckFailed as error:
                assert error.code in ("marking.damaged", "marking.too_large", "marking.no_page")
                assert not (tmp_path / "marked").exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.tuples(*[st.floats(0, 1)] * 4).filter(lambda four: four[0] < four[2] and four[1] < four[3]),
)
def test_any_rectangle_on_any_small_picture(tmp_path, width, height, corners):
    source = tmp_path / "a.png"
    Image.new("RGB", (width, height), "white").save(source)
    with Image.open(mark(source, "image/png", placed(Rect(*corners)))) as new:
        assert new.size == (width, height) and changed(Image.new("RGB", new.size, "white"), new)


def test_a_heic_has_no_copy(tmp_path):
    source = tmp_path / "a.heic"
    source.write_bytes(b"\0\0\0\x18ftypheic")
    with pytest.raises(CheckFailed, match=r"marking\.no_library"):
        make_marked_copy(source, tmp_path / "marked", "image/heic", [placed()])


def test_which_kinds_have_a_copy():
    kinds = ("application/pdf", *KINDS.values(), "image/heic", "application/zip", "text/plain")
    assert [marked_suffix(kind) for kind in kinds] == ["pdf", "jpg", "png", "tif", "jpg", None, None]
