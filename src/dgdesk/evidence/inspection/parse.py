"""Parses files to find damage, a password, and what is hidden in them. Runs in the document worker.

The libraries that read foreign formats may take any amount of memory and time: the caller must set bounds.
"""

from __future__ import annotations

from typing import BinaryIO

from dgdesk.evidence import media
from dgdesk.evidence.inspection.issue import Content
from dgdesk.evidence.inspection.whole import CHECKED, is_whole


def parse_content(stream: BinaryIO, name: str, size: int, kind: str) -> Content:
    """Return what a file is; ``kind`` is the kind by its first bytes: PDF, picture, zip, OLE, or one of `CHECKED`.

    ``size`` is in bytes.

    Raises:
        OSError: the stream cannot be read.
        MemoryError: after it, results for other files in the same process may be wrong.
    """
    match kind:
        case media.PDF:
            from dgdesk.evidence.inspection.pdf import inspect_pdf

            return inspect_pdf(stream, size)
        case media.OLE:
            from dgdesk.evidence.inspection.ole_file import inspect_ole

            return inspect_ole(stream, name)
        case media.JPEG | media.PNG | media.TIFF | media.HEIC:
            from dgdesk.evidence.inspection.pictures import inspect_picture

            return inspect_picture(stream, size, kind)
        case _ if kind in CHECKED:
            return Content(kind, () if is_whole(stream, size, kind) else ("incoming.damaged",))
    from dgdesk.evidence.inspection.zip_file import inspect_zip

    return inspect_zip(stream, size, kind)
