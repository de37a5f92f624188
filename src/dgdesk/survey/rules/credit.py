"""What one question of the rubric is worth, between 0 and 1: as claimed, or as proven by the evidence attached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from dgdesk.survey.answers.attachments import Evidence
from dgdesk.survey.answers.values import Answers, Value, has, items_of
from dgdesk.survey.definition.form import Form, Node, Slot
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
from dgdesk.survey.rules.worth import EXEMPT, FULL, LOST, OPEN, Exact, Worth, capped, mean

_NO_LIMITS: Mapping[str, Decimal] = {}


class AnswerReader(NamedTuple):
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

    def filled(self, position: int, option: str | None) -> bool:
        """Tell whether the compulsory blanks of an option, a cell or (``option`` None) an item are filled in.

        While they are not, the place earns nothing: its points are open, as those of a question without an answer.
        """
        for at in self.form.blanks.get((position, option), ()):  # this runs for every place: no generator
            if self.shown[at] and not valid(self.answers.get(self.form.nodes[at].address)):
                return False
        return True


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


def _chosen(
    address: str,
    credits: Mapping[str, Credit],
    detail: Detail | None,
    reader: AnswerReader,
    at_least: Mapping[str, Decimal] = _NO_LIMITS,
) -> Worth:
    """Return the worth of the option chosen at ``address`` (a single field or a matrix row)."""
    at = reader.form.position[address]
    node = reader.form.nodes[at]
    value = reader.value(address)
    if not isinstance(value, str):
        return _unanswered(node)
    credit = amount(credits.get(value), reader.progress)
    if credit == 0 or not all(reader.proven(slot) for slot in node.slots if slot.option == value):
        return LOST
    if at_least and _too_small(at, value, at_least, reader):
        return LOST
    complete = reader.filled(at, value)
    if credit is None:
        return EXEMPT if complete else OPEN
    found = Worth(credit) if credit != 1 else FULL if detail is None else _detail(detail, reader)
    return found if complete else _later(found)


def _unanswered(node: Node) -> Worth:
    """Return the worth of no answer: open, unless the answer is optional."""
    return OPEN if node.required else LOST


def _later(worth: Worth) -> Worth:
    """Return a worth that nothing has been earned of yet, because a blank is empty."""
    return Worth(open=worth.earned + worth.open)


def _too_small(at: int, option: str, at_least: Mapping[str, Decimal], reader: AnswerReader) -> bool:
    for blank in reader.form.blanks.get((at, option), ()):
        address = reader.form.nodes[blank].address
        number = reader.value(address)
        if address in at_least and isinstance(number, Decimal) and number < at_least[address]:
            return True
    return False


def _detail(detail: Detail, reader: AnswerReader) -> Worth:
    answered = [address for address in detail.fields if _answered(address, reader)]
    if not answered:
        return OPEN
    complete: list[str] = []
    begun: list[str] = []
    for address in answered:
        for option, is_complete in _entries(address, reader):
            if option not in detail.none:
                begun.append(option)
                if is_complete:
                    complete.append(option)
    earned = _share(detail, complete, reader)
    if len(begun) == len(complete):
        return FULL if earned == 1 else Worth(earned)
    return Worth(earned, _share(detail, begun, reader) - earned)


def _share(detail: Detail, options: Sequence[str], reader: AnswerReader) -> Exact:
    counted = _together(options, detail.together)
    if not counted:
        return 0
    if detail.kind == "any" or counted >= detail.of:
        return 1
    base = amount(detail.base, reader.progress) or 0
    return base + (1 - base) * Fraction(counted, detail.of)


def _answered(address: str, reader: AnswerReader) -> bool:
    node = reader.form.node(address)
    return reader.shown[reader.form.position[address]] and (node.kind == "repeat" or valid(reader.value(address)))


def _together(options: Sequence[str], together: tuple[str, ...]) -> int:
    return len([one for one in options if one not in together]) + any(one in together for one in options)


def _entries(address: str, reader: AnswerReader) -> Iterator[tuple[str, bool]]:
    """Yield the chosen options (or items in use) that are proven, and whether their blanks are filled in.

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
                yield option, reader.filled(at, option)
        else:
            is_proven, is_complete = _below(at, option, reader)
            if is_proven or not reader.prove:
                yield option, is_complete


def _below(at: int, option: str, reader: AnswerReader) -> tuple[bool, bool]:
    """Tell whether an option is proven by what is below it, and whether its blanks, and those below, are filled in."""
    form = reader.form
    items, places = form.below.get((at, option), ((), ()))
    filled = reader.filled(at, option) and all([reader.filled(item, None) for item in items])
    if not places:
        return True, filled
    proven = [slot for slot in places if _is_chosen(slot, reader) and reader.proven(slot)]
    return bool(proven), filled and any(reader.filled(slot.node, slot.option) for slot in proven)


def _is_chosen(slot: Slot, reader: AnswerReader) -> bool:
    if slot.option is None:
        return reader.shown[slot.node]
    return has(reader.value(reader.form.nodes[slot.node].address), slot.option)


def _matrix(question: Matrix, reader: AnswerReader) -> Worth:
    cells = []
    for child in reader.form.children(reader.form.position[question.field]):
        node = reader.form.nodes[child]
        row = node.row.id if node.row else ""
        cell = _chosen(node.address, question.credit, question.details.get(row), reader, question.at_least)
        needed = question.needs.get(node.group or "")
        if needed is not None and (cell.earned or cell.open):
            condition = reader.value(f"{question.field}:{row}:{needed}")
            if condition is None:
                cell = OPEN
            elif condition != "yes":
                cell = LOST
        cells.append(cell)
    return mean(cells)


def _count_rows(question: CountRows, reader: AnswerReader) -> Worth:
    complete: list[str] = []
    begun: list[str] = []
    unanswered = 0
    for child in reader.form.children(reader.form.position[question.field]):
        node = reader.form.nodes[child]
        value = reader.value(node.address)
        row = node.row.id if node.row else ""
        if value is None:
            unanswered += node.required
        elif value == "yes" and all(reader.proven(slot) for slot in node.slots if slot.option == "yes"):
            begun.append(row)
            if reader.filled(child, "yes"):
                complete.append(row)
    earned = capped(Fraction(_together(complete, question.together), question.of))
    most = capped(Fraction(_together(begun, question.together) + unanswered, question.of))
    return Worth(earned, most - earned)


def _count(question: Count, reader: AnswerReader) -> Worth:
    if reader.value(question.field) is None:
        return _unanswered(reader.form.node(question.field))
    entries = [(option, done) for option, done in _entries(question.field, reader) if option not in question.none]
    complete = [option for option, done in entries if done]
    earned = capped(Fraction(_together(complete, question.together), question.of))
    most = capped(Fraction(_together([option for option, _ in entries], question.together), question.of))
    return Worth(earned, most - earned)


def _ratio(question: Ratio, reader: AnswerReader) -> Worth:
    if reader.value(question.whole_field) is None:
        return LOST if question.at_zero == "zero" and _earns_nothing(question, reader) else OPEN
    whole = reader.value(question.whole)
    if reader.value(question.whole_field) == "known" and not valid(whole):
        return LOST if question.at_zero == "zero" and _earns_nothing(question, reader) else OPEN
    if whole == 0:
        return EXEMPT if question.at_zero == "drop" else LOST
    if not isinstance(whole, Decimal) or _earns_nothing(question, reader):
        return LOST
    part = reader.value(question.part)
    return Worth(capped(Fraction(part) / Fraction(whole))) if isinstance(part, Decimal) else OPEN


def _earns_nothing(question: Ratio, reader: AnswerReader) -> bool:
    """Tell whether the part is 0 or said to be unknown."""
    answer = reader.value(question.field)
    return answer is not None and (answer != "known" or reader.value(question.part) == 0)


def may_earn(question: Question, reader: AnswerReader) -> bool:
    """Tell whether a question that is open can earn something.

    A ratio whose part is 0 or unknown cannot; it is open only because its total may be 0, which takes it out.
    """
    return not isinstance(question, Ratio) or not _earns_nothing(question, reader)


def _channel(question: Channel, reader: AnswerReader) -> Worth:
    value = reader.value(question.field)
    if not isinstance(value, str):
        return _unanswered(reader.form.node(question.field))
    if value not in question.urls:
        return LOST  # the answer that there is no such channel
    found = FULL
    if value == question.half and not has(reader.value(question.unless[0]), question.unless[1]):
        half = Fraction(1, 2)
        found = Worth(half, half if reader.value(question.unless[0]) is None else 0)
    return found if valid(reader.value(question.urls[value])) else _later(found)


def _best(question: Best, reader: AnswerReader) -> Worth:
    at = reader.form.position[question.field]
    value = reader.value(question.field)
    if value is None:
        return _unanswered(reader.form.nodes[at])
    parts = []
    for option, address in question.status.items():
        if has(value, option):
            found = _chosen(address, question.credit, question.details.get(option), reader)
            parts.append(found if reader.filled(at, option) else _later(found))
    best = max((part.earned for part in parts), default=0)
    return Worth(best, max((part.earned + part.open for part in parts), default=0) - best)
