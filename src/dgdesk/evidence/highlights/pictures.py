"""A copy of a picture with its marks drawn in: translucent rectangles with number and code.

The picture is turned as its EXIF data says, since marks refer to the displayed picture. A TIFF keeps its pages. A HEIC
has no copy: no maintained library reads it (docs/decisions/044-no-heic.md).
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps, TiffImagePlugin

from dgdesk.errors import CheckFailed
from dgdesk.evidence.highlights.geometry import CopyMade, PlacedMark, pixels
from dgdesk.resources import resource

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

QUALITY = 92
MOST_PIXELS = 90_000_000
"""Of a page: A3 at 600 dots per inch has 70 million. More would take more than 400 MB while it is drawn on."""
MOST_PAGES = 2_000
_YELLOW = (255, 255, 0)
_STRENGTH = 0.4
_BORDER = (196, 84, 0)
_PAPER = (255, 255, 255)
_COLOURS = ("RGB", "RGBA")
_LOSSLESS = {"group3", "group4", "tiff_lzw", "tiff_adobe_deflate", "packbits"}
# Only these readers of Pillow may open a file that is not trusted.
_FORMATS = {"image/jpeg": ("JPEG", "MPO"), "image/png": ("PNG",), "image/tiff": ("TIFF",)}

Numbered = tuple[int, PlacedMark]


def mark_picture(
    source: Path, target: Path, media_type: str, marks: Sequence[PlacedMark], check: Callable[[], None]
) -> CopyMade:
    """Write a copy of ``source`` with the marks drawn in to ``target``; report marked pages that the file lacks.

    Raises:
        CheckFailed: ``marking.too_large``, ``marking.no_page``, ``marking.no_library`` (a HEIC).
        OSError: the copy cannot be written. Damage raises any of Pillow's and Python's own errors.
    """
    # The file is opened here, not by the library: Windows cannot remove a file that a library still has open.
    with source.open("rb") as stream, _opened(stream, media_type) as picture:
        by_page: dict[int, list[Numbered]] = {}
        for number, placed in enumerate(marks, start=1):
            by_page.setdefault(placed.mark.page, []).append((number, placed))
        count = getattr(picture, "n_frames", 1) if media_type == "image/tiff" else 1
        missing = tuple(sorted(page for page in by_page if page > count))
        if len(missing) == len(by_page):
            raise CheckFailed("marking.no_page")
        if media_type == "image/tiff":
            _save_tiff(picture, target, by_page, count, check)
        else:
            check()
            extra = _kept(picture)
            _turn_upright(picture)
            marked = _in_colour(picture) if media_type == "image/png" else _in_rgb(picture)
            _draw(marked, by_page[1])
            if media_type == "image/png":
                with target.open("wb") as copy:
                    _save_png(marked, _CheckedWriter(copy, check), extra)
            else:
                marked.save(target, "JPEG", quality=QUALITY, subsampling=0, exif=b"", **extra)
        return CopyMade(missing)


class _CheckedWriter(io.RawIOBase):
    """Writes to a stream, and calls ``check`` each time: compressing a large picture takes seconds."""

    def __init__(self, stream: BinaryIO, check: Callable[[], None]) -> None:
        self._stream, self._check = stream, check

    def writable(self) -> bool:
        return True

    def write(self, content: Buffer, /) -> int:
        self._check()
        return self._stream.write(content)


def _save_png(picture: Image.Image, stream: io.RawIOBase, extra: dict[str, Any]) -> None:
    # Light compression (3: runs): at the usual level a page at 600 dots per inch takes eight seconds.
    picture.save(cast("BinaryIO", stream), "PNG", exif=b"", compress_level=1, compress_type=3, **extra)


def _opened(stream: BinaryIO, media_type: str) -> Image.Image:
    if media_type not in _FORMATS:
        raise CheckFailed("marking.no_library")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(stream, formats=_FORMATS[media_type])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise CheckFailed("marking.too_large") from None
    _check_size(picture)
    return picture


def _check_size(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise CheckFailed("marking.too_large")


def _turn_upright(picture: Image.Image) -> None:
    # In place: an A3 scan takes 280 MB, and so does each copy.
    ImageOps.exif_transpose(picture, in_place=True)
    picture.load()


def _in_colour(picture: Image.Image) -> Image.Image:
    if picture.mode in _COLOURS:
        return picture
    if picture.mode.startswith(("I", "F")):  # more than 8 bits per pixel: a scan's greys
        grey = picture.convert("F")
        _, high = cast(tuple[float, float], grey.getextrema())  # a pair for the one band
        return (grey.point(_to_eight_bits) if high > 255 else grey).convert("L").convert("RGB")
    clear = picture.mode in ("LA", "PA") or "transparency" in picture.info
    return picture.convert("RGBA" if clear else "RGB")


def _to_eight_bits(value: Image.ImagePointTransform) -> Image.ImagePointTransform:
    return value / 257


def _in_rgb(picture: Image.Image) -> Image.Image:
    coloured = _in_colour(picture)
    return coloured if coloured.mode == "RGB" else coloured.convert("RGB")


def _kept(picture: Image.Image) -> dict[str, Any]:
    """Return what the copy takes from the original: resolution and colour profile. No EXIF data: it may say where."""
    found = {key: picture.info[key] for key in ("dpi", "icc_profile") if picture.info.get(key)}
    if picture.mode not in ("RGB", "RGBA", "P"):  # the profile is for other colours
        found.pop("icc_profile", None)
    return found


def _save_tiff(
    picture: Image.Image, target: Path, by_page: dict[int, list[Numbered]], count: int, check: Callable[[], None]
) -> None:
    """Write page by page: a hundred scanned pages do not fit into memory."""
    if count > MOST_PAGES:
        raise CheckFailed("marking.too_large")
    with _TiffWriter(target, new=True) as writer:
        for page, frame in enumerate(_frames(picture, count), start=1):
            check()
            packing = str(frame.info.get("compression", "raw"))
            # A copy of the pixels only: the frame's tags would describe strips that no longer exist.
            plain, extra = ImageOps.exif_transpose(frame), _kept(frame)
            if page in by_page:
                plain, packing = _in_rgb(plain), "tiff_adobe_deflate"
                _draw(plain, by_page[page])
            elif packing not in _LOSSLESS:
                packing = "tiff_adobe_deflate"
            plain.save(writer, "TIFF", compression=packing, **extra)
            writer.newFrame()


class _TiffWriter(TiffImagePlugin.AppendingTiffWriter):
    """Pillow's writer, which may be closed twice: from Python 3.13 on, the interpreter closes it again at its end."""

    def close(self) -> None:
        """Finish the last page and close the file, also when finishing fails."""
        if not self.f.closed:
            try:
                super().close()
            finally:
                self.f.close()


def _frames(picture: Image.Image, count: int) -> Iterator[Image.Image]:
    for at in range(count):
        picture.seek(at)
        _check_size(picture)
        picture.load()
        yield picture


def _draw(picture: Image.Image, marks: Iterable[Numbered]) -> None:
    thick = max(2, round(max(picture.size) / 500))
    letters = ImageFont.truetype(
        str(resource("fonts/Sarabun-SemiBold.ttf")),
        max(11, round(max(picture.size) / 60)),
        layout_engine=ImageFont.Layout.BASIC,
    )
    for number, placed in marks:
        boxes = [pixels(rect, *picture.size) for rect in placed.mark.rects]
        for box in boxes:
            _tint(picture, box)
        draw = ImageDraw.Draw(picture)
        for left, top, right, bottom in boxes:
            draw.rectangle((left, top, right - 1, bottom - 1), outline=_BORDER, width=thick)
        _label(draw, boxes[0], f"{number}  {placed.code}", letters, picture.size)


def _tint(picture: Image.Image, box: tuple[int, int, int, int]) -> None:
    part = picture.crop(box)
    plain = part.convert("RGB")
    tinted = Image.blend(plain, ImageChops.multiply(plain, Image.new("RGB", plain.size, _YELLOW)), _STRENGTH)
    if part.mode == "RGBA":  # transparent areas are tinted too
        alpha = part.getchannel("A").point(lambda value: max(value, round(255 * _STRENGTH)))
        tinted.putalpha(alpha)
    picture.paste(tinted, box)


def _label(
    draw: ImageDraw.ImageDraw,
    box: tuple[int, int, int, int],
    words: str,
    letters: ImageFont.FreeTypeFont,
    size: tuple[int, int],
) -> None:
    """Write the label on a small plate above the rectangle, or inside it if there is no space above."""
    left, top, _, _ = box
    _, _, right, bottom = draw.textbbox((0, 0), words, font=letters)
    width, height = round(right) + 8, round(bottom) + 6
    at_x = max(0, min(left, size[0] - width))
    at_y = top - height if top >= height else top
    draw.rectangle((at_x, at_y, at_x + width - 1, at_y + height - 1), fill=_BORDER)
    draw.text((at_x + 4, at_y + 2), words, font=letters, fill=_PAPER)
