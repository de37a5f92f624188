"""Marks on their way out: as data in the submission, and as copies beside the evidence that stays as it was."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import jsonschema
import pikepdf
import pypdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from dgdesk.bundle.submission import SCHEMA_FILE
from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.file.model import StateKey
from dgdesk.submission.export import export_draft
from dgdesk.submission.gather import gather
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.system.progress import Progress

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
SCHEMA = json.loads((Path(__file__).parents[3] / SCHEMA_FILE).read_text(encoding="utf-8"))
MARK = Mark(2, (Rect(0.1, 0.2, 0.5, 0.3), Rect(0.1, 0.3, 1.0, 0.325)), "ข้อ 2 คำสั่งแต่งตั้ง", "แต่งตั้ง")
OTHER = Mark(1, (Rect(0.0, 0.0, 0.25, 0.25),))


def pdf(pages: int = 2, title: str = "") -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    for page in range(pages):
        canvas.drawString(72, 700, f"{title} page {page + 1}")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def office(desk):
    """A draft with two evidence slots that share a PDF, a picture at one of them, and a file of text, all marked."""
    session = desk.session
    session.answer_all({"general.province": "TH-55", "g1": "yes", "g2": "yes"})
    session.attach("g1/yes", desk.file("คำสั่ง.pdf", pdf()), marks=[MARK])
    session.attach("g1/yes", desk.file("ภาพ.png", png()), marks=[OTHER])
    session.attach("g2/yes", desk.file("คำสั่ง.pdf", pdf()), marks=[OTHER])
    session.attach("g2/yes", desk.file("บันทึก.txt", "บันทึก".encode()), marks=[OTHER], pages="1")
    session.attach("g2/yes", desk.file("ไม่มีเครื่องหมาย.pdf", pdf(1, "other")), pages="1")
    return desk


def export(desk, signer, **options):
    return export_draft(
        desk.draft,
        desk.folder / "ส่ง.zip",
        **{"identity": signer, "claimed_time": NOW, "as_draft": True, **options},
    )


def contents(bundle):
    with zipfile.ZipFile(bundle) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if "part" in path.name or "marking" in path.name]


def test_marks_go_out_as_exact_data_with_one_copy_of_each_file(office, signer):
    report = export(office, signer)
    assert report.unmarked == ()
    assert verify_bundle(report.path, trusted=[signer.certificate_pem]).ok
    files = contents(report.path)
    assert b'"rects": [\n' in files["data/submission.json"]
    document = json.loads(files["data/submission.json"], parse_float=Decimal)
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(files["data/submission.json"]))
    first, picture, second, text, plain = document["evidence"]
    assert first["marks"] == [
        {
            "page": 2,
            "rects": [
                [Decimal("0.1"), Decimal("0.2"), Decimal("0.5"), Decimal("0.3")],
                [Decimal("0.1"), Decimal("0.3"), 1, Decimal("0.325")],
            ],
            "note": "ข้อ 2 คำสั่งแต่งตั้ง",
            "text": "แต่งตั้ง",
        }
    ]
    assert first["marked_file"] == second["marked_file"] == "marked/E0001.pdf"
    assert second["marks"] == [{"page": 1, "rects": [[0, 0, Decimal("0.25"), Decimal("0.25")]], "note": "", "text": ""}]
    assert picture["marked_file"] == "marked/E0002.png"
    assert "marks" in text and "marked_file" not in text
    assert "marks" not in plain and "marked_file" not in plain
    assert sorted(name for name in files if "/marked/" in name) == ["data/marked/E0001.pdf", "data/marked/E0002.png"]
    for name in ("data/marked/E0001.pdf", "data/marked/E0002.png"):
        assert f"{sha256(files[name]).hexdigest()}  {name}\n" in files["manifest-sha256.txt"].decode()
    assert left_over(office.folder) == []


def test_one_copy_shows_the_marks_of_all_places_and_the_original_stays(office, signer):
    files = contents(export(office, signer).path)
    assert files["data/evidence/E0001.pdf"] == pdf() and files["data/evidence/E0002.png"] == png()
    reader = pypdf.PdfReader(io.BytesIO(files["data/marked/E0001.pdf"]))
    shown = [
        [(one.get_object()["/T"], one.get_object()["/Contents"]) for one in page["/Annots"]] for page in reader.pages
    ]
    assert shown == [[("G2", "G2")], [("G1", "G1 ข้อ 2 คำสั่งแต่งตั้ง")]]
    with Image.open(io.BytesIO(files["data/marked/E0002.png"])) as picture:
        assert picture.getpixel((50, 50)) == (255, 255, 153) and picture.getpixel((200, 200)) == (255, 255, 255)


def test_two_exports_are_the_same_but_for_the_signature(office, signer):
    first = contents(export(office, signer).path)
    office.reopen()
    second = contents(export(office, signer, replace=True).path)
    assert {name for name in first if first[name] != second.get(name)} <= {"signatures/tagmanifest-sha256.txt.p7s"}
    assert first.keys() == second.keys()


def locked() -> bytes:
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(stream, encryption=pikepdf.Encryption(owner="o", user="ลับ"))
    return stream.getvalue()


def test_files_without_a_copy_are_told_and_do_not_stop_the_export(desk, signer):
    """The marks are those of an older program, which took any page."""
    wanted = []
    desk.session.answer_all({"general.province": "TH-55", "g1": "yes"})
    for name, content, mark in (
        ("ล็อก.pdf", locked(), OTHER),
        ("เสีย.pdf", b"%PDF-1.7 one", OTHER),
        ("สั้น.pdf", pdf(1), MARK),
        ("บางหน้า.pdf", pdf(1, "more"), None),
        ("เสีย.png", b"\x89PNG\r\n\x1a\n0000", OTHER),
        ("ดี.pdf", pdf(2, "good"), MARK),
    ):
        desk.session.attach("g1/yes", desk.file(name, content))
        wanted.append((mark,) if mark else (MARK, OTHER))
    stored = zip(desk.session.state.facts.evidence["g1/yes"], wanted, strict=True)
    old = [replace(one, marks=marks, inspected=None) for one, marks in stored]
    desk.session.restore({StateKey("attachment", "g1/yes", one.sha256): one.as_json() for one in old})
    report = export(desk, signer)
    assert [(one.values["name"], one.code) for one in report.unmarked] == [
        ("ล็อก.pdf", "marking.password"),
        ("เสีย.pdf", "marking.damaged"),
        ("สั้น.pdf", "marking.no_page"),
        ("บางหน้า.pdf", "marking.some_pages"),
        ("เสีย.png", "marking.damaged"),
    ]
    assert verify_bundle(report.path, trusted=[signer.certificate_pem]).ok
    files = contents(report.path)
    assert sorted(name for name in files if "/marked/" in name) == ["data/marked/E0004.pdf", "data/marked/E0006.pdf"]
    named = [item.get("marked_file") for item in json.loads(files["data/submission.json"])["evidence"]]
    assert named == [None, None, None, "marked/E0004.pdf", None, "marked/E0006.pdf"]
    assert len(json.loads(files["data/submission.json"])["evidence"][0]["marks"]) == 1
    assert left_over(desk.folder) == []


def test_progress_goes_on_to_the_end_and_a_stop_at_any_moment_leaves_nothing(office, signer, refused):
    seen: list[tuple[int, int]] = []
    export(office, signer, progress=Progress(lambda *step: seen.append(step)))
    shares = [done / total for done, total in seen]
    assert shares == sorted(shares) and shares[-1] == 1 and shares[0] > 0
    assert all(done <= total for done, total in seen)
    for made in ("ส่ง.zip", "ส่ง.signoff.pdf"):
        (office.folder / made).unlink()
    calls: list[int] = []

    def count() -> bool:
        calls.append(1)
        return False

    export(office, signer, progress=Progress(is_cancelled=count))
    for made in ("ส่ง.zip", "ส่ง.signoff.pdf"):
        (office.folder / made).unlink()
    before = sorted(path.name for path in office.folder.rglob("*"))
    for stop in range(len(calls)):
        left = iter([False] * stop)
        with refused("package.cancelled"):
            export(office, signer, progress=Progress(is_cancelled=lambda left=left: next(left, True)))
        assert sorted(path.name for path in office.folder.rglob("*")) == before, stop


def test_copies_are_made_in_the_scratch_folder_that_is_given(office, signer, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    seen: set[str] = set()

    def look(done: int, total: int) -> None:
        seen.update(path.name for path in scratch.rglob("*"))

    export(office, signer, scratch=scratch, progress=Progress(look))
    assert {"E0001.pdf", "E0002.png"} <= seen
    assert list(scratch.iterdir()) == []


def test_what_a_killed_export_left_does_not_stand_in_the_way(office, signer):
    stale, other = office.folder / ".dgdesk-marking-12.part", office.folder / "ส่ง.zip.marking.part"
    for folder in (stale, other):
        folder.mkdir()
        (folder / "E0001.pdf").write_bytes(b"half")
    (stale / ".held").touch()  # a lock that nobody holds any more
    assert export(office, signer)
    assert not stale.exists() and (other / "E0001.pdf").read_bytes() == b"half"


def test_a_target_that_exists_or_has_no_folder_is_told_before_copies_are_made(office, signer, refused):
    def never(done: int, total: int) -> None:
        raise AssertionError("something was made")

    (office.folder / "ส่ง.zip").write_bytes(b"before")
    with refused("bundle.exists"):
        export(office, signer, progress=Progress(never))
    with refused("bundle.no_folder"):
        export_draft(
            office.draft,
            office.folder / "ไม่มี" / "ส่ง.zip",
            identity=signer,
            reason="แก้ไข",
            claimed_time=NOW,
            as_draft=True,
            progress=Progress(never),
        )


def test_marks_of_what_is_not_asked_stay_in_the_draft(office):
    office.session.answer("g1", "no")
    gathered = gather(office.draft)
    assert {item.slot for item in gathered.submission.evidence}.isdisjoint({"g1/yes"})
    assert [placed.code for marks in gathered.marks.values() for placed in marks].count("G1") == 0


def test_every_mark_that_a_draft_takes_fits_the_submission(desk):
    """The bounds of both are the same: better refused when it is drawn than when the bundle is due."""
    desk.session.answer_all({"general.province": "TH-55", "g1": "yes"})
    many = tuple(OTHER._replace(page=100_000, note="ก" * 1000, text="ข" * 4000) for _ in range(199))
    tiny = Mark(1, (Rect(0.0, 0.999999, 0.000001, 1.0),) * 301)
    desk.session.attach("g1/yes", desk.file(), marks=[*many, tiny])
    submission = gather(desk.draft).submission
    assert type(submission).model_validate_json(submission.to_bytes(), strict=False).evidence[0].marks[199].page == 1
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(submission.to_bytes()))
