"""Where pages end: no heading stands alone at the foot, no page is nearly empty in the middle of a section."""

from __future__ import annotations

from datetime import date

import pytest

from dgdesk.printing.blocks import Block, Placed, stack
from dgdesk.printing.document import SheetSize
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.pagination import FULL, pages
from dgdesk.printing.survey import document
from dgdesk.printing.survey.choices import PrintChoices, Variant
from dgdesk.printing.ties import Tie, tie_of
from dgdesk.survey.rules.state import Facts, Rules
from dgdesk.text.breaks import thai_breaker
from printing.survey.support import catalogue, source
from random_forms import _random_evidence, _random_form
from scenario import Scenario

SHEET = SheetSize()
# of a page; the bound that always holds is what `FULL` leaves of one
HIGH = 1 - FULL


def foot(placed: Placed) -> float:
    """How far down a block reaches."""
    return placed.down + placed.block.height(SHEET.inner_width)


def held_together(blocks: list[Block]) -> dict[int, float]:
    """The height of what each block is a part of: a question with notes and first option, or a whole closed choice."""
    found: dict[int, float] = {}
    run: list[Block] = []
    for block in blocks:
        run.append(block)
        if tie_of(block) < Tie.CHOICE:
            found |= dict.fromkeys(map(id, run), stack(run, SHEET.inner_width).height)
            run = []
    return found


def ends(rules: Rules, scenario: Scenario | None, facts: Facts, choices: PrintChoices) -> None:
    state = scenario.state if scenario is not None else rules.evaluate(facts, date(2026, 11, 20))
    context = document._context(source(rules, state), choices, catalogue(), LineBreaker(Fonts(), thai_breaker()))
    blocks = list(document._blocks(context, {}))
    laid = pages(blocks, SHEET.inner_width, SHEET.inner_height)
    held = held_together(blocks)
    for number, placed in enumerate(laid[:-1], start=1):
        last = placed[-1]
        tie = tie_of(last.block)
        assert tie is not Tie.ALWAYS, f"page {number} ends with what belongs to the next one"
        if tie >= Tie.CHOICE and id(last.block) in held:
            assert held[id(last.block)] > HIGH * SHEET.inner_height, f"page {number} parts a choice that is not high"
        if tie is Tie.WHOLE:
            better = [one for one in placed if tie_of(one.block) < Tie.WHOLE and foot(one) >= FULL * SHEET.inner_height]
            assert not better, f"page {number} parts what belongs together"
        assert foot(last) <= SHEET.inner_height + 0.01, f"page {number} runs over"


@pytest.mark.parametrize("variant", ["final", "blank", "answers", "compact", "problems"])
def test_the_best_form_ends_its_pages_well(rules: Rules, filled: Scenario, variant: Variant) -> None:
    ends(rules, filled, Facts(), PrintChoices(variant=variant))


@pytest.mark.parametrize("seed", range(12))
def test_random_forms_end_their_pages_well(rules: Rules, seed: int) -> None:
    facts = Facts(_random_form(seed), _random_evidence(seed))
    ends(rules, None, facts, PrintChoices(large=seed % 2 == 1, skipped="leave-out" if seed % 3 == 0 else "reasons"))
