"""Sizes of text, distances and colours come from the theme file; no part of the window has its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

import dgdesk.ui
from dgdesk.resources import resource
from dgdesk.ui.widgets.theme import TEXT_STYLES
from dgdesk.ui.widgets.theme_file import FIGURE, LARGE, NORMAL, SMALL, SPACE
from parsed import tree_of

UI = Path(dgdesk.ui.__file__).parent
CONTENT = {
    "identities/enrol_dialog.py": "a QR code is black on white, whatever the theme",
    "evidence/viewer/mark_canvas.py": "highlights lie on white paper, whatever the theme",
    "evidence/viewer/page_area.py": "the paper of a document is white",
}
"""Files that paint content with colours of its own, and why."""
FITTED = {
    "widgets/app_theme.py": "applies the percentage that the person has chosen",
    "evidence/file_face.py": "makes the letters on a small sheet of paper as wide as the sheet",
}
"""Files that size text by something else than the theme file, and why."""
SPACED = frozenset(
    {
        *("setSpacing", "setContentsMargins", "addSpacing", "setHorizontalSpacing", "setVerticalSpacing"),
        *("column", "FlowLayout"),
    }
)
"""Calls whose numbers are distances."""
SIZED = ("setPointSize", "setPointSizeF", "setPixelSize")
READY = ("white", "black", "red", "green", "blue", "gray", "yellow")
"""Colours that Qt has by name."""
MARGINS = ("spacing", "leftMargin", "topMargin", "rightMargin", "bottomMargin")
_COLOUR = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?(?:[0-9a-fA-F]{2})?\b")


def modules(*, spared: tuple[str, ...] = ()) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(UI.rglob("*.py")):
        name = path.relative_to(UI).as_posix()
        if not name.startswith(spared or ("\0",)):
            yield name, tree_of(path.read_text(encoding="utf-8"))


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def numbers(call: ast.Call) -> Iterator[float]:
    for one in (*call.args, *(each.value for each in call.keywords)):
        if isinstance(one, ast.Constant) and type(one.value) in (int, float) and one.value:
            yield one.value


def test_no_distance_is_a_number_of_its_own() -> None:
    found = [
        f"{name}:{call.lineno} {name_of(call)}"
        for name, tree in modules()
        for call in calls(tree)
        if name_of(call) in SPACED and any(numbers(call))
    ]
    assert found == [], "write it as a multiple of SPACE, or of SPACE // 2"


def constants(node: ast.AST) -> Iterator[object]:
    return (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))


def test_no_size_of_text_is_a_number_of_its_own() -> None:
    found = [
        f"{name}:{call.lineno}"
        for name, tree in modules(spared=tuple(FITTED))
        for call in calls(tree)
        if (name_of(call) in SIZED and any(type(one) in (int, float) for each in call.args for one in constants(each)))
        or (name_of(call) == "TextStyle" and any(numbers(call)))
    ]
    assert found == []
    assert {style.points or NORMAL for style in TEXT_STYLES.values()} <= {SMALL, NORMAL, LARGE, FIGURE}


def test_no_colour_is_written_outside_the_theme_file() -> None:
    found = []
    for name, tree in modules(spared=tuple(CONTENT)):
        for node in ast.walk(tree):
            written = isinstance(node, ast.Constant) and isinstance(node.value, str) and _COLOUR.fullmatch(node.value)
            made = (
                isinstance(node, ast.Call)
                and name_of(node) == "QColor"
                and any(isinstance(one, ast.Constant) for one in node.args)
            )
            ready = isinstance(node, ast.Attribute) and node.attr in READY
            if written or made or ready:
                found.append(f"{name}:{getattr(node, 'lineno', 0)}")
    assert found == []


@pytest.mark.parametrize("sheet", ["app", "scroll"])
def test_style_sheets_name_their_colours(sheet: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", resource(f"ui/{sheet}.qss").read_text(encoding="utf-8"), flags=re.S)
    values = " ".join(re.findall(r":[^;{}]+[;}]", text))
    assert _COLOUR.findall(values) == [] and "rgb" not in values


def test_frames_keep_to_the_grid() -> None:
    wrong = []
    for path in sorted(resource("ui").glob("*.ui")):
        for one in ElementTree.parse(path).getroot().iter("property"):
            number = one.find("number")
            if one.get("name") in MARGINS and number is not None and int(number.text or 0) % (SPACE // 2):
                wrong.append(f"{path.name}: {one.get('name')} {number.text}")
    assert wrong == []


def test_what_is_spared_still_exists() -> None:
    names = [path.relative_to(UI).as_posix() for path in UI.rglob("*.py")]
    assert {*CONTENT, *FITTED} <= set(names)
