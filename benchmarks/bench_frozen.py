"""How soon the frozen program's window stands on the screen, beside the same program from source.

    python benchmarks/bench_frozen.py [--rounds 9] [--program dist/dgdesk/dgdesk]

Target: ratio ≤ 1.5, warm (medians of the same run). Both start as processes of their own, in turn, on a screen of
their own (Xvfb); the clock runs from the process's start until the X server tells ``xev`` that the window was mapped.
As in an installed program, all modules of the source run are compiled beforehand. Also printed: disk space, memory
once the start page has come to rest. Needs the Debian packages xvfb and x11-utils, and what `build/dev.py freeze` made.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from figures import Figure, missing, show

ROOT = Path(__file__).resolve().parent.parent
REST = 4.0
"""Seconds after which the start page has come to rest, the check of the PC included."""


@contextmanager
def screen() -> Iterator[tuple[str, IO[str]]]:
    """Start an X server and a listener to its windows; give the server's name and what the listener says."""
    missing = [tool for tool in ("Xvfb", "xev") if shutil.which(tool) is None]
    if missing:
        sys.exit(f"not there: {', '.join(missing)}; apt-get install xvfb x11-utils")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        name = f":{told.readline().strip()}"
    listener = subprocess.Popen(
        ["stdbuf", "-oL", "xev", "-root", "-event", "substructure"],
        env={**os.environ, "DISPLAY": name},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert listener.stdout is not None
    try:
        yield name, listener.stdout
    finally:
        for process in (listener, server):
            process.terminate()
            process.wait()


def shown(command: Sequence[str], variables: Mapping[str, str], events: IO[str]) -> tuple[float, int]:
    """Start a program; return the seconds until its window was mapped, and its memory in bytes at rest."""
    began = time.monotonic()
    process = subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for line in events:
        if line.startswith("MapNotify"):
            break
    seconds = time.monotonic() - began
    time.sleep(REST)
    # What it shares with other programs counts in shares; nobody else has the frozen program's own libraries open.
    maps = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
    memory = next(int(line.split()[1]) * 1024 for line in maps.splitlines() if line.startswith("Pss:"))
    process.terminate()
    process.wait()
    # The output of this one must not count for the next.
    time.sleep(0.2)
    return seconds, memory


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--program", type=Path, default=ROOT / "dist" / "dgdesk" / "dgdesk")
    wanted = parser.parse_args()
    show(measured(wanted.rounds, wanted.program))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks; what `build/dev.py freeze` makes is measured where it is there."""
    return measured(1 if short else 9, ROOT / "dist" / "dgdesk" / "dgdesk")


def measured(rounds: int, program: Path) -> Iterable[Figure]:
    """Measure."""
    what = "the frozen program's window, warm"
    lacking = [tool for tool in ("Xvfb", "xev") if shutil.which(tool) is None]
    if not program.is_file() or lacking:
        why = f"not there: {', '.join(lacking)}" if lacking else "`build/dev.py freeze` has not been run"
        yield missing("frozen.shown", what, why)
        yield missing("frozen.installed", "what lies on the disk", why)
        yield missing("frozen.memory", "memory (PSS) at rest on the start page", why)
        return
    times: dict[str, list[float]] = {"from source": [], "frozen": []}
    memory: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as scratch, screen() as (name, events):
        plain = {"DISPLAY": name, "HOME": scratch, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        source = {**plain, "PYTHONPATH": str(ROOT / "src"), "PYTHONPYCACHEPREFIX": f"{scratch}/compiled"}
        commands = {"from source": ([sys.executable, "-m", "dgdesk"], source), "frozen": ([program], plain)}
        for command, variables in commands.values():
            shown(list(map(str, command)), variables, events)  # warm
        for _ in range(rounds):
            for which, (command, variables) in commands.items():
                seconds, memory[which] = shown(list(map(str, command)), variables, events)
                times[which].append(seconds)
    frozen, source_run = (1e3 * statistics.median(times[which]) for which in ("frozen", "from source"))
    files = [path for path in program.parent.rglob("*") if path.is_file() and not path.is_symlink()]
    size = sum(path.stat().st_size for path in files) / 1e6
    note = f"memory {memory['frozen'] / 1e6:.0f} MB, from source {memory['from source'] / 1e6:.0f}"
    yield Figure("frozen.shown", what, frozen, "ms", 1.5, "ratio", source_run, "the same from source", note=note)
    # Linux brings system libraries and ICU, which Windows has itself
    note = f"{len(files)} files; the Windows build is weighed in docs/windows-test.md"
    yield Figure("frozen.installed", "what lies on the disk", size, "MB", 150, note=note)
    yield Figure("frozen.memory", "memory (PSS) at rest on the start page", memory["frozen"] / 1e6, "MB", 120)


if __name__ == "__main__":
    main()
