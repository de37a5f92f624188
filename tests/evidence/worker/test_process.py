"""The program's side of the worker: it starts by itself and ends with the program; its answers are not trusted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from dgdesk.evidence.documents import Documents
from dgdesk.evidence.worker.process import DocumentWorker, command
from dgdesk.evidence.worker.protocol import WorkerLost, WorkerMissing
from dgdesk.system.progress import Cancelled
from evidence.pages.pdfs import thai_pdf

GARBLED = Path(__file__).with_name("garbled.py")
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@pytest.fixture(scope="module")
def worker() -> Iterator[DocumentWorker]:
    made = DocumentWorker()
    yield made
    made.close()


def garbled(how: str) -> DocumentWorker:
    return DocumentWorker([sys.executable, "-S", str(GARBLED), how])


def is_gone(pid: int) -> bool:
    """Whether a process has ended and nothing is left of it, a zombie neither."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def has_ended(pid: int) -> bool:
    """Whether an orphan has ended; init may take its time to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_for(holds, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return bool(holds())


def test_it_starts_with_the_first_question_and_stays_for_the_next(worker: DocumentWorker) -> None:
    answer = worker.ask({"do": "hello"}, seconds=10)
    first = worker.pid
    assert answer.header["version"] == 1 and answer.content == b""
    worker.ask({"do": "prepare"}, seconds=20)
    assert worker.pid == first != os.getpid()


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        *(("dies", "died"), ("cut short", "died"), ("no header", "garbled"), ("long header", "garbled")),
        *(("deep header", "garbled"), ("list", "garbled"), ("nested", "garbled"), ("negative", "garbled")),
        *(("true bytes", "garbled"), ("huge", "garbled"), ("endless", "garbled"), ("one too many", "garbled")),
        *(
            ("other number", "garbled"),
            ("silent", "time"),
            ("alive for ever", "time"),
            ("alive at once", "time"),
            ("slow", "time"),
            ("deaf", "time"),
        ),
    ],
)
def test_what_is_no_answer_ends_the_worker_soon_and_takes_no_memory(how: str, reason: str) -> None:
    worker = garbled(how)
    big = bytes(4 << 20) if how == "deaf" else b""  # more than a pipe holds
    tracemalloc.start()
    try:
        began = time.monotonic()
        with pytest.raises(WorkerLost) as caught:
            worker.ask({"do": "render"}, big, seconds=0.5, most=100)
        took = time.monotonic() - began
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.reason == reason and worker.pid is None
    assert took < 20 and peak < 4 * (len(big) + (1 << 20))
    worker.close()


def test_work_that_goes_on_may_take_longer_up_to_an_end() -> None:
    worker = garbled("alive and well")
    assert worker.ask({"do": "mark"}, seconds=1, altogether=20, most=10).content == b"done"
    worker.close()
    worker = garbled("alive for ever")
    began = time.monotonic()
    with pytest.raises(WorkerLost):
        worker.ask({"do": "mark"}, seconds=0.5, altogether=1)
    assert 1 <= time.monotonic() - began < 15
    worker.close()


@pytest.mark.parametrize("how", ["one too few", "one too many"])
def test_pixels_are_exactly_as_many_as_the_buffer_takes(how: str) -> None:
    worker = garbled(how)
    buffer = bytearray(b"." * 100)
    with pytest.raises(WorkerLost):
        worker.ask({"do": "render"}, seconds=5, into=memoryview(buffer))
    assert buffer == b"." * 100
    worker.close()


def test_an_answer_nobody_asked_for_does_not_become_the_next_one() -> None:
    worker = garbled("twice")
    assert worker.ask({"do": "a"}, seconds=5, most=100).content == bytes(100)
    liar = worker.pid
    assert worker.ask({"do": "b"}, seconds=5, most=100).content == bytes(100) and worker.pid not in (liar, None)
    worker.close()


@pytest.mark.parametrize("line", [["/no/such/program"], [sys.executable, "-c", ""], "no greeting", "other version"])
def test_a_worker_that_does_not_start_is_missing_and_not_tried_at_every_question(line: list[str] | str) -> None:
    worker = garbled(line) if isinstance(line, str) else DocumentWorker(line)
    with pytest.raises(WorkerMissing):
        worker.ask({"do": "hello"}, seconds=5)
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(WorkerMissing):
            worker.ask({"do": "hello"}, seconds=5)
    assert time.monotonic() - began < 0.5
    worker.close()


def test_one_that_says_nothing_at_its_start_is_missing() -> None:
    worker = DocumentWorker([sys.executable, "-c", "import time; time.sleep(600)"], start_seconds=0.3)
    with pytest.raises(WorkerMissing):
        worker.ask({"do": "hello"}, seconds=5)
    worker.close()


def test_who_loses_interest_need_not_wait() -> None:
    worker = garbled("silent")
    pid: list[int | None] = []
    began = time.monotonic()

    def bored() -> bool:
        pid.append(worker.pid)
        return time.monotonic() - began > 0.2

    with pytest.raises(Cancelled):
        worker.ask({"do": "render"}, seconds=60, poll=bored)
    assert time.monotonic() - began < 15
    assert pid[-1] is not None and is_gone(pid[-1])
    worker.close()


def test_what_the_asker_raises_passes_and_the_worker_is_ended() -> None:
    worker = garbled("silent")

    def stop() -> bool:
        if worker.pid is None:
            return False
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        worker.ask({"do": "mark"}, seconds=60, poll=stop)
    assert worker.pid is None
    worker.close()


def test_many_threads_ask_and_each_gets_its_own_answer(worker: DocumentWorker, tmp_path: Path) -> None:
    wrong: list[object] = []

    def ask(number: int) -> None:
        path = tmp_path / f"{number}.csv"
        path.write_bytes(b"PK\x03\x04" + bytes(number))
        for _ in range(10):
            kind = "application/zip" if number % 2 else "application/x-ole-storage"
            request = {"do": "inspect", "path": str(path), "name": path.name, "kind": kind}
            answer = worker.ask(request, seconds=20)
            if answer.header.get("media_type") != kind:
                wrong.append(answer.header)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


@LINUX
def test_a_large_program_has_no_smaller_worker() -> None:
    code = """
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.worker.process import DocumentWorker
held = bytearray(b"x" * (400 << 20))
worker = DocumentWorker()
pids = set()
for _ in range(3):
    worker.ask({"do": "hello"}, seconds=20)
    pids.add(worker.pid)
worker.close()
print(len(pids))
"""
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


@LINUX
def test_killed_it_is_gone_once_and_the_next_question_has_another(worker: DocumentWorker) -> None:
    worker.ask({"do": "hello"}, seconds=10)
    killed = worker.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert worker.ask({"do": "hello"}, seconds=10).header["version"] == 1 and worker.pid != killed
    assert is_gone(killed)


@LINUX
def test_what_an_earlier_file_did_to_the_worker_is_not_held_against_the_next(
    worker: DocumentWorker, tmp_path: Path
) -> None:
    file = tmp_path / "บันทึก.pdf"
    file.write_bytes(thai_pdf(["น้ำ"]))
    documents = Documents(worker)
    for _ in range(3):
        worker.ask({"do": "hello"}, seconds=10)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGSEGV)  # as memory that an earlier file has spoilt
        assert not documents.inspect(file, None).findings


def test_closed_in_the_middle_of_a_question_it_is_not_replaced() -> None:
    worker = garbled("silent later")
    worker.ask({"do": "a"}, seconds=5)
    lost: list[WorkerLost] = []

    def ask() -> None:
        try:
            worker.ask({"do": "b"}, seconds=60)
        except WorkerLost as error:
            lost.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.2)
    worker.close()
    thread.join(10)
    assert [one.reason for one in lost] == ["died"] and worker.pid is None


@LINUX
@pytest.mark.parametrize("end", ["sys.exit()", "os.kill(os.getpid(), 9)", "os._exit(1)"])
def test_it_ends_with_its_program_however_that_ends(end: str) -> None:
    code = f"""
import os, sys
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.worker.process import DocumentWorker
worker = DocumentWorker()
worker.ask({{"do": "hello"}}, seconds=20)
print(worker.pid, flush=True)
{end}
"""
    done = subprocess.run([sys.executable, "-P", "-W", "ignore", "-c", code], capture_output=True, text=True)
    assert wait_for(lambda: has_ended(int(done.stdout)))


@LINUX
def test_it_knows_no_passphrase_and_holds_no_file_of_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DGDESK_PASSPHRASE", "ความลับ")
    with (tmp_path / "draft.dgdesk").open("wb"):
        worker = DocumentWorker()
        worker.ask({"do": "hello"}, seconds=20)
        there = Path(f"/proc/{worker.pid}")
        assert b"DGDESK" not in there.joinpath("environ").read_bytes()
        held = {os.readlink(one) for one in there.joinpath("fd").iterdir()}
        assert not [one for one in held if one.endswith(".dgdesk")] and len(held) <= 3  # two pipes, and nothing
        limits = there.joinpath("limits").read_text()
        worker.close()
    found = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()}
    assert found["Max address space"] == [str(512 << 20)] * 2 and found["Max core file size"] == ["0", "0"]


def test_the_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert command() == [sys.executable, "-P", "-m", "dgdesk", "--document-worker"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command() == [sys.executable, "--document-worker"]


def test_what_libraries_print_is_no_answer_and_a_bad_question_ends_it(worker: DocumentWorker) -> None:
    for request in ({"do": "__class__"}, {"do": "answer"}, {"do": 1}, {"do": "render"}, {"do": "open", "path": 3}):
        with pytest.raises(WorkerLost):
            worker.ask(request, seconds=10)
    assert worker.ask({"do": "hello"}, seconds=10).header["version"] == 1
