"""The rubric in plain words: every kind of rule, in Thai and English, with its mark and p."""

from __future__ import annotations

import re

import pytest

from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.explain import Sentence, explain, explain_unscored, lacking
from dgdesk.survey.rules.rubric import External, Question, uses_progress
from dgdesk.survey.rules.state import Rules
from dgdesk.text.messages import load_catalogue
from scenario import Scenario, real_rules

QUESTIONS = dict((question.field, question) for _, question in real_rules().rubric.questions)
KINDS = {"choice", "matrix", "count_rows", "count", "ratio", "channel", "best", "external"}


def say(rules: Rules, field: str, language: str = "th") -> list[str]:
    catalogue = load_catalogue("en" if language == "en" else "th")
    sentences = explain(rules.rubric, rules.form, QUESTIONS[field])
    return [catalogue.text(one.code, **one.values) for one in sentences]


@pytest.mark.parametrize("field", QUESTIONS)
def test_every_rule_is_worded_in_both_languages_and_begins_with_its_mark(rules: Rules, field: str) -> None:
    sentences = explain(rules.rubric, rules.form, QUESTIONS[field])
    assert sentences[0] == Sentence(f"rule.basis.{QUESTIONS[field].basis}")
    assert len(sentences) >= 2, "a rule is more than its mark"
    for language in ("th", "en"):
        for words in say(rules, field, language):
            assert words and "{" not in words and "None" not in words


def test_the_real_rubric_has_every_kind_of_rule() -> None:
    assert {question.rule for question in QUESTIONS.values()} == KINDS


@pytest.mark.parametrize("field", QUESTIONS)
def test_p_is_said_where_it_matters_and_only_there(rules: Rules, field: str) -> None:
    question = QUESTIONS[field]
    codes = {one.code for one in explain(rules.rubric, rules.form, question)}
    assert ("rule.progress_assumed" in codes) == uses_progress(question)


def test_what_earns_nothing_says_whether_the_form_prints_that(rules: Rules) -> None:
    g4, part_8 = explain_unscored(rules.rubric, rules.form)
    assert g4 == Sentence("rule.unscored.assumed", {"name": "G4"})
    assert part_8.code == "rule.unscored.printed" and "(ไม่คิดคะแนน)" in part_8.values["name"]
    assert explain_unscored(rules.rubric, rules.form, "3") == (g4,)
    assert explain_unscored(rules.rubric, rules.form, "1") == ()
    thai = load_catalogue("th").text(g4.code, **g4.values)
    assert thai == "G4: ไม่นำมาคิดคะแนน (เกณฑ์ที่โปรแกรมกำหนดเอง หน่วยงานผู้ประเมินยังมิได้เผยแพร่เกณฑ์)"


def test_a_rubric_from_before_says_nothing_about_it(rules: Rules) -> None:
    old = rules.rubric.model_copy(update={"unscored": ()})
    assert explain_unscored(old, rules.form) == ()


def test_a_channel_of_the_programs_own_is_said_to_earn_nothing(rules: Rules) -> None:
    assert Sentence("rule.credit_none") in explain(rules.rubric, rules.form, QUESTIONS["p2.3.1.2"])


def test_a_plain_choice(rules: Rules) -> None:
    assert say(rules, "p1.4") == [
        "เกณฑ์ที่โปรแกรมกำหนดเอง (หน่วยงานผู้ประเมินยังมิได้เผยแพร่เกณฑ์)",
        "ตอบ “มีการดำเนินการแล้วเสร็จ” ได้คะแนนเต็ม",
        "ตอบ “อยู่ระหว่างดำเนินการ” ได้ 0.5 ของคะแนนเต็ม",
        "คำตอบอื่นได้ 0 คะแนน",
        "งานที่อยู่ระหว่างดำเนินการคิดเป็น 0.5 ของคะแนนเต็ม (เกณฑ์ที่โปรแกรมกำหนดเอง)",
        "ข้อที่กำหนดให้แนบหลักฐาน หากยังไม่แนบหรือยังไม่ทำเครื่องหมายใจความสำคัญ คะแนนส่วนนั้นจะอยู่ในสถานะ “รอหลักฐาน”",
        "รายการที่ยังเว้นช่องที่ต้องกรอกไว้ (เช่น ชื่อ ผลลัพธ์ ลิงก์ จำนวน) ยังไม่ได้คะแนน",
        "หมายเหตุของเกณฑ์: แบบสำรวจแยกงานที่อยู่ระหว่างดำเนินการเป็นคำตอบต่างหาก จึงให้คะแนนบางส่วนระหว่างไม่มีกับมี",
    ]


def test_every_assumed_rule_has_its_reason(rules: Rules) -> None:
    assert [field for field, question in QUESTIONS.items() if not question.note] == []


def test_2_3_says_that_dga_counts_on_data_go_th(rules: Rules) -> None:
    for field in ("p2.3.1.1", "p2.3.1.2", "p2.3.1.3"):
        assert any("data.go.th" in words for words in say(rules, field))


def test_blanks_are_said_where_there_are_some(rules: Rules) -> None:
    said = {field for field in QUESTIONS if "รายการที่ยังเว้นช่อง" in " ".join(say(rules, field))}
    assert {"p2.1.1.1", "p1.3", "g2", "g3", "p5.1.table", "p5.3", "p4.6.1", "p6.2.2.table", "p7.1.13"} <= said
    assert said.isdisjoint({"g1", "p1.1", "p1.2a", "p3.1.table", "p2.4.table", "p4.2.3", "external.3.3"})


def test_what_is_new_in_a_rule_is_said(rules: Rules) -> None:
    assert "“โปรดระบุความถี่ในการจัดอบรม” ต้องไม่น้อยกว่า 1 ครั้งต่อปี มิฉะนั้นแถวนั้นได้ 0 คะแนน" in say(rules, "p6.2.2.table")
    assert "ไม่นับ “ไม่ทราบ”" in say(rules, "p4.2.2")
    assert any("7.1.1 ถึง 7.1.12" in words for words in say(rules, "p7.1.13"))
    assert not any("7.1.1 ถึง 7.1.12" in words for words in say(rules, "p7.1.12"))


def test_a_share_says_its_whole_formula(rules: Rules) -> None:
    share = next(one for one in explain(rules.rubric, rules.form, QUESTIONS["p1.1"]) if "share" in one.code)
    assert share == Sentence("rule.detail_share_from", {"of": "12", "base": "0.5", "rest": "0.5"})
    plain = next(one for one in explain(rules.rubric, rules.form, QUESTIONS["p4.4"]) if "share" in one.code)
    assert plain == Sentence("rule.detail_share", {"of": "6"})


def test_a_row_that_is_exempt_is_not_said_to_drop_the_question(rules: Rules) -> None:
    assert "rule.credit_exempt_row" in {one.code for one in explain(rules.rubric, rules.form, QUESTIONS["p1.2a"])}
    assert "rule.credit_exempt" in {one.code for one in explain(rules.rubric, rules.form, QUESTIONS["p1.5"])}


def test_points_from_outside_say_what_makes_them_nought(rules: Rules) -> None:
    assert say(rules, "external.3.3")[0] == "พิมพ์ไว้ในแบบสำรวจ"
    codes = [one.code for one in explain(rules.rubric, rules.form, QUESTIONS["external.4.3"])]
    assert codes == ["rule.basis.assumed", "rule.external", "rule.external_zero", "rule.note"]


def test_another_p_is_said_as_it_is(rules: Rules) -> None:
    from decimal import Decimal

    other = rules.rubric.model_copy(update={"progress": Decimal("0.25"), "progress_basis": "printed"})
    sentences = explain(other, rules.form, QUESTIONS["p1.4"])
    assert Sentence("rule.progress_printed", {"p": "0.25"}) in sentences
    assert all(one.values.get("p", "0.25") == "0.25" for one in sentences)


def test_what_is_missing_is_said_for_the_question_and_what_belongs_to_it(scenario: Scenario, form: Form) -> None:
    def missing(field: str) -> list[tuple[str, str]]:
        return [(one.code, one.address) for one in lacking(form, scenario.state, QUESTIONS[field])]

    assert missing("p1.4") == [("missing.choice", "p1.4")]
    scenario.answer("p1.4", "yes")
    assert ("missing.evidence", "p1.4") in missing("p1.4")
    assert all(re.match(r"p1\.4", address) for _, address in missing("p1.4"))
    scenario.answer("p1.4", "no")
    assert missing("p1.4") == []


def test_a_filled_form_lacks_nothing(filled: Scenario, form: Form) -> None:
    scored: list[Question] = [one for one in QUESTIONS.values() if not isinstance(one, External)]
    assert [lacking(form, filled.state, one) for one in scored] == [()] * len(scored)


def test_equal_sentences_are_said_once(rules: Rules) -> None:
    sentences = explain(rules.rubric, rules.form, QUESTIONS["p7.1.13"])
    assert len(sentences) == len({(one.code, tuple(one.values.items())) for one in sentences})
