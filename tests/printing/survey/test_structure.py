"""Whoever listens to a print hears all of it, in the order of the form: PDF/UA-1 and PDF/A-2a in every variant."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from dgdesk.printing.document import Printed
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.survey.rules.state import Facts, Rules
from printing.conforming import findings
from printing.keeps import nearly_empty, stress
from printing.survey.expected import Expected, said
from printing.survey.support import bare, printed
from printing.tree import TaggedFile, read_tree
from random_forms import facts
from scenario import Scenario, real_rules

CHOICES = {
    "final": PrintChoices(),
    "large": PrintChoices(large=True),
    "blank": PrintChoices("blank"),
    "large blank": PrintChoices("blank", large=True),
    "draft": PrintChoices("draft", thai_digits=True, initials=True, duplex=True),
    "answers": PrintChoices("answers"),
    "compact": PrintChoices("compact"),
    "problems": PrintChoices("problems"),
    "section": PrintChoices(section="p4", notes=False),
    "asked only": PrintChoices(skipped="leave-out"),
}


@pytest.mark.parametrize("name", CHOICES)
def test_every_variant_keeps_all_rules(rules: Rules, name: str) -> None:
    data = printed(rules, half_filled(rules).state, CHOICES[name]).data
    assert findings(data) == []
    read = read_tree(data)
    assert read.faults == []
    assert levels_follow(read)


def test_a_survey_with_hundreds_of_files_keeps_all_rules(rules: Rules) -> None:
    data = printed(rules, stress(rules)).data
    assert findings(data) == []
    assert read_tree(data).faults == []


def test_a_draft_with_hardly_an_answer_keeps_all_rules(rules: Rules) -> None:
    data = printed(rules, nearly_empty(rules)).data
    assert findings(data) == []
    assert read_tree(data).faults == []


# To print takes a second, so no shorter example is looked for when one fails.
@settings(max_examples=4, suppress_health_check=list(HealthCheck), deadline=None, phases=[Phase.generate])
@given(facts)
def test_every_question_option_and_cell_of_any_filling_is_heard_in_order(some: Facts) -> None:
    rules = real_rules()
    state = rules.evaluate(some, date(2026, 11, 20))
    read = read_tree(printed(rules, state).data)
    assert read.faults == []
    wanted = Expected(rules.form, state)
    heard = list(said(read.root))
    every = list(wanted.everything())
    assert len(heard) == len(every)
    for own, one in zip(heard, every, strict=True):
        assert own.words.startswith(one.words) and own.chosen == one.chosen, (own, one)
    text = bare(read.root.text)
    at = 0
    for question in wanted.questions():
        at = text.index(question, at)
    assert [one for one in wanted.typed() if one not in text] == []


def test_what_is_read_is_what_is_printed_in_the_same_order(full: Printed) -> None:
    """Only the cells of a row that is parted by the end of a page are read before the rest of that page."""
    read = read_tree(full.data)
    drawn = [key for page in read.marks for key in page]
    assert sorted(read.order) == drawn
    back = sum(a > b for a, b in pairwise(read.order))
    assert back <= sum(len(row.pages) > 1 for row in read.root.all("TR"))
    assert all("หน้า" in artifact for artifact in read.artifacts)


def test_the_head_of_a_table_is_read_once(full: Printed) -> None:
    tables = list(read_tree(full.data).root.all("Table"))
    assert any(len(table.pages) > 2 for table in tables)
    for table in tables:
        heads = [row.text for row in table.own("TR") if all(cell.role == "TH" for cell in row.own("TH", "TD"))]
        assert len(heads) == len(set(heads)), heads
        assert len({sum(cell.span for cell in row.own("TH", "TD")) for row in table.own("TR")}) == 1


def test_the_contents_are_contents(full: Printed, rules: Rules) -> None:
    (contents,) = read_tree(full.data).root.all("TOC")
    lines = [one.text for one in contents.own("TOCI")]
    sections = [one.title for one in rules.form.definition.sections]
    assert len(lines) > len(sections)
    for line, title in zip(lines, sections, strict=False):
        assert bare(line).startswith(bare(title)) and line.strip()[-1].isdecimal() and "." * 3 not in line
    link = next(contents.all("Link"))
    assert link.clicks == [f"ไปที่หน้า {lines[0].split()[-1]}: {' '.join(link.text.split())}"]


def test_links_are_told_in_words(rules: Rules) -> None:
    scenario = Scenario(rules).answer("general.email", "saraban@nan.go.th")
    told = [one for link in read_tree(printed(rules, scenario.state).data).root.all("Link") for one in link.clicks]
    assert "เขียนอีเมลถึง saraban@nan.go.th" in told
    assert any(one.startswith("เปิดเว็บไซต์ https://") for one in told)
    assert not any("field-" in one or "section-" in one for one in told)


def test_a_skipped_part_stands_below_its_reason(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(general_province="TH-50", g1="no")
    assert not scenario.shows("g2")
    root = read_tree(printed(rules, scenario.state).data).root
    question = bare(rules.form.node("g2").field.label)
    sections = [one for one in root.all("Sect") if question in bare(one.text)]
    around = [one for one in sections if isinstance(one.kids[0], type(root)) and one.kids[0].role == "P"]
    assert len(around) == 1, "the reason begins a section of its own, which holds the question"
    assert "G1" in around[0].kids[0].text
    asked = bare(rules.form.node("p1.1").field.label)
    assert asked not in bare(around[0].text), "it ends where a question is asked again"


def test_what_was_not_filled_in_is_heard_as_empty(rules: Rules) -> None:
    state = Scenario(rules).answers(general_province="TH-22", g1="yes").state
    assert "ไม่ได้กรอก" in read_tree(printed(rules, state).data).root.heard


def test_spaces_to_write_in_and_to_tick_are_heard(rules: Rules) -> None:
    root = read_tree(printed(rules, None, PrintChoices("blank")).data).root
    assert {one.said for one in root.all("Lbl")} == {"ช่องให้เลือก"}
    assert {one.said for one in root.all("Form")} == {"ช่องว่างให้กรอก"}
    assert "จังหวัด ช่องว่างให้กรอก" in " ".join(root.heard.split())


def test_the_compact_copy_says_that_an_option_is_chosen(rules: Rules) -> None:
    root = read_tree(printed(rules, half_filled(rules).state, PrintChoices("compact")).data).root
    marks = [one for one in root.all("Span") if one.text.strip() in ("◉", "☑")]
    assert marks and {one.said for one in marks} == {"เลือก"}


def test_english_is_marked(full: Printed) -> None:
    english = read_tree(full.data).english
    assert any("Data-driven Practices" in one for one in english)
    assert not any("\u0e00" <= char <= "\u0e7f" for one in english for char in one)


def half_filled(rules: Rules) -> Scenario:
    """Everything answered and proven up to a part that is skipped, and a few answers taken back."""
    scenario = Scenario(rules).fill().prove()
    return scenario.answer("g1", "no").answer("general.email", "saraban@nan.go.th")


def levels_follow(read: TaggedFile) -> bool:
    """Whether no level of headings is left out."""
    levels = [int(one.role[1:]) for one in read.root.all(*(f"H{level}" for level in range(1, 7)))]
    return levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels))
