"""A sync client changes the draft that the window shows: the person's work is kept, and the person chooses."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QPushButton

from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.errors import FileError
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.dialogs import MessageDialog
from ui.conftest import TODAY
from ui.hands import editor, type_text
from ui.modals import Modals, until

FIRST = "general.first_name"


def answers(path: Path) -> dict[str, object]:
    with open_draft(path, clock=lambda: TODAY, who="x", read_only=True) as draft:
        return dict(draft.package.answers())


def kept(path: Path) -> Path:
    (found,) = path.parent.glob("*.kept-*.dgdesk")
    return found


def press(words: str, seen: list[str]) -> Callable[[QDialog], object]:
    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, MessageDialog)
        seen.append(dialog.label.plain_text())
        next(one for one in dialog.findChildren(QPushButton) if one.text().replace("&", "").startswith(words)).click()

    return act


@pytest.fixture
def older(workspace: Workspace, path: Path) -> Path:
    """An older version, as the sync client has it; the person has since entered a name."""
    copy = path.with_name("older.bin")
    shutil.copyfile(path, copy)
    workspace.bridge.answer(FIRST, "สมศรี")
    return copy


def overwrite(path: Path, content: Path) -> None:
    with path.open("r+b") as stream:
        stream.write(content.read_bytes())
        stream.truncate()


def test_an_answer_after_the_change_comes_into_the_kept_copy(
    desk: MainController, workspace: Workspace, path: Path, older: Path, modals: Modals
) -> None:
    seen: list[str] = []
    modals.then(press("เปิดไฟล์ที่มีงานของฉัน", seen))
    overwrite(path, older)
    assert workspace.bridge.answer("g1", "yes")  # the window shows it
    until(modals.done)
    assert kept(path).name in seen[0] and "ซิงก์" in seen[0]
    until(lambda: desk.draft is not None and desk.draft.path == kept(path))
    assert desk.draft is not None
    facts = desk.draft.session.state.facts.answers
    assert (facts[FIRST], facts["g1"]) == ("สมศรี", "yes")
    assert FIRST not in answers(path) and path.read_bytes() == older.read_bytes()


def test_a_change_is_noticed_without_an_edit_and_what_is_typed_is_kept(
    desk: MainController, workspace: Workspace, path: Path, older: Path, modals: Modals
) -> None:
    seen: list[str] = []
    modals.then(press("เปิดไฟล์ที่เปลี่ยนแปลง", seen))
    type_text(editor(workspace, "general.last_name").input, "ใจดี")
    overwrite(path, older)
    desk.underneath.look()
    until(modals.done)
    until(lambda: desk.workspace is not None and desk.workspace is not workspace)
    assert desk.draft is not None and desk.draft.path == path and FIRST not in desk.draft.package.answers()
    mine = answers(kept(path))
    assert (mine[FIRST], mine["general.last_name"]) == ("สมศรี", "ใจดี")


@pytest.mark.skipif(os.name != "posix", reason="Windows does not replace or remove an open file")
@pytest.mark.parametrize("removed", [False, True])
def test_a_replaced_or_removed_draft(
    desk: MainController, workspace: Workspace, path: Path, older: Path, modals: Modals, *, removed: bool
) -> None:
    seen: list[str] = []
    modals.then(press("ปิด", seen))
    if removed:
        path.unlink()
    else:
        os.replace(older, path)
    desk.underneath.look()
    until(modals.done)
    until(lambda: desk.workspace is None)
    assert answers(kept(path))[FIRST] == "สมศรี" and path.exists() != removed
    assert desk.settings.now.recents[0].path == str(kept(path)), "the start page leads to the work"


def test_a_window_that_is_closed_before_anybody_noticed_keeps_the_work_and_says_so(
    desk: MainController, workspace: Workspace, path: Path, older: Path, modals: Modals
) -> None:
    seen: list[str] = []
    modals.then(press("ตกลง", seen))
    overwrite(path, older)
    desk.close_draft()
    until(modals.done)
    assert kept(path).name in seen[0] and answers(kept(path))[FIRST] == "สมศรี"
    assert desk.settings.now.recents[0].path == str(kept(path))


def test_where_the_copy_cannot_be_written_the_window_says_so_and_tries_again(
    desk: MainController,
    workspace: Workspace,
    draft: Draft,
    path: Path,
    older: Path,
    modals: Modals,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep, tries = type(draft.package).keep_ours, []

    def full_at_first(package: object, **options: object) -> object:
        tries.append(options)
        if len(tries) == 1:
            raise FileError("package.disk_full", name="x", path="x")
        return keep(package, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(type(draft.package), "keep_ours", full_at_first)
    seen: list[str] = []
    modals.then(press("ลองอีกครั้ง", seen), press("เปิดไฟล์ที่มีงานของฉัน", seen))
    overwrite(path, older)
    desk.underneath.look()
    until(modals.done)
    assert "พื้นที่ว่างไม่พอ" in seen[0] and answers(kept(path))[FIRST] == "สมศรี"


def test_a_touch_is_no_matter(desk: MainController, workspace: Workspace, path: Path, older: Path) -> None:
    os.utime(path)
    desk.underneath.look()
    assert workspace.bridge.answer("g1", "yes") and not list(path.parent.glob("*.kept-*"))


def test_a_reader_is_told_that_the_file_has_changed(
    desk: MainController, workspace: Workspace, path: Path, older: Path
) -> None:
    desk.let_go()
    desk.open_to_read(path)
    overwrite(path, older)
    desk.underneath.look()
    reading = desk.workspace
    assert reading is not None
    until(lambda: "ถูกแก้ไขหรือแทนที่" in reading.bar.status.plain_text())
