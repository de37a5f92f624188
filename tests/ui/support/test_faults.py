"""The program's own errors: logged without what they were about, shown once, and the work goes on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, QtMsgType, qCritical, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions

from dgdesk.errors import FileError
from dgdesk.support.log import FILE, FOLDER
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.support.failures import GO_ON, QUIT, SUPPORT, FaultDialog
from dgdesk.ui.support.run_monitor import RunMonitor, without_names
from dgdesk.ui.support.support_dialog import SupportDialog
from ui.modals import Modals, until


@pytest.fixture
def monitor(desk: MainController, clock: Callable[[], datetime]) -> Iterator[RunMonitor]:
    """A run of the program in the test's process; what it hears is not handed on to pytest, which would fail."""
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    sys.excepthook = threading.excepthook = sys.unraisablehook = lambda *_: None
    handler = qInstallMessageHandler(None)
    made = RunMonitor(desk.services.profile, clock)
    made.begin()
    made.serve(desk, desk.office)
    desk.office.stop()  # what the PC is like is not what these tests are about
    yield made
    made.end(0)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    qInstallMessageHandler(handler)


def log_of(desk: MainController) -> str:
    return (desk.services.profile.root / FOLDER / FILE).read_text("utf-8")


class Failing(QObject):
    """Fails in a slot that a timer calls."""

    def fail(self) -> None:
        raise KeyError("คำตอบลับของสมศรี")


def fail_in_thread() -> None:
    raise FileError("package.disk_full", path="/home/สมศรี")


def press(number: int) -> Callable[[FaultDialog], None]:
    return lambda dialog: dialog.buttons[number].click()


def test_an_error_in_a_slot_is_told_in_thai_and_the_draft_is_safe(
    workspace: Workspace, desk: MainController, monitor: RunMonitor, modals: Modals
) -> None:
    said: list[str] = []

    def read(dialog: FaultDialog) -> None:
        said.append(dialog.label.plain_text())
        dialog.reject()

    modals.then(read)
    failing = Failing()
    with capture_exceptions():
        sys.excepthook = monitor.faults._raised
        QTimer.singleShot(0, failing.fail)
        until(lambda: said and modals.done())
    assert "KeyError" in said[0] and "ปลอดภัย" in said[0] and "ลับ" not in said[0]
    assert workspace.isVisible() and workspace.bridge.answer("general.address", "ยังทำงานต่อได้")
    log = log_of(desk)
    assert "KeyError" in log and "test_faults.py" in log and "fail" in log
    assert "ลับ" not in log and "สมศรี" not in log


def test_an_error_in_a_thread_comes_to_the_window(desk: MainController, monitor: RunMonitor, modals: Modals) -> None:
    modals.then(press(GO_ON))
    thread = threading.Thread(target=fail_in_thread)
    thread.start()
    until(lambda: modals.seen and modals.done())
    thread.join()
    assert modals.seen == ["FaultDialog"]
    assert "error in thread" in log_of(desk) and "FileError package.disk_full" in log_of(desk)
    assert "สมศรี" not in log_of(desk)


def test_what_python_cannot_raise_is_written_and_not_told(desk: MainController, monitor: RunMonitor) -> None:
    class Ending:
        def __del__(self) -> None:
            raise ValueError("ลับ")

    Ending()
    QApplication.processEvents()
    assert QApplication.activeModalWidget() is None
    assert "could not be raised" in log_of(desk) and "ลับ" not in log_of(desk)


def test_the_same_error_a_hundred_times_is_told_once_and_counted(
    desk: MainController, monitor: RunMonitor, modals: Modals
) -> None:
    modals.then(press(GO_ON))
    for _ in range(100):
        try:
            fail_in_thread()
        except FileError as error:
            monitor.faults.take("error", error)
    until(lambda: modals.seen and modals.done())
    log = log_of(desk)
    assert log.count("\n  dgdesk.errors.FileError") == 1
    assert [line.rpartition("count=")[2] for line in log.splitlines() if " again " in line] == [
        *("2", "4", "8", "16", "32", "64")
    ]


def test_another_error_while_one_is_told_is_counted_in_the_same_dialog(
    desk: MainController, monitor: RunMonitor, modals: Modals
) -> None:
    words: list[str] = []

    def fail_again(dialog: FaultDialog) -> None:
        monitor.faults.take("error", ValueError("another"))
        QTimer.singleShot(50, dialog, lambda: (words.append(dialog.label.plain_text()), dialog.reject()))

    modals.then(fail_again)
    monitor.faults.take("error", KeyError("one"))
    until(lambda: words and modals.done())
    assert "อีก 1 ครั้ง" in words[0] and modals.seen == ["FaultDialog"]


def test_the_file_for_the_help_desk_is_offered(
    desk: MainController, monitor: RunMonitor, modals: Modals, tmp_path: Path
) -> None:
    texts: list[str] = []

    def read(dialog: SupportDialog) -> None:
        texts.append(dialog.text.toPlainText())
        dialog.reject()

    modals.then(press(SUPPORT), read)
    monitor.faults.take("error", KeyError("ลับ"))
    until(lambda: texts and modals.done())
    assert "KeyError" in texts[0] and "report.json" in texts[0] and "ลับ" not in texts[0]


def test_the_program_can_be_closed_from_there(
    workspace: Workspace, desk: MainController, monitor: RunMonitor, modals: Modals
) -> None:
    modals.then(press(QUIT))
    monitor.faults.take("error", KeyError("x"))
    until(lambda: not desk.window.isVisible())
    assert desk.draft is None


def test_the_hooks_are_given_back(desk: MainController, monitor: RunMonitor) -> None:
    assert sys.excepthook == monitor.faults._raised
    monitor.end(0)
    monitor.end(0)
    assert sys.excepthook != monitor.faults._raised
    monitor.faults.take("late", KeyError("x"))


def test_without_stderr_nothing_fails(
    desk: MainController, monitor: RunMonitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "stdout", None)
    qCritical('cannot open "/home/สมศรี/แบบสำรวจ.dgdesk": disk 28')
    monitor.faults.take("error", KeyError("x"), tell=False)
    log = log_of(desk)
    assert "qt kind=critical" in log and "disk_28" in log and "สมศรี" not in log and "KeyError" in log


def test_words_of_qt_lose_names() -> None:
    assert without_names("QFile 'a b' at /home/x/y failed: น่าน 5") == "QFile … at … failed: … 5"
    assert QtMsgType.QtFatalMsg is not None
