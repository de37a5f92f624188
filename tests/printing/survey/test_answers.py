"""Answers on paper: the right options are marked, what was typed stands there, what is missing is said."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from dgdesk.printing.document import Printed
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.survey.answers.values import UnreadValue, has
from dgdesk.survey.rules.state import Rules
from printing.extracting import by_pdftotext
from printing.survey.support import DIGEST, bare, printed, read
from scenario import PROOF, UNMARKED, Scenario

OWN_LEGEND = 1  # the cover explains each mark once


def test_every_chosen_option_has_its_mark_and_no_other(rules: Rules, filled: Scenario, full: Printed) -> None:
    text = by_pdftotext(full.data)
    counts = {"single": 0, "row": 0, "multiple": 0}
    for at, node in enumerate(rules.form.nodes):
        value = filled.state.facts.answers.get(node.address)
        if filled.state.shown[at] and node.kind in counts and value is not None:
            counts[node.kind] += sum(has(value, option) for option in node.options)
    # the province has no mark: it is written on a line, as on the form
    assert text.count("◉") - OWN_LEGEND == counts["single"] - 1 + counts["row"]
    assert text.count("☑") - OWN_LEGEND == counts["multiple"]


def test_the_mark_stands_before_the_option_that_was_chosen(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(g1="yes").answer("g4", "yes").answer("g4.1", ["2", "9"])
    text = "".join(by_pdftotext(printed(rules, scenario.state).data).split())
    assert "○ไม่มี(โปรดระบุเหตุผล…)(ข้ามไปข้อG4)" in text, "in the order of the form"
    assert "◉มี(แนบเอกสารหลักฐาน)" in text
    assert "☑2.อุปสรรคด้านข้อมูล" in text and "☑9.อุปสรรคปัญหาด้านงบประมาณ" in text
    assert "☐1.อุปสรรคปัญหาด้านนโยบาย" in text


def test_the_province_stands_on_one_line(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(general_province="TH-50")
    text = "".join(by_pdftotext(printed(rules, scenario.state).data).split())
    assert "ชื่อจังหวัดเชียงใหม่" in text and "เชียงราย" not in text


def test_a_chosen_option_is_followed_by_its_reason_and_then_by_its_skip(rules: Rules, scenario: Scenario) -> None:
    scenario.answer("g1", "no").answer("g1.reason", "อยู่ระหว่างเสนอผู้ว่าราชการจังหวัด")
    text = read(printed(rules, scenario.state).data)
    assert "ไม่มีโปรดระบุเหตุผลอยู่ระหว่างเสนอผู้ว่าราชการจังหวัด(ข้ามไปข้อG4)" in text


def test_a_code_ends_as_the_form_prints_it(full: Printed) -> None:
    text = by_pdftotext(full.data)
    assert "G1. จังหวัดของท่าน" in text and "G4. " in text and "G4.1 โปรด" in text and "P1.1 จังหวัด" in text


def test_answers_stand_where_they_were_asked(rules: Rules, scenario: Scenario) -> None:
    scenario.answer("g1", "no").answer("g1.reason", "อยู่ระหว่างเสนอผู้ว่าราชการจังหวัด")
    scenario.answer("p1.3", "doing").answer("p1.3.2", "ต.ค. 2570")
    scenario.answer("p4.1", "known").answer("p4.1.count", "1234")
    text = read(printed(rules, scenario.state).data)
    assert "โปรดระบุเหตุผลอยู่ระหว่างเสนอผู้ว่าราชการจังหวัด" in text
    assert "เดือนตุลาคมปีพ.ศ.2570" in text
    assert "1,234บริการ(ถ้าไม่มีให้ระบุ0บริการ)" in text


def test_thai_digits_are_everywhere_but_in_codes_addresses_and_typed_text(rules: Rules, scenario: Scenario) -> None:
    scenario.answer("p4.1", "known").answer("p4.1.count", "1234").answer("p1.3", "doing").answer("p1.3.2", "ต.ค. 2570")
    scenario.answer("general.address", "99 ถนนโชตนา 50300").answer("g1", "yes").attach("g1/yes")
    text = read(printed(rules, scenario.state, PrintChoices(thai_digits=True)).data)
    for words in ("๑,๒๓๔บริการ", "ปีพ.ศ.๒๕๗๐", "๑สิงหาคม๒๕๖๘", "(๑๒มิถุนายน๒๕๖๗–๓๐พฤษภาคม๒๕๖๘)", "ประจำปีงบประมาณพ.ศ.๒๕๖๘"):
        assert words in text, words
    for words in (
        "P4.1",
        "G4.1",
        "99ถนนโชตนา50300",
        "E0001",
        "https://standard.dga.or.th/standard/dg-std/2517/",
        "ISO/IEC27001",
    ):
        assert words in text, words
    for hexes in (DIGEST, "".join(DIGEST[:16])):
        text = text.replace(hexes, "")
    assert not re.search(r"(?<![A-Za-z0-9.:/_%#&=?-])[0-9]+(?=[ก-ฮ])", text.replace("99ถนนโชตนา50300", ""))


def test_without_that_choice_no_digit_is_thai(rules: Rules, full: Printed) -> None:
    typed = re.sub(r"หน้า[๐-๙-]+", "", read(full.data))  # pages that a person typed
    assert not re.search("[๐-๙]", typed)


def test_what_is_missing_or_unreadable_is_said(rules: Rules, scenario: Scenario) -> None:
    scenario.answer("g1", "yes").mistype("general.email", "ไม่มีอีเมล")
    assert isinstance(scenario.kept("general.email"), UnreadValue)
    text = read(printed(rules, scenario.state).data)
    assert "ชื่อ(ยังไม่ได้ตอบ)" in text
    assert bare("ไม่มีอีเมล  (อ่านเป็นคำตอบของช่องนี้ไม่ได้)") in text
    assert "มี(แนบเอกสารหลักฐาน)ยังไม่ได้แนบหลักฐาน" in text


def test_evidence_stands_at_its_place_with_its_marks(rules: Rules, scenario: Scenario) -> None:
    mark = Mark(3, (Rect(0.1, 0.1, 0.5, 0.2),), "มติข้อ 2", "ที่ประชุมเห็นชอบ")
    file = Attachment("cd" * 32, "มติที่ประชุม.pdf", 5 << 20, "application/pdf", "", "", (mark,))
    scenario.answer("g1", "yes").attach("g1/yes").answer("g2", "yes").attach("g2/yes", file)
    text = read(printed(rules, scenario.state).data)
    assert bare("มี (แนบเอกสารหลักฐาน) E0001 คำสั่งแต่งตั้ง.pdf (หน้า ๒-๓) ใจความสำคัญ: ย่อหน้าแรก") in text
    assert bare("E0002 มติที่ประชุม.pdf (หน้า 3)") in text
    assert bare("ที่ทำเครื่องหมายไว้ในหน้า 3: มติข้อ 2 – “ที่ประชุมเห็นชอบ”") in text
    index = text[text.rindex("ดัชนีหลักฐาน") :]
    assert re.search(r"E0001คำสั่งแต่งตั้ง.pdf[0-9a-f]{16}G1\(หน้า๒-๓\)[0-9]+E0002", index), "one line a file, with its page"
    assert "E0002มติที่ประชุม.pdf" + "cd" * 8 + "G2(หน้า3)" in index


def test_the_index_says_how_the_key_passage_is_marked_at_each_place(rules: Rules, scenario: Scenario) -> None:
    whole, words = replace(UNMARKED, whole=True), replace(UNMARKED, passages="ย่อหน้าแรก")
    scenario.answer("g1", "yes").attach("g1/yes").answer("g2", "yes").attach("g2/yes", whole)
    scenario.answer("p1.3", "yes").attach("p1.3/yes", words).answer("p1.4", "yes").attach("p1.4/yes", UNMARKED)
    text = read(printed(rules, scenario.state).data)
    assert bare("E0001 คำสั่งแต่งตั้ง.pdf ใจความสำคัญคือทั้งไฟล์") in text
    assert bare("E0001 คำสั่งแต่งตั้ง.pdf ยังไม่ได้ทำเครื่องหมายหรือระบุหน้าของใจความสำคัญ") in text
    index = text[text.rindex("ดัชนีหลักฐาน") :]
    for said in ("G1 (หน้า ๒-๓)", "G2 (ทั้งไฟล์)", "P1.3 (ระบุเป็นข้อความ)", "P1.4 (ยังไม่ได้ทำเครื่องหมาย)"):
        assert bare(said) in index


def test_a_file_at_two_places_has_one_number(rules: Rules, scenario: Scenario) -> None:
    scenario.answer("g1", "yes").attach("g1/yes").answer("g2", "yes").attach("g2/yes")
    text = read(printed(rules, scenario.state).data)
    assert "E0002" not in text and text.count("E0001คำสั่งแต่งตั้ง.pdf") == 3


def test_items_are_printed_in_the_order_they_were_put_in(rules: Rules, scenario: Scenario) -> None:
    scenario.answer("g3", "yes").answer("g3.projects", ["3", "1"])
    scenario.answer("g3.projects.name#3", "โครงการแรก").answer("g3.projects.name#1", "โครงการหลัง")
    text = read(printed(rules, scenario.state).data)
    first, last = bare("1. โครงการ/แผนงาน/นโยบาย โครงการแรก"), bare("2. โครงการ/แผนงาน/นโยบาย โครงการหลัง")
    assert 0 < text.index(first) < text.index(last)
    assert bare("3. โครงการ/แผนงาน/นโยบาย ผลสำเร็จ") in text, "items not used stand there as the form prints them"


def test_the_score_is_an_estimate_that_adds_up(rules: Rules) -> None:
    state = Scenario(rules).fill().prove().state
    raw = by_pdftotext(printed(rules, state, PrintChoices(variant="draft")).data)
    sheet = raw[raw.index("ใบคะแนน", raw.index("\f")) :]  # after the cover, which names it too
    assert "คะแนนประมาณการของโปรแกรม มิใช่ผลคะแนนอย่างเป็นทางการ" in " ".join(sheet.split())
    words = bare(sheet)
    for phrase in ("มีหลักฐานแล้ว 78.33", "ตามคำตอบ 78.33", "ช่วงคะแนนที่เป็นไปได้ ตั้งแต่ 78.33 ถึง 100.00"):
        assert bare(phrase) in words
    (total,) = re.findall(r"^รวม((?:\s+[0-9]+\.[0-9]{2}){6})", sheet, re.MULTILINE)
    figures = [Decimal(one) for one in total.split()]
    assert figures[0] == 100 == sum(figures[1:])


@pytest.mark.parametrize("typed", ["😀 ดี", "ก" * 3000, "\u202eกลับ", "น\u0e33\u0e48\u0e49\u0e4c"])
def test_odd_text_is_printed_all_the_same(rules: Rules, scenario: Scenario, typed: str) -> None:
    scenario.answer("general.address", typed)
    result = printed(rules, scenario.state)
    assert result.pages > 30
    assert ("😀" in result.missing) == ("😀" in typed)


def test_proof_has_a_number_only_while_its_place_is_open(rules: Rules, scenario: Scenario) -> None:
    scenario.answer("g1", "yes").attach("g1/yes", PROOF).answer("g1", "no")
    assert "E0001" not in read(printed(rules, scenario.state).data)
