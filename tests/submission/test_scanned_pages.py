"""Which pages a scan has: told from the codes in their corners, whatever else was laid on the scanner."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bundle.test_qr import page, saved
from dgdesk.evidence.documents import own_documents
from dgdesk.printing.page_code import page_text
from dgdesk.submission.scanned_pages import NO_PAGES, scanned_pages

DIGEST = "0123456789abcdef" * 4
NAME = DIGEST[:16].upper()


def told(*texts: str) -> tuple[str, ...]:
    return tuple(code for code, _ in scanned_pages(texts, DIGEST).sentences())


def test_a_whole_scan_is_said_to_be_whole() -> None:
    found = scanned_pages([page_text(NAME, number, 9) for number in range(1, 10)], DIGEST)
    assert found.sound and found.sentences() == (("scan.pages_all", {"pages": 9}),)


def test_a_scan_without_codes_is_not_doubted() -> None:
    others = ("TSB1:x", "https://a.th", "TSP1:A:3:2")
    assert scanned_pages((), DIGEST) == scanned_pages(others, DIGEST) == NO_PAGES
    assert NO_PAGES.sound and NO_PAGES.sentences() == ()


def test_the_worker_reads_the_codes_of_more_pages_than_it_searches_at_a_time(tmp_path: Path) -> None:
    first, *others = (page(page_text(NAME, number, 13)) for number in (1, 2, 3, 5, 4, *range(6, 13), 12))
    path = tmp_path / "signed.tif"
    path.write_bytes(saved(first, "TIFF", save_all=True, append_images=others))
    found = scanned_pages(own_documents().codes(path, "image/tiff"), DIGEST)
    assert (found.pages, found.missing, found.doubled, found.in_order) == (13, (13,), (12,), False)


def test_missing_doubled_and_turned_over_pages_are_named() -> None:
    found = scanned_pages([page_text(NAME, number, 9) for number in (1, 3, 2, 2, 9)], DIGEST)
    assert (found.found, found.missing, found.doubled) == ((1, 2, 3, 9), (4, 5, 6, 7, 8), (2,))
    assert not found.in_order and not found.sound
    codes = dict(found.sentences())
    assert codes["scan.pages_missing"] == {"found": 4, "pages": 9, "missing": "4–8"}
    assert codes["scan.pages_doubled"] == {"doubled": "2"} and "scan.pages_order" in codes


def test_pages_of_a_draft_and_of_other_answers_are_of_another_print() -> None:
    own = [page_text(NAME, number, 2) for number in (1, 2)]
    draft, older = page_text(f"DRAFT.TH-50.{NAME[:8]}", 1, 51), page_text("F" * 16, 1, 2)
    assert scanned_pages([*own, draft, older], DIGEST).other == 2
    assert told(*own, draft) == ("scan.pages_all", "scan.pages_other")
    assert told(older) == ("scan.pages_other",)
    assert told(*own, page_text(NAME, 1, 3)) == ("scan.pages_all", "scan.pages_other"), "printed again, in large print"


@given(st.lists(st.integers(1, 60), max_size=80), st.integers(60, 70))
def test_every_page_is_found_or_missing(numbers: list[int], pages: int) -> None:
    found = scanned_pages([page_text(NAME, number, pages) for number in numbers], DIGEST)
    if numbers:
        assert sorted((*found.found, *found.missing)) == list(range(1, pages + 1))
        assert set(found.doubled) == {number for number in numbers if numbers.count(number) > 1} and found.other == 0
