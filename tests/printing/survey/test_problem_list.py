"""The list of what is missing: each place in words, with its page in the full print, and a cell for who sees to it."""

from __future__ import annotations

import re

from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.survey.rules.state import Rules
from printing.survey.support import bare, pages_of, printed, read
from scenario import Scenario


def test_places_are_named_in_words_with_the_page_of_the_full_print(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(general_province="TH-50", g1="yes").answer("p7.1.1", "yes")
    full = pages_of(printed(rules, scenario.state).data)
    rows = read(printed(rules, scenario.state, PrintChoices(variant="problems")).data)
    for words, code in (("โทรศัพท์มือถือ", "โทรศัพท์มือถือ"), ("P1.3จังหวัดของท่าน", "P1.3 "), ("P1.7จังหวัด", "P1.7 ")):
        part = rows[rows.index(words) :]
        named = re.search(r"ยังไม่ได้(?:กรอกช่องนี้|เลือกคำตอบ)([0-9]+)", part)
        assert named is not None, words
        assert code in full[int(named[1]) - 1] or code in full[int(named[1])], words
    assert bare("ผู้รับผิดชอบ") in rows
    assert re.search(r"\b[a-z]+\.[a-z_]+", rows.replace("go.th", "")) is None, "no id"


def test_every_problem_has_a_page(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(general_province="TH-50", g1="yes", p2_1_4="yes")
    text = read(printed(rules, scenario.state, PrintChoices(variant="problems")).data)
    assert "–ต้องแก้ไข" not in text and "–☐" not in text
