"""What pages keep together and how full they are, within bounds, over five prints (`keeps` measures them)."""

from __future__ import annotations

import pytest

from dgdesk.survey.rules.state import Rules
from printing.keeps import FULL, PRINTS, Measured, measure
from printing.survey.support import printed
from scenario import rules

__all__ = ["rules"]

# Parts of the form that are not asked, on the print with next to no answers: their choices are long, and grey.
MOST_PARTED = {"nearly empty": 4}
# In large print one question has notes of more than a third of a page.
MOST_OFF = {"large": 1}
# Its pages end earlier where a choice would be parted otherwise; measured 0.848.
LEAST_MEAN = {"nearly empty": 0.84}


@pytest.mark.parametrize("name", PRINTS)
def test_pages_keep_together_what_belongs_together(rules: Rules, name: str) -> None:
    found = measured(rules, name)
    assert found.choices > 80, "the choices of the form were found in the print"
    assert found.unnamed == [], "no page begins within a question without its name"
    assert found.lone == []
    assert len(found.off_question) <= MOST_OFF.get(name, 0), found.off_question
    assert len(found.parted) <= MOST_PARTED.get(name, 0), found.parted
    assert min(found.fills.values()) >= FULL, found.thin
    assert found.mean >= LEAST_MEAN.get(name, 0.85)


def measured(rules: Rules, name: str) -> Measured:
    make, choices = PRINTS[name]
    state = make(rules)
    return measure(printed(rules, state, choices).data, rules, state)
