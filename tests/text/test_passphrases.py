"""A passphrase opens in whatever order its visible Thai was typed, now or when the key was locked."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.text.normalise import tidy
from dgdesk.text.passphrases import FEWEST_FORMS, MOST_FORMS, affordable, canonical, encode, forms

TONE, NIKHAHIT, AA, AM = "\u0e49", "\u0e4d", "\u0e32", "\u0e33"
WATER = [
    f"น{tail}" for tail in (TONE + AM, AM + TONE, NIKHAHIT + TONE + AA, TONE + NIKHAHIT + AA, NIKHAHIT + AA + TONE)
]
NEAR = ["ที่นี้", "ท\u0e48\u0e35น\u0e49\u0e35"]
SILENT = ["สิทธิ์พันธุ์", "สิทธ\u0e4c\u0e34พันธ\u0e4c\u0e38"]
OLD = ["แม่น้ำ 2569", "เเม่น้ำ 2569"]


@pytest.mark.parametrize("orders", [WATER, NEAR, OLD], ids=["sara am", "tone before vowel", "two sara e"])
def test_one_form_locks_whatever_order_was_typed(orders: list[str]) -> None:
    assert len({canonical(f"{word} café") for word in orders}) == 1


@pytest.mark.parametrize(("then", "now"), list(itertools.product(WATER, repeat=2)))
def test_a_key_locked_as_it_was_typed_opens_by_every_other_order(then: str, now: str) -> None:
    locked = unicodedata.normalize("NFC", f"ใส่{then}ให้เต็ม{then}")
    assert locked in forms(f"ใส่{now}ให้เต็ม{now}")


@pytest.mark.parametrize("orders", [NEAR, SILENT, OLD], ids=["tone", "silencer", "two sara e"])
def test_a_mark_typed_before_its_vowel_opens_either_way(orders: list[str]) -> None:
    for then, now in itertools.permutations(orders):
        assert unicodedata.normalize("NFC", then) in forms(now)


@pytest.mark.parametrize("then", WATER)
def test_one_way_of_typing_is_one_way_in_every_word(then: str) -> None:
    """Sara am, tones above vowels and sara ae typed apart, in one passphrase."""
    plain = "น้ำที่แก้ว"
    for typed in (plain, plain.replace("แ", "เเ")):
        locked = typed.replace("น้ำ", then)
        assert locked in forms(plain) and locked in forms(f"\u200b{plain}")
        turned = locked.replace("ที่", "ท\u0e48\u0e35")
        assert turned in forms(plain)


@given(st.text(max_size=20))
def test_few_forms_are_tried_and_what_is_typed_is_among_the_first(typed: str) -> None:
    found = forms(typed)
    assert found[0] == canonical(typed) and 1 <= len(found) == len(set(found)) <= MOST_FORMS
    assert {typed, unicodedata.normalize("NFC", typed)} <= set(found[:FEWEST_FORMS])
    assert {unicodedata.normalize(form, typed) for form in ("NFD", "NFKD")} <= set(found)


@given(st.text(alphabet="abcXYZ 0123456789!?-", min_size=1, max_size=20).map(str.strip).filter(bool))
def test_a_passphrase_in_plain_letters_costs_one_try(typed: str) -> None:
    assert forms(typed) == (typed,)


@given(st.text(alphabet="กนมา ำิี่้ํเแ\u200b\ufeffe\u0301 ", max_size=12))
def test_what_looks_the_same_locks_the_same(typed: str) -> None:
    assert canonical(canonical(typed)) == canonical(typed)
    if tidy(typed):
        assert canonical(typed).strip(" ") == canonical(tidy(typed))


def test_bytes_that_are_no_text_all_count() -> None:
    one, other = (bytes([0xE1, last]).decode(errors="surrogateescape") for last in (0xE2, 0xE3))
    assert encode(canonical(one)) != encode(canonical(other))
    assert canonical("\u200b") == "\u200b", "nothing visible is not an empty passphrase"


def test_costly_keys_are_tried_fewer_times_but_never_once_only() -> None:
    assert [affordable(work, 9_000) for work in (0, 1, 1_000, 2_000, 10**9)] == [24, 24, 9, 4, 3]
