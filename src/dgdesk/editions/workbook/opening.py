"""Reads the cells of an Excel workbook (.xlsx) that may be hostile: no formula, macro or link is evaluated or followed.

Source: ISO/IEC 29500-1, SpreadsheetML. Only the list of sheets, the shared texts and the sheets' cells are read, by
the standard library's expat: every size is bounded before anything is unpacked, a document type (and with it every
entity) is refused, and a cell is only ever text.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from dgdesk.editions.workbook.columns import SHEETS, cell_name
from dgdesk.editions.workbook.grid import Book, GridCell, Sheet
from dgdesk.errors import FileError

LARGEST_BOOK: Final = 16 << 20
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
_MOST_CELLS: Final = 400_000
_LARGEST_PART: Final = 64 << 20
_LARGEST_WHOLE: Final = 128 << 20
_MOST_ENTRIES: Final = 1_000
_MOST_SHEETS: Final = 60
_DEEPEST: Final = 64
_REFERENCE: Final = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_PIECE: Final = 1 << 16


class _Hostile(Exception):
    """The file breaks a rule that no honest program's file breaks."""


def open_book(path: Path) -> Book:
    """Return the cells of a workbook.

    Raises:
        FileError: ``workbook.missing``, ``workbook.unreadable`` (also a workbook with a password),
            ``workbook.too_large`` with the cell or the sheet.
    """
    try:
        if path.stat().st_size > LARGEST_BOOK:
            raise FileError("workbook.too_large", name=path.name, place=f"{LARGEST_BOOK >> 20} MB")
        with path.open("rb") as stream, zipfile.ZipFile(stream) as package:
            if len(package.infolist()) > _MOST_ENTRIES:
                raise _Hostile
            return _Package(package, path.name).book()
    except FileNotFoundError as error:
        raise FileError("workbook.missing", path=path, name=path.name) from error
    except FileError:
        raise
    except (
        *(_Hostile, OSError, zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError),
        *(NotImplementedError, RuntimeError, ValueError, LookupError, OverflowError),
    ) as error:
        raise FileError("workbook.unreadable", path=path, name=path.name) from error


class _Package:
    def __init__(self, package: zipfile.ZipFile, name: str) -> None:
        self._package, self._name = package, name
        self._left, self._cells = _LARGEST_WHOLE, _MOST_CELLS

    def book(self) -> Book:
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
        if len(names) > _MOST_SHEETS:
            raise _Hostile
        texts = self._texts()
        return {name: self._sheet(name, targets[link], texts) if name in SHEETS else Sheet({}) for name, link in names}

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

    def _sheet(self, name: str, part: str, texts: list[str]) -> Sheet:
        reading = _Cells(name, self._name, texts, self._cells)
        self._parse(part, reading.start, reading.end, reading.text)
        self._cells = reading.left
        ordered = {number: reading.rows[number] for number in sorted(reading.rows)}
        return Sheet(ordered, tuple(reading.merged))

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
                    raise FileError("workbook.too_large", name=self._name, place=part)
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

    def __init__(self, sheet: str, book: str, texts: list[str], left: int) -> None:
        self.rows: dict[int, dict[int, GridCell]] = {}
        self.merged: list[str] = []
        self.left = left
        self._sheet, self._book, self._texts = sheet, book, texts
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
            cell = self._cell()
            if cell.text or cell.kind == "formula":
                self._add(cell)

    def _cell(self) -> GridCell:
        raw = self._raw
        if self._formula:
            return GridCell(raw, "formula")
        match self._kind:
            case "s":
                return GridCell(self._texts[_index(raw)] if raw.strip() else "")
            case "inlineStr":
                return GridCell(raw)
            case "b":
                return GridCell("yes" if raw.strip() == "1" else "no" if raw.strip() else "", "truth")
            case "e":
                return GridCell(raw, "error")
            case "n":
                return GridCell(_number(raw.strip()), "number")
        return GridCell(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), raw))

    def _add(self, cell: GridCell) -> None:
        self.left -= 1
        if not (0 < self._row <= MOST_ROWS and self._column <= MOST_COLUMNS and self.left >= 0):
            place = cell_name(self._sheet, self._row, self._column)
            raise FileError("workbook.too_large", name=self._book, place=place)
        self.rows.setdefault(self._row, {})[self._column] = cell


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
