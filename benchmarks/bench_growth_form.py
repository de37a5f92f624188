"""Benchmark of growth: a form 3 and 10 times as long: load, evaluate, first window, a page.

    python benchmarks/bench_growth_form.py [--short]

The longer form is the real one with its sections repeated under other ids, each copy answered in full. The copies are
not scored, since the rubric names the first copy's questions; everything else is worked out for them as well.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

EDITION = "th-province-2568"
PROVINCE = "general.province"

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("src", "tests")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from figures import Figure, growth, least_of, show
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.draft.drafts import edition_rubric, open_draft
from dgdesk.draft.file.journal import Author, change
from dgdesk.draft.file.model import Edit
from dgdesk.draft.file.opening import create_draft_file
from dgdesk.survey.answers.values import encode
from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.lint import lint_structure
from dgdesk.survey.definition.load import freeze, thaw
from dgdesk.survey.rules.state import Facts, make_rules
from dgdesk.system.profile import Profile
from dgdesk.ui.shell.app import make_app, make_services
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.collector import settle as settle_memory
from survey.longer import full_facts, longer

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
STEPS = {
    "load": "reading the frozen form and laying it out",
    "evaluate": "all rules afresh",
    "answer": "the rules after one answer",
    "window": "the draft opened until its first page is painted",
    "page": "a page opens",
}
STEADY = ("page",)
"""Steps that are to take the same however long the form is."""


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    factors = (1, 3) if short else (1, 3, 10)
    app = make_app()
    found = [measured(app, factor) for factor in factors]
    # in turns, so that a slow moment of the machine meets all lengths
    turns = [[answering(factor, 20 if short else 100) for factor in factors] for _ in range(1 if short else 5)]
    for at, one in enumerate(found):
        one["answer"] = 1e3 * min(turn[at] for turn in turns)
    shown = " / ".join(f"{one['nodes']:,.0f}" for one in found)
    for step, words in STEPS.items():
        taken = [one[step] for one in found]
        yield growth(
            f"growth_form.{step}",
            f"{words}: {shown} places",
            factors,
            taken,
            "ms",
            most=0.3 if step in STEADY else 1.15,
        )


def measured(app: QApplication, factor: int) -> dict[str, float]:
    """The milliseconds of each step on a form so many times as long."""
    frozen = freeze(longer(factor))
    took = {"load": least_of(lambda: build_form(thaw(frozen)), 9)}
    form = build_form(thaw(frozen))
    flaws = lint_structure(form)
    if flaws:
        raise SystemExit(f"the longer form is not sound: {flaws[0]}")
    rules = make_rules(form, edition_rubric(EDITION))
    answers = full_facts(form)
    took["evaluate"] = least_of(lambda: rules.evaluate(Facts(answers), TODAY), 9)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.dgdesk"
        with create_draft_file(
            path, definition=frozen, meta={"edition": EDITION}, clock=lambda: NOW, who="x"
        ) as package:
            edits = [Edit("answer", address, None, encode(value)) for address, value in answers.items()]
            with package._database.writing() as connection:
                change(connection, edits, "answer", Author("x", NOW))
        took |= in_window(app, path, Path(name))
    return {**{step: 1e3 * one for step, one in took.items()}, "nodes": len(form.nodes)}


def answering(factor: int, rounds: int) -> float:
    """`one_answer` on a form so many times as long."""
    form = build_form(longer(factor))
    rules, answers = make_rules(form, edition_rubric(EDITION)), full_facts(form)
    settle_memory()  # as in the window a moment after a draft was opened
    return one_answer(form, rules, answers, rounds)


def one_answer(form: Form, rules: Any, answers: dict[str, Any], rounds: int) -> float:
    """The median seconds of the rules after one answer somewhere."""
    state = rules.evaluate(Facts(answers), TODAY)
    chance = random.Random(1)
    choices = [node for node in form.nodes if node.address in answers and node.kind in ("single", "row", "multiple")]
    taken = []
    for _ in range(rounds):
        node = chance.choice(choices)
        option = chance.choice(node.options)
        now = {**state.facts.answers, node.address: (option,) if node.kind == "multiple" else option}
        begun = time.perf_counter()
        state = rules.evaluate(Facts(now), TODAY, state)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def in_window(app: QApplication, path: Path, folder: Path) -> dict[str, float]:
    """The seconds until a draft is painted, and those of a page (the median of some that all forms have)."""
    services = make_services(who="x", profile=Profile(folder / "profile"))
    opened, pages = [], []
    for turn in range(3):
        window = MainWindow()
        window.resize(1366, 768)
        window.show()
        settle(app)
        begun = time.perf_counter()
        workspace = Workspace(open_draft(path, clock=services.clock, who="x"), services)
        window.show_content(workspace)
        paint(window)
        opened.append(time.perf_counter() - begun)
        settle(app)
        for page in list(workspace.bridge.form.pages)[1:30] if turn == 0 else ():
            settle(app)
            begun = time.perf_counter()
            workspace.open_page(page)
            paint(window)
            pages.append(time.perf_counter() - begun)
        settle(app)
        workspace.page_view.parts.drop()
        window.close()
        workspace.bridge.draft.close()
        window.deleteLater()
        settle(app)
    return {"window": statistics.median(opened), "page": statistics.median(pages)}


def paint(window: QWidget) -> None:
    """Lay out and paint what is to be painted now, as the event loop's next turn would."""
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    window.repaint()


def settle(app: QApplication) -> None:
    """Let everything that waits happen."""
    for _ in range(20):
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


if __name__ == "__main__":
    show(run("--short" in sys.argv))
    sys.stdout.flush()
    os._exit(0)
