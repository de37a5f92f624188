"""``new``, ``set`` and ``attach``: what they do, print, and leave alone."""

from __future__ import annotations

import json
from hashlib import sha256

import pikepdf
import pytest

from cli.support import done, listing, refused, run

EDITION = "th-province-2568"


def answers(draft):
    """What the draft holds, asked of the submission-to-be: the fields that show, as JSON."""
    from datetime import UTC, datetime

    from dgdesk.draft.drafts import open_draft

    with open_draft(draft, clock=lambda: datetime.now(UTC), who="-", read_only=True) as opened:
        return opened.package.answers()


# -- new -------------------------------------------------------------------------------------------------------------


def test_new_makes_a_draft_and_says_where(tmp_path):
    path = tmp_path / "น่าน.dgdesk"
    result = done("new", path, "--province", "น่าน", "--who", "สมชาย", "--json")
    assert result.json == {"path": str(path.resolve()), "edition": EDITION, "respondent": "TH-55", "province": "TH-55"}
    assert answers(path) == {"general.province": "TH-55"}
    assert sorted(tmp_path.iterdir()) == [path]
    other = tmp_path / "b.dgdesk"
    unnamed = {"edition": EDITION, "respondent": None, "province": None}
    assert done("new", other, "--json").json == {"path": str(other.resolve()), **unnamed}
    assert answers(other) == {}


def test_new_speaks_both_languages(tmp_path):
    assert done("new", tmp_path / "a.dgdesk").out == f"สร้างแบบสำรวจแล้ว: {tmp_path / 'a.dgdesk'}\n"
    assert done("--lang", "en", "new", tmp_path / "b.dgdesk").out == f"Made the draft {tmp_path / 'b.dgdesk'}\n"
    assert done("new", tmp_path / "c.dgdesk", "--lang=en").out == f"Made the draft {tmp_path / 'c.dgdesk'}\n"


def test_new_refuses_an_unknown_province_and_makes_nothing(tmp_path):
    told = {"says": "has no “กรุงเทพมหานคร”", "thai": "ไม่พบ “กรุงเทพมหานคร”"}
    refused(2, "new", tmp_path / "a.dgdesk", "--province", "กรุงเทพมหานคร", **told)
    assert list(tmp_path.iterdir()) == []


def test_new_overwrites_nothing(draft, tmp_path):
    before = listing(tmp_path)
    refused(3, "new", draft, "--province", "TH-50", says="already a file named “น่าน.dgdesk”", thai="ไม่ถูกเขียนทับ")
    assert listing(tmp_path) == before


# -- set -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("g1", "yes", "yes"),
        ("p4.2.2.3", "4.35", 4.35),
        ("p4.1.count", "๑,๒๐๐", 1200),
        ("g4.1", "other,1", ["1", "other"]),
        ("p1.3.2", "ตุลาคม 2570", "2027-10"),
        ("p1.2a:1.1", "exempt", "exempt"),
        ("g3.projects", "1,2", ["1", "2"]),
        ("general.address", "ศาลากลาง น่าน", "ศาลากลาง น่าน"),
        ("p4.1.count", "-0", 0),
    ],
)
def test_set_stores_what_is_meant(draft, field, typed, stored):
    document = done("set", draft, field, typed, "--json").json
    assert document["answers"] == {field: stored}
    assert isinstance(document["percent"], int)
    assert answers(draft)[field] == stored


def test_set_with_nothing_clears(draft):
    done("set", draft, "g1", "yes")
    assert done("set", draft, "g1", "", "--json").json["answers"] == {"g1": None}
    assert "g1" not in answers(draft)


def test_set_says_what_is_stored_in_words(draft):
    out = done("set", draft, "p4.1.count", "๑๒", "--lang", "en").out
    assert out.startswith("P4.1 มีจำนวนทั้งสิ้น") and " = 12\nSaved. " in out and " per cent done.\n" in out
    assert "บันทึกแล้ว" in done("set", draft, "p4.1.count", "๑๓").out


def test_set_fills_a_whole_matrix(draft):
    rows = {"1.1": "yes", "1.2": "no"}
    document = done("set", draft, "p1.2a", json.dumps(rows), "--json").json
    assert document["answers"] == {"p1.2a:1.1": "yes", "p1.2a:1.2": "no"}
    refused(2, "set", draft, "p1.2a", '{"1": "yes"}', says="no field “p1.2a:1”")
    refused(2, "set", draft, "p1.2a", '["yes"]', says="p1.2a: This is not the kind of answer")
    refused(2, "set", draft, "p1.2a", "yes", says="p1.2a: This is not the kind of answer")


def test_set_takes_many_answers_from_a_file(draft, tmp_path):
    given = {"g1": "yes", "p4.2.2.3": 4.35, "g4.1": ["1"], "general.first_name": "สมชาย"}
    source = tmp_path / "answers.json"
    for encoding in ("utf-8", "utf-8-sig"):  # Windows editors begin a file with a mark
        source.write_text(json.dumps(given, ensure_ascii=False), encoding=encoding)
        done("set", draft, "--from", source)
        assert answers(draft) == {"general.province": "TH-55", **given}
    assert done("set", draft, "--from", source, "--json").json["answers"] == {}


def test_set_takes_all_of_a_file_or_nothing(draft, tmp_path):
    source = tmp_path / "answers.json"
    source.write_text('{"g1": "yes", "nowhere": 1}', encoding="utf-8")
    refused(2, "set", draft, "--from", source, says="no field “nowhere”", thai="nowhere")
    assert answers(draft) == {"general.province": "TH-55"}


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("nowhere", "yes", "The form has no field “nowhere”"),
        ("p1.2", "yes", "p1.2: This is a heading"),
        ("p4.1.count", "many", "p4.1.count: This must be a number"),
        ("p4.1.count", "1.5", "p4.1.count: This must be a whole number"),
        ("p4.2.2.2", "100.01", "p4.2.2.2: The number must be between 0 and 100, but 100.01 was typed"),
        ("p4.1.count", "-1", "p4.1.count: The number must be 0 or more, but -1 was typed"),
        ("g1", "perhaps", "g1: The question has no such option"),
        ("p5.3", "1,none", "p5.3: “None” cannot be chosen together"),
        ("general.email", "nan", "general.email: An e-mail address needs the sign @"),
        ("general.first_name", "ก" * 1001, "general.first_name: The text is too long"),
        ("g4.1", "[[[", "g4.1: This is not the kind of answer"),
    ],
)
def test_set_refuses_what_does_not_fit_and_stores_nothing(draft, field, typed, says):
    refused(2, "set", draft, field, typed, says=says, thai=field)
    assert answers(draft) == {"general.province": "TH-55"}


@pytest.mark.parametrize("given", [[], ["g1"], ["g1", "yes", "--from", "a.json"], ["g1", "--from", "a.json"]])
def test_set_wants_an_answer_or_a_file(draft, given):
    refused(2, "set", draft, *given, says="Give a field and its answer, or a file with --from")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'"g1"',
        b'{"g1": "yes"',
        b"\xff\xfe{\x00}\x00",
        '{"g1": "เยส"}'.encode("cp874"),
        b"[" * 100_000,
        b'{"p4.1.count": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_file_that_is_not_json_with_answers_is_named(draft, tmp_path, content):
    source = tmp_path / "answers.json"
    source.write_bytes(content)
    refused(3, "set", draft, "--from", source, says="“answers.json” is not JSON with answers", thai="answers.json")
    assert answers(draft) == {"general.province": "TH-55"}


@pytest.mark.parametrize(
    "value", ["NaN", "1e400", "3.0000000000000000001", "true", "{}", "1e-400", "[1]", '{"unread": "x"}']
)
def test_a_number_in_a_file_must_be_one(draft, tmp_path, value):
    source = tmp_path / "answers.json"
    source.write_text(f'{{"p4.1.count": {value}}}', encoding="utf-8")
    sentence = run("set", draft, "--from", source, "--lang", "en").refusal(2, "en")
    assert sentence.startswith(("p4.1.count: This must be a ", "p4.1.count: The number must be "))
    assert answers(draft) == {"general.province": "TH-55"}


def test_a_file_larger_than_any_form_is_not_read(draft, tmp_path):
    source = tmp_path / "answers.json"
    with source.open("wb") as stream:
        stream.truncate((16 << 20) + 1)
    refused(3, "set", draft, "--from", source, says="“answers.json” is too large", thai="ใหญ่เกิน")


def test_a_file_that_is_not_there_or_a_folder_cannot_be_read(draft, tmp_path):
    refused(3, "set", draft, "--from", tmp_path / "ไม่มี.json", says="The file “ไม่มี.json” cannot be read")
    refused(3, "set", draft, "--from", tmp_path, says="cannot be read")


# -- attach ----------------------------------------------------------------------------------------------------------


def test_attach_stores_a_file_with_its_mark(draft, evidence):
    done("set", draft, "g1", "yes")
    document = done("attach", draft, "g1/yes", evidence, "--pages", "๑", "--passages", "ย่อหน้าแรก", "--json").json
    assert document == {
        "slot": "g1/yes",
        "sha256": sha256(evidence.read_bytes()).hexdigest(),
        "name": evidence.name,
        "size": evidence.stat().st_size,
        "media_type": "application/pdf",
        "pages": "๑",
        "passages": "ย่อหน้าแรก",
        "inspected": {"found": [], "pages": 1, "signed": False},
    }


def test_attach_says_that_a_file_is_not_marked_and_takes_the_whole_file(draft, evidence, tmp_path):
    done("set", draft, "g1", "yes")
    assert "ยังไม่ได้ทำเครื่องหมาย" in done("attach", draft, "g1/yes", evidence).out
    unmarked = [one for one in run("check", draft, "--json").json["problems"] if one["slot"] == "g1/yes"]
    assert [(one["id"], one["severity"]) for one in unmarked] == [("evidence.unmarked", "error")]
    other = tmp_path / "คำสั่ง 2.pdf"
    other.write_bytes(evidence.read_bytes() + b"\n")
    document = done("attach", draft, "g1/yes", other, "--whole", "--json").json
    assert document["whole"] is True and document["pages"] == ""
    left = [one for one in run("check", draft, "--json").json["problems"] if one["slot"] == "g1/yes"]
    assert [(one["id"], one["severity"]) for one in left] == [("evidence.unmarked_file", "warning")]


def test_attached_files_are_marked_afterwards(draft, evidence, tmp_path):
    other = tmp_path / "คำสั่ง 2.pdf"
    other.write_bytes(evidence.read_bytes() + b"\n")
    done("set", draft, "g1", "yes")
    refused(2, "evidence", "mark", draft, "g1/yes", "--whole", says="No file is attached at G1", thai="ยังไม่มีไฟล์")
    done("attach", draft, "g1/yes", evidence, other)
    refused(2, "evidence", "mark", draft, "g1/yes", says="--whole", thai="--whole")
    refused(2, "evidence", "mark", draft, "g1/yes", "ไม่มี.pdf", "--whole", says=f"1 {evidence.name}; 2 {other.name}")
    assert "ระบุใจความสำคัญ" in done("evidence", "mark", draft, "G1", other.name, "--pages", "๑").out
    assert "ยังไม่ได้" in done("evidence", "mark", draft, "G1", evidence.name, "--pages", "-").out
    marked = done("evidence", "mark", draft, "g1/yes", "--whole", "--json").json["marked"]
    assert [(one["pages"], one["whole"]) for one in marked] == [("-", True), ("๑", True)]
    assert "g1/yes" not in {one["slot"] for one in run("check", draft, "--json").json["problems"]}


def test_attach_takes_marks_with_notes(draft, evidence):
    with pikepdf.open(evidence, allow_overwriting_input=True) as document:
        for _ in range(2):
            document.add_blank_page()
        document.save(evidence)
    marks = ["--mark", "3:0.1,0.2,0.5,0.3 หน้า 3 ข้อ 2", "--mark", "1:0,0,1,.5"]
    document = done("attach", draft, "g1/yes", evidence, *marks, "--json").json
    assert document["marks"] == [
        {"page": 3, "rects": [[0.1, 0.2, 0.5, 0.3]], "note": "หน้า 3 ข้อ 2", "text": ""},
        {"page": 1, "rects": [[0.0, 0.0, 1.0, 0.5]], "note": "", "text": ""},
    ]


@pytest.mark.parametrize(
    "mark", ["", "3", "3:", "3:1,2,3,4", "0:0,0,1,1", "x:0,0,1,1", "1:0,0,1", "1:0,0,0,1", "1:nan,0,1,1", "1:0;0;1;1"]
)
def test_attach_refuses_a_mark_that_cannot_be_read(draft, evidence, mark):
    refused(2, "attach", draft, "g1/yes", evidence, f"--mark={mark}", says="cannot be read", thai="เครื่องหมาย")
    assert done("attach", draft, "g1/yes", evidence, "--json")


def test_attach_finds_the_place_of_a_question_by_its_answer(draft, evidence):
    done("set", draft, "p1.2a:1.1", "exempt")
    assert done("attach", draft, "p1.2a:1.1", evidence, "--json").json["slot"] == "p1.2a:1.1/exempt"
    assert "แนบ" in done("attach", draft, "p1.2a:1.1/yes", evidence).out
    # g1 is not answered yet: no place of it is open.
    refused(2, "attach", draft, "g1", evidence, says="The form has no place for evidence “g1”")


@pytest.mark.parametrize("slot", ["nowhere", "g1/no", "g1", "p1.4.1", ""])
def test_attach_refuses_a_wrong_place(draft, evidence, slot):
    refused(2, "attach", draft, slot, evidence, says=f"no place for evidence “{slot}”", thai="ไม่ได้แนบไฟล์")


def test_attach_refuses_missing_empty_and_double_files(draft, evidence, tmp_path):
    refused(3, "attach", draft, "g1/yes", tmp_path / "ไม่มี.pdf", says="“ไม่มี.pdf” cannot be opened and was not attached")
    refused(3, "attach", draft, "g1/yes", tmp_path, says="cannot be opened")
    empty = tmp_path / "ว่าง.pdf"
    empty.touch()
    refused(2, "attach", draft, "g1/yes", empty, says="“ว่าง.pdf” is empty", thai="ว่างเปล่า")
    done("attach", draft, "g1/yes", evidence)
    refused(2, "attach", draft, "g1/yes", evidence, says="attached here already", thai="อยู่แล้ว")
    refused(2, "attach", draft, "g1/yes", draft, says="cannot be attached to itself")
    refused(2, "attach", draft, "g2/yes", evidence, "--pages", "1" * 2001, says="g2/yes: The text is too long")


# -- printed codes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value", "address"),
    [
        ("P1.4", "yes", "p1.4"),
        ("P.2.1.4", "yes", "p2.1.4"),
        ("๔.๒.๒.๒", "80", None),
        ("P4.2.2.2", "80", "p4.2.2.2"),
        ("P5.1-3", "yes", "p5.1.table:3"),
        ("P3.1-1 (2)", "yes", "p3.1.table:1:measure"),
        ("A2.1.3.1", "คลาวด์ของจังหวัด", "p6.1.a.2.1.3.1"),
        ("P2.1.4b-4", "ชุดข้อมูล", "p2.1.4b.name#1"),
    ],
)
def test_a_field_is_named_by_its_printed_code(draft, typed, value, address):
    result = run("set", draft, typed, value, "--json")
    assert (list(result.json["answers"]) == [address]) if address else result.code == 2


def test_the_number_of_an_item_is_the_one_that_people_see_now(draft, evidence):
    refused(2, "set", draft, "P2.1.4b-5", "ชุดข้อมูล", says="items that are there", thai="รายการที่มี")
    refused(2, "attach", draft, "P2.1.4b-5", evidence, says="items that are there", thai="รายการที่มี")
    done("set", draft, "--from", written(draft, {"p2.1.4b": ["3", "1"]}))
    assert list(done("set", draft, "P2.1.4b-5", "ข", "--json").json["answers"]) == ["p2.1.4b.name#1"]
    assert list(done("set", draft, "P2.1.4b-4", "ก", "--json").json["answers"]) == ["p2.1.4b.name#3"]
    assert done("attach", draft, "P2.1.4b-4", evidence, "--json").json["slot"] == "p2.1.4b#3"


def written(draft, answers):
    path = draft.with_name("คำตอบ.json")
    path.write_text(json.dumps(answers), encoding="utf-8")
    return path


def test_a_file_is_attached_by_the_code_printed_beside_the_request(draft, evidence):
    for typed, slot in (("P1.3.3", "p1.3/yes"), ("A.2.1.1", "p6.1.a.2.1/1"), ("P2.1.4-4", "p2.1.4b#1")):
        assert done("attach", draft, typed, evidence, "--json").json["slot"] == slot


def test_a_code_with_several_places_lists_them_and_saves_nothing(draft, evidence):
    told = {"says": "p5.3.software.2 (P5.3.1.2 P5.3", "thai": "p5.3.1.2 (P5.3.1.2 P5.3.1"}
    before = answers(draft)
    refused(2, "set", draft, "P5.3.1.2", "devices x", **told)
    refused(2, "attach", draft, "P1.5", evidence, says="p1.5/exempt (P1.5", thai="p1.5/yes (P1.5")
    refused(2, "attach", draft, "P1.3 แผน", evidence, says="no place for evidence", thai="ไม่มีที่แนบหลักฐาน")
    assert answers(draft) == before


def test_an_extension_is_set_in_its_own_field(draft):
    out = done("set", draft, "general.office_phone", "0 2123 4567 ต่อ 1234").out
    assert "โทรศัพท์ที่ทำงาน = 0 2123 4567\n" in out and "เบอร์ต่อ = 1234\n" in out
    assert answers(draft)["general.extension"] == "1234"


def test_another_extension_is_kept_and_the_reason_is_told(draft, tmp_path):
    done("set", draft, "general.extension", "99")
    told = run("set", draft, "general.office_phone", "0 2123 4567 กด 12")
    assert told.code == 0 and "12" in told.err and "99" in told.err
    assert answers(draft)["general.office_phone"] == "0 2123 4567 ต่อ 12"
    assert answers(draft)["general.extension"] == "99"
    source = tmp_path / "answers.json"
    source.write_text('{"general.office_phone": "0 2123 4567 ต่อ 13"}', encoding="utf-8")
    assert "13" in run("set", draft, "--from", source).err
    assert "99" in run("check", draft).out


@pytest.mark.parametrize(
    "typed",
    ["\u202e12\u202c", "a\x07b\x1b[31m", "<b>x</b>", "ก" * 100_000, "12 13", "a@b.go.th c@d.go.th", "=1+1", "{0}%s"],
    ids=["marks", "controls", "html", "long", "two numbers", "two e-mails", "formula", "format"],
)
@pytest.mark.parametrize(
    "field",
    ["general.first_name", "general.office_phone", "general.email", "p4.1.count", "p2.1.1.2", "p1.4.1", "g1", "p5.3"],
)
def test_whatever_is_set_is_stored_or_refused_in_one_plain_sentence(draft, field, typed):
    before = answers(draft)
    result = run("set", draft, field, typed)
    if result.code == 0:
        assert field in answers(draft)
    else:
        sentence = result.refusal(2)
        assert field in sentence and "\x1b" not in sentence and "\u202e" not in sentence
        assert answers(draft) == before


@pytest.mark.parametrize("page", [4, 9, 1000])
def test_attach_refuses_a_mark_on_a_page_that_is_not_there(draft, tmp_path, page):
    from evidence.inspection.looking import pdf

    source = tmp_path / "แผน.pdf"
    source.write_bytes(pdf(3))
    before = listing(draft.parent)
    says, thai = f"page {page}, but “แผน.pdf” has 3 pages", f"หน้า {page} แต่ไฟล์ “แผน.pdf” มี 3 หน้า"
    done("set", draft, "g1", "yes")
    refused(2, "attach", draft, "g1/yes", source, "--mark", f"{page}:0.1,0.1,0.4,0.2", says=says, thai=thai)
    assert set(listing(draft.parent)) == set(before)
    done("attach", draft, "g1/yes", source, "--mark", "3:0.1,0.1,0.4,0.2")


def test_attach_prints_the_outcome_that_stays_with_the_file(draft, tmp_path):
    from evidence.inspection.looking import pdf

    source = tmp_path / "แผน.pdf"
    source.write_bytes(pdf(3))
    done("set", draft, "g1", "yes")
    report = done("attach", draft, "g1/yes", source, "--json").json
    assert report["inspected"] == {"found": [], "pages": 3, "signed": False} and "findings" not in report


# -- flag ------------------------------------------------------------------------------------------------------------


def test_a_flag_is_set_by_code_listed_counted_and_taken_away(draft):
    assert done("flag", draft, "--json").json == {"flags": []}
    problems = run("check", draft, "--json").json["problems"]
    done("flag", draft, "P๑.๔", "--note", "ถามคลังจังหวัด")
    found = done("flag", draft, "P1.2a", "--json").json["flags"]
    assert [(one["field"], one["note"]) for one in found] == [("p1.2a", ""), ("p1.4", "ถามคลังจังหวัด")]
    listed = done("flag", draft).out
    assert "P1.4" in listed and "ถามคลังจังหวัด" in listed and "ปักธงไว้ 2 ข้อ" in listed
    checked = run("check", draft, "--json").json
    assert checked["flags"] == found and checked["problems"] == problems
    assert "⚑ P1.4" in run("check", draft).out
    assert done("flag", draft, "p1.4", "--clear", "--json").json == {"flags": found[:1]}


def test_a_flag_on_nothing_is_refused_and_changes_nothing(draft):
    before = draft.read_bytes()
    refused(2, "flag", draft, "P99", says="P99")
    refused(2, "flag", draft, "--clear", says="question")
    refused(2, "flag", draft, "--note", "x", says="question")
    refused(2, "flag", draft, "P1.4", "--note", "x", "--clear", says="not both")
    assert draft.read_bytes() == before
