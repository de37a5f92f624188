"""One bad item in a draft or a bundle is told by its place, and the rest goes on; nothing of it stands in a message."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundle.support import NOW as SIGNED
from bundle.support import export, info, pack, payload, sign_again, submission, unpack
from cli.support import Result, run
from dgdesk.agency.collate import collate_bundles
from dgdesk.agency.scan import scan
from dgdesk.agency.tables.writing import write_tables
from dgdesk.bundle.archive.payload import parse_submission
from dgdesk.bundle.report import BundleProblem
from dgdesk.bundle.signing.identity import Identity, create_identity, read_card
from dgdesk.draft.drafts import Draft, edition_rubric, load_form, new_draft, open_draft
from dgdesk.draft.file.model import StateKey, digest_in
from dgdesk.draft.file.register import fit_record
from dgdesk.draft.session import FormSession
from dgdesk.draft.session.base import Unwritten
from dgdesk.submission.gather import gather
from dgdesk.submission.survey_pdf import PrintChoices, print_draft
from dgdesk.support.gather import gather_support
from dgdesk.survey.rules.problems import UNREADABLE
from dgdesk.survey.rules.state import make_rules
from dgdesk.system.bounds import LONGEST_UNREAD
from dgdesk.text.messages import load_catalogue

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
FORM = load_form()
RULES = make_rules(FORM, edition_rubric(FORM.definition.edition))
CATALOGUE = load_catalogue("en")
SOUND = {
    "sha256": "0" * 64,
    "name": "ก.pdf",
    "size": 9,
    "media_type": "application/pdf",
    "pages": "1",
    "passages": "ข้อ 2",
    "marks": [{"page": 1, "rects": [[0.1, 0.1, 0.2, 0.2]], "note": "", "text": ""}],
}
SECRET = "ความลับ๗๓๑๙"
HUGE = "9" * 4_000

TEXTS = st.text(st.characters(), max_size=40) | st.sampled_from(
    ["\ud800", "\x00", "ก" + "\u0e48" * 40_000, "ก" * 150_000, "\u202efdp.exe", "=1+1", "1e400", HUGE, "  ", "a/b\\c"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(int(HUGE)) | st.just(2**63) | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(
    sorted({node.kind: node.address for node in FORM.nodes if node.kind not in ("group", "matrix", "item")}.values())
)


@dataclass
class Kept(Unwritten):
    """A draft's file that holds what it is given."""

    answered: dict[str, Any] = field(default_factory=dict)
    attached: dict[str, Any] = field(default_factory=dict)
    state_counter = 1
    definition_sha256 = "0" * 64

    def answers(self) -> dict[str, Any]:
        """What was given, and what every submission needs."""
        return {"general.province": "TH-55", "g1": "yes", **self.answered}

    def stored(self) -> dict[StateKey, Any]:
        """All of it, as the rows of a draft."""
        return {StateKey("answer", one): value for one, value in self.answers().items()} | self.attachments()

    def attachments(self) -> dict[StateKey, Any]:
        """What was given."""
        rows: dict[StateKey, Any] = {}
        for slot, items in self.attached.items():
            for number, item in enumerate(items):
                digest = digest_in(item)
                key = StateKey("attachment", slot, digest if digest and digest.isalnum() else f"?{number}")
                rows[key] = item
        return rows


def draft_of(**kept: dict[str, Any]) -> Draft:
    store: Any = Kept(**kept)
    return Draft(store, FormSession(RULES, store, lambda: date(2026, 12, 1)))


@given(VALUES, FIELDS)
def test_any_answer_that_a_draft_may_hold_can_be_handed_in(value: Any, address: str) -> None:
    draft = draft_of(answered={address: value})
    if address == "general.province" and not isinstance(draft.session.state.facts.answers.get(address), str):
        return  # a coded refusal of its own
    handed = gather(draft).submission
    read = parse_submission(handed.to_bytes())
    assert read == handed


@given(VALUES, st.sampled_from([*SOUND, "more", "row", "marks.page", "marks.rects", "marks.note"]))
def test_any_evidence_that_a_draft_may_hold_is_handed_in_or_told(value: Any, key: str) -> None:
    outer, _, inner = key.partition(".")
    item: Any = {**SOUND, outer: [{**SOUND["marks"][0], inner: value}] if inner else value}  # type: ignore[dict-item]
    attached = [value if key == "row" else item, {**SOUND, "sha256": "1" * 64}]
    draft = draft_of(attached={"g1/yes": attached})
    handed = gather(draft).submission
    assert parse_submission(handed.to_bytes()) == handed
    told = [one for one in draft.session.state.problems if one.code == UNREADABLE]
    read = draft.session.state.facts.evidence["g1/yes"]
    given_marks = [one.get("marks") for one in attached] if key != "row" else []
    whole = (
        key != "row"
        and len(read) == 2
        and [len(one.marks) for one in read] == [len(marks) if isinstance(marks, list) else -1 for marks in given_marks]
    )
    assert bool(told) is not (whole or (value is None and key == "row"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a draft that has a journal, a file, an export's identity."""
    folder = tmp_path_factory.mktemp("made")
    with new_draft(folder / "a.dgdesk", clock=lambda: NOW, who="สมศรี", respondent="TH-55") as draft:
        source = folder / "ก.txt"
        source.write_bytes(b"order\n")
        draft.session.answer("g1", "yes")
        draft.session.attach("g1/yes", source)
    create_identity(folder / "identity", person="สมศรี", province="น่าน", passphrase=None, now=datetime.now(UTC))
    return folder


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DGDESK_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("DGDESK_PASSPHRASE", raising=False)


@contextmanager
def rows(made: Path, target: Path) -> Iterator[sqlite3.Connection]:
    """Change the rows of a copy of the draft, past all that the program would refuse."""
    shutil.copyfile(made / "a.dgdesk", target)
    with closing(sqlite3.connect(target, isolation_level=None)) as base:
        fixed = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in fixed:
            base.execute(f"DROP TRIGGER {name}")
        yield base
        for _, sql in fixed:
            base.execute(sql)


def put(base: sqlite3.Connection, kind: str, target: str, text: str, file: str = "") -> None:
    """Store a value as the program would: state and journal agree. What does not agree is not handed out at all."""
    where = "kind = ? AND target = ? AND file = ?"
    old = base.execute(f"SELECT value FROM state WHERE {where}", (kind, target, file)).fetchone()
    (number,) = base.execute("SELECT max(number) + 1 FROM change").fetchone()
    base.execute(
        "INSERT INTO change (number, at, who, action, undo_top) VALUES (?, ?, 'x', 'answer', ?)",
        (number, "2026-11-20T02:30:00.000000+00:00", number),
    )
    base.execute(
        "INSERT INTO change_edit (change, position, kind, target, file, old, new) VALUES (?, 0, ?, ?, ?, ?, ?)",
        (number, kind, target, file, old and old[0], text),
    )
    base.execute("INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?)", (kind, target, file, text))


def told(result: Result, *secrets: str) -> Result:
    """The result of a command that said nothing it should not."""
    for word in ("unexpected", "เกิดข้อผิดพลาดของโปรแกรม", "Traceback", "pydantic", "Error", *secrets):
        assert word not in result.err, result.err
    return result


ALL_AT_ONCE = {
    "general.first_name": json.dumps("ก" + "\u0e48" * 100_000),
    "general.last_name": json.dumps(SECRET + "\ud800\x00\u202e" * 400),
    "general.address": "[" * 50 + "]" * 50,
    "p1.1": HUGE,
    "p2.2.1.2b": "1e400",
    "p4.2.2.3": "NaN",
    "p1.4.1": json.dumps("9999-12"),
    "general.phone": json.dumps({"unread": SECRET * 30_000}),
    "external:P1": "1e999",
}


def test_a_draft_full_of_bad_items_is_printed_exported_carried_out_and_told_of(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "งาน.dgdesk"
    with rows(made, path) as base:
        for target, text in ALL_AT_ONCE.items():
            put(base, "answer", target, text)
        good = json.loads(base.execute("SELECT value FROM state WHERE target = 'g1/yes'").fetchone()[0])
        bad = [{**good, "name": SECRET, "size": "@"}, {**good, "sha256": SECRET}]
        for number, item in enumerate(bad):
            put(base, "attachment", "g1/yes", json.dumps(item).replace('"@"', HUGE), file=f"?{number}")
        base.execute("UPDATE change SET at = '0001-01-01T00:00:00.000000+14:00'")
    out = tmp_path / "b.zip"
    printed = told(run("print", path, "--out", tmp_path / "p.pdf", "--section", "general", "--lang", "en"), SECRET)
    assert printed.code == 0 and "G1" in printed.err
    refused = told(run("export", path, out, "--identity", made / "identity", "--lang", "en"), SECRET)
    assert refused.code == 1 and "G1" in refused.err
    exported = told(run("export", path, out, "--draft", "--identity", made / "identity", "--lang", "en"), SECRET)
    assert (exported.code, "G1" in exported.err) == (0, True)
    carried = told(run("evidence", "export", path, tmp_path / "out", "--lang", "en"), SECRET)
    assert carried.code == 1 and "G1" in carried.out
    assert [file.read_bytes() for file in (tmp_path / "out").rglob("E0001*")] == [b"order\n"]
    helped = told(run("support", tmp_path / "s.zip", path, "--lang", "en"), SECRET)
    assert helped.code == 0
    with ZipFile(tmp_path / "s.zip") as archive:
        report = json.loads(archive.read("report.json"))["draft"]
        assert SECRET not in archive.read("report.json").decode()
    assert report["unreadable"] == 1 and report["damages"]
    checked = told(run("check", path, "--json"), SECRET).json
    assert {"value.too_long", UNREADABLE} <= {one["id"] for one in checked["problems"]}
    assert told(run("score", path), SECRET).code == 0
    for field_, value in (("general.first_name", "สมชาย"), ("p1.1", None)):  # what is bad can be replaced
        assert told(run("set", path, field_, value or ""), SECRET).code in (0, 2)


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00.000000+14:00", "2025-01-01T00:00:00", "9999-12-31T23:59:59-14:00", "x"]
)
def test_a_time_that_cannot_be_read_hides_nothing_else(made: Path, tmp_path: Path, at: str) -> None:
    path = tmp_path / "a.dgdesk"
    with rows(made, path) as base:
        base.execute("UPDATE change SET at = ?", (at,))
        base.execute("INSERT INTO export VALUES (1, ?, 'x', 1, '{\"file\": {}, \"counter\": 1e400}')", (at,))
    with open_draft(path, clock=lambda: NOW, who="x", read_only=True) as draft:
        assert len(draft.package.history()) == 3
        report = json.loads(gather_support(_profile(tmp_path), NOW, {}, draft)["report.json"])["draft"]
    assert report["journal"] == 3 and report["exports"] == 1 and report["damages"]
    assert told(run("check", path, "--lang", "en")).code == 1


@pytest.mark.parametrize("number", [2**63 - 1, 10**12, -1])
def test_a_journal_that_cannot_grow_is_told_before_anything_is_written(made: Path, tmp_path: Path, number: int) -> None:
    path = tmp_path / "a.dgdesk"
    with rows(made, path) as base:
        base.execute("INSERT INTO change(number, at, who) VALUES (?, '2025-01-01T00:00:00+00:00', 'x')", (number,))
        before = list(base.execute("SELECT * FROM state"))
    saved = told(run("set", path, "general.first_name", SECRET, "--lang", "en"), SECRET)
    if number > 0:
        assert (saved.code, "history" in saved.err) == (3, True)
        with closing(sqlite3.connect(path)) as base:
            assert list(base.execute("SELECT * FROM state")) == before
        refused = told(run("export", path, tmp_path / "b.zip", "--draft", "--identity", made / "identity"))
        assert refused.code == 3 and not (tmp_path / "b.zip").exists()
    assert told(run("support", tmp_path / "s.zip", path)).code == 0


@pytest.mark.parametrize("text", ["[" * 100_000, "{", '{"a":' * 50_000])
def test_a_draft_that_cannot_be_opened_still_gets_its_file_for_the_help_desk(
    made: Path, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "a.dgdesk"
    with rows(made, path) as base:
        put(base, "answer", "general.first_name", text)
    assert told(run("score", path)).code == 3
    result = told(run("support", tmp_path / "s.zip", path, "--lang", "en"))
    assert result.code == 0 and "damaged" in result.err
    with ZipFile(tmp_path / "s.zip") as archive:
        assert json.loads(archive.read("report.json"))["draft"] == {"unreadable": "package.value_damaged"}
    assert run("support", tmp_path / "t.zip", tmp_path / "nowhere.dgdesk").code == 3


def test_an_answer_stored_in_another_spelling_can_be_replaced(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.dgdesk"
    with rows(made, path) as base:
        for target, text in (
            ("p1.1", "1e400"),
            ("general.first_name", ' "\\ud800" '),
            ("general.last_name", "[NaN, {}]"),
        ):
            put(base, "answer", target, text)
    for target in ("general.first_name", "general.last_name"):
        assert told(run("set", path, target, "สมชาย", "--lang", "en")).code == 0
    with open_draft(path, clock=lambda: NOW, who="x") as draft:
        assert draft.session.state.facts.answers["general.last_name"] == "สมชาย"
        draft.session.undo()
        assert draft.package.answers()["general.last_name"] != "สมชาย"


@pytest.mark.parametrize("label", ["ก" + "\u0e48" * 19_000, "\u202e\u0645\u0644", "ำ" * 15_000, "x\u0301" * 5_000])
def test_a_questionnaire_of_any_text_is_printed(label: str) -> None:
    tree = FORM.definition.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    tree["sections"][0]["pages"][0]["items"][0]["label"] = label
    from dgdesk.survey.definition.build import build_form
    from dgdesk.survey.definition.models import Definition

    form = build_form(Definition.model_validate(tree))
    rules = make_rules(form, edition_rubric(form.definition.edition))
    store: Any = Kept()
    draft = Draft(store, FormSession(rules, store, lambda: date(2026, 12, 1)))
    printed = print_draft(draft, PrintChoices(variant="draft", section="general"), claimed=NOW)
    assert printed.data.startswith(b"%PDF")


# -- bundles ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    folder = tmp_path_factory.mktemp("signer")
    return create_identity(folder / "i", person="ผู้ส่ง", province="น่าน", passphrase=None, now=SIGNED)


def bundle(folder: Path, name: str, signer: Identity, **changed: bytes) -> Path:
    """A bundle signed over any payload, as somebody with a key and a program of his own could write it."""
    path = export(folder / name, signer, payload(**{"submission.json": submission().to_bytes()})).path
    files = unpack(path.read_bytes())
    top = next(iter(files)).partition("/")[0]
    files |= {f"{top}/data/{file.replace('_', '.')}": content for file, content in changed.items()}
    held = [len(content) for file, content in files.items() if file.startswith(f"{top}/data/")]
    files[f"{top}/bag-info.txt"] = info().text(sum(held), len(held))
    path.write_bytes(pack(sign_again(files, signer)))
    return path


def word(problem: BundleProblem) -> str:
    return CATALOGUE.text(problem.code, **problem.values)


@pytest.mark.parametrize("number", ["9" * 4_000, "9" * 5_000, "1e400", "1e999999999", "-1e13", "1e-300", "NaN"])
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_bundle_with_a_number_that_no_table_holds_is_rejected_and_the_others_are_there(
    tmp_path: Path, signer: Identity, number: str, suffix: str
) -> None:
    content = submission(answers={"p1.1": 7}).to_bytes().replace(b'"p1.1": 7', f'"p1.1": {number}'.encode())
    bad = bundle(tmp_path, "bad.zip", signer, submission_json=content)
    good = bundle(tmp_path, "good.zip", signer)
    fates, tables = collated(tmp_path / f"t{suffix}", [bad, good], signer)
    assert [fate.accepted for fate in fates] == [False, True]
    (rejected,) = [row for row in tables["rejected"][1:] if row[0] == "bad.zip"]
    assert rejected[2] == "verify.submission_invalid"
    assert all(number not in str(cell) for row in tables["rejected"] for cell in row)
    assert [row[0] for row in tables["answers"][1:]] == ["good.zip"]


@pytest.mark.parametrize("score", [b'{"total": {"earned": 1e999999}}', b'{"total": {"earned": ' + b"9" * 4_000 + b"}}"])
def test_a_score_that_cannot_be_one_rejects_the_bundle_and_leaves_nothing_of_it(
    tmp_path: Path, signer: Identity, score: bytes
) -> None:
    bad, good = bundle(tmp_path, "bad.zip", signer, score_json=score), bundle(tmp_path, "good.zip", signer)
    fates, tables = collated(tmp_path / "t.xlsx", [bad, good], signer)
    assert [[one.code for one in fate.problems] for fate in fates] == [["collate.bad_figure"], []]
    assert {row[0] for name in ("answers", "evidence") for row in tables[name][1:]} == {"good.zip"}


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_what_is_longer_than_a_cell_stands_whole_in_parts(tmp_path: Path, signer: Identity, suffix: str) -> None:
    typed = "".join(chr(0x0E01 + at % 46) for at in range(LONGEST_UNREAD))
    whole = submission(answers={"p1.1": {"unread": typed}, "zzz": {"unread": "=" * 40_000}})
    (fate,), tables = collated(
        tmp_path / f"t{suffix}", [bundle(tmp_path, "long.zip", signer, submission_json=whole.to_bytes())], signer
    )
    assert fate.accepted
    parts = [row for row in tables["long_texts"][1:] if row[2] == "p1.1"]
    assert "".join(str(row[4]) for row in parts) == typed
    assert [int(row[3]) for row in parts] == list(range(1, len(parts) + 1))


def test_tables_have_no_part_for_long_texts_where_none_is_long(tmp_path: Path, signer: Identity) -> None:
    _, tables = collated(tmp_path / "t.xlsx", [bundle(tmp_path, "a.zip", signer)], signer)
    assert "long_texts" not in tables


def collated(target: Path, bundles: list[Path], signer: Identity) -> tuple[Any, dict[str, list[tuple[Any, ...]]]]:
    """Collate, and read all tables back."""

    def fill(tables: Any) -> Any:
        return collate_bundles(scan(bundles), tables, forms=[FORM], trusted=[signer.certificate_pem], word=word)

    fates = write_tables(target, fill).files
    if target.suffix == ".xlsx":
        book = openpyxl.load_workbook(target, read_only=True)
        return fates, {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    tables = {}
    for path in target.parent.glob(f"{target.stem}*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            tables[path.stem.removeprefix(target.stem).removeprefix("-") or "files"] = [
                tuple(row) for row in csv.reader(stream)
            ]
    return fates, tables


def _profile(folder: Path) -> Any:
    from dgdesk.system.profile import Profile

    return Profile(folder / "profile")


# -- the register of exports ------------------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from(["digest", "file", "size", "draft", "counter"]) | TEXTS, VALUES, max_size=6))
def test_of_a_line_of_the_register_only_what_holds_the_bounds_is_read(record: dict[str, Any]) -> None:
    read = fit_record(record)
    assert read.items() <= record.items()
    for value in read.values():
        assert value is None or isinstance(value, bool | int | str)
        json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "broken",
    [
        {"answers_digest": None},
        {"answers_digest": SECRET},
        {"media_type": {}},
        {"media_type": SECRET},
        {"name": ""},
        {"name": [SECRET]},
        {"sha256": SECRET},
    ],
    ids=str,
)
def test_an_addendum_of_a_line_that_was_tampered_with_is_refused_or_made(
    made: Path, tmp_path: Path, broken: dict[str, Any]
) -> None:
    path = tmp_path / "a.dgdesk"
    signer = read_card(made / "identity").fingerprint
    about = {"digest": "d" * 64, "answers_digest": "a" * 64, "signer": signer, "draft": True, "file": "b.zip"}
    with rows(made, path) as base:
        (sha256,) = base.execute("SELECT sha256 FROM file").fetchone()
        scan = {"kind": "scan", "digest": "d" * 64, "sha256": sha256, "size": 6, "name": "ก.pdf"}
        for number, record in enumerate((about, {**scan, "media_type": "application/pdf"}), 1):
            text = json.dumps({**record, **{key: value for key, value in broken.items() if key in {*record, "x"}}})
            base.execute("INSERT INTO export VALUES (?, '2026-11-20T00:00:00+00:00', 'x', 1, ?)", (number, text))
    out = tmp_path / "z.zip"
    result = told(run("addendum", "export", path, out, "--identity", made / "identity", "--lang", "en"), SECRET)
    assert (result.code == 0) is out.exists()
    assert result.code in (0, 1, 3)
    assert told(run("check", path), SECRET).code == 1
    assert told(run("support", tmp_path / "s.zip", path), SECRET).code == 0
