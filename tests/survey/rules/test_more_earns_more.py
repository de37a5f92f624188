"""More of what is asked never earns less; and the upper end of the range only falls, by what an answer gives up.

"More" is: unanswered, no, in progress, yes; a file unmarked, marked; a blank empty, filled in; one option, item or
channel more. A higher answer is compared with what it asks for (its blanks, one of its options, its evidence), since
the points of a bare "yes" wait for these. Not in this order, and why:

- totals (P4.1, P4.2): of the same digital services, a larger total is a smaller share;
- exempt answers: they are not counted, so they are neither more nor less than another answer;
- "unknown": it is no answer to what is asked, and earns nothing;
- a first answer with a printed skip: it leaves out questions that were answered before it;
- for the upper end, optional questions: they do not keep it up while they are unanswered, so an answer may raise it.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.values import UnreadValue, Value, items_of
from dgdesk.survey.definition.form import Node, option_of
from dgdesk.survey.rules.problems import asks_for_evidence, valid
from dgdesk.survey.rules.relevance import relevance
from dgdesk.survey.rules.report import gains
from dgdesk.survey.rules.score import Score
from dgdesk.survey.rules.state import Facts, State
from random_forms import ANSWERED, SLOTS, UNMARKED, facts, values
from scenario import PROOF, TODAY, best, real_rules

RULES = real_rules()
FORM = RULES.form
ORDER = ("no", "doing", "yes")
TOTALS = frozenset({"p4.1", "p4.1.count", "p4.2", "p4.2.count"})
RANKED = tuple(node for node in ANSWERED if node.kind in ("single", "row") and set(node.options) & {"doing", "yes"})
SEVERAL = tuple(node for node in ANSWERED if node.kind in ("multiple", "repeat"))
BLANKS = tuple(
    node for node in ANSWERED if node.kind not in ("single", "row", "multiple", "repeat") and node.address not in TOTALS
)
REQUIRED = tuple(node for node in ANSWERED if node.required and node.kind != "repeat")

Answers = dict[str, Value]


def evaluate(facts: Facts) -> State:
    return RULES.evaluate(facts, TODAY)


def with_answer(facts: Facts, address: str, value: Value) -> Facts:
    return Facts({**facts.answers, address: value}, facts.evidence, facts.external)


def never_less(before: State, after: State) -> None:
    """Neither what is earned nor what is claimed has fallen: in all, by pillar, and without work in progress."""
    for one, other in ((before.score.total, after.score.total), (before.score.cautious, after.score.cautious)):
        assert other.earned >= one.earned
        assert other.claimed >= one.claimed
    for pillar, points in before.score.pillars.items():
        assert after.score.pillars[pillar].earned >= points.earned
        assert after.score.pillars[pillar].claimed >= points.claimed


def high(score: Score) -> Fraction:
    return Fraction(score.total.high)


def answered_with_all_it_asks(facts: Facts, node: Node, option: str) -> Facts:
    """Choose an option, and give what it asks for: its blanks, at least one of its options, its evidence."""
    answers: Answers = {**facts.answers, node.address: option}
    span = range(FORM.position[node.address], node.end)
    for at in span[1:]:
        inner = FORM.nodes[at]
        if inner in ANSWERED and inner.required and not valid(answers.get(inner.address)):
            value = best(inner)
            answers[inner.address] = value[:1] if isinstance(value, tuple) else value
    shown = relevance(FORM, answers)
    asked = [slot for at in span for slot in FORM.nodes[at].slots if asks_for_evidence(FORM, answers, shown, slot)]
    return Facts(answers, {**facts.evidence, **{slot.id: (PROOF,) for slot in asked}}, facts.external)


@given(facts, st.sampled_from(RANKED), st.data())
def test_a_higher_answer_with_what_it_asks_never_earns_less(facts: Facts, node: Node, data: st.DataObject) -> None:
    now = facts.answers.get(node.address)
    assume(now != "exempt")
    ranks = [one for one in ORDER if one in node.options]
    higher = ranks[ranks.index(str(now)) + 1 :] if now in ranks else ranks
    assume(higher)
    option = data.draw(st.sampled_from(higher))
    chosen = option_of(node, option) if node.kind == "single" else None
    assume(now in ranks or chosen is None or chosen.skip is None)
    before = evaluate(facts)
    after = evaluate(answered_with_all_it_asks(facts, node, option))
    never_less(before, after)
    if now in ranks:
        assert high(after.score) >= high(before.score)


@given(facts, st.sampled_from(SLOTS), st.booleans())
def test_a_file_and_its_mark_never_earn_less(facts: Facts, slot: str, begun: bool) -> None:
    files: tuple[Attachment, ...] = (UNMARKED,) if begun else ()
    before = evaluate(Facts(facts.answers, {**facts.evidence, slot: files}, facts.external))
    after = evaluate(Facts(facts.answers, {**facts.evidence, slot: (PROOF,)}, facts.external))
    never_less(before, after)
    assert after.score.total.claimed == before.score.total.claimed
    assert after.score.total.high == before.score.total.high


@given(facts, st.sampled_from(BLANKS))
def test_a_blank_that_is_filled_in_never_earns_less(facts: Facts, node: Node) -> None:
    assume(not valid(facts.answers.get(node.address)))
    before = evaluate(facts)
    after = evaluate(with_answer(facts, node.address, best(node)))
    never_less(before, after)
    assert high(after.score) <= high(before.score)


@given(facts, st.sampled_from(SEVERAL), st.data())
def test_one_option_or_item_more_never_earns_less(facts: Facts, node: Node, data: st.DataObject) -> None:
    exclusive = {one.id for one in node.field.options if one.exclusive}
    now = facts.answers.get(node.address)
    chosen = items_of(node, now) if node.kind == "repeat" else now if isinstance(now, tuple) else ()
    left = [one for one in node.options if one not in chosen and one not in exclusive]
    assume(left)
    more = {*chosen, data.draw(st.sampled_from(left))} - exclusive
    before = evaluate(facts)
    after = evaluate(with_answer(facts, node.address, tuple(one for one in node.options if one in more)))
    never_less(before, after)
    if chosen and valid(now):
        assert high(after.score) >= high(before.score)


@given(facts, st.sampled_from(REQUIRED), st.data())
def test_an_answer_never_raises_the_upper_end(facts: Facts, node: Node, data: st.DataObject) -> None:
    assume(not valid(facts.answers.get(node.address)))
    value = data.draw(values(node))
    after = evaluate(with_answer(facts, node.address, value))
    assert high(after.score) <= high(evaluate(facts).score)


@given(facts, st.sampled_from(RANKED))
def test_a_bare_yes_gives_nothing_up(facts: Facts, node: Node) -> None:
    """The upper end stays; but P3.1 (2) earns nothing where (1) is "no", whatever its answer."""
    inside = {FORM.nodes[at].address for at in range(FORM.position[node.address], node.end)}
    answers = {address: value for address, value in facts.answers.items() if address not in inside}
    bare = Facts(answers, facts.evidence, facts.external)
    after = evaluate(with_answer(bare, node.address, "yes"))
    assert high(after.score) >= high(evaluate(bare).score)


@given(facts)
def test_low_claimed_high_are_in_this_order(facts: Facts) -> None:
    score = evaluate(facts).score
    for points in (score.total, *score.pillars.values()):
        assert 0 <= points.low <= points.claimed <= points.high <= points.weight
        assert points.high == points.earned + points.waiting + points.open + points.external


@given(facts)
def test_what_is_promised_for_an_answer_is_what_it_adds_to_the_claim(facts: Facts) -> None:
    """Answering all that is open in the best way, beside what is answered, claims exactly what was open.

    Kept answers of parts that are not asked now are left out: they would come back with their part, as they were.
    """
    answers = _asked_only(facts)
    before = evaluate(Facts(answers, facts.evidence, facts.external))
    promised = [gain for gain in gains(RULES, before) if gain.kind == "answer"]
    for _ in range(6):  # answers show further questions
        shown = relevance(FORM, answers)
        for at, node in enumerate(FORM.nodes):
            if node in ANSWERED and node.required and shown[at] and not valid(answers.get(node.address)):
                answers[node.address] = _fitting(node, answers)
    after = evaluate(Facts(answers, facts.evidence, facts.external))
    added = after.score.total.claimed - before.score.total.claimed
    assert sum((Fraction(gain.points) for gain in promised), Fraction(0)) == added


def _asked_only(facts: Facts) -> Answers:
    shown = relevance(FORM, facts.answers)
    return {address: value for address, value in facts.answers.items() if shown[FORM.position[address]]}


def _fitting(node: Node, answers: Answers) -> Value:
    """Return the best answer beside the others: as many digital services as services."""
    pairs = {"p4.1": "p4.1.1", "p4.2": "p4.2.1"}
    for total, part in (*pairs.items(), *((value, key) for key, value in pairs.items())):
        if node.address == f"{total}.count":
            number = answers.get(f"{part}.count")
            return number if isinstance(number, Decimal) and number > 0 else Decimal(10)
    return best(node)


def test_something_typed_that_is_no_answer_counts_as_none() -> None:
    facts = Facts({"p1.4": "yes", "p2.1.1.1": "yes", "p2.1.1.2": UnreadValue("ไม่มีลิงก์", "url.bad")})
    score = evaluate(facts).score
    assert score.total.claimed == Fraction(3, 4)
    assert score.total.high == 100
