"""The program makes copies by itself: at opening, every hour, at closing; never in anybody's way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dgdesk.draft.backups.copies import make_copy
from dgdesk.draft.backups.names import BackupCopy, all_copies, folder_for
from dgdesk.draft.drafts import new_draft, open_draft
from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import FileError
from dgdesk.ui.backups import scheduler
from dgdesk.ui.backups.scheduler import BackupScheduler
from dgdesk.ui.shell.controller import MainController
from ui.hands import settle
from ui.modals import until

PROVINCE = "general.province"


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def on(self, **much: float) -> None:
        """Let time go by."""
        self.now += timedelta(**much)


@pytest.fixture
def time(desk: MainController) -> Time:
    """The clock of window and draft; backups are made automatically from here on."""
    made = Time()
    desk.services = replace(desk.services, clock=made)
    desk.backups.keep_copies()
    return made


@pytest.fixture
def at_work(desk: MainController, time: Time, path: Path) -> Iterator[BackupScheduler]:
    """A draft for Nan, open in the window since a moment ago."""
    new_draft(path, clock=time, who="สมศรี", respondent="TH-55").close()
    time.on(minutes=10)
    desk.open(path)
    assert desk.backups.scheduler is not None
    yield desk.backups.scheduler
    desk.backups.cancel_running()


def copies(path: Path) -> tuple[BackupCopy, ...]:
    return all_copies(path.resolve())


def look(scheduler: BackupScheduler) -> None:
    """Let the scheduler look while nobody types, and wait for the end."""
    scheduler._quiet.stop()
    scheduler.look()
    until(lambda: not scheduler.running)


def answer(desk: MainController, text: str) -> None:
    assert desk.workspace is not None
    assert desk.workspace.bridge.answer("general.address", text)


def province_in(path: Path) -> object:
    with open_draft(path, clock=Time(), who="ก", read_only=True) as draft:
        return draft.session.state.facts.answers.get(PROVINCE)


def test_an_opened_draft_is_copied_once_and_then_every_hour_of_work(
    desk: MainController, at_work: BackupScheduler, time: Time, path: Path
) -> None:
    look(at_work)
    assert len(copies(path)) == 1 and province_in(copies(path)[0].path) == "TH-55"
    time.on(hours=3)
    look(at_work)
    assert len(copies(path)) == 1, "nothing was changed"
    answer(desk, "ศาลากลาง")
    time.on(seconds=1)
    look(at_work)
    assert copies(path)[0].at == time.now
    time.on(minutes=1)
    answer(desk, "ศาลากลางจังหวัด")
    time.on(minutes=58)
    look(at_work)
    assert len(copies(path)) == 2
    time.on(minutes=1)
    look(at_work)
    assert len(copies(path)) == 3


def test_a_copy_is_made_soon_after_opening_without_anybody_asking(
    desk: MainController, time: Time, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "FIRST", 0)
    new_draft(path, clock=time, who="สมศรี", respondent="TH-55").close()
    desk.open(path)
    until(lambda: copies(path))


def test_who_is_typing_is_left_alone(desk: MainController, at_work: BackupScheduler, path: Path) -> None:
    answer(desk, "ศาลากลาง")
    at_work.look()
    assert not at_work.running and not copies(path)
    assert desk.workspace is not None
    at_work._quiet.stop()
    desk.workspace.bridge.pending.emit()
    at_work.look()
    assert not at_work.running


def test_what_is_answered_while_a_copy_is_made_is_saved(
    desk: MainController, at_work: BackupScheduler, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.workspace is not None
    bridge = desk.workspace.bridge
    at_work.look()
    assert at_work.running and bridge.jobs.busy
    assert bridge.answer("general.address", "ศาลากลาง") and bridge.value("general.address") == "ศาลากลาง"
    until(lambda: not bridge.jobs.busy)
    assert len(copies(path)) == 1 and bridge.session.state.facts.answers["general.address"] == "ศาลากลาง"


def test_closing_makes_a_copy_that_is_due_and_no_other(
    desk: MainController, at_work: BackupScheduler, time: Time, path: Path
) -> None:
    look(at_work)
    time.on(minutes=1)
    answer(desk, "ศาลากลาง")
    time.on(minutes=30)
    desk.close_draft()
    assert len(copies(path)) == 1, "the last is not an hour old"
    desk.open(path)
    time.on(hours=1)
    desk.close_draft()
    assert len(copies(path)) == 2 and copies(path)[0].at == time.now


def test_nobody_waits_at_closing_for_a_large_draft(
    desk: MainController, at_work: BackupScheduler, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "SMALL", 1000)
    answer(desk, "ศาลากลาง")
    desk.close_draft()
    assert not copies(path)
    desk.open(path)
    assert desk.backups.scheduler is not None
    look(desk.backups.scheduler)
    assert len(copies(path)) == 1


def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft whose copy is never done before somebody stops it."""

    def backup(package: DraftFile, target: Path, **ways: Any) -> tuple[()]:
        progress = ways["progress"]
        while True:
            progress.check()

    monkeypatch.setattr(DraftFile, "backup", backup)


def test_who_closes_while_a_copy_is_made_is_not_asked_about_it(
    desk: MainController, at_work: BackupScheduler, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        slow(patch)
        at_work.look()
        assert at_work.running
        assert desk.may_close() and not at_work.running
    desk.close_draft()
    assert desk.workspace is None and len(copies(path)) == 1, "made at closing, since the draft is small"


def test_a_copy_that_was_stopped_is_not_begun_again_before_its_time(
    desk: MainController, at_work: BackupScheduler, time: Time, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        slow(patch)
        at_work.look()
        assert desk.workspace is not None
        desk.workspace.bridge.jobs.cancel()
        until(lambda: not at_work.running)
    look(at_work)
    assert not copies(path)
    time.on(hours=1)
    look(at_work)
    assert len(copies(path)) == 1


def test_what_fails_is_told_once_in_the_status_and_the_work_goes_on(
    desk: MainController, at_work: BackupScheduler, time: Time, path: Path
) -> None:
    assert desk.workspace is not None
    bar = desk.workspace.bar
    folder_for(path.resolve()).write_bytes(b"in the way")
    look(at_work)
    settle(QApplication.instance())
    assert "สำเนาสำรอง" in bar.status.plain_text() and "บันทึกครบแล้ว" in bar.status.plain_text()
    answer(desk, "ศาลากลาง")
    assert bar.status.plain_text().startswith("บันทึก")
    time.on(hours=2)
    look(at_work)
    settle(QApplication.instance())
    assert bar.status.plain_text().startswith("บันทึก"), "it was told already"
    folder_for(path.resolve()).unlink()
    time.on(hours=2)
    look(at_work)
    assert len(copies(path)) == 1


def test_a_draft_that_is_only_read_has_no_copies_made(desk: MainController, time: Time, path: Path) -> None:
    new_draft(path, clock=time, who="สมศรี", respondent="TH-55").close()
    desk.opening.take(lambda: open_draft(path, clock=time, who="ก", read_only=True))
    assert desk.workspace is not None and desk.backups.scheduler is None
    desk.close_draft()
    assert not copies(path)


def test_the_settings_say_whether_where_and_how_many(
    desk: MainController, at_work: BackupScheduler, time: Time, path: Path, tmp_path: Path
) -> None:
    desk.settings.change(replace(desk.settings.now, backups=False))
    look(at_work)
    chosen = tmp_path / "ไดรฟ์ D" / "สำเนา"
    assert not copies(path)
    desk.settings.change(replace(desk.settings.now, backups=True, backup_folder=str(chosen), backup_most=3))
    for number in range(5):
        answer(desk, f"ศาลากลาง {number}")
        look(at_work)
        time.on(hours=1)
    assert not copies(path), "not beside the draft"
    assert len(all_copies(path.resolve(), chosen)) == 3
    desk.settings.change(replace(desk.settings.now, backup_folder=""))
    answer(desk, "ศาลากลาง")
    look(at_work)
    assert len(copies(path)) == 1 and len(all_copies(path.resolve(), chosen)) == 4, "the folder is another: looked anew"


def test_a_window_in_another_language_goes_on_keeping_copies(
    desk: MainController, at_work: BackupScheduler, path: Path
) -> None:
    desk.actions["language"].trigger()
    scheduler = desk.backups.scheduler
    assert scheduler is not None and scheduler is not at_work
    look(scheduler)
    assert len(copies(path)) == 1


def test_a_draft_that_went_away_closes_all_the_same(
    desk: MainController, at_work: BackupScheduler, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(desk, "ศาลากลาง")

    def fail(*_: object, **__: object) -> None:
        raise FileError("package.moved", name=path.name, path=str(path))

    monkeypatch.setattr(scheduler, "make_copy", fail)
    desk.close_draft()
    assert desk.workspace is None and not copies(path)
    assert scheduler.make_copy is not make_copy


def test_what_fails_after_a_copy_leaves_nobody_waiting(
    at_work: BackupScheduler, desk: MainController, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Path] = []

    def fails_the_second_time(draft: Path, folder: Path) -> tuple[BackupCopy, ...]:
        calls.append(folder)
        if len(calls) > 1:
            raise RuntimeError("a folder that cannot be listed")
        return ()

    monkeypatch.setattr(scheduler, "list_copies", fails_the_second_time)
    with qtbot.capture_exceptions() as seen:
        look(at_work)
    assert [type(one[1]) for one in seen] == [RuntimeError]
    desk.backups.cancel_running()
    assert not at_work.running


def test_a_mistake_while_a_copy_is_made_leaves_nobody_waiting(
    at_work: BackupScheduler, desk: MainController, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, qtbot.capture_exceptions() as seen:
        patch.setattr(scheduler, "make_copy", lambda *_, **__: 1 // 0)
        look(at_work)
    assert [one[0] for one in seen] == [ZeroDivisionError] and not at_work.running
    desk.backups.cancel_running()
    assert desk.may_close()
