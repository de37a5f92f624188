"""How soon the frozen program's window stands on the screen, beside the same program from source.

    python benchmarks/bench_frozen.py [--rounds 9] [--program dist/dgdesk/dgdesk]

Target: ratio ≤ 1.5, warm (medians of the same run). Both start as processes of their own, in turn, on a screen of
their own (Xvfb); the clock runs from the process's start until the X server tells ``xev`` that the window was mapped.
As in an installed program, all modules of the source run are compiled beforehand. Also told: bytes on the disk, memory
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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
REST = 2.0
"""Seconds after which the start page has come to rest."""


@contextmanager
def screen() -> Iterator[tuple[str, IO[str]]]:
    """Start an X server and a listener to its windows; give the server's name and what the listener says."""
    missing = [tool for tool in ("Xvfb", "xev") if shutil.which(tool) is None]
    if missing:
        sys.exit(f"not there: {', '.join(missing)}; apt-get install xvfb x11-utils")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
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
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    memory = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))
    process.terminate()
    process.wait()
    # What the end of this one was told with must not count for the next.
    time.sleep(0.2)
    return seconds, memory


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--program", type=Path, default=ROOT / "dist" / "dgdesk" / "dgdesk")
    wanted = parser.parse_args()
    if not wanted.program.is_file():
        sys.exit(f"{wanted.program} is not there; `python3 build/dev.py freeze` makes it")
    times: dict[str, list[float]] = {"from source": [], "frozen": []}
    memory: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as scratch, screen() as (name, events):
        plain = {"DISPLAY": name, "HOME": scratch, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        source = {**plain, "PYTHONPATH": str(ROOT / "src"), "PYTHONPYCACHEPREFIX": f"{scratch}/compiled"}
        commands = {"from source": ([sys.executable, "-m", "dgdesk"], source), "frozen": ([wanted.program], plain)}
        for command, variables in commands.values():
            shown(list(map(str, command)), variables, events)  # warm
        for _ in range(wanted.rounds):
            for which, (command, variables) in commands.items():
                seconds, memory[which] = shown(list(map(str, command)), variables, events)
                times[which].append(seconds)
    for which, found in times.items():
        print(
            f"{which:12} window shown: median {1000 * statistics.median(found):5.0f} ms "
            f"({1000 * min(found):.0f}–{1000 * max(found):.0f}), memory {memory[which] / 1e6:.0f} MB"
        )
    ratio = statistics.median(times["frozen"]) / statistics.median(times["from source"])
    files = [path for path in wanted.program.parent.rglob("*") if path.is_file() and not path.is_symlink()]
    print(f"ratio {ratio:.2f} (target 1.5)")
    print(f"installed {sum(path.stat().st_size for path in files) / 1e6:.0f} MB in {len(files)} files (target 150 MB)")


if __name__ == "__main__":
    main()
