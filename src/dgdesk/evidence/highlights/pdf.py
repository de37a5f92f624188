"""A copy of a PDF with highlight annotations (PDF 32000-1:2008, 12.5.6.10) that any reader shows.

Each has its own appearance, so that no reader needs to invent one. There are no dates and no random ids: the same file
and marks give the same bytes. A file that is encrypted, but opens without a password, is copied without its
encryption, whose keys are random; the original keeps its own.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String

from dgdesk.errors import CheckFailed
from dgdesk.evidence.highlights.geometry import CopyMade, PageFrame, PlacedMark, Point, in_words, page_frame
from dgdesk.evidence.inspection.pdf_contents import form_fields, is_signature

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

# Errors of a file are reported by a code. Without a handler Python would print the library's messages to stderr.
logging.getLogger("pikepdf").addHandler(logging.NullHandler())

_YELLOW = (1, 1, 0)
_STRENGTH = 0.4
_PRINTED = 4  # the annotation flag "Print"
_DIGITS = 3


def mark_pdf(source: Path, target: Path, marks: Sequence[PlacedMark], check: Callable[[], None]) -> CopyMade:
    """Write a copy of ``source`` with the marks to ``target``; report marked pages that the file lacks.

    A digital signature would be broken in the copy. It is taken out, and its picture on the page stays; each mark says
    so. The original keeps its signature.

    ``check`` is called regularly; to stop, it raises an exception, which passes through.

    Raises:
        CheckFailed: ``marking.password``, ``marking.no_page`` (it has none of the pages).
        OSError: the copy cannot be written. Damage raises any of pikepdf's and Python's own errors.
    """
    # The file is opened here, not by the library: Windows cannot remove a file that a library still has open.
    with source.open("rb") as original, _opened(original) as pdf:
        by_page: dict[int, list[tuple[int, PlacedMark]]] = {}
        for number, placed in enumerate(marks, start=1):
            by_page.setdefault(placed.mark.page, []).append((number, placed))
        count = len(pdf.pages)
        missing = tuple(sorted(page for page in by_page if page > count))
        if len(missing) == len(by_page):
            raise CheckFailed("marking.no_page")
        unsigned = _take_signatures_out(pdf)
        look = pdf.make_indirect(Dictionary(Type=Name.ExtGState, BM=Name.Multiply, ca=_STRENGTH))
        for at in sorted(by_page.keys() - set(missing)):
            check()
            _mark_page(pdf, pdf.pages[at - 1], by_page[at], look, unsigned=unsigned)
        with target.open("wb") as copy:
            sink = _Sink(copy)
            pdf.save(
                cast("BinaryIO", sink),
                deterministic_id=True,
                encryption=False,
                # Streams are copied unchanged: faster, and the bytes do not depend on a version of zlib. Metadata too:
                # a copy needs no parsing of untrusted XML.
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                fix_metadata_version=False,
                preserve_pdfa=False,
                progress=lambda percent: check(),
            )
            sink.tell_failure()
        return CopyMade(missing, unsigned)


def _opened(original: BinaryIO) -> Pdf:
    try:
        return Pdf.open(original, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise CheckFailed("marking.password") from None


class _Sink(io.RawIOBase):
    """Takes what qpdf writes and stores a failure for later: an exception in a write would abort the process.

    (qpdf flushes once more in a C++ destructor, where nothing may be thrown; seen with qpdf 12 and a full disk.)
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._failure: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, content: Buffer, /) -> int:
        whole = memoryview(content)
        if self._failure is None:
            try:
                self._stream.write(whole)
            except OSError as error:
                self._failure = error
        return whole.nbytes

    def flush(self) -> None:
        """Does nothing: the file's own buffer is flushed when it is closed."""

    def tell_failure(self) -> None:
        """Raise the error of a failed write, if any."""
        if self._failure is not None:
            raise self._failure
        self._stream.flush()


def _take_signatures_out(pdf: Pdf) -> bool:
    """Make the signatures' pictures into stamps, and remove their fields; return whether there was a signature."""
    signatures = [field for field in form_fields(pdf) if is_signature(field)]
    if not signatures:
        return False
    widgets = {kid.objgen for field in signatures for kid in (field, *_list(field.get("/Kids")))}
    form = pdf.Root.AcroForm
    _without(form, "/Fields", widgets)
    for field in signatures:
        if isinstance(parent := field.get("/Parent"), Dictionary):
            _without(parent, "/Kids", widgets)
    for page in pdf.pages:
        for one in _list(page.obj.get("/Annots")):
            if one.objgen in widgets and one.get("/Subtype") == "/Widget":
                for key in _OF_A_FIELD & set(one.keys()):
                    del one[key]
                one["/Subtype"] = Name.Stamp
    for holder, key in ((form, "/SigFlags"), (pdf.Root, "/Perms"), (pdf.Root, "/DSS")):
        if key in holder:
            del holder[key]
    return True


_OF_A_FIELD = frozenset(
    {"/FT", "/V", "/T", "/TU", "/TM", "/Ff", "/DA", "/DV", "/Parent", "/Kids", "/Lock", "/SV", "/MK", "/A", "/AA", "/H"}
)


def _without(holder: Object, key: str, left_out: set[tuple[int, int]]) -> None:
    holder[key] = Array([one for one in _list(holder.get(key)) if one.objgen not in left_out])


def _list(found: Object | None) -> list[Object]:
    return [one for one in list(found) if isinstance(one, Dictionary)] if isinstance(found, Array) else []


_UNSIGNED = "สำเนานี้ไม่มีลายมือชื่อดิจิทัล โปรดตรวจสอบลายมือชื่อจากต้นฉบับในโฟลเดอร์ evidence"
"""In the marks of a copy whose signature was taken out, for whoever reads only the copy."""


def _mark_page(pdf: Pdf, page: Page, marks: Iterable[tuple[int, PlacedMark]], look: Object, *, unsigned: bool) -> None:
    frame = page_frame(_numbers(page.mediabox), _numbers(page.cropbox), int(page.rotation))
    new = [_annotation(pdf, page, frame, number, placed, look, unsigned) for number, placed in marks]
    there = page.obj.get("/Annots")
    # A new list, since pages may share one.
    page.obj["/Annots"] = Array([*(list(there) if isinstance(there, Array) else ()), *new])


def _annotation(
    pdf: Pdf, page: Page, frame: PageFrame, number: int, placed: PlacedMark, look: Object, unsigned: bool
) -> Object:
    """Return a highlight. Its id must be unique on the page; ``number`` counts the marks of the file."""
    quads = [frame.corners(rect) for rect in placed.mark.rects]
    boxes = [_around(quad) for quad in quads]
    box = _around([point for quad in quads for point in quad])
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Highlight,
            P=page.obj,
            Rect=Array(box),
            # Top left, top right, bottom left, bottom right: not the standard's order, but what all programs use.
            QuadPoints=Array([round(one, _DIGITS) for quad in quads for point in quad for one in point]),
            C=Array(_YELLOW),
            CA=_STRENGTH,
            F=_PRINTED,
            NM=String(f"dgdesk-{number}"),
            T=String(placed.code),
            Contents=String(f"{in_words(placed)}\n{_UNSIGNED}" if unsigned else in_words(placed)),
            AP=Dictionary(N=_appearance(pdf, box, boxes, look)),
        )
    )


def _appearance(pdf: Pdf, box: Sequence[float], boxes: Iterable[Sequence[float]], look: Object) -> Object:
    """Return the drawing: one path, so that overlapping rectangles do not become darker."""
    parts = ["/M gs", "{} {} {} rg".format(*_YELLOW)]
    parts += [f"{left:.3f} {low:.3f} {right - left:.3f} {high - low:.3f} re" for left, low, right, high in boxes]
    return Stream(
        pdf,
        ("\n".join([*parts, "f"]) + "\n").encode("ascii"),
        Type=Name.XObject,
        Subtype=Name.Form,
        FormType=1,
        BBox=Array(box),
        Resources=Dictionary(ExtGState=Dictionary(M=look)),
    )


def _around(points: Iterable[Point]) -> tuple[float, float, float, float]:
    across, up = zip(*points, strict=True)
    return (
        round(min(across), _DIGITS),
        round(min(up), _DIGITS),
        round(max(across), _DIGITS),
        round(max(up), _DIGITS),
    )


def _numbers(box: Object) -> list[float] | None:
    try:
        return [float(one) for one in list(box)]
    except (TypeError, ValueError):
        return None
