"""Prints of one process share what is known of fonts and words; no print shows in another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from printing.extracting import strip

TEXTS = (
    ["จังหวัดน่านมีแผนปฏิบัติการดิจิทัล", "ข้อ 4.2 ร้อยละ ๘๗.๕", "ำ ้ เ"],
    ["น้ำใจผู้ว่าราชการ ปี 2569", "ร้อยละ ๘๗.๕ ของหน่วยงาน", "中文 \U0001f600"],
    ["ศูนย์ปฏิบัติการ", "abc def", "ผู้ว่าราชการจังหวัดน่าน"],
)


def test_a_print_is_the_same_whatever_was_printed_before() -> None:
    first = [strip(texts) for texts in TEXTS]
    assert len(set(first)) == len(TEXTS)
    assert [strip(texts) for texts in reversed(TEXTS)] == first[::-1]
    assert strip(TEXTS[0], bold=True) not in first


def test_prints_that_are_made_at_the_same_time_are_the_same() -> None:
    alone = [strip(texts) for texts in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(strip, TEXTS * 8)) == alone * 8
