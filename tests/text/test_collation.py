"""The order of a Thai dictionary: the golden lists were sorted by ICU 73 (locale th) once."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.bundle.respondents import provinces
from dgdesk.text.collation import collation_key
from dgdesk.text.normalise import tidy

PROVINCES = """กระบี่ กรุงเทพมหานคร กาญจนบุรี กาฬสินธุ์ กำแพงเพชร ขอนแก่น จันทบุรี ฉะเชิงเทรา ชลบุรี ชัยนาท ชัยภูมิ ชุมพร
เชียงราย เชียงใหม่ ตรัง ตราด ตาก นครนายก นครปฐม นครพนม นครราชสีมา นครศรีธรรมราช นครสวรรค์ นนทบุรี นราธิวาส น่าน บึงกาฬ
บุรีรัมย์ ปทุมธานี ประจวบคีรีขันธ์ ปราจีนบุรี ปัตตานี พระนครศรีอยุธยา พะเยา พังงา พัทลุง พิจิตร พิษณุโลก เพชรบุรี เพชรบูรณ์ แพร่
ภูเก็ต มหาสารคาม มุกดาหาร แม่ฮ่องสอน ยโสธร ยะลา ร้อยเอ็ด ระนอง ระยอง ราชบุรี ลพบุรี ลำปาง ลำพูน เลย ศรีสะเกษ สกลนคร
สงขลา สตูล สมุทรปราการ สมุทรสงคราม สมุทรสาคร สระแก้ว สระบุรี สิงห์บุรี สุโขทัย สุพรรณบุรี สุราษฎร์ธานี สุรินทร์ หนองคาย
หนองบัวลำภู อ่างทอง อำนาจเจริญ อุดรธานี อุตรดิตถ์ อุทัยธานี อุบลราชธานี"""
WORDS = """ๆ $ 1 10 ๒ 3 กก กกุธภัณฑ์ ก.ไก่ ก-ข กรรม กระเช้า กว่า กวาง เก เก่ง เก็บ เกม เกา เก่า เก้า แก แก่ แก้ แก๊ส แก๋ โกน ใกล้ ไกล
ขา ข่า ข้า ขำ ค่ำ ฉัน นาม นำ น้ำ ฤกษ์ ฤดู ฤๅษี ฯลฯ ลม ลำ ล้ำ เลม เล่ม สิทธิ หาม ห้าม หำ อำนาจ อำเภอ เอ เออ เอา เอื้อ โอ ไอ ฮา เฮ
a A b é Zulu""".replace("แก๊ส แก๋", "แก๋ แก๊ส")
THAI = st.text(st.sampled_from("กขคฤลอะาำิีุเแโใไ่้๊๋์็ๆ1๒aB .-"), max_size=8)


@pytest.mark.parametrize("golden", [PROVINCES, WORDS])
def test_words_stand_as_in_a_dictionary(golden: str) -> None:
    words = golden.split()
    mixed = random.Random(7).sample(words, len(words))
    assert sorted(mixed, key=collation_key) == words


def test_the_golden_list_has_every_province() -> None:
    assert set(PROVINCES.split()) == {thai for thai, _ in provinces().values()}


def test_the_same_visible_thai_stands_at_the_same_place_however_it_was_typed() -> None:
    for one, other in (("น้ำ", "นำ้"), ("น้ำ", "น\u0e49\u0e4d\u0e32"), ("แก", "เเก"), ("๒๕๖๙", "2569")):
        assert collation_key(one)[:3] == collation_key(other)[:3]


def test_numbers_in_file_names_count_as_numbers() -> None:
    names = ["ชุด 10.zip", "ชุด 9.zip", "ชุด ๒.zip", "ชุด.zip", "ชุด 010 ก.zip"]
    ordered = ["ชุด ๒.zip", "ชุด 9.zip", "ชุด 010 ก.zip", "ชุด 10.zip", "ชุด.zip"]
    assert sorted(names, key=lambda name: collation_key(name, numbers=True)) == ordered


@given(st.lists(THAI | st.text(max_size=6)), st.booleans())
def test_any_texts_have_one_order(texts: list[str], numbers: bool) -> None:
    def key(text: str) -> object:
        return collation_key(text, numbers=numbers)

    once = sorted(texts, key=key)  # type: ignore[arg-type]  # keys are comparable tuples
    assert sorted(reversed(texts), key=key) == once  # type: ignore[arg-type]  # as above


@given(THAI)
def test_typing_order_does_not_count(text: str) -> None:
    assert collation_key(text)[:3] == collation_key(tidy(text))[:3]
