"""The columns of the evidence overview, and the text of each cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dgdesk.evidence.inspection.outcome import issues_of
from dgdesk.evidence.limits import in_units
from dgdesk.survey.rules.evidence_overview import SORT_KEYS, FileLine, OverviewRow, SortKey
from dgdesk.survey.rules.score import rounded
from dgdesk.ui.form.wording import item_name
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.row_model import one_line
from dgdesk.ui.widgets.texts import NEW_LINE

OverviewColumn = tuple[SortKey, ...]
"""The facts of one column, one below the other."""
LEVELS: Final[tuple[tuple[OverviewColumn, ...], ...]] = (
    tuple((key,) for key in SORT_KEYS),
    (("code",), ("question", "asked"), ("files", "size", "marks"), ("state", "points")),
    (("code", "question", "asked"), ("files", "size", "marks"), ("state", "points")),
    (("code", "question", "asked"), ("state", "points", "files", "size", "marks")),
    (SORT_KEYS,),
)
"""Lists of columns, from the widest window to the smallest with the largest text."""
SHARES: Final[Mapping[str, int]] = {
    "code": 0,
    "question": 9,
    "asked": 3,
    "files": 7,
    "size": 0,
    "marks": 2,
    "state": 3,
    "points": 0,
}
"""How spare width is divided among the columns."""
_TITLE, _LABEL = 64, 90


def cell_words(texts: Texts, row: OverviewRow, column: OverviewColumn) -> str:
    """Return the text of a cell, plain; lines are separated by `NEW_LINE`.

    If files and sizes share a cell, each line of it describes one file.
    """
    with_sizes = "files" in column and "size" in column
    parts = []
    for key in column:
        if with_sizes and key in ("size", "marks"):
            continue
        words = _files_whole(texts, row) if with_sizes and key == "files" else _WORDS[key](texts, row)
        if key == "points" and len(column) > 1 and row.points > 0:
            words = texts.say("ui.overview.waits", points=rounded(row.points))
        parts.append(words)
    return NEW_LINE.join(part for part in parts if part)


def fact(texts: Texts, row: OverviewRow, key: SortKey) -> str:
    """Return one fact of a row, plain."""
    return _WORDS[key](texts, row)


def _code(texts: Texts, row: OverviewRow) -> str:
    return row.code


def _question(texts: Texts, row: OverviewRow) -> str:
    item = item_name(texts.say, row.item - row.item_first + 1, row.item_first) if row.item is not None else ""
    item = texts.say("ui.history.item_removed") if row.removed else item
    place = " – ".join(part for part in (item, label_words(texts, row, _LABEL)) if part)
    return NEW_LINE.join(part for part in (_cut(texts, row.title, _TITLE), place) if part)


def label_words(texts: Texts, row: OverviewRow, most: int) -> str:
    """Return the label of a row, each of its parts cut to ``most`` letters: what distinguishes it may stand last."""
    return " – ".join(_cut(texts, part, most) for part in row.label.split(" – "))


def _cut(texts: Texts, words: str, most: int) -> str:
    """Shorten a text; the ellipsis stays next to its last word."""
    return texts.cut(words, most).replace(" …", "\u00a0…")


def _asked(texts: Texts, row: OverviewRow) -> str:
    return row.asked.strip().removeprefix("(").removesuffix(")") if row.asked.count("(") == 1 else row.asked


def _files(texts: Texts, row: OverviewRow) -> str:
    return _lines([_name(texts, one) for one in row.files])


def _files_whole(texts: Texts, row: OverviewRow) -> str:
    return _lines([f"{_name(texts, one)} · {in_units(one.size)} · {_pages(texts, one)}" for one in row.files])


def _size(texts: Texts, row: OverviewRow) -> str:
    return in_units(row.size) if row.files else ""


def _marks(texts: Texts, row: OverviewRow) -> str:
    return _lines([_pages(texts, one) for one in row.files])


def _state(texts: Texts, row: OverviewRow) -> str:
    return texts.say(f"ui.overview.state.{row.state}")


def _points(texts: Texts, row: OverviewRow) -> str:
    return texts.say("ui.overview.points", points=rounded(row.points)) if row.points > 0 else ""


_WORDS: Final = {
    "code": _code,
    "question": _question,
    "asked": _asked,
    "files": _files,
    "size": _size,
    "marks": _marks,
    "state": _state,
    "points": _points,
}


def file_words(texts: Texts, one: FileLine) -> str:
    """Return a file's name, with a word if it is damaged in the draft or something stands against it."""
    if one.damaged:
        return texts.say("ui.overview.file_damaged", name=one.name)
    return texts.say("ui.overview.file_doubtful", name=one.name) if issues_of(one.attachment) else one.name


def _name(texts: Texts, one: FileLine) -> str:
    return file_words(texts, one)


def _pages(texts: Texts, one: FileLine) -> str:
    if not one.attachment.marked:
        return texts.say("ui.overview.not_marked")
    if one.attachment.whole:
        return texts.say("ui.overview.whole")
    return texts.say("ui.overview.pages", pages=one.pages) if one.pages else texts.say("ui.overview.by_words")


def _lines(lines: list[str]) -> str:
    """Number the lines if there are several, so that a name and its pages can be matched."""
    tidy = [one_line(line) for line in lines]
    return tidy[0] if len(tidy) == 1 else NEW_LINE.join(f"{at}. {line}" for at, line in enumerate(tidy, start=1))
