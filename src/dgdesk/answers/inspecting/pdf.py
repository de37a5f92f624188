"""Inspecting, PDF: whether it opens, and without a password.

qpdf (through pikepdf) and not PDFium: the viewer uses PDFium in its own thread, and PDFium takes one thread at a time.
"""

from __future__ import annotations

from typing import BinaryIO

from dgdesk.answers.inspecting.finding import keep_quiet

# To repair a broken table the whole file must be read; that is tried on files up to this size (some
# seconds at worst, for a file with only small objects).
_MOST_MENDED = 12 << 20
_TAIL = 64 << 10


def inspect_pdf(stream: BinaryIO, size: int) -> tuple[str, ...]:
    """Return the codes of the issues to confirm."""
    stream.seek(max(0, size - _TAIL))
    if size > _MOST_MENDED and b"startxref" not in stream.read(_TAIL):
        return ("incoming.damaged",)
    import pikepdf

    keep_quiet("pikepdf")
    try:
        stream.seek(0)
        with pikepdf.open(
            stream,
            attempt_recovery=size <= _MOST_MENDED,
            access_mode=pikepdf.AccessMode.stream,
        ) as document:
            if len(document.pages) > 0:
                return ()
    except pikepdf.PasswordError:
        return ("incoming.password",)
    except MemoryError:  # not damage: the worker ends
        raise
    except Exception:  # qpdf's errors, and Python's errors over hostile values
        return ("incoming.damaged",)
    return ("incoming.damaged",)
