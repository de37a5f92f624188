"""Pictures as pages: scans are decoded no larger than they are drawn, and every part stays where it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from PIL import Image, ImageDraw, ImageFile

from dgdesk.errors import FileError
from dgdesk.evidence import media
from dgdesk.evidence.pages.geometry import Piece
from dgdesk.evidence.pages.pictures import MOST_BYTES, PictureFile

RED, BLUE = (220, 20, 20), (20, 20, 220)


def scan(path: Path, size: tuple[int, int], orientation: int = 1, **more: object) -> Path:
    """A white sheet, its upper left quarter red and its lower right one blue, as it is stored."""
    sheet = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), RED)
    pen.rectangle((size[0] // 2, size[1] // 2, *size), BLUE)
    exif = Image.Exif()
    exif[0x0112] = orientation
    sheet.save(path, "JPEG", quality=90, exif=exif, **more)
    return path


def drawn(pages: PictureFile, width: int, part: tuple[int, int, int, int] | None = None) -> Image.Image:
    """The page, or a part of it, so many pixels wide as a whole."""
    size = pages.size(0)
    height = round(width * size.height / size.width)
    left, top, right, bottom = part or (0, 0, width, height)
    made = pages.render(Piece(0, width, height, left, top, right, bottom), lambda: False)
    assert made is not None
    return Image.frombytes("RGB", (made.width, made.height), bytes(made.data), "raw", "BGRX")


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - two) < 12 for one, two in zip(found, wanted, strict=True))


@pytest.fixture
def decoded() -> Iterator[list[tuple[int, int]]]:
    """The sizes at which pictures are decoded."""
    sizes: list[tuple[int, int]] = []
    load = ImageFile.ImageFile.load

    def noted(picture: ImageFile.ImageFile) -> object:
        if picture.tile:
            sizes.append(picture.size)
        return load(picture)

    with patch.object(ImageFile.ImageFile, "load", noted):
        yield sizes


def test_a_scan_is_decoded_as_large_as_it_is_drawn_and_once_for_each_size(
    tmp_path: Path, decoded: list[tuple[int, int]]
) -> None:
    pages = PictureFile(scan(tmp_path / "a.jpg", (2400, 3200)), media.JPEG)
    assert (pages.size(0).width, pages.size(0).height) == (1800, 2400) and decoded == []
    for width in (500, 600, 300):
        assert near(drawn(pages, width).getpixel((10, 10)), RED)
    assert decoded == [(600, 800)]
    for width in (1201, 2400, 4000, 601, 1200):
        assert near(drawn(pages, width, (0, 0, 50, 50)).getpixel((10, 10)), RED)
    assert decoded == [(600, 800), (2400, 3200)]
    pages.close()


def test_a_scan_that_is_too_large_to_be_held_is_not_decoded_in_full_where_half_is_near(
    tmp_path: Path, decoded: list[tuple[int, int]]
) -> None:
    pages = PictureFile(scan(tmp_path / "a.jpg", (4960, 7016)), media.JPEG)
    found = drawn(pages, 6000, (2990, 4230, 3010, 4260))  # around the middle
    assert decoded == [(2480, 3508)] and MOST_BYTES >= 2480 * 3508 * 4
    assert near(found.getpixel((0, 0)), RED) and near(found.getpixel((19, 29)), BLUE)
    drawn(pages, 990)
    assert len(decoded) == 1
    pages.close()


def test_a_scan_of_another_size_is_held_at_what_can_be_afforded(tmp_path: Path) -> None:
    pages = PictureFile(scan(tmp_path / "a.jpg", (3600, 4000)), media.JPEG)
    assert near(drawn(pages, 3600, (1700, 1900, 1750, 1950)).getpixel((0, 0)), RED)
    pages.close()


@pytest.mark.parametrize(("orientation", "red"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1))])
@pytest.mark.parametrize("width", [100, 700, 1500])
def test_a_turned_scan_stays_turned_at_every_size(
    tmp_path: Path, orientation: int, red: tuple[int, int], width: int
) -> None:
    pages = PictureFile(scan(tmp_path / "a.jpg", (1600, 1200), orientation), media.JPEG)
    turned = orientation in (6, 8)
    assert (pages.size(0).width, pages.size(0).height) == ((900, 1200) if turned else (1200, 900))
    drawn(pages, 50)
    found = drawn(pages, width)
    corners = [
        (at * (found.width - 9) + 4, down * (found.height - 9) + 4) for at, down in (red, (1 - red[0], 1 - red[1]))
    ]
    assert near(found.getpixel(corners[0]), RED) and near(found.getpixel(corners[1]), BLUE)
    pages.close()


@pytest.mark.parametrize("progressive", [False, True])
def test_a_scan_that_is_cut_off_is_told_each_time_it_is_drawn(tmp_path: Path, progressive: bool) -> None:
    path = scan(tmp_path / "a.jpg", (1600, 1200), progressive=progressive)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    pages = PictureFile(path, media.JPEG)
    assert pages.size(0).width == 1200
    for _ in range(2):
        with pytest.raises(FileError, match=r"viewer\.picture_damaged"):
            drawn(pages, 300)
    pages.close()


def test_a_picture_of_another_kind_that_is_cut_off_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.effect_noise((300, 200), 90).save(path)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(FileError, match=r"viewer\.picture_damaged"):
        PictureFile(path, media.PNG)
