"""The grammar lets all correct Thai pass and names what is wrong with the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.resources import resource
from dgdesk.text.clusters import broken
from dgdesk.text.normalise import tidy

CORRECT = [
    *("เนื้อที่", "น้ำ", "ศิลป์", "ลักษณ์", "ฤๅ", "ฤๅษี", "ฦๅชา", "กฎ", "กำ", "ทฤษฎี", "บริสุทธิ์", "พันธุ์"),
    *("สิทธิ์", "ศักดิ์", "โพธิ์", "เกาะ", "เพราะ", "ค่ะ", "จ้ะ", "ก็", "เด็ก", "เป็น", "เล่น"),
    *(
        "ผู้ว่าราชการจังหวัด",
        "ปัญญาประดิษฐ์",
        "ธรรมาภิบาล",
        "อิเล็กทรอนิกส์",
        "แพลตฟอร์ม",
        "เซิร์ฟเวอร์",
        "คณะกรรมการฯ",
        "ฯลฯ",
        "ต่าง",
        "ๆ",
        "ต่างๆ",
        "น้ำใจ",
    ),
    *("ค้ำ", "ต่ำ", "ซ้ำๆ"),
    *("เปี๊ยะ", "ก๋วยเตี๋ยว", "โต๊ะ", "ญี่ปุ่น", "ฐาน", "ปฏิบัติ", "กตัญญู", "หญ้า", "ใหญ่", "ไมล์", "ไทย", "ไอน้ำ"),
    *("เออ", "แอ๊ว", "ณ", "ธ", "พฤกษ์", "หฤทัย", "พฺราหฺมณ", "ปญฺญา", "สํ"),
]


@pytest.mark.parametrize("word", CORRECT)
def test_correct_thai_passes(word: str) -> None:
    assert broken(word) == ()


def test_a_sentence_with_everything_passes() -> None:
    assert broken("G4.1) ร้อยละ ๑๒.๕ (PDPA) – “ข้อมูลเปิด” พ.ศ. 2566 - 2570 ✓ ☐ ฿1,000\nบรรทัดที่สอง") == ()


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("่ก", "mark.alone", 0),
        ("A้", "mark.alone", 1),
        ("ใสเ่ครื่อง", "mark.alone", 3),
        ("กา่", "mark.alone", 2),
        ("ที่ตั่ั้ง", "mark.order", 4),
        ("ก่ิน", "mark.order", 1),
        ("พัันธ์", "mark.double", 1),
        ("ที่่", "mark.double", 1),
        ("นิำ", "mark.double", 1),
        ("เล็่น", "mark.combo", 2),
        ("กี์", "mark.combo", 1),
        ("น\u0e4dา", "am.split", 1),
        ("น้\u0e4dา", "am.split", 1),
        ("น\u0e4d้า", "am.split", 1),
        ("นำ้", "am.order", 2),
        ("เเละ", "ae.split", 0),
        ("ะการ", "vowel.alone", 0),
        ("กาา", "vowel.alone", 2),
        ("ตัาง", "vowel.alone", 2),
        ("กๅร", "vowel.yao", 1),
        ("การเ", "lead.alone", 3),
        ("เ กี่ยว", "lead.alone", 0),
        ("แโครง", "lead.alone", 0),
        ("ประย ุกต์", "space.mark", 5),
        ("บริก าร", "space.mark", 5),
        ("ตัวชี้\nัด", "space.mark", 7),
        ("ข้อมูล  เปิด", "space.double", 6),
        ("ข้อมูล\u00a0เปิด", "space.odd", 6),
        ("\uf081 มี", "char.private", 0),
        ("\U000f0001", "char.private", 0),
        ("ตัว\u200bชี้วัด", "char.format", 3),
        ("\ufeffมี", "char.format", 0),
        ("ก\x07", "char.format", 1),
        ("ก\ufffd", "char.lost", 1),
    ],
)
def test_a_flaw_is_named_where_it_stands(text: str, code: str, position: int) -> None:
    assert (code, position) in {(flaw.code, flaw.position) for flaw in broken(text)}


def test_flaws_come_in_reading_order_with_the_text_around_them() -> None:
    flaws = broken("โดยใสเ่ครื่องหมาย  ลงในช่อง")
    assert [(flaw.code, flaw.position) for flaw in flaws] == [
        ("lead.alone", 5),
        ("mark.alone", 6),
        ("space.double", 17),
    ]
    assert flaws[1].excerpt == "โดยใสเ่ครื่องห"


def test_every_word_of_the_shipped_dictionary_passes_but_known_typing_errors() -> None:
    """The grammar is measured on 33,000 words that others wrote down; what it refuses are slips in that list."""
    text = resource("i18n/words.txt").read_text(encoding="utf-8")
    words = [word for word in text.splitlines() if not word.startswith("#")]
    refused = {word for word in words if broken(word)}
    assert len(words) > 30_000
    assert refused == {
        *("กะเตงเ", "คาเแร็กเตอร์", "งิ้ำ", "ตำแยแ", "น้ำหนัา", "บาร์เ", "รักษาู", "ลัาน", "วาจาไ", "ศรีอยุูธยา"),
        *("ฮั่นแ", "เคอะเ", "เมีัย", "เหมืิอน", "เห็ดโ", "โมโหโ", "ได้จังหวัะ", "ไขว้เ", "อาวุูธ"),
    }


@given(st.lists(st.sampled_from(CORRECT), min_size=1))
def test_correct_words_stay_correct_side_by_side(words: list[str]) -> None:
    assert broken("".join(words)) == ()
    assert broken(" ".join(words)) == ()
    assert tidy("".join(words)) == "".join(words)


@given(st.text(alphabet=[*map(chr, range(0x0E01, 0x0E5C)), " ", "\n", "a", "\u200b"]))
def test_any_text_is_judged_and_every_flaw_lies_inside_it(text: str) -> None:
    for flaw in broken(text):
        assert 0 <= flaw.position < len(text)
        assert flaw.excerpt in text
