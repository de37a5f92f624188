"""The story helpers, as fixtures of this folder, and the full print of the best form, made once."""

from __future__ import annotations

import pytest

from dgdesk.printing.document import Printed
from dgdesk.survey.rules.state import Rules
from printing.survey.support import printed
from scenario import Scenario, filled, form, rules, scenario

__all__ = ["filled", "form", "full", "rules", "scenario"]


@pytest.fixture(scope="session")
def full(rules: Rules) -> Printed:
    """The full print of the form with everything answered and proven."""
    return printed(rules, Scenario(rules).fill().prove().state)
