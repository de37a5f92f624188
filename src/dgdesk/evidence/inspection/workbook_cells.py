"""Reads the cells of an Excel workbook (.xlsx) that may be hostile: no formula, macro or link is evaluated or followed.

Source: ISO/IEC 29500-1, SpreadsheetML. Only the list of sheets, the shared texts and the sheets' cells are read, by
the standard library's expat: every size is bounded before anything is unpacked, a document type (and with it every
entity) is refused, and a cell is only ever text. Runs in the worker.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Mapping
from typing import Any, BinaryIO, Final
from xml.parsers import expat

from dgdesk.errors import FileError
from dgdesk.evidence.workbook import (
    LARGEST_BOOK,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    FoundSheet,
    TooLarge,
)

_LARGEST_PART: Final = 64 << 20
_LARGEST_WHOLE: Final = 128 << 20
_MOST_ENTRIES: Final = 1_000
_DEEPEST: Final = 64
_REFERENCE: Final = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_PIECE: Final = 1 << 16


class _Hostile(Exception):
    """The file breaks a rule that no honest program's file breaks."""


def read_cells(stream: BinaryIO, size: int, wanted: Collection[str]) -> dict[str, FoundSheet]:
    """Return the cells of the sheets that are ``wanted``, and the names of all others with nothing in them.

    Raises:
        TooLarge: the file has more than `LARGEST_BOOK` bytes or one of the other bounds.
        FileError: ``workbook.unreadable``, also of a workbook with a password.
    """
    if size > LARGEST_BOOK:
        raise TooLarge("")
    try:
        with zipfile.ZipFile(stream) as package:
            if len(package.infolist()) > _MOST_ENTRIES:
                raise _Hostile
            return _Package(package, wanted).book()
    except (
        *(_Hostile, OSError, zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError),
        # what zipfile raises for a way of packing that it does not know, and for a password
        *(NotImplementedError, RuntimeError, ValueError, LookupError, OverflowError),
    ) as error:
        raise FileError("workbook.unreadable", path="", name="") from error


class _Package:
    def __init__(self, package: zipfile.ZipFile, wanted: Collection[str]) -> None:
        self._package, self._wanted = package, wanted
        self._left, self._cells = _LARGEST_WHOLE, MOST_CELLS

    def book(self) -> dict[str, FoundSheet]:
        names: list[tuple[str, str]] = []

        def sheet(tag: str, given: Mapping[str, str]) -> None:
            if tag == "sheet":
                link = next((text for key, text in given.items() if key.rpartition(" ")[2] == "id"), "")
                names.append((given.get("name", ""), link))

        self._parse("xl/workbook.xml", sheet)
        targets: dict[str, str] = {}

        def relation(tag: str, given: Mapping[str, str]) -> None:
            if tag == "Relationship" and given.get("TargetMode") != "External":
                targets[given.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", given.get("Target", "")))[1:]

        self._parse("xl/_rels/workbook.xml.rels", relation)
        if len(names) > MOST_SHEETS:
            raise _Hostile
        texts = self._texts()
        found: dict[str, FoundSheet] = {}
        for name, link in names:
            found[name] = self._sheet(name, targets[link], texts) if name in self._wanted else ([], [])
        return found

    def _texts(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self._package.NameToInfo:
            return []
        found: list[str] = []
        reading = _Text()

        def end(tag: str) -> None:
            if tag == "si":
                found.append(reading.taken())
            reading.end(tag)

        self._parse("xl/sharedStrings.xml", reading.start, end, reading.text)
        return found

    def _sheet(self, name: str, part: str, texts: list[str]) -> FoundSheet:
        reading = _Cells(name, texts, self._cells)
        self._parse(part, reading.start, reading.end, reading.text)
        self._cells = reading.left
        ordered = [(row, *one) for row in sorted(reading.rows) for one in _in_order(reading.rows[row])]
        return ordered, reading.merged

    def _parse(
        self,
        part: str,
        start: Callable[[str, Mapping[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Parse one part. Its names come without their namespaces."""
        depth = 0

        def opened(tag: str, given: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > _DEEPEST:
                raise _Hostile
            start(tag.rpartition(" ")[2], given)

        def closed(tag: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(tag.rpartition(" ")[2])

        def refused(*_: Any) -> None:
            raise _Hostile

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refused
        parser.EntityDeclHandler = refused
        parser.StartElementHandler, parser.EndElementHandler = opened, closed
        if text is not None:
            parser.CharacterDataHandler = text
        left = _LARGEST_PART
        with self._package.open(part) as stream:
            while piece := stream.read(_PIECE):
                left, self._left = left - len(piece), self._left - len(piece)
                if min(left, self._left) < 0:
                    raise TooLarge(part)
                parser.Parse(piece, False)
        parser.Parse(b"", True)


class _Text:
    """Collects the text of a shared or inline string: its runs, without how they are pronounced."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open = self._silent = False

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        if tag == "rPh":
            self._silent = True
        self._open = tag == "t" and not self._silent

    def end(self, tag: str) -> None:
        if tag == "rPh":
            self._silent = False
        self._open = False

    def text(self, text: str) -> None:
        if self._open:
            self._parts.append(text)

    def taken(self) -> str:
        whole, self._parts = "".join(self._parts), []
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), whole)


class _Cells:
    """Collects the cells of one sheet that hold anything."""

    def __init__(self, sheet: str, texts: list[str], left: int) -> None:
        self.rows: dict[int, dict[int, tuple[str, str]]] = {}
        self.merged: list[str] = []
        self.left = left
        self._sheet, self._texts = sheet, texts
        self._row = self._column = 0
        self._kind = ""
        self._formula = False
        self._value: list[str] | None = None
        self._raw = ""
        self._inline = _Text()
        self._inside = False

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        match tag:
            case "row":
                self._row, self._column = int(given.get("r", self._row + 1)), 0
            case "c":
                self._column += 1
                if found := _REFERENCE.fullmatch(given.get("r", "")):
                    self._column, self._row = _column(found[1]), int(found[2])
                self._kind, self._formula, self._raw = given.get("t", "n"), False, ""
            case "f":
                self._formula = True
            case "v":
                self._value = []
            case "is":
                self._inside = True
            case "mergeCell":
                if len(self.merged) < 20:
                    self.merged.append(given.get("ref", "")[:20])
        if self._inside:
            self._inline.start(tag, given)

    def text(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)
        if self._inside:
            self._inline.text(text)

    def end(self, tag: str) -> None:
        if self._inside:
            self._inline.end(tag)
        if tag == "v":
            self._raw, self._value = "".join(self._value or ()), None
        elif tag == "is":
            self._inside, self._raw = False, self._inline.taken()
        elif tag == "c":
            kind, text = self._cell()
            if text or kind == "formula":
                self._add(kind, text)

    def _cell(self) -> tuple[str, str]:
        raw = self._raw
        if self._formula:
            return "formula", raw
        match self._kind:
            case "s":
                return "text", self._texts[_index(raw)] if raw.strip() else ""
            case "inlineStr":
                return "text", raw
            case "b":
                return "truth", "yes" if raw.strip() == "1" else "no" if raw.strip() else ""
            case "e":
                return "error", raw
            case "n":
                return "number", _number(raw.strip())
        return "text", _ESCAPED.sub(lambda found: chr(int(found[1], 16)), raw)

    def _add(self, kind: str, text: str) -> None:
        self.left -= 1
        if not (0 < self._row <= MOST_ROWS and self._column <= MOST_COLUMNS and self.left >= 0):
            raise TooLarge(self._sheet, self._row, self._column)
        self.rows.setdefault(self._row, {})[self._column] = kind, text


def _in_order(row: Mapping[int, tuple[str, str]]) -> list[tuple[int, str, str]]:
    return [(column, *row[column]) for column in sorted(row)]


def _index(raw: str) -> int:
    index = int(raw)
    if index < 0:
        raise _Hostile
    return index


def _number(raw: str) -> str:
    """Return a number as the sheet shows it: with the 15 digits that a spreadsheet has."""
    return f"{float(raw):.15g}" if raw else ""


def _column(letters: str) -> int:
    column = 0
    for one in letters:
        column = column * 26 + ord(one) - 64
    return column
