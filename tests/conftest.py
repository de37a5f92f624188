"""Shared by all tests: settings, a fixed clock, awkward paths, and the check for lost threads."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import order
import quick_locks

# Before Qt is loaded, for those who start pytest without build/dev.py.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# How fast a shared machine draws examples says nothing about dgdesk.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", _PATIENT, derandomize=True, max_examples=50)
settings.register_profile("search", _PATIENT, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

BANGKOK = timezone(timedelta(hours=7))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files; the tests of a file stay together as they are."""
    items.sort(key=lambda item: order.place(item.nodeid))


def pytest_collection_finish() -> None:
    """Set all modules and tests aside from garbage collection: it walked through a million objects again and again."""
    gc.freeze()


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


@pytest.fixture(scope="session", autouse=True)
def real_rounds() -> Iterator[int]:
    """How often dgdesk hashes the passphrase of a signer's key; the tests do so less often, except with `strong`."""
    from dgdesk.bundle.signing import keyfile

    real = keyfile.ROUNDS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyfile, "ROUNDS", quick_locks.ROUNDS)
        yield real


@pytest.fixture
def strong(real_rounds: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Keys are locked as the program locks them; the number of rounds."""
    monkeypatch.setattr("dgdesk.bundle.signing.keyfile.ROUNDS", real_rounds)
    return real_rounds


@pytest.fixture
def quick_age(monkeypatch: pytest.MonkeyPatch) -> None:
    """Receivers' keys are locked with little work; age measures what one second of this PC can do, and takes that."""
    monkeypatch.setattr("pyrage.passphrase.encrypt", quick_locks.lock)


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
