"""Two editions that were written in workbooks only go through every command, without a line of code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.support import done, run
from dgdesk.draft.drafts import newest_edition
from dgdesk.editions.workbook.opening import open_book
from dgdesk.text.editions import use_editions
from editions.make_books import DATA, make

WHO = {"department": ("th-department-2570", "0302"), "province-2569": ("th-province-2569", "TH-50")}
ANSWERS = {
    "department": {"who.name": "สมศรี ใจดี", "policy.q1": "yes", "policy.q2": "no", "data.table:2": "yes"},
    "province-2569": {"general.first_name": "สมศรี", "p1.1": "yes", "g.y2569": "ศูนย์ข้อมูลจังหวัด"},
}


def test_the_workbooks_are_those_that_the_script_makes(tmp_path):
    make(tmp_path)
    for name in WHO:
        assert open_book(tmp_path / f"{name}.xlsx") == open_book(DATA / f"{name}.xlsx")


def test_the_department_s_survey_has_about_sixty_places_and_the_province_s_forty_changes(tmp_path):
    done("questionnaire", "from-xlsx", DATA / "department.xlsx", tmp_path / "department")
    assert len(done("questionnaire", "dump", "--folder", tmp_path / "department").out.splitlines()) >= 50
    done("questionnaire", "from-xlsx", DATA / "province-2569.xlsx", tmp_path / "province")
    found = done("questionnaire", "diff", newest_edition(), tmp_path / "province", "--json").json["differences"]
    assert len(found) >= 40
    sorts = {
        "added",
        "gone",
        "moved",
        "reworded",
        "answer",
        "options",
        "evidence",
        "skips",
        "notes",
        "checks",
        "points",
    }
    assert {one["sort"] for one in found} >= sorts


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A profile of its own; what is installed there is forgotten afterwards."""
    monkeypatch.setenv("DGDESK_HOME", str(tmp_path / "profile"))
    yield
    use_editions(None)


@pytest.mark.usefixtures("profile")
@pytest.mark.parametrize("name", WHO)
def test_a_survey_from_a_workbook_goes_through_every_command(name, tmp_path):
    edition, who = WHO[name]
    folder, pack, draft = tmp_path / "made", tmp_path / "made.dgedition", tmp_path / "a.dgdesk"
    signer = ("--no-passphrase", "--name", "t")
    done("identity", "new", "--person", "วิภา ชัยดี", "--province", "สพร.", *signer)
    done("identity", "export", tmp_path / "signer.pem", "--name", "t")

    done("questionnaire", "from-xlsx", DATA / f"{name}.xlsx", folder)
    done("questionnaire", "lint", "--folder", folder)
    done("edition", "build", folder, pack, "--identity", "t")
    done("edition", "install", pack, "--trust", tmp_path / "signer.pem")
    done("new", draft, "--edition", edition, "--respondent", who)
    for field, value in ANSWERS[name].items():
        done("set", draft, field, value)
    assert run("check", draft).code == 1  # much is still missing
    done("print", draft, "--out", tmp_path / "a.pdf")
    done("export", draft, tmp_path / "a.zip", "--draft", "--identity", "t")
    done("verify", tmp_path / "a.zip", "--trust", tmp_path / "signer.pem")
    done("collate", tmp_path / "all.xlsx", tmp_path / "a.zip", "--trust", tmp_path / "signer.pem")
    for made in ("a.pdf", "a.zip", "all.xlsx"):
        assert (tmp_path / made).stat().st_size > 0
