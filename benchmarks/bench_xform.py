"""Benchmark of recomputation beside an XForm of the same form, as ODK's tools make and evaluate it.

    python benchmarks/bench_xform.py [--rounds 200]

Our form, its follow-ups, skips and conditions, is written as an XLSForm, compiled by pyxform, filled. After an answer
dgdesk works out what shows, what is missing or wrong, and the score; the XForm's ``relevant`` conditions are all
computed afresh in document order, by libxml2's XPath engine with compiled expressions (``selected`` is a Python
function). That is what a plain XForm engine does without a graph of dependencies; JavaRosa has one, but is not in a
package registry for Python, so that it is not compared. The XForm knows neither evidence nor score: it has less to do.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

EDITION = "th-province-2568"

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("src", "tests")]

from bench_growth_form import full_facts
from figures import Figure, missing, show

from dgdesk.draft.drafts import edition_rubric, load_form
from dgdesk.survey.answers.values import Value
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form
from dgdesk.survey.definition.models import All, Any_, Chosen, Condition, Not
from dgdesk.survey.rules.state import Facts, make_rules

TODAY = date(2026, 11, 20)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    show(measured(parser.parse_args().rounds))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(20 if short else 200)


def name_of(address: str) -> str:
    """An address as a name that XML takes."""
    return "q_" + re.sub(r"[^A-Za-z0-9]", lambda found: f"_{ord(found[0]):x}_", address)


def measured(rounds: int) -> Iterable[Figure]:
    """Measure."""
    name, says = "xform.answer", "everything recomputed after one answer"
    try:
        from lxml import etree
        from pyxform.xls2xform import convert
    except ImportError as error:
        yield missing(name, says, f"not there to compare with: {error.name}")
        return
    form = load_form()
    compiled = convert(as_xlsform(form), form_name="data", validate=False, pretty_print=False)
    engine = Engine(etree, compiled.xform)
    rules = make_rules(form, edition_rubric(EDITION))
    answers: dict[str, Value] = full_facts(form)
    state = rules.evaluate(Facts(answers), TODAY)
    for address, value in answers.items():
        engine.put(name_of(address), value)
    engine.recompute()
    differ = [
        node.address
        for node in form.nodes
        if node.kind not in WITHOUT_ANSWER
        and bool(state.shown[form.position[node.address]]) != engine.shows(name_of(node.address))
    ]
    chance = random.Random(1)
    choices = [node for node in form.nodes if node.address in answers and node.kind in ("single", "row", "multiple")]
    ours, theirs = [], []
    for _ in range(rounds):
        node = chance.choice(choices)
        option = chance.choice(node.options)
        value: Value = (option,) if node.kind == "multiple" else option
        begun = time.perf_counter()
        state = rules.evaluate(Facts({**state.facts.answers, node.address: value}), TODAY, state)
        ours.append(time.perf_counter() - begun)
        engine.put(name_of(node.address), value)
        begun = time.perf_counter()
        engine.recompute()
        theirs.append(time.perf_counter() - begun)
        differ += [
            one.address
            for one in form.nodes
            if one.kind not in WITHOUT_ANSWER
            and bool(state.shown[form.position[one.address]]) != engine.shows(name_of(one.address))
        ]
    if differ:
        raise SystemExit(f"the XForm shows other questions than dgdesk: {differ[:3]}")
    note = f"{len(engine.binds)} relevant conditions; both show the same questions after each of {rounds} answers"
    mine, other = 1e3 * statistics.median(ours), 1e3 * statistics.median(theirs)
    yield Figure(name, says, mine, "ms", 1.0, "ratio", other, "an XForm's conditions alone, all afresh", note=note)


def as_xlsform(form: Form) -> dict[str, list[dict[str, str]]]:
    """The form as an XLSForm: one question a place, flat; what a place depends on stands in its ``relevant``."""
    survey: list[dict[str, str]] = []
    choices: list[dict[str, str]] = []
    for at, node in enumerate(form.nodes):
        question = {"name": name_of(node.address), "label": node.label or "-", "relevant": relevant(form, at)}
        if node.kind in WITHOUT_ANSWER:
            survey.append({**question, "type": "calculate", "calculation": "'1'"})
        elif node.options:
            listed = name_of(node.address)
            kind = "select_multiple" if node.kind in ("multiple", "repeat") else "select_one"
            survey.append({**question, "type": f"{kind} {listed}"})
            choices += [{"list_name": listed, "name": option, "label": option} for option in node.options]
        else:
            survey.append({**question, "type": "text"})
    return {"survey": survey, "choices": choices, "settings": [{"form_id": "dgdesk", "form_title": "dgdesk"}]}


def relevant(form: Form, at: int) -> str:
    """What must hold for a place to show; an XForm's own rule is that what is not relevant counts as empty."""
    node = form.nodes[at]
    parts = []
    if node.parent >= 0:
        parent = form.nodes[node.parent]
        place = f"${{{name_of(parent.address)}}}"
        if node.gate is not None:
            parts.append(f"selected({place}, '{node.gate}')")
        else:
            parts.append(f"shown({place})")
    parts += [f"not(selected(${{{name_of(form.nodes[source].address)}}}, '{option}'))" for source, option in node.skips]
    if node.when is not None:
        parts.append(condition(node.when))
    return " and ".join(parts) or "true()"  # pyxform writes "None" for none at all


def condition(wanted: Condition) -> str:
    """A condition of the definition as XPath."""
    match wanted:
        case Chosen():
            address, option = wanted.chosen
            return f"selected(${{{name_of(address)}}}, '{option}')"
        case All():
            return "(" + " and ".join(condition(part) for part in wanted.all) + ")"
        case Any_():
            return "(" + " or ".join(condition(part) for part in wanted.any) + ")"
        case Not():
            return f"not({condition(wanted.not_)})"


class Engine:
    """Evaluates the ``relevant`` conditions of an XForm over its instance, all of them, in document order."""

    def __init__(self, etree: Any, xform: str) -> None:
        tree = etree.fromstring(xform.encode())
        ns = {"x": "http://www.w3.org/2002/xforms"}
        bound = {bind.get("nodeset"): bind for bind in tree.findall(".//x:bind", ns)}
        primary = tree.find(".//x:model/x:instance", ns)[0]
        # Names without namespaces, as XForms engines treat the instance.
        self.data = etree.fromstring(
            re.sub(rb' xmlns(:\w+)?="[^"]+"', b"", etree.tostring(primary)).replace(b"orx:", b"")
        )
        self.root = etree.Element("all")
        self.root.append(self.data)
        self.places = {child.tag: child for child in self.data}
        self.hidden: set[Any] = set()
        functions = {(None, "selected"): self._selected, (None, "shown"): self._shown}
        self.binds = []
        for place, bind in bound.items():
            target = self.places.get(place.rsplit("/", 1)[-1])
            if target is not None and bind.get("relevant"):
                expression = bind.get("relevant").replace("/data/", "/all/data/")
                self.binds.append((target.tag, etree.XPath(expression, extensions=functions)))

    def put(self, name: str, value: Value) -> None:
        """Answer a question."""
        self.places[name].text = " ".join(value) if isinstance(value, tuple) else str(value)

    def recompute(self) -> None:
        """Work out everything that shows."""
        self.hidden = set()
        tree = self.root.getroottree()
        for name, holds in self.binds:
            if not holds(tree):
                self.hidden.add(name)

    def shows(self, name: str) -> bool:
        """Whether a question shows."""
        return name not in self.hidden

    def _selected(self, _: Any, place: Any, option: str) -> bool:
        element = place[0]
        return element.tag not in self.hidden and option in (element.text or "").split()

    def _shown(self, _: Any, place: Any) -> bool:
        return place[0].tag not in self.hidden


if __name__ == "__main__":
    main()
