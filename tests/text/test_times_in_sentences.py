"""No sentence for people has an ISO time, a day in another zone, or the word UTC: the catalogue words them all."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from string import Formatter

import pytest

from dgdesk.resources import resource
from dgdesk.text.dates import TIMES, worded
from dgdesk.text.messages import load_catalogue

CODES = sorted(load_catalogue(folder=resource("i18n")).messages)
MACHINE = re.compile(r"\d{4}-\d{2}|UTC|\+00:00|T\d{2}:|\dZ")
GIVEN = [
    "2026-12-01T19:40:30Z",
    "2026-12-01T19:40:30.123456+00:00",
    "2026-12-01 19:40 UTC",
    "2026-12-01",
    "2026-12",
    date(2026, 12, 1),
    datetime(2026, 12, 1, 19, 40, tzinfo=UTC),
]


def names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("given", GIVEN, ids=str)
def test_every_sentence_with_a_time_has_it_in_words(language, given):
    catalogue = load_catalogue(language)
    said = 0
    for code in CODES:
        asked = names(catalogue.messages[code][language])
        if not asked & TIMES:
            continue
        sentence = catalogue.text(code, **{name: given if name in TIMES else "x" for name in asked})
        assert not MACHINE.search(sentence), (code, sentence)
        said += 1
    assert said > 20


@pytest.mark.parametrize(
    ("language", "words"), [("th", "2 ธ.ค. 2569 02:40 น."), ("en", "2 Dec 2026 02:40")], ids=["th", "en"]
)
def test_times_are_those_of_thailand(language, words):
    assert [worded("at", given, language) for given in (*GIVEN[:3], GIVEN[-1])] == [words] * 4


@pytest.mark.parametrize("name", ["name", "path", "typed", "value", "respondent"])
def test_what_a_person_wrote_stays_as_it_is(name):
    assert worded(name, "2025-08-01", "th") == "2025-08-01"


@pytest.mark.parametrize("text", ["-", "", "x", "2025-13-45", "2025-99", "9999-99-99T99:99:99Z", "29"])
def test_what_is_no_time_stays_as_it_is(text):
    assert worded("day", text, "th") == text
