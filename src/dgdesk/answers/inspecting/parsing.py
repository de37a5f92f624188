"""Inspecting, parsing: what a file of a kind with a structure holds. Called in the document worker, and there only.

The libraries that read foreign formats may take any amount of memory and time: the caller must set bounds.
"""

from __future__ import annotations

from typing import BinaryIO

from dgdesk.answers import media
from dgdesk.answers.inspecting.finding import Content


def parse_content(stream: BinaryIO, name: str, size: int, kind: str) -> Content:
    """Return what a file is; ``kind`` is the kind by its first bytes: PDF, picture, zip or OLE. ``size`` is in bytes.

    Raises:
        OSError: the stream cannot be read.
        MemoryError: after it, results for other files in the same process may be wrong.
    """
    match kind:
        case media.PDF:
            from dgdesk.answers.inspecting.pdf import inspect_pdf

            return Content(kind, inspect_pdf(stream, size))
        case media.OLE:
            from dgdesk.answers.inspecting.ole import inspect_ole

            return inspect_ole(stream, name)
        case media.JPEG | media.PNG | media.TIFF | media.HEIC:
            from dgdesk.answers.inspecting.pictures import inspect_picture

            return Content(kind, inspect_picture(stream, size, kind))
    from dgdesk.answers.inspecting.zipped import inspect_zip

    return inspect_zip(stream, size, kind)
