"""No part of the window hands a text to Qt that guesses whether it is HTML, but through `dgdesk.ui.widgets.plain`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dgdesk.resources import resource
from parsed import nodes_of

UI = Path(__file__).parents[2] / "src" / "dgdesk" / "ui"
_GUESSING_CALLS = {
    *("setToolTip", "setWhatsThis", "setTabToolTip", "setTabWhatsThis", "setTextFormat", "setInformativeText"),
    *("setDetailedText", "setHtml", "insertHtml", "setMarkdown", "setToolTipsVisible", "setDefaultAction"),
    *("setDefaultStyleSheet", "showText", "fromHtml"),
}
_GUESSING_NAMES = {
    *("QToolTip", "QMessageBox", "QErrorMessage", "QInputDialog", "QProgressDialog", "QTextEdit", "QSplashScreen"),
    *("QSystemTrayIcon", "QWizard", "QTextBrowser", "QLabel", "QStaticText", "QGraphicsTextItem"),
}
_GUESSING_ROLES = {"ToolTipRole", "WhatsThisRole"}
_KNOWN = {
    "plain.py": "the one helper",
    "label.py: QLabel": "WrapLabel escapes what it shows",
    "label.py: setTextFormat": "WrapLabel says what its text is, before it has one",
    "help_window.py: QTextBrowser": "shows the guide, a page of the program's own, and loads no other picture",
    "help_window.py: setHtml": "the same",
    "panels.py: setTabToolTip": "through `unguessed`; Qt has no other function for the tip of a tab",
    "file_face.py: QLabel": "paints its own letters, and has no text",
    "menus.py: setToolTipsVisible": "the tips are set by `set_tip`",
    "theme.py: QLabel": "Badge writes by `write_plain`",
    "main_window.py: QLabel": "says one word of the program's own before Qt's names are loaded",
    "selftest.py: QLabel": "measures a text of its own, which nobody sees",
}
_ATTRIBUTES_OF_FRAMES = {"toolTip", "whatsThis", "statusTip", "textFormat", "html", "informativeText"}


def _guessing(source: str) -> Iterator[str]:
    """Yield the names with which a text would reach a part of Qt that guesses."""
    for node in nodes_of(source):
        if isinstance(node, ast.Attribute) and node.attr in _GUESSING_CALLS | _GUESSING_ROLES:
            yield node.attr
        match node:
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)) if name in _GUESSING_NAMES:
                yield name
            case ast.Attribute(value=ast.Name(id=name)) if name in _GUESSING_NAMES - {"QLabel"}:
                yield name
            case ast.ClassDef(bases=bases):
                yield from (one.id for one in bases if isinstance(one, ast.Name) and one.id in _GUESSING_NAMES)


def test_only_the_helper_hands_texts_to_parts_of_qt_that_guess() -> None:
    used = {
        f"{path.name}: {name}"
        for path in UI.rglob("*.py")
        if path.name not in _KNOWN
        for name in _guessing(path.read_text(encoding="utf-8"))
    }
    assert used - _KNOWN.keys() == set()
    assert {name for name in _KNOWN if ":" in name} - used == set(), "no longer needed"


@pytest.mark.parametrize(
    "line",
    [
        "button.setToolTip(name)",
        "QToolTip.showText(at, words)",
        "QMessageBox.warning(None, title, text)",
        "box = QMessageBox(parent)",
        "label = QLabel(name, parent)",
        "label = QtWidgets.QLabel(name)",
        "item.setData(0, Qt.ItemDataRole.ToolTipRole, name)",
        "class Box(QTextEdit): pass",
        "view.setHtml(text)",
    ],
)
def test_the_search_finds_what_it_looks_for(line: str) -> None:
    assert list(_guessing(line))


def test_frames_of_dialogs_hold_no_texts_that_are_guessed_about() -> None:
    frames = sorted(resource("ui").glob("*.ui"))
    assert frames
    for frame in frames:
        root = ElementTree.fromstring(frame.read_text(encoding="utf-8"))
        classes = {one.get("class") for one in root.iter("widget")}
        assert classes & _GUESSING_NAMES == set(), frame.name
        assert {one.get("name") for one in root.iter("property")} & _ATTRIBUTES_OF_FRAMES == set(), frame.name
