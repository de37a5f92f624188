"""The library of evidence: every file once, found by Thai words, opened, attached at another place, brought back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft
from dgdesk.ui.evidence.library_dialog import LibraryDialog, choose
from dgdesk.ui.evidence.viewer.viewer import EvidenceViewer
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.services import Services
from evidence.pages.pdfs import thai_pdf
from ui.hands import click, editor, press, settle, type_text
from ui.whole import broken_texts

HERE, THERE = "p1.4/yes", "p1.5/yes"


@pytest.fixture
def kept(workspace: Workspace, draft: Draft, tmp_path: Path) -> Workspace:
    """Three files: one at two places, one at one, one that was taken away again."""
    click(editor(workspace, "p1.4").buttons["yes"])
    for name in ("แผนบริหารจัดการน้ำ.pdf", "คำสั่ง 2568.pdf", "เก่า.pdf"):
        (tmp_path / name).write_bytes(thai_pdf([name]))
        workspace.bridge.publish(draft.session.attach(HERE, tmp_path / name))
    old = draft.session.state.facts.evidence[HERE][2]
    workspace.bridge.detach(HERE, old.sha256)
    workspace.bridge.publish(draft.session.attach(THERE, tmp_path / "คำสั่ง 2568.pdf"))
    workspace.bridge.mark(HERE, draft.session.state.facts.evidence[HERE][1].sha256, pages="3", passages="")
    settle(QApplication.instance())
    return workspace


@pytest.fixture
def library(kept: Workspace, qtbot: QtBot) -> LibraryDialog:
    dialog = LibraryDialog(kept.bridge, kept.services, None, kept.window())
    qtbot.addWidget(dialog)
    dialog.show()
    settle(QApplication.instance())
    return dialog


def lines(dialog: LibraryDialog) -> list[str]:
    return [str(row.data(0, Qt.ItemDataRole.AccessibleTextRole)) for row in dialog.rows()]


def names(dialog: LibraryDialog) -> list[str]:
    return [line.partition(" · ")[0] for line in lines(dialog)]


def test_every_file_stands_once_with_where_it_is_used(library: LibraryDialog) -> None:
    assert names(library) == ["คำสั่ง 2568.pdf", "แผนบริหารจัดการน้ำ.pdf", "เก่า.pdf"]
    order = next(line for line in lines(library) if line.startswith("คำสั่ง"))
    assert "PDF" in order and "P1.4" in order and "P1.5 (ไม่ต้องตอบแล้ว)" in order
    assert "ไม่ได้แนบที่ข้อใด" in lines(library)[2]
    groups = [library.tree.topLevelItem(at).data(0, Qt.ItemDataRole.AccessibleTextRole) for at in range(2)]
    assert groups == ["แนบอยู่ 2", "นำออกแล้ว แต่ยังเก็บไว้ แนบใหม่ได้ 1"]
    assert library.said.plain_text().startswith("ไฟล์ที่แนบอยู่ 2 ไฟล์")


@pytest.mark.parametrize("typed", ["จัดการน้ำ", "จัดการน\u0e49\u0e4dา", "น\u0e4d\u0e49า แผน"])
def test_thai_is_found_however_it_is_typed(library: LibraryDialog, typed: str) -> None:
    type_text(library.box, typed)
    assert names(library) == ["แผนบริหารจัดการน้ำ.pdf"]
    assert library.said.plain_text() == "พบ 1 ไฟล์"
    type_text(library.box, " ไม่มีคำนี้")
    assert names(library) == [] and library.said.plain_text() == "ไม่พบไฟล์ที่ตรงกับคำค้น"
    assert not library.open_button.isEnabled()


def test_a_code_and_thai_digits_find_too(library: LibraryDialog) -> None:
    type_text(library.box, "๒๕๖๘ p1.5")
    assert names(library) == ["คำสั่ง 2568.pdf"]


def test_the_order_is_chosen(library: LibraryDialog) -> None:
    library.order.setCurrentIndex(library.order.findData("newest"))
    assert names(library)[:2] == ["คำสั่ง 2568.pdf", "แผนบริหารจัดการน้ำ.pdf"]
    library.order.setCurrentIndex(library.order.findData("uses"))
    assert names(library)[0] == "คำสั่ง 2568.pdf"
    library.order.setCurrentIndex(library.order.findData("size"))
    sizes = [row.data(0, Qt.ItemDataRole.UserRole + 24).file.size for row in library.rows()[:2]]
    assert sizes == sorted(sizes, reverse=True)


def test_a_file_is_opened_to_be_looked_at(library: LibraryDialog, qtbot: QtBot) -> None:
    library.tree.setFocus()
    press(library.tree, Qt.Key.Key_Return)
    (viewer,) = library.findChildren(EvidenceViewer)
    qtbot.waitUntil(lambda: viewer.area.cache.held > 0, timeout=20_000)
    assert viewer.isVisible() and viewer.area.read_only and not viewer.mark_tools.isVisible()
    assert "คลังหลักฐาน" in viewer.panel._hint.plain_text()
    library.reject()
    settle(QApplication.instance())
    assert not library.findChildren(EvidenceViewer)


def test_where_it_is_used_is_one_press_away(kept: Workspace, desk: MainController) -> None:
    kept.open_page("g.page1")
    desk.actions["library"].trigger()
    settle(QApplication.instance())
    dialog = kept.finding.dialog
    assert isinstance(dialog, LibraryDialog) and not dialog.attach.isVisible()
    type_text(dialog.box, "จัดการน้ำ")
    click(dialog.go)
    settle(QApplication.instance())
    assert kept.page == kept.bridge.form.node("p1.4").page


def test_files_are_chosen_for_a_place_and_stored_once(
    kept: Workspace, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = kept.bridge.draft.package.files()

    def hand(dialog: LibraryDialog, do: Callable[[LibraryDialog], None]) -> int:
        dialog.show()
        settle(QApplication.instance())
        do(dialog)
        return 0

    def choose_all(dialog: LibraryDialog) -> None:
        assert any("แนบที่นี่แล้ว" in line for line in lines(dialog)) and not dialog.go.isVisible()
        dialog.tree.selectAll()
        click(dialog.attach)

    monkeypatch.setattr(LibraryDialog, "exec", lambda dialog: hand(dialog, choose_all))
    chosen = choose(kept.bridge, services, HERE, kept)
    assert [one.name for one in chosen] == ["เก่า.pdf"]  # the others are there already
    chosen = choose(kept.bridge, services, THERE, kept)
    assert {one.name for one in chosen} == {"แผนบริหารจัดการน้ำ.pdf", "เก่า.pdf"}
    assert all((one.pages, one.passages, one.marks) == ("", "", ()) for one in chosen)
    assert kept.bridge.attach_again(HERE, [one for one in chosen if one.name == "เก่า.pdf"])
    assert [one.name for one in kept.bridge.state.facts.evidence[HERE]][-1] == "เก่า.pdf"
    assert kept.bridge.draft.package.files() == stored
    kept.undo()
    assert "เก่า.pdf" not in [one.name for one in kept.bridge.state.facts.evidence[HERE]]
    monkeypatch.setattr(LibraryDialog, "exec", lambda dialog: hand(dialog, lambda one: click(one.close_button)))
    assert choose(kept.bridge, services, THERE, kept) == ()


def test_changes_elsewhere_show(library: LibraryDialog, kept: Workspace, qtbot: QtBot) -> None:
    assert any("P1.5" in line for line in lines(library))
    kept.undo()  # the mark
    kept.undo()  # the file at P1.5
    qtbot.waitUntil(lambda: not any("P1.5" in line for line in lines(library)), timeout=20_000)


def test_an_empty_library_says_so(workspace: Workspace, qtbot: QtBot) -> None:
    dialog = LibraryDialog(workspace.bridge, workspace.services, HERE, workspace.window())
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.said.plain_text() == "ยังไม่มีไฟล์หลักฐานในแบบสำรวจนี้"
    assert not dialog.attach.isEnabled() and not dialog.open_button.isEnabled()
    assert list(broken_texts(dialog)) == []
