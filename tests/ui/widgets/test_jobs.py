"""Long work on the draft runs beside the window; what a person does meanwhile shows, waits, and is saved in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from dgdesk.draft.drafts import Draft
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.shell.closing import may_close
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.jobs import Job, JobQueue, ProgressDialog, run_modal
from dgdesk.ui.widgets.services import Services
from ui.hands import click, editor, type_text


class Gate:
    """A job that runs until it is let through, or stopped."""

    def __init__(self, outcome: object = "done") -> None:
        self.through = threading.Event()
        self.running = threading.Event()
        self.outcome = outcome
        self.told: list[object] = []

    def __call__(self, progress: Progress) -> object:
        self.running.set()
        progress.report(1, 2)
        while not self.through.wait(0.005):
            progress.check()
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome

    def start(self, queue: JobQueue, title: str = "สำเนา") -> Gate:
        queue.run(
            title,
            self,
            self.told.append,
            lambda error: self.told.append(error.code),
            lambda: self.told.append("cancelled"),
        )
        return self


@pytest.fixture
def queue(qapp: QObject) -> Iterator[JobQueue]:
    made = JobQueue()
    yield made
    made.cancel_all()
    made.wait()


@pytest.fixture
def bridge(workspace: Workspace) -> Iterator[Bridge]:
    """The bridge; nothing runs any more at the end."""
    yield workspace.bridge
    workspace.bridge.jobs.cancel_all()
    workspace.bridge.jobs.wait()


def listen(queue: JobQueue) -> list[str]:
    heard: list[str] = []
    queue.started.connect(lambda title: heard.append(f"started {title}"))
    queue.ended.connect(lambda: heard.append("ended"))
    return heard


def test_jobs_run_one_after_the_other_and_are_told_on_the_windows_thread(queue: JobQueue) -> None:
    heard = listen(queue)
    first, second = Gate(1).start(queue, "a"), Gate(2).start(queue, "b")
    assert queue.busy and queue.title == "a" and first.running.wait(5) and not second.running.is_set()
    first.through.set()
    second.through.set()
    queue.wait()
    assert not queue.busy and (first.told, second.told) == ([1], [2])
    assert heard == ["started a", "ended", "started b", "ended"]


def test_a_job_that_fails_says_so_and_the_next_one_runs(queue: JobQueue) -> None:
    failing, after = Gate(FileError("package.disk_full", name="x")).start(queue), Gate().start(queue)
    failing.through.set()
    after.through.set()
    queue.wait()
    assert failing.told == ["package.disk_full"] and after.told == ["done"]


def test_cancel_stops_the_job_that_runs_and_no_other(queue: JobQueue) -> None:
    stopped, after = Gate().start(queue), Gate().start(queue)
    queue.cancel()
    after.through.set()
    queue.wait()
    assert stopped.told == ["cancelled"] and after.told == ["done"]


def test_all_can_be_stopped(queue: JobQueue) -> None:
    running, waiting = Gate().start(queue), Gate().start(queue)
    queue.cancel_all()
    queue.wait()
    assert (running.told, waiting.told) == (["cancelled"], ["cancelled"]) and not waiting.running.is_set()


def test_what_a_callback_begins_waits_behind_what_waits(queue: JobQueue) -> None:
    heard = listen(queue)
    first, second, third = Gate(), Gate(), Gate()
    for one in (first, second, third):
        one.through.set()
    queue.run("1", first, lambda _: third.start(queue, "3") and None, lambda error: None)
    second.start(queue, "2")
    queue.wait()
    assert [one for one in heard if one != "ended"] == ["started 1", "started 2", "started 3"]


def test_progress_comes_with_what_is_done_and_what_there_is(queue: JobQueue) -> None:
    seen: list[tuple[object, object]] = []
    queue.progressed.connect(lambda done, total: seen.append((done, total)))
    gate = Gate().start(queue)
    gate.through.set()
    queue.wait()
    assert seen == [(1, 2)]


def test_a_mistake_in_a_job_is_not_hidden(queue: JobQueue, qtbot: QtBot) -> None:
    gate = Gate(ZeroDivisionError("x")).start(queue)
    with qtbot.captureExceptions() as caught:
        gate.through.set()
        queue.wait()
    assert [kind for kind, *_ in caught] == [ZeroDivisionError] and not queue.busy


def hear(bridge: Bridge) -> list[str]:
    heard: list[str] = []
    bridge.pending.connect(lambda: heard.append("pending"))
    bridge.saved.connect(lambda at: heard.append("saved"))
    bridge.failed.connect(lambda why: heard.append(f"failed {why}"))
    return heard


def stored(draft: Draft) -> dict[str, object]:
    return draft.package.answers()


def test_answers_given_meanwhile_show_at_once_and_are_saved_in_order_afterwards(
    workspace: Workspace, bridge: Bridge, draft: Draft
) -> None:
    heard = hear(bridge)
    gate = Gate().start(bridge.jobs)
    assert gate.running.wait(5)
    box = editor(workspace, "general.first_name").input
    type_text(box, "สมศรี")
    assert workspace.flush() and box.text() == "สมศรี"
    click(editor(workspace, "g1").buttons["yes"])
    assert bridge.value("g1") == "yes" and "g1/yes" in workspace.page_view.parts.places
    assert "g1" not in stored(draft) and heard.count("saved") == 0 and "pending" in heard
    gate.through.set()
    bridge.jobs.wait()
    assert stored(draft)["general.first_name"] == "สมศรี" and stored(draft)["g1"] == "yes"
    history = [edit.target for record in draft.package.history() for edit in record.edits]
    assert [one for one in history if one in ("g1", "general.first_name")] in (
        ["general.first_name", "g1"],
        ["g1", "general.first_name"],
    )
    assert heard[-1] == "saved" and not bridge.has_queued
    assert workspace.bar.status.plain_text().startswith("บันทึกแล้ว")


def test_undo_waits_its_turn(workspace: Workspace, bridge: Bridge, draft: Draft) -> None:
    assert bridge.answer("g1", "no")
    gate = Gate().start(bridge.jobs)
    click(editor(workspace, "g1").buttons["yes"])
    workspace.undo()
    gate.through.set()
    bridge.jobs.wait()
    assert stored(draft)["g1"] == "no" and bridge.value("g1") == "no"
    assert editor(workspace, "g1").buttons["no"].isChecked()


@pytest.fixture
def broken(draft: Draft, monkeypatch: pytest.MonkeyPatch) -> Callable[[DgdeskError | None], None]:
    """Let writing fail from now on, or no more."""
    apply = draft.package.apply

    def set_to(error: DgdeskError | None) -> None:
        def refuse(*_: object) -> None:
            assert error is not None
            raise error

        monkeypatch.setattr(draft.package, "apply", apply if error is None else refuse)

    return set_to


def test_what_cannot_be_saved_afterwards_stays_on_the_page_and_is_tried_again(
    workspace: Workspace, bridge: Bridge, draft: Draft, broken: Callable[[DgdeskError | None], None]
) -> None:
    heard = hear(bridge)
    gate = Gate().start(bridge.jobs)
    click(editor(workspace, "g1").buttons["yes"])
    broken(FileError("package.disk_full", name=draft.path.name))
    gate.through.set()
    bridge.jobs.wait()
    assert bridge.has_queued and not workspace.flush() and bridge.value("g1") == "yes"
    assert "พื้นที่ว่างไม่พอ" in heard[-1]
    broken(None)
    assert workspace.flush() and stored(draft)["g1"] == "yes" and heard[-1] == "saved"


def test_what_can_never_be_done_is_told_and_the_page_shows_what_is_stored(
    workspace: Workspace, bridge: Bridge, draft: Draft, broken: Callable[[DgdeskError | None], None]
) -> None:
    heard = hear(bridge)
    gate = Gate().start(bridge.jobs)
    button = editor(workspace, "g1").buttons["yes"]
    click(button)
    broken(UsageError("package.stale", target="g1"))
    gate.through.set()
    bridge.jobs.wait()
    assert not bridge.has_queued and bridge.value("g1") is None and not button.isChecked()
    assert heard[-1].startswith("failed ")


def test_the_window_answers_all_the_while(queue: JobQueue) -> None:
    gate = Gate().start(queue)
    loop = QEventLoop()
    QTimer.singleShot(1, loop.quit)
    loop.exec()
    assert queue.busy
    gate.through.set()
    queue.wait()


def test_closing_while_work_is_under_way_asks_whether_to_wait_or_to_stop_it(
    workspace: Workspace, bridge: Bridge, draft: Draft, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    asked: list[tuple[str, ...]] = []

    def choose(number: int) -> Callable[..., int]:
        return lambda texts, message, buttons, *_: (asked.append(tuple(buttons)), number)[1]

    gate = Gate().start(bridge.jobs)
    click(editor(workspace, "g1").buttons["yes"])
    monkeypatch.setattr("dgdesk.ui.shell.closing.ask", choose(2))
    assert not may_close(workspace) and bridge.jobs.busy
    monkeypatch.setattr("dgdesk.ui.shell.closing.ask", choose(1))
    assert may_close(workspace) and gate.told == ["cancelled"] and stored(draft)["g1"] == "yes"
    again = Gate().start(bridge.jobs)
    QTimer.singleShot(20, again.through.set)
    monkeypatch.setattr("dgdesk.ui.shell.closing.ask", choose(0))
    assert may_close(workspace) and again.told == ["done"] and len(asked) == 3


# -- whatever fails, the queue goes on -------------------------------------------------------------------------------


def mistake(*_: object) -> None:
    raise ZeroDivisionError("x")


def refused(_: Progress) -> None:
    raise FileError("package.disk_full", name="x")


def stopped(_: Progress) -> None:
    raise Cancelled


def nothing(*_: object) -> None:
    """Nobody listens."""


@pytest.mark.parametrize(
    ("job", "done", "failed", "cancelled"),
    [
        pytest.param(mistake, nothing, nothing, nothing, id="the work"),
        pytest.param(nothing, mistake, nothing, nothing, id="done"),
        pytest.param(refused, nothing, mistake, nothing, id="failed"),
        pytest.param(stopped, nothing, nothing, mistake, id="cancelled"),
    ],
)
def test_whatever_fails_the_job_has_ended_and_the_next_one_runs(
    queue: JobQueue,
    qtbot: QtBot,
    job: Job[None],
    done: Callable[[object], None],
    failed: Callable[[DgdeskError], None],
    cancelled: Callable[[], None],
) -> None:
    ended: list[str] = []
    after = Gate()
    after.through.set()
    with qtbot.captureExceptions() as caught:
        queue.run("a", job, done, failed, cancelled, lambda: ended.append("a"))
        after.start(queue)
        queue.wait()
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]
    assert ended == ["a"] and after.told == ["done"] and not queue.busy


def test_a_job_whose_end_fails_has_ended_all_the_same(queue: JobQueue, qtbot: QtBot) -> None:
    after = Gate()
    after.through.set()
    with qtbot.captureExceptions() as caught:
        queue.run("a", nothing, nothing, nothing, nothing, mistake)
        after.start(queue)
        queue.wait()
    assert [kind for kind, *_ in caught] == [ZeroDivisionError] and after.told == ["done"] and not queue.busy


def test_all_that_wait_are_told_that_they_are_stopped_whatever_one_of_them_does(queue: JobQueue, qtbot: QtBot) -> None:
    running = Gate().start(queue)
    ended: list[str] = []
    with qtbot.captureExceptions() as caught:
        queue.run("b", nothing, nothing, nothing, mistake, lambda: ended.append("b"))
        last = Gate().start(queue)
        queue.cancel_all()
        queue.cancel_all()
        queue.wait()
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]
    assert (running.told, last.told, ended) == (["cancelled"], ["cancelled"], ["b"])


@pytest.mark.parametrize("choice", [0, 1])
def test_closing_the_window_does_not_wait_for_ever_for_a_job_whose_callback_fails(
    workspace: Workspace, bridge: Bridge, draft: Draft, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, choice: int
) -> None:
    gate = Gate()
    monkeypatch.setattr("dgdesk.ui.shell.closing.ask", lambda *_: choice)
    with qtbot.captureExceptions() as caught:
        bridge.jobs.run("น้ำ", gate, mistake, mistake, mistake)
        QTimer.singleShot(20, gate.through.set)
        click(editor(workspace, "g1").buttons["yes"])
        assert may_close(workspace) and may_close(workspace)
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]
    assert stored(draft)["g1"] == "yes" and not bridge.jobs.busy


# -- behind a dialog -------------------------------------------------------------------------------------------------


def in_dialog(act: Callable[[ProgressDialog], object]) -> None:
    """Do something in the dialog, once it shows how far the job is."""

    def look() -> None:
        shown = QApplication.activeModalWidget()
        if isinstance(shown, ProgressDialog) and shown.bar.value() == 50:
            act(shown)
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)


@pytest.mark.parametrize("late", [0.0, 0.3])
def test_behind_a_dialog_the_job_s_result_comes_back(services: Services, late: float) -> None:
    assert run_modal(services.texts, "น้ำ", lambda _: (time.sleep(late), 7)[1], None) == 7


@pytest.mark.parametrize("late", [0.0, 0.3])
@pytest.mark.parametrize("error", [FileError("package.disk_full", name="x"), ZeroDivisionError("x")])
def test_what_the_job_behind_a_dialog_raises_is_raised(services: Services, late: float, error: Exception) -> None:
    def job(_: Progress) -> None:
        time.sleep(late)
        raise error

    with pytest.raises(type(error)):
        run_modal(services.texts, "น้ำ", job, None)
    assert QApplication.activeModalWidget() is None


def test_the_dialog_shows_how_far_it_is_and_closing_it_even_twice_stops_the_job(services: Services) -> None:
    gate = Gate()
    seen: list[int] = []

    def close(dialog: ProgressDialog) -> None:
        seen.append(dialog.bar.value())
        dialog.close()
        dialog.close()
        assert dialog.isVisible() and not dialog.cancel.isEnabled()

    in_dialog(close)
    with pytest.raises(Cancelled):
        run_modal(services.texts, "น้ำ", gate, None)
    assert seen == [50] and QApplication.activeModalWidget() is None


def test_a_job_ends_where_its_window_is_destroyed_beneath_the_dialog(services: Services) -> None:
    window = QWidget()
    in_dialog(lambda _: delete(window))
    with pytest.raises(Cancelled):
        run_modal(services.texts, "น้ำ", Gate(), window)
