"""Pictures as pages, a TIFF with several too. Pillow reads them in the worker."""

from __future__ import annotations

import warnings
from math import ceil
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageOps

from dgdesk.errors import FileError
from dgdesk.evidence.media import HEIC, JPEG, PNG, TIFF
from dgdesk.evidence.pages.geometry import NO_TEXT, Bitmap, IsCancelled, PageSize, PageText, Piece
from dgdesk.evidence.pages.pdf import MOST_PIXELS as MOST_IN_A_PIECE

MOST_BYTES: Final = 36 << 20
"""Of a picture that is held to be shown, A4 at 300 dots an inch in colour; a larger one is held smaller."""
MOST_PIXELS: Final = 150_000_000
_DOTS: Final = 96
"""Pixels an inch of a picture at 100 %."""
_NEARLY: Final = 0.9
"""Of the sides that can be afforded: where a JPEG's decoder gives that much, it is not decoded at twice as much."""
_FORMATS: Final = {JPEG: ("JPEG", "MPO"), PNG: ("PNG",), TIFF: ("TIFF",)}
_HEIF: Final = frozenset({HEIC, "image/heif"})
_TURNED: Final = frozenset({5, 6, 7, 8})
_ORIENTATION: Final = 0x0112


class PictureFile:
    """A picture, or the pictures of a TIFF. One is in memory, upright, at a size that the memory limit allows.

    A JPEG is decoded when it is first drawn, no larger than needed, and again when a larger size is needed: its decoder
    makes a scan at half or a quarter of its size in a fraction of the time.
    """

    held = MOST_BYTES

    def __init__(self, path: Path, kind: str) -> None:
        """Open a picture; the file must not change until `close`. Damage within a JPEG is reported when it is drawn.

        Raises:
            FileError: ``viewer.no_heic``, ``viewer.picture_damaged``, ``viewer.too_large``.
            OSError: it cannot be read.
        """
        if kind in _HEIF:
            raise FileError("viewer.no_heic")
        if kind not in _FORMATS:
            raise FileError("viewer.picture_damaged")
        # Pictures that are too large are found by their pixels, below.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        self._stream = path.open("rb")
        self._number, self._image, self._best = -1, Image.new("L", (1, 1)), True
        self._formats, self._scales = _FORMATS[kind], kind == JPEG
        self._full: dict[int, PageSize] = {}
        try:
            self._file: Any = self._opened()
            self.count = int(getattr(self._file, "n_frames", 1)) if kind == TIFF else 1
            self._load(0, 0 if self._scales else 1)
        except BaseException:
            self._stream.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._image = Image.new("L", (1, 1))
        self._stream.close()

    def size(self, number: int) -> PageSize:
        """Return the size of a picture.

        Raises:
            FileError: ``viewer.picture_damaged``, ``viewer.page_damaged``, ``viewer.too_large``.
        """
        if number not in self._full:
            self._load(number, 1)
        return self._full[number]

    def render(self, piece: Piece, cancelled: IsCancelled) -> Bitmap | None:
        """Return a piece of a picture. Raises as `size`.

        Raises:
            ValueError: the piece has too many pixels, or none.
        """
        width, height = piece.right - piece.left, piece.bottom - piece.top
        if width < 1 or height < 1 or width * height > MOST_IN_A_PIECE:
            raise ValueError(f"piece of {width} × {height}")
        self._load(piece.page, max(piece.width, 1))
        across, down = self._image.width / piece.width, self._image.height / piece.height
        box = (
            max(piece.left * across, 0),
            max(piece.top * down, 0),
            min(piece.right * across, self._image.width),
            min(piece.bottom * down, self._image.height),
        )
        part = self._image
        if part.size != (width, height) or box != (0, 0, width, height):
            # A gap of 1: first reduced by a whole number, which halves the time and still averages every pixel.
            part = part.resize((width, height), Image.Resampling.BILINEAR, box=box, reducing_gap=1.0)
        return Bitmap(width, height, bytearray(part.convert("RGB").tobytes("raw", "BGRX")))

    def text(self, number: int) -> PageText:
        """A picture has no text."""
        return NO_TEXT

    def letters(self, number: int) -> str:
        """A picture has no text."""
        return ""

    def _opened(self) -> Any:
        try:
            self._stream.seek(0)
            return Image.open(self._stream, formats=self._formats)
        except Image.DecompressionBombError as error:
            raise FileError("viewer.too_large") from error
        except (FileError, MemoryError):
            raise
        except Exception as error:  # Pillow's readers raise any kind of error over damaged files
            raise FileError("viewer.picture_damaged") from error

    def _load(self, number: int, wide: int) -> None:
        """Load a picture at least ``wide`` pixels wide, if the memory limit allows; 0: only read its size."""
        if number == self._number and (self._best or wide <= self._image.width):
            return
        again = number == self._number or (self._scales and wide > 0)
        self._image, self._number = Image.new("L", (1, 1)), -1
        try:
            if again:
                self._file = self._opened()  # a decoder gives only one size
            if number or self.count > 1:
                self._file.seek(number)
            full = self._file.size
            if full[0] * full[1] > MOST_PIXELS:
                raise FileError("viewer.too_large")
            orientation = self._file.getexif().get(_ORIENTATION, 1)
            if orientation in _TURNED:
                full = (full[1], full[0])
            if wide:
                scale = min(wide / max(full[0], 1), 1) if self._scales else 1
                self._image, self._best = _afforded(self._file, orientation, scale, alone=self.count == 1)
                self._number = number
        except Image.DecompressionBombError as error:
            raise FileError("viewer.too_large") from error
        except (FileError, MemoryError):
            raise
        except Exception as error:  # as above
            if number:
                raise FileError("viewer.page_damaged", page=number + 1) from error
            raise FileError("viewer.picture_damaged") from error
        self._full[number] = PageSize(max(full[0], 1) * 72 / _DOTS, max(full[1], 1) * 72 / _DOTS)


def _afforded(picture: Any, orientation: int, scale: float, *, alone: bool) -> tuple[Image.Image, bool]:
    """Decode a picture, a JPEG at ``scale`` or more, and at most at the size that the memory limit allows.

    Return it upright, and whether it cannot be decoded any larger. ``alone``: the file has no other picture whose
    pixels would take the place of these, so that they need not be copied.
    """
    # No copy before it is small: an A3 scan at 600 dots per inch takes 280 MB.
    made, held = picture, fitting(picture.size, 1 if picture.mode in ("1", "L") else 4)
    if picture.format in ("JPEG", "MPO"):
        held = _given(picture.size, held)
        picture.draft(
            None, tuple(min(most, max(ceil(scale * side), 1)) for side, most in zip(picture.size, held, strict=True))
        )
    picture.load()
    best = picture.width >= held[0] and picture.height >= held[1]
    if best and picture.size != held:
        if picture.mode in ("1", "P", "PA") or picture.mode.startswith("I;"):
            made = picture.convert(
                {"1": "L", "P": "RGBA" if "transparency" in picture.info else "RGB"}.get(picture.mode, "I")
            )
        # Reduced by a whole number first, which needs no more memory: with an A3 scan little is left.
        made = made.resize(held, Image.Resampling.BILINEAR, reducing_gap=1.0)
    made = _on_white(made, "transparency" in picture.info, alone or made is not picture)
    if orientation != 1:
        made.getexif()[_ORIENTATION] = orientation
        made = ImageOps.exif_transpose(made)
    return made, best


def _given(full: tuple[int, int], held: tuple[int, int]) -> tuple[int, int]:
    """Return the size near ``held`` that a JPEG's decoder gives by itself; ``held`` if there is none."""
    for part in (8, 4, 2):
        width, height = -(-full[0] // part), -(-full[1] // part)
        if _NEARLY * held[0] <= width <= held[0] and height <= held[1]:
            return width, height
    return held


def fitting(size: tuple[int, int], depth: int) -> tuple[int, int]:
    """Return the size at which a picture of ``depth`` bytes a pixel may be held."""
    needed = size[0] * size[1] * depth
    if needed <= MOST_BYTES:
        return size
    scale = (MOST_BYTES / needed) ** 0.5
    return max(int(size[0] * scale), 1), max(int(size[1] * scale), 1)


def _on_white(picture: Image.Image, clear: bool, own: bool) -> Image.Image:
    """Return a picture in greys or colours; a transparent one gets a white background. ``own``: no copy is needed."""
    if picture.mode in ("L", "RGB") and not clear:
        return picture if own else picture.copy()
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode.startswith(("I", "F")):  # more than 8 bits per pixel
        grey = picture.convert("F")
        high = grey.getextrema()[1]
        return (grey.point(lambda value: value / 257) if isinstance(high, float) and high > 255 else grey).convert("L")
    if clear or picture.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        clear_one = picture.convert("RGBA")
        white = Image.new("RGB", picture.size, (255, 255, 255))
        white.paste(clear_one, mask=clear_one.getchannel("A"))
        return white
    return picture.convert("RGB")
