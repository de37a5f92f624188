"""A slot with many files: a change builds and shows a bounded number of rows, and no typed text is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft
from dgdesk.evidence.inspection.issue import Incoming, file_stamp
from dgdesk.evidence.limits import AttachmentRequest
from dgdesk.ui.evidence.file_list import ROWS
from dgdesk.ui.evidence.file_row import FileRow
from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.shell.workspace import Workspace
from ui.attach import file, finish
from ui.hands import click, editor, settle, type_text

SLOT, OTHER = "g1/yes", "p1.4/yes"


def requests(folder: Path, count: int) -> Iterator[AttachmentRequest]:
    """Texts that need no inspection."""
    for number in range(count):
        path = folder / f"หลักฐาน {number}.txt"
        path.write_text(f"{number}", encoding="utf-8")
        found = Incoming(path.name, path.stat().st_size, "text/plain", (), file_stamp(path.stat()))
        yield AttachmentRequest(path, found)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many rows were built, and how often one was shown."""
    done = {"built": 0, "shown": 0}
    build, show = FileRow.__init__, FileRow.show_facts

    def built(self: FileRow, *given: object) -> None:
        done["built"] += 1
        build(self, *given)  # type: ignore[arg-type]  # passed on as given

    def shown(self: FileRow) -> None:
        done["shown"] += 1
        show(self)

    monkeypatch.setattr(FileRow, "__init__", built)
    monkeypatch.setattr(FileRow, "show_facts", shown)
    return done


def rest() -> None:
    """Let all rows be built, a few in a turn."""
    for _ in range(ROWS):
        settle(QApplication.instance())


def with_files(workspace: Workspace, draft: Draft, folder: Path, count: int) -> EvidenceSlot:
    """The slot with so many files, as it stands when its page is opened."""
    click(editor(workspace, "g1").buttons["yes"])
    changes, _ = draft.session.attach_files(SLOT, list(requests(folder, count)))
    workspace.bridge.publish(changes)
    workspace.page_view.show_page(workspace.page)
    workspace.page_view.finish()
    rest()
    found = workspace.page_view.parts.places[SLOT]
    assert isinstance(found, EvidenceSlot)
    return found


def names(place: EvidenceSlot) -> list[str]:
    """The files whose rows can be seen, from the top."""
    rows = [row for row in place.files.findChildren(FileRow) if row.isVisible()]
    return [row.remove.accessibleName().split(" ", 1)[1] for row in sorted(rows, key=lambda row: row.y())]


@pytest.mark.parametrize("count", [ROWS + 1, 150, 400])
def test_a_change_builds_no_more_rows_however_many_files_are_there(
    workspace: Workspace, draft: Draft, tmp_path: Path, counted: dict[str, int], count: int
) -> None:
    place = with_files(workspace, draft, tmp_path, count)
    assert len(place.files.rows) == ROWS
    bridge, first = workspace.bridge, draft.session.state.facts.evidence[SLOT][0]
    for change in (
        lambda: bridge.mark(SLOT, first.sha256, pages="3"),
        lambda: bridge.mark(SLOT, draft.session.state.facts.evidence[SLOT][-1].sha256, whole=True),
        lambda: bridge.attach_again(OTHER, [first]),
        lambda: bridge.answer("general.first_name", "สมศรี"),
    ):
        counted.update(built=0, shown=0)
        assert change()
        rest()
        assert counted["built"] == 0 and counted["shown"] <= 2 * ROWS
    counted.update(built=0, shown=0)
    place.attach(file(tmp_path, "ไฟล์ใหม่.pdf"))
    finish(place)
    rest()
    assert counted["built"] <= ROWS and counted["shown"] <= 3 * ROWS
    assert names(place)[-1] == "ไฟล์ใหม่.pdf"  # what has just come is what is shown
    for change in (bridge.undo, bridge.redo):
        counted.update(built=0, shown=0)
        assert change()
        rest()
        assert counted["built"] <= ROWS and counted["shown"] <= 3 * ROWS


def test_every_file_of_a_long_list_can_be_reached(
    workspace: Workspace, draft: Draft, tmp_path: Path, qtbot: QtBot
) -> None:
    place = with_files(workspace, draft, tmp_path, 2 * ROWS + 3)
    seen: list[str] = []
    while True:
        qtbot.waitUntil(lambda: len(names(place)) in (ROWS, 3))
        seen += names(place)
        at = len(seen)
        place.files.turn(1)
        rest()
        if names(place)[-1] == seen[-1]:
            break
        assert at < 3 * ROWS
    assert seen == [one.name for one in draft.session.state.facts.evidence[SLOT]]
    for _ in range(5):
        place.files.turn(-1)
    rest()
    assert names(place) == seen[:ROWS]


def test_the_last_file_of_a_part_is_removed_and_the_next_one_has_the_focus(
    workspace: Workspace, draft: Draft, tmp_path: Path
) -> None:
    place = with_files(workspace, draft, tmp_path, ROWS + 2)
    there = draft.session.state.facts.evidence[SLOT]
    click(place.files.row_of(there[ROWS - 1].sha256).remove)
    assert place.files.row_of(there[ROWS].sha256).remove.hasFocus()
    rest()
    assert names(place)[-1] == there[ROWS].name and len(names(place)) == ROWS
    assert workspace.bridge.undo()
    rest()
    assert names(place) == [one.name for one in there[:ROWS]]


def test_who_is_led_to_a_file_that_waits_sees_its_part_of_the_list(
    workspace: Workspace, draft: Draft, tmp_path: Path
) -> None:
    place = with_files(workspace, draft, tmp_path, 3 * ROWS)
    there = draft.session.state.facts.evidence[SLOT]
    assert workspace.bridge.mark_whole({SLOT: [one.sha256 for one in there[: 2 * ROWS]]})
    place.go_here()
    assert place.files.rows[there[2 * ROWS].sha256].pages.hasFocus()


def test_text_typed_at_a_file_is_saved_though_new_files_come_meanwhile(
    workspace: Workspace, draft: Draft, tmp_path: Path
) -> None:
    place = with_files(workspace, draft, tmp_path, ROWS)
    first = draft.session.state.facts.evidence[SLOT][0]
    type_text(place.files.rows[first.sha256].passages, "ข้อ ๒")
    new = tmp_path / "ไฟล์ใหม่.txt"
    new.write_text("อื่น", encoding="utf-8")
    changes, _ = draft.session.attach_files(SLOT, [AttachmentRequest(new)])
    workspace.bridge.publish(changes)
    rest()
    assert first.sha256 not in place.files.rows and workspace.flush()
    assert draft.session.state.facts.evidence[SLOT][0].passages == "ข้อ ๒"
    place.files.turn(-1)
    rest()
    assert place.files.rows[first.sha256].passages.text() == "ข้อ ๒"
