"""Windows of one profile see each other, and see what was never closed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dgdesk.support.log import CRASHES
from dgdesk.support.presence import FOLDER, Around, Presence, reported_a_crash

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CHILD = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from dgdesk.support.presence import Presence
print(Presence(Path(sys.argv[1]), datetime.now(UTC)).look(), flush=True)
time.sleep(60)
"""


def test_windows_are_counted_and_leave_nothing_behind(tmp_path: Path) -> None:
    one, two, three = (Presence(tmp_path, NOW) for _ in range(3))
    assert [each.look().others for each in (one, two, three)] == [0, 1, 2]
    assert one.look() == Around(2)
    two.leave()
    assert one.look() == Around(1) == three.look()
    one.leave()
    three.leave()
    three.leave()
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_window_that_was_killed_is_told_once_with_the_time_it_began(tmp_path: Path) -> None:
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", CHILD, str(tmp_path)]
    before = datetime.now(UTC) - timedelta(seconds=1)
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None and "others=0" in child.stdout.readline()
        here = Presence(tmp_path, NOW)
        assert here.look() == Around(1)
        os.kill(child.pid, signal.SIGKILL)
    found = here.look()
    assert found.others == 0 and len(found.broken_off) == 1
    assert datetime.fromisoformat(found.broken_off[0]) >= before
    assert here.look() == Around()
    here.leave()


CALLED = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from dgdesk.support.presence import Presence
here = Presence(Path(sys.argv[1]), datetime.now(UTC))
here.look()
print("here", flush=True)
for line in sys.stdin:
    print(here.called(), flush=True)
"""


def test_the_window_that_edits_is_called_once_and_its_answer_is_seen(tmp_path: Path) -> None:
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command, pipe = [sys.executable, "-c", CALLED, str(tmp_path)], subprocess.PIPE
    here = Presence(tmp_path, NOW)
    here.look()
    with subprocess.Popen(command, env=variables, stdin=pipe, stdout=pipe, text=True, bufsize=1) as child:
        assert child.stdin is not None and child.stdout is not None and child.stdout.readline() == "here\n"

        def looked() -> str:
            child.stdin.write("\n")
            return child.stdout.readline().strip()

        assert looked() == "False"
        assert here.call(child.pid) and not here.answered(child.pid)
        assert looked() == "True" and here.answered(child.pid) and not here.take_back(child.pid)
        assert looked() == "False", "one call is answered once"
        assert here.call(child.pid) and here.take_back(child.pid), "nobody has answered"
        assert looked() == "False", "what was taken back calls nobody, nor the next process with this number"
        child.kill()
    assert not here.call(0) and not here.call(999_999_999) and not here.call(-1)
    assert not here.call(os.getpid()), "nobody calls himself"
    here.leave()


def test_where_nothing_can_be_written_nobody_is_seen(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_bytes(b"a file in the folder's place")
    here = Presence(tmp_path, NOW)
    assert here.look() == Around()
    here.leave()


def test_a_crash_is_one_that_was_written_since_that_window_began(tmp_path: Path) -> None:
    assert not reported_a_crash(tmp_path, NOW.isoformat())
    (tmp_path / CRASHES).write_bytes(b"")
    assert not reported_a_crash(tmp_path, NOW.isoformat())
    (tmp_path / CRASHES).write_bytes(b"Fatal Python error: Segmentation fault")
    os.utime(tmp_path / CRASHES, (NOW.timestamp(), NOW.timestamp()))
    assert reported_a_crash(tmp_path, (NOW - timedelta(hours=1)).isoformat())
    assert not reported_a_crash(tmp_path, (NOW + timedelta(hours=1)).isoformat())
    assert not reported_a_crash(tmp_path, "?")
