"""A form ten times as long takes ten times the work, not more: counted in calls, which no other program disturbs."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from datetime import date
from math import log10
from types import FrameType
from typing import Any

import pytest

from dgdesk.draft.drafts import edition_rubric
from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.state import Facts, make_rules
from survey.longer import EDITION, full_facts, longer

TODAY = date(2026, 11, 20)
MOST = 1.1
"""The exponent with which the work may grow."""


def calls(act: Callable[[], object]) -> int:
    """How many functions are called, those of C as well."""
    count = 0

    def called(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(scope="module")
def forms() -> tuple[Form, Form]:
    """The shipped form, and one ten times as long."""
    return build_form(longer(1)), build_form(longer(10))


def test_the_longer_form_has_ten_times_the_places(forms: tuple[Form, Form]) -> None:
    short, long = (len(form.nodes) for form in forms)
    assert 9 * short < long < 11 * short and long > 5_000


def test_the_rules_after_an_answer_and_afresh_grow_with_the_form(forms: tuple[Form, Form]) -> None:
    short, long = (work(form) for form in forms)
    grown = {what: log10(long[what] / short[what]) for what in short}
    assert all(exponent <= MOST for exponent in grown.values()), (grown, short, long)


def work(form: Form) -> dict[str, int]:
    """The calls of an evaluation afresh, and of twelve after one answer each."""
    rules, answers = make_rules(form, edition_rubric(EDITION)), full_facts(form)
    state = rules.evaluate(Facts(answers), TODAY)
    chance = random.Random(1)
    choices = [node for node in form.nodes if node.address in answers and node.kind == "single"]
    edits = [{node.address: chance.choice(node.options)} for node in chance.sample(choices, 12)]
    return {
        "afresh": calls(lambda: rules.evaluate(Facts(answers), TODAY)),
        "answers": calls(lambda: [rules.evaluate(Facts({**answers, **edit}), TODAY, state) for edit in edits]),
    }
