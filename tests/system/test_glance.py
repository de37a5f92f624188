"""A folder that does not answer keeps nobody waiting, and is not asked again while it hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dgdesk.system.glance import PATIENCE, Glances

LONG = 60.0
"""Seconds: a busy machine may take long to begin a thread."""
DEAD, ALIVE = Path("/dead/งาน"), Path("/alive/งาน")


class Drives:
    """A network drive that is gone, and one that answers."""

    def __init__(self) -> None:
        self.asked: list[Path] = []
        self.back = threading.Event()

    def is_there(self, path: Path) -> bool:
        self.asked.append(path)
        if path == DEAD:
            self.back.wait()
        return True


@pytest.fixture
def drives() -> Iterator[Drives]:
    made = Drives()
    yield made
    made.back.set()


def test_the_first_folder_that_is_there_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "ไฟล์").touch()
    glances = Glances(patience=LONG)
    assert glances.first([tmp_path / "none", tmp_path / "ไฟล์", tmp_path / "b", tmp_path / "a"]) == tmp_path / "b"
    assert glances.first([tmp_path / "none", Path("\0")]) is None
    assert glances.first([]) is None


def test_one_that_hangs_is_passed_over_and_asked_once_until_it_answers(drives: Drives) -> None:
    glances = Glances(drives.is_there, patience=1.0)
    for _ in range(3):
        assert glances.first([DEAD, ALIVE]) == ALIVE
    assert drives.asked.count(DEAD) == 1
    drives.back.set()
    answers = iter(lambda: glances.first([DEAD, ALIVE]), DEAD)
    assert set(answers) <= {ALIVE}, "the drive is back, once it was seen to be"


def test_a_window_waits_for_a_drive_that_is_gone_no_longer_than_nobody_notices(drives: Drives) -> None:
    assert PATIENCE == 0.05
    began = time.monotonic()
    assert Glances(drives.is_there).first([DEAD]) is None
    assert PATIENCE <= time.monotonic() - began < LONG / 2


def test_a_system_without_threads_has_no_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert Glances().first([Path("/")]) is None
