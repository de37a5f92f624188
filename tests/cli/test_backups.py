"""The copies that the window made by itself, listed and put back from the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.support import done, listing, refused
from dgdesk.draft.backups.copies import Policy, make_copy
from dgdesk.draft.backups.names import folder_for, list_copies
from dgdesk.draft.file.model import Edit
from dgdesk.draft.file.opening import open_draft_file
from dgdesk.system.settings import FILE, Settings, save_settings

NOW = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)


def copy_at(draft: Path, hour: int, folder: Path | None = None) -> Path:
    """Make a copy as the window does."""
    with open_draft_file(draft, clock=lambda: NOW, who="ก") as package:
        return make_copy(package, folder or folder_for(draft), NOW + timedelta(hours=hour), Policy()).copy.path


def province(draft: Path) -> object:
    with open_draft_file(draft, clock=lambda: NOW, who="ก", read_only=True) as package:
        return package.answers()["general.province"]


def to_chiang_mai(draft: Path) -> None:
    with open_draft_file(draft, clock=lambda: NOW, who="ก") as package:
        package.apply([Edit("answer", "general.province", "TH-55", "TH-50")], "answer")


def test_copies_are_listed_newest_first_with_time_and_size(draft: Path) -> None:
    assert done("backups", draft, "--json").json == []
    assert "ยังไม่มีสำเนาสำรอง" in done("backups", draft).out
    older, newer = copy_at(draft, 0), copy_at(draft, 2)
    found = done("backups", draft, "--json").json
    assert [one["path"] for one in found] == [str(newer), str(older)]
    assert [one["at"] for one in found] == ["2026-11-22T09:05:00+00:00", "2026-11-22T07:05:00+00:00"]
    assert all(one["size"] == Path(one["path"]).stat().st_size for one in found)
    first, second = done("backups", draft).out.splitlines()
    assert "พ.ย. 2569" in first and str(newer) in first and str(older) in second
    assert "2026-11-22" in done("backups", draft, "--lang", "en").out


def test_those_in_the_chosen_place_are_listed_too(draft: Path, home: Path, tmp_path: Path) -> None:
    chosen = tmp_path / "ไดรฟ์ D"
    save_settings(home / "profile" / FILE, Settings(backup_folder=str(chosen)))
    beside, elsewhere = copy_at(draft, 0), copy_at(draft, 1, folder_for(draft, chosen))
    found = done("backups", draft, "--json").json
    assert [one["path"] for one in found] == [str(elsewhere), str(beside)]


@pytest.mark.parametrize("by", ["name", "path"])
def test_a_copy_takes_the_drafts_place_and_what_was_is_kept(draft: Path, by: str) -> None:
    copy = copy_at(draft, 0)
    to_chiang_mai(draft)
    told = done("restore", draft, copy.name if by == "name" else copy, "--json").json
    assert province(draft) == "TH-55" and province(Path(told["kept"])) == "TH-50"
    assert told["copy"] == str(copy) and copy.is_file()
    again = done("restore", draft, copy.name)
    assert "before-restore" in again.out and len(list(draft.parent.glob("*before-restore*"))) == 2


def test_a_draft_that_is_gone_comes_back(draft: Path) -> None:
    copy = copy_at(draft, 0)
    draft.unlink()
    assert [one["path"] for one in done("backups", draft, "--json").json] == [str(copy)]
    assert "before-restore" not in done("restore", draft, copy.name).out
    assert province(draft) == "TH-55"


def test_what_is_no_copy_is_refused_and_nothing_changes(draft: Path, evidence: Path) -> None:
    copy_at(draft, 0)
    before = listing(draft.parent)
    refused(3, "restore", draft, "น่าน.20200101-000000.dgdesk", says="has no backup copy", thai="ไม่มีสำเนาสำรอง")
    refused(3, "restore", draft, evidence, says="“คำสั่งแต่งตั้ง.pdf”")
    refused(2, "restore", draft, draft, says="the draft itself", thai="คือแบบสำรวจนั้นเอง")
    assert listing(draft.parent) == before


def test_a_draft_that_somebody_works_in_is_left_alone(draft: Path) -> None:
    copy = copy_at(draft, 0)
    with open_draft_file(draft, clock=lambda: NOW, who="สมปอง"):
        refused(3, "restore", draft, copy.name, says="already open", thai="สมปอง")
    assert list_copies(draft, folder_for(draft)) and not list(draft.parent.glob("*before-restore*"))
