"""Puts a file together from what a pen has drawn: pages, links, the reader's table of contents, fonts and structure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Final, TypeAlias

from dgdesk.printing.embedding import add_fonts
from dgdesk.printing.pdfa import PdfFacts, declare
from dgdesk.printing.pdffile import PdfFile, text_string
from dgdesk.printing.pen import OutlineEntry, PageLink, Pen
from dgdesk.printing.structure import add_structure

Describe: TypeAlias = Callable[[str, str, int | None], str]
"""A link in words: of its target, its text, and the page to which it leads, if that is in the document."""

_PRINTED: Final = 4  # the flag of an annotation that is shown on paper as on the screen


def described(target: str, text: str, page: int | None) -> str:
    """A link in words: its text, or if it has none its target."""
    return text.strip() or target


def assembled(pen: Pen, size: tuple[float, float], facts: PdfFacts, describe: Describe = described) -> bytes:
    """The file of all pages, each of ``size``: a PDF/A-2a and PDF/UA-1.

    Raises:
        ValueError: nothing was drawn at the target of a link; the claimed time has no time zone.
    """
    pdf = PdfFile()
    root, tree = pdf.reserve(), pdf.reserve()
    pages = [pdf.reserve() for _ in pen.pages]
    clicks = list(_links(pdf, pen, pages, describe))
    resources = pdf.add(f"<</Font{add_fonts(pdf, pen.fonts)}>>")
    at = 0
    for number, (own, page) in enumerate(zip(pages, pen.pages, strict=True)):
        content = pdf.add_stream(page.code.encode("ascii"))
        notes = " ".join(f"{note} 0 R" for _, note in clicks[at : at + len(page.links)])
        at += len(page.links)
        pdf.put(
            own,
            f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {_figure(size[0])} {_figure(size[1])}]"
            f"/Resources {resources} 0 R/Contents {content} 0 R/StructParents {number}"
            f"{f'/Tabs/S/Annots[{notes}]' if notes else ''}>>",
        )
    pdf.put(tree, f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{page} 0 R' for page in pages)}]>>")
    structure = add_structure(pdf, pen.tree, pages, clicks)
    declared = declare(pdf, facts)
    outline = _outline(pdf, pen, pages)
    contents = f"/Outlines {outline} 0 R" if outline else ""
    pdf.put(
        root,
        f"<</Type/Catalog/Pages {tree} 0 R/StructTreeRoot {structure} 0 R{contents}/PageMode/UseNone"
        f"{declared.catalogue}>>",
    )
    return pdf.written(root, declared.info)


def _links(pdf: PdfFile, pen: Pen, pages: Sequence[int], describe: Describe) -> Iterator[tuple[int, int]]:
    """Add the annotation of every link; its page and its number."""
    read = {bold: pen.fonts.face(bold).reader() for bold in (False, True)}
    keys = count(len(pages))  # of the parent tree: those of pages come first
    for page, drawn in zip(pages, pen.pages, strict=True):
        for link in drawn.links:
            text = "".join(read[piece.bold](piece.text) for piece in link.pieces)
            words = text_string(describe(link.target, text, pen.places.get(link.target[1:])))
            edges = " ".join(map(_figure, link.edges))
            yield (
                page,
                pdf.add(
                    f"<</Type/Annot/Subtype/Link/Rect[{edges}]/Border[0 0 0]/F {_PRINTED}/P {page} 0 R"
                    f"/StructParent {next(keys)}/Contents{words}{_where(pen, pages, link)}>>"
                ),
            )


def _where(pen: Pen, pages: Sequence[int], link: PageLink) -> str:
    """Where a link leads."""
    if link.target.startswith("#"):
        return _destination(pen, pages, link.target[1:])
    address = (
        link.target.encode("utf-8").decode("latin-1").replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    )
    escaped = "".join(char if " " <= char < "\x7f" else f"\\{ord(char):03o}" for char in address)
    return f"/A<</S/URI/URI({escaped})>>"


def _destination(pen: Pen, pages: Sequence[int], key: str) -> str:
    page = pen.places.get(key)
    if page is None:
        raise ValueError(f"a link leads to {key!r}, which nothing is named")
    return f"/Dest[{pages[page - 1]} 0 R/FitH {_figure(pen.tops[key])}]"


def _outline(pdf: PdfFile, pen: Pen, pages: Sequence[int]) -> int:
    """Add the reader's table of contents, all of it open; 0 if it has no entries."""
    entries = pen.entries
    if not entries:
        return 0
    root = pdf.reserve()
    first = pdf.reserve(len(entries))
    parents = list(_parents(entries))
    kids: dict[int, list[int]] = {}
    below = [0] * (len(entries) + 1)
    for at, parent in enumerate(parents):
        kids.setdefault(parent, []).append(at)
    for at in range(len(entries) - 1, -1, -1):
        below[parents[at]] += 1 + below[at]  # parents[at] is -1 for the outermost: the last place of the list
    for parent, inside in kids.items():
        for place, at in enumerate(inside):
            before = f"/Prev {first + inside[place - 1]} 0 R" if place else ""
            after = f"/Next {first + inside[place + 1]} 0 R" if place + 1 < len(inside) else ""
            owner = root if parent < 0 else first + parent
            pdf.put(
                first + at,
                f"<</Title{text_string(entries[at].title)}/Parent {owner} 0 R{before}{after}"
                f"{_inside(first, kids.get(at), below[at])}{_destination(pen, pages, entries[at].key)}>>",
            )
    pdf.put(root, f"<</Type/Outlines{_inside(first, kids.get(-1), below[-1])}>>")
    return root


def _parents(entries: Sequence[OutlineEntry]) -> Iterator[int]:
    """The entry above each one by its place; -1 for the outermost."""
    open_ones: list[tuple[int, int]] = []
    for at, entry in enumerate(entries):
        while open_ones and open_ones[-1][0] >= entry.level:
            open_ones.pop()
        yield open_ones[-1][1] if open_ones else -1
        open_ones.append((entry.level, at))


def _inside(first: int, kids: Sequence[int] | None, below: int) -> str:
    return f"/First {first + kids[0]} 0 R/Last {first + kids[-1]} 0 R/Count {below}" if kids else ""


def _figure(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
