"""What every room's tests share: settings, a clock that stands still, awkward paths, and the check for lost threads."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before Qt is loaded, for those who start pytest without build/dev.py.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# How fast a shared machine draws examples says nothing about dgdesk.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", _PATIENT, derandomize=True, max_examples=50)
settings.register_profile("search", _PATIENT, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

BANGKOK = timezone(timedelta(hours=7))


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A clock that always says Friday 20 November 2026 (B.E. 2569), 09:30 in Bangkok."""
    return lambda: datetime(2026, 11, 20, 9, 30, tzinfo=BANGKOK)


@pytest.fixture
def thai_path(tmp_path: Path) -> Path:
    """An empty folder whose name has Thai letters, stacked marks and spaces."""
    folder = tmp_path / "แบบสำรวจ จังหวัดน่าน ปี ๒๕๖๙ (ที่ส่งแล้ว)"
    folder.mkdir()
    return folder


def running_qthreads() -> list[str]:
    """Name the QThreads that still run, apart from those that Qt only borrowed from Python (the main one)."""
    if "PySide6.QtCore" not in sys.modules:
        return []
    from PySide6.QtCore import QThread  # noqa: TID251 - looks at what the window's tests left behind
    from shiboken6 import Shiboken  # noqa: TID251 - as above

    threads = [each for each in Shiboken.getAllValidWrappers() if isinstance(each, QThread)]
    here = QThread.currentThread()
    return [thread.objectName() or repr(thread) for thread in threads if thread is not here and thread.isRunning()]


@pytest.fixture(autouse=True)
def no_qthread_left() -> Iterator[None]:
    """Fail the test that leaves a QThread running: at exit it would abort the interpreter after "passed"."""
    yield
    if left := running_qthreads():
        pytest.fail(f"QThreads still running: {left}")
