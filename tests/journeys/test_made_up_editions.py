"""Two surveys that no program was written for, in the real window: installed, begun, answered, signed, printed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.support import done, result_of, start
from dgdesk.draft.drafts import open_draft
from dgdesk.text.editions import use_editions
from editions.make_books import DATA
from editions.making import agency, pack_of
from journeys import ten_acts
from journeys.person import Person, at_work
from journeys.screen import screen, source_variables, until, window_manager
from journeys.ten_acts import accepts, begins, box, file_row, named
from journeys.test_ten_acts import a_document, a_program_that_opens, newest
from ui.filling import fill_all

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

PACK, CERTIFICATE = "survey.dgedition", "agency.pem"


@dataclass(frozen=True)
class Made:
    """A made-up edition: who answers it, and the question that is left for the window."""

    book: str
    edition: str
    name: str
    called: str
    respondent: str
    field: str
    code: str
    option: str
    install: Callable[[Person], None]


def by_double_click(person: Person) -> None:
    """The program was started with the pack; its signer is unknown here."""
    person.click(named("เลือกไฟล์ใบรับรอง…"), "choose the certificate")
    person.click(file_row(CERTIFICATE), CERTIFICATE)
    person.click(accepts, "open")
    person.click(named("ตรงกัน เชื่อถือและติดตั้ง"), "trust and install")
    person.click(named("ตกลง"), "that it is installed")


def by_the_list(person: Person) -> None:
    """Enrol the signer, then install the pack, both in the list of surveys."""
    person.click(named("แบบสำรวจในเครื่องนี้…"), "the surveys on this PC")
    person.click(named("เพิ่มผู้ลงนามที่เชื่อถือ…"), "trust a signer")
    person.click(file_row(CERTIFICATE), CERTIFICATE)
    person.click(accepts, "open")
    person.click(named("ตรงกัน เชื่อถือผู้นี้"), "trust")
    person.click(named("ตกลง"), "that the signer is kept")
    person.click(named("ติดตั้งแบบสำรวจ…"), "install a survey")
    person.click(file_row(PACK), PACK)
    person.click(accepts, "open")
    person.click(named("ตกลง"), "that it is installed")
    person.see(lambda one: one.kind == "row" and "ฉบับที่ 1 · ติดตั้งเพิ่ม" in one.name, "the survey in the list")
    person.click(named("ปิด", inside="EditionsDialog"), "close")


DEPARTMENT = Made(
    "department",
    "th-department-2570",
    "ระดับกรม พ.ศ. 2570",
    "กรม",
    "กรมที่ดิน",
    "policy.q1",
    "1.1",
    "มี",
    by_double_click,
)
PROVINCE = Made(
    "province-2569",
    "th-province-2569",
    "ระดับจังหวัด พ.ศ. 2569",
    "จังหวัด",
    "เชียงใหม่",
    "p1.4",
    "P1.4",
    "มีการดำเนินการแล้วเสร็จ",
    by_the_list,
)


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What the commands of a test installed is forgotten after it."""
    yield
    use_editions(None)


@pytest.mark.parametrize("made", [DEPARTMENT, PROVINCE], ids=["department", "province"])
def test_a_survey_from_a_workbook_goes_through_the_window(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("DGDESK_HOME", str(home / "profile"))
    hand_out(made, tmp_path, home)
    opened = a_program_that_opens(tmp_path)
    variables = {**source_variables(home), "PATH": f"{opened.parent}{os.pathsep}{os.environ['PATH']}", "TZ": "UTC"}
    a_document(home / ten_acts.FILE)
    with screen(1366, 768) as shown, window_manager(shown):
        given = [str(home / PACK)] if made.install is by_double_click else []
        with at_work(shown, given, variables, sys.executable) as person:
            made.install(person)
            begin(person, made)
            leave(person)
        draft = newest(home, "*.dgdesk")
        fill_the_rest(draft, home, made)
        with at_work(shown, [str(draft)], variables, sys.executable) as person:
            person.see(ten_acts.in_main, "the window of the draft")
            ten_acts.find(person, made.code)
            ten_acts.answer_with_file(person, made.option, made.code, ten_acts.FILE)
            ten_acts.undo(person)
            person.key("ctrl+shift+z")
            review(person)
            ten_acts.export_first(person)
            ten_acts.close_export(person)
            ten_acts.print_and_open(person)
            leave(person)
    until(lambda: opened.exists() and opened.read_text().strip().endswith(".pdf"), "the PDF handed to its program")
    received(made, home)


def hand_out(made: Made, folder: Path, home: Path) -> None:
    """What the agency sends to the offices: the pack, and its certificate."""
    done("questionnaire", "from-xlsx", DATA / f"{made.book}.xlsx", folder / "data")
    signer = agency(folder / "agency")
    pack_of(folder / "data", home / PACK, signer)
    (home / CERTIFICATE).write_bytes(signer.certificate_pem)


def begin(person: Person, made: Made) -> None:
    """Begin a draft of the new survey, which is chosen by its name."""
    person.click(box("แบบสำรวจที่จะกรอก", "QComboBox"), "the surveys")
    time.sleep(0.6)  # an open list takes no click at once, so that a double click chooses nothing
    person.click(lambda one: one.kind == "row" and one.text == made.name, made.name)
    person.see(lambda one: one.inside("EditionChoice") and "ส่งได้ถึง" in one.text, "until when it can be submitted")
    person.click(box("ชื่อผู้กรอก (บันทึกในประวัติการแก้ไข)"), "the name of who works here")
    person.write("Somsri")
    person.click(box(made.called, "QComboBox"), "who answers")
    person.paste(made.respondent)
    person.see(lambda one: one.kind == "row" and one.text == made.respondent, "the respondent in the list")
    person.key("Return")
    person.click(named("เลือกที่เก็บไฟล์และเริ่ม…"), "begin")
    person.click(accepts, "save")
    person.see(ten_acts.in_main, "the window of the draft")


def fill_the_rest(draft: Path, home: Path, made: Made) -> None:
    """Fill the form as far as it goes without the window, and leave one question for it."""
    use_editions(home / "profile" / "editions")
    with open_draft(draft, clock=lambda: datetime.now(UTC), who="Somsri") as opened:
        session = opened.session
        respondent = opened.respondent
        assert respondent is not None and respondent.name == made.respondent
        fill_all(opened, [home / ten_acts.FILE])
        assert session.form.respondent is not None
        session.answer(session.form.respondent.field, respondent.id)
        if "who.extension" in session.form.position:
            session.answer("who.extension", "41")
        for slot, files in list(session.state.facts.evidence.items()):
            if slot.startswith(f"{made.field}/"):
                for one in files:
                    session.detach(slot, one.sha256)
        session.answer(made.field, None)
        assert not session.state.ready


def review(person: Person) -> None:
    """Look at the review page: nothing is left."""
    person.click(begins("ตรวจทาน", inside="TopBar"), "review")
    person.see(lambda one: one.kind == "ReviewPage", "the review page")
    assert not person.all(lambda one: one.role == "todo")


def leave(person: Person) -> None:
    """End the program."""
    person.key("ctrl+q")
    until(lambda: person.process.poll() is not None, "the end of the program")
    assert person.process.returncode == 0


def received(made: Made, home: Path) -> None:
    """What the agency's commands say of the bundle."""
    bundle, signer = newest(home, "*.zip"), home / "signer.pem"
    done("identity", "export", signer)
    verdict = result_of(start("verify", bundle, "--trust", signer, "--json")).json
    assert verdict["ok"] and not verdict["draft"] and verdict["edition"] == made.edition
    done("collate", home / "all.xlsx", bundle, "--trust", signer)
    assert (home / "all.xlsx").stat().st_size > 0
