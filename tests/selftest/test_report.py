"""The report: the same outcomes as JSON for programs and as plain sentences for the help desk."""

from __future__ import annotations

import json

from dgdesk.messages import load_catalogue
from dgdesk.selftest.report import document, ending, line
from dgdesk.selftest.steps import Outcome

GOOD = Outcome("demo", 1.23456, {"answers": 330})
BAD = Outcome("font", 0.1, failure="Arial is used", where=("portraits.py:80 font",))


def test_one_failure_makes_the_whole_fail() -> None:
    assert document({}, [GOOD])["ok"] is True
    report = json.loads(json.dumps(document({"program": {"dgdesk": "1"}}, [GOOD, BAD])))
    assert report["ok"] is False and report["format"] == 1 and report["program"] == {"dgdesk": "1"}
    assert report["steps"][0] == {"name": "demo", "ok": True, "seconds": 1.235, "found": {"answers": 330}}
    assert report["steps"][1]["failure"] == "Arial is used" and report["steps"][1]["where"] == ["portraits.py:80 font"]


def test_the_text_says_it_in_both_languages() -> None:
    thai, english = load_catalogue("th"), load_catalogue("en")
    assert line(english, GOOD) == "passed: fill the demo survey, attach, print, sign and export (1.2 s)"
    assert line(thai, BAD).startswith("ไม่ผ่าน: ใช้แบบอักษร") and "Arial is used" in line(thai, BAD)
    assert "All 1 steps passed" in ending(english, [GOOD], "D")
    assert "1 of 2 steps failed" in ending(english, [GOOD, BAD], "D")
