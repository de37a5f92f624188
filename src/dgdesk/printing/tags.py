"""What a print means, beside how it looks: the structure tree of a tagged PDF (ISO 32000-1, 14.7 and 14.8).

Blocks say the role of what they draw (`Part`), and the pen asks the tree for the element that stands for it. An element
joins the tree when something is first drawn in it, so a block without ink leaves nothing behind. What goes on on the
next page finds its element again by its key: the paragraph, row or part itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

Role: TypeAlias = Literal[
    "Document", "Sect", "H", "P", "L", "LI", "Lbl", "LBody", "TOC", "TOCI", "Reference", "Table", "TR", "TH", "TD",
    "Link", "Span", "Figure", "Form",
]  # fmt: skip
Numbering: TypeAlias = Literal["", "None", "Disc", "Circle", "Square", "Decimal"]
Scope: TypeAlias = Literal["", "Column", "Row"]
Box: TypeAlias = tuple[float, float, float, float]

_DEEPEST: Final = 6  # H6 is the last level of a heading
_GROUPS: Final = ("Document", "Sect")


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """What something printed is. Where a part stands for one thing, as a list or an item, the object is its key.

    ``said`` is read instead of what is drawn: of a figure, a mark, a space to write in. ``rank`` orders headings,
    outermost first; the heading of a part that need not be filled in is ``skipped``. ``numbering`` is that of a list,
    ``scope`` that of a head, ``span`` counts the columns of a cell. An item has a ``body``, which holds its text and
    all that it opens; if the text is ``alone`` there, it needs no paragraph.
    """

    role: Role
    said: str = ""
    rank: int = 0
    skipped: bool = False
    numbering: Numbering = ""
    scope: Scope = ""
    span: int = 1
    body: Part | None = None
    alone: bool = False


SKIPPED: Final = 4
"""The rank of the section of a skipped part: that of a question."""
PARAGRAPH: Final = Part("P")
LABEL: Final = Part("Lbl")
LINK: Final = Part("Link")


def item(*, alone: bool) -> Part:
    """A new item of a list."""
    return Part("LI", body=Part("LBody"), alone=alone)


class PageMark(NamedTuple):
    """Marked content: the page, counted from 0, and the number of the mark on it."""

    page: int
    number: int


class Click(NamedTuple):
    """The annotation of a link, counted from 0 in the whole document."""

    number: int


class Element:
    """One element of the tree. Its ``role`` is the structure type, of a heading with its level.

    ``box`` is where a figure stands, ``target`` where a link leads; ``number`` is the place in the order of reading.
    """

    __slots__ = ("box", "joined", "kids", "number", "parent", "part", "role", "target")

    def __init__(self, part: Part, parent: Element | None) -> None:
        self.part = part
        self.role: str = part.role
        self.parent = parent
        self.kids: list[Element | PageMark | Click] = []
        self.joined = parent is None
        self.box: Box | None = None
        self.number = 0
        self.target = ""

    @property
    def groups(self) -> bool:
        """Whether headings and sections may stand in the element."""
        return self.part.role in _GROUPS

    def join(self) -> None:
        """Join the tree, behind what stands there already."""
        if not self.joined:
            self.joined = True
            assert self.parent is not None
            self.parent.join()
            self.parent.kids.append(self)


class TagTree:
    """The structure of one document, and what every mark of a page belongs to."""

    def __init__(self) -> None:
        self.root = Element(Part("Document"), None)
        self.pages: list[list[Element]] = []
        """For each page the element of every mark."""
        self._known: dict[object, Element] = {}
        self._sections: list[tuple[int, bool, Element]] = []  # rank, whether of a skipped part, the open section

    @property
    def section(self) -> Element:
        """The open section: where the next block goes."""
        return self._sections[-1][2] if self._sections else self.root

    def element(self, key: object, part: Part, parent: Element) -> Element:
        """The element that stands for ``key``, made on the first call."""
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Element(part, parent)
        return found

    def heading(self, key: object, part: Part) -> Element:
        """A heading: it ends the sections of its own rank and below, and begins one. No level is left out.

        A skipped question stays in the section that its reason began (`skipped_part`).
        """
        found = self._known.get(key)
        if found is None:
            self._end(part.rank, keeps=part.skipped)
            section = Element(Part("Sect"), self.section)
            level = 1 + sum(not skipped for _, skipped, _ in self._sections)
            self._sections.append((part.rank, False, section))
            found = self._known[key] = Element(part, section)
            found.role = f"H{min(level, _DEEPEST)}"
        return found

    def skipped_part(self, key: object, rank: int) -> Element:
        """The section of what is skipped for one reason: it has no heading of its own."""
        found = self._known.get(key)
        if found is None:
            self._end(rank, keeps=False)
            found = self._known[key] = Element(Part("Sect"), self.section)
            self._sections.append((rank, True, found))
        return found

    def in_order(self) -> Iterator[Element]:
        """Every element in the order of reading; numbers them from 0."""
        waiting = [self.root]
        number = 0
        while waiting:
            element = waiting.pop()
            element.number = number
            number += 1
            yield element
            waiting += [kid for kid in reversed(element.kids) if isinstance(kid, Element)]

    def _end(self, rank: int, *, keeps: bool) -> None:
        while self._sections and self._sections[-1][0] >= rank and not (keeps and self._sections[-1][1]):
            self._sections.pop()
