"""ICU's data is made small: Thai and English order stays, and the package that comes out is one that ICU can search."""

from __future__ import annotations

import ctypes
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import icu
from tools import needs

HEAD = struct.pack(
    "<H2sHHBBBB4s4s4s", 48, b"\xda\x27", 20, 0, 0, 0, 2, 0, b"CmnD", b"\x01\0\0\0", b"\x03\0\0\0"
) + bytes(24)
ITEMS = st.dictionaries(st.from_regex(r"icudt73l/[a-z_/]{1,12}\.(res|icu)", fullmatch=True), st.binary(max_size=50))


@given(ITEMS)
def test_a_package_is_read_as_it_was_written(items: dict[str, bytes]) -> None:
    package = icu.packed(HEAD, items)
    assert {name: data.rstrip(b"\0") for name, data in icu.items_of(package).items()} == {
        name: data.rstrip(b"\0") for name, data in items.items()
    }


@given(ITEMS)
def test_names_are_in_the_order_that_icu_searches_in_and_items_begin_where_it_may_read(
    items: dict[str, bytes],
) -> None:
    package = icu.packed(HEAD, items)
    assert list(icu.items_of(package)) == sorted(items)
    rows = [struct.unpack_from("<II", package, 48 + 4 + 8 * each) for each in range(len(items))]
    assert all((48 + at) % 16 == 0 for _, at in rows)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        *(
            (name, True)
            for name in ("coll/th.res", "coll/root.res", "coll/ucadata.icu", "coll/res_index.res", "th.res")
        ),
        *((name, True) for name in ("nfkc.nrm", "uemoji.icu", "pool.res", "zoneinfo64.res", "supplementalData.res")),
        *((name, False) for name in ("coll/zh.res", "zh_Hant_TW.res", "curr/th.res", "unit/en.res", "gb18030.cnv")),
        *((name, False) for name in ("brkitr/thaidict.dict", "translit/root.res", "zone/th.res", "af.res", "ast.res")),
    ],
)
def test_thai_english_and_what_has_no_language_stay(name: str, kept: bool) -> None:
    assert icu.is_wanted(name) is kept


def test_what_is_no_package_or_is_cut_off_is_refused() -> None:
    package = icu.packed(HEAD, {"icudt73l/root.res": b"data"})
    for content in (b"", b"text", package[:51], package[:55], b"x" + package):
        with pytest.raises(ValueError):
            icu.items_of(content)
    with pytest.raises(ValueError, match="no ICU data"):
        icu.smaller(b"\x7fELF" + bytes(1000))


@needs("as", "ld")
def test_the_library_that_is_made_has_the_small_package_under_icus_name(tmp_path: Path) -> None:
    package = icu.packed(HEAD, {"icudt73l/root.res": b"root", "icudt73l/zh.res": b"x" * 5000, "icudt73l/th.res": b"th"})
    source = tmp_path / "libicudata.so.73"
    source.write_bytes(b"\x7fELF" + bytes(4092) + package)
    made = icu.small_library(source, tmp_path / "งาน")
    address = ctypes.addressof(ctypes.c_char.in_dll(ctypes.CDLL(str(made)), "icudt73_dat"))
    small = icu.smaller(source.read_bytes())
    assert address % 16 == 0 and ctypes.string_at(address, len(small)) == small
    assert list(icu.items_of(small)) == ["icudt73l/root.res", "icudt73l/th.res"] and b"xxxx" not in made.read_bytes()
