"""The days of an edition in words: before it opens, while it is open, on its last day, and after it."""

from __future__ import annotations

from datetime import date

import pytest

from dgdesk.text.deadlines import period_words
from dgdesk.text.messages import load_catalogue

OPENS, CLOSES = "2026-11-01", "2027-01-31"
THAI = {
    date(2026, 10, 30): "เปิดรับในอีก 2 วัน (ตั้งแต่ 1 พ.ย. 2569) · เหลืออีก 93 วัน (ส่งได้ถึง 31 ม.ค. 2570)",
    date(2026, 11, 1): "เปิดรับตั้งแต่ 1 พ.ย. 2569 · เหลืออีก 91 วัน (ส่งได้ถึง 31 ม.ค. 2570)",
    date(2027, 1, 30): "เปิดรับตั้งแต่ 1 พ.ย. 2569 · เหลืออีก 1 วัน (ส่งได้ถึง 31 ม.ค. 2570)",
    date(2027, 1, 31): "เปิดรับตั้งแต่ 1 พ.ย. 2569 · วันนี้เป็นวันสุดท้ายที่ส่งได้ (31 ม.ค. 2570)",
    date(2027, 2, 1): "เปิดรับตั้งแต่ 1 พ.ย. 2569 · เลยกำหนดส่งแล้ว 1 วัน (ส่งได้ถึง 31 ม.ค. 2570)",
}


@pytest.mark.parametrize("today", THAI)
def test_the_days_are_counted_to_the_last_one(today):
    assert period_words(load_catalogue("th").text, OPENS, CLOSES, today, "th") == THAI[today]


def test_one_day_is_one_day_in_english():
    say = load_catalogue("en").text
    assert "1 day left (until 31 Jan 2027)" in period_words(say, OPENS, CLOSES, date(2027, 1, 30), "en")
    assert "opens in 1 day (on 1 Nov 2026)" in period_words(say, OPENS, "", date(2026, 10, 31), "en")


@pytest.mark.parametrize(("opens", "closes"), [("", ""), ("soon", "2027-13-01"), ("๒๕๖๙", "0000-00-00")])
def test_no_sound_day_says_nothing(opens, closes):
    assert period_words(load_catalogue("th").text, opens, closes, date(2027, 1, 1), "th") == ""
