"""Corrections on the way: written, verified, printed as a code, collated; and bundles of 0.1.0."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import segno
from pydantic import ValidationError

from bundle.support import BAG, NOW, PDF, evidence, info, payload, submission
from cli.support import done, run
from dgdesk.agency.choices import read_choices, with_choice, write_choices
from dgdesk.agency.collate import Collated, collate_bundles
from dgdesk.agency.inbox import Arrival, check_arrival
from dgdesk.agency.scan import scan
from dgdesk.agency.tables.writing import write_tables
from dgdesk.bundle.chains import Choice, choose
from dgdesk.bundle.export import export_bundle
from dgdesk.bundle.qr import SignOffCode, read_sign_off
from dgdesk.bundle.report import BundleProblem, Verification
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.bundle.submission import MOST_REVISIONS, AnySubmission, make_submission
from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.drafts import load_form
from dgdesk.errors import FileError
from dgdesk.survey.definition.form import Form
from dgdesk.survey.respondents import ISO_3166_2, Respondent

FIXTURES = Path(__file__).parent / "fixtures"
DRAFT, OTHER = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "ab")
NAN = Respondent(ISO_3166_2, "TH-55", "น่าน")


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form("th-province-2568")


def said(answer: str = "yes", **correction: object) -> AnySubmission:
    facts = submission().model_dump(exclude={"format", "province", "answers"}) | {
        "answers": {"p1.4": answer},
        "evidence": [evidence(1, PDF, "คำสั่ง.pdf")],
    }
    return make_submission(NAN, facts, correction or None)


def send(target: Path, by: Identity, of: AnySubmission, *, draft_id: str = DRAFT, draft: bool = False) -> Verification:
    contents = payload(**{"submission.json": of.to_bytes()})
    del contents["evidence/E0002.jpg"]
    export_bundle(
        target,
        name=BAG,
        payload=contents,
        info=info(draft=draft)._replace(draft_id=draft_id),
        identity=by,
        claimed_time=NOW,
    )
    return verify_bundle(target, trusted=[by.certificate_pem])


def gather(
    target: Path, inbox: Path, form: Form, *signers: Identity, every: bool = False, choices: tuple[Choice, ...] = ()
) -> Collated:
    def word(problem: BundleProblem) -> str:
        return problem.code

    made = write_tables(
        target,
        lambda tables: collate_bundles(
            scan([inbox]),
            tables,
            forms=[form],
            trusted=[one.certificate_pem for one in signers],
            word=word,
            every=every,
            choices=choices,
        ),
        replace=True,
    )
    assert isinstance(made, Collated)
    return made


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_bundle_of_0_1_0_still_verifies() -> None:
    found = verify_bundle(FIXTURES / "made-by-0.1.0.zip", trusted=[(FIXTURES / "made-by-0.1.0.pem").read_bytes()])
    assert (found.ok, found.problems, found.revision, found.supersedes, found.draft_id) == (True, (), 1, None, "")


def test_a_first_export_says_its_draft_in_bag_info_alone_and_stays_format_1(signer: Identity, tmp_path: Path) -> None:
    first = said()
    assert json.loads(first.to_bytes())["format"] == 1
    found = send(tmp_path / "a.zip", signer, first)
    assert (found.ok, found.draft_id, found.revision, found.supersedes) == (True, DRAFT, 1, None)


def test_a_correction_says_what_it_replaces_and_verifies(signer: Identity, tmp_path: Path) -> None:
    first = send(tmp_path / "a.zip", signer, said())
    second = said("no", draft_id=DRAFT, revision=2, supersedes=first.digest, reason="แก้ตัวเลข")
    found = send(tmp_path / "b.zip", signer, second)
    assert (found.ok, found.respondent, found.revision, found.reason) == (True, "TH-55", 2, "แก้ตัวเลข")
    assert found.supersedes == first.digest
    other = send_unproved(tmp_path / "c.zip", signer, second, OTHER)
    assert [one.code for one in other.problems] == ["verify.other_draft"]


def send_unproved(target: Path, by: Identity, of: AnySubmission, draft_id: str) -> Verification:
    """As a program that does not check itself."""
    from unittest.mock import patch

    with patch("dgdesk.bundle.export._prove", return_value=("", "")):
        return send(target, by, of, draft_id=draft_id)


@pytest.mark.parametrize(
    "keys",
    [
        {"revision": 2},
        {"revision": 2, "supersedes": "0" * 64},
        {"supersedes": "0" * 64, "reason": "x"},
        {"revision": 1, "supersedes": "0" * 64, "reason": "x"},
        {"revision": True, "supersedes": "0" * 64, "reason": "x"},
        {"revision": 2, "supersedes": "0" * 63, "reason": "x"},
        {"revision": 2, "supersedes": "0" * 64, "reason": "  "},
        {"revision": 2, "supersedes": "0" * 64, "reason": "a\nb"},
        {"revision": 2, "supersedes": "0" * 64, "reason": "x" * 501},
        {"draft_id": "mine"},
    ],
)
def test_half_of_a_correction_is_no_correction(keys: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        said(**keys)


def test_the_code_on_the_sheet_has_the_number_and_stays_small() -> None:
    for respondent, edition in (("TH-50", "th-province-2568"), ("th-department/0301", "th-department-2569")):
        code = SignOffCode(respondent.upper(), edition, "0" * 64, "f" * 64, MOST_REVISIONS)
        assert read_sign_off(code.text()) == code
        made = segno.make(code.text(), error="m", micro=False, boost_error=False)
        assert made.mode == "alphanumeric" and int(made.version) <= 6
    plain = SignOffCode("TH-50", "th-province-2568", "0" * 64, "f" * 64)
    assert read_sign_off(plain.text()) == plain and plain.text().count(":") == 4
    for end in (":1", ":0", ":x", ":2:2", ":12345678"):
        assert read_sign_off(plain.text() + end) is None


def test_two_hundred_copies_are_one_submission_in_the_tables(signer: Identity, form: Form, tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    send(inbox / "0.zip", signer, said())
    for number in range(1, 200):
        shutil.copy(inbox / "0.zip", inbox / f"{number}.zip")
    made = gather(tmp_path / "t.csv", inbox, form, signer)
    assert made.sums["accepted"] == 200 and made.sums["copies"] == 199 and made.holds
    assert len(rows(tmp_path / "t-answers.csv")) == 1 and len(rows(tmp_path / "t.csv")) == 200
    mine = [row for row in rows(tmp_path / "t-submissions.csv") if row["state"] != "not_yet"]
    assert [(row["respondent"], row["state"], row["copies"]) for row in mine] == [("TH-55", "current", "199")]
    others = [row for row in rows(tmp_path / "t-submissions.csv") if row["state"] == "not_yet"]
    assert len(others) == 75 and "TH-50" in {row["respondent"] for row in others}


def test_a_correction_takes_the_place_of_the_first_and_both_are_named(
    signer: Identity, form: Form, tmp_path: Path
) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    first = send(inbox / "z-first.zip", signer, said("yes"))
    send(inbox / "a.zip", signer, said("no", revision=2, supersedes=first.digest, reason="=แก้", draft_id=DRAFT))
    send(inbox / "draft.zip", signer, said("doing"), draft=True)
    made = gather(tmp_path / "t.csv", inbox, form, signer)
    assert made.holds
    assert [row["p1.4"] for row in rows(tmp_path / "t-answers.csv")] == ["no"]
    (mine,) = (row for row in rows(tmp_path / "t-submissions.csv") if row["state"] != "not_yet")
    assert (mine["state"], mine["revision"], mine["bundles"], mine["drafts"]) == ("current", "2", "2", "1")
    assert mine["reason"] == "'=แก้"  # no text of others is a formula
    outcomes = {row["file"]: row["outcome"] for row in rows(tmp_path / "t.csv")}
    assert outcomes == {"z-first.zip": "superseded", "a.zip": "current", "draft.zip": "draft"}
    gather(tmp_path / "all.csv", inbox, form, signer, every=True)
    assert sorted(row["p1.4"] for row in rows(tmp_path / "all-answers.csv")) == ["doing", "no", "yes"]


def test_a_fork_is_in_no_table_until_a_person_has_chosen_and_the_choice_is_kept(
    signer: Identity, form: Form, tmp_path: Path
) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    send(inbox / "a.zip", signer, said("yes"))
    second = send(inbox / "b.zip", signer, said("no"), draft_id=OTHER)
    made = gather(tmp_path / "t.csv", inbox, form, signer)
    assert not made.holds and rows(tmp_path / "t-answers.csv") == []
    (fork,) = (line for line in made.submissions if line.state == "fork")
    assert fork.chain is not None and second.digest is not None
    kept = tmp_path / "t.choices.json"
    assert read_choices(kept) == ()
    write_choices(kept, with_choice((), choose(fork.chain, second.digest)))
    made = gather(tmp_path / "t.csv", inbox, form, signer, choices=read_choices(kept))
    assert made.holds and [row["p1.4"] for row in rows(tmp_path / "t-answers.csv")] == ["no"]
    kept.write_text('{"choices": [], "format": 2}', encoding="utf-8")
    with pytest.raises(FileError, match="damaged"):
        read_choices(kept)


def test_tables_of_an_earlier_run_that_are_not_written_now_are_named(signer: Identity, tmp_path: Path) -> None:
    trust = tmp_path / "s.pem"
    trust.write_bytes(signer.certificate_pem)
    send(tmp_path / "a.zip", signer, said("yes"))
    again = ("collate", tmp_path / "t.csv", tmp_path / "a.zip", "--trust", trust, "--lang", "en", "--replace")
    assert "earlier run" not in done(*again).out and "earlier run" not in done(*again).out
    (told,) = [line for line in done(*again, "--long").out.splitlines() if "earlier run" in line]
    assert "t-answers.csv" in told and "t-fields.csv" not in told and (tmp_path / "t-answers.csv").exists()


def test_a_choice_names_its_file_in_whatever_order_the_thai_was_typed(signer: Identity, tmp_path: Path) -> None:
    inbox, trust, table = tmp_path / "in", tmp_path / "s.pem", tmp_path / "t.csv"
    inbox.mkdir()
    trust.write_bytes(signer.certificate_pem)
    send(inbox / "ก.zip", signer, said("yes"))
    send(inbox / "ต้ำ.zip", signer, said("no"), draft_id=OTHER)
    done("collate", table, inbox, "--trust", trust, "--choose", "ต\u0e4d\u0e49า.zip")
    assert [row["p1.4"] for row in rows(tmp_path / "t-answers.csv")] == ["no"]


def test_a_choice_by_command_verifies_each_bundle_once_and_is_kept(
    signer: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, trust, table = tmp_path / "in", tmp_path / "s.pem", tmp_path / "t.csv"
    inbox.mkdir()
    trust.write_bytes(signer.certificate_pem)
    send(inbox / "a.zip", signer, said("yes"))
    send(inbox / "b.zip", signer, said("no"), draft_id=OTHER)
    checked: list[str] = []

    def check(path: Path, *rest: Any) -> Arrival:
        checked.append(path.name)
        return check_arrival(path, *rest)

    monkeypatch.setattr("dgdesk.agency.check.check_arrival", check)
    named = ("collate", table, inbox, "--trust", trust)
    assert run(*named, "--choose", "c.zip").code == 2 and not table.exists()
    assert not (tmp_path / "t.choices.json").exists()
    checked.clear()
    done(*named, "--choose", "b.zip")
    assert sorted(checked) == ["a.zip", "b.zip"]
    assert [row["p1.4"] for row in rows(tmp_path / "t-answers.csv")] == ["no"]
    done(*named, "--replace")
    assert [row["p1.4"] for row in rows(tmp_path / "t-answers.csv")] == ["no"]


def test_somebody_elses_correction_replaces_nothing_without_a_word(
    signer: Identity, form: Form, tmp_path: Path
) -> None:
    other = create_identity(tmp_path / "other", person="สมชาย", province="น่าน", passphrase=None, now=NOW)
    inbox = tmp_path / "in"
    inbox.mkdir()
    first = send(inbox / "a.zip", signer, said("yes"))
    send(inbox / "b.zip", other, said("no", revision=2, supersedes=first.digest, reason="แก้", draft_id=DRAFT))
    made = gather(tmp_path / "t.csv", inbox, form, signer, other)
    (line,) = (line for line in made.submissions if line.state != "not_yet")
    assert line.state == "fork" and [flaw for flaw, _ in line.remarks] == ["other_signer"]
    (row,) = (row for row in rows(tmp_path / "t-submissions.csv") if row["state"] == "fork")
    assert row["remarks"] == "chain.flaw.other_signer"
