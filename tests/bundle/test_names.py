from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.bundle.archive.names import find_clash, fold, is_safe_part, is_safe_path


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "a//b",
        "a/",
        "",
        "../a",
        "a/../b",
        "./a",
        "a\\b",
        "C:a",
        "a:stream",
        "a?",
        "a*",
        'a"',
        "a|b",
        "a<b",
        "con",
        "CON.txt",
        "a/Nul/b",
        "com1",
        "COM¹.txt",
        "lpt9.tar.gz",
        "aux .txt",
        "CONIN$",
        "a.",
        "a ",
        " a",
        "a\nb",
        "a\x00b",
        "a\u200bb",
        "a\u202egpj.exe",
        "a\ue000",
        "a\u2028b",
        "a%0Ab",
        "\uff0e\uff0e/a",
        "a℀b",
        "ก" * 86,
        "/".join(["folder"] * 30),
    ],
)
def test_a_name_that_some_system_cannot_hold_is_not_safe(path: str) -> None:
    assert not is_safe_path(path)


@pytest.mark.parametrize(
    "path", ["bagit.txt", "nan/data/evidence/E0001.pdf", "จังหวัดน่าน ๒๕๖๙/น้ำ.pdf", "console.txt", "a.b.c", "-a"]
)
def test_ordinary_and_thai_names_are_safe(path: str) -> None:
    assert is_safe_path(path)


def test_two_names_clash_where_a_system_takes_them_for_one() -> None:
    assert find_clash(["a/น้ำ.pdf", "a/น\u0e49\u0e4d\u0e32.pdf"]) == ("a/น้ำ.pdf", "a/น\u0e49\u0e4d\u0e32.pdf")
    assert find_clash(["a/E1.PDF", "a/e1.pdf"]) == ("a/E1.PDF", "a/e1.pdf")
    assert find_clash(["a/straße", "a/STRASSE"]) is not None
    assert find_clash(["a", "a"]) == ("a", "a")


def test_a_file_may_not_be_a_folder_too_and_a_folder_has_one_spelling() -> None:
    assert find_clash(["a/b", "a/b/c"]) == ("a/b", "a/b/c")
    assert find_clash(["a/b/c", "a/b"]) is not None
    assert find_clash(["Data/a", "data/b"]) == ("Data", "data/b")
    assert find_clash(["a/b/c", "a/b/d", "a/e", "f"]) is None


@given(st.text(max_size=20).filter(is_safe_part))
def test_whatever_is_safe_stays_safe_in_every_unicode_form(part: str) -> None:
    for form in ("NFC", "NFD"):
        assert is_safe_part(unicodedata.normalize(form, part)), form
    assert "/" not in fold(part) and "\\" not in fold(part)
