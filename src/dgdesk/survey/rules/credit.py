"""What one question of the rubric is worth, between 0 and 1: as claimed, or as proven by the evidence attached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dgdesk.survey.answers.attachments import Evidence
from dgdesk.survey.answers.values import Answers, Value, has, items_of
from dgdesk.survey.definition.form import Form, Slot
from dgdesk.survey.rules.problems import satisfied, valid
from dgdesk.survey.rules.relevance import Shown, why_hidden
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
    amount,
)

# Exact numbers: whole numbers stay int, which adds much faster than Fraction.
Exact = Fraction | int


def capped(value: Exact) -> Exact:
    """Return the value, at most 1."""
    return value if value < 1 else 1


@dataclass(frozen=True, slots=True)
class Worth:
    """What a question has earned and what is still open, together at most 1.

    ``open`` is not answered yet; ``external`` is given by the agency and not known yet. ``exempt``: the question is not
    counted, and its weight goes to its siblings.
    """

    earned: Exact = 0
    open: Exact = 0
    external: Exact = 0
    exempt: bool = False


OPEN = Worth(open=1)
LOST = Worth()
EXEMPT = Worth(exempt=True)
FULL = Worth(1)


@dataclass(frozen=True, slots=True)
class AnswerReader:
    """What a rule sees of the form. ``prove``: evidence is needed (defensible); else the choice is enough (claimed).

    ``external`` are the points of external parts as a share of 1, by indicator.
    """

    form: Form
    answers: Answers
    evidence: Evidence
    shown: Shown
    progress: Exact
    prove: bool
    external: Mapping[str, Exact]

    def value(self, address: str) -> Value | None:
        """Return the answer at an address that is shown; None if there is none, or if it could not be read."""
        value = self.answers.get(address)
        return value if valid(value) and self.shown[self.form.position[address]] else None

    def proven(self, slot: Slot) -> bool:
        """Tell whether an evidence slot has what it needs."""
        return not self.prove or slot.rule == "optional" or satisfied(self.form, slot, self.answers, self.evidence)


def worth(question: Question, indicator: str, reader: AnswerReader) -> Worth:
    """Return what a question is worth now."""
    if isinstance(question, External):
        return _external(question, indicator, reader)
    position = reader.form.position[question.field]
    if not reader.shown[position]:
        return OPEN if _undecided(position, reader) else LOST
    match question:
        case Choice():
            return _choice(question, reader)
        case Matrix():
            return _matrix(question, reader)
        case CountRows():
            return _count_rows(question, reader)
        case Count():
            return _count(question, reader)
        case Ratio():
            return _ratio(question, reader)
        case Channel():
            return _channel(question, reader)
        case Best():
            return _best(question, reader)


def _undecided(position: int, reader: AnswerReader) -> bool:
    """Tell whether the question may still be shown later: only a missing answer hides it."""
    hidden = why_hidden(reader.form, reader.answers, reader.shown, position)
    return hidden is not None and hidden.how == "condition" and not valid(reader.answers.get(hidden.cause))


def _external(question: External, indicator: str, reader: AnswerReader) -> Worth:
    if question.zero_when is not None and has(reader.value(question.zero_when[0]), question.zero_when[1]):
        return LOST
    known = reader.external.get(indicator)
    return Worth(external=1) if known is None else Worth(known)


def _choice(question: Choice, reader: AnswerReader) -> Worth:
    return _chosen(question.field, question.credit, question.detail, reader)


def _chosen(address: str, credits: Mapping[str, Credit], detail: Detail | None, reader: AnswerReader) -> Worth:
    """Return the worth of the option chosen at ``address`` (a single field or a matrix row)."""
    value = reader.value(address)
    if not isinstance(value, str):
        return OPEN
    credit = amount(credits.get(value), reader.progress)
    node = reader.form.node(address)
    if not all(reader.proven(slot) for slot in node.slots if slot.option == value):
        return LOST
    if credit is None:
        return EXEMPT
    if detail is None or credit != 1:
        return FULL if credit == 1 else Worth(credit)
    return _detail(detail, reader)


def _detail(detail: Detail, reader: AnswerReader) -> Worth:
    answered = [address for address in detail.fields if _answered(address, reader)]
    if not answered:
        return OPEN
    options = [
        option
        for address in answered
        for option in _proven_options(address, reader)
        if not detail.filled or _filled(address, option, reader)
    ]
    proven = _together(options, detail.together)
    if not proven:
        return LOST
    if detail.kind == "any":
        return FULL
    if proven >= detail.of:
        return FULL
    base = amount(detail.base, reader.progress) or 0
    return Worth(base + (1 - base) * Fraction(proven, detail.of))


def _answered(address: str, reader: AnswerReader) -> bool:
    node = reader.form.node(address)
    return reader.shown[reader.form.position[address]] and (node.kind == "repeat" or valid(reader.value(address)))


def _filled(address: str, option: str, reader: AnswerReader) -> bool:
    form = reader.form
    at = form.position[address]
    below = (form.nodes[child] for child in form.children(at))
    return any(valid(reader.value(node.address)) for node in below if node.gate == option)


def _together(options: list[str], together: tuple[str, ...]) -> int:
    return len([one for one in options if one not in together]) + any(one in together for one in options)


def _proven_options(address: str, reader: AnswerReader) -> Iterator[str]:
    """Yield the chosen options (or items in use) that are proven.

    An option without an evidence slot is proven by any slot below it; without any slot it needs no proof.
    """
    form = reader.form
    at = form.position[address]
    node = form.nodes[at]
    value = reader.value(address)
    if node.kind == "repeat":
        value = items_of(node, value)
    own = {slot.option: slot for slot in node.slots}
    for option in node.options:
        if not has(value, option):
            continue
        if option in own:
            if reader.proven(own[option]):
                yield option
        elif not reader.prove or _proven_below(form, at, option, reader):
            yield option


def _proven_below(form: Form, at: int, option: str, reader: AnswerReader) -> bool:
    places = [
        slot
        for child in form.children(at)
        if form.nodes[child].gate == option
        for inner in range(child, form.nodes[child].end)
        for slot in form.nodes[inner].slots
    ]
    return not places or any(
        reader.shown[slot.node]
        and (slot.option is None or has(reader.value(form.nodes[slot.node].address), slot.option))
        and reader.proven(slot)
        for slot in places
    )


def _matrix(question: Matrix, reader: AnswerReader) -> Worth:
    cells = []
    for child in reader.form.children(reader.form.position[question.field]):
        node = reader.form.nodes[child]
        cell = _chosen(node.address, question.credit, question.details.get(node.row.id if node.row else ""), reader)
        needed = question.needs.get(node.group or "")
        if needed is not None and cell.earned:
            condition = reader.value(f"{question.field}:{node.row.id if node.row else ''}:{needed}")
            if condition is None:
                cell = OPEN
            elif condition != "yes":
                cell = LOST
        cells.append(cell)
    return mean(cells)


def mean(parts: Sequence[Worth]) -> Worth:
    """Return the mean of the parts that are not exempt; exempt if all are."""
    counted = [part for part in parts if not part.exempt]
    count = len(counted)
    if not count:
        return EXEMPT
    return Worth(
        Fraction(sum([part.earned for part in counted]), count),
        Fraction(sum([part.open for part in counted]), count),
        Fraction(sum([part.external for part in counted]), count),
    )


def _count_rows(question: CountRows, reader: AnswerReader) -> Worth:
    yes: list[str] = []
    unanswered = 0
    for child in reader.form.children(reader.form.position[question.field]):
        node = reader.form.nodes[child]
        value = reader.value(node.address)
        row = node.row.id if node.row else ""
        if value is None:
            unanswered += node.required
        elif value == "yes" and all(reader.proven(slot) for slot in node.slots if slot.option == "yes"):
            yes.append(row)
    earned = capped(Fraction(_together(yes, question.together), question.of))
    open_ = Fraction(unanswered, question.of)
    return Worth(earned, open_ if open_ < 1 - earned else 1 - earned)


def _count(question: Count, reader: AnswerReader) -> Worth:
    if reader.value(question.field) is None:
        return OPEN
    options = [option for option in _proven_options(question.field, reader) if option not in question.none]
    return Worth(capped(Fraction(_together(options, question.together), question.of)))


def _ratio(question: Ratio, reader: AnswerReader) -> Worth:
    if reader.value(question.whole_field) is None or reader.value(question.field) is None:
        return OPEN
    if reader.value(question.whole_field) == "known" and not valid(reader.value(question.whole)):
        return OPEN
    if reader.value(question.field) == "known" and not valid(reader.value(question.part)):
        return OPEN
    whole, part = reader.value(question.whole), reader.value(question.part)
    if whole == 0:
        return EXEMPT if question.at_zero == "drop" else LOST
    if not isinstance(whole, Decimal) or not isinstance(part, Decimal):
        return LOST
    return Worth(capped(Fraction(part) / Fraction(whole)))


def _channel(question: Channel, reader: AnswerReader) -> Worth:
    value = reader.value(question.field)
    if isinstance(value, str) and value not in question.urls:
        return LOST  # the answer that there is no such channel
    if not isinstance(value, str) or not valid(reader.value(question.urls[value])):
        return OPEN
    if value != question.half or has(reader.value(question.unless[0]), question.unless[1]):
        return FULL
    half = Fraction(1, 2)
    return Worth(half, half if reader.value(question.unless[0]) is None else 0)


def _best(question: Best, reader: AnswerReader) -> Worth:
    value = reader.value(question.field)
    if value is None:
        return OPEN
    parts = [
        _chosen(address, question.credit, question.details.get(option), reader)
        for option, address in question.status.items()
        if has(value, option)
    ]
    best = max((part.earned for part in parts), default=0)
    return Worth(best, max((part.earned + part.open for part in parts), default=0) - best)
