"""Variants: drafts are marked, blank forms have space to write, and options leave parts out."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from dgdesk.printing.document import Printed
from dgdesk.printing.survey.choices import PrintChoices, Variant
from dgdesk.printing.survey.context import INK, WATER
from dgdesk.survey.rules.state import Rules
from dgdesk.survey.rules.unsent import by_decider
from dgdesk.system.progress import Progress
from printing.extracting import by_pdftotext
from printing.survey.support import DIGEST, bare, pages_of, printed, read
from scenario import TODAY, Scenario


def shades(data: bytes, page: int = 0, least: int = 3000, scale: int = 1) -> set[int]:
    """The grey values of a page that many pixels have."""
    document = pypdfium2.PdfDocument(data)
    try:
        histogram = document[page].render(scale=scale, grayscale=True).to_pil().convert("L").histogram()
    finally:
        document.close()
    return {shade for shade, count in enumerate(histogram) if count > least}


def test_a_draft_says_so_in_head_and_foot_and_across_every_page(rules: Rules, filled: Scenario) -> None:
    draft = printed(rules, filled.state, PrintChoices(variant="draft"), digest=None)
    outline = round(WATER[0] * 255)
    for page, text in enumerate(pages_of(draft.data)):
        head, _, foot = text.rpartition("·")
        assert "ร่าง" in head, page
        assert foot.startswith(" ร่าง 1 สิงหาคม 2568 10:32 น."), page
        # The outline lies over the bands of answers and the heads of tables: a page full of them shows it too.
        assert shades(draft.data, page, 1000, scale=3) & {outline - 1, outline, outline + 1}, page
    text = read(draft.data)
    assert "ฉบับร่างใช้ตรวจทานเท่านั้น" in text and "ใช้ลงนามไม่ได้" in text
    final = printed(rules, filled.state)
    assert text.count("ร่าง") == read(final.data).count("ร่าง") + 1, "the outline is no text that would be copied"
    assert not any("ร่าง" in page.rpartition("·")[2] for page in pages_of(final.data))


def test_the_form_for_handwriting_knows_no_answers(rules: Rules, filled: Scenario) -> None:
    by_state = printed(rules, filled.state, PrintChoices(variant="blank"))
    text = by_pdftotext(by_state.data)
    assert "◉" not in text and "☑" not in text
    assert "E0001" not in text and "เชียงใหม่ ·" not in text and DIGEST[:4] not in text
    assert "แผนพัฒนาดิจิทัลจังหวัด" not in bare(text)
    assert text.count("○") > 150 and text.count("☐") > 150


def test_what_is_written_by_hand_stands_in_the_line_of_the_form(rules: Rules) -> None:
    data = printed(rules, None, PrintChoices(variant="blank")).data
    lines = ["".join(line.split()) for line in by_pdftotext(data).splitlines()]
    for line in (
        "○มีจำนวนทั้งสิ้นบริการ(ถ้าไม่มีให้ระบุ0บริการ)",
        "○ไม่มี(โปรดระบุเหตุผล)(ข้ามไปข้อG4)",
        "○มี(แนบเอกสารหลักฐาน)ไฟล์หน้า",
        "○อยู่ระหว่างดำเนินการP1.4.1คาดว่าจะแล้วเสร็จเมื่อเดือนปีพ.ศ.",
    ):
        assert line in lines, line
    assert "เชียงใหม่" not in "".join(lines), "the province is one blank"


def test_every_request_for_evidence_has_room_for_a_file_and_its_pages(rules: Rules) -> None:
    text = by_pdftotext(printed(rules, None, PrintChoices(variant="blank")).data)
    assert text.count("ไฟล์") >= 100
    for code, words in (("P1.1a2", 12), ("7.1.1.1", 3)):
        part = text[text.index(code) :]
        assert part[: part.index("[1.2" if code == "P1.1a2" else "7.1.2")].count("ไฟล์") == words


def test_the_blank_form_is_short_enough_to_be_copied(rules: Rules) -> None:
    assert printed(rules, None, PrintChoices(variant="blank")).pages <= 42


def test_the_cover_of_the_blank_form_asks_who_fills_it_in(rules: Rules) -> None:
    cover = bare(pages_of(printed(rules, None, PrintChoices(variant="blank")).data)[0])
    for words in ("จังหวัด", "ผู้กรอก(ชื่อ–นามสกุล)", "ตำแหน่ง", "วันที่กรอก", "หลังคำว่า“ไฟล์”", "เส้นประคือที่สำหรับเขียนคำตอบ"):
        assert words in cover, words


def test_p4_6_is_a_table_with_heads(rules: Rules, filled: Scenario) -> None:
    for variant in ("blank", "final"):
        text = read(printed(rules, filled.state, PrintChoices(variant=variant, section="p4", notes=False)).data)
        head = text.index("ประเภทของการมีส่วนร่วมการดำเนินการ")
        assert text.index("การมีส่วนร่วมของประชาชนหรือผู้ใช้บริการหน่วยงาน") < head < text.index("P4.6.1e-Information")
        assert text.count("(เฉพาะเรื่องที่ตอบว่า“มี”)") == 3
        assert text.index("P4.6.3") < text.rindex("4.6.3.5") or variant == "final"


@pytest.mark.parametrize("large", [False, True])
def test_a_row_of_that_table_is_named_on_every_page_that_it_reaches(
    rules: Rules, filled: Scenario, large: bool
) -> None:
    pages = pages_of(printed(rules, filled.state, PrintChoices(section="p4", large=large)).data)
    for row in ("1", "2", "3"):
        found = [page for page in pages if any(f"4.6.{row}.{channel} " in page for channel in range(1, 6))]
        assert 1 <= len(found) <= 2
        assert all(f"P4.6.{row} " in page for page in found)


def test_a_skipped_row_of_that_table_is_left_out_with_the_rest(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(general_province="TH-50").answer("p4.6.1", "yes").answer("p4.6.1.channels", ["line"])
    scenario.answer("p4.6.1.3", "@nan").answer("p4.6.2", "no")
    text = read(printed(rules, scenario.state, PrintChoices(variant="answers", section="p4")).data)
    assert "P4.6.1e-Information" in text and "@nan" in text and "4.6.1.1" not in text
    assert "ประเภทของการมีส่วนร่วม" in text


def test_only_answers_keep_what_continues_a_question(rules: Rules, filled: Scenario) -> None:
    text = read(printed(rules, filled.state, PrintChoices(variant="answers")).data)
    assert bare("จังหวัดของท่านได้มีการดำเนินการที่สอดคล้องกับข้อกำหนดดังกล่าวอย่างไร") in text
    assert "6)SecurityEngineering" in text
    assert bare("จังหวัด หมายถึง") not in text and bare("กลุ่มเปราะบาง หมายถึง") not in text


def test_options_that_the_form_lacks_say_so_on_paper(rules: Rules) -> None:
    text = read(printed(rules, None, PrintChoices(variant="blank")).data)
    for label in ("ไม่มีช่องทางตามข้อ 1–3", "ไม่มี"):
        assert bare(f"{label} (ตัวเลือกนี้โปรแกรมเพิ่มให้ ไม่มีในแบบสำรวจฉบับพิมพ์)") in text


def test_the_score_sheet_says_what_earns_nothing_and_by_whose_rule(rules: Rules, filled: Scenario) -> None:
    text = read(printed(rules, filled.state, PrintChoices(variant="draft")).data)
    assert "ประมาณการ" not in read(printed(rules, filled.state).data), "nobody signs the program's estimate"
    assert bare("G4: ไม่นำมาคิดคะแนน (เกณฑ์ที่โปรแกรมกำหนดเอง") in text
    assert bare("(ไม่คิดคะแนน): ไม่นำมาคิดคะแนน (พิมพ์ไว้ในแบบสำรวจ)") in text


def test_the_cover_names_the_law_and_says_whose_the_misprints_are(rules: Rules, filled: Scenario) -> None:
    for variant in ("final", "draft", "blank", "answers"):
        cover = read(printed(rules, filled.state, PrintChoices(variant=variant)).data)
        assert bare("มาตรา 10 (3) แห่งพระราชบัญญัติการบริหารงานและการให้บริการภาครัฐผ่านระบบดิจิทัล พ.ศ. 2562") in cover
        assert bare("รวมถึงคำที่พิมพ์คลาดเคลื่อนในต้นฉบับ") in cover


def test_one_section_alone(rules: Rules, filled: Scenario) -> None:
    text = read(printed(rules, filled.state, PrintChoices(section="p3")).data)
    assert "ส่วนที่3ศักยภาพ" in text and "P3.1" in text
    assert "ส่วนที่2" not in text and "ดัชนีหลักฐาน" not in text and "P4.1" not in text
    with pytest.raises(ValueError):
        printed(rules, filled.state, PrintChoices(section="p9"))


@pytest.mark.parametrize("section", ["general", "g", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"])
def test_every_section_can_be_printed_alone(rules: Rules, filled: Scenario, section: str) -> None:
    title = next(one.title for one in rules.form.definition.sections if one.id == section)
    assert read(printed(rules, filled.state, PrintChoices(section=section)).data).startswith(bare(title))


def test_answers_only(rules: Rules, filled: Scenario, full: Printed) -> None:
    result = printed(rules, filled.state, PrintChoices(variant="answers"))
    text = by_pdftotext(result.data)
    assert result.pages < full.pages
    assert "หมายเหตุ การแนบ" not in text and "☐" not in text
    assert "แผนพัฒนาดิจิทัลจังหวัด" in bare(text)


def test_the_problem_list_names_every_problem(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(general_province="TH-50", g1="yes")
    text = read(printed(rules, scenario.state, PrintChoices(variant="problems")).data)
    errors = sum(one.severity == "error" for one in scenario.state.problems)
    assert text.count("ต้องแก้ไข:") == errors > 50
    assert bare("ต้องแนบหลักฐานประกอบคำตอบนี้") in text


def test_a_ready_form_has_no_problems(rules: Rules, filled: Scenario) -> None:
    kept = {one.address for one in filled.state.unsent}
    answers = {address: value for address, value in filled.state.facts.answers.items() if address not in kept}
    state = rules.evaluate(replace(filled.state.facts, answers=answers), TODAY)
    result = printed(rules, state, PrintChoices(variant="problems"))
    assert state.ready and state.unsent == () and result.pages == 1
    if not state.problems:
        assert "ไม่มีรายการที่ต้องแก้ไข" in read(result.data)


def test_what_is_kept_and_not_sent_stands_at_the_question_that_decides(rules: Rules, filled: Scenario) -> None:
    text = read(printed(rules, filled.state, PrintChoices(variant="problems")).data)
    deciders = by_decider(filled.state.unsent)
    assert text.count("เก็บไว้แต่ไม่ส่งออก:") == len(deciders) > 50
    assert ("ไม่มีรายการที่ต้องแก้ไข" in text) == (filled.state.problems == ())


def test_skipped_parts_with_their_reason_or_not_at_all(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(general_province="TH-50", g1="no")
    text = read(printed(rules, scenario.state).data)
    assert bare("ไม่ต้องกรอกข้อ G2 – G3 เพราะข้อ G1 ตอบว่า “ไม่มี”") in text
    left_out = read(printed(rules, scenario.state, PrintChoices(skipped="leave-out")).data)
    assert bare("ไม่ต้องกรอก") not in left_out
    assert "G2.ในรอบ1ปี" in text and "G2.ในรอบ1ปี" not in left_out


def test_what_is_kept_but_hidden_is_not_printed(rules: Rules, scenario: Scenario) -> None:
    scenario.answer("g2", "yes").answer("g2.details", "มติที่ไม่ใช้แล้ว").answer("g1", "no")
    assert scenario.kept("g2.details")
    assert "มติที่ไม่ใช้แล้ว" not in read(printed(rules, scenario.state).data)


def test_large_print_is_larger(rules: Rules, filled: Scenario, full: Printed) -> None:
    assert printed(rules, filled.state, PrintChoices(large=True)).pages > 1.3 * full.pages


def test_answers_are_dark_enough_without_colour(full: Printed) -> None:
    red, green, blue = INK
    assert 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.15
    assert any(shade < 50 for shade in shades(full.data, 1, least=50))


def test_the_same_print_gives_the_same_bytes(rules: Rules, filled: Scenario) -> None:
    for choices in (
        PrintChoices(),
        PrintChoices(variant="draft", large=True, thai_digits=True),
        PrintChoices(variant="problems"),
        PrintChoices(variant="blank"),
        PrintChoices(variant="compact", thai_digits=True),
    ):
        assert printed(rules, filled.state, choices).data == printed(rules, filled.state, choices).data


def test_progress_is_told_page_by_page_and_can_end_the_print(rules: Rules, filled: Scenario) -> None:
    from dgdesk.printing.survey.document import print_survey
    from printing.survey.support import catalogue, source

    seen: list[tuple[int, int]] = []
    result = print_survey(
        source(rules, filled.state),
        PrintChoices(),
        catalogue(),
        progress=Progress(lambda page, pages: seen.append((page, pages))),
    )
    assert seen == [(page, result.pages) for page in range(1, result.pages + 1)]

    def stop(page: int, pages: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        print_survey(source(rules, filled.state), PrintChoices(), catalogue(), progress=Progress(stop))


@pytest.mark.parametrize("variant", ["blank", "draft", "answers", "compact", "problems"])
def test_no_variant_shows_an_id_for_machines(rules: Rules, scenario: Scenario, variant: Variant) -> None:
    scenario.answers(general_province="TH-50", g1="yes")
    done = printed(rules, None if variant == "blank" else scenario.state, PrintChoices(variant=variant))
    text = by_pdftotext(done.data)
    assert rules.form.definition.edition not in text
    ids = {slot for slot in rules.form.slots} | {one for one in rules.form.position if "#" in one or ":" in one}
    assert ids.isdisjoint(text.split())
