"""Which place a name means: the code in it, however it is written, and nothing guessed."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.draft.drafts import load_form
from dgdesk.folders.labels import labels_of
from dgdesk.folders.matcher import make_matcher
from dgdesk.folders.matching import SlotMatch, match_name, match_path, slots_by_code
from dgdesk.survey.rules.codes import code_key, slot_codes
from scenario import every_item

FORM = cache(load_form)
MATCHER = cache(lambda: make_matcher(FORM(), every_item(FORM())))
LABELS = cache(lambda: tuple(labels_of(FORM(), every_item(FORM())).values()))
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def match(name: str, *open_slots: str) -> SlotMatch:
    return match_name(MATCHER(), name, frozenset(open_slots))


def test_every_place_has_a_label_of_its_own():
    assert [label.slot for label in LABELS()] == list(FORM().slots)
    assert len({code_key(label.text) for label in LABELS()}) == len(FORM().slots)
    texts = {label.slot: label.text for label in LABELS()}
    assert texts["p1.3/yes"] == "P1.3" and texts["p1.1a2/12"] == "P1.1a2-12"
    assert texts["p1.2a:1.1/exempt"] == "P1.2a-1.1-exempt" and texts["g3.projects#2"] == "G3-2"
    assert texts["p3.1.table:1:train/yes"] == "P3.1-1-train" and texts["p6.1.a.2.1/1"] == "P6.1.A.2.1-1"
    assert texts["p2.3.1.3.sets.use#2/policy"] == "P2.3.1.3-2-policy" and texts["p7.1.1.1#3"] == "P7.1.1.1-3"
    assert all(label.title for label in LABELS())


@pytest.mark.parametrize("rest", ["", " – {title}", " แผน 2568", "_สำเนา (2)", ".1"], ids=str)
def test_a_label_means_its_place_whatever_follows(rest):
    for label in LABELS():
        if rest == ".1" and code_key(label.text + ".1") in {code_key(one.text) for one in LABELS()}:
            continue
        if rest != ".1":
            found = match(label.text + rest.format(title=label.title))
            assert (found.slots, found.sure) == ((label.slot,), True), label


@pytest.mark.parametrize(
    ("name", "slot"),
    [
        ("P1.1a2-1 แผน", "p1.1a2/1"),
        ("p1.1a2_1", "p1.1a2/1"),
        ("P 1 1 a2 (1) แผน", "p1.1a2/1"),
        ("P๑.๑a๒-๑๒ แผน", "p1.1a2/12"),
        ("P11a2-1", "p1.1a2/1"),
        ("P1_1a2_1", "p1.1a2/1"),
        ("1.1a2-1 แผน", "p1.1a2/1"),
        ("ข้อ P1.1a2-1", "p1.1a2/1"),
        ("แผนงาน ข้อ P1.1a2-1 (ฉบับจริง)", "p1.1a2/1"),
        ("P1.3แผน", "p1.3/yes"),
        ("P1.3plan", "p1.3/yes"),
        ("p13", "p1.3/yes"),
        ("P01.03", "p1.3/yes"),
        ("P1.3-2568", "p1.3/yes"),
        ("P1.5-2 หนังสือ", "p1.5/exempt"),
        ("P1.5 exempt", "p1.5/exempt"),
        ("P6.2.2-2-exempt", "p6.2.2.table:2/exempt"),
        ("G3-2", "g3.projects#2"),
        ("7.1.1.1-2 ผลลัพธ์", "p7.1.1.1#2"),
        ("P\u200b1.3", "p1.3/yes"),
        ("P4.2.3 – ต่อจาก P4.2.2", "p4.2.3/yes"),
        ("Ｐ４.３-policy", "p4.3.means/policy"),
        ("ｐ１．３ แผน", "p1.3/yes"),
        ("[P1.3] แผน", "p1.3/yes"),
        ("【Ｐ１.１ａ２－１】", "p1.1a2/1"),
        ("P1.1a2-1 - 12 มกราคม 2568", "p1.1a2/1"),
        ("P1.1a2-1 - 2568", "p1.1a2/1"),
    ],
)
def test_a_code_is_read_however_it_is_written(name, slot):
    found = match(name)
    assert (found.slots, found.sure) == ((slot,), True)


PRINTED_BESIDE_EVIDENCE = [
    ("A.2.1.1", "p6.1.a.2.1/1"),
    ("A2.1.3.1", "p6.1.a.2.1/3"),
    ("B.2.1.2", "p6.1.b.2.1/2"),
    ("C.2.1.1", "p6.1.c.2.1/1"),
    ("C2.1.2.1", "p6.1.c.2.1/2"),
    ("P1.3.3", "p1.3/yes"),
    ("P2.1.4-4", "p2.1.4b#1"),
    ("P2.1.4c-7", "p2.1.4c#1"),
    ("P2.1.4b-6", "p2.1.4b#3"),
    ("P2.2.1.2a", "p2.2.1.2/yes"),
    ("P2.3.1.3-1.1.2", "p2.3.1.3.sets.use#1/policy"),
    ("P2.3.1.3-4.1.3", "p2.3.1.3.sets.use#4/service"),
    ("P3.1-1 (2)", "p3.1.table:1:measure/yes"),
    ("P4.2.2.2", "p4.2.2.satisfaction/percent"),
    ("P4.2.2.3", "p4.2.2.satisfaction/score"),
    ("P4.3.1", "p4.3.means/other"),
    ("P4.4.3", "p4.4.2/7"),
    ("P5.2.1.1a", "p5.2.1.1/other"),
    ("P5.3.1.6", "p5.3/6"),
]


@pytest.mark.parametrize(("code", "slot"), PRINTED_BESIDE_EVIDENCE)
def test_the_code_beside_a_request_for_evidence_means_its_place(code, slot):
    assert match(code).slots == (slot,) == match(f"{code} หนังสือ").slots
    assert slots_by_code(MATCHER(), code) == (slot,)
    assert match(code).sure


def test_every_code_printed_at_an_evidence_place_finds_it_and_no_more_text_is_taken_for_one():
    for code, number, slot in slot_codes(FORM()):
        typed = ".".join(code) + "".join(f"-{piece}" for piece in number)
        assert slot in slots_by_code(MATCHER(), typed), typed
    for label in LABELS():
        assert label.slot in slots_by_code(MATCHER(), label.text)
    for other in ("P1.3 แผน", "P1.3plan", "", "แผน", "P1.3, P1.4", "P99", "P1.3.1", "P1.3.2", "P1.4.1"):
        assert slots_by_code(MATCHER(), other) == ()


def test_a_code_that_is_printed_twice_offers_both_places():
    assert {"p5.3/2", "p5.3.1.2/devices"} <= set(match("P5.3.1.2 เมล").slots)


@pytest.mark.parametrize("name", ["A4 แผน", "a2 (1)", "B1 2568", "C 2 1", "ภาพ a 2 1 1"])
def test_a_size_of_paper_or_a_letter_in_a_list_is_no_code(name):
    assert not match(name).sure


@pytest.mark.parametrize(
    ("name", "likeliest", "count"),
    [
        ("P1.1a2", "p1.1a2/1", 12),
        ("P1.1a2-13 แผน", "p1.1a2/1", 12),  # there is no thirteenth
        ("P1.1a2 12 มกราคม 2568", "p1.1a2/12", 1),  # a date, or the twelfth place?
        ("1.3 รายงาน", "p1.3/yes", 1),  # a code, or the third of a list?
        ("P1.3.1 แผน", "p1.3/yes", 1),  # that question asks for none
        ("P1.4 กับ P1.3", "p1.4/yes", 2),
        ("P1.5", "p1.5/yes", 2),
        ("P1.1a2-1 - 3", "p1.1a2/1", 2),
        ("P1.1a2-1 – 3 แผน", "p1.1a2/1", 2),
        ("P๑.๑a๒-๑ — ๓", "p1.1a2/1", 2),
        ("P1.1a2-1 - 40", "p1.1a2/1", 12),
        ("[1.3] e", "p1.3/yes", 1),
        ("(๑.๓) แผน", "p1.3/yes", 1),
        ("{1.3} แผน", "p1.3/yes", 1),
    ],
)
def test_what_may_be_meant_in_more_than_one_way_is_asked(name, likeliest, count):
    found = match(name)
    assert (found.slots[0], len(found.slots), found.sure) == (likeliest, count, False)


@pytest.mark.parametrize(
    "name", ["", "รายงาน", "IMG_1234", "2568-10-01 แผน", "P1.1a", "P99", "pg1", "E0001 P1.3 แผน", "หน้า1"]
)
def test_a_name_without_a_code_means_nothing(name):
    assert match(name).slots == () and not match(name).sure


def test_of_a_question_with_several_places_the_one_that_asks_now_is_meant():
    assert match("P1.5 แผน", "p1.5/yes", "p1.3/yes") == SlotMatch(("p1.5/yes",), True, "p 1 5")
    assert match("P1.1a2 แผน", "p1.1a2/3").slots == ("p1.1a2/3",)
    two = match("P1.1a2 แผน", "p1.1a2/3", "p1.1a2/7")
    assert (two.slots[:2], two.sure) == (("p1.1a2/3", "p1.1a2/7"), False)


@pytest.mark.parametrize(
    ("path", "slots", "sure"),
    [
        ("P1/P1.3 แผน/คำสั่ง.pdf", ("p1.3/yes",), True),
        ("P1.3/P1.4 แผน.pdf", ("p1.4/yes", "p1.3/yes"), False),
        ("P1.1a2-3/P1.1a2 แผน.pdf", ("p1.1a2/3",), True),
        ("P1.3/สแกน/2568/1.pdf", ("p1.3/yes",), True),
        ("P1.3", ("p1.3/yes",), True),
        ("P1.3/1.4 แผน.pdf", ("p1.3/yes",), True),
        ("P1.3/E0004 G2 หนังสือ.pdf", ("p1.3/yes",), True),
        ("หลักฐาน/แผน.pdf", (), False),
    ],
)
def test_the_folder_speaks_where_the_name_does_not_and_may_contradict_it(path, slots, sure):
    found = match_path(MATCHER(), PurePosixPath(path), frozenset())
    assert (found.slots, found.sure) == (slots, sure)


@given(
    label=st.deferred(lambda: st.sampled_from(LABELS())),
    upper=st.booleans(),
    thai=st.booleans(),
    space=st.sampled_from(["", " "]),
    dash=st.sampled_from(["-", "_", "–", "#"]),
    before=st.sampled_from(["", "ข้อ ", "แผน ", "(ร่าง) "]),
    after=st.sampled_from(["", " แผน", " – 1.1 แผนที่ ๒", "แผน", " plan 2568 v2"]),
)
def test_a_label_is_read_in_any_hand(label, upper, thai, space, dash, before, after):
    text = dash.join((label.code[0] + space + label.code[1:], *label.marks))
    text = text.upper() if upper else text.lower()
    if after == "แผน" and text[-1].isalpha():
        after = " แผน"
    found = match(before + (text.translate(THAI_DIGITS) if thai else text) + after)
    assert found.slots[:1] == (label.slot,) or label.slot in found.slots
    assert not found.sure or found.slots == (label.slot,)
    if not space and dash != "#":
        assert found.sure


@given(st.text(max_size=80), st.lists(st.text(st.sampled_from("PGpg0123456789.-_ a๑แก()#:/"), max_size=20), max_size=4))
def test_any_name_is_read_and_what_is_sure_is_one_place(name, parts):
    for found in (match(name), match_path(MATCHER(), PurePosixPath("x", *parts), frozenset())):
        assert set(found.slots) <= set(FORM().slots)
        assert len(found.slots) == 1 if found.sure else True


ONE_ITEM = cache(lambda: make_matcher(FORM(), {}))
"""Of a draft in which every repeat has its first item only."""


@pytest.mark.parametrize(
    ("path", "slots"),
    [
        ("P7.1.1 โครงการ 5G.pdf", ("p7.1.1.1#1",)),
        ("7.1.1.pdf", ("p7.1.1.1#1",)),
        ("ข้อ 7.1.1 d.pdf", ("p7.1.1.1#1",)),
        ("๗.๑.๑ ผลลัพธ์.pdf", ("p7.1.1.1#1",)),
        ("หลักฐาน ข้อ 1.3/ประกาศ.pdf", ("p1.3/yes",)),
        ("เอกสารตามข้อที่ ๑.๓ ฉบับจริง.pdf", ("p1.3/yes",)),
        ("รวม (ข้อ P1.4)/สแกน.pdf", ("p1.4/yes",)),
        ("P1.1a2 ข้อ 3.pdf", ("p1.1a2/3",)),
        ("P1.1a2 ข้อที่ ๓ แผน.pdf", ("p1.1a2/3",)),
        ("P1.3,2568 แผน.pdf", ("p1.3/yes",)),
    ],
)
def test_the_code_of_a_whole_question_and_a_code_after_the_word_for_it_are_sure(path, slots):
    found = match_path(ONE_ITEM(), PurePosixPath(path), frozenset(slots))
    assert (found.slots, found.sure) == (slots, True)


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("หลักฐาน ข้อ 4.3/ประกาศ.pdf", ("p4.3.means/policy",)),
        ("P2.4 ข้อ 3.pdf", ("p2.4.table:3/yes", "p2.4.table:3/exempt")),
        ("P2.4 แถว 3 มี.pdf", ("p2.4.table:3/yes", "p2.4.table:3/exempt")),
        ("P2.4 แถวที่ ๓.pdf", ("p2.4.table:3/yes", "p2.4.table:3/exempt")),
        ("P1.1a2-1,2 แผน.pdf", ("p1.1a2/1", "p1.1a2/2")),
        ("P1.1a2-1, 3 และ 5.pdf", ("p1.1a2/1", "p1.1a2/3", "p1.1a2/5")),
        ("P1.1a2-1 ถึง 4.pdf", ("p1.1a2/1", "p1.1a2/4")),
        ("P1.1a2-1 และ P1.1a2-3.pdf", ("p1.1a2/1", "p1.1a2/3")),
        ("ข้อ 1.3, 1.4.pdf", ("p1.3/yes", "p1.4/yes")),
        ("G3-2.pdf", ("g3.projects#1",)),  # there is no second one
        ("P7.1.1.1-3.pdf", ("p7.1.1.1#1",)),
        ("P1.3/P8.1 แผน.pdf", ("p1.3/yes",)),  # the name contradicts the folder
    ],
)
def test_what_names_several_places_or_none_that_is_there_is_asked_about(path, first):
    found = match_path(ONE_ITEM(), PurePosixPath(path), frozenset())
    assert not found.sure and found.slots[: len(first)] == first


@pytest.mark.parametrize("name", ["P4.6.1.pdf", "P8.1.pdf", "ข้อ 8.1 แผน.pdf", "P8.1 แผน/สแกน.pdf", "P๘.๒.pdf"])
def test_of_a_question_without_evidence_it_is_said_that_it_takes_none(name):
    found = match_path(ONE_ITEM(), PurePosixPath(name), frozenset())
    assert (found.slots, found.sure, found.takes_none) == ((), False, True)


@pytest.mark.parametrize("name", ["P81.pdf", "P461 แผน.pdf", "P141.pdf", "8.1 แผน.pdf", "แผน 2568.pdf"])
def test_a_code_without_points_or_a_bare_number_of_no_place_is_read_to_an_end(name):
    assert not match_path(ONE_ITEM(), PurePosixPath(name), frozenset()).sure
