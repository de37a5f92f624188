"""The compact copy for whoever approves: answers, evidence and what is missing, on few pages."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.survey.rules.state import Rules
from printing.extracting import by_pdftotext
from printing.survey.support import bare, pages_of, printed, read
from scenario import Scenario

COMPACT = PrintChoices(variant="compact")


def test_it_has_few_pages_and_every_file(rules: Rules, filled: Scenario) -> None:
    result = printed(rules, filled.state, COMPACT)
    assert result.pages <= 16
    text = read(result.data)
    numbers = set(re.findall("E[0-9]{4}", read(printed(rules, filled.state).data)))
    assert numbers and numbers <= set(re.findall("E[0-9]{4}", text))


def test_it_has_what_was_chosen_and_nothing_else(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(general_province="TH-50").answer("g1", "no").answer("g1.reason", "รอคำสั่งแต่งตั้ง")
    scenario.answer("p4.1", "known").answer("p4.1.count", "1234").answer("p1.3", "doing").answer("p1.3.2", "ต.ค. 2570")
    text = read(printed(rules, scenario.state, COMPACT).data)
    assert "โปรดระบุเหตุผล:รอคำสั่งแต่งตั้ง" in text and "1,234บริการ" in text and "ตุลาคม2570" in text
    assert bare("ไม่ต้องกรอกข้อ G2 – G3 เพราะข้อ G1 ตอบว่า “ไม่มี”") in text
    raw = by_pdftotext(printed(rules, scenario.state, COMPACT).data)
    assert "○" not in raw and "☐" not in raw and "หมายเหตุ" not in raw


def test_a_row_of_a_table_is_a_line_with_its_files(rules: Rules, scenario: Scenario) -> None:
    scenario.answer("p1.2a:1.1", "yes").attach("p1.2a:1.1/yes")
    text = read(printed(rules, scenario.state, COMPACT).data)
    assert "(GoodGovernanceinCybersecurity)–มีการดำเนินการแล้วเสร็จ·E0001(หน้า๒-๓)" in text


def test_what_is_missing_comes_first_in_words(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(general_province="TH-50", g1="yes")
    text = read(printed(rules, scenario.state, COMPACT).data)
    errors = sum(one.severity == "error" for one in scenario.state.problems)
    assert text.count("ต้องแก้ไข:") == errors > 50
    assert text.rindex("ต้องแก้ไข:") < text.index("ยังไม่ได้แนบหลักฐาน")


def test_the_list_of_evidence_leads_to_the_page_that_it_names(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(general_province="TH-50").answer("g1", "yes").attach("g1/yes")
    data = printed(rules, scenario.state, COMPACT).data
    texts = pages_of(data)
    index = next(number for number, text in enumerate(texts) if number and "ดัชนีหลักฐาน" in text)
    named = re.search(r"E0001 .*? ([0-9]+)(?= |$)", texts[index][texts[index].rindex("E0001") :])
    at = next(number for number, text in enumerate(texts) if "มี · E0001" in text)
    assert named is not None and f" {at + 1}" in texts[index][texts[index].rindex("E0001") :]
    reader = pypdf.PdfReader(io.BytesIO(data))
    numbers = {page.indirect_reference: number for number, page in enumerate(reader.pages)}
    targets = {
        numbers[list.__getitem__(note["/Dest"], 0)]
        for note in (one.get_object() for one in reader.pages[index].get("/Annots", []))
        if "/Dest" in note
    }
    assert at in targets


@pytest.mark.parametrize("section", ["general", "g", "p2", "p7"])
def test_a_section_alone(rules: Rules, filled: Scenario, section: str) -> None:
    result = printed(rules, filled.state, PrintChoices(variant="compact", section=section))
    assert 1 <= result.pages <= 4


@pytest.mark.parametrize("large", [False, True])
def test_an_empty_form_can_be_printed_so(rules: Rules, scenario: Scenario, large: bool) -> None:
    assert printed(rules, scenario.state, PrintChoices(variant="compact", large=large, thai_digits=large)).pages > 3
