"""Comparisons between answers: what the definition's checks find implausible, with both sides in the sentence.

The checks are data of the edition (``checks`` in ``edition.yaml``); each kind is described at `Check`. A check speaks
only of questions that are asked: hidden answers are neither compared nor found missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from dgdesk.survey.answers.values import Answers, UnreadValue, Value, has, items_of
from dgdesk.survey.definition.form import Form, option_of
from dgdesk.survey.definition.models import Check
from dgdesk.survey.rules.codes import nearest_code
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.relevance import Shown
from dgdesk.text.digits import format_number


def compare(form: Form, answers: Answers, shown: Shown) -> tuple[Problem, ...]:
    """Make the comparisons between answers that the form defines; return what they find.

    What must be above zero and is not is reported alone: a comparison with it would blame the other side.
    """
    found = [(check, problem) for check in form.definition.checks for problem in _of_check(form, answers, shown, check)]
    zeros = {check.left for check, _ in found if check.kind == "positive"}
    return tuple(problem for check, problem in found if check.kind == "positive" or check.right not in zeros)


def _of_check(form: Form, answers: Answers, shown: Shown, check: Check) -> Iterator[Problem]:
    """Yield the problem that a check finds, if it finds one."""
    if not shown[form.position[check.left]]:
        return
    left = answers.get(check.left)
    right_at = form.position[check.right] if check.right else None
    right = answers.get(check.right) if right_at is not None and shown[right_at] else None
    chosen = has(left, check.left_option or "")
    names = 0
    match check.kind:
        case "at_most":
            broken = isinstance(left, Decimal) and isinstance(right, Decimal) and left > right
        case "needs":
            broken = chosen and not has(right, check.right_option or "")
        case "needs_positive":
            broken = chosen and not (isinstance(right, Decimal) and right > 0)
        case "excludes":
            broken = chosen and (has(right, check.right_option) if check.right_option else _is_something(right))
        case "positive":
            broken = left == 0 and isinstance(left, Decimal)
        case "named" | "all_named" | "counted":
            names = _names(form, answers, shown, check.right)
            broken = isinstance(left, Decimal) and _names_differ(form, check, left, names)
    if broken:
        yield Problem(check.code, check.severity, check.left, values=_values(form, check, left, right, names))


def _is_something(value: Value | None) -> bool:
    """Tell whether an answer says that there is something: none, zero and unreadable text do not."""
    return value is not None and value != 0 and not isinstance(value, UnreadValue)


def _names(form: Form, answers: Answers, shown: Shown, repeat: str) -> int:
    """Return how many items of a repeat have an answer."""
    at = form.position[repeat]
    if not shown[at]:
        return 0
    node = form.nodes[at]
    items = (form.position[f"{repeat}#{key}"] for key in items_of(node, answers.get(repeat)))
    return sum(
        any(form.nodes[inner].address in answers for inner in range(item + 1, form.nodes[item].end)) for item in items
    )


def _names_differ(form: Form, check: Check, count: Decimal, names: int) -> bool:
    """Tell whether a number and the named items contradict each other, in the manner of the check's kind."""
    match check.kind:
        case "named":
            return count > 0 and names == 0
        case "all_named":
            return 0 < names < len(form.node(check.right).options) and names < count
        case _:
            return names > count


def _values(form: Form, check: Check, left: Value | None, right: Value | None, names: int) -> dict[str, object]:
    """Return what a check's sentence may name: codes of both questions, their answers, the number of named items."""
    return {
        "left": nearest_code(form, check.left) or "",
        "right": nearest_code(form, check.right) or "",
        "left_answer": _in_words(form, check.left, left),
        "right_answer": _in_words(form, check.right, right),
        "names": names,
    }


def _in_words(form: Form, address: str, value: Value | None) -> str:
    if isinstance(value, Decimal):
        return format_number(value)
    option = option_of(form.node(address), value) if isinstance(value, str) else None
    return option.label if option is not None else ""
