"""The command ``edition``, and a survey of departments that is answered, sent and received without a line of code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.support import done, run
from dgdesk.text.editions import read_editions_again, use_editions
from editions.making import DEPARTMENT_EDITION, DEPARTMENTS, copy_of


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile of its own with an identity that signs packs; its certificate is ``signer.pem``."""
    monkeypatch.setenv("DGDESK_HOME", str(tmp_path / "home"))
    done("identity", "new", "--person", "วิภา ชัยดี", "--province", "สพร.", "--no-passphrase")
    done("identity", "export", tmp_path / "signer.pem")
    yield tmp_path
    use_editions(None)
    read_editions_again()


@pytest.fixture
def pack(home: Path) -> Path:
    """The pack of the departments' survey."""
    done("edition", "build", DEPARTMENTS, home / "d.dgedition")
    return home / "d.dgedition"


def test_a_pack_is_built_checked_installed_listed_and_removed(home: Path, pack: Path) -> None:
    assert "ฉบับที่ 1" in done("edition", "verify", pack, "--trust", home / "signer.pem").out
    assert run("edition", "verify", pack).code == 1
    made = done("edition", "install", pack, "--trust", home / "signer.pem", "--json").json
    assert (made["id"], made["version"], made["already"]) == (DEPARTMENT_EDITION, 1, False)
    assert done("edition", "install", pack, "--json").json["already"]
    listed = {one["id"]: one for one in done("edition", "list", "--json").json}
    assert listed[DEPARTMENT_EDITION] | {"title": ""} == {
        "id": DEPARTMENT_EDITION,
        "version": 1,
        "shipped": False,
        "title": "",
        "year": "2569",
        "opens": None,
        "closes": "2027-03-31",
        "damaged": [],
    }
    assert any(one["shipped"] for one in listed.values())
    assert "ระดับกรม พ.ศ. 2569" in done("edition", "list").out
    assert "(ส่งได้ถึง 31 มี.ค. 2570)" in done("edition", "list").out
    done("edition", "remove", DEPARTMENT_EDITION)
    assert DEPARTMENT_EDITION not in done("edition", "list").out
    assert DEPARTMENT_EDITION in run("edition", "remove", DEPARTMENT_EDITION).refusal(1)


def test_a_pack_of_an_unknown_signer_is_refused_with_the_reason(home: Path, pack: Path) -> None:
    refused = run("edition", "install", pack)
    assert refused.code == 1 and "ไม่มีสิ่งใดเปลี่ยนแปลง" in refused.err and "ไม่อยู่ในรายชื่อ" in refused.err
    assert DEPARTMENT_EDITION not in done("edition", "list").out


def test_a_survey_with_flaws_names_them(home: Path) -> None:
    folder = copy_of(DEPARTMENTS, home / "data", rubric=("field: d1.1", "field: d9.9"))
    refused = run("edition", "build", folder, home / "x.dgedition")
    assert refused.code == 1 and "d9.9" in refused.err and not (home / "x.dgedition").exists()


def test_ids_that_the_new_survey_uses_for_something_else_are_named_when_it_is_built(home: Path, pack: Path) -> None:
    other = copy_of(DEPARTMENTS, home / "data", d1=("กรมมีแผนดิจิทัลหรือไม่", "จำนวนบุคลากรด้านเทคโนโลยีสารสนเทศ"))
    refused = run("edition", "build", other, home / "x.dgedition", "--follows", DEPARTMENTS)
    assert refused.code == 1 and "d1.1" in refused.err and "กรมมีแผนดิจิทัลหรือไม่" in refused.err
    assert not (home / "x.dgedition").exists()
    # the version that is there counts unasked
    done("edition", "install", pack, "--trust", home / "signer.pem")
    assert "d1.1" in run("edition", "build", other, home / "x.dgedition", "--version", "2").err
    assert not (home / "x.dgedition").exists()


def test_build_writes_over_a_pack_only_when_asked_and_over_nothing_else(home: Path, pack: Path) -> None:
    assert run("edition", "build", DEPARTMENTS, pack).code != 0
    done("edition", "build", DEPARTMENTS, pack, "--version", "2", "--replace")
    done("new", home / "a.dgdesk")
    before = (home / "a.dgdesk").read_bytes()
    assert run("edition", "build", DEPARTMENTS, home / "a.dgdesk", "--replace").code == 2
    assert (home / "a.dgdesk").read_bytes() == before


def test_a_department_answers_signs_sends_and_is_received(home: Path, pack: Path) -> None:
    done("edition", "install", pack, "--trust", home / "signer.pem")
    draft, bundle, table = home / "a.dgdesk", home / "a.zip", home / "all.csv"
    unknown = run("new", draft, "--edition", DEPARTMENT_EDITION, "--respondent", "น่าน").refusal(2)
    assert "ชื่อกรม" in unknown and "กรมการปกครอง" in unknown and not draft.exists()
    made = done("new", draft, "--edition", DEPARTMENT_EDITION, "--respondent", "กรมที่ดิน", "--json").json
    assert (made["respondent"], made["province"]) == ("th-department/0303", None)
    for question, answer in {"d1.1": "no", "office.person": "สมชาย", "office.position": "นักวิชาการ"}.items():
        done("set", draft, question, answer)
    done("export", draft, bundle, "--json")
    (home / "trust.csv").write_text("respondent,certificate\nth-department/0303,signer.pem\n", encoding="utf-8")
    found = done("verify", bundle, "--trust", home / "trust.csv", "--json").json
    assert found["ok"] and (found["respondent"], found["province"]) == ("th-department/0303", None)
    (home / "trust.csv").write_text("respondent,certificate\nth-department/0301,signer.pem\n", encoding="utf-8")
    other = run("verify", bundle, "--trust", home / "trust.csv", "--json")
    assert other.code == 1 and "กรมการปกครอง" in json.loads(other.out)["problems"][0]["message"]
    (home / "inbox").mkdir()
    bundle.rename(home / "inbox" / "a.zip")
    done("collate", table, home / "inbox", "--trust", home / "signer.pem")
    answers = (home / "all-answers.csv").read_text(encoding="utf-8-sig").splitlines()
    assert "th-department/0303" in answers[1] and "d1.1" in answers[0]


def test_the_papers_speak_of_the_department(home: Path, pack: Path) -> None:
    from printing.extracting import READERS

    done("edition", "install", pack, "--trust", home / "signer.pem")
    draft = home / "a.dgdesk"
    done("new", draft, "--edition", DEPARTMENT_EDITION, "--respondent", "0303")
    for question, answer in {"d1.1": "no", "office.person": "สมชาย", "office.position": "นักวิชาการ"}.items():
        done("set", draft, question, answer)
    done("export", draft, home / "a.zip")
    for variant in ("signing", "blank", "compact", "final", "draft"):
        run("print", draft, "--variant", variant, "--out", home / f"{variant}.pdf")
        text = READERS["pdftotext"]((home / f"{variant}.pdf").read_bytes())
        assert "จังหวัด" not in text.replace("ผู้ว่าราชการจังหวัด", ""), (variant, text)
        assert "กรมที่ดิน" in text or variant == "blank", variant  # the list of all departments
