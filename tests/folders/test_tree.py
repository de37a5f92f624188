"""All evidence out as a folder tree, and back in: whole, in place, under its names."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import sqlite3
from contextlib import closing
from pathlib import Path, PurePosixPath

import pytest

from dgdesk.bundle.archive.names import find_clash, is_safe_path
from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.errors import FileError, UsageError
from dgdesk.folders.export_folder import ExportedFolder, export_folder
from dgdesk.folders.full_index import FULL_INDEX
from dgdesk.folders.import_folder import import_files, plan_folder
from dgdesk.folders.index import INDEX, IndexRow, read_index, write_index
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.text.cells import is_converted
from scenario import every_item


def out(draft: Draft, target: Path, **more) -> ExportedFolder:
    return export_folder(draft.session.form, draft.session.state, draft.package.read_file, target, **more)


def attached(draft: Draft) -> dict[str, list[tuple[str, ...]]]:
    evidence = draft.session.state.facts.evidence
    return {
        slot: sorted((one.sha256, one.name, one.pages, one.passages, one.media_type) for one in files)
        for slot, files in evidence.items()
    }


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_tree_says_section_question_and_number(filled, tmp_path):
    result = out(filled, tmp_path / "ออก")
    written = files(tmp_path / "ออก")
    assert result.written == 9 and not result.damaged and len(written) == 11
    assert {INDEX, FULL_INDEX} < written
    tops = {path.split("/")[0] for path in written} - {INDEX, FULL_INDEX}
    assert len(tops) == 3 and any(top.startswith("P1 – ส่วนที่ 1") for top in tops)
    (plan,) = [path for path in written if path.endswith("แผน.txt") and "/P1.3 – " in path and "(2)" not in path]
    assert "/E0006 " in plan  # numbered in printed order of their places
    assert all(is_safe_path(path) for path in written) and find_clash(written) is None
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".part"]


def test_what_a_killed_run_left_is_taken_away_by_the_next(filled, tmp_path):
    left = tmp_path / ".dgdesk-folder-1234abcd.part"
    (left / "tree" / "P1").mkdir(parents=True)
    (left / "tree" / "P1" / "E0001").write_bytes(b"evidence")
    (left / ".held").touch()  # a lock that nobody holds any more
    assert out(filled, tmp_path / "ออก").written == 9
    assert not left.exists()


def test_folders_of_somebody_else_stay_whatever_they_are_called(filled, tmp_path):
    for name in ("ออก.evidence.part", "ออก.part", ".dgdesk-1.part", ".dgdesk-folder-1.part"):
        (tmp_path / name / "P1").mkdir(parents=True)
        (tmp_path / name / "P1" / "E0001").write_bytes(b"somebody's evidence")
    before = files(tmp_path)
    assert out(filled, tmp_path / "ออก").written == 9
    assert [path for path in before if not (tmp_path / path).exists()] == []


def test_the_index_opens_in_excel_and_names_everything(filled, tmp_path):
    out(filled, tmp_path / "ออก")
    content = (tmp_path / "ออก" / INDEX).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(keepends=True)))
    assert len(rows) == 9 and all(row["สถานะ"] == "ครบถ้วน" for row in rows)
    for row in rows:
        path = tmp_path / "ออก" / row["ไฟล์ในโฟลเดอร์นี้"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == row["SHA-256"]
        assert path.stat().st_size == int(row["ขนาด (ไบต์)"])
        # A name that Excel would take for a formula is kept from it.
        assert not row["ชื่อไฟล์เดิม"].startswith(("=", "+", "-", "@"))


def test_what_was_carried_out_is_carried_in_again_exactly(filled, make_draft, tmp_path):
    out(filled, tmp_path / "ออก")
    other = make_draft("อื่น")
    plan = plan_folder(other.session, tmp_path / "ออก")
    assert dict(plan.counts) == {"matched": 9}
    result = import_files(other.session, tmp_path / "ออก", plan)
    assert len(result.attached) == 9 and not result.failed and not result.already
    assert attached(other) == attached(filled)
    # A second time there is nothing left to do.
    assert dict(plan_folder(other.session, tmp_path / "ออก").counts) == {"already": 9}


def test_that_the_whole_file_is_the_passage_comes_back_and_is_not_made_up(filled, make_draft, tmp_path):
    source = tmp_path / "source.txt"
    source.write_text("ทั้งฉบับ", encoding="utf-8")
    filled.session.attach("g1/yes", source, name="ทั้งฉบับ.txt", whole=True)
    out(filled, tmp_path / "ออก")
    other = make_draft("อื่น")
    import_files(other.session, tmp_path / "ออก", plan_folder(other.session, tmp_path / "ออก"))
    assert [one.name for ones in other.session.state.facts.evidence.values() for one in ones if one.whole] == [
        "ทั้งฉบับ.txt"
    ]


def test_an_index_of_an_older_version_is_read(filled, make_draft, tmp_path):
    out(filled, tmp_path / "ออก")
    index = tmp_path / "ออก" / INDEX
    with index.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    assert lines[0][-2:] == ["ทั้งไฟล์คือใจความสำคัญ", "ชื่อรายการ"]
    with index.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(line[:-2] for line in lines)
    other = make_draft("อื่น")
    import_files(other.session, tmp_path / "ออก", plan_folder(other.session, tmp_path / "ออก"))
    assert attached(other) == attached(filled)


def test_without_its_index_every_file_still_finds_its_place(filled, make_draft, tmp_path):
    out(filled, tmp_path / "ออก")
    (tmp_path / "ออก" / INDEX).unlink()
    other = make_draft("อื่น")
    plan = plan_folder(other.session, tmp_path / "ออก")
    assert dict(plan.counts) == {"matched": 9}
    import_files(other.session, tmp_path / "ออก", plan)
    assert {slot: [one[0] for one in ones] for slot, ones in attached(other).items()} == {
        slot: [one[0] for one in ones] for slot, ones in attached(filled).items()
    }


def test_every_place_of_the_form_survives_the_journey_by_its_folder_alone(make_draft, tmp_path):
    full, other, source = make_draft("เต็ม"), make_draft("อื่น"), tmp_path / "P1.3 แผน.txt"
    for draft in (full, other):
        draft.session.answer_all({repeat: list(keys) for repeat, keys in every_item(draft.session.form).items()})
    for number, slot in enumerate(list(full.session.form.slots)[::7]):
        source.write_text(str(number), encoding="utf-8")
        full.session.attach(slot, source)
    out(full, tmp_path / "ออก")
    (tmp_path / "ออก" / INDEX).unlink()
    plan = plan_folder(other.session, tmp_path / "ออก")
    there = full.session.state.facts.evidence
    assert sorted(item.slot or "" for item in plan.items) == sorted(there)
    assert not import_files(other.session, tmp_path / "ออก", plan).failed
    assert {slot: [one.sha256 for one in ones] for slot, ones in other.session.state.facts.evidence.items()} == {
        slot: [one.sha256 for one in ones] for slot, ones in there.items()
    }


def test_a_damaged_file_is_named_and_the_others_are_written(filled, tmp_path):
    sha256 = filled.session.state.facts.evidence["p1.3/yes"][0].sha256
    read = filled.package.read_file

    def damaged(wanted: str):
        if wanted == sha256:
            raise FileError("package.evidence_damaged", sha256=sha256)
        return read(wanted)

    result = export_folder(filled.session.form, filled.session.state, damaged, tmp_path / "ออก")
    assert {row.slot for row in result.damaged} == {"p1.3/yes", "p1.5/yes"} and result.written == 7
    assert len(files(tmp_path / "ออก")) == 7 + 2  # with both indexes
    index = (tmp_path / "ออก" / INDEX).read_text(encoding="utf-8-sig")
    assert index.count("ไฟล์เสียหาย") == 2


def test_a_flipped_byte_in_the_draft_is_noticed_on_the_way_out(filled, clock, tmp_path):
    path = filled.path
    filled.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        chunk = next(name for name in tables if "chunk" in name)
        connection.execute(f"UPDATE {chunk} SET data = zeroblob(length(data)) WHERE rowid = 1")
    with open_draft(path, clock=clock, who="สมชาย") as draft:
        result = out(draft, tmp_path / "ออก")
    assert result.damaged and result.written == 9 - len(result.damaged)


def test_stopped_or_failed_nothing_is_left(filled, tmp_path):
    before = set(tmp_path.iterdir())
    steps = []
    with pytest.raises(Cancelled):
        out(filled, tmp_path / "ออก", progress=Progress(lambda *step: steps.append(step), lambda: len(steps) > 2))
    assert set(tmp_path.iterdir()) == before

    def broken(sha256: str):
        raise OSError(28, "No space left on device")

    with pytest.raises(FileError, match=r"package\.disk_full"):
        export_folder(filled.session.form, filled.session.state, broken, tmp_path / "ออก")
    assert set(tmp_path.iterdir()) == before


def test_progress_counts_all_bytes(filled, tmp_path):
    steps = []
    out(filled, tmp_path / "ออก", progress=Progress(lambda *step: steps.append(step)))
    total = sum(one.size for ones in filled.session.state.facts.evidence.values() for one in ones)
    assert steps[-1] == (total, total) and [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_nothing_is_overwritten(filled, draft, tmp_path):
    for name in ("มีแล้ว", "ไฟล์"):
        target = tmp_path / name
        target.mkdir() if name == "มีแล้ว" else target.write_text("งาน", encoding="utf-8")
        with pytest.raises(UsageError, match=r"carry\.exists"):
            out(filled, target)
    with pytest.raises(FileError, match=r"package\.folder_missing"):
        out(filled, tmp_path / "ไม่มี" / "ออก")


def test_without_evidence_there_is_nothing_to_carry_out(draft, tmp_path):
    with pytest.raises(UsageError, match=r"carry\.nothing"):
        out(draft, tmp_path / "ออก")


# -- a folder that people made ---------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder as an office sends it."""
    folder = tmp_path / "หลักฐาน"
    for path in (
        "P1.1a2-1 แผน.txt",
        "P1.5 หนังสือ.txt",
        "p๑.๓/คำสั่ง.txt",
        "P1.1a2 แผนรวม.txt",
        "รูปถ่าย.txt",
        "P1.3 รวม.zip",
        "P1.3 ว่าง.txt",
        "Thumbs.db",
        ".hidden",
        "~$P1.3.docx",
        "P1.3 น่าน.dgdesk",
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"" if "ว่าง" in path else b"PK\x05\x06" if "zip" in path else path.encode())
    return folder


def test_the_plan_says_what_would_become_of_every_file_and_changes_nothing(draft, office):
    plan = plan_folder(draft.session, office)
    assert {str(item.found.path): (item.status, item.slot) for item in plan.items} == {
        "P1.1a2 แผนรวม.txt": ("ambiguous", None),
        "P1.1a2-1 แผน.txt": ("matched", "p1.1a2/1"),
        "P1.3 รวม.zip": ("refused", None),
        "P1.3 ว่าง.txt": ("refused", None),
        "P1.5 หนังสือ.txt": ("matched", "p1.5/yes"),
        "p๑.๓/คำสั่ง.txt": ("matched", "p1.3/yes"),
        "รูปถ่าย.txt": ("unmatched", None),
    }
    by_path = {str(item.found.path): item for item in plan.items}
    assert by_path["P1.1a2 แผนรวม.txt"].candidates[:2] == ("p1.1a2/1", "p1.1a2/3")  # those that ask now come first
    assert [one.code for one in by_path["P1.3 รวม.zip"].found.findings] == ["incoming.archive"]
    assert draft.session.state.facts.evidence == {}


def test_the_person_chooses_leaves_out_and_carries_in(draft, office):
    plan = plan_folder(draft.session, office)
    plan = plan.choose(PurePosixPath("P1.1a2 แผนรวม.txt"), "p1.1a2/3").choose(PurePosixPath("P1.5 หนังสือ.txt"), None)
    plan = plan.choose(PurePosixPath("P1.3 รวม.zip"), "p1.3/yes")  # stays refused
    steps = []
    result = import_files(draft.session, office, plan, progress=Progress(lambda *step: steps.append(step)))
    assert [item.slot for item in result.attached] == ["p1.1a2/1", "p1.1a2/3", "p1.3/yes"]
    assert set(draft.session.state.facts.evidence) == {"p1.1a2/1", "p1.1a2/3", "p1.3/yes"}
    assert steps[-1][0] == steps[-1][1]
    draft.session.undo()  # each file is a step of its own
    assert set(draft.session.state.facts.evidence) == {"p1.1a2/1", "p1.1a2/3"}


def test_stopped_what_is_attached_stays(draft, office):
    plan = plan_folder(draft.session, office)
    done = []
    result = import_files(draft.session, office, plan, progress=Progress(lambda *_: done.append(1), lambda: bool(done)))
    assert result.stopped and len(result.attached) <= 1


def test_a_file_that_went_meanwhile_is_reported_and_the_others_go_on(draft, office):
    plan = plan_folder(draft.session, office)
    (office / "P1.1a2-1 แผน.txt").unlink()
    result = import_files(draft.session, office, plan)
    assert [(str(item.found.path), error.code) for item, error in result.failed] == [
        ("P1.1a2-1 แผน.txt", "evidence.unreadable")
    ]
    assert len(result.attached) == 2


def test_the_same_file_twice_is_attached_once(draft, office):
    (office / "P1.3 สำเนา.txt").write_bytes((office / "p๑.๓" / "คำสั่ง.txt").read_bytes())
    result = import_files(draft.session, office, plan_folder(draft.session, office))
    assert len(result.already) == 1 and not result.failed


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_links_are_not_followed(draft, office, tmp_path):
    (tmp_path / "ลับ.txt").write_text("ลับ", encoding="utf-8")
    (office / "P1.3 ลับ.txt").symlink_to(tmp_path / "ลับ.txt")
    (office / "P1.4").symlink_to(tmp_path)
    (office / "วน").symlink_to(office)
    assert len(plan_folder(draft.session, office).items) == 7


def test_what_is_no_folder_is_refused(draft, tmp_path):
    for path in (tmp_path / "ไม่มี", draft.path):
        with pytest.raises(FileError, match=r"carry\.no_folder"):
            plan_folder(draft.session, path)


def test_too_many_files_are_refused(draft, office, monkeypatch):
    monkeypatch.setattr("dgdesk.folders.found.MOST_FILES", 3)
    with pytest.raises(UsageError, match=r"carry\.too_many"):
        plan_folder(draft.session, office)


def test_an_index_that_lies_or_is_broken_leads_nowhere_else(draft, office):
    row = IndexRow("P1.3", "nowhere", "P1.5 หนังสือ.txt", "../../ก.txt", "1", "x", "text/plain", "", "", "")
    (office / INDEX).write_bytes(write_index([row]))
    plan = plan_folder(draft.session, office)
    assert {item.slot for item in plan.to_attach} == {"p1.1a2/1", "p1.5/yes", "p1.3/yes"}
    for content in (b"", b"\xff\xfe\x00", b'"', "ข้อ\nก".encode(), b"a,b\n1,2", os.urandom(500)):
        (office / INDEX).write_bytes(content)
        assert len(plan_folder(draft.session, office).to_attach) == 3


def test_the_index_reads_back_what_it_wrote():
    texts = ["=1+1", "'=x", "-", 'ก,ข"ค', "สอง\nบรรทัด", "", "@", "'", "e\u0301", "3-4", "012", "'5", "7 มี.ค. 70", "6E9"]
    rows = [
        IndexRow("P1.3", "p1.3/yes", f"a/{at}", text, "1", "x", "t/x", text, text, "", text)
        for at, text in enumerate(texts)
    ]
    assert read_index(write_index(rows)) == {row.path: row for row in rows}


def test_excel_finds_nothing_in_the_index_that_it_would_change():
    pages = ["3-4", "5", "012", "1, 3", "2-3, 5", "9" * 16, "TRUE"]
    rows = [IndexRow("P1.3", "p1.3/yes", f"a/{one}", "01", "21", "7e12", "t/x", one, one, "") for one in pages]
    table = list(csv.reader(io.StringIO(write_index(rows).decode("utf-8-sig"), newline="")))[1:]
    for cell in (cell for line in table for cell in line):
        assert not is_converted(cell) or (cell == str(int(cell)) and len(cell) < 16)
    assert [line[7] for line in table] == ["'3-4", "5", "'012", "'1, 3", "'2-3, 5", f"'{'9' * 16}", "'TRUE"]


def test_an_index_of_0_1_0_is_still_read():
    rows = [IndexRow("P1.3", "p1.3/yes", "a/1.pdf", "แผน.pdf", "1", "x", "application/pdf", "3", "", "")]
    former = write_index(rows).decode("utf-8-sig").replace("รหัสรายการหลักฐาน", "รหัสจุดแนบ")
    assert read_index(former.encode("utf-8-sig")) == {"a/1.pdf": rows[0]}
