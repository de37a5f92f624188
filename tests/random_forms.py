"""Random answers and evidence over the real form, for Hypothesis: a whole form drawn at once, then single changes."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.values import UnreadValue, Value
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form, Node
from dgdesk.survey.rules.state import Facts
from scenario import PROOF, UNMARKED, Scenario, best, real_rules

FORM: Form = real_rules().form
ANSWERED: tuple[Node, ...] = tuple(node for node in FORM.nodes if node.kind not in WITHOUT_ANSWER)
CHOICES: tuple[Node, ...] = tuple(node for node in ANSWERED if node.kind in ("single", "row", "multiple", "repeat"))
SLOTS: tuple[str, ...] = tuple(FORM.slots)
_PROOFS = ((PROOF,), (UNMARKED,), (replace(UNMARKED, whole=True),), (UNMARKED, replace(PROOF, sha256="cd" * 32)))

Files = tuple[Attachment, ...]


def values(node: Node) -> st.SearchStrategy[Value]:
    """Values that the place can hold, among them something typed that is none."""
    unread = st.builds(UnreadValue, st.text(max_size=5), st.just("value.unread"))
    return st.one_of(_good(node), _good(node), _good(node), unread)


def _good(node: Node) -> st.SearchStrategy[Value]:
    match node.kind:
        case "single" | "row":
            return st.sampled_from(node.options)
        case "multiple":
            exclusive = {option.id for option in node.field.options if option.exclusive}
            several = st.sets(st.sampled_from([one for one in node.options if one not in exclusive]), min_size=1)
            chosen = several.map(lambda ids: tuple(one for one in node.options if one in ids))
            return st.one_of(chosen, *(st.just((one,)) for one in sorted(exclusive)))
        case "repeat":
            return st.lists(st.sampled_from(node.options), min_size=1, unique=True).map(tuple)
        case "number" | "percent":
            return st.integers(0, 30).map(Decimal)
        case _:
            return st.just(best(node))


def _random_form(seed: int) -> dict[str, Value]:
    """Answer about two thirds of the form at random; the same seed gives the same answers."""
    chance = random.Random(seed)
    return {node.address: _pick(node, chance) for node in ANSWERED if chance.random() < 0.7}


def _pick(node: Node, chance: random.Random) -> Value:
    match node.kind:
        case "single" | "row":
            return chance.choice(node.options)
        case "multiple":
            plain = [option.id for option in node.field.options if not option.exclusive]
            some = set(chance.sample(plain, chance.randint(1, len(plain))))
            return tuple(one for one in node.options if one in some)
        case "repeat":
            return tuple(chance.sample(node.options, chance.randint(1, len(node.options))))
        case "number" | "percent":
            return Decimal(chance.randint(0, 12))
        case _:
            return best(node)


def _random_evidence(seed: int) -> dict[str, Files]:
    chance = random.Random(seed)
    return {slot: chance.choice(_PROOFS) for slot in SLOTS if chance.random() < 0.5}


_BEST = {node.address: best(node) for node in ANSWERED}
_PROVEN = {slot: (PROOF,) for slot in Scenario(real_rules()).fill().asked_slots()}
# Small seeds: Hypothesis shrinks to an empty form first.
_bases = st.one_of(st.just({}), st.integers(0, 10_000).map(_random_form), st.just(_BEST))
_proofs = st.one_of(st.just({}), st.integers(0, 10_000).map(_random_evidence), st.just(_PROVEN))

changes: st.SearchStrategy[tuple[str, Value | None]] = st.sampled_from(ANSWERED).flatmap(
    lambda node: st.tuples(st.just(node.address), st.one_of(st.none(), values(node)))
)
choices: st.SearchStrategy[tuple[str, Value | None]] = st.sampled_from(CHOICES).flatmap(
    lambda node: st.tuples(st.just(node.address), _good(node))
)
externals: st.SearchStrategy[Mapping[str, Decimal]] = st.dictionaries(
    st.sampled_from(["3.3", "4.2", "4.3"]), st.decimals(0, 6, places=2)
)


def changed(answers: Mapping[str, Value], several: list[tuple[str, Value | None]]) -> dict[str, Value]:
    """Return the answers with changes made; None takes one back."""
    merged: dict[str, Value | None] = {**answers, **dict(several)}
    return {address: value for address, value in merged.items() if value is not None}


answers_of_forms: st.SearchStrategy[dict[str, Value]] = st.builds(changed, _bases, st.lists(changes, max_size=8))
evidence_of_forms: st.SearchStrategy[dict[str, Files]] = st.builds(
    lambda base, more: {**base, **more}, _proofs, st.dictionaries(st.sampled_from(SLOTS), st.just((PROOF,)), max_size=5)
)
facts: st.SearchStrategy[Facts] = st.builds(Facts, answers_of_forms, evidence_of_forms, externals)
