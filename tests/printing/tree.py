"""Reads a tagged PDF as a screen reader does: by its structure tree, not by its pages.

Only pikepdf is used: the operators of every page give the text of each mark, the tree says in which order it is read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf

MarkKey = tuple[int, int]
"""A page, from 0, and the number of a mark on it."""


@dataclass
class Node:
    """One element: its kids are elements and texts, in the order of reading."""

    role: str
    said: str = ""
    scope: str = ""
    span: int = 1
    numbering: str = ""
    clicks: list[str] = field(default_factory=list)
    """What its links say of themselves."""
    kids: list[Node | str] = field(default_factory=list)
    pages: set[int] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The characters below it as they are printed."""
        return "".join(kid if isinstance(kid, str) else kid.text for kid in self.kids)

    @property
    def heard(self) -> str:
        """What a screen reader says: the words instead of a sign or a picture, where there are any."""
        if self.said:
            return f" {self.said} "
        return "".join(kid if isinstance(kid, str) else kid.heard for kid in self.kids)

    def all(self, *roles: str) -> Iterator[Node]:
        """The elements below it of some roles, in the order of reading; every element without roles."""
        for kid in self.kids:
            if isinstance(kid, Node):
                if not roles or kid.role in roles:
                    yield kid
                yield from kid.all(*roles)

    def own(self, *roles: str) -> list[Node]:
        """The kids of some roles."""
        return [kid for kid in self.kids if isinstance(kid, Node) and kid.role in roles]

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The tree in lines, to be looked at."""
        own = "".join(kid for kid in self.kids if isinstance(kid, str))
        notes = "".join(f" [{one}]" for one in (self.said, self.scope, self.numbering, *self.clicks) if one)
        yield f"{'  ' * depth}{self.role}{f'×{self.span}' if self.span > 1 else ''}{notes} {own[:100]}"
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.lines(depth + 1)


@dataclass
class TaggedFile:
    """What a file says by its tree, and what it draws besides."""

    root: Node
    artifacts: list[str]
    """The text of every page that is no part of the structure."""
    marks: list[list[MarkKey]]
    """For every mark of every page in the order of drawing; see `order`."""
    order: list[MarkKey]
    """The marks in the order of reading."""
    english: list[str]
    """The texts that are marked as English."""
    faults: list[str]
    """What does not fit together."""


def read_tree(data: bytes) -> TaggedFile:
    """Read a file by its structure."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts: dict[object, dict[str, str]] = {}
        read = [_Page(page, fonts) for page in pdf.pages]
        numbers = {page.obj.objgen: at for at, page in enumerate(pdf.pages)}
        walk = _Walk(read, numbers)
        root = walk.element(pdf.Root.StructTreeRoot.K, None)
        faults = walk.faults
        marks = [[(at, mark) for mark in page.texts] for at, page in enumerate(read)]
        every = [key for page in marks for key in page]
        faults += [f"mark {key} is not in the tree" for key in sorted(set(every) - set(walk.order))]
        if len(set(walk.order)) != len(walk.order):
            faults.append("a mark is read twice")
        faults += _parents(pdf, walk)
        for page in read:
            faults += page.faults
        english = [text for page in read for text in page.english]
        return TaggedFile(root, ["".join(page.artifact) for page in read], marks, walk.order, english, faults)


class _Page:
    """The text of every mark of a page, of its artifacts, and of what is English."""

    def __init__(self, page: pikepdf.Page, known: dict[object, dict[str, str]]) -> None:
        self.texts: dict[int, str] = {}
        self.artifact: list[str] = []
        self.english: list[str] = []
        self.faults: list[str] = []
        fonts = page.obj.Resources.get("/Font", {})
        stack: list[tuple[str, int | None]] = []
        font: dict[str, str] = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                entries = operands[1] if len(operands) > 1 else {}
                kind = str(operands[0])
                if "/MCID" in entries:
                    mark = int(entries["/MCID"])
                    self.texts.setdefault(mark, "")
                    stack.append((kind, mark))
                elif "/Lang" in entries:
                    self.english.append("")
                    stack.append(("lang", stack[-1][1]))
                else:
                    stack.append((kind, None))
            elif name == "EMC":
                stack.pop()
            elif name == "Tf":
                one = fonts[str(operands[0])]
                if one.objgen not in known:
                    known[one.objgen] = _characters(one)
                font = known[one.objgen]
            elif name == "Tj":
                digits = bytes(operands[0]).hex().upper()
                text = "".join(font[digits[at : at + 4]] for at in range(0, len(digits), 4))
                if not stack:
                    self.faults.append(f"text outside of all marks: {text}")
                elif (mark_of := stack[-1][1]) is None:
                    self.artifact.append(text)
                else:
                    self.texts[mark_of] += text
                if stack and stack[-1][0] == "lang":
                    self.english[-1] += text
            elif name in ("f", "S") and not stack:
                self.faults.append("a drawing outside of all marks")
        if stack:
            self.faults.append("a mark is left open")


class _Walk:
    """Goes through the tree."""

    def __init__(self, pages: list[_Page], numbers: dict[object, int]) -> None:
        self.pages = pages
        self.numbers = numbers
        self.order: list[MarkKey] = []
        self.owners: dict[MarkKey, object] = {}
        self.clicks: dict[object, object] = {}
        self.faults: list[str] = []

    def element(self, own: pikepdf.Object, parent: pikepdf.Object | None) -> Node:
        if parent is not None and own.P.objgen != parent.objgen:
            self.faults.append(f"{own.S} has another parent")
        attributes = own.get("/A", {})
        node = Node(
            str(own.S)[1:],
            str(own.get("/Alt", "")),
            str(attributes.get("/Scope", ""))[1:],
            int(attributes.get("/ColSpan", 1)),
            str(attributes.get("/ListNumbering", ""))[1:],
        )
        kids = own.get("/K", pikepdf.Array())
        for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                self.mark(node, (self.numbers[own.Pg.objgen], kid), own)
            elif "/MCID" in kid:
                self.mark(node, (self.numbers[kid.Pg.objgen], int(kid.MCID)), own)
            elif kid.get("/Type") == "/OBJR":
                node.clicks.append(str(kid.Obj.Contents))
                self.clicks[kid.Obj.objgen] = own.objgen
            else:
                inner = self.element(kid, own)
                node.kids.append(inner)
                node.pages |= inner.pages
        return node

    def mark(self, node: Node, key: MarkKey, own: pikepdf.Object) -> None:
        self.order.append(key)
        self.owners[key] = own.objgen
        node.pages.add(key[0])
        node.kids.append(self.pages[key[0]].texts.get(key[1], ""))


def _parents(pdf: pikepdf.Pdf, walk: _Walk) -> Iterator[str]:
    """What is wrong with the way from pages and links into the tree."""
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    tree = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    for at, page in enumerate(pdf.pages):
        for mark, owner in enumerate(tree[int(page.obj.StructParents)]):
            if walk.owners.get((at, mark)) != owner.objgen:
                yield f"mark {mark} of page {at + 1} belongs to another element"
        for note in page.obj.get("/Annots", []):
            if walk.clicks.get(note.objgen) != tree[int(note.StructParent)].objgen:
                yield f"a link of page {at + 1} belongs to another element"
            if not str(note.Contents).strip():
                yield f"a link of page {at + 1} has no words"


def _characters(font: pikepdf.Object) -> dict[str, str]:
    """Code to characters, from the font's ToUnicode."""
    text = font.ToUnicode.read_bytes().decode("ascii")
    pairs = re.findall(r"<([0-9A-F]{4})> <([0-9A-F]*)>", text)
    return {code: bytes.fromhex(value).decode("utf-16-be") for code, value in pairs if len(value) % 4 == 0}
