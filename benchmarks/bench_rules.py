"""How long the rules take: loading the questionnaire, and evaluating the whole form after one answer.

    python benchmarks/bench_rules.py [--rounds 2000]

Targets: loading ≤ 150 ms; evaluation after one answer median ≤ 2 ms, p99 ≤ 8 ms. Each figure stands beside something
measured in the same run (reading the same YAML without building anything; evaluating everything afresh).
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import date

import yaml

from dgdesk.answers.reading import read_json
from dgdesk.answers.values import Value
from dgdesk.definition.form import Form
from dgdesk.demo.province import answers_of, read_province
from dgdesk.drafts import EDITION, edition_folder, edition_rubric, load_form
from dgdesk.resources import resource
from dgdesk.rules.state import Facts, make_rules

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
    rounds = parser.parse_args().rounds

    load, plain = timed(load_form, 15), timed(read_yaml, 15)
    print(f"load definition      median {1000 * statistics.median(load):7.1f} ms   (target 150)")
    print(f"  reading YAML alone median {1000 * statistics.median(plain):7.1f} ms   ratio {load[7] / plain[7]:.2f}")

    form = load_form()
    rules = make_rules(form, edition_rubric(EDITION))
    answers = filled(form)
    state = rules.evaluate(Facts(answers), TODAY)
    chooser = random.Random(1)
    choices = [node for node in form.nodes if node.address in answers and node.kind in ("single", "row", "multiple")]
    after: list[float] = []
    for _ in range(rounds):
        node = chooser.choice(choices)
        option = chooser.choice(node.options)
        answers = {**state.facts.answers, node.address: (option,) if node.kind == "multiple" else option}
        start = time.perf_counter()
        state = rules.evaluate(Facts(answers, state.facts.evidence), TODAY, state)
        after.append(time.perf_counter() - start)
    after.sort()
    whole = timed(lambda: rules.evaluate(state.facts, TODAY), 200)
    middle, late = statistics.median(after), after[int(rounds * 0.99)]
    print(f"after one answer     median {1000 * middle:7.2f} ms   p99 {1000 * late:.2f} ms   (targets 2 and 8)")
    print(f"  everything afresh  median {1000 * statistics.median(whole):7.2f} ms   ratio {middle / whole[100]:.2f}")


if __name__ == "__main__":
    main()
