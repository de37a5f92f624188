"""How fast the evidence overview opens, with 500 files of 2 MB in the draft.

    python benchmarks/bench_overview.py [--files 500] [--megabytes 2] [--rounds 5] [--size 1366x768] [--small]

Target: from the click (the menu's action) to the painted window 200 ms, the first time, with its imports, too. Runs
offscreen on a form filled as far as it goes, the files spread over its places. ``--small`` attaches files of a few
bytes instead: nothing of their contents is read to open the overview, so the figures are the same, and the draft is
made in seconds. Each figure stands beside a plain QTableWidget with as many rows and columns of the same words, made
and painted in the same run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "src"), str(Path(__file__).parents[1] / "tests")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from figures import Figure, show
from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableWidget, QTableWidgetItem, QWidget

from dgdesk.draft.drafts import Draft, new_draft, open_draft
from dgdesk.survey.rules.evidence_overview import chosen_rows, place_rows
from dgdesk.system.profile import Profile
from dgdesk.ui.shell.app import make_app, make_services
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.shell.workspace import Workspace
from ui.filling import fill_all

_PASSAGE = "หัวข้อ “แผนงานดิจิทัล”"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--megabytes", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", default="1366x768")
    parser.add_argument("--small", action="store_true", help="files of a few bytes")
    given = parser.parse_args()
    width, height = (int(part) for part in given.size.split("x"))
    size = 0 if given.small else round(given.megabytes * 1_000_000)
    show(measured(given.files, size, width, height, given.rounds))
    sys.stdout.flush()
    os._exit(0)


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(50 if short else 500, 0 if short else 2_000_000, 1366, 768, 1 if short else 5)


def measured(files: int, size: int, width: int, height: int, rounds: int) -> list[Figure]:
    """Make the draft and measure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "full.dgdesk"
        with new_draft(path, clock=lambda: datetime(2026, 11, 20, tzinfo=UTC), who="x", respondent="TH-50") as draft:
            fill_all(draft)
            attach_all(draft, Path(folder), files, size)
        return list(measure(path, Path(folder), width, height, rounds))


def attach_all(draft: Draft, folder: Path, files: int, size: int) -> None:
    """Attach so many different files of ``size`` bytes, round the places that ask for any; every fifth unmarked."""
    session = draft.session
    rows = chosen_rows(place_rows(session.form, session.state), "asked")
    slots = [row.slot for row in rows][: max(1, len(rows) * 9 // 10)]  # a tenth stays missing
    body = os.urandom(size)
    for number in range(files):
        source = folder / f"คำสั่งแต่งตั้งคณะทำงาน ฉบับที่ {number} พ.ศ. 2568.pdf"
        source.write_bytes(b"%%PDF-1.7 %d " % number + body)
        marked = {"pages": "3–5", "passages": _PASSAGE} if number % 5 else {}
        session.attach(slots[number % len(slots)], source, **marked)
        source.unlink()


def measure(path: Path, folder: Path, width: int, height: int, rounds: int) -> Iterable[Figure]:
    """Open the overview the first time and again, and a plain table beside it."""
    app = make_app()
    window = MainWindow()
    window.resize(width, height)
    window.show()
    services = make_services(who="x", profile=Profile(folder / "profile"))
    workspace = Workspace(open_draft(path, clock=services.clock, who="x"), services)
    window.show_content(workspace)
    QTest.qWait(3000)
    settle(app)
    workspace.overview.begin_with((width, height))
    first, busy = opening(app, workspace)
    overview = workspace.overview.window
    assert overview is not None
    rows, files = len(overview.rows), sum(len(row.files) for row in overview.rows)
    words = [
        [overview.table.listed.words(at, column) for column in range(overview.table.listed.columnCount())]
        for at in range(rows)
    ]
    again, cpu, plain = [], [], []
    for _ in range(rounds):
        workspace.overview.close()
        settle(app)
        took, spent = opening(app, workspace)
        again.append(took)
        cpu.append(spent)
        plain.append(plain_table(app, words, width, height))
    beside = statistics.median(plain)
    plain_name, size = "a plain QTableWidget of the same words", f"{rows} rows, {files} files"
    yield Figure(
        "overview.first",
        "the overview opens, the first time, with its imports",
        first,
        "ms",
        200,
        beside=beside,
        against=plain_name,
        note=f"{size}; {busy:.0f} ms of it processor time",
    )
    yield Figure(
        "overview.again",
        "the overview opens again",
        statistics.median(again),
        "ms",
        200,
        beside=beside,
        against=plain_name,
        note=f"longest {max(again):.0f} ms; {statistics.median(cpu):.0f} processor time; "
        f"afterwards {rest(app, workspace):.0f} ms in the event loop, in steps of 8",
    )


def opening(app: QApplication, workspace: Workspace) -> tuple[float, float]:
    """Open the overview; return the ms until it is painted, and those of processor time."""
    begun, busy = time.perf_counter(), time.process_time()
    workspace.overview.show()
    window = workspace.overview.window
    assert window is not None
    paint(window)
    return 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - busy)


def rest(app: QApplication, workspace: Workspace) -> float:
    """Open it once more; return the ms that follow its first painting."""
    workspace.overview.close()
    settle(app)
    opening(app, workspace)
    begun = time.process_time()
    settle(app)
    return 1000 * (time.process_time() - begun)


def plain_table(app: QApplication, words: list[list[str]], width: int, height: int) -> float:
    """Return the ms that a plain table of the same words takes to be made, its rows fitted, and painted."""
    begun = time.perf_counter()
    table = QTableWidget(len(words), len(words[0]))
    for at, row in enumerate(words):
        for column, text in enumerate(row):
            table.setItem(at, column, QTableWidgetItem(text))
    table.setWordWrap(True)
    table.resize(width, height)
    table.resizeRowsToContents()
    table.show()
    paint(table)
    took = 1000 * (time.perf_counter() - begun)
    table.close()
    table.deleteLater()
    settle(app)
    return took


def paint(window: QWidget) -> None:
    """Lay out and paint what is to be painted now, as the event loop's next turn would."""
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    window.repaint()


def settle(app: QApplication) -> None:
    """Let everything that waits happen."""
    for _ in range(40):
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


if __name__ == "__main__":
    main()
