"""The hint on passphrases: what guessing programs try first is called weak, and nothing is praised for its looks."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.bundle.strength import load_words, strength

WORDS = load_words()


@pytest.mark.parametrize(
    ("passphrase", "reason"),
    [
        ("password", "common"),
        ("รหัสผ่าน", "common"),
        ("P@ssw0rd2569", "common"),
        ("qwertyuiop", "common"),
        ("ฟหกดฟหกด", "repeat"),
        ("aaaaaaaaaaaaaaaa", "repeat"),
        ("abcdefghijklmnop", "run"),
        ("9876543210987", "run"),
        ("25/12/2569", "date"),
        ("๒๕๖๙", "date"),
        ("สมชาย2569", "name"),
        ("น่าน1234", "name"),
    ],
)
def test_what_is_tried_first_is_weak_and_says_why(passphrase: str, reason: str) -> None:
    found = strength(passphrase, known=("สมชาย ใจดี", "น่าน"), words=WORDS)
    assert found.level == "weak", found
    assert f"strength.{reason}" in found.reasons


@pytest.mark.parametrize("passphrase", ["x7#Kq9!mZp2@vLr4", "ตะกร้าหมึกสะพานร่มเกลือกระจก", "copper lantern yak zebra mud"])
def test_long_ones_of_many_parts_are_not_weak(passphrase: str) -> None:
    assert strength(passphrase, words=WORDS).level in ("good", "strong")


def test_words_of_a_dictionary_count_as_words() -> None:
    assert strength("มะพร้าวกระเทียม", words=WORDS).bits < strength("มะพร้าวกระเทียม").bits


def test_short_is_said() -> None:
    assert "strength.short" in strength("x7#Kq9").reasons and strength("").level == "weak"


@given(st.text(max_size=40))
def test_no_part_known_ever_makes_it_stronger(passphrase: str) -> None:
    plain = strength(passphrase)
    assert 0 <= strength(passphrase, known=("สมชาย",), words=WORDS).bits <= plain.bits <= 4 * len(passphrase) + 4


@given(st.text(alphabet="กขคนำ้ำุิ่abcé1 ", max_size=20))
def test_the_unicode_form_does_not_matter(passphrase: str) -> None:
    forms = [unicodedata.normalize(form, passphrase) for form in ("NFC", "NFD")]
    assert strength(forms[0]) == strength(forms[1])


@given(st.text(alphabet="abcก1", min_size=2, max_size=12))
def test_saying_it_twice_adds_next_to_nothing(passphrase: str) -> None:
    assert strength(passphrase * 2).bits <= strength(passphrase).bits + 1.2
