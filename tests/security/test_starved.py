"""Where the system gives no more threads or memory, that is said, and documents count as not read."""

from __future__ import annotations

import errno
import io
import sys
import threading
from pathlib import Path

import pytest

from dgdesk.cli import main as main_module
from dgdesk.cli.main import main
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.worker.process import DocumentWorker
from dgdesk.evidence.worker.protocol import WorkerMissing


def no_thread(_: threading.Thread) -> None:
    """What CPython does where the system refuses."""
    raise RuntimeError("can't start new thread")


def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: BaseException) -> tuple[int, str]:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setenv("DGDESK_HOME", str(tmp_path))
    monkeypatch.setattr(main_module, "command_of", lambda parsed: fail)
    err = io.StringIO()
    return main(["identity", "list", "--lang", "en"], io.StringIO(), err), err.getvalue()


def chained() -> RuntimeError:
    error = RuntimeError("generator raised")
    error.__cause__ = MemoryError()
    return error


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("can't start new thread"),
        MemoryError(),
        OSError(errno.ENOMEM, "of the system"),
        chained(),
    ],
    ids=["thread", "memory", "system", "cause"],
)
def test_want_of_memory_and_threads_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: BaseException
) -> None:
    code, said = ran(monkeypatch, tmp_path, error)

    assert code == 3
    assert said.startswith("This PC has too little memory") and said.count("\n") == 1


def test_other_faults_are_not_told_as_want_of_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "memory" not in ran(monkeypatch, tmp_path, RuntimeError("other"))[1]
    assert "memory" not in ran(monkeypatch, tmp_path, OSError(errno.EIO, "x"))[1]


def test_python_still_says_it_in_these_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stack that no system has memory for keeps every thread from starting."""
    if sys.platform != "linux":
        pytest.skip("the stack that is too large differs on other systems")
    before = threading.stack_size(1 << 46)
    try:
        with pytest.raises(RuntimeError) as caught:
            threading.Thread(target=int).start()
    finally:
        threading.stack_size(before)
    assert main_module.is_starved(caught.value)


def test_a_worker_that_gets_no_thread_counts_as_missing_and_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = DocumentWorker([sys.executable, "-c", "input()"])
    try:
        monkeypatch.setattr(threading.Thread, "start", no_thread)
        with pytest.raises(WorkerMissing):
            worker.ask({"do": "prepare"}, seconds=5)
        assert worker.pid is None
    finally:
        worker.close()


def test_the_window_opens_where_no_thread_is_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = Documents()
    monkeypatch.setattr(threading.Thread, "start", no_thread)

    assert not documents.prepare().is_alive()

    documents.close()
