"""The end of a command's process: nothing that it wrote or promised is lost, and only then is the rest left undone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import dgdesk

SOURCE = str(Path(dgdesk.__file__).parents[1])
FREED = """
import atexit, sys
sys.path.insert(0, {source!r})
from dgdesk.system.ending import end_command

class Freed:
    def __del__(self):
        print("freed")

one = Freed()
one.itself = one
atexit.register(print, "at the end")
print("x" * 300_000)
{before}
end_command(5)
print("Python ends it")
"""


def ended(before: str = "", *options: str) -> tuple[int, list[str]]:
    """What a process returned and printed; ``before`` is done in it before it ends."""
    program = FREED.format(source=SOURCE, before=before)
    done = subprocess.run([sys.executable, *options, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "x" * 300_000
    return done.returncode, lines[1:]


def test_what_was_registered_is_done_all_is_written_and_nothing_is_freed() -> None:
    assert ended() == (5, ["at the end"])


@pytest.mark.parametrize(
    ("before", "options"),
    [
        ("import threading, time; threading.Thread(target=time.sleep, args=(0.1,)).start()", ()),
        ("sys.modules['PySide6'] = sys", ()),
        ("", ("-W", "error")),
        ("", ("-X", "dev")),
    ],
    ids=["thread", "window", "warnings", "dev"],
)
def test_python_ends_what_has_threads_a_window_or_wants_warnings(before: str, options: tuple[str, ...]) -> None:
    assert ended(before, *options) == (0, ["Python ends it", "at the end", "freed"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is Linux's")
def test_output_that_cannot_be_written_is_told_by_python() -> None:
    program = f"import sys; sys.path.insert(0, {SOURCE!r})\n"
    program += "from dgdesk.system.ending import end_command\nprint('x'); end_command(0)"
    world = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", program], stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=world
        )
    assert done.returncode == 120 and "No space left" in done.stderr


def test_a_command_ends_so_with_its_code_and_words() -> None:
    call = [sys.executable, "-m", "dgdesk"]
    done = subprocess.run([*call, "--version"], capture_output=True, text=True, check=False, cwd=SOURCE)
    assert (done.returncode, done.stdout.strip().split()[-1]) == (0, dgdesk.__version__)
    done = subprocess.run(
        [*call, "score", "absent.dgdesk", "--lang", "en"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3 and "absent.dgdesk" in done.stderr
