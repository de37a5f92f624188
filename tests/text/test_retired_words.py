"""Spoken, literal and double words stay out of the catalogue and the help; the form's own text keeps its words."""

from __future__ import annotations

import re
from html import unescape

import pytest

from dgdesk.resources import resource
from dgdesk.text.messages import load_catalogue

# What was retired (a pattern), and the word that took its place.
RETIRED = {
    "กรุณา": "โปรด",
    "ชำรุด": "เสียหาย",
    "จุด": "รายการ",
    "ชุดส่ง": "ชุดข้อมูล",
    "ใบนำส่ง": "ใบลงนามรับรอง",
    "ใบลงนาม(?!รับรอง)": "ใบลงนามรับรอง",
    "ลายมือชื่ออิเล็กทรอนิกส์": "ลายมือชื่อดิจิทัล",
    "รหัส QR": "คิวอาร์โค้ด",
    "ฝ่ายช่วยเหลือ|ผู้ดูแลโปรแกรม|ผู้ดูแลเครื่อง": "ผู้ดูแลระบบ",
    "(?<!พื้น)ที่ว่าง": "พื้นที่ว่าง",
    "ดิสก์": "ไดรฟ์",
    "(?<!ผู้ให้บริการ)ผู้ออกใบรับรอง": "ผู้ให้บริการออกใบรับรอง",
    "คืนพื้นที่": "ลดขนาดไฟล์",
    "ฉบับสมบูรณ์": "ฉบับส่ง",
    "นำกลับมา|กลับมาใช้": "กู้คืน",
    "กู้(?!คืน)|ซ่อม(?!แซม)": "กู้คืน, ซ่อมแซม",
    "แผง|แถบล่าง": "แถบด้านข้าง, แถบด้านล่าง",
    "มากไปน้อย|จากท้ายขึ้นมา": "เรียงย้อนกลับ",
    "คาดคิด|คาดไว้": "ข้อผิดพลาดของโปรแกรม",
    r"\d%|\}%": "ร้อยละ",
    "โต๊ะรับ": "รับและตรวจสอบแบบสำรวจ",
    "ชิ้นส่วน": "ไฟล์ประกอบ",
    "สันนิษฐาน": "เกณฑ์ที่โปรแกรมกำหนดเอง",
    "ภายนอก": "กรมต้นสังกัดหรือ สพร.",
    "เอาออก|เอาไว้": "นำออก",
    "ทีหลัง": "ภายหลัง",
    "สะดุด": "ขัดข้อง",
    "ถ้า": "หาก",
    "ใคร": "ผู้ใด",
    "อะไร": "สิ่งใด",
    "จดไว้|จดรหัส": "บันทึก",
    "คำพูด": "ข้อความ",
    "ไม่แนบก็ได้": "ไม่บังคับแนบ",
    "ขอหลักฐาน": "ต้องแนบหลักฐาน",
    "ความต่างสี": "ความคมชัด",
    "สบายตา": "อ่านง่าย",
    "ให้แคบลง": "จำกัดผลการค้นหา",
    "USB": "แฟลชไดรฟ์",
}
# Where a retired word is the right one: the words around it, and why.
ALLOWED = {
    "ตอบเฉพาะแถวที่ว่าง": "rows that are empty, not room on a drive",
    "เครื่องหมายคำพูด": "the quotation mark's own name",
}


def retired_in(text: str) -> list[str]:
    """The retired words of a text, each with the word to write."""
    for allowed in ALLOWED:
        text = text.replace(allowed, " ")
    found = ((match[0], better) for word, better in RETIRED.items() for match in re.finditer(word, text))
    return [f"{word} → {better}" for word, better in found]


def thai_texts() -> dict[str, str]:
    """Every Thai text of the program's own, by its code; the guide counts as one."""
    catalogue = {code: sentences["th"] for code, sentences in load_catalogue().messages.items()}
    guide = re.sub("<[^>]*>", " ", resource("help/th.html").read_text(encoding="utf-8"))
    return {**catalogue, "help/th.html": unescape(guide)}


def test_no_text_of_the_program_uses_a_retired_word() -> None:
    found = {code: retired_in(text) for code, text in thai_texts().items()}
    assert {code: words for code, words in found.items() if words} == {}


@pytest.mark.parametrize("allowed", ALLOWED)
def test_what_is_allowed_is_in_use(allowed: str) -> None:
    assert any(allowed in text for text in thai_texts().values()), "an idle exception hides the next slip"


def test_a_retired_word_is_told_with_the_word_to_write() -> None:
    assert retired_in("กรุณาตรวจใบลงนาม") == ["กรุณา → โปรด", "ใบลงนาม → ใบลงนามรับรอง"]
    assert retired_in("โปรดตรวจใบลงนามรับรอง และแนบไฟล์") == []


def test_the_forms_own_text_keeps_its_words() -> None:
    folder = resource("questionnaires") / "th-province-2568"
    form = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("p*.yaml")))
    assert retired_in(form), "the list is for the program's words: the form stays as printed"
