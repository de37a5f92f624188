"""Many bundles: found in folders, checked all, and put into tables that are no danger to who opens them."""

from __future__ import annotations

import csv
import errno
import os
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bundle.support import JPEG, PDF, evidence, export, payload, submission
from dgdesk.agency.bundle_rows import BUNDLE, OTHER
from dgdesk.agency.collate import collate_bundles
from dgdesk.agency.inbox import verify_many
from dgdesk.agency.scan import scan
from dgdesk.agency.tables.writing import write_tables
from dgdesk.agency.verdicts import InboxResult
from dgdesk.bundle.exact_json import canonical_json
from dgdesk.bundle.report import BundleProblem
from dgdesk.bundle.signing.identity import Identity
from dgdesk.errors import FileError
from dgdesk.resources import resource
from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form
from dgdesk.survey.definition.load import load_definition
from dgdesk.system.progress import Progress
from dgdesk.text.cells import clean_cell, is_formula

BAD = ["=1+1", "+66 2", "-5", "@SUM(A1)", "\t=1", " =1", "\uff1d1", "\n=1"]
SCORE: dict[str, Any] = {
    "total": {"weight": 100, "earned": Decimal("71.25"), "claimed": 80, "open": 5, "external": 15},
    "pillars": [{"id": "P1", "earned": Decimal("9.5"), "exempt": True}, {"id": "=P2", "earned": "=1"}, "nonsense"],
}


@pytest.fixture(scope="module")
def form() -> Form:
    return build_form(load_definition(resource("questionnaires/th-province-2568")))


SEVERAL = {
    "general.office_phone": "053-112233, 0 5311 2234-5 ต่อ 12",
    "general.email": "a@example.go.th, b@example.go.th",
    "p4.6.1.1": "https://www.a.go.th, https://www.b.go.th/x,y",
}


@pytest.fixture
def inbox(tmp_path: Path, signer: Identity) -> Path:
    """A folder: one good bundle with dangerous texts, one cut short, one that is missing its end, one hidden file."""
    folder = tmp_path / "รับเข้า"
    (folder / "ภาคเหนือ").mkdir(parents=True)
    first = submission(
        province="TH-55",
        answers={
            **{"general.province": "TH-55", "p1.4": "yes", "zzz": "=cmd", "p1.1": "น้ำ", "general.address": "=1+1"},
            **SEVERAL,
        },
        evidence=[evidence(1, PDF, "=คำสั่ง.pdf", passages="-ย่อหน้า"), evidence(2, JPEG, "ข.jpg")],
    )
    contents = payload(**{"submission.json": first.to_bytes(), "score.json": canonical_json(SCORE)})
    good = export(folder / "ภาคเหนือ" / "=น่าน.zip", signer, contents).path
    (folder / "ขาด.ZIP").write_bytes(good.read_bytes()[:-1])
    (folder / "._น่าน.zip").write_bytes(b"resource fork")
    (folder / "อ่านฉัน.txt").write_bytes(b"")
    (folder / "link.zip").symlink_to(good)
    return folder


def word(problem: BundleProblem) -> str:
    return f"ข้อความ {problem.code}"


def gather(target: Path, inbox: Path, signer: Identity, form: Form) -> InboxResult:
    files = scan([inbox])
    trusted = [signer.certificate_pem]
    found = write_tables(
        target,
        lambda tables: collate_bundles(files, tables, forms=[form], trusted=trusted, word=word),
        replace=True,
    )
    assert isinstance(found, InboxResult)
    return found


def sheet(path: Path, name: str) -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    return [list(row) for row in book[name].values]


def test_what_cannot_be_read_does_not_stop_the_others(bundle: Path, signer: Identity, tmp_path: Path) -> None:
    paths = [tmp_path / "none.zip", bundle, tmp_path]
    steps: list[tuple[int, int]] = []
    fates = list(
        verify_many(
            paths, trusted=[signer.certificate_pem], progress=Progress(lambda done, total: steps.append((done, total)))
        )
    )
    assert [fate.accepted for fate in fates] == [False, True, False]
    assert [problem.code for fate in fates for problem in fate.problems] == ["bundle.missing", "source.folder"]
    size = bundle.stat().st_size
    assert steps == sorted(steps) and steps[-1][0] == steps[-1][1] and steps[-1][0] > size
    assert len({total for _, total in steps}) == 1


def test_a_workbook_has_a_column_for_every_place_and_a_reason_for_every_refusal(
    inbox: Path, signer: Identity, form: Form, tmp_path: Path
) -> None:
    target = tmp_path / "รวม.xlsx"
    found = gather(target, inbox, signer, form)
    assert found.totals == {"accepted": 1, "refused": 1, "foreign": 1, "link": 1, "litter": 1}
    header, row = sheet(target, "answers")
    places = [node.address for node in form.nodes if node.kind not in WITHOUT_ANSWER]
    assert header == [*BUNDLE, *places, OTHER]
    answers = dict(zip(header, row, strict=True))
    assert (answers["p1.4"], answers["p1.1"], answers["p1.5"], answers[OTHER]) == ("yes", "น้ำ", None, '{"zzz": "=cmd"}')
    assert {address: answers[address] for address in SEVERAL} == SEVERAL
    assert sheet(target, "rejected")[1:] == [
        ["ขาด.ZIP", 1, "zip.cut_short", "ข้อความ zip.cut_short"],
        ["link.zip", 1, "inbox.link", "ข้อความ inbox.link"],
    ]
    files = sheet(target, "files")
    assert [(*one[:3], one[files[0].index("verdict")]) for one in files[1:]] == [
        ("ขาด.ZIP", "no", None, "refused"),
        ("._น่าน.zip", "no", None, "litter"),
        ("=น่าน.zip", "yes", "TH-55", "accepted"),
        ("อ่านฉัน.txt", "no", None, "foreign"),
        ("link.zip", "no", None, "link"),
    ]
    slots = sheet(target, "evidence")
    assert [one[slots[0].index("name")] for one in slots[1:]] == ["=คำสั่ง.pdf", "ข.jpg"]
    scores = sheet(target, "scores")
    at, earned = scores[0].index("pillar"), scores[0].index("earned")
    assert [(one[at], one[earned]) for one in scores[1:]] == [("total", 71.25), ("P1", 9.5), ("=P2", None)]
    assert scores[0][-2:] == ["exempt", "high"]
    assert [one[-1] for one in scores[1:]] == [100, None, None], "as answered, open and external; else nothing"
    fields = sheet(target, "fields")
    assert [one[0] for one in fields[1:]] == places and len(fields[1]) == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["รวม.xlsx", "รับเข้า"])


def test_no_text_of_a_workbook_is_a_formula(inbox: Path, signer: Identity, form: Form, tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    gather(target, inbox, signer, form)
    book = openpyxl.load_workbook(target)
    cells = [cell for one in book for row in one.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    risky = [cell for cell in cells if isinstance(cell.value, str) and is_formula(cell.value)]
    assert len(risky) > 8 and all(cell.quotePrefix for cell in risky)


def test_csv_tables_say_the_same_and_hold_no_formula(inbox: Path, signer: Identity, form: Form, tmp_path: Path) -> None:
    gather(tmp_path / "a.xlsx", inbox, signer, form)
    gather(tmp_path / "a.csv", inbox, signer, form)
    marked = 0
    for name in ("files", "answers", "scores", "evidence", "rejected", "fields"):
        path = tmp_path / ("a.csv" if name == "files" else f"a-{name}.csv")
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
        other = [["" if value is None else str(value) for value in row] for row in sheet(tmp_path / "a.xlsx", name)]
        assert [[cell.removeprefix("'") for cell in row] for row in rows] == other
        assert not any(is_formula(cell) for row in rows for cell in row)
        marked += sum(is_formula(cell.removeprefix("'")) for row in rows for cell in row)
    assert marked > 8, "there was something to mark as text"


@pytest.mark.parametrize("text", BAD)
def test_what_a_spreadsheet_might_run_is_known(text: str) -> None:
    assert is_formula(text)


def test_ordinary_texts_are_left_alone() -> None:
    for text in ("", "น้ำ", "1-2", "a=b", "๑+๑", " ก", "'=1"):
        assert not is_formula(text) and clean_cell(text) == text
    assert clean_cell("a\x00b\x1b[1m\ud800") == "a\ufffdb\ufffd[1m\ufffd"
    assert len(clean_cell("ก" * 40_000)) == 32_767


def test_columns_do_not_depend_on_the_bundles(
    inbox: Path, bundle: Path, signer: Identity, form: Form, tmp_path: Path
) -> None:
    gather(tmp_path / "a.xlsx", inbox, signer, form)
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(bundle, other / "b.zip")
    gather(tmp_path / "b.xlsx", other, signer, form)
    assert sheet(tmp_path / "a.xlsx", "answers")[0] == sheet(tmp_path / "b.xlsx", "answers")[0]


def test_a_table_that_cannot_be_written_leaves_the_old_one(
    inbox: Path, signer: Identity, form: Form, tmp_path: Path
) -> None:
    class Full(Exception):
        pass

    def fail(tables: Any) -> None:
        tables.open("files", ["file"])
        tables.add("files", ["x"])
        raise Full

    def empty(tables: Any) -> None:
        tables.open("files", ["file", "status"])
        tables.open("submissions", ["respondent"])

    for name in ("a.xlsx", "a.csv"):
        write_tables(tmp_path / name, empty)
        before = (tmp_path / name).read_bytes()
        with pytest.raises(Full):
            write_tables(tmp_path / name, fail, replace=True)
        assert (tmp_path / name).read_bytes() == before
        with pytest.raises(FileError, match=r"target\.no_folder"):
            gather(tmp_path / "none" / name, inbox, signer, form)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["a.csv", "a-submissions.csv", "a.xlsx", "รับเข้า"])


def test_the_csv_tables_of_one_run_are_never_mixed_with_those_of_another(
    inbox: Path, signer: Identity, form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gather(tmp_path / "a.csv", inbox, signer, form)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    assert len(before) > 3
    for path in tmp_path.glob("*.csv"):
        path.write_bytes(b"older,row")
    real, named = os.replace, 0

    def fails_at_the_third(old: Path, new: Path) -> None:
        nonlocal named
        named += 1
        if named == 3:
            raise OSError(errno.EACCES, "open in Excel")
        real(old, new)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fails_at_the_third)
        with pytest.raises(FileError, match=r"target\.forbidden"):
            gather(tmp_path / "a.csv", inbox, signer, form)
    assert {path.read_bytes() for path in tmp_path.glob("*.csv")} == {b"older,row"}
    gather(tmp_path / "a.csv", inbox, signer, form)
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")} == before
    assert not any(tmp_path.glob("*.part"))
