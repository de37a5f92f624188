"""Looks at content in memory as attaching looks at a file, and makes the PDFs that the stories need."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from dgdesk.evidence.inspection.inspect import look_at
from dgdesk.evidence.inspection.issue import Incoming
from dgdesk.evidence.inspection.parse import parse_content
from dgdesk.text.messages import load_catalogue

CATALOGUES = {language: load_catalogue(language) for language in ("th", "en")}


def look(content: bytes, name: str) -> Incoming:
    """Look at content; whatever is found can be said in both languages."""
    stream = io.BytesIO(content)
    looked = look_at(
        stream, name, len(content), None, lambda kind, known: parse_content(stream, known, len(content), kind)
    )
    for finding in looked.findings:
        for catalogue in CATALOGUES.values():
            assert name in catalogue.text(finding.code, **finding.values)
    return looked


def told(content: bytes, name: str) -> list[str]:
    """Return the codes of what is found, without their common beginning."""
    return [finding.code.removeprefix("incoming.") for finding in look(content, name).findings]


def words(page: int, lines: int = 40) -> bytes:
    """Return the drawing of a page of text."""
    shown = "".join(
        f"1 0 0 1 50 {800 - 18 * line} Tm (page {page} line {line} {page * line % 97}) Tj " for line in range(lines)
    )
    return f"BT /F1 12 Tf {shown}ET".encode("ascii")


def pdf(
    pages: int = 4,
    change: Callable[[Pdf], None] = lambda document: None,
    draw: Callable[[int], bytes] = words,
    **options: object,
) -> bytes:
    """Make a PDF of pages with text; ``change`` may do anything to it before it is saved."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        for number in range(pages):
            page = document.add_blank_page(page_size=(595, 842))
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            page.Contents = Stream(document, draw(number))
        change(document)
        document.save(out, deterministic_id="encryption" not in options, **options)
    return out.getvalue()


OLD = {"object_stream_mode": pikepdf.ObjectStreamMode.disable}
"""Written as most scanners do: no streams of objects, so that other programs can mend it."""


def streams_in(content: bytes) -> list[tuple[int, int]]:
    """Return where the data of each stream begins and ends."""
    return [
        (found.start(1), found.end(1)) for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    ]


def with_files(document: Pdf, files: Iterable[tuple[str, bytes]], **entries: object) -> None:
    """Put files into a PDF."""
    named = []
    for name, content in files:
        stream = Stream(document, content, Type=Name.EmbeddedFile)
        made = Dictionary(Type=Name.Filespec, F=String(name), UF=String(name), EF=Dictionary(F=stream), **entries)
        named += [String(name), document.make_indirect(made)]
    document.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(named)))
