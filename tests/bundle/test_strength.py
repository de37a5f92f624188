"""The rule for passphrases: what guessing programs try first does not count, and what is left must be long enough."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.bundle.signing.keyfile import strength


@pytest.mark.parametrize(
    ("passphrase", "reason"),
    [
        ("password", "common"),
        ("รหัสผ่าน", "common"),
        ("P@ssw0rd2569", "common"),
        ("qwertyuiop", "run"),
        ("ฟหกดฟหกด", "repeat"),
        ("aaaaaaaaaaaaaaaa", "repeat"),
        ("abcdefghijklmnop", "run"),
        ("9876543210987", "digits"),
        ("25/12/2569", "digits"),
        ("๒๕๖๙", "digits"),
        ("สมชาย2569", "name"),
        ("น่าน1234", "name"),
    ],
)
def test_what_is_tried_first_is_weak_and_says_why(passphrase: str, reason: str) -> None:
    found = strength(passphrase, known=("สมชาย ใจดี", "น่าน"))
    assert found.level == "weak", found
    assert f"strength.{reason}" in found.reasons


@pytest.mark.parametrize("passphrase", ["x7#Kq9!mZp2@vLr4", "ตะกร้าหมึกสะพานร่มเกลือกระจก", "copper lantern yak zebra mud"])
def test_long_ones_of_many_parts_keep_the_rule(passphrase: str) -> None:
    found = strength(passphrase)
    assert (found.level, found.reasons) == ("good", ())


def test_a_name_or_a_date_does_no_harm_where_enough_is_left() -> None:
    assert strength("ช้างสี่ตัวกินข้าวใต้ต้นมะขามริมน้ำน่าน 2569", known=("น่าน",)).level == "good"


@pytest.mark.parametrize(
    ("passphrase", "level"), [("ตะกร้าหมึก", "weak"), ("ตะกร้าหมึกร่ม", "good"), ("tray ink rain", "weak")]
)
def test_twelve_characters_are_enough_and_spaces_do_not_count(passphrase: str, level: str) -> None:
    assert strength(passphrase).level == level


def test_short_is_said() -> None:
    assert "strength.short" in strength("x7#Kq9").reasons and strength("").reasons == ("strength.short",)


@given(st.text(max_size=40))
def test_no_name_known_ever_makes_it_stronger_and_what_is_weak_has_a_reason(passphrase: str) -> None:
    plain, known = strength(passphrase), strength(passphrase, known=("สมชาย", passphrase[3:9]))
    assert plain.level == "good" or known.level == "weak"
    assert all((found.level == "weak") == bool(found.reasons) for found in (plain, known))


@given(st.text(alphabet="กขคนำ้ำุิ่abcé1 ", max_size=20))
def test_the_unicode_form_does_not_matter(passphrase: str) -> None:
    forms = [unicodedata.normalize(form, passphrase) for form in ("NFC", "NFD")]
    assert strength(forms[0]) == strength(forms[1])


@pytest.mark.parametrize("passphrase", ["ตา", "a b!", "x#9?z", "น้ำ"])
def test_saying_it_many_times_adds_nothing(passphrase: str) -> None:
    found = strength(passphrase * 30)
    assert found.level == "weak" and "strength.repeat" in found.reasons
