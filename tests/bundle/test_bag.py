from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk import __version__
from dgdesk.bundle.archive import bag

ONE = "a" * 64


def test_bag_info_names_who_sends_what_and_how_much() -> None:
    info = bag.BagInfo("จังหวัดน่าน", "th-province-2568/น่าน", date(2026, 11, 20), draft=True)
    assert info.text(1234, 5).decode() == (
        "Source-Organization: จังหวัดน่าน\n"
        "External-Identifier: th-province-2568/น่าน\n"
        "Bagging-Date: 2026-11-20\n"
        "Payload-Oxum: 1234.5\n"
        f"Bag-Software-Agent: dgdesk {__version__}\n"
        f"BagIt-Profile-Identifier: {bag.PROFILE_1}\n"
        "Dgdesk-Status: DRAFT\n"
    )


def test_only_a_draft_says_that_it_is_one() -> None:
    some = bag.BagInfo("น่าน", "x", date(2026, 11, 20), unsent_files=5, unsent_answers=12).text(1, 1)
    fields = bag.read_info(some)
    assert (bag.count_of(fields, bag.UNSENT_FILES), bag.count_of(fields, bag.UNSENT_ANSWERS)) == (5, 12)
    assert b"Unsent" not in bag.BagInfo("น่าน", "x", date(2026, 11, 20)).text(1, 1)
    assert b"Dgdesk-Status" not in bag.BagInfo("น่าน", "x", date(2026, 11, 20)).text(1, 1)


@pytest.mark.parametrize("value", ["a\nPayload-Oxum: 0.0", "a\rb", "a\u2028b", "a\x85b"])
def test_a_value_cannot_smuggle_in_a_line(value: str) -> None:
    with pytest.raises(ValueError, match="not a bag-info line"):
        bag.BagInfo(value, "x", date(2026, 11, 20)).text(1, 1)


@pytest.mark.parametrize(
    "content",
    [
        b"Source-Organization: a",
        b"\xef\xbb\xbfSource-Organization: a\n",
        b"Source-Organization: a\r\n",
        b"Source-Organization: a\n  folded\n",
        b"no colon\n",
        b"Label:no blank\n",
        b"Label: \n",
        b"\n",
        b"A: \xff\n",
    ],
)
def test_bag_info_written_in_another_root_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"bag-info|byte order|decode"):
        bag.read_info(content)


_LABELS = st.from_regex(r"[A-Za-z][A-Za-z-]{0,20}", fullmatch=True)
_VALUES = st.text(st.characters(categories=["L", "N", "P", "M"]), min_size=1, max_size=40)


@pytest.mark.parametrize("values", [("0",), ("-1",), ("05",), ("x",), ("๕",), ("12345678",), ("1", "2"), ("1 ",)])
def test_what_is_no_count_of_unsent_files_is_refused(values: tuple[str, ...]) -> None:
    assert bag.count_of((("Other", "1"),), bag.UNSENT_FILES) == 0
    with pytest.raises(ValueError):
        bag.count_of([(bag.UNSENT_FILES.upper(), value) for value in values], bag.UNSENT_FILES)


@given(st.lists(st.tuples(_LABELS, _VALUES), max_size=8))
def test_bag_info_is_read_as_it_was_written(fields: list[tuple[str, str]]) -> None:
    assert bag.read_info(bag.make_info(fields)) == tuple(fields)


def test_a_manifest_is_sorted_and_reads_like_sha256sum() -> None:
    made = bag.make_manifest({"data/b": ONE, "data/a%\r\n": "b" * 64})
    assert made.decode() == f"{'b' * 64}  data/a%25%0D%0A\n{ONE}  data/b\n"


@pytest.mark.parametrize(
    "content",
    [
        f"{ONE}  b\n{ONE}  a\n",
        f"{ONE}  a\n{ONE}  a\n",
        f"{ONE} a\n",
        f"{ONE} *a\n",
        f"{ONE.upper()}  a\n",
        f"{ONE}  a\r\n",
        f"{ONE}  a",
        f"{ONE}  a\n\n",
        f"{ONE}  a%0a\n",
        f"{ONE}  50%\n",
        f"{ONE[1:]}  a\n",
        f"{ONE}   a\n",
    ],
)
def test_a_manifest_written_in_another_root_is_refused(content: str) -> None:
    with pytest.raises(ValueError, match=r"manifest|lines|byte order"):
        bag.read_manifest(content.encode())


_PATHS = st.text(st.characters(exclude_categories=["Cs", "Z"]), min_size=1, max_size=30)


@given(st.dictionaries(_PATHS, st.just(ONE), max_size=8))
def test_a_manifest_is_read_as_it_was_written(digests: dict[str, str]) -> None:
    assert bag.read_manifest(bag.make_manifest(digests)) == digests
