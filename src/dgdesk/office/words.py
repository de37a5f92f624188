"""Office PC, words: a finding as the sentence that a person reads, days in their calendar."""

from __future__ import annotations

from datetime import date

from dgdesk.system.check.facts import CheckResult
from dgdesk.text.dates import format_date
from dgdesk.text.messages import Catalogue


def sentence(finding: CheckResult, catalogue: Catalogue) -> str:
    """Return the sentence; days are Buddhist in Thai, ISO in English."""
    values = {name: _word(value, catalogue.language) for name, value in finding.values.items()}
    return catalogue.text(finding.code, **values)


def _word(value: object, language: str) -> object:
    if isinstance(value, date):
        return format_date(value) if language == "th" else value.isoformat()
    return value
