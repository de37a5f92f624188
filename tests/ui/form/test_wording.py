"""Lines of every list: each says where, in full, so that no two are alike."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from functools import cache

from dgdesk.draft.drafts import load_form
from dgdesk.draft.file.model import ChangeRecord, Edit
from dgdesk.draft.history import steps
from dgdesk.folders.labels import labels_of
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.evidence_overview import place_rows
from dgdesk.survey.rules.places import problem_name
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.search import SearchHit
from dgdesk.survey.rules.state import Facts
from dgdesk.text.breaks import thai_breaker
from dgdesk.text.dates import THAILAND
from dgdesk.text.messages import load_catalogue
from dgdesk.ui.evidence.overview.wording import fact
from dgdesk.ui.evidence.slot_chooser import slot_words
from dgdesk.ui.form.wording import hit_words, problem_words
from dgdesk.ui.score.score_details import LONGEST_PART
from dgdesk.ui.widgets.texts import Texts
from scenario import every_item, real_rules


def test_no_two_lines_of_the_problem_list_are_alike_wherever_the_problems_are():
    form, texts = load_form(), Texts(load_catalogue("th"), thai_breaker())
    problems = [
        *(Problem("missing.answer", "error", node.address) for node in form.nodes if not node.kind.startswith("ma")),
        *(Problem("missing.evidence", "error", form.nodes[one.node].address, one.id) for one in form.slots.values()),
    ]
    asked = [one for one in problems if one.slot or form.node(one.address).kind not in ("group", "item", "repeat")]
    lines = Counter(problem_words(form, texts, one, every_item(form)) for one in asked)
    assert max(lines.values()) == 1, lines.most_common(3)


FORM = cache(load_form)
TEXTS = cache(lambda: Texts(load_catalogue("th"), thai_breaker()))


def alike(lines: list[str]) -> list[str]:
    return [line for line, times in Counter(lines).items() if times > 1]


def answered(form: Form) -> list[str]:
    return [node.address for node in form.nodes if node.kind not in ("group", "matrix", "item", "repeat")]


def test_no_two_rows_of_the_evidence_overview_are_alike() -> None:
    state = real_rules().evaluate(Facts(), date(2026, 12, 1))
    rows = place_rows(FORM(), state)
    assert alike([f"{fact(TEXTS(), row, 'code')} {fact(TEXTS(), row, 'question')}" for row in rows]) == []


def test_no_two_slots_to_choose_from_are_alike() -> None:
    assert alike([slot_words(TEXTS(), label) for label in labels_of(FORM(), every_item(FORM())).values()]) == []


def test_no_two_lines_of_the_history_are_alike() -> None:
    form = FORM()
    edits = [Edit("answer", address, None, None) for address in answered(form)]
    edits += [Edit("attachment", slot, None, None, "0" * 64) for slot in form.slots]
    record = ChangeRecord(1, datetime(2026, 12, 1, tzinfo=THAILAND), "ก", "answer", tuple(edits), None, None)
    (step,) = steps(form, every_item(form), [record], TEXTS().say)
    assert alike([line.where for line in step.lines]) == []
    assert not any(line.edits[0].target in line.where.split() for line in step.lines)


def test_no_two_found_places_are_alike() -> None:
    form = FORM()
    places = [SearchHit(address, None, 0) for address in answered(form) if form.node(address).item in (None, "1")]
    places += [
        SearchHit(one.address, option.id, 0)
        for one in form.nodes
        for option in one.field.options
        if one.kind in ("single", "multiple") and one.item in (None, "1")
    ]
    assert alike([hit_words(form, every_item(form), TEXTS(), hit) for hit in places]) == []


def test_no_two_gains_and_lacking_links_are_alike() -> None:
    form = FORM()
    places = [(address, None) for address in answered(form)]
    places += [(form.nodes[one.node].address, one.id) for one in form.slots.values()]
    said = [
        TEXTS().say(
            f"ui.gain_row.{'evidence' if slot else 'answer'}",
            code=problem_name(form, address, slot, every_item(form)).line(TEXTS().cut, LONGEST_PART),
        )
        for address, slot in places
    ]
    assert alike(said) == []
