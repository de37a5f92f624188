"""A table of words is printed across: heads and page numbers everywhere, rows whole, the same bytes each time."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from pypdf import PdfReader

from dgdesk.printing.listing import Listing, ListingTexts, print_listing
from spaces import SpaceBreaker

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


def listing(rows: list[list[ListingTexts]]) -> Listing:
    return Listing(
        title="Evidence",
        notes=("Province: Nan", "3 places"),
        foot="Evidence of Nan",
        page=lambda page, pages: f"page {page} of {pages}",
        widths=(1, 3),
        heads=("Code", "Files"),
        rows=rows,
    )


def pages(rows: list[list[ListingTexts]]) -> list[str]:
    printed = print_listing(listing(rows), NOW, SpaceBreaker())
    found = [page.extract_text() for page in PdfReader(BytesIO(printed.data)).pages]
    assert len(found) == printed.pages and not printed.missing
    return found


def test_heads_foot_and_number_are_on_every_page_and_the_title_on_the_first() -> None:
    found = pages([[ListingTexts(f"P{at}", strong=True), ListingTexts("a.pdf\nb.pdf")] for at in range(90)])
    assert len(found) > 3
    for number, text in enumerate(found, start=1):
        assert "Code" in text and "Files" in text and "Evidence of Nan" in text
        assert f"page {number} of {len(found)}" in text
        assert ("Province: Nan" in text) == (number == 1)


def test_a_row_stays_whole_where_a_page_can_hold_it() -> None:
    lines = "\n".join(f"line{at}" for at in range(11))
    for text in pages([[ListingTexts(f"P{at}"), ListingTexts(lines)] for at in range(12)]):
        assert text.count("line0") == text.count("line10") > 0


def test_a_row_higher_than_a_page_goes_on_over_the_next_and_loses_nothing() -> None:
    found = pages([[ListingTexts("P1"), ListingTexts("\n".join(f"line{at:03}" for at in range(100)))]])
    assert len(found) > 2
    assert [f"line{at:03}" in "".join(found) for at in range(100)] == [True] * 100


def test_a_listing_without_rows_still_has_its_heads() -> None:
    (only,) = pages([])
    assert "Evidence" in only and "Code" in only and "page 1 of 1" in only


def test_the_same_listing_gives_the_same_bytes() -> None:
    first, second = (
        print_listing(listing([[ListingTexts("P1"), ListingTexts("a.pdf")]]), NOW, SpaceBreaker()) for _ in range(2)
    )
    assert first.data == second.data
