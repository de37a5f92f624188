"""A ledger as tables: the same as of the bundles themselves, whichever counts, and nothing of one that does not."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from agency.known import ARRIVED, EDITION, Known, digest, file_row, known, tell, tell_files
from bundle.support import NOW, code_of, submission
from bundle.test_corrections import DRAFT, OTHER, gather, said, send
from cli.support import done, refused, run
from dgdesk.agency.collate_ledger import CollatedLedger, collate_ledger
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.ledger.reading import choose
from dgdesk.agency.ledger.schema import CONTENTS
from dgdesk.agency.tables.writing import write_tables
from dgdesk.bundle.chains import Choice
from dgdesk.bundle.exact_json import canonical_json
from dgdesk.bundle.signing.identity import Identity
from dgdesk.draft.drafts import load_form
from dgdesk.survey.definition.form import Form
from dgdesk.system.progress import Cancelled, Progress

A, B, C = (digest(number) for number in range(3))
SCORE = canonical_json({"total": {"earned": 71, "weight": 100}})


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(EDITION)


def make(ledger: Ledger, target: Path, form: Form, **how: Any) -> CollatedLedger:
    def fill(tables: Any) -> CollatedLedger:
        return collate_ledger(ledger, tables, forms=[form], word=lambda problem: problem.code, **how)

    made = write_tables(target, fill, replace=True)
    assert isinstance(made, CollatedLedger)
    return made


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def plain(answer: str = "yes", **others: Any) -> bytes:
    return submission(answers={"p1.4": answer, **others}, evidence=[], province="TH-55").to_bytes()


@pytest.mark.parametrize("every", [False, True])
def test_a_ledger_gives_the_same_tables_as_its_bundles(
    named: str, every: bool, form: Form, signer: Identity, tmp_path: Path
) -> None:
    """A correction, what it replaces twice, and a draft."""
    inbox = tmp_path / "รับ"
    (inbox / "ข").mkdir(parents=True)
    first = send(inbox / "1.zip", signer, said())
    (inbox / "ข" / "1.zip").write_bytes((inbox / "1.zip").read_bytes())
    correction = {"draft_id": DRAFT, "revision": 2, "supersedes": first.digest, "reason": "แก้ตัวเลข"}
    second = send(inbox / "2.zip", signer, said("no", **correction))
    draft = send(inbox / "3.zip", signer, said("doing"), draft_id=OTHER, draft=True)
    bundles = gather(tmp_path / "b.csv", inbox, form, signer, every=every)
    with open_ledger(named, make=True) as ledger:
        paths = [inbox / "1.zip", inbox / "2.zip", inbox / "3.zip"]
        some = [known(path, one, inbox) for path, one in zip(paths, (first, second, draft), strict=True)]
        some[0] = some[0]._replace(paths=(*some[0].paths, "ข/1.zip"))
        tell(ledger, some)
        made = make(ledger, tmp_path / "l.csv", form, every=every)
    assert made.totals == bundles.totals and made.sums == bundles.sums and made.holds == bundles.holds
    for name in ("", "-submissions", "-answers", "-scores", "-evidence", "-rejected", "-fields"):
        theirs = rows(tmp_path / f"b{name}.csv")
        columns = list(theirs[0]) if theirs else []
        mine = [{column: row[column] for column in columns} for row in rows(tmp_path / f"l{name}.csv")]
        assert sorted(map(settled, mine)) == sorted(map(settled, theirs)), name


def test_files_are_listed_as_those_of_a_folder_whatever_the_database_says(
    named: str, form: Form, tmp_path: Path
) -> None:
    in_order = [
        "กทม/ชุด 9.zip",
        "กทม/ชุด 10.zip",
        "แผน/กา.zip",
        "แผน/เก.zip",
        "รวม.zip",
        "เรื่อง.zip",
        "อำเภอ.zip",
        "โอน.zip",
    ]
    with open_ledger(named, make=True) as ledger:
        tell(ledger, [Known(digest(at), plain(), SCORE, (name,)) for at, name in enumerate(in_order[::-1])])
        make(ledger, tmp_path / "l.csv", form, every=True)
    assert [row["file"] for row in rows(tmp_path / "l.csv")] == in_order


def settled(row: dict[str, str]) -> list[tuple[str, list[str]]]:
    """A row whose lists of other files have one order."""
    return [(name, sorted(value.split("; "))) for name, value in row.items()]


def test_rows_say_respondent_revision_outcome_and_arrival(named: str, form: Form, tmp_path: Path) -> None:
    with open_ledger(named, make=True) as ledger:
        facts = {"revision": 2, "supersedes": A, "reason": "แก้"}
        tell(ledger, [Known(A, plain("no"), SCORE, ("a.zip",)), Known(B, plain(), SCORE, ("b.zip",), facts=facts)])
        made = make(ledger, tmp_path / "t.csv", form)
        make(ledger, tmp_path / "all.csv", form, every=True)
    (row,) = rows(tmp_path / "t-answers.csv")
    said_of_it = [row[name] for name in ("file", "respondent", "respondent_name", "revision", "outcome")]
    assert said_of_it == ["b.zip", "TH-55", "น่าน", "2", "current"]
    assert (row["arrived"], row["p1.4"]) == (ARRIVED.isoformat(), "yes")
    for table in tmp_path.glob("*.csv"):
        header = table.read_text("utf-8-sig").splitlines()[0].split(",")
        assert len(set(header)) == len(header), "each column has a name of its own"
    assert [(row["file"], row["outcome"]) for row in rows(tmp_path / "all-answers.csv")] == [
        ("a.zip", "superseded"),
        ("b.zip", "current"),
    ]
    assert [line.state for line in made.submissions].count("not_yet") == len(made.submissions) - 1 > 70
    states = {row["respondent"]: row["state"] for row in rows(tmp_path / "t-submissions.csv")}
    assert states["TH-55"] == "current" and states["TH-50"] == "not_yet"


def test_long_form_takes_a_place_apart_and_says_values_in_words(named: str, form: Form, tmp_path: Path) -> None:
    answers = {"p1.2a:1.1": "doing", "p4.2.count": 7, "g3.projects": ["1", "2"], "g3.projects.name#2": "=1+1"}
    odd = {"p8.1.1": ["budget", "other"], "zzz": "x", "p4.2.2.2": {"unread": "ราว 5"}}
    with open_ledger(named, make=True) as ledger:
        tell(ledger, [Known(A, plain(**answers, **odd), None, ("a.zip",))])
        make(ledger, tmp_path / "t.parquet", form, long=True)
        make(ledger, tmp_path / "t.xlsx", form, long=True)
    assert not (tmp_path / "t-answers.parquet").exists()
    with duckdb.connect() as base:
        columns = 'respondent, "address", field, kind, "row", "column", item, "value", number, "text"'
        where = str(tmp_path / "t-answers_long.parquet")
        found = base.execute(f"SELECT {columns} FROM read_parquet(?)", [where]).fetchall()
    by_address = {(row[1], row[7]): row for row in found}
    assert len(found) == len(by_address) == 10
    assert by_address["p1.2a:1.1", "doing"][2:7] == ("p1.2a", "row", "1.1", None, None)
    assert by_address["p1.2a:1.1", "doing"][9] == "อยู่ระหว่างดำเนินการ"
    assert by_address["g3.projects.name#2", "=1+1"][2:7] == ("g3.projects.name", "text", None, None, "2")
    assert by_address["p4.2.count", "7"][8] == 7 and by_address["p4.2.2.2", "ราว 5"][3] == "unread"
    assert by_address["p8.1.1", "budget"][9].startswith("1.1") and by_address["zzz", "x"][2] == "zzz"
    assert by_address["p1.4", "yes"][0] == "TH-55"
    book = openpyxl.load_workbook(tmp_path / "t.xlsx", read_only=True)
    assert len(list(book["answers_long"].values)) == 11
    book.close()


def test_since_a_moment_only_what_arrived_then_is_written_and_all_decides_what_counts(
    named: str, form: Form, tmp_path: Path
) -> None:
    later = ARRIVED + timedelta(days=1)
    with open_ledger(named, make=True) as ledger:
        facts = {"revision": 2, "supersedes": A, "reason": "แก้"}
        tell(
            ledger,
            [
                Known(A, plain("no"), None, ("a.zip",)),
                Known(B, plain(), None, ("b.zip",), arrived=later, facts=facts),
                Known(C, plain(), None, ("c.zip",), respondent="TH-50"),
            ],
        )
        made = make(ledger, tmp_path / "t.csv", form, since=later)
        none = make(ledger, tmp_path / "n.csv", form, since=later + timedelta(seconds=1))
    assert [row["file"] for row in rows(tmp_path / "t-answers.csv")] == ["b.zip"]
    assert [row["file"] for row in rows(tmp_path / "t.csv")] == ["b.zip"]
    assert not rows(tmp_path / "n-answers.csv") and not rows(tmp_path / "n.csv")
    assert (made.submissions == none.submissions and made.totals == {"accepted": 2, "several": 1}) or made.totals


def test_of_a_fork_nothing_counts_until_a_person_has_chosen(named: str, form: Form, tmp_path: Path) -> None:
    with open_ledger(named, make=True) as ledger:
        tell(ledger, [Known(A, plain("no"), None, ("a.zip",)), Known(B, plain(), None, ("b.zip",))])
        assert not make(ledger, tmp_path / "t.csv", form).holds
        assert not rows(tmp_path / "t-answers.csv")
        choose(ledger, Choice(EDITION, "TH-55", B, frozenset({A})), NOW)
        assert make(ledger, tmp_path / "t.csv", form).holds
    assert [row["p1.4"] for row in rows(tmp_path / "t-answers.csv")] == ["yes"]


def test_every_file_has_a_row_and_every_refusal_a_reason(named: str, form: Form, tmp_path: Path) -> None:
    with open_ledger(named, make=True) as ledger:
        tell(ledger, [Known(A, plain(), None, ("a.zip", "b.zip"))])
        tell_files(
            ledger,
            [
                file_row("bad.zip", "refused", "zip.cut_short"),
                file_row("new.zip", None, state="waiting"),
                file_row("old.zip", "refused", "zip.empty", state="gone"),
                file_row("อ่าน.txt", "foreign", "inbox.foreign"),
            ],
        )
        made = make(ledger, tmp_path / "t.csv", form)
    assert made.totals == {"accepted": 1, "copy": 1, "refused": 1, "foreign": 1}
    assert made.waiting == 1 and not made.holds
    told = {row["file"]: (row["verdict"], row["state"], row["same_as"]) for row in rows(tmp_path / "t.csv")}
    assert told == {
        "a.zip": ("accepted", "judged", "b.zip"),
        "b.zip": ("copy", "judged", "a.zip"),
        "bad.zip": ("refused", "judged", ""),
        "new.zip": ("", "waiting", ""),
        "old.zip": ("refused", "gone", ""),
        "อ่าน.txt": ("foreign", "judged", ""),
    }
    reasons = [(row["file"], row["code"]) for row in rows(tmp_path / "t-rejected.csv")]
    assert reasons == [("bad.zip", "zip.cut_short"), ("old.zip", "zip.empty")]


def test_two_inboxes_tell_their_files_apart(named: str, form: Form, tmp_path: Path) -> None:
    with open_ledger(named, make=True) as ledger:
        for number, inbox in enumerate(("/srv/ก", "/srv/ข", "/mnt/ข")):
            one = Known(digest(number), plain(), None, ("a.zip",), respondent=f"TH-{50 + number}")
            tell(ledger, [one], inbox)
        make(ledger, tmp_path / "t.csv", form)
    assert {row["file"] for row in rows(tmp_path / "t.csv")} == {"ก/a.zip", "/srv/ข/a.zip", "/mnt/ข/a.zip"}


def test_a_score_that_no_table_holds_costs_only_its_bundle(named: str, form: Form, tmp_path: Path) -> None:
    with open_ledger(named, make=True) as ledger:
        bad = Known(A, plain(), b'{"total": {"earned": 1e99}}', ("a.zip",))
        tell(ledger, [bad, Known(B, plain(), SCORE, ("b.zip",), respondent="TH-50")])
        make(ledger, tmp_path / "t.csv", form)
    assert [row["file"] for row in rows(tmp_path / "t-answers.csv")] == ["b.zip"]
    assert [(row["file"], row["code"]) for row in rows(tmp_path / "t-rejected.csv")] == [
        ("a.zip", "collate.bad_figure")
    ]


def test_a_ledger_that_lost_a_content_is_damaged_and_no_table_is_written(
    named: str, form: Form, tmp_path: Path
) -> None:
    with open_ledger(named, make=True) as ledger:
        tell(ledger, [Known(digest(n), plain(), None, (f"{n}.zip",), respondent=f"TH-{50 + n}") for n in range(3)])
        ledger.write(lambda connection: connection.execute(CONTENTS.delete().where(CONTENTS.c.digest == B)))
        assert code_of(make, ledger, tmp_path / "t.csv", form) == "ledger.damaged"
    assert not list(tmp_path.glob("t*"))


def test_a_cancel_leaves_no_table(named: str, form: Form, tmp_path: Path) -> None:
    with open_ledger(named, make=True) as ledger:
        tell(ledger, [Known(A, plain(), None, ("a.zip",))])
        with pytest.raises(Cancelled):
            make(ledger, tmp_path / "t.csv", form, progress=Progress(is_cancelled=lambda: True))
    assert not list(tmp_path.glob("t*"))


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_collates_a_ledger_and_keeps_choices_there(tmp_path: Path) -> None:
    place = tmp_path / "ทะเบียน.ledger"
    with open_ledger(place, make=True) as ledger:
        tell(ledger, [Known(A, plain("no"), None, ("a.zip",)), Known(B, plain(), None, ("b.zip",))])
    before = run("collate", tmp_path / "t.csv", "--ledger", place, "--json")
    assert (before.code == 1 and before.json["totals"] == {"accepted": 0}) or before.json["waiting"] == 0
    told = done("collate", tmp_path / "u.csv", "--ledger", place, "--choose", "b.zip", "--since", "2569-11-20").out
    assert "b.zip" in told and not list(tmp_path.glob("*.choices.json"))
    assert [row["p1.4"] for row in rows(tmp_path / "u-answers.csv")] == ["yes"]
    again = done("collate", tmp_path / "v.sqlite", "--ledger", place, "--json").json
    (line,) = [one for one in again["submissions"] if one["respondent"] == "TH-55"]
    assert (line["digest"], line["state"], line["file"]) == (B, "current", "b.zip")
    refused(2, "collate", tmp_path / "w.csv", "--ledger", place, "--choose", "c.zip", says="c.zip")


def test_wrong_sources_and_days_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    place = tmp_path / "l.ledger"
    open_ledger(place, make=True).close()
    target = tmp_path / "t.csv"
    refused(2, "collate", target, says="--ledger is missing")
    refused(2, "collate", target, tmp_path, "--ledger", place, says="cannot be used together")
    refused(2, "collate", target, "--ledger", place, "--trust", tmp_path, says="--trust")
    refused(2, "collate", target, tmp_path, "--since", "2026-11-20", says="--ledger is missing")
    for day in ("2026-02-30", "20 พ.ย.", "2569-2-1", "", "0000-01-01"):
        refused(2, "collate", target, "--ledger", place, "--since", day, says="is no day", thai="ไม่ใช่วันที่")
    refused(3, "collate", target, "--ledger", tmp_path / "none", says="There is no ledger")
    refused(2, "collate", tmp_path / "l.sqlite", "--ledger", tmp_path / "l.sqlite", says="read by the same command")
    assert [path.name for path in tmp_path.iterdir()] == ["l.ledger"]
