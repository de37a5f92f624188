"""The whole form is on paper: every text of it, for four independent readers, whatever was answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dgdesk.printing.document import Printed
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.survey.definition.texts import texts_of
from dgdesk.survey.rules.state import Rules
from printing.extracting import READERS
from printing.survey.support import bare, printed, read
from scenario import Scenario


def missing(rules: Rules, text: str) -> list[str]:
    return [one for one in texts_of(rules.form.definition) if bare(one) not in text]


@pytest.mark.parametrize("reader", READERS)
def test_every_text_of_the_form_is_on_the_full_print(rules: Rules, reader: str, full: Printed) -> None:
    assert missing(rules, read(full.data, READERS[reader])) == []


@pytest.mark.parametrize("reader", READERS)
def test_every_text_of_the_form_is_on_the_form_to_fill_in_by_hand(rules: Rules, reader: str) -> None:
    assert missing(rules, read(printed(rules, None, PrintChoices(variant="blank")).data, READERS[reader])) == []


def test_skipped_parts_are_printed_too(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(general_province="TH-50", g1="no")
    assert not scenario.shows("g2")
    assert missing(rules, read(printed(rules, scenario.state).data)) == []


def test_large_print_holds_it_all(rules: Rules, filled: Scenario) -> None:
    assert missing(rules, read(printed(rules, filled.state, PrintChoices(large=True)).data)) == []


def test_without_notes_only_notes_are_missing(rules: Rules, filled: Scenario) -> None:
    text = read(printed(rules, filled.state, PrintChoices(notes=False)).data)
    gone = missing(rules, text)
    assert any(one.startswith("หมายเหตุ") for one in gone)
    labels = {item.label for item in rules.form.definition.fields()} | {
        option.label for item in rules.form.definition.fields() for option in item.options
    }
    assert not (labels - {""}) & set(gone)


def test_nothing_is_shown_by_a_frame(rules: Rules, full: Printed) -> None:
    assert dict(full.missing) == {}
    assert dict(printed(rules, None, replace(PrintChoices(), variant="blank")).missing) == {}
