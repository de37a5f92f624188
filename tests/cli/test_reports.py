"""``check``, ``score``, ``backup``, ``questionnaire``: what they report, as sentences and as JSON."""

from __future__ import annotations

import shutil

from cli.support import done, listing, refused, run
from dgdesk.draft.drafts import open_draft
from dgdesk.resources import resource
from dgdesk.survey.answers.values import encode
from dgdesk.survey.definition.form import WITHOUT_ANSWER
from scenario import best

EDITION = "th-province-2568"

# -- check -----------------------------------------------------------------------------------------------------------


def test_check_of_a_new_draft_says_what_is_missing_and_where(draft):
    result = run("check", draft, "--json")
    assert (result.code, result.err) == (1, "")
    report = result.json
    assert report.keys() == {"ready", "percent", "since_export", "sections", "pages", "problems", "notices"} | {
        *("unsent", "flags")
    }
    assert report["since_export"] == {"state": "never", "changes": 0}
    assert report["ready"] is False and report["percent"] == 0
    assert set(report["sections"]) == {"general", "g", *(f"p{number}" for number in range(1, 9))}
    general = report["sections"]["general"]
    assert general == {"status": "in_progress", "percent": 12, "answers": [1, 8], "evidence": [0, 0]}
    first = report["problems"][0]
    assert first == {
        "id": "missing.answer",
        "severity": "error",
        "field": "general.address",
        "code": None,
        "slot": None,
        "where": "ที่ตั้งหน่วยงาน",
        "message": "ยังไม่ได้กรอกช่องนี้",
    }
    assert {"g1", "p1.1"} <= {problem["field"] for problem in report["problems"]}


def test_check_in_words_ends_with_the_count(draft):
    english = run("check", draft, "--lang", "en")
    lines = english.out.splitlines()
    errors = len(run("check", draft, "--json").json["problems"])
    assert english.code == 1 and english.err == ""
    assert lines[0] == "✗ ที่ตั้งหน่วยงาน: This has not been filled in yet."
    assert any(line.startswith("✗ G1 จังหวัดของท่าน") and "No answer has been chosen yet." in line for line in lines)
    assert len(set(lines)) == len(lines)
    assert lines[-1] == f"Not ready to submit: {errors} problems, 0 warnings, 0 per cent done."
    assert len(lines) == errors + 1
    assert run("check", draft).out.splitlines()[-1].startswith("ยังไม่พร้อมส่ง")


def test_check_names_evidence_with_its_place(draft):
    done("set", draft, "g1", "yes")
    problems = run("check", draft, "--json", "--lang", "en").json["problems"]
    (one,) = [problem for problem in problems if problem["slot"]]
    assert one["slot"] == "g1/yes" and one["code"] == "G1" and one["id"] == "missing.evidence"


def test_check_of_a_ready_draft_is_done(ready):
    report = done("check", ready, "--json").json
    assert report["ready"] is True and report["percent"] == 100
    assert not [problem for problem in report["problems"] if problem["severity"] == "error"]
    assert "Ready to submit" in done("check", ready, "--lang", "en").out
    done("set", ready, "p4.2.2.satisfaction", "score")
    assert run("check", ready, "--json").json["ready"] is False


def test_looking_changes_nothing(ready, tmp_path):
    before = listing(tmp_path)
    copy = tmp_path.parent / f"{tmp_path.name}-copy.dgdesk"
    for command in (["check", ready], ["score", ready], ["backup", ready, copy]):
        done(*command)
    assert listing(tmp_path) == before


# -- score -----------------------------------------------------------------------------------------------------------


def test_score_by_json_adds_up_and_calls_itself_an_estimate(ready):
    report = done("score", ready, "--json", "--gains", "3").json
    assert {"total", "interval", "without_progress", "pillars", "gains"} <= report.keys()
    assert report["estimate"] is True
    total = report["total"]
    parts = ("earned", "waiting", "open", "external", "lost")
    assert round(sum(total[part] for part in parts), 2) == total["weight"] == 100
    assert report["interval"] == [total["earned"], round(total["claimed"] + total["external"] + total["open"], 2)]
    assert report["without_progress"]["earned"] <= total["earned"]
    # Figures are rounded one by one: seven pillars are off by half a hundredth each at most.
    assert round(sum(pillar["earned"] for pillar in report["pillars"]), 2) == total["earned"]
    assert len(report["gains"]) <= 3


def test_score_of_a_form_answered_for_full_points_without_files(draft, clock):
    """20.375 needs no evidence, 78.33 is as answered, and everything is still possible."""
    with open_draft(draft, clock=clock, who="สมศรี") as opened:
        form = opened.session.form
        answered = [node for node in form.nodes if node.kind not in WITHOUT_ANSWER]
        opened.session.answer_all({node.address: encode(best(node)) for node in answered})
    lines = done("score", draft, "--gains", "0").out.splitlines()
    assert lines[0] == (
        "คะแนนประมาณการ (เต็ม 100): มีหลักฐานแล้ว 20.37 · ตามคำตอบ 78.33 · ช่วงคะแนนที่เป็นไปได้ ตั้งแต่ 20.37 ถึง 100.00"
    )
    assert lines[2] == "หากไม่นับงานที่อยู่ระหว่างดำเนินการ: มีหลักฐานแล้ว 20.37 ตามคำตอบ 78.33"
    assert all(figure in lines[1] for figure in ("“มีหลักฐานแล้ว”", "“ตามคำตอบ”", "“ช่วงคะแนนที่เป็นไปได้”"))
    english = done("score", draft, "--gains", "0", "--lang", "en").out.splitlines()[0]
    figures = "With evidence 20.37 · As answered 78.33 · Possible range from 20.37 to 100.00"
    assert english == f"Estimated score (of 100): {figures}"
    assert done("score", draft, "--json").json["interval"] == [20.37, 100.0]


def test_score_says_what_would_add_most(draft):
    done("set", draft, "p1.4", "yes")
    gains = done("score", draft, "--json", "--gains", "500").json["gains"]
    (one,) = [gain for gain in gains if gain["slot"] == "p1.4/yes"]
    assert one["kind"] == "evidence" and one["code"] == "P1.4" and one["points"] > 0
    points = [gain["points"] for gain in gains]
    assert points == sorted(points, reverse=True)
    words = done("score", draft, "--gains", "500", "--lang", "en").out
    assert any(
        "attach evidence at P1.4 " in line and line.endswith(f": +{one['points']}") for line in words.splitlines()
    )
    assert "The program's estimate, not the official score." in words
    assert "คะแนนประมาณการของโปรแกรม มิใช่ผลคะแนนอย่างเป็นทางการ" in done("score", draft, "--gains", "0").out
    assert done("score", draft, "--gains", "0", "--json").json["gains"] == []


# -- backup ----------------------------------------------------------------------------------------------------------


def test_backup_writes_a_copy_that_opens(ready, tmp_path):
    copy = tmp_path / "สำรอง.dgdesk"
    assert done("backup", ready, copy, "--json").json == {"path": str(copy), "damages": []}
    assert done("score", copy, "--json").json == done("score", ready, "--json").json
    before = copy.read_bytes()
    refused(3, "backup", ready, copy, says="already a file named “สำรอง.dgdesk”")
    refused(2, "backup", ready, ready, says="is read by the same command")
    refused(3, "backup", ready, tmp_path / "ไม่มี" / "a.dgdesk", says="a.dgdesk does not exist")
    assert copy.read_bytes() == before
    assert "Wrote the copy" in done("backup", ready, tmp_path / "b.dgdesk", "--lang", "en").out


# -- questionnaire ---------------------------------------------------------------------------------------------------


def test_lint_finds_the_shipped_questionnaire_sound():
    assert done("questionnaire", "lint", "--json").json == {"edition": EDITION, "ok": True, "flaws": []}
    assert "ระดับจังหวัด พ.ศ. 2568" in done("questionnaire", "lint", "--edition", EDITION).out


def test_lint_of_a_broken_folder_names_the_flaw(tmp_path):
    folder = tmp_path / EDITION
    shutil.copytree(resource(f"questionnaires/{EDITION}"), folder)
    text = (folder / "g.yaml").read_text(encoding="utf-8")
    (folder / "g.yaml").write_text(text.replace("to: g4,", "to: g99,"), encoding="utf-8")
    result = run("questionnaire", "lint", "--folder", folder, "--json")
    assert result.code == 1 and result.err == "" and result.json["ok"] is False
    (flaw,) = result.json["flaws"]
    assert flaw["code"] == "lint.unknown_target" and flaw["detail"] == "g99"
    assert flaw["message"] in run("questionnaire", "lint", "--folder", folder).out
    (folder / "g.yaml").write_text(text.replace("kind: single", "kind: sinngle", 1), encoding="utf-8")
    refused(3, "questionnaire", "lint", "--folder", folder, says="is not valid at g1")
    (folder / "g.yaml").write_text("[", encoding="utf-8")
    refused(3, "questionnaire", "dump", "--folder", folder, says="g.yaml cannot be read", thai="g.yaml")
    (folder / "g.yaml").unlink()
    refused(3, "questionnaire", "dump", "--folder", folder, says="g.yaml cannot be read")


def test_an_unknown_edition_is_told():
    for part in ("lint", "dump"):
        refused(3, "questionnaire", part, "--edition", "th-province-1999", says="survey “th-province-1999”")


def test_dump_keeps_the_contract():
    document = done("questionnaire", "dump", "--json").json
    assert document.keys() == {
        *("edition", "sections", "fields", "notes", "evidence_slots", "skips", "texts"),
        "unscored",
    }
    assert document["unscored"] == [{"id": "g4", "basis": "assumed"}, {"id": "p8", "basis": "printed"}]
    assert document["edition"] == EDITION
    for section in document["sections"]:
        assert section.keys() == {"id", "title", "indicator", "weight"}
    kinds = {"text", "long_text", "number", "percent", "url", "email", "phone", "month_year"}
    kinds |= {"single", "multiple", "matrix", "repeat", "group"}
    for field in document["fields"]:
        assert field.keys() >= {"id", "code", "section", "parent", "kind", "label"}
        assert field.keys() >= {"options", "rows", "columns", "max_items"}
        assert field["kind"] in kinds
        for option in field["options"]:
            assert option.keys() >= {"id", "label", "evidence", "skip_to"}
            assert option["evidence"] in ("none", "required", "or_url", "optional")
    for skip in document["skips"]:
        assert skip.keys() == {"field", "option", "to"}
    assert "g1/yes" in document["evidence_slots"] and "g3.projects#5" in document["evidence_slots"]
    assert len(document["evidence_slots"]) == len(set(document["evidence_slots"]))
    lines = done("questionnaire", "dump").out.splitlines()
    assert len(lines) == len(document["fields"]) and lines[0].split("\t")[:2] == ["general.province", "single"]
    codes = [line.split("\t")[2] for line in lines]
    assert [codes.count(code) for code in ("P2.1.2", "P2.4", "P3.1", "P5.1", "P6.2.2")] == [1] * 5


# -- what stands against files -----------------------------------------------------------------------------------------


def test_check_has_a_notice_for_what_was_found_in_a_file(draft, tmp_path):
    from evidence.inspection.looking import OLD, pdf

    done("set", draft, "g1", "yes")
    for name, content in (("ขาด.pdf", pdf(3, **OLD)[:-300]), ("ดี.pdf", pdf(2))):
        (tmp_path / name).write_bytes(content)
        run("attach", draft, "g1/yes", tmp_path / name)
    report = run("--lang", "en", "check", draft, "--json").json
    (notice,) = report["notices"]
    assert {key: notice[key] for key in ("id", "field", "code", "slot", "file")} == {
        "id": "incoming.damaged",
        "field": "g1",
        "code": "G1",
        "slot": "g1/yes",
        "file": "ขาด.pdf",
    }
    assert "“ขาด.pdf” is damaged" in notice["message"] and not any(
        "incoming" in one["id"] for one in report["problems"]
    )
    words = run("check", draft).out
    assert "› มี: ไฟล์ “ขาด.pdf” เสียหาย" in words and "ดี.pdf" not in words
