"""The first day, as a person at a keyboard lives it: from a new draft to a table at the agency, each step a process."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import jsonschema
import pytest

from cli.support import result_of, run, start

SCHEMA = Path(__file__).parents[2] / "docs" / "submission.schema.json"


class Person:
    """Someone in a folder with Thai letters and spaces, with a profile of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: object, code: int = 0, **environment: str):
        home = {"DGDESK_HOME": str(self.folder / "โปรไฟล์"), "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
        result = result_of(start(*arguments, **home, **environment))
        assert result.code == code and result.err == "", (result.code, result.out, result.err)
        return result

    def refused(self, code: int, *arguments: object) -> str:
        # In this process: what is refused is spoken of in tests/cli.
        return run(*arguments).refusal(code)


@pytest.fixture
def person(thai_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setenv("DGDESK_HOME", str(thai_path / "โปรไฟล์"))
    monkeypatch.delenv("DGDESK_PASSPHRASE", raising=False)
    return Person(thai_path)


def test_from_a_new_draft_to_the_agencys_table(person):
    here = person.folder
    draft, bundle, certificate = here / "น่าน.dgdesk", here / "น่าน ฉบับร่าง.zip", here / "signer.pem"

    # A new draft for the province, by its official name.
    assert person("new", draft, "--province", "น่าน", "--who", "สมชาย", "--json").json["province"] == "TH-55"
    assert "มีไฟล์ชื่อ" in person.refused(3, "new", draft)

    # Answers: one by one, in Thai digits, and many from a file.
    assert person("set", draft, "g1", "yes", "--json").json["answers"] == {"g1": "yes"}
    many = {"p1.4": "yes", "p4.1": "known", "p4.1.count": 24, "p4.2.2": "yes", "p4.2.2.satisfaction": "score"}
    (here / "คำตอบ.json").write_text(json.dumps(many), encoding="utf-8")
    assert person("set", draft, "--from", here / "คำตอบ.json", "--json").json["answers"] == many
    assert "P4.2.2.3 ระบุ = 4.35" in person("set", draft, "p4.2.2.3", "๔.๓๕").out
    assert "p4.1.count" in person.refused(2, "set", draft, "p4.1.count", "ราว 30")

    # Evidence: the score that can be defended rises by what was announced.
    before = person("score", draft, "--json", "--gains", "500").json
    (gain,) = [one["points"] for one in before["gains"] if one["slot"] == "p1.4/yes"]
    (here / "แผนธรรมาภิบาล.pdf").write_bytes(b"%PDF-1.7 evidence")
    document = person("attach", draft, "p1.4", here / "แผนธรรมาภิบาล.pdf", "--pages", "๒", "--json").json
    assert (document["slot"], document["name"]) == ("p1.4/yes", "แผนธรรมาภิบาล.pdf")
    after = person("score", draft, "--json").json
    assert round(after["total"]["earned"] - before["total"]["earned"], 2) == pytest.approx(gain, abs=0.011)
    assert after["total"]["claimed"] == pytest.approx(before["total"]["claimed"], abs=0.011)

    # What is still missing; it cannot be handed in yet.
    report = person("check", draft, "--json", code=1).json
    assert report["ready"] is False and 0 < report["percent"] < 100
    assert "g1/yes" in {problem["slot"] for problem in report["problems"]}
    assert "ยังไม่พร้อมส่ง" in person.refused(1, "export", draft, bundle, "--person", "สมชาย", "--no-passphrase")
    assert not bundle.exists()

    # As a draft it can, signed under a passphrase that stands nowhere.
    secret = {"DGDESK_PASSPHRASE": "น้ำใส ปลาเห็นตัว"}
    signing = ("--person", "สมชาย ใจดี", "--certificate", certificate)
    exported = person("export", draft, bundle, "--draft", *signing, "--json", **secret).json
    assert "รหัสผ่าน" in person.refused(2, "export", draft, here / "b.zip", "--draft")

    # The agency checks it: not without the certificate, then with it.
    assert person("verify", bundle, "--json", code=1).json["problems"][0]["code"] == "verify.origin_unchecked"
    verdict = person("verify", bundle, "--trust", certificate, "--json").json
    assert verdict["ok"] and verdict["digest"] == exported["digest"] and verdict["draft"] is True
    assert (verdict["signer"], verdict["province"]) == ("สมชาย ใจดี", "TH-55")
    with zipfile.ZipFile(bundle) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith("data/submission.json")]
        submission = json.loads(archive.read(name))
        assert b"4.35" in archive.read(name)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(submission)
    assert submission["answers"]["p4.2.2.3"] == 4.35
    assert [item["name"] for item in submission["evidence"]] == ["แผนธรรมาภิบาล.pdf"]

    # A copy that opens and says the same, and a table of what came in.
    copy = here / "สำรอง.dgdesk"
    assert person("backup", draft, copy, "--json").json["damages"] == []
    assert person("score", copy, "--json").json == after
    broken = here / "เสีย.zip"
    broken.write_bytes(bundle.read_bytes()[:-10])
    out = person("collate", here / "ทั้งหมด.csv", bundle, broken, "--trust", certificate, code=1).out
    assert "ผ่าน 1 ไฟล์" in out and "ไม่ผ่าน 1 ไฟล์" in out
    rows = list(csv.DictReader(io.StringIO((here / "ทั้งหมด.csv").read_bytes().decode("utf-8-sig"), newline="")))
    assert [(row["file"], row["accepted"]) for row in rows] == [(bundle.name, "yes"), (broken.name, "no")]
    assert [row["province"] for row in rows] == ["TH-55", ""]

    # Nothing was left lying about.
    assert {path.name for path in here.iterdir()} == {
        *("น่าน.dgdesk", "คำตอบ.json", "แผนธรรมาภิบาล.pdf", "โปรไฟล์", "signer.pem", "สำรอง.dgdesk"),
        *(bundle.name, f"{bundle.stem}.signoff.pdf", broken.name, "ทั้งหมด.csv"),
        *(f"ทั้งหมด-{table}.csv" for table in ("answers", "evidence", "fields", "rejected", "scores", "submissions")),
    }


def test_the_questionnaire_can_be_looked_at_by_itself(person):
    assert person("questionnaire", "lint", "--json").json["ok"] is True
    document = person("questionnaire", "dump", "--json").json
    assert len(document["fields"]) > 200 and len(document["texts"]) > 500


def test_with_no_display_the_headless_commands_never_load_the_window(thai_path):
    """PySide6 need not even be there."""
    hidden = thai_path / "hidden" / "PySide6"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError('no window here')", encoding="utf-8")
    source = Path(__file__).parents[2] / "src"
    process = start("new", thai_path / "a.dgdesk", PYTHONPATH=os.pathsep.join((str(hidden.parent), str(source))))
    assert (process.returncode, process.stderr) == (0, b"")
    shutil.rmtree(hidden.parent)
