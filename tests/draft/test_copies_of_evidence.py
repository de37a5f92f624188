"""What a draft knows of its evidence is the same in a backup, after a restore, a repair, a move of items and undo."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from dgdesk.draft.backups.restore import restore
from dgdesk.draft.drafts import Draft, new_draft, open_draft, repair_draft
from dgdesk.survey.answers.attachments import Evidence
from dgdesk.survey.answers.marks import Mark, Rect

NOW = datetime(2026, 11, 20, tzinfo=UTC)
MARK = Mark(1, (Rect(0.1, 0.2, 0.5, 0.3), Rect(0.1, 0.4, 0.9, 0.45)), "ดูตรงนี้", "ข้อความ")


def opened(path: Path) -> Draft:
    return open_draft(path, clock=lambda: NOW, who="ก")


def evidence(draft: Draft) -> Evidence:
    return dict(draft.session.state.facts.evidence)


@pytest.fixture
def draft(tmp_path):
    """A draft with three files at an item of a repeat, put into another order; one of them at a second place."""
    with new_draft(tmp_path / "ก.dgdesk", clock=lambda: NOW, who="ก", respondent="TH-55") as draft:
        session = draft.session
        session.answer_all({"g3": "yes", "g3.projects": ["1", "2"], "g1": "yes"})
        for name in ("หนึ่ง.pdf", "สอง.pdf", "สาม.pdf"):
            with pikepdf.new() as document:
                document.add_blank_page()
                document.docinfo["/Title"] = name
                document.save(tmp_path / name)
            session.attach("g3.projects#2", tmp_path / name, marks=[MARK], pages="๑", passages="วรรคแรก", whole=True)
        session.attach("g1/yes", tmp_path / "สอง.pdf", marks=[MARK, MARK])
        files = evidence(draft)["g3.projects#2"]
        session.arrange("g3.projects#2", [files[at].sha256 for at in (2, 0, 1)])
        assert [one.name for one in evidence(draft)["g3.projects#2"]] == ["สาม.pdf", "หนึ่ง.pdf", "สอง.pdf"]
        yield draft


def test_a_backup_and_a_restore_of_it_have_everything(draft, tmp_path):
    before, copy = evidence(draft), tmp_path / "สำเนา.dgdesk"
    draft.package.backup(copy)
    draft.session.detach("g1/yes", before["g1/yes"][0].sha256)
    draft.close()
    restore(copy, draft.path, clock=lambda: NOW, who="ก")
    with opened(draft.path) as again:
        assert evidence(again) == before


def test_a_repaired_draft_has_everything_and_can_be_worked_on(draft, tmp_path):
    before = evidence(draft)
    draft.close()
    repair_draft(draft.path, tmp_path / "ซ่อม.dgdesk", clock=lambda: NOW, who="ก")
    with opened(tmp_path / "ซ่อม.dgdesk") as again:
        assert evidence(again) == before


def test_an_item_that_is_moved_or_removed_and_brought_back_has_everything(draft):
    before = evidence(draft)
    draft.session.move_item("g3.projects", "2", 0)
    assert evidence(draft) == before
    draft.session.remove_item("g3.projects", "2")
    assert "g3.projects#2" not in evidence(draft)
    draft.session.undo()
    assert evidence(draft) == before


def test_a_new_order_is_one_step_and_is_kept_when_the_draft_was_closed(draft):
    before = evidence(draft)
    draft.close()
    with opened(draft.path) as again:
        again.session.undo()
        assert [one.name for one in evidence(again)["g3.projects#2"]] == ["หนึ่ง.pdf", "สอง.pdf", "สาม.pdf"]
        again.session.redo()
        assert evidence(again) == before


def test_removed_files_come_back_where_they_were(draft):
    before = evidence(draft)
    for one in before["g3.projects#2"]:
        draft.session.detach("g3.projects#2", one.sha256)
        draft.session.undo()
        assert evidence(draft) == before
