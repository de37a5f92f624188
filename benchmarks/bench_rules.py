"""How long the rules take: loading the questionnaire, and evaluating the whole form after one answer.

    python benchmarks/bench_rules.py [--rounds 2000]

Targets: loading ≤ 150 ms; evaluation after one answer median ≤ 2 ms, p99 ≤ 8 ms. Each figure stands beside something
measured in the same run (reading the same YAML without building anything; evaluating everything afresh).
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import yaml

EDITION = "th-province-2568"

sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from figures import Figure, show

from dgdesk.demo.run import answers_of, read_province
from dgdesk.draft.drafts import edition_folder, edition_rubric, load_form
from dgdesk.resources import resource
from dgdesk.survey.answers.reading import read_json
from dgdesk.survey.answers.values import Value
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.state import Facts, make_rules

TODAY = date(2025, 8, 1)


def timed(work: Callable[[], object], rounds: int) -> list[float]:
    """Return the seconds each round took, sorted."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return sorted(taken)


def read_yaml() -> None:
    """Read the edition's files and build nothing."""
    for path in edition_folder(EDITION).glob("*.yaml"):
        with path.open(encoding="utf-8") as stream:
            yaml.load(stream, Loader=yaml.CBaseLoader)


def filled(form: Form) -> dict[str, Value]:
    """Return the demo's answers, as values."""
    read = {
        address: read_json(form.node(address), stored)
        for address, stored in answers_of(form, read_province(resource("demo/demo.yaml"))).items()
    }
    return {address: value for address, value in read.items() if value is not None}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000)
    show(measured(parser.parse_args().rounds))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(200 if short else 2000)


def measured(rounds: int) -> Iterable[Figure]:
    """Measure."""
    load, plain = timed(load_form, 15), timed(read_yaml, 15)
    yield Figure(
        "rules.load",
        "loading the questionnaire",
        1e3 * statistics.median(load),
        "ms",
        150,
        beside=1e3 * statistics.median(plain),
        against="reading its YAML alone",
    )
    form = load_form()
    rules = make_rules(form, edition_rubric(EDITION))
    answers = filled(form)
    state = rules.evaluate(Facts(answers), TODAY)
    chooser = random.Random(1)
    choices = [node for node in form.nodes if node.address in answers and node.kind in ("single", "row", "multiple")]
    after: list[float] = []
    spent: list[float] = []
    for _ in range(rounds):
        node = chooser.choice(choices)
        option = chooser.choice(node.options)
        answers = {**state.facts.answers, node.address: (option,) if node.kind == "multiple" else option}
        start, worked = time.perf_counter(), time.thread_time()
        state = rules.evaluate(Facts(answers, state.facts.evidence), TODAY, state)
        after.append(time.perf_counter() - start)
        spent.append(time.thread_time() - worked)
    after.sort()
    spent.sort()
    whole = 1e3 * statistics.median(timed(lambda: rules.evaluate(state.facts, TODAY), rounds // 10))
    middle, late = 1e3 * statistics.median(after), 1e3 * after[int(rounds * 0.99)]
    afresh = "everything evaluated afresh"
    yield Figure("rules.answer", "the rules after one answer, median", middle, "ms", 2, beside=whole, against=afresh)
    note = f"of processor time {1e3 * spent[int(rounds * 0.99)]:.2f} ms"
    says = "the rules after one answer, p99"
    yield Figure("rules.answer_p99", says, late, "ms", 8, beside=whole, against=afresh, note=note)


if __name__ == "__main__":
    main()
