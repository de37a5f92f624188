"""Writes the workbook of an edition: a sheet with instructions, then the tables, laid out for people to read.

Every cell is text, so that a spreadsheet changes none (1.10 stays 1.10), and none is a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final, get_args

from dgdesk.editions.workbook.columns import NAMES, READ_FIRST, SHEETS, TRUTHS, letter
from dgdesk.editions.workbook.grid import FIRST_ROW
from dgdesk.editions.workbook.opening import open_book
from dgdesk.editions.workbook.reading import read_book
from dgdesk.editions.workbook.tables import Edition, Tables, tables_of
from dgdesk.errors import CheckFailed
from dgdesk.survey.definition.models import Kind
from dgdesk.system.atomic import atomic_file
from dgdesk.text.cells import escaped, fits

Say = Callable[..., str]

_WIDE: Final = {
    **{"label": 60, "text": 60, "value": 80, "purpose": 60, "heading": 40, "words": 40, "title": 60, "note": 50},
    **{"name": 32, "id": 26, "in": 22, "of": 22, "to": 20, "url": 20, "left": 24, "right": 24, "code": 16, "hint": 26},
    **{"when": 28, "short": 28, "credit": 20, "weight_text": 20, "fields": 22, "at": 24, "status": 24, "type": 12},
    **{"extension": 20, "blanks": 16, "headings": 24, "urls": 22, "unless": 22, "zero_when": 18, "part": 14},
}
_PLAIN_WIDTH: Final = 13
_LINES: Final = 6
"""Rows in the sheet of instructions before the list of sheets."""
_LISTED: Final[dict[tuple[str, str], Sequence[str]]] = {
    ("survey", "type"): ("section", "page", *get_args(Kind)),
    ("choices", "part"): ("option", "group", "column", "row", "cell"),
    ("evidence", "rule"): ("required", "or_url", "optional"),
    ("evidence", "at"): ("label", "end"),
    ("texts", "place"): ("before", "after"),
    ("texts", "kind"): ("note", "example", "definition", "instruction", "question", "heading"),
    ("checks", "severity"): ("error", "warning"),
    ("indicators", "type"): ("heading", "pillar", "indicator"),
    ("rubric", "type"): ("unscored", "pillar", "indicator", "question", "detail"),
    ("rubric", "basis"): ("printed", "assumed"),
    ("search", "type"): ("alike", "places"),
}
"""Columns whose cells offer their words."""


def write_book(edition: Edition, target: Path, say: Say, *, replace: bool = False) -> None:
    """Write the workbook; it is read back before it gets its name. ``say`` gives the texts for people.

    Raises:
        CheckFailed: ``workbook.cannot_hold``: an edition that a workbook does not give back as it is.
        FileError: as `atomic_file`.
    """
    tables = tables_of(edition)
    with atomic_file(target, replace=replace, kind="survey_book") as part:
        _make(tables, say, part)
        from dgdesk.editions.workbook.check import same_edition  # checking needs all the rules

        trees, flaws = read_book(open_book(part))
        if flaws or not same_edition(edition, trees):
            raise CheckFailed("workbook.cannot_hold", cell=flaws[0].cell if flaws else "-")


def _make(tables: Tables, say: Say, part: Path) -> None:
    from openpyxl import Workbook  # imported only here: 0.2 s

    book = Workbook()
    first = book.active
    first.title = READ_FIRST
    _instructions(first, say)
    for name in SHEETS:
        _fill(book.create_sheet(name), name, tables[name], say)
    made = BytesIO()  # of a zip that it writes to a full disk itself, openpyxl leaves the end to the interpreter
    book.save(made)
    part.write_bytes(made.getbuffer())


def _instructions(sheet: Any, say: Say) -> None:
    from openpyxl.styles import Alignment, Font

    lines = [say("workbook.first.title"), *(say(f"workbook.first.{at}") for at in range(1, _LINES + 1))]
    lines += [f"{name}: {say(f'workbook.sheet.{name}')}" for name in SHEETS]
    for at, line in enumerate(lines, 1):
        cell = sheet.cell(at, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=at == 1, size=14 if at == 1 else 11)
    sheet.column_dimensions["A"].width = 110


def _fill(sheet: Any, name: str, rows: list[dict[str, str]], say: Say) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    wrapped = Alignment(wrap_text=True, vertical="top")
    bold, faint = Font(bold=True), Font(italic=True, color="555555")
    head, shade = PatternFill("solid", fgColor="DDE6F2"), PatternFill("solid", fgColor="F2F2F2")
    for at, column in enumerate(SHEETS[name], 1):
        dimension = sheet.column_dimensions[letter(at)]
        dimension.width = _WIDE.get(column, _PLAIN_WIDTH)
        dimension.number_format = "@"
        for number, text, font in ((1, column, bold), (2, say(f"workbook.column.{name}.{column}"), faint)):
            cell = _put(sheet, number, at, text)
            cell.font, cell.fill, cell.alignment = font, head, wrapped
        for number, row in enumerate(rows, FIRST_ROW):
            cell = _put(sheet, number, at, row.get(column, ""))
            cell.alignment = wrapped
            if row.get("type") in ("section", "page", "pillar"):
                cell.fill = shade
        _offer(sheet, name, column, letter(at))
    sheet.freeze_panes = f"{'D' if 'type' in SHEETS[name] and 'id' in SHEETS[name] else 'B'}{FIRST_ROW}"


def _put(sheet: Any, row: int, column: int, text: str) -> Any:
    """Put a text into a cell; never a formula, number or error, whatever the text is."""
    cell = sheet.cell(row, column)
    cell.number_format = "@"
    if text:
        if not fits(text):
            raise CheckFailed("workbook.cannot_hold", cell=cell.coordinate)
        cell.value = escaped(text)
        cell.data_type = "s"
        cell.quotePrefix = text[:1] in "=+-@#'"
    return cell


def _offer(sheet: Any, name: str, column: str, at: str) -> None:
    words = _LISTED.get((name, column), ("yes", "no") if column in TRUTHS else ())
    if words and (column in NAMES or column in TRUTHS):
        from openpyxl.worksheet.datavalidation import DataValidation

        offered = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=False)
        offered.add(f"{at}{FIRST_ROW}:{at}5000")
        sheet.add_data_validation(offered)
