"""The file for the help desk holds figures and codes; no answer, name or file name of the draft is in it."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dgdesk.draft.drafts import new_draft
from dgdesk.errors import FileError
from dgdesk.support.gather import gather_support, write_support
from dgdesk.support.log import EventLog
from dgdesk.system.profile import Profile
from dgdesk.system.settings import FILE, Settings, save_settings

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_the_file_tells_much_and_nothing_personal(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "profile")
    save_settings(profile.root / FILE, Settings(who="สมศรี ใจดี", text_percent=150))
    log = EventLog(profile.root / "logs", lambda: NOW).open()
    log.error("slot", FileError("package.held", user="สมศรี ใจดี"))
    log.close()
    draft = new_draft(tmp_path / "ความลับของน่าน.dgdesk", clock=lambda: NOW, who="สมศรี ใจดี", respondent="TH-55")
    with draft:
        evidence = tmp_path / "หลักฐานลับ.txt"
        evidence.write_text("เนื้อหาลับ", "utf-8")
        files = gather_support(profile, NOW, {"USER": "somsri"}, draft)
    write_support(tmp_path / "help.zip", files)
    with zipfile.ZipFile(tmp_path / "help.zip") as archive:
        assert archive.testzip() is None
        everything = "\n".join(archive.read(name).decode() for name in archive.namelist())
        report = json.loads(archive.read("report.json"))
    assert report["draft"]["answers"] == 1 and report["settings"]["text_percent"] == 150
    assert "package.held" in everything
    for secret in ("สมศรี", "ลับ", "น่าน", "TH-55", "somsri", str(tmp_path)):
        assert secret not in everything


def test_without_a_draft_the_machine_alone_is_told(tmp_path: Path) -> None:
    files = gather_support(Profile(tmp_path), NOW, {})
    assert set(files) == {"report.json"}
    assert json.loads(files["report.json"])["draft"] is None


def test_a_place_that_cannot_be_written_is_told_and_left_clean(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        write_support(tmp_path / "none" / "help.zip", {"report.json": "{}"})
    assert caught.value.code == "target.no_folder"
    assert list(tmp_path.iterdir()) == []
