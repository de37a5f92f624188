"""Whatever was filled in, the print comes out, and no page is empty."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dgdesk.printing.survey.choices import VARIANTS, PrintChoices
from dgdesk.survey.rules.state import Facts
from printing.extracting import by_pdftotext
from printing.survey.support import bare, printed
from random_forms import facts
from scenario import real_rules

choices = st.builds(
    PrintChoices,
    variant=st.sampled_from(VARIANTS),
    thai_digits=st.booleans(),
    large=st.booleans(),
    notes=st.booleans(),
    skipped=st.sampled_from(["reasons", "leave-out"]),
    section=st.none(),
)


@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
@given(facts, choices)
def test_any_form_can_be_printed_in_any_way(some: Facts, way: PrintChoices) -> None:
    rules = real_rules()
    result = printed(rules, rules.evaluate(some, date(2026, 11, 20)), way)
    pages = by_pdftotext(result.data).removesuffix("\f").split("\f")
    assert len(pages) == result.pages
    assert all(len(bare(page)) > 40 for page in pages)
