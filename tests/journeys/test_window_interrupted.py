"""The window is killed, or opened twice: nothing is lost that it has shown as saved, and nobody is left wondering."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from dgdesk.draft.drafts import new_draft
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.widgets.services import Services
from ui.hands import editor, press

CHILD = Path(__file__).with_name("window_child.py")


@contextmanager
def other_window(path: Path) -> Iterator[subprocess.Popen[str]]:
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        [sys.executable, str(CHILD), str(path), "สมชาย"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=variables,
        text=True,
        encoding="utf-8",
    ) as child:
        try:
            assert child.stdout is not None and child.stdout.readline() == "open\n"
            yield child
        finally:
            child.kill()


@pytest.mark.parametrize("lines", [1, 4, 9])
def test_what_was_shown_as_saved_outlives_a_kill(
    lines: int, desk: MainController, path: Path, services: Services
) -> None:
    new_draft(path, clock=services.clock, who="สมชาย", respondent="TH-55").close()
    with other_window(path) as child:
        assert child.stdout is not None
        seen = [child.stdout.readline() for _ in range(lines)]
        child.kill()
        seen += child.stdout.readlines()
    assert child.returncode != 0
    told = dict(line.rstrip("\n").split("\t") for line in seen if line.endswith("\n"))
    assert len(told) >= lines and told["general.position"] == "นักวิชาการน้ำ"
    desk.open(path)
    assert desk.workspace is not None and not desk.workspace.bridge.read_only
    answers = desk.workspace.bridge.state.facts.answers
    assert {address: answers.get(address) for address in told} == told
    assert editor(desk.workspace, "general.position").input.text() == "นักวิชาการน้ำ"


def test_a_second_window_is_told_who_has_the_draft_and_reads_it(
    desk: MainController, path: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_draft(path, clock=services.clock, who="สมชาย", respondent="TH-55").close()
    said: list[str] = []
    answers = iter((2, 0, 0))
    monkeypatch.setattr("dgdesk.ui.shell.opening.ask", lambda texts, message, *_: said.append(message) or next(answers))
    with other_window(path) as child:
        assert child.stdout is not None
        assert child.stdout.readline().startswith("general.position")
        desk.open(path)  # rather not
        assert desk.workspace is None and "สมชาย" in said[0]
        desk.open(path)
        assert desk.workspace is not None and desk.workspace.bridge.read_only
        assert "อ่านอย่างเดียว" in desk.window.windowTitle()
        box = editor(desk.workspace, "general.position").input
        assert box.text() == "นักวิชาการน้ำ" and box.isReadOnly()
        cell = editor(desk.workspace, "p5.1.table")._rows[0].cells[-1]
        cell.setFocus()
        press(cell, Qt.Key.Key_Space)
        assert cell.hasFocus() and not cell.isChecked()
        assert not desk.actions["undo"].isEnabled()
    # the other is gone: now it can be worked on
    desk.open(path)
    assert desk.workspace is not None and not desk.workspace.bridge.read_only and len(said) == 2
