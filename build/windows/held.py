"""A draft that is open, met a second time in the trial, with Windows' own locks and their errors.

By a command, by a second double click of the same person, and by a person of another profile, who cannot see the first
one's window.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from windows.machine import windows_path
from windows.pc import Windows, expect, wait_for

NOT_WRITTEN = 3
"""Exit code of a command whose file cannot be written."""
OPEN_ALREADY = "เปิดอยู่แล้วโดย"
"""What the message ``package.held`` says of it."""
FIELD = "p1.4"


def meet_again(windows: Windows, draft: Path, picture: str) -> dict[str, object]:
    """Go to an open draft by three roads, and return what was found; the first window goes on as it was.

    Raises:
        Trouble: somebody else could write to it, or was not refused in words.
    """
    first, console = windows.running(), windows.program / "dgdesk-cli.exe"
    expect(bool(first), "no window has the draft")
    lock = draft.with_name(draft.name + ".lock")
    holder = lock.read_bytes()
    done = windows.run(console, "set", windows_path(draft), FIELD, "yes", seconds=120)
    told = done.stdout + done.stderr
    expect(done.returncode == NOT_WRITTEN, f"a command that writes ended with {done.returncode}: {told[-300:]}")
    expect(OPEN_ALREADY in told, f"it does not say that the draft is open: {told[-300:]}")
    done = windows.run(console, "score", windows_path(draft), seconds=120)
    expect(done.returncode == 0, f"a command that reads ended with {done.returncode}: {done.stderr[-300:]}")
    done = windows.run(windows.program / "dgdesk.exe", windows_path(draft), seconds=120)
    expect(done.returncode == 0, f"the second window of the same person ended with {done.returncode}")
    expect(first <= windows.running(), "the first window is gone")
    first = windows.running()  # a window and its document worker
    home = windows.person / "Documents" / "อีกคนหนึ่ง"
    home.mkdir()
    windows.start(windows.program / "dgdesk.exe", windows_path(draft), variables={"DGDESK_HOME": windows_path(home)})
    wait_for("the second person's window", lambda: bool(windows.running() - first))
    windows.screen.settle()
    windows.screen.shoot(picture)
    second = windows.running() - first
    for number in second:
        windows.run("taskkill", "/f", "/pid", number)
    wait_for("the second window to go", lambda: not windows.running() & second)
    expect(first <= windows.running(), "the first window went with the second")
    shutil.rmtree(home)
    expect(lock.read_bytes() == holder, "the lock names somebody else now")
    return {"refused with exit code": NOT_WRITTEN}
