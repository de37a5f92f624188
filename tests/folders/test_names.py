"""Names for a disk: the same everywhere, allowed everywhere, colliding nowhere."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.bundle.archive.names import find_clash, is_safe_part
from dgdesk.folders.index import LONGEST_NAME, NamedFolder, disk_name

NASTY = st.text(st.sampled_from('กิ่้ำเแ .aZ/\\:*?"<>|%\u200b\u202ee\u0301…／\n\ud800😀'))
DEVICES = st.sampled_from(["con", "CON.pdf", "com¹.txt", "nul .x", "..", " . ", "aux", "LPT9."])
NAMES = st.one_of(st.text(), NASTY, DEVICES)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("แผนปฏิบัติการ พ.ศ. ๒๕๖๘.pdf", "แผนปฏิบัติการ พ.ศ. ๒๕๖๘.pdf"),
        ('a<b>c:d"e/f\\g|h?i*j%.pdf', "a_b_c_d_e_f_g_h_i_j_.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul", "_nul"),
        ("รายงาน.pdf. . ", "รายงาน.pdf"),
        ("  รายงาน  ฉบับ.pdf", "รายงาน ฉบับ.pdf"),
        ("fdp.\u202egpj", "fdp.gpj"),
        ("\u200bก.pdf", "ก.pdf"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
        ("...", "file"),
        ("", "file"),
        ("\u202e", "file"),
    ],
)
def test_a_name_is_changed_only_where_a_disk_would_refuse_it(name, made):
    assert disk_name(name) == made


def test_a_long_name_loses_the_end_of_its_stem_between_letters():
    made = disk_name("ที่นี่" * 200 + ".pdf")
    assert made.endswith("ที่นี่.pdf") or made.endswith("ที่.pdf")
    assert len(made) <= LONGEST_NAME and len(made.encode()) <= 255
    assert disk_name("น้ำ" * 30 + ".docx").removesuffix(".docx").endswith("น้ำ")
    assert not disk_name("แก้เก๋" * 99 + ".pdf").removesuffix(".pdf").endswith(("แ", "เ"))


@given(NAMES)
def test_every_name_is_allowed_everywhere_and_made_only_once(name):
    made = disk_name(name)
    assert is_safe_part(made)
    assert len(made) <= LONGEST_NAME and len(made.encode()) <= 250
    assert disk_name(made) == made
    assert unicodedata.is_normalized("NFC", made)


@given(st.lists(NAMES, max_size=12))
def test_no_two_names_of_a_folder_fall_on_each_other(names):
    def taken():
        folder = NamedFolder()
        return [folder.take(name) for name in names]

    made = taken()
    assert all(is_safe_part(one) and len(one) <= LONGEST_NAME for one in made)
    assert find_clash(made) is None
    assert made == taken()


def test_a_name_that_is_taken_gets_a_number_before_its_ending():
    folder = NamedFolder()
    made = [folder.take(name) for name in ("แผน.pdf", "แผน.pdf", "แผน.PDF", "e\u0301.pdf", "\u00e9.pdf", "แผน")]
    assert made == ["แผน.pdf", "แผน (2).pdf", "แผน (3).PDF", "\u00e9.pdf", "\u00e9 (2).pdf", "แผน"]
