"""The ten acts of a province's year, done in the real window by a person: what is clicked, and in which order."""

from __future__ import annotations

import time
from collections.abc import Callable

from journeys.person import Act, Person, Seen

Is = Callable[[Seen], bool]

MOST = {
    "answer": 4,
    "matrix": 2,
    "missing": 1,
    "next_missing": 1,
    "export_first": 4,
    "export_later": 3,
    "find": 0,
    "undo": 1,
    "reuse": 1,
    "print": 4,
}
"""The most clicks of each act; the matrix is one click for the column and one for the row that is different."""
PASSPHRASE = "Nan river 2568 clear water"
FILE = "plan.pdf"
SIGNER = "Somsri Jaidee"
REASON = "One more plan"
_SETTLES = 0.15


def named(*names: str, kind: str = "QAbstractButton", inside: str = "") -> Is:
    """What has one of these names or words on it."""
    return lambda one: (
        (one.name in names or one.text in names) and kind in one.kinds and (not inside or one.inside(inside))
    )


def begins(words: str, kind: str = "QAbstractButton", inside: str = "") -> Is:
    """What has words on it that begin so."""
    return lambda one: (
        (one.name.startswith(words) or one.text.startswith(words))
        and kind in one.kinds
        and (not inside or one.inside(inside))
    )


def box(name: str, kind: str = "QLineEdit") -> Is:
    """A box to type into, by its label."""
    return lambda one: one.name == name and kind in one.kinds


def file_row(name: str) -> Is:
    """A file that the file dialog lists."""
    return lambda one: one.kind == "row" and one.text == name and one.inside("QFileDialog")


def accepts(one: Seen) -> bool:
    """The button that ends the file dialog with the file that is chosen."""
    return one.kind == "QPushButton" and one.inside("QFileDialog") and one.text in ("เปิด", "บันทึก")


def in_main(one: Seen) -> bool:
    """The main window, with no dialog before it."""
    return one.kind == "BottomBar"


def focused(person: Person) -> Seen | None:
    """What has the keyboard."""
    return next(iter(person.all(lambda one: one.focus)), None)


def dismiss(person: Person, words: str) -> None:
    """Click away a notice; it says by its button's name that it does that."""
    found = person.click(named(words), f"the button {words!r}")
    assert found.name.startswith(f"{words} – ปิดข้อความแจ้ง"), found
    person.sees_no(lambda one: one.name == found.name and one.window == found.window, words)


# ---- the beginning ---------------------------------------------------------------------------------------------------


def begin_survey(person: Person) -> None:
    """From the first start with an empty profile to an open draft."""
    dismiss(person, "ซ่อน")
    person.click(box("ชื่อผู้กรอก (บันทึกในประวัติการแก้ไข)"), "the name of who works here")
    person.write("Somsri")
    person.click(box("จังหวัด", "QComboBox"), "the province")
    person.paste("น่าน")
    person.see(lambda one: one.kind == "row" and one.text == "น่าน", "the province in the list")
    person.key("Return")
    person.click(named("เลือกที่เก็บไฟล์และเริ่ม…"), "begin")
    person.click(accepts, "save")
    person.see(in_main, "the window of the draft")
    dismiss(person, "ไม่ต้องเตือนอีก")


def choose(person: Person, option: str) -> None:
    """Choose an option of the question that has the keyboard."""
    at = person.see(lambda one: one.focus and one.inside("FieldView"), "the cursor at a question")
    address = question(at)
    person.click(
        lambda one: one.kind == "RadioRow" and one.text.startswith(option) and question(one) == address, option
    )
    person.see(
        lambda one: one.checked and one.text.startswith(option) and question(one) == address, f"{option}, chosen"
    )


def question(one: Seen) -> str:
    """The address of the question that something is in."""
    return next((each.partition(":")[2] for each in one.path if each.startswith("FieldView:")), "")


# ---- the ten acts ----------------------------------------------------------------------------------------------------


def find(person: Person, code: str) -> Act:
    """Find a question: no click, the box is always there."""
    with person.doing() as act:
        person.key("ctrl+f")
        person.write(code)
        person.key("Return")
        person.see(lambda one: one.focus and one.inside("FieldView"), f"the cursor at {code}")
    return act


def answer_with_file(person: Person, option: str, code: str, file: str) -> Act:
    """Answer, attach a file by the file dialog, and say page and passage."""
    with person.doing() as act:
        choose(person, option)
        person.click(begins(f"แนบไฟล์… {code}"), "attach")
        person.click(file_row(file), file)
        person.click(accepts, "open")
        person.see(lambda one: one.focus and one.inside("FileRow"), "the cursor at the pages")
        person.write("2")
        person.key("Tab")
        person.paste("หมวด 2 แผนธรรมาภิบาลข้อมูล")
        person.key("Tab")
        person.see(named("หลักฐานครบแล้ว", kind="QLabel"), "the evidence as complete")
    return act


def fill_matrix(person: Person, exceptions: tuple[str, ...]) -> Act:
    """Answer a whole column, then what is different."""
    with person.doing() as act:
        person.click(named("ตอบทุกแถวในคอลัมน์: ไม่มี"), "the whole column")
        for name in exceptions:
            person.click(lambda one, name=name: one.kind == "MatrixCell" and one.name == name, name)
            person.see(
                lambda one, name=name: one.kind == "MatrixCell" and one.name == name and one.checked, f"{name}, chosen"
            )
    return act


def see_what_is_missing(person: Person) -> Act:
    """Open the list of all that is left."""
    with person.doing() as act:
        person.click(begins("ตรวจทาน (", inside="TopBar"), "review")
        person.see(lambda one: one.inside("ReviewPage") and one.kind == "row", "what is missing, in a list")
    return act


def go_to_next_missing(person: Person) -> Act:
    """Go to the next thing to do, wherever it is."""
    with person.doing() as act:
        person.click(begins("ดำเนินการต่อ", inside="BottomBar"), "the next thing to do")
        person.see(lambda one: one.focus and one.inside("PageView"), "the cursor at a question")
    return act


def undo(person: Person) -> tuple[Act, str]:
    """Undo, and read what was undone."""
    with person.doing() as act:
        person.click(begins("เลิกทำ", inside="TopBar"), "undo")
        said = person.see(lambda one: one.role == "echo" and bool(one.text), "what was undone")
    return act, said.text


def reuse_file(person: Person, file: str) -> Act:
    """Attach a file once more that was attached before."""
    with person.doing() as act:
        person.click(lambda one: one.inside("RecentChips") and one.name.find(file) >= 0, f"{file}, offered again")
        person.see(lambda one: one.focus and one.inside("FileRow"), "the cursor at the pages")
    return act


def print_and_open(person: Person) -> Act:
    """Save the draft as a PDF and open it."""
    with person.doing() as act:
        person.click(named("พิมพ์", inside="TopBar"), "print")
        person.click(named("บันทึกเป็น PDF…"), "save as a PDF")
        person.click(accepts, "save")
        person.click(named("เปิดไฟล์"), "open the file")
    person.click(named("ปิด"), "close")
    person.see(in_main, "the window of the draft")
    return act


def export_first(person: Person) -> Act:
    """Sign and export for the first time: who signs, and under which passphrase."""
    with person.doing() as act:
        person.click(named("ส่งออก", inside="TopBar"), "export")
        person.click(named("ถัดไป", inside="ExportWizard"), "the next page")
        person.see(lambda one: one.focus and "QLineEdit" in one.kinds, "the cursor at the signer")
        _fill_signer(person)
        person.click(named("ถัดไป", inside="ExportWizard"), "the next page")
        person.click(begins("ลงนามและส่งออก", inside="ExportWizard"), "sign and export")
        person.see(lambda one: one.kind == "DonePage", "the result")
    return act


def export_again(person: Person) -> Act:
    """Sign and export for a second time: why it is corrected, and the passphrase."""
    with person.doing() as act:
        person.click(named("ส่งออก", inside="TopBar"), "export")
        person.see(lambda one: one.focus and "QLineEdit" in one.kinds, "the cursor at the reason")
        person.write(REASON)
        person.click(named("ถัดไป", inside="ExportWizard"), "the next page")
        person.see(lambda one: one.focus and "QLineEdit" in one.kinds, "the cursor at the passphrase")
        person.write(PASSPHRASE)
        person.click(begins("ลงนามและส่งออก", inside="ExportWizard"), "sign and export")
        person.see(lambda one: one.kind == "DonePage", "the result")
    return act


def _fill_signer(person: Person) -> None:
    """Say who signs, where the program does not know it yet, and the passphrase, twice."""
    while (at := focused(person)) is not None and "QLineEdit" in at.kinds and not at.text:
        person.write(PASSPHRASE if at.kind == "SecretInput" else SIGNER)
        person.key("Tab")
        time.sleep(_SETTLES)


def close_export(person: Person) -> None:
    """Close the wizard."""
    person.click(named("ปิด", inside="ExportWizard"), "close")
    person.see(in_main, "the window of the draft")


def change_a_text(person: Person, code: str) -> None:
    """Write something else into the question with this code."""
    find(person, code)
    person.key("ctrl+a")
    person.write("13")
    person.key("Tab")
    person.see(lambda one: one.role == "since" and "แก้ไข" in one.text, "that the draft was changed")


def keep_scan(person: Person, file: str) -> None:
    """Keep the scan of the signed sheet: from the list of what follows an export."""
    person.click(begins("ตรวจทาน", inside="TopBar"), "review")
    person.click(named("แนบ…", inside="ChecklistPanel"), "attach the scan")
    person.click(named("แนบภาพสแกนใบลงนามรับรอง…", inside="RegisterDialog"), "attach a scan")
    person.click(file_row(file), file)
    person.click(accepts, "open")
    person.see(
        lambda one: one.inside("RegisterDialog") and "scan.png" in one.text and "ไว้แล้ว" in one.text, "the scan, kept"
    )
    person.click(named("ปิด", inside="RegisterDialog"), "close")
    person.see(in_main, "the window of the draft")
    person.see(
        lambda one: one.inside("ChecklistPanel") and one.checked and one.text == "แนบสำเนาใบที่ลงนามแล้ว", "the step, done"
    )


# ---- the rest of the form --------------------------------------------------------------------------------------------


def answer_what_is_left(person: Person) -> None:
    """Go from one thing to do to the next until nothing is left, as somebody does who has nothing to show."""
    seen: list[tuple[str, str]] = []
    for _ in range(150):
        person.see(in_main, "the window of the draft")
        left = person.all(lambda one: one.role == "todo")
        if not left:
            return
        person.click(begins("ดำเนินการต่อ", inside="BottomBar"), "the next thing to do")
        at = person.see(lambda one: one.focus and one.inside("PageView"), "the cursor at a question")
        seen.append((question(at), left[0].text))
        assert seen.count(seen[-1]) < 3, f"{seen[-1]} does not go away"
        _answer(person, at)
        person.see(lambda one: one.role == "status" and one.text.startswith("บันทึกแล้ว"), "the answer saved")
    raise AssertionError(f"still to do: {left[0].text}")


def _answer(person: Person, at: Seen) -> None:
    if at.kind == "PageButton" and at.inside("EvidenceSlot"):
        person.key("space")
        person.click(file_row(FILE), FILE)
        person.click(accepts, "open")
        person.see(lambda one: one.focus and one.inside("FileRow"), "the cursor at the pages")
        person.write("1")
        person.key("Tab")
    elif at.inside("FileRow"):
        person.write("1")
        person.key("Tab")
    elif "QLineEdit" in at.kinds or "QPlainTextEdit" in at.kinds:
        person.key("ctrl+a")
        person.write(_typed(at.name))
        person.key("Tab")
    elif at.kind == "MatrixCell":
        address, rows = question(at), 0
        while at is not None and at.kind == "MatrixCell" and question(at) == address and rows < 20:
            person.key("1")  # a digit answers the row and steps down
            rows += 1
            time.sleep(_SETTLES / 3)
            before, at = at, focused(person)
            if at is not None and at.name == before.name:
                break
    elif not at.checked:
        person.key("space")
    time.sleep(_SETTLES)


def _typed(label: str) -> str:
    if "mail" in label:
        return "somsri@nan.go.th"
    if "มือถือ" in label:
        return "0812345678"
    if "โทรศัพท์" in label:
        return "054710321"
    return "0" if "ระบุ 0" in label else "12"
