"""The files that were attached last are offered where nothing is attached yet: one click attaches one again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from dgdesk.draft.drafts import Draft
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.ui.evidence.recent_files import newest
from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.shell.workspace import Workspace
from ui.attach import file, finish
from ui.hands import click, editor, settle
from ui.hands import place as on_page


def attachment(sha256: str) -> Attachment:
    return Attachment(sha256, f"{sha256}.pdf", 1, "application/pdf", pages="3")


def test_the_newest_three_that_are_attached_and_sound_are_offered() -> None:
    attached = {one: attachment(one) for one in "abdef"}
    found = newest("abcdef", attached, frozenset("e"))
    assert [one.sha256 for one in found] == ["f", "d", "b"] and found[0].pages == ""
    assert newest("", {}, frozenset()) == ()
    assert [one.sha256 for one in newest("a", attached, frozenset())] == ["a"]


@pytest.fixture
def filled(workspace: Workspace, tmp_path: Path) -> EvidenceSlot:
    """The place of G1 with four files, on a page where G2 has none."""
    click(editor(workspace, "g1").buttons["yes"])
    found = slot(workspace, "g1/yes")
    assert found.recent.isHidden()
    for name in ("1.pdf", "2 & 3.pdf", "<b>4.pdf", "5.pdf"):
        found.attach(file(tmp_path, name))
        finish(found)
    return found


def slot(workspace: Workspace, name: str) -> EvidenceSlot:
    found = on_page(workspace, name)
    assert isinstance(found, EvidenceSlot)
    return found


def texts(place: EvidenceSlot) -> list[str]:
    return [one.text() for one in place.recent.buttons if one.isVisible()]


def test_one_click_attaches_a_file_again(workspace: Workspace, draft: Draft, filled: EvidenceSlot) -> None:
    click(editor(workspace, "g2").buttons["yes"])
    settle(QApplication.instance())
    place = slot(workspace, "g2/yes")
    assert texts(place) == ["5.pdf", "<b>4.pdf", "2 && 3.pdf"] and filled.recent.isHidden()
    assert place.recent.buttons[2].accessibleName() == "แนบ “2 & 3.pdf” ที่ข้อนี้ด้วย"
    click(place.recent.buttons[2])
    settle(QApplication.instance())
    (one,) = draft.session.state.facts.evidence["g2/yes"]
    assert one.name == "2 & 3.pdf" and place.files.rows[one.sha256].pages.hasFocus()
    assert place.recent.isHidden() and len(draft.package.files()) == 4
    assert workspace.bridge.undo()
    settle(QApplication.instance())
    assert texts(place)[0] == "2 && 3.pdf"  # the one used last


def test_a_file_that_is_no_longer_attached_or_is_damaged_is_not_offered(
    workspace: Workspace, filled: EvidenceSlot
) -> None:
    click(editor(workspace, "g2").buttons["yes"])
    place = slot(workspace, "g2/yes")
    rows = list(filled.files.rows.values())
    click(rows[3].remove)
    settle(QApplication.instance())
    assert texts(place) == ["<b>4.pdf", "2 && 3.pdf", "1.pdf"]
    workspace.bridge.set_damaged(frozenset({rows[2].sha256}))
    workspace.page_view.show_page(workspace.page)
    settle(QApplication.instance())
    assert texts(slot(workspace, "g2/yes")) == ["2 && 3.pdf", "1.pdf"]


def test_the_files_of_a_draft_that_is_opened_again_are_offered(
    workspace: Workspace, draft: Draft, tmp_path: Path
) -> None:
    draft.session.attach("p1.4/yes", file(tmp_path, "เดิม.pdf"))
    click(editor(workspace, "g1").buttons["yes"])
    settle(QApplication.instance())
    assert texts(slot(workspace, "g1/yes")) == ["เดิม.pdf"]
