"""Makes the program's icon for Windows from the drawing that the window uses.

    python build/icon.py OUTPUT.ico

Drawn by Qt, packed by Pillow; the same drawing and versions give the same bytes.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

DRAWING = Path(__file__).resolve().parent.parent / "resources" / "ui" / "icons" / "program.svg"
SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""Pixels: what Windows asks for at scalings from 100 to 250 %, and for large views of folders."""


def icon(drawing: Path = DRAWING) -> bytes:
    """Return a drawing as the content of an ``.ico`` file with all `SIZES`."""
    from PIL import Image
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(drawing.read_bytes())
    if not renderer.isValid():
        raise ValueError(f"{drawing} is no drawing")
    pictures = []
    for size in SIZES:
        canvas = QImage(size, size, QImage.Format.Format_RGBA8888)
        canvas.fill(Qt.GlobalColor.transparent)
        painter = QPainter(canvas)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        pictures.append(Image.frombytes("RGBA", (size, size), bytes(canvas.constBits())))
    packed = io.BytesIO()
    sizes = [(size, size) for size in SIZES]
    pictures[-1].save(packed, format="ICO", sizes=sizes, append_images=pictures[:-1])
    return packed.getvalue()


def write(target: Path) -> None:
    """Write the icon to a file, whole or not at all."""
    part = target.with_name(f"{target.name}.part")
    with part.open("wb") as stream:
        stream.write(icon())
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(target)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(Path(sys.argv[1]))
