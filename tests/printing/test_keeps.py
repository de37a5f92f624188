"""What pages keep together and how full they are, within bounds, over five prints (`keeps` measures them)."""

from __future__ import annotations

import pytest

from dgdesk.survey.rules.state import Rules
from printing.keeps import FULL, PRINTS, Measured, measure
from printing.survey.support import printed
from scenario import rules

__all__ = ["rules"]

# With next to no answers all choices are closed, and some take a whole page: one of half a page is parted for them.
MOST_PARTED = {"nearly empty": 1}


@pytest.mark.parametrize("name", PRINTS)
def test_pages_keep_together_what_belongs_together(rules: Rules, name: str) -> None:
    found = measured(rules, name)
    assert found.choices > 80, "the choices of the form were found in the print"
    assert found.unnamed == [], "no page begins within a question without its name"
    assert found.lone == []
    assert found.off_question == [], "head, notes and first option stand together"
    assert len(found.parted) <= MOST_PARTED.get(name, 0), found.parted
    assert min(found.fills.values()) >= FULL, found.thin
    assert found.mean >= 0.85


def measured(rules: Rules, name: str) -> Measured:
    make, choices = PRINTS[name]
    state = make(rules)
    return measure(printed(rules, state, choices).data, rules, state)
