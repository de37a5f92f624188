"""What has the name of a draft's lock file and is none is not written over, waited for or removed, and it is said."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from dgdesk.draft.drafts import new_draft
from dgdesk.draft.file.lock import acquire, read_holder, this_process
from dgdesk.draft.file.opening import open_draft_file
from dgdesk.errors import FileError

POSIX = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pipes in folders, and links need a right there"
)
NOW = datetime.fromisoformat("2026-11-20T09:30+07:00")
WORK = b"my own work"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "น่าน.dgdesk"
    new_draft(path, clock=lambda: NOW, who="สมศรี", respondent="TH-55").close()
    return path


@pytest.fixture
def draft(tmp_path: Path, sound: Path) -> Path:
    return Path(shutil.copy(sound, tmp_path))


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    path = tmp_path / "victim.docx"
    path.write_bytes(WORK)
    return path


def lock_of(draft: Path) -> Path:
    return draft.with_name(draft.name + ".lock")


def aside(draft: Path) -> Path:
    return draft.with_name(draft.name + ".lock.set-aside")


def write(draft: Path) -> None:
    with open_draft_file(draft, clock=lambda: NOW, who="ก"):
        pass


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(FileError) as caught:
        work()
    return caught.value.code


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda lock, victim: lock.mkdir(), id="folder"),
        pytest.param(lambda lock, victim: (lock.mkdir(), (lock / "inside.txt").write_bytes(WORK)), id="full-folder"),
        pytest.param(lambda lock, victim: os.mkfifo(lock), id="pipe", marks=POSIX),
        pytest.param(lambda lock, victim: lock.symlink_to(victim), id="link", marks=POSIX),
        pytest.param(lambda lock, victim: lock.symlink_to("/dev/zero"), id="link-to-a-device", marks=POSIX),
        pytest.param(lambda lock, victim: lock.symlink_to(lock), id="link-to-itself", marks=POSIX),
        pytest.param(lambda lock, victim: os.link(victim, lock), id="second-name-of-a-file"),
    ],
)
def test_what_is_no_lock_file_is_set_aside_and_told(
    draft: Path, victim: Path, make: Callable[[Path, Path], object]
) -> None:
    make(lock_of(draft), victim)

    assert refused(lambda: write(draft)) == "package.beside_set_aside"

    assert victim.read_bytes() == WORK
    assert os.path.lexists(aside(draft)) and not os.path.lexists(lock_of(draft))
    write(draft)
    assert os.path.lexists(aside(draft)) and victim.read_bytes() == WORK


def test_a_reader_needs_no_lock_and_leaves_it_alone(draft: Path) -> None:
    lock_of(draft).mkdir()

    open_draft_file(draft, clock=lambda: NOW, who="ก", read_only=True).close()

    assert lock_of(draft).is_dir()


def test_the_lock_of_a_writer_at_work_holds_though_a_backup_has_linked_it(draft: Path, tmp_path: Path) -> None:
    with acquire(draft, this_process("สมศรี", NOW)):
        os.link(lock_of(draft), tmp_path / "backup.lock")

        assert refused(lambda: write(draft)) == "package.held"
        assert not aside(draft).exists()

    write(draft)


def test_what_a_killed_program_left_is_still_taken_over(draft: Path) -> None:
    lock_of(draft).write_text(json.dumps({"user": "ก", "host": "h", "pid": 1, "since": "x"}), encoding="utf-8")

    write(draft)

    assert not lock_of(draft).exists() and not aside(draft).exists()


@POSIX
def test_who_holds_a_draft_is_not_waited_for_at_a_pipe(draft: Path) -> None:
    os.mkfifo(lock_of(draft))

    assert read_holder(lock_of(draft)).user == "?"
