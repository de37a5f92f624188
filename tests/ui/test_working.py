"""Long work on the draft runs beside the window; what a person does meanwhile shows, waits, and is saved in order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QObject, QTimer
from pytestqt.qtbot import QtBot

from dgdesk.drafts import Draft
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.package.model import Cancelled, CancelledError, Progress
from dgdesk.ui.bridge import Bridge
from dgdesk.ui.working import Working
from dgdesk.ui.workspace import Workspace
from ui.hands import click, editor, type_text


class Gate:
    """A job that runs until it is let through, or stopped."""

    def __init__(self, outcome: object = "done") -> None:
        self.through = threading.Event()
        self.running = threading.Event()
        self.outcome = outcome
        self.told: list[object] = []

    def __call__(self, progress: Progress, cancelled: Cancelled) -> object:
        self.running.set()
        progress(1, 2)
        while not self.through.wait(0.005):
            if cancelled():
                raise CancelledError("package.cancelled")
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome

    def start(self, working: Working, title: str = "สำเนา") -> Gate:
        working.run(
            title,
            self,
            self.told.append,
            lambda error: self.told.append(error.code),
            lambda: self.told.append("cancelled"),
        )
        return self


@pytest.fixture
def working(qapp: QObject) -> Iterator[Working]:
    made = Working()
    yield made
    made.cancel_all()
    made.wait()


@pytest.fixture
def bridge(workspace: Workspace) -> Iterator[Bridge]:
    """The bridge; nothing runs any more at the end."""
    yield workspace.bridge
    workspace.bridge.working.cancel_all()
    workspace.bridge.working.wait()


def listen(working: Working) -> list[str]:
    heard: list[str] = []
    working.started.connect(lambda title: heard.append(f"started {title}"))
    working.ended.connect(lambda: heard.append("ended"))
    return heard


def test_jobs_run_one_after_the_other_and_are_told_on_the_windows_thread(working: Working) -> None:
    heard = listen(working)
    first, second = Gate(1).start(working, "a"), Gate(2).start(working, "b")
    assert working.busy and working.title == "a" and first.running.wait(5) and not second.running.is_set()
    first.through.set()
    second.through.set()
    working.wait()
    assert not working.busy and (first.told, second.told) == ([1], [2])
    assert heard == ["started a", "ended", "started b", "ended"]


def test_a_job_that_fails_says_so_and_the_next_one_runs(working: Working) -> None:
    failing, after = Gate(FileError("package.disk_full", name="x")).start(working), Gate().start(working)
    failing.through.set()
    after.through.set()
    working.wait()
    assert failing.told == ["package.disk_full"] and after.told == ["done"]


def test_cancel_stops_the_job_that_runs_and_no_other(working: Working) -> None:
    stopped, after = Gate().start(working), Gate().start(working)
    working.cancel()
    after.through.set()
    working.wait()
    assert stopped.told == ["cancelled"] and after.told == ["done"]


def test_all_can_be_stopped(working: Working) -> None:
    running, waiting = Gate().start(working), Gate().start(working)
    working.cancel_all()
    working.wait()
    assert (running.told, waiting.told) == (["cancelled"], ["cancelled"]) and not waiting.running.is_set()


def test_what_a_callback_begins_waits_behind_what_waits(working: Working) -> None:
    heard = listen(working)
    first, second, third = Gate(), Gate(), Gate()
    for one in (first, second, third):
        one.through.set()
    working.run("1", first, lambda _: third.start(working, "3") and None, lambda error: None)
    second.start(working, "2")
    working.wait()
    assert [one for one in heard if one != "ended"] == ["started 1", "started 2", "started 3"]


def test_progress_comes_with_what_is_done_and_what_there_is(working: Working) -> None:
    seen: list[tuple[object, object]] = []
    working.progressed.connect(lambda done, total: seen.append((done, total)))
    gate = Gate().start(working)
    gate.through.set()
    working.wait()
    assert seen == [(1, 2)]


def test_a_mistake_in_a_job_is_not_hidden(working: Working, qtbot: QtBot) -> None:
    gate = Gate(ZeroDivisionError("x")).start(working)
    with qtbot.captureExceptions() as caught:
        gate.through.set()
        working.wait()
    assert [kind for kind, *_ in caught] == [ZeroDivisionError] and not working.busy


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
    gate = Gate().start(bridge.working)
    assert gate.running.wait(5)
    box = editor(workspace, "general.first_name").input
    type_text(box, "สมศรี")
    assert workspace.flush() and box.text() == "สมศรี"
    click(editor(workspace, "g1").buttons["yes"])
    assert bridge.value("g1") == "yes" and "g1/yes" in workspace.page_view.parts.places
    assert "g1" not in stored(draft) and heard.count("saved") == 0 and "pending" in heard
    gate.through.set()
    bridge.working.wait()
    assert stored(draft)["general.first_name"] == "สมศรี" and stored(draft)["g1"] == "yes"
    history = [edit.target for record in draft.package.history() for edit in record.edits]
    assert [one for one in history if one in ("g1", "general.first_name")] in (
        ["general.first_name", "g1"],
        ["g1", "general.first_name"],
    )
    assert heard[-1] == "saved" and not bridge.waits
    assert workspace.bar.status.plain_text().startswith("บันทึกแล้ว")


def test_undo_waits_its_turn(workspace: Workspace, bridge: Bridge, draft: Draft) -> None:
    assert bridge.answer("g1", "no")
    gate = Gate().start(bridge.working)
    click(editor(workspace, "g1").buttons["yes"])
    workspace.undo()
    gate.through.set()
    bridge.working.wait()
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
    gate = Gate().start(bridge.working)
    click(editor(workspace, "g1").buttons["yes"])
    broken(FileError("package.disk_full", name=draft.path.name))
    gate.through.set()
    bridge.working.wait()
    assert bridge.waits and not workspace.flush() and bridge.value("g1") == "yes"
    assert "พื้นที่ว่างไม่พอ" in heard[-1]
    broken(None)
    assert workspace.flush() and stored(draft)["g1"] == "yes" and heard[-1] == "saved"


def test_what_can_never_be_done_is_told_and_the_page_shows_what_is_stored(
    workspace: Workspace, bridge: Bridge, draft: Draft, broken: Callable[[DgdeskError | None], None]
) -> None:
    heard = hear(bridge)
    gate = Gate().start(bridge.working)
    button = editor(workspace, "g1").buttons["yes"]
    click(button)
    broken(UsageError("package.stale", target="g1"))
    gate.through.set()
    bridge.working.wait()
    assert not bridge.waits and bridge.value("g1") is None and not button.isChecked()
    assert heard[-1].startswith("failed ")


def test_the_window_answers_all_the_while(working: Working) -> None:
    gate = Gate().start(working)
    loop = QEventLoop()
    QTimer.singleShot(1, loop.quit)
    loop.exec()
    assert working.busy
    gate.through.set()
    working.wait()


def test_closing_while_work_is_under_way_asks_whether_to_wait_or_to_stop_it(
    workspace: Workspace, bridge: Bridge, draft: Draft, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    asked: list[tuple[str, ...]] = []

    def choose(number: int) -> Callable[..., int]:
        return lambda texts, message, buttons, *_: (asked.append(tuple(buttons)), number)[1]

    gate = Gate().start(bridge.working)
    click(editor(workspace, "g1").buttons["yes"])
    monkeypatch.setattr("dgdesk.ui.workspace.ask", choose(2))
    assert not workspace.may_close() and bridge.working.busy
    monkeypatch.setattr("dgdesk.ui.workspace.ask", choose(1))
    assert workspace.may_close() and gate.told == ["cancelled"] and stored(draft)["g1"] == "yes"
    again = Gate().start(bridge.working)
    QTimer.singleShot(20, again.through.set)
    monkeypatch.setattr("dgdesk.ui.workspace.ask", choose(0))
    assert workspace.may_close() and again.told == ["done"] and len(asked) == 3
