"""Makes the two made-up workbooks in ``data/`` as an official would: the model is written out, opened, and changed.

    python -P tests/editions/make_books.py

``department.xlsx`` is a survey of departments that was written in a workbook only; ``province-2569.xlsx`` is the
province's survey of the next year, with forty changes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import openpyxl

from dgdesk.draft.drafts import edition_folder
from dgdesk.editions.workbook.files import read_files
from dgdesk.editions.workbook.sheets import write_book
from dgdesk.text.messages import load_catalogue

DATA = Path(__file__).parent / "data"
MODEL = "th-province-2568"
_TOPICS = (
    ("policy", "นโยบายดิจิทัล", ("แผนดิจิทัลของกรม", "แผนความมั่นคงปลอดภัยไซเบอร์", "แผนธรรมาภิบาลข้อมูล")),
    ("data", "ข้อมูลภาครัฐ", ("บัญชีข้อมูลของกรม", "การเปิดเผยข้อมูล", "การแลกเปลี่ยนข้อมูล")),
    ("people", "บุคลากรดิจิทัล", ("การอบรมทักษะดิจิทัล", "การวัดผลทักษะดิจิทัล", "ตำแหน่งด้านดิจิทัล")),
    ("service", "บริการดิจิทัล", ("บริการแบบครบวงจร", "การชำระเงินอิเล็กทรอนิกส์", "ใบอนุญาตอิเล็กทรอนิกส์")),
)
"""Each topic is a section of three questions with four places each, a table and a list: some 15 places."""


class Editor:
    """A workbook that is edited by the names of its sheets and columns."""

    def __init__(self, book: Any) -> None:
        self.book = book

    def clear(self) -> None:
        """Delete every row of data except the settings."""
        for sheet in self.book.worksheets[2:]:
            sheet.delete_rows(3, sheet.max_row)

    def add(self, sheet: str, **cells: str) -> None:
        """Add a row at the end."""
        self._write(self.book[sheet], self.book[sheet].max_row + 1, cells)

    def insert(self, sheet: str, before: dict[str, str], **cells: str) -> None:
        """Insert a row before another; it gets no number."""
        row = self.row(sheet, **before)
        self.book[sheet].insert_rows(row)
        self._write(self.book[sheet], row, cells)

    def change(self, sheet: str, where: dict[str, str], **cells: str) -> None:
        """Change cells of the first row that has these texts."""
        self._write(self.book[sheet], self.row(sheet, **where), cells)

    def delete(self, sheet: str, **where: str) -> None:
        """Delete the first row that has these texts."""
        self.book[sheet].delete_rows(self.row(sheet, **where))

    def setting(self, name: str, value: str) -> None:
        """Say a setting; one that is new gets a row."""
        names = [cell.value for cell in self.book["settings"]["A"]]
        if name in names:
            self.change("settings", {"name": name}, value=value)
        else:
            self.add("settings", name=name, value=value)

    def row(self, sheet: str, **where: str) -> int:
        """The first row that has these texts."""
        there = self.book[sheet]
        columns = self._columns(there)
        return next(
            at
            for at in range(3, there.max_row + 1)
            if all(there.cell(at, columns[name]).value == text for name, text in where.items())
        )

    def _write(self, sheet: Any, row: int, cells: dict[str, str]) -> None:
        columns = self._columns(sheet)
        for name, text in cells.items():
            cell = sheet.cell(row, columns[name.rstrip("_")])
            cell.value, cell.number_format = text or None, "@"

    def _columns(self, sheet: Any) -> dict[str, int]:
        return {cell.value: cell.column for cell in sheet[1] if cell.value}


def department(edit: Editor) -> None:
    """Write the survey of departments."""
    edit.clear()
    for row in edit.book["settings"].iter_rows(min_row=3):
        row[1].value = None
    for name in ("coordinator", "pcio", "governor"):
        edit.delete("settings", name=f"signoff::role::{name}")
    for name, value in {
        "id": "th-department-2570",
        "title": "แบบสำรวจระดับความพร้อมรัฐบาลดิจิทัลของกรม พ.ศ. 2570",
        "name::th": "ระดับกรม พ.ศ. 2570",
        "name::en": "departments, 2570 B.E.",
        "year": "2570",
        "version": "1",
        "opens": "2027-04-01",
        "closes": "2027-05-31",
        "respondent::field": "who.department",
        "respondent::scheme": "th-department",
        "respondent::list": "departments",
        "respondent::called::th": "กรม",
        "respondent::called::en": "department",
        "respondent::named::th": "{name}",
        "respondent::named::en": "{name}",
        "contact::first_name": "who.name",
        "contact::office_phone": "who.phone",
        "issued::owner::th": "สำนักงานคณะกรรมการพัฒนาระบบราชการ (สำนักงาน ก.พ.ร.)",
        "issued::owner::en": "the Office of the Public Sector Development Commission (OPDC)",
        "evidence_limits::file": "536870912",
        "evidence_limits::total": "2147483648",
        "signoff::certification": "ข้าพเจ้าขอรับรองว่าข้อมูลในแบบสำรวจฉบับนี้ถูกต้องครบถ้วน",
        "signoff::role::dcio": "ผู้บริหารเทคโนโลยีสารสนเทศระดับสูงประจำกรม (DCIO)",
        "signoff::role::director": "อธิบดี",
        "rubric::id": "departments-2570-1",
        "rubric::edition": "th-department-2570",
        "rubric::progress": "0.5",
        "rubric::progress_basis": "assumed",
    }.items():
        edit.setting(name, value)
    for code, name in (("0301", "กรมการปกครอง"), ("0302", "กรมที่ดิน"), ("0303", "กรมโยธาธิการและผังเมือง")):
        edit.add("respondents", id=code, label=name)
    edit.add("survey", type="section", id="who", short="ผู้ตอบ", label="ข้อมูลทั่วไปของกรม")
    edit.add("survey", type="page", id="who.page1", in_="who", short="กรมและผู้ประสานงาน")
    where = {"in_": "who.page1"}
    edit.add("survey", type="single", id="who.department", label="ชื่อกรม", options_from="departments", **where)
    edit.add("survey", type="text", id="who.name", label="ชื่อผู้ประสานงาน", **where)
    edit.add("survey", type="phone", id="who.phone", label="โทรศัพท์", extension="who.extension", **where)
    edit.add("survey", type="text", id="who.extension", label="เบอร์ต่อ", required="no", **where)
    edit.add("survey", type="email", id="who.email", label="อีเมล", required="no", advised="yes", **where)
    edit.add("indicators", type="heading", name="ตัวชี้วัด")
    for at, topic in enumerate(_TOPICS, 1):
        _topic(edit, at, *topic)
    edit.add("texts", of="(indicators)", level="1", text="น้ำหนักคะแนนเป็นค่าตัวอย่าง")
    edit.add("skips", of="policy.q2", option="no", to="policy.q3", text="(ข้ามไปตอบข้อ 1.3)")
    edit.add("search", type="alike", words="อบรม\nฝึกอบรม")
    edit.add("search", type="places", words="ไซเบอร์\ncyber", at="policy.q2")


def _topic(edit: Editor, number: int, id: str, name: str, questions: tuple[str, ...]) -> None:
    pillar = str(number)
    edit.add("survey", type="section", id=id, short=name, label=f"ส่วนที่ {number} {name}", indicator=pillar, weight="25")
    edit.add("indicators", type="pillar", id=pillar, name=name, heading=name, weight="25", weight_text="ร้อยละ 25")
    edit.add("indicators", type="indicator", id=f"{pillar}.1", in_=pillar, number=f"{pillar}.1", name=name)
    edit.add("rubric", type="pillar", id=pillar, weight="25", basis="assumed")
    edit.add("rubric", type="indicator", id=f"{pillar}.1", in_=pillar, basis="assumed")
    edit.add("texts", of=id, level="1", kind="definition", label="หมายเหตุ", text=f"{name} หมายถึง งานของกรมเท่านั้น")
    edit.add("survey", type="page", id=f"{id}.page1", in_=id, short=name)
    for at, label in enumerate(questions, 1):
        field = f"{id}.q{at}"
        place = {"of": field, "part": "option"}
        edit.add(
            "survey", type="single", id=field, in_=f"{id}.page1", code=f"{number}.{at}", label=f"กรมของท่านมี{label}หรือไม่"
        )
        edit.add("choices", **place, id="no", label="ไม่มี", negative="yes")
        edit.add("choices", **place, id="doing", label="อยู่ระหว่างดำเนินการ")
        edit.add("choices", **place, id="yes", label="มี")
        edit.add("survey", type="text", id=f"{field}.why", in_=field, under="no", label="โปรดระบุเหตุผล")
        edit.add(
            "survey",
            type="month_year",
            id=f"{field}.when",
            in_=field,
            under="doing",
            label="กำหนดแล้วเสร็จ",
            blanks="เดือน\nปี",
        )
        edit.add("evidence", of=field, part="yes", rule="required", text="(แนบหลักฐาน)")
        edit.add(
            "rubric",
            type="question",
            id=field,
            in_=f"{pillar}.1",
            rule="choice",
            basis="assumed",
            credit="doing = progress\nyes = 1",
        )
    edit.add("survey", type="page", id=f"{id}.page2", in_=id, short=f"รายละเอียด{name}")
    table = f"{id}.table"
    edit.add("survey", type="matrix", id=table, in_=f"{id}.page2", label="โปรดระบุหน่วยงานที่ร่วมดำเนินการ")
    for row, office in (("1", "ส่วนกลาง"), ("2", "ส่วนภูมิภาค")):
        edit.add("choices", of=table, part="row", id=row, label=office)
    for column, answer in (("no", "ไม่มี"), ("yes", "มี")):
        edit.add("choices", of=table, part="column", id=column, label=answer)
    edit.add(
        "survey", type="number", id=f"{table}.count", in_=table, under="2:yes", label="จำนวนจังหวัด", min="1", max="77"
    )
    edit.add(
        "survey", type="repeat", id=f"{id}.projects", in_=f"{id}.page2", label="โครงการ", max_items="3", required="no"
    )
    edit.add("survey", type="text", id=f"{id}.projects.name", in_=f"{id}.projects", label="{n}. ชื่อโครงการ")


def province(edit: Editor) -> None:
    """Change the survey of 2568 into that of 2569: forty changes of every sort."""
    for name, value in {
        "id": "th-province-2569",
        "title": "แบบสำรวจระดับความพร้อมรัฐบาลดิจิทัลของจังหวัด ประจำปีงบประมาณ พ.ศ. 2569",
        "name::th": "ระดับจังหวัด พ.ศ. 2569",
        "name::en": "provincial level, 2569 B.E.",
        "year": "2569",
        "closes": "2026-12-31",
        "rubric::id": "assumed-2569-1",
        "rubric::edition": "th-province-2569",
    }.items():
        edit.setting(name, value)
    for at, id in enumerate(("g", "p1", "p2", "p3", "p4", "p5", "p6", "p7")):  # eight new questions
        first = _first_page(edit, id)
        new = {"type": "number" if at % 2 else "text", "id": f"{id}.y2569", "in_": _page_before(edit, first)}
        edit.insert("survey", {"id": first}, **new, label="จำนวนโครงการใหม่" if at % 2 else "ชื่อโครงการเด่นประจำปี")
    for id in ("p1.1", "p1.2", "p1.3", "p1.4", "p1.5", "p1.6", "p1.7", "p2.1.1"):  # eight reworded
        _append(edit, "survey", {"id": id}, "label", " ในปีงบประมาณ พ.ศ. 2569")
    for id in ("p1.3", "p1.4", "p1.5", "p1.6"):  # four options
        _append(edit, "choices", {"of": id, "id": "yes"}, "label", " (ปี 2569)")
    for part in ("1", "2", "3", "4"):  # four requests
        edit.change("evidence", {"of": "p1.1a2", "part": part}, text="(แนบเอกสารหลักฐานที่ลงนามแล้ว)")
    for id in ("general.office_phone", "general.mobile"):  # two answers
        edit.change("survey", {"id": id}, required="no", advised="yes")
    edit.delete("survey", id="general.email")  # one moved, and its answer changed
    email = {"type": "email", "id": "general.email", "in_": "general.coordinator", "required": "no", "advised": "yes"}
    edit.insert("survey", {"id": "general.office_phone"}, **email, label="e-mail")
    edit.delete("skips", of=_cell(edit, "skips", 3, "of"))  # one skip
    for id in ("p1.1", "p1.2"):  # two notes
        _append(edit, "texts", {"of": id}, "text", " และลงวันที่")
    for code in ("check.sample_zero", "check.training_zero"):  # two checks
        edit.delete("checks", code=code)
    for id in ("p1.3", "p1.4", "p1.5", "p1.6"):  # four rules
        edit.change("rubric", {"id": id, "type": "question"}, credit="doing = 0.25\nyes = 1")
    edit.delete("survey", id="p1.1a1")  # one gone
    for id in ("g1", "g2", "g3"):  # three more wordings
        _append(edit, "survey", {"id": id}, "label", " (ปี 2569)")


def _append(edit: Editor, sheet: str, where: dict[str, str], column: str, more: str) -> None:
    row = edit.row(sheet, **where)
    edit.change(sheet, where, **{column: f"{_cell(edit, sheet, row, column) or ''}{more}"})


def _cell(edit: Editor, sheet: str, row: int, column: str) -> str:
    there = edit.book[sheet]
    at = next(cell.column for cell in there[1] if cell.value == column)
    return str(there.cell(row, at).value or "")


def _first_page(edit: Editor, section: str) -> str:
    """The second page of a section, or the next section: where its first page ends."""
    at = edit.row("survey", **{"type": "page", "in": section})
    for row in range(at + 1, edit.book["survey"].max_row + 1):
        if _cell(edit, "survey", row, "type") in ("page", "section"):
            return _cell(edit, "survey", row, "id")
    raise LookupError(section)


def _page_before(edit: Editor, id: str) -> str:
    for row in range(edit.row("survey", id=id) - 1, 2, -1):
        if _cell(edit, "survey", row, "type") == "page":
            return _cell(edit, "survey", row, "id")
    raise LookupError(id)


def make(folder: Path) -> None:
    """Write both workbooks into a folder."""
    with tempfile.TemporaryDirectory() as model:
        write_book(read_files(edition_folder(MODEL)), Path(model) / "model.xlsx", load_catalogue().text)
        for name, change in (("department", department), ("province-2569", province)):
            book = openpyxl.load_workbook(Path(model) / "model.xlsx")
            change(Editor(book))
            book.save(folder / f"{name}.xlsx")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
