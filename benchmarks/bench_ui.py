"""How fast the window answers: pages opening, clicks and keystrokes until they are painted, memory.

    python benchmarks/bench_ui.py [--rounds 1] [--openings 3] [--size 1366x768]

Targets (docs/promises.md): click or keystroke to painted result median ≤ 8 ms, p99 ≤ 16 ms on any page; any page
opens in ≤ 50 ms; ≤ 250 MB with all pages visited. Runs offscreen on a form filled as far as it goes. Every figure is
also given as a ratio to something measured in the same run: for openings, a plain page of as many QLabels as the page
has texts; for answers, one repaint of the window. "Rest" is what follows in the event loop after the paint, until
nothing is left to do: it is not waited for, but it would delay the next click if it were long. Processor time leaves
out waiting for the disk and for other programs: on a busy machine it is the figure to compare.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "src"), str(Path(__file__).parents[1] / "tests")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from figures import Figure, resident_mb, show
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dgdesk.draft.drafts import new_draft
from dgdesk.system.profile import Profile
from dgdesk.ui.shell.app import furnish, make_app, make_services
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.choice import CellRadio, CheckRow, RadioRow
from dgdesk.ui.widgets.label import WrapLabel
from ui.filling import fill_all

_MOST_PER_KIND = 4
"""Inputs of one kind tried on a page: the first, the last and those between, evenly."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1, help="times each input is used")
    parser.add_argument("--openings", type=int, default=3)
    parser.add_argument("--size", default="1366x768")
    given = parser.parse_args()
    width, height = (int(part) for part in given.size.split("x"))
    show(measured(given.rounds, given.openings, width, height))
    os._exit(0)


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(1, 1 if short else 3, 1366, 768, every=6 if short else 1)


def measured(rounds: int, openings: int, width: int, height: int, every: int = 1) -> list[Figure]:
    """Measure, on every so many pages."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = full_workspace(Path(folder), width, height)
        bench = Bench(workspace)
        bench.pages = bench.pages[::every]
        found = [*bench.openings(openings), *bench.answers(rounds)]
        says = f"memory with {'all' if every == 1 else len(bench.pages)} pages visited and their inputs used"
        return [*found, Figure("ui.memory", says, resident_mb(), "MB", 250)]


def full_workspace(folder: Path, width: int, height: int) -> Workspace:
    """Return the window's workspace on a full form."""
    source = folder / "แผน.pdf"
    source.write_bytes(b"%PDF-1.7 plan")
    path = folder / "full.dgdesk"
    with new_draft(path, clock=lambda: datetime(2026, 11, 20, tzinfo=UTC), who="x", respondent="TH-50") as draft:
        fill_all(draft, [source])
    app = make_app()
    window = MainWindow()
    window.resize(width, height)
    window.show()
    desk = furnish(app, window, make_services(who="x", profile=Profile(folder / "profile")))
    desk.open(path)
    workspace = desk.workspace
    assert workspace is not None
    workspace.keep = (app, window, desk)
    QTest.qWait(1000)
    settle()
    return workspace


class Bench:
    """The measurements on one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.window = workspace.window()
        self.pages = list(workspace.bridge.form.pages)
        self.begun = self.marked = 0.0
        self.cpu: list[float] = []
        self.clicked: QAbstractButton | None = None
        for kind in (RadioRow, CheckRow, CellRadio):
            self.watch(kind)

    def watch(self, kind: type[QAbstractButton]) -> None:
        """Note when a button that was clicked has been painted the first time."""
        painted = kind.paintEvent

        def paint_and_note(button: QAbstractButton, event: QPaintEvent) -> None:
            painted(button, event)
            if not self.marked and not button.isDown() and button is self.clicked:
                self.marked = time.perf_counter()

        kind.paintEvent = paint_and_note

    def openings(self, times: int) -> Iterable[Figure]:
        """How long each page takes from the click to its first paint."""
        print(f"{'page':28} {'texts':>5} {'open ms':>8} {'rest ms':>8} {'ratio':>6}")
        opened: dict[str, list[float]] = {page: [] for page in self.pages}
        rest: dict[str, list[float]] = {page: [] for page in self.pages}
        cpu: list[float] = []
        for _ in range(times):
            for page in self.pages:
                settle()
                begun, busy = time.perf_counter(), time.process_time()
                self.workspace.open_page(page)
                paint(self.window)
                painted = time.perf_counter()
                cpu.append(1000 * (time.process_time() - busy))
                rested = settle()
                opened[page].append(1000 * (painted - begun))
                rest[page].append(1000 * rested)
        plains = []
        for page in self.pages:
            self.workspace.open_page(page)
            settle()
            labels = len(self.workspace.page_view.widget().findChildren(WrapLabel))
            plain = plain_page(labels)
            plains.append(plain)
            one = statistics.median(opened[page])
            print(f"{page:28} {labels:5} {one:8.1f} {statistics.median(rest[page]):8.1f} {one / plain:6.2f}")
        every = [value for values in opened.values() for value in values]
        print(summary("page opens (target 50)", every))
        print(summary("   of that, processor time", cpu))
        slowest = max(self.pages, key=lambda page: statistics.median(opened[page]))
        against = "a page of as many plain QLabels"
        yield Figure(
            "ui.page",
            "a page opens, median of all pages",
            statistics.median(every),
            "ms",
            50,
            beside=statistics.median(plains),
            against=against,
            note=f"{len(self.pages)} pages",
        )
        yield Figure(
            "ui.page_slowest",
            "a page opens, the slowest page",
            statistics.median(opened[slowest]),
            "ms",
            50,
            beside=plains[self.pages.index(slowest)],
            against=against,
            note=f"page {slowest}",
        )

    def answers(self, rounds: int) -> Iterable[Figure]:
        """How long a click or a letter takes until it is painted."""
        found: dict[str, list[float]] = {}
        first: list[float] = []
        rest: dict[str, list[float]] = {}
        worst: list[tuple[float, float, str, str]] = []
        for page in self.pages:
            self.workspace.open_page(page)
            settle()
            for kind, widget, use in self.uses() * rounds:
                if widget.isVisible():
                    self.workspace.page_view.ensureWidgetVisible(widget, 0, 150)
                    self.marked = 0.0
                    took, rested = self.one(use)
                    if self.marked:
                        first.append(1000 * (self.marked - self.begun))
                    found.setdefault(kind, []).append(took)
                    rest.setdefault(kind, []).append(rested)
                    worst.append((took, self.cpu[-1], kind, page))
        begun = time.perf_counter()
        for _ in range(10):
            self.window.repaint()
        repaint = 100 * (time.perf_counter() - begun)
        print(f"\none repaint of the whole window: {repaint:.1f} ms")
        print("click or letter to painted result (target: median 8, p99 16)")
        print(summary("click to its mark painted", first))
        for kind in found:
            print(summary(kind, found[kind]) + f"   ratio to a repaint {statistics.median(found[kind]) / repaint:5.2f}")
            print(summary("   rest in the event loop", rest[kind]))
        print(summary("all", [value for values in found.values() for value in values]))
        print(summary("   of that, processor time", self.cpu))
        took_all = sorted(value for values in found.values() for value in values)
        cpu_all = sorted(self.cpu)
        count, against = len(took_all), "one repaint of the window"
        late, late_cpu = took_all[int(0.99 * count)], cpu_all[int(0.99 * len(cpu_all))]
        note = f"{count} inputs; the mark of a click is painted after {statistics.median(first):.1f} ms"
        yield Figure(
            "ui.input",
            "click or letter to painted result with all that follows, median",
            statistics.median(took_all),
            "ms",
            8,
            beside=repaint,
            against=against,
            note=note,
        )
        yield Figure(
            "ui.input_p99",
            "click or letter to painted result with all that follows, p99",
            late,
            "ms",
            16,
            beside=repaint,
            against=against,
            note=f"{late_cpu:.1f} ms of it processor time",
        )
        print("slowest: " + ", ".join(f"{t:.0f} ms ({c:.0f} busy) {k} {p}" for t, c, k, p in sorted(worst)[:-12:-1]))

    def one(self, use: Callable[[], None]) -> tuple[float, float]:
        """Use an input once; return the ms until painted, and those after it.

        What the one before typed is written first: leaving a box is measured by itself.
        """
        self.workspace.flush()
        settle()
        self.begun, busy = time.perf_counter(), time.process_time()
        use()
        paint(self.window)
        took = time.perf_counter() - self.begun
        self.cpu.append(1000 * (time.process_time() - busy))
        return 1000 * took, 1000 * settle()

    def uses(self) -> list[tuple[str, QWidget, Callable[[], None]]]:
        """What a person can do on the page that is shown: kind, where, how."""
        content = self.workspace.page_view.widget()
        found: list[tuple[str, QWidget, Callable[[], None]]] = []
        for kind in (RadioRow, CellRadio, CheckRow):
            shown = [one for one in content.findChildren(kind) if one.isVisible() and one.isEnabled()]
            unchosen = [one for one in shown if kind is CheckRow or not one.isChecked()]
            for one in spread(unchosen):
                before = one.group().checkedButton() if one.group() is not None else one
                found.append((kind.__name__, one, lambda one=one: self.click(one)))
                if before is not None:  # and back to what was chosen
                    found.append((kind.__name__, before, lambda before=before: self.click(before)))
        for kind in (QLineEdit, QPlainTextEdit):
            boxes = [one for one in content.findChildren(kind) if one.isVisible() and not one.isReadOnly()]
            found += [(kind.__name__, one, lambda one=one: self.type_letter(one)) for one in spread(boxes)]
            found += [(f"{kind.__name__} saved", one, lambda one=one: self.save(one)) for one in spread(boxes)]
        return found

    def click(self, button: QAbstractButton) -> None:
        """Click on the mark of a button."""
        self.clicked = button
        place = button.rect().center() if isinstance(button, CellRadio) else QPoint(14, 14)
        over = QPointF(button.mapToGlobal(place))
        for kind, held in (
            (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton),
            (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        ):
            event = QMouseEvent(
                kind, QPointF(place), over, Qt.MouseButton.LeftButton, held, Qt.KeyboardModifier.NoModifier
            )
            QApplication.sendEvent(button, event)

    def type_letter(self, box: QWidget) -> None:
        """Type one letter."""
        box.setFocus()
        event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, "ก")
        QApplication.sendEvent(box, event)

    def save(self, box: QWidget) -> None:
        """Type one letter and write it at once, as happens after a pause in typing."""
        self.type_letter(box)
        self.workspace.flush()


def spread(widgets: list[QWidget]) -> list[QWidget]:
    """Return a few, evenly."""
    step = max(1, -(-len(widgets) // _MOST_PER_KIND))
    return widgets[::step]


def paint(window: QWidget) -> None:
    """Lay out and paint what is to be painted now, as the event loop's next turn would."""
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)


def settle() -> float:
    """Let everything that waits happen; return the seconds that it took, without the waiting."""
    busy = 0.0
    quiet = 0
    while quiet < 3:
        begun = time.perf_counter()
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        took = time.perf_counter() - begun
        busy += took
        quiet = quiet + 1 if took < 0.0005 else 0
    return busy


def plain_page(labels: int) -> float:
    """Return the ms that a page of as many plain, wrapping QLabels takes to be made and painted."""
    begun = time.perf_counter()
    area = QScrollArea()
    area.setWidgetResizable(True)
    content = QWidget()
    layout = QVBoxLayout(content)
    for number in range(labels):
        label = QLabel(f"ข้อ {number} จังหวัดมีแผนพัฒนารัฐบาลดิจิทัล ของจังหวัด หรือไม่")
        label.setWordWrap(True)
        layout.addWidget(label)
    area.setWidget(content)
    area.resize(820, 700)
    area.show()
    paint(area)
    area.repaint()
    took = 1000 * (time.perf_counter() - begun)
    area.close()
    return took


def summary(name: str, values: list[float]) -> str:
    """Return a line of figures."""
    ordered = sorted(values)
    p99 = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    middle = statistics.median(ordered)
    return f"{name:28} n {len(ordered):4}  median {middle:6.1f}  p99 {p99:6.1f}  max {ordered[-1]:6.1f} ms"


if __name__ == "__main__":
    main()
