"""Copies made of a real draft, and put back."""

from __future__ import annotations

import errno
import io
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dgdesk.draft.backups.copies import Policy, make_copy, newest_change
from dgdesk.draft.backups.names import folder_for, list_copies
from dgdesk.draft.backups.restore import kept_path, restore
from dgdesk.draft.drafts import new_draft, open_draft
from dgdesk.errors import FileError, UsageError

PROVINCE = "general.province"

START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class Clock:
    """A clock that goes an hour further at each look."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


def province_in(path: Path) -> object:
    with open_draft(path, clock=Clock(), who="ก", read_only=True) as draft:
        return draft.session.state.facts.answers.get(PROVINCE)


def test_copies_are_kept_by_count_and_one_is_put_back(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "น่าน.dgdesk"
    folder = folder_for(path)
    with new_draft(path, clock=clock, who="ก", respondent="TH-55") as draft:
        for _ in range(5):
            made = make_copy(draft.package, folder, clock(), Policy(most=3))
        assert made.damages == () and made.dropped == 1
        draft.session.answer(PROVINCE, "TH-50")
    copies = list_copies(path, folder)
    assert len(copies) == 3 and copies[0] == made.copy
    assert {each.name for each in folder.iterdir()} == {copy.path.name for copy in copies}
    kept = restore(copies[0].path, path, clock=clock, who="ก")
    assert province_in(path) == "TH-55"
    assert kept is not None and province_in(kept) == "TH-50"
    assert copies[0].path.is_file()
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([path.name, kept.name, folder.name])


def test_a_draft_that_is_gone_comes_back(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "น่าน.dgdesk"
    with new_draft(path, clock=clock, who="ก", respondent="TH-55") as draft:
        copy = make_copy(draft.package, folder_for(path), clock(), Policy()).copy
    path.unlink()
    assert restore(copy.path, path, clock=clock, who="ก") is None
    assert province_in(path) == "TH-55"


def test_a_damaged_copy_is_not_put_back(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "น่าน.dgdesk"
    with new_draft(path, clock=clock, who="ก", respondent="TH-55") as draft:
        marker = b"EVIDENCE" * 4096
        draft.package.add_file(io.BytesIO(marker))
        copy = make_copy(draft.package, folder_for(path), clock(), Policy()).copy
    before = path.read_bytes()
    content = bytearray(copy.path.read_bytes())
    content[content.rindex(b"EVIDENCE")] ^= 1
    copy.path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        restore(copy.path, path, clock=clock, who="ก")
    assert caught.value.code == "backup.copy_damaged"
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([path.name, folder_for(path).name])


def test_a_damaged_draft_is_copied_but_no_older_copy_goes_for_it(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "น่าน.dgdesk"
    with new_draft(path, clock=clock, who="ก", respondent="TH-55") as draft:
        draft.package.add_file(io.BytesIO(b"EVIDENCE" * 4096))
        for _ in range(3):
            make_copy(draft.package, folder_for(path), clock(), Policy(most=2))
    content = bytearray(path.read_bytes())
    content[content.rindex(b"EVIDENCE")] ^= 1
    path.write_bytes(content)
    with open_draft(path, clock=clock, who="ก") as draft:
        made = make_copy(draft.package, folder_for(path), clock(), Policy(most=2))
    assert made.damages and made.dropped == 0
    assert len(list_copies(path, folder_for(path))) == 3


def test_a_draft_that_somebody_works_in_is_left_alone(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "น่าน.dgdesk"
    with new_draft(path, clock=clock, who="ก", respondent="TH-55") as draft:
        copy = make_copy(draft.package, folder_for(path), clock(), Policy()).copy
        with pytest.raises(FileError) as caught:
            restore(copy.path, path, clock=clock, who="ข")
    assert caught.value.code == "package.held"
    assert province_in(path) == "TH-55"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "น่าน.dgdesk"
    (tmp_path / "น่าน.backups").write_bytes(b"in the way")
    with new_draft(path, clock=clock, who="ก") as draft, pytest.raises(FileError) as caught:
        make_copy(draft.package, folder_for(path), clock(), Policy())
    assert caught.value.code == "backup.folder"


def test_where_a_name_cannot_be_given_the_draft_keeps_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, path = Clock(), tmp_path / "น่าน.dgdesk"
    with new_draft(path, clock=clock, who="ก", respondent="TH-55") as draft:
        copy = make_copy(draft.package, folder_for(path), clock(), Policy()).copy
        draft.session.answer(PROVINCE, "TH-50")

    rename = os.replace

    def fail(old: Path, new: Path) -> None:
        if new == path and old.parent != path.parent:  # the fresh copy; the draft may be moved away and back
            raise OSError(errno.EIO, "gone")
        rename(old, new)

    monkeypatch.setattr(os, "replace", fail)
    before = path.read_bytes()
    with pytest.raises(FileError) as caught:
        restore(copy.path, path, clock=clock, who="ก")
    assert caught.value.code == "package.disk_error"
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([path.name, folder_for(path).name])


def test_a_killed_programs_half_change_is_taken_back_before_the_draft_is_put_aside(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "น่าน.dgdesk"
    with new_draft(path, clock=clock, who="ก", respondent="TH-55") as draft:
        copy = make_copy(draft.package, folder_for(path), clock(), Policy()).copy
    killed = tmp_path / "killed"
    killed.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_spill = 1")
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE state SET value = '\"TH-10\"'")
        writer.execute("CREATE TABLE large (x)")
        writer.execute("INSERT INTO large VALUES (zeroblob(4000000))")
        for name in (path.name, f"{path.name}-journal"):
            shutil.copyfile(tmp_path / name, killed / name)
        writer.rollback()
    theirs = killed / path.name
    kept = restore(copy.path, theirs, clock=clock, who="ก")
    assert kept is not None and province_in(kept) == "TH-55" and province_in(theirs) == "TH-55"
    assert sorted(each.name for each in killed.iterdir()) == sorted([theirs.name, kept.name])


def test_the_name_that_was_promised_is_given_unless_it_was_taken(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "น่าน.dgdesk"
    with new_draft(path, clock=clock, who="ก", respondent="TH-55") as draft:
        copy = make_copy(draft.package, folder_for(path), clock(), Policy()).copy
    promised = kept_path(path, START)
    assert restore(copy.path, path, clock=clock, who="ก", kept=promised) == promised
    again = restore(copy.path, path, clock=clock, who="ก", kept=promised)
    assert again not in (promised, None) and kept_path(path, START).name.endswith("-2.dgdesk")
    with pytest.raises(UsageError):
        restore(path, path, clock=clock, who="ก")


def test_what_was_changed_last_is_known_exports_too(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "น่าน.dgdesk"
    with new_draft(path, clock=clock, who="ก") as draft:
        assert newest_change(draft.package) is None
        draft.session.answer(PROVINCE, "TH-50")
        first = newest_change(draft.package)
        draft.package.register_export({"bundle": "x"})
        second = newest_change(draft.package)
    assert first is not None and second is not None and second > first
