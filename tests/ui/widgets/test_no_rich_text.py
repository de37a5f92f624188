"""Words of a draft, names of files and every sentence begin as HTML does: nothing of it is interpreted."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolTip, QWidget

from dgdesk.text.messages import Catalogue
from dgdesk.ui.shell.app import furnish
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.widgets.app_theme import apply_theme
from dgdesk.ui.widgets.plain import plain_label, set_tip, unguessed
from dgdesk.ui.widgets.services import Services
from opened import Opened
from ui.gallery import LOOKS, Gallery
from ui.guessing import guessed, hover, interpreted
from ui.hands import settle

_WORDS = {"label", "title", "text", "hint", "name", "heading", "purpose", "unit", "certification"}
HOSTILE = (
    "<img src=file://192.0.2.1/s/a> แผน",
    "<b>แผน</b>",
    "<a href=file:///a>แผน</a>",
    "  <p>แผน",
    "&lt;img src=a&gt;",
    "<?xml version='1.0'?><html><img src=a>",
    "<!DOCTYPE html><img src=a>",
    "ก &lt; ข",
    "<\u0130mg src=a><img src=a>",
    "<br/>\n<img src=a>",
    "<table><tr><td background=file://192.0.2.1/s/a>",
    "<qt><h1>แผน",
    "![x](file://192.0.2.1/s/a) **แผน**",
)


@pytest.fixture
def bait() -> Iterator[Path]:
    """A picture at a path so short that no mark for line breaks gets into it."""
    folder = Path(tempfile.mkdtemp(prefix="d", dir="/tmp" if sys.platform == "linux" else None))
    (folder / "a").write_bytes(b"GIF89a")
    yield folder / "a"
    shutil.rmtree(folder)


def html_draft(sound: Path, target: Path, html: str) -> Path:
    """Copy a draft, and begin all its words with ``html``."""
    shutil.copy(sound, target)

    def mark(part: object) -> None:
        for key, value in part.items() if isinstance(part, dict) else ():
            if key in _WORDS and isinstance(value, str) and value:
                part[key] = html + value
            else:
                mark(value)
        for value in part if isinstance(part, list) else ():
            mark(value)

    with closing(sqlite3.connect(target)) as base, base:
        definition = json.loads(base.execute("SELECT content FROM definition").fetchone()[0])
        mark(definition)
        content = json.dumps(definition, ensure_ascii=False).encode()
        base.execute("UPDATE definition SET content = ?, sha256 = ?", (content, hashlib.sha256(content).hexdigest()))
        for kind, at, file, value in base.execute("SELECT kind, target, file, value FROM state").fetchall():
            held = json.loads(value)
            if kind == "attachment":
                held["name"] = html.replace("/", "\u2215") + held["name"]
                held["passages"] = held["pages"] = html
            elif isinstance(held, str) and " " in held:
                held = html + held
            words = json.dumps(held, ensure_ascii=False)
            base.execute(
                "UPDATE state SET value = ? WHERE kind = ? AND target = ? AND file = ?", (words, kind, at, file)
            )
            # What the history does not tell would not be exported.
            (number,) = base.execute("SELECT max(number) + 1 FROM change").fetchone()
            moment = "2026-11-20T02:30:00.000000+00:00"
            base.execute(
                "INSERT INTO change (number, at, who, undo_top) VALUES (?, ?, 'x', ?)", (number, moment, number)
            )
            edit = (number, kind, at, file, value, words)
            base.execute("INSERT INTO change_edit VALUES (?, 0, ?, ?, ?, ?, ?)", edit)
    return target


class Looking(Gallery):
    """Opens what the gallery opens; instead of taking pictures it looks for texts that are interpreted."""

    def __init__(self) -> None:
        super().__init__(LOOKS["light-1366"], None)
        self.found: set[str] = set()
        self.tips = 0

    def take(self, widget: QWidget, name: str, whole: QWidget | None = None) -> None:
        settle(QApplication.instance())
        self.shown += 1
        self.tips += hover(widget)
        self.found |= {f"{name}: {one}" for one in guessed(widget)}


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells by inotify that a file was opened")
def test_nothing_that_begins_as_html_is_interpreted_anywhere(
    qapp: QApplication, services: Services, full_draft: Path, tmp_path: Path, bait: Path
) -> None:
    html = f"<img src={bait}> "
    known = services.texts.catalogue
    loud = Catalogue({code: {to: html + words for to, words in both.items()} for code, both in known.messages.items()})
    draft = html_draft(full_draft, tmp_path / "<img src=a> ก.dgdesk", html)
    apply_theme(qapp)
    window = MainWindow()
    window.resize(1366, 768)
    desk = furnish(qapp, window, replace(services, texts=services.texts.speaking(loud), who=html))
    looking = Looking()
    with Opened(bait) as opened:
        window.show()
        looking.take(window, "start")
        _walk(desk, draft, looking)
        assert opened.times() == 0
        assert looking.found == set()
        # the trap works: this is what all of these texts would have done
        QToolTip.showText(QPoint(5, 5), html)
        settle(qapp)
        QToolTip.hideText()
        assert opened.times() > 0
    assert looking.shown > 50 and looking.tips > 50


def _walk(desk: MainController, draft: Path, looking: Looking) -> None:
    desk.open(draft)
    assert desk.workspace is not None
    looking.take_pages(desk.workspace)
    desk.workspace.open_page("p1.page1")
    looking.take_sides(desk.workspace, "side")
    looking.take_dialogs(desk)
    looking.take_notices(desk, "notices")
    assert {name: words for name, words in looking.broken.items() if name.startswith("dialog")} == {}
    desk.close_draft()
    looking.take(desk.window, "start.recent")
    desk.window.close()
    desk.let_go()
    desk.window.deleteLater()
    settle(QApplication.instance())


@pytest.mark.parametrize("text", HOSTILE)
def test_a_tooltip_and_a_label_show_letters(qapp: QApplication, text: str) -> None:
    widget = QWidget()
    set_tip(widget, text)
    label = plain_label(text, widget)
    assert not interpreted(widget.toolTip()) and label.textFormat() == Qt.TextFormat.PlainText
    shown = QLabel()
    shown.setText(widget.toolTip())  # guesses as a tooltip does
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    shown.setSelection(0, len(text))
    assert shown.selectedText().replace("\u2028", "\n").replace("\u2029", "\n") == text.rstrip("\n")
    assert list(guessed(widget)) == []


def test_a_text_that_nothing_would_guess_about_is_handed_on_as_it_is() -> None:
    for text in ("", "แผน 1 < 2", "ก & ข", "Ctrl+P", "x\n<b>y</b>"):
        assert unguessed(text) == text


@pytest.mark.parametrize("text", HOSTILE[:3])
def test_the_search_for_interpreted_texts_finds_them(qapp: QApplication, text: str) -> None:
    widget = QWidget()
    widget.setToolTip(text + " x")
    QLabel(text + " x", widget)
    assert len(list(guessed(widget))) == 2
