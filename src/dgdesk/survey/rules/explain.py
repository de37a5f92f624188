"""Explains the rubric: how a question earns points, and what is still missing; as message codes.

The sentences are in ``resources/i18n/ui_score.yaml``; names of options, rows and questions are the form's own texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from dgdesk.survey.definition.form import Form, Node
from dgdesk.survey.rules.codes import nearest_code
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.rubric import (
    Best,
    Channel,
    Choice,
    Count,
    CountRows,
    Credit,
    Detail,
    External,
    Matrix,
    Question,
    Ratio,
    Rubric,
    addresses_of,
    uses_progress,
)
from dgdesk.survey.rules.state import State


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message code of the catalogue, with the texts and figures to fill in."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


def explain(rubric: Rubric, form: Form, question: Question) -> tuple[Sentence, ...]:
    """Explain how a question earns points, what p is if it matters, and whether the rule is printed or assumed.

    The first sentence is the mark ``rule.basis.printed`` or ``rule.basis.assumed``.
    """
    sentences = [Sentence(f"rule.basis.{question.basis}"), *_rule(rubric, form, question)]
    for indicator in rubric.indicators:
        if indicator.substitute == question.field:
            others = [one.field for one in indicator.questions if one.field != question.field]
            codes = {"first": nearest_code(form, others[0]) or "", "last": nearest_code(form, others[-1]) or ""}
            sentences.append(Sentence("rule.substitute", codes))
    if uses_progress(question):
        sentences.append(Sentence(f"rule.progress_{rubric.progress_basis}", {"p": _figure(rubric.progress)}))
    if not isinstance(question, External) and _asks_for_files(form, question):
        sentences.append(Sentence("rule.evidence"))
    if not isinstance(question, External) and _asks_for_blanks(form, question):
        sentences.append(Sentence("rule.blanks"))
    if question.note:
        sentences.append(Sentence("rule.note", {"note": question.note}))
    return tuple(sentences)


def explain_unscored(rubric: Rubric, form: Form, pillar: str | None = None) -> tuple[Sentence, ...]:
    """Say what is asked and earns nothing, and whether the form prints that; only in ``pillar`` if it is given."""
    return tuple(
        Sentence(f"rule.unscored.{one.basis}", {"name": name})
        for one in rubric.unscored
        for name, indicator in (_unscored(form, one.id),)
        if pillar is None or (indicator or "").partition(".")[0] == pillar
    )


def _unscored(form: Form, id: str) -> tuple[str, str | None]:
    """Return the code of a question, or the title of a section; and the indicator printed over it."""
    owner = form.node(id).section if id in form.position else id
    section = next(one for one in form.definition.sections if one.id == owner)
    return (nearest_code(form, id) or id) if id in form.position else section.title, section.indicator


def lacking(form: Form, state: State, question: Question) -> tuple[Problem, ...]:
    """Return the problems of a question and its follow-ups, in printed order."""
    spans = [range(form.position[one], form.node(one).end) for one in addresses_of(question)]
    return tuple(
        problem
        for problem in state.problems
        if problem.severity == "error" and any(form.position[problem.address] in span for span in spans)
    )


def _rule(rubric: Rubric, form: Form, question: Question) -> Iterator[Sentence]:
    match question:
        case Choice():
            yield from _choice(rubric, form, question)
        case Matrix():
            yield from _matrix(rubric, form, question)
        case CountRows():
            yield Sentence("rule.count_rows", {"of": str(question.of)})
            yield from _together(_row_names(form, question.field, question.together))
        case Count():
            yield Sentence("rule.count", {"of": str(question.of)})
            yield from _together(_option_names(form.node(question.field), question.together))
            if question.none:
                names = _option_names(form.node(question.field), question.none)
                yield Sentence("rule.count_none", {"options": names})
        case Ratio():
            yield Sentence("rule.ratio", {"part": _name(form, question.part), "whole": _name(form, question.whole)})
            yield Sentence(f"rule.ratio_{question.at_zero}")
        case Channel():
            node = form.node(question.field)
            full = [one for one in question.urls if one != question.half]
            yield Sentence("rule.channel", {"options": _option_names(node, full)})
            address, option = question.unless
            yield Sentence(
                "rule.channel_half",
                {
                    "option": _option_names(node, (question.half,)),
                    "other": _name(form, address),
                    "answer": _option_names(form.node(address), (option,)),
                },
            )
            if set(node.options) - question.urls.keys():
                yield Sentence("rule.credit_none")
        case Best():
            yield Sentence("rule.best")
            yield from _credits(rubric, form.node(next(iter(question.status.values()))), question.credit)
            yield from _same_details(rubric, form, question.details.values())
        case External():
            yield from _external(form, question)


def _choice(rubric: Rubric, form: Form, question: Choice) -> Iterator[Sentence]:
    node = form.node(question.field)
    yield from _credits(rubric, node, question.credit, counted=question.detail is not None)
    if question.detail is not None:
        yield from _detail(rubric, form, question.detail)


def _matrix(rubric: Rubric, form: Form, question: Matrix) -> Iterator[Sentence]:
    yield Sentence("rule.matrix")
    node = form.node(question.field)
    yield from _credits(rubric, node, question.credit)
    for row, detail in question.details.items():
        yield Sentence("rule.matrix_row", {"row": _row_names(form, question.field, (row,))})
        yield from _detail(rubric, form, detail)
    groups = {group.id: group.label for group in node.field.groups}
    for group, needed in question.needs.items():
        yield Sentence("rule.matrix_needs", {"group": groups.get(group, group), "needed": groups.get(needed, needed)})
    for address, least in question.at_least.items():
        blank = form.node(address)
        values = {"blank": blank.label, "least": _figure(least), "unit": blank.field.unit}
        yield Sentence("rule.at_least", values)


def _external(form: Form, question: External) -> Iterator[Sentence]:
    yield Sentence("rule.external")
    if question.zero_when is not None:
        address, option = question.zero_when
        answer = _option_names(form.node(address), (option,))
        yield Sentence("rule.external_zero", {"other": _name(form, address), "answer": answer})


def _credits(rubric: Rubric, node: Node, credits: Mapping[str, Credit], *, counted: bool = False) -> Iterator[Sentence]:
    """Explain what each answer is worth, grouped by worth; ``counted``: the choices below decide how much."""
    by_credit: dict[Credit, list[str]] = {}
    for option, credit in credits.items():
        by_credit.setdefault(credit, []).append(option)
    for credit in sorted(by_credit, key=_order):
        names = {"options": _option_names(node, by_credit[credit])}
        match credit:
            case "exempt":
                yield Sentence("rule.credit_exempt_row" if node.kind == "matrix" else "rule.credit_exempt", names)
            case "progress":
                yield Sentence("rule.credit_progress", {**names, "p": _figure(rubric.progress)})
            case _ if credit == 1:
                yield Sentence("rule.credit_counted" if counted else "rule.credit_full", names)
            case _:
                yield Sentence("rule.credit_part", {**names, "share": _figure(credit)})
    if {id for id, _ in _answers(node)} - credits.keys():
        yield Sentence("rule.credit_none")


def _order(credit: Credit) -> Decimal:
    """The sort key of a credit: full credit first, exempt last."""
    return Decimal(2) if credit == "exempt" else Decimal(0) if credit == "progress" else -Decimal(credit)


def _same_details(rubric: Rubric, form: Form, details: Iterable[Detail]) -> list[Sentence]:
    """Explain a rule only once if several places share it."""
    said: list[Sentence] = []
    for detail in details:
        said.extend(one for one in _detail(rubric, form, detail) if one not in said)
    return said


def _detail(rubric: Rubric, form: Form, detail: Detail) -> Iterator[Sentence]:
    if detail.kind == "any":
        yield Sentence("rule.detail_any")
    else:
        base = rubric.progress if detail.base == "progress" else Decimal(0) if detail.base == "exempt" else detail.base
        of = str(detail.of)
        if base:
            yield Sentence("rule.detail_share_from", {"of": of, "base": _figure(base), "rest": _figure(1 - base)})
        else:
            yield Sentence("rule.detail_share", {"of": of})
    for address in detail.fields if detail.none else ():
        yield Sentence("rule.count_none", {"options": _option_names(form.node(address), detail.none)})


def _together(names: str) -> Iterator[Sentence]:
    if names:
        yield Sentence("rule.together", {"names": names})


def _asks_for_files(form: Form, question: Question) -> bool:
    """Tell whether the question has an evidence slot that is not optional."""
    return any(
        slot.rule != "optional"
        for address in addresses_of(question)
        for at in range(form.position[address], form.node(address).end)
        for slot in form.nodes[at].slots
    )


def _asks_for_blanks(form: Form, question: Question) -> bool:
    """Tell whether something must be filled in under an answer that earns points, or in an item."""
    spans = [range(form.position[one], form.node(one).end) for one in addresses_of(question)]
    return any(
        form.nodes[at].kind not in ("single", "multiple", "row")
        for (place, option), blanks in form.blanks.items()
        if option != "no" and any(place in span for span in spans)
        for at in blanks
    )


def _name(form: Form, address: str) -> str:
    """Return the printed code and label of a place."""
    code = nearest_code(form, address)
    at = form.position[address]
    while at >= 0 and not form.nodes[at].label:
        at = form.nodes[at].parent
    label = form.nodes[at].label if at >= 0 else ""
    return " ".join(part for part in (code, label) if part) or address


def _option_names(node: Node, options: Iterable[str]) -> str:
    """Return the labels of options, or of a table's columns, in printed order, each once."""
    wanted = set(options)
    return _quoted(dict.fromkeys(label for id, label in _answers(node) if id in wanted))


def _answers(node: Node) -> Iterator[tuple[str, str]]:
    """Yield id and label of every option, or of every column of a table."""
    yield from ((one.id, one.label) for one in node.field.options)
    yield from ((one.id, one.label) for one in node.field.columns)


def _row_names(form: Form, address: str, rows: Iterable[str]) -> str:
    wanted = set(rows)
    return _quoted(row.label for row in form.node(address).field.rows if row.id in wanted)


def _quoted(labels: Iterable[str]) -> str:
    return " / ".join(f"“{label}”" for label in labels)


def _figure(value: Decimal) -> str:
    return f"{value.normalize():f}"
