"""``print``: the survey on paper, from the command line."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest

from cli.support import done, refused, run


def text_of(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def test_a_ready_form_is_printed_for_signature(ready: Path, tmp_path: Path) -> None:
    report = done("print", ready, "--json").json
    out = Path(report["path"])
    assert out == ready.with_suffix(".pdf") and report["variant"] == "final" and report["missing"] == {}
    assert len(pypdf.PdfReader(out).pages) == report["pages"] > 35
    assert report["answers_digest"] in text_of(out).replace(" ", "")
    sent = ("export", "--never-sent", ready, tmp_path / "a.zip", "--person", "สมหญิง", "--no-passphrase", "--json")
    bundle = done(*sent).json
    assert bundle["answers_digest"] == report["answers_digest"]
    assert Path(bundle["signoff"]).read_bytes().startswith(b"%PDF")


def test_after_a_change_since_the_last_export_it_is_said_why_no_digest_is_printed(ready: Path, tmp_path: Path) -> None:
    signing = ("--person", "สมหญิง", "--no-passphrase")
    done("export", "--never-sent", ready, tmp_path / "a.zip", *signing)
    unchanged = done("print", ready, "--json", "--out", tmp_path / "a.pdf").json
    assert unchanged["answers_digest"] in text_of(tmp_path / "a.pdf").replace(" ", "")
    done("set", ready, "general.first_name", "กาญจนา")
    told = run("print", ready, "--out", tmp_path / "b.pdf", "--lang", "en")
    assert told.code == 0 and "covers the reason" in told.err
    assert done("print", ready, "--json", "--out", tmp_path / "c.pdf").json["answers_digest"] is None
    correction = done("export", ready, tmp_path / "b.zip", "--reason", "ชื่อผู้กรอก", "--json").json
    again = done("print", ready, "--json", "--out", tmp_path / "d.pdf").json
    assert again["answers_digest"] == correction["answers_digest"]
    assert again["answers_digest"] in text_of(tmp_path / "d.pdf").replace(" ", "")


def test_an_unfinished_form_is_printed_as_a_draft_and_not_for_signature(draft: Path, tmp_path: Path) -> None:
    out = tmp_path / "ร่าง.pdf"
    said = done("print", draft, "--out", out).out
    assert str(out) in said and "หน้า" in said
    assert "ฉบับร่าง" in text_of(out)
    final = ("print", draft, "--variant", "final", "--out", tmp_path / "x.pdf")
    refused(1, *final, says="cannot be printed for signature")
    assert not (tmp_path / "x.pdf").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--variant", "blank"], "แบบฟอร์มสำหรับกรอกด้วยมือ"),
        (["--variant", "answers"], "เฉพาะคำตอบ"),
        (["--variant", "compact"], "ฉบับย่อสำหรับผู้พิจารณาอนุมัติ"),
        (["--variant", "problems"], "รายการที่ต้องแก้ไขและตรวจสอบ"),
        (["--section", "p3", "--large", "--without-notes"], "ส่วนที่ 3"),
        (["--digits", "thai", "--skipped", "leave-out"], "หน้า ๑ จาก"),
    ],
)
def test_every_way_of_printing(draft: Path, tmp_path: Path, arguments: list[str], says: str) -> None:
    out = tmp_path / "out.pdf"
    done("print", draft, "--out", out, *arguments)
    assert says in text_of(out)


def test_printing_does_not_touch_the_draft(draft: Path, tmp_path: Path) -> None:
    before = draft.read_bytes()
    done("print", draft, "--out", tmp_path / "out.pdf")
    assert draft.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([draft.name, "out.pdf"])


def test_nothing_but_a_pdf_is_replaced(draft: Path, tmp_path: Path) -> None:
    before = draft.read_bytes()
    refused(2, "print", draft, "--out", draft, says="is read by the same command")
    assert draft.read_bytes() == before
    refused(3, "print", draft, "--out", tmp_path / "gone" / "x.pdf", says="does not exist")


def test_a_section_that_is_not_there_is_refused_with_those_that_are(draft: Path, tmp_path: Path) -> None:
    refused(2, "print", draft, "--section", "p9", "--out", tmp_path / "x.pdf", says="general, g, p1")


def test_signs_that_no_font_has_are_told(draft: Path, tmp_path: Path) -> None:
    done("set", draft, "general.address", "ศาลากลาง 😀")
    result = run("print", draft, "--out", tmp_path / "x.pdf")
    assert result.code == 0 and "U+1F600" in result.err


def test_the_demo_prints_the_survey_of_its_bundle(made: Path) -> None:
    survey = (made / "demo" / "demo.pdf").read_bytes()
    assert 35 < len(pypdf.PdfReader(io.BytesIO(survey)).pages) <= 60
    assert (made / "demo" / "demo.signoff.pdf").is_file()
