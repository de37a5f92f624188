"""Writes the structure tree into the file (ISO 32000-1, 14.7): elements, and from pages and links the way to them."""

from __future__ import annotations

from collections.abc import Sequence

from dgdesk.printing.pdffile import PdfFile, text_string
from dgdesk.printing.tags import PARAGRAPH, Click, Element, PageMark, TagTree

_SPOKEN = 2_000  # characters of what is read instead of something; a string may have 32,767 bytes


def add_structure(pdf: PdfFile, tree: TagTree, pages: Sequence[int], clicks: Sequence[tuple[int, int]]) -> int:
    """Add the tree and return its number.

    ``pages`` are the numbers of the pages, ``clicks`` those of the page and the annotation of every link. The keys of
    pages in the parent tree are their places, those of links come after them.
    """
    elements = list(tree.in_order())
    root = pdf.reserve()
    first = pdf.reserve(len(elements))
    for element in elements:
        pdf.put(first + element.number, _body(element, root, first, pages, clicks))
    owners: list[int] = [0] * len(clicks)
    for element in elements:
        if element.part.role == "Link":
            for kid in element.kids:
                if isinstance(kid, Click):
                    owners[kid.number] = first + element.number
    lists = [f"{at}[{' '.join([f'{first + one.number} 0 R' for one in marks])}]" for at, marks in enumerate(tree.pages)]
    links = [f"{len(pages) + at} {owner} 0 R" for at, owner in enumerate(owners)]
    parents = pdf.add(f"<</Nums[{' '.join([*lists, *links])}]>>")
    keys = len(pages) + len(clicks)
    pdf.put(root, f"<</Type/StructTreeRoot/K {first} 0 R/ParentTree {parents} 0 R/ParentTreeNextKey {keys}>>")
    return root


def _body(element: Element, root: int, first: int, pages: Sequence[int], clicks: Sequence[tuple[int, int]]) -> str:
    """One element as it is written."""
    own: int | None = None  # its page: marks of that page are bare numbers
    kids: list[str] = []
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(f"{first + kid.number} 0 R")
        elif isinstance(kid, PageMark):
            if own is None:
                own = kid.page
            kids.append(
                str(kid.number) if kid.page == own else f"<</Type/MCR/Pg {pages[kid.page]} 0 R/MCID {kid.number}>>"
            )
        else:
            page, note = clicks[kid.number]
            kids.append(f"<</Type/OBJR/Obj {note} 0 R/Pg {page} 0 R>>")
    parent = root if element.parent is None else first + element.parent.number
    where = "" if own is None else f"/Pg {pages[own]} 0 R"
    inside = "" if not kids else f"/K {kids[0]}" if len(kids) == 1 else f"/K[{' '.join(kids)}]"
    entries = "" if element.part is PARAGRAPH else _entries(element)
    return f"<</S/{element.role}/P {parent} 0 R{where}{entries}{inside}>>"


def _entries(element: Element) -> str:
    """What else is said of an element: its attributes, and the words for a reader."""
    part = element.part
    said = f"/Alt{text_string(part.said[:_SPOKEN])}" if part.said else ""
    if part.numbering:
        return f"{said}/A<</O/List/ListNumbering/{part.numbering}>>"
    if part.scope or part.span > 1:
        scope = f"/Scope/{part.scope}" if part.scope else ""
        span = f"/ColSpan {part.span}" if part.span > 1 else ""
        return f"{said}/A<</O/Table{scope}{span}>>"
    if part.role == "Form":
        return f"{said}/A<</O/PrintField/Role/tv>>"
    if element.box is not None:
        edges = " ".join(f"{edge:.2f}" for edge in element.box)
        return f"{said}/A<</O/Layout/Placement/Block/BBox[{edges}]>>"
    return said
