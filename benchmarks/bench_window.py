"""How soon the window stands on the screen, beside a bare PySide6 window with the same font loaded.

    python benchmarks/bench_window.py [--rounds 9]

Target: ratio ≤ 1.3. As in an installed program, all modules are compiled beforehand. Each round starts both as
processes of their own, in turn; the clock runs from the process's start until every window that is open has been
painted once, just before the event loop begins.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from figures import SOURCES, Figure, show

# What a child does once its program is about to enter the event loop: paint what is shown, say how long it took, end.
PROBE = """
import os, sys, time
from PySide6 import QtWidgets

def shown(*_):
    for widget in QtWidgets.QApplication.topLevelWidgets():
        if widget.isVisible():
            widget.repaint()
    print(time.time() - float(sys.argv[1]), flush=True)
    os._exit(0)

QtWidgets.QApplication.exec = shown
"""
BARE = (
    PROBE
    + """
from PySide6 import QtGui
from dgdesk.resources import resource

application = QtWidgets.QApplication(sys.argv[:1])
for name in ("Regular", "SemiBold", "Bold"):
    QtGui.QFontDatabase.addApplicationFont(str(resource(f"fonts/Sarabun-{name}.ttf")))
application.setFont(QtGui.QFont("Sarabun", 11))
window = QtWidgets.QMainWindow()
window.setCentralWidget(QtWidgets.QLabel("น้ำ"))
window.resize(1200, 700)
window.show()
application.exec()
"""
)
DGDESK = (
    PROBE
    + """
from dgdesk.__main__ import main
main([])
"""
)


def started(script: str, compiled: str) -> float:
    """Return the seconds from starting a process to its painted window; ``compiled`` is where bytecode is kept."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        "PYTHONPYCACHEPREFIX": compiled,
        "PYTHONPATH": os.pathsep.join(filter(None, [SOURCES[0], os.environ.get("PYTHONPATH")])),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-c", script, str(time.time())], capture_output=True, text=True, check=True, env=environment
    )
    return float(done.stdout.split()[-1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    show(measured(parser.parse_args().rounds))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(2 if short else 9)


def measured(rounds: int) -> Iterable[Figure]:
    """Measure."""
    bare, ours = [], []
    with tempfile.TemporaryDirectory() as compiled:
        started(BARE, compiled), started(DGDESK, compiled)  # warm
        for _ in range(rounds):
            bare.append(started(BARE, compiled))
            ours.append(started(DGDESK, compiled))
    one, two = 1e3 * statistics.median(bare), 1e3 * statistics.median(ours)
    what, against = "from the process's start to the painted window", "a bare PySide6 window with the font"
    yield Figure("window.shown", what, two, "ms", 1.3, "ratio", one, against)


if __name__ == "__main__":
    main()
