"""What is handed in: what shows, exactly as answered, signed; and nothing before it is ready."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import jsonschema
import pytest

from dgdesk.bundle.submission import SCHEMA_FILE, SCHEMA_TWO_FILE
from dgdesk.bundle.verify import verify_bundle
from dgdesk.errors import DgdeskError
from dgdesk.submission.corrections import Replaced, differences
from dgdesk.submission.export import digest_for_signature, export_draft
from dgdesk.submission.gather import gather
from dgdesk.text.messages import load_catalogue

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
SCHEMA_TWO = json.loads((Path(__file__).parents[3] / SCHEMA_TWO_FILE).read_text(encoding="utf-8"))
SCHEMA = json.loads((Path(__file__).parents[3] / SCHEMA_FILE).read_text(encoding="utf-8"))


@pytest.fixture
def finished(desk, ready):
    """A person at work with a draft that is ready."""
    desk.close()
    shutil.copyfile(ready, desk.path)
    return desk


def contents(bundle):
    with zipfile.ZipFile(bundle) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def submitted(files):
    return json.loads(files["data/submission.json"], parse_float=Decimal)


def export(desk, signer, **options):
    return export_draft(desk.draft, desk.folder / "ส่ง.zip", identity=signer, claimed_time=NOW, **options)


def test_a_ready_draft_is_exported_whole_and_verifies(finished, signer):
    report = export(finished, signer)
    verdict = verify_bundle(report.path, trusted=[signer.certificate_pem])
    assert verdict.ok and verdict.draft is False
    assert (verdict.digest, verdict.respondent, verdict.edition) == (report.digest, "TH-50", "th-province-2568")
    files = contents(report.path)
    document = submitted(files)
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(files["data/submission.json"]))
    assert document["definition_sha256"] == sha256(files["data/definition.json"]).hexdigest()
    assert files["data/definition.json"] == finished.draft.package.definition
    assert document["province"] == "TH-50" and document["format"] == 1
    assert "Source-Organization: เชียงใหม่\n" in files["bag-info.txt"].decode()
    assert b"DRAFT" not in files["bag-info.txt"]
    score = json.loads(files["data/score.json"])
    assert score["estimate"] is True


def test_every_file_is_listed_for_each_place_and_stored_once(finished, signer):
    files = contents(export(finished, signer).path)
    evidence = submitted(files)["evidence"]
    assert len(evidence) > 100 and len({item["slot"] for item in evidence}) == len(evidence)
    stored = {name.removeprefix("data/"): content for name, content in files.items() if "evidence/" in name}
    assert sorted(stored) == ["evidence/E0001.txt", "evidence/E0002.txt", "evidence/E0003.txt"]
    for item in evidence:
        content = stored[item["file"]]
        assert item["sha256"] == sha256(content).hexdigest() and item["size"] == len(content)
        assert item["name"] == content.decode()
        assert item["media_type"] == "text/plain" and item["pages"] == "1"


def test_answers_stand_as_they_were_given_and_numbers_are_exact(finished, signer):
    session = finished.session
    session.answer_all(
        {"p4.2.2.satisfaction": "score", "p4.2.2.3": 4.35, "p4.2.2.3.full": 5, "general.address": "บรรทัด\nสอง “น้ำ”"}
    )
    session.attach("p4.2.2.satisfaction/score", finished.file(), pages="1")
    files = contents(export(finished, signer).path)
    answers = submitted(files)["answers"]
    assert answers["p4.2.2.3"] == Decimal("4.35")
    assert answers["p4.2.2.3.full"] == 5 and isinstance(answers["p4.2.2.3.full"], int)
    assert answers["general.address"] == "บรรทัด\nสอง “น้ำ”"
    assert answers["g4.1"] == ["1", "3", "9"] and answers["general.province"] == "TH-50"
    assert answers["p1.2a:1.2"] == "doing"


def test_what_is_skipped_stays_in_the_draft_and_out_of_the_bundle(finished, signer):
    session = finished.session
    assert session.state.facts.evidence["g2/yes"]
    session.answer_all({"g1": "no", "g1.reason": "ยังไม่มี"})
    session.set_external("4.2", Decimal("5"))
    files = contents(export(finished, signer).path)
    document = submitted(files)
    hidden = {"g2", "g2.details", "g3", "g3.projects", "g3.projects.name#1"}
    assert hidden.isdisjoint(document["answers"]) and document["answers"]["g1.reason"] == "ยังไม่มี"
    assert not [item for item in document["evidence"] if item["slot"].startswith(("g1/", "g2/", "g3."))]
    assert not [key for key in document["answers"] if key.startswith("external")]
    session = finished.reopen()
    assert hidden <= session.state.facts.answers.keys()
    assert session.state.facts.evidence["g2/yes"] and session.state.facts.evidence["g3.projects#1"]


def test_evidence_at_an_option_that_is_not_chosen_is_not_handed_in(finished, signer):
    finished.session.attach("p4.2.2.satisfaction/score", finished.file(), pages="1")
    gathered = gather(finished.draft)
    assert "p4.2.2.satisfaction/score" not in {item.slot for item in gathered.submission.evidence}
    assert len(gathered.files) == 3


def test_a_draft_that_is_not_ready_is_refused_with_the_number_of_errors(desk, signer, refused):
    desk.session.answer_all({"general.province": "TH-55", "p4.1": "known"})
    desk.session.set_answer_from_text("p4.1.count", "ราว 30")
    errors = sum(problem.severity == "error" for problem in desk.session.state.problems)
    with refused("export.not_ready") as caught:
        export(desk, signer)
    assert caught.value.exit_code == 1 and caught.value.values == {"count": errors}
    assert not (desk.folder / "ส่ง.zip").exists() and desk.draft.package.exports() == ()


def test_as_a_draft_it_goes_out_and_says_so(desk, signer):
    desk.session.answer_all({"general.province": "TH-55", "p4.1": "known"})
    desk.session.set_answer_from_text("p4.1.count", "ราว 30")
    report = export(desk, signer, as_draft=True)
    verdict = verify_bundle(report.path, trusted=[signer.certificate_pem])
    assert verdict.ok and verdict.draft is True
    files = contents(report.path)
    assert b"DRAFT" in files["bag-info.txt"]
    assert submitted(files)["answers"]["p4.1.count"] == {"unread": "ราว 30"}
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(files["data/submission.json"]))


def test_without_a_province_nobody_could_tell_whose_it_is(desk, signer, refused):
    desk.session.answer("g1", "yes")
    with refused("export.no_respondent"):
        export(desk, signer, as_draft=True)
    assert desk.draft.package.exports() == ()


def test_the_register_remembers_every_export(finished, signer):
    first = export(finished, signer)
    finished.session.answer("general.position", "หัวหน้ากลุ่ม")
    with pytest.raises(DgdeskError, match="reason_missing"):
        export(finished, signer, replace=True)
    second = export(finished, signer, replace=True, reason="ตำแหน่งผิด")
    finished.reopen()
    lines = finished.draft.package.exports()
    assert [line.record["digest"] for line in lines] == [first.digest, second.digest]
    assert first.answers_digest != second.answers_digest
    assert lines[0].state < lines[1].state
    assert lines[1].record == {
        "digest": second.digest,
        "answers_digest": second.answers_digest,
        "signer": signer.fingerprint,
        "person": "สมชาย ใจดี",
        "claimed_time": NOW.isoformat(),
        "draft": False,
        "file": "ส่ง.zip",
        "counter": lines[1].state,
        "revision": 2,
        "supersedes": first.digest,
        "reason": "ตำแหน่งผิด",
    }
    document = submitted(contents(second.path))
    jsonschema.Draft202012Validator(SCHEMA_TWO).validate(json.loads(contents(second.path)["data/submission.json"]))
    assert (document["format"], document["revision"], document["supersedes"]) == (2, 2, first.digest)
    assert document["draft_id"] == finished.draft.package.draft_id
    verdict = verify_bundle(second.path, trusted=[signer.certificate_pem])
    assert (verdict.ok, verdict.draft_id, verdict.reason) == (True, document["draft_id"], "ตำแหน่งผิด")
    (line,) = differences(finished.draft, Replaced(lines[0], first.digest, 1), load_catalogue("th").text)
    assert "หัวหน้ากลุ่ม" in line.new
    assert digest_for_signature(finished.draft) == second.answers_digest  # nothing was changed since
    finished.session.answer("general.position", "หัวหน้างาน")
    assert digest_for_signature(finished.draft) is None  # the reason of the next correction is not known


def test_nothing_is_replaced_unasked_and_a_failed_export_is_not_registered(finished, signer, refused):
    (finished.folder / "ส่ง.zip").write_bytes(b"before")
    with refused("bundle.exists"):
        export(finished, signer)
    assert (finished.folder / "ส่ง.zip").read_bytes() == b"before"
    assert finished.draft.package.exports() == ()


def test_the_draft_itself_is_never_the_target(finished, signer, refused):
    """Even where replacing was asked for: the bundle would take the place of all the work."""
    before = finished.path.read_bytes()
    for target in (finished.path, finished.folder / "." / finished.path.name):
        with refused("export.onto_draft"):
            export_draft(finished.draft, target, identity=signer, claimed_time=NOW, replace=True)
    assert finished.path.read_bytes() == before


def test_names_that_only_linux_allows_do_not_stop_the_export(desk, signer):
    desk.session.answer_all({"general.province": "TH-55", "g1": "yes"})
    desk.session.attach("g1/yes", desk.file("ก\\ข\n.TXT", b"\x00\x01"), pages="1")
    (item,) = gather(desk.draft).submission.evidence
    assert item.name == "ก_ข_.TXT" and item.file == "evidence/E0001.txt"
    assert export(desk, signer, as_draft=True)


@pytest.mark.parametrize(
    ("name", "content", "file"),
    [
        ("a.bmp", b"\x00\x01", "evidence/E0001.bmp"),
        ("ไม่มีนามสกุล", b"\x00\x01", "evidence/E0001.bin"),
        ("a.นามสกุล", b"\x00\x01", "evidence/E0001.bin"),
        ("a.toolongsuffix", b"\x00\x01", "evidence/E0001.bin"),
        ("photo.png", b"\xff\xd8\xff\xe0", "evidence/E0001.jpg"),
        ("report.doc", b"%PDF-1.4", "evidence/E0001.pdf"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "evidence/E0001.doc"),
        ("NEW.DWG", b"AC1032\x00\x00", "evidence/E0001.dwg"),
    ],
)
def test_a_file_in_the_bundle_is_named_by_what_it_is(desk, name, content, file):
    desk.session.answer_all({"general.province": "TH-55", "g1": "yes"})
    desk.session.attach("g1/yes", desk.file(name, content), pages="1")
    (item,) = gather(desk.draft).submission.evidence
    assert (item.file, item.name) == (file, name)


@pytest.mark.parametrize(
    "content", [b"plain words", b"MZ\x90\0inert", b"PK\x03\x04"], ids=["text", "program", "archive"]
)
def test_evidence_that_is_not_of_its_kind_is_named_before_anything_is_written(desk, signer, refused, content):
    """A draft that somebody else made may say anything of a file; the receiver would refuse the whole bundle."""
    desk.session.answer_all({"general.province": "TH-55", "g1": "yes", "g2": "yes"})
    desk.session.attach("g1/yes", desk.file("แผน.txt", b"first"))
    there = desk.session.state.facts.evidence["g1/yes"][0]
    stored = desk.draft.package.add_file(io.BytesIO(content))
    claimed = replace(there, name="run\u202e.lnk", media_type="application/pdf", sha256=stored.sha256, size=stored.size)
    desk.session.attach_again("g2/yes", [claimed])
    with refused("export.evidence_unfit") as caught:
        export(desk, signer, as_draft=True)
    assert caught.value.values == {"name": "run.lnk", "places": "G2"}
    assert not list(desk.folder.glob("ส่ง*"))


@pytest.mark.parametrize("damage", ["first piece", "last piece", "a piece is gone", "a piece is short", "not stored"])
def test_evidence_that_was_damaged_in_the_draft_stops_the_export(desk, signer, refused, damage):
    """Wherever the damage lies: the sentence names the file and its places, and what was exported before stays."""
    import sqlite3
    from contextlib import closing

    content = b"%PDF- very much the original" * 90_000  # three pieces
    desk.session.answer_all({"general.province": "TH-55", "g1": "yes", "g2": "yes"})
    for slot in ("g1/yes", "g2/yes"):
        desk.session.attach(slot, desk.file("คำสั่ง.pdf", content), pages="1")
    before = export(desk, signer, as_draft=True).path.read_bytes()
    desk.close()
    with closing(sqlite3.connect(desk.path)) as connection, connection:
        last = "(SELECT max(position) FROM chunk)"
        done = {
            "first piece": "UPDATE chunk SET data = zeroblob(length(data)) WHERE position = 0",
            "last piece": f"UPDATE chunk SET data = zeroblob(length(data)) WHERE position = {last}",
            "a piece is gone": "DELETE FROM chunk WHERE position = 1",
            "a piece is short": "UPDATE chunk SET data = zeroblob(7) WHERE position = 1",
            "not stored": "UPDATE file SET sha256 = replace(hex(zeroblob(32)), '00', 'ab')",
        }[damage]
        assert connection.execute(done).rowcount == 1
    with refused("export.evidence_damaged") as caught:
        export(desk, signer, as_draft=True, replace=True)
    assert caught.value.values == {"name": "คำสั่ง.pdf", "places": "G1, G2"}
    assert (desk.folder / "ส่ง.zip").read_bytes() == before and not list(desk.folder.glob("*.part"))
    assert len(desk.draft.package.exports()) == 1
