"""Of several requests the newest wins: one thread, results in the GUI thread, and an end whatever fails."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from dgdesk.errors import FileError
from dgdesk.system.progress import Cancelled
from dgdesk.ui.widgets.latest import LatestWins, Task
from ui.modals import until

SOME = 30.0


@pytest.fixture
def parent(qapp: QObject) -> Iterator[QObject]:
    made = QObject()
    yield made
    for one in made.findChildren(LatestWins):
        one.stop(SOME)
        assert not one.running


@pytest.fixture
def latest(parent: QObject) -> LatestWins:
    return LatestWins("dgdesk test", parent)


class Held:
    """Work that lasts until it is let go, and looks now and then whether it is still wanted."""

    def __init__(self, outcome: object = "found", stubborn: bool = False) -> None:
        self.begun, self.go = threading.Event(), threading.Event()
        self.outcome, self.stubborn = outcome, stubborn

    def __call__(self, task: Task) -> object:
        self.begun.set()
        while not self.go.wait(0.002):
            if not self.stubborn:
                task.progress().check()
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


def test_the_result_comes_in_the_gui_thread(latest: LatestWins) -> None:
    where: list[str] = []

    def work(_: Task) -> None:
        where.append(threading.current_thread().name)

    latest.request(work, lambda _: where.append(threading.current_thread().name))
    until(lambda: len(where) == 2)
    assert where == ["dgdesk test", threading.main_thread().name] and not latest.running


def test_the_newest_request_wins_and_older_ones_are_cancelled(latest: LatestWins) -> None:
    got: list[object] = []
    first, second, third = Held("first"), Held("second"), Held("third")
    latest.request(first, got.append)
    assert first.begun.wait(SOME)
    latest.request(second, got.append)
    latest.request(third, got.append)
    third.go.set()
    until(lambda: got)
    assert got == ["third"] and not second.begun.is_set()


def test_nothing_is_delivered_of_one_that_ends_after_it_was_cancelled(latest: LatestWins) -> None:
    got: list[object] = []
    held = Held(stubborn=True)
    latest.request(held, got.append)
    assert held.begun.wait(SOME)
    latest.cancel()
    held.go.set()
    until(lambda: not latest.running)
    assert latest.wait(SOME) and got == []


def test_one_that_hangs_keeps_a_newer_one_waiting_only_where_it_may(parent: QObject) -> None:
    got: list[object] = []
    hung = Held("old", stubborn=True)
    looks = LatestWins("dgdesk test", parent, may_hang=True)
    looks.request(hung, got.append)
    assert hung.begun.wait(SOME)
    looks.request(lambda _: "new", got.append)
    until(lambda: got)
    assert got == ["new"] and looks.running
    hung.go.set()
    until(lambda: not looks.running)
    assert got == ["new"]


def test_what_is_told_on_the_way_comes_in_order_and_before_the_result(latest: LatestWins) -> None:
    got: list[object] = []

    def work(task: Task) -> str:
        progress = task.progress(got.append)
        for done in (1, 1, 2):
            progress.report(done, 4)
        task.post(got.append, "word")
        return "end"

    latest.request(work, got.append)
    until(lambda: "end" in got)
    assert got == [25, 50, "word", "end"]


def test_waiting_delivers_at_once_and_once_only(latest: LatestWins) -> None:
    got: list[object] = []
    latest.request(lambda task: task.post(got.append, "word"), lambda _: got.append("end"))
    assert latest.wait(SOME) and got == ["word", "end"]
    latest.request(lambda _: None, got.append)
    until(lambda: None in got)
    assert got == ["word", "end", None]


def test_waiting_gives_up_after_its_time(latest: LatestWins) -> None:
    held = Held(stubborn=True)
    latest.request(held)
    began = time.monotonic()
    assert not latest.wait(0.05) and time.monotonic() - began < SOME
    held.go.set()


def test_soon_is_later_and_is_dropped_for_what_is_asked_meanwhile(latest: LatestWins) -> None:
    got: list[object] = []
    latest.soon(10_000, lambda: got.append("never"))
    latest.soon(1, lambda: latest.request(lambda _: "soon", got.append))
    until(lambda: got)
    latest.soon(20, lambda: got.append("dropped"))
    latest.request(lambda _: "now", got.append)
    until(lambda: len(got) == 2)
    latest.soon(1, lambda: got.append("cancelled"))
    latest.cancel()
    latest.request(lambda _: time.sleep(0.05), lambda _: got.append("last"))
    until(lambda: "last" in got)
    assert got == ["soon", "now", "last"]


# -- whatever fails, the next request is done ------------------------------------------------------------------------


def next_is_done(latest: LatestWins) -> None:
    got: list[object] = []
    latest.request(lambda _: "next", got.append)
    until(lambda: got)
    assert got == ["next"] and latest.wait(SOME) and not latest.running


def test_work_that_fails_says_so(latest: LatestWins) -> None:
    told: list[str] = []

    def work(_: Task) -> None:
        raise FileError("package.disk_full", name="x")

    latest.request(work, failed=lambda error: told.append(error.code))
    until(lambda: told)
    assert told == ["package.disk_full"]
    next_is_done(latest)


def broken(*_: object) -> None:
    raise ZeroDivisionError("x")


def refused(_: Task) -> None:
    raise FileError("package.disk_full", name="x")


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda one: one.request(broken), id="the work"),
        pytest.param(lambda one: one.request(lambda _: 1, broken), id="done"),
        pytest.param(lambda one: one.request(refused, failed=broken), id="failed"),
        pytest.param(lambda one: one.request(lambda task: task.post(broken)), id="a word on the way"),
    ],
)
@pytest.mark.parametrize("waiting", [False, True])
def test_a_mistake_is_not_hidden(
    latest: LatestWins, qtbot: QtBot, ask: Callable[[LatestWins], None], waiting: bool
) -> None:
    with qtbot.captureExceptions() as caught:
        ask(latest)
        if waiting:
            assert latest.wait(SOME)
        else:
            until(lambda: caught)
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]
    next_is_done(latest)


def test_one_that_is_cancelled_by_itself_says_nothing(latest: LatestWins) -> None:
    told: list[object] = []

    def work(_: Task) -> None:
        raise Cancelled

    latest.request(work, told.append, told.append)
    until(lambda: not latest.running)
    next_is_done(latest)
    assert told == []


def test_stopped_in_the_middle_and_twice_it_ends_and_begins_nothing_more(latest: LatestWins) -> None:
    got: list[object] = []
    held = Held()
    latest.request(held, got.append)
    assert held.begun.wait(SOME)
    latest.stop(SOME)
    latest.stop(SOME)
    assert not latest.running
    latest.request(lambda _: "more", got.append)
    latest.soon(0, lambda: got.append("soon"))
    assert latest.wait(SOME) and got == []


def test_with_its_window_it_goes_and_wakes_work_that_sleeps(parent: QObject) -> None:
    got: list[object] = []
    asleep, begun, ended = threading.Condition(), threading.Event(), threading.Event()

    def wake() -> None:
        with asleep:
            asleep.notify()

    def work(task: Task) -> None:
        task.wake = wake
        begun.set()
        with asleep:
            while not task.cancelled:
                asleep.wait()
        task.post(got.append, "late")
        ended.set()

    window = QObject(parent)
    latest = LatestWins("dgdesk test", window)
    latest.request(work, got.append)
    assert begun.wait(SOME)
    delete(window)
    assert ended.wait(SOME)
    until(lambda: not latest.running)
    assert got == []


def test_what_the_callbacks_hold_is_let_go_in_the_gui_thread(latest: LatestWins) -> None:
    gone: list[str] = []

    class Heavy:
        def __del__(self) -> None:
            gone.append(threading.current_thread().name)

    def ask() -> None:
        heavy, other = Heavy(), Heavy()
        latest.request(lambda _: heavy, lambda _: other)

    for _ in range(50):
        ask()
        assert latest.wait(SOME)
    assert set(gone) == {threading.main_thread().name} and len(gone) == 100


PROGRAM = """
import sys
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from dgdesk.ui.shell.app import leave_if_held
from dgdesk.ui.widgets.latest import LatestWins

def work(task):
    while stubborn or not task.cancelled:
        picture = QImage(300, 300, QImage.Format.Format_RGB32)
        picture.fill(len(memoryview(picture.bits())) % 7)
        task.post(seen.append, picture.width())

app, owner, seen, stubborn = QApplication([]), QObject(), [], sys.argv[1] == "stubborn"
readers = [LatestWins(f"reader {number}", owner) for number in range(3)]
for reader in readers:
    reader.request(work)
while len(seen) < 50:
    app.processEvents()
if stubborn:
    leave_if_held(7)
sys.exit(7)
"""


@pytest.mark.parametrize("kind", ["willing", "stubborn"])
def test_the_program_ends_cleanly_while_threads_still_read(kind: str) -> None:
    """A viewer at work, or one that hangs on a dead network drive: no crash, no waiting, and the true exit code."""
    ended = subprocess.run([sys.executable, "-c", PROGRAM, kind], capture_output=True, text=True, timeout=SOME)
    assert (ended.returncode, ended.stderr) == (7, "")
