"""Soak: eight hours of editing in the window, as fast as the events go, while memory is sampled.

    python benchmarks/bench_soak.py [--hours 8] [--seed 1] [--short]

A clock that is handed in goes on by ten seconds with every action; the actions are what people do: turn pages, click
answers, type, undo and redo, attach and take away, look into files, open and close dialogs. Memory, widgets and
Python's objects are counted every five minutes of that time; printed is the slope of a line through them per hour, from
the middle on: in the first half caches fill. Flat: at most 1 MB an hour.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("src", "tests")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench_viewer import make_pdf
from figures import Figure, resident_mb, show
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit, QPlainTextEdit, QWidget

from dgdesk.draft.drafts import new_draft
from dgdesk.system.profile import Profile
from dgdesk.system.settings import FILE, Settings, SettingsFile
from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.evidence.viewers import open_viewer
from dgdesk.ui.shell.app import furnish, make_app, make_services
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.app_theme import apply_theme
from dgdesk.ui.widgets.choice import CellRadio, CheckRow, RadioRow
from ui.filling import fill_all

STEP = timedelta(seconds=10)
EVERY = 30
"""Actions between two samples: five minutes."""
MOST_FILES = 6
"""Files made up for attaching; a draft holds each once, so that what is stored does not grow without end."""


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.now


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="a quarter of an hour")
    given = parser.parse_args()
    show(measured(0.25 if given.short else given.hours, given.seed))
    sys.stdout.flush()
    os._exit(0)


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(0.25 if short else 8, 1)


def measured(hours: float, seed: int) -> Iterable[Figure]:
    """Work so many hours."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        soak = Soak(Path(name), seed)
        samples = soak.work(round(hours * 3600 / STEP.total_seconds()))
        took = time.perf_counter() - begun
        settled = samples[len(samples) // 2 :]
        first, last = settled[0], settled[-1]
        says = f"{hours:g} hours of editing in the window, {soak.done} actions"
        note = (
            f"seed {seed}; from {first.memory:.0f} to {last.memory:.0f} MB in the second half, "
            f"at first {samples[0].memory:.0f}, most "
            f"{max(one.memory for one in samples):.0f} (without what the allocator keeps free); "
            f"widgets {first.widgets} to {last.widgets}, objects {first.objects:,} to {last.objects:,}; "
            f"{soak.entries()} journal entries; in {took:.0f} s"
        )
        yield Figure("soak.memory", f"growth of memory an hour, {says}", slope(settled, "resident"), "MB/h", 1)
        held = f"growth of memory an hour without what the allocator keeps free, {says}"
        yield Figure("soak.held", held, slope(settled, "memory"), "MB/h", 1, note=note)
        yield Figure(
            "soak.widgets", f"growth of the count of widgets an hour, {says}", slope(settled, "widgets"), "1/h", 5
        )
        yield Figure("soak.objects", f"growth of Python's objects an hour, {says}", slope(settled, "objects"), "1/h")
        yield Figure("soak.most", f"most memory at a sample, {says}", max(one.resident for one in samples), "MB", 250)
        soak.end()


class Sample:
    """What is held at one time; ``at`` in hours. ``resident`` counts what the allocator keeps for later as well."""

    def __init__(self, at: float) -> None:
        gc.collect()
        self.at, self.resident = at, resident_mb()
        give_back()
        self.memory = resident_mb()
        self.widgets, self.objects = len(QApplication.allWidgets()), len(gc.get_objects())


def give_back() -> None:
    """Let the C library return what it keeps free, which comes and goes in steps of megabytes (glibc alone can)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def slope(samples: Sequence[Sample], name: str) -> float:
    """Return the slope of the straight line through a count, per hour."""
    if len(samples) < 3:
        return 0.0
    return statistics.linear_regression([one.at for one in samples], [getattr(one, name) for one in samples]).slope


class Soak:
    """A person at the window."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.clock = Clock()
        self.done = 0
        self.files = [folder / f"คำสั่งแต่งตั้ง {number}.pdf" for number in range(MOST_FILES)]
        for number, path in enumerate(self.files):
            path.write_bytes(make_pdf(number + 1))
        path = folder / "a.dgdesk"
        with new_draft(path, clock=self.clock, who="สมศรี", respondent="TH-50") as draft:
            fill_all(draft, self.files[:1])
        wanted = Settings(who="สมศรี")
        settings = SettingsFile(folder / "profile" / FILE)
        settings.change(wanted)
        self.app = make_app(wanted)
        apply_theme(self.app, wanted)
        self.window = MainWindow(wanted)
        self.window.resize(1366, 768)
        services = make_services(self.clock, profile=Profile(folder / "profile"), settings=wanted)
        self.desk: MainController = furnish(self.app, self.window, services, settings)
        self.window.show()
        self.desk.open(path)
        self.rest()
        self.actions: list[tuple[Callable[[], object], int]] = [
            (self.turn_page, 20),
            (self.click_answer, 34),
            (self.type_letters, 18),
            (self.undo, 8),
            (self.redo, 5),
            (self.attach, 3),
            (self.take_away, 3),
            (self.look_into, 2),
            (self.side_tab, 2),
            *((one, 1) for one in self.dialogs()),
        ]

    @property
    def workspace(self) -> Workspace:
        """The draft at work."""
        assert self.desk.workspace is not None
        return self.desk.workspace

    def work(self, actions: int) -> list[Sample]:
        """Do so many actions; sample memory."""
        for opened in self.dialogs():  # all of them once: what is loaded on first use belongs to the beginning
            opened()
        for page in self.workspace.bridge.form.pages:
            self.workspace.open_page(page)
            self.rest()
        samples = []
        ways, weights = [way for way, _ in self.actions], [weight for _, weight in self.actions]
        for number in range(actions):
            if number % EVERY == 0:
                samples.append(self.sample(number))
            (way,) = self.chance.choices(ways, weights)
            way()
            self.rest()
            self.clock.now += STEP
            self.done += 1
        samples.append(self.sample(actions))
        return samples

    def sample(self, actions: int) -> Sample:
        """Count what is held, on the same page and tab every time: others have more or fewer widgets."""
        page, tab = self.workspace.page, self.workspace.side.currentIndex()
        self.workspace.open_page(next(iter(self.workspace.bridge.form.pages)))
        self.workspace.side.setCurrentIndex(0)
        self.workspace.page_view.finish()
        self.wait(300)  # panels beside the page follow after a pause, deletions later still
        self.rest()
        found = Sample(actions * STEP / timedelta(hours=1))
        self.workspace.side.setCurrentIndex(tab)
        self.workspace.open_page(page)
        self.rest()
        return found

    def entries(self) -> int:
        """How many entries the journal has."""
        return self.workspace.bridge.draft.package.history(1)[0].number

    def end(self) -> None:
        """Put everything away."""
        self.workspace.flush()
        if self.workspace.bridge.draft.package.check():
            raise SystemExit("the draft is damaged")
        self.workspace.page_view.parts.drop()
        self.window.close()
        self.desk.let_go()

    def rest(self) -> None:
        """Let what was posted happen, and what waits for a moment of rest be done."""
        for _ in range(3):
            self.app.processEvents()
            self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    # ---- what a person does ------------------------------------------------------------------------------------------

    def turn_page(self) -> None:
        """On, back, or anywhere."""
        workspace = self.workspace
        way = self.chance.choice([workspace.go_on, workspace.go_on, workspace.go_back, None])
        if way is None:
            workspace.open_page(self.chance.choice(list(workspace.bridge.form.pages)))
        else:
            way()

    def click_answer(self) -> None:
        """Click a mark on the page."""
        shown = self.shown(RadioRow) + self.shown(CheckRow) + self.shown(CellRadio)
        if shown:
            button: QAbstractButton = self.chance.choice(shown)
            place = button.rect().center() if isinstance(button, CellRadio) else QPoint(14, 14)
            QTest.mouseClick(button, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    def type_letters(self) -> None:
        """Type two letters into a box, and take one away; boxes stay short."""
        boxes = [one for one in self.shown(QLineEdit) + self.shown(QPlainTextEdit) if not one.isReadOnly()]
        if not boxes:
            return
        box = self.chance.choice(boxes)
        box.setFocus()
        for letter in "กข":
            self.app.sendEvent(box, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))
        for _ in range(self.chance.randint(1, 3)):
            QTest.keyClick(box, Qt.Key.Key_Backspace)
        self.workspace.flush()

    def undo(self) -> None:
        """Take one thing back."""
        self.workspace.undo()

    def redo(self) -> None:
        """And make it again."""
        self.workspace.redo()

    def attach(self) -> None:
        """Attach a file at a place of the page."""
        places = [one for one in self.places() if not self.files_of(one)]
        if places:
            place = self.chance.choice(places)
            place.attach(self.chance.choice(self.files))
            while place.attaching.at_work:
                self.workspace.bridge.jobs.wait()
                self.app.processEvents()

    def take_away(self) -> None:
        """Take a file away."""
        places = [one for one in self.places() if self.files_of(one)]
        if places:
            place = self.chance.choice(places)
            place.remove_file(self.files_of(place)[0])

    def look_into(self) -> None:
        """Open a file in the viewer, and close it."""
        evidence = self.workspace.bridge.state.facts.evidence
        slots = [slot for slot, files in evidence.items() if files]
        if slots:
            slot = self.chance.choice(slots)
            bridge, services = self.workspace.bridge, self.workspace.services
            viewer = open_viewer(bridge, services, slot, evidence[slot][0].sha256, self.workspace)
            self.wait(80)
            viewer.close()

    def side_tab(self) -> None:
        """Look at another tab beside the page."""
        side = self.workspace.side
        side.setCurrentIndex(self.chance.randrange(side.count()))

    def dialogs(self) -> list[Callable[[], None]]:
        """Functions that open a dialog and close it."""
        finding = self.workspace.finding

        def beside(name: str) -> None:
            getattr(finding, name)()
            self.wait(30)
            if isinstance(finding.dialog, QDialog):
                finding.dialog.close()

        def modal(name: str) -> None:
            closing = QTimer()
            closing.timeout.connect(close_modal)
            closing.start(60)
            getattr(self.desk.dialogs, name)()
            closing.stop()

        def overview() -> None:
            self.workspace.overview.show()
            self.wait(30)
            self.workspace.overview.close()

        def guide() -> None:
            self.desk.dialogs.show_help()
            self.wait(30)
            for window in self.app.topLevelWidgets():
                if type(window).__name__ == "HelpWindow":
                    window.close()

        return [
            *(lambda name=name: beside(name) for name in ("library", "history")),
            *(
                lambda name=name: modal(name)
                for name in ("show_settings", "show_shortcuts", "show_indicators", "export")
            ),
            overview,
            guide,
        ]

    # ---- helpers -----------------------------------------------------------------------------------------------------

    def shown(self, kind: type[QWidget]) -> list:
        """Widgets of a kind on the page that can be used."""
        content = self.workspace.page_view.widget()
        return [one for one in content.findChildren(kind) if one.isVisible() and one.isEnabled()]

    def places(self) -> list[EvidenceSlot]:
        """Places for evidence that show."""
        found = self.workspace.page_view.parts.places.values()
        return [one for one in found if isinstance(one, EvidenceSlot) and one.isVisible()]

    def files_of(self, place: EvidenceSlot) -> tuple:
        """What is attached at a place."""
        slots = self.workspace.page_view.parts.places
        slot = next(slot for slot, one in slots.items() if one is place)
        return self.workspace.bridge.state.facts.evidence.get(slot, ())

    def wait(self, milliseconds: int) -> None:
        """Let the window live for a moment."""
        end = time.perf_counter() + milliseconds / 1e3
        while time.perf_counter() < end:
            self.app.processEvents()


def close_modal() -> None:
    """Close the dialog that keeps the others waiting."""
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, QDialog):
        dialog.reject()
    elif dialog is not None:
        dialog.close()


if __name__ == "__main__":
    main()
